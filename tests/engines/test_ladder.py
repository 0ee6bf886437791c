"""Too little memory, black and no numbers, brought about in a small network of LaMa's true architecture: each
step is told, the result is a picture, and never a crash."""

import threading
import time
import weakref

import installing
import numpy as np
import pytest

from editor.document import masks
from editor.jobs import remove
from engines import ladder, registry
from engines.base import (
    Box,
    BrokenOutput,
    Cancelled,
    EngineError,
    OutOfMemory,
    Progress,
    Region,
    RemoveRequest,
    WeightsWrong,
)
from engines.ladder import Rung, Step
from engines.manager import EngineManager

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

from engines.removal.filling import fill_region  # noqa: E402
from engines.removal.lama import Lama, batch_of  # noqa: E402
from engines.removal.running import fill_regions  # noqa: E402
from engines.removal.torchscript import running  # noqa: E402

CROPPED = [
    "There was not enough memory: the model saw 384 pixels across, so the fill is softer.",
    "There was not enough memory: the model saw 256 pixels across, so the fill is softer.",
]
ON_PROCESSOR = (
    "There was not enough memory on the graphics card: it was done on the processor, which is slower."
)


@pytest.fixture(scope="module")
def network():
    """On one thread: several get into each other's way where the machine is busy."""
    import random_weights

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield random_weights.lama(width=4, blocks=1)
    torch.set_num_threads(threads)


def request_of(seed=0):
    rng = np.random.default_rng(seed)
    image = rng.random((16, 16, 3), dtype=np.float32).repeat(16, axis=0).repeat(16, axis=1) * 0.5 + 0.2
    hole = np.zeros((256, 256), bool)
    hole[110:140, 110:140] = True
    return RemoveRequest("e", (Region(Box(0, 0, 256, 256), image, hole, hole.astype(np.float32)),))


class Engine:
    """LaMa on a card of its own kind: a budget of pixels for each of its ways stands for its memory."""

    def __init__(self, network, device="cuda", room=10**9, error=None, spoil=None, ways=()):
        self.network, self.device, self.room, self.spoil, self.ways = network, device, room, spoil, ways
        self.error = error or torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        self.side, self.taken, self.tries = 512, [], []

    def rungs(self):
        rungs = [ladder.smaller((512, 384, 256), lambda side: setattr(self, "side", side))]
        rungs += [Rung(name, lambda name=name: self._take(name)) for name in self.ways if name != "crop"]
        return tuple(reversed(rungs if "crop" in self.ways else rungs[1:]))  # the ladder has its own order

    def _take(self, name):
        if name in self.taken:
            return None
        self.taken.append(name)
        return Step(f"{name} taken", lambda: self.taken.remove(name))

    def run(self, request, progress):
        self.tries.append((self.side, tuple(self.taken)))

        def fill(region, step):
            return fill_region(region, self._fill, step, size=self.side)

        return fill_regions(request, fill, progress)

    def _fill(self, image, known):
        if known.size >> (0 if "float32" in self.taken else len(self.taken)) > self.room:
            raise type(self.error)(*self.error.args)  # one that is kept would keep what it was raised from
        with running():
            batch = torch.from_numpy(np.concatenate(batch_of(image, known), axis=1))
            out = self.network(batch)[0].permute(1, 2, 0).numpy()
        return out if self.spoil is None or "float32" in self.taken else self.spoil(out)


def climbed(*engines):
    """The answer and the lines."""
    left, lines = list(engines), []

    def load(on_processor):
        assert on_processor is (len(left) < len(engines))
        return left.pop(0)

    return ladder.run(load, request_of(), Progress(), lines.append), lines


def is_a_picture(patches):
    (patch,) = patches
    assert np.isfinite(patch.rgb).all() and patch.rgb.max() > 0.05
    assert patch.alpha.shape == (30, 30)
    return patch.rgb


ERRORS = {
    "numpy": MemoryError("Unable to allocate 3.00 GiB for an array"),
    "python": MemoryError(),
    "torch": torch.OutOfMemoryError(
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has 3 MiB free.\nMore."
    ),
    "onnxruntime": RuntimeError("[E] Failed to allocate memory for requested buffer of size 1073741824"),
    "ours": OutOfMemory("There is not enough memory for this."),
}


@pytest.mark.parametrize("kind", ERRORS)
def test_less_is_seen_until_it_fits(network, kind):
    engine = Engine(network, room=256 * 256, error=ERRORS[kind], ways=("crop",))
    patches, lines = climbed(engine)
    is_a_picture(patches)
    assert lines == CROPPED
    assert engine.tries == [(512, ()), (384, ()), (256, ())] and engine.side == 512  # as it was for the next


def test_the_order_of_the_steps_and_only_as_many_as_are_needed(network):
    engine = Engine(network, room=256 * 256 >> 3, ways=("half", "crop", "offload", "tiles"))
    patches, lines = climbed(engine)
    is_a_picture(patches)
    assert lines == [*CROPPED, "tiles taken", "offload taken", "half taken"]
    assert engine.taken == []


@pytest.mark.parametrize("ways", [(), ("crop", "tiles")])
def test_the_processor_comes_last(network, ways):
    card, processor = Engine(network, room=0, ways=ways), Engine(network, "cpu")
    gone = weakref.ref(card)
    left = [card, processor]
    del card
    lines = []

    def load(on_processor):
        assert not on_processor or gone() is None, "the card's engine is still there"
        return left.pop(0)

    patches = ladder.run(load, request_of(), Progress(), lines.append)
    assert lines == ([] if not ways else [*CROPPED, "tiles taken"]) + [ON_PROCESSOR]
    same = Engine(network, "cpu").run(request_of(), Progress())
    assert is_a_picture(patches).tobytes() == is_a_picture(same).tobytes()


def test_where_nothing_helps_it_is_told(network):
    lines = []
    engines = [Engine(network, room=0, ways=("crop",)), Engine(network, "cpu", room=0, ways=("crop",))]
    with pytest.raises(OutOfMemory) as caught:
        ladder.run(lambda on_processor: engines.pop(0), request_of(), Progress(), lines.append)
    assert "\n" not in str(caught.value) and "Close other programs" in str(caught.value)
    assert lines == [*CROPPED, ON_PROCESSOR, *CROPPED] and not engines


SPOILT = {
    "black": lambda out: out * 0,
    "no numbers": lambda out: out * np.float32("nan"),
    "one that is none": lambda out: np.where(np.arange(out.shape[0])[:, None, None] == 260, np.inf, out),
}


@pytest.mark.parametrize("how", SPOILT)
def test_half_precision_that_gives_no_picture_is_done_again_in_float32(network, how):
    engine = Engine(network, "cuda", spoil=SPOILT[how], ways=("float32",))
    patches, lines = climbed(engine)
    same = Engine(network).run(request_of(), Progress())
    assert is_a_picture(patches).tobytes() == is_a_picture(same).tobytes()
    assert lines == ["float32 taken"] and engine.taken == []


@pytest.mark.parametrize("how", SPOILT)
def test_a_card_that_gives_no_picture_is_left(network, how):
    patches, lines = climbed(Engine(network, spoil=SPOILT[how]), Engine(network, "cpu"))
    is_a_picture(patches)
    assert lines == [
        "The model gave no picture on the graphics card: it was done again on the processor, which is slower."
    ]


def test_float32_that_does_not_fit_goes_on_to_the_processor(network):
    card = Engine(network, room=512 * 512 >> 1, spoil=SPOILT["black"], ways=("half", "float32"))
    patches, lines = climbed(card, Engine(network, "cpu"))
    is_a_picture(patches)
    assert lines == ["half taken", "float32 taken", ON_PROCESSOR]


def test_on_the_processor_no_numbers_are_an_error_and_black_is_what_the_network_means(network):
    with pytest.raises(BrokenOutput, match="no numbers") as caught:
        climbed(Engine(network, "cpu", spoil=SPOILT["no numbers"]))
    assert "\n" not in str(caught.value)
    patches, lines = climbed(Engine(network, "cpu", spoil=SPOILT["black"]))
    assert lines == [] and patches[0].rgb.max() < 0.5


def test_a_black_fill_in_a_black_picture_is_no_mistake():
    known = np.ones((64, 64), bool)
    known[20:40, 20:40] = False
    token = ladder._black_is_broken.set(True)
    try:
        black, bright = np.zeros((64, 64, 3), np.float32), np.full((64, 64, 3), 0.5, np.float32)
        assert ladder.checked(black, black, known) is black
        assert ladder.checked(bright, bright, known) is bright
        assert ladder.checked(black, bright, np.ones((64, 64), bool)) is black  # no hole
        for least in (known, known & False):  # where nothing is known, nothing can mean black
            with pytest.raises(BrokenOutput):
                ladder.checked(black, bright, least)
    finally:
        ladder._black_is_broken.reset(token)


def test_what_a_failure_was_raised_from_is_let_go_before_the_next_try():
    class Chained:
        device, seen = "cpu", None

        def rungs(self):
            return (ladder.smaller((2, 1), lambda side: None),)

        def run(self, request, progress):
            if self.seen is not None:
                return self.seen()
            try:
                large = np.zeros(9)
                self.seen = weakref.ref(large)
                raise MemoryError
            except MemoryError as error:
                raise OutOfMemory("There is not enough memory.") from error

    assert ladder.run(lambda on_processor: Chained(), None, Progress(), lambda line: None) is None


@pytest.mark.parametrize(
    "error", [Cancelled(), EngineError("Do this."), WeightsWrong("damaged"), ValueError("bug")]
)
def test_every_other_error_is_passed_on_at_once(network, error):
    engine = Engine(network, room=0, error=error, ways=("crop", "tiles"))
    with pytest.raises(type(error)) as caught:
        climbed(engine)
    assert len(engine.tries) == 1 and str(caught.value) == str(error)


def test_called_off_between_two_tries(network):
    progress = Progress()
    engine = Engine(network, room=0, ways=("crop",))
    with pytest.raises(Cancelled):
        ladder.run(lambda on_processor: engine, request_of(), progress, lambda line: progress.cancel())
    assert len(engine.tries) == 1 and engine.side == 512


# -- the engines themselves, and the manager -----------------------------------------------------------------


@pytest.fixture
def lama(network, tmp_path, monkeypatch):
    import random_weights

    installing.install(monkeypatch, tmp_path, {"lama-safetensors": random_weights.lama_tensors(network)})
    return lambda device="cpu": Lama(device, "lama-safetensors")


def failing(engine, tries, sides):
    """An engine whose network has no memory for a number of tries."""
    network, left = engine._network, [tries]

    def run(picture, hole, progress):
        sides.append(picture.shape[-1])
        if left[0]:
            left[0] -= 1
            with running():
                raise torch.OutOfMemoryError("CUDA out of memory.")
        return network(picture, hole, progress)

    engine._network = run
    return engine


def test_lama_sees_less(lama):
    sides, lines = [], []
    engine = failing(lama(), 2, sides)
    result = ladder.run(lambda on_processor: engine, request_of(), Progress(), lines.append)
    assert sides == [512, 384, 256] and lines == CROPPED
    is_a_picture(result.patches)
    assert result.patches[0].alpha.sum() == 30 * 30  # all of it was filled
    sides.clear()
    ladder.run(lambda on_processor: engine, request_of(), Progress(), lines.append)
    assert sides == [512]


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("how", ["memory", *SPOILT])
def test_beyond_the_mask_every_byte_is_as_it_was(lama, make_document, box_mask, how, bits):
    """However the fill had to be made."""
    document = make_document(200, 150, bits=bits, alpha=True)
    masks.replace(document.selection, box_mask(200, 150, (80, 60, 30, 20))).swap()
    before = document.composite(document.rect).copy()
    card, lines = lama(), []
    card.device = "cuda"
    if how == "memory":
        failing(card, 3, [])
    else:
        network = card._network
        card._network = lambda *inputs: SPOILT[how](network(*inputs)[0].transpose(1, 2, 0)).transpose(
            2, 0, 1
        )[None]
    engines = [card, lama()]
    request = remove.request(document, engine="lama")
    result = ladder.run(lambda on_processor: engines.pop(0), request, Progress(), lines.append)
    remove.apply(document, request, result)
    after = document.composite(document.rect)
    assert lines and "processor" in lines[-1]
    inside = np.zeros((150, 200), bool)
    inside[60:80, 80:110] = True
    assert (after[~inside] == before[~inside]).all() and (after[inside] != before[inside]).any()


def test_the_manager_tells_each_step_and_the_window_stays_free(qtbot, lama):
    made = []

    def load(engine_id, device="auto"):
        engine = failing(lama(), 9 if device == "auto" else 0, [])
        engine.device = "cuda" if device == "auto" else "cpu"
        made.append(device)
        return engine

    manager = EngineManager(load=load)
    try:
        job, lines, results, beats = manager.submit("lama", request_of()), [], [], []
        job.noted.connect(lambda line: lines.append((line, threading.current_thread())))
        job.finished.connect(results.append)
        job.failed.connect(results.append)
        while not results:  # what this thread itself does, however busy the machine is with others
            begun = time.thread_time()
            qtbot.wait(1)
            beats.append(time.thread_time() - begun)
        assert [line for line, _ in lines] == [*CROPPED, ON_PROCESSOR]
        assert {thread for _, thread in lines} == {threading.main_thread()}
        is_a_picture(results[0].patches)
        assert made == ["auto", "cpu"] and not manager._worker._engines
        assert max(beats) < 0.05
    finally:
        manager.shut_down()


def test_every_engine_of_the_registry_says_where_it_computes():
    for entry in registry.ENGINES:
        if registry.lacks(entry):
            continue
        engine = registry.load(entry.id, "cpu")
        assert ladder.is_on_processor(engine)
        assert not entry.on_card or hasattr(engine, "device")

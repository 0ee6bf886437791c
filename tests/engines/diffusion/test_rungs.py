"""Too little memory, black and no numbers, injected into a tiny model and answered by the general ladder."""

import copy
import gc
import sys
import weakref
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

pytest.importorskip("diffusers")

import torch

from editor.document import masks
from editor.jobs import fill
from engines import ladder
from engines.base import Box, BrokenOutput, OutOfMemory, Progress, Region
from engines.diffusion import checkpoints, flux2, loading, needs, thrift
from engines.diffusion import engine as engine_of
from engines.diffusion.engine import DiffusionFill
from engines.diffusion.requests import FillRequest, Sampling
from engines.diffusion.sampling import paint
from engines.machine import Machine

pytestmark = pytest.mark.usefixtures("one_thread", "no_network", "quick_words")

QUICK = Sampling(prompt="a boat", steps=1, scheduler="ddim")
SEEN = "There was not enough memory: the model saw {} pixels across, so the fill is softer."
TILES = "There was not enough memory: the fill was made piece by piece, which is slower."
FLOAT32 = "The model gave no picture in half precision: it was done again in float32, which is slower."
ON_PROCESSOR = (
    "There was not enough memory on the graphics card: it was done on the processor, which is slower."
)
HALF = "There was not enough memory: the model computes with half the digits, which may look otherwise."
WAITING = (
    "There was not enough memory on the graphics card: the model waits in the main memory and is brought "
    "there layer by layer, which is slower."
)
APART = (
    "There was not enough memory on the graphics card: the words were read on the processor, which is slower."
)
NO_PICTURE = (
    "The model gave no picture on the graphics card: it was done again on the processor, which is slower."
)


@pytest.fixture
def small(monkeypatch):
    """Squares and tiles of a size that takes no time."""
    monkeypatch.setattr(engine_of, "_SIDES", (96, 64))
    monkeypatch.setattr(thrift, "TILE", 32)


def request_of(saved, side=96, name="sd", **more):
    image = np.random.default_rng(0).random((96, 96, 3), np.float32) * 0.5 + 0.3
    hole = np.zeros((96, 96), bool)
    hole[40:56, 30:54] = True
    region = Region(Box(0, 0, 96, 96), image, hole, hole.astype(np.float32))
    return FillRequest("diffusion", str(saved[name]), "fill", (region,), QUICK, side=side, **more)


def card(request=None, device="mps"):
    """An engine that goes for one on a card; with a request its model is loaded."""
    engine = DiffusionFill("cpu")
    if request is not None:
        engine.run(request, Progress())
    engine.device = device
    return engine


def climbed(request, *engines):
    """What the fill came to, and the lines."""
    left, lines = list(engines), []
    return ladder.run(lambda on_processor: left.pop(0), request, Progress(), lines.append), lines


def state(engine):
    """All that a ladder may have changed, the weights included."""
    model, vae = engine._model, engine._model.vae
    parts = (model.network, vae, *model.text_encoders)
    weights = [(each.dtype, each.sum().item()) for part in parts for each in part.parameters()]
    tiles = vae.use_tiling, vae.use_slicing, vae.tile_sample_min_size, vae.tile_latent_min_size
    return weights, tiles, list(model.network.attn_processors.values()), model.dtype, engine._most


def pixels(result):
    (patch,) = result.patches
    assert np.isfinite(patch.rgb).all() and patch.rgb.max() > 0.05
    return patch.rgb


def halved(engine):
    """The model in half precision, but for its autoencoder, as SDXL is loaded."""
    model = engine._model
    for network in (model.network, *model.text_encoders):
        network.to(torch.bfloat16)
    model.dtype = torch.bfloat16


def raising(error, when=lambda inputs: True):
    """A hook by which a network has no memory."""

    def hook(module, inputs):
        if when(inputs):
            raise type(error)(*error.args)

    return hook


SPOILT = {"black": lambda out: out * 0 - 1, "no numbers": lambda out: out * torch.nan}


def spoiling(how, when=lambda: True):
    return lambda module, inputs, out: SPOILT[how](out) if when() else out


ERRORS = {
    "torch": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.\nMore."),
    "python": MemoryError(),
    "ours": OutOfMemory("There is not enough memory."),
}


def test_the_squares_that_are_tried(saved, monkeypatch):
    sides, lines = [], []

    def painted(model, frame, *given, **more):
        sides.append(frame.mask.shape[0])
        raise ERRORS["torch"]

    monkeypatch.setattr(engine_of, "paint", painted)
    engine = DiffusionFill("cpu")
    for side in (1100, 256, 64):
        with pytest.raises(OutOfMemory):
            ladder.run(lambda on_processor: engine, request_of(saved, side), Progress(), lines.append)
    assert sides == [1104, 1024, 768, 512, 384, 256, 256, 256, 256, 256, 64, 64]
    seen = [SEEN.format(side) for side in (1024, 768, 512, 384, 256)]
    assert lines == [*seen, TILES, HALF, TILES, TILES]  # halved it stays, as long as it is this model


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("kind", "name"), [*((kind, "sd") for kind in ERRORS), ("torch", "flux2")])
def test_smaller_squares_then_tiles_then_the_processor(saved, kind, name):
    asked = request_of(saved, name=name)
    engine = card(asked)
    before, same = state(engine), pixels(engine.run(asked, Progress()))
    hook = engine._model.network.register_forward_pre_hook(raising(ERRORS[kind]))
    result, lines = climbed(asked, engine, DiffusionFill("cpu"))
    assert lines == [SEEN.format(64), TILES, ON_PROCESSOR]
    assert np.array_equal(pixels(result), same)
    hook.remove()
    assert state(engine) == before
    assert np.array_equal(pixels(engine.run(asked, Progress())), same)


@pytest.mark.usefixtures("small")
def test_only_as_much_as_is_needed_is_done_and_undone(saved):
    engine = card(request_of(saved, side=64))
    before, sides = state(engine), []

    def when(inputs):
        sides.append(inputs[0].shape[-1] * 8)
        return sides[-1] > 96

    engine._model.network.register_forward_pre_hook(raising(MemoryError(), when))
    result, lines = climbed(request_of(saved, side=128), engine)
    assert lines == [SEEN.format(96)] and result.notes == ()
    assert sides == [128, 96] and state(engine) == before
    pixels(result)
    sides.clear()
    with pytest.raises(OutOfMemory):
        engine.run(request_of(saved, side=128), Progress())  # the next sees it all again
    assert sides == [128]


@pytest.mark.usefixtures("small")
def test_the_autoencoder_works_in_tiles(saved):
    asked = request_of(saved, side=64)
    engine = card(asked)
    before, sides = state(engine), []

    def when(inputs):
        sides.append(inputs[0].shape[-1] * 8)
        return sides[-1] > thrift.TILE

    engine._model.vae.decoder.register_forward_pre_hook(raising(MemoryError(), when))
    result, lines = climbed(asked, engine)
    assert lines == [TILES] and state(engine) == before
    assert sides[0] == 64 and max(sides[1:]) == thrift.TILE
    pixels(result)


@pytest.mark.parametrize("name", ["sd", "flux2"])
def test_tiles_change_little(saved, name):
    engine = card(asked := request_of(saved, side=160, name=name))
    whole = pixels(engine.run(asked, Progress()))
    undo = thrift.in_tiles(engine._model, ())
    pieces = pixels(engine.run(asked, Progress()))
    undo()
    other = pixels(engine.run(replace(asked, sampling=replace(QUICK, seed=1)), Progress()))
    assert 0 < np.abs(whole - pieces).mean() < 0.5 * np.abs(whole - other).mean()


def test_attention_is_sliced_where_that_takes_less(saved):
    engine = card(request_of(saved, side=64))
    model = engine._model
    before = state(engine)
    model.device = "mps"
    undo = thrift.in_tiles(model, ())
    assert all("Sliced" in type(each).__name__ for each in model.network.attn_processors.values())
    undo()
    assert state(engine) == before


@pytest.mark.parametrize("name", ["sd", "flux2"])
@pytest.mark.parametrize("how", SPOILT)
def test_no_picture_in_half_precision_is_made_again_in_float32(saved, how, name):
    asked = request_of(saved, side=64, name=name)
    engine = card(asked)
    halved(engine)
    before, model = state(engine), engine._model
    hook = model.vae.decoder.register_forward_hook(spoiling(how, lambda: model.dtype == torch.bfloat16))
    result, lines = climbed(asked, engine)
    hook.remove()
    assert lines == [FLOAT32] and state(engine) == before
    undo = thrift.in_float32(model, ())
    assert np.array_equal(pixels(result), pixels(engine.run(asked, Progress())))
    undo()


@pytest.mark.parametrize("how", SPOILT)
def test_no_picture_in_float32_either_goes_on_to_the_processor(saved, how):
    asked = request_of(saved, side=64)
    engine = card(asked)
    engine._model.vae.decoder.register_forward_hook(spoiling(how))
    result, lines = climbed(asked, engine, DiffusionFill("cpu"))
    assert lines == [NO_PICTURE]  # it was in float32
    pixels(result)
    halved(engine)
    assert climbed(asked, engine, DiffusionFill("cpu"))[1] == [FLOAT32, NO_PICTURE]


def test_a_black_square_of_which_nothing_is_known_is_no_picture_either(saved):
    image, hole = np.zeros((64, 64, 3), np.float32), np.ones((64, 64), bool)
    region = Region(Box(0, 0, 64, 64), image, hole, hole.astype(np.float32))
    asked = FillRequest("diffusion", str(saved["sd"]), "fill", (region,), QUICK, side=64)
    engine = card(asked)
    engine._model.vae.decoder.register_forward_hook(spoiling("black"))
    result, lines = climbed(asked, engine, DiffusionFill("cpu"))
    assert lines == [NO_PICTURE]
    pixels(result)


def test_float32_that_does_not_fit_goes_on_to_the_processor(saved, monkeypatch):
    asked = request_of(saved, side=64)
    engine = card(asked)
    halved(engine)
    before, to_float, left = state(engine), torch.Tensor.float, []
    engine._model.vae.decoder.register_forward_hook(spoiling("black"))

    def limited(tensor):
        if not left:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        left.pop()
        return to_float(tensor)

    exact = thrift.in_float32

    def with_little(*given):
        left[:] = [1] * 5  # of many weights
        with monkeypatch.context() as within:
            within.setattr(torch.Tensor, "float", limited)
            return exact(*given)

    monkeypatch.setattr(thrift, "in_float32", with_little)
    result, lines = climbed(asked, engine, DiffusionFill("cpu"))
    assert lines == [ON_PROCESSOR] and left == [] and state(engine) == before
    pixels(result)


def test_controlnets_are_brought_to_float32_and_back(saved):
    engine = card(request_of(saved, side=64))
    control = torch.nn.Linear(2, 2, dtype=torch.bfloat16)
    undo = thrift.in_float32(engine._model, (control,))
    assert control.weight.dtype == torch.float32
    undo()
    assert control.weight.dtype == torch.bfloat16 and thrift.in_float32(engine._model, ()) is None


def test_a_model_that_does_not_fit_is_loaded_once_and_then_on_the_processor(saved, monkeypatch):
    load, tried = engine_of.load, []

    def little(checkpoint, device, *precision, apart, waits):
        tried.append((device, apart, waits))
        if len(tried) <= 3:
            raise OutOfMemory("There is not enough memory.")
        return load(checkpoint, device, *precision, apart=apart, waits=waits)

    monkeypatch.setattr(engine_of, "load", little)
    result, lines = climbed(request_of(saved, side=256), card(device="cuda"), DiffusionFill("cpu"))
    assert lines == [APART, WAITING, ON_PROCESSOR]
    nothing, words, all_ = (False, False), (True, False), (True, True)
    assert tried == [("cpu", *each) for each in (nothing, words, all_, nothing)]
    pixels(result)


def test_a_model_whose_text_encoder_does_not_fit_beside_it_stays_so(saved, monkeypatch):
    asked, load, tried = request_of(saved, side=64, name="flux2"), engine_of.load, []
    same = pixels(DiffusionFill("cpu").run(asked, Progress()))

    def little(checkpoint, device, precision, *, apart, waits):
        tried.append(apart)
        if not apart:
            raise OutOfMemory("There is not enough memory.")
        return load(checkpoint, device, precision, apart=apart, waits=waits)

    monkeypatch.setattr(engine_of, "load", little)
    engine = card(device="cuda")
    result, lines = climbed(asked, engine)
    assert lines == [APART] and np.array_equal(pixels(result), same)
    assert climbed(asked, engine)[1] == [] and tried == [False, True]  # it is not loaded again in vain
    assert climbed(request_of(saved, side=64), engine)[1] == [APART]  # another may fit, so that is tried
    assert tried == [False, True, False, True]


def test_text_encoders_are_taken_from_the_card_and_brought_back(saved):
    engine = card(request_of(saved, side=64, name="flux2"), "cuda")
    model, (reader,) = engine._model, engine._model.text_encoders
    sums = [each.sum().item() for each in reader.parameters()]
    model.device = "meta"  # it is no card, but no processor either
    step = engine._parted()
    assert step.line == APART and engine._parted() is None and reader.device.type == "cpu"
    words = flux2.predictor(model, QUICK, torch.zeros((1, 128, 4, 4), device="meta"))
    assert words is not None and [each.sum().item() for each in reader.parameters()] == sums
    step.undo()
    assert reader.device.type == "meta" and not engine._is_apart


def test_on_apples_graphics_no_memory_is_won_by_taking_a_part_away(saved):
    for device, names in (
        ("cuda", ["crop", "tiles", "offload", "offload", "float32"]),
        ("mps", ["crop", "tiles", "float32"]),
        ("cpu", ["crop", "tiles", "half"]),
    ):
        engine = DiffusionFill("cpu")
        engine.device = device
        assert [rung.name for rung in engine.rungs()] == names


@pytest.mark.parametrize("show", [None, lambda patch: None])
def test_the_cards_model_is_gone_before_the_processors_is_loaded(saved, show):
    asked = request_of(saved, side=64)
    engines = [card(asked)]
    model = weakref.ref(engines[0]._model)
    engines[0]._model.vae.decoder.register_forward_pre_hook(raising(ERRORS["torch"]))

    def load(on_processor):
        assert not on_processor or model() is None, "the card's model is still there"
        return DiffusionFill("cpu") if on_processor else engines.pop()

    gc.collect()
    gc.disable()  # nothing in the program collects at this point
    try:
        pixels(ladder.run(load, asked, Progress(show=show), lambda line: None))
    finally:
        gc.enable()


def test_on_the_processor_no_numbers_are_an_error_and_black_is_what_the_network_means(saved):
    asked = request_of(saved, side=64)
    for how in SPOILT:
        engine = DiffusionFill("cpu")
        engine.run(asked, Progress())
        engine._model.vae.decoder.register_forward_hook(spoiling(how))
        if how == "black":
            assert climbed(asked, engine)[1] == []
        else:
            with pytest.raises(BrokenOutput, match="no numbers"):
                climbed(asked, engine)


def failing(monkeypatch, error, when=lambda model: True):
    """Let the networks of models that are loaded have no memory; what was loaded, and how."""
    load, loaded = engine_of.load, []

    def hooked(checkpoint, device, precision, *, apart, waits):
        model = load(checkpoint, device, precision, apart=apart, waits=waits)
        loaded.append((precision, waits))
        model.network.register_forward_pre_hook(raising(error, lambda inputs: when(model)))
        return model

    monkeypatch.setattr(engine_of, "load", hooked)
    return loaded


@pytest.mark.usefixtures("small")
def test_where_nothing_helps_it_is_told(saved, monkeypatch):
    asked, engine, lines = request_of(saved), DiffusionFill("cpu"), []
    loaded = failing(monkeypatch, ERRORS["torch"])
    with pytest.raises(OutOfMemory, match="Close other programs") as caught:
        ladder.run(lambda on_processor: engine, asked, Progress(), lines.append)
    assert "\n" not in str(caught.value) and lines == [SEEN.format(64), TILES, HALF]
    assert loaded == [("auto", False), ("bfloat16", False)]
    assert not engine._model.vae.use_tiling and engine._most == sys.maxsize


@pytest.mark.usefixtures("small")
def test_half_of_a_float_on_the_processor(saved, monkeypatch):
    asked, engine = request_of(saved, side=64), DiffusionFill("cpu")
    loaded = failing(monkeypatch, MemoryError(), lambda model: model.dtype == torch.float32)
    tiled = []
    monkeypatch.setattr(
        engine_of,
        "paint",
        lambda model, *given, **more: tiled.append(model.vae.use_tiling) or paint(model, *given, **more),
    )
    result, lines = climbed(asked, engine)
    assert lines == [TILES, HALF] and loaded == [("auto", False), ("bfloat16", False)]
    assert tiled == [False, True, True]  # what was done before goes on
    halved = pixels(result)
    result, lines = climbed(asked, engine)  # the next is not tried in vain
    assert lines == [] and len(loaded) == 2 and tiled[-1] is False
    assert {each.dtype for each in engine._model.network.parameters()} == {torch.bfloat16}
    assert not np.array_equal(pixels(result), halved)  # that was in tiles, too


@pytest.mark.usefixtures("small")
def test_weights_that_wait_in_the_main_memory_give_the_same_bytes(saved, monkeypatch):
    asked = request_of(saved, side=64)
    same = pixels(DiffusionFill("cpu").run(asked, Progress()))
    tried = failing(monkeypatch, ERRORS["torch"], lambda model: not model.waits)
    engine = card(device="cuda")
    result, lines = climbed(asked, engine)
    pixels(result)
    assert lines == [TILES, APART, WAITING] and tried == [("auto", False), ("auto", True)]
    again, lines = climbed(asked, engine)
    assert lines == [] and len(tried) == 2 and np.array_equal(pixels(again), same)


@pytest.mark.parametrize("family", ["sd", "sdxl", "flux"])
def test_no_weight_is_left_out_when_the_layers_are_brought_to_the_device(pipelines, family):
    """On a device without numbers: a layer whose weights had not come would be refused."""
    pipeline = copy.deepcopy(pipelines[family].components)
    place, zeros = torch.device("meta"), partial(torch.zeros, device="meta")
    ids = zeros(1, 7, dtype=torch.long)
    vae = pipeline["vae"]
    channels = vae.config.latent_channels
    runs = [
        (vae, lambda: vae.encode(zeros(1, 3, 32, 32)).latent_dist.parameters),
        (vae, lambda: vae.decode(zeros(1, channels, 16, 16)).sample),
    ]
    encoders = [pipeline[name] for name in ("text_encoder", "text_encoder_2") if pipeline.get(name)]
    runs += [(encoder, partial(encoder, ids)) for encoder in encoders]
    if family == "sd":
        unet = pipeline["unet"]
        words = zeros(1, 7, unet.config.cross_attention_dim)
        runs.append((unet, lambda: unet(zeros(1, 9, 16, 16), zeros(1), words).sample))
    for network in {id(network): network for network, _ in runs}.values():
        thrift.waiting(network.eval(), place)
    for network, run in runs:
        weights = list(network.parameters())
        with torch.no_grad():
            made = run()
        assert (made if isinstance(made, torch.Tensor) else made[0]).device == place
        assert [id(each) for each in network.parameters()] == [id(each) for each in weights]
        assert {each.device.type for each in weights} == {"cpu"}


def test_a_layer_that_fails_on_the_device_leaves_the_weights_where_they_were():
    layer = torch.nn.Linear(2, 2)
    weight = layer.weight
    thrift.waiting(layer, torch.device("meta"))
    with pytest.raises(RuntimeError):
        layer(torch.zeros(1, 3, device="meta"))
    assert layer.weight is weight and not hasattr(layer, "waiting")


def test_a_model_that_the_memory_has_no_room_for_is_not_read(saved, monkeypatch):
    asked, engine = request_of(saved, side=64), DiffusionFill("cpu")
    numbers = needs.weights(checkpoints.recognise(saved["sd"]), 1)
    model = DiffusionFill("cpu")
    model.run(asked, Progress())
    networks = (model._model.network, model._model.vae, *model._model.text_encoders)
    assert numbers == sum(each.numel() for network in networks for each in network.parameters())
    for free, told in ((numbers * 4, []), (numbers * 4 - 1, [HALF]), (numbers * 2 - 1, None)):
        here = Machine(memory=1 << 40, free_memory=free, disk_free=0)
        monkeypatch.setattr(loading, "machine", lambda folder, here=here: here)
        engine = DiffusionFill("cpu")
        if told is None:
            with pytest.raises(OutOfMemory, match=r"sd takes .* GB of memory, .* GB are free\."):
                climbed(asked, engine)
        else:
            result, lines = climbed(asked, engine)
            assert lines == told
            pixels(result)


def test_half_precision_for_want_of_memory_is_told(saved, monkeypatch):
    asked = request_of(saved, side=64, name="flux2")
    assert DiffusionFill("cpu").run(asked, Progress()).notes == ()
    monkeypatch.setattr(loading, "machine", lambda folder: Machine(int(2.3e9), int(2.3e9), 0))
    result, lines = climbed(asked, DiffusionFill("cpu"))
    assert lines == [] and result.notes == (
        "There is too little memory for float32, so the model computed in half precision.",
    )
    pixels(result)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("how", [*SPOILT, "half black", "memory", "tiles"])
@pytest.mark.parametrize("name", ["sd4", "flux2"])
def test_beyond_the_mask_every_byte_is_as_it_was(saved, make_document, box_mask, name, how, bits):
    """However the fill had to be made."""
    document = make_document(90, 60, bits=bits, alpha=True)
    masks.replace(document.selection, box_mask(90, 60, (20, 12, 24, 18))).swap()
    before = document.composite(document.rect).copy()
    asked = fill.request(document, str(saved[name]), sampling=QUICK, side=64)
    engine = card(asked)
    network, decoder = engine._model.network, engine._model.vae.decoder
    if how in SPOILT:
        decoder.register_forward_hook(spoiling(how))
        told = [NO_PICTURE]
    elif how == "half black":
        halved(engine)
        decoder.register_forward_hook(spoiling("black", lambda: engine._model.dtype == torch.bfloat16))
        told = [FLOAT32]
    elif how == "memory":
        network.register_forward_pre_hook(raising(MemoryError()))
        told = [TILES, ON_PROCESSOR]
    else:
        decoder.register_forward_pre_hook(raising(MemoryError(), lambda inputs: inputs[0].shape[-1] > 4))
        told = [TILES]
    result, lines = climbed(asked, engine, DiffusionFill("cpu"))
    assert lines == told
    fill.apply(document, asked, result)
    after = document.composite(document.rect)
    inside = np.zeros((60, 90), bool)
    inside[12:30, 20:44] = True
    assert np.array_equal(after[~inside], before[~inside]) and (after[inside] != before[inside]).any()

"""Regions through a model and back: where they belong, in the surroundings' tone, whatever goes wrong."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("diffusers")

from engines.base import Box, Cancelled, EngineError, Patch, Progress, Region
from engines.diffusion import engine as engine_of
from engines.diffusion import framing, tone
from engines.diffusion.engine import DiffusionFill
from engines.diffusion.requests import TASKS, FillRequest, Hint, Sampling
from engines.diffusion.windows import MOST, windows

pytestmark = pytest.mark.usefixtures("one_thread", "no_network", "quick_words")

QUICK = Sampling(prompt="a boat", steps=2, scheduler="ddim")


def picture(height, width, seed=0):
    """Smooth, of three frequencies."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = [np.sin(x / 31 + each) * np.cos(y / 23 - each) for each in (0, 1, 2)]
    return (np.stack(waves, axis=-1) * 0.3 + 0.5).astype(np.float32)


def region(height=96, width=96, box=(30, 40, 24, 16), at=(100, 50), image=None, value=1.0):
    """A region of the photograph whose target and hole is the box x, y, width, height."""
    x, y, across, down = box
    target = np.zeros((height, width), np.float32)
    target[y : y + down, x : x + across] = value
    image = picture(height, width) if image is None else image
    return Region(Box(*at, width, height), image, target > 0, target)


@pytest.fixture(scope="module")
def engine():
    """One for all: it keeps the model used last."""
    return DiffusionFill("cpu")


def request(saved, *regions, name="sd", task="fill", sampling=QUICK, **more):
    return FillRequest("diffusion", str(saved[name]), task, regions, sampling, **more)


@pytest.fixture
def painter(monkeypatch):
    """In the model's place: what a test says it paints of a frame."""

    def use(paint):
        calls = []

        def painted(model, frame, sampling, task, progress, **more):
            calls.append((frame, sampling, task, more))
            return paint(frame)

        monkeypatch.setattr(engine_of, "paint", painted)
        return calls

    return use


# --- there and back ---


@pytest.mark.parametrize(("height", "width"), [(64, 64), (128, 128), (200, 200), (90, 200), (200, 37)])
def test_what_is_painted_lands_where_it_belongs(engine, saved, painter, height, width):
    """The truth, painted in the square, comes back as the truth; at the model's own scale to the bit."""
    truth = picture(height, width)
    box = (width // 3, height // 3, width // 4, height // 4)
    asked = region(height, width, box, image=truth)
    whole = replace(asked, hole=np.zeros_like(asked.hole))
    painter(lambda frame: framing.framed(whole, 64, 8).frame.image)
    (patch,) = engine.run(request(saved, asked), Progress()).patches
    assert (patch.box.x, patch.box.y) == (100 + box[0], 50 + box[1])
    assert patch.rgb.shape == (*patch.alpha.shape, 3) and (patch.alpha == 1).all()
    wanted = truth[box[1] : box[1] + box[3], box[0] : box[0] + box[2]]
    if max(height, width) == 64:
        assert np.abs(patch.rgb - wanted).max() < 1e-6
    assert np.abs(patch.rgb - wanted).max() < 0.02


def test_the_model_paints_where_the_mask_is_and_sees_nothing_of_it(engine, saved, painter):
    image = picture(64, 64)
    asked = region(64, 64, (20, 24, 16, 16), image=image)
    image[asked.hole] = (1, 0, 1)  # what is to go
    calls = painter(lambda frame: np.where(frame.mask[..., None], np.float32(0.9), np.float32(0.1)))
    (patch,) = engine.run(request(saved, asked), Progress()).patches
    ((frame, *_),) = calls
    assert frame.mask[24:40, 20:36].all() and not frame.mask[:8].any() and not frame.mask[:, 56:].any()
    assert frame.mask.reshape(8, 8, 8, 8).any(axis=(1, 3)).repeat(8, 0).repeat(8, 1).sum() == frame.mask.sum()
    assert frame.image[24:40, 20:36, 1].min() > 0.15  # none of the magenta
    assert np.array_equal(frame.image[~asked.hole], image[~asked.hole])
    assert patch.rgb.mean() > 0.7


def test_what_is_outside_the_photograph_is_painted_and_dropped(engine, saved, painter):
    asked = region(32, 64, (20, 8, 16, 16))
    calls = painter(lambda frame: frame.image)
    engine.run(request(saved, asked), Progress())
    frame = calls[0][0]
    assert frame.mask[:16].all() and frame.mask[48:].all()  # above and below the photograph
    assert not frame.mask[16:48].all()


def test_a_change_of_tone_is_taken_back(engine, saved, painter):
    """A model that makes all of it darker and redder leaves no patch that is darker and redder."""
    truth = picture(64, 64)
    asked = region(64, 64, (24, 24, 16, 16), image=truth)
    painter(lambda frame: (truth - np.float32([0.02, 0.06, 0.06])).clip(0, 1))
    (patch,) = engine.run(request(saved, asked), Progress()).patches
    assert np.abs(patch.rgb - truth[24:40, 24:40]).max() < 0.005


def test_colours_are_spread():
    known = np.ones((40, 50), bool)
    known[10:30, 15:40] = False
    flat = np.full((40, 50, 3), (0.2, 0.5, 0.9), np.float32)
    hidden = np.where(known[..., None], flat, np.float32(0))
    assert np.allclose(tone.spread(hidden, known), flat, atol=1e-4)
    ramp = np.repeat(np.linspace(0, 1, 50, dtype=np.float32)[None, :, None], 40, 0).repeat(3, 2)
    out = tone.spread(ramp * known[..., None], known)
    assert np.array_equal(out[known], ramp[known])
    assert np.abs(out - ramp).max() < 0.25 and out[20, 17, 0] < out[20, 37, 0]
    assert np.allclose(tone.spread(ramp, np.zeros_like(known)), 0.5)


# --- tasks ---


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", ["sd", "sd4"])
def test_every_task_gives_a_patch_of_the_target(engine, saved, task, name):
    asked = region(value=0.6)
    told = []
    (patch,) = engine.run(request(saved, asked, task=task, name=name), Progress(told.append)).patches
    assert patch.box == Box(130, 90, 24, 16)
    assert patch.rgb.dtype == np.float32 and np.isfinite(patch.rgb).all()
    assert patch.rgb.min() >= 0 and patch.rgb.max() <= 1 and patch.rgb.std() > 0.001
    assert (patch.alpha == (1 if task == "soft" else np.float32(0.6))).all()
    assert told[0] == 0 and told[-1] == 1 and told == sorted(told)


@pytest.mark.parametrize("name", ["flux", "flux2", "flux2-quick"])
@pytest.mark.parametrize("task", ["fill", "remove", "expand", "sdedit", "ilvr", "soft"])
def test_flux_does_the_tasks_too(engine, saved, task, name):
    sampling = replace(QUICK, guidance=30.0, strength=0.7)
    asked = request(saved, region(64, 64, (20, 20, 24, 24)), name=name, task=task, sampling=sampling, side=64)
    (patch,) = engine.run(asked, Progress(show=lambda patch: None)).patches
    assert np.isfinite(patch.rgb).all() and patch.rgb.std() > 0.001


@pytest.mark.parametrize("name", ["flux", "flux2"])
def test_what_flux_does_not_do_is_told(engine, saved, name):
    asked = request(saved, region(), name=name, task="resample", side=64)
    with pytest.raises(EngineError, match="FLUX does not resample"):
        engine.run(asked, Progress())
    with pytest.raises(EngineError, match="not guided by ControlNets"):
        engine.run(replace(asked, hints=(Hint("inpaint", str(saved["sd"])),)), Progress())


def test_a_removal_begins_from_what_a_remover_makes(saved, painter, monkeypatch):
    class Remover:
        def run(self, request, progress):
            (asked,) = request.regions
            made = Patch(asked.box, np.full_like(asked.image, 0.7), asked.target)
            return SimpleNamespace(patches=(made,))

    monkeypatch.setattr(engine_of.registry, "load", lambda name, device: Remover())
    calls = painter(lambda frame: frame.image)
    asked = region(64, 64, (24, 24, 16, 16))
    engine = DiffusionFill("cpu")
    engine.run(request(saved, asked, task="remove"), Progress())
    frame = calls[0][0]
    assert np.allclose(frame.image[24:40, 24:40], 0.7, atol=1e-5)
    assert frame.mask[24:40, 24:40].all()


def test_a_soft_mask_is_told_to_the_model(engine, saved, painter):
    calls = painter(lambda frame: frame.image)
    asked = region(64, 64, (16, 16, 32, 32), value=0.3)
    engine.run(request(saved, replace(asked, hole=asked.hole & False), task="soft"), Progress())
    change = calls[0][0].change
    assert np.allclose(change[16:48, 16:48], 0.3, atol=0.01) and change[0, 0] == 0


def test_a_second_pass_sees_more(engine, saved, painter):
    calls = painter(lambda frame: frame.image)
    asked = region(200, 200, (60, 60, 80, 80))
    engine.run(request(saved, asked, second=0.4), Progress())
    (first, sampling, *_), (second, again, *_) = calls
    assert first.mask.shape == (64, 64) and sampling.strength == 1
    assert second.mask.shape == (128, 128) and again.strength == 0.4
    assert len(painter(lambda frame: frame.image)) == 0
    calls = painter(lambda frame: frame.image)
    engine.run(request(saved, region(64, 64, (20, 20, 9, 9)), second=0.4), Progress())
    assert len(calls) == 1  # it was made at the photograph's own scale


def test_another_side(engine, saved, painter):
    calls = painter(lambda frame: frame.image)
    engine.run(request(saved, region(), side=100), Progress())
    assert calls[0][0].mask.shape == (96, 96)  # whole cells


def test_a_large_area_is_painted_step_by_step(engine, saved, painter):
    """Each step sees what those before it have made: flat colour flows on to the far end."""
    image = np.full((96, 300, 3), 0.25, np.float32)
    target = np.zeros((96, 300), np.float32)
    target[:, 60:] = 1
    seen = []

    def paint(frame):
        seen.append(float((~frame.mask).mean()))
        return frame.image

    painter(paint)
    asked = Region(Box(0, 0, 300, 96), image * (target == 0)[..., None], target > 0, target)
    (patch,) = engine.run(request(saved, asked, task="expand"), Progress()).patches
    assert patch.box == Box(60, 0, 240, 96) and patch.rgb.shape == (96, 240, 3)
    assert len(seen) > 10 and np.abs(patch.rgb - 0.25).max() < 1e-3
    assert min(seen) > 0.1  # none of them sees nothing


def test_windows_cover_the_hole_once_and_begin_at_the_known():
    hole = np.ones((500, 700), bool)
    hole[200:300, 250:450] = False
    steps = windows(hole, 128)
    done = np.zeros(hole.shape, int)
    for step in steps:
        done[step.cell.slices] += 1
        assert step.box.x <= step.cell.x and step.cell.x + step.cell.width <= step.box.x + step.box.width
        assert step.box.y <= step.cell.y and step.cell.y + step.cell.height <= step.box.y + step.box.height
    assert (done[hole] == 1).all()
    assert len(steps) <= MOST
    first = steps[0].cell
    assert 130 < first.x < 520 and 90 < first.y < 380


# --- on the way ---


def test_the_same_request_gives_the_same_bits(engine, saved):
    runs = [engine.run(request(saved, region()), Progress()) for _ in range(2)]
    assert np.array_equal(runs[0].patches[0].rgb, runs[1].patches[0].rgb)
    other = engine.run(request(saved, region(), sampling=replace(QUICK, seed=1)), Progress())
    assert not np.array_equal(runs[0].patches[0].rgb, other.patches[0].rgb)
    assert runs[0].weights_sha256 == other.weights_sha256 and len(other.weights_sha256) == 64


def test_what_it_looks_like_is_shown(engine, saved):
    shown = []
    engine.run(request(saved, region()), Progress(show=shown.append))
    assert len(shown) == 2
    for patch in shown:
        assert patch.box == Box(130, 90, 24, 16) and patch.rgb.shape == (16, 24, 3)


@pytest.mark.parametrize("name", ["sd", "sdxl", "flux", "flux2"])
def test_words_that_are_too_many_are_told(engine, saved, painter, name):
    painter(lambda frame: frame.image)
    for words, told in (("a boat " * 20, False), ("a boat " * 300, True)):
        asked = request(saved, region(), name=name, sampling=replace(QUICK, prompt=words), side=64)
        notes = engine.run(asked, Progress()).notes
        assert any("the last of them were left out" in note for note in notes) == told


@pytest.mark.parametrize(
    ("name", "reads"),
    [("sd", True), ("lcm", False), ("flux", False), ("flux2", True), ("flux2-quick", False)],
)
def test_a_negative_prompt_that_is_not_read_is_told(engine, saved, painter, name, reads):
    painter(lambda frame: frame.image)
    for negative in ("", "blurred"):
        asked = request(saved, region(), name=name, sampling=replace(QUICK, negative=negative), side=64)
        notes = engine.run(asked, Progress()).notes
        assert any("no negative prompt" in note for note in notes) == bool(negative and not reads)


def test_it_is_called_off(engine, saved):
    progress = Progress(lambda fraction: fraction > 0.3 and progress.cancel())
    with pytest.raises(Cancelled):
        engine.run(request(saved, region(), region(at=(0, 0))), progress)


def test_an_unknown_task(engine, saved):
    with pytest.raises(EngineError, match="Choose one of: fill, remove"):
        engine.run(request(saved, region(), task="invent"), Progress())


def test_what_breaks_in_the_middle_is_one_line(engine, saved, painter):
    def paint(frame):
        raise RuntimeError("mat1 and mat2 shapes\ncannot be multiplied")

    painter(paint)
    with pytest.raises(EngineError, match="The fill could not be made: mat1") as caught:
        engine.run(request(saved, region()), Progress())
    assert "\n" not in str(caught.value)

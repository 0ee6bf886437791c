"""A fill with words: from a document's mask to a new layer, and not a byte beside it."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("diffusers")

from editor.document import masks, storage
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.recipe import Recipe
from editor.jobs import fill, remove, wording
from engines.base import Patch, Progress
from engines.diffusion.engine import DiffusionFill
from engines.diffusion.requests import TASKS, FillRequest, FillResult, Hint, Lora, Sampling

pytestmark = pytest.mark.usefixtures("one_thread", "no_network", "quick_words")

QUICK = Sampling(prompt="a boat", steps=2, scheduler="ddim")
# The canvas grows in a test of its own; FLUX does not resample.
NOT_SO = {("sd4", "expand"), ("flux2", "expand"), ("flux2", "resample")}


class Remover:
    """In MI-GAN's place, which tests/engines/diffusion/test_engine.py runs: noise."""

    def run(self, request, progress):
        (region,) = request.regions
        noise = np.random.default_rng(0).random(region.image.shape, np.float32)
        return SimpleNamespace(patches=(Patch(region.box, noise, region.target),))


@pytest.fixture(scope="module")
def engine():
    out = DiffusionFill("cpu")
    out._remover = "migan", Remover()
    return out


def mask(document, soft=False):
    values = np.zeros((document.height, document.width), np.uint8)
    values[12:30, 20:44] = 255
    values[40:43, 50:70] = 90 if soft else 255
    document.edit("Mask", masks.replace(document.selection, values))
    return values > 0


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(
    ("name", "task"),
    [(name, task) for name in ("sd4", "flux2") for task in TASKS if (name, task) not in NOT_SO],
)
def test_outside_the_mask_every_byte_stays(make_document, saved, engine, tmp_path, name, task, bits):
    document = make_document(90, 60, bits=bits, alpha=bits == 16, seed=bits)
    inside = mask(document, soft=True)
    before = document.composite(document.rect)
    own = [layer.image.read(document.rect) for layer in document.layers]
    request = fill.request(document, str(saved[name]), task=task, sampling=QUICK, side=64)
    layer = fill.apply(document, request, engine.run(request, Progress()))
    after = document.composite(document.rect)
    assert after.dtype == before.dtype
    assert np.array_equal(after[~inside], before[~inside])
    assert (after[inside] != before[inside]).any(axis=-1).mean() > 0.5
    assert not layer.image.read(document.rect)[~inside].any()
    for old, layer in zip(own, document.layers, strict=False):
        assert np.array_equal(layer.image.read(document.rect), old)
    storage.save(document, tmp_path / "out.png")
    reread = raster.read(tmp_path / "out.png").pixels
    opaque = before[..., 3] > 0  # what is quite clear has no colour in a file
    assert np.array_equal(reread[~inside & opaque], before[~inside & opaque])
    document.history.undo()
    assert np.array_equal(document.composite(document.rect), before)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("name", ["sd4", "flux2"])
def test_what_was_there_stays_when_the_canvas_grows(make_document, saved, engine, name, bits):
    document = make_document(50, 40, bits=bits)
    before = document.composite(document.rect)
    fill.expand(document, 14, 0, 9, 21)
    assert (document.width, document.height) == (73, 61)
    request = fill.request(document, str(saved[name]), task="expand", sampling=QUICK, side=64)
    layer = fill.apply(document, request, engine.run(request, Progress()))
    after = document.composite(document.rect)
    assert np.array_equal(after[:40, 14:64], before)
    assert (after[..., 3] == np.iinfo(after.dtype).max).all()  # nothing is left clear
    assert layer.name == "Expanded" and after[50, 70, :3].any()


@pytest.mark.parametrize("sides", [(0, 0, 0, 0), (-1, 0, 5, 0)])
def test_a_canvas_that_does_not_grow(make_document, sides):
    document = make_document(20, 20)
    with pytest.raises(ValueError, match="by more than 0 at one"):
        fill.expand(document, *sides)
    assert (document.width, document.height) == (20, 20)


def test_what_is_masked_is_hidden_unless_the_task_begins_from_it(make_document, saved):
    document = make_document(90, 60)
    inside = mask(document)
    for task, strength, hidden in (
        ("fill", 1.0, True), ("fill", 0.6, False), ("remove", 0.8, True), ("resample", 1.0, True),
        ("sdedit", 0.5, False), ("ilvr", 1.0, False), ("soft", 1.0, False),
    ):  # fmt: skip
        sampling = Sampling(strength=strength)
        request = fill.request(document, str(saved["sd"]), task=task, sampling=sampling)
        for region in request.regions:
            assert region.hole.shape == (60, 64)
            assert region.hole.any() == hidden
            assert (region.target > 0).any() and not (region.target > 0)[~inside[region.box.slices]].any()
            if hidden:
                assert np.array_equal(region.hole, inside[region.box.slices])


def test_the_context_is_the_models_own_square(make_document, saved):
    document = make_document(2000, 1500)
    values = np.zeros((1500, 2000), np.uint8)
    values[700:720, 900:930] = 255
    document.edit("Mask", masks.replace(document.selection, values))
    for side in (64, 512, 1024):
        (region,) = fill.request(document, str(saved["sd"]), side=side).regions
        assert (region.box.width, region.box.height) == (side, side)
    values[400:1000, 600:1300] = 255
    document.edit("Mask", masks.replace(document.selection, values))
    (region,) = fill.request(document, str(saved["sd"]), side=512).regions
    assert region.box.width == 1400  # twice the mask


def test_nothing_is_masked(make_document, saved):
    with pytest.raises(remove.NothingMasked):
        fill.request(make_document(), str(saved["sd"]))


def test_the_recipe_says_all_that_decided(make_document, saved, engine):
    document = make_document(90, 60)
    mask(document)
    request = fill.request(document, str(saved["sd"]), sampling=QUICK, side=64)
    recipe = fill.apply(document, request, engine.run(request, Progress())).recipe
    assert (recipe.task, recipe.engine, recipe.device, recipe.seed) == ("fill", "diffusion", "cpu", 0)
    settings = dict(recipe.settings)
    assert settings["prompt"] == "a boat" and settings["steps"] == 2 and settings["side"] == 64
    assert settings["model"] == str(saved["sd"])
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


def test_the_recipe_names_loras_and_controls(make_document, saved, engine):
    document = make_document(90, 60)
    mask(document)
    extras = {"loras": (Lora("a.safetensors", 0.5),), "hints": (Hint("scribble", "b"),)}
    request = fill.request(document, str(saved["sd"]), **extras)
    result = SimpleNamespace(engine="diffusion", weights_sha256="", device="cpu")
    settings = dict(fill.recipe_of(request, result).settings)
    assert settings["lora 0"] == "a.safetensors" and settings["lora 0 weight"] == 0.5
    assert settings["control 0"] == "scribble=b" and settings["control 0 scale"] == 1.0


def test_a_fill_is_kept_with_its_picture(make_document, saved, engine, tmp_path):
    document = make_document(90, 60)
    mask(document)
    request = fill.request(document, str(saved["sd"]), sampling=QUICK, side=64)
    layer = fill.apply(document, request, engine.run(request, Progress()))
    storage.save(document, tmp_path / "kept.ora")
    again = storage.open_document(tmp_path / "kept.ora").layers[-1]
    assert again.recipe == layer.recipe
    area = Rect(0, 0, 90, 60)
    assert np.array_equal(again.image.read(area), layer.image.read(area))


def test_a_grey_picture_stays_grey(saved, engine, tmp_path):
    pixels = np.repeat(np.random.default_rng(0).integers(0, 255, (60, 90, 1), np.uint8), 4, axis=-1)
    pixels[..., 3] = 255
    raster.write(tmp_path / "grey.png", raster.Raster(pixels, True, False, Metadata()))
    document = storage.open_document(tmp_path / "grey.png")
    mask(document)
    request = fill.request(document, str(saved["sd"]), sampling=QUICK, side=64)
    made = fill.apply(document, request, engine.run(request, Progress())).image.read(document.rect)
    assert np.array_equal(made[..., 0], made[..., 1]) and np.array_equal(made[..., 0], made[..., 2])


def test_a_recipe_says_all_that_a_fill_was_asked_for():
    asked = fill.Filling(
        "models/own.safetensors",
        "soft",
        Sampling(prompt="a boat", negative="fog", steps=7, strength=0.6, scheduler="euler", seed=9),
        (Lora("one", 0.5), Lora("two")),
        (Hint("lineart", "a=b", 0.75),),
        side=64,
        second=0.4,
    )
    request = FillRequest(
        asked.engine, asked.model, asked.task, (), asked.sampling, asked.loras, asked.hints, 64, 0.4
    )
    recipe = fill.recipe_of(request, FillResult((), asked.engine, "0" * 64, "cpu"))
    assert fill.Filling.of(Recipe.from_dict(json.loads(json.dumps(recipe.to_dict())))) == asked


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steps", 0),
        ("steps", 10**9),
        ("steps", "7"),
        ("strength", 2.0),
        ("scheduler", "x"),
        ("prompt", 3),
        ("jump", -1),
        ("side", -5),
        ("second", 7.0),
        ("model", 1.5),
    ],
)
def test_what_makes_no_sense_in_a_recipe_is_as_usual(name, value):
    recipe = Recipe("other", "diffusion", "", "cpu", 1, settings=((name, value),))
    found = fill.Filling.of(recipe)
    assert found == fill.Filling("", sampling=Sampling(seed=1))


def test_words_are_resolved_by_the_seed_and_a_recipe_has_them_as_typed_too(engine, make_document, saved):
    document = make_document(90, 60)
    mask(document)
    style = wording.Style("Old", "an old {prompt}", "colour")
    sampling = replace(QUICK, prompt="{red|green|blue} boat", negative="fog")
    asked = fill.Filling(str(saved["sd"]), sampling=sampling, side=64, style=style)
    prompts = {asked.seeded(seed).request(document).sampling.prompt for seed in range(30)}
    assert prompts == {f"an old {colour} boat" for colour in ("red", "green", "blue")}
    request = asked.request(document)
    layer = fill.apply(document, request, engine.run(request, Progress()), asked)
    told = dict(layer.recipe.settings)
    assert (told["prompt"], told["negative"]) == (request.sampling.prompt, "fog, colour")
    assert (told["typed"], told["typed negative"], told["style"]) == (sampling.prompt, "fog", "Old")
    again = fill.Filling.of(Recipe.from_dict(json.loads(json.dumps(layer.recipe.to_dict()))))
    assert again == asked
    assert again.resolved == request.sampling

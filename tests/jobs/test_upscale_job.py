"""Enlarging a document: every layer, one step, and everything else goes along."""

import numpy as np
import pytest

from editor.document import guides, masks, stack
from editor.document.guide import LINE, Guide
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.jobs import upscale
from editor.jobs.upscale import Enlarging
from engines import registry, store
from engines.base import Box, Progress
from engines.machine import Machine
from engines.upscale.engine import PictureUpscaler
from tests.engines.upscalers import installed_upscaler


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path))
    return str(installed_upscaler(tmp_path / "models"))


@pytest.fixture(params=[np.uint8, np.uint16])
def document(request):
    """A picture of 60 x 40 with a part of a layer over it, a mask, a selection and a line."""
    full = np.iinfo(request.param).max
    pixels = np.full((40, 60, 4), full, request.param)
    pixels[..., 0] = np.linspace(0, full, 60).astype(request.param)
    document = Document.from_pixels(pixels)
    part = np.full((11, 13, 4), full, request.param)
    part[..., 1] = 0
    layer = PixelLayer("Part", TiledImage.from_array(part, 20, 10))
    document.set_layers([*document.layers, layer], "Layer")
    chosen = np.zeros((40, 60), np.uint8)
    chosen[10:20, 30:40] = 255
    document.edit("Select", masks.replace(document.selection, chosen))
    guides.add(document, Guide(LINE, ((10.0, 20.0), (30.0, 40.0))))
    return document


def enlarged(document, wanted):
    request = upscale.request(document, wanted)
    result = PictureUpscaler("cpu").run(request, Progress())
    upscale.apply(document, request, result)
    return request


def test_everything_grows_as_one_step(document, model):
    before, count = document.composite(document.rect), document.history.position
    layers = document.layers
    request = enlarged(document, Enlarging(model, 180, 120))
    assert [plane.target for plane in request.planes] == [Box(0, 0, 180, 120), Box(60, 30, 39, 33)]
    assert (document.width, document.height) == (180, 120) and document.layers == layers
    assert document.layers[1].image.bounds() == (60, 30, 39, 33)
    assert document.selection.bounds() == (90, 30, 30, 30)
    assert document.guides[0].points == ((30.0, 60.0), (90.0, 120.0))
    assert document.dtype == before.dtype and document.history.position == count + 1
    assert document.history.entries[-1].name == "Enlarge with detail"
    tones = document.composite(document.rect).reshape(40, 3, 60, 3, 4).astype(float).mean(axis=(1, 3))
    alone = np.ones((40, 60), bool)
    alone[4:28, 14:40] = False  # where two layers meet
    assert np.abs(tones - before)[alone].max() < 0.06 * document.maximum
    document.undo()
    assert np.array_equal(document.composite(document.rect), before)


def test_a_mask_of_a_layer_grows_too(document, model):
    layer = document.layers[1]
    stack.add_mask(document, layer)
    before = layer.mask.image.bounds()
    enlarged(document, Enlarging(model, 120, 80))
    after = document.layers[1].mask.image.bounds()
    assert after[:2] == tuple(2 * side for side in before[:2])


def test_to_any_size(document, model):
    enlarged(document, Enlarging(model, 101, 77))
    assert document.composite(document.rect).shape == (77, 101, 4)
    assert (document.layers[0].image.read(document.rect)[..., 3] == document.maximum).all()


def test_layers_without_pixels_stay_without(document, model):
    stack.add(document, PixelLayer("Empty", TiledImage(4, document.dtype)))
    request = enlarged(document, Enlarging(model, 120, 80))
    assert len(request.planes) == 2 and not document.layers[-1].image.tiles


@pytest.mark.parametrize("size", [(60, 40), (59, 200), (200, 39)])
def test_what_is_no_larger_is_refused(document, size):
    with pytest.raises(ValueError, match="no larger"):
        upscale.check(document, *size)


def test_what_no_picture_may_be_is_refused(document):
    with pytest.raises(ValueError, match="ends at"):
        upscale.check(document, 400_000, 300_000)


def test_the_estimate_knows_pixels_model_and_machine(document):
    size = store.entry_of(registry.spec(registry.UPSCALER).starter).bytes
    here = Machine(64 << 30, 32 << 30, 1 << 40)
    wanted = Enlarging("realesrgan-x4plus", 240, 160)
    found = upscale.estimate(document, wanted, size, here)
    pixels = 60 * 40 + 13 * 11
    assert found.seconds == pytest.approx(registry.spec("upscale").seconds * pixels / 512**2)
    assert found.memory == (registry.spec("upscale").memory << 20) + pixels * 16 * 4 * document.dtype.itemsize
    quick = upscale.estimate(document, wanted, size // 10, here)
    assert quick.seconds < found.seconds / 5
    little = upscale.estimate(document, wanted, size, Machine(64 << 30, 800 << 20, 1 << 40))
    assert little.fit.verdict == "tight" and "smaller size" in little.fit.reason
    card = Machine(64 << 30, 32 << 30, 1 << 40, "Card", 24 << 30, 20 << 30)
    assert upscale.estimate(document, wanted, size, card).seconds < found.seconds / 5

"""The paint bucket against the wand's arrays, and the eyedropper against means."""

import numpy as np
import pytest

from editor.document import paint, select, selections
from editor.document.layers import LayerMask, Lock, PixelLayer
from editor.document.model import Document, Locked
from editor.document.tiles import TiledImage
from tests.document.painting.truth import over

COLOUR = (0.8, 0.3, 0.1)


def patches(dtype=np.uint8, width=600, height=520, seed=0):
    """Patches of 40 pixels in few, slightly noisy colours."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 3, (height // 40 + 1, width // 40 + 1, 3)) * 100
    pixels = np.kron(coarse, np.ones((40, 40, 1), int))[:height, :width] + random.integers(
        0, 9, (height, width, 1)
    )
    maximum = np.iinfo(dtype).max
    return np.dstack([pixels * (maximum // 255), np.full((height, width), maximum)]).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("contiguous", [True, False])
@pytest.mark.parametrize("antialias", [True, False])
def test_what_the_wand_finds_is_painted(dtype, contiguous, antialias):
    before = patches(dtype)
    document = Document.from_pixels(before.copy())
    layer = document.layers[0]
    point = (300, 250)
    paint.bucket(document, layer, point, COLOUR, 12, contiguous=contiguous, antialias=antialias, opacity=0.7)
    found = selections.wand(before, point, 12, contiguous, antialias) / 255
    after = layer.image.read(document.rect)
    assert 0 < np.count_nonzero(found) < found.size
    assert np.abs(after - over(before, COLOUR, 0.7 * found)).max() <= 0.6
    assert (after[found == 0] == before[found == 0]).all()
    assert [entry.name for entry in document.history.entries] == ["Paint bucket"]
    document.undo()
    assert (layer.image.read(document.rect) == before).all()


def test_the_selection_and_locks():
    before = patches()
    before[200:300, 280:330, 3] = 0
    document = Document.from_pixels(before.copy())
    layer = document.layers[0]
    select.ellipse(document, (200, 200, 200, 150))
    select.feather(document, 10)
    chosen = document.selection.read(document.rect)[..., 0] / 255
    paint.bucket(document, layer, (300, 250), COLOUR, 255, contiguous=False)
    after = layer.image.read(document.rect)
    expected = over(before, COLOUR, chosen)
    visible = after[..., 3] > 0
    assert np.abs(after - expected)[visible].max() <= 0.6
    assert (after[chosen == 0] == before[chosen == 0]).all()
    document.undo()
    layer.lock = Lock.ALPHA
    paint.bucket(document, layer, (300, 250), COLOUR, 255, contiguous=False)
    assert (layer.image.read(document.rect)[..., 3] == before[..., 3]).all()
    layer.lock = Lock.PIXELS
    with pytest.raises(Locked):
        paint.bucket(document, layer, (300, 250), COLOUR)


def test_on_an_empty_layer_by_the_picture():
    before = patches()
    document = Document.from_pixels(before.copy())
    layer = PixelLayer("Empty", TiledImage(4, np.uint8))
    document.layers += (layer,)
    paint.bucket(document, layer, (300, 250), COLOUR, 12, sample_all=True)
    found = selections.wand(before, (300, 250), 12)
    after = layer.image.read(document.rect)
    assert (after[..., 3] == found).all()
    assert (after[found == 0] == 0).all()
    document.undo()
    assert not layer.image.tiles
    paint.bucket(document, layer, (300, 250), COLOUR)  # by the layer, all of which is alike
    assert (layer.image.read(document.rect) == [204, 77, 26, 255]).all()
    with pytest.raises(ValueError, match="outside"):
        paint.bucket(document, layer, (600, 3), COLOUR)


def test_on_a_mask():
    values = patches()[..., :1]
    document = Document.from_pixels(patches(seed=3))
    layer = document.layers[0]
    layer.mask = LayerMask(TiledImage.from_array(values.copy(), default=255))
    paint.bucket(document, layer, (300, 250), (1, 1, 1), 12, antialias=False, on_mask=True)
    grey = np.concatenate([np.repeat(values, 3, axis=2), np.full_like(values, 255)], axis=2)
    found = selections.wand(grey, (300, 250), 12, antialias=False)[..., None]
    after = layer.mask.image.read(document.rect)
    assert (after == np.where(found > 0, 255, values)).all()
    document.undo()
    assert (layer.mask.image.read(document.rect) == values).all()


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("size", [1, 3, 5, 11])
def test_the_eyedropper_takes_the_mean(make_document, bits, size):
    document = make_document(60, 50, bits=bits, alpha=True)
    layer = document.layers[0]
    pixels = layer.image.read(document.rect).astype(float)
    layer.opacity = 0.5
    half = size // 2
    for x, y in ((30, 20), (0, 0), (59, 49), (2, 47)):
        part = pixels[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1].reshape(-1, 4)
        got = paint.sample(document, x + 0.99, y + 0.01, size, layer)
        if part[:, 3].sum() == 0:
            assert got is None
        else:
            expected = (part[:, :3] * part[:, 3:]).sum(axis=0) / part[:, 3].sum() / document.maximum
            assert got == pytest.approx(tuple(expected))
            assert paint.sample(document, x + 0.5, y + 0.5, size) == pytest.approx(got, abs=0.01)


def test_where_there_is_no_colour():
    document = Document.from_pixels(np.zeros((20, 30, 4), np.uint8))
    assert paint.sample(document, 5, 5) is None
    document = Document.from_pixels(np.full((20, 30, 4), 255, np.uint8))
    assert paint.sample(document, 29.9, 19.9) == (1, 1, 1)
    for place in ((-0.1, 5), (30, 5), (5, 20)):
        assert paint.sample(document, *place, size=5) is None

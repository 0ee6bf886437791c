"""A layer's mask is feathered as one entry, undone to the byte."""

import numpy as np
import pytest

from editor.document import layer_masks, stack
from editor.document.layers import LayerMask, Lock
from editor.document.model import Document, Locked
from editor.document.tiles import TiledImage


def _give(document: Document, values: np.ndarray, x: int = 0, y: int = 0, default: int = 0) -> None:
    image = TiledImage.from_array(values[..., None].copy(), x, y, default=default)
    stack.set_mask(document, document.layers[0], LayerMask(image), "Mask")
    document.history.clear()


def _values(document: Document) -> np.ndarray:
    return document.layers[0].mask.image.read(document.rect)[..., 0]


@pytest.fixture
def document(make_document) -> Document:
    """300 x 280, its left half shown."""
    document = make_document(300, 280)
    values = np.zeros((280, 300), np.uint8)
    values[:, :150] = 255
    _give(document, values)
    return document


def test_the_edge_becomes_a_gaussian_one(document):
    before, pixels = _values(document), document.composite(document.rect)
    layer_masks.feather(document, document.layers[0], 6.0)
    assert [entry.name for entry in document.history.entries] == ["Feather layer mask"]
    row = _values(document)[140].astype(float)
    slope = -np.diff(row)
    places = np.arange(1, 300)
    middle = (slope * places).sum() / slope.sum()
    spread = np.sqrt((slope * (places - middle) ** 2).sum() / slope.sum())
    assert middle == pytest.approx(150, abs=0.1) and spread == pytest.approx(6, abs=0.3)
    # It does not fade at the picture's border.
    assert np.array_equal(_values(document)[0], _values(document)[140])
    assert (_values(document)[:, :120] == 255).all() and not _values(document)[:, 180:].any()
    assert not np.array_equal(document.composite(document.rect), pixels)
    document.undo()
    assert np.array_equal(_values(document), before)
    assert np.array_equal(document.composite(document.rect), pixels)


def test_what_is_beyond_the_canvas_is_softened_with_it(document):
    _give(document, np.full((40, 40), 255, np.uint8), -20, 100)
    layer_masks.feather(document, document.layers[0], 4.0)
    mask = document.layers[0].mask.image
    row = mask.read(document.rect.moved(-150, 0))[120, :, 0].astype(int)
    assert np.array_equal(row[100:150], row[199:149:-1])  # the same on both sides of the middle, x = 0
    assert 0 < row[128] < 255


def test_a_mask_that_shows_all_else_stays_showing(document):
    values = np.full((280, 300), 255, np.uint8)
    values[100:120, 100:120] = 0
    _give(document, values, default=255)
    layer_masks.feather(document, document.layers[0], 3.0)
    mask = document.layers[0].mask.image
    assert mask.default == 255 and set(mask.tiles) == {(0, 0)}
    assert 0 < _values(document)[110, 100] < 255


def test_what_cannot_be_feathered(document):
    layer = document.layers[0]
    with pytest.raises(ValueError, match="cannot be feathered by -1 pixels"):
        layer_masks.feather(document, layer, -1)
    stack.set_mask(document, layer, LayerMask.revealing(), "All")
    document.history.clear()
    layer_masks.feather(document, layer, 5)
    stack.set_mask(document, layer, None, "None")
    layer_masks.feather(document, layer, 5)
    assert [entry.name for entry in document.history.entries] == ["None"]
    _give(document, np.eye(280, 300, dtype=np.uint8))
    document.set_layer(layer, "lock", Lock.ALL, "Lock")
    with pytest.raises(Locked):
        layer_masks.feather(document, layer, 5)

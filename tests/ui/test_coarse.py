"""The quick look at a large picture is what its own composite has at the picked pixels."""

import numpy as np
import pytest

from editor.document.adjustments import Levels, LevelsChannel
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage, TileWriter
from editor.ui.coarse import Coarse

WIDTH, HEIGHT = 700, 530


@pytest.fixture(params=[np.uint8, np.uint16])
def document(request) -> Document:
    random = np.random.default_rng(3)
    maximum = np.iinfo(request.param).max

    def layer(name: str, x: int = 0, y: int = 0, **options) -> PixelLayer:
        pixels = random.integers(0, maximum, (HEIGHT, WIDTH, 4), request.param, endpoint=True)
        return PixelLayer(name, TiledImage.from_array(pixels, x, y), **options)

    mask = random.integers(0, 256, (300, 300, 1), np.uint8)
    levels = AdjustmentLayer("Levels", Levels(rgb=LevelsChannel(gamma=1.7)))
    levels.mask = LayerMask(TiledImage.from_array(mask, 90, 70, default=255))
    group = Group("Group", [layer("A", -130, -75, opacity=0.6), layer("B", 300, 41, clipping=True), levels])
    return Document(WIDTH, HEIGHT, request.param, [layer("Photograph"), group], has_alpha=True)


def _wanted(document: Document, step: int) -> np.ndarray:
    whole = document.composite(Rect(0, 0, WIDTH + step, HEIGHT + step))
    return whole[step // 2 :: step, step // 2 :: step]


def _assert_same(one: np.ndarray, other: np.ndarray) -> None:
    """But for the last bit: a processor rounds rows of other lengths otherwise."""
    assert one.shape == other.shape and np.abs(one.astype(int) - other).max() <= 1


@pytest.mark.parametrize("step", [2, 4, 8, 64])
def test_it_is_the_composite_at_the_picked_pixels(document, step):
    inside = Rect(0, 0, WIDTH // step, HEIGHT // step)
    seen = Coarse(document, step).composite(inside)
    _assert_same(seen, _wanted(document, step)[: inside.height, : inside.width])


def test_it_follows_every_change(document):
    coarse = Coarse(document, 4)
    area = Rect(0, 0, WIDTH // 4, HEIGHT // 4)
    coarse.composite(area)
    layer = document.layers[0]
    TileWriter(layer.image).write(Rect(250, 250, 60, 60), np.full((60, 60, 4), 7, document.dtype))
    del document.layers[1].children[0].image.tiles[0, 0]
    document.layers[1].opacity = 0.3
    document.layers[1].children[2].adjustment = Levels(rgb=LevelsChannel(gamma=0.4))
    _assert_same(coarse.composite(area), _wanted(document, 4)[: area.height, : area.width])


def test_the_document_itself_is_left_alone(document):
    before = document.composite(document.rect)
    tiles = dict(document.layers[0].image.tiles)
    Coarse(document, 8).composite(Rect(0, 0, 80, 60))
    assert all(document.layers[0].image.tiles[key] is tile for key, tile in tiles.items())
    assert np.array_equal(document.composite(document.rect), before)

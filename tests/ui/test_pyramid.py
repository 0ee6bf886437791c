"""Levels are means of the source; only what changed and is looked at is ever asked of it."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from editor.document.geometry import Rect
from editor.document.tiles import TILE
from editor.ui.pyramid import Pyramid, as_qimage


def as_array(image: QImage) -> np.ndarray:
    """(h, w, 4) premultiplied RGBA."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


class Source:
    """A picture that remembers what was asked of it."""

    def __init__(self, width: int, height: int, *, alpha: bool = False, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self.pixels = random.integers(0, 256, (height, width, 4), np.uint8)
        self.pixels[..., 3] = np.maximum(self.pixels.max(axis=-1), 1) if alpha else 255
        self.asked: list[Rect] = []
        self.empty = False

    def __call__(self, area: Rect) -> np.ndarray | None:
        self.asked.append(area)
        return None if self.empty else self.pixels[area.slices]

    def pyramid(self, **options) -> Pyramid:
        return Pyramid(self.pixels.shape[1], self.pixels.shape[0], self, **options)


def box_means(pixels: np.ndarray, step: int) -> np.ndarray:
    height, width = (-(-side // step) for side in pixels.shape[:2])
    out = np.empty((height, width, 4))
    for row in range(height):
        for column in range(width):
            block = pixels[row * step : (row + 1) * step, column * step : (column + 1) * step]
            out[row, column] = block.mean(axis=(0, 1))
    return out


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("level", [0, 1, 2, 3, 6])
def test_levels_are_box_means(level, alpha):
    source = Source(333, 211, alpha=alpha)
    pyramid = source.pyramid()
    shown = as_array(pyramid.read(level, pyramid.size(level)))
    out = np.abs(shown - box_means(source.pixels, 1 << level))
    assert out[:-1, :-1].max() <= (0.51 if level else 0)
    assert out.max() <= 1  # at the right and the bottom Pillow rounds means of fewer pixels less well


def test_an_area_is_that_part_of_the_whole():
    source = Source(700, 300)
    pyramid = source.pyramid()
    area = Rect(200, 100, 150, 90)
    assert np.array_equal(as_array(pyramid.read(0, area)), source.pixels[area.slices])
    assert pyramid.read(0, Rect(700, 0, 10, 10)) is None
    clipped = pyramid.read(0, Rect(-50, -50, 60, 60))
    assert (clipped.width(), clipped.height()) == (10, 10)


def test_only_tiles_that_are_read_are_made_and_only_once():
    source = Source(4 * TILE, 4 * TILE)
    pyramid = source.pyramid()
    for _ in range(2):
        pyramid.read(0, Rect(TILE + 5, TILE + 5, 10, 10))
        assert source.asked == [Rect(TILE, TILE, TILE, TILE)]


@pytest.mark.parametrize("level", [0, 1, 3])
def test_only_what_changed_is_made_again(level):
    source = Source(1000, 800)
    pyramid = source.pyramid()
    whole = pyramid.size(level)
    pyramid.read(level, whole)
    source.asked.clear()
    area = Rect(301, 99, 40, 31)
    source.pixels[area.slices] = (1, 2, 3, 255)
    pyramid.invalidate(area)
    assert source.asked == []  # not before it is looked at
    shown = as_array(pyramid.read(level, whole))
    step = 1 << level
    assert np.abs(shown - box_means(source.pixels, step)).max() <= (1 if level else 0)
    asked = source.asked[0]
    for other in source.asked[1:]:
        asked = asked.united(other)
    assert asked.intersected(area) == area
    assert asked.width < area.width + 2 * step and asked.height < area.height + 2 * step


def test_a_change_elsewhere_costs_nothing():
    source = Source(1000, 800)
    pyramid = source.pyramid()
    pyramid.read(0, Rect(0, 0, 100, 100))
    source.asked.clear()
    pyramid.invalidate(Rect(700, 700, 20, 20))
    pyramid.read(0, Rect(0, 0, 100, 100))
    assert source.asked == []


def test_two_changes_in_one_tile_are_both_seen():
    source = Source(200, 200)
    pyramid = source.pyramid()
    pyramid.read(0, pyramid.size(0))
    for x in (10, 150):
        area = Rect(x, x, 5, 5)
        source.pixels[area.slices] = 255
        pyramid.invalidate(area)
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)


def test_a_ready_half_serves_until_the_first_change():
    source = Source(301, 203)
    half = np.rint(box_means(source.pixels, 2)).astype(np.uint8)
    pyramid = source.pyramid(half=half)
    assert np.array_equal(as_array(pyramid.read(1, pyramid.size(1))), half)
    # Means of rounded means are within one step of the means.
    shown = as_array(pyramid.read(2, pyramid.size(2)))
    assert np.abs(shown[:50, :75] - box_means(source.pixels, 4)[:50, :75]).max() <= 1.01
    assert source.asked == []
    source.pixels[:10, :10] = 255
    pyramid.invalidate(Rect(0, 0, 10, 10))
    shown = as_array(pyramid.read(1, pyramid.size(1)))
    assert np.abs(shown - box_means(source.pixels, 2)).max() <= 1
    assert source.asked


def test_nothing_to_show():
    source = Source(600, 100)
    source.empty = True
    pyramid = source.pyramid()
    assert pyramid.read(0, pyramid.size(0)) is None
    assert pyramid.read(2, pyramid.size(2)) is None


def test_what_was_there_goes_when_there_is_nothing_any_more():
    source = Source(100, 100)
    pyramid = source.pyramid()
    pyramid.read(0, pyramid.size(0))
    source.empty = True
    pyramid.invalidate(Rect(20, 30, 10, 10))
    shown = as_array(pyramid.read(0, pyramid.size(0)))
    expected = source.pixels.copy()
    expected[30:40, 20:30] = 0
    assert np.array_equal(shown, expected)


def test_part_of_an_empty_tile_is_filled_later():
    source = Source(100, 100)
    source.empty = True
    pyramid = source.pyramid()
    assert pyramid.read(0, pyramid.size(0)) is None
    source.empty = False
    pyramid.invalidate(Rect(20, 30, 10, 10))
    shown = as_array(pyramid.read(0, pyramid.size(0)))
    expected = np.zeros_like(source.pixels)
    expected[30:40, 20:30] = source.pixels[30:40, 20:30]
    assert np.array_equal(shown, expected)


def test_least_recently_read_tiles_are_let_go():
    source = Source(20 * TILE, TILE)
    pyramid = source.pyramid(budget=16 * TILE * TILE * 4)

    def read(column: int) -> int:
        source.asked.clear()
        pyramid.read(0, Rect(column * TILE, 0, 10, 10))
        return len(source.asked)

    for column in range(16):
        assert read(column) == 1
    assert read(0) == 0  # still there, and now the newest
    assert read(16) == 1  # pushes out 1
    assert read(0) == 0
    assert read(1) == 1
    assert len(pyramid._tiles) == 16


def test_more_than_the_budget_can_still_be_read():
    source = Source(20 * TILE, TILE)
    pyramid = source.pyramid(budget=1)
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)
    assert len(pyramid._tiles) == 16


def test_images_do_not_borrow_memory():
    pixels = np.full((3, 5, 4), 200, np.uint8)
    image = as_qimage(pixels[:, ::-1])
    pixels[:] = 0
    assert (as_array(image) == 200).all()

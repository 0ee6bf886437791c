"""Sparse tiles read and write like one plain array, share what they can and roll back."""

import numpy as np
import pytest

from editor.document.geometry import NOWHERE, Rect
from editor.document.tiles import TILE, TiledImage, TileWriter


def random_rect(random, width, height):
    """Any rectangle near the plane, partly or wholly outside it at times."""
    x, y = (int(value) for value in random.integers(-40, (width + 40, height + 40)))
    return Rect(x, y, int(random.integers(0, width + 60)), int(random.integers(0, height + 60)))


def rect_of(plain):
    return Rect(0, 0, plain.shape[1], plain.shape[0])


def plain_read(plain, area, default=0):
    """``area`` of an array, ``default`` outside it, one pixel at a time."""
    out = np.full((area.height, area.width, plain.shape[2]), default, plain.dtype)
    for row in range(area.height):
        for column in range(area.width):
            y, x = area.y + row, area.x + column
            if 0 <= y < plain.shape[0] and 0 <= x < plain.shape[1]:
                out[row, column] = plain[y, x]
    return out


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (TILE, TILE), (TILE + 1, TILE - 1), (2 * TILE + 3, 5), (3, 2 * TILE)]
)
def test_an_array_comes_back_the_same(width, height, dtype):
    plain = np.random.default_rng(1).integers(0, np.iinfo(dtype).max, (height, width, 3), dtype)
    image = TiledImage.from_array(plain)
    assert image.read(rect_of(plain)).tobytes() == plain.tobytes()
    assert image.maximum == np.iinfo(dtype).max
    boxes = [box for _, box in image.boxes(rect_of(plain))]
    assert len(boxes) == len(image.tiles) == -(-width // TILE) * -(-height // TILE)
    assert all(tile.shape == (TILE, TILE, 3) for tile in image.tiles.values())
    assert image.nbytes == len(boxes) * TILE * TILE * 3 * plain.itemsize


@pytest.mark.parametrize("default", [0, 255])
@pytest.mark.parametrize("corner", [(0, 0), (-300, -7), (513, 256), (-1, 1000)])
def test_an_array_may_lie_anywhere(corner, default):
    plain = np.random.default_rng(4).integers(0, 255, (270, 300, 1), np.uint8)
    image = TiledImage.from_array(plain, *corner, default=default)
    place = Rect(*corner, 300, 270)
    assert image.read(place).tobytes() == plain.tobytes()
    around = place.grown(9)
    np.testing.assert_array_equal(
        image.read(around), plain_read(plain, around.moved(-corner[0], -corner[1]), default)
    )
    assert image.filled().intersected(place) == place
    assert image.filled().intersected(image.bounds()) == image.bounds()


def test_bounds_hold_every_pixel_that_counts():
    random = np.random.default_rng(5)
    for _ in range(30):
        image = TiledImage(1, np.uint8, default=int(random.integers(0, 2)) * 255)
        assert image.bounds() == NOWHERE
        wanted = NOWHERE
        for _ in range(3):
            x, y = (int(value) for value in random.integers(-600, 600, 2))
            area = Rect(x, y, int(random.integers(1, 300)), int(random.integers(1, 300)))
            TileWriter(image).write(area, np.full((area.height, area.width, 1), 100, np.uint8))
            wanted = wanted.united(area)
        assert image.bounds() == wanted


def test_peeking_is_reading_without_a_copy_where_it_can():
    random = np.random.default_rng(6)
    plain = random.integers(1, 255, (600, 700, 2), np.uint8)
    image = TiledImage.from_array(plain)
    inside = Rect(300, 260, 40, 30)
    assert np.shares_memory(image.peek(inside), plain)
    for area in (inside, Rect(250, 250, 20, 20), Rect(0, 0, 700, 600)):
        np.testing.assert_array_equal(image.peek(area), plain[area.slices])
    assert image.peek(Rect(2000, 10, 5, 5)) is None
    assert image.peek(Rect(-900, -900, 600, 600)) is None


def test_reading_any_rectangle_is_like_slicing():
    random = np.random.default_rng(2)
    plain = random.integers(0, 255, (40, 300, 2), np.uint8)
    image = TiledImage.from_array(plain)
    for _ in range(25):
        area = random_rect(random, 300, 40)
        np.testing.assert_array_equal(image.read(area), plain_read(plain, area))


def test_writes_keep_to_their_rectangle_and_roll_back():
    random = np.random.default_rng(3)
    width, height = TILE + 20, TILE + 9
    for trial in range(20):
        plain = random.integers(0, 65535, (height, width, 1), np.uint16)
        plain[: trial * 10] = 0
        image = TiledImage.from_array(plain.copy())
        writer = TileWriter(image)
        expected, canvas = plain.copy(), rect_of(plain)
        for _ in range(4):
            area = random_rect(random, width, height)
            values = random.integers(0, 65535, (area.height, area.width, 1), np.uint16)
            writer.write(area, values)
            inside = area.intersected(canvas)
            expected[inside.slices] = values[inside.moved(-area.x, -area.y).slices]
            np.testing.assert_array_equal(image.read(area), values)
        np.testing.assert_array_equal(image.read(canvas), expected)
        writer.roll_back()
        np.testing.assert_array_equal(image.read(canvas), plain)
        assert not writer.before


def test_a_write_leaves_snapshots_and_the_other_tiles_alone():
    image = TiledImage.from_array(np.full((TILE * 2, TILE * 2, 1), 7, np.uint8))
    kept = image.snapshot()
    other = image.tiles[1, 1]
    TileWriter(image).write(Rect(10, 10, 5, 5), np.zeros((5, 5, 1), np.uint8))
    assert kept.read(Rect(0, 0, TILE * 2, TILE * 2)).min() == 7
    assert image.read(Rect(10, 10, 5, 5)).max() == 0
    assert image.tiles[1, 1] is other is kept.tiles[1, 1]
    TileWriter(kept).write(Rect(0, 0, 1, 1), np.full((1, 1, 1), 99, np.uint8))
    assert image.read(Rect(0, 0, 1, 1))[0, 0, 0] == 7


def test_zeros_take_no_tile():
    image = TiledImage(1, np.uint8)
    writer = TileWriter(image)
    writer.write(Rect(250, 250, 20, 20), np.ones((20, 20, 1), np.uint8))
    assert set(image.tiles) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert image.filled() == Rect(0, 0, 512, 512)
    writer.write(Rect(0, 0, 600, 300), np.zeros((300, 600, 1), np.uint8))
    assert image.tiles == {}
    assert image.filled() == NOWHERE
    writer.roll_back()
    assert image.tiles == {}


def test_tiles_cannot_be_written_in_place():
    image = TiledImage.from_array(np.zeros((4, 4, 1), np.uint8))
    TileWriter(image).write(Rect(0, 0, 2, 2), np.ones((2, 2, 1), np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        image.tiles[0, 0][0, 0] = 3
    with pytest.raises(ValueError, match="read-only"):
        TiledImage.from_array(np.ones((4, 4, 1), np.uint8)).tiles[0, 0][0, 0] = 3


def test_what_is_read_is_a_copy():
    image = TiledImage.from_array(np.ones((4, 4, 1), np.uint8))
    image.read(Rect(0, 0, 4, 4))[...] = 9
    assert image.read(Rect(0, 0, 4, 4)).max() == 1


@pytest.mark.parametrize(
    ("one", "other", "both", "shared"),
    [
        (Rect(0, 0, 4, 4), Rect(2, 3, 4, 4), Rect(0, 0, 6, 7), Rect(2, 3, 2, 1)),
        (Rect(0, 0, 4, 4), Rect(9, 9, 1, 1), Rect(0, 0, 10, 10), None),
        (Rect(5, 5, 0, 3), Rect(1, 1, 2, 2), Rect(1, 1, 2, 2), None),
        (Rect(1, 1, 2, 2), NOWHERE, Rect(1, 1, 2, 2), None),
    ],
)
def test_rectangles(one, other, both, shared):
    assert one.united(other) == other.united(one) == both
    assert (one.intersected(other) or None) == (other.intersected(one) or None) == shared
    assert one.moved(3, -2).moved(-3, 2) == one
    assert one.grown(2) == Rect(one.x - 2, one.y - 2, one.width + 4, one.height + 4)

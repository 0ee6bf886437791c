"""Strokes and polygons on the mask against slow references, pixel by pixel in float64."""

import math

import numpy as np
import pytest

from editor.document import masks
from editor.document.geometry import NOWHERE, Rect
from editor.document.history import Part
from editor.document.tiles import TiledImage, TileWriter

WIDTH, HEIGHT = 290, 275  # four tiles
RECT = Rect(0, 0, WIDTH, HEIGHT)


@pytest.fixture
def mask():
    return TiledImage(1, np.uint8)


def values_of(mask):
    return mask.read(RECT)[..., 0]


def disc(x, y, centre, radius, hardness):
    """How much a round brush covers a pixel: full inside, a falloff as wide as the brush is soft."""
    radius = max(radius, 0.5)
    width = max(radius * (1 - hardness), 1.0)
    distance = math.hypot(x + 0.5 - centre[0], y + 0.5 - centre[1])
    return min(max((radius + 0.5 - distance) / width, 0), 1)


def swept(area, start, end, radius, hardness):
    """The same brush put down at very many places from start to end: the most that any of them covers."""
    steps = int(math.dist(start, end) * 8) + 1
    out = np.zeros((HEIGHT, WIDTH))
    for y in range(area.y, area.bottom):
        for x in range(area.x, area.right):
            out[y, x] = max(
                disc(
                    x,
                    y,
                    (start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps),
                    radius,
                    hardness,
                )
                for i in range(steps + 1)
            )
    return np.rint(out * 255)


@pytest.mark.parametrize(
    ("start", "end", "radius", "hardness"),
    [
        ((20.5, 20.5), (20.5, 20.5), 6.0, 1.0),
        ((250.2, 250.7), (262.0, 259.5), 4.5, 1.0),
        ((250.2, 259.7), (262.0, 251.5), 7.0, 0.0),
        ((240.0, 256.0), (270.0, 256.0), 3.0, 0.5),
        ((256.0, 240.0), (256.0, 262.0), 0.5, 1.0),
        ((100.1, 100.9), (100.1, 100.9), 0.1, 1.0),
        ((-3.0, 4.0), (6.0, -2.0), 5.0, 0.8),
        ((287.0, 272.0), (295.0, 280.0), 6.0, 0.3),
    ],
)
def test_a_stroke_is_a_swept_disc(mask, start, end, radius, hardness):
    area = masks.draw_segment(TileWriter(mask), start, end, (radius, radius), hardness, RECT)
    reach = math.ceil(radius + 3)
    low = [math.floor(min(a, b)) - reach for a, b in zip(start, end, strict=True)]
    high = [math.ceil(max(a, b)) + reach for a, b in zip(start, end, strict=True)]
    around = Rect(low[0], low[1], high[0] - low[0], high[1] - low[1]).intersected(RECT)
    got, wanted = values_of(mask).astype(float), swept(around, start, end, radius, hardness)
    assert wanted.any()
    assert np.abs(got - wanted).max() <= 2
    assert not np.delete(got, np.s_[area.y : area.bottom], axis=0).any()
    assert not np.delete(got, np.s_[area.x : area.right], axis=1).any()


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_a_tapered_stroke_has_its_radius_at_every_point(mask, hardness):
    start, end, radii = (30.0, 40.0), (270.0, 150.0), (4.0, 24.0)
    masks.draw_segment(TileWriter(mask), start, end, radii, hardness, RECT)
    got = values_of(mask)
    length = math.dist(start, end)
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    for along in np.linspace(0, 1, 41):
        radius = radii[0] + along * (radii[1] - radii[0])
        for across in np.linspace(-30, 30, 61):
            x = math.floor(start[0] + ux * length * along - uy * across)
            y = math.floor(start[1] + uy * length * along + ux * across)
            if not (0 <= x < WIDTH and 0 <= y < HEIGHT):
                continue
            foot = ((x + 0.5 - start[0]) * ux + (y + 0.5 - start[1]) * uy) / length
            if not 0 <= foot <= 1:
                continue
            radius = radii[0] + foot * (radii[1] - radii[0])
            centre = (start[0] + ux * length * foot, start[1] + uy * length * foot)
            assert abs(int(got[y, x]) - 255 * disc(x, y, centre, radius, hardness)) <= 2


def test_strokes_only_add_and_an_eraser_only_takes_away(mask):
    random = np.random.default_rng(1)
    before = values_of(mask)
    for index in range(40):
        points = random.uniform(-20, 310, (2, 2))
        radii = tuple(random.uniform(0.2, 40, 2))
        erase = index % 3 == 2
        writer = TileWriter(mask)
        masks.draw_segment(
            writer, tuple(points[0]), tuple(points[1]), radii, float(random.random()), RECT, erase=erase
        )
        after = values_of(mask)
        assert (after <= before).all() if erase else (after >= before).all()
        before = after
    assert before.any()
    assert before.min() == 0


def test_the_same_stroke_erased_leaves_nothing_full(mask):
    stroke = ((40.3, 50.1), (200.0, 210.7), (12.0, 12.0), 1.0, RECT)
    masks.draw_segment(TileWriter(mask), *stroke)
    drawn = values_of(mask)
    masks.draw_segment(TileWriter(mask), *stroke, erase=True)
    left = values_of(mask)
    np.testing.assert_array_equal(left, np.minimum(drawn, 255 - drawn))


def test_a_stroke_that_changes_nothing_takes_no_memory(mask):
    stroke = ((40.0, 50.0), (60.0, 50.0), (9.0, 9.0), 1.0, RECT)
    masks.draw_segment(TileWriter(mask), *stroke)
    writer = TileWriter(mask)
    masks.draw_segment(writer, *stroke)
    masks.draw_segment(writer, (200.0, 200.0), (220.0, 200.0), (5.0, 5.0), 0.5, RECT, erase=True)
    assert not writer.before


@pytest.mark.parametrize("far", [(-900.0, -900.0), (5000.0, 20.0)])
def test_a_stroke_beside_the_picture_draws_nothing(mask, far):
    writer = TileWriter(mask)
    area = masks.draw_segment(writer, far, (far[0] + 5, far[1]), (8.0, 8.0), 0.5, RECT)
    assert not area
    assert not writer.before


def star(random, centre, points):
    angles = np.sort(random.uniform(0, 2 * math.pi, points))
    radii = random.uniform(30, 120, points)
    return [
        (centre[0] + r * math.cos(a), centre[1] + r * math.sin(a)) for a, r in zip(angles, radii, strict=True)
    ]


def edge_distance_and_side(corners, x, y):
    """Distance to the outline, and whether the point is inside (even-odd rule)."""
    nearest, inside = math.inf, False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        length2 = (bx - ax) ** 2 + (by - ay) ** 2
        t = min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2, 0), 1)
        nearest = min(nearest, math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return nearest, inside


@pytest.mark.parametrize("seed", range(6))
def test_a_polygon_is_full_inside_and_empty_outside(mask, seed):
    random = np.random.default_rng(seed)
    corners = star(random, random.uniform(60, 240, 2), 3 + seed * 2)
    area = masks.draw_polygon(TileWriter(mask), corners, RECT)
    got = values_of(mask)
    checked = {True: 0, False: 0}
    for x, y in random.integers(0, (WIDTH, HEIGHT), (3000, 2)):
        distance, inside = edge_distance_and_side(corners, x + 0.5, y + 0.5)
        if distance > 2:  # the anti-aliased outline is a little wider than one pixel
            assert got[y, x] == (255 if inside else 0)
            checked[inside] += 1
    assert min(checked.values()) > 40
    outside = np.ones_like(got, bool)
    outside[area.slices] = False
    assert not got[outside].any()


@pytest.mark.parametrize("seed", range(6))
def test_the_area_of_a_polygon(mask, seed):
    random = np.random.default_rng(seed)
    corners = star(random, (145, 137), 3 + seed * 2)
    corners = [(min(max(x, 2), WIDTH - 2), min(max(y, 2), HEIGHT - 2)) for x, y in corners]
    masks.draw_polygon(TileWriter(mask), corners, RECT)
    pairs = list(zip(corners, corners[1:] + corners[:1], strict=True))
    exact = abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2
    outline = sum(math.dist(a, b) for a, b in pairs)
    # The anti-aliased outline reaches a good half pixel outwards.
    assert -2 <= values_of(mask).sum() / 255 - exact <= outline * 0.75 + 2


def test_whole_pixels_of_a_rectangle_are_hit_exactly(mask):
    masks.draw_polygon(TileWriter(mask), [(250, 20), (262, 20), (262, 40), (250, 40)], RECT)
    got = values_of(mask)
    assert (got[21:39, 251:261] == 255).all()
    got[19:41, 249:263] = 0
    assert not got.any()


def test_a_polygon_erases_and_two_corners_are_none(mask):
    masks.invert(mask, RECT).swap()
    corners = [(30.0, 30.0), (200.0, 40.0), (120.0, 200.0)]
    masks.draw_polygon(TileWriter(mask), corners, RECT, erase=True)
    got = values_of(mask)
    assert got[80, 110] == 0
    assert got[250, 280] == 255
    assert masks.draw_polygon(TileWriter(mask), corners[:2], RECT) == NOWHERE
    np.testing.assert_array_equal(values_of(mask), got)


@pytest.mark.parametrize("corner", [-500.0, 900.0])
def test_a_polygon_around_or_beside_the_picture(mask, corner):
    beside = [(corner, 0.0), (corner + 50, 0.0), (corner, 50.0)]
    assert not masks.draw_polygon(TileWriter(mask), beside, RECT)
    around = [(-1000.0, -1000.0), (3000.0, -1000.0), (-1000.0, 3000.0)]
    masks.draw_polygon(TileWriter(mask), around, RECT)
    assert (values_of(mask) == 255).all()


def scribble(mask, seed):
    random = np.random.default_rng(seed)
    for _ in range(6):
        start, end = random.uniform(0, 270, (2, 2))
        masks.draw_segment(TileWriter(mask), tuple(start), tuple(end), (9.0, 14.0), 0.4, RECT)


def test_inverting_twice_is_nothing(mask):
    scribble(mask, 1)
    before = values_of(mask)
    masks.invert(mask, RECT).swap()
    np.testing.assert_array_equal(values_of(mask), 255 - before)
    masks.invert(mask, RECT).swap()
    np.testing.assert_array_equal(values_of(mask), before)


def test_inverting_an_empty_and_a_full_mask(mask):
    edit = masks.invert(mask, RECT)
    edit.swap()
    assert (values_of(mask) == 255).all()
    masks.invert(mask, RECT).swap()
    assert mask.tiles == {}
    masks.invert(mask, RECT).swap()
    edit.swap()
    assert mask.tiles == {}


@pytest.mark.parametrize("change", ["clear", "invert", "replace"])
def test_an_edit_of_the_whole_mask_undoes_itself(mask, change):
    scribble(mask, 2)
    before = values_of(mask)
    new = np.zeros((HEIGHT, WIDTH), np.uint8)
    new[100, 260] = 3
    edit = {
        "clear": lambda: masks.clear(mask),
        "invert": lambda: masks.invert(mask, RECT),
        "replace": lambda: masks.replace(mask, new),
    }[change]()
    assert edit.parts == Part.SELECTION
    np.testing.assert_array_equal(values_of(mask), before)  # nothing happens before the swap
    edit.swap()
    after = values_of(mask)
    expected = {"clear": np.zeros_like(before), "invert": 255 - before, "replace": new}[change]
    np.testing.assert_array_equal(after, expected)
    differ = np.argwhere(before != after)
    area = edit.area
    assert area.x <= differ[:, 1].min() and differ[:, 1].max() < area.right
    assert area.y <= differ[:, 0].min() and differ[:, 0].max() < area.bottom
    edit.swap()
    np.testing.assert_array_equal(values_of(mask), before)
    edit.swap()
    np.testing.assert_array_equal(values_of(mask), after)


def test_replace_takes_a_copy(mask):
    values = np.zeros((HEIGHT, WIDTH), np.uint8)
    values[3, 4] = 9
    edit = masks.replace(mask, values)
    values[...] = 77
    edit.swap()
    assert values_of(mask).sum() == 9


def test_bounds(mask):
    assert mask.bounds() == NOWHERE
    random = np.random.default_rng(3)
    for _ in range(30):
        values = np.zeros((HEIGHT, WIDTH), np.uint8)
        count = int(random.integers(1, 5))
        rows, columns = random.integers(0, HEIGHT, count), random.integers(0, WIDTH, count)
        values[rows, columns] = random.integers(1, 256, count)
        masks.replace(mask, values).swap()
        x, y = int(columns.min()), int(rows.min())
        assert mask.bounds() == Rect(x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1)
    masks.clear(mask).swap()
    assert mask.bounds() == NOWHERE

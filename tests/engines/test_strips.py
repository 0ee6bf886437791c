"""Strips: an edge goes on along its line, at every size and angle, and lines that say nothing do no harm."""

import numpy as np
import pytest

from engines.base import Box, Region
from engines.removal import strips, views
from engines.removal.filling import fill_region
from engines.removal.paths import Path
from engines.removal.profiles import LEAST_STEP
from engines.removal.strips import Seen, lay

ONE, OTHER = np.float32([0.2, 0.3, 0.8]), np.float32([0.9, 0.7, 0.1])
GREY = np.float32([0.5, 0.5, 0.5])


def grey(image, known):
    """In the network's place: it knows nothing of lines."""
    return np.broadcast_to(GREY, image.shape)


def signed(shape, line):
    """(h, w) pixels off a straight line (2, 2), to its right positive."""
    start, end = np.asarray(line, float)
    across, down = (end - start) / np.hypot(*(end - start))
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    return (y - start[1]) * across - (x - start[0]) * down


def edge(shape, line):
    """A picture of two colours that meet along a straight line."""
    right = (signed(shape, line) + 0.5).clip(0, 1).astype(np.float32)[..., None]
    return ONE + right * (OTHER - ONE)


def through(width, height, degrees, aside=0.0):
    """A line through the middle of a picture, ``aside`` pixels off it."""
    along = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    middle = np.array([width, height]) / 2 + aside * np.array([-along[1], along[0]])
    return np.array([middle - 0.45 * min(width, height) * along, middle + 0.45 * min(width, height) * along])


def hole_of(width, height, share=0.4):
    hole = np.zeros((height, width), bool)
    x, y = round(width * (1 - share) / 2), round(height * (1 - share) / 2)
    hole[y : height - y, x : width - x] = True
    return hole


def region_of(image, hole, *guides):
    height, width = hole.shape
    image = np.where(hole[..., None], np.float32([1, 0, 1]), image)
    lines = tuple(np.float32(guide) for guide in guides)
    return Region(Box(0, 0, width, height), image, hole, hole.astype(np.float32), lines)


def filled(region, network=grey):
    """The region's picture with its hole filled, and how far the run told it was each time."""
    told = []
    patch = fill_region(region, network, told.append)
    out = region.image.copy()
    out[patch.box.slices] = np.where(patch.alpha[..., None] > 0, patch.rgb, out[patch.box.slices])
    assert told == sorted(told)
    assert told[-1] <= 1
    return out


def seen_of(image, hole):
    return Seen(np.where(hole[..., None], np.float32([1, 0, 1]), image), hole, np.zeros_like(hole))


@pytest.mark.parametrize("degrees", [0, 90, 37, 145, -80, 180])
@pytest.mark.parametrize("size", [(260, 260), (512, 400), (900, 700)])
def test_an_edge_goes_on_along_its_line(degrees, size):
    line = through(*size, degrees)
    truth, hole = edge(size[::-1], line), hole_of(*size)
    scale = max(size) / 512
    near = hole & (np.abs(signed(hole.shape, line)) < 2.5 * scale) & (hole_of(*size, 0.3))
    without = np.abs(filled(region_of(truth, hole)) - truth)[near]
    follows = np.abs(filled(region_of(truth, hole, line)) - truth)[near]
    assert without.mean() > 0.2
    assert follows.mean() < 0.06


def test_the_line_survives_the_finer_scales():
    size = (2600, 2400)
    line = through(*size, 20)
    truth, hole = edge(size[::-1], line), hole_of(*size)
    follows = filled(region_of(truth, hole, line))
    off = signed(hole.shape, line)
    inside = hole_of(*size, 0.3)
    for low, high, colour in ((-9, -4, ONE), (4, 9, OTHER)):
        band = inside & (off > low) & (off < high)
        assert (
            np.abs(follows[band] - colour).mean() < 0.05
        )  # 5 of the 5.1 pixels that a first run's pixel has


@pytest.mark.parametrize("off", [-2.0, 1.5, 2.5])
def test_a_line_drawn_a_little_beside_its_edge_finds_it(off):
    size = (512, 512)
    truth, hole = edge(size, through(*size, 30)), hole_of(*size)
    image, left = lay(seen_of(truth, hole), [through(*size, 30, off)])
    laid = hole & ~left
    assert laid.sum() > 1000
    assert np.abs(image - truth)[laid].mean() < 0.04


def test_a_line_with_one_known_end_is_carried_as_far_as_it_was_drawn():
    line = through(400, 400, 0)
    truth, hole = edge((400, 400), line), hole_of(400, 400)
    short = np.array([[90.0, 200.0], [200.0, 200.0]])
    truth[:, 300:] = GREY  # beyond the hole there is nothing that it could lead to
    image, left = lay(seen_of(truth, hole), [short])
    laid = hole & ~left
    columns = np.flatnonzero(laid.any(axis=0))
    assert (columns[0], columns[-1]) == (120, 199)
    assert np.abs(image[196:204, 120:199] - truth[196:204, 120:199]).max() < 0.02


def test_a_line_within_the_hole_belongs_to_the_edge_it_points_at():
    line = through(400, 400, 0)
    truth, hole = edge((400, 400), line), hole_of(400, 400)
    inner = np.array([[180.0, 200.0], [220.0, 200.0]])
    image, left = lay(seen_of(truth, hole), [inner])
    laid = hole & ~left
    assert (np.flatnonzero(laid.any(axis=0))[[0, -1]] == [180, 219]).all()
    assert np.abs(image - truth)[laid].max() < 0.02


def test_of_a_line_that_the_photograph_knows_nothing_of_the_first_fill_tells():
    hole = hole_of(400, 400, 0.6)
    inner = np.array([[180.0, 160.0], [220.0, 240.0]])
    flat = np.broadcast_to(GREY, (400, 400, 3)).copy()
    seen = seen_of(flat, hole)
    image, left = lay(seen, [inner])
    assert image is not seen.image or (left == hole).all()
    assert (left == hole).all()
    image, left = lay(seen, [inner], flat)
    laid = hole & ~left
    off = signed(hole.shape, inner)
    step = image[laid & (off > 1)].mean() - image[laid & (off < -1)].mean()
    assert abs(step) == pytest.approx(LEAST_STEP, rel=0.05)
    image, left = lay(seen, [inner], edge((400, 400), inner))  # and what it shows is kept
    assert np.abs(image - edge((400, 400), inner))[hole & ~left].mean() < 0.03


def test_crossing_lines_go_on_both_and_leave_the_crossing_open():
    size = (400, 400)
    dark = np.float32([0.1, 0.1, 0.1])
    truth = np.broadcast_to(GREY, (400, 400, 3)).copy()
    lines = [through(*size, 20), through(*size, 110)]
    truth[np.abs(signed(size, lines[0])) < 2] = dark
    truth[np.abs(signed(size, lines[1])) < 2] = ONE
    hole = hole_of(*size)
    image, left = lay(seen_of(truth, hole), lines)
    apart = np.hypot(*(np.mgrid[0:400, 0:400] - 199.5)) > 12
    for line, colour in zip(lines, (dark, ONE), strict=True):
        core = hole & apart & (np.abs(signed(size, line)) < 1)
        assert not left[core].any()
        assert np.abs(image[core] - colour).mean() < 0.05
    assert left[~apart].any()
    order = lay(seen_of(truth, hole), lines[::-1])
    np.testing.assert_array_equal(order[1], left)
    np.testing.assert_allclose(order[0], image, atol=1e-6)


def test_a_drawn_curve_of_many_points_is_followed():
    turn = np.linspace(0, np.pi, 50)
    centre, radius = np.array([200.0, 260.0]), 120.0
    curve = centre + radius * np.stack([-np.cos(turn), -np.sin(turn)], axis=1)
    y, x = np.mgrid[0:400, 0:400] + 0.5
    outside = (np.hypot(x - centre[0], y - centre[1]) - radius + 0.5).clip(0, 1).astype(np.float32)[..., None]
    truth = ONE + outside * (OTHER - ONE)
    hole = np.zeros((400, 400), bool)
    hole[100:200, 140:260] = True
    image, left = lay(seen_of(truth, hole), [curve])
    laid = hole & ~left
    assert laid.sum() > 700
    assert np.abs(image - truth)[laid].mean() < 0.06


HARMLESS = [
    np.array([[10.0, 10.0], [90.0, 12.0]]),  # beside the hole
    np.array([[-500.0, -400.0], [-300.0, -800.0]]),  # off the picture
    np.array([[100.0, 100.0], [100.0, 100.0]]),  # a dot
]


@pytest.mark.parametrize("line", HARMLESS)
def test_a_line_that_does_not_pass_over_the_hole_changes_nothing(line):
    truth, hole = edge((300, 300), through(300, 300, 45)), hole_of(300, 300)
    seen = seen_of(truth, hole)
    for first_fill in (None, truth):
        image, left = lay(seen, [line], first_fill)
        np.testing.assert_array_equal(image, seen.image)
        np.testing.assert_array_equal(left, hole)


ODD = [
    np.array([[90.0, 0.0], [90.0, 300.0]]),  # along the hole's border
    np.array([[-1e6, 150.0], [1e6, 150.5]]),  # far longer than the picture
    np.array([[0.0, 0.0], [300.0, 300.0]]),  # corner to corner
    np.array([[150.0, 150.0], [150.0, 1e7]]),
    np.array([[100.0, 100.0], [150.0, 150.0], [100.0, 100.0], [200.0, 150.0]]),  # there and back
    np.array([[300.0, 0.0], [300.0, 300.0]]),
]


@pytest.mark.parametrize("line", ODD)
@pytest.mark.parametrize("at_border", [False, True])
def test_odd_lines_give_a_picture_all_the_same(line, at_border):
    truth, hole = edge((300, 300), through(300, 300, 45)), hole_of(300, 300)
    if at_border:
        hole[:, 90:] = True
    region = region_of(truth, hole, line)
    out = filled(region)
    assert np.isfinite(out).all()
    assert out.min() >= 0
    assert out.max() <= 1
    np.testing.assert_array_equal(out[~hole], region.image[~hole])


def test_colours_are_never_taken_from_what_the_square_mirrors():
    """Of a wide picture the network sees mirror images above and below; a slanted line goes on differently
    there."""
    truth, hole = edge((120, 300), through(300, 120, 60)), np.zeros((120, 300), bool)
    hole[20:, 90:210] = True  # down to the picture's border
    line = np.array([[150 - 60 / np.sqrt(3), 0.0], [150 + 60 / np.sqrt(3), 120.0]])
    out = filled(region_of(truth, hole, line))
    near = hole & (np.abs(signed(hole.shape, line)) < 1.2)
    near[:24] = False
    assert np.abs(out - truth)[near].mean() < 0.1


@pytest.mark.parametrize("seed", range(8))
def test_the_views_turn_the_lines_with_the_picture(seed):
    size = (300, 200)
    line = through(*size, 25)
    truth, hole = edge(size[::-1], line), hole_of(*size)
    region = region_of(truth, hole, line)
    patch = views.turned_back(
        fill_region(views.turned(region, seed), grey, lambda fraction: None), region, seed
    )
    out = region.image.copy()
    out[patch.box.slices] = patch.rgb
    near = hole & (np.abs(signed(hole.shape, line)) < 1) & hole_of(*size, 0.3)
    assert np.abs(out - truth)[near].mean() < 0.08
    assert len(views.turned(region, seed).guides) == 1


@pytest.mark.parametrize("size", [(260, 300), (900, 700)])
def test_without_lines_nothing_is_as_much_as_looked_at(size, monkeypatch):
    truth, hole = edge(size[::-1], through(*size, 30)), hole_of(*size)
    before = filled(region_of(truth, hole))
    monkeypatch.setattr(strips, "lay", None)
    np.testing.assert_array_equal(filled(region_of(truth, hole)), before)


def test_a_path_says_where_it_lies_in_the_hole():
    hole = np.zeros((100, 100), bool)
    hole[:, 30:50] = hole[:, 60:70] = True
    path = Path.of(np.array([[10.0, 50.0], [90.0, 50.0]]))
    one, two = path.runs(hole, 20)
    assert (one.start, two.start) == pytest.approx((20, 50), abs=0.6)
    assert (one.stop, two.stop) == pytest.approx((40, 60), abs=0.6)
    assert None not in (one.before, one.after, two.before, two.after)
    (inner,) = Path.of(np.array([[35.0, 50.0], [40.0, 50.0]])).runs(hole, 7)
    assert (inner.start, inner.stop) == pytest.approx((0, 5), abs=0.6)
    assert inner.before == pytest.approx(-5, abs=0.6)
    assert inner.after is None  # farther than 7
    assert Path.of(np.array([[5.0, 5.0]])) is None
    assert Path.of(np.array([[200.0, 5.0], [300.0, 5.0]])).runs(hole, 20) == []

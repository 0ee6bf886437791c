"""Where new lines are pulled to: ends, crossings, extensions, vanishing points, parallels, 15 degrees."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.document.guide import INK, LINE, Guide
from editor.document.snapping import (
    CROSSING,
    END,
    EXTENSION,
    PARALLEL,
    VANISHING,
    Snap,
    aligned,
    constrained,
    snapped,
    vanishing_points,
)

LEVEL = Guide(LINE, ((100, 100), (300, 100)))
UPRIGHT = Guide(LINE, ((500, 200), (500, 400)))
SLOPE = Guide(LINE, ((100, 400), (200, 300)))
LINES = LEVEL, UPRIGHT, SLOPE


def towards(place, angle, near=300.0, far=700.0):
    """A line that would come from ``place`` in a direction, in degrees."""
    way = np.array((math.cos(math.radians(angle)), math.sin(math.radians(angle))))
    return Guide(LINE, (np.array(place) + near * way, np.array(place) + far * way))


def test_ends_come_before_crossings_and_those_before_extensions():
    assert snapped((303, 104), LINES, 6) == Snap((300, 100), END, (LEVEL,))
    assert snapped((303, 104), LINES, 4.9) == Snap((303, 100), EXTENSION, (LEVEL,))
    assert snapped((303, 104), LINES, 3.9) is None
    assert snapped((497, 104), LINES, 6) == Snap((500, 100), CROSSING, (LEVEL, UPRIGHT))
    assert snapped((497, 104), LINES, 4.5) == Snap((500, 104), EXTENSION, (UPRIGHT,))
    # The slope, which goes on to (400, 100), passes 1 pixel off.
    point = pytest.approx((450, 50))
    snap = snapped((451, 51), LINES, 6)
    assert snap == Snap(point, EXTENSION, (SLOPE,))


def test_the_nearest_of_each_kind():
    other = Guide(LINE, ((304, 100), (390, 180)))
    assert snapped((301, 100), [LEVEL, other], 6).point == (300, 100)
    assert snapped((303, 100), [LEVEL, other], 6).point == (304, 100)


def test_nothing_to_snap_to():
    ink = Guide(INK, ((0, 0), (10, 0)))
    dot = Guide(LINE, ((5, 5), (5, 5)))
    for lines in ([], [ink], [dot], [ink, dot]):
        assert snapped((1, 1), lines, 50) is None
        assert aligned((0, 0), (20, 1), lines, 50) is None
        assert vanishing_points(lines) == []


def test_two_lines_meet_far_beyond_the_picture():
    place = 5000, -300
    lines = [towards(place, 170), towards(place, 185)]
    ((found, through),) = vanishing_points(lines)
    assert found == pytest.approx(place)
    assert set(through) == set(lines)
    anchor = 200, 900
    snap = aligned(anchor, (900, 730), lines, 8)
    assert snap.kind == VANISHING
    assert math.dist(snap.point, (900, 730)) <= 8
    way, whole = np.subtract(snap.point, anchor), np.subtract(place, anchor)
    assert way[0] * whole[1] == pytest.approx(way[1] * whole[0])
    assert aligned(anchor, (900, 700), lines, 8) is None


@given(
    place=st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)),
    angles=st.sets(st.sampled_from(range(0, 180, 12)), min_size=3),
    seed=st.integers(0, 99),
)
def test_lines_that_nearly_meet_agree_on_one_place(place, angles, seed):
    random = np.random.default_rng(seed)
    exact = [towards(place, angle, 400, 1400) for angle in angles]
    lines = [Guide(LINE, np.array(line.points) + random.uniform(-0.5, 0.5, (2, 2))) for line in exact]
    ((found, through),) = vanishing_points(lines)
    assert set(through) == set(lines)
    assert math.dist(found, place) < 20


def test_of_many_lines_chance_crossings_of_two_are_none():
    random = np.random.default_rng(0)
    place = 3000, 500
    agreeing = [towards(place, angle, 500, 3000) for angle in (150, 165, 180, 195, 210)]
    chance = [Guide(LINE, random.uniform(0, 4000, (2, 2))) for _ in range(5)]
    found = vanishing_points([*chance, *agreeing])
    assert found[0][0] == pytest.approx(place)
    assert set(agreeing) <= set(found[0][1])
    assert all(len(through) >= 3 for _, through in found)


def test_corners_are_no_vanishing_points():
    corner = [Guide(LINE, ((0, 0), (100, 0))), Guide(LINE, ((0, 0), (0, 100)))]
    assert vanishing_points(corner) == []
    cross = [Guide(LINE, ((0, 50), (100, 50))), Guide(LINE, ((50, 0), (50, 100)))]
    assert vanishing_points(cross) == []
    junction = [Guide(LINE, ((0, 0), (100, 0))), Guide(LINE, ((50, 5), (50, 100)))]
    assert vanishing_points(junction) == []


def test_parallel_to_a_line():
    snap = aligned((0, 500), (200, 503), [LEVEL], 5)
    assert snap == Snap((200, 500), PARALLEL, (LEVEL,))
    rails = [LEVEL, Guide(LINE, ((100, 120), (300, 120.5)))]  # they meet nowhere near
    assert vanishing_points(rails) == []
    assert aligned((0, 500), (200, 503), rails, 5).kind == PARALLEL


def test_what_most_lines_agree_on_wins():
    place = 4000, 0
    lines = [towards(place, angle, 1000, 3000) for angle in (170, 175, 185)]
    anchor = np.array((1000.0, 800.0))
    exact = np.subtract(place, anchor) / math.dist(place, anchor) * 600 + anchor
    parallel = Guide(LINE, np.add((anchor, exact), ((0, 200), (0, 200.5))))
    point = float(exact[0]), float(exact[1] + 0.5)
    snap = aligned(tuple(anchor), point, [parallel, *lines], 8)
    assert snap.kind == VANISHING
    assert len(snap.lines) == 3
    assert snap.point == pytest.approx(exact, abs=0.3)


def test_any_number_of_lines_is_quick_enough_to_drag_by():
    random = np.random.default_rng(1)
    lines = [Guide(LINE, random.uniform(0, 4000, (2, 2))) for _ in range(1000)]
    assert len(vanishing_points(lines)) <= 8
    assert snapped((2000, 2000), lines, 4000) is not None


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((10, 0.5), (10, 0)),
        ((7, 8), (7.5, 7.5)),
        ((-3, 0), (-3, 0)),
        ((0.5, -10), (0, -10)),
        ((0, 0), (0, 0)),
    ],
)
def test_steps_of_15_degrees(point, expected):
    anchor = 100, 200
    there = constrained(anchor, (anchor[0] + point[0], anchor[1] + point[1]))
    assert there == pytest.approx((anchor[0] + expected[0], anchor[1] + expected[1]))


@given(x=st.floats(-500, 500), y=st.floats(-500, 500))
def test_no_step_is_nearer(x, y):
    there = constrained((0, 0), (x, y))
    for number in range(24):
        way = math.cos(math.radians(15 * number)), math.sin(math.radians(15 * number))
        along = max(x * way[0] + y * way[1], 0)
        assert math.dist(there, (x, y)) <= math.dist((along * way[0], along * way[1]), (x, y)) + 1e-9

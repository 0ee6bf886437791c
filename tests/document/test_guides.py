"""Guides: what one may be, each edit an entry, the eraser against a dense sampling, and as pixels."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from editor.document import guides
from editor.document.geometry import NOWHERE, Rect
from editor.document.guide import FARTHEST, INK, LINE, MAX_GUIDES, MAX_POINTS, MAX_WIDTH, Guide
from editor.document.guide_geometry import cut, distance, rasterise, reaches
from editor.document.history import Part

FIRST = Guide(LINE, ((10, 20), (90, 40)))
SECOND = Guide(LINE, ((50, 5), (50, 95)))
STROKE = Guide(INK, ((5, 60), (30, 62), (60, 58), (95, 60)), width=4, pressures=(0.2, 1, 0.7, 0.4))
DOT = Guide(INK, ((70, 80),), width=6)
ALL = FIRST, SECOND, STROKE, DOT

coordinates = st.floats(-200, 200)
points = st.tuples(coordinates, coordinates)


@st.composite
def ink(draw):
    places = tuple(draw(st.lists(points, min_size=1, max_size=8)))
    pressures = draw(st.none() | st.tuples(*[st.floats(0, 1)] * len(places)))
    return Guide(INK, places, draw(st.floats(0.1, 20)), pressures, draw(st.booleans()))


lines = st.builds(Guide, st.just(LINE), st.tuples(points, points), enabled=st.booleans())


@pytest.fixture
def document(make_document):
    made = make_document(100, 100)
    guides.add(made, *ALL)
    return made


# -- one guide --


@given(guide=ink() | lines)
def test_a_guide_comes_back_from_json(guide):
    again = Guide.from_dict(json.loads(json.dumps(guide.to_dict())))
    assert again == guide
    assert hash(again) == hash(guide)


def test_numbers_of_numpy_become_plain_ones():
    guide = Guide(INK, np.float32([[1, 2], [3, 4.5]]), np.float64(3), np.float32([0, 0.5]), np.True_)
    assert guide == Guide(INK, ((1, 2), (3, 4.5)), 3, (0, 0.5), True)
    json.dumps(guide.to_dict())


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "curve"},
        {"kind": []},
        {"points": ((1, 2),), "kind": LINE},
        {"points": ()},
        {"points": ((0, 0),) * (MAX_POINTS + 1)},
        {"points": ((0, math.nan),)},
        {"points": ((math.inf, 0),)},
        {"points": ((0, -FARTHEST - 1),)},
        {"width": 0},
        {"width": math.nan},
        {"width": MAX_WIDTH + 1},
        {"pressures": (1,)},
        {"pressures": (1, 1.1)},
        {"pressures": (-0.1, 1)},
        {"pressures": (math.nan, 1)},
        {"kind": LINE, "pressures": (1, 1)},
        {"kind": LINE, "width": 3},
    ],
)
def test_what_no_guide_can_be(change):
    with pytest.raises(ValueError, match=r"guide|line|stroke|ink|pressure") as caught:
        Guide(**({"kind": INK, "points": ((1, 2), (3, 4))} | change))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        "line",
        {},
        {"kind": "line"},
        {"kind": {}, "points": [], "enabled": True},
        FIRST.to_dict() | {"width": 3.0},
        FIRST.to_dict() | {"enabled": 1},
        FIRST.to_dict() | {"points": [[1, 2], [3, "4"]]},
        FIRST.to_dict() | {"points": [[1, 2], [3, True]]},
        FIRST.to_dict() | {"points": [[1, 2], [3, 4, 5]]},
        FIRST.to_dict() | {"points": [[1, 2], [3, 10**400]]},
        FIRST.to_dict() | {"points": [[1, 2], [3, math.nan]]},
        FIRST.to_dict() | {"points": {"a": 1}},
        STROKE.to_dict() | {"width": None},
        STROKE.to_dict() | {"width": 10**400},
        STROKE.to_dict() | {"pressures": 1},
        STROKE.to_dict() | {"pressures": [1.0, None, 1.0, 1.0]},
        STROKE.to_dict() | {"extra": 1},
        {key: value for key, value in STROKE.to_dict().items() if key != "pressures"},
    ],
)
def test_nothing_else_is_taken_for_a_guide(plain):
    with pytest.raises(ValueError, match=r"guide|line|stroke|ink|pressure") as caught:
        Guide.from_dict(plain)
    assert "\n" not in str(caught.value)


# -- edits --


def test_each_edit_is_an_entry_and_goes_both_ways(document):
    states = [(), ALL]

    def edited(edit, name):
        edit()
        assert document.history.entries[-1].name == name
        assert document.history.entries[-1].edit.parts == Part.GUIDES
        states.append(document.guides)

    assert document.history.entries[0].name == "Add lines"
    moved = replace(FIRST, points=((10, 20), (90, 50)))
    thicker = replace(STROKE, width=9)
    edited(lambda: guides.replace(document, FIRST, moved), "Move line")
    assert document.guides == (moved, SECOND, STROKE, DOT)
    edited(lambda: guides.replace(document, STROKE, thicker), "Change sketch")
    edited(lambda: guides.replace(document, moved, replace(moved, enabled=False)), "Turn line off")
    edited(lambda: guides.replace(document, document.guides[0], moved), "Turn line on")
    edited(lambda: guides.replace(document, DOT, replace(DOT, enabled=False)), "Turn sketch off")
    edited(lambda: guides.add(document, FIRST), "Structure line")
    edited(lambda: guides.add(document, STROKE), "Sketch")
    edited(lambda: guides.delete(document, [moved]), "Delete line")
    edited(lambda: guides.delete(document, [STROKE]), "Delete sketch line")
    assert document.guides == (SECOND, thicker, replace(DOT, enabled=False), FIRST)
    edited(lambda: guides.delete(document, [FIRST, thicker]), "Delete lines")
    edited(lambda: guides.clear(document, INK), "Clear sketch")
    assert document.guides == (SECOND,)
    edited(lambda: guides.clear(document, LINE), "Clear lines")
    assert document.guides == ()
    for position in (*range(len(states) - 1, -1, -1), *range(len(states))):
        document.go_to(position)
        assert document.guides == states[position]


def test_what_changes_nothing_makes_no_entry(document):
    count = len(document.history.entries)
    guides.add(document)
    guides.delete(document, [])
    guides.replace(document, FIRST, FIRST)
    guides.erase(document, [(99, 99)], 3)
    guides.erase(document, [], 3)
    guides.clear(document, LINE)
    guides.clear(document, LINE)
    guides.clear(document)
    guides.clear(document)
    assert len(document.history.entries) == count + 2


def test_of_two_that_are_alike_one_goes(document):
    guides.add(document, FIRST)
    guides.delete(document, [FIRST])
    assert document.guides.count(FIRST) == 1
    guides.add(document, FIRST)
    guides.delete(document, [FIRST, FIRST])
    assert document.guides.count(FIRST) == 0


def test_a_guide_from_elsewhere_and_too_many_are_refused(document):
    other = Guide(LINE, ((0, 0), (1, 1)))
    refused = [
        (lambda: guides.delete(document, [FIRST, other]), "not in this picture"),
        (lambda: guides.replace(document, other, FIRST), "not in this picture"),
        (lambda: guides.add(document, *[other] * MAX_GUIDES), "5,000 guides, and these are 5,004"),
        (
            lambda: guides.add(document, Guide(INK, ((0, 0),) * (MAX_POINTS - 1))),
            "200,000 points, and these are 200,008",
        ),
    ]
    for edit, words in refused:
        with pytest.raises(ValueError, match=words):
            edit()
    assert document.guides == ALL
    assert len(document.history.entries) == 1


def test_observers_hear_what_looks_different(document):
    changes = []
    document.observers.append(changes.append)
    moved = Guide(LINE, ((200, 200), (210, 220)))
    guides.replace(document, FIRST, moved)
    assert changes[0].parts == Part.GUIDES
    assert changes[0].area == FIRST.bounds.united(moved.bounds)
    for guide in ALL:
        shown = rasterise([guide], Rect(-20, -20, 140, 140)) > 0
        rows, columns = (np.flatnonzero(shown.any(axis=axis)) - 20 for axis in (1, 0))
        assert guide.bounds.x <= columns[0]
        assert guide.bounds.right > columns[-1]
        assert guide.bounds.y <= rows[0]
        assert guide.bounds.bottom > rows[-1]


def test_the_picture_has_nothing_of_them(document):
    shown = document.composite(document.rect)
    guides.clear(document)
    assert (document.composite(document.rect) == shown).all()
    document.undo()
    kept = document.snapshot()
    guides.clear(document)
    assert kept.guides == ALL


# -- finding --


def test_handles_come_before_bodies_and_the_uppermost_first(document):
    assert guides.nearest(document, 50, 50, 3) == (SECOND, None)
    assert guides.nearest(document, 11, 21, 3) == (FIRST, 0)
    assert guides.nearest(document, 88, 40, 3) == (FIRST, 1)
    assert guides.nearest(document, 30, 65, 1.5) == (STROKE, None)  # its rim is at 64
    assert guides.nearest(document, 30, 66, 1.5) is None
    assert guides.nearest(document, 70, 83.5, 1) == (DOT, None)
    above = Guide(LINE, ((40, 50), (60, 50)))
    guides.add(document, above)
    assert guides.nearest(document, 50, 50, 3) == (above, None)
    assert guides.nearest(document, 42, 50, 3) == (above, 0)
    guides.replace(document, above, replace(above, enabled=False))
    assert guides.nearest(document, 60.5, 50, 3) == (replace(above, enabled=False), 1)


def test_lines_for_engines(document):
    guides.add(document, replace(FIRST, enabled=False), Guide(LINE, ((1, 1), (1.5, 1))))
    assert guides.to_lines(document).tolist() == [[10, 20, 90, 40], [50, 5, 50, 95]]
    guides.clear(document)
    assert guides.to_lines(document).shape == (0, 4)


# -- erasing --


def sampled(guide, count=400):
    """Places along a guide, (n, 2), in even steps of its segments."""
    points = np.array(guide.points)
    if len(points) == 1:
        return points
    at = np.linspace(0, len(points) - 1, count * (len(points) - 1) + 1)
    return np.column_stack([np.interp(at, np.arange(len(points)), axis) for axis in points.T])


def away(places, start, end):
    """How far places are from the way from ``start`` to ``end``."""
    start, end = np.array(start), np.array(end)
    along = end - start
    share = ((places - start) @ along / max(along @ along, 1e-300)).clip(0, 1)
    return np.hypot(*(places - start - share[:, None] * along).T)


@given(guide=ink(), start=points, end=points, radius=st.floats(0.5, 60))
def test_ink_is_cut_where_the_eraser_passes(guide, start, end, radius):
    left = cut(guide, start, end, radius)
    largest = max(guide.pressures or (1,)) * guide.width / 2
    gaps = away(sampled(guide), start, end) - radius - largest
    assume(abs(gaps.min()) > 1e-3)
    if left is None:
        assert gaps.min() > -1e-3 or len({*guide.points}) == 1 or guide.length < 1e-2
        return
    for piece in left:
        # What it only touches, by less than this, it leaves.
        assert (away(sampled(piece), start, end) - radius - largest).min() > -1e-3
        assert (piece.width, piece.enabled) == (guide.width, guide.enabled)
        assert {*guide.points} >= {*piece.points[1:-1]}
    # All that lay outside is there still: each place of it is on a piece.
    outside = sampled(guide)[gaps > 0.06]
    pieces = [
        away(outside, *pair) for piece in left for pair in zip(piece.points, piece.points[1:], strict=False)
    ]
    assert len(outside) == 0 or np.min(pieces, axis=0).max() < 1e-6
    # The same again takes nothing more.
    assert all(cut(piece, start, end, radius) is None for piece in left)


def test_a_stroke_is_split_and_keeps_its_pressure(document):
    guides.erase(document, [(45, 40), (45, 80)], 5)
    left, right = document.guides[1:3]
    assert document.guides == (FIRST, left, right, DOT)
    assert document.history.entries[-1].name == "Erase sketch"
    assert left.points[:-1] == STROKE.points[:2]
    assert right.points[1:] == STROKE.points[2:]
    assert left.points[-1] == pytest.approx((45 - 5 - 2, 62 - 4 * 8 / 30))  # half the width is kept off, too
    assert right.points[0] == pytest.approx((45 + 5 + 2, 62 - 4 * 22 / 30))
    assert left.pressures == pytest.approx((0.2, 1, 1 - 0.3 * 8 / 30))
    assert right.pressures == pytest.approx((1 - 0.3 * 22 / 30, 0.7, 0.4))
    document.undo()
    assert document.guides == ALL


def test_dots_go_whole_and_lines_too(document):
    guides.erase(document, [(70, 90)], 6.9)
    assert document.guides == ALL
    guides.erase(document, [(70, 90)], 7.1)
    assert document.guides == (FIRST, SECOND, STROKE)
    guides.erase(document, [(49.5, 0), (49.5, 10)], 0.4)
    assert document.guides == (FIRST, SECOND, STROKE)
    guides.erase(document, [(49.5, 0), (49.5, 10)], 0.6)
    assert document.guides == (FIRST, STROKE)
    guides.erase(document, [(-9, 60), (120, 60)], 20)
    assert document.guides == ()


def test_a_drag_shows_at_once_and_is_one_entry(document):
    changes = []
    document.observers.append(changes.append)
    eraser = guides.Eraser(document, 4)
    eraser.line_to(99, 99)
    assert changes == []
    eraser.line_to(20, 61)
    eraser.line_to(80, 61)
    assert [change.parts for change in changes] == [Part.GUIDES] * 2
    assert all(change.area for change in changes)
    assert len(document.history.entries) == 1
    gone = document.guides
    assert len(gone) != len(ALL)
    eraser.roll_back()
    assert document.guides == ALL
    assert len(document.history.entries) == 1

    eraser = guides.Eraser(document, 4)
    for place in ((99, 99), (20, 61), (80, 61)):
        eraser.line_to(*place)
    eraser.commit()
    eraser.commit()
    assert document.guides == gone
    assert len(document.history.entries) == 2
    document.undo()
    assert document.guides == ALL
    document.redo()
    assert document.guides == gone


def test_cuts_that_would_make_too_many_are_refused(document):
    crowd = [Guide(INK, ((0, y / 50), (99, y / 50))) for y in range(MAX_GUIDES - 4)]
    guides.add(document, *crowd)
    before = document.guides
    with pytest.raises(ValueError, match="5,000 guides"):
        guides.erase(document, [(30, -10), (30, 110)], 2)
    assert document.guides == before
    assert len(document.history.entries) == 2


# -- reaching and pixels --


@given(guide=ink() | lines, x=st.integers(-150, 100), y=st.integers(-150, 100), side=st.integers(1, 150))
def test_what_shows_in_an_area_reaches_it(guide, x, y, side):
    area = Rect(x, y, side, side)
    places = sampled(guide)
    within = (places > (x + 1e-9, y + 1e-9)).all(axis=1) & (places < (x + side - 1e-9, y + side - 1e-9)).all(
        axis=1
    )
    if within.any():
        assert reaches(guide, area)
    if not guide.bounds.grown(1).intersected(area):
        assert not reaches(guide, area)


def test_a_line_past_a_corner_does_not_reach():
    slope = Guide(LINE, ((0, 100), (100, 0)))
    assert not reaches(slope, Rect(0, 0, 40, 40))
    assert reaches(slope, Rect(0, 0, 51, 51))
    assert not reaches(slope, Rect(60, 60, 40, 40))


@given(guide=ink(), point=points)
def test_the_distance_is_that_to_the_nearest_place(guide, point):
    uniform = replace(guide, pressures=None)
    gap = np.hypot(*(sampled(uniform) - point).T).min() - uniform.width / 2
    assert distance(uniform, point) == pytest.approx(max(gap, 0), abs=1)
    assert distance(uniform, point) <= max(gap, 0) + 1e-9


def supersampled(guide, area, factor=16):
    """The share of each pixel that lies in a stroke: as many places in it as it takes."""
    rows, columns = np.mgrid[: area.height * factor, : area.width * factor]
    places = np.column_stack([columns.ravel(), rows.ravel()]) / factor + 0.5 / factor + (area.x, area.y)
    radius = guide.width / 2
    pairs = list(zip(guide.points, guide.points[1:], strict=False)) or [guide.points * 2]
    inside = np.min([away(places, *pair) for pair in pairs], axis=0) <= radius
    return inside.reshape(area.height, factor, area.width, factor).mean(axis=(1, 3))


@pytest.mark.parametrize("width", [0.6, 1, 1.7, 5, 12])
@pytest.mark.parametrize(
    "points",
    [
        ((10, 7), (40, 7)),
        ((8.3, 9.1), (38.4, 31.7)),
        ((10, 38), (12.5, 2)),
        ((20.2, 21.9),),
        ((5, 5), (20, 30), (35, 8), (36, 9)),
    ],
)
def test_strokes_as_pixels_are_what_they_cover(points, width):
    area = Rect(-3, -2, 50, 44)
    guide = Guide(INK, points, width)
    drawn, expected = rasterise([guide], area), supersampled(guide, area)
    assert drawn.dtype == np.float32
    assert drawn.shape == (44, 50)
    assert 0 <= drawn.min() <= drawn.max() <= 1
    # A dot thinner than a pixel is drawn as a short stroke would be, and a corner within has its rim rounded.
    assert np.abs(drawn - expected).max() < (0.31 if len(points) > 2 or width < 1 else 0.19)
    assert np.abs(drawn - expected).mean() < 0.005
    if len(points) > 1:
        assert drawn.sum() == pytest.approx(expected.sum(), rel=0.04)


def test_pressure_tapers(document):
    taper = Guide(INK, ((10, 50), (90, 50)), 20, (0, 1))
    drawn = rasterise([taper], document.rect)
    thickness = drawn.sum(axis=0)
    for x in (20, 40, 60, 80):
        assert thickness[x] == pytest.approx((x + 0.5 - 10) / 80 * 20, abs=0.2)
    assert drawn[:, 5].sum() == 0


def test_lines_have_the_width_asked_for_and_those_off_do_not_show(document):
    rect = document.rect
    assert rasterise([SECOND], rect)[40:60].sum(axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    assert rasterise([SECOND], rect, 3)[40:60].sum(axis=1) == pytest.approx(np.full(20, 3), abs=1e-5)
    off = [replace(guide, enabled=False) for guide in ALL]
    assert not rasterise(off, rect).any()
    both = np.maximum(rasterise([FIRST], rect), rasterise([DOT], rect))
    assert (rasterise([FIRST, DOT], rect) == both).all()
    assert rasterise(ALL, NOWHERE).shape == (0, 0)


def test_an_area_is_cut_out_of_the_whole():
    far = Guide(LINE, ((-FARTHEST, -FARTHEST), (FARTHEST, FARTHEST)))
    crowd = [*ALL, far]
    whole = rasterise(crowd, Rect(0, 0, 100, 100))
    assert whole[70, 70] == 1
    np.testing.assert_allclose(rasterise(crowd, Rect(31, 17, 40, 60)), whole[17:77, 31:71], atol=1e-4)

"""Rectangle and ellipse selection: boxes in whole pixels, and what keys mean before and after the press."""

import numpy as np
import pytest
from gestures import bounds, drag, make_bench, mask, names, press

from editor.document import select
from editor.tools.base import Pointer
from editor.tools.marquee import EllipseSelection, RectangleSelection
from editor.tools.overlay import Line, Note


@pytest.fixture
def document(make_document):
    return make_document(600, 400)


@pytest.fixture
def rectangle():
    return RectangleSelection(make_bench())


@pytest.fixture
def ellipse():
    return EllipseSelection(make_bench())


@pytest.mark.parametrize("start, end", [((100, 50), (300, 200)), ((300, 200), (100, 50))])
def test_a_drag_selects_whole_pixels(document, whole, rectangle, start, end):
    before = whole(document)
    drag(rectangle, document, (start[0] + 0.3, start[1] - 0.4), (end[0] - 0.2, end[1] + 0.4))
    assert bounds(document) == (100, 50, 200, 150) and (mask(document)[50:200, 100:300] == 255).all()
    assert names(document) == ["Rectangular selection"] and rectangle.shapes(document) == ()
    document.undo()
    assert whole(document) == before


def test_it_shows_its_outline_and_size(document, rectangle):
    press(rectangle, document, (100, 50), (300, 200))
    line, note = rectangle.shapes(document)
    assert isinstance(line, Line) and line.closed
    assert line.points == ((100, 50), (300, 50), (300, 200), (100, 200))
    assert isinstance(note, Note) and note.text == "200 × 150 px" and note.at == (300, 200)


def test_beyond_the_canvas_it_ends_at_its_edge(document, ellipse):
    drag(ellipse, document, (500, 300), (900, 900))
    selected = mask(document)
    assert bounds(document) == (500, 300, 100, 100)
    assert selected[350, 550] == 255 and selected[301, 501] == selected[398, 598] == 0


def test_shift_makes_it_square_and_alt_begins_in_its_middle(document, rectangle):
    press(rectangle, document, (300, 200), (350, 220))
    rectangle.move(document, Pointer(350, 220, constrain=True))
    assert rectangle.shapes(document)[1].text == "50 × 50 px"
    rectangle.move(document, Pointer(350, 220, invert=True))
    assert rectangle.shapes(document)[0].points[0] == (250, 180)
    rectangle.release(document, Pointer(350, 220, constrain=True, invert=True))
    rectangle.release(document, Pointer(350, 220))
    assert bounds(document) == (250, 180, 100, 40)


def test_keys_that_were_held_at_first_mean_the_way_until_they_are_let_go(document, rectangle):
    drag(rectangle, document, (0, 0), (50, 50))
    press(rectangle, document, (300, 200), (350, 220), constrain=True)
    assert rectangle.shapes(document)[1].text == "50 × 20 px"
    rectangle.move(document, Pointer(350, 220))
    rectangle.move(document, Pointer(350, 220, constrain=True))
    assert rectangle.shapes(document)[1].text == "50 × 50 px"
    rectangle.release(document, Pointer(350, 250, constrain=True))
    assert mask(document)[10, 10] == mask(document)[240, 340] == 255


def test_where_nothing_is_selected_the_keys_are_for_the_shape_at_once(document, ellipse):
    drag(ellipse, document, (300, 200), (350, 220), constrain=True, invert=True)
    assert bounds(document) == (250, 150, 100, 100)
    area = (mask(document) / 255).sum()
    assert area == pytest.approx(np.pi * 50**2, rel=1e-3)


def test_the_four_ways(document, rectangle):
    drag(rectangle, document, (100, 100), (300, 300))
    drag(rectangle, document, (250, 50), (400, 200), constrain=True)
    assert mask(document)[60, 390] == 255 and bounds(document) == (100, 50, 300, 250)
    drag(rectangle, document, (0, 0), (600, 100), invert=True)
    assert bounds(document) == (100, 100, 300, 200)
    drag(rectangle, document, (90, 90), (200, 400), constrain=True, invert=True)
    assert bounds(document) == (100, 100, 100, 200)
    rectangle.how = "add"
    drag(rectangle, document, (150, 150), (500, 200))
    assert bounds(document) == (100, 100, 400, 200)


def test_a_click_deselects_and_a_tiny_drag_is_a_click(document, rectangle):
    for end in ((500.5, 10), (502, 11)):
        drag(rectangle, document, (100, 100), (300, 300))
        drag(rectangle, document, (500, 10), end)
        assert not mask(document).any()
    drag(rectangle, document, (500, 10), (502, 12), scale=4.0)  # seen from nearer it is a drag
    assert bounds(document) == (500, 10, 2, 2)


def test_a_drag_on_the_selection_moves_its_edge(document, rectangle):
    drag(rectangle, document, (100, 100), (300, 300))
    drag(rectangle, document, (200, 200), (250, 190))
    assert bounds(document) == (150, 90, 200, 200)


def test_fixed_ratio(document, rectangle):
    rectangle.style, rectangle.ratio_width, rectangle.ratio_height = "ratio", 3.0, 2.0
    drag(rectangle, document, (100, 100), (160, 300))
    assert bounds(document) == (100, 100, 300, 200)


def test_fixed_size_needs_no_drag(document, rectangle):
    rectangle.style, rectangle.fixed_width, rectangle.fixed_height = "size", 120.0, 40.0
    press(rectangle, document, (50, 60), (200, 210))
    assert rectangle.shapes(document)[0].points[0] == (200, 210)
    rectangle.cancel(document)
    drag(rectangle, document, (50, 60))
    assert bounds(document) == (50, 60, 120, 40)


def test_the_numbers_of_another_style_are_not_shown(rectangle):
    shown = {}
    for style in ("free", "ratio", "size"):
        rectangle.style = style
        attributes = {option.attribute for option in rectangle.options}
        shown[style] = {name for name in attributes - rectangle.unused if "width" in name}
    assert shown == {"free": set(), "ratio": {"ratio_width"}, "size": {"fixed_width"}}


def test_feather_reaches_beyond_the_box_and_stays_one_entry(document, rectangle):
    select.rectangle(document, (10, 10, 40, 40))
    rectangle.feather = 8.0
    drag(rectangle, document, (200, 100), (400, 300), constrain=True)
    row = mask(document)[200, 160:240].astype(int)
    assert (np.diff(row) >= 0).all() and row[0] == 0 and 120 < row[40] < 140 and row[-1] == 255
    assert mask(document)[20, 20] == 255 and mask(document)[9, 20] == 0  # what was there keeps its edge
    assert len(names(document)) == 2


def test_cancel_and_settle_drop_the_box(document, rectangle):
    for end in (rectangle.cancel, rectangle.settle):
        press(rectangle, document, (10, 10), (100, 100))
        end(document)
        rectangle.release(document, Pointer(100, 100))
        assert rectangle.shapes(document) == () and names(document) == []

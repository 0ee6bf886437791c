"""Lasso and polygon: what the line surrounds, one entry each, and every way to end a polygon."""

import numpy as np
import pytest
from gestures import bounds, clicks, drag, make_bench, mask, names, press

from editor.document import select
from editor.tools.base import Pointer
from editor.tools.lasso import CLOSING, Lasso, Polygon
from editor.tools.overlay import Line

SQUARE = ((100, 100), (300, 100), (300, 250), (100, 250))


def outline(tool, document) -> tuple:
    return next((shape.points for shape in tool.shapes(document) if isinstance(shape, Line)), ())


def is_square(selected: np.ndarray, value: int = 255) -> bool:
    inside = selected[100:250, 100:300]
    return bool((inside == value).all() and (selected == value).sum() == inside.size)


@pytest.fixture
def document(make_document):
    return make_document(600, 400)


@pytest.fixture
def lasso():
    return Lasso(make_bench())


@pytest.fixture
def polygon():
    return Polygon(make_bench())


# -- lasso ---------------------------------------------------------------------------------------------


def test_the_lasso_selects_what_it_surrounds(document, whole, lasso):
    before = whole(document)
    drag(lasso, document, *SQUARE)
    assert is_square(mask(document))
    assert names(document) == ["Lasso"] and lasso.shapes(document) == ()
    document.undo()
    assert whole(document) == before


def test_the_lasso_shows_its_line_while_it_is_drawn(document, lasso):
    press(lasso, document, (1, 2), (3, 4))
    assert outline(lasso, document) == ((1, 2), (3, 4))
    assert not mask(document).any()


def test_points_nearer_than_the_screen_shows_are_left_out(document, lasso):
    press(lasso, document, (10, 10), (10.5, 10), (12, 10), (12.4, 10.4))
    assert outline(lasso, document) == ((10, 10), (12, 10))


def test_another_lasso_takes_the_place_of_the_first(document, lasso):
    drag(lasso, document, (310, 300), (400, 300), (400, 380))
    drag(lasso, document, *SQUARE)
    assert is_square(mask(document))


def test_the_keys_add_take_away_and_intersect(document, lasso):
    drag(lasso, document, *SQUARE)
    drag(lasso, document, *((x + 250, y) for x, y in SQUARE), constrain=True)
    assert bounds(document) == (100, 100, 450, 150) and not mask(document)[150, 320]
    drag(lasso, document, (340, 90), (560, 90), (560, 260), (340, 260), invert=True)
    assert is_square(mask(document))
    drag(lasso, document, (0, 0), (200, 0), (200, 400), (0, 400), constrain=True, invert=True)
    assert bounds(document) == (100, 100, 100, 150)
    assert names(document) == ["Lasso"] * 4


def test_the_option_adds_without_a_key(document, lasso):
    lasso.how = "add"
    for step in (0, 50):  # the second begins on the first and is no move of its edge
        drag(lasso, document, *((x + step, y) for x, y in SQUARE))
    assert bounds(document) == (100, 100, 250, 150)


def test_where_nothing_is_selected_every_way_selects(document, lasso):
    lasso.how = "subtract"
    drag(lasso, document, *SQUARE, constrain=True, invert=True)
    assert is_square(mask(document))


def test_a_click_deselects(document, lasso):
    for place in ((10, 10), (150, 150)):  # beside the selection, and on it
        drag(lasso, document, *SQUARE)
        drag(lasso, document, place)
        assert not mask(document).any() and names(document)[-1] == "Deselect"


def test_a_click_that_adds_changes_nothing(document, lasso):
    drag(lasso, document, *SQUARE)
    drag(lasso, document, (10, 10), constrain=True)
    assert is_square(mask(document)) and names(document) == ["Lasso"]


def test_a_click_and_a_short_line_on_nothing_are_no_entry(document, lasso):
    drag(lasso, document, (100, 100))
    drag(lasso, document, (100, 100), (120, 140))
    assert names(document) == [] and not mask(document).any()


def test_a_lasso_partly_outside_selects_what_is_inside(document, lasso):
    drag(lasso, document, (-50, -50), (100, -50), (100, 100), (-50, 100))
    assert bounds(document) == (0, 0, 100, 100)


def test_feather_and_hard_edges(document, lasso):
    lasso.feather = 6.0
    drag(lasso, document, *SQUARE)
    column = mask(document)[60:140, 200].astype(int)
    assert (np.diff(column) >= 0).all() and 120 < column[40] < 140 and 0 < column[30] < 60
    lasso.feather, lasso.antialias = 0.0, False
    drag(lasso, document, (10, 10), (50, 15), (30, 60))
    assert set(np.unique(mask(document))) == {0, 255}


def test_cancel_drops_the_lasso(document, lasso):
    press(lasso, document, *SQUARE)
    assert lasso.cancel(document) and lasso.shapes(document) == ()
    lasso.move(document, Pointer(0, 0))
    lasso.release(document, Pointer(0, 0))
    assert names(document) == [] and not lasso.cancel(document)


# -- moving the edge -----------------------------------------------------------------------------------


def test_a_drag_that_begins_on_the_selection_moves_its_edge(document, lasso):
    drag(lasso, document, *SQUARE)
    pixels = document.composite(document.rect).tobytes()
    press(lasso, document, (150, 150), (170.4, 140))
    assert lasso.selection_shift == (20, -10) and is_square(mask(document))
    assert [shape.text for shape in lasso.shapes(document)] == ["+20, \N{MINUS SIGN}10 px"]
    lasso.release(document, Pointer(170.4, 140))
    assert bounds(document) == (120, 90, 200, 150) and lasso.selection_shift == (0, 0)
    assert names(document) == ["Lasso", "Move selection"]
    assert document.composite(document.rect).tobytes() == pixels
    document.undo()
    assert is_square(mask(document))


def test_shift_moves_the_edge_straight_once_it_is_being_moved(document, lasso):
    drag(lasso, document, *SQUARE)
    lasso.press(document, Pointer(150, 150))
    lasso.move(document, Pointer(200, 155, constrain=True))
    assert lasso.selection_shift == (50, 0)


def test_what_leaves_the_canvas_comes_back_within_one_drag(document, lasso):
    drag(lasso, document, *SQUARE)
    press(lasso, document, (150, 150), (-100, 150))
    lasso.move(document, Pointer(150, 150))
    lasso.release(document, Pointer(150, 150))
    assert is_square(mask(document)) and names(document) == ["Lasso"]


@pytest.mark.parametrize("end", ["cancel", "settle"])
def test_a_move_that_is_broken_off(document, lasso, end):
    drag(lasso, document, *SQUARE)
    press(lasso, document, (150, 150), (170, 170))
    getattr(lasso, end)(document)
    kept = end == "settle"
    assert bounds(document) == ((120, 120, 200, 150) if kept else (100, 100, 200, 150))
    assert names(document) == ["Lasso"] + ["Move selection"] * kept
    lasso.release(document, Pointer(170, 170))
    assert bounds(document)[0] == (120 if kept else 100)


def test_the_cursor_tells_where_a_drag_moves(document, lasso):
    drag(lasso, document, *SQUARE)
    cursors = []
    for place, how in (((150, 150), {}), ((150, 150), {"constrain": True}), ((20, 20), {})):
        lasso.hover(document, Pointer(*place, **how))
        cursors.append(lasso.cursor)
    assert cursors == ["move", "cross", "cross"]


def test_arrow_keys_move_the_edge_as_one_entry(document, lasso):
    assert not lasso.nudge(document, 1, 0)
    drag(lasso, document, *SQUARE)
    for step in ((1, 0), (10, 0), (0, -1)):
        assert lasso.nudge(document, *step)
    assert bounds(document) == (111, 99, 200, 150)
    assert names(document) == ["Lasso", "Move selection"]
    document.undo()
    assert is_square(mask(document))


def test_arrow_keys_after_something_else_are_an_entry_of_their_own(document, lasso):
    drag(lasso, document, *SQUARE)
    lasso.nudge(document, 5, 0)
    select.feather(document, 2)
    lasso.nudge(document, 5, 0)
    assert names(document) == ["Lasso", "Move selection", "Feather selection", "Move selection"]


def test_arrow_keys_there_and_back_leave_no_entry(document, lasso):
    drag(lasso, document, *SQUARE)
    lasso.nudge(document, 5, 0)
    lasso.nudge(document, -5, 0)
    assert is_square(mask(document)) and document.history.position == 1
    lasso.nudge(document, 0, 3)
    assert names(document) == ["Lasso", "Move selection"] and bounds(document)[1] == 103


# -- polygon -------------------------------------------------------------------------------------------


def test_enter_closes_a_polygon(document, whole, polygon):
    before = whole(document)
    clicks(polygon, document, *SQUARE)
    assert not mask(document).any() and outline(polygon, document) == SQUARE
    assert polygon.finish(document)
    assert is_square(mask(document))
    assert names(document) == ["Polygon"] and polygon.shapes(document) == ()
    document.undo()
    assert whole(document) == before


def test_the_first_corner_closes_a_polygon(document, polygon):
    clicks(polygon, document, *SQUARE, (100 + CLOSING * 0.6, 100 - CLOSING * 0.6))
    assert is_square(mask(document)) and polygon.shapes(document) == ()
    assert names(document) == ["Polygon"]


@pytest.mark.parametrize("scale", [0.25, 1.0, 8.0])
def test_how_near_the_first_corner_counts_on_the_screen(document, polygon, scale):
    clicks(polygon, document, *SQUARE, (100 + CLOSING / scale * 1.2, 100), scale=scale)
    assert names(document) == []
    clicks(polygon, document, (100 + CLOSING / scale * 0.9, 100), scale=scale)
    assert len(names(document)) == 1


def test_two_corners_do_not_close(document, polygon):
    clicks(polygon, document, (100, 100), (103, 100), (101, 100))
    assert names(document) == [] and len(outline(polygon, document)) == 3


def test_a_double_click_closes_at_its_corner(document, polygon):
    """The canvas sends a press for the first click of the two and ``double_click`` for the second."""
    clicks(polygon, document, *SQUARE)
    assert polygon.double_click(document, Pointer(*SQUARE[-1]))
    polygon.release(document, Pointer(*SQUARE[-1]))
    assert is_square(mask(document)) and polygon.shapes(document) == ()


def test_too_few_corners_leave_nothing(document, polygon):
    for points in (SQUARE[:1], SQUARE[:2]):
        clicks(polygon, document, *points)
        assert polygon.finish(document)
        assert polygon.shapes(document) == ()
    assert names(document) == []
    assert not polygon.finish(document)


def test_a_corner_can_be_dragged_into_place(document, polygon):
    clicks(polygon, document, *SQUARE[:3])
    drag(polygon, document, (200, 390), SQUARE[3])
    polygon.finish(document)
    assert is_square(mask(document))


def test_shift_keeps_the_sides_straight(document, polygon):
    clicks(polygon, document, (100, 100))
    clicks(polygon, document, (300, 112), constrain=True)
    clicks(polygon, document, (293, 250), constrain=True)
    corners = outline(polygon, document)
    assert corners[1] == pytest.approx((300, 100)) and corners[2] == pytest.approx((300, 250))


def test_the_open_line_follows_the_pointer_and_snaps_shut(document, polygon):
    polygon.hover(document, Pointer(5, 5))
    assert polygon.shapes(document) == ()
    clicks(polygon, document, (10, 10))
    polygon.hover(document, Pointer(50, 60))
    assert outline(polygon, document) == ((10, 10), (50, 60))
    clicks(polygon, document, (50, 60), (10, 60))
    polygon.hover(document, Pointer(12, 13))
    assert outline(polygon, document)[-1] == (10, 10) and polygon.shapes(document)[1].hot


def test_backspace_takes_the_last_corner_back(document, polygon):
    assert not polygon.delete(document)
    clicks(polygon, document, *SQUARE, (5, 5))
    assert polygon.delete(document)
    assert outline(polygon, document) == SQUARE
    for _ in SQUARE:
        assert polygon.delete(document)
    assert polygon.shapes(document) == () and not polygon.delete(document)


def test_the_window_is_told_that_undo_takes_an_open_line_back(document, polygon):
    told = []
    polygon.bench.tool_changed = lambda: told.append(polygon.is_open)
    clicks(polygon, document, *SQUARE[:2])
    assert polygon.take_back(document)
    assert not polygon.is_open and told[0] and not told[-1]
    assert not polygon.take_back(document)


def test_cancel_drops_the_corners(document, polygon):
    clicks(polygon, document, *SQUARE)
    assert polygon.cancel(document) and polygon.shapes(document) == ()
    assert not polygon.cancel(document) and not polygon.finish(document)
    assert names(document) == []


def test_a_key_at_the_first_corner_decides(document, polygon):
    select.everything(document)
    clicks(polygon, document, SQUARE[0], invert=True)
    clicks(polygon, document, *SQUARE[1:])
    polygon.finish(document)
    assert is_square(mask(document), 0)


def test_a_click_on_the_selection_is_a_corner_and_a_drag_moves_it(document, polygon):
    select.rectangle(document, (50, 50, 300, 300))
    clicks(polygon, document, *SQUARE)
    polygon.finish(document)
    assert is_square(mask(document))
    drag(polygon, document, (150, 150), (150, 170))
    assert bounds(document) == (100, 120, 200, 150) and polygon.shapes(document) == ()


def test_arrow_keys_leave_an_open_line_alone(document, polygon):
    select.everything(document)
    clicks(polygon, document, (5, 5), constrain=True)
    assert not polygon.nudge(document, 1, 0)

"""Lasso and polygon: what the line surrounds, one entry each, and every way to end a polygon."""

import numpy as np
import pytest

from editor.document import masks
from editor.tools.base import Pointer
from editor.tools.lasso import CLOSING, Lasso, Polygon

SQUARE = ((100, 100), (300, 100), (300, 250), (100, 250))


def _mask(document) -> np.ndarray:
    return document.selection.read(document.rect)[..., 0]


def _names(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def _drag(tool, document, *points, **how) -> None:
    tool.press(document, Pointer(*points[0], **how))
    for point in points[1:]:
        tool.move(document, Pointer(*point, **how))
    tool.release(document, Pointer(*points[-1], **how))


def _clicks(tool, document, *points, **how) -> None:
    for point in points:
        _drag(tool, document, point, **how)


def _is_square(mask: np.ndarray, value: int = 255) -> bool:
    inside = (mask[102:248, 102:298] == value).all()
    rest = mask.copy()
    rest[98:252, 98:302] = 255 - value
    return bool(inside and (rest == 255 - value).all())


@pytest.fixture
def document(make_document):
    return make_document(600, 400)


# -- lasso ---------------------------------------------------------------------------------------------


def test_the_lasso_masks_what_it_surrounds(document, whole):
    before, lasso = whole(document), Lasso()
    _drag(lasso, document, *SQUARE)
    assert _is_square(_mask(document))
    assert _names(document) == ["Lasso"] and lasso.outline == ()
    document.undo()
    assert whole(document) == before


def test_the_lasso_shows_its_line_while_it_is_drawn(document):
    lasso = Lasso()
    lasso.press(document, Pointer(1, 2))
    lasso.move(document, Pointer(3, 4))
    assert lasso.outline == ((1, 2), (3, 4))
    assert not _mask(document).any()


def test_alt_with_the_lasso_takes_away(document):
    lasso = Lasso()
    _drag(lasso, document, (50, 50), (350, 50), (350, 300), (50, 300))
    _drag(lasso, document, *SQUARE, invert=True)
    assert _names(document) == ["Lasso", "Lasso, subtract"]
    assert (_mask(document)[102:248, 102:298] == 0).all() and _mask(document)[60, 60] == 255


def test_alt_adds_when_the_lasso_takes_away(document):
    lasso = Lasso()
    lasso.subtract = True
    _drag(lasso, document, *SQUARE, invert=True)
    assert _is_square(_mask(document))


def test_a_click_or_a_short_line_is_no_entry(document):
    lasso = Lasso()
    _drag(lasso, document, (100, 100))
    _drag(lasso, document, (100, 100), (120, 140))
    assert document.history.entries == [] and not _mask(document).any()


def test_a_lasso_outside_the_picture_is_no_entry(document):
    _drag(Lasso(), document, (-300, -300), (-100, -300), (-100, -100), (-300, -100))
    assert document.history.entries == []


def test_a_lasso_partly_outside_masks_what_is_inside(document):
    _drag(Lasso(), document, (-50, -50), (100, -50), (100, 100), (-50, 100))
    mask = _mask(document)
    assert (mask[:98, :98] == 255).all() and not mask[103:].any() and not mask[:, 103:].any()


def test_taking_away_from_nothing_is_no_entry(document):
    _drag(Lasso(), document, *SQUARE, invert=True)
    assert document.history.entries == []


def test_cancel_drops_the_lasso(document):
    lasso = Lasso()
    lasso.press(document, Pointer(*SQUARE[0]))
    for point in SQUARE[1:]:
        lasso.move(document, Pointer(*point))
    assert lasso.cancel(document) and lasso.outline == ()
    lasso.move(document, Pointer(0, 0))
    lasso.release(document, Pointer(0, 0))
    assert document.history.entries == [] and not lasso.cancel(document)


def test_a_lasso_around_a_lasso_adds(document):
    lasso = Lasso()
    _drag(lasso, document, *SQUARE)
    _drag(lasso, document, *((x + 250, y) for x, y in SQUARE))
    mask = _mask(document)
    assert mask[200, 200] == 255 and mask[200, 450] == 255


# -- polygon -------------------------------------------------------------------------------------------


def test_enter_closes_a_polygon(document, whole):
    before, polygon = whole(document), Polygon()
    _clicks(polygon, document, *SQUARE)
    assert not _mask(document).any() and polygon.outline[:4] == SQUARE
    assert polygon.finish(document)
    assert _is_square(_mask(document))
    assert _names(document) == ["Polygon"] and polygon.outline == ()
    document.undo()
    assert whole(document) == before


def test_the_first_corner_closes_a_polygon(document):
    polygon = Polygon()
    _clicks(polygon, document, *SQUARE, (100 + CLOSING * 0.6, 100 - CLOSING * 0.6))
    assert _is_square(_mask(document)) and polygon.outline == ()
    assert _names(document) == ["Polygon"]


@pytest.mark.parametrize("scale", [0.25, 1.0, 8.0])
def test_how_near_the_first_corner_counts_on_the_screen(document, scale):
    polygon = Polygon()
    _clicks(polygon, document, *SQUARE, (100 + CLOSING / scale * 1.2, 100), scale=scale)
    assert document.history.entries == []
    _clicks(polygon, document, (100 + CLOSING / scale * 0.9, 100), scale=scale)
    assert len(document.history.entries) == 1


def test_two_corners_do_not_close(document):
    polygon = Polygon()
    _clicks(polygon, document, (100, 100), (103, 100), (101, 100))
    assert document.history.entries == [] and len(polygon.outline) == 3


def test_a_double_click_closes_at_its_corner(document):
    """The canvas sends a press for the first click of the two and ``finish`` for the second."""
    polygon = Polygon()
    _clicks(polygon, document, *SQUARE)
    polygon.finish(document)
    polygon.release(document, Pointer(*SQUARE[-1]))
    assert _is_square(_mask(document)) and polygon.outline == ()


def test_too_few_corners_leave_nothing(document):
    polygon = Polygon()
    for points in (SQUARE[:1], SQUARE[:2]):
        _clicks(polygon, document, *points)
        assert polygon.finish(document)
        assert polygon.outline == ()
    assert document.history.entries == []
    assert not polygon.finish(document)


def test_a_corner_can_be_dragged_into_place(document):
    polygon = Polygon()
    _clicks(polygon, document, *SQUARE[:3])
    _drag(polygon, document, (200, 390), SQUARE[3])
    polygon.finish(document)
    assert _is_square(_mask(document))


def test_the_open_line_follows_the_pointer(document):
    polygon = Polygon()
    polygon.hover(Pointer(5, 5))
    assert polygon.outline == ()
    _clicks(polygon, document, (10, 10))
    polygon.hover(Pointer(50, 60))
    assert polygon.outline == ((10, 10), (50, 60))


def test_cancel_drops_the_corners(document):
    polygon = Polygon()
    _clicks(polygon, document, *SQUARE)
    assert polygon.cancel(document) and polygon.outline == ()
    assert not polygon.cancel(document) and not polygon.finish(document)
    assert document.history.entries == []


def test_alt_at_the_first_corner_decides(document):
    polygon = Polygon()
    document.edit("Invert mask", masks.invert(document.selection, document.rect))
    _clicks(polygon, document, SQUARE[0], invert=True)
    _clicks(polygon, document, *SQUARE[1:])
    polygon.finish(document)
    assert _is_square(_mask(document), 0)
    assert _names(document)[-1] == "Polygon, subtract"


def test_alt_at_a_later_corner_does_not(document):
    polygon = Polygon()
    _clicks(polygon, document, *SQUARE[:3])
    _clicks(polygon, document, SQUARE[3], invert=True)
    polygon.finish(document)
    assert _is_square(_mask(document))


def test_a_polygon_outside_the_picture_is_no_entry(document):
    polygon = Polygon()
    _clicks(polygon, document, (700, 0), (900, 0), (900, 300))
    polygon.finish(document)
    assert document.history.entries == []

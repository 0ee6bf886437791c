"""The brush: what a drag masks, one entry for each, nothing left behind by one that is called off."""

import gc
import weakref
from functools import partial

import numpy as np
import pytest

from editor.tools.base import Pointer
from editor.tools.bench import Bench
from editor.tools.remove_brush import LEAST_PRESSURE, RemoveBrush

Brush = partial(RemoveBrush, Bench(lambda words, level: None))


def _mask(document) -> np.ndarray:
    return document.selection.read(document.rect)[..., 0]


def _stroke(brush: RemoveBrush, document, *points: tuple[float, float], **how) -> None:
    brush.press(document, Pointer(*points[0], **how))
    for point in points[1:]:
        brush.move(document, Pointer(*point, **how))
    brush.release(document, Pointer(*points[-1], **how))


def _names(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


@pytest.fixture
def document(make_document):
    return make_document(600, 400)


def test_a_click_masks_a_disc(document):
    _stroke(Brush(40), document, (100, 100))
    mask = _mask(document)
    rows, columns = np.mgrid[0:400, 0:600] + 0.5
    distance = np.hypot(rows - 100, columns - 100)
    assert (mask[distance < 19] == 255).all()
    assert (mask[distance > 21] == 0).all()


def test_a_drag_is_one_entry_and_goes_back_as_one(document, whole):
    before = whole(document)
    _stroke(Brush(20), document, (50, 50), (200, 80), (300, 300))
    drawn = whole(document)
    assert _names(document) == ["Remove brush"]
    assert _mask(document)[80, 200] == 255 and _mask(document)[65, 125] == 255
    document.undo()
    assert whole(document) == before
    document.redo()
    assert whole(document) == drawn


def test_each_drag_is_an_entry(document):
    brush = Brush(20)
    for x in (50, 150, 250):
        _stroke(brush, document, (x, 50))
    assert len(document.history.entries) == 3


def test_a_stroke_outside_the_picture_is_no_entry(document):
    _stroke(Brush(20), document, (-100, -100), (-50, 900))
    assert document.history.entries == [] and not document.history.modified


def test_a_stroke_over_what_is_masked_already_is_no_entry(document):
    brush = Brush(60)
    _stroke(brush, document, (100, 100))
    brush.size = 20
    _stroke(brush, document, (100, 100))
    assert len(document.history.entries) == 1


def test_a_stroke_may_begin_and_end_outside(document):
    _stroke(Brush(20), document, (-100, 200), (700, 200))
    assert (_mask(document)[200] == 255).all()


def test_observers_hear_of_every_piece(document):
    changes = []
    document.observers.append(changes.append)
    brush = Brush(20)
    brush.press(document, Pointer(50, 50))
    brush.move(document, Pointer(60, 50))
    assert len(changes) == 2
    assert changes[1].area.width < 40
    brush.release(document, Pointer(60, 50))
    assert len(changes) == 3


def test_alt_takes_away_instead(document):
    brush = Brush(40)
    _stroke(brush, document, (100, 100))
    brush.size = 44  # a soft edge is taken away whole by a disc one pixel larger
    _stroke(brush, document, (100, 100), invert=True)
    assert not _mask(document).any()
    assert _names(document) == ["Remove brush", "Remove brush, subtract"]
    document.undo()
    assert _mask(document)[100, 100] == 255


def test_alt_adds_when_the_brush_takes_away(document):
    brush = Brush(40)
    brush.how = "subtract"
    _stroke(brush, document, (100, 100), invert=True)
    assert _mask(document)[100, 100] == 255
    brush.size = 44
    _stroke(brush, document, (100, 100))
    assert not _mask(document).any()


def test_alt_counts_when_the_drag_begins(document):
    brush = Brush(20)
    brush.press(document, Pointer(50, 50))
    brush.move(document, Pointer(150, 50, invert=True))
    brush.release(document, Pointer(150, 50, invert=True))
    assert _mask(document)[50, 150] == 255
    assert _names(document) == ["Remove brush"]


def test_shift_draws_a_straight_line_from_the_last_point(document):
    brush = Brush(20)
    _stroke(brush, document, (50, 50), (50, 150))
    _stroke(brush, document, (450, 150), constrain=True)
    assert (_mask(document)[150, 50:450] == 255).all()
    assert len(document.history.entries) == 2


def test_shift_without_a_last_point_is_a_click(document):
    _stroke(Brush(20), document, (300, 200), constrain=True)
    assert np.count_nonzero(_mask(document)) < 500


def test_shift_on_another_picture_does_not_start_from_this_one(document, make_document):
    brush, other = Brush(20), make_document(600, 400)
    _stroke(brush, document, (50, 50))
    _stroke(brush, other, (450, 50), constrain=True)
    assert _mask(other)[50, 200] == 0 and _mask(other)[50, 450] == 255


def test_the_brush_does_not_keep_a_closed_picture(make_document):
    brush, document = Brush(20), make_document(60, 60)
    _stroke(brush, document, (30, 30))
    gone = weakref.ref(document)
    del document
    gc.collect()
    assert gone() is None


def test_pressure_makes_it_narrower(document):
    brush = Brush(100)
    for x, pressure in ((100, 1.0), (300, 0.5), (500, 0.0)):
        _stroke(brush, document, (x, 200), pressure=pressure)
    widths = [np.count_nonzero(_mask(document)[200, x - 90 : x + 90] > 127) for x in (100, 300, 500)]
    assert widths == pytest.approx([100, 50, 100 * LEAST_PRESSURE], abs=2)


def test_pressure_changes_along_a_stroke(document):
    brush = Brush(100)
    brush.press(document, Pointer(100, 200, 1.0))
    brush.move(document, Pointer(500, 200, 0.2))
    brush.release(document, Pointer(500, 200, 0.0))
    heights = (np.count_nonzero(_mask(document)[:, x] > 127) for x in (100, 300, 500))
    assert list(heights) == pytest.approx([100, 60, 20], abs=3)


def test_a_soft_brush_fades(document):
    _stroke(Brush(100, hardness=0.0), document, (200, 200))
    row = _mask(document)[200, 200:260].astype(int)
    assert row[0] >= 250 and row[55] == 0
    assert (np.diff(row) <= 0).all() and len(set(row)) > 20


def test_overlapping_pieces_leave_no_beads(document):
    points = [(x, 100.0) for x in range(100, 400, 7)]
    _stroke(Brush(60, hardness=0.3), document, *points)
    rows = _mask(document)[:, 150:350]
    assert (rows == rows[:, :1]).all()


def test_cancel_takes_back_what_was_drawn(document, whole):
    brush = Brush(20)
    _stroke(brush, document, (50, 50))
    before, changes = whole(document), []
    brush.press(document, Pointer(60, 50))
    brush.move(document, Pointer(500, 300))
    assert whole(document) != before
    document.observers.append(changes.append)
    assert brush.cancel(document)
    assert whole(document) == before
    assert changes[-1].area.intersected(document.rect).right > 480  # what must be painted again
    brush.move(document, Pointer(300, 300))
    brush.release(document, Pointer(300, 300))
    assert whole(document) == before and len(document.history.entries) == 1


def test_nothing_is_open_between_strokes(document):
    brush = Brush(20)
    assert not brush.cancel(document) and not brush.finish(document)
    _stroke(brush, document, (50, 50))
    assert not brush.cancel(document) and not brush.finish(document)
    assert brush.shapes(document) == ()


def test_moves_without_a_press_draw_nothing(document):
    brush = Brush(20)
    brush.move(document, Pointer(50, 50))
    brush.hover(document, Pointer(60, 60))
    brush.release(document, Pointer(60, 60))
    assert not _mask(document).any() and document.history.entries == []


def test_resize_goes_both_ways_within_its_limits():
    brush = Brush(80)
    brush.resize(1)
    assert brush.size == 88 and brush.radius == 44
    brush.resize(-1)
    assert brush.size == pytest.approx(79)
    brush.resize(200)
    assert brush.size == RemoveBrush.largest
    brush.resize(-500)
    assert brush.size == RemoveBrush.smallest
    brush.resize(1)
    assert brush.size == 2


def test_the_smallest_brush_masks_a_pixel(document):
    _stroke(Brush(RemoveBrush.smallest), document, (100.5, 100.5))
    assert _mask(document)[100, 100] == 255
    assert document.selection.bounds().width <= 3

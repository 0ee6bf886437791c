"""The line tool and the sketch pen: lines beside the picture, their handles, their history."""

import pytest

from editor.document import guides
from editor.document.guide import INK, LINE, Guide
from editor.tools.base import Pointer
from editor.tools.bench import Bench
from editor.tools.lines import LineTool
from editor.tools.overlay import Handle, Line, Look
from editor.tools.sketch import PenSketch


@pytest.fixture
def bench() -> Bench:
    return Bench(lambda words, level: None)


@pytest.fixture
def document(make_document):
    return make_document(400, 300)


def _drag(tool, document, *points, **how) -> None:
    tool.press(document, Pointer(*points[0], **how))
    for point in points[1:]:
        tool.move(document, Pointer(*point, **how))
    tool.release(document, Pointer(*points[-1], **how))


def test_a_drag_draws_a_line_that_is_no_part_of_the_picture(bench, document, whole):
    before = whole(document)
    tool = LineTool(bench)
    tool.press(document, Pointer(20, 30))
    tool.move(document, Pointer(200, 90))
    assert any(isinstance(shape, Line) and shape.look is Look.STRUCTURE for shape in tool.shapes(document))
    tool.release(document, Pointer(200, 90))
    assert [(guide.kind, guide.points) for guide in document.guides] == [(LINE, ((20, 30), (200, 90)))]
    assert whole(document) == before and len(document.history.entries) == 1
    document.undo()
    assert document.guides == ()


def test_a_click_draws_none_and_escape_takes_one_back(bench, document):
    tool = LineTool(bench)
    _drag(tool, document, (20, 30), (22, 30))
    tool.press(document, Pointer(20, 30))
    tool.move(document, Pointer(200, 90))
    assert tool.cancel(document)
    tool.release(document, Pointer(200, 90))
    assert document.guides == () and not document.history.entries


def test_handles_and_the_line_itself_are_dragged(bench, document):
    tool = LineTool(bench)
    _drag(tool, document, (20, 30), (200, 90))
    _drag(tool, document, (201, 91), (240, 100))
    assert document.guides[0].points == ((20, 30), (240, 100))
    _drag(tool, document, (130, 65), (140, 85))
    assert document.guides[0].points == ((30, 50), (250, 120))
    assert len(document.guides) == 1 and len(document.history.entries) == 3
    assert sum(isinstance(shape, Handle) for shape in tool.shapes(document)) == 2


def test_ends_snap_to_other_ends_unless_ctrl_is_held(bench, document):
    guides.add(document, Guide(LINE, ((100, 100), (300, 100))))
    tool = LineTool(bench)
    _drag(tool, document, (20, 200), (97, 104))
    assert document.guides[1].points[1] == (100, 100)
    _drag(tool, document, (20, 250), (97, 104), control=True)
    assert document.guides[2].points[1] == (97, 104)
    tool.snaps = False
    _drag(tool, document, (20, 280), (298, 96))
    assert document.guides[3].points[1] == (298, 96)


def test_shift_keeps_to_steps_of_15_degrees(bench, document):
    _drag(LineTool(bench), document, (20, 200), (220, 206), constrain=True)
    (_, (x, y)) = document.guides[0].points
    assert y == pytest.approx(200) and x == pytest.approx(220, abs=1)


def test_a_double_click_turns_a_line_off_and_delete_removes_it(bench, document):
    tool = LineTool(bench)
    _drag(tool, document, (20, 30), (200, 90))
    assert tool.double_click(document, Pointer(110, 60))
    assert not document.guides[0].enabled
    assert not tool.double_click(document, Pointer(300, 250))
    assert tool.nudge(document, 1, -2)
    assert document.guides[0].points == ((21, 28), (201, 88))
    assert tool.delete(document) and document.guides == ()
    assert not tool.delete(document)
    document.undo()
    assert len(document.guides) == 1


def test_ink_keeps_the_way_and_the_pressure(bench, document, whole):
    before = whole(document)
    pen = PenSketch(bench)
    pen.smoothing = 0.0
    pen.press(document, Pointer(20, 30, 0.2))
    for x in range(30, 100, 10):
        pen.move(document, Pointer(x, 30 + x / 10, 0.6))
    assert pen.shapes(document)[0].look is Look.INK
    pen.release(document, Pointer(90, 39, 0.0))
    (ink,) = document.guides
    assert ink.kind == INK and ink.points[0] == (20, 30) and ink.points[-1][0] == pytest.approx(90)
    assert ink.pressures[0] == pytest.approx(0.2) and ink.pressures[2] == pytest.approx(0.6)
    assert whole(document) == before and len(document.history.entries) == 1


def test_the_pen_steadied_still_ends_where_the_pointer_does(bench, document):
    pen = PenSketch(bench)
    pen.smoothing = 50.0
    _drag(pen, document, (20, 30), *((x, 30.0) for x in range(22, 200, 2)))
    assert document.guides[0].points[-1][0] == pytest.approx(198, abs=2)
    assert document.guides[0].pressures is None  # a mouse has none


def test_alt_erases_ink_in_one_entry(bench, document):
    pen = PenSketch(bench)
    pen.smoothing = 0.0
    _drag(pen, document, (20, 30), (120, 30), (220, 30))
    _drag(pen, document, (110, 20), (110, 40), invert=True)
    assert len(document.guides) == 2  # cut in two
    assert [entry.name for entry in document.history.entries][1:] == ["Erase sketch"]
    document.undo()
    assert len(document.guides) == 1
    pen.mode = "erase"
    pen.press(document, Pointer(110, 20))
    pen.move(document, Pointer(110, 40))
    assert pen.cancel(document)
    assert len(document.guides) == 1 and document.history.position == 1


def test_clear_leaves_the_other_kind(bench, document):
    pen, line = PenSketch(bench), LineTool(bench)
    _drag(pen, document, (20, 30), (120, 30))
    _drag(line, document, (20, 130), (120, 130))
    pen.clear(document)
    assert [guide.kind for guide in document.guides] == [LINE]
    line.clear(document)
    assert document.guides == ()

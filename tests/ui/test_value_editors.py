"""Curves, levels, gradients, ranges of hues and colours, by pointer and by keys, one entry for a gesture."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from editor.document.adjustments import GradientMap, GradientStop, HueSaturation, LevelsChannel
from editor.ui import theme
from editor.ui.panels.editors.colour import ColourField
from editor.ui.panels.editors.curve import CurveEditor
from editor.ui.panels.editors.hues import HuesEditor
from editor.ui.panels.editors.levels import LevelsEditor
from editor.ui.panels.editors.stops import StopsEditor, colours
from editor.ui.panels.histogram import CHANNEL_COLOURS, Counts

LEFT = Qt.MouseButton.LeftButton
KEYS = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
LINE = ((0, 0), (255, 255))


class Heard:
    """What an editor told: every value, and how often that a gesture was over."""

    def __init__(self, editor) -> None:
        self.values, self.gestures = [], 0
        editor.changed.connect(self.values.append)
        editor.committed.connect(self._count)

    def _count(self) -> None:
        self.gestures += 1


@pytest.fixture
def show(qtbot):
    def show(editor):
        qtbot.addWidget(editor)
        editor.resize(264, editor.sizeHint().height())
        editor.show()
        editor.heard = Heard(editor)
        return editor

    return show


def _drag(widget, start: QPointF, *places: QPointF) -> None:
    QTest.mousePress(widget, LEFT, pos=start.toPoint())
    for place in places:
        QTest.mouseMove(widget, place.toPoint())
    QTest.mouseRelease(widget, LEFT, pos=places[-1].toPoint() if places else start.toPoint())


# --- curves ---


@pytest.fixture
def curve(show) -> CurveEditor:
    return show(CurveEditor("RGB", LINE, None))


def test_a_press_on_the_curve_adds_a_point_that_is_dragged(curve):
    field = curve.field
    _drag(field, field._place((128, 128)), field._place((128, 160)), field._place((100, 180)))
    assert len(curve.value) == 3
    across, up = curve.value[1]
    assert abs(across - 100) <= 1 and abs(up - 180) <= 2
    assert curve.heard.gestures == 1 and curve.heard.values[-1] == curve.value
    assert (curve._input.value, curve._output.value) == curve.value[1]


def test_a_point_stays_between_its_neighbours(curve):
    curve.set_value(((0, 0), (100, 100), (200, 200), (255, 255)))
    field = curve.field
    _drag(field, field._place((100, 100)), field._place((240, 100)))
    assert curve.value[1][0] == 199
    _drag(field, field._place((0, 0)), QPointF(0, 300))
    assert curve.value[0] == (0, 0)


def test_a_point_dragged_out_is_gone_and_comes_back_with_the_pointer(curve):
    curve.set_value(((0, 0), (100, 120), (255, 255)))
    field = curve.field
    start, outside = field._place((100, 120)), QPointF(100, -60)
    QTest.mousePress(field, LEFT, pos=start.toPoint())
    QTest.mouseMove(field, outside.toPoint())
    assert curve.value == LINE
    QTest.mouseMove(field, field._place((60, 90)).toPoint())
    assert len(curve.value) == 3 and abs(curve.value[1][0] - 60) <= 1
    QTest.mouseMove(field, outside.toPoint())
    QTest.mouseRelease(field, LEFT, pos=outside.toPoint())
    assert curve.value == LINE and curve.heard.gestures == 1


def test_the_ends_cannot_be_dragged_out(curve):
    field = curve.field
    _drag(field, field._place((255, 255)), QPointF(200, -80))
    assert len(curve.value) == 2


def test_the_curve_by_keys(curve):
    curve.set_value(((0, 0), (100, 100), (255, 255)))
    field = curve.field
    field.setFocus()
    QTest.keyClick(field, KEYS.Key_PageDown)
    assert field.current == 1 and "input 100, output 100" in field.accessibleDescription()
    QTest.keyClick(field, KEYS.Key_Up, SHIFT)
    QTest.keyClick(field, KEYS.Key_Left)
    assert curve.value[1] == (99, 110) and curve.heard.gestures == 0
    curve.finish()
    assert curve.heard.gestures == 1
    QTest.keyClick(field, KEYS.Key_Insert)
    assert len(curve.value) == 4 and curve.value[2][0] == (99 + 255) // 2
    QTest.keyClick(field, KEYS.Key_Delete)
    assert curve.value == ((0, 0), (99, 110), (255, 255))
    assert field.current == 2
    QTest.keyClick(field, KEYS.Key_Delete)
    assert len(curve.value) == 3  # the ends stay
    QTest.keyClick(field, KEYS.Key_PageUp)
    QTest.keyClick(field, KEYS.Key_Delete)
    assert curve.value == LINE


def test_a_burst_of_keys_is_over_by_itself(curve, qtbot):
    field = curve.field
    QTest.keyClick(field, KEYS.Key_Up)
    QTest.keyClick(field, KEYS.Key_Up)
    qtbot.waitUntil(lambda: curve.heard.gestures == 1)
    assert curve.value[0] == (0, 2)


def test_a_point_in_numbers(curve):
    curve.set_value(((0, 0), (100, 100), (255, 255)))
    curve.field.choose(1)
    assert (curve._input.value, curve._output.value) == (100, 100)
    QTest.keyClick(curve._output, KEYS.Key_PageUp)
    assert curve.value[1] == (100, 110)
    QTest.keyClick(curve._input, KEYS.Key_End)
    assert curve.value[1] == (254, 110)


def test_a_double_click_takes_a_point_away(curve):
    curve.set_value(((0, 0), (100, 120), (255, 255)))
    QTest.mouseDClick(curve.field, LEFT, pos=curve.field._place((100, 120)).toPoint())
    assert curve.value == LINE and curve.heard.gestures == 1


def test_there_are_no_more_points_than_a_file_takes(curve):
    curve.set_value(tuple((value, value) for value in range(0, 190, 10)))
    assert len(curve.value) == 19
    _drag(curve.field, curve.field._place((220, 200)))
    assert len(curve.value) == 19 and curve.heard.values == []


def test_the_curve_is_drawn_where_it_is(show):
    curve = show(CurveEditor("Red", ((0, 255), (255, 0)), 0))
    picture, field = curve.field.grab().toImage(), curve.field
    at = field._place((64, 191)).toPoint()
    wanted = QColor(CHANNEL_COLOURS[0])
    near = [picture.pixelColor(at + QPoint(0, step)) for step in (-1, 0, 1)]
    assert any(abs(each.red() - wanted.red()) < 40 and each.red() > each.blue() + 60 for each in near)


# --- levels ---


@pytest.fixture
def levels(show) -> LevelsEditor:
    return show(LevelsEditor("RGB", LevelsChannel(), None))


def _house(levels: LevelsEditor, handle: int) -> QPointF:
    return levels.places()[handle] + QPointF(0, 6)


def test_black_and_white_of_the_input_are_dragged(levels):
    field = levels._field()
    place = QPointF(field.left() + field.width() * 0.2, field.bottom() + 6)
    _drag(levels, _house(levels, 0), place)
    assert abs(levels.value.input_black - 51) <= 1 and levels.heard.gestures == 1
    _drag(levels, _house(levels, 2), QPointF(0, place.y()))
    assert levels.value.input_white == levels.value.input_black + 2


def test_the_middle_is_the_gamma(levels):
    field = levels._field()
    _drag(levels, _house(levels, 1), QPointF(field.left() + field.width() * 0.25, field.bottom() + 6))
    assert abs(levels.value.gamma - 2) < 0.05  # half of the output at a quarter of the input
    assert abs(levels.places()[1].x() - (field.left() + field.width() * 0.25)) < 2
    _drag(levels, _house(levels, 1), QPointF(-50, field.bottom() + 6))
    assert levels.value.gamma == 9.99


def test_the_ends_of_the_output(levels):
    ramp = levels._ramp()
    _drag(levels, _house(levels, 4), QPointF(ramp.left() + ramp.width() * 0.5, ramp.bottom() + 6))
    assert abs(levels.value.output_white - 128) <= 1
    _drag(levels, _house(levels, 3), QPointF(ramp.right() + 30, ramp.bottom() + 6))
    assert levels.value.output_black == 255  # the other way round inverts


def test_levels_by_keys(levels):
    QTest.keyClick(levels, KEYS.Key_Right, SHIFT)
    assert levels.value.input_black == 10
    QTest.keyClick(levels, KEYS.Key_PageDown)
    QTest.keyClick(levels, KEYS.Key_Up)
    assert levels.value.gamma == 1.01 and levels.accessibleDescription() == "Gamma: 1.01"
    QTest.keyClick(levels, KEYS.Key_PageUp)
    QTest.keyClick(levels, KEYS.Key_PageUp)
    QTest.keyClick(levels, KEYS.Key_Down, SHIFT)
    assert levels.value.output_white == 245


def test_the_histogram_is_behind_the_handles(levels):
    before = levels.grab().toImage()
    values = np.zeros((4, 256))
    values[:, 100:140] = 1 / 40
    levels.set_counts(Counts(values))
    after = levels.grab().toImage()
    field = levels._field()
    inside = QPointF(field.left() + field.width() * 120 / 255, field.bottom() - 5).toPoint()
    outside = QPointF(field.left() + field.width() * 200 / 255, field.bottom() - 20).toPoint()
    assert before.pixelColor(inside).name() == theme.now.well
    assert after.pixelColor(inside).name() == theme.now.scroll
    assert after.pixelColor(outside).name() == theme.now.well


# --- gradients ---


STOPS = GradientMap().stops


@pytest.fixture
def stops(show) -> StopsEditor:
    return show(StopsEditor("Stops", STOPS))


def _stop(editor: StopsEditor, handle: int) -> QPointF:
    return editor.strip.places()[handle] + QPointF(0, 6 if handle < len(editor.value) else 0)


def test_a_press_below_the_strip_adds_a_colour(stops):
    strip = stops.strip
    _drag(strip, QPointF(strip._x(2048), strip._rect().bottom() + 6))
    assert len(stops.value) == 3 and stops.heard.gestures == 1
    added = stops.value[1]
    assert abs(added.position - 2048) < 20
    assert np.allclose(added.colour, 0.5, atol=0.01)  # what was there: nothing looks different


def test_a_stop_is_moved_and_taken_away(stops):
    middle = GradientStop(1000, (1.0, 0.0, 0.0))
    stops.set_value((STOPS[0], middle, STOPS[1]))
    strip = stops.strip
    _drag(strip, _stop(stops, 1), QPointF(strip._x(3000), strip._rect().bottom() + 6))
    assert abs(stops.value[1].position - 3000) < 20
    _drag(strip, _stop(stops, 1), _stop(stops, 1) + QPointF(0, 60))
    assert stops.value == STOPS and stops.heard.gestures == 2
    _drag(strip, _stop(stops, 1), _stop(stops, 1) + QPointF(0, 60))
    assert len(stops.value) == 2


def test_the_midpoint_is_dragged(stops):
    strip = stops.strip
    _drag(strip, _stop(stops, 2), QPointF(strip._x(1024), strip._rect().top() - 4))
    assert abs(stops.value[0].midpoint - 25) <= 1
    assert not stops.colour.isEnabled()  # a midpoint has none


def test_gradients_by_keys(stops):
    strip = stops.strip
    QTest.keyClick(strip, KEYS.Key_Right, SHIFT)
    assert stops.value[0].position == round(0.1 * 4096)
    assert strip.accessibleDescription() == "Stop 1 of 2, at 10 %"
    QTest.keyClick(strip, KEYS.Key_Insert)
    assert len(stops.value) == 3
    QTest.keyClick(strip, KEYS.Key_Delete)
    assert len(stops.value) == 2
    QTest.keyClick(strip, KEYS.Key_PageUp)
    QTest.keyClick(strip, KEYS.Key_PageUp)
    assert strip.accessibleDescription() == "Midpoint 1, at 50 %"
    QTest.keyClick(strip, KEYS.Key_Left)
    assert stops.value[0].midpoint == 49


def test_the_colour_and_the_place_of_a_stop(stops):
    stops.strip.choose(1)
    stops.colour.change((0.0, 0.5, 1.0))
    stops.colour.finish()
    assert stops.value[1].colour == (0.0, 0.5, 1.0) and stops.heard.gestures == 1
    QTest.keyClick(stops._position, KEYS.Key_PageDown)
    assert stops.value[1].position == round(0.9 * 4096)


def test_the_colours_of_a_gradient_are_those_of_the_adjustment():
    found = (GradientStop(0, (1.0, 0.0, 0.0), 25), GradientStop(4096, (0.0, 0.0, 1.0)))
    shades = colours(found, np.array([0, 1024, 4096]))
    assert np.allclose(shades, [[1, 0, 0], [0.5, 0, 0.5], [0, 0, 1]], atol=2e-3)


# --- hues ---


REDS = HueSaturation().ranges[0].edges


@pytest.fixture
def hues(show) -> HuesEditor:
    return show(HuesEditor("Hues", REDS))


def test_a_range_over_the_end_of_the_circle_lies_in_the_middle(hues):
    xs = [place.x() for place in hues.places()]
    assert xs == sorted(xs)
    middle = (xs[0] + xs[3]) / 2
    assert abs(middle - hues.width() / 2) < 2


def test_an_edge_is_dragged_and_stays_in_order(hues):
    place = hues.places()[3] + QPointF(0, 6)
    _drag(hues, place, place + QPointF(hues._strip().width() * 30 / 360, 0))
    assert abs(hues.value[3] - 75) <= 2 and hues.value[:3] == REDS[:3]
    assert hues.heard.gestures == 1
    _drag(hues, hues.places()[0] + QPointF(0, 6), QPointF(hues.width(), place.y()))
    assert hues.value[0] == hues.value[1]


def test_hues_by_keys(hues):
    QTest.keyClick(hues, KEYS.Key_Left, SHIFT)
    assert hues.value == ((REDS[0] - 10) % 360, *REDS[1:])
    assert hues.accessibleDescription() == "Begins at 305°"
    QTest.keyClick(hues, KEYS.Key_PageUp)
    QTest.keyClick(hues, KEYS.Key_Right)
    assert hues.value[3] == REDS[3] + 1


# --- colours ---


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_visit_to_the_picker_is_one_gesture(show, qtbot):
    field = show(ColourField("Colour", (1.0, 0.5, 0.0)))
    assert field.accessibleDescription() == "#ff8000"
    QTest.keyClick(field, KEYS.Key_Space)
    popup = field.findChild(object, "colourPopup")
    popup.picker.changed.emit((0.0, 1.0, 0.0))
    popup.picker.changed.emit((0.0, 0.0, 1.0))
    assert field.value == (0.0, 0.0, 1.0) and field.heard.gestures == 0
    popup.close()
    qtbot.waitUntil(lambda: field.heard.gestures == 1)
    assert field.accessibleDescription() == "#0000ff"
    assert field.grab().toImage().pixelColor(60, 14).name() == "#0000ff"

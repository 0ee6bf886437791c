"""The canvas shows the document's own bytes, repaints what changed, and hands the pointer to the tool."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPointingDevice, QRegion, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.document.geometry import Rect
from editor.document.history import Part, TileSwap
from editor.document.tiles import TileWriter
from editor.tools import lasso
from editor.tools.bench import Bench
from editor.tools.remove_brush import LEAST_PRESSURE, RemoveBrush
from editor.ui import canvas as canvas_module
from editor.ui import display, pyramid, rendering, theme
from editor.ui.canvas import Canvas
from editor.ui.opening import Opened

_BENCH = Bench(lambda words, level: None)
Brush = partial(RemoveBrush, _BENCH)
Lasso, Polygon = partial(lasso.Lasso, _BENCH), partial(lasso.Polygon, _BENCH)
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
WIDTH, HEIGHT = 400, 300  # of the widget


def _bytes(image: QImage) -> np.ndarray:
    """(h, w, 3)"""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


class Shown(Canvas):
    """Remembers what is painted."""

    def __init__(self, document, tool) -> None:
        half = display.reduced(display.PictureSource(document)(document.rect), 2)
        super().__init__(Opened(document, (half,)), tool)
        self.painted = QRegion()
        self.paints = 0

    def paintEvent(self, event) -> None:
        self.painted += event.region()
        self.paints += 1
        super().paintEvent(event)


@pytest.fixture
def show(qtbot):
    """Shows a document in a canvas of its own, the pointer away from it."""

    def make(document, tool=None, zoom=None) -> Shown:
        canvas = Shown(document, tool or Brush(20))
        qtbot.addWidget(canvas)
        canvas.resize(WIDTH, HEIGHT)
        with qtbot.waitExposed(canvas):
            canvas.show()
        canvas.setFocus()
        if zoom is not None:
            canvas.zoom_to(zoom)
        _settle(qtbot, canvas)
        return canvas

    return make


def _settle(qtbot, canvas: Shown) -> None:
    """Wait until everything is painted, then forget what was."""
    qtbot.waitUntil(lambda: canvas.paints > 0 and not canvas._zone_timer.isActive())
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    canvas.painted, canvas.paints = QRegion(), 0


def _grab(canvas: Canvas) -> np.ndarray:
    return _bytes(canvas.grab().toImage())


def _place(canvas: Canvas, area: Rect) -> tuple[slice, slice]:
    """Where an area of the picture is in the grabbed widget, at 100 %."""
    return area.moved(canvas.view.x, canvas.view.y).slices


def _mask(canvas: Canvas) -> np.ndarray:
    return canvas.document.selection.read(canvas.document.rect)[..., 0]


def _at(canvas: Canvas, x: float, y: float) -> QPoint:
    return canvas.view.to_widget(x, y).toPoint()


def _drag(canvas: Canvas, *points: tuple[float, float], button=LEFT, keys=NO_KEYS) -> None:
    places = [_at(canvas, *point) for point in points]
    QTest.mousePress(canvas, button, keys, places[0])
    for place in places[1:]:
        _move(canvas, place, button, keys)
    QTest.mouseRelease(canvas, button, keys, places[-1])


def _move(canvas: Canvas, place: QPoint, buttons=Qt.MouseButton.NoButton, keys=NO_KEYS) -> None:
    globally = QPointF(canvas.mapToGlobal(place))
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), globally, none, buttons, keys)
    QApplication.sendEvent(canvas, event)


def _wheel(canvas: Canvas, place: QPoint, steps: int, keys=NO_KEYS) -> None:
    event = QWheelEvent(
        QPointF(place),
        QPointF(canvas.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


# -- what is shown -------------------------------------------------------------------------------------


def test_100_percent_shows_the_bytes_of_the_document(make_document, show):
    canvas = show(make_document(200, 150), zoom=1.0)
    shown = _grab(canvas)
    area = canvas.document.rect
    assert np.array_equal(shown[_place(canvas, area)], canvas.document.composite(area)[..., :3])
    rest = np.ones(shown.shape[:2], bool)
    rest[_place(canvas, area)] = False
    surround = QColor(theme.now.surround)
    assert (shown[rest] == (surround.red(), surround.green(), surround.blue())).all()


def test_100_percent_of_a_picture_larger_than_the_widget(make_document, show):
    canvas = show(make_document(900, 800), zoom=1.0)
    canvas.view.x, canvas.view.y = -300, -251
    canvas.update()
    area = Rect(300, 251, WIDTH, HEIGHT)
    assert np.array_equal(_grab(canvas), canvas.document.composite(area)[..., :3])


def test_200_percent_shows_squares(make_document, show):
    canvas = show(make_document(50, 40), zoom=2.0)
    pixels = canvas.document.composite(canvas.document.rect)[..., :3]
    x, y = canvas.view.x, canvas.view.y
    shown = _grab(canvas)[y : y + 80, x : x + 100]
    assert np.array_equal(shown, pixels.repeat(2, axis=0).repeat(2, axis=1))


@pytest.mark.parametrize("zoom", [0.5, 0.25])
def test_whole_halvings_show_means(make_document, show, zoom):
    canvas = show(make_document(320, 240), zoom=zoom)
    step = round(1 / zoom)
    pixels = canvas.document.composite(canvas.document.rect)[..., :3].astype(float)
    means = pixels.reshape(240 // step, step, 320 // step, step, 3).mean(axis=(1, 3))
    x, y = canvas.view.x, canvas.view.y
    shown = _grab(canvas)[y : y + 240 // step, x : x + 320 // step]
    assert np.abs(shown - means).max() <= 1.01


def test_transparency_shows_the_checkerboard(make_document, show):
    pixels = np.zeros((150, 200, 4), np.uint8)
    pixels[:, 100:] = (250, 10, 20, 255)
    canvas = show(make_document(pixels=pixels, alpha=True), zoom=1.0)
    shown = _grab(canvas)[_place(canvas, canvas.document.rect)]
    light, dark = (QColor(colour).getRgb()[:3] for colour in theme.now.checker)
    assert {tuple(int(v) for v in pixel) for pixel in shown[:, :100].reshape(-1, 3)} == {light, dark}
    assert tuple(shown[0, 0]) == tuple(shown[8, 8]) != tuple(shown[0, 8])
    assert (shown[:, 100:] == (250, 10, 20)).all()


def test_the_checkerboard_moves_with_the_picture(make_document, show):
    pixels = np.zeros((150, 200, 4), np.uint8)
    canvas = show(make_document(pixels=pixels, alpha=True), zoom=1.0)
    before = _grab(canvas)[_place(canvas, canvas.document.rect)]
    _drag(canvas, (10, 10), (15, 13), button=MIDDLE)
    _move(canvas, QPoint(1, 1))
    assert np.array_equal(_grab(canvas)[_place(canvas, canvas.document.rect)][30:], before[30:])


def test_the_mask_is_a_veil(make_document, show):
    canvas = show(make_document(pixels=np.full((100, 100, 4), 255, np.uint8)), zoom=1.0)
    _edit_mask(canvas.document, Rect(20, 20, 40, 40))
    shown = _grab(canvas)[_place(canvas, canvas.document.rect)].astype(float)
    veil = np.array(display.MASK_COLOUR) * display.MASK_OPACITY + 255 * (1 - display.MASK_OPACITY)
    assert np.abs(shown[30:50, 30:50] - veil).max() <= 2
    assert (shown[:15] == 255).all()


@pytest.mark.parametrize("zoom", [64.0, 1.0, 1 / 64])
@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3000, 2)])
def test_every_size_at_every_zoom(make_document, show, size, zoom):
    canvas = show(make_document(*size, alpha=True), zoom=zoom)
    _drag(canvas, (0.5, 0.5), (1.5, 1.5))
    canvas._trace_zone()
    assert canvas.view.zoom == zoom
    assert not canvas.grab().isNull()
    canvas.fit()
    assert not canvas.grab().isNull()


def test_the_grid_is_between_the_pixels(make_document, show):
    canvas = show(make_document(pixels=np.full((4, 4, 4), 255, np.uint8)), zoom=16.0)
    x, y = canvas.view.x, canvas.view.y
    shown = _grab(canvas)[y : y + 64, x : x + 64]
    assert (shown[3:13, 3:13] == 255).all() and (shown[19:29, 35:45] == 255).all()
    assert (shown[8, :] != 255).any()


def test_first_painted_comes_once(make_document, qtbot):
    document = make_document(20, 20)
    canvas = Shown(document, Brush())
    qtbot.addWidget(canvas)
    told = []
    canvas.first_painted.connect(lambda: told.append(True))
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    qtbot.waitUntil(lambda: told == [True])
    canvas.update()
    qtbot.waitUntil(lambda: canvas.paints > 1)
    assert told == [True]


def test_the_picture_stays_fitted_until_the_user_zooms(make_document, show):
    canvas = show(make_document(2000, 1500))
    before = canvas.view.zoom
    canvas.resize(WIDTH * 2, HEIGHT * 2)
    assert canvas.view.zoom > before
    canvas.zoom_to(0.5)
    canvas.resize(WIDTH, HEIGHT)
    assert canvas.view.zoom == 0.5


# -- what is repainted ---------------------------------------------------------------------------------


def _edit_mask(document, area: Rect, value: int = 255) -> None:
    writer = TileWriter(document.selection)
    writer.write(area, np.full((area.height, area.width, 1), value, np.uint8))
    document.record("Brush", TileSwap(document.selection, writer.before, Part.SELECTION))


def _edit_pixels(document, area: Rect) -> None:
    writer = TileWriter(document.layers[0].image)
    writer.write(area, np.full((area.height, area.width, 4), 255, np.uint8))
    document.notify(area, Part.PIXELS)


@pytest.mark.parametrize("zoom", [1.0, 0.37, 3.0])
def test_only_what_changed_is_repainted(make_document, show, qtbot, zoom):
    canvas = show(make_document(600, 500), zoom=zoom)
    area = Rect(290, 240, 20, 15)
    _edit_pixels(canvas.document, area)
    qtbot.waitUntil(lambda: canvas.paints > 0)
    changed = canvas.view.widget_rect(area, 0)
    assert canvas.painted.contains(changed)
    assert canvas.painted.boundingRect().width() <= changed.width() + 6
    assert canvas.painted.boundingRect().height() <= changed.height() + 6


def test_what_is_repainted_is_enough(make_document, show, qtbot):
    """After a change the screen's own buffer holds what a whole repaint would draw."""
    canvas = show(make_document(600, 500), zoom=0.37)
    _edit_pixels(canvas.document, Rect(290, 240, 20, 15))
    qtbot.waitUntil(lambda: canvas.paints > 0)
    partly = _screen(canvas)
    canvas.repaint()
    assert np.abs(partly.astype(int) - _screen(canvas)).max() <= 1


def test_a_piece_of_a_stroke_repaints_its_own_place(make_document, show, qtbot):
    canvas = show(make_document(1000, 800), zoom=1.0)
    QTest.mousePress(canvas, LEFT, NO_KEYS, QPoint(100, 100))
    _settle(qtbot, canvas)
    _move(canvas, QPoint(110, 100), LEFT)
    qtbot.waitUntil(lambda: canvas.paints > 0)
    assert canvas.painted.boundingRect().width() < 60
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, QPoint(110, 100))


def test_nothing_is_repainted_for_a_new_name(make_document, show, qtbot):
    canvas = show(make_document(100, 100))
    canvas.document.set_layer(canvas.document.layers[0], "name", "Other", "Rename layer")
    QApplication.processEvents()
    assert canvas.paints == 0


def _screen(canvas: Canvas) -> np.ndarray:
    """What the window's buffer holds: what was painted so far, nothing newer."""
    return _bytes(canvas.screen().grabWindow(canvas.winId()).toImage())


def test_panning_shows_the_same_as_painting_anew(make_document, show, qtbot):
    canvas = show(make_document(900, 800, alpha=True), zoom=1.0)
    _drag(canvas, (400, 400), (431, 417), (380, 420), button=MIDDLE)
    _settle_buffer(canvas)
    scrolled = _screen(canvas)
    canvas.repaint()
    assert np.array_equal(scrolled, _screen(canvas))


def test_the_wheel_leaves_no_cursor_behind(make_document, show, qtbot):
    canvas = show(make_document(900, 800), Brush(60), zoom=1.0)
    _move(canvas, QPoint(200, 150))
    _settle_buffer(canvas)
    _wheel(canvas, QPoint(200, 150), 1, Qt.KeyboardModifier.ShiftModifier)
    _settle_buffer(canvas)
    scrolled = _screen(canvas)
    canvas.repaint()
    assert np.array_equal(scrolled, _screen(canvas))


@pytest.mark.parametrize("tool", [Lasso, Polygon])
def test_no_line_is_left_on_the_screen(make_document, show, tool):
    """Also where the line left the picture, and when it masked nothing."""
    canvas = show(make_document(60, 60), tool(), zoom=1.0)
    for points in (((-80, -60), (-20, -60)), ((-80, -60), (-20, -60), (-30, -20))):
        for number, point in enumerate(points):
            place = _at(canvas, *point)
            if tool is Polygon or number == 0:
                QTest.mousePress(canvas, LEFT, NO_KEYS, place)
            else:
                _move(canvas, place, LEFT)
            if tool is Polygon or number == len(points) - 1:
                _settle_buffer(canvas)
                QTest.mouseRelease(canvas, LEFT, NO_KEYS, place)
        if tool is Polygon and len(points) > 2:
            QTest.mouseClick(canvas, LEFT, NO_KEYS, _at(canvas, *points[0]))  # the first corner
        elif tool is Polygon:
            canvas.finish_tool()
        _settle_buffer(canvas)
        left = _screen(canvas)
        canvas.repaint()
        assert np.array_equal(left, _screen(canvas))


def _settle_buffer(canvas: Canvas) -> None:
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


# -- brushing ------------------------------------------------------------------------------------------


def test_a_drag_is_a_stroke_at_the_place_under_the_pointer(make_document, show):
    canvas = show(make_document(600, 500), zoom=0.5)
    _drag(canvas, (200, 200), (300, 200), (300, 300))
    assert [entry.name for entry in canvas.document.history.entries] == ["Remove brush"]
    mask = _mask(canvas)
    assert mask[200, 200] == mask[200, 250] == mask[250, 300] == 255
    assert mask[230, 200] == 0


def test_alt_and_shift_reach_the_tool(make_document, show):
    canvas = show(make_document(300, 250), zoom=1.0)
    _drag(canvas, (50, 50))
    _drag(canvas, (200, 50), keys=Qt.KeyboardModifier.ShiftModifier)
    assert _mask(canvas)[50, 125] == 255
    _drag(canvas, (125, 50), keys=Qt.KeyboardModifier.AltModifier)
    assert _mask(canvas)[50, 125] == 0 and _mask(canvas)[50, 200] == 255


def test_only_the_left_button_draws(make_document, show):
    canvas = show(make_document(300, 250), zoom=1.0)
    _drag(canvas, (50, 50), (100, 100), button=Qt.MouseButton.RightButton)
    assert canvas.document.history.entries == []


def test_a_second_button_does_not_disturb_a_stroke(make_document, show):
    canvas = show(make_document(300, 250), zoom=1.0)
    x, y = canvas.view.x, canvas.view.y
    QTest.mousePress(canvas, LEFT, NO_KEYS, _at(canvas, 50, 50))
    QTest.mousePress(canvas, MIDDLE, NO_KEYS, _at(canvas, 50, 50))
    _move(canvas, _at(canvas, 100, 50), LEFT | MIDDLE)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, _at(canvas, 100, 50))
    QTest.mouseRelease(canvas, MIDDLE, NO_KEYS, _at(canvas, 100, 50))
    assert len(canvas.document.history.entries) == 1
    assert (canvas.view.x, canvas.view.y) == (x, y)
    drawn = _mask(canvas)
    _move(canvas, _at(canvas, 200, 200))  # no button is down any more
    assert np.array_equal(_mask(canvas), drawn)


def test_escape_in_a_stroke(make_document, show):
    canvas = show(make_document(300, 250), zoom=1.0)
    QTest.mousePress(canvas, LEFT, NO_KEYS, _at(canvas, 50, 50))
    assert canvas.cancel_tool()
    _move(canvas, _at(canvas, 100, 50), LEFT)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, _at(canvas, 100, 50))
    assert not _mask(canvas).any() and canvas.document.history.entries == []


def test_another_tool_in_a_stroke_takes_it_back(make_document, show):
    canvas = show(make_document(300, 250), zoom=1.0)
    QTest.mousePress(canvas, LEFT, NO_KEYS, _at(canvas, 50, 50))
    canvas.set_tool(Lasso())
    _move(canvas, _at(canvas, 100, 50), LEFT)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, _at(canvas, 100, 50))
    assert not _mask(canvas).any() and canvas.document.history.entries == []


def test_polygon_by_clicks_and_double_click(make_document, show):
    canvas = show(make_document(300, 250), Polygon(), zoom=1.0)
    for point in ((50, 50), (200, 50), (200, 200)):
        _drag(canvas, point)
    place = _at(canvas, 50, 200)
    QTest.mouseClick(canvas, LEFT, NO_KEYS, place)
    QTest.mouseDClick(canvas, LEFT, NO_KEYS, place)
    assert [entry.name for entry in canvas.document.history.entries] == ["Polygon"]
    mask = _mask(canvas)
    assert mask[100, 100] == mask[190, 60] == 255 and mask[220, 100] == 0
    assert canvas.tool.shapes(canvas.document) == ()


def test_lasso_by_a_drag(make_document, show):
    canvas = show(make_document(300, 250), Lasso(), zoom=1.0)
    _drag(canvas, (50, 50), (200, 50), (200, 200), (50, 200))
    assert _mask(canvas)[100, 100] == 255
    assert len(canvas.document.history.entries) == 1


def test_the_cursor_is_as_large_as_the_brush(make_document, show):
    canvas = show(make_document(pixels=np.full((300, 400, 4), 255, np.uint8)), Brush(100), zoom=1.0)
    _move(canvas, QPoint(200, 150))
    row = _grab(canvas)[150].mean(axis=-1)
    dark = np.flatnonzero(row[80:320] < 250) + 80
    assert dark.min() == pytest.approx(150, abs=2) and dark.max() == pytest.approx(250, abs=2)
    assert canvas.cursor().shape() == Qt.CursorShape.BlankCursor


# -- the pen -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pen() -> QPointingDevice:
    """Kept for the module: Qt remembers the last device that an event came from."""
    return QPointingDevice(
        "pen",
        1,
        QPointingDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QPointingDevice.Capability.Position | QPointingDevice.Capability.Pressure,
        1,
        1,
    )


def _tablet(canvas, pen, kind, point, pressure) -> bool:
    place = canvas.view.to_widget(*point)
    button = LEFT if kind != QEvent.Type.TabletMove else Qt.MouseButton.NoButton
    buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
    event = QTabletEvent(
        kind, pen, place, canvas.mapToGlobal(place), pressure, 0, 0, 0, 0, 0, NO_KEYS, button, buttons
    )
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def test_a_pen_draws_as_wide_as_it_is_pressed(make_document, show, pen):
    canvas = show(make_document(380, 280), Brush(80), zoom=1.0)
    kinds = QEvent.Type
    assert _tablet(canvas, pen, kinds.TabletPress, (60, 140), 1.0)
    for number in range(1, 11):
        assert _tablet(canvas, pen, kinds.TabletMove, (60 + 26 * number, 140), 1 - 0.1 * number)
    assert _tablet(canvas, pen, kinds.TabletRelease, (320, 140), 0.0)
    mask = _mask(canvas)
    heights = [np.count_nonzero(mask[:, x] > 127) for x in (60, 190, 320)]
    assert heights == pytest.approx([80, 40, 80 * LEAST_PRESSURE], abs=3)
    assert [entry.name for entry in canvas.document.history.entries] == ["Remove brush"]


@pytest.fixture(scope="module")
def other_end() -> QPointingDevice:
    """The eraser of the same pen."""
    return QPointingDevice(
        "eraser",
        2,
        QPointingDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Eraser,
        QPointingDevice.Capability.Position | QPointingDevice.Capability.Pressure,
        1,
        1,
    )


def test_the_pens_other_end_is_told_of_before_it_draws(make_document, show, pen, other_end):
    canvas = show(make_document(380, 280), Brush(20), zoom=1.0)
    told = []
    canvas.pen_turned.connect(lambda erasing: told.append((erasing, _mask(canvas).any())))
    for device in (other_end, other_end, pen, pen):
        _tablet(canvas, device, QEvent.Type.TabletPress, (50, 50), 0.5)
        _tablet(canvas, device, QEvent.Type.TabletRelease, (50, 50), 0.0)
    assert told == [(True, False), (False, True)]


def test_tilt_reaches_the_tool(make_document, show, pen):
    canvas = show(make_document(380, 280), Brush(20), zoom=1.0)
    got = []
    canvas.tool.press = lambda document, pointer: got.append((pointer.tilt, pointer.pressure))
    place = canvas.view.to_widget(50, 50)
    event = QTabletEvent(
        QEvent.Type.TabletPress,
        pen,
        place,
        canvas.mapToGlobal(place),
        0.7,
        20,
        -35,
        0,
        0,
        0,
        NO_KEYS,
        LEFT,
        LEFT,
    )
    QApplication.sendEvent(canvas, event)
    assert got == [((20.0, -35.0), pytest.approx(0.7))]


def test_a_hovering_pen_draws_nothing(make_document, show, pen):
    canvas = show(make_document(380, 280), zoom=1.0)
    for x in (50, 100, 150):
        _tablet(canvas, pen, QEvent.Type.TabletMove, (x, 100), 0.0)
    assert not _mask(canvas).any()


def test_with_space_the_pen_is_left_to_the_mouse(make_document, show, pen):
    canvas = show(make_document(380, 280), zoom=1.0)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert not _tablet(canvas, pen, QEvent.Type.TabletPress, (50, 50), 1.0)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert not _mask(canvas).any()


def test_space_in_a_pen_stroke_changes_nothing(make_document, show, pen):
    canvas = show(make_document(380, 280), zoom=1.0)
    _tablet(canvas, pen, QEvent.Type.TabletPress, (50, 50), 0.5)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert _tablet(canvas, pen, QEvent.Type.TabletMove, (150, 50), 0.5)
    assert _tablet(canvas, pen, QEvent.Type.TabletRelease, (150, 50), 0.0)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert np.count_nonzero(_mask(canvas)[:, 100]) < 15
    assert len(canvas.document.history.entries) == 1


# -- zoom and pan --------------------------------------------------------------------------------------


def test_middle_drag_pans(make_document, show):
    canvas = show(make_document(1000, 800), zoom=1.0)
    x, y = canvas.view.x, canvas.view.y
    _drag(canvas, (400, 400), (420, 390), (450, 385), button=MIDDLE)
    # Each step is measured from the widget's place of the one before.
    assert (canvas.view.x - x, canvas.view.y - y) == (50, -15)
    assert canvas.document.history.entries == [] and not _mask(canvas).any()
    _move(canvas, QPoint(30, 30))
    assert (canvas.view.x - x, canvas.view.y - y) == (50, -15)


def test_space_drag_pans_and_draws_nothing(make_document, show):
    canvas = show(make_document(1000, 800), zoom=1.0)
    x, y = canvas.view.x, canvas.view.y
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(canvas, LEFT, NO_KEYS, QPoint(100, 100))
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    _move(canvas, QPoint(130, 90), LEFT)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, QPoint(130, 90))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert (canvas.view.x - x, canvas.view.y - y) == (30, -10)
    assert canvas.document.history.entries == [] and not _mask(canvas).any()
    assert canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    _drag(canvas, (500, 400))
    assert len(canvas.document.history.entries) == 1


def test_space_let_go_first_still_draws_nothing(make_document, show):
    canvas = show(make_document(1000, 800), zoom=1.0)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(canvas, LEFT, NO_KEYS, QPoint(100, 100))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    _move(canvas, QPoint(130, 90), LEFT)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, QPoint(130, 90))
    assert canvas.document.history.entries == [] and not _mask(canvas).any()


def test_space_is_forgotten_with_the_focus(make_document, show):
    canvas = show(make_document(1000, 800), zoom=1.0)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    canvas.clearFocus()
    _drag(canvas, (500, 400))
    assert len(canvas.document.history.entries) == 1


def test_the_wheel_zooms_at_the_pointer(make_document, show):
    canvas = show(make_document(3000, 2000))
    place = QPoint(130, 90)
    before, zoom = canvas.view.to_image(QPointF(place)), canvas.view.zoom
    told = []
    canvas.view_changed.connect(lambda: told.append(True))
    _wheel(canvas, place, 1)
    assert canvas.view.zoom == pytest.approx(zoom * canvas_module.ZOOM_STEP)
    assert canvas.view.to_image(QPointF(place)) == pytest.approx(before, abs=1 / canvas.view.zoom)
    _wheel(canvas, place, -1)
    assert canvas.view.zoom == pytest.approx(zoom)
    assert len(told) == 2


def test_the_wheel_stops_at_100_percent(make_document, show):
    canvas = show(make_document(3000, 2000), zoom=0.9)
    _wheel(canvas, QPoint(100, 100), 1)
    assert canvas.view.zoom == 1.0
    _wheel(canvas, QPoint(100, 100), 1)
    assert canvas.view.zoom == 1.25


def test_the_wheel_stops_at_the_limits(make_document, show):
    canvas = show(make_document(300, 200))
    _wheel(canvas, QPoint(200, 150), 100)
    assert canvas.view.zoom == 64
    for _ in range(2):  # the first stops at 100 %
        _wheel(canvas, QPoint(200, 150), -200)
    assert canvas.view.zoom == 1 / 64
    assert canvas.view.widget_rect(canvas.document.rect).intersects(QRect(0, 0, WIDTH, HEIGHT))


def test_the_document_is_let_go(make_document, show):
    canvas = show(make_document(30, 20))
    canvas.release_document()
    assert canvas.document.observers == []


# -- another canvas --------------------------------------------------------------------------------------


def test_another_size_is_shown_whole_again(show, make_document):
    from editor.document import canvas as edits

    document = make_document(120, 80)
    shown = show(document)
    assert (shown.view.width, shown.view.height) == (120, 80)
    edits.rotate(document, 90)
    assert (shown.view.width, shown.view.height) == (80, 120)
    corner = shown.view.to_widget(0, 0).toPoint()
    image = _bytes(shown.grab().toImage())
    zoom = shown.view.zoom
    assert zoom == 1.0
    seen = image[corner.y() : corner.y() + 120, corner.x() : corner.x() + 80]
    assert np.array_equal(seen, document.composite(document.rect)[..., :3])
    document.undo()
    corner = shown.view.to_widget(0, 0).toPoint()
    image = _bytes(shown.grab().toImage())
    seen = image[corner.y() : corner.y() + 80, corner.x() : corner.x() + 120]
    assert np.array_equal(seen, document.composite(document.rect)[..., :3])


def test_a_zoomed_view_stays_zoomed_over_another_size(show, make_document):
    from editor.document import canvas as edits

    document = make_document(120, 80)
    shown = show(document)
    shown.zoom_to(3.0)
    edits.rotate(document, 90)
    assert shown.view.zoom == 3.0
    middle = shown.view.to_image(QPointF(shown.rect().center()))
    assert abs(middle[0] - 40) < 2 and abs(middle[1] - 60) < 2


def test_the_selections_line_moves_with_the_canvas(show, qtbot, make_document):
    from editor.document import canvas as edits
    from editor.document import select

    document = make_document(120, 80)
    shown = show(document)
    select.rectangle(document, (10, 20, 30, 15))
    qtbot.waitUntil(lambda: not shown._zone.isEmpty())
    edits.flip(document, horizontal=True)
    qtbot.waitUntil(lambda: round(shown._zone.boundingRect().left()) == 80)
    assert round(shown._zone.boundingRect().right()) == 110


def test_another_profile_is_shown_in_its_colours(show, make_document):
    from editor.document import colour
    from editor.document.files import profiles

    pixels = np.full((80, 120, 4), (200, 60, 30, 255), np.uint8)
    document = make_document(pixels=pixels)
    shown = show(document)
    middle = shown.rect().center()
    assert shown.grab().toImage().pixelColor(middle).getRgb()[:3] == (200, 60, 30)
    colour.assign_profile(document, profiles.profile(profiles.ADOBE_RGB))
    # Adobe RGB (200, 60, 30) in sRGB, by way of its primaries and a gamma of 563/256.
    red, green, blue = shown.grab().toImage().pixelColor(middle).getRgb()[:3]
    assert red > 220 and abs(green - 59) <= 6 and blue < 30


def test_layers_beyond_the_canvas_are_cut_off_at_its_edge(show, make_document):
    from editor.document.layers import PixelLayer
    from editor.document.tiles import TiledImage

    document = make_document(120, 80)
    wide = np.full((300, 400, 4), (0, 255, 0, 255), np.uint8)
    document.set_layers(
        (*document.layers, PixelLayer("Wide", TiledImage.from_array(wide, -50, -60))), "Set up"
    )
    shown = show(document)
    corner = shown.view.to_widget(0, 0).toPoint()
    image = shown.grab().toImage()
    assert image.pixelColor(corner + QPoint(2, 2)).getRgb()[:3] == (0, 255, 0)
    assert image.pixelColor(corner - QPoint(2, 2)) == QColor(theme.now.surround)
    assert image.pixelColor(corner + QPoint(122, 40)) == QColor(theme.now.surround)


# -- a quick look ----------------------------------------------------------------------------------------


def _two_layers(make_document):
    from editor.document.layers import PixelLayer
    from editor.document.tiles import TiledImage

    document = make_document(1200, 900)
    white = np.full((900, 1200, 4), 255, np.uint8)
    document.set_layers((*document.layers, PixelLayer("White", TiledImage.from_array(white))), "Set up")
    return document


def test_a_large_change_is_shown_roughly_and_then_exactly(show, qtbot, make_document, monkeypatch):
    monkeypatch.setattr(pyramid, "AT_ONCE", 500_000)
    monkeypatch.setattr(rendering, "ROUGHLY", 1_000_000)
    document = _two_layers(make_document)
    shown = show(document)
    before, made = _grab(shown), []
    shown.picture.stale.connect(lambda: made.append(1))
    composite = document.composite
    monkeypatch.setattr(document, "composite", lambda area: pytest.fail("composed while the window paints"))
    document.layers[1].opacity = 0.2
    document.notify(document.rect, Part.PIXELS)
    assert (_grab(shown) == before).all()  # what there was, until something newer is there
    qtbot.waitUntil(lambda: len(made) == 1)
    rough = _grab(shown)
    qtbot.waitUntil(lambda: len(made) == 2)
    exact = _grab(shown)
    corner, opposite = shown.view.to_widget(0, 0).toPoint(), shown.view.to_widget(1200, 900).toPoint()
    inside = (slice(corner.y() + 2, opposite.y() - 2), slice(corner.x() + 2, opposite.x() - 2))
    assert abs(rough[inside].mean() - exact[inside].mean()) < 3  # noise, of which a part was picked
    assert rough[inside].mean() < 220  # and not white any more
    assert (rough[inside] != exact[inside]).any()
    outside = np.ones(exact.shape[:2], bool)
    outside[corner.y() - 2 : opposite.y() + 2, corner.x() - 2 : opposite.x() + 2] = False
    assert (rough[outside] == exact[outside]).all()
    monkeypatch.setattr(document, "composite", composite)
    again = show(document)  # which makes it without any haste
    assert (_grab(again) == exact).all()


def test_a_small_change_is_exact_at_once(show, make_document, monkeypatch):
    monkeypatch.setattr(pyramid, "AT_ONCE", 500_000)
    document = _two_layers(make_document)
    shown = show(document)
    before = _grab(shown)
    document.layers[1].opacity = 0.2
    document.notify(Rect(0, 0, 300, 300), Part.PIXELS)
    corner = shown.view.to_widget(0, 0).toPoint()
    place = corner.y() + 20, corner.x() + 20
    assert (_grab(shown)[place] != before[place]).any()


# -- the turned view ----------------------------------------------------------------------------------


def test_a_turned_view_shows_the_picture_turned(make_document, show, qtbot):
    pixels = np.full((80, 120, 4), 255, np.uint8)
    pixels[:, :60, :3] = (200, 0, 0)
    pixels[:, 60:, :3] = (0, 0, 200)
    canvas = show(make_document(pixels=pixels), zoom=1.0)
    canvas.turn_to(90)
    _settle(qtbot, canvas)
    shown = _bytes(canvas.grab().toImage())
    middle_x, middle_y = WIDTH // 2, HEIGHT // 2
    # What was on the left is now at the top.
    assert shown[middle_y - 40, middle_x].tolist() == [200, 0, 0]
    assert shown[middle_y + 40, middle_x].tolist() == [0, 0, 200]
    assert shown[middle_y, middle_x - 55].tolist() == list(QColor(theme.now.surround).getRgb()[:3])


@pytest.mark.parametrize("angle", [30, -75, 180])
def test_the_brush_draws_under_the_pointer_of_a_turned_view(make_document, show, qtbot, angle):
    canvas = show(make_document(300, 200), Brush(30), zoom=0.8)
    canvas.turn_to(angle)
    there = canvas.view.to_widget(100, 60).toPoint()
    QTest.mouseClick(canvas, LEFT, NO_KEYS, there)
    mask = canvas.document.selection.read(canvas.document.rect)[..., 0]
    rows, columns = np.nonzero(mask)
    assert columns.mean() + 0.5 == pytest.approx(100, abs=1.5)
    assert rows.mean() + 0.5 == pytest.approx(60, abs=1.5)
    assert len(canvas.document.history.entries) == 1


def test_a_turned_view_fits_and_goes_upright_again(make_document, show):
    canvas = show(make_document(2000, 500))
    before = canvas.view.zoom
    canvas.turn_to(90)
    canvas.fit()
    corners = canvas.view.outline(canvas.document.rect).boundingRect()
    assert canvas.view.zoom < before and corners.top() >= 0 and corners.bottom() <= HEIGHT
    canvas.turn_to(0)
    canvas.fit()
    assert canvas.view.zoom == before


def test_the_view_tools_move_the_view_and_not_the_document(make_document, show):
    from editor.tools.navigation import Hand, RotateView, Zoom

    canvas = show(make_document(900, 800), Hand(_BENCH), zoom=1.0)
    start = canvas.view.x, canvas.view.y
    _glide(canvas, QPoint(200, 150), QPoint(150, 120))
    assert (canvas.view.x, canvas.view.y) == (start[0] - 50, start[1] - 30)
    canvas.set_tool(Zoom(_BENCH))
    QTest.mouseClick(canvas, LEFT, NO_KEYS, QPoint(200, 150))
    zoomed = canvas.view.zoom
    assert zoomed > 1
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.AltModifier, QPoint(200, 150))
    assert canvas.view.zoom == pytest.approx(1.0)
    canvas.set_tool(RotateView(_BENCH))
    _glide(canvas, QPoint(WIDTH - 20, HEIGHT // 2), QPoint(WIDTH // 2, HEIGHT - 20))
    assert canvas.view.angle == pytest.approx(90, abs=2)
    assert canvas.cancel_tool() and canvas.view.angle == 0
    assert not canvas.document.history.entries and not canvas.document.selection.tiles


def _glide(canvas: Canvas, start: QPoint, end: QPoint) -> None:
    """A drag from one place of the widget to another."""
    QTest.mousePress(canvas, LEFT, NO_KEYS, start)
    for step in range(1, 5):
        _move(canvas, start + (end - start) * step / 4, LEFT)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, end)

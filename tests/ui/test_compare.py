"""The picture as it was: in place of the picture as it is, or beside it along a line."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from windows import NO_KEYS, make_picture, open_pictures, press_key, toasts, wait_for_toast

from editor.document import canvas as canvas_edits
from editor.document import masks
from editor.document.geometry import Rect
from editor.document.history import Part, TileSwap
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage, TileWriter
from editor.ui.canvas import Canvas
from editor.ui.compare import Look
from editor.ui.compare_handle import SplitHandle
from editor.ui.opening import made_ready
from editor.ui.picture import Picture

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LABELS = 40  # pixels at the canvas's corner, and around the knob, where words lie over the picture


@pytest.fixture
def canvas(window, qtbot, picture) -> Canvas:
    canvas = open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels.are_filled)
    return canvas


def _shot(canvas: Canvas) -> np.ndarray:
    """(h, w, 3) of the canvas without what lies on it, the pointer away from it."""
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    image = QImage(canvas.size(), QImage.Format.Format_RGB888)
    canvas.render(image, QPoint(), canvas.rect(), canvas.RenderFlag.DrawWindowBackground)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def _as_opened(canvas: Canvas, pixels: np.ndarray) -> np.ndarray:
    """What the canvas would show of the picture as it was opened, with the view that it has."""
    other = Canvas(made_ready(Document.from_pixels(pixels.copy())), canvas.tool)
    try:
        other._fits = False
        other.resize(canvas.size())
        for name in ("zoom", "x", "y", "angle", "ratio"):
            setattr(other.view, name, getattr(canvas.view, name))
        return _shot(other)
    finally:
        other.release_document()
        other.deleteLater()


def _change(canvas: Canvas) -> None:
    """A grey layer over half of the picture, and something selected."""
    document = canvas.document
    grey = np.full((document.height, document.width, 4), 128, np.uint8)
    grey[:, : document.width // 3, 3] = 0
    grey[..., 3][:, document.width // 3 :] = 255
    document.set_layers((*document.layers, PixelLayer("Grey", TiledImage.from_array(grey))), "Add")
    values = np.zeros((document.height, document.width), np.uint8)
    values[100:200, 100:400] = 255
    document.edit("Mask", masks.replace(document.selection, values))


def _settled(qtbot, canvas: Canvas) -> None:
    qtbot.waitUntil(lambda: not canvas._zone_timer.isActive())


def _handle(canvas: Canvas) -> SplitHandle:
    (handle,) = [each for each in canvas.findChildren(SplitHandle) if not each.isHidden()]
    return handle


def _same(
    one: np.ndarray, other: np.ndarray, within: QRect, but: QRect | None = None, *, turned: bool = False
) -> bool:
    """Equal ``within`` a rectangle and not in another. In a view that is turned Qt samples what it draws at
    places that depend a little on how much it draws; a few pixels at the picture's edge are let pass."""
    different = np.abs(one.astype(int) - other).max(axis=-1) > (16 if turned else 0)
    outside = np.ones(different.shape, bool)
    outside[within.top() : within.bottom() + 1, within.left() : within.right() + 1] = False
    if but is not None:
        outside[max(but.top(), 0) : but.bottom() + 1, max(but.left(), 0) : but.right() + 1] = True
    return (different & ~outside).sum() <= (20 if turned else 0)


VIEWS = pytest.mark.parametrize("view", ["fit", "zoomed", "panned", "turned"])


def _look_at(canvas: Canvas, view: str) -> None:
    if view == "fit":
        canvas.fit()
    else:
        canvas.zoom_to(2.5 if view == "zoomed" else 0.7)
    if view == "panned":
        canvas.centre_on(100, 90)
    if view == "turned":
        canvas.turn_to(30.0)


# --- In place of the picture ---


@VIEWS
def test_the_key_shows_the_picture_as_it_was_while_it_is_held(window, qtbot, canvas, view):
    pixels = canvas.document.layers[0].image.read(canvas.document.rect)
    _change(canvas)
    _look_at(canvas, view)
    _settled(qtbot, canvas)
    now, action = _shot(canvas), window.actions_by_id["comparing.toggle_before"]
    entries = list(canvas.document.history.entries)

    QTest.keyPress(canvas, KEYS.Key_Backslash)
    assert action.isChecked()
    before = _shot(canvas)
    corner = QRect(0, 0, 100, LABELS)
    turned = view == "turned"
    assert _same(before, _as_opened(canvas, pixels), canvas.rect(), but=corner, turned=turned)
    assert not _same(before, now, canvas.rect(), but=corner)
    QTest.keyRelease(canvas, KEYS.Key_Backslash)
    assert not action.isChecked()
    assert canvas.covering is None
    assert _same(_shot(canvas), now, canvas.rect())
    assert canvas.document.history.entries == entries


def test_the_menu_leaves_it_on(window, qtbot, canvas):
    _change(canvas)
    action = window.actions_by_id["comparing.toggle_before"]
    action.trigger()
    assert action.isChecked() and canvas.comparison.shows_before
    QTest.keyClick(canvas, KEYS.Key_A)  # whose release has nothing to do with it
    assert canvas.comparison.shows_before
    action.trigger()
    assert not action.isChecked() and canvas.covering is None
    action.trigger()
    press_key(window, KEYS.Key_Escape)
    assert not action.isChecked() and canvas.covering is None


def test_a_key_that_repeats_itself_is_held_once(window, canvas, monkeypatch):
    from PySide6.QtGui import QKeyEvent

    _change(canvas)
    QTest.keyPress(canvas, KEYS.Key_Backslash)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        again = QKeyEvent(kind, KEYS.Key_Backslash, NO_KEYS, "\\", True)
        QApplication.sendEvent(canvas, again)
        assert canvas.comparison.shows_before
    QTest.keyRelease(canvas, KEYS.Key_Backslash)
    assert not canvas.comparison.shows_before


@pytest.mark.parametrize("how", ["deactivate", "another tab"])
def test_it_does_not_stay_when_the_key_is_let_go_elsewhere(window, qtbot, tmp_path, canvas, how):
    _change(canvas)
    QTest.keyPress(canvas, KEYS.Key_Backslash)
    if how == "deactivate":
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    else:
        other = open_pictures(qtbot, window, make_picture(tmp_path / "two.png", seed=1))
        assert not window.actions_by_id["comparing.toggle_before"].isChecked()
        QTest.keyRelease(other, KEYS.Key_Backslash)
    assert canvas.covering is None
    QTest.keyRelease(canvas, KEYS.Key_Backslash)


def test_with_the_focus_on_a_panel(window, qtbot, canvas):
    _change(canvas)
    layers = window.panels._layers._list
    layers.setFocus()
    QTest.keyPress(layers, KEYS.Key_Backslash)
    assert canvas.comparison.shows_before
    QTest.keyRelease(layers, KEYS.Key_Backslash)
    assert canvas.covering is None


def test_on_the_start_page_nothing_happens(window):
    QTest.keyPress(window, KEYS.Key_Backslash)
    QTest.keyRelease(window, KEYS.Key_Backslash)
    press_key(window, KEYS.Key_Backslash, SHIFT)
    assert toasts(window) == []


def test_a_recovered_picture_is_compared_with_what_was_recovered(window, qtbot):
    """What was opened with a history may have holes; before is the state at opening, not the first one."""
    pixels = np.full((200, 300, 4), 255, np.uint8)
    pixels[..., :3] = 60
    document = Document.from_pixels(pixels)
    writer = TileWriter(document.layers[0].image)
    writer.write(Rect(50, 50, 100, 80), np.zeros((80, 100, 4), np.uint8))
    document.record("Erase", TileSwap(document.layers[0].image, writer.before, Part.PIXELS))
    window.documents.show(made_ready(document), None)
    canvas = window.canvas
    qtbot.waitUntil(lambda: canvas._painted)
    canvas.zoom_to(1.0)
    recovered = _shot(canvas)
    document.undo()
    assert not _same(_shot(canvas), recovered, canvas.rect())
    QTest.keyPress(canvas, KEYS.Key_Backslash)
    assert _same(_shot(canvas), recovered, canvas.rect(), but=QRect(0, 0, 100, LABELS))
    QTest.keyRelease(canvas, KEYS.Key_Backslash)


# --- The canvas has changed ---


@pytest.mark.parametrize("edit", ["crop", "turn", "flip"])
@pytest.mark.parametrize("key", [(KEYS.Key_Backslash, NO_KEYS), (KEYS.Key_Backslash, SHIFT)])
def test_after_a_crop_or_a_turn_there_is_no_before(window, qtbot, canvas, edit, key):
    document = canvas.document
    if edit == "crop":
        canvas_edits.crop(document, Rect(10, 10, 300, 200))
    elif edit == "turn":
        canvas_edits.rotate(document, 180)  # of the same size: it is not the size that matters
    else:
        canvas_edits.flip(document, horizontal=True)
    press_key(window, *key)
    wait_for_toast(qtbot, window, "warning", "cropped, resized or turned")
    assert canvas.covering is None
    for name in ("before", "columns", "rows"):
        assert not window.actions_by_id[f"comparing.toggle_{name}"].isChecked()
    document.undo()  # and it is there again
    QTest.keyPress(canvas, KEYS.Key_Backslash)
    assert canvas.comparison.shows_before
    QTest.keyRelease(canvas, KEYS.Key_Backslash)


def test_a_crop_in_the_middle_ends_it_with_a_line(window, qtbot, canvas):
    window.actions_by_id["comparing.toggle_columns"].trigger()
    canvas_edits.crop(canvas.document, Rect(10, 10, 300, 200))
    wait_for_toast(qtbot, window, "warning", "cropped, resized or turned")
    assert canvas.covering is None
    assert not canvas.comparison.split
    assert not window.actions_by_id["comparing.toggle_columns"].isChecked()


def test_another_depth_is_no_other_canvas(window, canvas):
    window.actions_by_id["image.to_16_bits"].trigger()
    QTest.keyPress(canvas, KEYS.Key_Backslash)
    assert canvas.comparison.shows_before
    QTest.keyRelease(canvas, KEYS.Key_Backslash)


# --- Split by a line ---


@VIEWS
@pytest.mark.parametrize("split", ["columns", "rows"])
def test_before_on_one_side_and_now_on_the_other(window, qtbot, canvas, view, split):
    pixels = canvas.document.layers[0].image.read(canvas.document.rect)
    _change(canvas)
    _look_at(canvas, view)
    _settled(qtbot, canvas)
    now, before = _shot(canvas), _as_opened(canvas, pixels)
    action = window.actions_by_id[f"comparing.toggle_{split}"]
    action.trigger()
    assert action.isChecked()
    handle = _handle(canvas)
    for place in (0.5, 0.3, 0.81):
        handle.move_to(place)
        both = _shot(canvas)
        first, second = handle.parts()
        words = handle.knob().adjusted(-140, -LABELS, 140, LABELS)
        if split == "columns":
            assert first.width() == round(place * canvas.width())
            assert first.width() + second.width() == canvas.width()
        else:
            assert first.height() == round(place * canvas.height())
            assert first.height() + second.height() == canvas.height()
        assert _same(both, before, first, but=words, turned=view == "turned")
        assert _same(both, now, second, but=words, turned=view == "turned")
    action.trigger()
    assert not action.isChecked() and canvas.covering is None
    assert _same(_shot(canvas), now, canvas.rect())


def test_the_line_is_dragged_and_draws_nothing(window, qtbot, canvas):
    press_key(window, KEYS.Key_Backslash, SHIFT)
    handle = _handle(canvas)
    start = handle.rect().center() - QPoint(0, 100)  # by the line, beside the knob
    QTest.mousePress(handle, LEFT, NO_KEYS, start)
    middle = handle.place
    for step in range(1, 6):
        point = handle.mapFromGlobal(canvas.mapToGlobal(QPoint(canvas.width() // 2 - 20 * step, 200)))
        QTest.mouseMove(handle, point)
    QTest.mouseRelease(handle, LEFT, NO_KEYS, handle.rect().center())
    assert handle.place == pytest.approx(middle - 100 / canvas.width(), abs=0.01)
    assert canvas.document.history.entries == []
    assert not canvas.document.selection.tiles


def test_the_line_stops_at_the_edges_and_follows_the_window(window, qtbot, canvas):
    press_key(window, KEYS.Key_Backslash, SHIFT)
    handle = _handle(canvas)
    QTest.mousePress(handle, LEFT, NO_KEYS, handle.rect().center())
    QTest.mouseMove(handle, QPoint(-5000, 0))
    assert handle.place == 0
    assert handle.parts()[0].isEmpty()
    QTest.mouseMove(handle, QPoint(9000, 0))
    QTest.mouseRelease(handle, LEFT, NO_KEYS, QPoint(0, 0))
    assert handle.place == 1
    assert handle.parts()[1].isEmpty()
    handle.move_to(0.25)
    window.resize(window.width() - 200, window.height())
    qtbot.waitUntil(lambda: handle.height() == canvas.height())
    assert handle.geometry().center().x() == pytest.approx(canvas.width() / 4, abs=2)


def test_a_pen_drags_the_line_and_does_not_draw(window, canvas):
    from PySide6.QtGui import QPointingDevice

    press_key(window, KEYS.Key_Backslash, SHIFT)
    handle = _handle(canvas)
    pen = QPointingDevice.primaryPointingDevice()

    def send(kind, x: float) -> None:
        inside = QPointF(handle.mapFromGlobal(canvas.mapToGlobal(QPointF(x, 100))))
        point = QPointF(canvas.mapToGlobal(QPointF(x, 100)))
        buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
        event = QTabletEvent(kind, pen, inside, point, 0.5, 0, 0, 0, 0, 0, NO_KEYS, LEFT, buttons)
        QApplication.sendEvent(handle, event)

    send(QEvent.Type.TabletPress, canvas.width() / 2)
    send(QEvent.Type.TabletMove, canvas.width() / 4)
    send(QEvent.Type.TabletRelease, canvas.width() / 4)
    assert handle.place == pytest.approx(0.25, abs=0.01)
    assert canvas.document.history.entries == []


def test_the_line_by_keys_and_turned_by_a_double_click(window, canvas):
    press_key(window, KEYS.Key_Backslash, SHIFT)
    handle = _handle(canvas)
    handle.setFocus()
    for key, modifiers, place in (
        (KEYS.Key_Right, NO_KEYS, 0.51),
        (KEYS.Key_Left, SHIFT, 0.41),
        (KEYS.Key_Down, NO_KEYS, 0.42),
        (KEYS.Key_Up, SHIFT, 0.32),
        (KEYS.Key_Home, NO_KEYS, 0),
        (KEYS.Key_End, NO_KEYS, 1),
    ):
        QTest.keyClick(handle, key, modifiers)
        assert handle.place == pytest.approx(place)
    handle.move_to(0.5)
    QTest.mouseDClick(handle, LEFT, NO_KEYS, handle.rect().center())
    assert canvas.comparison.split == "rows"
    assert window.actions_by_id["comparing.toggle_rows"].isChecked()
    assert not window.actions_by_id["comparing.toggle_columns"].isChecked()
    assert handle.accessibleName() and handle.toolTip()


def test_escape_takes_back_what_the_tool_has_open_before_the_line(window, qtbot, canvas):
    press_key(window, KEYS.Key_Backslash, SHIFT)
    window.tools.use("polygon")
    for x in (50, 120):
        QTest.mouseClick(canvas, LEFT, NO_KEYS, QPoint(x, 60 + x))
    press_key(window, KEYS.Key_Escape)
    assert canvas.comparison.split == "columns"
    press_key(window, KEYS.Key_Escape)
    assert canvas.comparison.split == "" and canvas.covering is None


def test_the_wheel_over_the_line_is_the_canvas_s(window, canvas):
    from PySide6.QtGui import QWheelEvent

    press_key(window, KEYS.Key_Backslash, SHIFT)
    handle = _handle(canvas)
    point = QPointF(handle.rect().center())
    event = QWheelEvent(
        point,
        handle.mapToGlobal(point),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(handle, event)
    assert not event.isAccepted()  # so Qt hands a real one on to the canvas


def test_painting_goes_on_while_the_canvas_is_split(window, qtbot, canvas):
    """What is painted shows on the side of now, and not on the other."""
    canvas.zoom_to(1.0)
    pixels = canvas.document.layers[0].image.read(canvas.document.rect)
    before = _as_opened(canvas, pixels)
    press_key(window, KEYS.Key_Backslash, SHIFT)
    _change(canvas)
    _settled(qtbot, canvas)
    handle, both = _handle(canvas), _shot(canvas)
    first, second = handle.parts()
    words = handle.knob().adjusted(-140, -LABELS, 140, LABELS)
    assert _same(both, before, first, but=words)
    assert not _same(both, before, second, but=words)


def test_panning_keeps_the_line_where_it_is(window, qtbot, canvas):
    press_key(window, KEYS.Key_Backslash, SHIFT)
    canvas.zoom_to(2.0)
    handle = _handle(canvas)
    place = handle.geometry()
    window.tools.use("hand")
    QTest.mousePress(canvas, LEFT, NO_KEYS, QPoint(200, 200))
    QTest.mouseMove(canvas, QPoint(160, 180))
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, QPoint(160, 180))
    assert handle.geometry() == place


# --- Other sides ---


def test_other_sides_are_drawn_only_where_they_differ(window, qtbot, canvas):
    document = canvas.document
    canvas.zoom_to(1.0)
    plain = _shot(canvas)
    white = Document.from_pixels(np.full((document.height, document.width, 4), 255, np.uint8))
    black = np.zeros((document.height, document.width, 4), np.uint8)
    black[..., 3] = 255
    looks = [
        Look(name, Picture(each, canvas.view, None, canvas), Rect(100, 80, 60, 50))
        for name, each in (("One", white), ("Two", Document.from_pixels(black)))
    ]
    canvas.comparison.set_sides(*looks)
    corner = canvas.view.to_widget(100, 80).toPoint()
    zone = QRect(corner.x(), corner.y(), 60, 50)
    shot = _shot(canvas)
    assert (shot[zone.top() : zone.bottom() + 1, zone.left() : zone.right() + 1] == 0).all()
    assert _same(shot, plain, canvas.rect(), but=zone)
    canvas.comparison.show_before(True)
    shot = _shot(canvas)
    assert (shot[zone.top() : zone.bottom() + 1, zone.left() : zone.right() + 1] == 255).all()
    canvas_edits.crop(document, Rect(0, 0, 300, 300))  # whoever set the sides looks after them
    assert canvas.comparison.refusal == ""
    canvas.comparison.clear_sides()
    assert canvas.covering is None

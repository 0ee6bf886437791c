"""The window as a whole: opening, masking, removing, undoing, saving, and losing nothing on the way."""

import os
import shutil
import threading
import time
from concurrent.futures import Future

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMessageBox, QPushButton, QToolButton
from windows import FakeEngine, make_picture, open_pictures, press_key, toasts, wait_for_toast

from editor import settings
from editor.document import canvas as canvas_edits
from editor.document.storage import open_document
from editor.tools import lasso
from editor.tools.remove_brush import RemoveBrush
from editor.ui import dialogs
from editor.ui.canvas import Canvas
from editor.ui.dialogs import SAMPLE
from editor.ui.opening import open_picture
from editor.ui.slider import NumberSlider
from editor.ui.start_page import StartPage
from editor.ui.window import Window
from engines import registry, store
from engines.base import EngineError

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BUTTONS = QMessageBox.StandardButton
WAIT = 10_000  # ms


def _send_move(canvas: Canvas, place: QPoint) -> None:
    globally = QPointF(canvas.mapToGlobal(place))
    kind = QEvent.Type.MouseMove
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(canvas, QMouseEvent(kind, QPointF(place), globally, none, LEFT, NO_KEYS))


def _brush(window: Window, *points: tuple[float, float]) -> None:
    canvas = window.canvas
    places = [canvas.view.to_widget(*point).toPoint() for point in points]
    QTest.mousePress(canvas, LEFT, NO_KEYS, places[0])
    for place in places[1:]:
        _send_move(canvas, place)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, places[-1])


def _names(window: Window) -> list[str]:
    return [entry.name for entry in window.document.history.entries]


def _tabs(window: Window) -> list[str]:
    return [window.tabs.tabText(index) for index in range(window.tabs.count())]


def _running(window: Window) -> bool:
    return window.removing.is_running(window.document)


def _wait_until_idle(qtbot, window: Window) -> None:
    qtbot.waitUntil(lambda: not _running(window) and window.removing._manager.jobs == (), timeout=WAIT)


def _start_held(qtbot, window: Window, engine: FakeEngine) -> None:
    """Begin a removal that stays in the engine."""
    engine.gate.clear()
    engine.begun.clear()
    press_key(window, KEYS.Key_Return)
    assert _running(window)
    qtbot.waitUntil(engine.begun.is_set, timeout=WAIT)


# -- opening -------------------------------------------------------------------------------------------


def test_without_a_picture_there_is_the_start_page(window):
    assert isinstance(window.tabs.pages.currentWidget(), StartPage)
    assert window.document is None and window.canvas is None
    assert not window.options.isVisible() and not window.tabs.isVisible()
    assert window.windowTitle() == "Lacuna"
    for slot in (
        "saving.save",
        "saving.save_as",
        "undo",
        "redo",
        "removing.start",
        "selecting.nothing",
        "documents.close_current",
        "view.fit",
    ):
        assert not window.actions_by_id[slot].isEnabled(), slot
    assert window.actions_by_id["documents.ask"].isEnabled()


def test_keys_on_the_start_page_do_no_harm(window):
    for key in (KEYS.Key_Return, KEYS.Key_Escape, KEYS.Key_B, KEYS.Key_BracketLeft, KEYS.Key_Space):
        press_key(window, key)
    for key in (KEYS.Key_Z, KEYS.Key_S, KEYS.Key_W, KEYS.Key_0, KEYS.Key_1, KEYS.Key_D):
        press_key(window, key, CTRL)
    assert toasts(window) == []


def test_open_file(window, qtbot, picture, whole):
    canvas = open_pictures(qtbot, window, picture)
    assert _tabs(window) == ["one.png"] and window.windowTitle() == "one.png — Lacuna"
    assert whole(canvas.document) == whole(open_document(picture))
    assert window.options.isVisible() and canvas.hasFocus()
    assert "640 × 480" in window.status._facts.text()
    assert window.actions_by_id["saving.save_as"].isEnabled() and not window.actions_by_id["undo"].isEnabled()


def test_opening_again_brings_the_tab_to_the_front(window, qtbot, tmp_path, picture):
    open_pictures(qtbot, window, picture, make_picture(tmp_path / "two.png"))
    assert window.tabs.currentIndex() == 1
    window.documents.open(picture)
    assert window.tabs.currentIndex() == 0 and window.document.path == picture
    assert _tabs(window) == ["one.png", "two.png"]


def test_opening_twice_before_it_is_read_makes_one_tab(window, qtbot, tmp_path, picture):
    for path in (picture, picture, make_picture(tmp_path / "two.png")):
        window.documents.open(path)
    qtbot.waitUntil(lambda: "two.png" in _tabs(window), timeout=WAIT)  # the last to be read
    assert _tabs(window) == ["one.png", "two.png"]


def test_drop(window, qtbot, tmp_path, picture):
    other = make_picture(tmp_path / "two.png")
    mime = QMimeData()
    mime.setUrls(
        [QUrl.fromLocalFile(str(picture)), QUrl("https://example.org/x.png"), QUrl.fromLocalFile(str(other))]
    )
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(50, 50), copy, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, mime, LEFT, NO_KEYS))
    qtbot.waitUntil(lambda: _tabs(window) == ["one.png", "two.png"], timeout=WAIT)


def test_text_cannot_be_dropped(window):
    mime = QMimeData()
    mime.setText("not a file")
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, LEFT, NO_KEYS)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_a_picture_of_the_command_line_comes_up_with_the_window(make_window, qtbot, picture):
    window = make_window(show=False)
    window.documents.expect(picture, window._files.submit(open_picture, picture))
    assert _tabs(window) == ["one.png"]
    window.show()
    qtbot.waitUntil(lambda: window.canvas._painted, timeout=WAIT)


def test_a_slow_picture_of_the_command_line_comes_later(make_window, qtbot, picture):
    window = make_window(show=False)
    future = Future()
    window.documents.expect(picture, future)
    window.show()
    assert isinstance(window.tabs.pages.currentWidget(), StartPage)
    future.set_result(open_picture(picture))
    qtbot.waitUntil(lambda: _tabs(window) == ["one.png"], timeout=WAIT)


def test_a_wrong_name_on_the_command_line(make_window, qtbot, tmp_path):
    window = make_window(show=False)
    missing = tmp_path / "missing.png"
    window.documents.expect(missing, window._files.submit(open_picture, missing))
    window.show()
    wait_for_toast(qtbot, window, "error", "missing.png")
    assert isinstance(window.tabs.pages.currentWidget(), StartPage)


def test_an_odd_error_on_the_command_line(make_window, qtbot, picture):
    window = make_window(show=False)
    future = Future()
    future.set_exception(RuntimeError("odd"))
    window.documents.expect(picture, future)
    window.show()
    wait_for_toast(qtbot, window, "error", "odd")


@pytest.mark.parametrize("kind", ["corrupt", "truncated", "missing", "empty", "folder"])
def test_what_cannot_be_opened_is_told_and_nothing_is_lost(window, qtbot, tmp_path, picture, whole, kind):
    canvas = open_pictures(qtbot, window, picture)
    _brush(window, (100, 100), (200, 100))
    before = whole(canvas.document)
    bad = tmp_path / f"{kind}.png"
    if kind == "corrupt":
        bad.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(2000))
    elif kind == "truncated":
        bad.write_bytes(picture.read_bytes()[:5000])
    elif kind == "empty":
        bad.touch()
    elif kind == "folder":
        bad.mkdir()
    window.documents.open(bad)
    text = wait_for_toast(qtbot, window, "error", bad.name)
    assert "\n" not in text
    assert len(_tabs(window)) == 1 and window.canvas is canvas
    assert whole(canvas.document) == before and len(_names(window)) == 1
    assert str(bad) not in window.settings.recent


def test_recent_pictures_are_remembered(make_window, qtbot, tmp_path, picture):
    window = make_window()
    other = make_picture(tmp_path / "two.png")
    open_pictures(qtbot, window, picture, other)
    assert window.settings.recent == [str(other), str(picture)]
    window.documents.open_sample()
    qtbot.waitUntil(lambda: window.document.path == SAMPLE, timeout=WAIT)
    assert str(SAMPLE) not in window.settings.recent
    for _ in range(3):
        window.documents.close_current()
    assert isinstance(window.tabs.pages.currentWidget(), StartPage)
    qtbot.waitUntil(lambda: list(window._start._row._cards) == [str(other), str(picture)], timeout=WAIT)
    window._start.file_clicked.emit(str(picture))
    qtbot.waitUntil(lambda: _tabs(window) == ["one.png"], timeout=WAIT)
    assert window.close()
    assert settings.load().recent == [str(picture), str(other)]
    assert make_window().settings.recent == [str(picture), str(other)]


def test_the_open_dialog(window, qtbot, picture, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_what_to_open", lambda parent, folder: [picture])
    press_key(window, KEYS.Key_O, CTRL)
    qtbot.waitUntil(lambda: _tabs(window) == ["one.png"], timeout=WAIT)
    assert window.settings.last_folder == str(picture.parent)


# -- keys and tools ------------------------------------------------------------------------------------


def test_brush_keys(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    size = window.tools.tool("remove-brush").size
    press_key(window, KEYS.Key_BracketRight)
    larger = window.tools.tool("remove-brush").size
    assert larger > size and window.options.control("size").value == pytest.approx(larger, abs=0.5)
    for _ in range(3):
        press_key(window, KEYS.Key_BracketLeft)
    assert window.tools.tool("remove-brush").size < size
    window.close()
    assert settings.load().tools["remove-brush"]["size"] == window.tools.tool("remove-brush").size


def test_tools_by_their_keys(window, qtbot, picture):
    canvas = open_pictures(qtbot, window, picture)
    for key, modifiers, kind, slot in (
        (KEYS.Key_L, NO_KEYS, lasso.Lasso, "tools.use.lasso"),
        (KEYS.Key_L, SHIFT, lasso.Polygon, "tools.use.polygon"),
        (KEYS.Key_J, NO_KEYS, RemoveBrush, "tools.use.remove-brush"),
        (KEYS.Key_L, NO_KEYS, lasso.Polygon, "tools.use.polygon"),  # the last of its group
    ):
        press_key(window, key, modifiers)
        assert type(canvas.tool) is kind
        checked = [name for name, action in window.actions_by_id.items() if action.isChecked()]
        assert [name for name in checked if name.startswith("tools.use.")] == [slot]
        assert window.options.remove_button.isVisible()
        if kind is RemoveBrush:
            assert window.options.control("size").isVisible()
        else:
            with pytest.raises(KeyError):
                window.options.control("size")


def test_the_pens_eraser_is_in_hand_while_it_is_used(window, qtbot, picture):
    canvas = open_pictures(qtbot, window, picture)
    window.tools.use("brush")
    canvas.pen_turned.emit(True)
    assert canvas.tool.id == "eraser"
    canvas.pen_turned.emit(False)
    assert canvas.tool.id == "brush"


def test_the_options_of_a_tool_are_kept(make_window, qtbot, picture):
    window = make_window()
    open_pictures(qtbot, window, picture)
    brush = window.tools.tool("remove-brush")
    brush.size, brush.hardness = 33.0, 0.5
    window.close()
    kept = settings.load()
    kept.tools["remove-brush"]["how"] = "sideways"  # no tool can do that
    kept.tools["no such tool"] = {"size": 1}
    settings.save(kept)
    again = make_window().tools.tool("remove-brush")
    assert (again.size, again.hardness, again.how) == (33.0, 0.5, "add")


def test_zoom_keys(window, qtbot, tmp_path):
    canvas = open_pictures(qtbot, window, make_picture(tmp_path / "large.png", (2400, 1800)))
    fitted = canvas.view.zoom
    assert fitted < 1
    press_key(window, KEYS.Key_1, CTRL)
    assert canvas.view.zoom == 1.0 and window.status._zoom.text() == "100 %"
    press_key(window, KEYS.Key_Plus, CTRL)
    assert canvas.view.zoom == 1.25
    press_key(window, KEYS.Key_Minus, CTRL)
    assert canvas.view.zoom == 1.0
    press_key(window, KEYS.Key_0, CTRL)
    assert canvas.view.zoom == fitted


def test_mask_commands(window, qtbot, picture, whole):
    document = open_pictures(qtbot, window, picture).document
    assert not window.actions_by_id["selecting.nothing"].isEnabled()
    press_key(window, KEYS.Key_I, CTRL | SHIFT)
    assert (document.selection.read(document.rect) == 255).all()
    press_key(window, KEYS.Key_D, CTRL)
    assert not document.selection.tiles
    assert _names(window) == ["Invert selection", "Deselect"]
    assert window.actions_by_id["undo"].text() == "&Undo Deselect"
    assert window.actions_by_id["redo"].text() == "&Redo"


def test_an_open_polygon_stays_with_its_picture(window, qtbot, tmp_path, picture):
    open_pictures(qtbot, window, picture, make_picture(tmp_path / "two.png"))
    window.tools.use("polygon")
    for point in ((100, 100), (200, 100), (200, 200)):
        _brush(window, point)
    window.tabs.setCurrentIndex(0)
    assert window.canvas.tool.shapes(window.document) == ()
    assert not window.canvas.finish_tool()


def test_an_open_polygon_goes_with_its_picture(window, qtbot, tmp_path, picture):
    open_pictures(qtbot, window, picture, make_picture(tmp_path / "two.png"))
    window.tools.use("polygon")
    _brush(window, (100, 100))
    _brush(window, (200, 100))
    window.documents.close_current()
    assert window.document.path == picture and window.canvas.tool.shapes(window.document) == ()


def test_enter_closes_a_polygon_before_it_removes(window, qtbot, picture, engine):
    open_pictures(qtbot, window, picture)
    window.tools.use("polygon")
    for point in ((100, 100), (200, 100), (200, 200)):
        _brush(window, point)
    press_key(window, KEYS.Key_Return)
    assert _names(window) == ["Polygon"] and not _running(window) and engine.runs == 0
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    assert _names(window) == ["Polygon", "Remove"]


def test_escape_and_ctrl_z_take_back_an_open_polygon_first(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    _brush(window, (50, 50))
    window.tools.use("polygon")
    for take_back in ((KEYS.Key_Escape, NO_KEYS), (KEYS.Key_Z, CTRL)):
        _brush(window, (100, 100))
        _brush(window, (200, 100))
        press_key(window, *take_back)
        assert window.canvas.tool.shapes(window.document) == ()
        assert window.document.history.position == 1


def test_enter_in_a_layers_name_does_not_remove(window, qtbot, picture, engine):
    open_pictures(qtbot, window, picture)
    _brush(window, (100, 100))
    qtbot.waitUntil(lambda: window.panels._layers is not None)
    layers = window.panels._layers._list
    layers.setFocus()
    layers.edit(layers.currentIndex())
    editor = layers.findChild(QLineEdit)
    QTest.keyClicks(editor, "blp name")
    QTest.keyClick(editor, KEYS.Key_Return)
    qtbot.waitUntil(lambda: window.document.layers[0].name == "blp name", timeout=WAIT)
    assert not _running(window) and engine.runs == 0


def test_escape_in_a_layers_name_leaves_the_run_alone(window, qtbot, picture, engine):
    open_pictures(qtbot, window, picture)
    _brush(window, (100, 100))
    qtbot.waitUntil(lambda: window.panels._layers is not None)
    _start_held(qtbot, window, engine)
    layers = window.panels._layers._list
    layers.setFocus()
    layers.edit(layers.currentIndex())
    QTest.keyClick(layers.findChild(QLineEdit), KEYS.Key_Escape)
    engine.gate.set()
    _wait_until_idle(qtbot, window)
    assert _names(window)[-1] == "Remove"


def test_enter_in_the_size_field_does_not_remove(window, qtbot, picture, engine):
    open_pictures(qtbot, window, picture)
    _brush(window, (100, 100))
    slider = window.options.control("size")
    slider.setFocus()
    QTest.keyClick(slider, KEYS.Key_F2)
    editor = slider.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "33")
    QTest.keyClick(editor, KEYS.Key_Return)
    assert not _running(window) and engine.runs == 0
    assert window.tools.tool("remove-brush").size == 33


def test_everything_has_a_name(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._layers is not None)
    for action in window.findChildren(QAction):
        if not action.isSeparator() and action in window.actions_by_id.values():
            assert action.text().strip("&") and action.toolTip(), action
    for kind in (QToolButton, NumberSlider, QPushButton, QComboBox):
        for widget in window.findChildren(kind):
            words = widget.accessibleName() or widget.toolTip() or getattr(widget, "text", str)()
            inside = widget.objectName().startswith("qt_") or widget.objectName() in (
                "ScrollLeftButton",
                "ScrollRightButton",
            )
            assert words or inside, (kind.__name__, widget.objectName(), widget.parent())
    assert window.canvas.accessibleName()


def test_no_two_actions_share_a_key(window):
    keys = [
        key.toString()
        for action in window.actions_by_id.values()
        for key in action.shortcuts()
        if key.toString()
    ]
    assert len(keys) == len(set(keys))


# -- removing ------------------------------------------------------------------------------------------


def test_enter_without_a_mask_is_a_hint(window, qtbot, picture, engine):
    open_pictures(qtbot, window, picture)
    press_key(window, KEYS.Key_Return)
    wait_for_toast(qtbot, window, "warning", "Nothing is masked yet")
    assert _names(window) == [] and engine.runs == 0 and not window.document.history.modified


def test_the_hint_goes_once_it_is_heeded(window, qtbot, picture, engine):
    open_pictures(qtbot, window, picture)
    press_key(window, KEYS.Key_Return)
    hint = ("warning", wait_for_toast(qtbot, window, "warning", "Nothing is masked yet"))
    _brush(window, (200, 200), (300, 220))
    assert hint in toasts(window)
    press_key(window, KEYS.Key_Return)
    qtbot.waitUntil(lambda: hint not in toasts(window), timeout=2000)  # by itself it stays 8 s
    assert engine.runs or window.removing._removals.is_running(window.document)


@pytest.mark.parametrize("how", ["Return", "Enter", "button", "menu"])
def test_remove(window, qtbot, picture, whole, how):
    document = open_pictures(qtbot, window, picture).document
    opened = whole(document)
    _brush(window, (200, 200), (300, 220))
    masked = whole(document)
    if how == "button":
        QTest.mouseClick(window.options.remove_button, LEFT)
    elif how == "menu":
        window.actions_by_id["removing.start"].trigger()
    else:
        press_key(window, getattr(KEYS, f"Key_{how}"))
    assert _running(window) and window.status._cancel.isVisible()
    assert not window.options.remove_button.isEnabled()
    _wait_until_idle(qtbot, window)
    wait_for_toast(qtbot, window, "info", "Removed with MI-GAN")
    assert not window.status._cancel.isVisible() and window.options.remove_button.isEnabled()
    assert [layer.name for layer in document.layers] == ["Background", "Removed"]
    assert _names(window) == ["Remove brush", "Remove"]
    assert not document.selection.tiles

    result = whole(document)
    before, after = (np.frombuffer(side[0], np.uint8).reshape(480, 640, 4) for side in (masked, result))
    values = np.frombuffer(masked[1], np.uint8).reshape(480, 640)
    assert (after[values == 255] == (0, 255, 0, 255)).all()
    assert np.array_equal(after[values == 0], before[values == 0])

    press_key(window, KEYS.Key_Z, CTRL)
    assert whole(document) == masked and len(document.layers) == 1
    press_key(window, KEYS.Key_Z, CTRL)
    assert whole(document) == opened and not document.history.modified
    press_key(window, KEYS.Key_Z, CTRL | SHIFT)
    assert whole(document) == masked
    press_key(window, KEYS.Key_Z, CTRL | SHIFT)
    assert whole(document) == result
    press_key(window, KEYS.Key_Z, CTRL)
    press_key(window, KEYS.Key_Y, CTRL)
    assert whole(document) == result


def test_the_canvas_shows_the_result(window, qtbot, picture):
    canvas = open_pictures(qtbot, window, picture)
    canvas.zoom_to(1.0)
    _brush(window, (200, 200))
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    place = canvas.view.to_widget(210, 200).toPoint()
    shown = canvas.grab().toImage().pixelColor(place)
    assert (shown.red(), shown.green(), shown.blue()) == (0, 255, 0)


def test_an_engine_that_fails_changes_nothing(window, qtbot, picture, engine, whole):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    before = whole(document)
    for error, words in (
        (EngineError("It is out of order. Try another."), "It is out of order. Try another."),
        (RuntimeError("boom\nat line 7"), "boom"),
        (MemoryError(), "not enough memory"),
    ):
        engine.error = error
        press_key(window, KEYS.Key_Return)
        _wait_until_idle(qtbot, window)
        text = wait_for_toast(qtbot, window, "error", words)
        assert "\n" not in text
        assert whole(document) == before and _names(window) == ["Remove brush"]
    engine.error = None
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    assert _names(window) == ["Remove brush", "Remove"]


@pytest.mark.parametrize("how", ["button", "escape"])
def test_cancel(window, qtbot, picture, engine, whole, how):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    before = whole(document)
    _start_held(qtbot, window, engine)
    if how == "button":
        QTest.mouseClick(window.status._cancel, LEFT)
    else:
        press_key(window, KEYS.Key_Escape)
    _wait_until_idle(qtbot, window)
    assert engine.ended == 1  # the worker waits for the next job
    wait_for_toast(qtbot, window, "info", "Cancelled")
    assert whole(document) == before and _names(window) == ["Remove brush"]
    assert not window.status._cancel.isVisible() and window.options.remove_button.isEnabled()
    engine.gate.set()
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    assert _names(window) == ["Remove brush", "Remove"]


def test_the_window_stays_live_during_a_run(window, qtbot, picture, engine):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    _start_held(qtbot, window, engine)
    ticks = []
    timer = QTimer(window)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start(5)
    qtbot.waitUntil(lambda: len(ticks) >= 40, timeout=WAIT)
    timer.stop()
    assert _running(window)
    assert sorted(np.diff(ticks))[len(ticks) // 2] < 0.05
    # Zooming, brushing and undoing go on.
    press_key(window, KEYS.Key_1, CTRL)
    assert window.canvas.view.zoom == 1.0
    _brush(window, (400, 300))
    assert _names(window) == ["Remove brush", "Remove brush"]
    engine.gate.set()
    _wait_until_idle(qtbot, window)
    assert _names(window) == ["Remove brush", "Remove brush", "Remove"]
    mask = document.selection.read(document.rect)[..., 0]
    assert mask[300, 400] == 255 and mask[200, 200] == 0  # what was brushed meanwhile stays


def test_enter_during_a_run_starts_no_second(window, qtbot, picture, engine):
    open_pictures(qtbot, window, picture)
    _brush(window, (200, 200))
    _start_held(qtbot, window, engine)
    press_key(window, KEYS.Key_Return)
    assert len(window.removing._manager.jobs) == 1
    engine.gate.set()
    _wait_until_idle(qtbot, window)
    assert engine.runs == 1


def test_progress_belongs_to_its_picture(window, qtbot, tmp_path, picture, engine):
    open_pictures(qtbot, window, picture, make_picture(tmp_path / "two.png"))
    _brush(window, (200, 200))
    _start_held(qtbot, window, engine)
    window.tabs.setCurrentIndex(0)
    assert not window.status._cancel.isVisible() and window.actions_by_id["removing.start"].isEnabled()
    press_key(window, KEYS.Key_Escape)  # not this picture's
    window.tabs.setCurrentIndex(1)
    assert window.status._cancel.isVisible()
    window.tabs.setCurrentIndex(0)
    engine.gate.set()
    qtbot.waitUntil(lambda: window.removing._manager.jobs == (), timeout=WAIT)
    assert _names(window) == []
    window.tabs.setCurrentIndex(1)
    assert _names(window) == ["Remove brush", "Remove"]


def test_a_result_in_the_middle_of_a_stroke(window, qtbot, picture, engine, whole):
    """Undo still goes back through exact states, though both touched the same tile of the mask."""
    document = open_pictures(qtbot, window, picture).document
    states = {0: whole(document)}
    _brush(window, (100, 100))
    states[1] = whole(document)
    _start_held(qtbot, window, engine)
    canvas = window.canvas
    QTest.mousePress(canvas, LEFT, NO_KEYS, canvas.view.to_widget(200, 200).toPoint())
    engine.gate.set()
    _wait_until_idle(qtbot, window)
    _send_move(canvas, canvas.view.to_widget(230, 200).toPoint())
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, canvas.view.to_widget(230, 200).toPoint())
    mask = document.selection.read(document.rect)[..., 0]
    assert mask[200, 200] == mask[200, 230] == 255 and mask[100, 100] == 0
    window.undo()
    assert _names(window)[window.document.history.position - 1] == "Remove"
    assert (
        document.selection.read(document.rect)[100, 100] == 0
    )  # the rest of the stroke does not bring it back
    window.redo()
    _check_history(window, whole, states)


def test_a_result_for_a_canvas_that_is_no_more_is_dropped(window, qtbot, picture, engine, whole):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (100, 100))
    turned = document.history.position
    canvas_edits.rotate(document, 180)
    _start_held(qtbot, window, engine)
    document.go_to(turned)
    before, entries = whole(document), list(document.history.entries)
    engine.gate.set()
    _wait_until_idle(qtbot, window)
    assert whole(document) == before
    assert document.history.entries == entries
    assert any(level == "warning" and "shape" in text for level, text in toasts(window))


def _check_history(window: Window, whole, states: dict) -> None:
    """The way down meets the known ``states`` by their position, the way up the same as the way down."""
    document = window.document
    found = {document.history.position: whole(document)}
    while document.history.can_undo:
        window.undo()
        found[document.history.position] = whole(document)
    for position, state in states.items():
        assert found[position] == state, position
    while document.history.can_redo:
        window.redo()
        assert found[document.history.position] == whole(document), document.history.position


@pytest.mark.parametrize("keys", [(KEYS.Key_D, CTRL), (KEYS.Key_I, CTRL | SHIFT), (KEYS.Key_Z, CTRL | SHIFT)])
def test_a_command_in_the_middle_of_a_stroke(window, qtbot, picture, whole, keys):
    document = open_pictures(qtbot, window, picture).document
    states = {0: whole(document)}
    _brush(window, (100, 100))
    states[1] = whole(document)
    canvas = window.canvas
    QTest.mousePress(canvas, LEFT, NO_KEYS, canvas.view.to_widget(200, 200).toPoint())
    press_key(window, *keys)
    _send_move(canvas, canvas.view.to_widget(230, 200).toPoint())
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, canvas.view.to_widget(230, 200).toPoint())
    _check_history(window, whole, states)


# -- weights -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["missing", "tampered"])
def test_weights_that_are_not_there(make_window, qtbot, picture, tmp_path, monkeypatch, whole, kind):
    folder = tmp_path / "models"
    folder.mkdir()
    if kind == "tampered":
        entry = store.catalog()["migan-512"]
        whole_file = store.embedded_folder() / entry.file
        content = bytearray(whole_file.read_bytes())
        content[len(content) // 2] ^= 1
        (folder / entry.file).write_bytes(content)
    monkeypatch.setenv("LACUNA_MODELS", str(folder))
    window = make_window(registry.load)
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    before = whole(document)
    press_key(window, KEYS.Key_Return)
    qtbot.waitUntil(lambda: not _running(window), timeout=60_000)
    words = "is missing" if kind == "missing" else "damaged or was changed"
    text = wait_for_toast(qtbot, window, "error", words)
    assert str(folder) in text and "Install Lacuna again" in text
    assert whole(document) == before and _names(window) == ["Remove brush"]


# -- closing -------------------------------------------------------------------------------------------


def test_an_untouched_picture_closes_without_a_question(window, qtbot, picture, questions):
    open_pictures(qtbot, window, picture)
    window.documents.close_current()
    assert _tabs(window) == [] and questions == []
    assert isinstance(window.tabs.pages.currentWidget(), StartPage)


@pytest.mark.parametrize("answer", [BUTTONS.Cancel, BUTTONS.Discard, BUTTONS.Save])
@pytest.mark.parametrize("what", ["tab", "window"])
def test_unsaved_changes_are_asked_about(window, qtbot, picture, questions, answer, what):
    original = picture.read_bytes()
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    composite = document.composite(document.rect)
    questions.answer = answer
    if what == "tab":
        window.documents.close_current()
        closed = _tabs(window) == []
    else:
        closed = window.close()
    assert questions == [document]
    assert closed == (answer != BUTTONS.Cancel)
    if answer == BUTTONS.Save:
        assert np.array_equal(open_document(picture).composite(document.rect), composite)
    else:
        assert picture.read_bytes() == original
    if answer == BUTTONS.Cancel:
        assert window.isVisible() and document.history.modified
        assert np.array_equal(document.composite(document.rect), composite)


def test_cancel_at_the_second_picture_keeps_both(window, qtbot, tmp_path, picture, monkeypatch):
    open_pictures(qtbot, window, picture)
    _brush(window, (200, 200))
    open_pictures(qtbot, window, make_picture(tmp_path / "two.png"))
    _brush(window, (200, 200))
    answers = [BUTTONS.Discard, BUTTONS.Cancel]
    monkeypatch.setattr(dialogs, "ask_to_save", lambda parent, document: answers.pop(0))
    assert not window.close()
    assert answers == [] and window.isVisible() and len(_tabs(window)) == 2
    assert all(window.tabs.document_at(index).history.modified for index in range(2))
    monkeypatch.setattr(dialogs, "ask_to_save", lambda parent, document: BUTTONS.Discard)
    assert window.close()


def test_saving_on_the_way_out_that_fails_keeps_the_window(
    window, qtbot, tmp_path, picture, questions, monkeypatch
):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    questions.answer = BUTTONS.Save
    for error in (None, RuntimeError("odd")):
        if error is None:
            shutil.rmtree(tmp_path)  # the folder is gone
        else:
            from editor.document import storage

            def fail(document, path, error=error):
                raise error

            monkeypatch.setattr(storage, "save", fail)
        assert not window.close()
        assert window.isVisible() and document.history.modified
        assert QApplication.overrideCursor() is None
    wait_for_toast(qtbot, window, "error", "odd")
    assert len([text for level, text in toasts(window) if level == "error"]) == 2


def test_no_name_on_the_way_out_keeps_the_window(window, qtbot, questions, monkeypatch):
    window.documents.open_sample()
    qtbot.waitUntil(lambda: window.canvas is not None and window.canvas._painted, timeout=WAIT)
    _brush(window, (1900, 1200))
    questions.answer = BUTTONS.Save
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: None)
    assert not window.close()
    assert window.document.history.modified


def test_closing_the_window_during_a_run(window, qtbot, picture, engine, questions):
    original = picture.read_bytes()
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    document.history.mark_saved(document.history.state)
    _start_held(qtbot, window, engine)
    assert window.close()
    assert questions == []
    assert engine.ended == 1 and not window.removing._manager._worker.isRunning()
    QApplication.processEvents()
    assert picture.read_bytes() == original and _names(window) == ["Remove brush"]


def test_closing_a_modified_picture_during_a_run_asks(window, qtbot, picture, engine, questions):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    _start_held(qtbot, window, engine)
    questions.answer = BUTTONS.Cancel
    assert not window.close()
    assert questions == [document] and _running(window)  # it goes on
    engine.gate.set()
    _wait_until_idle(qtbot, window)
    assert _names(window) == ["Remove brush", "Remove"]
    engine.gate.clear()
    _brush(window, (300, 300))
    _start_held(qtbot, window, engine)
    questions.answer = BUTTONS.Discard
    assert window.close()
    assert not window.removing._manager._worker.isRunning()


def test_closing_one_tab_during_its_run(window, qtbot, tmp_path, picture, engine, questions):
    open_pictures(qtbot, window, picture, make_picture(tmp_path / "two.png"))
    document = window.document
    _brush(window, (200, 200))
    _start_held(qtbot, window, engine)
    questions.answer = BUTTONS.Discard
    window.documents.close_current()
    assert _tabs(window) == ["one.png"] and document.observers == []
    engine.gate.set()
    qtbot.waitUntil(lambda: window.removing._manager.jobs == (), timeout=WAIT)
    assert engine.ended == 1 and len(document.layers) == 1
    assert [text for level, text in toasts(window) if level == "error"] == []
    assert not window.status._cancel.isVisible()
    _brush(window, (200, 200))
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    assert _names(window) == ["Remove brush", "Remove"]


def test_closing_a_tab_behind_the_front_one(window, qtbot, tmp_path, picture):
    open_pictures(qtbot, window, picture, make_picture(tmp_path / "two.png"))
    window.close_tab(0)
    assert _tabs(window) == ["two.png"] and window.document.path.name == "two.png"
    assert window.windowTitle() == "two.png — Lacuna"


# -- saving --------------------------------------------------------------------------------------------


def _saved(qtbot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.saving.saves.is_running(window.document), timeout=WAIT)


def test_save(window, qtbot, picture):
    document = open_pictures(qtbot, window, picture).document
    assert _tabs(window) == ["one.png"]
    _brush(window, (200, 200))
    assert _tabs(window) == ["one.png •"]
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    press_key(window, KEYS.Key_S, CTRL)
    _saved(qtbot, window)
    wait_for_toast(qtbot, window, "info", "Saved one.png.")
    assert _tabs(window) == ["one.png"] and not document.history.modified
    reread = open_document(picture)
    assert np.array_equal(reread.composite(reread.rect), document.composite(document.rect))
    # Undo goes on; the mark follows the state that is on disk.
    press_key(window, KEYS.Key_Z, CTRL)
    assert _tabs(window) == ["one.png •"]
    press_key(window, KEYS.Key_Z, CTRL | SHIFT)
    assert _tabs(window) == ["one.png"]


def test_save_as(window, qtbot, tmp_path, picture, monkeypatch):
    original = picture.read_bytes()
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    target = tmp_path / "other.tif"
    asked = []

    def ask(parent, asked_document, folder, suffix):
        asked.append((asked_document, folder))
        return target

    monkeypatch.setattr(dialogs, "ask_where_to_save", ask)
    press_key(window, KEYS.Key_S, CTRL | SHIFT)
    _saved(qtbot, window)
    assert asked == [(document, str(tmp_path))]
    assert document.path == target and _tabs(window) == ["other.tif"]
    assert window.windowTitle() == "other.tif — Lacuna"
    assert picture.read_bytes() == original
    assert np.array_equal(open_document(target).composite(document.rect), document.composite(document.rect))
    assert window.settings.recent[0] == str(target)
    _brush(window, (300, 300))
    press_key(window, KEYS.Key_S, CTRL)  # now to the new name
    _saved(qtbot, window)
    assert len(asked) == 1 and picture.read_bytes() == original


def test_save_as_can_be_left(window, qtbot, picture, monkeypatch):
    open_pictures(qtbot, window, picture)
    _brush(window, (200, 200))
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: None)
    press_key(window, KEYS.Key_S, CTRL | SHIFT)
    assert not window.saving.saves.is_running(window.document) and window.document.history.modified


def test_the_sample_is_never_overwritten(window, qtbot, tmp_path, monkeypatch):
    original = SAMPLE.read_bytes()
    window.documents.open_sample()
    qtbot.waitUntil(lambda: window.document is not None, timeout=WAIT)
    target = tmp_path / "mine.png"
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: target)
    press_key(window, KEYS.Key_S, CTRL)
    _saved(qtbot, window)
    assert target.exists() and SAMPLE.read_bytes() == original


def test_what_is_edited_while_saving_stays_unsaved(window, qtbot, picture):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    held = threading.Event()
    window._files.submit(held.wait)  # what is to be written waits behind it
    press_key(window, KEYS.Key_S, CTRL)
    _brush(window, (300, 300))
    held.set()
    _saved(qtbot, window)
    assert document.history.modified and _tabs(window) == ["one.png •"]
    press_key(window, KEYS.Key_Z, CTRL)
    assert not document.history.modified


def test_closing_while_saving_asks_about_what_came_after(window, qtbot, picture, questions):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    press_key(window, KEYS.Key_S, CTRL)
    _brush(window, (300, 300))
    questions.answer = BUTTONS.Cancel
    assert not window.close()
    assert questions == [document]
    _saved(qtbot, window)


def test_closing_while_saving_waits_for_it(window, qtbot, picture, questions):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    press_key(window, KEYS.Key_Return)
    _wait_until_idle(qtbot, window)
    press_key(window, KEYS.Key_S, CTRL)
    assert window.close()
    assert questions == []
    assert np.array_equal(open_document(picture).composite(document.rect), document.composite(document.rect))


def test_closing_while_a_save_fails_asks(window, qtbot, tmp_path, picture, questions, monkeypatch):
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: tmp_path / "gone" / "x.png")
    press_key(window, KEYS.Key_S, CTRL | SHIFT)
    questions.answer = BUTTONS.Cancel
    assert not window.close()
    assert questions == [document] and document.history.modified
    _saved(qtbot, window)


@pytest.mark.parametrize("kind", ["folder", "parent is a file", "no folder", "read-only"])
def test_a_save_that_fails_keeps_everything(window, qtbot, tmp_path, picture, whole, monkeypatch, kind):
    original = picture.read_bytes()
    document = open_pictures(qtbot, window, picture).document
    _brush(window, (200, 200))
    before = whole(document)
    target = tmp_path / "target.png"
    if kind == "folder":
        target.mkdir()
    elif kind == "parent is a file":
        target = picture / "x.png"
    elif kind == "no folder":
        target = tmp_path / "none" / "x.png"
    else:
        folder = tmp_path / "locked"
        folder.mkdir()
        target = folder / "x.png"
        target.write_bytes(original)
        folder.chmod(0o500)
        if os.access(folder, os.W_OK):  # root may write everywhere: fail as the disk would
            real = os.open

            def refuse(path, flags, *rest, **options):
                if str(path).startswith(str(folder)) and flags & (os.O_WRONLY | os.O_RDWR):
                    raise PermissionError(13, "Permission denied", str(path))
                return real(path, flags, *rest, **options)

            monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_: target)
    press_key(window, KEYS.Key_S, CTRL | SHIFT)
    _saved(qtbot, window)
    text = wait_for_toast(qtbot, window, "error", target.name)
    assert "\n" not in text
    assert document.history.modified and _tabs(window) == ["one.png •"]
    assert document.path == picture and picture.read_bytes() == original
    assert whole(document) == before
    if kind == "read-only":
        folder.chmod(0o700)
        assert target.read_bytes() == original and list(folder.iterdir()) == [target]

"""Panels are moved, tabbed, closed and put away, and are found again where they were left."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QTabBar, QToolBar
from windows import WAIT, open_pictures, press_key

from editor import settings
from editor.ui.panels.docks import PANELS
from editor.ui.window import Window

KEYS = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def full(qtbot, window, picture) -> Window:
    """A window with a picture, whose panels are made."""
    window.resize(1360, 860)
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._navigator is not None, timeout=WAIT)
    return window


def _seen(window: Window) -> list[str]:
    QApplication.processEvents()
    return [dock.objectName() for dock in window.panels.docks.seen()]


def _marked(window: Window) -> list[str]:
    QApplication.processEvents()
    actions = window.actions_by_id
    return [each.id for each in PANELS if actions[f"panels.docks.toggle.{each.id}"].isChecked()]


def _bar(window: Window, title: str) -> tuple[QTabBar, int]:
    for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
        for place in range(bar.count()):
            if bar.tabText(place) == title and bar.isVisible():
                return bar, place
    raise AssertionError(f"no tab {title}")


FIRST = ["layers", "adjustments", "navigator"]


def test_six_layers_have_room_at_first(full):
    rows = full.panels._layers._list.viewport().height() / 44
    assert rows >= 5.9
    assert full.panels.docks["adjustments"].height() >= 220


def test_the_first_places(full):
    docks = full.panels.docks
    assert _seen(full) == FIRST == _marked(full)
    assert [dock.objectName() for dock in full.tabifiedDockWidgets(docks["adjustments"])] == ["history"]
    assert {dock.objectName() for dock in full.tabifiedDockWidgets(docks["info"])} == {"navigator", "engine"}
    heights = [docks[name].height() for name in FIRST]
    assert all(height > 120 for height in heights) and heights[1] > heights[2]
    assert 250 < docks["layers"].width() < 320


def test_a_panel_with_a_tab_has_no_caption_beside_it(full):
    docks = full.panels.docks
    assert docks["layers"].titleBarWidget().isVisible()
    assert not docks["adjustments"].titleBarWidget().isVisible()
    full.panels.docks.toggle("adjustments")
    QApplication.processEvents()
    assert _seen(full) == ["layers", "history", "navigator"]
    assert docks["history"].titleBarWidget().isVisible()


def test_panels_behind_others_are_made_when_they_are_first_seen(full, qtbot):
    panels = full.panels
    assert (panels._history, panels._info, panels._engine) == (None, None, None)
    full.actions_by_id["panels.docks.toggle.history"].trigger()
    assert _seen(full) == ["layers", "history", "navigator"] == _marked(full)
    qtbot.waitUntil(lambda: panels._history is not None, timeout=WAIT)  # loaded by another thread
    assert panels._info is None


def test_the_menu_shows_brings_forward_and_closes(full):
    action = full.actions_by_id["panels.docks.toggle.layers"]
    action.trigger()
    assert "layers" not in _seen(full) and not action.isChecked()
    press_key(full, KEYS.Key_F7)
    assert "layers" in _seen(full) and action.isChecked()
    press_key(full, KEYS.Key_F8)
    assert _seen(full) == ["layers", "adjustments", "info"]


def test_the_button_of_a_caption_closes_and_is_there_with_the_pointer(full, qtbot):
    dock = full.panels.docks["layers"]
    caption = dock.titleBarWidget()
    QTest.mouseMove(full.canvas)
    QTest.mouseMove(caption, QPoint(40, 10))
    qtbot.waitUntil(lambda: caption._button is not None and caption._button.isVisible())
    assert caption._button.accessibleName() == "Close Layers"
    qtbot.mouseClick(caption._button, Qt.MouseButton.LeftButton)
    assert "layers" not in _seen(full)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_tab_is_dragged_out_by_itself(full):
    dock = full.panels.docks["history"]
    bar, place = _bar(full, "History")
    start = bar.tabRect(place).center()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(bar, start + QPoint(-12, 0))
    QTest.mouseMove(bar, start + QPoint(-300, 60))
    QApplication.processEvents()
    assert dock.isFloating()
    end = full.mapToGlobal(QPoint(500, 400))
    QTest.mouseRelease(dock, Qt.MouseButton.LeftButton, pos=dock.mapFromGlobal(end))
    QApplication.processEvents()
    assert dock.isFloating() and dock.titleBarWidget().isVisible()
    assert full.panels.docks["adjustments"].titleBarWidget().isVisible()  # alone now
    assert "history" in _seen(full)


def test_a_click_on_a_tab_drags_nothing(full):
    bar, place = _bar(full, "History")
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())
    QTest.mouseMove(bar, QPoint(5, 5))
    assert not full.panels.docks["history"].isFloating()
    assert "history" in _seen(full)


def test_places_are_remembered(full, make_window, qtbot):
    docks = full.panels.docks
    docks["layers"].close()
    full.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["history"])
    docks["info"].come_forward()
    QApplication.processEvents()
    full.close()
    assert isinstance(settings.load().panels["state"], str)
    again = make_window()
    assert _seen(again) == ["adjustments", "history", "info"]
    assert again.dockWidgetArea(again.panels.docks["history"]) == Qt.DockWidgetArea.LeftDockWidgetArea
    again.actions_by_id["panels.docks.reset"].trigger()
    assert _seen(again) == FIRST
    assert again.dockWidgetArea(again.panels.docks["history"]) == Qt.DockWidgetArea.RightDockWidgetArea


@pytest.mark.parametrize("kept", [{"state": 5}, {"state": "no base64!"}, {"state": "AAAA"}, {"other": 1}])
def test_what_cannot_be_restored_leaves_the_first_places(make_window, kept):
    settings.save(settings.Settings(panels=kept))
    assert _seen(make_window()) == FIRST


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_reset_brings_floating_panels_home(full):
    docks = full.panels.docks
    docks["layers"].setFloating(True)
    docks["engine"].close()
    full.actions_by_id["panels.docks.reset"].trigger()
    assert _seen(full) == FIRST
    assert not docks["layers"].isFloating() and not docks["engine"].isHidden()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_over_a_caption(full, qtbot):
    caption = full.panels.docks["layers"].titleBarWidget()
    at = QPoint(30, 10)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, caption.mapToGlobal(at))
    QApplication.sendEvent(caption, event)
    menu = next(each for each in full.findChildren(QMenu) if each.isVisible())
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [*(panel.title for panel in PANELS), "&Reset panels"]
    menu.close()


# -- the picture alone -------------------------------------------------------------------------------------


def test_tab_puts_bars_and_panels_away_and_brings_them_back(full):
    full.panels.docks["history"].come_forward()
    before = _seen(full)
    full.canvas.setFocus()
    press_key(full, KEYS.Key_Tab)
    assert _seen(full) == []
    assert full.options.isHidden() and full.findChild(QToolBar, "tools").isHidden()
    assert full.tabs.isVisible() and full.status.isVisible() and full.menuBar().isVisible()
    assert full.actions_by_id["screen.toggle_all"].isChecked()
    full._refresh()
    assert full.options.isHidden()
    press_key(full, KEYS.Key_Tab)
    assert _seen(full) == before
    assert full.options.isVisible() and full.findChild(QToolBar, "tools").isVisible()


def test_shift_tab_puts_the_panels_away(full):
    full.canvas.setFocus()
    press_key(full, KEYS.Key_Tab, SHIFT)
    assert _seen(full) == [] and full.options.isVisible()
    press_key(full, KEYS.Key_Tab, SHIFT)
    assert _seen(full) == FIRST


def test_tab_elsewhere_goes_to_the_next_control(full, qtbot):
    opacity = full.panels._layers._header.opacity
    opacity.setFocus()
    QTest.keyClick(opacity, KEYS.Key_Tab)
    assert _seen(full) == FIRST
    assert QApplication.focusWidget() is not opacity
    opacity.setFocus()
    QTest.keyClick(opacity, KEYS.Key_F2)
    field = opacity.findChild(QLineEdit)
    QTest.keyClick(field, KEYS.Key_Tab)
    assert _seen(full) == FIRST


def test_what_was_put_away_is_saved_as_it_was(full, make_window):
    full.canvas.setFocus()
    press_key(full, KEYS.Key_Tab)
    full.close()
    assert _seen(make_window()) == FIRST


def test_full_screen_goes_round(full, qtbot):
    full.canvas.setFocus()
    press_key(full, KEYS.Key_F)
    assert full.isFullScreen() and full.menuBar().height() > 0 and _seen(full) == FIRST
    press_key(full, KEYS.Key_F)
    qtbot.waitUntil(lambda: full.menuBar().height() == 0)
    assert full.isFullScreen() and _seen(full) == []
    assert full.tabs.isHidden() and full.status.isHidden()
    press_key(full, KEYS.Key_Z)  # the menus' shortcuts go on
    assert full.tools.current.id == "zoom"
    press_key(full, KEYS.Key_F)
    qtbot.waitUntil(lambda: full.menuBar().height() > 0)
    assert not full.isFullScreen() and _seen(full) == FIRST and full.status.isVisible()


def test_f6_gives_the_keyboard_to_one_area_after_the_other(full):
    def area() -> str:
        focus = QApplication.focusWidget()
        if focus is full.canvas:
            return "canvas"
        for dock in full.panels.docks.seen():
            if dock.isAncestorOf(focus):
                return dock.objectName()
        return "options" if full.options.isAncestorOf(focus) else "nowhere"

    full.canvas.setFocus()
    found = []
    for _ in range(5):
        QTest.keyClick(QApplication.focusWidget(), KEYS.Key_F6)
        found.append(area())
    assert found == ["options", *FIRST, "canvas"]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_panel_that_floats_is_drawn_with_a_line_around_it(full):
    dock = full.panels.docks["layers"]
    dock.setFloating(True)
    QApplication.processEvents()
    picture = dock.grab().toImage()
    from editor.ui import theme

    edge = picture.pixelColor(QPointF(dock.width() / 2, 0).toPoint())
    assert edge.name() == theme.now.scroll

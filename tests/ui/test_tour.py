"""The tour points at things, holds up nothing, and comes by itself only once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from windows import open_pictures, press_key, toasts

from editor import settings
from editor.document import select
from editor.ui import tour as tour_module

STEPS = 3


@pytest.fixture
def tour(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    return window.tour


def words(tour) -> str:
    return tour.callout.accessibleName()


def test_it_comes_after_the_first_picture_and_never_again(make_window, qtbot, picture, monkeypatch):
    monkeypatch.setattr(tour_module, "_DELAY_MS", 10)
    window = make_window()
    window.settings.tour_seen = False
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.tour.callout is not None)
    assert window.focusWidget() is window.canvas  # the user may have begun to work
    assert settings.load().tour_seen
    window.tour.end()
    again = make_window()
    again.settings.tour_seen = True
    open_pictures(qtbot, again, picture)
    QTest.qWait(60)
    assert "tour" not in vars(again)  # not even loaded


def test_three_steps(tour, window):
    tour.show()
    seen = []
    for number in range(1, STEPS + 1):
        assert tour.callout.isVisible()
        assert window.rect().contains(tour.callout.geometry())
        seen.append(words(tour))
        assert tour.callout.skip.isVisible() == (number < STEPS)
        tour.callout.next.click()
    assert tour.callout is None
    assert len(set(seen)) == STEPS
    assert "(J)" in seen[0] and "[" in seen[0]
    assert "Ctrl+Z" in seen[2] and "Ctrl+K" in seen[2] and "F1" in seen[2]


def test_it_points_at_the_tool_and_the_button(tour, window):
    def centre(widget):
        return widget.mapTo(window, widget.rect().center())

    tour.show()
    tip = tour.callout.mapTo(window, tour.callout._tip.toPoint())
    assert (tip - centre(window.tools.button("remove-brush"))).manhattanLength() <= 4
    tour.callout.next.click()
    tour.callout.next.click()
    tip = tour.callout.mapTo(window, tour.callout._tip.toPoint())
    assert (tip - centre(window.options.remove_button)).manhattanLength() <= 4


def test_the_keyboard_is_enough(tour, window, qtbot):
    tour.show()
    qtbot.waitUntil(lambda: tour.callout.next.hasFocus())
    for _ in range(STEPS - 1):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
        assert tour.callout.next.hasFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert tour.callout is None
    assert window.focusWidget() is window.canvas


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("place", ["picture", "next", "skip"])
def test_enter_presses_the_blue_button_and_removes_nothing(tour, window, monkeypatch, key, place):
    started = []
    monkeypatch.setattr(window.removing, "start", lambda: started.append(True))
    window.tools.use("remove-brush")
    tour.show()
    for _ in range(STEPS):
        if place == "picture" or tour.callout.skip.isHidden():
            window.canvas.setFocus()
        else:
            getattr(tour.callout, place).setFocus()
        before = tour.callout
        press_key(window, key)
        assert tour.callout is not before
    assert tour.callout is None
    assert started == []
    press_key(window, key)
    assert started == [True]


def test_enter_removes_what_was_brushed_over_and_ends_it(tour, window, monkeypatch):
    started = []
    monkeypatch.setattr(window.removing, "start", lambda: started.append(True))
    window.tools.use("remove-brush")
    tour.show()
    select.everything(window.document)
    tour.callout.next.setFocus()
    press_key(window, Qt.Key.Key_Return)
    assert tour.callout is not None and started == []
    window.canvas.setFocus()
    press_key(window, Qt.Key.Key_Return)
    assert tour.callout is None and started == [True]


def test_skipping_ends_it(tour):
    tour.show()
    tour.callout.skip.click()
    assert tour.callout is None


def test_work_goes_on_meanwhile(tour, window):
    tour.show()
    window.canvas.setFocus()
    press_key(window, Qt.Key.Key_H)
    assert window.tools.current.id == "hand"
    assert tour.callout.isVisible()
    zoom = window.canvas.view.zoom
    press_key(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.canvas.view.zoom > zoom


def test_where_its_anchor_is_hidden_it_stands_over_the_picture(tour, window):
    tour.show()
    tour.callout.next.click()
    tour.callout.next.click()
    window.tools.use("hand")  # which removes nothing: the button goes
    QApplication.processEvents()
    window.resize(window.width() - 40, window.height() - 40)
    QApplication.processEvents()
    assert tour.callout.isVisible()
    assert window.rect().contains(tour.callout.geometry())


def test_it_ends_with_the_last_picture(tour, window):
    tour.show()
    window.documents.close_current()
    assert tour.callout is None


def test_it_can_be_begun_again_from_the_menu(tour, window):
    tour.show()
    tour.callout.next.click()
    window.actions_by_id["tour.show"].trigger()
    assert "1 of 3" in [label.text() for label in tour.callout.findChildren(QLabel)]
    assert words(tour).startswith("Brush over")


def test_without_a_picture_it_says_what_is_missing(window):
    window.actions_by_id["tour.show"].trigger()
    assert window.tour.callout is None
    assert ("warning", "Open a picture first, or try the sample.") in toasts(window)


def test_it_fits_into_a_small_window(tour, window):
    window.resize(700, 420)
    QApplication.processEvents()
    tour.show()
    for _ in range(STEPS - 1):
        assert window.rect().contains(tour.callout.geometry())
        tour.callout.next.click()
    assert window.rect().contains(tour.callout.geometry())

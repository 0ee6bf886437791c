"""Messages come, stay as long as they matter, and go."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from editor.ui import toast as toast_module
from editor.ui.toast import Level, Toast, show_message


@pytest.fixture
def canvas(qtbot):
    canvas = QWidget()
    qtbot.addWidget(canvas)
    canvas.resize(700, 400)
    canvas.show()
    return canvas


@pytest.fixture
def quick(monkeypatch):
    """Waits of a few milliseconds in the place of seconds."""
    look = {level: (*values[:2], values[2] and 150) for level, values in toast_module._LOOK.items()}
    monkeypatch.setattr(toast_module, "_LOOK", look)


def _texts(canvas: QWidget) -> list[str]:
    return [toast.text for toast in canvas.findChildren(Toast) if not toast.leaving]


def test_stands_at_the_bottom_in_the_middle_and_follows_the_canvas(canvas):
    toast = show_message(canvas, "Saved.")
    for width, height in ((700, 400), (500, 300)):
        canvas.resize(width, height)
        assert abs(toast.geometry().center().x() - width // 2) <= 1
        assert toast.geometry().bottom() == height - 17


def test_info_goes_by_itself(canvas, quick, qtbot):
    show_message(canvas, "Saved.", "info")
    assert _texts(canvas) == ["Saved."]
    qtbot.waitUntil(lambda: canvas.findChildren(Toast) == [])


def test_an_error_stays_until_it_is_clicked(canvas, quick, qtbot):
    toast = show_message(canvas, "Cannot save: the disk is full.", Level.ERROR)
    qtbot.wait(400)
    assert toast.isVisible()
    qtbot.mouseClick(toast, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: canvas.findChildren(Toast) == [])


def test_an_error_has_a_button_for_the_keyboard(canvas, qtbot):
    toast = show_message(canvas, "Cannot save: the disk is full.", Level.ERROR)
    button = toast.findChild(QToolButton)
    assert button.accessibleName() == "Close this message"
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: canvas.findChildren(Toast) == [])


def test_stays_while_the_pointer_is_on_it(canvas, quick, qtbot):
    toast = show_message(canvas, "Read me.")
    toast.enterEvent(None)
    assert not toast._timer.isActive()


def test_several_stand_above_each_other_and_close_up(canvas, qtbot):
    first = show_message(canvas, "One.")
    second = show_message(canvas, "Two.")
    assert first.geometry().bottom() < second.geometry().top()
    second.dismiss()
    qtbot.waitUntil(lambda: first.geometry().bottom() == canvas.height() - 17)


def test_the_same_message_is_shown_once(canvas):
    assert show_message(canvas, "Saved.") is show_message(canvas, "Saved.")
    assert _texts(canvas) == ["Saved."]


def test_errors_are_not_pushed_out_by_news(canvas):
    show_message(canvas, "Wrong.", Level.ERROR)
    for number in range(5):
        show_message(canvas, f"News {number}.")
    assert _texts(canvas) == ["Wrong.", "News 3.", "News 4."]


def test_long_text_wraps_and_fits_a_narrow_canvas(canvas):
    canvas.resize(260, 400)
    toast = show_message(canvas, "A rather long message that needs more than one line. " * 3)
    assert canvas.rect().contains(toast.geometry())
    assert toast.height() > 60


def test_markup_is_shown_as_it_is(canvas):
    toast = show_message(canvas, "Cannot open <b>.png")
    assert toast._label.textFormat() == Qt.TextFormat.PlainText


def test_fade_ends_opaque_without_an_effect(canvas, qtbot):
    toast = show_message(canvas, "Saved.")
    qtbot.waitUntil(lambda: not toast._effect.isEnabled())
    assert toast._effect.opacity() == 1.0


def test_a_click_does_not_reach_the_canvas(canvas, qtbot):
    pressed = []
    canvas.mousePressEvent = lambda event: pressed.append(event)
    toast = show_message(canvas, "Saved.")
    qtbot.mouseClick(toast, Qt.MouseButton.LeftButton)
    assert pressed == []


def test_unknown_level_is_refused(canvas):
    with pytest.raises(ValueError, match="loud"):
        show_message(canvas, "Saved.", "loud")


def test_an_offer_stays_until_it_is_taken(canvas, quick, qtbot):
    taken = []
    toast = show_message(canvas, "More can be had.", Level.INFO, ("Get it", lambda: taken.append(True)))
    assert not toast._timer.isActive()
    (button,) = toast.findChildren(QPushButton)
    assert button.text() == "Get it"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken == [True] and toast.leaving


def test_an_offer_can_be_closed(canvas, qtbot):
    toast = show_message(canvas, "More can be had.", Level.INFO, ("Get it", lambda: pytest.fail("taken")))
    qtbot.mouseClick(toast.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert toast.leaving

"""A number is typed, dragged, wheeled, stepped and reset, and says when a gesture is over."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from editor.ui.slider import HEIGHT, NumberSlider


@pytest.fixture
def make(qtbot):
    def build(**options) -> NumberSlider:
        values = {"label": "Hardness", "low": 0, "high": 100, "value": 50, "suffix": "%"} | options
        slider = NumberSlider(**values)
        qtbot.addWidget(slider)
        slider.resize(300, HEIGHT)
        slider.show()
        slider.heard = []
        slider.changed.connect(lambda value: slider.heard.append(("changed", value)))
        slider.committed.connect(lambda value: slider.heard.append(("committed", value)))
        return slider

    return build


def _commits(slider: NumberSlider) -> list[float]:
    return [value for name, value in slider.heard if name == "committed"]


def _knob(slider: NumberSlider) -> QPoint:
    track = slider._track_rect()
    usable = track.width() - 10
    return QPoint(round(track.left() + 5 + usable * slider._position(slider.value)), HEIGHT // 2)


def _wheel(slider: NumberSlider, delta: int) -> None:
    position = QPointF(slider.rect().center())
    event = QWheelEvent(
        position,
        slider.mapToGlobal(position),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)


def test_shows_its_number_with_unit(make):
    assert make().text == "50\u00a0%"
    assert make(low=0, high=1, step=0.01, value=0.3, suffix="").text == "0.30"


def test_tells_assistive_technology_name_and_number(make):
    slider = make()
    assert slider.accessibleName() == "Hardness"
    slider.set_value(70)
    assert slider.accessibleDescription() == "70\u00a0%"


def test_set_value_is_silent_and_bounded(make):
    slider = make()
    slider.set_value(500)
    assert slider.value == 100
    assert slider.heard == []


def test_one_commit_for_a_drag_of_the_track(make, qtbot):
    slider = make()
    start = _knob(slider)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    assert slider.heard == []  # gripped by the knob it does not jump
    for distance in (10, 20, 30):
        qtbot.mouseMove(slider, start + QPoint(distance, 0))
    assert slider.adjusting
    assert _commits(slider) == []
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 0))
    assert slider.value > 55
    assert _commits(slider) == [slider.value]
    assert len(slider.heard) >= 3


def test_a_press_on_the_track_jumps_there(make, qtbot):
    slider = make()
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider._track_rect().left() + 5, 14))
    assert slider.value == 0
    assert _commits(slider) == [0]


def test_number_is_dragged_sideways_and_finer_with_shift(make, qtbot):
    slider = make()
    start = slider._number_rect().center()
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(slider, start + QPoint(40, 0))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))
    assert slider.value == 70
    assert _commits(slider) == [70]
    assert slider.findChild(QLineEdit) is None


def test_number_is_typed(make, qtbot):
    slider = make()
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider._number_rect().center())
    editor = slider.findChild(QLineEdit)
    assert editor.selectedText() == "50"
    qtbot.keyClicks(editor, "12 %")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert slider.value == 12
    assert _commits(slider) == [12]


def test_a_digit_starts_typing_and_escape_gives_up(make, qtbot):
    slider = make()
    slider.setFocus()
    qtbot.keyClick(slider, "7")
    editor = slider.findChild(QLineEdit)
    assert editor.text() == "7"
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert slider.value == 50
    assert slider.heard == []


@pytest.mark.parametrize("text", ["", "many", "nan", "-", "1e999"])
def test_nonsense_typed_changes_nothing(make, qtbot, text):
    slider = make()
    slider._edit()
    editor = slider.findChild(QLineEdit)
    editor.setText(text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert slider.value == 50


def test_what_is_typed_is_bounded(make, qtbot):
    slider = make()
    slider._edit()
    slider.findChild(QLineEdit).setText("4000")
    slider._typed()
    assert slider.value == 100


def test_a_double_click_on_the_track_resets(make, qtbot):
    slider = make(default=80)
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=_knob(slider))
    assert slider.value == 80
    assert _commits(slider) == [80]


def test_a_double_click_on_the_number_is_for_typing(make, qtbot):
    slider = make(low=-1, high=1, value=-0.3, step=0.1, default=0.8)
    # The first click of the two opens the field, and the second arrives there.
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider._number_rect().center())
    editor = slider.findChild(QLineEdit)
    qtbot.mouseDClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(3, 9))
    assert editor.selectedText() == "-0.3" and slider.value == -0.3
    for key, text, modifiers in (
        (Qt.Key.Key_5, "5", Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_B, "b", Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_A, "\x01", Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Return, "\r", Qt.KeyboardModifier.NoModifier),
    ):
        override = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text)
        override.ignore()
        QApplication.sendEvent(editor, override)
        assert override.isAccepted(), key
    qtbot.keyClicks(editor, "0.7")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert slider.value == 0.7 and _commits(slider) == [0.7]


def test_a_compact_one_has_no_track_to_reset_it_by(make, qtbot):
    slider = make(compact=True, default=80)
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(5, 14))
    assert slider.value == 50
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=slider._number_rect().center())
    assert slider.findChild(QLineEdit).selectedText() == "50"


def test_a_wide_scale_is_dragged_by_the_unit(make, qtbot):
    slider = make(low=1, high=300_000, value=640, compact=True)
    start = slider._number_rect().center()
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(slider, start + QPoint(40, 0))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))
    assert slider.value == 680


def test_arrows_step_what_is_typed(make, qtbot):
    slider = make()
    slider._edit()
    editor = slider.findChild(QLineEdit)
    qtbot.keyClicks(editor, "20")
    qtbot.keyClick(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value == 30 and editor.selectedText() == "30"


def test_wheel_steps_and_commits_once_after_a_pause(make, qtbot):
    slider = make()
    for _ in range(3):
        _wheel(slider, 120)
    assert slider.value == 53
    assert _commits(slider) == []
    qtbot.waitUntil(lambda: _commits(slider) == [53], timeout=2000)


def test_parts_of_a_wheel_notch_add_up_both_ways(make):
    slider = make()
    for _ in range(4):
        _wheel(slider, 30)
    assert slider.value == 51
    for _ in range(8):
        _wheel(slider, -30)
    assert slider.value == 49


def test_keys_step(make, qtbot):
    slider = make()
    for key, expected in (
        (Qt.Key.Key_Up, 51),
        (Qt.Key.Key_Left, 50),
        (Qt.Key.Key_PageUp, 60),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 100),
    ):
        qtbot.keyClick(slider, key)
        assert slider.value == expected
    slider.finish()
    assert _commits(slider) == [100]


def test_a_shortcut_finds_the_gesture_finished(make, qtbot):
    slider = make()
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    undo = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    undo.ignore()
    QApplication.sendEvent(slider, undo)
    assert _commits(slider) == [51]
    assert not undo.isAccepted()


def test_letters_are_left_to_the_tools(make):
    slider = make()
    key = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier, "b")
    key.ignore()
    QApplication.sendEvent(slider, key)
    assert not key.isAccepted()


def test_logarithmic_scale_gives_small_sizes_room(make, qtbot):
    slider = make(label="Size", low=1, high=2000, value=48, suffix="px", logarithmic=True)
    track = slider._track_rect()
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(track.center().x(), 14))
    assert 40 <= slider.value <= 50  # the geometric mean
    slider.set_value(1000)
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    assert slider.value == 1100
    slider.set_value(1)
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    assert slider.value == 2


def test_every_stop_of_the_scale_maps_back(make):
    slider = make(label="Size", low=1, high=2000, value=48, logarithmic=True)
    for value in (1, 2, 9, 48, 333, 1999, 2000):
        assert slider._nearest(slider._at(slider._position(value))) == value


def test_is_28_high_and_takes_focus_by_tab(make):
    slider = make()
    assert slider.height() == 28
    assert slider.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_logarithm_of_zero_is_refused(qtbot):
    with pytest.raises(ValueError, match="above zero"):
        NumberSlider("Size", 0, 10, value=1, logarithmic=True)

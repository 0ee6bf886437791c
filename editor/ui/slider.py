"""A number with its label and a thin track: typed, dragged, wheeled, stepped or reset."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QLocale, QObject, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QSizePolicy, QWidget

from editor.ui import keyboard, theme

HEIGHT = 28
_GAP = 8
_MARGIN = 4
_TRACK_WIDTH = 96
_KNOB = 5.0  # radius
_DRAG_WIDTH = 200  # pixels that a sideways drag of the number takes from one end to the other, at least
_FINE = 0.1  # with Shift
_SETTLE_MS = 400  # a pause this long ends a burst of wheel notches or key presses
_LOG_STEP = 0.1  # part of the value that one step on a logarithmic scale changes


class NumberSlider(QWidget):
    """Label, track and number in one line.

    A ``compact`` one has no track: its number is dragged sideways. ``changed`` follows every movement.
    ``committed`` comes once when a gesture is over: a drag, a burst of the wheel or of keys, a typed number,
    a reset. It comes also if the number is back where it was. A double click on the track goes back to the
    default; one on the number opens the field to type into, as a click does.
    """

    changed = Signal(float)
    committed = Signal(float)

    def __init__(
        self,
        label: str,
        low: float,
        high: float,
        *,
        value: float,
        default: float | None = None,
        step: float = 1.0,
        suffix: str = "",
        logarithmic: bool = False,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._compact = compact
        if logarithmic and low <= 0:
            raise ValueError("a logarithmic scale starts above zero")
        self._label, self._low, self._high, self._step = label, float(low), float(high), float(step)
        self._suffix = f"\u00a0{suffix}" if suffix else ""
        self._logarithmic = logarithmic
        self._decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        self._value = self._nearest(value)
        self._default = self._value if default is None else self._nearest(default)
        self._adjusting = False
        self._grip: str | None = None  # "track" or "number" while a button is held on it
        self._press = QPointF()
        self._press_position = 0.0  # number: where it was; track: from the pointer to the knob
        self._moved = False
        self._hovered_number = False
        self._keyboard_focus = False
        self._wheel_rest = 0
        self._editor: QLineEdit | None = None
        self._tabbed_to = False  # whether the field was opened by someone who goes about with the keyboard
        self._chosen_whole = False  # by a double click in the field whose button is still held
        self._columns = 0, 0  # least width of the label and of the number
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.finish)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(label)
        self._tell_accessible()

    @property
    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        """Show ``value``, without a signal: for numbers that come from the program."""
        self._settle.stop()
        self._adjusting = False
        self._grip = None
        self._put(value)

    @property
    def text(self) -> str:
        """The number as it is shown, with its unit."""
        return self._number_text(self._value) + self._suffix

    @property
    def adjusting(self) -> bool:
        """Whether a gesture is under way that has not been committed."""
        return self._adjusting

    @Slot()
    def finish(self) -> None:
        """End the present gesture."""
        self._settle.stop()
        if self._adjusting:
            self._adjusting = False
            self.committed.emit(self._value)

    def nudge(self, value: float) -> None:
        """A change by the user from elsewhere, such as a digit typed over the picture: part of a burst."""
        self._change(value)
        self._settle.start()

    @Slot()
    def reset(self) -> None:
        """Go back to the default, as a double click on the track does."""
        self._change(self._default)
        self.finish()

    @staticmethod
    def align(sliders: "Iterable[NumberSlider]") -> None:
        """Let the tracks of sliders that stand below each other begin and end at the same places."""
        sliders = list(sliders)
        if sliders:
            label = max(slider._label_width() for slider in sliders)
            number = max(slider._number_width() for slider in sliders)
            for slider in sliders:
                slider._columns = label, number
                slider.updateGeometry()

    def sizeHint(self) -> QSize:
        track = 0 if self._compact else _TRACK_WIDTH // 2
        return QSize(self.minimumSizeHint().width() + track, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        room = self._label_width() + self._number_width()
        if self._compact:
            return QSize(room + _MARGIN + _GAP + _MARGIN // 2, HEIGHT)
        return QSize(room + _TRACK_WIDTH // 2 + 2 * _GAP + 2 * _MARGIN, HEIGHT)

    # --- the number and its place on the track ---

    def _nearest(self, value: float) -> float:
        value = min(max(value, self._low), self._high)
        stepped = round(value / self._step) * self._step
        return min(max(round(stepped, self._decimals), self._low), self._high)

    def _position(self, value: float) -> float:
        """Where ``value`` lies on the scale, 0..1."""
        if self._logarithmic:
            return math.log(value / self._low) / math.log(self._high / self._low)
        return (value - self._low) / (self._high - self._low)

    def _at(self, position: float) -> float:
        position = min(max(position, 0.0), 1.0)
        if self._logarithmic:
            return self._low * (self._high / self._low) ** position
        return self._low + (self._high - self._low) * position

    @property
    def _drag_speed(self) -> float:
        """The part of the scale that one pixel of a drag of the number is; on a wide one a whole unit."""
        if self._logarithmic:
            return 1 / _DRAG_WIDTH
        return min(1 / _DRAG_WIDTH, max(self._step, 1.0) / (self._high - self._low))

    def _put(self, value: float) -> bool:
        value = self._nearest(value)
        if value == self._value:
            return False
        self._value = value
        self._tell_accessible()
        self.update()
        return True

    def _change(self, value: float) -> None:
        """A change by the user, as part of a gesture."""
        if self._put(value):
            self._adjusting = True
            self.changed.emit(self._value)

    def _step_by(self, steps: float) -> None:
        size = self._step
        if self._logarithmic:
            size = max(size, round(self._value * _LOG_STEP / self._step) * self._step)
        self._change(self._value + steps * size)
        self._settle.start()

    def _number_text(self, value: float) -> str:
        locale = self.locale()
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        return locale.toString(value, "f", self._decimals)

    def _tell_accessible(self) -> None:
        self.setAccessibleDescription(self.text)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # --- geometry ---

    def _label_width(self) -> int:
        return max(self.fontMetrics().horizontalAdvance(self._label), self._columns[0])

    def _number_width(self) -> int:
        metrics = QFontMetrics(theme.tabular(self.font()))
        widest = max((self._low, self._high), key=lambda value: len(self._number_text(value)))
        digits = "".join("0" if letter.isdigit() else letter for letter in self._number_text(widest))
        return max(metrics.horizontalAdvance(digits + self._suffix) + 2 * _MARGIN, self._columns[1])

    def _number_rect(self) -> QRect:
        width = self._number_width()
        return QRect(self.width() - width - _MARGIN // 2, 2, width, HEIGHT - 4)

    def _track_rect(self) -> QRect:
        left = _MARGIN + (self._label_width() + _GAP if self._label else 0)
        return QRect(left, 0, max(self._number_rect().left() - _GAP - left, 1), HEIGHT)

    def _position_at(self, x: float) -> float:
        track = self._track_rect()
        return (x - track.left() - _KNOB) / max(track.width() - 2 * _KNOB, 1)

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        enabled = self.isEnabled()
        if enabled and self.hasFocus() and self._keyboard_focus:
            painter.setPen(QPen(QColor(theme.now.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(theme.now.dim if enabled else theme.now.disabled))
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(_MARGIN, 0, self._label_width() + 1, HEIGHT), centre, self._label)
        if not self._compact:
            self._paint_track(painter, enabled)
        self._paint_number(painter, enabled)

    def _paint_track(self, painter: QPainter, enabled: bool) -> None:
        track = self._track_rect()
        line = QRectF(track.left() + _KNOB, HEIGHT / 2 - 1, max(track.width() - 2 * _KNOB, 1), 2)
        knob = QPointF(line.left() + line.width() * self._position(self._value), HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.now.scroll))
        painter.drawRoundedRect(line, 1, 1)
        if enabled:
            held = self._grip is not None
            painter.setBrush(QColor(theme.now.accent if held else theme.now.dim))
            painter.drawRoundedRect(QRectF(line.topLeft(), QPointF(knob.x(), line.bottom())), 1, 1)
            painter.setBrush(QColor(theme.now.accent if held or self._keyboard_focus else theme.now.text))
        else:
            painter.setBrush(QColor(theme.now.disabled))
        # A rim in the panel's grey sets the knob off from its track.
        painter.setPen(QPen(QColor(theme.now.panel), 2))
        painter.drawEllipse(knob, _KNOB + 1, _KNOB + 1)

    def _paint_number(self, painter: QPainter, enabled: bool) -> None:
        rect = self._number_rect()
        if enabled and (self._compact or self._hovered_number or self._grip == "number"):
            lit = self._compact and (self._hovered_number or self._grip == "number")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.now.lit if lit else theme.now.raised))
            painter.drawRoundedRect(rect, 4, 4)
        painter.setFont(theme.tabular(self.font()))
        painter.setPen(QColor(theme.now.text if enabled else theme.now.disabled))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(0, 0, -_MARGIN, 0), flags, self.text)

    # --- mouse and wheel ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.finish()
        self._press = event.position()
        self._moved = False
        self._set_keyboard_focus(False)
        if self._number_rect().contains(event.position().toPoint()):
            self._grip = "number"
            self._press_position = self._position(self._value)
        elif not self._compact and event.position().x() >= self._track_rect().left() - _GAP:
            self._grip = "track"
            # Gripped by its knob the number stays, so that a double click there is a reset and nothing else.
            offset = self._position(self._value) - self._position_at(event.position().x())
            on_knob = abs(offset) * self._track_rect().width() <= _KNOB + 2
            self._press_position = offset if on_knob else 0.0
            if not on_knob:
                self._change(self._at(self._position_at(event.position().x())))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._number_rect().contains(event.position().toPoint())
        if over != self._hovered_number:
            self._hovered_number = over
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            self.update()
        if self._grip == "track":
            self._change(self._at(self._position_at(event.position().x()) + self._press_position))
        elif self._grip == "number":
            distance = event.position().x() - self._press.x()
            if not self._moved and abs(distance) < QApplication.startDragDistance():
                return
            self._moved = True
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                distance *= _FINE
            self._change(self._at(self._press_position + distance * self._drag_speed))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._grip is None:
            return
        grip, self._grip = self._grip, None
        self.finish()
        self.update()
        if grip == "number" and not self._moved:
            self._edit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = None
            if self._number_rect().contains(event.position().toPoint()):
                self._edit()
            elif not self._compact:
                self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._grip is not None:
            return
        # Fine wheels and touchpads send parts of a notch; Alt turns the wheel sideways on some systems.
        self._wheel_rest += event.angleDelta().y() or event.angleDelta().x()
        notches, self._wheel_rest = divmod(self._wheel_rest, 120)
        if self._wheel_rest and notches < 0:
            notches, self._wheel_rest = notches + 1, self._wheel_rest - 120
        if notches:
            self._step_by(notches)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        if self._hovered_number:
            self._hovered_number = False
            self.update()
        if self._grip is None:
            self.finish()
        super().leaveEvent(event)

    # --- keys and focus ---

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._is_own_key(event):
                event.accept()
                return True
            # A shortcut such as Undo is about to act: what was done here so far comes before it.
            self.finish()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = _STEPS.get(key)
        if not self._is_own_key(event):
            event.ignore()
        elif steps is not None:
            self._set_keyboard_focus(True)
            self._step_by(steps * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._set_keyboard_focus(True)
            self._change(self._low if key == Qt.Key.Key_Home else self._high)
            self._settle.start()
        elif key == Qt.Key.Key_F2:
            self._edit()
        else:
            self._edit(event.text())

    def _is_own_key(self, event: QKeyEvent) -> bool:
        plain = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        if event.modifiers() & ~plain:
            return False
        return event.key() in _OWN_KEYS or event.text().isdigit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        self._set_keyboard_focus(event.reason() in reasons)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._set_keyboard_focus(False)
        self.finish()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._grip = None
        self.finish()
        super().hideEvent(event)

    def _set_keyboard_focus(self, shown: bool) -> None:
        self._keyboard_focus = shown
        self.update()

    # --- typing ---

    def _edit(self, start: str = "") -> None:
        """Open a field over the number, with ``start`` typed in already."""
        if self._editor is not None:
            return
        self.finish()
        self._tabbed_to = self._keyboard_focus
        editor = QLineEdit(start or self._number_text(self._value), self)
        editor.setAccessibleName(self._label)
        editor.setFont(theme.tabular(self.font()))
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        # Narrower than the style sheet's, so that the figures stay where they are.
        editor.setStyleSheet("QLineEdit { padding: 0 1px; min-height: 0; }")
        editor.setGeometry(self._number_rect())
        editor.installEventFilter(self)
        editor.editingFinished.connect(self._typed)
        self._editor = editor
        editor.show()
        editor.setFocus()
        if not start:
            editor.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._editor:
            if event.type() == QEvent.Type.MouseButtonDblClick:
                # The first click of the two opened the field. By itself it would choose only a word of it.
                self._editor.selectAll()
                self._chosen_whole = True
                return True
            if event.type() == QEvent.Type.MouseMove and self._chosen_whole:
                return True
            if event.type() == QEvent.Type.MouseButtonRelease:
                self._chosen_whole = False
            if isinstance(event, QKeyEvent) and event.type() in _KEY_EVENTS:
                return self._editor_key(event)
        return super().eventFilter(watched, event)

    def _editor_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key not in (Qt.Key.Key_Up, Qt.Key.Key_Down, *_END_KEYS):
            return False
        event.accept()  # as a shortcut these would start or cancel something
        if event.type() != QEvent.Type.KeyPress:
            return True
        if key not in _END_KEYS:
            self._take_typed()
            self._step_by(_STEPS[key] * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
            self._editor.setText(self._number_text(self._value))
            self._editor.selectAll()
            return True
        if key == Qt.Key.Key_Escape:
            self._close_editor()
        else:
            self._typed()
        if self._tabbed_to or not keyboard.to_picture(self):
            self.setFocus(
                Qt.FocusReason.TabFocusReason if self._tabbed_to else Qt.FocusReason.OtherFocusReason
            )
            if key != Qt.Key.Key_Escape and isinstance(self.window(), QDialog):
                event.ignore()  # goes on to the dialog, which takes it for its default button
        return True

    @Slot()
    def _typed(self) -> None:
        if self._editor is None:
            return
        self._take_typed()
        self._close_editor()
        self.finish()

    def _take_typed(self) -> None:
        text = self._editor.text().replace(self._suffix.strip(), "").strip()
        number, understood = self.locale().toDouble(text)
        if not understood:
            number, understood = QLocale.c().toDouble(text)
        if understood and math.isfinite(number):
            self._change(number)

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        self._chosen_whole = False
        if editor is not None:
            editor.hide()
            editor.deleteLater()


_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}
_OWN_KEYS = {*_STEPS, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_F2}
_END_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEY_EVENTS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)

"""What the editors of one value have in common: gestures, and handles that are dragged or moved by keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from editor.ui import theme

_SETTLE_MS = 400  # a pause this long ends a burst of key presses
_REACH = 10.0  # pixels from a handle within which a press takes hold of it
HANDLE = 5.0  # half the width of a handle


class ValueEditor(QWidget):
    """Shows and edits one value, which is never changed in place.

    ``changed`` carries it at every movement; ``committed`` comes once when the gesture is over.
    """

    changed = Signal(object)
    committed = Signal()
    own_keys: tuple[Qt.Key, ...] = ()

    def __init__(self, label: str, value: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self._adjusting = False
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.finish)
        self.setAccessibleName(label)

    @property
    def value(self) -> object:
        return self._value

    def set_value(self, value: object) -> None:
        """Show ``value``, without a signal."""
        self._settle.stop()
        self._adjusting = False
        self._value = value
        self.follow()

    def follow(self) -> None:
        """Another value is to be shown."""
        self.update()

    @Slot()
    def finish(self) -> None:
        """End the present gesture."""
        self._settle.stop()
        if self._adjusting:
            self._adjusting = False
            self.committed.emit()

    def change(self, value: object, *, burst: bool = False) -> None:
        """A change by the user; a ``burst`` of keys is over when no other follows for a moment."""
        if value != self._value:
            self._value = value
            self._adjusting = True
            self.follow()
            self.changed.emit(value)
        if burst:
            self._settle.start()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in self.own_keys and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
                event.accept()
                return True
            self.finish()  # a shortcut such as Undo is about to act
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.finish()
        self.update()
        super().focusOutEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.finish()
        super().hideEvent(event)


class HandlesEditor(ValueEditor):
    """A value with handles that are dragged, one of which the keyboard has.

    Page Up and Page Down choose a handle, the arrows move it, with Shift ten steps. A subclass says where
    the handles are and what becomes of the value when one is moved.
    """

    followed = Signal()  # another value or another current handle is shown
    own_keys = (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Insert,
    )

    def __init__(self, label: str, value: object, parent: QWidget | None = None) -> None:
        super().__init__(label, value, parent)
        self.current = 0
        self._held = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    # -- for the subclass -----------------------------------------------------------------------------

    def places(self) -> Sequence[QPointF]:
        """Where the handles are, in the widget."""
        raise NotImplementedError

    def drag(self, handle: int, point: QPointF) -> None:
        """The handle is dragged to a point."""
        raise NotImplementedError

    def step(self, handle: int, dx: int, dy: int) -> None:
        """An arrow key: move the handle by so many steps to the right and upwards."""
        raise NotImplementedError

    def insert(self, point: QPointF | None) -> bool:
        """A press beside all handles, or Insert: add one, which is current from then on. Whether it did."""
        return False

    def remove(self, handle: int) -> None:
        """Delete was pressed."""

    def describe(self, handle: int) -> str:
        """What the handle is, and where, in words."""
        raise NotImplementedError

    # -- pointer and keys -----------------------------------------------------------------------------

    def choose(self, handle: int) -> None:
        """Give a handle to the keyboard."""
        self.current = handle
        self.follow()

    def follow(self) -> None:
        count = len(self.places())
        self.current = min(self.current, count - 1)
        self.setAccessibleDescription(self.describe(self.current))
        super().follow()
        self.followed.emit()

    def nearest(self, point: QPointF) -> int | None:
        """The handle at a point, the current one before others at the same place."""
        best, best_distance = None, _REACH
        for place, each in enumerate(self.places()):
            distance = (each - point).manhattanLength()
            if distance < best_distance or (distance == best_distance and place == self.current):
                best, best_distance = place, distance
        return best

    @property
    def is_held(self) -> bool:
        return self._held

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.finish()
        found = self.nearest(event.position())
        if found is not None:
            self.choose(found)
        elif not self.insert(event.position()):
            return
        self._held = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.drag(self.current, event.position())
        else:
            over = self.nearest(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            self._held = False
            self.finish()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = _STEPS.get(Qt.Key(key))
        if steps is not None:
            many = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.step(self.current, steps[0] * many, steps[1] * many)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = 1 if key == Qt.Key.Key_PageDown else -1
            self.choose((self.current + step) % len(self.places()))
        elif key == Qt.Key.Key_Insert:
            self.insert(None)
            self._settle.start()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove(self.current)
            self.finish()
        else:
            super().keyPressEvent(event)


_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


def draw_focus(painter: QPainter, widget: QWidget, rect: QRectF) -> None:
    """A line around ``rect`` if the keyboard is here."""
    if widget.hasFocus() and widget.isEnabled():
        painter.setPen(QPen(QColor(theme.now.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-2.5, -2.5, 2.5, 2.5), 3, 3)


def draw_pointer(painter: QPainter, tip: QPointF, colour: QColor, *, current: bool) -> None:
    """A little house whose roof touches ``tip``; the current one has the accent around it."""
    x, y = tip.x(), tip.y()
    shape = QPolygonF(
        [
            QPointF(x, y),
            QPointF(x + HANDLE, y + HANDLE),
            QPointF(x + HANDLE, y + HANDLE * 2.2),
            QPointF(x - HANDLE, y + HANDLE * 2.2),
            QPointF(x - HANDLE, y + HANDLE),
        ]
    )
    painter.setPen(QPen(QColor(theme.now.accent if current else theme.now.text), 1.5))
    painter.setBrush(colour)
    painter.drawPolygon(shape)

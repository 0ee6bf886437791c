"""Short messages over the picture: what came out, and what went wrong."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QEnterEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from editor.ui import theme
from editor.ui.words import tr

_INFO_MS = 4000
_WARNING_MS = 8000
_WIDEST = 480
_MARGIN = 16  # to the edges of the parent
_GAP = 8  # between two messages
_MOST = 3


class Level(Enum):
    """How much a message matters. Errors stay until they are clicked away."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


Offer = tuple[str, Callable[[], object]]

_LOOK = {
    Level.INFO: ("check", "dim", _INFO_MS),
    Level.WARNING: ("warning", "amber", _WARNING_MS),
    Level.ERROR: ("warning", "red", None),
}


def show_message(
    parent: QWidget, text: str, level: Level | str = Level.INFO, offer: Offer | None = None
) -> "Toast":
    """Show ``text`` at the bottom of ``parent``; the same text is not shown twice at a time.

    With an ``offer``, a button's words and what it does, it stays until it is taken or clicked away.
    """
    level = Level(level)
    toasts = _toasts(parent)
    for toast in toasts:
        if toast.text == text and toast.level == level:
            toast.restart()
            return toast
    # An error that has not been read is not pushed out by what comes after it.
    passing = [toast for toast in toasts if toast.level != Level.ERROR] or toasts
    if len(toasts) >= _MOST:
        passing[0].remove()
    return Toast(parent, text, level, offer)


def dismiss(parent: QWidget, level: Level | str) -> None:
    """Let the messages of one level go: what they asked for has been done."""
    for toast in _toasts(parent):
        if toast.level == Level(level):
            toast.dismiss()


def _toasts(parent: QWidget) -> list["Toast"]:
    """The messages that are shown and not on their way out, oldest first."""
    children = parent.findChildren(Toast, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [toast for toast in children if not toast.leaving]


class Toast(QWidget):
    """One message; it goes by itself after a while, or when it is clicked."""

    def __init__(
        self, parent: QWidget, text: str, level: Level = Level.INFO, offer: Offer | None = None
    ) -> None:
        super().__init__(parent)
        self.text, self.level = text, level
        self.leaving = False
        name, colour, stay_ms = _LOOK[level]
        self._stay_ms = stay_ms
        if offer is not None:
            name, self._stay_ms = "info", None
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._lay_out(name, colour, offer)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        self._effect = QGraphicsOpacityEffect(self)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.setDuration(theme.FADE_MS)
        self._fade.finished.connect(self._on_faded)
        self.setGraphicsEffect(self._effect)
        parent.installEventFilter(self)
        self.show()
        _arrange(parent)
        self._fade_to(1.0, start=0.0)
        self.restart()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _lay_out(self, name: str, colour: str, offer: Offer | None) -> None:
        self._label = QLabel(self.text)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(theme.Sign(name, colour))
        line.addWidget(self._label, 1)
        if offer is not None:
            words, take = offer
            button = QPushButton(words)
            button.setProperty("primary", True)
            button.clicked.connect(self.dismiss)
            button.clicked.connect(lambda: take())
            line.addWidget(button)
        if self._stay_ms is None:
            close = QToolButton()
            close.setIcon(theme.icon("close", quiet=True))
            close.setIconSize(QSize(16, 16))
            close.setFixedSize(24, 24)
            close.setAccessibleName(tr("Close this message"))
            close.clicked.connect(self.dismiss)
            line.setContentsMargins(12, 8, 8, 8)
            line.addWidget(close)

    @Slot()
    def dismiss(self) -> None:
        """Fade out and go."""
        if not self.leaving:
            self.leaving = True
            self._timer.stop()
            self._fade_to(0.0)

    def remove(self) -> None:
        """Go at once."""
        self.leaving = True
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def restart(self) -> None:
        """Stay for the whole time again."""
        if self._stay_ms is not None:
            self._timer.start(self._stay_ms)

    def place(self, bottom: int) -> int:
        """Stand above ``bottom``, in the middle of the parent; the top edge comes back."""
        room = self.parentWidget().rect().adjusted(_MARGIN, 0, -_MARGIN, 0)
        width = min(self._natural_width(), _WIDEST, max(room.width(), 0))
        height = max(self.heightForWidth(width), 40)
        self.setGeometry((self.parentWidget().width() - width) // 2, bottom - height, width, height)
        return bottom - height

    def _natural_width(self) -> int:
        """As wide as the text in one line needs."""
        beside = self.sizeHint().width() - self._label.sizeHint().width()
        return beside + self._label.fontMetrics().horizontalAdvance(self.text) + 4

    def _fade_to(self, opacity: float, start: float | None = None) -> None:
        self._fade.stop()
        self._effect.setEnabled(True)
        self._fade.setStartValue(self._effect.opacity() if start is None else start)
        self._fade.setEndValue(opacity)
        self._fade.start()

    @Slot()
    def _on_faded(self) -> None:
        if self.leaving:
            parent = self.parentWidget()
            self.remove()
            _arrange(parent)
        else:
            self._effect.setEnabled(False)  # it would paint through a buffer for nothing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            _arrange(watched)
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()  # it is being read
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.leaving:
            self.restart()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # or the tool on the canvas below would draw

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.now.line), 1))
        painter.setBrush(QColor(theme.now.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def _arrange(parent: QWidget) -> None:
    """The newest message lowest, older ones above it."""
    toasts = _toasts(parent)
    bottom = parent.height() - _MARGIN - (parent.property("messagesAbove") or 0)
    for toast in reversed(toasts):
        bottom = toast.place(bottom) - _GAP
    for toast in toasts:  # in this order, for Qt keeps the children in the order in which they were raised
        toast.raise_()

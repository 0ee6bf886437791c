"""What the panels have in common."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStyle, QStyleOptionViewItem, QWidget

from editor.ui import theme

CAPTION_HEIGHT = 36


def caption(text: str, *right: QWidget) -> QHBoxLayout:
    """The quiet first line of a panel, with ``right`` at its other end."""
    label = QLabel(text)
    theme.make_quiet(label)
    label.setFixedHeight(CAPTION_HEIGHT)
    line = QHBoxLayout()
    line.setContentsMargins(12, 0, 4, 0)
    line.setSpacing(4)
    line.addWidget(label)
    line.addStretch()
    for widget in right:
        line.addWidget(widget)
    return line


class EmptyState(QLabel):
    """Says in a few quiet words what will be here."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        theme.make_quiet(self)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setContentsMargins(12, 4, 12, 12)


def paint_row(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """The ground of one row of a list: under the pointer, chosen, or in focus."""
    rect, state = option.rect, option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(theme.SELECTED))
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(theme.ACCENT))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(theme.HOVER))
    focus = QStyle.StateFlag.State_HasFocus
    keyboard = QStyle.StateFlag.State_KeyboardFocusChange
    if state & focus and state & keyboard:
        painter.setPen(QPen(QColor(theme.ACCENT), 1))
        painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))


def elided(option: QStyleOptionViewItem, text: str, width: int) -> str:
    """``text`` as far as it fits."""
    return option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

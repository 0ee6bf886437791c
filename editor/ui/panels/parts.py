"""What the panels have in common."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStyle, QStyleOptionViewItem, QWidget

from editor.ui import theme


def adjustment_icon(kind: str) -> str:
    """The name of the icon for a kind of adjustment."""
    return f"adj-{kind}"


class EmptyState(QLabel):
    """Says in a few quiet words what will be here."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        theme.make_quiet(self)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setContentsMargins(12, 4, 12, 12)


def is_seen(panel: QWidget) -> bool:
    """Whether any of ``panel`` is in its window: Qt moves what is behind another's tab out of it."""
    window = panel.window()
    return panel.isVisible() and window.rect().intersects(QRect(panel.mapTo(window, QPoint()), panel.size()))


def scrolled(widget: QWidget) -> QScrollArea:
    """``widget`` as high as it likes, in what room there is."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area


def paint_row(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """The ground of one row of a list: under the pointer, chosen, or in focus."""
    rect, state = option.rect, option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(theme.now.selected))
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(theme.now.accent))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(theme.now.hover))
    focus = QStyle.StateFlag.State_HasFocus
    keyboard = QStyle.StateFlag.State_KeyboardFocusChange
    if state & focus and state & keyboard:
        painter.setPen(QPen(QColor(theme.now.accent), 1))
        painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))


def elided(option: QStyleOptionViewItem, text: str, width: int) -> str:
    """``text`` as far as it fits."""
    return option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

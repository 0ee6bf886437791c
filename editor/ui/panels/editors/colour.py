"""A colour, shown as a patch that opens the picker."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui import theme
from editor.ui.colour_picker import Colour, ColourPopup, as_hex, as_qcolor
from editor.ui.panels.editors.base import ValueEditor, draw_focus
from editor.ui.words import tr

_HEIGHT = 28
_PATCH = 40


class ColourField(ValueEditor):
    """``value`` is red, green and blue, 0..1. One visit to the picker is one gesture."""

    own_keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def __init__(self, label: str, value: Colour, parent: QWidget | None = None) -> None:
        super().__init__(label, value, parent)
        self._label = label
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("Choose a colour"))
        self.follow()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self._label)
        return QSize(words + _PATCH + self.fontMetrics().horizontalAdvance("#000000") + 28, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def follow(self) -> None:
        self.setAccessibleDescription(as_hex(self.value))
        super().follow()

    def open_picker(self) -> None:
        """Let a colour be chosen."""
        popup = ColourPopup(self.value, self)
        popup.picker.changed.connect(self.change)
        popup.destroyed.connect(self.finish)
        popup.show_beside(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_picker()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in self.own_keys:
            self.open_picker()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        enabled = self.isEnabled()
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.now.dim if enabled else theme.now.disabled))
        words = self.fontMetrics().horizontalAdvance(self._label)
        left = 4 + (words + 8 if words else 0)
        painter.drawText(QRectF(4, 0, words + 1, _HEIGHT), centre, self._label)
        patch = QRectF(left + 0.5, 4.5, _PATCH, _HEIGHT - 9)
        painter.setOpacity(1.0 if enabled else 0.35)
        painter.setPen(QPen(QColor(theme.now.line), 1))
        painter.setBrush(as_qcolor(self.value))
        painter.drawRoundedRect(patch, 3, 3)
        painter.setOpacity(1.0)
        painter.setFont(theme.tabular(self.font()))
        painter.setPen(QColor(theme.now.text if enabled else theme.now.disabled))
        rest = QRectF(patch.right() + 8, 0, self.width() - patch.right() - 8, _HEIGHT)
        painter.drawText(rest, centre, as_hex(self.value))
        draw_focus(painter, self, patch)

"""A small picture of one result, to be chosen."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from editor.ui import theme
from editor.ui.painting import draw_label

SIDE = 84  # pixels
_RADIUS = 4
_BAR = 4  # height of the progress
_NUMBER_AT = QPointF(6, 6)


class CandidateTile(QAbstractButton):
    """Its number, and its picture as soon as there is one; before that, how far it is.

    ``pinned``: it was clicked with Shift. A tile is checked while its result is shown in the picture.
    """

    pinned = Signal()

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self._image: QImage | None = None
        self._progress = 0.0
        self._fault = ""
        self._is_before = False
        self.setCheckable(True)
        self.setFixedSize(SIDE, SIDE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setEnabled(False)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def describe(self, words: str) -> None:
        """What it is, for the tool tip and for those who cannot see it."""
        self.setToolTip(words)
        self.setAccessibleName(words)

    def set_progress(self, fraction: float) -> None:
        self._progress = fraction
        self.update()

    def set_draft(self, image: QImage) -> None:
        """Fill the tile with what the result is going to be; it cannot be chosen yet."""
        self._image = image
        self.update()

    def set_image(self, image: QImage) -> None:
        """The result is there: ``image`` fills the tile, its sides as long as the screen's pixels ask for."""
        self._image = image
        self._progress = 0.0
        self.setEnabled(True)
        self.update()

    def set_fault(self, words: str) -> None:
        """There is no result, and ``words`` say why."""
        self._fault, self._image = words, None
        self._progress = 0.0
        self.describe(words)
        self.update()

    def set_before(self, is_before: bool) -> None:
        """Mark it as what the one that is shown is compared with."""
        self._is_before = is_before
        self.update()

    def nextCheckState(self) -> None:
        """What is shown is decided elsewhere."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shift and self.isDown() and self.hitButton(event.position().toPoint()):
            self.setDown(False)
            self.pinned.emit()
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect())
        inside = QPainterPath()
        inside.addRoundedRect(frame.adjusted(2, 2, -2, -2), _RADIUS, _RADIUS)
        painter.fillPath(inside, QColor(theme.now.surround))
        painter.save()
        painter.setClipPath(inside)
        if self._image is not None:
            self._draw_image(painter, frame)
        elif self._fault:
            theme.paint_icon(painter, "warning", self.rect(), theme.now.amber)
        if self._progress:
            painter.fillRect(QRectF(2, SIDE - 2 - _BAR, SIDE - 4, _BAR), QColor(theme.now.line))
            done = (SIDE - 4) * self._progress
            painter.fillRect(QRectF(2, SIDE - 2 - _BAR, done, _BAR), QColor(theme.now.accent))
        painter.restore()
        painter.setFont(theme.tabular(theme.quiet_font(self.font())))
        draw_label(painter, str(self.number), frame.topLeft() + _NUMBER_AT, frame)
        self._draw_frame(painter, frame)

    def _draw_image(self, painter: QPainter, frame: QRectF) -> None:
        """Cover the tile; what is longer than it is wide is cut off at its ends."""
        width, height = self._image.width(), self._image.height()
        scale = max(frame.width() / width, frame.height() / height)
        target = QRectF(0, 0, width * scale, height * scale)
        target.moveCenter(frame.center())
        painter.drawImage(target, self._image)

    def _draw_frame(self, painter: QPainter, frame: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            painter.setPen(QPen(QColor(theme.now.accent), 2))
        elif self._is_before:
            pen = QPen(QColor(theme.now.text), 2)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
        elif self.underMouse() and self.isEnabled():
            painter.setPen(QPen(QColor(theme.now.dim), 1))
        else:
            painter.setPen(QPen(QColor(theme.now.line), 1))
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), _RADIUS + 1, _RADIUS + 1)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.now.text), 1))
            painter.drawRoundedRect(frame.adjusted(3.5, 3.5, -3.5, -3.5), _RADIUS, _RADIUS)

"""The line between two pictures on a canvas."""

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from editor.ui import theme
from editor.ui.canvas import Canvas
from editor.ui.words import tr

KNOB = 32  # pixels across
_GRIP = 12  # width of the line for the pointer
_STEP, _BIG_STEP = 0.01, 0.1  # of the canvas, for an arrow key
_DARK = QColor(0, 0, 0, 170)
_LIGHT = QColor(255, 255, 255, 235)


class SplitHandle(QWidget):
    """A line across the whole canvas, upright at first, with a knob in its middle.

    It stays where it is on the screen while the picture is moved, zoomed or turned below it. A double click
    lays it down or puts it up.

    ``moved``: it lies elsewhere. ``turned``: it was laid down or put up by the user.
    """

    moved = Signal()
    turned = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._place = 0.5  # of the canvas's width or height
        self._level = False
        self._grip: int | None = None  # from the line to the pointer, while it is dragged
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Line between before and after"))
        self.setToolTip(tr("Drag to compare. Double click turns the line, Esc ends."))
        canvas.installEventFilter(self)
        self._arrange()

    @property
    def is_level(self) -> bool:
        return self._level

    def set_level(self, level: bool) -> None:
        self._level = level
        self._arrange()

    @property
    def place(self) -> float:
        """Where the line lies: 0 left or at the top, 1 at the other end."""
        return self._place

    def move_to(self, place: float) -> None:
        self._place = min(max(place, 0.0), 1.0)
        self._arrange()

    def parts(self) -> tuple[QRect, QRect]:
        """The canvas's rectangle on both sides of the line."""
        whole, at = self._canvas.rect(), self._at
        size = QSize(whole.width(), at) if self._level else QSize(at, whole.height())
        first = QRect(QPoint(0, 0), size)
        second = QRect(first.bottomLeft() + QPoint(0, 1), whole.bottomRight())
        if not self._level:
            second = QRect(first.topRight() + QPoint(1, 0), whole.bottomRight())
        return first, second

    def knob(self) -> QRect:
        """In pixels of the canvas."""
        middle = self._canvas.rect().center()
        centre = QPoint(middle.x(), self._at) if self._level else QPoint(self._at, middle.y())
        return QRect(centre - QPoint(KNOB // 2, KNOB // 2), QSize(KNOB, KNOB))

    @property
    def _length(self) -> int:
        return self._canvas.height() if self._level else self._canvas.width()

    @property
    def _at(self) -> int:
        return round(self._place * self._length)

    def _arrange(self) -> None:
        """Take the place on the canvas; only line and knob are there for the pointer."""
        whole, knob = self._canvas.rect(), self.knob()
        if self._level:
            self.setGeometry(0, knob.top(), whole.width(), KNOB)
            line = QRect(0, (KNOB - _GRIP) // 2, whole.width(), _GRIP)
        else:
            self.setGeometry(knob.left(), 0, KNOB, whole.height())
            line = QRect((KNOB - _GRIP) // 2, 0, _GRIP, whole.height())
        self.setMask(QRegion(line) + QRegion(knob.translated(-self.pos())))
        self.setCursor(Qt.CursorShape.SplitVCursor if self._level else Qt.CursorShape.SplitHCursor)
        self.update()
        self.moved.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)

    # -- the pointer and the keys ---------------------------------------------------------------------

    def _along(self, point: QPointF) -> int:
        inside = self._canvas.mapFromGlobal(point)
        return round(inside.y() if self._level else inside.x())

    def _press(self, point: QPointF) -> None:
        self._grip = self._along(point) - self._at

    def _drag(self, point: QPointF) -> None:
        if self._grip is not None:
            self.move_to((self._along(point) - self._grip) / max(self._length, 1))

    def enterEvent(self, event: QEnterEvent) -> None:
        # For the canvas the pointer is still within: its round cursor would stay behind.
        QCoreApplication.sendEvent(self._canvas, QEvent(QEvent.Type.Leave))
        super().enterEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press(event.globalPosition())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._drag(event.globalPosition())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.set_level(not self._level)
            self.turned.emit()

    def tabletEvent(self, event: QTabletEvent) -> None:
        # Ignored it would go to the canvas, whose tool would draw.
        if event.type() == QEvent.Type.TabletPress:
            self._press(event.globalPosition())
        elif event.type() == QEvent.Type.TabletMove:
            self._drag(event.globalPosition())
        elif event.type() == QEvent.Type.TabletRelease:
            self._grip = None
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _BIG_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.move_to(self._place - step)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.move_to(self._place + step)
        elif event.key() == Qt.Key.Key_Home:
            self.move_to(0.0)
        elif event.key() == Qt.Key.Key_End:
            self.move_to(1.0)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # -- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        ends = (QPointF(0, middle.y()), QPointF(self.width(), middle.y()))
        if not self._level:
            ends = (QPointF(middle.x(), 0), QPointF(middle.x(), self.height()))
        for colour, width in ((_DARK, 3.5), (_LIGHT, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(*ends)
        self._draw_knob(painter, QPointF(self.knob().translated(-self.pos()).topLeft()))

    def _draw_knob(self, painter: QPainter, corner: QPointF) -> None:
        rim = QColor(theme.now.accent) if self.hasFocus() else _LIGHT
        painter.setPen(QPen(rim, 2 if self.hasFocus() else 1.5))
        painter.setBrush(QColor(20, 20, 20, 225))
        painter.drawEllipse(QRectF(corner.x() + 2, corner.y() + 2, KNOB - 4, KNOB - 4))
        painter.translate(corner + QPointF(KNOB / 2, KNOB / 2))
        if self._level:
            painter.rotate(90)
        pen = QPen(_LIGHT, 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for side in (-1, 1):
            arrow = [QPointF(side * 4, -4), QPointF(side * 8, 0), QPointF(side * 4, 4)]
            painter.drawPolyline(QPolygonF(arrow))

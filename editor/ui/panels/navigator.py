"""The whole picture in small, with a frame around what the canvas shows of it."""

from concurrent.futures import Executor

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.model import Change, Document
from editor.ui import display, theme
from editor.ui.canvas import Canvas
from editor.ui.coarse import Coarse
from editor.ui.option_controls import icon_button
from editor.ui.painting import checkerboard
from editor.ui.panels.latest import Latest
from editor.ui.panels.live import LiveValue
from editor.ui.panels.parts import EmptyState
from editor.ui.pyramid import as_qimage
from editor.ui.slider import NumberSlider
from editor.ui.view import LARGEST, SMALLEST
from editor.ui.words import tr

_MOST = 512  # pixels of the longer side that are looked at
_COARSEST = 256
_LIVE_MS = 150  # between two looks while something is dragged
_REST_MS = 400  # without a change, after which the picture is looked at again
_STEP = 0.1  # of what is seen, that an arrow key pans by
_SHADE = 120  # alpha of what lies outside the frame


class NavigatorPanel(QWidget):
    """Follows one canvas, whose view it pans, zooms and turns back. Looks are taken in ``executor``."""

    def __init__(self, executor: Executor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas: Canvas | None = None
        self._latest = Latest(executor, self)
        self._small = _Small()
        self._small.wanted.connect(self._look)
        self._latest.done.connect(self._small.show_picture)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._small.expire)
        self._zoom = NumberSlider(
            "", max(round(SMALLEST * 100), 1), LARGEST * 100, value=100, suffix="%", logarithmic=True
        )
        self._zoom.setAccessibleName(tr("Zoom"))
        self._zoom.changed.connect(lambda percent: self._canvas and self._canvas.zoom_to(percent / 100))
        self._turned = QToolButton()
        self._turned.setToolTip(tr("The view is turned. Click to turn it back."))
        self._turned.setFixedHeight(28)
        self._turned.clicked.connect(lambda: self._canvas.turn_to(0.0))
        self._lay_out()
        self.set_canvas(None)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(8, 0, 8, 4)
        line.setSpacing(0)
        smaller = icon_button("zoom-out", tr("Zoom out"))
        smaller.clicked.connect(lambda: self._canvas.zoom_by(-1))
        larger = icon_button("zoom-in", tr("Zoom in"))
        larger.clicked.connect(lambda: self._canvas.zoom_by(1))
        fit = icon_button("fullscreen", tr("Fit on screen"))
        fit.clicked.connect(lambda: self._canvas.fit())
        for widget in (smaller, self._zoom, larger, fit, self._turned):
            line.addWidget(widget, 1 if widget is self._zoom else 0)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._small, 1)
        column.addLayout(line)
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState(tr("Open a picture to find your way in it.")))
        self._body.addWidget(full)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._body)

    def sizeHint(self) -> QSize:
        return QSize(264, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 84)

    def set_canvas(self, canvas: Canvas | None) -> None:
        """Follow another canvas, or none."""
        if canvas is self._canvas and canvas is not None:
            return
        if self._canvas is not None:
            self._canvas.view_changed.disconnect(self._follow)
            self._canvas.document.observers.remove(self._on_change)
        self._canvas = canvas
        self._latest.forget()
        self._small.set_canvas(canvas)
        if canvas is not None:
            canvas.view_changed.connect(self._follow)
            canvas.document.observers.append(self._on_change)
        self._body.setCurrentIndex(0 if canvas is None else 1)
        self._follow()

    def _follow(self) -> None:
        """The canvas shows another part."""
        if self._canvas is None:
            return
        view = self._canvas.view
        if not self._zoom.adjusting:
            self._zoom.set_value(view.zoom * 100)
        self._turned.setVisible(view.angle != 0)
        self._turned.setText(f"{view.angle:.0f}°")
        self._small.update()

    def _on_change(self, change: Change) -> None:
        if change.parts & Part.CANVAS:
            self._small.expire()
        elif change.parts & Part.PIXELS:
            if not LiveValue.showing:
                self._soon.start(_REST_MS)
            elif not self._soon.isActive():
                self._soon.start(_LIVE_MS)

    def _look(self) -> None:
        """Have the picture looked at."""
        document = self._canvas.document
        step = 1
        while max(document.width, document.height) > _MOST * step and step < _COARSEST:
            step *= 2
        size = [max(-(-(side - step // 2) // step), 1) for side in (document.width, document.height)]
        coarse = Coarse(document.snapshot(), step)
        source = display.coarse_source(document, coarse, opaque=False)
        self._latest.ask(lambda: source(Rect(0, 0, *size)))


class _Small(QWidget):
    """The picture; ``wanted`` asks for a newer one when it is about to be seen."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._canvas: Canvas | None = None
        self._picture: QPixmap | None = None
        self._is_stale = True
        self._held: QPointF | None = None  # from the pointer to the middle of the frame, in the picture
        self.setMinimumHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The whole picture: arrow keys move what is seen of it"))
        self.setMouseTracking(True)

    def set_canvas(self, canvas: Canvas | None) -> None:
        self._canvas = canvas
        self._picture = None
        self._is_stale = canvas is not None
        self.update()

    def expire(self) -> None:
        """The picture has changed."""
        self._is_stale = self._canvas is not None
        self.update()

    def show_picture(self, pixels: np.ndarray) -> None:
        """Show premultiplied RGBA, (h, w, 4) uint8."""
        self._picture = QPixmap.fromImage(as_qimage(pixels))
        self.update()

    # -- places ---------------------------------------------------------------------------------------

    def _document(self) -> Document:
        return self._canvas.document

    def _rect(self) -> QRectF:
        """Where the picture lies."""
        document = self._document()
        room = QRectF(self.rect()).adjusted(12, 4, -12, -4)
        scale = min(room.width() / document.width, room.height() / document.height)
        width, height = max(document.width * scale, 1), max(document.height * scale, 1)
        return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)

    def _in_picture(self, point: QPointF) -> QPointF:
        rect, document = self._rect(), self._document()
        return QPointF(
            (point.x() - rect.left()) / rect.width() * document.width,
            (point.y() - rect.top()) / rect.height() * document.height,
        )

    def _frame(self) -> QPolygonF:
        """What the canvas shows, here."""
        rect, document, view = self._rect(), self._document(), self._canvas.view
        corners = QPolygonF(QRectF(self._canvas.rect()))
        out = QPolygonF()
        for corner in list(corners)[:4]:
            x, y = view.to_image(corner)
            out.append(
                QPointF(
                    rect.left() + x / document.width * rect.width(),
                    rect.top() + y / document.height * rect.height(),
                )
            )
        return out

    def _middle(self) -> QPointF:
        return QPointF(*self._canvas.view.to_image(QRectF(self._canvas.rect()).center()))

    # -- pointer and keys -----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._canvas is None:
            event.ignore()
            return
        inside = self._frame().containsPoint(event.position(), Qt.FillRule.WindingFill)
        at = self._in_picture(event.position())
        self._held = self._middle() - at if inside else QPointF()
        self._go(at + self._held)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._go(self._in_picture(event.position()) + self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if self._canvas is not None and steps:
            self._canvas.zoom_by(steps)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or self._canvas is None:
            super().keyPressEvent(event)
            return
        seen, zoom = self._canvas.size(), self._canvas.view.zoom / self._canvas.view.ratio
        move = QPointF(step[0] * seen.width(), step[1] * seen.height()) * (_STEP / zoom)
        self._go(self._middle() + move)

    def _go(self, point: QPointF) -> None:
        document = self._document()
        self._canvas.centre_on(
            min(max(point.x(), 0), document.width), min(max(point.y(), 0), document.height)
        )

    # -- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._canvas is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = self._rect()
        if self._picture is not None:
            painter.setBrushOrigin(rect.topLeft())
            painter.fillRect(rect, checkerboard())
            painter.drawPixmap(rect, self._picture, QRectF(self._picture.rect()))
        frame = self._frame()
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(rect)
        inside.addPolygon(frame)
        inside.closeSubpath()
        painter.fillPath(outside.subtracted(inside), QColor(0, 0, 0, _SHADE))
        painter.setClipRect(rect.adjusted(-2, -2, 2, 2))
        painter.setPen(QPen(QColor(theme.now.accent), 2 if self.hasFocus() else 1.5))
        painter.drawPath(inside.intersected(outside))
        if self._is_stale:
            self._is_stale = False
            self.wanted.emit()


_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

"""The picture on the screen: shows it, pans and zooms it, and hands the pointer to the tool."""

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTabletEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.model import Change
from editor.tools.base import Pointer, Tool
from editor.ui import display, zone
from editor.ui.opening import Opened
from editor.ui.pyramid import Pyramid
from editor.ui.view import View, physical

SURROUND = QColor("#1b1b1b")
CHECKER = (QColor("#4a4a4a"), QColor("#565656"))
CHECKER_SIZE = 8
NEAREST_FROM = 2.0  # pixels are drawn as squares above this zoom
GRID_FROM = 8.0
ZOOM_STEP = 1.25


class Canvas(QWidget):
    """One document's view."""

    view_changed = Signal()
    first_painted = Signal()

    def __init__(self, opened: Opened, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document = opened.document
        self.view = View(document.width, document.height)
        self._tool = tool
        size = document.width, document.height
        self._picture = Pyramid(*size, display.picture_source(document), half=opened.half)
        self._veil = Pyramid(*size, display.mask_source(document), budget=64 << 20)
        self._fits = True  # keeps fitting while the widget is resized, until the user zooms or pans
        self._painted = False
        self._drawing = False
        self._outlined = False  # the tool's open line is on the screen
        self._pan_from: QPointF | None = None
        self._space = False
        self._cursor_at: QPointF | None = None
        self._zone = QPainterPath()
        self._zone_timer = QTimer(self)
        self._zone_timer.setSingleShot(True)
        self._zone_timer.setInterval(0)
        self._zone_timer.timeout.connect(self._trace_zone)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture")
        self.setMinimumSize(160, 120)
        document.observers.append(self._on_changed)
        self._update_cursor()

    def release_document(self) -> None:
        """Stop watching the document; call before the canvas goes."""
        self.document.observers.remove(self._on_changed)

    # -- the document ---------------------------------------------------------------------------------

    def _on_changed(self, change: Change) -> None:
        if change.parts & Part.PIXELS:
            self._picture.invalidate(change.area)
        if change.parts & Part.SELECTION:
            self._veil.invalidate(change.area)
            if not self._drawing:
                self._zone_timer.start()
        if change.parts & (Part.PIXELS | Part.SELECTION) and change.area:
            self.update(self.view.widget_rect(change.area))

    def _trace_zone(self) -> None:
        before = self._zone.controlPointRect()
        self._zone = zone.outline(self.document.selection)
        for rect in (before, self._zone.controlPointRect()):
            corner = self.view.to_widget(rect.left(), rect.top())
            opposite = self.view.to_widget(rect.right(), rect.bottom())
            self.update(QRectF(corner, opposite).adjusted(-3, -3, 3, 3).toAlignedRect())

    # -- the tool -------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        self._tool.cancel(self.document)
        self._tool = tool
        self._update_cursor()
        self.update()

    def tool_changed(self) -> None:
        """The tool's size or outline changed from outside."""
        self.update()

    def finish_tool(self) -> bool:
        """Enter: complete what the tool has open. Whether there was anything."""
        done = self._tool.finish(self.document)
        self.update()
        return done

    def cancel_tool(self) -> bool:
        """Escape: take back what the tool has open. Whether there was anything."""
        had = self._tool.cancel(self.document)
        self._drawing = False
        self.update()
        return had

    def _pointer(self, point: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Pointer:
        x, y = self.view.to_image(point)
        return Pointer(
            x,
            y,
            pressure,
            bool(modifiers & Qt.KeyboardModifier.AltModifier),
            bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            self.view.zoom,
        )

    def _press(self, pointer: Pointer) -> None:
        self._drawing = True
        self._tool.press(self.document, pointer)
        self._refresh_outline()

    def _move(self, pointer: Pointer) -> None:
        if self._drawing:
            self._tool.move(self.document, pointer)
        else:
            self._tool.hover(pointer)
        self._refresh_outline()

    def _release(self, pointer: Pointer) -> None:
        if self._drawing:
            self._drawing = False
            self._tool.release(self.document, pointer)
            self._zone_timer.start()
            self._refresh_outline()

    def _refresh_outline(self) -> None:
        """Repaint the tool's open line; it may cross the whole picture."""
        has_outline = bool(self._tool.outline)
        if has_outline or self._outlined:
            self.update()
        self._outlined = has_outline

    # -- zoom and pan ---------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole picture."""
        self.view.fit(self.size())
        self._fits = True
        self._after_view()

    def zoom_to(self, zoom: float, point: QPointF | None = None) -> None:
        """Zoom, keeping what is under ``point`` (the middle of the widget if None) in its place."""
        self.view.zoom_at(point or QRectF(self.rect()).center(), zoom)
        self._fits = False
        self._after_view()

    def zoom_by(self, steps: float, point: QPointF | None = None) -> None:
        """Zoom in (out for negative ``steps``) by a quarter a step, stopping at 100 % on the way."""
        old = self.view.zoom
        new = old * ZOOM_STEP**steps
        if (old - 1) * (new - 1) < 0:
            new = 1.0
        self.zoom_to(new, point)

    def _after_view(self) -> None:
        self.view.keep_in_sight(self.size())
        self.update()
        self.view_changed.emit()

    def _pan_to(self, point: QPointF) -> None:
        assert self._pan_from is not None
        ratio = self.view.ratio
        here, before = physical(point, ratio), physical(self._pan_from, ratio)
        self._pan_from = point
        old = self.view.x, self.view.y
        self.view.pan(here[0] - before[0], here[1] - before[1])
        self.view.keep_in_sight(self.size())
        self._fits = False
        dx, dy = self.view.x - old[0], self.view.y - old[1]
        if ratio == int(ratio) and dx % ratio == 0 and dy % ratio == 0:
            self.scroll(int(dx / ratio), int(dy / ratio))  # moves what is painted, repaints the rest
        else:
            self.update()
        self.view_changed.emit()

    # -- events ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._take_ratio()
        if self._fits:
            self.view.fit(self.size())
        elif event.oldSize().isValid():
            change = event.size() - event.oldSize()
            self.view.pan(*physical(QPoint(change.width(), change.height()) / 2, self.view.ratio))
            self.view.keep_in_sight(self.size())
        self.view_changed.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._take_ratio()
            if self._fits:
                self.fit()
        return super().event(event)

    def _take_ratio(self) -> None:
        self.view.ratio = self.devicePixelRatioF()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan_by(QPointF(steps * 60, 0))
        elif steps:
            self.zoom_by(steps, event.position())
        event.accept()

    def _pan_by(self, step: QPointF) -> None:
        self._pan_from = QPointF(0, 0)
        self._pan_to(step)
        self._pan_from = None
        self.update()  # the round cursor stays where it is and must not move along

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drawing or self._pan_from is not None:
            return  # a second button does not begin anything
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan_from = event.position()
            self._update_cursor()
        elif left:
            self._press(self._pointer(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan_to(event.position())
            return
        self._move_cursor(event.position())
        self._move(self._pointer(event.position(), event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self._move_cursor(event.position())
            self._update_cursor()
            self.update()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._release(self._pointer(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._space and self.finish_tool():
            return
        self.mousePressEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        pointer = self._pointer(event.position(), event.modifiers(), event.pressure())
        self._move_cursor(event.position())
        if (self._space and not self._drawing) or self._pan_from is not None:
            event.ignore()  # Qt sends the mouse event instead, which pans
            return
        if event.type() == QEvent.Type.TabletPress:
            self._press(pointer)
        elif event.type() == QEvent.Type.TabletMove:
            self._move(pointer)
        elif event.type() == QEvent.Type.TabletRelease:
            self._release(pointer)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self._update_cursor()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = False
                self._update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QEvent) -> None:
        self._space = False
        self._update_cursor()

    def leaveEvent(self, event: QEvent) -> None:
        self._move_cursor(None)

    # -- the cursor -----------------------------------------------------------------------------------

    def _update_cursor(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._tool.radius is not None:
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)
        self.update(self._cursor_rect())

    def _move_cursor(self, point: QPointF | None) -> None:
        before = self._cursor_rect()
        self._cursor_at = point
        self.update(before)
        self.update(self._cursor_rect())

    def _cursor_rect(self) -> QRect:
        radius = self._tool.radius
        if self._cursor_at is None or radius is None:
            return QRect()
        reach = max(radius * self.view.zoom / self.view.ratio, 6) + 3
        middle = self._cursor_at
        return QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach).toAlignedRect()

    # -- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        exposed = event.rect()
        painter.setClipRect(exposed)
        picture = self.view.widget_rect(self.document.rect, 0)
        painter.fillRect(exposed, SURROUND)
        painter.save()
        painter.setClipRect(exposed.intersected(picture))
        if not display.is_opaque(self.document):
            painter.setBrushOrigin(picture.topLeft())  # it moves with the picture
            painter.fillRect(exposed, _checkerboard())
        self._draw_level(painter, self._picture, exposed)
        self._draw_level(painter, self._veil, exposed)
        if self.view.zoom >= GRID_FROM:
            self._draw_grid(painter, exposed)
        painter.restore()
        self._draw_lines(painter)
        self._draw_cursor(painter)
        painter.end()
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def _physical_painter(self, painter: QPainter, scale: float) -> None:
        """From here on the painter counts pixels of the picture's level, whose zoom is ``scale``."""
        ratio = self.view.ratio
        painter.setTransform(
            QTransform(scale / ratio, 0, 0, scale / ratio, self.view.x / ratio, self.view.y / ratio)
        )

    def _draw_level(self, painter: QPainter, pyramid: Pyramid, exposed: QRect) -> None:
        level = self.view.level
        step = 1 << level
        left, top = self.view.to_image(QPointF(exposed.topLeft()))
        right, bottom = self.view.to_image(QPointF(exposed.right() + 1, exposed.bottom() + 1))
        x, y = math.floor(left / step) - 2, math.floor(top / step) - 2
        area = Rect(x, y, math.ceil(right / step) + 2 - x, math.ceil(bottom / step) + 2 - y)
        area = area.intersected(pyramid.size(level))
        image = pyramid.read(level, area)
        if image is None:
            return
        painter.save()
        scale = self.view.zoom * step
        self._physical_painter(painter, scale)
        smooth = self.view.zoom < NEAREST_FROM and scale != 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(QPointF(area.x, area.y), image)
        painter.restore()

    def _draw_grid(self, painter: QPainter, exposed: QRect) -> None:
        painter.setPen(QPen(QColor(0, 0, 0, 60), 0))
        left, top = self.view.to_image(QPointF(exposed.topLeft()))
        right, bottom = self.view.to_image(QPointF(exposed.bottomRight()))
        for x in range(math.floor(left), math.ceil(right) + 1):
            position = self.view.to_widget(x, 0).x()
            painter.drawLine(QPointF(position, exposed.top()), QPointF(position, exposed.bottom() + 1))
        for y in range(math.floor(top), math.ceil(bottom) + 1):
            position = self.view.to_widget(0, y).y()
            painter.drawLine(QPointF(exposed.left(), position), QPointF(exposed.right() + 1, position))

    def _draw_lines(self, painter: QPainter) -> None:
        """The edge of the change zone and the tool's open line, one pixel wide at every zoom."""
        painter.save()
        self._physical_painter(painter, self.view.zoom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._zone.isEmpty() and not self._drawing:
            _two_tone(painter, self._zone)
        points = self._tool.outline
        if len(points) > 1:
            path = QPainterPath(QPointF(*points[0]))
            for point in points[1:]:
                path.lineTo(QPointF(*point))
            _two_tone(painter, path)
        painter.restore()

    def _draw_cursor(self, painter: QPainter) -> None:
        radius = self._tool.radius
        if self._cursor_at is None or radius is None or self._space or self._pan_from is not None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reach = radius * self.view.zoom / self.view.ratio
        if reach < 2:
            path = QPainterPath()
            for dx, dy in ((5, 0), (0, 5)):
                path.moveTo(self._cursor_at - QPointF(dx, dy))
                path.lineTo(self._cursor_at + QPointF(dx, dy))
        else:
            path = QPainterPath()
            path.addEllipse(self._cursor_at, reach, reach)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(path, QPen(QColor(0, 0, 0, 160), 2.5))
        painter.strokePath(path, QPen(QColor(255, 255, 255, 230), 1))


def _two_tone(painter: QPainter, path: QPainterPath) -> None:
    """Dashes of light on dark, to be seen on any picture."""
    dark, light = QPen(QColor(0, 0, 0, 170)), QPen(QColor(255, 255, 255, 235))
    light.setDashPattern([4, 4])
    for pen in (dark, light):
        pen.setCosmetic(True)
        pen.setWidthF(1.2)
        painter.strokePath(path, pen)


_checker_brush: QBrush | None = None


def _checkerboard() -> QBrush:
    global _checker_brush
    if _checker_brush is None:
        tile = QPixmap(2 * CHECKER_SIZE, 2 * CHECKER_SIZE)
        tile.fill(CHECKER[0])
        painter = QPainter(tile)
        for corner in (0, CHECKER_SIZE):
            painter.fillRect(corner, corner, CHECKER_SIZE, CHECKER_SIZE, CHECKER[1])
        painter.end()
        _checker_brush = QBrush(tile)
    return _checker_brush

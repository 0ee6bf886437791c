"""The picture on the screen: shows it, pans and zooms it, and hands the pointer to the tool."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from editor.document.composite import sole_layer
from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.model import Change
from editor.tools.base import Pointer, Tool
from editor.ui import display, zone
from editor.ui.coarse import Coarse
from editor.ui.opening import Opened
from editor.ui.painting import area_at, checkerboard, count_pixels, draw_grid, draw_image, draw_ring, two_tone
from editor.ui.pyramid import Pyramid, as_qimage
from editor.ui.view import View, physical

SURROUND = QColor("#1b1b1b")
GRID_FROM = 8.0
ZOOM_STEP = 1.25
QUICK_FROM = 2_000_000  # pixels that change, from which on a first look is a quick one
QUICK_MOST = 6  # halvings
QUICK_MS = 300  # without a change, after which all pixels are looked at


class Canvas(QWidget):
    """One document's view."""

    view_changed = Signal()
    first_painted = Signal()

    def __init__(self, opened: Opened, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document = opened.document
        self.view = View(document.width, document.height)
        self._tool = tool
        self._make_pyramids(opened.half)
        self._fits = True  # keeps fitting while the widget is resized, until the user zooms or pans
        self._painted = False
        self._drawing = False
        self._outlined = False  # the tool's open line is on the screen
        self._pan_from: QPointF | None = None
        self._space = False
        self._cursor_at: QPointF | None = None
        # While a large picture keeps changing it is shown from a few of its pixels: level and source.
        self._quick: tuple[int, Callable[[Rect], np.ndarray]] | None = None
        self._quick_timer = QTimer(self, singleShot=True, interval=QUICK_MS)
        self._quick_timer.timeout.connect(self._end_quick)
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

    def _make_pyramids(self, half: np.ndarray | None = None) -> None:
        document = self.document
        size = document.width, document.height
        self._picture = Pyramid(*size, display.picture_source(document), half=half)
        self._veil = Pyramid(*size, display.mask_source(document), budget=64 << 20)

    def _on_canvas_changed(self) -> None:
        """The document has another size, depth or profile: nothing that was made for it holds."""
        document = self.document
        self._quick = None
        self._make_pyramids()
        if (self.view.width, self.view.height) != (document.width, document.height):
            self.view.width, self.view.height = document.width, document.height
            if self._fits:
                self.view.fit(self.size())
            else:
                self.view.centre(self.size())
            self._after_view()
        self._zone_timer.start()
        self.update()

    def _on_changed(self, change: Change) -> None:
        if change.parts & Part.CANVAS:
            self._on_canvas_changed()
            return
        if change.parts & Part.PIXELS:
            self._picture.invalidate(change.area)
            if self._is_slow(change.area):
                self._begin_quick()
        if change.parts & Part.SELECTION:
            self._veil.invalidate(change.area)
            if not self._drawing:
                self._zone_timer.start()
        if change.parts & (Part.PIXELS | Part.SELECTION) and change.area:
            self.update(self.view.widget_rect(change.area))

    def _is_slow(self, area: Rect) -> bool:
        """Whether to compose ``area`` anew takes longer than the hand waits for."""
        seen = area.intersected(self.document.rect)
        large = seen.width * seen.height >= QUICK_FROM
        return large and self.view.zoom < 1 and sole_layer(self.document.layers) is None

    def _begin_quick(self) -> None:
        """Until there is a pause, show what is picked at about the screen's own pixels."""
        self._quick_timer.start()
        level = min(self.view.level + 1, QUICK_MOST)
        if self._quick is None or self._quick[0] != level:
            coarse = Coarse(self.document, 1 << level)
            self._quick = level, display.coarse_source(self.document, coarse)

    def _end_quick(self) -> None:
        self._quick = None
        self.update()

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
            painter.fillRect(exposed, checkerboard())
        if self._quick is None:
            self._draw_level(painter, self._picture, exposed)
        else:
            self._draw_quick(painter, exposed)
        self._draw_level(painter, self._veil, exposed)
        if self.view.zoom >= GRID_FROM:
            draw_grid(painter, self.view, exposed)
        painter.restore()
        self._draw_lines(painter)
        self._draw_cursor(painter)
        painter.end()
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def _draw_level(self, painter: QPainter, pyramid: Pyramid, exposed: QRect) -> None:
        level = self.view.level
        area = area_at(self.view, level, exposed).intersected(pyramid.size(level))
        image = pyramid.read(level, area)
        if image is not None:
            draw_image(painter, self.view, image, area, 1 << level)

    def _draw_quick(self, painter: QPainter, exposed: QRect) -> None:
        level, source = self._quick
        area = area_at(self.view, level, exposed).intersected(self._picture.size(level))
        if area:
            draw_image(painter, self.view, as_qimage(source(area)), area, 1 << level)

    def _draw_lines(self, painter: QPainter) -> None:
        """The edge of the change zone and the tool's open line, one pixel wide at every zoom."""
        painter.save()
        count_pixels(painter, self.view, self.view.zoom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._zone.isEmpty() and not self._drawing:
            two_tone(painter, self._zone)
        points = self._tool.outline
        if len(points) > 1:
            path = QPainterPath(QPointF(*points[0]))
            for point in points[1:]:
                path.lineTo(QPointF(*point))
            two_tone(painter, path)
        painter.restore()

    def _draw_cursor(self, painter: QPainter) -> None:
        radius = self._tool.radius
        if self._cursor_at is None or radius is None or self._space or self._pan_from is not None:
            return
        draw_ring(painter, self._cursor_at, radius * self.view.zoom / self.view.ratio)

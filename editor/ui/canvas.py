"""The document's view: hands the pointer to the tool, pans, zooms and turns, and paints."""

import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from editor.document.history import Part
from editor.document.model import Change
from editor.document.parallel import make_way
from editor.tools.base import Pointer, Tool
from editor.ui import cursors, theme, zone
from editor.ui.opening import Opened
from editor.ui.overlay import draw_shapes, guide_shapes
from editor.ui.painting import draw_ring, two_tone
from editor.ui.picture import Picture
from editor.ui.view import View, physical
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.compare import Comparison

ZOOM_STEP = 1.25
SCRUB = 100.0  # pixels of a drag with the zoom tool that double the zoom
CLICK = 4.0  # pixels within which a press and a release are a click
TURN_STEP = 15.0  # degrees, with Shift
REST_MS = 40  # without a movement, after which the pointer is said to rest
_NUDGES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Canvas(QWidget):
    """One document's view. ``refused``: why the tool did nothing, in one line. ``hovered``: where in the
    picture the pointer is, None outside of the widget. ``compared``: ``comparison`` shows something else."""

    view_changed = Signal()
    first_painted = Signal()
    refused = Signal(str)
    hovered = Signal(object)
    compared = Signal()
    pen_turned = Signal(bool)  # the pen touches down with its eraser, or with its tip again

    def __init__(self, opened: Opened, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document = opened.document
        # The picture as it was, to compare with, and its selection, which each change of the canvas swaps.
        self.opened, self.opened_places = opened.first or (document.snapshot(), document.selection)
        self.covering: Callable[[QPainter, QRect], None] | None = None  # what lies over the picture
        self.view = View(document.width, document.height)
        self.picture = Picture(document, self.view, opened.half, self)
        self.picture.stale.connect(self.update)
        self._tool = tool
        self._fits = True  # keeps fitting while the widget is resized, until the user zooms or pans
        self._painted = False
        self._drawing = False
        self._showed_shapes = False
        self._shows_extras = True
        self._moving: str = ""  # "pan", "zoom" or "rotate": what the pointer does to the view
        self._moved_from = self._pressed_at = QPointF()
        self._space = False
        self._erasing = False  # the pen's other end
        self._cursor_at: QPointF | None = None
        self._rest_timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest_timer.timeout.connect(self._rest)
        self._zone = QPainterPath()
        self._zone_timer = QTimer(self, singleShot=True, interval=0)
        self._zone_timer.timeout.connect(self._trace_zone)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Picture"))
        self.setMinimumSize(160, 120)
        document.observers.append(self._on_changed)
        if document.selection.tiles:  # as a recovered picture may have it
            self._zone_timer.start()
        self._update_cursor()

    def release_document(self) -> None:
        """Stop watching the document; call before the canvas goes."""
        self.document.observers.remove(self._on_changed)

    @cached_property
    def comparison(self) -> "Comparison":
        """The picture beside what it was or may become."""
        from editor.ui.compare import Comparison

        return Comparison(self)

    # -- the document ---------------------------------------------------------------------------------

    def _on_canvas_changed(self) -> None:
        """The document has another size, depth or profile: nothing that was made for it holds."""
        document = self.document
        self.picture.reset()
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
            self.picture.pixels_changed(change.area)
        if change.parts & Part.SELECTION:
            self.picture.selection_changed(change.area)
            if not self._drawing:
                self._zone_timer.start()
        if change.parts & (Part.PIXELS | Part.SELECTION) and change.area:
            self.update(self.view.widget_rect(change.area))
        if change.parts & Part.GUIDES:
            self.update()

    def _trace_zone(self) -> None:
        before = self._zone.controlPointRect()
        self._zone = zone.outline(self.document.selection)
        transform = self.view.transform(self.view.zoom)
        for rect in (before, self._zone.controlPointRect()):
            self.update(transform.mapRect(rect).adjusted(-3, -3, 3, 3).toAlignedRect())

    @property
    def shows_extras(self) -> bool:
        """Whether the selection, its edge and what the tool shows lie over the picture."""
        return self._shows_extras

    @shows_extras.setter
    def shows_extras(self, shown: bool) -> None:
        self._shows_extras = shown
        self.update()

    # -- the tool -------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        self.settle_tool()
        self._tool.cancel(self.document)
        self._tool = tool
        tool.arrive(self.document)
        self._update_cursor()
        self.update()

    def settle_tool(self) -> None:
        """Another tool comes, or another picture: what this one has open is recorded, if it can be."""
        if self._tool.is_open:
            self._ask(self._tool.settle, self.document)

    def tool_changed(self) -> None:
        """The tool's size, or what it shows, was changed from outside."""
        self._update_cursor()
        self.update()

    def finish_tool(self) -> bool:
        """Enter: complete what the tool has open. Whether there was anything."""
        done = self._ask(self._tool.finish, self.document)
        self.update()
        return done

    def cancel_tool(self) -> bool:
        """Escape: take back what the tool has open. Whether there was anything."""
        had = self._tool.cancel(self.document)
        self._drawing = False
        if not had and self._tool.navigates == "rotate" and self.view.angle:
            self.turn_to(0.0)
            had = True
        self.update()
        return had

    def take_back(self) -> bool:
        """Undo: take back the last step of what the tool has open. Whether there was anything."""
        had = self._ask(self._tool.take_back, self.document)
        self._drawing = False
        self.update()
        return had

    def delete(self) -> bool:
        """The Delete key. Whether it meant something to the tool."""
        done = self._ask(self._tool.delete, self.document)
        self.update()
        return done

    def perform(self, method: str) -> None:
        """Call a method of the tool with the document, as a button of the options bar asks for it."""
        self._ask(getattr(self._tool, method), self.document)
        self.update()

    def _ask(self, method, *arguments) -> bool:
        """Call a method of the tool; what it refuses is told, and ends the press."""
        try:
            return bool(method(*arguments))
        except ValueError as refusal:
            self._drawing = False
            self.refused.emit(str(refusal))
            return True

    def _pointer(
        self,
        point: QPointF,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        tilt: tuple[float, float] = (0.0, 0.0),
    ) -> Pointer:
        x, y = self.view.to_image(point)
        return Pointer(
            x,
            y,
            pressure,
            bool(modifiers & Qt.KeyboardModifier.AltModifier),
            bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            self.view.zoom,
            bool(modifiers & Qt.KeyboardModifier.ControlModifier),
            tilt,
        )

    def _press(self, pointer: Pointer) -> None:
        self._drawing = True
        self._ask(self._tool.press, self.document, pointer)
        self._after_pointer()

    def _move(self, pointer: Pointer) -> None:
        if self._drawing:
            make_way()
            self._rest_timer.start()
            self._ask(self._tool.move, self.document, pointer)
        else:
            self._ask(self._tool.hover, self.document, pointer)
        self._after_pointer()

    def _rest(self) -> None:
        if self._drawing:
            self._ask(self._tool.rest, self.document)
            self._after_pointer()

    def _release(self, pointer: Pointer) -> None:
        if self._drawing:
            self._drawing = False
            self._ask(self._tool.release, self.document, pointer)
            self._zone_timer.start()
            self._after_pointer()

    def _after_pointer(self) -> None:
        """Repaint what the tool shows, which may cross the whole picture, and show its cursor."""
        shows = bool(self._tool.shapes(self.document))
        if shows or self._showed_shapes:
            self.update()
        self._showed_shapes = shows
        self._update_cursor()

    # -- zoom, pan and turn ---------------------------------------------------------------------------

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

    def turn_to(self, angle: float) -> None:
        """Turn the view clockwise to ``angle`` degrees, about the middle of the widget."""
        self.view.turn_at(QRectF(self.rect()).center(), angle)
        self._after_view()

    def centre_on(self, x: float, y: float) -> None:
        """Bring a point of the picture to the middle of the widget."""
        middle, there = QRectF(self.rect()).center(), self.view.to_widget(x, y)
        self._pan(middle - there)

    def _after_view(self) -> None:
        self.view.keep_in_sight(self.size())
        self.update()
        self.view_changed.emit()

    def _pan_to(self, point: QPointF) -> None:
        ratio = self.view.ratio
        here, before = physical(point, ratio), physical(self._moved_from, ratio)
        self._moved_from = point
        old = self.view.x, self.view.y
        self.view.pan(here[0] - before[0], here[1] - before[1])
        self.view.keep_in_sight(self.size())
        self._fits = False
        dx, dy = self.view.x - old[0], self.view.y - old[1]
        # What stays in its place would move along.
        stays = self._showed_shapes or self.covering is not None or not self.childrenRegion().isEmpty()
        if ratio == int(ratio) and dx % ratio == 0 and dy % ratio == 0 and not stays:
            self.scroll(int(dx / ratio), int(dy / ratio))  # moves what is painted, repaints the rest
        else:
            self.update()
        self.view_changed.emit()

    def _pan(self, step: QPointF) -> None:
        self._moved_from = QPointF(0, 0)
        self._pan_to(step)
        self.update()  # the round cursor stays where it is and must not move along

    def _begin_moving(self, how: str, point: QPointF) -> None:
        self._moving = how
        self._moved_from = self._pressed_at = point
        self._update_cursor()

    def _go_on_moving(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if self._moving == "pan":
            self._pan_to(point)
        elif self._moving == "zoom":
            factor = 2 ** ((point.x() - self._moved_from.x()) / SCRUB)
            self._moved_from = point
            self.zoom_to(self.view.zoom * factor, self._pressed_at)
        else:
            middle = QRectF(self.rect()).center()
            before, now = self._moved_from - middle, point - middle
            turn = math.degrees(math.atan2(now.y(), now.x()) - math.atan2(before.y(), before.x()))
            angle = self.view.angle + turn
            if modifiers & Qt.KeyboardModifier.ShiftModifier:
                stepped = round(angle / TURN_STEP) * TURN_STEP
                if stepped == self.view.angle:
                    return  # the pointer has to go on before the next step
                angle = stepped
            self._moved_from = point
            self.turn_to(angle)

    def _end_moving(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        how, self._moving = self._moving, ""
        is_click = (point - self._pressed_at).manhattanLength() <= CLICK
        if how == "zoom" and is_click:
            out = bool(modifiers & Qt.KeyboardModifier.AltModifier)
            self.zoom_by(-2 if out else 2, point)
        self._move_cursor(point)
        self._update_cursor()
        self.update()

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
            self._pan(QPointF(steps * 60, 0))
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._pan(QPointF(0, steps * 60))
        elif steps:
            self.zoom_by(steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drawing or self._moving:
            return  # a second button does not begin anything
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._begin_moving("pan", event.position())
        elif left and self._tool.navigates:
            self._begin_moving(self._tool.navigates, event.position())
        elif left:
            self._press(self._pointer(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._moving:
            self._go_on_moving(event.position(), event.modifiers())
            return
        self._move_cursor(event.position())
        self._move(self._pointer(event.position(), event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._moving:
            self._end_moving(event.position(), event.modifiers())
        elif event.button() == Qt.MouseButton.LeftButton:
            self._release(self._pointer(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._space and not self._tool.navigates:
            pointer = self._pointer(event.position(), event.modifiers())
            if self._ask(self._tool.double_click, self.document, pointer):
                self.update()
                return
        self.mousePressEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        self._move_cursor(event.position())
        if self._moving or (not self._drawing and (self._space or self._tool.navigates)):
            event.ignore()  # Qt sends the mouse event instead, which moves the view
            return
        erasing = event.pointerType() == QPointingDevice.PointerType.Eraser
        if event.type() == QEvent.Type.TabletPress and erasing != self._erasing:
            self._erasing = erasing
            self.pen_turned.emit(erasing)
        pointer = self._pointer(
            event.position(), event.modifiers(), event.pressure(), (event.xTilt(), event.yTilt())
        )
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
            return
        if event.key() in _NUDGES:
            many = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            dx, dy = _NUDGES[Qt.Key(event.key())]
            if self._ask(self._tool.nudge, self.document, dx * many, dy * many):
                self.update()
                return
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.delete():
            return
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
        if self._moving == "pan":
            cursor = cursors.named("grabbing")
        elif self._space:
            cursor = cursors.named("hand")
        elif self._tool.radius is not None:
            cursor = cursors.named("none")
        else:
            cursor = cursors.named(self._tool.cursor)
        if self.cursor() != cursor:
            self.setCursor(cursor)
            self.update(self._cursor_rect())

    def _move_cursor(self, point: QPointF | None) -> None:
        before = self._cursor_rect()
        self._cursor_at = point
        self.update(before)
        self.update(self._cursor_rect())
        self.hovered.emit(None if point is None else self.view.to_image(point))

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
        painter.fillRect(exposed, QColor(theme.now.surround))
        transform = self._tool.preview(self.document)
        shift = self._tool.selection_shift
        veil = self._shows_extras and self._tool.veils
        self.picture.draw(painter, exposed, veil=veil, shift=shift, transform=transform)
        if self._shows_extras:
            if transform is None:
                self._draw_zone(painter, shift)
            draw_shapes(painter, self.view, tuple(guide_shapes(self.document)), QRectF(self.rect()))
        if self.covering is not None:
            self.covering(painter, exposed)
        if self._shows_extras:
            draw_shapes(painter, self.view, self._tool.shapes(self.document), QRectF(self.rect()))
        self._draw_cursor(painter)
        painter.end()
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def _draw_zone(self, painter: QPainter, shift: tuple[int, int]) -> None:
        """The edge of the change zone, one pixel wide at every zoom."""
        if not self._zone.isEmpty() and (not self._drawing or shift != (0, 0)):
            painter.save()
            painter.setTransform(self.view.shifted(*shift).transform(self.view.zoom))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            two_tone(painter, self._zone)
            painter.restore()

    def _draw_cursor(self, painter: QPainter) -> None:
        radius = self._tool.radius
        if self._cursor_at is None or radius is None or self._space or self._moving:
            return
        draw_ring(painter, self._cursor_at, radius * self.view.zoom / self.view.ratio)

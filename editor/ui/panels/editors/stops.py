"""The colours of a gradient: stops below a strip, and between them where their mix is half and half."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.document.adjustments.grey import GradientMap, GradientStop
from editor.ui import theme
from editor.ui.colour_picker import Colour, as_qcolor
from editor.ui.panels.editors.base import HANDLE, HandlesEditor, ValueEditor, draw_focus, draw_pointer
from editor.ui.panels.editors.colour import ColourField
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

Stops = tuple[GradientStop, ...]

LENGTH = 4096  # of a gradient, in the unit of its positions
MOST = 256
_STRIP = 24
_ABOVE = 10  # room for the midpoints
_AWAY = 28.0  # pixels below the strip that a stop is dragged to be gone


class _Strip(HandlesEditor):
    """Handles: the stops in their order, and after them the midpoints."""

    def __init__(self, label: str, value: Stops) -> None:
        super().__init__(label, value)
        self._removed: Stops | None = None
        self.setFixedHeight(_ABOVE + _STRIP + round(HANDLE * 2.2) + 6)
        self.follow()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def _rect(self) -> QRectF:
        return QRectF(8, _ABOVE, self.width() - 16, _STRIP)

    def _x(self, position: float) -> float:
        return self._rect().left() + position / LENGTH * self._rect().width()

    def _position(self, x: float) -> int:
        rect = self._rect()
        return round(min(max((x - rect.left()) / rect.width(), 0), 1) * LENGTH)

    # -- handles --------------------------------------------------------------------------------------

    def places(self) -> Sequence[QPointF]:
        rect, stops = self._rect(), self.value
        between = [
            stop.position + (after.position - stop.position) * stop.midpoint / 100
            for stop, after in pairwise(stops)
        ]
        return [
            *(QPointF(self._x(stop.position), rect.bottom() + 1) for stop in stops),
            *(QPointF(self._x(position), rect.top() - 4) for position in between),
        ]

    def nearest(self, point: QPointF) -> int | None:
        below = point.y() > self._rect().center().y()
        return super().nearest(point - QPointF(0, HANDLE if below else 0))

    def describe(self, handle: int) -> str:
        count = len(self.value)
        if handle < count:
            return tr("Stop {number} of {count}, at {percent} %").format(
                number=handle + 1, count=count, percent=round(self.value[handle].position / LENGTH * 100)
            )
        return tr("Midpoint {number}, at {percent} %").format(
            number=handle - count + 1, percent=self.value[handle - count].midpoint
        )

    def drag(self, handle: int, point: QPointF) -> None:
        count = len(self.value if self._removed is None else self._removed)
        if handle >= count:
            self._drag_midpoint(handle - count, point)
            return
        outside = point.y() > self._rect().bottom() + _AWAY
        if self._removed is not None:
            if outside:
                return
            stops, self._removed = self._removed, None
        elif outside and count > 2:
            self._removed = self.value
            self.change(self.value[:handle] + self.value[handle + 1 :])
            return
        else:
            stops = self.value
        self.move(handle, self._position(point.x()), stops)

    def _drag_midpoint(self, place: int, point: QPointF) -> None:
        stop, after = self.value[place : place + 2]
        span = after.position - stop.position
        if span:
            percent = (self._position(point.x()) - stop.position) / span * 100
            self._set(place, midpoint=round(min(max(percent, 0), 100)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._removed = None
        super().mouseReleaseEvent(event)

    def move(self, handle: int, position: int, stops: Stops | None = None) -> None:
        """Put a stop elsewhere, between its neighbours."""
        stops = self.value if stops is None else stops
        low = stops[handle - 1].position if handle > 0 else 0
        high = stops[handle + 1].position if handle + 1 < len(stops) else LENGTH
        self.current = handle
        moved = replace(stops[handle], position=min(max(position, low), high))
        self.change((*stops[:handle], moved, *stops[handle + 1 :]))

    def paint_stop(self, colour: Colour) -> None:
        """Give the current stop a colour."""
        if self.current < len(self.value):
            self._set(self.current, colour=tuple(float(part) for part in colour))

    def _set(self, place: int, **changes: object) -> None:
        stops = self.value
        self.change((*stops[:place], replace(stops[place], **changes), *stops[place + 1 :]))

    def step(self, handle: int, dx: int, dy: int) -> None:
        count = len(self.value)
        if handle < count:
            self.move(handle, self.value[handle].position + round((dx + dy) * LENGTH / 100))
        else:
            percent = self.value[handle - count].midpoint + dx + dy
            self._set(handle - count, midpoint=min(max(percent, 0), 100))
        self._settle.start()

    def insert(self, point: QPointF | None) -> bool:
        stops = self.value
        if len(stops) >= MOST:
            return False
        if point is None:
            place = min(self.current, len(stops) - 2)
            position = (stops[place].position + stops[place + 1].position) // 2
        elif point.y() < self._rect().top():
            return False
        else:
            position = self._position(point.x())
        place = bisect_right([stop.position for stop in stops], position)
        colour = tuple(float(part) for part in colours(stops, np.array([position]))[0])
        self.current = place
        self.change((*stops[:place], GradientStop(position, colour), *stops[place:]))
        return True

    def remove(self, handle: int) -> None:
        if len(self.value) > 2 and handle < len(self.value):
            self.change(self.value[:handle] + self.value[handle + 1 :])

    # -- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = self._rect()
        shades = np.rint(colours(self.value, np.linspace(0, LENGTH, 512)) * 255).astype(np.uint8)
        strip = np.ascontiguousarray(shades[None])
        painter.drawImage(rect, QImage(strip.data, 512, 1, 3 * 512, QImage.Format.Format_RGB888))
        count = len(self.value)
        for handle, place in enumerate(self.places()):
            is_current = handle == self.current
            if handle < count:
                shade = as_qcolor(self.value[handle].colour)
                draw_pointer(painter, place, shade, current=is_current)
            else:
                _draw_diamond(painter, place, current=is_current)
        draw_focus(painter, self, rect)


class StopsEditor(ValueEditor):
    """The strip, and colour and place of its current stop."""

    def __init__(self, label: str, value: Stops, parent: QWidget | None = None) -> None:
        super().__init__(label, value, parent)
        self.strip = _Strip(label, value)
        self.strip.setToolTip(
            tr("Click below the strip to add a colour; drag one down, or press Delete, to take it away")
        )
        self.strip.changed.connect(self.change)
        self.strip.committed.connect(self.finish)
        self.strip.followed.connect(self._show_stop)
        self.colour = ColourField(tr("Colour"), value[0].colour)
        self.colour.changed.connect(self.strip.paint_stop)
        self.colour.committed.connect(self.finish)
        self._position = NumberSlider(tr("Position"), 0, 100, value=0, suffix="%")
        self._position.changed.connect(
            lambda percent: self.strip.move(self.strip.current, round(percent / 100 * LENGTH))
        )
        self._position.committed.connect(lambda _: self.finish())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.strip, self.colour, self._position):
            column.addWidget(widget)
        self._show_stop()

    def finish(self) -> None:
        self.strip.finish()
        super().finish()

    def follow(self) -> None:
        if self.strip.value != self.value:
            self.strip.set_value(self.value)

    def _show_stop(self) -> None:
        stops, current = self.strip.value, self.strip.current
        is_stop = current < len(stops)
        self.colour.setEnabled(is_stop)
        self._position.setEnabled(is_stop)
        if is_stop:
            if self.colour.value != stops[current].colour:
                self.colour.set_value(stops[current].colour)
            if not self._position.adjusting:
                self._position.set_value(stops[current].position / LENGTH * 100)


def colours(stops: Stops, positions: np.ndarray) -> np.ndarray:
    """The gradient's colours at positions 0..4096: (n, 3) float32, 0..1."""
    grey = np.broadcast_to(np.asarray(positions, np.float32) / LENGTH, (3, 1, len(positions)))
    return GradientMap(stops).apply(grey)[:, 0].T


def _draw_diamond(painter: QPainter, place: QPointF, *, current: bool) -> None:
    x, y = place.x(), place.y()
    side = 4.0
    painter.setPen(QPen(QColor(theme.now.accent if current else theme.now.text), 1.5))
    painter.setBrush(QColor(theme.now.panel))
    painter.drawPolygon(
        QPolygonF([QPointF(x, y - side), QPointF(x + side, y), QPointF(x, y + side), QPointF(x - side, y)])
    )

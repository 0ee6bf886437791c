"""A curve through points that are dragged, over the histogram of what it changes."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from editor.document.adjustments.curves import LINE, natural_spline
from editor.ui import theme
from editor.ui.panels.editors.base import HandlesEditor, ValueEditor, draw_focus
from editor.ui.panels.histogram import CHANNEL_COLOURS, Counts, draw_counts
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

Points = tuple[tuple[int, int], ...]

MOST = 19
_HEIGHT = 176
_MARGIN = 8
_RADIUS = 4.0
_AWAY = 24.0  # pixels outside of the field that a point is dragged to be gone


class _Field(HandlesEditor):
    """The curve itself. ``channel``: 0, 1, 2 for red, green and blue, None for all of them."""

    def __init__(self, label: str, value: Points, channel: int | None) -> None:
        super().__init__(label, value)
        self.counts: Counts | None = None
        self._channel = channel
        self._removed: Points | None = None  # what there was before a point was dragged out
        self.setFixedHeight(_HEIGHT)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.follow()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def _rect(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _place(self, point: tuple[float, float]) -> QPointF:
        rect = self._rect()
        return QPointF(
            rect.left() + point[0] / 255 * rect.width(), rect.bottom() - point[1] / 255 * rect.height()
        )

    def _point(self, place: QPointF) -> tuple[int, int]:
        rect = self._rect()
        across = (place.x() - rect.left()) / rect.width() * 255
        up = (rect.bottom() - place.y()) / rect.height() * 255
        return round(min(max(across, 0), 255)), round(min(max(up, 0), 255))

    # -- handles --------------------------------------------------------------------------------------

    def places(self) -> Sequence[QPointF]:
        return [self._place(point) for point in self.value]

    def describe(self, handle: int) -> str:
        across, up = self.value[handle]
        return tr("Point {number} of {count}: input {input}, output {output}").format(
            number=handle + 1, count=len(self.value), input=across, output=up
        )

    def drag(self, handle: int, point: QPointF) -> None:
        outside = not self._rect().adjusted(-_AWAY, -_AWAY, _AWAY, _AWAY).contains(point)
        if self._removed is not None:
            if outside:
                return
            points, self._removed = self._removed, None
        elif outside and self._is_inner(handle):
            self._removed = self.value
            self.change(self.value[:handle] + self.value[handle + 1 :])
            return
        else:
            points = self.value
        self.move(handle, self._point(point), points)

    def move(self, handle: int, point: tuple[int, int], points: Points | None = None) -> None:
        """Put a point elsewhere, between its neighbours."""
        points = self.value if points is None else points
        low = points[handle - 1][0] + 1 if handle > 0 else 0
        high = points[handle + 1][0] - 1 if handle + 1 < len(points) else 255
        across, up = min(max(point[0], low), high), min(max(point[1], 0), 255)
        self.current = handle
        self.change((*points[:handle], (across, up), *points[handle + 1 :]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._removed = None
        super().mouseReleaseEvent(event)

    def step(self, handle: int, dx: int, dy: int) -> None:
        across, up = self.value[handle]
        self.move(handle, (across + dx, up + dy))
        self._settle.start()

    def insert(self, point: QPointF | None) -> bool:
        if len(self.value) >= MOST:
            return False
        if point is None:  # by the keyboard: half way to the next one
            after = min(self.current + 1, len(self.value) - 1)
            across = (self.value[after - 1][0] + self.value[after][0]) // 2
            new = across, round(float(self._at(np.array([across]))[0]))
        else:
            new = self._point(point)
        place = sum(each[0] < new[0] for each in self.value)
        if place < len(self.value) and self.value[place][0] == new[0]:
            self.current = place
            self.move(place, new)
            return True
        self.current = place
        self.change((*self.value[:place], new, *self.value[place:]))
        return True

    def _is_inner(self, handle: int) -> bool:
        """The two ends of a curve stay."""
        return 0 < handle < len(self.value) - 1

    def remove(self, handle: int) -> None:
        if self._is_inner(handle):
            self.change(self.value[:handle] + self.value[handle + 1 :])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a point: away with it."""
        found = self.nearest(event.position())
        if found is not None:
            self.remove(found)
            self.finish()

    def _at(self, inputs: np.ndarray) -> np.ndarray:
        """The curve's outputs, 0..255."""
        at, to = np.array(self.value, np.float64).T
        return natural_spline(at, to, inputs.clip(at[0], at[-1])).clip(0, 255)

    # -- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self._rect()
        painter.fillRect(rect, QColor(theme.now.well))
        draw_counts(painter, rect, self.counts, self._channel)
        painter.setPen(QPen(QColor(theme.now.line), 1))
        for part in (0.25, 0.5, 0.75):
            x, y = rect.left() + part * rect.width(), rect.top() + part * rect.height()
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
        painter.drawLine(rect.bottomLeft(), rect.topRight())
        enabled = self.isEnabled()
        plain = theme.now.text if self._channel is None else CHANNEL_COLOURS[self._channel]
        colour = QColor(plain if enabled else theme.now.disabled)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inputs = np.linspace(0, 255, 128)
        path = QPainterPath()
        for place, (across, up) in enumerate(zip(inputs, self._at(inputs), strict=True)):
            (path.lineTo if place else path.moveTo)(self._place((across, up)))
        painter.drawPath(path)
        for handle, place in enumerate(self.places()):
            is_current = handle == self.current and (self.hasFocus() or self.is_held)
            painter.setPen(QPen(QColor(theme.now.accent) if is_current else colour, 1.5))
            painter.setBrush(QColor(theme.now.accent if is_current else theme.now.well))
            painter.drawEllipse(place, _RADIUS, _RADIUS)
        draw_focus(painter, self, rect)


class CurveEditor(ValueEditor):
    """The curve, and input and output of its current point as numbers."""

    def __init__(self, label: str, value: Points, channel: int | None, parent: QWidget | None = None) -> None:
        super().__init__(label, value, parent)
        self.field = _Field(label, value, channel)
        self.field.changed.connect(self._take)
        self.field.committed.connect(self.finish)
        self.field.followed.connect(self._show_numbers)
        self._input = NumberSlider(tr("In"), 0, 255, value=0)
        self._output = NumberSlider(tr("Out"), 0, 255, value=0)
        for slider in (self._input, self._output):
            slider.changed.connect(lambda _: self._move())
            slider.committed.connect(lambda _: self.finish())
        numbers = QHBoxLayout()
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setSpacing(4)
        numbers.addWidget(self._input)
        numbers.addWidget(self._output)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.field)
        column.addLayout(numbers)
        self._show_numbers()

    def set_counts(self, counts: Counts | None) -> None:
        """The histogram of what the curve is given."""
        self.field.counts = counts
        self.field.update()

    def reset(self) -> None:
        """A straight line again."""
        self.change(LINE)
        self.finish()

    def finish(self) -> None:
        self.field.finish()
        super().finish()

    def _take(self, value: Points) -> None:
        self.change(value)

    def _move(self) -> None:
        self.field.move(self.field.current, (round(self._input.value), round(self._output.value)))

    def follow(self) -> None:
        if self.field.value != self.value:
            self.field.set_value(self.value)

    def _show_numbers(self) -> None:
        across, up = self.field.value[self.field.current]
        for slider, number in ((self._input, across), (self._output, up)):
            if not slider.adjusting:
                slider.set_value(number)

"""The range of hues that a change is for: four edges on a strip of all hues."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from editor.ui import theme
from editor.ui.panels.editors.base import HANDLE, HandlesEditor, draw_focus, draw_pointer
from editor.ui.words import tr

Edges = tuple[int, int, int, int]

_STRIP = 16
_SHARE = 24  # height of the shape that shows how far each hue is meant
_NAMES = ("Begins at", "Full from", "Full to", "Ends at")


class HuesEditor(HandlesEditor):
    """``value`` are degrees: within the inner two all of the change is made, outside the outer two none."""

    def __init__(self, label: str, value: Edges, parent: QWidget | None = None) -> None:
        super().__init__(label, value, parent)
        self._first = 0.0  # the hue at the left end; the range lies about the middle
        self.setFixedHeight(_SHARE + _STRIP + round(HANDLE * 2.2) + 6)
        self._centre()
        self.follow()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def set_value(self, value: Edges) -> None:
        self._value = value
        self._centre()
        super().set_value(value)

    def _centre(self) -> None:
        begin, _, _, end = self.value
        self._first = (begin + ((end - begin) % 360) / 2 - 180) % 360

    def _strip(self) -> QRectF:
        return QRectF(8, _SHARE, self.width() - 16, _STRIP)

    def _x(self, degrees: float) -> float:
        rect = self._strip()
        return rect.left() + ((degrees - self._first) % 360) / 360 * rect.width()

    # -- handles --------------------------------------------------------------------------------------

    def places(self) -> Sequence[QPointF]:
        bottom = self._strip().bottom() + 1
        return [QPointF(self._x(edge), bottom) for edge in self.value]

    def nearest(self, point: QPointF) -> int | None:
        return super().nearest(point - QPointF(0, HANDLE))

    def describe(self, handle: int) -> str:
        return f"{tr(_NAMES[handle])} {self.value[handle]}°"

    def drag(self, handle: int, point: QPointF) -> None:
        rect = self._strip()
        part = min(max((point.x() - rect.left()) / rect.width(), 0), 0.9999)
        self._set(handle, self._first + part * 360)

    def step(self, handle: int, dx: int, dy: int) -> None:
        self._set(handle, self.value[handle] + dx + dy)
        self._settle.start()

    def _set(self, handle: int, degrees: float) -> None:
        """Put an edge elsewhere; the four stay in their order around the circle."""
        first = self._first
        along = [(edge - first) % 360 for edge in self.value]
        low = along[handle - 1] if handle > 0 else 0
        high = along[handle + 1] if handle < 3 else 359
        along[handle] = min(max((degrees - first) % 360, low), high)
        self.change(tuple(round(first + each) % 360 for each in along))

    # -- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self._strip()
        hues = QLinearGradient(rect.topLeft(), rect.topRight())
        for step in range(13):
            hues.setColorAt(step / 12, QColor.fromHsvF((self._first / 360 + step / 12) % 1, 0.85, 0.95))
        painter.fillRect(rect, hues)
        begin, full, full_end, end = (self._x(edge) for edge in self.value)
        top, bottom = 4.0, rect.top() - 2
        shape = QPolygonF(
            [
                QPointF(begin, bottom),
                QPointF(full, top),
                QPointF(full_end, top),
                QPointF(end, bottom),
            ]
        )
        painter.setPen(QPen(QColor(theme.now.text), 1.5))
        painter.setBrush(QColor(theme.now.lit))
        painter.drawPolygon(shape)
        for handle, place in enumerate(self.places()):
            is_current = handle == self.current and (self.hasFocus() or self.is_held)
            draw_pointer(painter, place, QColor(theme.now.panel), current=is_current)
        draw_focus(painter, self, rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)

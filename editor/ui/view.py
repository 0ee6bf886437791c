"""Where the picture lies on the screen."""

import math
from copy import copy

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPolygonF, QTransform

from editor.document.geometry import Rect

SMALLEST, LARGEST = 1 / 64, 64.0


class View:
    """Maps pixels of the picture to the widget.

    ``zoom`` counts physical pixels of the screen per pixel of the picture, so 1 is sharp on every screen.
    The offset is kept in whole physical pixels for the same reason. ``ratio`` is the widget's device
    pixel ratio; widget points are logical. ``angle`` turns the view clockwise, in degrees.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.zoom = 1.0
        self.ratio = 1.0
        self.angle = 0.0
        self.x = self.y = 0  # physical pixels from the widget's corner to the picture's

    def to_image(self, point: QPointF) -> tuple[float, float]:
        across, down = point.x() * self.ratio - self.x, point.y() * self.ratio - self.y
        cos, sin = self._turn
        return (cos * across + sin * down) / self.zoom, (cos * down - sin * across) / self.zoom

    def to_widget(self, x: float, y: float) -> QPointF:
        across, down = self._physical(x, y)
        return QPointF((across + self.x) / self.ratio, (down + self.y) / self.ratio)

    def transform(self, scale: float) -> QTransform:
        """From pixels that are ``scale`` physical pixels wide, and begin where the picture does, to the
        widget."""
        cos, sin = self._turn
        scale /= self.ratio
        return QTransform(
            scale * cos, scale * sin, -scale * sin, scale * cos, self.x / self.ratio, self.y / self.ratio
        )

    def widget_rect(self, area: Rect, margin: float = 2) -> QRect:
        """Whole widget pixels that show ``area``, with ``margin`` around them."""
        bounds = self.outline(area).boundingRect()
        return bounds.adjusted(-margin, -margin, margin, margin).toAlignedRect()

    def outline(self, area: Rect) -> QPolygonF:
        """Where the corners of ``area`` lie in the widget."""
        corners = ((area.x, area.y), (area.right, area.y), (area.right, area.bottom), (area.x, area.bottom))
        return QPolygonF([self.to_widget(*corner) for corner in corners])

    def fit(self, size: QSize, margin: int = 24) -> None:
        """Show the whole picture centred in a widget of ``size``, never larger than 100 %."""
        room_x = max(size.width() - 2 * margin, 16) * self.ratio
        room_y = max(size.height() - 2 * margin, 16) * self.ratio
        self.zoom = 1.0
        bounds = self._bounds
        self.zoom = max(min(room_x / bounds.width(), room_y / bounds.height(), 1.0), SMALLEST)
        self.centre(size)

    def centre(self, size: QSize) -> None:
        middle = self._bounds.center()
        self.x = round(size.width() * self.ratio / 2 - middle.x())
        self.y = round(size.height() * self.ratio / 2 - middle.y())

    def zoom_at(self, point: QPointF, zoom: float) -> None:
        """Change the zoom and keep what is under ``point`` there."""
        place = self.to_image(point)
        self.zoom = min(max(zoom, SMALLEST), LARGEST)
        self._pin(place, point)

    def turn_at(self, point: QPointF, angle: float) -> None:
        """Turn the view to ``angle`` and keep what is under ``point`` there."""
        place = self.to_image(point)
        self.angle = (angle + 180) % 360 - 180
        self._pin(place, point)

    def pan(self, dx: int, dy: int) -> None:
        """Move by physical pixels."""
        self.x += dx
        self.y += dy

    def shifted(self, dx: float, dy: float) -> "View":
        """The view of what lies ``dx`` pixels of the picture to the right of it, and ``dy`` below."""
        other = copy(self)
        across, down = self._physical(dx, dy)
        other.pan(round(across), round(down))
        return other

    def keep_in_sight(self, size: QSize) -> None:
        """After a pan or a resize: at least a strip of the picture stays in the widget."""
        strip = 48 * self.ratio
        width, height = size.width() * self.ratio, size.height() * self.ratio
        bounds = self._bounds
        self.x = round(min(max(self.x, strip - bounds.right()), width - strip - bounds.left()))
        self.y = round(min(max(self.y, strip - bounds.bottom()), height - strip - bounds.top()))

    @property
    def level(self) -> int:
        """How often the picture is halved before it is drawn: its pixels then scale by 0.5 to 1."""
        return max(0, math.floor(-math.log2(self.zoom))) if self.zoom < 1 else 0

    @property
    def _turn(self) -> tuple[float, float]:
        """Cosine and sine of the angle."""
        if self.angle == 0:
            return 1.0, 0.0
        radians = math.radians(self.angle)
        return math.cos(radians), math.sin(radians)

    @property
    def _bounds(self) -> QRectF:
        """What the picture takes up, in physical pixels from its corner."""
        corners = [self._physical(x, y) for x in (0, self.width) for y in (0, self.height)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys)))

    def _physical(self, x: float, y: float) -> tuple[float, float]:
        cos, sin = self._turn
        return (cos * x - sin * y) * self.zoom, (sin * x + cos * y) * self.zoom

    def _pin(self, place: tuple[float, float], point: QPointF) -> None:
        across, down = self._physical(*place)
        self.x = round(point.x() * self.ratio - across)
        self.y = round(point.y() * self.ratio - down)


def physical(point: QPoint | QPointF, ratio: float) -> tuple[int, int]:
    return round(point.x() * ratio), round(point.y() * ratio)

"""Where the picture lies on the screen."""

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize

from editor.document.geometry import Rect

SMALLEST, LARGEST = 1 / 64, 64.0


class View:
    """Maps pixels of the picture to the widget.

    ``zoom`` counts physical pixels of the screen per pixel of the picture, so 1 is sharp on every screen.
    The offset is kept in whole physical pixels for the same reason. ``ratio`` is the widget's device
    pixel ratio; widget points are logical.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.zoom = 1.0
        self.ratio = 1.0
        self.x = self.y = 0  # physical pixels from the widget's corner to the picture's

    def to_image(self, point: QPointF) -> tuple[float, float]:
        return (point.x() * self.ratio - self.x) / self.zoom, (point.y() * self.ratio - self.y) / self.zoom

    def to_widget(self, x: float, y: float) -> QPointF:
        return QPointF((x * self.zoom + self.x) / self.ratio, (y * self.zoom + self.y) / self.ratio)

    def widget_rect(self, area: Rect, margin: float = 2) -> QRect:
        """Whole widget pixels that show ``area``, with ``margin`` around them."""
        corner, opposite = self.to_widget(area.x, area.y), self.to_widget(area.right, area.bottom)
        return QRectF(corner, opposite).adjusted(-margin, -margin, margin, margin).toAlignedRect()

    def fit(self, size: QSize, margin: int = 24) -> None:
        """Show the whole picture centred in a widget of ``size``, never larger than 100 %."""
        room_x = max(size.width() - 2 * margin, 16) * self.ratio
        room_y = max(size.height() - 2 * margin, 16) * self.ratio
        self.zoom = max(min(room_x / self.width, room_y / self.height, 1.0), SMALLEST)
        self.centre(size)

    def centre(self, size: QSize) -> None:
        self.x = round((size.width() * self.ratio - self.width * self.zoom) / 2)
        self.y = round((size.height() * self.ratio - self.height * self.zoom) / 2)

    def zoom_at(self, point: QPointF, zoom: float) -> None:
        """Change the zoom and keep what is under ``point`` there."""
        x, y = self.to_image(point)
        self.zoom = min(max(zoom, SMALLEST), LARGEST)
        self.x = round(point.x() * self.ratio - x * self.zoom)
        self.y = round(point.y() * self.ratio - y * self.zoom)

    def pan(self, dx: int, dy: int) -> None:
        """Move by physical pixels."""
        self.x += dx
        self.y += dy

    def keep_in_sight(self, size: QSize) -> None:
        """After a pan or a resize: at least a strip of the picture stays in the widget."""
        strip = 48 * self.ratio
        width, height = size.width() * self.ratio, size.height() * self.ratio
        self.x = round(min(max(self.x, strip - self.width * self.zoom), width - strip))
        self.y = round(min(max(self.y, strip - self.height * self.zoom), height - strip))

    @property
    def level(self) -> int:
        """How often the picture is halved before it is drawn: its pixels then scale by 0.5 to 1."""
        return max(0, math.floor(-math.log2(self.zoom))) if self.zoom < 1 else 0


def physical(point: QPoint | QPointF, ratio: float) -> tuple[int, int]:
    return round(point.x() * ratio), round(point.y() * ratio)

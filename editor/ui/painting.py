"""What the canvas draws with, given where the picture lies."""

import math
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap

from editor.document.geometry import Rect
from editor.ui import theme
from editor.ui.view import View

NEAREST_FROM = 2.0  # pixels are drawn as squares above this zoom


def area_at(view: View, level: int, exposed: QRect) -> Rect:
    """What shows in ``exposed``, and a little more, in pixels of ``level``."""
    step = 1 << level
    left, top, right, bottom = _seen(view, exposed)
    x, y = math.floor(left / step) - 2, math.floor(top / step) - 2
    return Rect(x, y, math.ceil(right / step) + 2 - x, math.ceil(bottom / step) + 2 - y)


def _seen(view: View, exposed: QRect) -> tuple[float, float, float, float]:
    """Left, top, right and bottom, in pixels of the picture, of all that shows in ``exposed``."""
    whole = QRectF(exposed)
    corners = (whole.topLeft(), whole.topRight(), whole.bottomRight(), whole.bottomLeft())
    xs, ys = zip(*(view.to_image(corner) for corner in corners), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def draw_image(painter: QPainter, view: View, image: QImage, area: Rect, step: int) -> None:
    """Draw pixels of a level, each of which stands for ``step`` of the picture's; ``area`` counts them."""
    painter.save()
    scale = view.zoom * step
    painter.setTransform(view.transform(scale))
    smooth = view.angle != 0 or (view.zoom < NEAREST_FROM and scale != 1)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(QPointF(area.x, area.y), image)
    painter.restore()


def draw_grid(painter: QPainter, view: View, exposed: QRect) -> None:
    """Lines between the picture's pixels."""
    painter.setPen(QPen(QColor(0, 0, 0, 60), 0))
    left, top, right, bottom = _seen(view, exposed)
    for x in range(math.floor(left), math.ceil(right) + 1):
        painter.drawLine(view.to_widget(x, top), view.to_widget(x, bottom))
    for y in range(math.floor(top), math.ceil(bottom) + 1):
        painter.drawLine(view.to_widget(left, y), view.to_widget(right, y))


def draw_ring(painter: QPainter, point: QPointF, radius: float) -> None:
    """The round cursor; a cross where it would be too small to see."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    if radius < 2:
        for dx, dy in ((5, 0), (0, 5)):
            path.moveTo(point - QPointF(dx, dy))
            path.lineTo(point + QPointF(dx, dy))
    else:
        path.addEllipse(point, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.strokePath(path, QPen(QColor(0, 0, 0, 160), 2.5))
    painter.strokePath(path, QPen(QColor(255, 255, 255, 230), 1))


def two_tone(painter: QPainter, path: QPainterPath) -> None:
    """Dashes of light on dark, to be seen on any picture."""
    dark, light = QPen(QColor(0, 0, 0, 170)), QPen(QColor(255, 255, 255, 235))
    light.setDashPattern([4, 4])
    for pen in (dark, light):
        pen.setCosmetic(True)
        pen.setWidthF(1.2)
        painter.strokePath(path, pen)


def draw_label(painter: QPainter, text: str, corner: QPointF, bounds: QRectF, *, right: bool = False) -> None:
    """A few words over the picture, their top left (or ``right``) corner there, but inside ``bounds``."""
    metrics = QFontMetricsF(painter.font())
    rect = QRectF(corner.x(), corner.y(), metrics.horizontalAdvance(text) + 16, metrics.height() + 8)
    if right:
        rect.moveRight(corner.x())
    rect.moveLeft(min(rect.left(), bounds.right() - 4 - rect.width()))
    rect.moveTop(min(rect.top(), bounds.bottom() - 4 - rect.height()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 20, 20, 215))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setPen(QColor("#f0f0f0"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def checkerboard() -> QBrush:
    """What shows through transparency."""
    return _checkerboard(*theme.now.checker)


@cache
def _checkerboard(one: str, other: str) -> QBrush:
    side = theme.CHECKER_SIZE
    tile = QPixmap(2 * side, 2 * side)
    tile.fill(QColor(one))
    painter = QPainter(tile)
    for corner in (0, side):
        painter.fillRect(corner, corner, side, side, QColor(other))
    painter.end()
    return QBrush(tile)

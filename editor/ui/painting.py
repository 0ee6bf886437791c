"""What the canvas draws with, given where the picture lies."""

import math
from functools import cache

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QTransform

from editor.document.geometry import Rect
from editor.ui.view import View

CHECKER = (QColor("#4a4a4a"), QColor("#565656"))
CHECKER_SIZE = 8
NEAREST_FROM = 2.0  # pixels are drawn as squares above this zoom


def count_pixels(painter: QPainter, view: View, scale: float) -> None:
    """From here on the painter counts pixels of the picture's level, whose zoom is ``scale``."""
    painter.setTransform(
        QTransform(scale / view.ratio, 0, 0, scale / view.ratio, view.x / view.ratio, view.y / view.ratio)
    )


def area_at(view: View, level: int, exposed: QRect) -> Rect:
    """What shows in ``exposed``, and a little more, in pixels of ``level``."""
    step = 1 << level
    left, top = view.to_image(QPointF(exposed.topLeft()))
    right, bottom = view.to_image(QPointF(exposed.right() + 1, exposed.bottom() + 1))
    x, y = math.floor(left / step) - 2, math.floor(top / step) - 2
    return Rect(x, y, math.ceil(right / step) + 2 - x, math.ceil(bottom / step) + 2 - y)


def draw_image(painter: QPainter, view: View, image: QImage, area: Rect, step: int) -> None:
    """Draw pixels of a level, each of which stands for ``step`` of the picture's; ``area`` counts them."""
    painter.save()
    scale = view.zoom * step
    count_pixels(painter, view, scale)
    smooth = view.zoom < NEAREST_FROM and scale != 1
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(QPointF(area.x, area.y), image)
    painter.restore()


def draw_grid(painter: QPainter, view: View, exposed: QRect) -> None:
    """Lines between the picture's pixels."""
    painter.setPen(QPen(QColor(0, 0, 0, 60), 0))
    left, top = view.to_image(QPointF(exposed.topLeft()))
    right, bottom = view.to_image(QPointF(exposed.bottomRight()))
    for x in range(math.floor(left), math.ceil(right) + 1):
        position = view.to_widget(x, 0).x()
        painter.drawLine(QPointF(position, exposed.top()), QPointF(position, exposed.bottom() + 1))
    for y in range(math.floor(top), math.ceil(bottom) + 1):
        position = view.to_widget(0, y).y()
        painter.drawLine(QPointF(exposed.left(), position), QPointF(exposed.right() + 1, position))


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


@cache
def checkerboard() -> QBrush:
    """What shows through transparency."""
    tile = QPixmap(2 * CHECKER_SIZE, 2 * CHECKER_SIZE)
    tile.fill(CHECKER[0])
    painter = QPainter(tile)
    for corner in (0, CHECKER_SIZE):
        painter.fillRect(corner, corner, CHECKER_SIZE, CHECKER_SIZE, CHECKER[1])
    painter.end()
    return QBrush(tile)

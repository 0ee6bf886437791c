"""The dashed line around what a removal may change."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from editor.document.geometry import Rect
from editor.document.tiles import TiledImage

FINEST = 1500  # the longer side, in pixels, at which an outline is traced; larger masks are thinned out


def outline(mask: TiledImage) -> QPainterPath:
    """The edge of everything masked, in pixels of the picture."""
    import cv2

    path = QPainterPath()
    area = mask.filled()
    if not area:
        return path
    step = 1
    while max(area.width, area.height) / step > FINEST:
        step *= 2  # stays a divisor of the tile size
    masked = np.zeros((-(-area.height // step) + 2, -(-area.width // step) + 2), np.uint8)
    for key, tile in mask.tiles.items():
        box = mask.box(key).moved(-area.x, -area.y)
        thin = tile[::step, ::step, 0] > 0
        place = Rect(box.x // step + 1, box.y // step + 1, thin.shape[1], thin.shape[0])
        masked[place.slices] = thin
    # Traced on a grid twice as fine, so that the line runs between pixels rather than over them.
    doubled = cv2.resize(masked, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    contours, _ = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
    for contour in contours:
        points = (contour[:, 0].astype(np.float64) + 0.5) / 2 - 1
        points = points * step + (area.x, area.y)
        polygon = QPolygonF([QPointF(x, y) for x, y in points])
        path.addPolygon(polygon)
        path.closeSubpath()
    return path

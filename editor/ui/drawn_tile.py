"""A tile of the picture at one scale, as it is drawn."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from editor.document.geometry import NOWHERE, Rect


class DrawnTile:
    """``stale`` is the part, in the tile's own pixels, that must be drawn again; ``rough``: a quick look
    at it
    is drawn. ``since`` is what became stale since somebody began to make it."""

    __slots__ = ("image", "place", "rough", "since", "stale")

    def __init__(self, place: Rect) -> None:
        self.place = place  # in pixels of its level
        self.image: QImage | None = None
        self.stale = Rect(0, 0, place.width, place.height)
        self.rough = False
        self.since = NOWHERE

    def placed(self, part: Rect) -> Rect:
        """A part of the tile in pixels of its level."""
        return part.moved(self.place.x, self.place.y)

    def invalidate(self, area: Rect) -> None:
        """``area``, in pixels of its level, looks different now."""
        shared = area.intersected(self.place)
        if shared:
            part = shared.moved(-self.place.x, -self.place.y)
            self.stale, self.since = self.stale.united(part), self.since.united(part)
            self.rough = False

    def draw(self, part: Rect, new: QImage | None) -> None:
        """Put an image, None for nothing at all, in the place of a part."""
        if new is None:
            if self.image is None:
                return
            new = blank(part.width, part.height)
        if (part.width, part.height) == (self.place.width, self.place.height):
            self.image = new
            return
        if self.image is None:
            self.image = blank(self.place.width, self.place.height)
        painter = QPainter(self.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QPoint(part.x, part.y), new)
        painter.end()


def blank(width: int, height: int) -> QImage:
    """Transparent, in the format Qt draws fastest."""
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def as_qimage(pixels: np.ndarray) -> QImage:
    """An image of its own from (h, w, 4) uint8 premultiplied RGBA, in the format Qt draws fastest."""
    pixels = np.ascontiguousarray(pixels)
    whole = Rect(0, 0, pixels.shape[1], pixels.shape[0])
    return borrowed(pixels, whole).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def borrowed(pixels: np.ndarray, area: Rect) -> QImage:
    """``area`` of (h, w, 4) uint8 premultiplied RGBA, contiguous, as an image in the same memory, which must
    outlive it."""
    row = pixels.shape[1] * 4
    start = area.y * row + area.x * 4
    part = pixels.reshape(-1)[start : start + (area.height - 1) * row + area.width * 4]
    return QImage(part.data, area.width, area.height, row, QImage.Format.Format_RGBA8888_Premultiplied)

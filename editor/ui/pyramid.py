"""The picture at halved scales, as tiles ready to draw, kept only as far as they are looked at."""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from editor.document.geometry import NOWHERE, Rect
from editor.document.tiles import TILE
from editor.ui.display import reduced

Source = Callable[[Rect], np.ndarray | None]


class _Tile:
    """One drawn tile; ``stale`` is the part of it, in its own pixels, that must be drawn again."""

    __slots__ = ("image", "stale")

    def __init__(self, area: Rect) -> None:
        self.image: QImage | None = None
        self.stale = Rect(0, 0, area.width, area.height)


class Pyramid:
    """Level n shows the picture at 1 / 2**n.

    ``source(area)`` gives what is to be seen of the full-size ``area``: (h, w, 4) uint8 RGBA, colours
    premultiplied, or None where there is nothing. Only tiles that are read are made, only what became
    stale is made again, and the least recently read are let go past ``budget`` bytes. ``half``, if given, is
    level 1 as whoever opened the picture made it off this thread; it serves until the first change.
    """

    def __init__(
        self,
        width: int,
        height: int,
        source: Source,
        *,
        half: np.ndarray | None = None,
        budget: int = 192 << 20,
    ) -> None:
        self._width, self._height = width, height
        self._source = source
        self._half = half
        self._room = _room(budget)
        self._tiles: OrderedDict[tuple[int, int, int], _Tile] = OrderedDict()

    def set_budget(self, budget: int) -> None:
        """Keep at most about so many bytes from now on."""
        self._room = _room(budget)
        self._trim()

    def _trim(self) -> None:
        while len(self._tiles) > self._room:
            self._tiles.popitem(last=False)

    def size(self, level: int) -> Rect:
        """The whole picture in pixels of ``level``."""
        step = 1 << level
        return Rect(0, 0, -(-self._width // step), -(-self._height // step))

    def invalidate(self, area: Rect) -> None:
        """``area`` of the picture, in full-size pixels, looks different now."""
        self._half = None
        for (level, row, column), tile in self._tiles.items():
            step = 1 << level
            left, top = area.x // step, area.y // step
            touched = Rect(left, top, -(-area.right // step) - left, -(-area.bottom // step) - top)
            place = self._place(level, row, column)
            shared = touched.intersected(place)
            if shared:
                tile.stale = tile.stale.united(shared.moved(-place.x, -place.y))

    def read(self, level: int, area: Rect) -> QImage | None:
        """``area``, in pixels of ``level``, as one image; None where there is nothing in it."""
        area = area.intersected(self.size(level))
        if not area:
            return None
        out: QImage | None = None
        painter = QPainter()
        for row in range(area.y // TILE, (area.bottom - 1) // TILE + 1):
            for column in range(area.x // TILE, (area.right - 1) // TILE + 1):
                image = self._image(level, row, column)
                if image is None:
                    continue
                if out is None:
                    out = QImage(area.width, area.height, QImage.Format.Format_ARGB32_Premultiplied)
                    out.fill(Qt.GlobalColor.transparent)
                    painter.begin(out)
                    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.drawImage(QPoint(column * TILE - area.x, row * TILE - area.y), image)
        if out is not None:
            painter.end()
        self._trim()
        return out

    def _place(self, level: int, row: int, column: int) -> Rect:
        return Rect(column * TILE, row * TILE, TILE, TILE).intersected(self.size(level))

    def _image(self, level: int, row: int, column: int) -> QImage | None:
        key = (level, row, column)
        place = self._place(level, row, column)
        tile = self._tiles.get(key)
        if tile is None:
            tile = self._tiles[key] = _Tile(place)
        self._tiles.move_to_end(key)
        if tile.stale:
            self._refresh(tile, level, place)
        return tile.image

    def _refresh(self, tile: _Tile, level: int, place: Rect) -> None:
        stale = tile.stale
        tile.stale = NOWHERE
        pixels = self._pixels(stale.moved(place.x, place.y), level)
        if pixels is None:
            if tile.image is None:
                return
            pixels = np.zeros((stale.height, stale.width, 4), np.uint8)
        new = as_qimage(pixels)
        if (stale.width, stale.height) == (place.width, place.height):
            tile.image = new
            return
        if tile.image is None:
            tile.image = QImage(place.width, place.height, QImage.Format.Format_ARGB32_Premultiplied)
            tile.image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QPoint(stale.x, stale.y), new)
        painter.end()

    def _pixels(self, area: Rect, level: int) -> np.ndarray | None:
        """``area``, in pixels of ``level``, made anew."""
        if level and self._half is not None:
            step = 1 << (level - 1)
            half = Rect(area.x * step, area.y * step, area.width * step, area.height * step)
            pixels = self._half[half.intersected(self.size(1)).slices]
            return reduced(pixels, step) if step > 1 else pixels
        step = 1 << level
        full = Rect(area.x * step, area.y * step, area.width * step, area.height * step)
        pixels = self._source(full.intersected(self.size(0)))
        return pixels if pixels is None or step == 1 else reduced(pixels, step)


def _room(budget: int) -> int:
    """Tiles that ``budget`` bytes hold; a screenful is always kept."""
    return max(budget // (TILE * TILE * 4), 16)


def as_qimage(pixels: np.ndarray) -> QImage:
    """An image of its own from (h, w, 4) uint8 premultiplied RGBA, in the format Qt draws fastest."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    borrowed = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGBA8888_Premultiplied)
    return borrowed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

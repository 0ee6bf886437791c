"""The picture at halved scales, as tiles ready to draw, kept only as far as they are looked at."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from editor.document.geometry import NOWHERE, Rect
from editor.document.tiles import TILE
from editor.ui.display import reduced
from editor.ui.drawn_tile import DrawnTile, as_qimage, blank, borrowed
from editor.ui.rendering import Key, Rendering, Source

AT_ONCE = 1.2e6  # what a read may cost, as `Source.cost` counts; more is made in the background
_WASTE = 1.2  # times the pixels of several parts that their rectangle may have, to be looked at as one
_FINER, _COARSER = 2, 6  # halvings to the levels that may stand in for a missing tile


class Pyramid(QObject):
    """Level n shows the picture at 1 / 2**n.

    Only tiles that are read are made, only what became stale is made again, and the least recently read are
    let go past ``budget`` bytes. ``halves``, if given, are levels 1, 2 ... as whoever opened the picture made
    them off this thread; they serve until the first change, and what is read of them is drawn at once.

    With ``in_background`` no read takes long: what would is made in another thread, roughly at first, and
    ``made`` tells that some of it is there. Meanwhile a read shows what was there before, or other levels.
    """

    made = Signal()

    def __init__(
        self,
        width: int,
        height: int,
        source: Source,
        *,
        halves: Sequence[np.ndarray] = (),
        budget: int = 192 << 20,
        in_background: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._canvas = Rect(0, 0, width, height)
        self._halves = tuple(halves)
        self._seen: tuple[int, Rect] | None = None  # what was read of them last
        self._room = _room(budget)
        self._tiles: OrderedDict[Key, DrawnTile] = OrderedDict()
        self._in_background = in_background
        self._source = source
        self._rendering = Rendering(source, self._canvas, self)
        self._rendering.made.connect(self.made)

    def close(self) -> None:
        """Nothing reads it any more."""
        self._rendering.close()
        self._in_background = False

    def set_budget(self, budget: int) -> None:
        """Keep at most about so many bytes from now on."""
        self._room = _room(budget)
        self._trim()

    def _trim(self) -> None:
        while len(self._tiles) > self._room:
            self._tiles.popitem(last=False)

    def size(self, level: int) -> Rect:
        """The whole picture in pixels of ``level``."""
        return _coarser(self._canvas, 1 << level)

    def invalidate(self, area: Rect) -> None:
        """``area`` of the picture, in full-size pixels, looks different now."""
        self._keep_halves()
        for (level, _, _), tile in self._tiles.items():
            tile.invalidate(_coarser(area, 1 << level))
        if self._in_background:
            self._rendering.invalidate(area)

    def read(self, level: int, area: Rect) -> QImage | None:
        """``area``, in pixels of ``level``, as one image; None where there is nothing in it."""
        area = area.intersected(self.size(level))
        if not area:
            return None
        if level and self._halves:
            self._seen = level, area
            return self._halved(level, area)
        tiles = list(self._read_tiles(level, area))
        self._make(level, [(key, tile) for key, tile in tiles if tile.stale])
        out: QImage | None = None
        painter = QPainter()
        for key, tile in tiles:
            if tile.image is None and not self._rendering.wants(key):
                continue
            if out is None:
                out = blank(area.width, area.height)
                painter.begin(out)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.translate(-area.x, -area.y)
            if tile.image is None:
                self._stand_in(painter, level, tile.place)
            else:
                painter.drawImage(QPoint(tile.place.x, tile.place.y), tile.image)
        if out is not None:
            painter.end()
        self._trim()
        return out

    def _read_tiles(self, level: int, area: Rect) -> Iterator[tuple[Key, DrawnTile]]:
        for place in _places(area):
            key = (level, *place)
            tile = self._tiles.get(key)
            if tile is None:
                row, column = place
                box = Rect(column * TILE, row * TILE, TILE, TILE)
                tile = self._tiles[key] = DrawnTile(box.intersected(self.size(level)))
            self._tiles.move_to_end(key)
            yield key, tile

    def _make(self, level: int, stale: list[tuple[Key, DrawnTile]]) -> None:
        """Make what is stale, or see to it that it is made."""
        if not stale:
            return
        if self._in_background:
            cost = self._rendering.cost(level, (tile for _, tile in stale))
            if cost > AT_ONCE:
                self._rendering.want(stale)
                return
        places = [tile.placed(tile.stale) for _, tile in stale]
        together = _united(places)
        if together is not None:
            look = self._rendering.seen(self._source, together, level)
        for (key, tile), place in zip(stale, places, strict=True):
            if together is None:
                part = self._rendering.seen(self._source, place, level)
            else:
                part = None if look is None else look[place.moved(-together.x, -together.y).slices]
            tile.draw(tile.stale, None if part is None else as_qimage(part))
            tile.stale = NOWHERE
            self._rendering.forget(key)

    def _keep_halves(self) -> None:
        """Let go of the halves; of what is on the screen, tiles stay until something newer is there."""
        if self._halves and self._seen is not None:
            level, area = self._seen
            for _, tile in self._read_tiles(level, area):
                seen = self._halved(level, tile.place)
                tile.draw(tile.stale, seen.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
                tile.stale = NOWHERE
        self._halves = ()

    def _halved(self, level: int, area: Rect) -> QImage:
        """``area``, in pixels of ``level``, from the nearest of the halves; without tiles, which take as long
        to be put together as all else that the first paint does."""
        near = min(level, len(self._halves))
        pixels = self._halves[near - 1]
        if near == level:
            return borrowed(pixels, area)
        step = 1 << (level - near)
        return as_qimage(reduced(pixels[_finer(area, step).intersected(self.size(near)).slices], step))

    def _stand_in(self, painter: QPainter, level: int, place: Rect) -> None:
        """Draw other levels in the place of a tile that is not made yet; the painter counts pixels of its."""
        painter.save()
        painter.setClipRect(*place)
        for other in (*range(level + _COARSER, level, -1), *range(max(level - _FINER, 0), level)):
            scale = 2.0 ** (other - level)  # of the other level's pixels
            area = _coarser(place, 1 << other - level) if other > level else _finer(place, 1 << level - other)
            for row, column in _places(area):
                tile = self._tiles.get((other, row, column))
                if tile is not None and tile.image is not None:
                    target = QRectF(*(side * scale for side in tile.place))
                    painter.drawImage(target, tile.image, QRectF(tile.image.rect()))
        painter.restore()


def _places(area: Rect) -> Iterator[tuple[int, int]]:
    """Row and column of each tile that ``area`` touches."""
    for row in range(area.y // TILE, (area.bottom - 1) // TILE + 1):
        for column in range(area.x // TILE, (area.right - 1) // TILE + 1):
            yield row, column


def _united(places: Sequence[Rect]) -> Rect | None:
    """The rectangle of several that lie side by side, None if it is much more than they are.

    A dab that falls where four tiles meet is then composited once: four small areas cost twice as much.
    """
    around = NOWHERE
    for place in places:
        around = around.united(place)
    pixels = sum(place.width * place.height for place in places)
    return around if around.width * around.height <= _WASTE * pixels else None


def _coarser(area: Rect, step: int) -> Rect:
    """All pixels of ``step`` x ``step`` that ``area`` touches."""
    left, top = area.x // step, area.y // step
    return Rect(left, top, -(-area.right // step) - left, -(-area.bottom // step) - top)


def _finer(area: Rect, step: int) -> Rect:
    return Rect(area.x * step, area.y * step, area.width * step, area.height * step)


def _room(budget: int) -> int:
    """Tiles that ``budget`` bytes hold; a screenful is always kept."""
    return max(budget // (TILE * TILE * 4), 16)

"""Makes in another thread what takes too long to be made while the window paints."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from editor.document.geometry import NOWHERE, Rect
from editor.document.parallel import Background, step_aside
from editor.document.progress import Cancelled, Progress
from editor.ui.display import reduced
from editor.ui.drawn_tile import DrawnTile, as_qimage

ROUGHLY = 12e6  # what is to be made may cost, from which on there is a rough look at it first
BATCH = 8e6  # ... and this much of it is made exactly at a time
REST = 0.3  # seconds after a change as large, without another one, before the exact look
_MOST = 96  # tiles that are waited for; those asked for longer ago are forgotten

Look = Callable[[Rect], np.ndarray | None]
Key = tuple[int, int, int]  # level, row, column

_background = Background("picture")


class Source(Protocol):
    """What there is to see."""

    def __call__(self, area: Rect) -> np.ndarray | None:
        """What the full-size ``area`` shows: (h, w, 4) uint8 RGBA, colours premultiplied, or None where there
        is nothing."""

    def cost(self, area: Rect) -> float:
        """How long that takes, in about the time of one pixel of one layer."""

    def frozen(self) -> Look:
        """The same as it is now, for another thread."""

    def rough(self, step: int) -> Look | None:
        """As ``frozen``, of each ``step``-th row and column, which the areas count; None if there is none."""


@dataclass(frozen=True, eq=False)
class _Batch:
    parts: list[tuple[DrawnTile, Rect]]  # what is made of which tiles
    is_rough: bool
    progress: Progress = field(default_factory=Progress)
    images: list[QImage | None] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


class Rendering(QObject):
    """One pyramid's, of a picture of the size of ``canvas``. ``made``: some of what was wanted is there.

    One batch is made at a time, what was asked for last first. What would take long is looked at roughly
    before, all of it, and exactly once the picture has come to rest.
    """

    made = Signal()
    _arrived = Signal(object)

    def __init__(self, source: Source, canvas: Rect, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source, self._canvas = source, canvas
        self._wanted: OrderedDict[Key, DrawnTile] = OrderedDict()
        self._batch: _Batch | None = None
        self._frozen: Look | None = None  # as long as nothing has changed
        self._rest_until = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Make nothing any more."""
        self._wanted.clear()
        self._timer.stop()
        if self._batch is not None:
            self._batch.progress.cancel()

    def cost(self, level: int, tiles: Iterable[DrawnTile]) -> float:
        """How long it takes to make what is stale of ``tiles``."""
        return sum(self._source.cost(self._full(tile.placed(tile.stale), level)) for tile in tiles)

    def invalidate(self, area: Rect) -> None:
        """The full-size ``area`` looks different now."""
        self._frozen = None
        if self._source.cost(area) >= ROUGHLY:
            self._rest_until = time.monotonic() + REST
            if self._batch is not None and not self._batch.is_rough:
                self._batch.progress.cancel()

    def wants(self, key: Key) -> bool:
        return key in self._wanted

    def forget(self, key: Key) -> None:
        """The tile was made otherwise."""
        self._wanted.pop(key, None)

    def want(self, tiles: list[tuple[Key, DrawnTile]]) -> None:
        """Make what is stale of tiles of one level."""
        level = tiles[0][0][0]
        for key in [key for key in self._wanted if key[0] != level]:
            del self._wanted[key]  # the view has gone to another scale
        for key, tile in tiles:
            self._wanted[key] = tile
            self._wanted.move_to_end(key)
        while len(self._wanted) > _MOST:
            self._wanted.popitem(last=False)
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        """Begin with the next batch, unless one is being made."""
        if self._batch is not None or not self._wanted:
            return
        level = next(iter(self._wanted))[0]
        tiles = [tile for tile in reversed(self._wanted.values()) if tile.stale]
        if level and self.cost(level, tiles) >= ROUGHLY:
            unseen = [tile for tile in tiles if not tile.rough]
            look = self._source.rough(1 << level) if unseen else None
            if look is not None:
                self._begin(unseen, look, is_rough=True)
                return
        wait = self._rest_until - time.monotonic()
        if wait > 0:
            self._timer.start(int(wait * 1000) + 1)
            return
        self._frozen = look = self._frozen or self._source.frozen()
        self._begin(self._first(level, tiles), lambda area: self.seen(look, area, level), is_rough=False)

    def _first(self, level: int, tiles: list[DrawnTile]) -> list[DrawnTile]:
        """As many as are made at a time."""
        cost = 0.0
        for count, tile in enumerate(tiles, 1):
            cost += self.cost(level, [tile])
            if cost >= BATCH:
                return tiles[:count]
        return tiles

    def _begin(self, tiles: list[DrawnTile], look: Look, *, is_rough: bool) -> None:
        batch = self._batch = _Batch([(tile, tile.stale) for tile in tiles], is_rough)
        places = [tile.placed(part) for tile, part in batch.parts]
        for tile in tiles:
            tile.since = NOWHERE
        _background.submit(lambda: self._make(batch, places, look))

    def _make(self, batch: _Batch, places: list[Rect], look: Look) -> None:
        """In the other thread."""
        try:
            with batch.progress.active():
                for place in places:
                    step_aside()
                    batch.progress.begin(0, 1)
                    pixels = look(place)
                    batch.images.append(None if pixels is None else as_qimage(pixels))
        except BaseException as error:
            batch.errors.append(error)
        try:
            self._arrived.emit(batch)
        except RuntimeError:
            pass  # the picture was closed meanwhile

    @Slot(object)
    def _take(self, batch: _Batch) -> None:
        self._batch = None
        for (tile, part), image in zip(batch.parts, batch.images, strict=False):
            if not tile.stale:
                continue  # it was small enough after all to be made at once
            tile.draw(part, image)
            tile.rough = batch.is_rough and not tile.since
            tile.stale = tile.stale.united(part) if batch.is_rough else tile.since
        for key in [key for key, tile in self._wanted.items() if not tile.stale]:
            del self._wanted[key]
        if batch.images:
            self.made.emit()
        self._go_on()
        for error in batch.errors:
            if not isinstance(error, Cancelled):
                raise error

    def seen(self, look: Look, area: Rect, level: int) -> np.ndarray | None:
        """What ``look`` shows of ``area``, which is in pixels of ``level``."""
        pixels = look(self._full(area, level))
        return pixels if pixels is None or level == 0 else reduced(pixels, 1 << level)

    def _full(self, area: Rect, level: int) -> Rect:
        step = 1 << level
        full = Rect(area.x * step, area.y * step, area.width * step, area.height * step)
        return full.intersected(self._canvas)

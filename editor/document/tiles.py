"""A picture plane kept as sparse, shared, read-only tiles."""

from collections.abc import Iterator

import numpy as np

from editor.document.geometry import NOWHERE, Rect

TILE = 256

TileKey = tuple[int, int]  # (row, column) of a tile


class TiledImage:
    """A plane of ``width`` x ``height`` pixels with ``channels`` values each, uint8 or uint16.

    Tiles are ``TILE`` pixels square, smaller at the right and bottom edge, each an array of shape
    (h, w, channels). A tile that is absent is all zeros. Tiles are never written in place: a change puts
    a new array in the place of the old one, so snapshots and undo steps share all they have in common.
    """

    def __init__(self, width: int, height: int, channels: int, dtype: np.dtype | type) -> None:
        self.width, self.height, self.channels = width, height, channels
        self.dtype = np.dtype(dtype)
        self.tiles: dict[TileKey, np.ndarray] = {}

    @classmethod
    def from_array(cls, array: np.ndarray) -> "TiledImage":
        """Tiles that view ``array``, shape (H, W, channels), which must not be written to afterwards."""
        height, width, channels = array.shape
        image = cls(width, height, channels, array.dtype)
        array = array.view()
        array.flags.writeable = False
        for key, box in image.boxes(image.rect):
            image.tiles[key] = array[box.slices]
        return image

    @property
    def rect(self) -> Rect:
        return Rect(0, 0, self.width, self.height)

    @property
    def maximum(self) -> int:
        """The value of full opacity or full white: 255 or 65535."""
        return int(np.iinfo(self.dtype).max)

    def boxes(self, area: Rect) -> Iterator[tuple[TileKey, Rect]]:
        """Key and whole rectangle of each tile place, filled or not, that ``area`` touches."""
        area = area.intersected(self.rect)
        if not area:
            return
        for row in range(area.y // TILE, (area.bottom - 1) // TILE + 1):
            for column in range(area.x // TILE, (area.right - 1) // TILE + 1):
                yield (row, column), self.box((row, column))

    def box(self, key: TileKey) -> Rect:
        """The pixels of one tile."""
        row, column = key
        return Rect(column * TILE, row * TILE, TILE, TILE).intersected(self.rect)

    def read(self, area: Rect) -> np.ndarray:
        """A copy of ``area``, shape (height, width, channels); zeros outside the plane."""
        out = np.zeros((area.height, area.width, self.channels), self.dtype)
        for key, box in self.boxes(area):
            tile = self.tiles.get(key)
            if tile is not None:
                shared = box.intersected(area)
                out[shared.moved(-area.x, -area.y).slices] = tile[shared.moved(-box.x, -box.y).slices]
        return out

    def filled(self) -> Rect:
        """The smallest rectangle of whole tiles that holds everything that is not zero."""
        area = NOWHERE
        for key in self.tiles:
            area = area.united(self.box(key))
        return area

    def snapshot(self) -> "TiledImage":
        """The same pixels, sharing the tiles; later changes to either leave the other alone."""
        copy = TiledImage(self.width, self.height, self.channels, self.dtype)
        copy.tiles = dict(self.tiles)
        return copy


class TileWriter:
    """Writes into a :class:`TiledImage` and keeps the tiles it replaces, for undo or for rolling back."""

    def __init__(self, image: TiledImage) -> None:
        self.image = image
        self.before: dict[TileKey, np.ndarray | None] = {}

    def write(self, area: Rect, values: np.ndarray) -> None:
        """Set ``area`` to ``values``, shape (height, width, channels); what lies outside is ignored."""
        for key, box in self.image.boxes(area):
            shared = box.intersected(area)
            old = self.image.tiles.get(key)
            if old is None:
                tile = np.zeros((box.height, box.width, self.image.channels), self.image.dtype)
            else:
                tile = old.copy()
            tile[shared.moved(-box.x, -box.y).slices] = values[shared.moved(-area.x, -area.y).slices]
            tile.flags.writeable = False
            self.replace(key, tile if tile.any() else None)

    def replace(self, key: TileKey, tile: np.ndarray | None) -> None:
        """Put ``tile`` (or nothing, for zeros) in place ``key``."""
        self.before.setdefault(key, self.image.tiles.get(key))
        if tile is None:
            self.image.tiles.pop(key, None)
        else:
            self.image.tiles[key] = tile

    def roll_back(self) -> None:
        """Put back every tile as it was before the first write."""
        for key, tile in self.before.items():
            if tile is None:
                self.image.tiles.pop(key, None)
            else:
                self.image.tiles[key] = tile
        self.before.clear()

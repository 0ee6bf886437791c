"""A picture plane kept as sparse, shared, read-only tiles."""

from collections.abc import Iterator

import numpy as np

from editor.document.geometry import NOWHERE, Rect

TILE = 256

TileKey = tuple[int, int]  # (row, column) of a tile; negative ones lie left of or above the canvas


class TiledImage:
    """A plane without borders, of ``channels`` values a pixel, uint8 or uint16.

    Tiles are ``TILE`` pixels square, each an array of shape (TILE, TILE, channels). A tile that is absent
    holds ``default`` everywhere, so an empty plane costs nothing, and what lies beyond a picture's canvas is
    kept. Tiles are never written in place: a change puts a new array in the place of the old one, so
    snapshots and undo steps share all they have in common.
    """

    def __init__(self, channels: int, dtype: np.dtype | type, default: int = 0) -> None:
        self.channels = channels
        self.dtype = np.dtype(dtype)
        self.default = default
        self.tiles: dict[TileKey, np.ndarray] = {}

    @classmethod
    def from_array(cls, array: np.ndarray, x: int = 0, y: int = 0, *, default: int = 0) -> "TiledImage":
        """``array``, shape (H, W, channels), with its corner at (``x``, ``y``).

        Tiles view the array where they can: it must not be written to afterwards.
        """
        height, width, channels = array.shape
        image = cls(channels, array.dtype, default)
        array = array.view()
        array.flags.writeable = False
        area = Rect(x, y, width, height)
        for key, box in image.boxes(area):
            shared = box.intersected(area)
            part = array[shared.moved(-x, -y).slices]
            if shared != box:
                whole = image._blank()
                whole[shared.moved(-box.x, -box.y).slices] = part
                whole.flags.writeable = False
                part = whole
            image.tiles[key] = part
        return image

    @property
    def maximum(self) -> int:
        """The value of full opacity or full white: 255 or 65535."""
        return int(np.iinfo(self.dtype).max)

    @staticmethod
    def boxes(area: Rect) -> Iterator[tuple[TileKey, Rect]]:
        """Key and whole rectangle of each tile place, filled or not, that ``area`` touches."""
        if not area:
            return
        for row in range(area.y // TILE, (area.bottom - 1) // TILE + 1):
            for column in range(area.x // TILE, (area.right - 1) // TILE + 1):
                yield (row, column), TiledImage.box((row, column))

    @staticmethod
    def box(key: TileKey) -> Rect:
        """The pixels of one tile."""
        row, column = key
        return Rect(column * TILE, row * TILE, TILE, TILE)

    def read(self, area: Rect) -> np.ndarray:
        """A copy of ``area``, shape (height, width, channels)."""
        out = np.full((area.height, area.width, self.channels), self.default, self.dtype)
        for key, box in self.boxes(area):
            tile = self.tiles.get(key)
            if tile is not None:
                shared = box.intersected(area)
                out[shared.moved(-area.x, -area.y).slices] = tile[shared.moved(-box.x, -box.y).slices]
        return out

    def peek(self, area: Rect) -> np.ndarray | None:
        """``area`` without a copy where one tile holds it, None where no tile lies in it."""
        first = (area.y // TILE, area.x // TILE)
        box = self.box(first)
        if area.right <= box.right and area.bottom <= box.bottom:
            tile = self.tiles.get(first)
            return None if tile is None else tile[area.moved(-box.x, -box.y).slices]
        if any(key in self.tiles for key, _ in self.boxes(area)):
            return self.read(area)
        return None

    def filled(self) -> Rect:
        """The smallest rectangle of whole tiles that holds everything that is not ``default``."""
        area = NOWHERE
        for key in self.tiles:
            area = area.united(self.box(key))
        return area

    def bounds(self) -> Rect:
        """The smallest rectangle that holds every pixel with a value that is not ``default``."""
        area = NOWHERE
        for key, tile in self.tiles.items():
            box = self.box(key)
            if area.intersected(box) == box:
                continue
            differs = self._differs(tile)
            rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
            if rows.size:
                left, top = box.x + int(columns[0]), box.y + int(rows[0])
                width, height = int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
                area = area.united(Rect(left, top, width, height))
        return area

    def _differs(self, tile: np.ndarray) -> np.ndarray:
        """Which pixels have a value that is not ``default``, (TILE, TILE) bool."""
        if self.channels == 4 and self.default == 0:
            # A pixel looked at as one number: several times faster than channel by channel.
            return tile.view(np.uint32 if self.dtype == np.uint8 else np.uint64)[..., 0] != 0
        return (tile != self.default).any(axis=2)

    @property
    def nbytes(self) -> int:
        """Bytes of all tiles."""
        return sum(tile.nbytes for tile in self.tiles.values())

    def snapshot(self) -> "TiledImage":
        """The same pixels, sharing the tiles; later changes to either leave the other alone."""
        copy = TiledImage(self.channels, self.dtype, self.default)
        copy.tiles = dict(self.tiles)
        return copy

    def kept(self, tile: np.ndarray) -> np.ndarray | None:
        """``tile``, from now on read-only, for a place; None if it is ``default`` throughout."""
        if not (tile.any() if self.default == 0 else (tile != self.default).any()):
            return None
        tile.flags.writeable = False
        return tile

    def _blank(self) -> np.ndarray:
        return np.full((TILE, TILE, self.channels), self.default, self.dtype)


class TileWriter:
    """Writes into a :class:`TiledImage` and keeps the tiles it replaces, for undo or for rolling back."""

    def __init__(self, image: TiledImage) -> None:
        self.image = image
        self.before: dict[TileKey, np.ndarray | None] = {}

    def write(self, area: Rect, values: np.ndarray) -> None:
        """Set ``area`` to ``values``, shape (height, width, channels)."""
        for key, box in self.image.boxes(area):
            shared = box.intersected(area)
            old = self.image.tiles.get(key)
            tile = self.image._blank() if old is None else old.copy()
            tile[shared.moved(-box.x, -box.y).slices] = values[shared.moved(-area.x, -area.y).slices]
            self.replace(key, self.image.kept(tile))

    def replace(self, key: TileKey, tile: np.ndarray | None) -> None:
        """Put ``tile`` (or nothing, for ``default``) in place ``key``."""
        self.before.setdefault(key, self.image.tiles.get(key))
        _put(self.image, key, tile)

    def roll_back(self) -> None:
        """Put back every tile as it was before the first write."""
        for key, tile in self.before.items():
            _put(self.image, key, tile)
        self.before.clear()


def _put(image: TiledImage, key: TileKey, tile: np.ndarray | None) -> None:
    if tile is None:
        image.tiles.pop(key, None)
    else:
        image.tiles[key] = tile

"""The tiles of one state as the difference from another: only what changed, each as short as is cheap."""

import zlib
from collections.abc import Iterator, Mapping

import numpy as np

from editor.document.journal.capture import Capture, changed
from editor.document.journal.values import depth
from editor.document.parallel import step_aside
from editor.document.tiles import TILE, TiledImage, TileKey

PART = 16 << 20  # bytes of payload after which another record is begun

_WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
_FARTHEST = 1 << 24  # rows and columns of tiles: planes have no borders, but no picture reaches there


def difference(before: Capture, after: Capture) -> Iterator[tuple[list[dict], bytes]]:
    """The planes of ``after`` that ``before`` has not or has otherwise, as parts for the journal.

    A part is a list with an object for each plane and the payload that it refers to. An object has the
    ``id``, for a plane that is new its ``form`` (channels, depth, default), and ``tiles``: each is a list of
    row, column, and what is there now:

    - nothing more: no tile any more
    - "fill", values of the channels
    - "from", id, row, column of a tile of the state before
    - "again", number of a tile of this difference, counting those with pixels
    - "pixels", x, y, width, height of the part of the tile that is new, length in the payload, whether it is
      compressed (zlib)
    """
    writing = _Writing(before)
    for number, plane in after.planes.items():
        old = before.planes.get(number)
        if old is plane:
            continue
        new = old is None
        written = {"id": number, "tiles": []}
        if new:
            written["form"] = [plane.channels, plane.dtype.name, plane.default]
        old_tiles = {} if new else old.tiles
        for key, tile in changed(old_tiles, plane.tiles):
            if writing.length >= PART:
                yield [*writing.planes, written], writing.take()
                written = {"id": number, "tiles": []}
            step_aside()
            told = [] if tile is None else writing.told(tile, old_tiles.get(key), seek=new)
            written["tiles"].append([*map(int, key), *told])
        if new or written["tiles"]:
            writing.planes.append(written)
    if writing.planes:
        yield list(writing.planes), writing.take()


class _Writing:
    """A part in the making, and the tiles that later ones can refer to."""

    def __init__(self, before: Capture) -> None:
        self._before = before
        self._stood: dict[int, list] | None = None
        self._numbers: dict[int, int] = {}
        self.planes: list[dict] = []
        self._payload: list[bytes] = []
        self.length = 0

    def take(self) -> bytes:
        payload = b"".join(self._payload)
        self.planes, self._payload, self.length = [], [], 0
        return payload

    def told(self, tile: np.ndarray, old: np.ndarray | None, *, seek: bool) -> list:
        """What the list of a tile says after its place. With ``seek`` it may have stood elsewhere before."""
        if seek and (stood := self._places().get(id(tile))):
            return ["from", *stood]
        if id(tile) in self._numbers:
            return ["again", self._numbers[id(tile)]]
        if _is_uniform(tile):
            return ["fill", tile[0, 0].tolist()]
        x, y, width, height = _differing(tile, old)
        data = tile[y : y + height, x : x + width].astype(tile.dtype.newbyteorder("<"), copy=False).tobytes()
        # Masks are mostly flat. Colours are not, and pack slower than a disk writes.
        packed = tile.shape[2] == 1
        if packed:
            data = zlib.compress(data, 1)
        self._numbers[id(tile)] = len(self._numbers)
        self._payload.append(data)
        self.length += len(data)
        return ["pixels", x, y, width, height, len(data), packed]

    def _places(self) -> dict[int, list]:
        if self._stood is None:
            self._stood = {
                id(tile): [number, *map(int, key)]
                for number, plane in self._before.planes.items()
                for key, tile in plane.tiles.items()
            }
        return self._stood


def _words(tile: np.ndarray) -> np.ndarray:
    """The pixels of a tile, each one number where there is one of its size: they compare much faster."""
    size = tile.itemsize * tile.shape[2]
    if size not in _WORDS:
        return tile
    if tile.strides[1:] != (size, tile.itemsize):
        tile = np.ascontiguousarray(tile)
    return tile.view(_WORDS[size])


def _is_uniform(tile: np.ndarray) -> bool:
    words = _words(tile)
    first = words[0, 0]
    # Most tiles that are not uniform show it in a few pixels.
    return bool((words[:: TILE // 4, :: TILE // 4] == first).all() and (words == first).all())


def _differing(tile: np.ndarray, old: np.ndarray | None) -> tuple[int, int, int, int]:
    """x, y, width and height of the smallest rectangle that holds all differing pixels."""
    if old is None:
        return 0, 0, TILE, TILE
    differs = (_words(tile) != _words(old)).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size:
        return 0, 0, 0, 0
    x, y = int(columns[0]), int(rows[0])
    return x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1


class Reader:
    """Reads the parts of one difference. ``add`` raises one of ``UNREADABLE`` for what ``difference`` could
    not have made."""

    def __init__(self, planes: Mapping[int, TiledImage]) -> None:
        self._before = planes
        self._stored: list[np.ndarray] = []
        self._fills: dict[tuple, np.ndarray] = {}
        self.new: dict[int, TiledImage] = {}
        self.changed: dict[int, dict[TileKey, np.ndarray | None]] = {}

    def add(self, planes: list[dict], payload: bytes) -> None:
        """Read one part; planes that are new are in ``new``, changes of others in ``changed`` then."""
        offset = 0
        for written in planes:
            number = written["id"]
            if "form" in written:
                self.new[number] = _plane(written["form"])
            image = self.new.get(number)
            form = self._before[number] if image is None else image
            tiles = self.changed.setdefault(number, {}) if image is None else image.tiles
            for row, column, *told in written["tiles"]:
                if not (isinstance(row, int) and isinstance(column, int)):
                    raise ValueError("not a place")
                if max(abs(row), abs(column)) > _FARTHEST:
                    raise ValueError("too far away")
                key = row, column
                old = form.tiles.get(key) if image is None else None
                tile, used = self._tile(told, form, old, payload, offset)
                offset += used
                if tile is not None and (tile.shape[2], tile.dtype) != (form.channels, form.dtype):
                    raise ValueError("a tile of another form")
                tiles[key] = tile

    def _tile(
        self, told: list, form: TiledImage, old: np.ndarray | None, payload: bytes, offset: int
    ) -> tuple[np.ndarray | None, int]:
        """The tile, and how many bytes of the payload it took."""
        if not told:
            return None, 0
        how, *rest = told
        if how == "from":
            number, row, column = rest
            return self._before[number].tiles[row, column], 0
        if how == "again":
            (index,) = rest
            return self._stored[index], 0
        shape = TILE, TILE, form.channels
        if how == "fill":
            return self._filled(rest[0], form), 0
        if how != "pixels":
            raise ValueError("not a tile")
        x, y, width, height, length, packed = rest
        if not (0 <= x <= x + width <= TILE and 0 <= y <= y + height <= TILE and length >= 0):
            raise ValueError("not within a tile")
        data = payload[offset : offset + length]
        size = width * height * form.channels * form.dtype.itemsize
        if packed:
            unpacking = zlib.decompressobj()
            try:
                data = unpacking.decompress(data, size + 1)  # one too many shows what is too long
            except zlib.error as error:
                raise ValueError(str(error)) from None
        if len(data) != size:
            raise ValueError("not the pixels that it should have")
        tile = np.frombuffer(data, form.dtype.newbyteorder("<")).astype(form.dtype, copy=False)
        tile = tile.reshape(height, width, form.channels)
        if tile.shape != shape:
            if old is None:
                raise ValueError("a part of no tile")
            whole = old.copy()
            whole[y : y + height, x : x + width] = tile
            whole.flags.writeable = False
            tile = whole
        self._stored.append(tile)
        return tile, length

    def _filled(self, values: list, form: TiledImage) -> np.ndarray:
        what = form.dtype, form.channels, *values
        if what not in self._fills:
            tile = np.empty((TILE, TILE, form.channels), form.dtype)
            tile[:] = np.array(values, form.dtype).reshape(form.channels)
            tile.flags.writeable = False
            self._fills[what] = tile
        return self._fills[what]


def _plane(form: list) -> TiledImage:
    channels, dtype, default = form
    if channels not in (1, 4):
        raise ValueError("not a plane")
    image = TiledImage(channels, depth(dtype), default)
    if isinstance(default, bool) or not isinstance(default, int) or not 0 <= default <= image.maximum:
        raise ValueError("no value of a pixel")
    return image

"""What a document is at one moment, taken in a fraction of a millisecond.

Tiles are never written to, so the dicts of a document's planes, copied where one has changed, are all
there is to take: comparing two captures by the identity of their tiles finds any edit, whatever made it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from operator import is_
from weakref import WeakKeyDictionary

import numpy as np

from editor.document.layers import Layer, LayerMask
from editor.document.model import Channel, Document
from editor.document.tiles import TiledImage, TileKey

# Where the file lies is no part of its state, which undo takes back; the rest is not the picture's.
NOT_STATE = frozenset(("history", "observers", "path", "busy"))


@dataclass(frozen=True)
class PlaneRef:
    """Stands for a plane in an attribute."""

    id: int


@dataclass(frozen=True)
class LayerRef:
    """Stands for a layer in an attribute."""

    id: int


@dataclass(frozen=True)
class Holder:
    """A mask or a channel: the name of its type, and its fields with what stands for its plane."""

    kind: str
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane's form, which stays, and its tiles; the dict is not written to any more."""

    channels: int
    dtype: np.dtype
    default: int
    tiles: dict[TileKey, np.ndarray]


@dataclass(frozen=True, eq=False)
class CapturedLayer:
    kind: str
    attributes: dict[str, object]


@dataclass(frozen=True, eq=False)
class Capture:
    """A document's state. ``layers`` holds all of them, what is in a group before the group."""

    document: dict[str, object]
    layers: dict[int, CapturedLayer]
    planes: dict[int, Plane]

    @property
    def nbytes(self) -> int:
        """Bytes of all tiles, a shared one counted wherever it stands."""
        return sum(tile.nbytes for plane in self.planes.values() for tile in plane.tiles.values())


NOTHING = Capture({}, {}, {})
"""What there is before the first capture."""


class Capturer:
    """Captures a document again and again, in the thread that edits it.

    Layers and planes have ids that stay theirs, also while only the history holds them.
    """

    def __init__(self) -> None:
        self.last = NOTHING
        self.next_id = 1
        self._ids: WeakKeyDictionary[object, int] = WeakKeyDictionary()

    def adopt(self, thing: Layer | TiledImage, number: int) -> None:
        """Give a layer or plane the id that it has in a journal."""
        self._ids[thing] = number
        self.next_id = max(self.next_id, number + 1)

    def capture(self, document: Document) -> tuple[Capture, int]:
        """The document's state, and how many bytes of tiles it has that the capture before had not."""
        taking = _Taking(self)
        attributes = {
            name: taking.value(value) for name, value in vars(document).items() if name not in NOT_STATE
        }
        self.last = Capture(attributes, taking.layers, taking.planes)
        return self.last, taking.new_bytes

    def id_of(self, thing: Layer | TiledImage) -> int:
        number = self._ids.get(thing)
        if number is None:
            number = self._ids[thing] = self.next_id
            self.next_id += 1
        return number


class _Taking:
    """One capture in the making."""

    def __init__(self, capturer: Capturer) -> None:
        self.capturer = capturer
        self.layers: dict[int, CapturedLayer] = {}
        self.planes: dict[int, Plane] = {}
        self.new_bytes = 0

    def value(self, value: object) -> object:
        if isinstance(value, TiledImage):
            return self._plane(value)
        if isinstance(value, Layer):
            return self._layer(value)
        if isinstance(value, tuple):
            return tuple(map(self.value, value))
        if isinstance(value, LayerMask | Channel):
            held = ((each.name, self.value(getattr(value, each.name))) for each in fields(value))
            return Holder(type(value).__name__, tuple(held))
        return value  # cannot change: the writer thread may look at it

    def _layer(self, layer: Layer) -> LayerRef:
        number = self.capturer.id_of(layer)
        if number not in self.layers:
            attributes = {name: self.value(value) for name, value in vars(layer).items()}
            self.layers[number] = CapturedLayer(type(layer).__name__, attributes)
        return LayerRef(number)

    def _plane(self, image: TiledImage) -> PlaneRef:
        number = self.capturer.id_of(image)
        if number not in self.planes:
            before = self.capturer.last.planes.get(number)
            if before is not None and _same(before.tiles, image.tiles):
                self.planes[number] = before
            else:
                taken = Plane(image.channels, image.dtype, image.default, dict(image.tiles))
                self.planes[number] = taken
                differing = changed(before.tiles if before else {}, taken.tiles)
                self.new_bytes += sum(tile.nbytes for _, tile in differing if tile is not None)
        return PlaneRef(number)


def _same(before: dict[TileKey, np.ndarray], after: dict[TileKey, np.ndarray]) -> bool:
    # A tile replaced keeps its place in the dict, so the order is nearly always the same.
    if len(before) != len(after):
        return False
    if all(map(is_, before.values(), after.values())) and list(before) == list(after):
        return True
    return not any(True for _ in changed(before, after))


def changed(
    before: dict[TileKey, np.ndarray], after: dict[TileKey, np.ndarray]
) -> Iterator[tuple[TileKey, np.ndarray | None]]:
    """The places where ``after`` holds another tile or, None, no tile any more."""
    for key, tile in after.items():
        if before.get(key) is not tile:
            yield key, tile
    yield from ((key, None) for key in before if key not in after)

"""Boxes of the ISO base media file format (ISO/IEC 14496-12), which AVIF, HEIF and Canon's CR3 share."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from editor.document.files.errors import Refused

_MOST_BOXES = 100_000  # beside each other; a picture has a few dozen


class Box(NamedTuple):
    """Offsets in the file: where the box begins, where its payload does, and where it ends."""

    kind: bytes
    at: int
    start: int
    end: int


def brands(head: bytes) -> frozenset[bytes]:
    """The brands that a file's first bytes name, the major one first of all; none if it is another format."""
    if head[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return frozenset(head[at : at + 4] for at in (8, *range(16, end - 3, 4)))


def boxes(data: bytes, at: int = 0, stop: int | None = None) -> Iterator[Box]:
    """The boxes that lie beside each other from ``at`` to ``stop``, the end of ``data`` if that is None.

    A box that is cut off ends behind ``stop``; it is the last, and so is one that cannot be followed.
    Raises ``Refused`` for more than there can sensibly be.
    """
    stop = len(data) if stop is None else stop
    for _ in range(_MOST_BOXES):
        if at + 8 > stop:
            return
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = stop - at
        if size < head:
            return
        yield Box(data[at + 4 : at + 8], at, at + head, at + size)
        at += size
    raise Refused(f"it has more boxes than the limit of {_MOST_BOXES:,}")


def found(data: bytes, *path: bytes, at: int = 0, stop: int | None = None) -> Iterator[Box]:
    """The boxes at ``path``, outermost kind first; of one that is cut off what there is.

    ``start`` is behind the version and flags of "meta", the one box on the way here that has them.
    """
    kind, *inner = path
    stop = len(data) if stop is None else stop
    for box in boxes(data, at, stop):
        if box.kind != kind:
            continue
        box = box._replace(start=box.start + (4 if kind == b"meta" else 0), end=min(box.end, stop))
        if inner:
            yield from found(data, *inner, at=box.start, stop=box.end)
        else:
            yield box


def payloads(data: bytes, *path: bytes) -> Iterator[bytes]:
    """What the boxes at ``path`` hold."""
    return (data[box.start : box.end] for box in found(data, *path))


def sizes(data: bytes) -> list[tuple[int, int]]:
    """Width and height of every picture and track that a HEIF or AVIF file speaks of."""
    extents = payloads(data, b"meta", b"iprp", b"ipco", b"ispe")
    named = [(int.from_bytes(each[4:8], "big"), int.from_bytes(each[8:12], "big")) for each in extents]
    # A track header ends with both, each a 16.16 fixed point number.
    heads = payloads(data, b"moov", b"trak", b"tkhd")
    return named + [
        (int.from_bytes(each[-8:-6], "big"), int.from_bytes(each[-4:-2], "big")) for each in heads
    ]


def code_points(data: bytes) -> tuple[int, int, int] | None:
    """Primaries, transfer and matrix (ITU-T H.273) that a HEIF or AVIF file names first, if it names any."""
    for record in payloads(data, b"meta", b"iprp", b"ipco", b"colr"):
        if record[:4] == b"nclx" and len(record) >= 10:
            return struct.unpack(">3H", record[4:10])
    return None

"""Boxes of the ISO base media file format (ISO/IEC 14496-12), which AVIF, HEIF and Canon's CR3 share."""

import struct
from collections.abc import Iterator


def brands(head: bytes) -> frozenset[bytes]:
    """The brands that a file's first bytes name, the major one first of all; none if it is another format."""
    if head[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return frozenset(head[at : at + 4] for at in (8, *range(16, end - 3, 4)))


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The kind of every box of ``data``, where its payload begins and where it ends.

    A box that is cut off ends behind the data; it is the last, and so is one that cannot be followed.
    """
    at = 0
    while at + 8 <= len(data):
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head:
            return
        yield data[at + 4 : at + 8], at + head, at + size
        at += size


def largest(data: bytes) -> tuple[int, int]:
    """Width and height of the largest picture that a HEIF or AVIF file speaks of; (1, 1) if it names none."""
    extents = payloads(data, b"meta", b"iprp", b"ipco", b"ispe")
    sizes = [(int.from_bytes(each[4:8], "big"), int.from_bytes(each[8:12], "big")) for each in extents]
    return max(sizes, key=lambda size: size[0] * size[1], default=(1, 1))


def code_points(data: bytes) -> tuple[int, int, int] | None:
    """Primaries, transfer and matrix (ITU-T H.273) that a HEIF or AVIF file names first, if it names any."""
    for record in payloads(data, b"meta", b"iprp", b"ipco", b"colr"):
        if record[:4] == b"nclx" and len(record) >= 10:
            return struct.unpack(">3H", record[4:10])
    return None


def payloads(data: bytes, *path: bytes) -> Iterator[bytes]:
    """What the boxes at ``path`` hold, outermost kind first."""
    kind, *inner = path
    for found, start, end in boxes(data):
        if found != kind:
            continue
        # "meta" is the one box on the way here that begins with a version and flags.
        payload = data[start + (4 if kind == b"meta" else 0) : end]
        if inner:
            yield from payloads(payload, *inner)
        else:
            yield payload

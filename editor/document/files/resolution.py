"""The resolution in TIFF directories, where EXIF keeps it too: the only place some formats have for it."""

import math
import struct

from editor.document.files import ifd
from editor.document.files.metadata import usable_dpi

X, Y, UNIT = 282, 283, 296
_NO_UNIT, _INCH, _CENTIMETRE = 1, 2, 3
_BELOW = 10000


def read(source: ifd.Block, directory: ifd.Directory) -> tuple[float, float] | None:
    """(x, y) dots per inch that a directory gives; None without a usable pair or without a unit."""
    unit = (source.numbers(directory, UNIT) or (_INCH,))[0]
    values = []
    for tag in (X, Y):
        entry = directory.entries.get(tag)
        if entry is None or entry.kind != ifd.RATIONAL:
            return None
        above, below = struct.unpack_from(source.order + "II", source.data, entry.at)
        values.append(above / (below or 1) * (2.54 if unit == _CENTIMETRE else 1))
    return None if unit == _NO_UNIT else usable_dpi(values)


def fields(order: str, dpi: tuple[float, float]) -> list[ifd.Field]:
    """The three fields that give ``dpi`` to a ten-thousandth, in the byte order of ``order``."""
    x, y = (struct.pack(order + "II", round(dots * _BELOW), _BELOW) for dots in dpi)
    return [
        (X, ifd.RATIONAL, x),
        (Y, ifd.RATIONAL, y),
        (UNIT, ifd.SHORT, struct.pack(order + "H", _INCH)),
    ]


def of_exif(block: bytes | None) -> tuple[float, float] | None:
    """(x, y) dots per inch from an EXIF block; None when it gives none or cannot be followed."""
    try:
        source = ifd.Block(block or b"")
        return read(source, source.directory(source.first))
    except ifd.BadBlock:
        return None


def into_exif(block: bytes | None, dpi: tuple[float, float] | None) -> bytes | None:
    """The EXIF block with ``dpi`` in it; the same block when it has that already or ``dpi`` is None.

    A new first directory goes to the end of the block, so that every offset in it, a maker note's too,
    stays right.
    """
    known = of_exif(block)
    if dpi is None or (known and all(map(math.isclose, known, dpi))):
        return block
    try:
        source = ifd.Block(block or b"")
        order = source.order
        entries = source.directory(source.first).entries
        kept = source.fields(entry for tag, entry in entries.items() if tag not in (X, Y, UNIT))
    except ifd.BadBlock:
        order, kept, block = "<", [], bytes(8)
    block += bytes(len(block) % 2)
    return ifd.header(order, len(block)) + block[8:] + ifd.pack(order, kept + fields(order, dpi), len(block))

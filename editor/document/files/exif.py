"""EXIF blocks: made upright and free of their thumbnail, byte for byte the same otherwise."""

import struct
from collections.abc import Iterable

from editor.document.files import ifd
from editor.document.files.errors import Refused
from editor.document.files.metadata import MAX_METADATA, damaged, too_large

ORIENTATION, EXIF_IFD, GPS_IFD, INTEROP_IFD = 274, 34665, 34853, 40965
_STRIPS, _STRIP_SIZES, _THUMBNAIL, _THUMBNAIL_SIZE = 273, 279, 513, 514

# The tags of a TIFF's first directory that describe the picture rather than say how it is stored.
# Document name, description, make, model, page name, software, date, artist, host; then two ratings,
# copyright, IPTC, and Windows' title, comment, author, keywords and subject.
DESCRIPTIVE = frozenset((269, 270, 271, 272, 285, 305, 306, 315, 316)) | frozenset(
    (18246, 18249, 33432, 33723, 40091, 40092, 40093, 40094, 40095)
)


def clean(block: bytes) -> tuple[bytes | None, int | None]:
    """The block with orientation 1 and no thumbnail, and the orientation (1 to 8) it had.

    The orientation is None when the block gives none. A block that cannot be followed comes back as None:
    it is dropped, since nobody could tell whether it would turn the picture again. A thumbnail goes
    because it would still show what has been removed from the picture. Raises ``Refused`` for a block that
    claims to hold more than it can.
    """
    patched = bytearray(block)
    try:
        source = ifd.Block(patched)
        if source.big:
            return None, None
        directory = source.directory(source.first)
    except ifd.TooManyTags:
        raise
    except ifd.BadBlock:
        return None, None
    claimed = sum(entry.size for entry in directory.entries.values())
    if claimed > len(block):  # values that lie on each other, which saving would write one after the other
        raise Refused(f"it claims to hold {claimed:,} bytes where it has {len(block):,}")
    values = source.numbers(directory, ORIENTATION)
    if values:
        entry = directory.entries[ORIENTATION]
        letter = "H" if entry.kind == ifd.SHORT else "I" if entry.kind == ifd.LONG else "B"
        struct.pack_into(source.order + letter, patched, entry.at, 1)
    if directory.following:
        _blank_thumbnail(source, directory)
        struct.pack_into(source.order + "I", patched, directory.end, 0)
    return bytes(patched), values[0] if values and 1 <= values[0] <= 8 else None


def _blank_thumbnail(source: ifd.Block, main: ifd.Directory) -> None:
    """Overwrite the thumbnail's data with zeros: unlinked alone, it could still be carved out."""
    try:
        thumbnail = source.directory(main.following)
    except ifd.BadBlock:
        return
    for place, size in ((_THUMBNAIL, _THUMBNAIL_SIZE), (_STRIPS, _STRIP_SIZES)):
        ranges = zip(source.numbers(thumbnail, place), source.numbers(thumbnail, size), strict=False)
        blank = 0  # all up to here that is to be: a crooked block may name the same data many times
        for start, length in sorted(ranges):
            end = min(start + length, len(source.data))
            # A crooked block may point at its own directory, which must survive.
            if start >= 8 and start < end and (end <= main.start or start >= main.end + 4):
                start, blank = max(start, blank), max(end, blank)
                source.data[start:end] = bytes(max(end - start, 0))


def from_tiff(source: ifd.Block, first: ifd.Directory, notes: list[str]) -> bytes | None:
    """An EXIF block with what a TIFF file's first directory says of the picture; None if it says nothing.

    The values are copied raw, maker notes too; offsets inside a maker note are its maker's secret and
    may no longer point where they did. ``notes`` are told what is left out: all of it if it is larger than
    ``MAX_METADATA``, which a few bytes can be that name the same value many times.
    """
    block = bytearray(8)
    size = 0

    def values(entries: Iterable[ifd.Entry]) -> list[ifd.Field]:
        nonlocal size
        entries = list(entries)
        size += sum(entry.size for entry in entries)
        return source.fields(entries) if size <= MAX_METADATA else []

    def place(fields: list[ifd.Field]) -> bytes:
        at = len(block)
        block.extend(ifd.pack(source.order, fields, at))
        return struct.pack(source.order + "I", at)

    def copied(directory: ifd.Directory, tag: int) -> list[ifd.Field]:
        """The pointer to a copy of the directory that ``tag`` points to, as a list of one field or none."""
        at = source.numbers(directory, tag)
        if not at:
            return []
        try:
            child = source.directory(at[0])
        except ifd.BadBlock as error:
            is_beyond = isinstance(error, ifd.TooManyTags)
            notes.append(f"Its EXIF was left out: {error}" if is_beyond else damaged("EXIF"))
            return []
        fields = values(entry for entry in child.entries.values() if entry.tag != INTEROP_IFD)
        if tag == EXIF_IFD:
            fields += copied(child, INTEROP_IFD)
        return [(tag, ifd.LONG, place(fields))]

    fields = values(entry for entry in first.entries.values() if entry.tag in DESCRIPTIVE)
    fields += copied(first, EXIF_IFD) + copied(first, GPS_IFD)
    if size > MAX_METADATA:
        notes.append(too_large("EXIF"))
        return None
    if not fields:
        return None
    at = place([*fields, (ORIENTATION, ifd.SHORT, struct.pack(source.order + "H", 1))])
    block[:8] = ifd.header(source.order, struct.unpack(source.order + "I", at)[0])
    return bytes(block)

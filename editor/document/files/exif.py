"""EXIF blocks: made upright and free of their thumbnail, byte for byte the same otherwise."""

import struct

from editor.document.files import ifd

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
    because it would still show what has been removed from the picture.
    """
    patched = bytearray(block)
    try:
        source = ifd.Block(patched)
        if source.big:
            return None, None
        directory = source.directory(source.first)
    except ifd.BadBlock:
        return None, None
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
        for start, length in ranges:
            end = min(start + length, len(source.data))
            # A crooked block may point at its own directory, which must survive.
            if start >= 8 and start < end and (end <= main.start or start >= main.end + 4):
                source.data[start:end] = bytes(end - start)


def from_tiff(source: ifd.Block, first: ifd.Directory) -> bytes | None:
    """An EXIF block with what a TIFF file's first directory says of the picture; None if it says nothing.

    The values are copied raw, maker notes too; offsets inside a maker note are its maker's secret and
    may no longer point where they did.
    """
    block = bytearray(8)

    def place(fields: list[ifd.Field]) -> bytes:
        at = len(block)
        block.extend(ifd.pack(source.order, fields, at))
        return struct.pack(source.order + "I", at)

    def copied(directory: ifd.Directory, tag: int) -> list[ifd.Field]:
        """The pointer to a copy of the directory that ``tag`` points to, as a list of one field or none."""
        at = source.numbers(directory, tag)
        try:
            child = source.directory(at[0]) if at else None
        except ifd.BadBlock:
            child = None
        if child is None:
            return []
        fields = [f for f in source.fields(child) if f[0] != INTEROP_IFD]
        if tag == EXIF_IFD:
            fields += copied(child, INTEROP_IFD)
        return [(tag, ifd.LONG, place(fields))]

    fields = [f for f in source.fields(first) if f[0] in DESCRIPTIVE]
    fields += copied(first, EXIF_IFD) + copied(first, GPS_IFD)
    if not fields:
        return None
    at = place([*fields, (ORIENTATION, ifd.SHORT, struct.pack(source.order + "H", 1))])
    block[:8] = ifd.header(source.order, struct.unpack(source.order + "I", at)[0])
    return bytes(block)

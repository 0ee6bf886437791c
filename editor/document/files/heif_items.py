"""The items of a HEIF or AVIF file (ISO/IEC 23008-12): metadata beyond the limits is taken out of it.

Before a library sees the file: libheif copies the metadata of every picture in it several times, and libavif
takes time by the square of the number of items. A part is taken out by calling it "free", which all skip;
the file keeps its length and its offsets.
"""

from dataclasses import dataclass

from editor.document.files import isobmff
from editor.document.files.blocks import PROFILE
from editor.document.files.errors import Refused
from editor.document.files.metadata import MAX_METADATA, too_large

_EXIF, _MIME, _XMP = b"Exif", b"mime", b"application/rdf+xml"
_PROFILES = (b"prof", b"rICC")
_ONCE_FOR_EACH = 16 * MAX_METADATA  # bytes of profile: libheif makes a copy for each item
_FREE = b"free"
_HIDDEN = 1  # flag of an item that is not to be shown by itself


@dataclass(frozen=True)
class _Item:
    """An entry of "iinf"; ``at`` is where its kind is written, ``flags`` where the last byte of its flags is.

    ``content`` and ``encoding`` are those of a "mime" item: what it is, and what it is compressed with.
    """

    number: int
    kind: bytes
    at: int
    flags: int
    content: bytes = b""
    encoding: bytes = b""


def within_limits(data: bytes, most: int) -> tuple[bytes, tuple[str, ...]]:
    """The file without a profile, EXIF or XMP larger than ``MAX_METADATA``, or XMP that is compressed, and
    notes that say so. Raises ``Refused`` for more than ``most`` items.
    """
    items, sizes = _items(data), _sizes(data, most)
    if max(len(items), len(sizes)) > most:
        raise Refused(f"it is made of {max(len(items), len(sizes)):,} items where the limit is {most:,}")
    free: list[int] = []
    notes: list[str] = []
    compressed = [item for item in items if item.encoding]
    if any(item.content == _XMP for item in compressed):
        notes.append("Its XMP is compressed in a way that is not read here, and was left out")
    free += [item.at for item in compressed]
    for kind, what in ((_EXIF, "EXIF"), (_MIME, "XMP")):
        each = [item for item in items if item.kind == kind and not item.encoding]
        if sum(sizes.get(item.number, 0) for item in each) > MAX_METADATA:
            notes.append(too_large(what))
            free += [item.at for item in each]
    profiles = list(isobmff.found(data, b"meta", b"iprp", b"ipco", b"colr"))
    profiles = [box for box in profiles if data[box.start : box.start + 4] in _PROFILES]
    if any(box.end - box.start - 4 > MAX_METADATA for box in profiles):
        notes.append(too_large(PROFILE))
    elif sum(box.end - box.start for box in profiles) * len(items) > _ONCE_FOR_EACH:
        notes.append(too_large(f"colour profile, times {len(items)} items,", _ONCE_FOR_EACH))
    else:
        profiles = []
    for at in (*free, *(box.at + 4 for box in profiles)):
        data = data if isinstance(data, bytearray) else bytearray(data)
        data[at : at + 4] = _FREE
    return bytes(data), tuple(notes)


def primary_alone(data: bytes) -> bytes:
    """The file with all its pictures hidden but the first of all, so that nothing opens them."""
    box = next(isobmff.found(data, b"meta", b"pitm"), None)
    if box is None or box.start == box.end:
        return data
    primary = int.from_bytes(data[box.start + 4 : box.start + (8 if data[box.start] else 6)], "big")
    others = [item for item in _items(data) if item.number != primary and item.kind not in (_EXIF, _MIME)]
    if not others:
        return data
    patched = bytearray(data)
    for item in others:
        patched[item.flags] |= _HIDDEN
    return bytes(patched)


def _items(data: bytes) -> list[_Item]:
    """The entries of "iinf" that say of what kind they are."""
    items = []
    for table in isobmff.found(data, b"meta", b"iinf"):
        start = table.start + (8 if data[table.start : table.start + 1] > b"\0" else 6)
        for box in isobmff.found(data, b"infe", at=start, stop=table.end):
            wide = data[box.start : box.start + 1] == b"\3"
            at = box.start + (10 if wide else 8)
            if data[box.start : box.start + 1] not in (b"\2", b"\3") or at + 4 > box.end:
                continue
            number, kind = int.from_bytes(data[box.start + 4 : at - 2], "big"), data[at : at + 4]
            texts = [b"", b"", b""]  # a name, then for this kind what it is and how it is compressed
            if kind == _MIME:
                texts = [*data[at + 4 : box.end].split(b"\0", 3), *texts]
            items.append(_Item(number, kind, at, box.start + 3, texts[1], texts[2]))
    return items


def _sizes(data: bytes, most: int) -> dict[int, int]:
    """Bytes of each item, by "iloc"; all its parts together, which may lie on each other.

    Ends behind ``most`` items.
    """
    sizes: dict[int, int] = {}
    for box in isobmff.found(data, b"meta", b"iloc"):
        at = box.start
        version, widths = data[at : at + 1], int.from_bytes(data[at + 4 : at + 6], "big")
        offset, length, base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
        digits = 4 if version == b"\2" else 2  # of a number of an item, and of their count
        later = version in (b"\1", b"\2")
        before = 2 * later + 2 + base  # how and where it is stored
        step = index * later + offset + length
        at += 6 + digits
        while at + digits + before + 2 <= box.end and len(sizes) <= most:
            number = int.from_bytes(data[at : at + digits], "big")
            at += digits + before
            count = int.from_bytes(data[at : at + 2], "big")
            at += 2
            end = min(at + count * step, box.end)
            if length:
                parts = (data[to - length : to] for to in range(at + step, end + 1, step))
                # No length stands for all there is.
                size = sum(int.from_bytes(part, "big") or len(data) for part in parts)
            else:
                size = count * len(data)
            sizes[number] = sizes.get(number, 0) + size
            at = end
    return sizes

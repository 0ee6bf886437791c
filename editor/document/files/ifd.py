"""TIFF directories, the structure that TIFF files and EXIF blocks share: find values, pack new ones.

Values are carried as raw bytes in the block's own byte order, so that what is not understood here
(a maker note, a private tag) is copied unchanged.
"""

import struct
from collections.abc import Container, Iterable
from dataclasses import dataclass

from editor.document.files.errors import Refused

# Bytes a value takes, by kind; 16 to 18 are BigTIFF's.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_LETTERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_TAGS = 4096  # of a directory, tifffile's limit; a camera writes a hundred
_MOST_NUMBERS = 65536  # of a tag; what is read here has a few, and a hostile block as many as it has bytes
BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7

Field = tuple[int, int, bytes]  # tag, kind, raw value


class BadBlock(ValueError):
    """The bytes are no TIFF structure, or one that is cut off."""


class TooManyTags(BadBlock, Refused):
    """A directory has more tags than there can sensibly be."""


@dataclass(frozen=True)
class Entry:
    """One tag of a directory; the value is ``block[at : at + size]``."""

    tag: int
    kind: int
    at: int
    size: int


@dataclass(frozen=True)
class Directory:
    """Entries of a directory by tag; ``block[start : end]`` is its table, ``following`` the next one."""

    entries: dict[int, Entry]
    start: int
    end: int
    following: int


class Block:
    """A bytes-like object (bytes, bytearray or mmap) read as a TIFF structure, classic or BigTIFF.

    Raises ``BadBlock`` when the header is not one of TIFF's.
    """

    def __init__(self, data) -> None:
        self.data = data
        mark = bytes(data[:4])
        self.order = {b"II": "<", b"MM": ">"}.get(mark[:2], "")
        version = struct.unpack(self.order + "H", mark[2:])[0] if self.order and len(mark) == 4 else 0
        if version not in (42, 43):
            raise BadBlock("no TIFF header")
        self.big = version == 43
        self.first = self._unpack("Q", 8) if self.big else self._unpack("I", 4)

    def directory(self, at: int) -> Directory:
        """The directory at offset ``at``; entries of unknown kind or outside the block are left out.

        Raises ``BadBlock``, of which ``TooManyTags`` is one.
        """
        head, slot, inline = self._layout
        pointer = "Q" if self.big else "I"
        count = self._unpack(head, at)
        first = at + struct.calcsize(self.order + head)
        end = first + count * slot
        if at < 8 or end > len(self.data):
            raise BadBlock("a directory lies outside the block")
        if count > _MOST_TAGS:
            raise TooManyTags(f"it has {count:,} tags where the limit is {_MOST_TAGS:,}")
        entries: dict[int, Entry] = {}
        for position in range(first, end, slot):
            tag, kind = self._unpack("H", position), self._unpack("H", position + 2)
            size = _SIZES.get(kind, 0) * self._unpack(pointer, position + 4)
            value_at = position + slot - inline
            if size > inline:
                value_at = self._unpack(pointer, value_at)
            if 0 < size <= len(self.data) - value_at:
                entries.setdefault(tag, Entry(tag, kind, value_at, size))
        # Some cameras end the block without the link to the next directory.
        has_link = end + inline <= len(self.data)
        return Directory(entries, at, end, self._unpack(pointer, end) if has_link else 0)

    def reduced(self, directory: Directory, tags: Container[int]) -> bytes:
        """A copy of the block where the directory has those ``tags`` only, and no other follows it."""
        head, slot, inline = self._layout
        first = directory.start + struct.calcsize(self.order + head)
        slots = (bytes(self.data[at : at + slot]) for at in range(first, directory.end, slot))
        kept = [each for each in slots if struct.unpack_from(self.order + "H", each)[0] in tags]
        copy = bytearray(self.data)
        table = struct.pack(self.order + head, len(kept)) + b"".join(kept) + bytes(inline)
        copy[directory.start : directory.start + len(table)] = table
        return bytes(copy)

    @property
    def _layout(self) -> tuple[str, int, int]:
        """How entries are counted; bytes of an entry, and of the value in it."""
        return ("Q", 20, 8) if self.big else ("H", 12, 4)

    def raw(self, entry: Entry) -> bytes:
        return bytes(self.data[entry.at : entry.at + entry.size])

    def numbers(self, directory: Directory, tag: int) -> tuple[int, ...]:
        """The first 65,536 whole numbers of a tag; empty when it is missing or holds something else."""
        entry = directory.entries.get(tag)
        if entry is None or entry.kind not in _LETTERS:
            return ()
        count = min(entry.size // _SIZES[entry.kind], _MOST_NUMBERS)
        return struct.unpack_from(f"{self.order}{count}{_LETTERS[entry.kind]}", self.data, entry.at)

    def fields(self, entries: Iterable[Entry]) -> list[Field]:
        """Those of the entries that a classic TIFF can hold, ready for ``pack``."""
        return [(e.tag, e.kind, self.raw(e)) for e in entries if e.kind < 16]

    def _unpack(self, letter: str, at: int) -> int:
        try:
            return struct.unpack_from(self.order + letter, self.data, at)[0]
        except struct.error as error:
            raise BadBlock("the block is cut off") from error


def header(order: str, first: int) -> bytes:
    """The eight bytes a classic TIFF structure begins with."""
    return (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, first)


def pack(order: str, fields: list[Field], at: int) -> bytes:
    """A directory with its values, to be placed at the even offset ``at``; it links to no other."""
    fields = sorted(fields)
    table = bytearray(struct.pack(order + "H", len(fields)))
    values = bytearray()
    values_at = at + 2 + 12 * len(fields) + 4
    for tag, kind, raw in fields:
        table += struct.pack(order + "HHI", tag, kind, len(raw) // _SIZES[kind])
        if len(raw) <= 4:
            table += raw.ljust(4, b"\0")
        else:
            table += struct.pack(order + "I", values_at + len(values))
            values += raw + bytes(len(raw) % 2)
    return bytes(table + bytes(4) + values)

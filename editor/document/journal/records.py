"""The journal's file format: a header, then records, each of which is whole or worth nothing.

A file starts with ``MAGIC`` and a version (uint32). A record is four little-endian numbers, its text and
its payload: CRC-32 of the other numbers and the text, CRC-32 of the payload, length of the text (uint32
each), length of the payload (uint64). The text is a JSON object with a ``kind``. With its own checksum
over the text a file can be listed without its payloads being read.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from typing import BinaryIO
from zlib import crc32

MAGIC = b"Lacuna J"
VERSION = 1
MAX_TEXT = 64 << 20
MAX_PAYLOAD = 1 << 30

_FILE = struct.Struct("<8sI")
_SUMS = struct.Struct("<II")
_LENGTHS = struct.Struct("<IQ")
_HEAD = _SUMS.size + _LENGTHS.size


class NotAJournal(Exception):
    """The file does not start as this version's journal does. ``str()`` says which, as a clause."""


class Damaged(Exception):
    """The record at ``offset`` cannot be what was written; what comes before it can be used."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"damaged at byte {offset}")
        self.offset = offset


@dataclass(frozen=True)
class Record:
    """One record: ``offset`` bytes into the file, the next one at ``end``."""

    offset: int
    values: dict
    payload_crc: int
    payload_offset: int
    end: int

    def payload(self, file: BinaryIO) -> bytes:
        """Raises Damaged unless it is what was written."""
        file.seek(self.payload_offset)
        payload = file.read(self.end - self.payload_offset)
        if len(payload) != self.end - self.payload_offset or crc32(payload) != self.payload_crc:
            raise Damaged(self.offset)
        return payload


def file_header() -> bytes:
    return _FILE.pack(MAGIC, VERSION)


def packed(values: dict, payload: bytes = b"") -> bytes:
    """A record as the file holds it."""
    text = json.dumps(values, separators=(",", ":")).encode()
    lengths = _LENGTHS.pack(len(text), len(payload))
    return b"".join((_SUMS.pack(crc32(text, crc32(lengths)), crc32(payload)), lengths, text, payload))


def write(file: FileIO, data: bytes) -> None:
    """Write all of ``data`` into an unbuffered file. Raises OSError; some of it may be written then."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def scan(file: BinaryIO, limit: int | None = None) -> Iterator[Record]:
    """Every record before ``limit`` up to the first that is cut off or whose text is damaged.

    Payloads are left unread. Raises NotAJournal.
    """
    size = file.seek(0, 2)
    size = size if limit is None else min(size, limit)
    file.seek(0)
    start = file.read(_FILE.size)
    if len(start) != _FILE.size or not start.startswith(MAGIC):
        raise NotAJournal("its journal is damaged")
    if _FILE.unpack(start)[1] != VERSION:
        raise NotAJournal("it was kept by another version of Lacuna")
    offset = _FILE.size
    while (record := _read(file, offset, size)) is not None:
        yield record
        offset = record.end


def _read(file: BinaryIO, offset: int, size: int) -> Record | None:
    file.seek(offset)
    head = file.read(_HEAD)
    if len(head) != _HEAD:
        return None
    text_crc, payload_crc = _SUMS.unpack_from(head)
    text_length, payload_length = _LENGTHS.unpack_from(head, _SUMS.size)
    payload_offset = offset + _HEAD + text_length
    end = payload_offset + payload_length
    if text_length > MAX_TEXT or payload_length > MAX_PAYLOAD or end > size:
        return None
    text = file.read(text_length)
    if crc32(text, crc32(head[_SUMS.size :])) != text_crc:
        return None
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    return Record(offset, values, payload_crc, payload_offset, end)

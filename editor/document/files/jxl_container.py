"""The container of JPEG XL (ISO/IEC 18181-2): the codestream and the boxes of metadata beside it.

Done here and not by the decoder, which would unpack a compressed box to any size and ends the program when
there is no memory for the size that a box claims.
"""

import struct
from dataclasses import dataclass

from editor.document.files import isobmff

CODESTREAM, CONTAINER = b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"
MAX_METADATA = 64 << 20  # bytes; a large XMP packet has some hundred thousand
_EXIF, _XMP = b"Exif", b"xml "


@dataclass(frozen=True)
class Parts:
    """``exif`` is the TIFF-structured block, ``xmp`` the packet; empty where the file has none."""

    codestream: bytes
    exif: bytes = b""
    xmp: bytes = b""


def unpacked(data: bytes) -> Parts:
    """The parts of a JPEG XL file. Raises ``ValueError`` when a box is cut off or holds too much."""
    if data.startswith(CODESTREAM):
        return Parts(data)
    stream: list[bytes] = []
    blocks: dict[bytes, bytes] = {}
    for kind, start, end in isobmff.boxes(data):
        if end > len(data):
            raise ValueError("a box is cut off")
        if kind == b"jxlc":
            stream.append(data[start:end])
        elif kind == b"jxlp":  # a part, after four bytes that count the parts
            stream.append(data[start + 4 : end])
        elif kind in (_EXIF, _XMP):
            blocks.setdefault(kind, data[start:end])
        elif kind == b"brob" and data[start : start + 4] in (_EXIF, _XMP):
            blocks.setdefault(data[start : start + 4], _decompressed(data[start + 4 : end]))
    return Parts(b"".join(stream), _without_offset(blocks.get(_EXIF, b"")), blocks.get(_XMP, b""))


def packed(encoded: bytes, exif: bytes | None, xmp: bytes | None) -> bytes:
    """``encoded``, a codestream or container without metadata, as a file with these blocks."""
    if not exif and not xmp:
        return encoded
    if encoded.startswith(CODESTREAM):
        encoded = CONTAINER + _box(b"ftyp", b"jxl " + bytes(4) + b"jxl ") + _box(b"jxlc", encoded)
    blocks = _box(_EXIF, bytes(4) + exif) if exif else b""
    return encoded + blocks + (_box(_XMP, xmp) if xmp else b"")


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", 8 + len(payload)) + kind + payload


def _without_offset(box: bytes) -> bytes:
    """An Exif box without the offset it begins with, which some programs leave out."""
    if box[:2] in (b"II", b"MM"):
        return box
    return box[4 + int.from_bytes(box[:4], "big") :].removeprefix(b"Exif\0\0")


def _decompressed(data: bytes) -> bytes:
    import brotli

    unpacker = brotli.Decompressor()
    result = unpacker.process(data, output_buffer_limit=MAX_METADATA + 1)
    if len(result) > MAX_METADATA or not unpacker.is_finished():
        raise ValueError("a compressed box is cut off or holds too much")
    return result

"""The container of JPEG XL (ISO/IEC 18181-2): the codestream and the boxes of metadata beside it.

Done here and not by the decoder, which would unpack a compressed box to any size and ends the program when
there is no memory for the size that a box claims.
"""

import struct
from dataclasses import dataclass

from editor.document.files import isobmff
from editor.document.files.metadata import MAX_METADATA, damaged, too_large

CODESTREAM, CONTAINER = b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"
_EXIF, _XMP = b"Exif", b"xml "
_WORDS = {_EXIF: "EXIF", _XMP: "XMP"}


@dataclass(frozen=True)
class Parts:
    """``exif`` is the TIFF-structured block, ``xmp`` the packet; empty where the file has none, or has one
    that cannot be unpacked, as ``notes`` say.
    """

    codestream: bytes
    exif: bytes = b""
    xmp: bytes = b""
    notes: tuple[str, ...] = ()


def unpacked(data: bytes) -> Parts:
    """The parts of a JPEG XL file. Raises ``ValueError`` when a box is cut off."""
    if data.startswith(CODESTREAM):
        return Parts(data)
    stream: list[bytes] = []
    blocks: dict[bytes, bytes] = {}
    notes: list[str] = []
    for kind, _, start, end in isobmff.boxes(data):
        if end > len(data):
            raise ValueError("a box is cut off")
        if kind == b"jxlc":
            stream.append(data[start:end])
        elif kind == b"jxlp":  # a part, after four bytes that count the parts
            stream.append(data[start + 4 : end])
        elif kind in (_EXIF, _XMP):
            blocks.setdefault(kind, data[start:end])
        elif kind == b"brob" and (kind := data[start : start + 4]) in _WORDS and kind not in blocks:
            blocks[kind] = _decompressed(data[start + 4 : end], _WORDS[kind], notes)
    exif, xmp = _without_offset(blocks.get(_EXIF, b"")), blocks.get(_XMP, b"")
    return Parts(b"".join(stream), exif, xmp, tuple(notes))


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


def _decompressed(data: bytes, what: str, notes: list[str]) -> bytes:
    """The contents of a compressed box; nothing, and a note, if they are too large or damaged."""
    import brotli

    unpacker = brotli.Decompressor()
    try:
        result = unpacker.process(data, output_buffer_limit=MAX_METADATA + 1)
        whole = unpacker.is_finished()
    except brotli.error:
        result, whole = b"", False
    if len(result) > MAX_METADATA:
        notes.append(too_large(what))
    elif not whole:
        notes.append(damaged(what))
    else:
        return result
    return b""

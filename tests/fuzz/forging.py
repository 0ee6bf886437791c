"""Parts of forged files, and what is expected of opening them."""

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

LIMIT = 64 << 20  # bytes of a profile, an EXIF block or an XMP packet
HUGE = 4 << 30  # bytes: more than the memory that opening has
BLOCK = b"II*\0\x08\0\0\0" + struct.pack("<HHHI4sI", 1, 271, 2, 2, b"A\0\0\0", 0)  # EXIF: maker "A"
ICC = bytes(16) + b"RGB " + bytes(108)


@dataclass(frozen=True)
class Bomb:
    """A file and what is to come of it.

    ``outcome``: "refused" with a line that ``words`` match, "noted": opened with a note that they match,
    "kept": opened without a note, "within": opened, or refused for anything but a limit. ``slow``:
    goes up to the limit before it is known to, which takes seconds.
    """

    name: str
    make: Callable[[], bytes]
    outcome: str
    words: str = ""
    slow: bool = False


def sizes(
    make: Callable[[int, int], bytes],
    below: Iterable[tuple[int, int]],
    above: Iterable[tuple[int, int]],
    limit: str,
) -> list[Bomb]:
    """Files that claim each size: ``limit`` is named from the first one above it on."""
    accepted = [Bomb(f"{w} x {h}", lambda w=w, h=h: make(w, h), "within") for w, h in below]
    refused = [
        Bomb(f"{w} x {h}", lambda w=w, h=h: make(w, h), "refused", f"the limit of {limit};") for w, h in above
    ]
    return accepted + refused


def named(prefix: str, bombs: Iterable[Bomb]) -> list[Bomb]:
    """The same under longer names."""
    return [replace(bomb, name=f"{prefix}, {bomb.name}") for bomb in bombs]


MEGAPIXELS_300 = ((19_999, 15_000), (20_000, 15_000)), ((20_000, 15_001), (60_000, 60_000)), "300 megapixels"
MEGAPIXELS_268 = (
    ((16_384, 16_383), (16_384, 16_384)),
    ((16_385, 16_384), (20_000, 14_000), (20_000, 15_000), (20_000, 15_001), (60_000, 60_000)),
    "268 megapixels",
)


def too_large(what: str) -> str:
    """The note on a block that is beyond the limit."""
    return f"^Its {what} is larger than the limit of 64 MB and was left out$"


def deflated(size: int, *, prefix: bytes = b"") -> bytes:
    """``prefix`` and then zeros, ``size`` bytes in all, as zlib packs them; made in no time at any size.

    The same 16 MB are there again and again, each packed as if nothing were before them.
    """
    piece = min(16 << 20, size - len(prefix))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    count, rest = divmod(size - len(prefix), piece)
    head = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = head.compress(prefix) + head.flush(zlib.Z_FULL_FLUSH)
    last = tail.compress(bytes(rest)) + tail.flush()
    low, high = zlib.adler32(prefix) & 0xFFFF, zlib.adler32(prefix) >> 16
    adler = (high + low * (size - len(prefix))) % 65521 << 16 | low
    return b"\x78\xda" + first + block * count + last + struct.pack(">I", adler)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def box(kind: bytes, payload: bytes) -> bytes:
    """A box of HEIF, AVIF or JPEG XL."""
    return struct.pack(">I", 8 + len(payload)) + kind + payload


def full(kind: bytes, payload: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return box(kind, bytes([version]) + flags.to_bytes(3, "big") + payload)


def tags(count: int, size: int, *, first: int = 40_000) -> bytes:
    """Entries of a little-endian TIFF directory that all have the same ``size`` bytes, those at 8."""
    return b"".join(struct.pack("<HHII", tag, 7, size, 8) for tag in range(first, first + count))


def exif(count: int, size: int) -> bytes:
    """An EXIF block of ``size`` bytes with ``count`` tags that each claim all of it."""
    table = struct.pack("<IH", 8, count) + tags(count, size - 8, first=1) + bytes(4)
    return (b"II*\0" + table).ljust(size, b"\0")

"""Bombs of the formats made of boxes: HEIC, AVIF, JPEG XL."""

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import brotli
import numpy as np
import pyjpegxl
from PIL import Image

from editor.document.files import avif as avif_format
from editor.document.files.metadata import Metadata
from tests.fuzz.bombs_flat import VALUES
from tests.fuzz.forging import (
    BLOCK,
    ICC,
    LIMIT,
    MEGAPIXELS_268,
    MEGAPIXELS_300,
    Bomb,
    box,
    full,
    named,
    sizes,
    too_large,
)

_SAMPLES = Path(__file__).resolve().parents[1] / "document" / "files" / "samples"
_EXIF = bytes(4) + BLOCK  # an item of EXIF begins with an offset
_COMPRESSED = "^Its XMP is compressed in a way that is not read here, and was left out$"


# --- HEIC and AVIF ---


@dataclass(frozen=True)
class Tile:
    """A coded picture: its kind, its configuration and depth as boxes, and the code itself."""

    kind: bytes
    brand: bytes
    side: int
    properties: bytes
    code: bytes


@dataclass(frozen=True)
class Item:
    """Something that describes the pictures; its data are in the file once, and its parts ``times`` they."""

    kind: bytes
    data: bytes
    times: int = 1
    texts: bytes = b""  # what is said of it besides: for "mime" its type and its compression


def _tile(data: bytes, kind: bytes, brand: bytes, side: int) -> Tile:
    def found(name: bytes) -> bytes:
        at = data.index(name) - 4
        return data[at : at + int.from_bytes(data[at : at + 4], "big")]

    return Tile(
        kind, brand, side, found(b"hvcC" if kind == b"hvc1" else b"av1C") + found(b"pixi"), found(b"mdat")[8:]
    )


@cache
def hevc() -> Tile:
    return _tile((_SAMPLES / "flat2048.heic").read_bytes(), b"hvc1", b"heic", 2048)


@cache
def _av1(deep: bool) -> Tile:
    values = np.full((64, 64, 3), 9, np.uint16 if deep else np.uint8)
    return _tile(avif_format.encode(values, Metadata(), 90), b"av01", b"avif", 64)


def _extent(width: int, height: int) -> bytes:
    return full(b"ispe", struct.pack(">II", width, height))


def _infe(number: int, kind: bytes, texts: bytes = b"") -> bytes:
    return full(b"infe", struct.pack(">HH", number, 0) + kind + b"\0" + texts, version=2)


def pictures(
    tile: Tile,
    items: Sequence[Item] = (),
    *,
    copies: int = 1,
    profile: bytes = b"",
    claim: tuple[int, int] | None = None,
    grid: tuple[int, int] | None = None,
) -> bytes:
    """``copies`` of a picture, all described by ``items``; ``claim`` is the size they are said to have.

    ``grid``: put together they are one of that size.
    """
    width, height = claim or (tile.side, tile.side)
    numbers = range(1, copies + 1)
    table, data = b"", tile.code
    entries = b"".join(_infe(number, tile.kind) for number in numbers)
    properties = [tile.properties[: _length(tile.properties)], tile.properties[_length(tile.properties) :]]
    properties.append(_extent(width, height))
    if profile:
        properties.append(box(b"colr", b"prof" + profile))
    used = bytes([len(properties), *range(1, len(properties) + 1)])
    uses = b"".join(struct.pack(">H", number) + used for number in numbers)
    references = b""
    for number in numbers:
        table += struct.pack(">HHHII", number, 0, 1, 0, len(tile.code))
    if grid:
        rows, columns = (-(-side // tile.side) for side in (grid[1], grid[0]))
        head = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *grid)
        whole = copies + 1
        properties.append(_extent(*grid))
        entries += _infe(whole, b"grid")
        table += struct.pack(">HHHII", whole, 0, 1, len(data), len(head))
        data += head
        uses += struct.pack(">HBBB", whole, 2, len(properties), 2)
        references += box(b"dimg", struct.pack(f">HH{copies}H", whole, copies, *numbers))
    for number, item in enumerate(items, copies + 2):
        entries += _infe(number, item.kind, item.texts)
        table += struct.pack(">HHH", number, 0, item.times)
        table += struct.pack(">II", len(data), len(item.data)) * item.times
        data += item.data
        references += box(b"cdsc", struct.pack(f">HH{copies}H", number, copies, *numbers))
    count = copies + bool(grid) + len(items)
    primary = copies + 1 if grid else 1
    head = full(b"hdlr", bytes(4) + b"pict" + bytes(13)) + full(b"pitm", struct.pack(">H", primary))
    rest = full(b"iinf", struct.pack(">H", count) + entries) + full(b"iref", references)
    owned = full(b"ipma", struct.pack(">I", copies + bool(grid)) + uses)
    rest += box(b"iprp", box(b"ipco", b"".join(properties)) + owned)
    kinds = box(b"ftyp", tile.brand + bytes(4) + b"mif1" + tile.brand)

    def begun(base: int) -> bytes:
        """All that comes before the data, which begin at ``base``."""
        moved = struct.pack(">H", count) + _moved(table, base)
        return kinds + full(b"meta", head + full(b"iloc", b"\x44\0" + moved) + rest)

    return begun(len(begun(0)) + 8) + box(b"mdat", data)


def _length(data: bytes) -> int:
    return int.from_bytes(data[:4], "big")


def _moved(table: bytes, base: int) -> bytes:
    """The entries of "iloc" with ``base`` added to where each part begins."""
    out, at = bytearray(table), 0
    while at < len(table):
        end = at + 6 + 8 * int.from_bytes(table[at + 4 : at + 6], "big")
        for place in range(at + 6, end, 8):
            struct.pack_into(">I", out, place, base + int.from_bytes(table[place : place + 4], "big"))
        at = end
    return bytes(out)


def mime(data: bytes, encoding: bytes = b"", times: int = 1) -> Item:
    texts = b"application/rdf+xml\0" + (encoding + b"\0" if encoding else b"")
    return Item(b"mime", data, times, texts)


def _described(tile: Callable[[], Tile], most: int) -> list[Bomb]:
    """Metadata of a HEIC or an AVIF, which must not have more than ``most`` items."""

    def make(*items: Item, **more) -> Callable[[], bytes]:
        return lambda: pictures(tile(), items, **more)

    piece = _EXIF.ljust(4 << 20, b"\0")
    packed = zlib.compress(bytes(200 << 20))
    return [
        Bomb("EXIF at the limit", make(Item(b"Exif", _EXIF.ljust(LIMIT, b"\0"))), "kept"),
        Bomb("EXIF", make(Item(b"Exif", _EXIF.ljust(LIMIT + 5, b"\0"))), "noted", too_large("EXIF")),
        Bomb("XMP", make(mime(b"<x/>".ljust(LIMIT + 1, b"\0"))), "noted", too_large("XMP")),
        Bomb("parts on each other", make(Item(b"Exif", piece, 32)), "noted", too_large("EXIF")),
        Bomb("items on each other", make(*[Item(b"Exif", piece)] * 40), "noted", too_large("EXIF")),
        Bomb("deflated XMP", make(mime(packed, b"deflate")), "noted", _COMPRESSED),
        Bomb("XMP under brotli", make(mime(brotli.compress(b"<x/>"), b"br")), "noted", _COMPRESSED),
        Bomb("colour profile at the limit", make(profile=ICC.ljust(LIMIT, b"\0")), "kept"),
        Bomb(
            "colour profile", make(profile=ICC.ljust(LIMIT + 1, b"\0")), "noted", too_large("colour profile")
        ),
        Bomb("items", make(*[Item(b"Exif", _EXIF)] * most), "refused", f"where the limit is {most:,}[.]$"),
    ]


def heic() -> list[Bomb]:
    """Sizes that are claimed and sizes that are true, metadata, and libheif's own limits."""

    def claimed(width: int, height: int) -> bytes:
        return pictures(hevc(), claim=(width, height))

    def true(width: int, height: int) -> bytes:
        count = -(-width // 2048) * -(-height // 2048)
        return pictures(hevc(), copies=count, grid=(width, height))

    thick = Item(b"Exif", _EXIF.ljust(30 << 20, b"\0"))
    each = "^Its colour profile, times 101 items, is larger than the limit of 1,024 MB and was left out$"
    small = ICC.ljust(30 << 20, b"\0")
    libheif = "^Cannot open .*: it is beyond a limit of libheif, which reads it: .*"
    return [
        *sizes(claimed, *MEGAPIXELS_268),
        *named("true", sizes(true, (), *MEGAPIXELS_268[1:])),
        Bomb("true 4096 x 4096", lambda: true(4096, 4096), "kept"),
        Bomb("true 16384 x 16384", lambda: true(16_384, 16_384), "within", slow=True),
        Bomb(
            "another size", lambda: claimed(4096, 4096), "refused", "its picture is not of the size it says"
        ),
        Bomb("a larger code", lambda: claimed(64, 64), "refused", libheif + "2048x2048 exceeds"),
        *_described(hevc, 1000),
        Bomb(
            "many parts",
            lambda: pictures(hevc(), [Item(b"Exif", _EXIF, 40)]),
            "refused",
            libheif + "[(]32[)]",
        ),
        Bomb("EXIF of 200 pictures", lambda: pictures(hevc(), [thick], copies=200), "kept"),
        Bomb("a profile of 101 pictures", lambda: pictures(hevc(), profile=small, copies=101), "noted", each),
    ]


def avif() -> list[Bomb]:
    """Sizes at 8 and 12 bits, which take different ways, and of tracks; metadata."""
    bombs = []
    for deep in (False, True):
        name = "12 bits" if deep else "8 bits"

        def claimed(width: int, height: int, deep=deep) -> bytes:
            return pictures(_av1(deep), claim=(width, height))

        # An honest decoder makes the small picture as large as it is said to be.
        bombs += named(name, sizes(claimed, ((4096, 4096),), *MEGAPIXELS_268[1:]))
        bombs += named(name, sizes(claimed, (), ((32_769, 4),), "32768 pixels a side"))
    bombs += [
        *_described(lambda: _av1(False), 10_000),
        Bomb("16384 x 16384", lambda: pictures(_av1(False), claim=(16_384, 16_384)), "within", slow=True),
        *named("track", sizes(_track, ((64, 48),), ((20_000, 14_000),), "268 megapixels")),
    ]
    return bombs


def _track(width: int, height: int) -> bytes:
    """A sequence of two pictures whose track says it is of that size."""
    file, image = BytesIO(), Image.fromarray(VALUES)
    image.save(file, "AVIF", save_all=True, append_images=[image.transpose(Image.Transpose.ROTATE_180)])
    data = bytearray(file.getvalue())
    at = data.index(b"tkhd") - 4
    struct.pack_into(
        ">II", data, at + int.from_bytes(data[at : at + 4], "big") - 8, width << 16, height << 16
    )
    return bytes(data)


# --- JPEG XL ---


@cache
def _stream() -> bytes:
    return pyjpegxl.encode_from_numpy(VALUES[:10, :14].copy(), lossless=True)


def _claiming(width: int, height: int) -> bytes:
    """A codestream (ISO/IEC 18181-1) whose size is another: two bits say how many bits a side has."""
    value, count = 0, 1  # not in eighths
    for side, ratio in ((height, True), (width, False)):
        choice = next(number for number, bits in enumerate((9, 13, 18, 30)) if side <= 1 << bits)
        bits = (9, 13, 18, 30)[choice]
        value |= (choice | (side - 1) << 2) << count
        count += 2 + bits + 3 * ratio
    rest = int.from_bytes(_stream()[2:], "little") >> 1 + 11 + 3 + 11
    return _stream()[:2] + (rest << count | value).to_bytes(len(_stream()) + 8, "little")


def _channels(side: int) -> bytes:
    """A codestream that claims 4112 channels beyond its colours."""
    whole = _claiming(side, side)
    bits, start = int.from_bytes(whole[2:], "little"), 1 + 2 * 20 + 3
    # Not all by default; nothing extended; 8 bits; small numbers; 1 + 4095 channels, each alpha by default.
    fields = (
        (0, 1),
        (0, 1),
        (0, 1),
        (0, 2),
        (1, 1),
        (3, 2),
        (4095, 12),
        *[(1, 1)] * 4096,
        (1, 1),
        (1, 1),
        (0, 2),
        (1, 1),
    )
    value, count = bits & ((1 << start) - 1), start
    for field, width in fields:
        value |= field << count
        count += width
    return whole[:2] + value.to_bytes(count // 8 + 1000, "little")


def _container(*boxes: bytes) -> bytes:
    kinds = box(b"ftyp", b"jxl \0\0\0\0jxl ")
    return b"\0\0\0\x0cJXL \r\n\x87\n" + kinds + box(b"jxlc", _stream()) + b"".join(boxes)


@cache
def _brob(kind: bytes, size: int) -> bytes:
    return box(b"brob", kind + brotli.compress(BLOCK.ljust(size, b"\0"), quality=1))


def jxl() -> list[Bomb]:
    """Sizes, channels, boxes, and the profile in the codestream."""
    boxes = {b"Exif": "EXIF", b"xml ": "XMP"}
    return [
        *sizes(_claiming, *MEGAPIXELS_300),
        Bomb("huge", lambda: _claiming(1 << 30, 1 << 30), "refused", "limit of 300 megapixels"),
        Bomb(
            "channels",
            lambda: _channels(10_000),
            "refused",
            "4,099 channels hold .* limit of 2400 megapixels",
        ),
        *(
            Bomb(f"{w} at the limit", lambda k=k: _container(_brob(k, LIMIT)), "kept")
            for k, w in boxes.items()
        ),
        *(
            Bomb(f"{w} above it", lambda k=k: _container(_brob(k, LIMIT + 1)), "noted", too_large(w))
            for k, w in boxes.items()
        ),
        *(
            Bomb(f"{w} without end", lambda k=k: _container(_brob(k, 1 << 30)), "noted", too_large(w))
            for k, w in boxes.items()
        ),
        Bomb("XMP as it is", lambda: _container(box(b"xml ", bytes(LIMIT + 1))), "noted", too_large("XMP")),
        Bomb("many boxes", lambda: _container(*[_brob(b"xml ", LIMIT - 1)] * 500), "kept"),
        Bomb("another box", lambda: _container(_brob(b"jumb", 1 << 30)), "kept"),
        Bomb(
            "boxes without end",
            lambda: _container(box(b"free", b"") * 100_001),
            "refused",
            "limit of 100,000[.]",
        ),
        Bomb(
            "profile of 15 MB",
            lambda: (_SAMPLES / "profile15.jxl").read_bytes(),
            "refused",
            "15,729,033 bytes",
        ),
        Bomb(
            "profile of 70 MB",
            lambda: (_SAMPLES / "profile70.jxl").read_bytes(),
            "refused",
            "colour profile is larger than the limit of 64 MB",
        ),
    ]

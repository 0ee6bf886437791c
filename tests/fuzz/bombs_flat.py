"""Bombs of the flat formats that are no boxes: PNG, JPEG, TIFF, WebP, BMP, camera RAW."""

import struct
import zlib
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image

from editor.document.files import tiff
from editor.document.files.metadata import Metadata
from tests.document.files.raw_sources import dng
from tests.fuzz.forging import (
    BLOCK,
    HUGE,
    ICC,
    LIMIT,
    MEGAPIXELS_300,
    Bomb,
    chunk,
    deflated,
    exif,
    named,
    sizes,
    tags,
    too_large,
)

VALUES = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
DEEP = VALUES.astype(np.uint16) * 257
_MEGABYTE = (1 << 20) - 8  # behind the eight bytes that a TIFF begins with
_XMP = b"XML:com.adobe.xmp"
_ENDLESS = b"<xmp:Thumbnails " * (1 << 17)  # of which none ends: a search from each of them takes minutes


def saved(name: str, **options) -> bytes:
    """64 x 48 of noise."""
    file = BytesIO()
    Image.fromarray(VALUES).save(file, name, **options)
    return file.getvalue()


# --- PNG ---


def png_file(
    depth: int, before: bytes = b"", after: bytes = b"", size: tuple[int, int] | None = None
) -> bytes:
    width, height = size or (64, 48)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    rows = (b"\0" + bytes(64 * 3 * depth // 8)) * 48
    pixels = chunk(b"IDAT", zlib.compress(rows)) + after + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + before + pixels


def _text(size: int, key: bytes = b"Comment") -> bytes:
    return chunk(b"zTXt", key + b"\0\0" + deflated(size))


def png_packet(size: int) -> bytes:
    return chunk(b"iTXt", _XMP + b"\0\1\0\0\0" + deflated(size, prefix=b"<x:xmpmeta/>"))


def _profile(size: int) -> bytes:
    return chunk(b"iCCP", b"a\0\0" + deflated(size, prefix=ICC))


def png() -> list[Bomb]:
    """Sizes, and what describes the picture, at 8 and 16 bits."""
    bombs = []
    for depth in (8, 16):

        def add(name: str, outcome: str, words: str = "", depth=depth, **parts: bytes) -> None:
            bombs.append(Bomb(f"{depth} bits, {name}", lambda: png_file(depth, **parts), outcome, words))

        claimed = sizes(lambda w, h, depth=depth: png_file(depth, size=(w, h)), *MEGAPIXELS_300)
        bombs.extend(named(f"{depth} bits", claimed))
        for what, make in (("colour profile", _profile), ("XMP", png_packet)):
            add(f"{what} at the limit", "kept", before=make(LIMIT - 100))
            add(f"{what} above the limit", "noted", too_large(what), before=make(LIMIT + 100))
            add(f"{what} without end", "noted", too_large(what), before=make(HUGE))
        add("a text", "noted", too_large("text"), before=_text(HUGE))
        add("a text after the pixels", "noted", too_large("text"), after=_text(HUGE))
        add("EXIF as text", "noted", too_large("EXIF"), before=_text(HUGE, b"Raw profile type exif"))
        add("a thousand texts", "noted", too_large("text"), before=_text(1 << 20) * 1000)
        add("hundreds of large texts", "noted", too_large("text"), before=_text(LIMIT + 100) * 300)
        add("EXIF", "noted", too_large("EXIF"), before=chunk(b"eXIf", BLOCK + bytes(LIMIT)))
        add("tags on each other", "noted", "4,194,2.* where it has 1,048,576$", before=_eXIf(4000))
        add("tags without end", "noted", "has 60,000 tags where the limit is 4,096$", before=_eXIf(60_000))
        add("XMP that never ends", "kept", before=chunk(b"iTXt", _XMP + bytes(5) + _ENDLESS))
    return bombs


def _eXIf(count: int) -> bytes:
    return chunk(b"eXIf", exif(count, 1 << 20))


# --- JPEG ---


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _jpeg(segments: bytes = b"", size: tuple[int, int] = (64, 48)) -> bytes:
    data = bytearray(saved("JPEG"))
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, size[1], size[0])
    return bytes(data[:2] + segments + data[20:])  # without JFIF: the resolution is to come from EXIF


def _in_segments(block: bytes, most: int = 65_000) -> bytes:
    return b"".join(_segment(0xE1, b"Exif\0\0" + block[at : at + most]) for at in range(0, len(block), most))


def jpg() -> list[Bomb]:
    """Sizes, EXIF and XMP; a profile in a JPEG has 16 MB at most."""
    packet = _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _ENDLESS[:65_000])
    return [
        *sizes(lambda w, h: _jpeg(size=(w, h)), *MEGAPIXELS_300),
        Bomb("EXIF at the limit", lambda: _jpeg(_in_segments(BLOCK.ljust(LIMIT, b"\0"))), "kept"),
        Bomb("EXIF", lambda: _jpeg(_in_segments(BLOCK + bytes(LIMIT))), "noted", too_large("EXIF")),
        Bomb(
            "tags on each other",
            lambda: _jpeg(_in_segments(exif(4000, 1 << 20))),
            "noted",
            "it has 1,048,576$",
        ),
        Bomb("tags without end", lambda: _jpeg(_in_segments(exif(5000, 64_000))), "noted", "limit is 4,096$"),
        Bomb("XMP that never ends", lambda: _jpeg(packet), "kept"),
    ]


# --- TIFF and RAW ---


def _with_tags(data: bytes, entries: bytes, size: int) -> bytes:
    """A little-endian TIFF with these entries in its directory too, in a file of ``size`` bytes."""
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    old = data[first + 2 : first + 2 + 12 * count]
    both = old + entries
    table = sorted((both[at : at + 12] for at in range(0, len(both), 12)), key=lambda e: e[1::-1])
    data += bytes(len(data) % 2)
    moved = bytearray(data + struct.pack("<H", len(table)) + b"".join(table) + bytes(4))
    struct.pack_into("<I", moved, 4, len(data))
    return bytes(moved).ljust(size, b"\0")


def _sub_directory(data: bytes, count: int) -> bytes:
    """A TIFF whose EXIF directory has ``count`` tags of a megabyte, all of them the same one."""
    data += bytes(len(data) % 2)
    table = struct.pack("<H", count) + tags(count, 1 << 20) + bytes(4)
    pointer = struct.pack("<HHII", 34665, 4, 1, len(data))
    return _with_tags(data + table, pointer, 2 << 20)


def _claiming(make, width: int, height: int) -> bytes:
    data = bytearray(make())
    for tag, value in ((256, width), (257, height)):
        at = data.index(struct.pack("<HHI", tag, 4, 1))
        struct.pack_into("<I", data, at + 8, value)
    return bytes(data)


@cache
def _tiffs() -> dict[str, bytes]:
    import cv2

    lzw = cv2.imencode(".tif", DEEP, [cv2.IMWRITE_TIFF_COMPRESSION, 5])[1].tobytes()
    return {
        "8 bits": saved("TIFF"),
        "8 bits, LZW": saved("TIFF", compression="tiff_lzw"),
        "16 bits": tiff.encode(DEEP, Metadata()),
        "16 bits, LZW": lzw,
    }


def _bigtiff(count: int) -> bytes:
    import tifffile

    file = BytesIO()
    tifffile.imwrite(file, DEEP, bigtiff=True)
    data = bytearray(file.getvalue())
    struct.pack_into("<Q", data, struct.unpack_from("<Q", data, 8)[0], count)
    return bytes(data).ljust(1 << 20, b"\0")


def tif() -> list[Bomb]:
    """Sizes, and tags that lie on each other, however the pixels are read."""
    bombs = []
    for depth, values in ((8, VALUES), (16, DEEP)):

        def make(width: int, height: int, values=values) -> bytes:
            return _claiming(lambda: tiff.encode(values, Metadata()), width, height)

        bombs += named(f"{depth} bits", sizes(make, *MEGAPIXELS_300))
    for name, data in _tiffs().items():

        def add(what: str, outcome: str, words: str, make, name=name) -> None:
            bombs.append(Bomb(f"{name}, {what}", make, outcome, words))

        claim = "^Its tags claim .* bytes where the file has 1,048,576; the largest were left out$"
        add(
            "tags on each other", "noted", claim, lambda d=data: _with_tags(d, tags(4000, _MEGABYTE), 1 << 20)
        )
        add("first", "noted", claim, lambda d=data: _with_tags(d, tags(200, _MEGABYTE, first=1), 1 << 20))
        add("in EXIF", "noted", too_large("EXIF"), lambda d=data: _sub_directory(d, 4000))
        limit = "has 60,0.. tags where the limit is 4,096[.]$"
        add(
            "tags without end", "refused", limit, lambda d=data: _with_tags(d, tags(60_000, 8, first=1000), 0)
        )
        limit = "^Its EXIF was left out: it has 5,000 tags where the limit is 4,096$"
        add("tags without end in EXIF", "noted", limit, lambda d=data: _sub_directory(d, 5000))
    described = {"icc": ICC, "xmp": b"<x/>"}
    for key, what in (("icc", "colour profile"), ("xmp", "XMP")):
        for more, outcome, words in ((0, "kept", ""), (1, "noted", too_large(what))):
            block = described[key].ljust(LIMIT + more, b"\0")
            bombs.append(
                Bomb(
                    f"{what} + {more}",
                    lambda m={key: block}: tiff.encode(VALUES, Metadata(**m)),
                    outcome,
                    words,
                )
            )
    endless = Metadata(xmp=_ENDLESS)
    bombs.append(Bomb("XMP that never ends", lambda: tiff.encode(VALUES, endless), "kept"))
    bombs.append(Bomb("BigTIFF", lambda: _bigtiff(5000), "refused", "5,000 tags where the limit is 4,096"))
    return bombs


def dng_bombs() -> list[Bomb]:
    """What is kept of a RAW file's metadata."""
    data = dng(DEEP[..., 0].copy())
    descriptive = b"".join(
        tags(1, 8 << 20, first=tag) for tag in (269, 270, 285, 305, 306, 315, 316, 33432, 33723)
    )
    return [
        Bomb(
            "tags on each other", lambda: _with_tags(data, descriptive, 9 << 20), "noted", too_large("EXIF")
        ),
        Bomb(
            "XMP",
            lambda: _with_tags(data, tags(1, LIMIT + 1, first=700), 65 << 20),
            "noted",
            too_large("XMP"),
        ),
    ]


# --- WebP and BMP ---


def _webp(width: int, height: int) -> bytes:
    data = bytearray(saved("WEBP", lossless=True, exif=BLOCK))
    data[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


def webp() -> list[Bomb]:
    """Sizes, and blocks as large as the file."""
    long = (16_384, 4), (4, 16_384), (16_384, 16_384), (20_000, 15_000)
    blocks = {"exif": BLOCK, "xmp": b"<x/>", "icc_profile": ICC}
    words = {"exif": "EXIF", "xmp": "XMP", "icc_profile": "colour profile"}

    def described(key: str, size: int) -> bytes:
        return saved("WEBP", lossless=True, **{key: blocks[key].ljust(size, b"\0")})

    return [
        *sizes(_webp, ((16_383, 16_382), (16_383, 16_383)), long, "16383 pixels a side"),
        *sizes(_webp, (), MEGAPIXELS_300[1], "300 megapixels"),
        *(Bomb(f"{key} at the limit", lambda k=key: described(k, LIMIT), "kept") for key in blocks),
        *(Bomb(key, lambda k=key: described(k, LIMIT + 1), "noted", too_large(words[key])) for key in blocks),
        Bomb(
            "tags on each other",
            lambda: saved("WEBP", exif=exif(4000, 1 << 20)),
            "noted",
            "it has 1,048,576$",
        ),
        Bomb("XMP that never ends", lambda: saved("WEBP", xmp=_ENDLESS), "kept"),
    ]


def bmp() -> list[Bomb]:
    """Sizes; a BMP has no metadata."""

    def make(width: int, height: int) -> bytes:
        data = bytearray(saved("BMP"))
        struct.pack_into("<ii", data, 18, width, height)
        return bytes(data)

    return sizes(make, *MEGAPIXELS_300)

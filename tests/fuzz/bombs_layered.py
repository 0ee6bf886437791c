"""Bombs of the formats with layers: OpenRaster, PSD and PSB."""

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from editor.document import storage
from editor.document.files.metadata import Metadata
from editor.document.files.psd import header as headers
from editor.document.model import Document
from tests.fuzz.bombs_flat import VALUES
from tests.fuzz.forging import (
    BLOCK,
    HUGE,
    ICC,
    LIMIT,
    MEGAPIXELS_300,
    Bomb,
    chunk,
    deflated,
    named,
    sizes,
    too_large,
)

_LAYER, _DOCUMENT = "data/000.png", "lacuna/document.json"


# --- OpenRaster ---


@cache
def _members() -> dict[str, bytes]:
    """What is in a document of one layer."""
    pixels = np.dstack([VALUES, np.full((48, 64), 255, np.uint8)])
    document = Document.from_pixels(pixels, metadata=Metadata(icc=ICC, exif=BLOCK, xmp=b"<x/>"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ora"
        storage.save(document, path)
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes | int], *, ours: bool = True) -> bytes:
    """The document with these members instead: a number stands for so many zeros. Not ``ours``: without our
    own folder.
    """
    kept = {name: data for name, data in _members().items() if ours or not name.startswith("lacuna/")}
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in (kept | members).items():
            packing = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            if isinstance(data, bytes):
                archive.writestr(name, data, packing)
                continue
            with archive.open(zipfile.ZipInfo(name), "w") as member:
                member._compressor = zlib.compressobj(1, zlib.DEFLATED, -15)
                for at in range(0, data, 1 << 24):
                    member.write(bytes(min(1 << 24, data - at)))
    return file.getvalue()


def _with(png: bytes, *chunks: bytes) -> bytes:
    """A PNG with more chunks, and no profile of its own."""
    at = png.find(b"iCCP") - 4
    if at > 0:
        png = png[:at] + png[at + 12 + int.from_bytes(png[at : at + 4], "big") :]
    return png[:33] + b"".join(chunks) + png[33:]


def _claiming(width: int, height: int) -> bytes:
    png = bytearray(_members()[_LAYER])
    struct.pack_into(">II", png, 16, width, height)
    struct.pack_into(">I", png, 29, zlib.crc32(png[12:29]))
    return bytes(png)


def _stack(layers: str, width: int = 64, height: int = 48) -> bytes:
    return f'<image w="{width}" h="{height}"><stack>{layers}</stack></image>'.encode()


def ora() -> list[Bomb]:
    """Sizes of the canvas and of a layer, our own parts, what is in the layers' PNG files."""
    own = {"colour profile": "lacuna/profile.icc", "EXIF": "lacuna/exif", "XMP": "lacuna/xmp"}
    starts = {"colour profile": ICC, "EXIF": BLOCK, "XMP": b"<x/>"}

    def canvas(width: int, height: int) -> bytes:
        return _zipped({"stack.xml": _stack(f'<layer src="{_LAYER}"/>', width, height)}, ours=False)

    def layer(width: int, height: int) -> bytes:
        return _zipped({_LAYER: _claiming(width, height)}, ours=False)

    def drawn(*chunks: bytes, png: Callable[[], bytes] = lambda: _members()[_LAYER]) -> Callable[[], bytes]:
        return lambda: _zipped({_LAYER: _with(png(), *chunks)}, ours=False)

    palette = BytesIO()
    Image.fromarray(VALUES).quantize(16).save(palette, "PNG")
    text = chunk(b"zTXt", b"Comment\0\0" + deflated(HUGE))
    profile = chunk(b"iCCP", b"a\0\0" + deflated(HUGE, prefix=ICC))
    many = _stack(f'<layer src="{_LAYER}"/>' * 9000)
    return [
        *sizes(canvas, *MEGAPIXELS_300),
        *(
            replace(each, words=each.words.replace(";", ""))
            for each in named("layer", sizes(layer, *MEGAPIXELS_300))
        ),
        *(
            Bomb(
                f"{what} at the limit",
                lambda w=what: _zipped({own[w]: starts[w].ljust(LIMIT, b"\0")}),
                "kept",
            )
            for what in own
        ),
        *(Bomb(what, lambda w=what: _zipped({own[w]: 200 << 20}), "noted", too_large(what)) for what in own),
        Bomb("document.json", lambda: _zipped({_DOCUMENT: 200 << 20}), "refused", "limit of 32 MB;"),
        Bomb("deep document.json", lambda: _zipped({_DOCUMENT: b"[" * (30 << 20)}), "refused", "is no JSON"),
        Bomb("stack.xml", lambda: _zipped({"stack.xml": 200 << 20}), "refused", "limit of 16 MB;"),
        Bomb("text in a layer", drawn(text), "noted", too_large("text")),
        Bomb("text in a palette", drawn(text, png=palette.getvalue), "noted", too_large("text")),
        Bomb("profile in a layer", drawn(profile), "noted", too_large("colour profile")),
        Bomb("EXIF in a layer", drawn(chunk(b"eXIf", bytes(9 << 20))), "kept"),
        Bomb(
            "many small layers",
            lambda: _zipped({"stack.xml": many, _LAYER: _members()[_LAYER]}, ours=False),
            "refused",
            "more than 1 GB and 200 times its size",
        ),
    ]


# --- PSD ---


def _psd(
    resources: bytes = b"",
    layers: bytes = b"",
    *,
    version: int = 1,
    size: tuple[int, int] = (10, 10),
    channels: int = 3,
    pixels: bytes = b"\0\0" + bytes(300),
) -> bytes:
    head = headers.Header(version, channels, size[1], size[0], 8, headers.RGB).pack()
    lengths = struct.pack(">II", 0, len(resources)) + resources
    return head + lengths + len(layers).to_bytes(4 * version, "big") + layers + pixels


def _resource(number: int, data: bytes) -> bytes:
    return struct.pack(">4sHHI", b"8BIM", number, 0, len(data)) + data + bytes(len(data) % 2)


def _record(count: int = 1, block: bytes = b"") -> bytes:
    """``count`` layers without pixels, each with a fill of colour that has these contents."""
    block = b"8BIMSoCo" + struct.pack(">II", len(block) + 4, 16) + block if block else b""
    extra = bytes(12) + block
    record = struct.pack(">4iH", 0, 0, 0, 0, 0) + b"8BIMnorm" + bytes((255, 0, 8, 0))
    record += struct.pack(">I", len(extra)) + extra
    info = struct.pack(">h", count) + record * count
    info += bytes(len(info) % 2)
    return struct.pack(">I", len(info)) + info


def _descriptor(count: int, items: bytes) -> bytes:
    return struct.pack(">I2xI4sI", 1, 0, b"null", count) + items


def _nested(depth: int) -> bytes:
    inner = _descriptor(0, b"")
    for _ in range(depth):
        inner = _descriptor(1, struct.pack(">I4s4s", 0, b"keyx", b"Objc") + inner)
    return inner


def _photoshop(version: int) -> list[Bomb]:
    """Sizes, channels and resources of a PSD (``version`` 1) or a PSB (2)."""

    def claiming(width: int, height: int) -> bytes:
        return _psd(version=version, size=(width, height))

    numbers = {"colour profile": 1039, "EXIF": 1058, "XMP": 1060}
    starts = {"colour profile": ICC, "EXIF": BLOCK, "XMP": b"<x/>"}

    def resource(what: str, size: int) -> bytes:
        return _psd(_resource(numbers[what], starts[what].ljust(size, b"\0")), version=version)

    deflated_pixels = b"\0\2" + deflated(1 << 30)
    return [
        *sizes(claiming, *MEGAPIXELS_300),
        *(Bomb(f"{what} at the limit", lambda w=what: resource(w, LIMIT), "kept") for what in numbers),
        *(Bomb(what, lambda w=what: resource(w, LIMIT + 2), "noted", too_large(what)) for what in numbers),
        Bomb(
            "channels",
            lambda: _psd(version=version, size=(17_000, 17_000), channels=56, pixels=deflated_pixels),
            "refused",
            "its 56 channels hold more than the limit of 2400 megapixels together",
        ),
    ]


def psd() -> list[Bomb]:
    """Those of a PSB, and what the records of its layers claim."""
    long = struct.pack(">I4s4sI", 0, b"keyx", b"long", 7)
    return [
        *_photoshop(1),
        Bomb("nested", lambda: _psd(layers=_record(block=_nested(100))), "refused", "nest more than 64 deep"),
        Bomb(
            "values",
            lambda: _psd(layers=_record(block=_descriptor(2_000_000, long * 2_000_000))),
            "refused",
            "claim more than 1,500,000 values, the limit",
            slow=True,
        ),
    ]


def psb() -> list[Bomb]:
    return _photoshop(2)

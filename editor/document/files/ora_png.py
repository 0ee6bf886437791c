"""The PNG files inside an OpenRaster file: written band by band in threads, decoded as tiles want them.

PNG (Portable Network Graphics), Second Edition, https://www.w3.org/TR/PNG/: chunks 5, filters 9, the zlib
stream 10. A layer of 24 megapixels is encoded without ever being held whole: each band of rows is deflated
by itself and ends on a byte, so that the bands make one stream (RFC 1951, 3.2.4: an empty stored block).
"""

import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image

from editor.document.files import opencv, png
from editor.document.geometry import Rect
from editor.document.tiles import TILE

_COLOUR_TYPES = {1: 0, 4: 6}  # 11.2.2: greyscale, and truecolour with alpha
_BITS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_BAND = 1 << 22  # pixels of a band at most: bounds memory
_AHEAD = 8  # bands that may be ready or under way before the first of them is written


@dataclass(frozen=True)
class Picture:
    """What is to be encoded: ``read(part)`` gives (h, w, channels) of any part of ``area``."""

    area: Rect
    channels: int  # 1: grey, 4: RGBA, straight alpha
    dtype: np.dtype
    read: Callable[[Rect], np.ndarray]

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels."""
        return self.area.width * self.area.height * self.channels * self.dtype.itemsize


def held(area: Rect, channels: int, dtype: np.dtype) -> int:
    """Bytes of the tiles that hold the pixels of ``area``, which may be many times those of the pixels."""
    columns, rows = (
        -(-end // TILE) - at // TILE for at, end in ((area.x, area.right), (area.y, area.bottom))
    )
    return columns * rows * TILE * TILE * channels * dtype.itemsize


def write(file: BinaryIO, picture: Picture, icc: bytes | None, workers: Executor) -> None:
    """Append ``picture`` to ``file`` as a PNG of 8 or 16 bits a channel; ``icc`` must fit its colours."""
    area, bits = picture.area, picture.dtype.itemsize * 8
    file.write(png.SIGNATURE)
    header = (area.width, area.height, bits, _COLOUR_TYPES[picture.channels], 0, 0, 0)
    _put(file, b"IHDR", struct.pack(">IIBBBBB", *header))
    if icc:
        _put(file, b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc))
    checksum, start = 1, b"\x78\x01"  # zlib's header: deflate, 32K window, fastest
    for packed, length, adler in _in_order(picture, workers):
        checksum = _joined(checksum, adler, length)
        _put(file, b"IDAT", start + packed)
        start = b""
    _put(file, b"IDAT", struct.pack(">I", checksum))
    _put(file, b"IEND", b"")


def _in_order(picture: Picture, workers: Executor) -> Iterator[tuple[bytes, int, int]]:
    pending: deque[Future] = deque()
    try:
        for band in _bands(picture.area):
            pending.append(workers.submit(_packed, picture, band))
            if len(pending) == _AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()


def _bands(area: Rect) -> Iterator[Rect]:
    """``area`` in bands that end where tiles do, if they are not too wide for that."""
    rows = min(TILE, max(1, _BAND // area.width))
    y = area.y
    while y < area.bottom:
        end = min(y + rows if rows < TILE else (y // TILE + 1) * TILE, area.bottom)
        yield Rect(area.x, y, area.width, end - y)
        y = end


def _packed(picture: Picture, band: Rect) -> tuple[bytes, int, int]:
    """One band deflated; the length and the Adler-32 of what was deflated."""
    values = picture.read(band)
    step = picture.channels * picture.dtype.itemsize
    rows = values.astype(values.dtype.newbyteorder(">"), order="C", copy=False)
    rows = np.ascontiguousarray(rows).view(np.uint8).reshape(band.height, band.width * step)
    filtered = np.empty((band.height, 1 + rows.shape[1]), np.uint8)
    # The first row is told from its own pixels (Sub), so that no band needs another one; the rest from the
    # row above (Up). Other filters are smaller by a few percent and take longer than all else.
    filtered[0, 0], filtered[1:, 0] = 1, 2
    filtered[0, 1:] = rows[0]
    filtered[0, 1 + step :] -= rows[0, :-step]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    # Run lengths only: on filtered photographs half the time of level 1, and a tenth smaller.
    packer = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
    last = band.bottom == picture.area.bottom
    packed = packer.compress(filtered) + packer.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
    return packed, filtered.size, zlib.adler32(filtered)


def _joined(first: int, second: int, length: int) -> int:
    """The Adler-32 (RFC 1950, 8.2) of two pieces, of which the second has ``length`` bytes."""
    prime = 65521
    low = ((first & 0xFFFF) + (second & 0xFFFF) - 1) % prime
    high = ((first >> 16) + (second >> 16) + length * ((first & 0xFFFF) - 1)) % prime
    return high << 16 | low


def _put(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + kind)
    file.write(data)
    file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))


# --- decoding ---

HEAD = 33  # bytes: the signature and IHDR


@dataclass(frozen=True)
class Facts:
    """What a PNG's header says. ``bits`` is per channel of what it is decoded to: 8 or 16."""

    width: int
    height: int
    bits: int
    colour_type: int

    @property
    def nbytes(self) -> int:
        """Bytes of its pixels as RGBA."""
        return self.width * self.height * 4 * (self.bits // 8)

    @property
    def most(self) -> int:
        """Bytes that its file can reasonably have."""
        return 2 * self.nbytes + (16 << 20)


def facts(head: bytes) -> Facts:
    """What the first ``HEAD`` bytes of a PNG say. Raises ValueError."""
    if len(head) < HEAD or not head.startswith(png.SIGNATURE) or head[12:16] != b"IHDR":
        raise ValueError("is not a PNG")
    width, height, bits, colour_type = struct.unpack(">IIBB", head[16:26])
    if bits not in _BITS.get(colour_type, ()) or not width or not height:
        raise ValueError("is not a PNG of a known kind")
    return Facts(width, height, 16 if bits == 16 else 8, colour_type)


def decode(data: bytes, *, rgba: bool) -> np.ndarray:
    """A PNG file as (H, W, 4) RGBA or, without ``rgba``, a grey one as (H, W, 1); uint8 or uint16.

    Raises ValueError for a file that is cut off or damaged, or is not grey where it must be.
    """
    known = facts(data)
    data = png.first_frame(data)
    if rgba and known.colour_type == 6:
        import cv2

        samples = _decoded(data, known)
        for start in range(0, known.height, TILE):  # by parts: in place OpenCV works on a copy of the whole
            part = samples[start : start + TILE]
            cv2.cvtColor(part, cv2.COLOR_BGRA2RGBA, dst=part)
        return samples
    if not rgba:
        if known.colour_type != 0:
            raise ValueError("is not grey")
        return _decoded(data, known)[..., None]
    return _expanded(data, known)


def _decoded(data: bytes, known: Facts) -> np.ndarray:
    samples = opencv.as_stored(png.pixels_alone(data))
    shape = (known.height, known.width) + ((4,) if known.colour_type == 6 else ())
    if samples.shape != shape or samples.dtype.itemsize * 8 != known.bits:
        raise ValueError("cannot be decoded")
    return samples


def _expanded(data: bytes, known: Facts) -> np.ndarray:
    """The kinds that other programs write, as RGBA."""
    data = png.pixels_alone(data)
    image = Image.open(BytesIO(data), formats=("PNG",))
    if known.bits == 8:
        return np.array(image.convert("RGBA"))
    key = image.info.get("transparency")
    from editor.document.files.raster import expanded

    return expanded(png.decode_deep(data, key if isinstance(key, int) else None))[0]


def profile(data: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    """The ICC profile that a PNG file carries, and notes of what is too large in it."""
    file, notes = png.within_limits(BytesIO(data))
    return Image.open(file, formats=("PNG",)).info.get("icc_profile"), notes

"""PNG: 8 bits a channel through Pillow, 16 bits here, because Pillow keeps only 8 of them."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image, PngImagePlugin

from editor.document.files import opencv
from editor.document.files.blocks import PROFILE
from editor.document.files.colour import fitting
from editor.document.files.metadata import MAX_METADATA, Metadata, too_large

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEY = b"XML:com.adobe.xmp"
_EXIF_KEYS = (b"Raw profile type exif", b"Raw profile type APP1")
_DESCRIBING = (b"iCCP", b"eXIf", b"tEXt", b"zTXt", b"iTXt")
_MOST_DEFLATE = 1032  # times its size that deflated data unpacks to, at most
_WORK = 4 * MAX_METADATA  # bytes that are unpacked to see how many there are
# Our own limit counts, and says what it is; Pillow's would have the file called damaged at a fraction of it.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = 2 * MAX_METADATA
_BAND = 64  # rows filtered at a time: bounds memory
_CHANNELS_TO_TYPE = {1: 0, 2: 4, 3: 2, 4: 6}
_GREY_ALPHA = 4


def depth(head: bytes) -> int:
    """Bits a channel (1 to 16) from the first 26 bytes of a PNG file, 0 if they are not one's."""
    return head[24] if head.startswith(SIGNATURE) and len(head) >= 26 else 0


def first_frame(data: bytes) -> bytes:
    """The PNG file ``data`` with its chunks checked, what follows the pixels moved before them, and no
    animation.

    Pillow and OpenCV then find all metadata without decoding, and decode the same picture. Raises
    ``ValueError`` for a file that is cut off or has a wrong checksum.
    """
    before, pixels = [], []
    at = len(SIGNATURE)
    kind = b""
    while kind != b"IEND":
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        chunk = data[at : at + 12 + length]
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise ValueError("a chunk is cut off or damaged")
        if kind not in (b"acTL", b"fcTL", b"fdAT"):
            (pixels if kind in (b"IDAT", b"IEND") else before).append(chunk)
        at += len(chunk)
    return b"".join([SIGNATURE, *before, *pixels])


def within_limits(file: BinaryIO) -> tuple[BinaryIO, tuple[str, ...]]:
    """A PNG file without a profile, or texts and EXIF, that unpack to more than ``MAX_METADATA`` all told,
    and notes that say so; ``file`` itself, at its start, if there is nothing of the kind.

    Chunks are looked at as far as they can be followed; a file of another format has none.
    """
    describing = [chunk for chunk in _chunks(file) if chunk[0] in _DESCRIBING]
    left = {True: MAX_METADATA, False: MAX_METADATA}  # for the profile, for the rest
    work = _WORK
    notes: list[str] = []
    dropped: list[tuple[int, int]] = []
    if sum(end - at for _, at, end in describing) * _MOST_DEFLATE <= MAX_METADATA:
        describing = []
    for kind, at, end in describing:
        file.seek(at + 8)
        allowed = min(left[kind == b"iCCP"], work)
        what, size, unpacked = _described(kind, file.read(end - at - 12), allowed)
        work -= unpacked
        if size <= allowed:
            left[kind == b"iCCP"] -= size
            continue
        dropped.append((at, end))
        if too_large(what) not in notes:
            notes.append(too_large(what))
    file.seek(0)
    if not dropped:
        return file, ()
    data = file.read()
    starts, ends = zip(*dropped, strict=True)
    kept = zip((0, *ends), (*starts, len(data)), strict=True)
    return BytesIO(b"".join(data[start:end] for start, end in kept)), tuple(notes)


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each chunk, where it begins and where it ends; none of a file that is not a PNG."""
    file.seek(0)
    if file.read(len(SIGNATURE)) != SIGNATURE:
        return
    at = len(SIGNATURE)
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        end = at + 12 + int.from_bytes(head[:4], "big")
        yield head[4:], at, end
        at = end


def _described(kind: bytes, data: bytes, allowed: int) -> tuple[str, int, int]:
    """What a chunk holds, in words, its bytes once unpacked, and how many of them were unpacked here to know;
    none are beyond ``allowed`` + 1.
    """
    if kind == b"eXIf":
        return "EXIF", len(data), 0
    key, _, rest = data.partition(b"\0")
    what = "XMP" if key == _XMP_KEY else "EXIF" if key in _EXIF_KEYS else "text"
    if kind == b"iCCP":
        what = PROFILE
    packed = kind in (b"iCCP", b"zTXt")
    if kind == b"iTXt":  # compressed or not, how, language, the key in that language, text
        packed = rest[:1] == b"\1"
        rest = rest[2:].split(b"\0", 2)[-1]
    elif packed:
        rest = rest[1:]
    if not packed:
        return what, len(rest), 0
    try:
        size = len(zlib.decompressobj().decompress(rest, max(allowed, 0) + 1))
    except zlib.error:
        size = 0  # no decoder gets more out of it
    return what, size, size


def pixels_alone(data: bytes) -> bytes:
    """A PNG file from ``first_frame`` with what its pixels need, and nothing else: libpng refuses large
    chunks."""
    kept = [
        data[at:end]
        for kind, at, end in _chunks(BytesIO(data))
        if kind[0] < ord("a") or kind == b"tRNS"  # capital: needed to decode
    ]
    return b"".join([SIGNATURE, *kept])


def decode_deep(data: bytes, key: int | None) -> np.ndarray:
    """The 16-bit PNG file ``data`` as (H, W, 1 to 4) uint16: grey, grey + alpha, RGB or RGBA.

    ``key`` is the grey value that is transparent, if the file names one; a colour key is seen to by OpenCV.
    Raises ``ValueError`` when it cannot be decoded.
    """
    samples = opencv.decode(pixels_alone(data))
    if data[25] == _GREY_ALPHA:
        return samples[..., [0, 3]]
    if key is None or samples.shape[2] > 1:
        return samples
    opaque = np.where(samples == key, 0, 65535).astype(np.uint16)
    return np.concatenate([samples, opaque], axis=2)


def encode(image: Image.Image, metadata: Metadata) -> bytes:
    """``image`` (mode L, LA, RGB or RGBA) as a PNG file with 8 bits a channel."""
    chunks = PngImagePlugin.PngInfo()
    if metadata.xmp:
        chunks.add(b"iTXt", _XMP_KEY + bytes(5) + metadata.xmp)
    options: dict = {"pnginfo": chunks}
    if icc := fitting(metadata.icc, grey=image.mode in ("L", "LA")):
        options["icc_profile"] = icc
    if metadata.exif:
        options["exif"] = metadata.exif
    if metadata.dpi:
        options["dpi"] = metadata.dpi
    file = BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def encode_deep(samples: np.ndarray, metadata: Metadata) -> bytes:
    """``samples`` (H, W, 1 to 4) uint16 as a PNG file with 16 bits a channel."""
    height, width, channels = samples.shape
    file = BytesIO()
    file.write(SIGNATURE)
    _put(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 16, _CHANNELS_TO_TYPE[channels], 0, 0, 0))
    if icc := fitting(metadata.icc, grey=channels <= 2):
        _put(file, b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc))
    if metadata.dpi:
        per_metre = [round(dots / 0.0254) for dots in metadata.dpi]
        _put(file, b"pHYs", struct.pack(">IIB", *per_metre, 1))
    if metadata.exif:
        _put(file, b"eXIf", metadata.exif)
    if metadata.xmp:
        _put(file, b"iTXt", _XMP_KEY + bytes(5) + metadata.xmp)
    packer = zlib.compressobj()
    above = np.zeros(width * channels * 2, np.uint8)
    for start in range(0, height, _BAND):
        rows = samples[start : start + _BAND].astype(">u2", order="C").view(np.uint8).reshape(-1, above.size)
        if packed := packer.compress(_filtered(rows, above, channels * 2)):
            _put(file, b"IDAT", packed)
        above = rows[-1]
    _put(file, b"IDAT", packer.flush())
    _put(file, b"IEND", b"")
    return file.getvalue()


def _put(file: BytesIO, kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))


def _filtered(rows: np.ndarray, above: np.ndarray, step: int) -> bytes:
    """``rows`` (N, bytes) as differences, each row by the filter that leaves the smallest ones.

    ``above`` is the row before the first, ``step`` the bytes of a pixel.
    """
    left = np.zeros_like(rows)
    left[:, step:] = rows[:, :-step]
    up = np.concatenate([above[None], rows[:-1]])
    mean = (left & up) + ((left ^ up) >> 1)  # (left + up) // 2 without leaving eight bits
    choices = np.stack([rows - left, rows - up, rows - mean])
    # A difference of 255 is one of -1: sizes are those of signed bytes.
    sizes = np.minimum(choices, 0 - choices).sum(axis=2, dtype=np.int64)
    best = sizes.argmin(axis=0)
    result = np.empty((len(rows), 1 + rows.shape[1]), np.uint8)
    result[:, 0] = best + 1  # 1 is Sub, 2 is Up, 3 is Average
    result[:, 1:] = choices[best, np.arange(len(rows))]
    return result.tobytes()

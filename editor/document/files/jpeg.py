"""JPEG: decode without a copy, and save with the source's own compression."""

from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image, JpegImagePlugin

from editor.document.files.colour import fitting
from editor.document.files.metadata import JpegSettings, Metadata

QUALITY = 92
MAX_SIDE = 65500
_EXIF = b"Exif\0\0"
_HEAD = 4  # bytes of a segment's marker and length
_APP1, _LAST = 0xE1, (0xD9, 0xDA)  # the end of the file, or the pixels, follow
# One marker segment holds 65533 bytes, less the name that EXIF and XMP put in front.
_MAX_EXIF = 65533 - len(_EXIF)
_MAX_XMP = 65533 - len(b"http://ns.adobe.com/xap/1.0/\0")


def is_jpeg(head: bytes) -> bool:
    return head.startswith(b"\xff\xd8\xff")


def opened(file: BinaryIO) -> JpegImagePlugin.JpegImageFile:
    """A JPEG, not yet decoded; of an MPO, a JPEG with more pictures after it, the first.

    What ``Image.open`` would do, less the loading of Pillow's plug-ins for other formats. EXIF in several
    segments is joined here: over a hundred million bytes of it Pillow takes a minute.
    """
    segments = _exif_segments(file)
    file.seek(0)
    if len(segments) < 2:
        return JpegImagePlugin.jpeg_factory(file)
    data = file.read()
    kept, block, at = [], [data[slice(*segments[0])]], 0
    for start, end in segments[1:]:
        kept.append(data[at : start - _HEAD])
        block.append(data[start + len(_EXIF) : end])
        at = end
    image = JpegImagePlugin.jpeg_factory(BytesIO(b"".join([*kept, data[at:]])))
    image.info["exif"] = b"".join(block)
    return image


def _exif_segments(file: BinaryIO) -> list[tuple[int, int]]:
    """Where the contents of each segment with EXIF begin and end."""
    found, at = [], 2
    while True:
        file.seek(at)
        head = file.read(_HEAD + len(_EXIF))
        if len(head) < _HEAD or head[0] != 0xFF or head[1] in _LAST:
            return found
        if head[1] == 0xFF:  # one that fills
            at += 1
            continue
        end = at + 2 + int.from_bytes(head[2:4], "big")
        if head[1] == _APP1 and head[_HEAD:] == _EXIF:
            found.append((at + _HEAD, end))
        at = end


def load_rgb(image: JpegImagePlugin.JpegImageFile) -> np.ndarray:
    """Decode an opened, not yet loaded JPEG of mode RGB straight into a new (H, W, 4) uint8 array.

    Pillow keeps RGB as four bytes with 255 in the fourth, which is the opaque RGBA wanted here: decoding
    into the array's own memory saves the conversion and two copies, half as much time again as the
    decoding itself. Raises what Pillow raises for damaged files.
    """
    pixels = np.empty((image.height, image.width, 4), np.uint8)
    image.im = Image.core.map_buffer(pixels, image.size, "raw", 0, ("RGB", 0, 1))
    image.load()
    return pixels


def settings(image: JpegImagePlugin.JpegImageFile) -> JpegSettings | None:
    """How an opened grey or colour JPEG was compressed; None for CMYK."""
    if image.layers not in (1, 3):
        return None
    try:
        tables = [tuple(image.quantization[layer[3]]) for layer in image.layer]
    except KeyError:
        return None
    while len(tables) > 1 and tables[-1] == tables[-2]:
        tables.pop()
    # -1 stands for a grey picture, or for a rare sampling that cannot be written: then keep all colour.
    sampling = max(JpegImagePlugin.get_sampling(image), 0)
    return JpegSettings(tuple(tables), sampling, bool(image.info.get("progressive")))


def encode(image: Image.Image, metadata: Metadata, quality: int | None) -> bytes:
    """``image`` (mode L or RGB) as a JPEG file.

    Without ``quality`` (1 to 100) a picture that came from a JPEG gets that file's quantisation tables and
    chroma sampling, any other quality 92; with one, colour is stored in full (4:4:4). An EXIF block or XMP
    packet over 64 KB does not fit into a JPEG and is left out.
    """
    source = metadata.jpeg
    options: dict = {"progressive": source is not None and source.progressive}
    if quality is None and source is not None:
        options |= {"qtables": [list(table) for table in source.tables], "subsampling": source.subsampling}
    else:
        options |= {"quality": QUALITY if quality is None else quality, "subsampling": 0}
    if icc := fitting(metadata.icc, grey=image.mode == "L"):
        options["icc_profile"] = icc
    if metadata.exif and len(metadata.exif) <= _MAX_EXIF:
        options["exif"] = _EXIF + metadata.exif
    if metadata.xmp and len(metadata.xmp) <= _MAX_XMP:
        options["xmp"] = metadata.xmp
    if metadata.dpi:
        options["dpi"] = metadata.dpi
    file = BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()

"""AVIF: 8 bits through Pillow, 10 and 12 through OpenCV, whose wheels bring the same library, libavif."""

import os
from io import BytesIO

import numpy as np
from PIL import Image

from editor.document.files import blocks, depth, heif_items, isobmff, opencv, profiles, resolution
from editor.document.files.colour import fitting
from editor.document.files.metadata import Metadata
from editor.document.files.opened import Opened

QUALITY = 90
LOSSLESS_QUALITY = 100
# What libavif's decoder takes unless told otherwise; a larger file could be written, and never opened.
MAX_SIDE, MAX_PIXELS = 32768, 16384 * 16384

_MAX_ITEMS = 10_000  # libavif takes seconds over them, and four times as long over twice as many
_BRANDS = {b"avif", b"avis"}
_DEEPEST = 12
_SPEED = 8  # of 0 (best) to 10: six takes three times as long for a few per cent
_IDENTITY = 0  # matrix coefficients (ITU-T H.273): RGB is stored as it is, as only lossless coding wants


def is_avif(head: bytes) -> bool:
    return not _BRANDS.isdisjoint(isobmff.brands(head))


def opened(data: bytes) -> Opened:
    """The first picture of the AVIF file ``data``. Raises what Pillow raises for a damaged one, or
    ``Refused``.

    The container's rotation and mirroring is the only orientation: EXIF's and XMP's do not count, says
    the HEIF standard (ISO/IEC 23008-12), and libavif's encoders write both.
    """
    # Not through Pillow's plug-in, which refuses a picture whose EXIF is crooked and writes the block anew to
    # put the container's orientation in.
    from PIL import _avif

    data, notes = heif_items.within_limits(data, _MAX_ITEMS)
    decoder = _avif.AvifDecoder(data, "auto", os.cpu_count() or 1)
    (width, height), _, mode, icc, block, orientation, packet = decoder.get_info()
    bits = _bits(data)
    primaries, transfer, matrix = isobmff.code_points(data) or (None, None, None)
    found = blocks.cleaned(icc, (block or b"").removeprefix(b"Exif\0\0"), packet)
    metadata = Metadata(
        format="AVIF",
        icc=found.icc or profiles.of_code_points(primaries, transfer),
        exif=found.exif,
        xmp=found.xmp,
        dpi=resolution.of_exif(found.exif),
        lossless=matrix == _IDENTITY,
    )

    def decode() -> np.ndarray:
        if bits > 8:
            return depth.to_16_bits(opencv.decode(data), bits)
        pixels, *_ = decoder.get_frame(0)
        return np.frombuffer(pixels, np.uint8).reshape(height, width, len(mode))

    return Opened(width, height, orientation, metadata, decode, notes + found.notes)


def _bits(data: bytes) -> int:
    """Bits a channel from the AV1 configuration record; the standard wants all parts to have the same."""
    for record in isobmff.payloads(data, b"meta", b"iprp", b"ipco", b"av1C"):
        if len(record) > 2 and record[2] & 0x40:
            return 12 if record[2] & 0x20 else 10
        return 8
    return 8


def encode(samples: np.ndarray, metadata: Metadata, quality: int | None) -> bytes:
    """``samples`` (H, W, 1 to 4), uint8 or uint16, as an AVIF file of 8 or 12 bits a channel.

    Grey with alpha is stored as RGB with alpha. ``quality`` (1 to 100) 100 means without loss, as far as 12
    bits go; so does None for a picture that came from a lossless file. None is 90 otherwise. With loss,
    8 bits keep all colour (4:4:4) and 12 bits a quarter of it (4:2:0), since OpenCV offers no other.
    """
    if samples.shape[2] == 2:
        samples = samples[..., [0, 0, 0, 1]]
    if quality is None:
        quality = LOSSLESS_QUALITY if metadata.lossless else QUALITY
    icc = fitting(metadata.icc, grey=samples.shape[2] == 1)
    block = resolution.into_exif(metadata.exif, metadata.dpi)
    if samples.dtype == np.uint16 or quality == LOSSLESS_QUALITY:
        return _through_opencv(samples, icc, block, metadata.xmp, quality)
    options: dict = {"quality": quality, "speed": _SPEED}
    if icc:
        options["icc_profile"] = icc
    if block:
        options["exif"] = _Verbatim(block)
    if metadata.xmp:
        options["xmp"] = metadata.xmp
    image = Image.fromarray(np.ascontiguousarray(samples.squeeze(2) if samples.shape[2] == 1 else samples))
    if image.mode != "L":
        options["subsampling"] = "4:4:4"
    file = BytesIO()
    image.save(file, "AVIF", **options)
    return file.getvalue()


class _Verbatim(Image.Exif):
    """An upright EXIF block that Pillow's plug-in takes as it is, instead of reading and rewriting it."""

    def __init__(self, block: bytes) -> None:
        super().__init__()
        self._block = block

    def __bool__(self) -> bool:
        return True

    def __contains__(self, tag: object) -> bool:
        return False

    def tobytes(self, offset: int = 8) -> bytes:
        return self._block


def _through_opencv(
    samples: np.ndarray, icc: bytes | None, block: bytes | None, packet: bytes | None, quality: int
) -> bytes:
    import cv2

    bits = 8
    if samples.dtype == np.uint16:
        bits = _DEEPEST
        samples = depth.from_16_bits(samples, bits)
    blocks = {cv2.IMAGE_METADATA_ICCP: icc, cv2.IMAGE_METADATA_EXIF: block, cv2.IMAGE_METADATA_XMP: packet}
    kept = {kind: np.frombuffer(value, np.uint8) for kind, value in blocks.items() if value}
    order = [2, 1, 0, 3][: samples.shape[2]] if samples.shape[2] > 1 else [0]
    options = [
        *(cv2.IMWRITE_AVIF_QUALITY, quality),
        *(cv2.IMWRITE_AVIF_DEPTH, bits),
        *(cv2.IMWRITE_AVIF_SPEED, _SPEED),
    ]
    try:
        done, file = cv2.imencodeWithMetadata(
            ".avif", np.ascontiguousarray(samples[..., order]), list(kept), list(kept.values()), options
        )
    except cv2.error as error:
        raise OSError("OpenCV cannot encode this picture") from error
    if not done:
        raise OSError("OpenCV cannot encode this picture")
    return file.tobytes()

"""JPEG XL: with or without loss, 8 and 16 bits."""

import numpy as np

from editor.document.files import blocks, jxl_container, jxl_header, profiles, resolution
from editor.document.files.colour import fitting
from editor.document.files.errors import Refused
from editor.document.files.metadata import MAX_METADATA, Metadata
from editor.document.files.opened import Opened
from editor.document.files.reading import MAX_PIXELS

LOSSLESS_QUALITY = 100
MAX_IN_ALL = 8 * MAX_PIXELS  # of all channels: libjxl decodes those that are not shown, too
# The binding takes larger distances for something else.
_MAX_DISTANCE = 15.0


def is_jxl(head: bytes) -> bool:
    return head.startswith((jxl_container.CODESTREAM, jxl_container.CONTAINER))


def opened(data: bytes) -> Opened:
    """The JPEG XL file ``data``; of an animation the last frame, since pyjpegxl gives no other. Raises what
    pyjpegxl raises, or ``Refused``.

    libjxl turns the picture as the codestream says, and that alone counts (ISO/IEC 18181-2): the
    orientation in EXIF and XMP repeats it. A file without a profile gets the one for its colour space.
    """
    import pyjpegxl

    parts = jxl_container.unpacked(data)
    header = jxl_header.read(parts.codestream)
    if header.icc > MAX_METADATA:  # and the picture cannot be had without it: it lies before the pixels
        raise Refused(f"its colour profile is larger than the limit of {MAX_METADATA >> 20} MB")
    probed = pyjpegxl.probe(parts.codestream)
    if header.icc and not probed.icc:
        raise Refused(
            f"its colour profile claims {header.icc:,} bytes in a file of {len(data):,}, which libjxl does "
            "not unpack; it may be damaged"
        )
    found = blocks.cleaned(probed.icc, parts.exif, parts.xmp)
    metadata = Metadata(
        format="JPEG XL",
        icc=found.icc,
        exif=found.exif,
        xmp=found.xmp,
        dpi=resolution.of_exif(found.exif),
    )

    def decode() -> np.ndarray:
        channels = probed.num_color_channels + header.extra
        if probed.width * probed.height * channels > MAX_IN_ALL:
            raise Refused(
                f"its {channels:,} channels hold more than the limit of {MAX_IN_ALL // 1_000_000} megapixels "
                "together"
            )
        # Room is made here, because pyjpegxl ends the program when there is none.
        shape = (probed.height, probed.width, probed.num_color_channels + probed.has_alpha)
        samples = np.empty(shape, np.uint8 if probed.bits_per_sample <= 8 else np.uint16)
        pyjpegxl.decode_into(parts.codestream, samples)
        return samples

    return Opened(probed.width, probed.height, 1, metadata, decode, parts.notes + found.notes)


def can_hold(icc: bytes | None, *, grey: bool) -> bool:
    """Whether colours of this profile can be saved: sRGB's, which is what a file without a profile has.

    pyjpegxl puts a profile into a box of its own making, which nobody else looks for: a file with other
    colours than sRGB's would be shown wrong everywhere.
    """
    icc = fitting(icc, grey=grey)
    return icc is None or profiles.is_srgb(icc)


def encode(samples: np.ndarray, metadata: Metadata, quality: int | None) -> bytes:
    """``samples`` (H, W, 1 to 4), uint8 or uint16 in sRGB, as a JPEG XL file of the same depth.

    ``quality`` (1 to 100) is libjxl's; None and 100 mean without loss. The profile is left out: see
    ``can_hold``.
    """
    import pyjpegxl

    options: dict = {}
    if quality is None or quality >= LOSSLESS_QUALITY:
        # Higher efforts take several times longer for a few per cent.
        options |= {"lossless": True, "speed": pyjpegxl.EncoderSpeed.Falcon}
    else:
        options |= {"quality": _distance(quality), "speed": pyjpegxl.EncoderSpeed.Squirrel}
    try:
        encoded = pyjpegxl.encode_from_numpy(np.ascontiguousarray(samples), **options)
    except RuntimeError as error:
        raise OSError("libjxl cannot encode this picture") from error
    return jxl_container.packed(encoded, resolution.into_exif(metadata.exif, metadata.dpi), metadata.xmp)


def _distance(quality: int) -> float:
    """The Butteraugli distance that libjxl's ``JxlEncoderDistanceFromQuality`` gives; 90 is 1.0."""
    if quality >= 30:
        return 0.1 + (100 - quality) * 0.09
    return min(53 / 3000 * quality**2 - 23 / 20 * quality + 25, _MAX_DISTANCE)

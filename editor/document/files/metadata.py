"""What a picture file says besides its pixels, and is saved with again."""

import math
from dataclasses import dataclass

# Bytes, unpacked, that a profile, an EXIF block or an XMP packet may have; what is larger is left out and the
# picture opened without it. A large packet has some hundred thousand, the largest profiles a few million.
MAX_METADATA = 64 << 20


@dataclass(frozen=True)
class JpegSettings:
    """How a JPEG was compressed, so that it can be saved at the same quality.

    ``tables`` holds one to three quantisation tables of 64 values in component order (the last serves
    the components left over), in Pillow's order of values. ``subsampling`` is Pillow's number:
    0 is 4:4:4, 1 is 4:2:2, 2 is 4:2:0.
    """

    tables: tuple[tuple[int, ...], ...]
    subsampling: int
    progressive: bool


@dataclass(frozen=True)
class Metadata:
    """Blocks in the form they have between formats; None where the file has none.

    ``exif`` is a TIFF-structured block without ``Exif\\0\\0`` whose orientation is 1 and whose thumbnail
    is gone; ``xmp`` is the packet, its ``tiff:Orientation`` 1 as well. ``dpi`` is (x, y), finite and above
    0. ``lossless`` is True for a WebP or an AVIF that was stored without loss, so that it is saved so again.
    """

    format: str | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    jpeg: JpegSettings | None = None
    lossless: bool = False


def too_large(what: str, limit: int = MAX_METADATA) -> str:
    """The note for a part of the metadata that is beyond the limit, a sentence without a full stop."""
    return f"Its {what} is larger than the limit of {limit >> 20:,} MB and was left out"


def damaged(what: str) -> str:
    """The note for a part of the metadata that cannot be followed."""
    return f"Its {what} is damaged and was left out"


def usable_dpi(value: object) -> tuple[float, float] | None:
    """``value`` as (x, y) dots per inch, or None when it is not a pair of sensible numbers."""
    try:
        x, y = (float(v) for v in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (x, y) if all(math.isfinite(v) and 1 <= v < 65536 for v in (x, y)) else None

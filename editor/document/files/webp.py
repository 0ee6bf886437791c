"""WebP: with or without loss."""

from io import BytesIO

from PIL import Image

from editor.document.files.colour import fitting
from editor.document.files.metadata import Metadata

QUALITY = 90
LOSSLESS_QUALITY = 100
MAX_SIDE = 16383


def canvas(head: bytes) -> tuple[int, int]:
    """Width and height that a WebP file's extended header gives; (1, 1) for a file that has none."""
    if head[12:16] != b"VP8X" or len(head) < 30:
        return 1, 1
    width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    return width, height


def is_lossless(data: bytes) -> bool:
    """Whether the first picture in a WebP file (its first kilobytes will do) is stored without loss."""
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind in (b"VP8 ", b"VP8L"):
            return kind == b"VP8L"
        # The chunks of an animation's frame lie inside it, after a 16-byte head; the others are skipped.
        at += 8 + 16 if kind == b"ANMF" else 8 + size + size % 2
    return False


def encode(image: Image.Image, metadata: Metadata, quality: int | None) -> bytes:
    """``image`` (mode RGB or RGBA) as a WebP file.

    ``quality`` 100 means without loss, exact even where alpha is 0; so does None for a picture that came
    from a lossless WebP. None is 90 otherwise. WebP has no place for the resolution but EXIF.
    """
    if quality is None:
        quality = LOSSLESS_QUALITY if metadata.lossless else QUALITY
    lossless = quality >= LOSSLESS_QUALITY
    # In lossless mode "quality" is effort: 100 takes many times longer for a few per cent.
    options: dict = {"lossless": lossless, "exact": lossless, "quality": 50 if lossless else quality}
    if icc := fitting(metadata.icc, grey=False):
        options["icc_profile"] = icc
    if metadata.exif:
        options["exif"] = metadata.exif
    if metadata.xmp:
        options["xmp"] = metadata.xmp
    file = BytesIO()
    image.save(file, "WEBP", **options)
    return file.getvalue()

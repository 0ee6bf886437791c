"""HEIF and HEIC, to read: no encoder for it is free to ship (x265 is under the GPL)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from editor.document.files import alpha, blocks, depth, heif_items, isobmff, profiles, resolution
from editor.document.files.errors import Refused
from editor.document.files.metadata import Metadata
from editor.document.files.opened import Opened

# As in AVIF. libheif itself goes on to 1,074 megapixels, in several times the memory of the picture.
MAX_PIXELS = 16384 * 16384

_MAX_ITEMS = 1000  # libheif's limit, and its words for all of them
_SECURITY_LIMIT = re.compile(r"Security limit exceeded:? *")
# Single pictures and sequences, HEVC-coded or not said how.
_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}


def is_heif(head: bytes) -> bool:
    """Whether these first bytes begin a HEIF file; AVIF files are HEIF too, so ask for AVIF first."""
    return not _BRANDS.isdisjoint(isobmff.brands(head))


def opened(data: bytes) -> Opened:
    """The primary picture of the HEIF file ``data``. Raises what pi-heif raises for a damaged one, or
    ``Refused``.

    libheif turns the picture as the container says, and that alone counts: the orientation in EXIF and
    XMP repeats it (ISO/IEC 23008-12).
    """
    import pi_heif

    data, notes = heif_items.within_limits(data, _MAX_ITEMS)
    with _explained():
        file = pi_heif.open_heif(
            heif_items.primary_alone(data), convert_hdr_to_8bit=False, hdr_to_16bit=False
        )
    image = file[file.primary_index]
    width, height = image.size
    mode, _, bits = image.mode.partition(";")
    block = (image.info["exif"] or b"").removeprefix(b"Exif\0\0")
    packet = (image.info.get("xmp") or b"").rstrip(b"\0")
    found = blocks.cleaned(image.info.get("icc_profile"), block, packet)
    points = image.info.get("nclx_profile") or {}
    metadata = Metadata(
        format="HEIF",
        icc=found.icc
        or profiles.of_code_points(points.get("color_primaries"), points.get("transfer_characteristics")),
        exif=found.exif,
        xmp=found.xmp,
        dpi=resolution.of_exif(found.exif),
    )

    def decode() -> np.ndarray:
        with _explained():
            samples = np.asarray(image)
        samples = samples.reshape(*samples.shape[:2], -1)
        if bits:
            samples = depth.to_16_bits(samples, int(bits))
        if mode.endswith("a"):
            samples = samples.copy()
            alpha.divide(samples)
        return samples

    return Opened(width, height, 1, metadata, decode, notes + found.notes)


@contextmanager
def _explained() -> Iterator[None]:
    """Raise ``Refused`` where libheif reports one of its own limits, or a picture of another size than the
    file says."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        words = " ".join(str(error).split())
        if limit := _SECURITY_LIMIT.search(words):
            told = words[limit.end() :].rstrip(".")
            raise Refused(f"it is beyond a limit of libheif, which reads it: {told}") from error
        if "does not have the size signaled" in words:
            raise Refused(
                "its picture is not of the size it says; it is damaged or cut off; try another copy"
            ) from error
        raise

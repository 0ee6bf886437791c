"""HEIF and HEIC, to read: no encoder for it is free to ship (x265 is under the GPL)."""

import numpy as np

from editor.document.files import alpha, depth, exif, isobmff, profiles, resolution, xmp
from editor.document.files.metadata import Metadata
from editor.document.files.opened import Opened

# Single pictures and sequences, HEVC-coded or not said how.
_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}


def is_heif(head: bytes) -> bool:
    """Whether these first bytes begin a HEIF file; AVIF files are HEIF too, so ask for AVIF first."""
    return not _BRANDS.isdisjoint(isobmff.brands(head))


def opened(data: bytes) -> Opened:
    """The primary picture of the HEIF file ``data``. Raises what pi-heif raises for a damaged one.

    libheif turns the picture as the container says, and that alone counts: the orientation in EXIF and
    XMP repeats it (ISO/IEC 23008-12).
    """
    import pi_heif

    file = pi_heif.open_heif(data, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    image = file[file.primary_index]
    width, height = image.size
    mode, _, bits = image.mode.partition(";")
    block, _ = exif.clean((image.info["exif"] or b"").removeprefix(b"Exif\0\0"))
    packet, _ = xmp.clean((image.info.get("xmp") or b"").rstrip(b"\0"))
    points = image.info.get("nclx_profile") or {}
    metadata = Metadata(
        format="HEIF",
        icc=image.info.get("icc_profile")
        or profiles.of_code_points(points.get("color_primaries"), points.get("transfer_characteristics")),
        exif=block,
        xmp=packet or None,
        dpi=resolution.of_exif(block),
    )

    def decode() -> np.ndarray:
        samples = np.asarray(image)
        samples = samples.reshape(*samples.shape[:2], -1)
        if bits:
            samples = depth.to_16_bits(samples, int(bits))
        if mode.endswith("a"):
            samples = samples.copy()
            alpha.divide(samples)
        return samples

    return Opened(width, height, 1, metadata, decode)

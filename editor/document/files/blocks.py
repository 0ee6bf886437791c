"""The blocks of a picture's metadata as its file has them, made fit to be kept, or left out with a word."""

from dataclasses import dataclass

from editor.document.files import exif, ifd, xmp
from editor.document.files.errors import Refused
from editor.document.files.metadata import MAX_METADATA, damaged, too_large

_XMP, _ICC = 700, 34675  # tags of TIFF
PROFILE = "colour profile"


@dataclass(frozen=True)
class Blocks:
    """``icc``, ``exif`` and ``xmp`` as ``Metadata`` has them. ``orientation`` is the one (1 to 8) that EXIF,
    or else XMP, asked for, None if neither did. ``notes`` say what was left out, as in ``Document``.
    """

    icc: bytes | None
    exif: bytes | None
    xmp: bytes | None
    orientation: int | None
    notes: tuple[str, ...]


def cleaned(icc: bytes | None, block: bytes | None, packet: bytes | None) -> Blocks:
    """A file's profile, its EXIF block without ``Exif\\0\\0`` in front and its XMP packet; None for none.

    What is larger than ``MAX_METADATA`` is left out, and so is EXIF that cannot be followed.
    """
    notes: list[str] = []

    def within(what: str, data: bytes | None) -> bytes:
        if data and len(data) > MAX_METADATA:
            notes.append(too_large(what))
            return b""
        return data or b""

    icc, block, packet = within(PROFILE, icc), within("EXIF", block), within("XMP", packet)
    upright = turned = None
    try:
        upright, turned = exif.clean(block)
        if block and upright is None:
            notes.append(damaged("EXIF"))
    except Refused as error:
        notes.append(f"Its EXIF was left out: {error}")
    packet, turned_in_xmp = xmp.clean(packet)
    return Blocks(icc or None, upright, packet or None, turned or turned_in_xmp, tuple(notes))


def of_tiff(source: ifd.Block, first: ifd.Directory) -> Blocks:
    """What a TIFF file says in its ``first`` directory; its own orientation, which counts more, apart.

    Nothing larger than ``MAX_METADATA`` is copied: a few bytes may name the same large value many times.
    """
    notes: list[str] = []

    def raw(tag: int, what: str) -> bytes:
        entry = first.entries.get(tag)
        if entry is not None and entry.size > MAX_METADATA:
            notes.append(too_large(what))
            return b""
        return source.raw(entry) if entry is not None else b""

    icc, packet = raw(_ICC, PROFILE), raw(_XMP, "XMP")
    block = None
    if not source.big:  # a BigTIFF's directories have another layout than EXIF's
        block = exif.from_tiff(source, first, notes)
    packet, turned = xmp.clean(packet)
    return Blocks(icc or None, block, packet or None, turned, tuple(notes))

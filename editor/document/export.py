"""A flat copy of a document: in another format, smaller, in sRGB. The document itself is not changed."""

from dataclasses import dataclass, field, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from editor.document import icc, resample, storage
from editor.document.files import depth, profiles, raster
from editor.document.model import Document

SMALLEST = 16  # pixels, of the longer side
_STRIP = 512  # rows that are converted at a time, to keep memory down
RESIZES = ("none", "longest", "percent")


@dataclass(frozen=True)
class Format:
    """A format to export to. ``quality`` is where its choice begins, None where there is none; ``lossless``
    the one that loses nothing. ``deep``: it can hold 16 bits a channel, or 12."""

    id: str
    title: str
    suffixes: tuple[str, ...]  # the usual one first
    quality: int | None = None
    lossless: int | None = None
    deep: bool = False

    @property
    def suffix(self) -> str:
        return self.suffixes[0]

    @property
    def is_there(self) -> bool:
        """Whether this installation can write it."""
        return self.id != "jxl" or find_spec("pyjpegxl") is not None


FORMATS = {
    each.id: each
    for each in (
        Format("jpeg", "JPEG", raster.JPEG_SUFFIXES, 90),
        Format("png", "PNG", (".png",), deep=True),
        Format("webp", "WebP", (".webp",), 85, 100),
        Format("avif", "AVIF", (".avif",), 75, 100, deep=True),
        Format("jxl", "JPEG XL", (".jxl",), 90, 100, deep=True),
        Format("tiff", "TIFF", (".tif", ".tiff"), deep=True),
    )
}


@dataclass(frozen=True)
class Choices:
    """How to export. ``qualities`` (1 to 100) are by format; ``resize`` is one of ``RESIZES``, to at most
    ``side`` pixels of the longer side, or to ``percent`` of both; nothing is made larger."""

    format: str = "jpeg"
    qualities: dict[str, int] = field(
        default_factory=lambda: {each.id: each.quality for each in FORMATS.values() if each.quality}
    )
    resize: str = "none"
    side: int = 2048
    percent: int = 50
    srgb: bool = True
    metadata: bool = True  # keep what the camera wrote, and the copyright
    deep: bool = False  # 16 bits a channel, where picture and format have them

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Choices":
        """Kept choices, as far as they make sense."""
        choices = cls()
        kept = {name: value for name, value in values.items() if name in _ACCEPTS and _ACCEPTS[name](value)}
        if isinstance(values.get("qualities"), dict):
            given = {key: each for key, each in values["qualities"].items() if _is_number(each, 1, 100)}
            kept["qualities"] = choices.qualities | {
                key: given[key] for key in choices.qualities if key in given
            }
        return replace(choices, **kept)

    @property
    def values(self) -> dict[str, Any]:
        """For the settings."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def target(self) -> Format:
        return FORMATS[self.format]

    @property
    def picture_key(self) -> tuple:
        """Choices with the same one make the same picture, and differ only in how it is encoded."""
        deep = self.deep and self.target.deep
        return self.resize, self.side, self.percent, self.srgb, self.metadata, deep

    @property
    def quality(self) -> int | None:
        """None for a format that has none."""
        return self.qualities.get(self.format)


def _is_number(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


_ACCEPTS = {
    "format": lambda value: isinstance(value, str) and value in FORMATS,
    "resize": lambda value: isinstance(value, str) and value in RESIZES,
    "side": lambda value: _is_number(value, SMALLEST, 300_000),
    "percent": lambda value: _is_number(value, 1, 100),
    "srgb": lambda value: isinstance(value, bool),
    "metadata": lambda value: isinstance(value, bool),
    "deep": lambda value: isinstance(value, bool),
}


def size(width: int, height: int, choices: Choices) -> tuple[int, int]:
    """The pixels that a picture of ``width`` x ``height`` is exported with."""
    factor = 1.0
    if choices.resize == "longest":
        factor = min(choices.side / max(width, height), 1.0)
    elif choices.resize == "percent":
        factor = choices.percent / 100
    return max(round(width * factor), 1), max(round(height * factor), 1)


def needs_srgb(document: Document) -> bool:
    """Whether there is anything to convert: its colours are not sRGB's already."""
    profile = document.metadata.icc
    return profile is not None and not profiles.is_srgb(profile)


def picture(document: Document, choices: Choices) -> raster.Raster:
    """What is to be encoded: flat, of its size, in its colours and with the metadata that it keeps.

    For a ``snapshot`` of the document in any thread. Raises ValueError for a profile that cannot be used.
    """
    flat = storage.flattened(document)
    pixels, metadata = flat.pixels, flat.metadata
    target = size(document.width, document.height, choices)
    if target != (document.width, document.height):
        pixels = resample.resize(pixels, *target)
    if choices.srgb and needs_srgb(document):
        convert = icc.converter(metadata.icc, None, pixels.dtype)
        for top in range(0, len(pixels), _STRIP):
            strip = pixels[top : top + _STRIP, :, :3]
            strip[:] = convert(strip)
        metadata = replace(metadata, icc=None if flat.grey else profiles.profile(profiles.SRGB))
    if pixels.dtype == np.uint16 and not (choices.deep and choices.target.deep):
        pixels = depth.from_16_bits(pixels, 8)
    if not choices.metadata:
        metadata = replace(metadata, exif=None, xmp=None)
    return replace(flat, pixels=pixels, metadata=metadata)


def write(path: Path, prepared: raster.Raster, choices: Choices) -> int:
    """Write what ``picture`` made; the bytes of the file. Raises FileError, and then nothing was changed."""
    raster.write(path, prepared, quality=choices.quality)
    return path.stat().st_size

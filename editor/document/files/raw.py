"""Camera RAW (DNG, CR2, CR3, NEF, ARW, RAF ...), developed by LibRaw to 16 bits."""

import os
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from editor.document.files import blocks, ifd, isobmff, profiles, reading, temperature
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.files.raster import Raster, expanded

if TYPE_CHECKING:
    import rawpy

# What begins a RAW file that is no plain TIFF file: Fujifilm, Olympus (three), Panasonic, Sigma, Minolta,
# Canon's first.
_MARKS = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAPCCDR")
_PHOTOMETRIC, _SUB_DIRECTORIES = 262, 330
_MOSAIC, _LINEAR_RAW = 32803, 34892
_MOST_DIRECTORIES = 16

# Per space: LibRaw's name, and the gamma and the slope near black of its curve, as LibRaw wants them.
_SPACES = {
    "sRGB": (profiles.SRGB, "sRGB", (2.4, 12.92)),
    "Adobe RGB": (profiles.ADOBE_RGB, "Adobe", (563 / 256, 0)),
    "ProPhoto RGB": (profiles.PROPHOTO_RGB, "ProPhoto", (1.8, 0)),
}
_HIGHLIGHTS = {"clip": "Clip", "blend": "Blend", "reconstruct": "ReconstructDefault"}
_NOISE_REDUCTIONS = {"off": "Off", "light": "Light", "full": "Full"}
_DEMOSAICS = ("LINEAR", "VNG", "PPG", "AHD", "DCB", "DHT", "AAHD")
_WHITE_BALANCES = ("as shot", "auto", "daylight", "custom")


@dataclass(frozen=True)
class DevelopSettings:
    """How a RAW file becomes a picture. Raises ``ValueError`` for what is out of range.

    ``white_balance``: "as shot" is the camera's, "auto" makes the picture grey on average, "daylight" is
    fixed. "custom" takes the light's ``temperature`` (2000 to 25000 kelvin) and ``tint`` (-150 to 150, above
    0 for greener light), or instead of both the ``multipliers`` of red, green and blue, above 0.
    ``exposure``: stops, -2 to 3; one doubles linear light. ``highlights``: what to do where a channel is
    full: "clip", "blend" or "reconstruct". ``auto_brightness`` brightens until 1 % of the pixels are
    clipped. ``noise_reduction``: FBDD before demosaicing, "off", "light" or "full". ``demosaic``: "LINEAR",
    "VNG", "PPG", "AHD", "DCB", "DHT" or "AAHD". ``space``: "sRGB", "Adobe RGB" or "ProPhoto RGB".
    """

    white_balance: str = "as shot"
    temperature: float = 5500.0
    tint: float = 0.0
    multipliers: tuple[float, float, float] | None = None
    exposure: float = 0.0
    highlights: str = "clip"
    auto_brightness: bool = False
    noise_reduction: str = "off"
    demosaic: str = "AHD"
    space: str = "sRGB"

    def __post_init__(self) -> None:
        chosen = (
            ("white_balance", self.white_balance, _WHITE_BALANCES),
            ("highlights", self.highlights, _HIGHLIGHTS),
            ("noise_reduction", self.noise_reduction, _NOISE_REDUCTIONS),
            ("demosaic", self.demosaic, _DEMOSAICS),
            ("space", self.space, _SPACES),
        )
        for name, value, choices in chosen:
            if value not in choices:
                raise ValueError(f"{name} is {value!r}, not one of {', '.join(choices)}")
        ranges = (
            ("temperature", self.temperature, temperature.LOWEST, temperature.HIGHEST),
            ("tint", self.tint, -150, 150),
            ("exposure", self.exposure, -2, 3),  # LibRaw's range
        )
        for name, value, low, high in ranges:
            if not low <= value <= high:
                raise ValueError(f"{name} is {value:g}, not from {low:g} to {high:g}")
        if self.multipliers is not None and not all(0 < value < 1000 for value in self.multipliers):
            raise ValueError("multipliers must be above 0")


def is_raw(head: bytes) -> bool:
    """Whether a file that begins so is RAW of a kind of its own; most kinds are TIFF: ``is_raw_tiff``."""
    canon = (head.startswith(b"II*\0") and head[8:10] == b"CR") or b"crx " in isobmff.brands(head)
    return canon or head.startswith(_MARKS)


def is_raw_tiff(data) -> bool:
    """Whether a TIFF file (bytes or mmap) holds a sensor's values: colour filter array or linear RAW."""
    try:
        source = ifd.Block(data)
        first = source.directory(source.first)
    except ifd.BadBlock:
        return False
    directories = [first]
    for at in source.numbers(first, _SUB_DIRECTORIES)[:_MOST_DIRECTORIES]:
        try:
            directories.append(source.directory(at))
        except ifd.BadBlock:
            continue
    return any(
        kind in (_MOSAIC, _LINEAR_RAW) for each in directories for kind in source.numbers(each, _PHOTOMETRIC)
    )


def read(path: str | os.PathLike, settings: DevelopSettings | None = None) -> Raster:
    """Develop a RAW file to 16 bits, upright, with the profile of its space. Raises ``FileError``.

    EXIF and XMP come along where the file is of TIFF's structure or has a JPEG with EXIF in it.
    """
    path = Path(path)
    with reading.explained(path):
        return developed(path, settings)


def preview(path: str | os.PathLike, settings: DevelopSettings | None, max_side: int) -> Raster:
    """What ``read`` gives, quickly and no longer than ``max_side`` pixels a side: each 2 x 2 of the sensor's
    pixels become one, and the rest is done by averaging. Raises ``FileError``.
    """
    path = Path(path)
    with reading.explained(path):
        picture = developed(path, settings, half_size=True)
        height, width = picture.pixels.shape[:2]
        scale = max_side / max(height, width)
        if scale >= 1:
            return picture
        import cv2

        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
        return replace(picture, pixels=pixels)


def developed(path: Path, settings: DevelopSettings | None = None, *, half_size: bool = False) -> Raster:
    """``read`` without the errors in words: raises what rawpy raises too. For ``raster`` and this module."""
    import rawpy

    settings = settings or DevelopSettings()
    space, libraw_space, gamma = _SPACES[settings.space]
    data = path.read_bytes()
    try:
        with rawpy.imread(BytesIO(data)) as file:
            reading.guard(file.sizes.raw_width, file.sizes.raw_height, path.name)
            samples = file.postprocess(
                output_bps=16,
                output_color=rawpy.ColorSpace[libraw_space],
                gamma=gamma,
                half_size=half_size,
                demosaic_algorithm=rawpy.DemosaicAlgorithm[settings.demosaic],
                fbdd_noise_reduction=rawpy.FBDDNoiseReductionMode[
                    _NOISE_REDUCTIONS[settings.noise_reduction]
                ],
                highlight_mode=rawpy.HighlightMode[_HIGHLIGHTS[settings.highlights]],
                exp_shift=2.0**settings.exposure,
                no_auto_bright=not settings.auto_brightness,
                **_white_balance(file, settings),
            )
            described = _blocks(data, file)
    except rawpy.LibRawFileUnsupportedError as error:
        raise FileError(
            f"Cannot open {path.name}: this camera's RAW files are not known here, or it is damaged; "
            "convert it to DNG first."
        ) from error
    pixels, grey, has_alpha = expanded(samples)
    metadata = Metadata(
        format="camera RAW", icc=profiles.profile(space), exif=described.exif, xmp=described.xmp
    )
    return Raster(pixels, grey, has_alpha, metadata, described.notes)


def _white_balance(file: "rawpy.RawPy", settings: DevelopSettings) -> dict:
    if settings.white_balance == "as shot":
        return {"use_camera_wb": True}
    if settings.white_balance == "auto":
        return {"use_auto_wb": True}
    if settings.white_balance == "daylight":
        return {}
    multipliers = settings.multipliers or _multipliers(file, settings)
    return {"user_wb": [*multipliers, multipliers[1]]}


def _multipliers(file: "rawpy.RawPy", settings: DevelopSettings) -> tuple[float, float, float]:
    """What makes the light of the settings' temperature and tint grey.

    LibRaw's colour matrix takes the camera's values, balanced for daylight, to linear sRGB; backwards it
    says how the camera sees the light.
    """
    x, y = temperature.chromaticity(settings.temperature, settings.tint)
    light = np.linalg.solve(profiles.matrix(profiles.SRGB), (x / y, 1.0, (1 - x - y) / y))
    daylight = np.array(file.daylight_whitebalance[:3])
    seen = np.linalg.solve(file.color_matrix[:, :3], light) / daylight
    red, green, blue = 1 / np.maximum(seen, 1e-3)
    return red / green, 1.0, blue / green


def _blocks(data: bytes, file: "rawpy.RawPy") -> blocks.Blocks:
    """EXIF and XMP."""
    try:
        source = ifd.Block(data)
        return blocks.of_tiff(source, source.directory(source.first))
    except ifd.BadBlock:
        return blocks.cleaned(None, _exif_of_preview(file), None)


def _exif_of_preview(file: "rawpy.RawPy") -> bytes | None:
    import rawpy

    from editor.document.files import jpeg

    try:
        thumbnail = file.extract_thumb()
        if thumbnail.format != rawpy.ThumbFormat.JPEG:
            return None
        image = jpeg.opened(BytesIO(thumbnail.data))
    except (rawpy.LibRawError, OSError, SyntaxError):
        return None
    return image.info.get("exif", b"").removeprefix(b"Exif\0\0")

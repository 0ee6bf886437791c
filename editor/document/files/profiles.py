"""ICC profiles of RGB spaces made from their primaries, white and tone curve (ICC.1:2022, version 4)."""

import struct
from dataclasses import dataclass
from io import BytesIO

import numpy as np

_D50 = (0.9642, 1.0, 0.8249)  # the white of the profile connection space
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_HEADER, _ENTRY = 128, 12
_P3, _SRGB_TRANSFER = 12, 13  # code points of ITU-T H.273


@dataclass(frozen=True)
class Space:
    """An RGB space: CIE 1931 chromaticities (x, y) of red, green, blue and white, and its tone curve.

    ``curve`` is one number, the gamma, or the five (g, a, b, c, d) of ICC's parametric curve 3, which give
    linear light ``(a * v + b) ** g`` for an encoded ``v`` from ``d`` on and ``c * v`` below.
    """

    name: str
    primaries: tuple[tuple[float, float], ...]
    white: tuple[float, float]
    curve: tuple[float, ...]


_D65_WHITE, _D50_WHITE = (0.3127, 0.3290), (0.3457, 0.3585)
# IEC 61966-2-1; Adobe RGB (1998) Color Image Encoding; ISO 22028-2 (ROMM RGB), without the straight piece
# near black, as most profiles of it are.
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
SRGB = Space("sRGB", ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), _D65_WHITE, _SRGB_CURVE)
DISPLAY_P3 = Space("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.15, 0.06)), _D65_WHITE, _SRGB_CURVE)
ADOBE_RGB = Space("Adobe RGB (1998)", ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), _D65_WHITE, (563 / 256,))
PROPHOTO_RGB = Space(
    "ProPhoto RGB",
    ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)),
    _D50_WHITE,
    (1.8,),
)


def matrix(space: Space) -> np.ndarray:
    """(3, 3): linear RGB of the space to CIE XYZ under its own white, whose Y is 1."""
    primaries = np.stack([_xyz(xy) for xy in space.primaries], axis=1)
    return primaries * np.linalg.solve(primaries, _xyz(space.white))


def profile(space: Space) -> bytes:
    """The space as the bytes of a display profile with a matrix and parametric curves."""
    adapted = _adaptation(_xyz(space.white))
    red, green, blue = (_position(column) for column in (adapted @ matrix(space)).T)
    curve = b"para" + struct.pack(">IHH", 0, 0 if len(space.curve) == 1 else 3, 0) + _fixed(*space.curve)
    tags = [
        (b"desc", _text(space.name)),
        (b"cprt", _text("No copyright, use freely")),
        (b"wtpt", _position(_D50)),
        (b"chad", b"sf32" + bytes(4) + _fixed(*adapted.ravel())),
        *((b"rXYZ", red), (b"gXYZ", green), (b"bXYZ", blue)),
        *((name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    return _assembled(tags)


def of_code_points(primaries: int | None, transfer: int | None) -> bytes | None:
    """The profile for code points of ITU-T H.273, which HEIF and AVIF files may have instead of a profile.

    Display P3's alone, which phones write; None for sRGB's, which need none, and for all others.
    """
    return profile(DISPLAY_P3) if (primaries, transfer) == (_P3, _SRGB_TRANSFER) else None


def is_srgb(icc: bytes) -> bool:
    """Whether a profile for RGB or grey gives sRGB's colours, to one of 255; False for a damaged one."""
    from PIL import Image, ImageCms

    # All pairs of levels in all channels, which shows the curves and the primaries.
    levels = np.arange(0, 256, 5, dtype=np.uint8)
    if grey := icc[16:20] == b"GRAY":
        chart = levels[None]
    else:
        chart = np.stack(np.meshgrid(levels, levels, levels[::10]), axis=-1).reshape(-1, levels.size, 3)
    try:
        seen = ImageCms.profileToProfile(
            Image.fromarray(chart), BytesIO(icc), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return False
    expected = chart[..., None] if grey else chart
    return bool(np.abs(np.asarray(seen).astype(int) - expected).max() <= 1)


def _xyz(xy: tuple[float, float]) -> np.ndarray:
    x, y = xy
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _adaptation(white: np.ndarray) -> np.ndarray:
    """The Bradford matrix that takes XYZ under ``white`` to XYZ under D50."""
    gains = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    return np.linalg.solve(_BRADFORD, gains[:, None] * _BRADFORD)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _position(values) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _text(words: str) -> bytes:
    encoded = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(encoded), 28) + encoded


def _assembled(tags: list[tuple[bytes, bytes]]) -> bytes:
    table = struct.pack(">I", len(tags))
    at = _HEADER + 4 + _ENTRY * len(tags)
    body = b""
    places: dict[bytes, tuple[int, int]] = {}  # the three curves are one
    for name, data in tags:
        if data not in places:
            places[data] = (at + len(body), len(data))
            body += data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", *places[data])
    header = struct.pack(
        ">I4sI4s4s4s6H4s4s",
        *(_HEADER + len(table) + len(body), bytes(4), 0x04400000, b"mntr", b"RGB ", b"XYZ "),
        *(2026, 1, 1, 0, 0, 0),
        *(b"acsp", bytes(4)),
    )
    header = (header.ljust(68, b"\0") + _fixed(*_D50)).ljust(_HEADER, b"\0")
    return header + table + body

"""From one ICC profile's colours to another's, at 8 bits by littleCMS, at 16 in floats.

Pillow's littleCMS takes no RGB of 16 bits. Profiles that are a matrix and curves, as cameras' and working
spaces' are, are therefore computed here from their tags (ICC.1:2022, sections 10.6, 10.18 and F.3): exact to
1/65535. Others, with tables, go through a grid of 52 x 52 x 52 colours that littleCMS converts at 8 bits,
interpolated between: within about 1/255 of littleCMS, without steps, as long as the profile's values are
about as far apart as they look.
"""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

INTENTS = ("perceptual", "relative", "saturation", "absolute")  # in littleCMS's order

_D50 = (0.9642, 1.0, 0.8249)  # the white of the profile connection space
_MAX_TAGS = 200
_STEPS = 1 << 18  # of the table that encodes linear light, by its square root: a quarter of 1/65535 apart
_NODES = np.arange(0, 256, 5, dtype=np.uint8)  # 52, each a whole number of 8 bits


class _Shaper(NamedTuple):
    """``matrix`` (3, 3) gives XYZ under D50 of linear RGB; ``curves`` (3, 65536) linear light of values."""

    matrix: np.ndarray
    curves: np.ndarray


def space(icc: bytes) -> str:
    """ "RGB", "GRAY", "CMYK" ... Raises ValueError for what is no profile."""
    return str(_opened(icc).profile.xcolor_space).strip()


def description(icc: bytes) -> str:
    """The profile's name for itself."""
    from PIL import ImageCms

    try:
        name = " ".join(ImageCms.getProfileDescription(_opened(icc)).split())
    except (ImageCms.PyCMSError, OSError, ValueError):
        return "damaged profile"
    return name or "unnamed profile"


def converter(
    source: bytes | None,
    target: bytes | None,
    dtype: np.dtype,
    intent: str = "relative",
    black_point: bool = True,
) -> Callable[[np.ndarray], np.ndarray]:
    """A function that takes RGB of shape (h, w, 3), uint8 or uint16 as ``dtype`` says, from one profile to
    another; None stands for sRGB. ``source`` may be for grey values, which all three channels then hold.

    ``black_point``: black point compensation (ISO 18619). Raises ValueError for an unknown intent and for
    profiles that cannot be used so.
    """
    from PIL import ImageCms

    if intent not in INTENTS:
        raise ValueError(f"no rendering intent is called {intent!r}")
    profiles = _opened(source), _opened(target)
    spaces = [str(each.profile.xcolor_space).strip() for each in profiles]
    if spaces[0] not in ("RGB", "GRAY") or spaces[1] != "RGB":
        raise ValueError(f"A picture cannot be converted from {spaces[0]} to {spaces[1]} here.")
    if dtype == np.uint16 and intent != "absolute":
        shapers = _shaper(profiles[0].tobytes(), b"A2B"), _shaper(profiles[1].tobytes(), b"B2A")
        if shapers[0] is not None and shapers[1] is not None:
            return _computed(*shapers)
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION if black_point else ImageCms.Flags.NONE
    if dtype == np.uint16:
        flags |= ImageCms.Flags.NOOPTIMIZE  # which would take a coarser grid of its own
    mode = "L" if spaces[0] == "GRAY" else "RGB"
    try:
        transform = ImageCms.buildTransform(
            *profiles, mode, "RGB", ImageCms.Intent(INTENTS.index(intent)), flags
        )
    except ImageCms.PyCMSError as error:
        raise ValueError(f"The profile cannot be used: {error}") from None

    def convert(rgb: np.ndarray) -> np.ndarray:
        values = rgb[..., 0] if mode == "L" else rgb
        return np.asarray(ImageCms.applyTransform(Image.fromarray(np.ascontiguousarray(values)), transform))

    return convert if dtype == np.uint8 else _interpolated(convert)


def _opened(icc: bytes | None):
    from PIL import ImageCms

    try:
        if icc is None:
            return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        return ImageCms.ImageCmsProfile(BytesIO(icc))
    except (ImageCms.PyCMSError, OSError):
        raise ValueError("The colour profile cannot be read.") from None


# --- Matrix and curves ---


def _shaper(icc: bytes, table: bytes) -> _Shaper | None:
    """None if the profile has a ``table`` that goes before its matrix, or is not simple enough."""
    try:
        tags = _tags(icc)
        if any(name.startswith((table, b"D2B", b"B2D")) for name in tags) or icc[20:24] != b"XYZ ":
            return None
        if icc[16:20] == b"GRAY":
            matrix, curves = np.diag(_D50), np.stack([_curve(tags[b"kTRC"])] * 3)
        else:
            matrix = np.stack([_position(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
            curves = np.stack([_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")])
    except (LookupError, ValueError, struct.error):
        return None
    # With a black that is not 0, black point compensation would have something to do.
    usable = np.isfinite(curves).all() and not curves[:, 0].any() and abs(np.linalg.det(matrix)) > 1e-6
    return _Shaper(matrix, curves) if usable else None


def _tags(icc: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", icc, 128)
    if count > _MAX_TAGS:
        raise ValueError("too many tags")
    tags = {}
    for index in range(count):
        name, offset, size = struct.unpack_from(">4sII", icc, 132 + 12 * index)
        tags[name] = icc[offset : offset + size]
    return tags


def _position(tag: bytes) -> np.ndarray:
    if tag[:4] != b"XYZ ":
        raise ValueError("not a colour")
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes) -> np.ndarray:
    """(65536,) linear light, 0..1, for all values of 16 bits."""
    x = np.linspace(0, 1, 65536)
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            return x
        if count == 1:
            return x ** (struct.unpack_from(">H", tag, 12)[0] / 256)
        values = np.frombuffer(tag, ">u2", count, 12) / 65535
        return np.interp(x, np.linspace(0, 1, count), values)
    if tag[:4] != b"para":
        raise ValueError("not a curve")
    (kind,) = struct.unpack_from(">H", tag, 8)
    gamma, *rest = np.array(struct.unpack_from(f">{(1, 3, 4, 5, 7)[kind]}i", tag, 12)) / 65536
    a, b, c, d, e, f = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if kind in (1, 2):
        a, b = rest[:2]
        if a == 0:
            raise ValueError("not a curve")
        d = -b / a
        e = f = rest[2] if kind == 2 else 0.0
    elif kind in (3, 4):
        a, b, c, d = rest[:4]
        e, f = rest[4:] if kind == 4 else (0.0, 0.0)
    return np.where(x >= d, np.maximum(a * x + b, 0) ** gamma + e, c * x + f).clip(0, 1)


def _computed(source: _Shaper, target: _Shaper) -> Callable[[np.ndarray], np.ndarray]:
    matrix = np.linalg.solve(target.matrix, source.matrix)
    light = (np.arange(_STEPS + 1) / _STEPS) ** 2
    values = np.linspace(0, 65535, 65536)
    encodings = [
        np.rint(np.interp(light, np.maximum.accumulate(curve), values)).astype(np.uint16)
        for curve in target.curves
    ]

    def convert(rgb: np.ndarray) -> np.ndarray:
        linear = np.stack([curve[rgb[..., place]].ravel() for place, curve in enumerate(source.curves)])
        linear = matrix @ linear
        np.clip(linear, 0, 1, out=linear)
        np.sqrt(linear, out=linear)
        linear *= _STEPS
        linear += 0.5
        places = linear.astype(np.int32)
        out = np.empty_like(rgb)
        for channel, encoding in enumerate(encodings):
            out[..., channel] = encoding[places[channel]].reshape(rgb.shape[:2])
        return out

    return convert


# --- A grid of colours ---


def _interpolated(convert: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """``convert``, of 8 bits, for 16: trilinear interpolation between the nodes of a grid."""
    count = len(_NODES)
    chart = np.stack(np.meshgrid(_NODES, _NODES, _NODES, indexing="ij"), axis=-1)
    grid = convert(chart.reshape(count * count, count, 3)).reshape(-1, 3).astype(np.float32) * 257
    strides = (count * count, count, 1)

    def interpolate(rgb: np.ndarray) -> np.ndarray:
        places = rgb.reshape(-1, 3) * np.float32((count - 1) / 65535)
        low = np.minimum(places.astype(np.int32), count - 2)
        share = places - low
        first = low @ np.array(strides, np.int32)
        out = np.zeros((len(first), 3), np.float32)
        for corner in range(8):
            upper = [bool(corner & bit) for bit in (4, 2, 1)]
            weight = np.ones(len(first), np.float32)
            for axis, is_upper in enumerate(upper):
                weight *= share[:, axis] if is_upper else 1 - share[:, axis]
            step = sum(stride for stride, is_upper in zip(strides, upper, strict=True) if is_upper)
            out += grid[first + step] * weight[:, None]
        return np.rint(out).astype(np.uint16).reshape(rgb.shape)

    return interpolate

"""What several adjustments need of colour science: luminosity, linear light, colours kept in gamut."""

from functools import cache

import numpy as np

from editor.document.adjustments import lut

# W3C "Compositing and Blending Level 1" (non-separable modes), the weights that the blend modes use.
LUMINOSITY = tuple(np.float32(weight) for weight in (0.3, 0.59, 0.11))
# Stands in for, or is added to, a divisor that may be zero; too small to change one that is not.
TINY = np.float32(1e-12)


def luminosity(colour: np.ndarray) -> np.ndarray:
    """The luminosity, (h, w) within 0..1, of a (3, h, w) colour."""
    red, green, blue = LUMINOSITY
    grey = colour[0] * red
    grey += colour[1] * green
    grey += colour[2] * blue
    return np.minimum(grey, 1, out=grey)


def extent(colour: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest and the smallest channel of each pixel, two of (h, w), of a (3, h, w) colour."""
    red, green, blue = colour
    top = np.maximum(red, green)
    bottom = np.minimum(red, green)
    return np.maximum(top, blue, out=top), np.minimum(bottom, blue, out=bottom)


def recolour(colour: np.ndarray, target: np.ndarray, scale: np.ndarray | float = 1) -> np.ndarray:
    """``colour`` moved to the luminosity ``target``, its distances from grey multiplied by ``scale``.

    Where that leaves 0..1, the distances shrink together so far that it just fits, which keeps hue and
    luminosity. With ``scale`` 1 this is W3C's SetLum. ``colour`` is (3, h, w) and may exceed 0..1;
    ``target`` and ``scale`` are (h, w), the former within 0..1.
    """
    grey = luminosity(colour)
    top, bottom = extent(colour)
    # Rounding may put a grey's luminosity just outside its channels: no distance is below zero.
    top -= grey
    np.maximum(top, TINY, out=top)
    np.divide(1 - target, top, out=top)
    np.subtract(grey, bottom, out=bottom)
    np.maximum(bottom, TINY, out=bottom)
    np.divide(target, bottom, out=bottom)
    fit = np.minimum(top, bottom, out=top)
    np.minimum(fit, np.float32(scale) if np.isscalar(scale) else scale, out=fit)
    out = colour - grey
    out *= fit
    out += target
    return np.clip(out, 0, 1, out=out)


def mix(matrix: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """A (3, h, w) colour times a (3, 3) matrix, not clipped."""
    # Not "@": BLAS may round a pixel differently in a block of another shape, and start threads of its own.
    out = np.empty_like(colour)
    term = np.empty_like(colour[0])
    for row, plane in zip(matrix.astype(np.float32), out, strict=True):
        np.multiply(colour[0], row[0], out=plane)
        for weight, channel in zip(row[1:], colour[1:], strict=True):
            plane += np.multiply(channel, weight, out=term)
    return out


def to_linear(encoded: np.ndarray) -> np.ndarray:
    """Linear light of gamma-encoded values within 0..1: sRGB's curve, IEC 61966-2-1."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def from_linear(linear: np.ndarray) -> np.ndarray:
    """The inverse of ``to_linear``."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


@cache
def linear_table() -> np.ndarray:
    """Linear light of each encoded value."""
    return lut.table(to_linear(lut.axis()))


@cache
def encoding_table() -> np.ndarray:
    """The encoded value for each square root of linear light.

    The curve is steep at black: steps even in linear light would leave 13 steps out there for one.
    """
    return lut.table(from_linear(lut.axis() ** 2))

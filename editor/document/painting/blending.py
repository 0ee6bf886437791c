"""Colour put on a part of a tile with a strength for each pixel.

``pixels`` are (h, w, channels) uint8 or uint16, ``colour`` has for each channel but alpha a number or an
(h, w) float32 plane in the range of the pixels, ``strength`` is (h, w) float32, 0..1, and may be used up.
``rounding``, a number or an (h, w) plane, is added before what is behind the point is dropped. Where the
strength is 0, every byte stays.
"""

from collections.abc import Sequence

import numpy as np

Values = Sequence["np.floating | np.ndarray"]

NEAREST = np.float32(0.5)


def over(
    pixels: np.ndarray,
    colour: Values,
    strength: np.ndarray,
    keeps_alpha: bool,
    rounding: "np.floating | np.ndarray" = NEAREST,
) -> np.ndarray:
    """``colour`` over straight RGBA; transparent pixels are painted only if not ``keeps_alpha``.

    A pixel that ends up fully transparent is 0 in all channels if it was painted.
    """
    import cv2

    maximum = np.float32(np.iinfo(pixels.dtype).max)
    *planes, alpha = cv2.split(pixels)
    weight = strength
    if keeps_alpha:
        weight = strength * (alpha > 0)
    elif alpha.min() < maximum:
        covered = alpha * (1 / maximum)
        union = covered * -strength
        union += covered
        union += strength
        weight = np.divide(strength, union, out=np.zeros_like(union), where=union > 0)
        union *= maximum
        union += rounding
        alpha = union.astype(pixels.dtype)
        weight *= alpha > 0
    painted = []
    for plane, value in zip(planes, colour, strict=True):
        values = value - plane.astype(np.float32)
        values *= weight
        values += plane
        values += rounding
        painted.append(values.astype(pixels.dtype))
    return cv2.merge([*painted, alpha])


def erased(pixels: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Straight RGBA with that much less alpha."""
    out = pixels.copy()
    out[..., 3] = pixels[..., 3] * (1 - strength) + NEAREST
    out[(out[..., 3] == 0) & (strength > 0)] = 0
    return out


def toward(
    pixels: np.ndarray,
    colour: Values,
    strength: np.ndarray,
    rounding: "np.floating | np.ndarray" = NEAREST,
) -> np.ndarray:
    """A mask, (h, w, 1), nearer to the one value of ``colour``."""
    values = pixels[..., 0] + strength * (colour[0] - pixels[..., 0])
    return (values + rounding).astype(pixels.dtype)[..., None]

"""What painting must come to, in float64."""

import numpy as np

from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage


def over(before: np.ndarray, colour, strength) -> np.ndarray:
    """W3C source-over in premultiplied float64: straight RGBA as floats in the range of ``before``.

    ``colour``, 0..1, is one or (h, w, 3); ``strength`` is (h, w).
    """
    maximum = np.iinfo(before.dtype).max
    alpha = before[..., 3:] / maximum
    premultiplied = before[..., :3] / maximum * alpha
    strength = np.asarray(strength, np.float64)[..., None]
    out_alpha = strength + alpha * (1 - strength)
    out = np.array(colour) * strength + premultiplied * (1 - strength)
    straight = np.divide(out, out_alpha, out=np.zeros_like(out), where=out_alpha > 0)
    return np.concatenate([straight, out_alpha], axis=-1) * maximum


def laplace(inside: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(H, W, C) float64 that solves Laplace's equation where ``inside`` with ``values`` where ``known``, both
    (H, W) bool, and no flow to anywhere else: one dense system, solved directly."""
    numbers = np.full(inside.shape, -1)
    numbers[inside] = np.arange(inside.sum())
    matrix = np.zeros((inside.sum(),) * 2)
    right = np.zeros((inside.sum(), values.shape[2]))
    for row, column in np.argwhere(inside):
        here = numbers[row, column]
        for down, across in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            place = row + down, column + across
            if min(place) < 0 or place[0] >= inside.shape[0] or place[1] >= inside.shape[1]:
                continue
            if inside[place]:
                matrix[here, here] += 1
                matrix[here, numbers[place]] -= 1
            elif known[place]:
                matrix[here, here] += 1
                right[here] += values[place]
    out = np.zeros(values.shape)
    out[inside] = np.linalg.solve(matrix, right)
    return out


def blank(width: int = 600, height: int = 520, dtype=np.uint8) -> tuple[Document, PixelLayer]:
    """An opaque white Background and an empty layer over it."""
    background = np.full((height, width, 4), np.iinfo(dtype).max, dtype)
    document = Document.from_pixels(background)
    document.layers += (PixelLayer("Layer", TiledImage(4, dtype)),)
    return document, document.layers[1]

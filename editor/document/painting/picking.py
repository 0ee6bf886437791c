"""The eyedropper."""

import math

from editor.document.geometry import Rect
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.painting.target import Colour


def sample(
    document: Document, x: float, y: float, size: int = 1, layer: PixelLayer | None = None
) -> Colour | None:
    """The colour at a place of the picture or of a layer's own pixels: red, green and blue, 0..1.

    It is the mean of ``size`` x ``size`` pixels around the one that (``x``, ``y``) lies in, as far as they
    are on the canvas, each weighed by its alpha; None where there is no colour.
    """
    half = size // 2
    around = Rect(math.floor(x) - half, math.floor(y) - half, size, size).intersected(document.rect)
    if not around or not Rect(math.floor(x), math.floor(y), 1, 1).intersected(document.rect):
        return None
    pixels = document.composite(around) if layer is None else layer.image.read(around)
    weights = pixels[..., 3:].astype(float)
    total = weights.sum()
    if not total:
        return None
    red, green, blue = (pixels[..., :3] * weights).sum(axis=(0, 1)) / (total * document.maximum)
    return float(red), float(green), float(blue)

"""Edges of a picture with nothing on them."""

from collections.abc import Callable

import numpy as np

from editor.document import canvas
from editor.document.geometry import NOWHERE, Rect
from editor.document.layers import PixelLayer, walk
from editor.document.model import Document
from editor.document.progress import each
from editor.document.tiles import TILE

KINDS = ("transparent", "top left", "bottom right")
_ROWS = 4 * TILE  # of the picture that are looked at at a time


def trim(document: Document, kind: str) -> None:
    """Crop to what is left without edges that are transparent throughout, or of the colour that a corner has.

    Raises ValueError if nothing or everything would be left, and for another ``kind``.
    """
    if kind not in KINDS:
        raise ValueError(f"no way to trim is called {kind!r}")
    rect = document.rect
    if kind == "transparent":

        def matters(pixels: np.ndarray) -> np.ndarray:
            return pixels[..., 3] > 0

    else:
        x, y = (rect.x, rect.y) if kind == "top left" else (rect.right - 1, rect.bottom - 1)
        corner = document.composite(Rect(x, y, 1, 1))[0, 0]

        def matters(pixels: np.ndarray) -> np.ndarray:
            return (pixels != corner).any(axis=2)

    area = _bounds(document, matters)
    if not area:
        raise ValueError("There is nothing but that. The picture stays as it is.")
    if area == rect:
        raise ValueError("There is nothing to trim at the edges.")
    canvas.crop(document, area)


def reveal(document: Document) -> None:
    """Make the canvas large enough for all that the layers have beyond it."""
    area = document.rect
    for layer in walk(document.layers):
        if isinstance(layer, PixelLayer):
            area = area.united(layer.image.bounds())
    canvas.crop(document, area)


def _bounds(document: Document, matters: Callable[[np.ndarray], np.ndarray]) -> Rect:
    """The smallest rectangle with all pixels that matter."""
    area, rect = NOWHERE, document.rect
    for top in each(range(rect.y, rect.bottom, _ROWS)):
        strip = Rect(rect.x, top, rect.width, _ROWS).intersected(rect)
        found = matters(document.composite(strip))
        rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
        if rows.size:
            left, first = int(columns[0]), int(rows[0])
            width, height = int(columns[-1]) - left + 1, int(rows[-1]) - first + 1
            area = area.united(Rect(rect.x + left, top + first, width, height))
    return area

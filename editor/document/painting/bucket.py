"""The paint bucket."""

import numpy as np

from editor.document import select
from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.painting.areas import everywhere
from editor.document.painting.target import Colour, Target
from editor.document.tiles import TileKey


def bucket(
    document: Document,
    layer: Layer,
    point: tuple[int, int],
    colour: Colour,
    tolerance: float = 32,
    *,
    contiguous: bool = True,
    sample_all: bool = False,
    antialias: bool = True,
    opacity: float = 1,
    on_mask: bool = False,
) -> None:
    """Paint what is coloured like the pixel at ``point`` (column, row) and selected.

    Colours are compared as `selections.wand` says, ``tolerance`` 0..255: on the layer, on its mask if that is
    painted, or with ``sample_all`` in the picture. Raises ValueError for a point outside the picture.
    """
    target = Target(document, layer, on_mask=on_mask)

    def grey(area: Rect) -> np.ndarray:
        values = target.image.read(area)
        return np.concatenate([values, values, values, np.full_like(values, 255)], axis=2)

    read = document.composite if sample_all else grey if on_mask else target.image.read
    area, found = select.coloured_like(document, read, point, tolerance, contiguous, antialias)
    values = target.colour(colour)
    share = np.float32(min(max(opacity, 0), 1) / 255)

    def painted(key: TileKey, box: Rect, before: np.ndarray | None) -> np.ndarray | None:
        shared = box.intersected(area)
        inside = shared.moved(-box.x, -box.y).slices
        tile = target.blank() if before is None else before.copy()
        strength = found[shared.moved(-area.x, -area.y).slices] * share
        tile[inside] = target.painted(key, before, values, strength, inside)
        return target.image.kept(tile)

    everywhere(target, area, painted, "Paint bucket")

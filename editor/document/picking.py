"""Which layer a place in the picture belongs to."""

import math
from collections.abc import Iterable

from editor.document.geometry import Rect
from editor.document.layers import Group, Layer, PixelLayer
from editor.document.model import Document

LEAST = 0.1  # of full cover: what is fainter is looked through


def layer_at(document: Document, x: float, y: float, *, group: bool = False) -> Layer | None:
    """The uppermost layer with pixels to be seen at (x, y), in pixels of the picture; None if there is none.

    Adjustments are looked through. ``group``: the outermost group that the layer lies in, if it is in one.
    """
    pixel = Rect(math.floor(x), math.floor(y), 1, 1)
    found = _uppermost(document.layers, pixel, 1.0)
    if found is None or not group:
        return found
    return (*document.groups_around(found), found)[0]


def _uppermost(layers: Iterable[Layer], pixel: Rect, share: float) -> Layer | None:
    for layer in reversed(tuple(layers)):
        if not layer.visible:
            continue
        cover = share * layer.opacity
        if layer.mask is not None and layer.mask.enabled:
            cover *= float(layer.mask.image.read(pixel)[0, 0, 0]) / 255
        if isinstance(layer, Group):
            found = _uppermost(layer.children, pixel, cover)
            if found is not None:
                return found
        elif isinstance(layer, PixelLayer):
            alpha = float(layer.image.read(pixel)[0, 0, 3]) / layer.image.maximum
            if cover * alpha >= LEAST:
                return layer
    return None

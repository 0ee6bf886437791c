"""What can be done with the values of a layer's mask, as one undoable edit each."""

import math
from dataclasses import replace

from editor.document import selections
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.progress import portion
from editor.document.stack import set_mask
from editor.document.tiles import TiledImage


def feather(document: Document, layer: Layer, radius: float) -> None:
    """Soften the mask's edges with a Gaussian whose standard deviation is ``radius`` pixels.

    A mask with nothing of its own beyond the canvas is taken to go on beyond it, so that it does not fade at
    the picture's border. Nothing happens without a mask, or to one of a single value. Raises Locked, and
    ValueError for a negative radius.
    """
    if not (math.isfinite(radius) and radius >= 0):
        raise ValueError(f"A mask cannot be feathered by {radius} pixels.")
    mask = layer.mask
    bounds = None if mask is None else mask.image.bounds()
    if not bounds:
        return
    area = bounds.grown(math.ceil(4 * radius) + 2)
    if bounds.intersected(document.rect) == bounds:
        area = area.intersected(document.rect)
    with portion(0.9):
        values = selections.feather(mask.image.read(area)[..., 0], radius)
    plain = TiledImage.from_array(values[..., None], area.x, area.y, default=mask.image.default)
    image = TiledImage(1, mask.image.dtype, mask.image.default)
    image.tiles = {key: tile for key, tile in plain.tiles.items() if (tile != image.default).any()}
    set_mask(document, layer, replace(mask, image=image), "Feather layer mask")

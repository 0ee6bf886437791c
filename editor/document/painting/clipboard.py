"""Pixels out of a picture and into it as a new layer."""

import numpy as np

from editor.document import stack
from editor.document.files import depth
from editor.document.geometry import Rect
from editor.document.layers import Layer, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage, TileWriter


def copy(document: Document, layer: PixelLayer | None = None) -> tuple[np.ndarray, int, int] | None:
    """What is selected, or all there is, of a layer's pixels or (None) of the whole picture.

    Returns straight RGBA (h, w, 4) in the document's depth and the x and y of its corner; None if there is
    nothing.
    """
    selection = document.selection
    area = (selection.bounds() if selection.tiles else document.rect).intersected(document.rect)
    if layer is not None:
        area = area.intersected(layer.image.bounds())
    if not area:
        return None
    pixels = document.composite(area) if layer is None else layer.image.read(area)
    if selection.tiles:
        alpha = pixels[..., 3] * (selection.read(area)[..., 0] / np.float32(255))
        pixels[..., 3] = np.rint(alpha)
    pixels[pixels[..., 3] == 0] = 0
    return pixels, area.x, area.y


def paste(
    document: Document,
    pixels: np.ndarray,
    x: int,
    y: int,
    *,
    above: Layer | None = None,
    name: str = "Pasted",
) -> PixelLayer:
    """A new layer with ``pixels``, straight RGBA (h, w, 4) of 8 or 16 bits, whose corner is at (x, y)."""
    if pixels.ndim != 3 or pixels.shape[2] != 4 or not pixels.size:
        raise ValueError(f"pixels of the shape {pixels.shape} cannot be pasted")
    if pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"pixels of the type {pixels.dtype} cannot be pasted")
    if pixels.dtype != document.dtype:
        pixels = (depth.to_16_bits if document.bits == 16 else depth.from_16_bits)(pixels, 8)
    writer = TileWriter(TiledImage(4, document.dtype))
    writer.write(Rect(x, y, pixels.shape[1], pixels.shape[0]), pixels)
    layer = PixelLayer(name, writer.image)
    stack.add(document, layer, above=above, name="Paste")
    return layer

"""A new document that comes from no file."""

import numpy as np

from editor.document import planes
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TILE, TiledImage


def blank(
    width: int, height: int, *, bits: int = 8, colour: tuple[float, float, float] | None, dpi: float
) -> Document:
    """A document of one layer, all of ``colour`` (sRGB, 0..1) or, None, of nothing; ``bits`` is 8 or 16.

    Raises ValueError for a size that no picture may have.
    """
    planes.check_size(width, height)
    dtype = np.dtype(np.uint8 if bits == 8 else np.uint16)
    image = TiledImage(4, dtype)
    if colour is not None:
        maximum = image.maximum
        _fill(image, Rect(0, 0, width, height), [*(round(part * maximum) for part in colour), maximum])
    return Document(
        width,
        height,
        dtype,
        [PixelLayer("Layer 1" if colour is None else "Background", image)],
        has_alpha=colour is None,
        metadata=Metadata(dpi=(float(dpi), float(dpi))),
    )


def _fill(image: TiledImage, area: Rect, value: list[int]) -> None:
    """Fill ``area``; the many tiles that look the same are one array."""
    tiles: dict[tuple[int, int], np.ndarray] = {}  # by how much of them is filled
    for key, box in image.boxes(area):
        shared = box.intersected(area)
        size = shared.height, shared.width
        if size not in tiles:
            tile = tiles[size] = np.zeros((TILE, TILE, 4), image.dtype)
            tile[: shared.height, : shared.width] = value
            tile.flags.writeable = False
        image.tiles[key] = tiles[size]

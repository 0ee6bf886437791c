"""A picture made smaller for an engine that needs no more of it."""

import numpy as np

from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.tiles import TILE


def averaged(document: Document, area: Rect, side: int) -> np.ndarray:
    """What shows of ``area``, (h, w, 3) float32 RGB [0, 1], where clear grey.

    Each pixel is the mean of a whole block, the blocks as large as leave the longer side ``side`` pixels or
    more; it goes strip by strip. Any thread may ask for that of a snapshot.
    """
    block = max(max(area.width, area.height) // side, 1)
    strip = max(TILE // block, 1) * block
    rows = []
    for top in range(area.y, area.bottom, strip):
        pixels = document.composite(Rect(area.x, top, area.width, min(strip, area.bottom - top)))
        rows.append(_means(pixels, block))
    return np.concatenate(rows)


def _means(pixels: np.ndarray, block: int) -> np.ndarray:
    """(ceil(h / block), ceil(w / block), 3) float32 [0, 1]; the last blocks repeat their last pixels."""
    values = pixels.astype(np.float32)
    values *= np.float32(1 / np.iinfo(pixels.dtype).max)
    alpha = values[..., 3:]
    colour = values[..., :3] * alpha + np.float32(0.5) * (1 - alpha)
    height, width = colour.shape[:2]
    padding = (-height % block, -width % block)
    colour = np.pad(colour, ((0, padding[0]), (0, padding[1]), (0, 0)), "edge")
    split = colour.reshape(colour.shape[0] // block, block, colour.shape[1] // block, block, 3)
    return split.mean(axis=(1, 3))

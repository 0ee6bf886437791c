"""The picture as engines that only look at it see it."""

import numpy as np

from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.tiles import TILE


def averaged(document: Document, area: Rect, block: int) -> np.ndarray:
    """What shows of ``area``, each ``block`` x ``block`` pixels as one: (h, w, 3) float32 RGB [0, 1].

    Strip by strip; what is clear is grey. Blocks that reach beyond the area repeat its last pixels. Any
    thread may ask for that of a snapshot.
    """
    strip = max(TILE // block, 1) * block
    rows = []
    for top in range(area.y, area.bottom, strip):
        pixels = document.composite(Rect(area.x, top, area.width, min(strip, area.bottom - top)))
        rows.append(_averaged(pixels, block))
    return np.concatenate(rows)


def _averaged(pixels: np.ndarray, block: int) -> np.ndarray:
    values = pixels.astype(np.float32)
    values *= np.float32(1 / np.iinfo(pixels.dtype).max)
    alpha = values[..., 3:]
    colour = values[..., :3] * alpha + np.float32(0.5) * (1 - alpha)
    if block == 1:
        return colour
    height, width = colour.shape[:2]
    padding = (-height % block, -width % block)
    colour = np.pad(colour, ((0, padding[0]), (0, padding[1]), (0, 0)), "edge")
    split = colour.reshape(colour.shape[0] // block, block, colour.shape[1] // block, block, 3)
    return split.mean(axis=(1, 3))

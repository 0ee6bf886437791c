"""A large area painted in steps, each of which sees what those before it have made."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from engines.base import Box

MOST = 48  # steps; a larger area is painted coarser


@dataclass(frozen=True)
class Window:
    """One step."""

    box: Box  # that the model sees, in pixels of the region
    cell: Box  # what it is to paint of it


def windows(hole: np.ndarray, side: int) -> list[Window]:
    """Squares of ``side`` pixels, or larger ones, by which a hole (h, w) bool is painted, in order.

    Each paints one cell of half its side, and sees a quarter of its side on all sides of that. Those that lie
    next to what is known come first; of these the ones that have most of it around them.
    """
    cell = side // 2
    while len(cells := list(_cells(hole, cell))) > MOST:
        cell += cell // 4
    height, width = hole.shape
    unknown = hole.copy()
    out = []
    while cells:
        seen = [_known_around(unknown, each, cell) for each in cells]
        chosen = cells.pop(int(np.argmax(seen)))
        unknown[chosen.slices] = False
        x = min(max(chosen.x + chosen.width // 2 - cell, 0), max(width - 2 * cell, 0))
        y = min(max(chosen.y + chosen.height // 2 - cell, 0), max(height - 2 * cell, 0))
        out.append(Window(Box(x, y, min(2 * cell, width), min(2 * cell, height)), chosen))
    return out


def _cells(hole: np.ndarray, side: int) -> Iterator[Box]:
    """Boxes of a grid that hold any of the hole, each cut to what it holds."""
    height, width = hole.shape
    for top in range(0, height, side):
        for left in range(0, width, side):
            part = hole[top : top + side, left : left + side]
            if part.any():
                x, y, across, down = cv2.boundingRect(part.astype(np.uint8))
                yield Box(left + x, top + y, across, down)


def _known_around(unknown: np.ndarray, cell: Box, reach: int) -> float:
    """The share of what a step would see that is known."""
    rows = slice(max(cell.y - reach // 2, 0), cell.y + cell.height + reach // 2)
    columns = slice(max(cell.x - reach // 2, 0), cell.x + cell.width + reach // 2)
    return 1 - float(unknown[rows, columns].mean())

"""From what a network found to pixels of the picture."""

import cv2
import numpy as np

from engines.base import Box
from engines.select.requests import Found

_SPECK = 0.02  # of the largest part's area: what is smaller is an accident of the network


def tidied(found: Found) -> np.ndarray:
    """(n, n) logits of ``found`` without specks: parts apart from the largest, and holes, that are tiny."""
    logits = found.logits.copy()
    for sign in (1, -1):
        inside = (logits * sign > 0).astype(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
        areas = stats[:, cv2.CC_STAT_AREA]
        if count > 1:
            # Holes are measured by the object, for the ground around it says nothing about them.
            whole = areas[1:].max() if sign > 0 else int((logits > 0).sum())
            for label in range(1, count):
                if areas[label] < _SPECK * whole:
                    logits[labels == label] *= -1
    return logits


def bounds(logits: np.ndarray, width: int, height: int) -> Box:
    """Where the object lies in a picture of ``width`` x ``height``: empty if nothing was found."""
    rows, columns = (np.flatnonzero((logits > 0).any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:
        return Box(0, 0, 0, 0)
    cell = max(width, height) / len(logits)
    # Interpolation may carry the edge up to one cell on.
    left, top = (max(int((first - 1) * cell), 0) for first in (columns[0], rows[0]))
    right = min(int(np.ceil((columns[-1] + 2) * cell)), width)
    bottom = min(int(np.ceil((rows[-1] + 2) * cell)), height)
    return Box(left, top, max(right - left, 0), max(bottom - top, 0))


def mask(logits: np.ndarray, width: int, height: int, box: Box) -> np.ndarray:
    """(box.height, box.width) bool: the object within ``box`` of a ``width`` x ``height`` picture.

    The logits lie over the square on the picture's longer side; between their centres they are interpolated.
    """
    if box.width == 0 or box.height == 0:
        return np.zeros((box.height, box.width), bool)
    scale = len(logits) / max(width, height)
    at = [(corner + 0.5) * scale - 0.5 for corner in (box.x, box.y)]
    matrix = np.array([[scale, 0, at[0]], [0, scale, at[1]]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    values = cv2.warpAffine(
        logits, matrix, (box.width, box.height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return values > 0


def outlines(inside: np.ndarray, scale: float, offset: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """Closed lines around what is ``inside``, each (n, 2) x, y: pixels times ``scale`` plus ``offset``."""
    # On a frame of zeros, so that a line closes along the picture's edge; its corners are pixels' centres.
    framed = np.pad(inside.astype(np.uint8), 1)
    lines, _ = cv2.findContours(framed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    rounded = (cv2.approxPolyDP(line, 0.75, closed=True)[:, 0] for line in lines)
    return tuple((line - 0.5) * scale + np.asarray(offset) for line in rounded if len(line) > 2)

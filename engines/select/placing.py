"""From what a network found to pixels of the picture."""

import cv2
import numpy as np

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


def bounds(logits: np.ndarray, side: float) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom of the object, of logits over a square of ``side`` pixels; None without one.

    Interpolation carries its edge no farther.
    """
    rows, columns = (np.flatnonzero((logits > 0).any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:
        return None
    cell = side / len(logits)
    low, high = ((columns[0], rows[0]), (columns[-1], rows[-1]))
    return (
        *(float(max(first - 0.5, 0) * cell) for first in low),
        *(float(min(last + 1.5, len(logits)) * cell) for last in high),
    )


def mask(logits: np.ndarray, side: float, corner: tuple[float, float], size: tuple[int, int]) -> np.ndarray:
    """(height, width) bool: the object within a box, of logits over a square of ``side`` pixels.

    ``corner`` is the box's x, y from the square's, ``size`` its width and height. Between the centres of the
    logits they are interpolated; beyond the square they go on as at its edge.
    """
    if 0 in size:
        return np.zeros(size[::-1], bool)
    scale = len(logits) / side
    matrix = np.array(
        [[scale, 0, (corner[0] + 0.5) * scale - 0.5], [0, scale, (corner[1] + 0.5) * scale - 0.5]]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP  # a cubic would ring about where specks were
    return cv2.warpAffine(logits, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE) > 0


def outlines(inside: np.ndarray, scale: float, offset: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """Closed lines around what is ``inside``, each (n, 2) x, y: pixels times ``scale`` plus ``offset``."""
    # On a frame of zeros, so that a line closes along the picture's edge; its corners are pixels' centres.
    framed = np.pad(inside.astype(np.uint8), 1)
    lines, _ = cv2.findContours(framed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    rounded = (cv2.approxPolyDP(line, 0.75, closed=True)[:, 0] for line in lines)
    return tuple((line - 0.5) * scale + np.asarray(offset) for line in rounded if len(line) > 2)

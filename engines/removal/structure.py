"""What ZITS is told of a picture's structure beside the picture: edges, drawn lines, places in the hole."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

EDGE_SIGMA = 3.0
_LOW, _HIGH = 0.1, 0.2  # gradients, Sobel's unscaled, between and above which there may be and is an edge
_PLACES = 128  # of the positional encoding
_SIDE = 256  # of the mask that it is made of


def edges(grey: np.ndarray, sigma: float = EDGE_SIGMA) -> np.ndarray:
    """Canny's edges (PAMI 1986) of a picture (h, w) float32 [0, 1], as (h, w) float32 0 or 1.

    Thinned along the gradient with values between pixels, as ZITS was trained with.
    """
    grey = np.ascontiguousarray(grey, np.float32)
    reach = int(4 * sigma + 0.5)
    window = (2 * reach + 1, 2 * reach + 1)
    # What lies beyond the border does not count, rather than being guessed.
    weight = cv2.GaussianBlur(np.ones_like(grey), window, sigma, borderType=cv2.BORDER_CONSTANT)
    smooth = cv2.GaussianBlur(grey, window, sigma, borderType=cv2.BORDER_CONSTANT) / weight
    right = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, borderType=cv2.BORDER_REFLECT)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, borderType=cv2.BORDER_REFLECT)
    strength = np.hypot(right, down)
    height, width = grey.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    longest = np.maximum(np.maximum(np.abs(right), np.abs(down)), 1e-12)
    step_x, step_y = right / longest, down / longest  # to the ring of eight neighbours
    crest = strength > 0
    for sign in (1, -1):
        beside = cv2.remap(strength, x + sign * step_x, y + sign * step_y, cv2.INTER_LINEAR)
        crest &= strength >= beside
    crest[[0, -1]] = crest[:, [0, -1]] = False
    maybe = crest & (strength >= _LOW)
    _, labels = cv2.connectedComponents(maybe.astype(np.uint8), connectivity=8)
    sure = np.unique(labels[maybe & (strength >= _HIGH)])
    return (np.isin(labels, sure) & maybe).astype(np.float32)


def drawn(lines: Sequence[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """Polylines, each (n, 2) points x, y, drawn a pixel thin into (h, w) float32: 1 on a line, falling to 0
    a pixel beside it."""
    out = np.zeros(shape, np.float32)
    for line in lines:
        for start, end in pairwise(line):
            _draw_segment(out, np.asarray(start, np.float64) - 0.5, np.asarray(end, np.float64) - 0.5)
    return out


def _draw_segment(out: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
    """``start`` and ``end`` are x, y with the first pixel's centre at (0, 0)."""
    height, width = out.shape
    low = np.floor(np.minimum(start, end)).astype(int) - 1
    high = np.ceil(np.maximum(start, end)).astype(int) + 2
    left, top = np.maximum(low, 0)
    right, bottom = min(high[0], width), min(high[1], height)
    if left >= right or top >= bottom:
        return
    y, x = np.mgrid[top:bottom, left:right].astype(np.float64)
    along = end - start
    share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(float(along @ along), 1e-12)
    share = share.clip(0, 1)
    distance = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
    part = out[top:bottom, left:right]
    np.maximum(part, (1 - distance).clip(0, 1), out=part)


def positions(hole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The masking positional encoding (ZITS, section 3.3) of a hole (h, w) bool.

    How many steps of a pixel of 256 a place is from the known part, (h, w) int64 0 to 127, 0 outside of the
    hole; and from which of the four corners it was reached first, (h, w, 4) int64 0 or 1: upper left, lower
    left, upper right, lower right.
    """
    height, width = hole.shape
    small = cv2.resize(hole.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) > 0
    known = (~small).astype(np.uint8)
    steps = np.zeros(small.shape, np.int64)
    corners = np.zeros((*small.shape, 4), np.int64)
    count = 0
    while known.any() and not known.all():
        count += 1
        mirrored = cv2.copyMakeBorder(known, 1, 1, 1, 1, cv2.BORDER_REFLECT_101)
        for corner, anchor in enumerate(((1, 1), (1, 0), (0, 1), (0, 0))):
            reached = cv2.dilate(mirrored, np.ones((2, 2), np.uint8), anchor=anchor)[1:-1, 1:-1]
            corners[(reached > 0) & (known == 0), corner] = 1
        wider = cv2.dilate(known, np.ones((3, 3), np.uint8))
        steps[(wider > 0) & (known == 0)] = count
        known = wider
    steps = (steps / (_SIDE / 2) * _PLACES).astype(np.int64).clip(0, _PLACES - 1)
    if hole.shape != small.shape:
        rows = (np.arange(height) * _SIDE // height)[:, None]
        columns = np.arange(width) * _SIDE // width
        steps = np.where(hole, steps[rows, columns], 0)
        corners = np.where(hole[..., None], corners[rows, columns], 0)
    return steps, corners

"""Rectangles, ellipses and polygons as selections: a pixel has the share of its area that is covered."""

import math
from collections.abc import Sequence

import numpy as np

from editor.document.selections.strips import strips

Box = tuple[float, float, float, float]  # left, top, width, height

SCANLINES = 32  # per row of pixels, for polygons


def rectangle(height: int, width: int, box: Box, antialias: bool = True) -> np.ndarray:
    """A rectangle, in a picture of ``height`` x ``width``; a pixel has the share of its area that is covered.

    Without ``antialias`` the sides go to the nearest borders between pixels. Raises ValueError for a box
    with a number that is not finite.
    """
    left, top, right, bottom = _sides(box)
    if not antialias:
        left, top, right, bottom = (math.floor(side + 0.5) for side in (left, top, right, bottom))
    rows, columns = _span(height, top, bottom), _span(width, left, right)
    covered = np.outer(np.float32(255) * rows, columns)
    return np.rint(covered, out=covered).astype(np.uint8)


def ellipse(height: int, width: int, box: Box, antialias: bool = True) -> np.ndarray:
    """The ellipse that touches the sides of ``box``; a pixel has the share of its area that is covered.

    Without ``antialias`` a pixel is selected if half of it is covered. Raises ValueError for a box with a
    number that is not finite.
    """
    left, top, right, bottom = _sides(box)
    out = np.zeros((height, width), np.uint8)
    if right <= left or bottom <= top:
        return out
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    radius_x, radius_y = (right - left) / 2, (bottom - top) / 2

    # Half the ellipse's width at both borders of each row, and the most that it has between them.
    edges = (np.arange(height + 1) - centre_y) / radius_y
    half = radius_x * np.sqrt(np.maximum(1 - edges**2, 0))
    inner = np.minimum(half[:-1], half[1:])
    outer = np.where((edges[:-1] < 0) & (edges[1:] > 0), radius_x, np.maximum(half[:-1], half[1:]))
    columns = np.stack(
        [
            np.floor(centre_x - outer),
            np.ceil(centre_x - inner),
            np.floor(centre_x + inner),
            np.ceil(centre_x + outer),
        ]
    )
    columns[1:3, columns[1] > columns[2]] = np.rint(centre_x)  # a row that has no pixel wholly inside
    starts, inside, end_inside, ends = columns.clip(0, width).astype(np.intp)
    rows = np.flatnonzero(ends > starts)
    for y in rows:
        out[y, inside[y] : end_inside[y]] = 255
        for part in (slice(starts[y], inside[y]), slice(end_inside[y], ends[y])):
            if part.start < part.stop:
                x = (np.arange(part.start, part.stop + 1) - centre_x) / radius_x
                area = np.diff(_disc_area(x, edges[y + 1]) - _disc_area(x, edges[y]))
                out[y, part] = np.rint(255 * (area * radius_x * radius_y).clip(0, 1))
    return out if antialias else _hard(out)


def polygon(
    height: int, width: int, points: Sequence[tuple[float, float]], antialias: bool = True
) -> np.ndarray:
    """A closed polygon by the even-odd rule: what lies inside twice is not selected.

    A pixel has the share of its area that is covered, measured along 32 lines through it and exactly on
    each. Without ``antialias`` a pixel is selected if half of it is covered. Fewer than three points make an
    empty selection. Raises ValueError for a point that is not finite.
    """
    corners = np.asarray(points, np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all():
        raise ValueError("the polygon has a point that is not finite")
    out = np.zeros((height, width), np.uint8)
    if len(corners) < 3:
        return out
    low = np.floor(corners.min(axis=0)).clip(0, (width, height)).astype(int)
    high = np.ceil(corners.max(axis=0)).clip(0, (width, height)).astype(int)
    columns = high[0] - low[0]
    if columns <= 0:
        return out
    inside = out[low[1] : high[1], low[0] : high[0]]
    for rows in strips(*inside.shape):
        part = _polygon_coverage(rows.stop - rows.start, columns, corners - (low[0], low[1] + rows.start))
        inside[rows] = np.rint(255 * part)
    return out if antialias else _hard(out)


def _sides(box: Box) -> Box:
    if not all(map(math.isfinite, box)):
        raise ValueError("the box has a number that is not finite")
    left, top, width, height = box
    return left, top, left + width, top + height


def _span(length: int, start: float, end: float) -> np.ndarray:
    """The share of each of ``length`` unit intervals that lies between ``start`` and ``end``."""
    edges = np.arange(length + 1.0)
    shares = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
    return np.maximum(shares, 0).astype(np.float32)


def _disc_area(x: np.ndarray, y: float) -> np.ndarray:
    """The area of that part of the unit disc which lies left of ``x`` and above ``y``, by integration."""
    x, y = x.clip(-1, 1), min(max(y, -1.0), 1.0)
    segment_x = x * np.sqrt(1 - x**2) + np.arcsin(x)  # twice the area between the centre and x, above 0
    segment_y = y * math.sqrt(1 - y**2) + math.asin(y)
    corner = x * y + (segment_x + segment_y) / 2 + math.pi / 4
    left, above = segment_x + math.pi / 2, segment_y + math.pi / 2  # all that is left of x; all above y
    # Outside the disc the corner cuts off one segment, two, or all.
    outside = np.where(x >= 0, left + above - math.pi if y >= 0 else above, left if y >= 0 else 0.0 * x)
    return np.where(x**2 + y**2 < 1, corner, outside)


def _polygon_coverage(height: int, width: int, corners: np.ndarray) -> np.ndarray:
    starts, ends = corners, np.roll(corners, -1, axis=0)
    downwards = (starts[:, 1] < ends[:, 1])[:, None]
    upper, lower = np.where(downwards, starts, ends), np.where(downwards, ends, starts)
    # The scan lines that each edge crosses: its upper end counts and its lower one does not, so every line
    # crosses a closed polygon an even number of times.
    first = np.ceil(upper[:, 1] * SCANLINES - 0.5).clip(0, height * SCANLINES).astype(np.intp)
    last = np.ceil(lower[:, 1] * SCANLINES - 0.5).clip(0, height * SCANLINES).astype(np.intp)
    counts = last - first
    edge = np.repeat(np.arange(len(corners)), counts)
    if not edge.size:
        return np.zeros((height, width))
    line = np.arange(edge.size) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    along = ((line + 0.5) / SCANLINES - upper[edge, 1]) / (lower[edge, 1] - upper[edge, 1])
    x = (upper[edge, 0] + along * (lower[edge, 0] - upper[edge, 0])).clip(0, width)
    order = np.lexsort((x, line))
    x, row = x[order], line[order] // SCANLINES
    sign = np.tile([1.0, -1.0], edge.size // 2)  # entering, leaving

    # A crossing changes its own pixel by what of it lies to the right, and all pixels after that by 1.
    column = np.floor(x)
    share = column + 1 - x
    cell = row * (width + 2) + column.astype(np.intp)
    size = height * (width + 2)
    change = np.bincount(cell, sign * share, size) + np.bincount(cell + 1, sign * (1 - share), size)
    covered = change.reshape(height, width + 2).cumsum(axis=1)[:, :width]
    return (covered / SCANLINES).clip(0, 1)


def _hard(selection: np.ndarray) -> np.ndarray:
    return np.where(selection >= 128, np.uint8(255), np.uint8(0))

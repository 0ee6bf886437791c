"""Matrices of affine and perspective transforms: from corners, and where they take a picture."""

import math
from collections.abc import Sequence

import numpy as np

from editor.document.geometry import Rect

BEHIND = "the transform puts part of the picture behind the horizon"


def quad_to_quad(source: Sequence[Sequence[float]], target: Sequence[Sequence[float]]) -> np.ndarray:
    """The homography that takes four points, (x, y), to four others in the same order.

    The linear equations of Hartley and Zisserman, "Multiple View Geometry" (section 4.1), on coordinates
    scaled to about 1. Raises ValueError if three of four points lie on a line, and if the quadrilaterals are
    such that part of the source would lie behind the horizon, as where one is convex and the other is not.
    """
    before, after = _normaliser(source), _normaliser(target)
    a, b = _project(before, source), _project(after, target)
    rows, values = [], []
    for (x, y), (u, v) in zip(a, b, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    try:
        matrix = np.append(np.linalg.solve(rows, values), 1).reshape(3, 3)
    except np.linalg.LinAlgError:  # the middle of the source would lie on the horizon
        raise ValueError(BEHIND) from None
    matrix = np.linalg.inv(after) @ matrix @ before
    _project(matrix, source)
    return matrix / matrix[2, 2] if matrix[2, 2] else matrix


def corners(matrix: np.ndarray, area: tuple[float, float, float, float]) -> np.ndarray:
    """Where the corners of ``area`` (x, y, width, height) go, clockwise from the top left: (4, 2).

    Raises ValueError if part of the area lies behind the horizon, and if it would be a line or a point.
    """
    x, y, width, height = area
    quad = _project(matrix, [(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    size = np.ptp(quad, axis=0).max()
    if width > 0 and height > 0 and abs(cross(quad[2] - quad[0], quad[3] - quad[1])) <= 1e-9 * size**2:
        raise ValueError("the transform flattens the picture to a line")
    return quad


def bounds(matrix: np.ndarray, area: tuple[float, float, float, float]) -> Rect:
    """The smallest rectangle of whole pixels that holds the transformed ``area`` (x, y, width, height).

    Raises ValueError as `corners` does.
    """
    quad = corners(matrix, area)
    slack = 1e-6  # a border between pixels stays one after rounding errors
    left, top = (math.floor(side + slack) for side in quad.min(axis=0))
    right, bottom = (math.ceil(side - slack) for side in quad.max(axis=0))
    return Rect(left, top, right - left, bottom - top)


def _normaliser(points: Sequence[Sequence[float]]) -> np.ndarray:
    """The matrix that takes points to about -1..1; refuses what is no quadrilateral."""
    quad = np.asarray(points, np.float64)
    if quad.shape != (4, 2) or not np.isfinite(quad).all():
        raise ValueError("a quadrilateral has four finite corners")
    middle, spread = quad.mean(axis=0), np.abs(quad - quad.mean(axis=0)).max()
    for left_out in range(4):
        a, b, c = np.delete(quad, left_out, axis=0)
        if abs(cross(b - a, c - a)) <= 1e-9 * spread**2:
            raise ValueError("three corners of the quadrilateral lie on one line")
    return np.array([[1 / spread, 0, -middle[0] / spread], [0, 1 / spread, -middle[1] / spread], [0, 0, 1]])


def _project(matrix: np.ndarray, points: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
    """Where the points, (n, 2), go: (n, 2). Refuses those on the horizon and on both sides of it."""
    points = np.asarray(points, np.float64)
    x, y, w = finite(matrix) @ np.column_stack([points, np.ones(len(points))]).T
    if np.abs(w).min() <= 1e-9 * np.abs(w).max() or (w.min() < 0) != (w.max() < 0):
        raise ValueError(BEHIND)
    return np.column_stack([x / w, y / w])


def finite(matrix: np.ndarray) -> np.ndarray:
    """The matrix as float64. Raises ValueError if a number of it is not finite."""
    matrix = np.asarray(matrix, np.float64)
    if not np.isfinite(matrix).all():
        raise ValueError("the transform has numbers that are not finite")
    return matrix


def cross(a: np.ndarray, b: np.ndarray) -> float:
    """The cross product of two vectors (x, y): above 0 if the turn from ``a`` to ``b`` is clockwise."""
    return float(a[0] * b[1] - a[1] * b[0])

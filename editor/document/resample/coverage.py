"""The share of each pixel that lies inside a quadrilateral."""

import math

import numpy as np

from editor.document.resample.homography import cross


def quad_coverage(quad: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How much of each pixel a convex quadrilateral covers, 0..1, float32.

    The exact share for each side's half-plane. Opposite sides are taken together as a strip and the two
    strips as independent, which is exact away from the corners.
    """
    if cross(quad[2] - quad[0], quad[3] - quad[1]) < 0:
        quad = quad[::-1]
    sides = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = (end - start) / np.hypot(*(end - start))
        distance = along[0] * (rows - start[1]) - along[1] * (columns - start[0])
        sides.append((distance, *np.abs(along)))
    if min(distance.min() for distance, *_ in sides) >= math.sqrt(0.5):
        return np.ones((rows.shape[0], len(columns)), np.float32)  # spares the most of a large picture's time
    shares = [_half_plane_coverage(*side) for side in sides]
    first, second = (np.maximum(shares[i] + shares[i + 2] - 1, 0) for i in (0, 1))
    return (first * second).astype(np.float32)


def _half_plane_coverage(distance: np.ndarray, a: float, b: float) -> np.ndarray:
    """The share of unit squares whose centres lie ``distance`` inside a line with the normal (a, b)."""
    a, b = max(a, b), min(a, b)
    far, near = (a + b) / 2, (a - b) / 2  # distances of the square's corners from its centre
    inward = np.abs(distance)
    cut = np.maximum(far - inward, 0) ** 2 / max(2 * a * b, 1e-12)  # the corner that is cut off
    share = np.where(inward <= near, 0.5 + inward / a, 1 - cut)
    return np.where(distance >= 0, share, 1 - share)

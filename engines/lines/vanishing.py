"""Vanishing points: where the pictures of parallel edges meet.

The point that most length of segment runs towards is taken, placed by least squares, and what runs towards it
set aside; then the next (RANSAC, Fischler and Bolles, CACM 1981, one model after the other; but every pair of
the longest segments is tried, so no chance is in it). A segment runs towards a point if the line from its
middle to the point passes its ends closely (Tardif, ICCV 2009, section 4).
"""

import numpy as np

from engines.lines.geometry import lengths

_LONGEST = 60  # segments whose pairs are tried
_POINTS = 4
_LEAST = 4  # segments that make a point: three often meet by chance
_OFF = 1.0  # pixels that an end may lie off
_TURN = np.sin(np.radians(2.0))  # and the segment be turned


def vanishing_points(segments: np.ndarray) -> np.ndarray:
    """(k, 3) homogeneous points of segments (n, 4), as float64 unit vectors, the best supported first.

    The third number is 0 for segments that are parallel in the picture too. Coordinates are those of
    ``normalised``; use ``towards`` and ``in_pixels``.
    """
    some = segments[np.argsort(-lengths(segments), kind="stable")[:_LONGEST]].astype(np.float64)
    found = []
    while len(some) >= _LEAST and len(found) < _POINTS:
        lines = _lines(some)
        first, second = np.triu_indices(len(some), 1)
        points = np.cross(lines[first], lines[second])
        size = np.linalg.norm(points, axis=1)
        points = points[size > 1e-9] / size[size > 1e-9, None]
        if not len(points):
            break
        run = towards(points, some)
        weight = lengths(some)
        best = run[np.argmax(run @ weight)]
        if best.sum() < _LEAST:
            break
        point = _placed(lines[best], weight[best])
        if (refined := towards(point[None], some)[0]).sum() >= best.sum():
            best = refined
        else:
            point = points[np.argmax(run @ weight)]
        found.append(point)
        some = some[~best]
    return np.array(found).reshape(-1, 3)


def towards(points: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """(k, n) bool: which of the segments (n, 4) run towards which of the points (k, 3).

    A segment that the point lies on or next to does not: that is a corner.
    """
    way, far = ways_to(points, (segments[:, :2] + segments[:, 2:]) / 2)
    half = (segments[:, 2:] - segments[:, :2]) / 2
    off = np.abs(way[..., 0] * half[:, 1] - way[..., 1] * half[:, 0])
    length = lengths(segments)
    return (off <= _OFF) & (off <= _TURN * np.maximum(length, 24) / 2) & (far > 0.75 * length)


def ways_to(points: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From each place (n, 2) the way to each point (k, 3), (k, n, 2) unit vectors, and how far, (k, n)."""
    to = points[:, None, :2] - points[:, None, 2:] * places
    length = np.linalg.norm(to, axis=-1)
    far = length / np.maximum(np.abs(points[:, None, 2]), 1e-12)
    return to / np.maximum(length, 1e-12)[..., None], far


def in_pixels(points: np.ndarray, farthest: float = 1e6) -> np.ndarray:
    """(k, 2) of homogeneous points (k, 3); those at infinity end up ``farthest`` pixels off."""
    plane = points[:, :2]
    least = np.linalg.norm(plane, axis=1) / farthest
    depth = np.where(np.abs(points[:, 2]) > least, points[:, 2], np.maximum(least, 1e-12))
    return plane / depth[:, None]


def _lines(segments: np.ndarray) -> np.ndarray:
    """(n, 3) homogeneous lines whose product with a point is its distance, in pixels, times its depth."""
    ends = np.ones((len(segments), 2, 3))
    ends[..., :2] = segments.reshape(-1, 2, 2)
    lines = np.cross(ends[:, 0], ends[:, 1])
    return lines / np.maximum(np.linalg.norm(lines[:, :2], axis=1), 1e-12)[:, None]


def _placed(lines: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The point that lies least off the lines, in the least squares sense (Hartley and Zisserman, A5.3)."""
    # Distances and coordinates of one size, or the third number would drown in the others.
    scale = np.array([1, 1, 1 / max(float(np.abs(lines[:, 2]).max()), 1.0)])
    scaled = lines * scale
    scaled /= np.linalg.norm(scaled, axis=1, keepdims=True)
    _, _, directions = np.linalg.svd(scaled * np.sqrt(weights)[:, None])
    point = directions[-1] * scale
    return point / np.linalg.norm(point)

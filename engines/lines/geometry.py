"""Segments as arrays (n, 4) of x0, y0, x1, y1: lengths, ways, samples, and how far they say the same."""

import numpy as np


def lengths(segments: np.ndarray) -> np.ndarray:
    """(n,) from end to end."""
    return np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])


def ways(segments: np.ndarray) -> np.ndarray:
    """(n, 2) unit vectors from the first end to the second; (1, 0) of a point."""
    along = segments[:, 2:] - segments[:, :2]
    length = lengths(segments)[:, None]
    return np.where(length > 1e-6, along / np.maximum(length, 1e-6), np.array([1.0, 0.0]))


def sampled(segment: np.ndarray) -> np.ndarray:
    """(m, 2) points from end to end of one segment (4,), about a pixel apart."""
    start, end = segment[:2], segment[2:]
    count = max(int(np.ceil(np.hypot(*(end - start)))), 1) + 1
    return start + np.linspace(0, 1, count)[:, None] * (end - start)


def overlap(some: np.ndarray, others: np.ndarray, within: float, degrees: float) -> np.ndarray:
    """(n, m): the share of each of ``some`` that runs beside each of ``others``.

    Beside means at most ``within`` pixels off, at the middle of the shared part, and at most ``degrees``
    turned.
    """
    along, beside = ways(others), ways(some)
    start = some[:, None, :2] - others[None, :, :2]
    end = some[:, None, 2:] - others[None, :, :2]
    first, last = (start * along).sum(-1), (end * along).sum(-1)
    low, high = np.minimum(first, last), np.maximum(first, last)
    shared = np.minimum(high, lengths(others)) - np.maximum(low, 0)
    middle = (np.minimum(high, lengths(others)) + np.maximum(low, 0)) / 2
    span = last - first
    share = np.where(np.abs(span) > 1e-6, (middle - first) / np.where(np.abs(span) > 1e-6, span, 1), 0.5)
    point = start + share[..., None] * (end - start)
    off = np.abs(point[..., 0] * along[:, 1] - point[..., 1] * along[:, 0])
    parallel = np.abs(beside @ along.T) >= np.cos(np.radians(degrees))
    part = (shared / np.maximum(high - low, 1e-6)).clip(0, 1)
    return np.where(parallel & (off <= within), part, 0)

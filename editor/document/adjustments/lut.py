"""Look-up tables: a function of one value, worked out once for each of 65536 steps.

8-bit and 16-bit values both fall exactly on a step. Tables are float32 of shape (65536,), or (3, 65536) with
one for each of red, green and blue.
"""

import numpy as np

LAST = 65535


def axis() -> np.ndarray:
    """What the steps stand for: float64 of shape (65536,) from 0 to 1."""
    return np.arange(LAST + 1) / LAST


def table(values: np.ndarray) -> np.ndarray:
    """The function's ``values`` at the steps as a table, clipped to 0..1."""
    return np.clip(values, 0, 1).astype(np.float32)


def steps(plane: np.ndarray) -> np.ndarray:
    """The step nearest to each value, uint16 of ``plane``'s shape; ``plane`` is float32 within 0..1."""
    scaled = plane * np.float32(LAST)
    scaled += np.float32(0.5)
    return scaled.astype(np.uint16)


def look_up(tables: np.ndarray, plane: np.ndarray) -> np.ndarray:
    """``tables`` at ``plane``, float32 of any shape within 0..1.

    One table gives an array of the plane's shape. Three give (3, h, w): from a (3, h, w) ``plane`` each
    table takes its own channel, from a (h, w) one they all take the same value.
    """
    index = steps(plane)
    if tables.ndim == 1:
        return _take(tables, index)
    out = np.empty((3, *plane.shape[-2:]), np.float32)
    for each, channel, target in zip(tables, np.broadcast_to(index, out.shape), out, strict=True):
        _take(each, channel, target)
    return out


def _take(table: np.ndarray, index: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    # A uint16 is never out of range; "clip" only spares numpy the copy of ``out`` that "raise" needs.
    return np.take(table, index, mode="clip", out=out)

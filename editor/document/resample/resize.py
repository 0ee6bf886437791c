"""A picture at another size, its outer edges staying the outer edges."""

import numpy as np

from editor.document.resample.checks import check_method, check_size
from editor.document.resample.filters import taps
from editor.document.resample.separable import filter_into


def resize(pixels: np.ndarray, width: int, height: int, method: str = "auto") -> np.ndarray:
    """The whole of ``pixels`` at another size, the outer edges staying the outer edges.

    ``method`` is one of `METHODS`: "area" is the mean over what a new pixel covers, "auto" is bicubic along
    an axis that grows and Lanczos along one that shrinks. Raises ValueError for another method, a side below
    1 and a result above `MAX_PIXELS`.
    """
    check_method(method)
    check_size(width, height)
    old_height, old_width = pixels.shape[:2]
    if (old_height, old_width) == (height, width):
        return pixels.copy()
    if method == "nearest":
        rows, columns = (
            ((np.arange(new) + 0.5) * (old / new)).astype(np.intp)
            for old, new in ((old_height, height), (old_width, width))
        )
        return pixels[rows[:, None], columns]
    return resized(pixels, width, height, method, pixels.dtype)


def resized(pixels: np.ndarray, width: int, height: int, method: str, dtype: np.dtype) -> np.ndarray:
    """As `resize`, by a ``method`` that filters, into the depth of ``dtype``; nothing is checked."""
    out = np.empty((height, width, pixels.shape[2]), dtype)
    down, across = (
        taps((np.arange(new) + 0.5) * (old / new), old / new, old, method)
        for old, new in zip(pixels.shape[:2], (height, width), strict=True)
    )
    filter_into(out, pixels, across, down)
    return out

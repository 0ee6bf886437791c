"""The filters along one axis: their kernels, and the weights these give to the pixels of the source.

The kernels are those of Keys, "Cubic Convolution Interpolation for Digital Image Processing" (1981), with
a = -0.5, and of Duchon, "Lanczos Filtering in One and Two Dimensions" (1979), with three lobes. Where the
target is coarser than the source they are widened in proportion.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

BLOCK = 32  # rows or columns of the result that one matrix makes


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(1 - np.abs(x), 0)


def _cubic(x: np.ndarray) -> np.ndarray:
    x = np.abs(x)
    near, far = (1.5 * x - 2.5) * x * x + 1, ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _lanczos3(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


class _Filter(NamedTuple):
    weight: Callable[[np.ndarray], np.ndarray]
    support: int


FILTERS = {
    "bilinear": _Filter(_triangle, 1),
    "bicubic": _Filter(_cubic, 2),
    "lanczos": _Filter(_lanczos3, 3),
}


class Taps(NamedTuple):
    """Along one axis: the sum of ``weights[i, k]`` x source[``first[i]`` + k] is result i."""

    first: np.ndarray  # (n,) whole numbers; what they point to outside the source has weight 0
    weights: np.ndarray  # (n, k) float64, each row adds up to 1
    covered: np.ndarray  # (n,) float32, how much of each result the source covers, 0..1
    length: int  # of the source

    def blocks(self) -> Iterator[tuple[slice, slice, np.ndarray]]:
        """(results, the part of the source they need, the float32 matrix from the one to the other)."""
        count, size = self.weights.shape
        for start in range(0, count, BLOCK):
            rows = slice(start, min(start + BLOCK, count))
            first = self.first[rows]
            low = max(int(first.min()), 0)
            high = min(int(first.max()) + size, self.length)
            columns = (first[:, None] + np.arange(size) - low).clip(0, high - low - 1)
            matrix = np.zeros((len(first), high - low), np.float32)
            np.add.at(matrix, (np.arange(len(first))[:, None], columns), self.weights[rows])
            yield rows, slice(low, high), matrix


def taps(centres: np.ndarray, step: float, length: int, method: str) -> Taps:
    """The weights for results at ``centres`` on an axis of ``length`` pixels, ``step`` pixels apart."""
    covered = np.minimum(centres + step / 2, length) - np.maximum(centres - step / 2, 0)
    covered = (covered / step).clip(0, 1).astype(np.float32)
    centres = centres.clip(0, length)
    step = min(step, 2 * length)  # a wider one takes in no more
    if method == "auto":
        method = "bicubic" if step <= 1 else "lanczos"  # the latter rings visibly when enlarged
    if method == "area":
        low, high = centres - step / 2, centres + step / 2
        first = np.floor(low).astype(np.intp)
        source = first[:, None] + np.arange(math.ceil(step) + 1)
        weights = np.minimum(source + 1, high[:, None]) - np.maximum(source, low[:, None])
        weights = np.maximum(weights, 0)
    else:
        weight, support = FILTERS[method]
        width = max(step, 1.0)
        first = np.floor(centres - support * width).astype(np.intp)
        source = first[:, None] + np.arange(math.ceil(2 * support * width) + 1)
        weights = weight((source + 0.5 - centres[:, None]) / width)
    weights[(source < 0) | (source >= length)] = 0
    return Taps(first, weights / weights.sum(axis=1, keepdims=True), covered, length)

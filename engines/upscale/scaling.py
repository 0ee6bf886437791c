"""From pixels to pixels along one axis: exact shares of area, and a cubic beyond a network's scale."""

import numpy as np


def weights(size: int, begin: float, step: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """How ``count`` pixels are made of ``size``, the first beginning at ``begin``, each ``step`` wide.

    Of a step of 1 and more they are means of the area that they cover; below, points of a cubic through the
    pixels (Keys 1981, a = -1/2). Returns the matrix (count, size) float32, each row of which sums to 1, and
    the share (count,) of each pixel that lies upon the ``size`` at all.
    """
    low = begin + step * np.arange(count, dtype=np.float64)
    high = low + step
    shares = np.clip((np.minimum(high, size) - np.maximum(low, 0)) / step, 0, 1)
    matrix = _areas(size, low, high) if step >= 1 else _cubic(size, (low + high) / 2)
    sums = matrix.sum(axis=1, keepdims=True)
    return (matrix / np.where(sums == 0, 1, sums)).astype(np.float32), shares.astype(np.float32)


def _areas(size: int, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    pixel = np.arange(size)
    return np.clip(np.minimum(high[:, None], pixel + 1) - np.maximum(low[:, None], pixel), 0, None)


def _cubic(size: int, centres: np.ndarray) -> np.ndarray:
    """The first and the last pixel go on beyond the ends."""
    matrix = np.zeros((len(centres), size))
    first = np.floor(centres - 0.5).astype(int)
    rows = np.arange(len(centres))
    for offset in (-1, 0, 1, 2):
        at = np.abs(centres - 0.5 - (first + offset))
        near = 1.5 * at**3 - 2.5 * at**2 + 1
        far = -0.5 * at**3 + 2.5 * at**2 - 4 * at + 2
        value = np.where(at <= 1, near, np.where(at < 2, far, 0))
        np.add.at(matrix, (rows, np.clip(first + offset, 0, size - 1)), value)
    return matrix


def resample(image: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """``image`` (h, w, c) float32 through the matrices of both axes, (h', h) and (w', w)."""
    plain = _is_plain(rows)
    image = image[rows.argmax(axis=1)] if plain else np.tensordot(rows, image, axes=(1, 0))
    return image[:, columns.argmax(axis=1)] if _is_plain(columns) else np.matmul(columns, image)


def _is_plain(matrix: np.ndarray) -> bool:
    """Whether each pixel is just one of the others."""
    return bool((np.count_nonzero(matrix, axis=1) == 1).all())

"""A picture filtered along both axes, by the weights of `filters`."""

import numpy as np

from editor.document.parallel import in_threads
from editor.document.resample.filters import Taps
from editor.document.resample.weighing import is_opaque, planes, store

ONE_THREAD = 1 << 18  # multiplications of a matrix product up to which OpenBLAS uses a single thread


def filter_into(out: np.ndarray, pixels: np.ndarray, across: Taps, down: Taps) -> None:
    """Both filters applied, a block of rows at a time, so that little is ever held as floats."""
    opaque = is_opaque(pixels)
    columns = list(across.blocks())

    def fill(block: tuple[slice, slice, np.ndarray]) -> None:
        rows, needed, matrix = block
        levels = []
        for plane in planes(pixels[needed], opaque):
            upright = _product(matrix, plane)
            level = np.empty((upright.shape[0], out.shape[1]), np.float32)
            for target, source, weights in columns:
                level[:, target] = _product(weights, upright[:, source].T).T
            levels.append(level)
        store(levels, out[rows], np.outer(down.covered[rows], across.covered))

    in_threads(fill, down.blocks())


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The matrix product, in pieces that OpenBLAS does not share out among threads of its own.

    Those wait for each other busily, after each of very many small products: seconds turn into a minute
    where another program, or an engine at work, has the cores.
    """
    out = np.empty((a.shape[0], b.shape[1]), np.float32)
    step = max(ONE_THREAD // a.size, 1)
    for start in range(0, b.shape[1], step):
        piece = slice(start, start + step)
        np.matmul(a, b[:, piece], out=out[:, piece])
    return out

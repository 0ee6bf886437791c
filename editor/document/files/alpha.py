"""Associated (premultiplied) alpha made straight."""

import numpy as np


def divide(samples: np.ndarray) -> None:
    """Divide the colours of ``samples`` (H, W, 2 or 4), uint8 or uint16, by their alpha, in place.

    The nearest values; a colour is 0 where alpha is. Row by row, to bound memory.
    """
    top = np.iinfo(samples.dtype).max
    for row in samples:
        alpha = row[:, -1:].astype(np.uint64)
        colour = (row[:, :-1].astype(np.uint64) * top + alpha // 2) // np.maximum(alpha, 1)
        row[:, :-1] = np.where(alpha > 0, np.minimum(colour, top), 0)

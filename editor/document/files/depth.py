"""Samples of other depths as the whole range of 16 bits, and back."""

import numpy as np


def to_16_bits(samples: np.ndarray, bits: int) -> np.ndarray:
    """``samples`` of ``bits`` (8 to 16) as uint16 over its whole range: 0 stays 0, the highest is 65535.

    A value above ``bits`` counts as the highest. The nearest value is taken, so ``from_16_bits`` gives the
    same samples back.
    """
    top = (1 << bits) - 1
    table = np.full(65536, 65535, np.uint16)
    table[: top + 1] = (np.arange(top + 1, dtype=np.uint64) * 65535 + top // 2) // top
    return table[samples]


def from_16_bits(samples: np.ndarray, bits: int) -> np.ndarray:
    """uint16 ``samples`` as the nearest values of ``bits`` (8 to 16): uint8 for 8 bits, else uint16."""
    top = (1 << bits) - 1
    table = (np.arange(65536, dtype=np.uint64) * top + 32767) // 65535
    return table.astype(np.uint8 if bits == 8 else np.uint16)[samples]

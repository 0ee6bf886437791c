"""Two selections made one, and a selection turned into its opposite."""

import numpy as np


def combine(old: np.ndarray, new: np.ndarray, how: str) -> np.ndarray:
    """``old`` with ``new`` put to it; ``how`` is "replace", "add", "subtract" or "intersect".

    The operations of fuzzy sets (Zadeh, "Fuzzy Sets", 1965): the larger value, the smaller value with the
    inverse, the smaller value. So adding or taking away twice is the same as once. Raises ValueError for
    another ``how`` and for selections of different sizes.
    """
    if old.shape != new.shape:
        raise ValueError(f"selections of different sizes: {old.shape} and {new.shape}")
    if how == "replace":
        return new.copy()
    if how == "add":
        return np.maximum(old, new)
    if how == "subtract":
        return np.minimum(old, invert(new))
    if how == "intersect":
        return np.minimum(old, new)
    raise ValueError(f"no way to combine selections is called {how!r}")


def invert(selection: np.ndarray) -> np.ndarray:
    """Selected and not selected exchanged."""
    return np.bitwise_not(selection)

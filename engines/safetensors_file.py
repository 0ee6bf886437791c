"""Named tensors in a safetensors file: a JSON header with names, types and places, then the numbers."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engines.base import WeightsWrong

_TYPES = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
_NAMES = {dtype: name for name, dtype in _TYPES.items()}
_LONGEST_HEADER = 100 << 20  # bytes; the format's own limit


def write(tensors: Mapping[str, np.ndarray]) -> bytes:
    """The file's bytes, the same for the same tensors in whatever order. Raises KeyError for other types."""
    header: dict[str, dict] = {}
    blocks = []
    at = 0
    for name in sorted(tensors):
        array = np.ascontiguousarray(tensors[name])
        dtype = array.dtype.newbyteorder("<")
        block = array.astype(dtype, copy=False).tobytes()
        header[name] = {
            "dtype": _NAMES[dtype],
            "shape": list(tensors[name].shape),
            "data_offsets": [at, at + len(block)],
        }
        blocks.append(block)
        at += len(block)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)  # what follows is aligned
    return b"".join([len(head).to_bytes(8, "little"), head, *blocks])


def read(content: bytes) -> dict[str, np.ndarray]:
    """The tensors, as views of ``content``. Raises WeightsWrong if it is not such a file."""
    try:
        length = int.from_bytes(content[:8], "little")
        start = 8 + length
        if start > len(content):
            raise ValueError("the header is longer than the file")
        header = json.loads(content[8:start])
        header.pop("__metadata__", None)
        return {name: _tensor(content, start, entry) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WeightsWrong(
            f"The model file is damaged ({error or type(error).__name__}). Install it again."
        ) from None


def shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The tensors' names and shapes; only the header is read, however large the file is.

    Raises WeightsWrong if it is not such a file, OSError.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > min(_LONGEST_HEADER, path.stat().st_size):
                raise ValueError("the header is longer than the file")
            header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        return {name: tuple(map(int, entry["shape"])) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WeightsWrong(
            f"{path.name} is no safetensors file, or damaged ({error or type(error).__name__}). Get it again."
        ) from None


def _tensor(content: bytes, start: int, entry: dict) -> np.ndarray:
    dtype, shape = _TYPES[entry["dtype"]], entry["shape"]
    begin, end = entry["data_offsets"]
    if not all(type(size) is int and size >= 0 for size in (*shape, begin, end)):
        raise ValueError("a size is not a number")
    count = 1
    for size in shape:
        count *= size
    if end - begin != count * dtype.itemsize or start + end > len(content):
        raise ValueError("a tensor does not lie where the header says")
    return np.frombuffer(content, dtype, count, start + begin).reshape(shape)

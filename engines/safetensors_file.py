"""Named tensors in a safetensors file: a JSON header with names, types and places, then the numbers."""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

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
# Of every type of the format; those that numpy has not are told apart, but not read here.
_BITS = {name: dtype.itemsize * 8 for name, dtype in _TYPES.items()}
_BITS |= {"BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "U16": 16, "U32": 32, "U64": 64}
_LONGEST_HEADER = 100 << 20  # bytes, as the published reader has it
_NAMES = {dtype: name for name, dtype in _TYPES.items()}


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


def read(content: bytes | memoryview) -> dict[str, np.ndarray]:
    """The tensors, as views of ``content``.

    Raises WeightsWrong if it is not such a file, or if it has numbers of a type that numpy has not.
    """
    start, header = _header(content)
    with _damage():
        return {
            name: np.frombuffer(
                content, _TYPES[entry["dtype"]], math.prod(entry["shape"]), start + entry["data_offsets"][0]
            ).reshape(entry["shape"])
            for name, entry in header.items()
        }


def shapes(content: bytes | memoryview) -> dict[str, tuple[int, ...]]:
    """The tensors' shapes by their names; only the header is read. Raises WeightsWrong."""
    return {name: tuple(entry["shape"]) for name, entry in _header(content)[1].items()}


def metadata(content: bytes | memoryview) -> dict[str, str]:
    """What the file says of itself, words by words; none of it is checked. Raises WeightsWrong."""
    with _damage():
        told = _parsed(content)[1].get("__metadata__") or {}
        return {str(name): value for name, value in told.items() if isinstance(value, str)}


def is_one(content: bytes | memoryview) -> bool:
    """Whether it may be such a file, by how it begins."""
    return len(content) > 9 and bytes(content[8:9]) == b"{" and bytes(content[5:8]) == bytes(3)


def _header(content: bytes | memoryview) -> tuple[int, dict[str, dict]]:
    """Where the numbers begin, and what is said of each tensor, all of which was checked.

    As in the published format no two tensors share bytes and none lie idle: what a header claims is never
    more than what the file holds.
    """
    with _damage():
        start, header = _parsed(content)
        header.pop("__metadata__", None)
        places = sorted(_place(entry) for entry in header.values())
        at = 0
        for begin, end in places:
            if begin != at:
                raise ValueError("tensors lie over each other or apart")
            at = end
        if start + at != len(content):
            raise ValueError("the tensors are not as long as the file")
        return start, header


def _parsed(content: bytes | memoryview) -> tuple[int, dict[str, Any]]:
    """Where the numbers begin, and the header as it is written."""
    length = int.from_bytes(content[:8], "little")
    start = 8 + length
    if start > len(content) or length > _LONGEST_HEADER:
        raise ValueError("the header is longer than it may be")
    return start, json.loads(bytes(content[8:start]), object_pairs_hook=_unique)


def _place(entry: dict) -> tuple[int, int]:
    """Where the header says that a tensor begins and ends."""
    bits, shape = _BITS[entry["dtype"]], entry["shape"]
    begin, end = entry["data_offsets"]
    if not all(type(size) is int and size >= 0 for size in (*shape, begin, end)):
        raise ValueError("a size is not a number")
    if (end - begin) * 8 != math.prod(shape) * bits:
        raise ValueError("a tensor is not as long as its shape")
    return begin, end


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WeightsWrong(
            f"The model file is damaged ({error or type(error).__name__}). Install it again."
        ) from None

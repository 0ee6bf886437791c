"""Named tensors in a GGUF file (ggml's format, versions 2 and 3): what it says of itself, then the numbers.

Only the header is read here, and every length in it is held against what the file has. It is data alone:
nothing in it can be run.
"""

import math
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engines.base import WeightsWrong

# Of each type of numbers: its name in ggml, the numbers of one block, and the bytes of one (ggml-common.h).
_TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 20: ("IQ4_NL", 32, 18),
    23: ("IQ4_XS", 256, 136), 30: ("BF16", 1, 2),
}  # fmt: skip
PLAIN = ("F32", "F16", "BF16")
_STRING, _ARRAY = 8, 9
# Of each kind of value: how it is unpacked.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_MOST = 1 << 22  # entries of any list; the largest vocabulary there is has 2 ** 18
_DIMENSIONS = 4  # of a tensor in ggml, at most
_ALIGNMENT = 32  # bytes, unless the file names another


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies in a file, and how its numbers are written."""

    shape: tuple[int, ...]  # rows first, as PyTorch has it
    type: str  # ggml's name of it
    begin: int  # in bytes from the file's beginning
    size: int  # bytes

    @property
    def in_blocks(self) -> bool:
        """Whether its numbers are of few bits, and several have their scale in common."""
        return self.type not in PLAIN


def is_one(content: bytes | memoryview) -> bool:
    """Whether it may be such a file, by how it begins."""
    return bytes(content[:4]) == b"GGUF"


def read(content: bytes | memoryview) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """What the file says of itself, and where its tensors lie, both by their names.

    Raises WeightsWrong if it is no such file or damaged, or has numbers of a type that is not known.
    """
    with _damage():
        reader = _Reader(memoryview(content))
        if not is_one(content):
            raise ValueError("it does not begin as one")
        reader.at = 4
        version = reader.number("I")
        if version not in (2, 3):
            raise ValueError(f"its version is {version}")
        tensors, values = reader.count("Q"), reader.count("Q")
        told = _unique((reader.string(), reader.value(reader.number("I"))) for _ in range(values))
        alignment = told.get("general.alignment", _ALIGNMENT)
        if type(alignment) is not int or alignment < 8 or alignment & (alignment - 1) or alignment > 1 << 20:
            raise ValueError("its alignment makes no sense")
        entries = _unique((reader.string(), _entry(reader)) for _ in range(tensors))
        start = -(-reader.at // alignment) * alignment
        return told, _placed(entries, start, alignment, len(content))


def shapes(content: bytes | memoryview) -> dict[str, tuple[int, ...]]:
    """The tensors' shapes by their names. Raises WeightsWrong."""
    return {name: tensor.shape for name, tensor in read(content)[1].items()}


class _Reader:
    """What comes next in the header."""

    def __init__(self, content: memoryview) -> None:
        self._content, self.at = content, 0

    def number(self, kind: str) -> Any:
        (value,) = self._unpacked(f"<{kind}")
        return value

    def count(self, kind: str) -> int:
        found = self.number(kind)
        if found > _MOST:
            raise ValueError("a list is longer than it may be")
        return found

    def string(self) -> str:
        length = self.number("Q")
        end = self.at + length
        if end > len(self._content):
            raise ValueError("the header is longer than the file")
        text, self.at = bytes(self._content[self.at : end]), end
        return text.decode("utf-8", "replace")

    def value(self, kind: int, *, within: bool = False) -> Any:
        if kind in _SCALARS:
            return self.number(_SCALARS[kind])
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY or within:
            raise ValueError("a value is of no known kind")
        kind, length = self.number("I"), self.count("Q")
        if kind in _SCALARS:
            return self._unpacked(f"<{length}{_SCALARS[kind]}")
        return tuple(self.value(kind, within=True) for _ in range(length))

    def _unpacked(self, layout: str) -> tuple:
        found = struct.unpack_from(layout, self._content, self.at)
        self.at += struct.calcsize(layout)
        return found


def _entry(reader: _Reader) -> tuple[tuple[int, ...], int, int]:
    """A tensor's shape, type and place among the numbers."""
    dimensions = reader.number("I")
    if dimensions > _DIMENSIONS:
        raise ValueError("a tensor has too many dimensions")
    shape = tuple(reader.number("Q") for _ in range(dimensions))
    return shape[::-1], reader.number("I"), reader.number("Q")


def _placed(
    entries: Mapping[str, tuple[tuple[int, ...], int, int]], start: int, alignment: int, length: int
) -> dict[str, Tensor]:
    out, end = {}, start
    for name, (shape, kind, offset) in sorted(entries.items(), key=lambda each: each[1][2]):
        if kind not in _TYPES:
            raise WeightsWrong(
                f"The model file has numbers of ggml's type {kind}, with which Lacuna cannot compute. "
                "Get the same model as Q8_0, Q6_K, Q5_K_S or Q4_K_S."
            )
        word, block, size = _TYPES[kind]
        last = shape[-1] if shape else 1
        if last % block or any(side < 1 for side in shape):
            raise ValueError("a tensor is not of whole blocks")
        begin, taken = start + offset, math.prod(shape) // block * size
        if offset % alignment or begin < end:
            raise ValueError("tensors lie over each other")
        end = begin + taken
        if end > length:
            raise ValueError("the tensors are longer than the file")
        out[name] = Tensor(shape, word, begin, taken)
    return out


def _unique(pairs: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in pairs:
        if name in out:
            raise ValueError("a name is there twice")
        out[name] = value
    return out


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (ValueError, struct.error, OverflowError, MemoryError) as error:
        raise WeightsWrong(f"The model file is damaged ({error}). Get it again.") from None

"""Writes an ONNX graph as the bytes of a file, without the onnx library.

The format is a Protocol Buffers message (onnx.proto of ONNX 1.16); only what the graphs of
`engines.upscale.graphs` need is written.
"""

from collections.abc import Mapping, Sequence

import numpy as np

_IR_VERSION, _OPSET = 8, 13
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType
_AS_FLOAT, _AS_INT, _AS_STRING, _AS_INTS = 1, 2, 3, 7  # AttributeProto.AttributeType
_VARINT, _FIXED32, _BYTES = 0, 5, 2  # wire types
_TYPES = {np.dtype(np.float32): _FLOAT, np.dtype(np.int64): _INT64}

Shape = Sequence[int | str]
Attribute = float | int | str | Sequence[int]


class GraphWriter:
    """Takes nodes in the order in which they are computed; ``model`` is the file."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []
        self._count = 0

    def constant(self, name: str, array: np.ndarray) -> str:
        """A tensor of float32 or int64 that the graph has for itself; its name."""
        array = np.ascontiguousarray(array)
        dims = b"".join(_number(1, side) for side in array.shape)
        kind = _number(2, _TYPES[array.dtype])
        raw = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        self._tensors.append(dims + kind + _text(8, name) + _bytes(9, raw))
        return name

    def node(self, operator: str, *inputs: str, out: str = "", **attributes: Attribute) -> str:
        """Add an operator of ONNX's own; the name of its output, which is ``out`` or a new one."""
        self._count += 1
        out = out or f"t{self._count}"
        told = b"".join(_text(1, name) for name in inputs) + _text(2, out) + _text(4, operator)
        told += b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
        self._nodes.append(told)
        return out

    def model(self, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> bytes:
        """The file. Inputs and outputs are float32; their sides a number, or a name where they are free."""
        graph = b"".join(_bytes(1, node) for node in self._nodes) + _text(2, "network")
        graph += b"".join(_bytes(5, tensor) for tensor in self._tensors)
        graph += b"".join(_bytes(11, _value(name, shape)) for name, shape in inputs.items())
        graph += b"".join(_bytes(12, _value(name, shape)) for name, shape in outputs.items())
        opset = _text(1, "") + _number(2, _OPSET)
        return _number(1, _IR_VERSION) + _bytes(7, graph) + _bytes(8, opset)


def _attribute(name: str, value: Attribute) -> bytes:
    told = _text(1, name)
    if isinstance(value, float):
        return told + _key(2, _FIXED32) + np.float32(value).tobytes() + _number(20, _AS_FLOAT)
    if isinstance(value, int):
        return told + _number(3, value) + _number(20, _AS_INT)
    if isinstance(value, str):
        return told + _text(4, value) + _number(20, _AS_STRING)
    return told + b"".join(_number(8, each) for each in value) + _number(20, _AS_INTS)


def _value(name: str, shape: Shape) -> bytes:
    """A ValueInfoProto of float32."""
    sides = (_number(1, side) if isinstance(side, int) else _text(2, side) for side in shape)
    tensor = _number(1, _FLOAT) + _bytes(2, b"".join(_bytes(1, side) for side in sides))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _number(field: int, value: int) -> bytes:
    return _key(field, _VARINT) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)

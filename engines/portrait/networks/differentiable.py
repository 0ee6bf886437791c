"""A small convolutional ONNX graph run in PyTorch, for its gradients, which onnxruntime does not give.

Read from the file's bytes like all of them (`engines.protobuf`): no node is run that is not listed here, and
those have no side effects.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines import onnx_file
from engines.base import WeightsWrong
from engines.protobuf import fields

# Field numbers of onnx.proto.
_GRAPH, _NODES, _TENSORS, _OUTPUTS = 7, 1, 5, 12
_TAKES, _GIVES, _OPERATOR, _ATTRIBUTES = 1, 2, 4, 5
_NAME, _FLOAT, _INT, _INTS = 1, 2, 3, 8
_DIMS, _TYPE, _FLOATS, _TENSOR_NAME, _RAW = 1, 2, 4, 8, 9
_SINGLE = 1  # the number of float32 among ONNX's types


class Differentiable:
    """The graph, with one input and one output. Raises WeightsWrong for a node that is not known here."""

    def __init__(self, content: bytes, device: str = "cpu") -> None:
        inputs = onnx_file.inputs_of(content, "of the portrait engine")
        try:
            (self._input,) = inputs
            graph = next(value for number, value in fields(memoryview(content)) if number == _GRAPH)
            parts = list(fields(graph))
            self._constants = {
                name: torch.from_numpy(array).to(device)
                for name, array in (_tensor(value) for number, value in parts if number == _TENSORS)
            }
            self._nodes = [_node(value) for number, value in parts if number == _NODES]
            (self._output,) = (_name(value) for number, value in parts if number == _OUTPUTS)
        except (ValueError, IndexError, KeyError, TypeError, StopIteration) as error:
            raise WeightsWrong(
                f"The model file has a part that is not known ({error}). Get it again."
            ) from None

    def __call__(self, value: Tensor) -> Tensor:
        """The output for an input. Raises RuntimeError if that has not the shape for it."""
        return self.seen(value, ())[0]

    def seen(self, value: Tensor, names: Sequence[str]) -> list[Tensor]:
        """What the graph calls ``names`` for an input, and the output behind them. Raises RuntimeError as a
        call does, and KeyError for a name that the graph has not."""
        found = {self._input: value}
        for operator, takes, gives, attributes in self._nodes:
            arguments = [found[name] if name in found else self._constants[name] for name in takes]
            found[gives] = operator(attributes, *arguments)
        return [found[name] for name in (*names, self._output)]


def _convolution(attributes: dict, value: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    top, left, bottom, right = attributes.get("pads", (0, 0, 0, 0))
    if (top, left) != (bottom, right):
        value, top, left = F.pad(value, (left, right, top, bottom)), 0, 0
    stride, dilation = attributes.get("strides", 1), attributes.get("dilations", 1)
    return F.conv2d(value, weight, bias, stride, (top, left), dilation, attributes.get("group", 1))


def _product(attributes: dict, value: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return F.linear(value, weight if attributes.get("transB") else weight.T, bias)


def _normalised(
    attributes: dict, value: Tensor, scale: Tensor, bias: Tensor, mean: Tensor, variance: Tensor
) -> Tensor:
    return F.batch_norm(value, mean, variance, scale, bias, eps=attributes.get("epsilon", 1e-5))


_OPERATORS: dict[str, Callable[..., Tensor]] = {
    "Add": lambda attributes, one, two: one + two,
    "BatchNormalization": _normalised,
    "Conv": _convolution,
    "Flatten": lambda attributes, value: value.flatten(attributes.get("axis", 1)),
    "Gemm": _product,
    "PRelu": lambda attributes, value, slope: torch.where(value >= 0, value, value * slope),
}


def _node(content: memoryview) -> tuple[Callable[..., Tensor], list[str], str, dict[str, Any]]:
    takes, gives, attributes, operator = [], [], {}, ""
    for number, value in fields(content):
        if number == _TAKES:
            takes.append(str(value, "utf-8"))
        elif number == _GIVES:
            gives.append(str(value, "utf-8"))
        elif number == _OPERATOR:
            operator = str(value, "utf-8")
        elif number == _ATTRIBUTES:
            name, told = _attribute(value)
            attributes[name] = told
    return _OPERATORS[operator], takes, gives[0], attributes


def _attribute(content: memoryview) -> tuple[str, Any]:
    name, told, several = "", None, []
    for number, value in fields(content):
        if number == _NAME:
            name = str(value, "utf-8")
        elif number == _FLOAT:
            told = float(np.frombuffer(value, "<f4")[0])
        elif number == _INT:
            told = value
        elif number == _INTS:
            several += [value] if isinstance(value, int) else list(_packed(value))
    return name, tuple(several) or told


def _tensor(content: memoryview) -> tuple[str, np.ndarray]:
    name, shape, array = "", [], np.empty(0, np.float32)
    for number, value in fields(content):
        if number == _DIMS:
            shape += [value] if isinstance(value, int) else list(_packed(value))
        elif number == _TYPE and value != _SINGLE:
            raise ValueError("numbers that are not float32")
        elif number in (_RAW, _FLOATS):
            array = np.frombuffer(value, "<f4")
        elif number == _TENSOR_NAME:
            name = str(value, "utf-8")
    return name, array.reshape(shape).copy()


def _packed(content: memoryview) -> list[int]:
    """Several numbers in one field, each as long as it needs."""
    found, value, shift = [], 0, 0
    for byte in content:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    return found


def _name(content: memoryview) -> str:
    return next(str(value, "utf-8") for number, value in fields(content) if number == _NAME)

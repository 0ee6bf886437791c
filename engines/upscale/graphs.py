"""The two networks of Real-ESRGAN as ONNX graphs made of their tensors, which run without PyTorch.

RRDBNet (Wang et al., ESRGAN, ECCVW 2018): dense blocks of five 3x3 convolutions, three in a row with
residuals scaled by 0.2, then twice nearest neighbour and a convolution. For smaller factors the picture is
folded into channels first (Real-ESRGAN, Wang et al., ICCVW 2021, section 3.4). SRVGGNetCompact (ibid., code):
convolutions and PReLU in a row, channels unfolded to pixels at the end, added to the nearest neighbour of
what came in. RGB in [0, 1] in and out, both unbounded. What a network is, and how large, is seen in the names
and shapes of its tensors, as the authors' code names them.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from engines.base import WeightsWrong
from engines.upscale.onnx_writer import GraphWriter

Shapes = Mapping[str, Sequence[int]]
_SLOPE, _RESIDUAL = 0.2, 0.2
_INPUT, _OUTPUT = "input", "output"
_FOLDS = {3: 1, 12: 2, 48: 4}  # channels that the first convolution takes: pixels a side that become one


def scale_of(shapes: Shapes) -> int:
    """How many times a network with such tensors enlarges; 0 if it is neither of the two."""
    if _is_rrdbnet(shapes):
        return 4 // _FOLDS[shapes["conv_first.weight"][1]]
    last = _last_of_compact(shapes)
    return math.isqrt(shapes[f"body.{last}.weight"][0] // 3) if last else 0


def multiple_of(shapes: Shapes) -> int:
    """What the sides of the picture that it takes are a multiple of, in pixels."""
    return _FOLDS[shapes["conv_first.weight"][1]] if _is_rrdbnet(shapes) else 1


def graph_of(tensors: Mapping[str, np.ndarray]) -> bytes:
    """The ONNX file of one of the two, float32 (1, 3, h, w) to (1, 3, scale h, scale w).

    Raises WeightsWrong if the tensors are not those of either, whole.
    """
    layers = _Layers(tensors)
    if not scale_of(layers.shapes):
        raise WeightsWrong("The model file holds no network of Real-ESRGAN. Get it again.")
    try:
        return _rrdbnet(layers) if _is_rrdbnet(layers.shapes) else _compact(layers)
    except (KeyError, ValueError, IndexError) as error:
        raise WeightsWrong(f"The model file is not whole ({error}). Get it again.") from None


class _Layers:
    """A graph in the making, and the tensors that go into it."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        self._tensors = tensors
        self.shapes = {name: array.shape for name, array in tensors.items()}
        self.graph = GraphWriter()

    def convolution(self, name: str, value: str, *, leaky: bool = False, out: str = "") -> str:
        """3x3, with the picture's size kept, and a leaky ReLU if asked for."""
        kernel = self.shapes[f"{name}.weight"]
        if len(kernel) != 4 or kernel[2:] != (3, 3) or self.shapes[f"{name}.bias"] != kernel[:1]:
            raise ValueError(f"{name} is no convolution of 3 x 3")
        weights = [self._tensor(f"{name}.{part}") for part in ("weight", "bias")]
        value = self.graph.node("Conv", value, *weights, out=out, pads=(1, 1, 1, 1), kernel_shape=(3, 3))
        return self.graph.node("LeakyRelu", value, alpha=_SLOPE) if leaky else value

    def slopes(self, name: str, value: str) -> str:
        """A PReLU."""
        slopes = self._tensors[f"{name}.weight"].astype(np.float32).reshape(-1, 1, 1)
        return self.graph.node("PRelu", value, self.graph.constant(f"{name}.weight", slopes))

    def nearest(self, value: str, scale: int) -> str:
        """Each pixel ``scale`` times a side."""
        name = f"scale{scale}.{value}"
        scales = self.graph.constant(name, np.array([1, 1, scale, scale], np.float32))
        way = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self.graph.node("Resize", value, "", scales, **way)

    def whole(self) -> bytes:
        large = {_OUTPUT: (1, 3, "large_height", "large_width")}
        return self.graph.model({_INPUT: (1, 3, "height", "width")}, large)

    def _tensor(self, name: str) -> str:
        array = self._tensors[name]
        if array.dtype.kind != "f":
            raise ValueError(f"{name} has no fractions")
        return self.graph.constant(name, array.astype(np.float32))


def _rrdbnet(layers: _Layers) -> bytes:
    graph = layers.graph
    residual = graph.constant("residual", np.array(_RESIDUAL, np.float32))
    fold = _FOLDS[layers.shapes["conv_first.weight"][1]]
    first = layers.convolution("conv_first", _folded(graph, fold))
    value = first
    for block in range(_count(layers, "body.{}.rdb1.conv1.weight")):
        entered = value
        for dense in (1, 2, 3):
            name = f"body.{block}.rdb{dense}.conv"
            parts = [value]
            for number in range(1, 6):
                into = graph.node("Concat", *parts, axis=1) if len(parts) > 1 else value
                parts.append(layers.convolution(f"{name}{number}", into, leaky=number < 5))
            value = graph.node("Add", graph.node("Mul", parts[-1], residual), value)
        value = graph.node("Add", graph.node("Mul", value, residual), entered)
    value = graph.node("Add", first, layers.convolution("conv_body", value))
    for name in ("conv_up1", "conv_up2"):
        value = layers.convolution(name, layers.nearest(value, 2), leaky=True)
    layers.convolution("conv_last", layers.convolution("conv_hr", value, leaky=True), out=_OUTPUT)
    return layers.whole()


def _folded(graph: GraphWriter, fold: int) -> str:
    """``fold`` x ``fold`` pixels of each colour as that many channels, in the order of pixel_unshuffle.

    ONNX's SpaceToDepth has the pixels outermost, and the colours beside each other.
    """
    if fold == 1:
        return _INPUT
    value = graph.node("SpaceToDepth", _INPUT, blocksize=fold)
    order = np.arange(3 * fold * fold).reshape(fold * fold, 3).T.reshape(-1)
    return graph.node("Gather", value, graph.constant("order", order.astype(np.int64)), axis=1)


def _compact(layers: _Layers) -> bytes:
    graph, last, scale = layers.graph, _last_of_compact(layers.shapes), scale_of(layers.shapes)
    value = _INPUT
    for number in range(0, last, 2):
        value = layers.slopes(f"body.{number + 1}", layers.convolution(f"body.{number}", value))
    value = layers.convolution(f"body.{last}", value)
    value = graph.node("DepthToSpace", value, blocksize=scale, mode="CRD")
    graph.node("Add", value, layers.nearest(_INPUT, scale), out=_OUTPUT)
    return layers.whole()


def _is_rrdbnet(shapes: Shapes) -> bool:
    first = shapes.get("conv_first.weight", ())
    return len(first) == 4 and first[1] in _FOLDS and "body.0.rdb1.conv1.weight" in shapes


def _last_of_compact(shapes: Shapes) -> int:
    """The number of its last convolution; 0 if it is none such."""
    numbers = [int(name[5:-7]) for name in shapes if name.startswith("body.") and name[5:-7].isdecimal()]
    last = max(numbers, default=0)
    kernel, slopes = shapes.get(f"body.{last}.weight", ()), shapes.get("body.1.weight", ())
    fits = len(kernel) == 4 and len(slopes) == 1 and last % 2 == 0
    return last if fits and kernel[0] in (3, 12, 27, 48, 192) else 0


def _count(layers: _Layers, name: str) -> int:
    number = 0
    while name.format(number) in layers.shapes:
        number += 1
    return number

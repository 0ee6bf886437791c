"""Write the M-LSD line detector as resources/models/mlsd-512.onnx from its published TensorFlow Lite file.

    python packaging/build_mlsd.py M-LSD_512_tiny_fp32.tflite [OUTPUT.onnx] [--check PHOTO ...]

The file is one of its authors' (M-LSD: Gu et al., "Towards Light-weight and Real-time Line Segment
Detection", AAAI 2022; their repository navervision/mlsd, folder ``tflite_models``). The network has few kinds
of layer, so each is written here as the ONNX node it is, without a converter. Kept is the network alone:

    input   1 x 4 x 512 x 512 float32: RGB in 0..255, then a channel of ones
    output  1 x 5 x 256 x 256 float32: for each pixel of half the size, how sure it is that it is the middle
            of a segment, as a logit; then how far off the segment's ends are in these pixels: x, y of one,
            x, y of the other

The choice of the best middles behind it is left to ``engines/lines/network.py``, and of the last layer's 16
channels the 11 that only training used are left out. The large network, about four times as slow, can be
written as well: its weights stay float16 as published and are cast when it is loaded. ``--check`` compares
with TensorFlow Lite on photographs. Needs the ``tools`` extra and the package ``tflite``, ``--check`` also
``ai-edge-litert``.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported

SOURCES = {
    "9eea1c32aa599a74d60b74fa62a17993da2ee5eb7666aad27e9795fe8bd08293": "512 tiny",  # what is embedded
    "34c470216a905c4850771ce2bfc5e13079d99799aaa5726dd51a985fb62b0b8b": "512 large",
}
SIZE, MAP = 512, 256
CHANNELS = slice(7, 12)  # of the last layer: the middle, then the two ends
DEFAULT_OUTPUT = Path(__file__).parent.parent / "resources" / "models" / "mlsd-512.onnx"

_KINDS = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}
_DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}


class Converter:
    """Writes the ONNX nodes of one TensorFlow Lite graph up to its last layer. Activations become NCHW."""

    def __init__(self, content: bytes) -> None:
        self._model = tflite.Model.GetRootAsModel(content, 0)
        self._graph = self._model.Subgraphs(0)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        self._constants: dict[int, np.ndarray] = {}
        self._padded: dict[int, tuple[int, np.ndarray]] = {}  # a padded tensor: what of, and by how much
        for index in range(self._graph.TensorsLength()):
            tensor = self._graph.Tensors(index)
            buffer = self._model.Buffers(tensor.Buffer())
            if buffer.DataLength():
                values = buffer.DataAsNumpy().view(_DTYPES[tensor.Type()])
                self._constants[index] = values.reshape(tensor.ShapeAsNumpy() if tensor.ShapeLength() else ())

    def convert(self) -> onnx.ModelProto:
        """The network from the picture to the map."""
        write = {
            "DIV": self._arithmetic,
            "SUB": self._arithmetic,
            "ADD": self._arithmetic,
            "PAD": self._pad,
            "CONV_2D": self._convolution,
            "DEPTHWISE_CONV_2D": self._convolution,
            "CONCATENATION": self._concatenation,
            "RESIZE_BILINEAR": self._resize,
        }
        operators = [self._graph.Operators(index) for index in range(self._graph.OperatorsLength())]
        for operator in operators:
            if self._kind(operator) == "DEQUANTIZE":
                self._constants[operator.Outputs(0)] = self._constants[operator.Inputs(0)]
        for operator in operators:
            kind = self._kind(operator)
            if kind == "STRIDED_SLICE":  # where the choice of the best middles begins
                last = operator.Inputs(0)
                break
            if kind != "DEQUANTIZE":
                write[kind](operator)
        self._slice(last)
        source = helper.make_tensor_value_info("rgb_and_one", TensorProto.FLOAT, [1, 4, SIZE, SIZE])
        target = helper.make_tensor_value_info("map", TensorProto.FLOAT, [1, 5, MAP, MAP])
        graph = helper.make_graph(self._nodes, "M-LSD 512", [source], [target], self._weights)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="lacuna"
        )

    def _kind(self, operator: tflite.Operator) -> str:
        code = self._model.OperatorCodes(operator.OpcodeIndex())
        return _KINDS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    def _name(self, index: int) -> str:
        return "rgb_and_one" if index == self._graph.Inputs(0) else f"t{index}"

    def _constant(self, name: str, values: np.ndarray) -> str:
        """A constant by name; float16 ones are cast to float32, which what loads the network does once."""
        stored = name + "_half" if values.dtype == np.float16 else name
        if all(tensor.name != stored for tensor in self._weights):
            self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), stored))
            if stored != name:
                self._nodes.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
        return name

    def _node(self, kind: str, inputs: list[str], output: int, activation: int = 0, **attributes) -> None:
        """A node and, as TensorFlow Lite fuses it, the activation behind it."""
        name = self._name(output)
        if activation == tflite.ActivationFunctionType.NONE:
            self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
            return
        before = name + "_before"
        self._nodes.append(helper.make_node(kind, inputs, [before], **attributes))
        if activation == tflite.ActivationFunctionType.RELU:
            self._nodes.append(helper.make_node("Relu", [before], [name]))
        elif activation == tflite.ActivationFunctionType.RELU6:
            limits = [self._constant("zero", np.float32(0)), self._constant("six", np.float32(6))]
            self._nodes.append(helper.make_node("Clip", [before, *limits], [name]))
        else:
            raise ValueError(f"activation {activation} is not expected in this network")

    def _arithmetic(self, operator: tflite.Operator) -> None:
        names = []
        for index in operator.InputsAsNumpy():
            if index in self._constants:
                names.append(self._constant(f"c{index}", self._constants[index].astype(np.float32)))
            else:
                names.append(self._name(index))
        options = {"DIV": tflite.DivOptions, "SUB": tflite.SubOptions, "ADD": tflite.AddOptions}
        kind = self._kind(operator)
        activation = _options(operator, options[kind]).FusedActivationFunction()
        self._node(kind.capitalize(), names, operator.Outputs(0), activation)

    def _pad(self, operator: tflite.Operator) -> None:
        around = self._constants[operator.Inputs(1)]
        self._padded[operator.Outputs(0)] = operator.Inputs(0), around[1:3]  # rows and columns

    def _convolution(self, operator: tflite.Operator) -> None:
        source, kernel_index, bias_index = operator.InputsAsNumpy()
        kernel = self._constants[kernel_index]
        depthwise = self._kind(operator) == "DEPTHWISE_CONV_2D"
        options = _options(operator, tflite.DepthwiseConv2DOptions if depthwise else tflite.Conv2DOptions)
        stride, spread = options.StrideH(), options.DilationHFactor()
        if depthwise:
            assert options.DepthMultiplier() == 1
            kernel = kernel.transpose(3, 0, 1, 2)
        else:
            kernel = kernel.transpose(0, 3, 1, 2)
        if options.Padding() == tflite.Padding.VALID:
            source, ((top, bottom), (left, right)) = self._padded[source]
        else:
            assert stride == 1  # only then are SAME's margins alike on all sides
            top = bottom = left = right = kernel.shape[2] // 2 * spread
        inputs = [
            self._name(source),
            self._constant(f"k{kernel_index}", kernel),
            self._constant(f"b{bias_index}", self._constants[bias_index]),
        ]
        self._node(
            "Conv",
            inputs,
            operator.Outputs(0),
            options.FusedActivationFunction(),
            kernel_shape=list(kernel.shape[2:]),
            strides=[stride, stride],
            dilations=[spread, spread],
            group=kernel.shape[0] if depthwise else 1,
            pads=[int(side) for side in (top, left, bottom, right)],
        )

    def _concatenation(self, operator: tflite.Operator) -> None:
        assert _options(operator, tflite.ConcatenationOptions).Axis() == -1  # channels, in NHWC
        names = [self._name(index) for index in operator.InputsAsNumpy()]
        self._node("Concat", names, operator.Outputs(0), axis=1)

    def _resize(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.ResizeBilinearOptions)
        assert options.HalfPixelCenters() and not options.AlignCorners()
        before = self._graph.Tensors(operator.Inputs(0)).ShapeAsNumpy()
        after = self._graph.Tensors(operator.Outputs(0)).ShapeAsNumpy()
        assert (after[1:3] == 2 * before[1:3]).all()
        twice = self._constant("twice", np.array([1, 1, 2, 2], np.float32))
        self._node(
            "Resize",
            [self._name(operator.Inputs(0)), "", twice],
            operator.Outputs(0),
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )

    def _slice(self, last: int) -> None:
        places = {"start": CHANNELS.start, "end": CHANNELS.stop, "axis": 1}
        names = [self._constant(name, np.array([place], np.int64)) for name, place in places.items()]
        self._nodes.append(helper.make_node("Slice", [self._name(last), *names], ["map"]))


def _options(operator: tflite.Operator, kind: type):
    """The options of an operator, read as a table of ``kind``."""
    options, table = kind(), operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    return options


def batch_of(photo: Path) -> np.ndarray:
    """A photograph as the network takes it, (1, 512, 512, 4)."""
    import cv2

    rgb = cv2.cvtColor(cv2.imread(str(photo)), cv2.COLOR_BGR2RGB)
    small = cv2.resize(rgb, (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.dstack([small, np.ones((SIZE, SIZE), np.float32)])[None]


def compare(model: onnx.ModelProto, source: Path, photos: list[Path]) -> None:
    """Print the largest differences from TensorFlow Lite's own answers: scores and ends of its 200 best."""
    import onnxruntime
    from ai_edge_litert.interpreter import Interpreter

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    interpreter = Interpreter(str(source))
    interpreter.allocate_tensors()
    outputs = [each["index"] for each in interpreter.get_output_details()]
    for photo in photos:
        batch = batch_of(photo)
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], batch)
        interpreter.invoke()
        places, scores, ends = (interpreter.get_tensor(index)[0] for index in outputs)
        ours = session.run(None, {"rgb_and_one": batch.transpose(0, 3, 1, 2)})[0][0]
        rows, columns = places[scores > 0].T
        off = np.abs(1 / (1 + np.exp(-ours[0, rows, columns])) - scores[scores > 0])
        print(
            f"{photo.name}: {(scores > 0.1).sum()} segments, largest difference of scores {off.max():.1e}, "
            f"of ends {np.abs(ours[1:, rows, columns].T - ends[rows, columns]).max():.1e} pixels"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path, nargs="?", default=DEFAULT_OUTPUT)
    parser.add_argument("--check", type=Path, nargs="+", metavar="PHOTO", help="compare on these photographs")
    arguments = parser.parse_args()
    content = arguments.source.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest not in SOURCES:
        raise SystemExit(f"{arguments.source}: sha256 {digest} is of no published file")
    model = Converter(content).convert()
    onnx.checker.check_model(model)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_bytes(model.SerializeToString())
    data = arguments.output.read_bytes()
    print(f"{arguments.output}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    if arguments.check:
        compare(model, arguments.source, arguments.check)
    return 0


if __name__ == "__main__":
    sys.exit(main())

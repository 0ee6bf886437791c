"""Writes a TensorFlow Lite network as the ONNX nodes it is, for build_mlsd.py and build_faces.py.

Only the kinds of layer that these networks have are known, each as plainly as it can be written; pictures
become NCHW. Weights that are float16 in the file stay so and are cast when the network is loaded. Needs the
packages ``onnx`` and ``tflite``.
"""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

_KINDS = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}
_DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}


class Converter:
    """Writes the nodes of one graph. Its input is called ``source`` in the result."""

    def __init__(self, content: bytes, source: str) -> None:
        self._model = tflite.Model.GetRootAsModel(content, 0)
        self._graph = self._model.Subgraphs(0)
        self._source = source
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
        self._operators = [self._graph.Operators(index) for index in range(self._graph.OperatorsLength())]
        for operator in self._operators:
            if self._kind(operator) == "DEQUANTIZE" and operator.Inputs(0) in self._constants:
                self._constants[operator.Outputs(0)] = self._constants[operator.Inputs(0)]

    def output(self, name: str) -> int:
        """The number of the tensor that the graph gives under this name."""
        places = (self._graph.Outputs(index) for index in range(self._graph.OutputsLength()))
        return next(place for place in places if self._graph.Tensors(place).Name().decode() == name)

    def before_first(self, kind: str) -> int:
        """The number of the tensor that goes into the first operator of this kind."""
        return next(each.Inputs(0) for each in self._operators if self._kind(each) == kind)

    def before(self, index: int) -> list[int]:
        """The numbers of the tensors that one is made of."""
        made = next(each for each in self._operators if each.Outputs(0) == index)
        return [int(each) for each in made.InputsAsNumpy()]

    def write(self, targets: list[int]) -> list[str]:
        """Write what leads to these tensors, and say what they are called."""
        write = {
            "DIV": self._arithmetic,
            "SUB": self._arithmetic,
            "ADD": self._arithmetic,
            "PAD": self._pad,
            "CONV_2D": self._convolution,
            "DEPTHWISE_CONV_2D": self._convolution,
            "RELU": self._relu,
            "PRELU": self._prelu,
            "MAX_POOL_2D": self._pool,
            "CONCATENATION": self._concatenation,
            "RESIZE_BILINEAR": self._resize,
        }
        wanted, needed = set(targets), []
        for operator in reversed(self._operators):
            if operator.Outputs(0) in wanted and operator.Outputs(0) not in self._constants:
                wanted.update(int(index) for index in operator.InputsAsNumpy())
                needed.append(operator)
        for operator in reversed(needed):
            write[self._kind(operator)](operator)
        return [self.name(index) for index in targets]

    def model(self, title: str, source: list, targets: dict[str, list]) -> onnx.ModelProto:
        """The network: ``source`` is the shape of its input, ``targets`` has its outputs' names and shapes. A
        side that is free is a word."""
        inputs = helper.make_tensor_value_info(self._source, TensorProto.FLOAT, source)
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in targets.items()
        ]
        graph = helper.make_graph(self._nodes, title, [inputs], outputs, self._weights)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="lacuna"
        )
        onnx.checker.check_model(model)
        return model

    def name(self, index: int) -> str:
        return self._source if index == self._graph.Inputs(0) else f"t{index}"

    def constant(self, name: str, values: np.ndarray) -> str:
        """A constant by name; float16 ones are cast to float32, which what loads the network does once."""
        stored = name + "_half" if values.dtype == np.float16 else name
        if all(tensor.name != stored for tensor in self._weights):
            self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), stored))
            if stored != name:
                self._nodes.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def _kind(self, operator: tflite.Operator) -> str:
        code = self._model.OperatorCodes(operator.OpcodeIndex())
        return _KINDS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    def _layer(self, kind: str, inputs: list[str], output: int, activation: int = 0, **attributes) -> None:
        """A node and, as TensorFlow Lite fuses it, the activation behind it."""
        name = self.name(output)
        if activation == tflite.ActivationFunctionType.NONE:
            self.node(kind, inputs, name, **attributes)
            return
        before = self.node(kind, inputs, name + "_before", **attributes)
        if activation == tflite.ActivationFunctionType.RELU:
            self.node("Relu", [before], name)
        elif activation == tflite.ActivationFunctionType.RELU6:
            limits = [self.constant("zero", np.float32(0)), self.constant("six", np.float32(6))]
            self.node("Clip", [before, *limits], name)
        else:
            raise ValueError(f"activation {activation} is not expected in this network")

    def _shape(self, index: int) -> np.ndarray:
        return self._graph.Tensors(index).ShapeAsNumpy()

    def _arithmetic(self, operator: tflite.Operator) -> None:
        names = []
        for index in operator.InputsAsNumpy():
            if index in self._constants:
                names.append(self.constant(f"c{index}", self._constants[index].astype(np.float32)))
            else:
                names.append(self.name(index))
        options = {"DIV": tflite.DivOptions, "SUB": tflite.SubOptions, "ADD": tflite.AddOptions}
        kind = self._kind(operator)
        activation = _options(operator, options[kind]).FusedActivationFunction()
        self._layer(kind.capitalize(), names, operator.Outputs(0), activation)

    def _pad(self, operator: tflite.Operator) -> None:
        source, target = operator.Inputs(0), operator.Outputs(0)
        around = self._constants[operator.Inputs(1)]
        if not around[3].any():  # rows and columns, which a convolution behind it takes along
            self._padded[target] = source, around[1:3]
            return
        order = [0, 3, 1, 2]
        pads = self.constant(f"p{target}", around[order].T.ravel().astype(np.int64))
        self._layer("Pad", [self.name(source), pads], target)

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
        if options.Padding() == tflite.Padding.SAME:
            before, after = self._shape(source)[1:3], self._shape(operator.Outputs(0))[1:3]
            sides = [
                _same(int(was), int(becomes), size, stride, spread)
                for was, becomes, size in zip(before, after, kernel.shape[2:], strict=True)
            ]
        else:
            source, sides = self._padded.get(source, (source, np.zeros((2, 2), int)))
        (top, bottom), (left, right) = sides
        inputs = [
            self.name(source),
            self.constant(f"k{kernel_index}", kernel),
            self.constant(f"b{bias_index}", self._constants[bias_index]),
        ]
        self._layer(
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

    def _relu(self, operator: tflite.Operator) -> None:
        self._layer("Relu", [self.name(operator.Inputs(0))], operator.Outputs(0))

    def _prelu(self, operator: tflite.Operator) -> None:
        source, slope_index = operator.InputsAsNumpy()
        slope = self.constant(f"s{slope_index}", self._constants[slope_index].reshape(-1, 1, 1))
        self._layer("PRelu", [self.name(source), slope], operator.Outputs(0))

    def _pool(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.Pool2DOptions)
        size, stride = options.FilterHeight(), options.StrideH()
        assert size == stride and not (self._shape(operator.Inputs(0))[1:3] % size).any()  # no margins
        self._layer(
            "MaxPool",
            [self.name(operator.Inputs(0))],
            operator.Outputs(0),
            options.FusedActivationFunction(),
            kernel_shape=[size, size],
            strides=[stride, stride],
        )

    def _concatenation(self, operator: tflite.Operator) -> None:
        assert _options(operator, tflite.ConcatenationOptions).Axis() == -1  # channels, in NHWC
        names = [self.name(index) for index in operator.InputsAsNumpy()]
        self._layer("Concat", names, operator.Outputs(0), axis=1)

    def _resize(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.ResizeBilinearOptions)
        assert options.HalfPixelCenters() and not options.AlignCorners()
        before, after = self._shape(operator.Inputs(0)), self._shape(operator.Outputs(0))
        assert (after[1:3] == 2 * before[1:3]).all()
        twice = self.constant("twice", np.array([1, 1, 2, 2], np.float32))
        self._layer(
            "Resize",
            [self.name(operator.Inputs(0)), "", twice],
            operator.Outputs(0),
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )


def _same(before: int, after: int, size: int, stride: int, spread: int) -> tuple[int, int]:
    """TensorFlow's SAME margins along one side: what is odd of them goes behind."""
    both = max((after - 1) * stride + (size - 1) * spread + 1 - before, 0)
    return both // 2, both - both // 2


def _options(operator: tflite.Operator, kind: type):
    """The options of an operator, read as a table of ``kind``."""
    options, table = kind(), operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    return options


def put(model: onnx.ModelProto, path: Path) -> None:
    """Write a model and say what the catalogue has to know of it."""
    data = model.SerializeToString()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{path}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")

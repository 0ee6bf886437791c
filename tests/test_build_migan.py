"""The graph changes of packaging/build_migan.py leave what a network computes alone: on a tiny one."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
import onnxruntime  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

SCRIPT = Path(__file__).parents[1] / "packaging" / "build_migan.py"
SIZE = 6


@pytest.fixture(scope="module")
def build():
    specification = importlib.util.spec_from_file_location("build_migan", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def model_of(nodes, constants, in_shape, out_shape):
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, in_shape)],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, out_shape)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def computed(model, value):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"in": value})[0]


def kinds(model):
    return [node.op_type for node in model.graph.node]


def upsampling(gain):
    """Two channels, each doubled by nearest pixels, three of four zeroed, and a [1 3 3 1] filter."""
    tap = np.array([1, 3, 3, 1], np.float32) / 8
    kernel = np.broadcast_to(np.outer(tap, tap) * 4 * gain, (2, 1, 4, 4)).astype(np.float32)
    kept = np.zeros((1, 1, 2 * SIZE, 2 * SIZE), np.float32)
    kept[..., ::2, ::2] = 1
    constants = {
        "scales": np.array([1, 1, 2, 2], np.float32),
        "kept": kept,
        "pads": np.array([0, 0, 2, 2, 0, 0, 1, 1], np.int64),
        "kernel": kernel,
    }
    nodes = [
        helper.make_node(
            "Resize",
            ["in", "", "scales"],
            ["near"],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        ),
        helper.make_node("Mul", ["near", "kept"], ["sparse"]),
        helper.make_node("Pad", ["sparse", "pads"], ["padded"]),
        helper.make_node("Conv", ["padded", "kernel"], ["out"], group=2),
    ]
    return model_of(nodes, constants, [1, 2, SIZE, SIZE], [1, 2, 2 * SIZE, 2 * SIZE])


@pytest.mark.parametrize("gain", [1.0, 2.0])
def test_upsampling_becomes_one_resize(build, gain):
    value = np.random.default_rng(0).normal(size=(1, 2, SIZE, SIZE)).astype(np.float32)
    model = upsampling(gain)
    before = computed(model, value)
    build.simplify_upsampling(model)
    onnx.checker.check_model(model, full_check=True)
    assert kinds(model) == ["Resize", "Mul"]
    assert {tensor.name for tensor in model.graph.initializer} == {"twice", f"border_{2 * SIZE}_{gain:.4f}"}
    np.testing.assert_allclose(computed(model, value), before, atol=1e-5)


def activations(gain):
    """Two convolutions with a bias and a noise, each followed by a leaky ReLU, a gain and a clip."""
    random = np.random.default_rng(1)
    constants = {
        "gain": np.float32(gain),
        "low": np.float32(-256),
        "high": np.float32(256),
        "bias": random.normal(size=3).astype(np.float32),
        "noise": random.normal(size=(1, 1, SIZE, SIZE)).astype(np.float32),
        "unused": np.zeros(3, np.float32),
        "first": random.normal(size=(3, 3, 1, 1)).astype(np.float32),
        "second": random.normal(size=(3, 3, 1, 1)).astype(np.float32),
    }
    nodes = []
    for index, (source, kernel, target) in enumerate(
        (("in", "first", "middle"), ("middle", "second", "last"))
    ):
        nodes += [
            helper.make_node("Conv", [source, kernel, "bias"], [f"conv{index}"]),  # the bias is shared
            helper.make_node("Add", [f"conv{index}", "noise"], [f"sum{index}"]),
            helper.make_node("LeakyRelu", [f"sum{index}"], [f"leaky{index}"], alpha=0.2),
            helper.make_node("Mul", [f"leaky{index}", "gain"], [f"scaled{index}"]),
            helper.make_node("Clip", [f"scaled{index}", "low", "high"], [target]),
        ]
    nodes.append(helper.make_node("Add", ["last", "noise"], ["out"]))
    return model_of(nodes, constants, [1, 3, SIZE, SIZE], [1, 3, SIZE, SIZE])


def test_gains_move_into_the_convolutions(build):
    value = np.random.default_rng(2).normal(size=(1, 3, SIZE, SIZE)).astype(np.float32)
    model = activations(np.sqrt(2))
    before = computed(model, value)
    build.absorb_gains(model)
    onnx.checker.check_model(model, full_check=True)
    assert kinds(model) == ["Conv", "Add", "LeakyRelu"] * 2 + ["Add"]
    np.testing.assert_allclose(computed(model, value), before, rtol=1e-4, atol=1e-4)
    left = {tensor.name for tensor in model.graph.initializer}
    assert "noise" in left  # read without the gain at the end
    assert not {"unused", "gain", "low", "bias"} & left


def test_a_gain_after_something_else_is_refused(build):
    model = activations(1.5)
    for node in model.graph.node:
        if node.op_type == "Conv":
            node.op_type = "ConvTranspose"
    with pytest.raises(ValueError, match="ConvTranspose"):
        build.absorb_gains(model)


def test_another_pipeline_is_refused(build, tmp_path):
    (tmp_path / "other.onnx").write_bytes(b"something else")
    with pytest.raises(SystemExit, match="is not the published file"):
        build.build(tmp_path / "other.onnx")

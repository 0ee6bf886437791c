"""The networks that come with the program: the standard's operators alone, and what the cards say of them."""

import hashlib
from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

MODELS = Path(__file__).parents[3] / "resources" / "models"
SHAPES = {
    "blazeface": (
        {"rgb": [1, 3, "height", "width"]},
        {"fine": [1, 34, "height / 8", "width / 8"], "coarse": [1, 102, "height / 16", "width / 16"]},
    ),
    "face-mesh": ({"rgb": [1, 3, 256, 256]}, {"mesh": [1, 1435]}),
}


def shapes(values):
    return {
        value.name: [side.dim_param or side.dim_value for side in value.type.tensor_type.shape.dim]
        for value in values
    }


@pytest.mark.parametrize("name", SHAPES)
def test_a_network_is_what_its_card_says(name):
    content = (MODELS / f"{name}.onnx").read_bytes()
    card = (MODELS / f"{name}.md").read_text(encoding="utf-8")
    assert hashlib.sha256(content).hexdigest() in card and f"{len(content):,} bytes" in card
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    assert {node.domain for node in model.graph.node} == {""}
    assert (shapes(model.graph.input), shapes(model.graph.output)) == SHAPES[name]
    kernels = [each for each in model.graph.initializer if len(each.dims) == 4]
    assert {each.data_type for each in kernels} == {onnx.TensorProto.FLOAT16}

"""The graphs in the program are those that packaging/build_mobilesam.py makes."""

import importlib
from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

ROOT = Path(__file__).parents[1]


@pytest.fixture
def build(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("build_mobilesam")


def test_the_graphs_are_as_they_are_built(build, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["build_mobilesam.py", str(tmp_path)])
    assert build.main() == 0
    for name in build.GRAPHS:
        assert (ROOT / "engines" / "select" / "graphs" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_the_graphs_are_sound_and_hold_no_weights(build):
    for name in build.GRAPHS:
        model = onnx.load(ROOT / "engines" / "select" / "graphs" / name, load_external_data=False)
        assert {node.domain for node in model.graph.node} == {""}  # operators of the standard only
        for tensor in model.graph.initializer:
            if "." in tensor.name:
                assert tensor.data_location == onnx.TensorProto.EXTERNAL and not tensor.raw_data

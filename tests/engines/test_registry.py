"""The list of engines is there at once; what they need is imported when one is loaded."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from engines import registry, store
from engines.base import EngineError

ROOT = Path(__file__).parents[2]
HEAVY = {"onnxruntime", "openvino", "torch", "cv2", "numpy.testing", "PySide6", "PIL", "onnx"}


def imported_by(statement):
    code = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_importing_the_registry_imports_no_network():
    names = imported_by("import engines.registry")
    assert "engines.registry" in names
    assert not names & HEAVY
    assert not [name for name in names if name.startswith("engines.removal")]


def test_asking_for_an_engines_data_imports_no_network():
    names = imported_by("from engines import registry, store; registry.spec('migan'); store.catalog()")
    assert not names & HEAVY


def test_every_entry_can_be_found_and_has_weights():
    identifiers = [entry.id for entry in registry.ENGINES]
    assert len(set(identifiers)) == len(identifiers)
    for entry in registry.ENGINES:
        assert registry.spec(entry.id) is entry
        assert entry.weights in store.catalog()
        assert callable(getattr(importlib.import_module(entry.module), entry.factory))
        assert entry.title and entry.note


@pytest.mark.parametrize("ask", [registry.spec, registry.load])
def test_an_unknown_engine_is_told_with_what_there_is(ask):
    with pytest.raises(EngineError) as caught:
        ask("mugan")
    assert str(caught.value) == 'There is no engine "mugan". Choose one of: migan, mobile-sam, u2netp.'

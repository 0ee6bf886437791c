"""The list of engines is there at once; what they need is imported when one is loaded."""

import dataclasses
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from engines import registry, store
from engines.base import EngineError
from engines.sources import Source

ROOT = Path(__file__).parents[2]
HEAVY = {"onnxruntime", "openvino", "torch", "cv2", "numpy.testing", "PySide6", "PIL", "onnx"}
HEAVY |= {"diffusers", "transformers"}


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


def test_every_entry_can_be_found_and_says_what_a_user_must_know():
    identifiers = [entry.id for entry in registry.ENGINES]
    assert len(set(identifiers)) == len(identifiers)
    for entry in registry.ENGINES:
        assert registry.spec(entry.id) is entry
        assert entry.title and entry.note
        if entry.task == "remove":
            assert entry.lines and entry.seed and entry.sizes and entry.seconds > 0
        assert entry.forms
        for files in entry.forms:
            assert all(each in store.catalog() for each in files)


def test_every_entry_names_what_loads_it():
    pytest.importorskip("torch")
    pytest.importorskip("safetensors")
    for entry in registry.ENGINES:
        assert callable(getattr(importlib.import_module(entry.module), entry.factory))


def test_what_removes_by_default_lacks_nothing(monkeypatch):
    monkeypatch.delenv("LACUNA_MODELS", raising=False)
    assert registry.lacks(registry.spec(registry.DEFAULT_REMOVER)) == ""


# --- engines of several forms ---


@pytest.fixture
def several(tmp_path, monkeypatch):
    """An engine that comes as a TorchScript, or as two ONNX files; the folder for them is empty."""
    entries = {
        each: store.WeightFile(
            each, "Trying out", file, "MIT", True, (Source("own", f"{file} of its authors"),)
        )
        for each, file in (("script", "all.pt"), ("first", "1.onnx"), ("second", "2.onnx"))
    }
    monkeypatch.setattr(store, "catalog", lambda: entries)
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    entry = dataclasses.replace(
        registry.ENGINES[0], id="several", title="Several", forms=(("script",), ("first", "second"))
    )
    monkeypatch.setattr(registry, "ENGINES", (entry,))
    return entry


def installed(monkeypatch, torch):
    monkeypatch.setattr(registry, "is_installed", lambda package: torch)


def test_the_best_form_that_is_here_is_taken(several, tmp_path, monkeypatch):
    installed(monkeypatch, True)
    (tmp_path / "1.onnx").touch()
    assert registry.form(several) == ("first", "second")  # that needs no library
    assert registry.lacks(several) == (
        "Several needs 2.onnx. Add what you have with: python main.py models import FILE"
    )
    (tmp_path / "all.pt").touch()
    assert registry.form(several) == ("script",)
    assert registry.lacks(several) == ""
    (tmp_path / "2.onnx").touch()
    assert registry.form(several) == ("script",)


def test_a_form_that_needs_torch_is_of_no_use_without_it(several, tmp_path, monkeypatch):
    installed(monkeypatch, False)
    (tmp_path / "all.pt").touch()
    assert registry.form(several) == ("first", "second")
    script = dataclasses.replace(several, forms=(("script",),))
    monkeypatch.setattr(registry, "ENGINES", (script,))
    told = "Several needs PyTorch. Install it with: pip install 'lacuna[torch]'"
    assert registry.lacks(script) == told
    with pytest.raises(EngineError) as caught:
        registry.load("several")
    assert str(caught.value) == told


@pytest.mark.parametrize("ask", [registry.spec, registry.load])
def test_an_unknown_engine_is_told_with_what_there_is(ask):
    with pytest.raises(EngineError) as caught:
        ask("mugan")
    known = ", ".join(entry.id for entry in registry.ENGINES)
    assert str(caught.value) == f'There is no engine "mugan". Choose one of: {known}.'


def test_an_engine_of_another_task_is_none_of_these():
    with pytest.raises(EngineError) as caught:
        registry.spec("lines", "remove")
    known = ", ".join(entry.id for entry in registry.ENGINES if entry.task == "remove")
    assert str(caught.value) == f'There is no engine "lines". Choose one of: {known}.'
    assert registry.spec("lines", "lines").id == registry.LINE_FINDER


def test_what_can_be_fetched_and_run_is_offered_first(monkeypatch):
    """With PyTorch the best of LaMa, without it the one that does without."""
    entry = registry.spec("lama")
    for installed, weights_id in ((True, "lama-torchscript"), (False, "lama-opencv")):
        monkeypatch.setattr(registry, "is_installed", lambda name, installed=installed: installed)
        assert registry.form(entry) == (weights_id,)
        assert registry.lacks(entry).endswith(f"models install {weights_id}")

"""Weights are used only if they are, byte for byte, those of the catalogue."""

import hashlib
import shutil
from pathlib import Path

import pytest

from engines import store
from engines.base import EngineError, WeightsMissing, WeightsWrong

EMBEDDED = Path(__file__).parents[2] / "resources" / "models"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    return tmp_path


def test_the_embedded_files_are_those_of_the_catalogue(monkeypatch):
    monkeypatch.delenv("LACUNA_MODELS", raising=False)
    for name, entry in store.catalog().items():
        content = store.load(name)
        assert content == (EMBEDDED / entry.file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry.bytes, entry.sha256)


def test_every_entry_says_what_a_user_must_know():
    for entry in store.catalog().values():
        assert entry.purpose
        assert entry.licence
        assert entry.commercial is True or entry.commercial is False
        assert (EMBEDDED / entry.file).with_suffix(".md").is_file()  # the model card


def test_another_folder_may_hold_the_same_file(folder):
    shutil.copy(EMBEDDED / "migan-512.onnx", folder)
    assert store.load("migan-512") == (EMBEDDED / "migan-512.onnx").read_bytes()


def test_a_missing_file(folder):
    with pytest.raises(WeightsMissing) as caught:
        store.load("migan-512")
    assert str(folder / "migan-512.onnx") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_in_the_place_of_the_file(folder):
    (folder / "migan-512.onnx").mkdir()
    with pytest.raises(WeightsMissing, match="cannot be read"):
        store.load("migan-512")


def flip_a_bit(content):
    content[len(content) // 2] ^= 1


def cut_the_end(content):
    del content[-1:]


def add_a_byte(content):
    content.append(0)


def empty(content):
    content.clear()


@pytest.mark.parametrize("damage", [flip_a_bit, cut_the_end, add_a_byte, empty])
def test_a_file_that_is_not_the_one(folder, damage):
    content = bytearray((EMBEDDED / "migan-512.onnx").read_bytes())
    damage(content)
    (folder / "migan-512.onnx").write_bytes(content)
    with pytest.raises(WeightsWrong) as caught:
        store.load("migan-512")
    assert isinstance(caught.value, EngineError)
    assert str(folder / "migan-512.onnx") in str(caught.value)
    assert "\n" not in str(caught.value)

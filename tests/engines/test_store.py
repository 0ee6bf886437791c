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
    embedded = {name: entry for name, entry in store.catalog().items() if entry.embedded}
    assert embedded
    for name, entry in embedded.items():
        content = store.load(name)
        assert content == (EMBEDDED / entry.file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry.bytes, entry.sha256)


def test_every_entry_says_what_a_user_must_know():
    for entry in store.catalog().values():
        assert entry.purpose
        assert entry.licence
        assert entry.commercial is True or entry.commercial is False
        assert (EMBEDDED / f"{entry.id}.md").is_file()  # the model card


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


# -- what does not come with the program ---------------------------------------------------------------------


def test_a_pack_lies_with_the_users_files_or_beside_the_programs(folder):
    entry = store.entry_of("u2netp")
    assert store.path_of("u2netp") == store.packs_folder() / entry.file
    assert not store.is_present("u2netp")
    with pytest.raises(
        WeightsMissing, match=r"not installed. Get it with: python main\.py models install u2netp"
    ):
        store.load("u2netp")
    beside = folder / entry.file  # a folder that was copied to a machine without a network
    beside.write_bytes(bytes(entry.bytes))
    assert store.path_of("u2netp") == beside
    assert store.is_present("u2netp")
    with pytest.raises(WeightsWrong, match="Install it again"):
        store.load("u2netp")


def test_where_packs_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path))
    assert store.packs_folder() == tmp_path / "models"
    monkeypatch.delenv("LACUNA_DATA_DIR")
    assert store.packs_folder().name == "models" and "lacuna" in str(store.packs_folder()).lower()


def test_a_model_that_is_none():
    with pytest.raises(EngineError, match=r'There is no model "nix"\. Choose one of: migan-512'):
        store.entry_of("nix")

"""Weights are used only if they are, byte for byte, those of the catalogue."""

import hashlib
import shutil
from pathlib import Path

import pytest

from engines import store
from engines.base import EngineError, WeightsMissing, WeightsWrong
from engines.sources import Source

EMBEDDED = Path(__file__).parents[2] / "resources" / "models"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    return tmp_path


def embedded():
    found = [(name, entry) for name, entry in store.catalog().items() if entry.embedded]
    assert "migan-512" in dict(found)
    return found


def test_the_embedded_files_are_those_of_the_catalogue(monkeypatch):
    monkeypatch.delenv("LACUNA_MODELS", raising=False)
    for name, entry in embedded():
        content = store.load(name)
        assert content == (EMBEDDED / entry.file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry.bytes, entry.sha256)


def test_every_entry_says_what_a_user_must_know():
    for entry in store.catalog().values():
        assert entry.purpose
        assert entry.licence
        assert entry.commercial is True or entry.commercial is False
        assert (EMBEDDED / f"{entry.id}.md").is_file() or not (entry.embedded or entry.fetchable)  # its card


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


# --- files that the user brings along ---


def described(monkeypatch, look_for="own files", **known):
    sources = (Source("own", look_for),)
    entry = store.WeightFile("own", "Trying out", known.pop("file"), "MIT", True, sources, **known)
    monkeypatch.setattr(store, "catalog", lambda: {"own": entry})


def test_a_missing_file_of_ones_own_says_what_to_look_for(folder, monkeypatch):
    described(monkeypatch, file="own.pt", look_for="own.pt as its authors published it")
    assert not store.is_present("own")
    with pytest.raises(WeightsMissing) as caught:
        store.load("own")
    assert str(caught.value) == (
        "The model for trying out is not installed. Bring your own, own.pt as its authors published it, "
        "and add it with: python main.py models import FILE"
    )


def test_data_of_unknown_hash_is_given_as_it_is(folder, monkeypatch):
    described(monkeypatch, file="own.safetensors")
    (folder / "own.safetensors").write_bytes(b"numbers")
    assert store.is_present("own")
    assert store.load("own") == b"numbers"


def test_a_program_of_unknown_hash_is_not_run_and_what_to_do_is_told(folder, monkeypatch):
    content = b"a program"
    (folder / "own.pt").write_bytes(content)
    described(monkeypatch, file="own.pt", look_for="own.pt of its authors")
    with pytest.raises(WeightsWrong, match="is not the published one"):
        store.load("own")
    described(monkeypatch, file="own.pt", md5=hashlib.md5(content).hexdigest())
    with pytest.raises(WeightsWrong) as caught:
        store.load("own")
    told = f'add sha256 = "{hashlib.sha256(content).hexdigest()}" to [own] in {store.CATALOG}.'
    assert str(caught.value).endswith(told)
    assert "\n" not in str(caught.value)
    described(monkeypatch, file="own.pt", sha256=hashlib.sha256(content).hexdigest())
    assert store.load("own") == content


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

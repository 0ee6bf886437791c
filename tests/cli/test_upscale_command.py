"""``python main.py upscale``: a picture in, a larger one out; one line and an exit code where that fails."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from editor.cli import upscale
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from engines.base import OutOfMemory
from engines.upscale import engine
from tests.engines.upscalers import installed_upscaler

ROOT = Path(__file__).parents[2]


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path / "data"))
    return installed_upscaler(tmp_path / "data" / "models")


@pytest.fixture
def files(tmp_path):
    """A picture of 60 x 40, and where to write."""
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 4), np.uint8)
    pixels[..., 3] = 255
    raster.write(tmp_path / "in.png", raster.Raster(pixels, False, False, Metadata()))
    return str(tmp_path / "in.png"), "-o", str(tmp_path / "out.png")


def run(capsys, *given):
    """The command in this process: exit code, stdout, lines of stderr."""
    code = upscale.main([str(each) for each in given])
    out, err = capsys.readouterr()
    return code, out, err.splitlines()


def refused(capsys, given, words, code=2):
    got, out, err = run(capsys, *given)
    assert (got, out, len(err)) == (code, "", 1), err
    assert err[0].startswith("lacuna: ") and words in err[0]
    assert not Path(given[2]).exists()


def test_as_its_user_starts_it(files, model, tmp_path):
    command = [sys.executable, str(ROOT / "main.py"), "upscale", *files, "--factor", "3", "--json"]
    variables = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=120, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["width"], report["height"], report["layers"]) == (180, 120, 1)
    assert report["model"] == str(model) and report["detail"] == 1.0 and len(report["weights_sha256"]) == 64
    assert raster.read(tmp_path / "out.png").pixels.shape == (120, 180, 4)


def test_to_a_size_with_less_detail(capsys, files, model, tmp_path):
    assert run(capsys, *files, "--size", "100x70", "--detail", "0.3", "--model", model)[0] == 0
    assert raster.read(tmp_path / "out.png").pixels.shape == (70, 100, 4)


def test_the_estimate_writes_nothing(capsys, files, model):
    code, out, err = run(capsys, *files, "--estimate", "--json")
    assert code == 0 and not err and not Path(files[2]).exists()
    assert {"seconds", "memory", "fit", "why"} <= json.loads(out).keys()


def test_bad_usage_is_one_line(capsys, files, model):
    for more, words in (
        (("--size", "big"), "--size is width and height"),
        (("--size", "30x70"), "no larger"),
        (("--size", "900000x700000"), "ends at"),
        (("--factor", "7"), "invalid choice"),
        (("--factor", "2", "--size", "100x100"), "not allowed with"),
        (("--detail", "2"), "--detail is a number from 0 to 1"),
        (("--grain", "nan"), "--grain is a number from 0 to 1"),
        (("--model", "nothing"), 'There is no model "nothing"'),
    ):
        refused(capsys, (*files, *more), words)
    refused(capsys, ("no.png", *files[1:]), "There is no file")
    refused(capsys, (files[0], "-o", files[2] + ".what"), "no known suffix")


def test_without_a_model_it_says_how_to_get_one(capsys, files, tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path / "none"))
    refused(capsys, files, "python main.py models install realesrgan-x4plus", 3)
    refused(capsys, (*files, "--model", "realesr-animevideov3"), "install realesr-animevideov3", 3)


def test_what_is_no_model_is_told(capsys, files, model, tmp_path):
    (tmp_path / "x.safetensors").write_bytes(model.read_bytes()[:-7])
    refused(capsys, (*files, "--model", tmp_path / "x.safetensors"), "damaged", 3)


def test_no_memory_at_all(capsys, files, model, monkeypatch):
    def full(*_):
        raise OutOfMemory("There is not enough memory for this.")

    monkeypatch.setattr(engine.PictureUpscaler, "_enlarged", full)
    code, out, err = run(capsys, *files)
    assert (code, out) == (4, "") and "not enough memory" in err[-1]

"""``python main.py lines``: a picture and a mask in, JSON out, one line and an exit code where that fails."""

import json
import subprocess
import sys

import numpy as np
import pytest

import main
from editor.cli import lines as command
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from engines import registry
from engines.base import OutOfMemory, WeightsMissing
from tests.engines.lines.pictures import disc, drawn, off


def save(path, picture):
    """Write (h, w, 3) float32 [0, 1] and its mask's picture."""
    height, width = picture.shape[:2]
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.rint(picture * 255)
    raster.write(path, raster.Raster(pixels, False, False, Metadata()))
    return path


@pytest.fixture
def horizon(tmp_path):
    """A picture, and a mask over the middle of its horizon."""
    image = drawn(320, 240, ([(0, 130), (320, 110), (320, 240), (0, 240)], (0.2, 0.5, 0.3)), ground=0.8)
    hole = disc(320, 240, 160, 120, 40)
    picture = save(tmp_path / "in.png", image)
    return picture, save(tmp_path / "mask.png", np.repeat(hole[..., None], 3, axis=2).astype(np.float32))


def run(capsys, *arguments):
    code = command.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, out, err.splitlines()


def refused(capsys, *arguments, code=2, words=()):
    got, out, err = run(capsys, *arguments)
    assert (got, out, len(err)) == (code, "", 1), err
    assert err[0].startswith("lacuna: ")
    for word in words:
        assert word in err[0]


def check(report):
    """The report is of the agreed form, and its one line the horizon."""
    assert set(report) == {"version", "width", "height", "detected", "completed", "vanishing_points"}
    assert (report["version"], report["width"], report["height"]) == (1, 320, 240)
    assert len(report["detected"]) >= 2
    for segment in report["detected"]:
        assert set(segment) == {"points", "score"}
        assert np.shape(segment["points"]) == (2, 2)
        assert 0 <= segment["score"] <= 1
    (line,) = [line for line in report["completed"] if line["enabled"]]
    assert set(line) == {"points", "score", "kind", "enabled"}
    assert line["kind"] == "joined"
    assert 0.5 < line["score"] <= 1
    assert off(line["points"], [(120, 122.5), (200, 117.5)]) < 1


def test_as_its_user_starts_it(tmp_path, horizon):
    picture, mask = horizon
    out = tmp_path / "lines.json"
    start = [sys.executable, main.__file__, "lines", picture, "--mask", mask]
    for more in ([], ["-o", out], ["-o", out, "--json"]):
        done = subprocess.run([*start, *more], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        (line,) = done.stdout.splitlines()
        if not more:
            check(json.loads(line))
        elif "--json" not in more:
            assert line.startswith(f"{out}: 1 ") or " 1 of them to follow" in line
            check(json.loads(out.read_text(encoding="utf-8")))
        else:
            facts = json.loads(line)
            assert (facts["input"], facts["output"], facts["enabled"]) == (str(picture), str(out), 1)
            assert facts["completed"] >= 1
            assert facts["detected"] >= 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.png", "lines.json", "mask.png"]


def test_errors_are_one_line(tmp_path, capsys, horizon):
    picture, mask = horizon
    small = save(tmp_path / "small.png", np.ones((10, 10, 3), np.float32))
    empty = save(tmp_path / "empty.png", np.zeros((240, 320, 3), np.float32))
    (tmp_path / "bad.png").write_bytes(b"no picture")
    refused(capsys)
    refused(capsys, picture)
    refused(capsys, tmp_path / "none.png", "--mask", mask, words=["There is no picture", "none.png"])
    refused(capsys, picture, "--mask", tmp_path / "none.png", words=["There is no mask", "none.png"])
    refused(capsys, tmp_path, "--mask", mask, words=["There is no picture"])
    refused(capsys, tmp_path / "bad.png", "--mask", mask, words=["bad.png"])
    refused(capsys, picture, "--mask", small, words=["must be the same size"])
    refused(capsys, picture, "--mask", empty, words=["Nothing is masked yet"])
    refused(capsys, picture, "--mask", mask, "-o", tmp_path / "lines.png", words=["lines.png", ".json"])
    refused(capsys, picture, "--mask", mask, "-o", tmp_path / "none" / "lines.json", words=["lines.json"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WeightsMissing("The model is missing."), 3),
        (OutOfMemory("There is not enough memory."), 4),
        (MemoryError(), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_goes_wrong_has_its_exit_code(tmp_path, capsys, monkeypatch, horizon, error, code):
    def fail(*_args):
        raise error

    monkeypatch.setattr(registry, "load", fail)
    picture, mask = horizon
    refused(capsys, picture, "--mask", mask, "-o", tmp_path / "lines.json", code=code)
    assert not (tmp_path / "lines.json").exists()


def test_an_old_file_is_replaced_whole(tmp_path, capsys, horizon):
    picture, mask = horizon
    out = tmp_path / "lines.json"
    out.write_text("x" * 100_000, encoding="utf-8")
    assert run(capsys, picture, "--mask", mask, "-o", out)[0] == 0
    check(json.loads(out.read_text(encoding="utf-8")))

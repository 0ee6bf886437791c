"""``python main.py sketch``: a picture in, a face's sketch out, one line and an exit code if that fails."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

import main
from editor.cli import sketch as command
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from engines import registry
from engines.base import OutOfMemory, WeightsMissing
from tests.engines.portrait.drawn_face import drawn_face


def save(path, picture, dtype=np.uint8, grey=False):
    """Write (h, w, 3) float32 [0, 1]."""
    most = np.iinfo(dtype).max
    pixels = np.full((*picture.shape[:2], 4), most, dtype)
    pixels[..., :3] = np.rint(picture * most)
    raster.write(path, raster.Raster(pixels, grey, False, Metadata()))
    return path


def party():
    """A large face, a turned one and a small one beside each other, (600, 1200, 3)."""
    image = np.full((600, 1200, 3), 0.5, np.float32)
    image[44:556, 20:532] = drawn_face(512)
    image[60:360, 560:860] = np.rot90(drawn_face(300))
    image[100:220, 900:1020] = drawn_face(120)
    return image


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


def drawn(path):
    """The sketch in a file, (512, 512) float [0, 1]."""
    seen = raster.read(path)
    assert seen.grey and not seen.has_alpha and seen.pixels.shape == (512, 512, 4)
    return seen.pixels[..., 0] / 255


def check(sketch):
    """The drawn face's eyes and mouth are ink, its cheeks and the ground are paper."""
    assert sketch.mean() > 0.8 and (sketch < 0.1).mean() > 0.01
    for x, y in ((195, 236), (317, 236), (256, 374)):
        assert sketch[y - 20 : y + 20, x - 15 : x + 15].min() < 0.1, (x, y)
    assert sketch[300:330, 140:170].min() == 1  # a cheek


def test_as_its_user_starts_it(tmp_path):
    picture, out = save(tmp_path / "in.png", drawn_face()), tmp_path / "s.png"
    start = [sys.executable, main.__file__, "sketch", picture, "-o", out]
    done = subprocess.run(start, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    check(drawn(out))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.png", "s.png"]


def test_several_faces(tmp_path, capsys):
    picture, out = save(tmp_path / "in.png", party()), tmp_path / "s.png"
    code, told, err = run(capsys, picture, "-o", out, "--face", 2, "--json")
    report = json.loads(told)
    assert (code, err) == (0, [])
    assert {**report, "faces": 0, "seconds": 0} == {
        "input": str(picture), "output": str(out), "face": 2, "size": 512, "faces": 0, "seconds": 0
    }  # fmt: skip
    assert report["seconds"] > 0
    boxes = [face["box"] for face in report["faces"]]
    assert len(boxes) == 3 and [box[0] // 300 for box in boxes] == [0, 2, 3]  # the largest first
    for face in report["faces"]:
        assert set(face) == {"box", "score", "square"} and 0.7 < face["score"] <= 1
        assert np.shape(face["square"]) == (4, 2)
    top_left, top_right = np.array(report["faces"][1]["square"])[:2]
    assert abs(top_left[0] - top_right[0]) < 40 and top_left[1] > top_right[1]  # turned to the left
    check(drawn(out))


def test_without_an_output_the_faces_are_listed(tmp_path, capsys):
    picture = save(tmp_path / "in.png", party())
    code, out, err = run(capsys, picture)
    assert (code, err) == (0, [])
    assert [line.split(":")[0] for line in out.splitlines()] == ["1", "2", "3"]
    report = json.loads(run(capsys, picture, "--json")[1])
    assert report["output"] is None and len(report["faces"]) == 3
    nobody = save(tmp_path / "none.png", np.full((90, 90, 3), 0.5))
    assert run(capsys, nobody) == (0, "none.png: no faces\n", [])
    assert json.loads(run(capsys, nobody, "--json")[1])["faces"] == []
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(("dtype", "grey"), [(np.uint16, False), (np.uint8, True), (np.uint16, True)])
def test_sixteen_bits_and_greyscale(tmp_path, capsys, dtype, grey):
    image = drawn_face()
    if grey:
        image = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2)
    out = tmp_path / "s.png"
    assert run(capsys, save(tmp_path / "in.tif", image, dtype, grey), "-o", out) == (0, "", [])
    check(drawn(out))


def test_a_tiny_face_is_told(tmp_path, capsys):
    image = np.full((400, 400, 3), 0.5, np.float32)
    image[100:180, 100:180] = cv2.resize(drawn_face(), (80, 80), interpolation=cv2.INTER_AREA)
    code, told, err = run(capsys, save(tmp_path / "in.png", image), "-o", tmp_path / "s.png")
    assert (code, told, len(err)) == (0, "", 1) and "The face is small" in err[0]
    assert drawn(tmp_path / "s.png").min() < 0.5


def test_errors_are_one_line(tmp_path, capsys):
    picture, out = save(tmp_path / "in.png", drawn_face()), tmp_path / "s.png"
    nobody = save(tmp_path / "none.png", np.full((90, 90, 3), 0.5))
    (tmp_path / "bad.png").write_bytes(b"no picture")
    refused(capsys)
    refused(capsys, tmp_path / "no.png", "-o", out, words=["There is no file", "no.png"])
    refused(capsys, tmp_path, "-o", out, words=["There is no file"])
    refused(capsys, tmp_path / "bad.png", "-o", out, words=["bad.png"])
    refused(capsys, nobody, "-o", out, words=["No face was found"])
    refused(capsys, picture, "-o", out, "--face", 2, words=["no face 2: one face"])
    refused(capsys, picture, "-o", out, "--face", 0, words=["no face 0"])
    refused(capsys, picture, "-o", out, "--face", "first", words=["--face"])
    refused(capsys, picture, "-o", tmp_path / "s.txt", words=["s.txt", ".png"])
    refused(capsys, picture, "-o", tmp_path / "none" / "s.png")
    assert not out.exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WeightsMissing("The model is missing."), 3),
        (OutOfMemory("There is not enough memory."), 4),
        (MemoryError(), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_goes_wrong_has_its_exit_code(tmp_path, capsys, monkeypatch, error, code):
    def fail(*_args):
        raise error

    monkeypatch.setattr(registry, "load", fail)
    picture = save(tmp_path / "in.png", drawn_face(64))
    refused(capsys, picture, "-o", tmp_path / "s.png", code=code)
    assert not (tmp_path / "s.png").exists()

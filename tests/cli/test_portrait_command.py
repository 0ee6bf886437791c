"""``python main.py portrait``: a picture and a sketch in, a changed face out, one line if that fails."""

import json

import numpy as np
import pytest

from editor.cli import portrait as command
from editor.document import storage
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from engines import registry
from engines.base import OutOfMemory, Patch
from engines.portrait.requests import Inversion, PortraitResult
from tests.engines.portrait.drawn_face import drawn_face


class FakePortrait:
    """Makes what may change white."""

    device = "cpu"

    def __init__(self):
        self.requests = []
        self.error = None

    def run(self, request, progress):
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        white = np.ones(request.image.shape, np.float32)
        patch = None if request.sketch is None else Patch(request.box, white, request.zone)
        latent = np.zeros((23, 512), np.float32)
        face = np.full((512, 512, 3), 0.25, np.float32)
        return PortraitResult(
            patch, Inversion(latent), latent, face, request.zone, 0.75, "portrait", "0" * 64, "cpu"
        )


@pytest.fixture
def engine(monkeypatch):
    fake, load = FakePortrait(), registry.load
    monkeypatch.setattr(registry, "lacks", lambda entry: "")
    monkeypatch.setattr(
        registry, "load", lambda each, device: fake if each == registry.PORTRAIT else load(each, device)
    )
    return fake


@pytest.fixture
def picture(tmp_path):
    return save(tmp_path / "face.png", drawn_face(512))


@pytest.fixture
def sketch(tmp_path, picture, capsys):
    """The face's own sketch with a stroke across the cheek."""
    from editor.cli import sketch as sketch_command

    path = tmp_path / "sketch.png"
    assert sketch_command.main([str(picture), "-o", str(path)]) == 0
    pixels = raster.read(path).pixels.copy()
    pixels[330:336, 150:200, :3] = 0
    raster.write(path, raster.Raster(pixels, True, False, Metadata()))
    return path


def save(path, image, dtype=np.uint8):
    most = np.iinfo(dtype).max
    pixels = np.full((*image.shape[:2], 4), most, dtype)
    pixels[..., :3] = np.rint(image * most)
    raster.write(path, raster.Raster(pixels, False, False, Metadata()))
    return path


def run(capsys, *arguments):
    code = command.main([str(each) for each in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, out, [each for each in err.splitlines() if each]


def refused(capsys, *arguments, code=2, words=""):
    got, _, err = run(capsys, *arguments)
    assert got == code and len(err) == 1 and words in err[0], err


def test_what_is_drawn_changes_the_face_and_nothing_else(capsys, tmp_path, engine, picture, sketch):
    target = tmp_path / "out.png"
    code, out, err = run(capsys, picture, "-o", target, "--sketch", sketch, "--steps", 7, "--json")
    assert (code, err) == (0, [])
    (request,) = engine.requests
    rows, columns = np.nonzero(request.touched)
    assert (np.abs(rows - 332.5) < 8).all() and ((columns > 142) & (columns < 208)).all()
    assert request.steps == 7
    before, after = raster.read(picture).pixels, raster.read(target).pixels
    zone = np.zeros(before.shape[:2], np.float32)
    zone[request.box.slices] = request.zone
    assert np.array_equal(before[zone == 0], after[zone == 0])
    assert (after[zone > 0.999] == 255).all() and (zone > 0.999).any()
    report = json.loads(out)
    assert report["changed_pixels"] == (zone > 0).sum() and report["identity"] == 0.75


def test_nothing_changes_where_the_mask_is_black(capsys, tmp_path, engine, picture, sketch):
    half = np.ones((512, 512, 3), np.float32)
    half[:, :256] = 0
    mask, target = save(tmp_path / "mask.png", half), tmp_path / "out.ora"
    assert run(capsys, picture, "-o", target, "--sketch", sketch, "--mask", mask)[0] == 0
    document = storage.open_document(target)
    assert [each.name for each in document.layers] == ["Background", "Face changed"]
    assert document.layers[1].recipe.task == "portrait"
    assert not document.layers[1].image.read(document.rect)[:, :256, 3].any()


def test_inverting_alone_writes_the_face_of_the_model(capsys, tmp_path, engine, picture):
    target = tmp_path / "out.png"
    assert run(capsys, picture, "-o", target, "--invert-only", "--inversion-steps", 3)[0] == 0
    assert engine.requests[0].sketch is None and engine.requests[0].inversion_steps == 3
    assert (raster.read(target).pixels[..., :3] == 64).all()


def test_sliders_are_handed_along(capsys, tmp_path, engine, picture):
    assert run(capsys, picture, "-o", tmp_path / "out.png", "--set", "smile=0.6")[0] == 0
    assert engine.requests[0].attributes == (("smile", 0.6),)


def test_what_makes_no_sense_is_one_line(capsys, tmp_path, engine, picture, sketch):
    out = tmp_path / "out.png"
    refused(capsys, picture, "-o", out, words="The sketch is as it was")
    refused(capsys, picture, "-o", out, "--sketch", sketch, "--face", 2, words="There is no face 2")
    refused(capsys, picture, "-o", out, "--set", "smile", words="NAME=VALUE")
    refused(capsys, picture, "-o", out, "--set", "smile=nan", words="NAME=VALUE")
    refused(capsys, picture, "-o", out, "--steps", 0, words="--steps is a number from 1")
    refused(capsys, picture, "-o", out, "--sketch", tmp_path / "none.png", words="There is no sketch")
    refused(capsys, picture, "-o", out, "--mask", tmp_path / "none.png", words="There is no mask")
    flat = save(tmp_path / "flat.png", np.ones((100, 200, 3), np.float32))
    refused(capsys, picture, "-o", out, "--sketch", flat, words="is no square")
    refused(capsys, picture, "-o", out, "--sketch", sketch, "--mask", flat, words="Make them the same size")
    refused(capsys, flat, "-o", out, "--sketch", sketch, words="No face was found")
    refused(capsys, tmp_path / "none.png", "-o", out, words="There is no file")
    refused(capsys, picture, "-o", tmp_path / "out.xyz", words="no known suffix")
    assert not engine.requests and not out.exists()


def test_what_the_engine_cannot_do_is_one_line(capsys, tmp_path, engine, picture, sketch):
    engine.error = OutOfMemory("There is not enough memory for this face.")
    out = tmp_path / "out.png"
    refused(capsys, picture, "-o", out, "--sketch", sketch, code=4, words="not enough memory")
    assert not out.exists()


def test_without_the_model_it_says_how_to_get_it(capsys, tmp_path, picture, sketch, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path / "empty"))
    got, _, err = run(capsys, picture, "-o", tmp_path / "out.png", "--sketch", sketch)
    assert got in (2, 3) and len(err) == 1
    assert "models install" in err[0] or "pip install" in err[0]

"""``python main.py fill``: a picture in, a picture out; one line and an exit code where that cannot be."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("diffusers")

from editor import settings
from editor.cli import fill
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from engines import registry, safetensors_file, store
from engines.diffusion import checkpoints, engine
from engines.diffusion.requests import Hint, Lora, usual

pytestmark = pytest.mark.usefixtures("one_thread", "no_network")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(tmp_path, saved):
    """A picture, a mask of it, the model and where to write."""
    pixels = np.random.default_rng(0).integers(0, 255, (60, 90, 4), np.uint8)
    pixels[..., 3] = 255
    values = np.zeros_like(pixels)
    values[20:40, 30:60, :3], values[..., 3] = 255, 255
    for name, content in (("in", pixels), ("mask", values)):
        raster.write(tmp_path / f"{name}.png", raster.Raster(content, False, False, Metadata()))
    return tmp_path / "in.png", tmp_path / "mask.png", saved["sd file"], tmp_path / "out.png"


def arguments(files, *more):
    picture, mask, model, out = map(str, files)
    return [picture, "--mask", mask, "--model", model, "-o", out, "--side", "64", "--steps", "2", *more]


def run(capsys, given):
    """The command in this process: exit code, stdout, lines of stderr."""
    code = fill.main([str(each) for each in given])
    out, err = capsys.readouterr()
    return code, out, err.splitlines()


def refused(capsys, given, words, code=2):
    got, out, err = run(capsys, given)
    assert (got, out, len(err)) == (code, "", 1), err
    assert err[0].startswith("lacuna: ") and words in err[0]


def test_a_fill_as_its_user_starts_it(files):
    picture, _, model, out = files
    words = ["--prompt", "a boat", "--seed", "3", "--json"]
    command = [sys.executable, str(ROOT / "main.py"), "fill", *arguments(files, *words)]
    # A program that tries to connect fails: there is a proxy that is not there for everything.
    variables = os.environ | {
        "OMP_NUM_THREADS": "1",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HF_ENDPOINT": "http://x",
    }
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=120, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["task"] == "fill" and report["prompt"] == "a boat" and report["seed"] == 3
    assert report["model"] == str(model) and report["changed_pixels"] == 600 and report["notes"] == []
    before, after = raster.read(picture).pixels, raster.read(out).pixels
    inside = np.zeros((60, 90), bool)
    inside[20:40, 30:60] = True
    assert np.array_equal(after[~inside], before[~inside])
    assert (after[inside] != before[inside]).any(axis=-1).mean() > 0.9


@pytest.mark.parametrize("name", ["flux2", "flux2-quick"])
@pytest.mark.parametrize("task", ["fill", "remove", "soft"])
def test_a_klein_fills(files, saved, capsys, task, name):
    code, told, err = run(
        capsys, arguments(files, "--model", saved[name], "--prompt", "a boat", "--task", task, "--json")
    )
    assert (code, err) == (0, []) and json.loads(told)["notes"] == []
    before, after = raster.read(files[0]).pixels, raster.read(files[3]).pixels
    inside = np.zeros((60, 90), bool)
    inside[20:40, 30:60] = True
    assert np.array_equal(after[~inside], before[~inside]) and (after[inside] != before[inside]).any()


@pytest.mark.parametrize("form", ["flux file", "flux prefixed", "flux whole"])
def test_a_flux_in_single_files_fills(files, saved, capsys, form):
    code, told, err = run(
        capsys, arguments(files, "--model", saved[form], "--prompt", "a red boat", "--json")
    )
    assert (code, err) == (0, []) and json.loads(told)["guidance"] == 30
    before, after = raster.read(files[0]).pixels, raster.read(files[3]).pixels
    inside = np.zeros((60, 90), bool)
    inside[20:40, 30:60] = True
    assert np.array_equal(after[~inside], before[~inside]) and (after[inside] != before[inside]).any()


def test_a_flux_without_its_parts_is_told_in_a_line_and_is_not_the_first(files, saved, capsys):
    folder = checkpoints.own_folder()
    folder.mkdir(parents=True)
    (folder / "a.safetensors").write_bytes(saved["flux file"].read_bytes())
    picture, mask, _, out = map(str, files)
    given = [picture, "--mask", mask, "-o", out, "--side", "64", "--steps", "2", "--json"]
    refused(capsys, given, "a.safetensors also needs the text encoder CLIP-L (clip_l.safetensors), ", code=3)
    (folder / "b.safetensors").symlink_to(files[2])
    code, told, _ = run(capsys, given)
    assert code == 0 and json.loads(told)["model"] == str(folder / "b.safetensors")


@pytest.mark.parametrize(
    ("preset", "model", "steps", "told"),
    [
        ("lightning", "sdxl", (), {"steps": 4, "guidance": 1, "scheduler": "euler", "spacing": "trailing"}),
        ("hyper-cfg", "sd", ("--steps", "2"), {"steps": 2, "guidance": 5, "scheduler": "ddim"}),
        ("lcm", "sd", ("--guidance", "1.5"), {"steps": 6, "guidance": 1.5, "scheduler": "lcm"}),
        ("hyper-flux", "flux file", (), {"steps": 8, "guidance": 30, "scheduler": "euler"}),
    ],
)
def test_a_preset_says_what_is_left_open(files, saved, capsys, preset, model, steps, told):
    given = [each for each in arguments(files) if each not in ("--steps", "2")]
    code, out, err = run(capsys, [*given, "--model", saved[model], "--preset", preset, *steps, "--json"])
    assert (code, err) == (0, []) and told.items() <= json.loads(out).items()


def test_a_preset_for_other_models_is_told_in_a_line(files, saved, capsys):
    given = arguments(files, "--model", saved["flux file"], "--preset", "lightning")
    refused(capsys, given, "--preset lightning is for other models than this; there is: hyper-flux")


def test_a_klein_is_run_as_its_authors_do(files, saved, capsys):
    given = [each for each in arguments(files, "--json") if each not in ("--steps", "2")]
    told = [run(capsys, [*given, "--model", saved[name]])[1] for name in ("flux2-quick", "flux2")]
    found = [(each["steps"], each["guidance"]) for each in map(json.loads, told)]
    assert found == [(4, 1.0), (50, 4.0)]


@pytest.mark.parametrize(
    "more",
    [("--task", "sdedit", "--passes", "2"), ("--task", "ilvr", "--factor", "16"), ("--strength", "0.6")],
)
def test_other_tasks(files, capsys, more):
    code, out, err = run(capsys, arguments(files, *more))
    assert (code, out, err) == (0, "", [])
    assert files[3].is_file()


def test_the_picture_grows(files, capsys):
    picture, _, model, out = map(str, files)
    given = [picture, "--task", "expand", "--expand", "0,4,12,0", "--model", model, "-o", out]
    code, _, err = run(capsys, [*given, "--side", "64", "--steps", "2"])
    assert (code, err) == (0, [])
    before, after = raster.read(files[0]).pixels, raster.read(files[3]).pixels
    assert after.shape == (64, 102, 4) and np.array_equal(after[4:, :90], before)


def test_what_was_done_for_want_of_memory_is_told(files, capsys, monkeypatch):
    paint, left = engine.paint, [1]

    def painted(*given, **more):
        if left.pop():
            left.append(0)
            raise MemoryError
        return paint(*given, **more)

    monkeypatch.setattr(engine, "paint", painted)
    code, told, err = run(capsys, arguments(files, "--side", "300", "--json"))
    assert (code, json.loads(told)["notes"]) == (0, [])
    assert err == [
        "lacuna: There was not enough memory: the model saw 256 pixels across, so the fill is softer."
    ]


def test_models_are_looked_for_where_the_settings_say(files, capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("LACUNA_DATA_DIR")
    monkeypatch.setattr(store, "_chosen", None)
    (tmp_path / "kept" / "checkpoints").mkdir(parents=True)
    (tmp_path / "kept" / "checkpoints" / "mine.safetensors").symlink_to(files[2])
    settings.save(replace(settings.load(), models_folder=str(tmp_path / "kept")))
    code, told, _ = run(capsys, arguments(files, "--model", "mine.safetensors", "--json"))
    assert code == 0 and json.loads(told)["model"] == "mine.safetensors"


def test_the_first_model_is_used_where_none_is_named(files, capsys):
    picture, mask, model, out = map(str, files)
    given = [picture, "--mask", mask, "-o", out, "--side", "64", "--steps", "2", "--json"]
    refused(capsys, given, "No diffusion model is installed")
    store.packs_folder().mkdir(parents=True)
    (store.packs_folder() / "broken.safetensors").write_bytes(b"junk")
    mine = store.packs_folder() / "mine.safetensors"
    mine.symlink_to(model)
    code, told, _ = run(capsys, given)
    assert code == 0 and json.loads(told)["model"] == str(mine)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--strength", "1.5"), "--strength is a number from 0 to 1"),
        (("--strength", "nan"), "--strength is a number from 0 to 1"),
        (("--steps", "0"), "--steps is a number 1 or more"),
        (("--second", "2"), "--second is a number from 0 to 1"),
        (("--side", "9"), "--side is a number from 64 to 4096"),
        (("--control", "hough=x"), "write KIND=MODEL"),
        (("--control", "scribble=nowhere"), 'no model "nowhere"'),
        (("--lora", "nowhere=0.5"), 'no model "nowhere"'),
        (("--model", "nowhere"), 'no model "nowhere"'),
        (("--lines", "nowhere"), "no file of lines"),
        (("--strength", "0.1"), "leaves none of the 2 steps"),
        (("--task", "expand"), "needs --expand"),
        (("--task", "expand", "--expand", "1,2,3"), "needs --expand"),
        (("--task", "expand", "--expand", "0,0,0,0"), "by more than 0 at one"),
        (("-o", "out.docx"), "has no known suffix"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_line(files, capsys, more, words):
    refused(capsys, arguments(files, *more), words)
    assert not files[3].exists()


def test_a_pickle_is_refused_as_a_model(files, capsys, tmp_path):
    (tmp_path / "model.ckpt").write_bytes(b"\x80\x02")
    refused(capsys, arguments(files, "--model", tmp_path / "model.ckpt"), "is a pickle", code=3)


def test_a_mask_is_needed(files, capsys):
    picture, _, model, out = map(str, files)
    refused(capsys, [picture, "--model", model, "-o", out], "--mask says what to fill")


def test_libraries_that_are_missing_are_named(files, capsys, monkeypatch):
    monkeypatch.setattr(registry, "is_installed", lambda package: package != "diffusers")
    refused(capsys, arguments(files), "pip install 'lacuna[diffusion]'")


def test_what_is_usual_depends_on_task_and_model():
    assert usual("fill", "sd").strength == 1 and usual("sdedit", "sd").strength == 0.5
    assert usual("fill", "sd").guidance == 7.5 and usual("fill", "flux").guidance == 30
    assert usual("remove", "flux2", distilled=True).strength == 0.8
    assert usual("fill", "sd", "lcm").steps < usual("fill", "sd").steps


def test_loras_and_controls_are_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a=b.safetensors", "c.safetensors"):
        (tmp_path / name).write_bytes(safetensors_file.write({}))
    given = "in.png -o out.png --lora a=b.safetensors --lora c.safetensors=0.4 --control scribble=d"
    options = fill.parser().parse_args([*given.split(), "--control", "inpaint=e=0.5"])
    assert fill._loras(options) == (Lora("a=b.safetensors"), Lora("c.safetensors", 0.4))
    assert fill._hints(options) == (Hint("scribble", "d"), Hint("inpaint", "e", 0.5))


def test_a_style_and_a_choice_of_words(files, capsys):
    words = ["--prompt", "a {red|green} boat", "--style", "watercolour", "--seed", "3", "--json"]
    code, out, _ = run(capsys, arguments(files, *words))
    report = json.loads(out)
    assert code == 0
    assert report["prompt"] in {
        f"a {each} boat, watercolour painting on rough paper, soft edges" for each in ("red", "green")
    }
    assert report["negative"] == "photograph"
    assert json.loads(run(capsys, arguments(files, *words))[1])["prompt"] == report["prompt"]


def test_a_style_that_there_is_not(files, capsys):
    refused(capsys, arguments(files, "--style", "Cubist"), 'no style "Cubist"')

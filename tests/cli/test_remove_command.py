"""``python main.py remove``: files in, files out, one line and an exit code where that is not possible."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from editor.cli import remove
from editor.document.files import atomic, raster
from editor.document.files.metadata import Metadata
from engines import registry, store
from engines.base import EngineError, OutOfMemory
from engines.machine import Machine
from engines.removal.migan import MiGan

ROOT = Path(__file__).parents[2]


def picture(path, width=60, height=40, *, seed=0, bits=8, grey=False, alpha=False):
    """Write noise and return its pixels."""
    dtype = np.uint8 if bits == 8 else np.uint16
    maximum = np.iinfo(dtype).max
    pixels = np.random.default_rng(seed).integers(0, maximum, (height, width, 4), dtype, endpoint=True)
    if grey:
        pixels[..., 1:3] = pixels[..., :1]
    if not alpha:
        pixels[..., 3] = maximum
    raster.write(path, raster.Raster(pixels, grey, alpha, Metadata()), quality=95)
    return pixels


def mask(path, width=60, height=40, box=(20, 10, 15, 12), value=255):
    """Write a mask, white in ``box``, and return where it is not black."""
    values = np.zeros((height, width, 4), np.uint8)
    x, y, box_width, box_height = box
    values[y : y + box_height, x : x + box_width, :3] = value
    values[..., 3] = 255
    raster.write(path, raster.Raster(values, True, False, Metadata()), quality=95)
    return values[..., 0] > 0


class Network:
    """In the network's place: one colour everywhere, at once."""

    device = "cpu"

    def run(self, batch, progress):
        return np.full((1, 3, 512, 512), 0.5, np.float32)


@pytest.fixture
def engine(monkeypatch):
    """The engine's whole way, but for the network. Collects what was asked of the registry."""
    made = MiGan.__new__(MiGan)
    made._network = Network()
    asked = []

    def load(engine_id, device="auto"):
        registry.spec(engine_id)
        asked.append((engine_id, device))
        return made

    monkeypatch.setattr(registry, "load", load)
    made.asked = asked
    return made


def run(capsys, *arguments):
    """The command in this process: exit code, lines of stdout, lines of stderr."""
    code = remove.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, out.splitlines(), err.splitlines()


def refused(capsys, *arguments, code=2, words=()):
    """A run that fails in one line and says the words."""
    got, out, err = run(capsys, *arguments)
    assert (got, out, len(err)) == (code, [], 1), err
    assert err[0].startswith("lacuna: ")
    for word in words:
        assert word in err[0]


def start(*arguments, **environment):
    """The command as its user starts it."""
    variables = {**os.environ, **environment}
    command = [sys.executable, str(ROOT / "main.py"), "remove", *map(str, arguments)]
    return subprocess.Popen(
        command,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # A test run in a shell's background ignores the signal, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def python(code, source, mask_path, out):
    """Some code in an interpreter of its own, the command's arguments in ``sys.argv``."""
    command = [sys.executable, "-c", code, source, "--mask", mask_path, "-o", out]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, cwd=ROOT, check=False)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


# The real thing, as its user starts it.


def test_one_picture_for_real(tmp_path):
    before = picture(tmp_path / "in.png", 90, 70, bits=16, alpha=True)
    masked = mask(tmp_path / "mask.png", 90, 70)
    files = (tmp_path / "in.png", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out.png")
    process = start(*files, "--json", "--seed", 5)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    (line,) = out.splitlines()
    report = json.loads(line)
    assert report.pop("seconds") > 0
    assert report.pop("device")
    assert report == {
        "input": str(tmp_path / "in.png"),
        "output": str(tmp_path / "out.png"),
        "engine": "migan",
        "weights_sha256": store.catalog()["migan-512"].sha256,
        "seed": 5,
        "lines": 0,
        "grain": 1.0,
        "parts": 1,
        "changed_pixels": 15 * 12,
    }
    after = raster.read(tmp_path / "out.png")
    assert after.pixels.dtype == np.uint16
    assert after.pixels[~masked].tobytes() == before[~masked].tobytes()
    assert (after.pixels[masked] != before[masked]).any(axis=1).mean() > 0.9
    assert names(tmp_path) == ["in.png", "mask.png", "out.png"]


def test_weights_that_were_changed(tmp_path):
    picture(tmp_path / "in.png")
    mask(tmp_path / "mask.png")
    models = tmp_path / "models"
    models.mkdir()
    content = bytearray((ROOT / "resources" / "models" / "migan-512.onnx").read_bytes())
    content[1000] ^= 4
    (models / "migan-512.onnx").write_bytes(content)
    arguments = (tmp_path / "in.png", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out.png")
    process = start(*arguments, LACUNA_MODELS=str(models))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, "")
    assert err.splitlines() == [err.rstrip("\n")]
    assert "damaged" in err
    assert "Traceback" not in err
    assert names(tmp_path) == ["in.png", "mask.png", "models"]


def test_interrupted_in_the_middle_of_a_folder(tmp_path):
    pictures, out_folder = tmp_path / "in", tmp_path / "out"
    pictures.mkdir()
    picture(pictures / "000.png", 600, 500)
    for number in range(1, 150):
        shutil.copy(pictures / "000.png", pictures / f"{number:03}.png")
    mask(tmp_path / "mask.png", 600, 500, (100, 100, 200, 200))
    process = start(pictures, "--mask", tmp_path / "mask.png", "-o", out_folder, "--json")
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert json.loads(first)["input"].endswith("000.png")
    assert process.returncode == 130
    assert err == "lacuna: Interrupted. The file in progress was not written.\n"
    done = len(out.splitlines()) + 1
    assert done < 140
    # Each file is whole; the one in progress may have been complete before it could be reported.
    expected = [f"{number:03}.png" for number in range(done + 1)]
    assert names(out_folder) in (expected, expected[:-1])
    for path in out_folder.iterdir():
        assert raster.read(path).pixels.shape == (500, 600, 4)


SHORT_OF_MEMORY = """
import resource, sys
from editor.cli import remove
from engines import registry
load = registry.load

def load_and_limit(*arguments):
    engine = load(*arguments)
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    limit = used + 150_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return engine

registry.load = load_and_limit
sys.exit(remove.main(sys.argv[1:]))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limit is set from what Linux tells")
def test_out_of_memory_for_real(tmp_path):
    """Once the engine is there, less is left than the context of this picture takes."""
    picture(tmp_path / "in.png", 5000, 3000)
    mask(tmp_path / "mask.png", 5000, 3000, (10, 10, 4900, 2900))
    done = python(SHORT_OF_MEMORY, tmp_path / "in.png", tmp_path / "mask.png", tmp_path / "out.png")
    assert done.returncode == 4, done.stderr
    (line,) = done.stderr.splitlines()
    assert "memory" in line
    assert names(tmp_path) == ["in.png", "mask.png"]


def test_the_command_imports_no_window(tmp_path):
    """Neither the command nor a whole run of it has any use for Qt, or for torch."""
    picture(tmp_path / "in.png")
    mask(tmp_path / "mask.png")
    code = (
        "import sys; from main import main; code = main(['remove', *sys.argv[1:]]); "
        "print(code, *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = python(code, tmp_path / "in.png", tmp_path / "mask.png", tmp_path / "out.tif")
    code, *modules = done.stdout.split()
    assert code == "0"
    assert "engines" in modules
    assert not {"PySide6", "shiboken6", "torch", "matplotlib", "scipy"} & set(modules)
    assert not [name for name in modules if name.startswith("editor.ui")]


# What it does with files and folders.


@pytest.mark.parametrize(
    ("suffix", "bits", "grey", "alpha"),
    [
        (".png", 8, False, False),
        (".png", 16, True, True),
        (".tif", 16, False, True),
        (".tif", 8, True, False),
    ],
)
def test_beyond_the_mask_nothing_changes(tmp_path, capsys, engine, suffix, bits, grey, alpha):
    before = picture(tmp_path / f"in{suffix}", bits=bits, grey=grey, alpha=alpha)
    masked = mask(tmp_path / "mask.png")
    out = tmp_path / f"out{suffix}"
    assert run(capsys, tmp_path / f"in{suffix}", "--mask", tmp_path / "mask.png", "-o", out) == (0, [], [])
    after = raster.read(out)
    assert (after.pixels.dtype, after.grey, after.has_alpha) == (before.dtype, grey, alpha)
    assert after.pixels[~masked].tobytes() == before[~masked].tobytes()
    assert (after.pixels[masked] != before[masked]).any(axis=1).mean() > 0.9
    assert engine.asked == [("migan", "auto")]


def test_a_folder_of_pictures_and_a_folder_of_masks(tmp_path, capsys, engine):
    for name in ("in", "masks"):
        (tmp_path / name).mkdir()
    picture(tmp_path / "in" / "a.png", seed=1)
    picture(tmp_path / "in" / "b.tif", seed=2)
    picture(tmp_path / "in" / "c.jpg", seed=3)
    (tmp_path / "in" / "notes.txt").write_text("no picture")
    mask(tmp_path / "masks" / "a.png", box=(0, 0, 5, 5))
    mask(tmp_path / "masks" / "b.png", box=(10, 10, 5, 5))
    mask(tmp_path / "masks" / "c.png", box=(20, 20, 6, 5))
    mask(tmp_path / "masks" / "unused.png")
    code, out, err = run(
        capsys, tmp_path / "in", "--mask", tmp_path / "masks", "-o", tmp_path / "new" / "out", "--json"
    )
    assert (code, err) == (0, [])
    reports = [json.loads(line) for line in out]
    assert [Path(report["output"]).name for report in reports] == ["a.png", "b.tif", "c.jpg"]
    assert [report["changed_pixels"] for report in reports] == [25, 25, 30]
    assert names(tmp_path / "new" / "out") == ["a.png", "b.tif", "c.jpg"]
    assert len(engine.asked) == 1  # loaded once for all
    changed = raster.read(tmp_path / "in" / "a.png").pixels != raster.read(tmp_path / "new/out/a.png").pixels
    assert changed[:5, :5].any()
    changed[:5, :5] = False
    assert not changed.any()


def test_one_mask_for_a_folder(tmp_path, capsys, engine):
    (tmp_path / "in").mkdir()
    for name in ("a.png", "b.png"):
        picture(tmp_path / "in" / name)
    mask(tmp_path / "mask.png")
    code, _, err = run(capsys, tmp_path / "in", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out")
    assert (code, err) == (0, [])
    assert names(tmp_path / "out") == ["a.png", "b.png"]


def test_one_picture_into_a_folder_with_a_folder_of_masks(tmp_path, capsys, engine):
    for name in ("masks", "out"):
        (tmp_path / name).mkdir()
    picture(tmp_path / "a.png")
    mask(tmp_path / "masks" / "a.tif")
    code, _, err = run(capsys, tmp_path / "a.png", "--mask", tmp_path / "masks", "-o", tmp_path / "out")
    assert (code, err) == (0, [])
    assert names(tmp_path / "out") == ["a.png"]


def test_a_bmp_is_saved_as_png(tmp_path, capsys, engine):
    from PIL import Image

    (tmp_path / "in").mkdir()
    Image.fromarray(np.zeros((40, 60, 3), np.uint8)).save(tmp_path / "in" / "a.bmp")
    mask(tmp_path / "mask.png")
    code, _, err = run(capsys, tmp_path / "in", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out")
    assert (code, err) == (0, [])
    assert names(tmp_path / "out") == ["a.png"]


def test_a_picture_may_be_replaced(tmp_path, capsys, engine):
    before = picture(tmp_path / "a.png")
    masked = mask(tmp_path / "mask.png")
    code, _, err = run(capsys, tmp_path / "a.png", "--mask", tmp_path / "mask.png", "-o", tmp_path / "a.png")
    assert (code, err) == (0, [])
    after = raster.read(tmp_path / "a.png").pixels
    np.testing.assert_array_equal((after != before).any(axis=-1) & ~masked, False)
    assert (after != before).any()
    assert names(tmp_path) == ["a.png", "mask.png"]


def test_in_a_folder_a_bad_picture_does_not_stop_the_others(tmp_path, capsys, engine):
    (tmp_path / "in").mkdir()
    picture(tmp_path / "in" / "a.png")
    (tmp_path / "in" / "b.png").write_bytes(b"not a picture")
    picture(tmp_path / "in" / "c.png", 61, 40)
    picture(tmp_path / "in" / "d.png")
    mask(tmp_path / "mask.png")
    code, out, err = run(
        capsys, tmp_path / "in", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out", "--json"
    )
    assert code == 2
    assert len(out) == 2
    assert len(err) == 2
    assert err[0].startswith("lacuna: b.png: ")
    assert err[1].startswith("lacuna: c.png: ")
    assert names(tmp_path / "out") == ["a.png", "d.png"]


# Several fills of one hole.


class Ramp:
    """In the network's place: lighter towards the top left, so that each view is filled differently."""

    device = "cpu"

    def run(self, batch, progress):
        shades = np.linspace(1, -1, 512 * 512, dtype=np.float32).reshape(1, 1, 512, 512)
        return shades.repeat(3, axis=1)


def test_candidates_are_numbered_and_differ(tmp_path, capsys, engine):
    engine._network = Ramp()
    before = picture(tmp_path / "in.png")
    masked = mask(tmp_path / "mask.png")
    files = (tmp_path / "in.png", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out.png")
    code, out, err = run(capsys, *files, "--candidates", 3, "--seed", 2, "--json")
    assert (code, err) == (0, [])
    reports = [json.loads(line) for line in out]
    assert [(Path(report["output"]).name, report["seed"]) for report in reports] == [
        ("out-1.png", 2),
        ("out-2.png", 3),
        ("out-3.png", 4),
    ]
    assert names(tmp_path) == ["in.png", "mask.png", "out-1.png", "out-2.png", "out-3.png"]
    made = [raster.read(tmp_path / f"out-{number}.png").pixels for number in (1, 2, 3)]
    for pixels in made:
        assert pixels[~masked].tobytes() == before[~masked].tobytes()
        assert (pixels[masked] != before[masked]).any(axis=1).mean() > 0.9
    assert len({pixels.tobytes() for pixels in made}) == 3
    assert len(engine.asked) == 1

    code, _, err = run(capsys, *files[:-1], tmp_path / "four.png", "--seed", 4)
    assert (code, err) == (0, [])
    assert raster.read(tmp_path / "four.png").pixels.tobytes() == made[2].tobytes()  # a seed is a seed


def test_candidates_of_a_folder(tmp_path, capsys, engine):
    (tmp_path / "in").mkdir()
    for name in ("a.png", "b.tif"):
        picture(tmp_path / "in" / name)
    mask(tmp_path / "mask.png")
    files = (tmp_path / "in", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out")
    code, _, err = run(capsys, *files, "--candidates", 2)
    assert (code, err) == (0, [])
    assert names(tmp_path / "out") == ["a-1.png", "a-2.png", "b-1.tif", "b-2.tif"]


@pytest.mark.usefixtures("engine")
def test_a_candidate_is_not_written_over_another_picture(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    for name in ("a.png", "a-2.png"):
        picture(tmp_path / "in" / name)
    mask(tmp_path / "mask.png")
    contents = {path: path.read_bytes() for path in (tmp_path / "in").iterdir()}
    arguments = (tmp_path / "in", "--mask", tmp_path / "mask.png", "-o", tmp_path / "in", "--candidates", 2)
    refused(capsys, *arguments, words=["a-2.png", "written over"])
    assert {path: path.read_bytes() for path in (tmp_path / "in").iterdir()} == contents


# How a mask is read.


def test_a_grey_mask_changes_by_its_value(tmp_path, capsys, engine):
    before = picture(tmp_path / "in.png").astype(float)
    masked = mask(tmp_path / "mask.png", value=128)
    source, out = tmp_path / "in.png", tmp_path / "out.png"
    assert run(capsys, source, "--mask", tmp_path / "mask.png", "-o", out)[0] == 0
    after = raster.read(out).pixels.astype(float)
    mask(tmp_path / "full.png")
    assert run(capsys, source, "--mask", tmp_path / "full.png", "-o", tmp_path / "all.png")[0] == 0
    fill = raster.read(tmp_path / "all.png").pixels.astype(float)
    expected = before + (fill - before) * 128 / 255
    assert np.abs(after - expected)[masked].max() <= 1.01


@pytest.mark.parametrize("value", [1, 2, 100, 254, 255])
@pytest.mark.parametrize("bits", [8, 16])
def test_any_grey_of_an_exact_mask_counts(value, bits):
    dtype, maximum = (np.uint8, 255) if bits == 8 else (np.uint16, 65535)
    pixels = np.zeros((1, 2, 4), dtype)
    pixels[..., 3] = maximum
    pixels[0, 1, :3] = value
    values = remove.mask_values(raster.Raster(pixels, True, False, Metadata(format="PNG")))
    assert values[0, 0] == 0
    assert values[0, 1] == (value if bits == 8 else max(1, np.ceil(value / 257)))


def test_the_noise_of_a_lossy_mask_does_not_count():
    pixels = np.zeros((1, 4, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[0, :, :3] = np.array([0, 9, 245, 255])[:, None]

    def read(metadata):
        return remove.mask_values(raster.Raster(pixels, False, False, metadata)).tolist()

    assert read(Metadata(format="JPEG")) == [[0, 0, 255, 255]]
    assert read(Metadata(format="WEBP")) == [[0, 0, 255, 255]]
    assert read(Metadata(format="WEBP", lossless=True)) == [[0, 9, 245, 255]]


def test_white_that_is_clear_is_not_masked():
    pixels = np.full((1, 2, 4), 255, np.uint8)
    pixels[0, 0, 3] = 0
    assert remove.mask_values(raster.Raster(pixels, False, True, Metadata(format="PNG"))).tolist() == [
        [0, 255]
    ]


# What goes wrong: one line, an exit code, and nothing written.


@pytest.fixture
def paths(tmp_path):
    """A picture, its mask, and where the result would go."""
    picture(tmp_path / "in.png")
    mask(tmp_path / "mask.png")
    return tmp_path / "in.png", tmp_path / "mask.png", tmp_path / "out.png"


@pytest.fixture
def nothing_written(paths, tmp_path):
    contents = {path: path.read_bytes() for path in paths[:2]}
    yield
    assert not [name for name in names(tmp_path) if name.startswith((".", "out"))]
    for path, content in contents.items():
        assert path.read_bytes() == content or path.name.startswith("bad")


nothing_comes_of_it = pytest.mark.usefixtures("nothing_written", "engine")


@nothing_comes_of_it
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({0: "none.png"}, ["There is no file or folder", "none.png"]),
        ({1: "none.png"}, ["There is no mask", "none.png"]),
        ({2: "out.gif"}, ["out.gif", ".png"]),
        ({2: "out"}, ["no known suffix", ".tif"]),
        ({2: "none/out.png"}, ["out.png", "folder does not exist"]),
        ({0: "n" * 300 + ".png"}, ["nnn"]),
    ],
)
def test_paths_that_do_not_fit(tmp_path, capsys, paths, change, words):
    given = [tmp_path / change[index] if index in change else path for index, path in enumerate(paths)]
    refused(capsys, given[0], "--mask", given[1], "-o", given[2], words=words)


@nothing_comes_of_it
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["required", "--help"]),
        (["in.png"], ["--mask"]),
        (["in.png", "--mask", "mask.png"], ["--output"]),
        (["in.png", "--mask", "mask.png", "-o", "out.png", "--device", "tpu"], ["tpu"]),
        (["in.png", "--mask", "mask.png", "-o", "out.png", "--seed", "x"], ["--seed"]),
        (
            ["in.png", "--mask", "mask.png", "-o", "out.png", "--candidates", "0"],
            ["--candidates", "1 to 100"],
        ),
        (
            ["in.png", "--mask", "mask.png", "-o", "out.png", "--grain", "1.5"],
            ["--grain", "0 to 1"],
        ),
        (["in.png", "--mask", "mask.png", "-o", "out.png", "--candidates", "101"], ["1 to 100"]),
        (["in.png", "--mask", "mask.png", "-o", "out.png", "--candidates", "x"], ["--candidates"]),
        (["in.png", "--mask", "mask.png", "-o", "out.png", "--colour"], ["--colour"]),
    ],
)
def test_arguments_that_make_no_sense(capsys, paths, arguments, words):
    refused(capsys, *arguments, words=words)


@nothing_comes_of_it
def test_an_unknown_engine(capsys, paths):
    picture_path, mask_path, out = paths
    words = ['There is no engine "mugan"', "migan"]
    refused(capsys, picture_path, "--mask", mask_path, "-o", out, "--engine", "mugan", words=words)


@pytest.mark.usefixtures("nothing_written")
def test_an_estimate_loads_and_writes_nothing(capsys, paths, monkeypatch):
    here = Machine(8 << 30, 6 << 30, 10**10, "Card", 10**9, 10**9)
    monkeypatch.setattr(remove, "machine", lambda folder: here)

    def load(*_):
        raise AssertionError("an engine was loaded")

    monkeypatch.setattr(registry, "load", load)
    picture_path, mask_path, out = paths
    arguments = (picture_path, "--mask", mask_path, "-o", out, "--estimate")
    code, lines, err = run(capsys, *arguments, "--candidates", 40, "--json")
    found = json.loads(lines[0])
    assert (code, err) == (0, []) and found["fit"] == "comfortable" and found["why"].startswith("Card has")
    assert found["memory"] > 465 << 20 and found["seconds"] == pytest.approx(40 * 0.05, abs=0.1)
    code, lines, err = run(capsys, *arguments, "--device", "cpu")
    assert lines == [
        f"{picture_path.name}: about 0 s and {found['memory'] / 1e6:.0f} MB, comfortable. "
        "This machine has the memory for it."
    ]
    assert not out.exists()


@pytest.mark.usefixtures("nothing_written")
def test_a_device_that_is_not_there(capsys, paths, monkeypatch):
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    picture_path, mask_path, out = paths
    words = ['"cuda"', "--device cpu"]
    refused(capsys, picture_path, "--mask", mask_path, "-o", out, "--device", "cuda", words=words)


@pytest.mark.usefixtures("nothing_written")
def test_weights_that_are_missing(tmp_path, capsys, paths, monkeypatch):
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path / "models"))
    picture_path, mask_path, out = paths
    words = ["missing", "migan-512.onnx"]
    refused(capsys, picture_path, "--mask", mask_path, "-o", out, code=3, words=words)


@nothing_comes_of_it
def test_a_mask_of_another_size(tmp_path, capsys, paths):
    mask(tmp_path / "bad.png", 40, 60)
    words = ["bad.png is 40 x 60", "in.png 60 x 40", "same size"]
    refused(capsys, paths[0], "--mask", tmp_path / "bad.png", "-o", paths[2], words=words)


@nothing_comes_of_it
def test_an_empty_mask(tmp_path, capsys, paths):
    mask(tmp_path / "bad.png", value=0)
    refused(capsys, paths[0], "--mask", tmp_path / "bad.png", "-o", paths[2], words=["Nothing is masked"])


@nothing_comes_of_it
@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n", "cut"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_is_damaged(tmp_path, capsys, paths, content, which):
    bad = tmp_path / "bad.png"
    whole = paths[which].read_bytes()
    bad.write_bytes(whole[: len(whole) * 3 // 4] if content == "cut" else content)
    given = [bad if index == which else path for index, path in enumerate(paths)]
    refused(capsys, given[0], "--mask", given[1], "-o", given[2], words=["Cannot open bad.png"])


@nothing_comes_of_it
def test_a_folder_without_pictures(tmp_path, capsys, paths):
    (tmp_path / "empty").mkdir()
    arguments = (tmp_path / "empty", "--mask", paths[1], "-o", tmp_path / "out")
    refused(capsys, *arguments, words=["There is no picture in"])


@nothing_comes_of_it
def test_a_folder_into_a_file(tmp_path, capsys, paths):
    (tmp_path / "in").mkdir()
    refused(capsys, tmp_path / "in", "--mask", paths[1], "-o", paths[0], words=["must be one too"])


@pytest.mark.usefixtures("engine")
def test_a_picture_without_a_mask_in_the_folder(tmp_path, capsys, paths):
    for name in ("in", "masks"):
        (tmp_path / name).mkdir()
    for name in ("a.png", "b.png"):
        picture(tmp_path / "in" / name)
    mask(tmp_path / "masks" / "a.png")
    arguments = (tmp_path / "in", "--mask", tmp_path / "masks", "-o", tmp_path / "out")
    refused(capsys, *arguments, words=["no mask named b", "b.png"])
    assert not (tmp_path / "out").exists() or names(tmp_path / "out") == []
    refused(capsys, paths[0], "--mask", tmp_path / "masks", "-o", paths[2], words=["no mask named in"])


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("which", ["in", "masks"])
def test_two_files_of_one_name_are_not_chosen_from(tmp_path, capsys, which):
    for name in ("in", "masks"):
        (tmp_path / name).mkdir()
    picture(tmp_path / "in" / "a.png")
    mask(tmp_path / "masks" / "a.png")
    shutil.copy(tmp_path / which / "a.png", tmp_path / which / "a.tif")
    arguments = (tmp_path / "in", "--mask", tmp_path / "masks", "-o", tmp_path / "out")
    refused(capsys, *arguments, words=["a.png", "a.tif"])


@nothing_comes_of_it
@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_disk_that_takes_nothing(capsys, paths, monkeypatch, number):
    real = os.open

    def refuse(path, flags, *rest, **more):
        if flags & os.O_CREAT:
            raise OSError(number, os.strerror(number))
        return real(path, flags, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(atomic.os, "open", refuse)
        refused(capsys, paths[0], "--mask", paths[1], "-o", paths[2], words=["Cannot save out.png"])


@pytest.mark.usefixtures("engine")
def test_a_file_that_may_not_be_replaced(tmp_path, capsys, paths):
    out = paths[2]
    out.write_bytes(b"precious")
    out.chmod(0o444)
    refused(capsys, paths[0], "--mask", paths[1], "-o", out, words=["out.png", "write-protected"])
    assert out.read_bytes() == b"precious"
    assert names(tmp_path) == ["in.png", "mask.png", "out.png"]


@nothing_comes_of_it
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path, capsys, paths):
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    refused(capsys, paths[0], "--mask", paths[1], "-o", closed / "out.png", words=["no permission"])
    assert names(closed) == []


@nothing_comes_of_it
@pytest.mark.parametrize("where", ["run", "apply", "save", "open"])
@pytest.mark.parametrize("error", [MemoryError(), OutOfMemory("There is no memory for this.")])
def test_out_of_memory(capsys, paths, monkeypatch, engine, where, error):
    def fail(*_args, **_kwargs):
        raise error

    if where == "run":
        monkeypatch.setattr(type(engine), "run", fail)
    elif where == "apply":
        monkeypatch.setattr(remove.remove, "apply", fail)
    elif where == "save":
        monkeypatch.setattr(raster, "_encoded", fail)
    elif isinstance(error, MemoryError):
        monkeypatch.setattr(raster, "_decoded", fail)
    else:
        monkeypatch.setattr(remove, "open_with_mask", fail)
    refused(capsys, paths[0], "--mask", paths[1], "-o", paths[2], code=4, words=["memory"])


@pytest.mark.usefixtures("engine")
def test_out_of_memory_in_a_folder_goes_on_with_the_next(tmp_path, capsys, monkeypatch):
    (tmp_path / "in").mkdir()
    for name in ("a.png", "b.png"):
        picture(tmp_path / "in" / name)
    mask(tmp_path / "mask.png")
    apply, failures = remove.remove.apply, [MemoryError()]

    def once(*arguments):
        if failures:
            raise failures.pop()
        return apply(*arguments)

    monkeypatch.setattr(remove.remove, "apply", once)
    code, _, err = run(capsys, tmp_path / "in", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out")
    assert code == 4
    assert len(err) == 1
    assert err[0].startswith("lacuna: a.png: There is not enough memory")
    assert names(tmp_path / "out") == ["b.png"]


@nothing_comes_of_it
def test_an_engine_that_fails(capsys, paths, monkeypatch, engine):
    def fail(*_):
        raise EngineError("The model could not be run: node Conv_3.")

    monkeypatch.setattr(type(engine), "run", fail)
    refused(capsys, paths[0], "--mask", paths[1], "-o", paths[2], words=["could not be run: node Conv_3"])


@nothing_comes_of_it
def test_interrupted(capsys, paths, monkeypatch, engine):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(engine), "run", interrupted)
    refused(capsys, paths[0], "--mask", paths[1], "-o", paths[2], code=130, words=["Interrupted"])


def test_help_tells_the_exit_codes(capsys):
    with pytest.raises(SystemExit) as caught:
        remove.main(["--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for words in (
        "0 done",
        "2 bad usage",
        "3 weights missing",
        "4 out of memory",
        "130 interrupted",
        "migan",
    ):
        assert words in text


def test_an_engine_that_does_not_remove(tmp_path, capsys):
    picture(tmp_path / "in.png")
    mask(tmp_path / "mask.png")
    files = (tmp_path / "in.png", "--mask", tmp_path / "mask.png", "-o", tmp_path / "out.png")
    refused(capsys, *files, "--engine", "lines", words=['no engine "lines"', "migan"])

"""``python main.py convert``."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import main
from editor.cli import convert, info
from editor.document import storage
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from tests.document.files.raw_sources import dng, flat

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "document" / "files" / "samples"


@pytest.fixture
def photo(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 65536, (40, 60, 4), np.uint16)
    path = tmp_path / "in.tif"
    raster.write(path, raster.Raster(pixels, False, True, Metadata(xmp=b"<x:xmpmeta/>", dpi=(300.0, 300.0))))
    return path


def test_pixels_and_metadata_are_kept(tmp_path, capsys, photo):
    out = tmp_path / "out.png"
    out.write_bytes(b"replaced")
    assert main.main(["convert", str(photo), str(out)]) == 0
    assert capsys.readouterr() == ("", "")
    before, after = raster.read(photo), raster.read(out)
    assert after.pixels.tobytes() == before.pixels.tobytes()
    assert after.metadata.xmp == before.metadata.xmp
    assert after.metadata.dpi == pytest.approx((300, 300), abs=0.1)


def test_in_place_and_quality(tmp_path, photo):
    good, poor = tmp_path / "good.jpg", tmp_path / "poor.jpg"
    assert convert.main([str(photo), str(good), "--quality", "95"]) == 0
    assert convert.main([str(photo), str(poor), "--quality", "10"]) == 0
    assert poor.stat().st_size < good.stat().st_size / 2
    before = raster.read(photo).pixels
    assert convert.main([str(photo), str(photo)]) == 0
    assert raster.read(photo).pixels.tobytes() == before.tobytes()


@pytest.mark.parametrize("suffix", [".png", ".tif", ".avif", ".jxl"])
def test_bits(tmp_path, photo, suffix):
    before = raster.read(photo).pixels
    out = tmp_path / f"out{suffix}"
    assert convert.main([str(photo), str(out), "--bits", "8", "--quality", "100"]) == 0
    shallow = raster.read(out).pixels
    np.testing.assert_array_equal(shallow, np.round(before / 257))
    assert convert.main([str(out), str(out), "--bits", "16", "--quality", "100"]) == 0
    deep = raster.read(out).pixels
    assert deep.dtype == np.uint16
    np.testing.assert_array_equal(np.round(deep / 257), shallow)


@pytest.mark.parametrize("suffix", [".avif", ".jxl", ".png", ".jpg"])
def test_camera_raw_and_heic_are_read(tmp_path, suffix):
    raw = tmp_path / "in.dng"
    raw.write_bytes(dng(flat(40, 60, 9000, 9000, 9000)))
    for source in (raw, SAMPLES / "turned6.heic"):
        out = tmp_path / f"out{suffix}"
        assert convert.main([str(source), str(out)]) == 0
        assert raster.read(out).pixels.shape == raster.read(source).pixels.shape


@pytest.mark.parametrize(
    "arguments",
    [
        ["in.tif"],
        ["in.tif", "out.gif"],
        ["in.tif", "out"],
        ["none.png", "out.png"],
        ["bad.png", "out.png"],
        ["in.tif", "none/out.png"],
        ["in.tif", "out.jpg", "--quality", "0"],
        ["in.tif", "out.jpg", "--quality", "x"],
        ["in.tif", "out.heic"],
        ["in.tif", "out.png", "--bits", "12"],
        ["in.tif", "out.webp", "--bits", "16"],
    ],
)
def test_errors_are_one_line_and_leave_nothing(tmp_path, capsys, monkeypatch, photo, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.png").write_bytes(b"no picture")
    assert convert.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("lacuna: ") and len(err.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.png", "in.tif"]


def test_out_of_memory_and_interrupted(tmp_path, capsys, monkeypatch, photo):
    for error, code in ((MemoryError(), 4), (KeyboardInterrupt(), 130)):

        def fail(*_, error=error):
            raise error

        monkeypatch.setattr(raster, "_encoded", fail)
        assert convert.main([str(photo), str(tmp_path / "out.png")]) == code
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.tif"]


def test_the_command_imports_no_window(tmp_path, photo):
    code = (
        "import sys; from main import main; code = main(['convert', *sys.argv[1:]]); "
        "print(code, *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", code, photo, tmp_path / "out.webp"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    code, *modules = done.stdout.split()
    assert code == "0"
    assert not {"PySide6", "torch", "onnxruntime"} & set(modules)


def test_layers_are_kept_where_the_format_has_them_and_named_where_not(tmp_path, capsys, make_document):
    document = make_document(60, 40, bits=16)
    above = make_document(20, 10, bits=16, seed=1).layers[0]
    document.set_layers((*document.layers, above), "Add")
    source, again, flat = (tmp_path / name for name in ("in.ora", "again.ora", "flat.jpg"))
    storage.save(document, source)
    assert convert.main([str(source), str(again)]) == 0
    assert capsys.readouterr().err == ""
    layers = storage.open_document(again).layers
    assert [layer.image.bounds() for layer in layers] == [Rect(0, 0, 60, 40), Rect(0, 0, 20, 10)]
    assert convert.main([str(source), str(flat)]) == 0
    words = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in words] == [
        "Not kept in flat.jpg: the layers (one flat picture is saved)",
        "Not kept in flat.jpg: 16 bits a channel (8 are saved)",
    ]


def test_what_a_file_holds_beyond_a_document_is_named(tmp_path, capsys):
    source = Path(__file__).parents[1] / "references" / "psd" / "lab.psd"
    assert convert.main([str(source), str(tmp_path / "out.png")]) == 0
    assert "lab.psd: Its Lab colours became RGB" in capsys.readouterr().err
    assert info.main([str(source), "--json"]) == 0
    assert "Its Lab colours became RGB" in json.loads(capsys.readouterr().out)["not_kept"]

"""``python main.py info``."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

import main
from editor.cli import info
from editor.document import channels, guides, select, storage
from editor.document.adjustments import Curves
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.document.guide import INK, LINE, Guide
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage
from tests.document.files.raw_sources import dng, flat

EXIF = b"II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\x02\0\0\0A\0\0\0\0\0\0\0"


@pytest.fixture
def photo(tmp_path):
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    metadata = Metadata(icc=icc, exif=EXIF, xmp=b"<x:xmpmeta/>", dpi=(300.0, 300.0))
    path = tmp_path / "photo.tif"
    raster.write(path, raster.Raster(np.full((40, 60, 4), 9, np.uint16), False, True, metadata))
    return path


def test_json(capsys, photo):
    assert main.main(["info", str(photo), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    report = json.loads(out)
    assert "sRGB" in report.pop("icc")
    assert report == {
        "file": str(photo),
        "format": "TIFF",
        "width": 60,
        "height": 40,
        "bits": 16,
        "grey": False,
        "has_alpha": True,
        "exif": True,
        "xmp": True,
        "dpi": [300.0, 300.0],
        "bytes": photo.stat().st_size,
        "layers": [
            {
                "name": "Background",
                "kind": "pixels",
                "visible": True,
                "opacity": 1.0,
                "blend_mode": "normal",
                "clipping": False,
                "mask": False,
                "bounds": [0, 0, 60, 40],
                "recipe": None,
            }
        ],
        "channels": [],
        "selection": False,
        "guides": 0,
        "not_kept": [],
    }


@pytest.fixture
def layered(tmp_path, make_document):
    document = make_document(60, 40)
    recipe = Recipe("remove", "migan-512", "0" * 64, "cpu", 7)
    image = TiledImage.from_array(np.full((9, 8, 4), 200, np.uint8), 5, -3)
    patch = PixelLayer("Patch\x1b[2J", image, recipe=recipe, opacity=0.5, mask=LayerMask.revealing())
    group = Group("Group", [patch, AdjustmentLayer("Curves", Curves(), clipping=True, visible=False)])
    document.set_layers((*document.layers, group), "Add")
    select.everything(document)
    channels.save_channel(document, "Sky")
    guides.add(document, Guide(LINE, ((1, 2), (3, 4))), Guide(INK, ((5, 6),)))
    path = tmp_path / "layered.ora"
    storage.save(document, path)
    return path


def test_layers(capsys, layered):
    assert main.main(["info", str(layered), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    background, group = report["layers"]
    patch, curves = group["layers"]
    assert (background["name"], group["kind"], group["blend_mode"]) == ("Background", "group", "pass-through")
    assert (curves["kind"], curves["clipping"], curves["visible"]) == ("curves", True, False)
    assert (patch["bounds"], patch["opacity"], patch["mask"]) == ([5, -3, 8, 9], 0.5, True)
    assert patch["recipe"]["seed"] == 7
    assert (report["channels"], report["selection"], report["guides"]) == (["Sky"], True, 2)


def test_layers_for_people(capsys, layered):
    assert main.main(["info", str(layered)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out  # a name in a file must not steer the terminal
    lines = out.splitlines()
    names = [line.strip().split("”")[0] for line in lines[lines.index("Layers, from the top:") + 1 :]]
    assert names[:4] == ["“Group", "“Curves", "“Patch?[2J", "“Background"]
    assert "curves, normal, 100 %, clipping, hidden" in out
    assert "Channels: “Sky”" in out
    assert "Guide lines: 2" in out


@pytest.mark.parametrize("suffix", [".avif", ".jxl"])
def test_formats_without_a_place_for_dpi_keep_it_in_exif(tmp_path, capsys, photo, suffix):
    out = tmp_path / f"photo{suffix}"
    raster.write(out, raster.read(photo))
    assert info.main([str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert "sRGB" in report["icc"]
    kept = ("width", "height", "bits", "has_alpha", "exif", "xmp", "dpi")
    assert [report[name] for name in kept] == [60, 40, 16, True, True, True, [300.0, 300.0]]


def test_heic_and_camera_raw(tmp_path, capsys):
    raw = tmp_path / "a.dng"
    raw.write_bytes(dng(flat(40, 60, 9000, 9000, 9000), orientation=6))
    samples = Path(__file__).parents[1] / "document" / "files" / "samples"
    expected = {raw: ("camera RAW", 40, 60, 16), samples / "turned6.heic": ("HEIF", 32, 48, 8)}
    for path, facts in expected.items():
        assert info.main([str(path), "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert tuple(report[name] for name in ("format", "width", "height", "bits")) == facts


def test_lines(capsys, photo):
    assert info.main([str(photo)]) == 0
    out, _ = capsys.readouterr()
    for words in ("TIFF", "60 x 40 pixels, 300 x 300 dpi", "RGB, 16 bits a channel, alpha", "EXIF, XMP"):
        assert words in out
    assert len(out.splitlines()) == 5


def test_a_bare_picture(tmp_path, capsys):
    path = tmp_path / "bare.png"
    raster.write(path, raster.Raster(np.full((4, 6, 4), 255, np.uint8), True, False, Metadata()))
    assert info.main([str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["icc"], report["exif"], report["xmp"], report["dpi"]) == (None, False, False, None)
    assert (report["grey"], report["has_alpha"], report["bits"]) == (True, False, 8)


def test_a_damaged_profile_is_named_so(tmp_path, capsys):
    path = tmp_path / "odd.tif"
    icc = bytes(16) + b"RGB " + bytes(200)
    raster.write(path, raster.Raster(np.full((4, 6, 4), 255, np.uint8), False, False, Metadata(icc=icc)))
    assert info.main([str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["icc"] == "damaged profile"


@pytest.mark.parametrize("arguments", [[], ["none.png"], ["bad.png"], ["a", "b"]])
def test_errors_are_one_line(tmp_path, capsys, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.png").write_bytes(b"no picture")
    assert info.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("lacuna: ") and len(err.splitlines()) == 1


def test_out_of_memory_and_interrupted(capsys, monkeypatch, photo):
    for error, code in ((MemoryError(), 4), (KeyboardInterrupt(), 130)):

        def fail(*_, error=error):
            raise error

        monkeypatch.setattr(raster, "_decoded_tiff", fail)
        assert info.main([str(photo)]) == code
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_libraries_print_on_damage_is_not_shown(tmp_path):
    file = BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(file, "TIFF", compression="tiff_adobe_deflate")
    data = bytearray(file.getvalue())
    data[40:400] = b"\x55" * 360
    path = tmp_path / "bad.tif"
    path.write_bytes(data)
    command = [sys.executable, "-W", "error", main.__file__, "info", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert run.stderr == "lacuna: Cannot open bad.tif: it is damaged or cut off; try another copy.\n"

"""HEIC: samples/README.md says how these files were made."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from raster_sources import exif_block, ifd_values

from editor.document.files import profiles
from editor.document.files.errors import FileError
from editor.document.files.raster import read, write

SAMPLES = Path(__file__).parent / "samples"
SCENE = np.zeros((32, 48, 3), np.uint8)
SCENE[:16, :24], SCENE[:16, 24:], SCENE[16:, :24] = (250, 0, 0), (0, 250, 0), (0, 0, 250)
RAMP = (np.arange(32 * 48 * 3).reshape(32, 48, 3) * 14).astype(np.uint16)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(tmp_path, orientation):
    sideways = Image.fromarray(SCENE)
    sideways.getexif()[274] = orientation
    expected = np.asarray(ImageOps.exif_transpose(sideways))
    picture = read(SAMPLES / f"turned{orientation}.heic")
    np.testing.assert_array_equal(picture.pixels[..., :3], expected)
    assert b"removed object" not in picture.metadata.exif
    for suffix in (".jpg", ".png", ".avif", ".jxl", ".tif"):
        write(tmp_path / f"a{suffix}", picture)
        back = read(tmp_path / f"a{suffix}")
        assert back.pixels.shape == picture.pixels.shape
        assert np.abs(back.pixels.astype(int) - picture.pixels).mean() < 5


def test_metadata_and_orientation_in_xmp_alone():
    picture = read(SAMPLES / "described.heic")
    np.testing.assert_array_equal(picture.pixels[..., :3], SCENE)
    metadata = picture.metadata
    assert metadata.format == "HEIF"
    assert metadata.icc[16:20] == b"RGB "
    assert metadata.xmp == b'<x:xmpmeta tiff:Orientation="1"/>'
    assert ifd_values(metadata.exif) == ifd_values(exif_block("<"))


@pytest.mark.parametrize(
    ("name", "bits", "expected"), [("rgb10", 10, RAMP), ("grey12", 12, RAMP[..., :1]), ("rgba12", 12, RAMP)]
)
def test_deep_files_open_over_the_whole_range(name, bits, expected):
    picture = read(SAMPLES / f"{name}.heic")
    top = 2**bits - 1
    assert picture.pixels.dtype == np.uint16
    stored = picture.pixels * (top / 65535)
    np.testing.assert_allclose(stored, np.round(stored), atol=0.04)  # on the steps of so many bits
    assert np.abs(picture.pixels[..., : expected.shape[2]].astype(int) - expected).max() <= 65536 / top
    assert (picture.grey, picture.has_alpha) == (name == "grey12", name == "rgba12")


def test_code_points_of_display_p3_become_its_profile(tmp_path):
    data = bytearray((SAMPLES / "turned1.heic").read_bytes())
    assert read(SAMPLES / "turned1.heic").metadata.icc is None
    struct.pack_into(">2H", data, data.index(b"nclx") + 4, 12, 13)
    (tmp_path / "a.heic").write_bytes(data)
    assert read(tmp_path / "a.heic").metadata.icc == profiles.profile(profiles.DISPLAY_P3)


def test_grey_and_premultiplied_alpha():
    grey = read(SAMPLES / "grey8.heic")
    assert grey.grey
    np.testing.assert_array_equal(grey.pixels[..., 0], SCENE[..., 0])
    straight = read(SAMPLES / "premultiplied8.heic")
    assert straight.has_alpha
    assert np.abs(straight.pixels[..., :3].astype(int) - SCENE).max() <= 2
    assert (straight.pixels[..., 3] == 128).all()


def test_what_cannot_be_opened_is_said(tmp_path, monkeypatch):
    whole = (SAMPLES / "rgb10.heic").read_bytes()
    path = tmp_path / "a.heic"
    for size in (20, 60, 200, len(whole) // 2):
        path.write_bytes(whole[:size])
        with pytest.raises(FileError, match="damaged"):
            read(path)
    bomb = bytearray(whole)
    struct.pack_into(">II", bomb, bomb.index(b"ispe") + 8, 30_000, 30_000)
    path.write_bytes(bomb)
    with pytest.raises(FileError, match="limit of 268 megapixels"):
        read(path)
    path.write_bytes(whole)
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(FileError, match=r"^Cannot open a\.heic: .* pip install pi-heif\.$"):
        read(path)

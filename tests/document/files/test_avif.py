"""AVIF: depth, the container's orientation, what is exact."""

import struct
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from raster_sources import exif_block

from editor.document.files import avif, profiles
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.files.raster import Raster, read, write

RNG = np.random.default_rng(11)


def deep_picture(has_alpha=False):
    pixels = RNG.integers(0, 65536, (30, 40, 4), np.uint16)
    if not has_alpha:
        pixels[..., 3] = 65535
    return Raster(pixels, False, has_alpha, Metadata())


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_deep_files_open_over_the_whole_range(tmp_path, bits, channels):
    import cv2

    top = 2**bits - 1
    stored = RNG.integers(0, top, (30, 40, channels), np.uint16, endpoint=True)
    stored[0, 0], stored[0, 1] = 0, top
    options = [cv2.IMWRITE_AVIF_DEPTH, bits, cv2.IMWRITE_AVIF_QUALITY, 100]
    order = [2, 1, 0, 3][:channels] if channels > 1 else [0]
    done, file = cv2.imencode(".avif", np.ascontiguousarray(stored[..., order]), options)
    assert done
    (tmp_path / "a.avif").write_bytes(file.tobytes())
    picture = read(tmp_path / "a.avif")
    expected = np.round(stored * (65535 / top)).astype(np.uint16)
    assert picture.pixels.dtype == np.uint16
    np.testing.assert_array_equal(picture.pixels[..., :channels], expected[..., :channels])
    assert (picture.grey, picture.has_alpha) == (channels == 1, channels == 4)


@pytest.mark.parametrize("has_alpha", [False, True])
def test_sixteen_bits_are_saved_as_twelve_and_stay_there(tmp_path, has_alpha):
    picture = deep_picture(has_alpha)
    write(tmp_path / "a.avif", picture, quality=100)
    once = read(tmp_path / "a.avif")
    assert once.pixels.dtype == np.uint16
    assert np.abs(once.pixels.astype(int) - picture.pixels).max() <= 8  # half a step of 12 bits
    assert once.metadata.lossless
    write(tmp_path / "b.avif", once)  # lossless again, without being told
    np.testing.assert_array_equal(read(tmp_path / "b.avif").pixels, once.pixels)


def test_quality_and_full_colour_at_8_bits(tmp_path):
    stripes = np.full((64, 64, 4), 255, np.uint8)
    stripes[:, ::2, 1:3], stripes[:, 1::2, :2] = 0, 0
    write(tmp_path / "a.avif", Raster(stripes, False, False, Metadata()))
    picture = read(tmp_path / "a.avif")
    assert not picture.metadata.lossless
    # 4:2:0 would mix the red and the blue columns to purple
    assert np.abs(picture.pixels.astype(int) - stripes).mean() < 4
    noise = Raster(RNG.integers(0, 256, (90, 120, 4), np.uint8), False, False, Metadata())
    for suffix, lower, higher in ((".avif", 30, 95), (".jxl", 5, 95)):
        write(tmp_path / f"low{suffix}", noise, quality=lower)
        write(tmp_path / f"high{suffix}", noise, quality=higher)
        sizes = [(tmp_path / f"{name}{suffix}").stat().st_size for name in ("low", "high")]
        assert sizes[0] < sizes[1] / 2


def test_orientation_of_exif_and_xmp_alone_does_not_count(tmp_path):
    upright = exif_block(orientation=1)
    metadata = Metadata(exif=upright, xmp=b'<x tiff:Orientation="1"/>')
    write(tmp_path / "a.avif", Raster(np.full((8, 12, 4), 255, np.uint8), False, False, metadata))
    data = (tmp_path / "a.avif").read_bytes()
    assert b"irot" not in data
    assert data.count(upright) == 1
    turned = data.replace(upright, exif_block(orientation=6)).replace(b'Orientation="1"', b'Orientation="6"')
    (tmp_path / "a.avif").write_bytes(turned)
    picture = read(tmp_path / "a.avif")
    assert picture.pixels.shape == (8, 12, 4)
    assert picture.metadata == replace(metadata, format="AVIF")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("quality", [None, 100])
def test_exif_is_kept_to_the_byte(tmp_path, dtype, quality):
    block = exif_block(">", orientation=1)
    picture = Raster(np.full((8, 12, 4), 255, dtype), False, False, Metadata(exif=block))
    write(tmp_path / "a.avif", picture, quality=quality)
    assert read(tmp_path / "a.avif").metadata.exif == block


def test_the_container_turns_a_deep_picture_once(tmp_path):
    picture = deep_picture()
    write(tmp_path / "a.avif", picture, quality=100)
    flat = read(tmp_path / "a.avif").pixels
    block = Image.Exif()
    block[274] = 6
    samples = np.ascontiguousarray(picture.pixels[..., :3])
    (tmp_path / "b.avif").write_bytes(avif.encode(samples, Metadata(exif=block.tobytes()[6:]), 100))
    assert b"irot" in (tmp_path / "b.avif").read_bytes()
    turned = read(tmp_path / "b.avif")
    np.testing.assert_array_equal(turned.pixels, np.rot90(flat, -1))
    write(tmp_path / "c.avif", turned)
    np.testing.assert_array_equal(read(tmp_path / "c.avif").pixels, turned.pixels)


def test_code_points_of_display_p3_become_its_profile(tmp_path):
    write(tmp_path / "a.avif", deep_picture(), quality=90)
    assert read(tmp_path / "a.avif").metadata.icc is None
    data = bytearray((tmp_path / "a.avif").read_bytes())
    struct.pack_into(">2H", data, data.index(b"nclx") + 4, 12, 13)
    (tmp_path / "a.avif").write_bytes(data)
    assert read(tmp_path / "a.avif").metadata.icc == profiles.profile(profiles.DISPLAY_P3)


def test_a_bomb_is_refused_with_the_limit(tmp_path):
    write(tmp_path / "a.avif", deep_picture())
    data = bytearray((tmp_path / "a.avif").read_bytes())
    struct.pack_into(">II", data, data.index(b"ispe") + 8, 30_000, 30_000)
    (tmp_path / "a.avif").write_bytes(data)
    with pytest.raises(FileError, match="limit of 268 megapixels"):
        read(tmp_path / "a.avif")


def test_more_pixels_than_could_be_opened_are_not_saved(tmp_path):
    huge = np.lib.stride_tricks.as_strided(np.zeros(4, np.uint8), (16385, 16385, 4), (0, 0, 1))
    with pytest.raises(FileError, match="ends at 268 megapixels"):
        write(tmp_path / "a.avif", Raster(huge, False, False, Metadata()))
    assert list(tmp_path.iterdir()) == []


def test_of_a_sequence_the_first_picture_opens(tmp_path):
    red, blue = Image.new("RGB", (16, 16), "red"), Image.new("RGB", (16, 16), "blue")
    red.save(tmp_path / "a.avif", save_all=True, append_images=[blue])
    assert read(tmp_path / "a.avif").pixels[0, 0].tolist()[0] > 250

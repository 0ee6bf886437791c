"""JPEG XL: profiles with loss, boxes, bombs."""

import struct
import sys
from io import BytesIO
from pathlib import Path

import brotli
import numpy as np
import pyjpegxl
import pytest
from PIL import Image, ImageOps
from raster_sources import exif_block

from editor.document.files import jxl, jxl_container, jxl_header, profiles
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.files.raster import Raster, read, write

SAMPLES = Path(__file__).parent / "samples"
BLOCK, PACKET = exif_block(), b"<x:xmpmeta/>"


def box(kind, payload):
    return struct.pack(">I", 8 + len(payload)) + kind + payload


def file_of(*boxes):
    return jxl_container.CONTAINER + box(b"ftyp", b"jxl \0\0\0\0jxl ") + b"".join(boxes)


@pytest.fixture(scope="module")
def stream():
    pixels = np.random.default_rng(2).integers(0, 256, (10, 14, 3), np.uint8)
    return pyjpegxl.encode_from_numpy(pixels, lossless=True)


def test_loss_keeps_colours(tmp_path):
    pixels = np.full((64, 64, 4), 65535, np.uint16)
    pixels[:, :32, :3], pixels[:, 32:, :3] = (50000, 20000, 30000), (10000, 60000, 40000)
    metadata = Metadata(icc=profiles.profile(profiles.SRGB))
    write(tmp_path / "a.jxl", Raster(pixels, False, False, metadata), quality=95)
    back = read(tmp_path / "a.jxl")
    assert np.abs(back.pixels[:, [8, 56]].astype(int) - pixels[:, [8, 56]]).max() < 400
    assert profiles.is_srgb(back.metadata.icc)


def test_colours_that_others_would_show_wrong_are_not_saved(tmp_path):
    for space in (profiles.ADOBE_RGB, profiles.PROPHOTO_RGB):
        metadata = Metadata(icc=profiles.profile(space))
        with pytest.raises(FileError, match="sRGB") as caught:
            write(tmp_path / "a.jxl", Raster(np.zeros((4, 4, 4), np.uint8), False, False, metadata))
        assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_profile_in_the_codestream_is_read():
    """Adobe RGB, 8 x 8, written by libjxl 0.11 (pylibjxl 0.5.0, lossless)."""
    picture = read(SAMPLES / "adobe_rgb.jxl")
    assert picture.metadata.icc == profiles.profile(profiles.ADOBE_RGB)
    assert picture.pixels[0, 0].tolist() == [200, 100, 50, 255]


@pytest.mark.parametrize("offset", [b"\0\0\0\0", b"\0\0\0\6Exif\0\0", b""])
@pytest.mark.parametrize("pack", [lambda kind, data: box(kind, data), None])
def test_boxes_are_read_plain_and_compressed(tmp_path, stream, offset, pack):
    pack = pack or (lambda kind, data: box(b"brob", kind + brotli.compress(data)))
    half = len(stream) // 2
    parts = (box(b"jxlp", bytes(4) + stream[:half]), box(b"jxlp", b"\x80\0\0\1" + stream[half:]))
    boxes = (pack(b"Exif", offset + BLOCK), *parts, pack(b"xml ", PACKET))
    (tmp_path / "a.jxl").write_bytes(file_of(*boxes))
    (tmp_path / "b.jxl").write_bytes(stream)
    picture = read(tmp_path / "a.jxl")
    np.testing.assert_array_equal(picture.pixels, read(tmp_path / "b.jxl").pixels)
    assert (picture.metadata.exif, picture.metadata.xmp) == (BLOCK, PACKET)


def test_libjxl_reads_our_boxes(tmp_path):
    metadata = Metadata(exif=BLOCK, xmp=PACKET)
    for dtype in (np.uint8, np.uint16):
        write(tmp_path / "a.jxl", Raster(np.full((9, 9, 4), 255, dtype), False, False, metadata))
        probed = pyjpegxl.probe((tmp_path / "a.jxl").read_bytes())
        assert (probed.exif, probed.xmp) == (bytes(4) + BLOCK, PACKET)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(tmp_path, orientation):
    """A JPEG carried over by libjxl: the codestream and EXIF both say how to turn it."""
    corners = np.zeros((32, 48, 3), np.uint8)
    corners[:16, :24], corners[:16, 24:], corners[16:, :24] = (250, 0, 0), (0, 250, 0), (0, 0, 250)
    sideways, file = Image.fromarray(corners), BytesIO()
    sideways.getexif()[274] = orientation
    sideways.save(file, "JPEG", exif=sideways.getexif(), subsampling=0, quality=95)
    (tmp_path / "a.jxl").write_bytes(pyjpegxl.jpeg_to_jxl(file.getvalue()))
    picture = read(tmp_path / "a.jxl")
    expected = np.asarray(ImageOps.exif_transpose(sideways)).astype(int)
    assert picture.pixels.shape[:2] == expected.shape[:2]
    assert np.abs(picture.pixels[..., :3] - expected).mean() < 5
    write(tmp_path / "b.jxl", picture)
    np.testing.assert_array_equal(read(tmp_path / "b.jxl").pixels, picture.pixels)


def refused(path, data, words):
    path.write_bytes(data)
    with pytest.raises(FileError, match=words) as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_box_that_claims_too_much_is_refused(tmp_path, stream):
    # pyjpegxl would end the program over these two
    for kind in (b"brob" + b"Exif", b"Exif"):
        claim = struct.pack(">I", 0x7FFFFFFF) + kind
        refused(tmp_path / "a.jxl", file_of(box(b"jxlc", stream)) + claim + bytes(4) + BLOCK, "damaged")
    refused(tmp_path / "c.jxl", file_of(), "damaged")


@pytest.mark.parametrize("packed", [b"\xff" * 9, brotli.compress(BLOCK)[:-3], b""])
def test_a_box_that_cannot_be_unpacked_is_left_out(tmp_path, stream, packed):
    boxes = box(b"brob", b"Exif" + packed), box(b"brob", b"xml " + brotli.compress(PACKET))
    (tmp_path / "a.jxl").write_bytes(file_of(box(b"jxlc", stream), *boxes))
    (tmp_path / "b.jxl").write_bytes(stream)
    picture = read(tmp_path / "a.jxl")
    np.testing.assert_array_equal(picture.pixels, read(tmp_path / "b.jxl").pixels)
    assert picture.notes == ("Its EXIF is damaged and was left out",)
    assert (picture.metadata.exif, picture.metadata.xmp) == (None, PACKET)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("quality", [None, 80])
def test_the_header_is_followed(channels, dtype, quality):
    pixels = np.zeros((300, 70, channels), dtype)
    parts = jxl_container.unpacked(jxl.encode(pixels, Metadata(), quality))
    assert jxl_header.read(parts.codestream) == jxl_header.Header(extra=channels in (2, 4), icc=0)
    for length in range(2, 6):
        with pytest.raises(ValueError, match="cut off"):
            jxl_header.read(parts.codestream[:length])


def test_the_header_says_how_large_the_profile_is():
    """A profile is transformed before it is packed, which changes its length little."""
    data = (SAMPLES / "adobe_rgb.jxl").read_bytes()
    size = len(profiles.profile(profiles.ADOBE_RGB))
    assert abs(jxl_header.read(jxl_container.unpacked(data).codestream).icc - size) < size / 3


def test_a_pixel_bomb_is_refused_with_the_limit(tmp_path, stream):
    # The size (ISO/IEC 18181-1): not small, then height - 1, ratio 0, width - 1, each after two bits that
    # say how many bits it has.
    bits = int.from_bytes(stream[2:], "little")
    assert (bits & 0xFFF, bits >> 12 & 0x3FFF) == ((10 - 1) << 3, (14 - 1) << 5)
    size = 2 << 1 | (16_000 - 1) << 3 | 2 << 24 | (20_000 - 1) << 26
    bits = bits >> 26 << 44 | size
    refused(
        tmp_path / "a.jxl", stream[:2] + bits.to_bytes(len(stream) + 3, "little"), "limit of 300 megapixels"
    )


def test_a_missing_package_is_named(tmp_path, stream, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyjpegxl", None)
    refused(tmp_path / "a.jxl", stream, "pip install pyjpegxl")
    with pytest.raises(FileError, match=r"pip install pyjpegxl\. Nothing was changed\.$"):
        write(tmp_path / "b.jxl", Raster(np.zeros((4, 4, 4), np.uint8), False, False, Metadata()))
    assert [path.name for path in tmp_path.iterdir()] == ["a.jxl"]

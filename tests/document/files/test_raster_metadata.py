"""Orientation is applied once, thumbnails go, maker notes stay, crooked blocks do no harm."""

import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from raster_sources import THUMBNAIL, exif_block, ifd_values

from editor.document.files import exif, xmp
from editor.document.files.metadata import Metadata
from editor.document.files.raster import Raster, read, write

XMP = b'<rdf:Description tiff:Orientation="%d"><xmp:Thumbnails>AAAA</xmp:Thumbnails></rdf:Description>'


@pytest.fixture(scope="module")
def scene():
    """48 x 32, its four corners of four different colours in flat blocks, so that JPEG keeps them."""
    pixels = np.zeros((32, 48, 3), np.uint8)
    pixels[:16, :24], pixels[:16, 24:], pixels[16:, :24] = (250, 0, 0), (0, 250, 0), (0, 0, 250)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_orientation_is_applied_once(tmp_path, scene, suffix, orientation):
    block = scene.getexif()
    block[274] = orientation
    scene.save(tmp_path / f"a{suffix}", exif=block.tobytes(), quality=95)
    with Image.open(tmp_path / f"a{suffix}") as image:
        # Pillow turns a TIFF while loading it
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB")).astype(int)
    first = read(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(first.pixels[..., :3], expected)
    write(tmp_path / f"b{suffix}", first)
    second = read(tmp_path / f"b{suffix}")
    assert second.pixels.shape == first.pixels.shape
    # lossy formats smear the borders between the corners
    assert np.abs(second.pixels.astype(int) - first.pixels).mean() < 5
    with Image.open(tmp_path / f"b{suffix}") as image:
        assert image.getexif().get(274, 1) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_16_bit_files_is_applied_once(tmp_path, scene, orientation):
    import tifffile

    deep = np.asarray(scene).astype(np.uint16) * 257
    tifffile.imwrite(
        tmp_path / "a.tif", deep, photometric="rgb", extratags=[(274, "H", 1, orientation, True)]
    )
    oriented = scene.copy()
    oriented.getexif()[274] = orientation
    expected = np.asarray(ImageOps.exif_transpose(oriented)).astype(np.uint16) * 257
    first = read(tmp_path / "a.tif")
    np.testing.assert_array_equal(first.pixels[..., :3], expected)

    sideways = np.dstack([deep, np.full((32, 48), 65535, np.uint16)])
    block = exif_block(orientation=orientation)
    write(tmp_path / "a.png", Raster(sideways, False, True, Metadata(exif=block)))
    from_png = read(tmp_path / "a.png")
    np.testing.assert_array_equal(from_png.pixels[..., :3], expected)
    for suffix in (".png", ".tif"):
        write(tmp_path / f"b{suffix}", from_png)
        np.testing.assert_array_equal(read(tmp_path / f"b{suffix}").pixels, from_png.pixels)


def test_orientation_in_xmp_alone_is_applied_and_reset(tmp_path, scene):
    scene.save(tmp_path / "a.jpg", xmp=XMP % 6)
    picture = read(tmp_path / "a.jpg")
    assert picture.pixels.shape[:2] == (48, 32)
    assert picture.metadata.xmp == b'<rdf:Description tiff:Orientation="1"></rdf:Description>'
    scene.save(tmp_path / "b.jpg", xmp=XMP % 6, exif=b"Exif\0\0" + exif_block(orientation=1))
    assert read(tmp_path / "b.jpg").pixels.shape[:2] == (32, 48)


@pytest.mark.parametrize("packet", [b'tiff:Orientation="8"', b"<tiff:Orientation>8</tiff:Orientation>"])
def test_xmp_orientation_is_found_in_both_notations(packet):
    assert xmp.clean(packet) == (packet.replace(b"8", b"1"), 8)
    assert xmp.clean(b"nothing here") == (b"nothing here", None)


@pytest.mark.parametrize("order", ["<", ">"])
def test_cleaning_changes_only_orientation_and_thumbnail(order):
    block = exif_block(order, orientation=6, thumbnail=True)
    cleaned, orientation = exif.clean(block)
    assert orientation == 6
    assert len(cleaned) == len(block)
    assert THUMBNAIL not in cleaned
    assert b"removed object" not in cleaned
    assert ifd_values(cleaned) == ifd_values(block)
    upright = exif_block(order, orientation=1, thumbnail=True)
    changed = [i for i, (a, b) in enumerate(zip(cleaned, upright, strict=True)) if a != b]
    link = 8 + 2 + 12 * 4
    assert set(changed) <= {*range(link, link + 4), *range(len(block) - len(THUMBNAIL), len(block))}


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif", ".jxl"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_no_thumbnail_in_a_saved_file_but_the_maker_note(tmp_path, scene, order, suffix):
    scene.save(tmp_path / "a.jpg", exif=b"Exif\0\0" + exif_block(order, orientation=3, thumbnail=True))
    write(tmp_path / f"b{suffix}", read(tmp_path / "a.jpg"))
    data = (tmp_path / f"b{suffix}").read_bytes()
    assert b"removed object" not in data
    assert b"MAKERNOTE\0\x01\x02\xff\xfe" in data


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_crooked_exif_block_is_no_obstacle(tmp_path, scene, data):
    block = bytearray(exif_block(orientation=6, thumbnail=True))
    for _ in range(data.draw(st.integers(1, 12))):
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    block = bytes(block[: data.draw(st.integers(0, len(block)))])
    scene.save(tmp_path / "a.jpg", exif=b"Exif\0\0" + block)
    picture = read(tmp_path / "a.jpg")
    assert picture.pixels.size == 48 * 32 * 4
    slower = data.draw(st.sampled_from([".avif", ".jxl"]))
    for suffix in (".jpg", ".png", ".tif", ".webp", slower):
        write(tmp_path / f"b{suffix}", picture)
        assert read(tmp_path / f"b{suffix}").pixels.shape == picture.pixels.shape


@given(block=st.binary(max_size=200))
def test_any_bytes_can_be_cleaned(block):
    for start in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        cleaned, orientation = exif.clean(start + block)
        assert cleaned is None or len(cleaned) == len(start + block)
        assert orientation is None or 1 <= orientation <= 8


def test_a_directory_that_points_to_itself_ends():
    block = bytearray(exif_block(orientation=6))
    struct.pack_into("<I", block, 8 + 2 + 12 * 4, 8)
    cleaned, orientation = exif.clean(bytes(block))
    assert orientation == 6
    assert ifd_values(cleaned) == ifd_values(exif_block(orientation=1))


def test_exif_of_a_tiff_is_carried_to_other_formats(tmp_path, scene):
    picture = Raster(np.full((4, 5, 4), 255, np.uint8), False, False, Metadata(exif=exif_block(">")))
    write(tmp_path / "a.tif", picture)
    write(tmp_path / "b.jpg", read(tmp_path / "a.tif"))
    assert ifd_values(read(tmp_path / "b.jpg").metadata.exif) == ifd_values(exif_block(">"))


def test_exif_that_imagemagick_hides_in_text_is_found(tmp_path, scene):
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    block = b"Exif\0\0" + exif_block(orientation=6)
    text.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n")
    scene.save(tmp_path / "a.png", pnginfo=text)
    assert read(tmp_path / "a.png").pixels.shape[:2] == (48, 32)


def test_exif_after_the_pixels_of_a_16_bit_png_is_found(tmp_path):
    picture = Raster(np.full((4, 5, 4), 65535, np.uint16), False, False, Metadata(exif=exif_block()))
    write(tmp_path / "a.png", picture)
    data = (tmp_path / "a.png").read_bytes()
    at = data.index(b"eXIf") - 4
    end = at + 12 + int.from_bytes(data[at : at + 4], "big")
    (tmp_path / "b.png").write_bytes(data[:at] + data[end:-12] + data[at:end] + data[-12:])
    assert read(tmp_path / "b.png").metadata.exif == picture.metadata.exif


def test_unusable_resolutions_are_dropped(tmp_path, scene):
    scene.save(tmp_path / "a.tif", dpi=(0, 0))
    picture = read(tmp_path / "a.tif")
    assert picture.metadata.dpi is None
    write(tmp_path / "b.tif", replace(picture, metadata=Metadata(dpi=(72.0, 72.0))))
    assert read(tmp_path / "b.tif").metadata.dpi == (72, 72)

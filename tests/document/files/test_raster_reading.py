"""Kinds of files and pixels that are out there, and files that cannot be opened."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from editor.document.files import raster as module
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.files.raster import READ_SUFFIXES, WRITE_SUFFIXES, Raster, read, write

RNG = np.random.default_rng(3)


def png(path, kind, depth, rows, extra=b""):
    """A PNG made by hand: ``rows`` are bytes of packed samples."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    per_pixel = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind] * depth
    width = len(rows[0]) * 8 // per_pixel
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    extra = b"".join(chunk(*item) for item in extra)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + extra + body + chunk(b"IEND", b""))
    return path


def refused(path, *words):
    with pytest.raises(FileError) as caught:
        read(path)
    line = str(caught.value)
    assert line.startswith(f"Cannot open {path.name}: ")
    assert "\n" not in line
    for word in words:
        assert word in line
    return line


def test_suffixes_name_what_is_read_and_written():
    assert set(WRITE_SUFFIXES) < set(READ_SUFFIXES)
    assert {".png", ".jpg", ".tif", ".webp", ".avif", ".jxl"} <= set(WRITE_SUFFIXES)
    assert {".heic", ".dng", ".nef"} <= set(READ_SUFFIXES)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".bmp"])
def test_every_mode_pillow_writes_is_read(tmp_path, suffix, mode):
    image = Image.radial_gradient("L").resize((40, 30))
    image = image.convert("RGB").convert(mode) if mode != "LAB" else Image.merge("LAB", [image] * 3)
    try:
        image.save(tmp_path / f"a{suffix}")
    except OSError:
        pytest.skip("no such file")
    picture = read(tmp_path / f"a{suffix}")
    assert picture.pixels.shape == (30, 40, 4)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.writeable
    with Image.open(tmp_path / f"a{suffix}") as saved:
        assert picture.has_alpha == (saved.mode in ("LA", "RGBA"))
        assert picture.grey == (saved.mode in ("1", "L", "LA"))
        if saved.mode not in ("LAB", "YCbCr"):  # which Pillow does not turn into RGBA in one step
            np.testing.assert_array_equal(picture.pixels, np.asarray(saved.convert("RGBA")))


def test_palette_transparency(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 0), 1)
    image.save(tmp_path / "a.png", transparency=bytes([255, 128]))
    picture = read(tmp_path / "a.png")
    assert picture.pixels.tolist() == [[[255, 0, 0, 255], [0, 255, 0, 128]]]
    assert picture.has_alpha
    assert not picture.grey


@pytest.mark.parametrize(
    ("depth", "row", "key", "expected"),
    [
        (1, [0b10100000], 1, [[255, 0], [0, 255]]),
        (2, [0b01110000], 1, [[85, 0], [255, 255]]),
        (4, [0x5F, 0x00], 5, [[85, 0], [255, 255]]),
        (8, [9, 7], 9, [[9, 0], [7, 255]]),
        (16, [1, 2, 1, 3], 0x0102, [[0x0102, 0], [0x0103, 65535]]),
    ],
)
def test_grey_key_transparency(tmp_path, depth, row, key, expected):
    path = png(tmp_path / "a.png", 0, depth, [bytes(row)], [(b"tRNS", struct.pack(">H", key))])
    picture = read(path)
    assert picture.grey
    assert picture.has_alpha
    assert picture.pixels[0, :2, [0, 3]].T.tolist() == expected


@pytest.mark.parametrize("depth", [8, 16])
def test_colour_key_transparency(tmp_path, depth):
    pixels = RNG.integers(0, 2**depth, (1, 5, 3))
    key = struct.pack(">3H", *pixels[0, 2])
    path = png(tmp_path / "a.png", 2, depth, [pixels.astype(f">u{depth // 8}").tobytes()], [(b"tRNS", key)])
    picture = read(path)
    np.testing.assert_array_equal(picture.pixels[..., :3], pixels)
    assert (picture.pixels[0, :, 3] == 0).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(("kind", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_all_sixteen_bits_of_a_png_are_read(tmp_path, kind, channels):
    pixels = RNG.integers(0, 65536, (6, 5, channels), np.uint16)
    path = png(tmp_path / "a.png", kind, 16, [row.astype(">u2").tobytes() for row in pixels])
    picture = read(path)
    colours = channels - (channels in (2, 4))
    np.testing.assert_array_equal(picture.pixels[..., :colours], pixels[..., :colours])
    np.testing.assert_array_equal(picture.pixels[..., 3], pixels[..., -1] if channels in (2, 4) else 65535)
    assert picture.grey == (channels < 3)
    assert picture.has_alpha == (channels in (2, 4))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize(
    ("photometric", "shape", "options"),
    [
        ("minisblack", (20, 30), {}),
        ("minisblack", (20, 30, 2), {"extrasamples": ["unassalpha"], "planarconfig": "contig"}),
        ("rgb", (20, 30, 3), {}),
        ("rgb", (3, 20, 30), {"planarconfig": "separate"}),
        ("rgb", (20, 30, 4), {"extrasamples": ["unassalpha"]}),
        ("rgb", (20, 30, 4), {"extrasamples": ["unspecified"]}),
        ("rgb", (20, 30, 5), {"extrasamples": ["unassalpha", "unspecified"]}),
        ("rgb", (20, 30, 3), {"tile": (16, 16)}),
    ],
)
def test_all_sixteen_bits_of_a_tiff_are_read(tmp_path, order, big, compression, photometric, shape, options):
    samples = RNG.integers(0, 65536, shape, np.uint16)
    tifffile.imwrite(
        tmp_path / "a.tif",
        samples,
        photometric=photometric,
        byteorder=order,
        bigtiff=big,
        compression=compression,
        metadata=None,
        **options,
    )
    picture = read(tmp_path / "a.tif")
    if options.get("planarconfig") == "separate":
        samples = np.moveaxis(samples, 0, 2)
    samples = samples.reshape(20, 30, -1)
    colours = 3 if photometric == "rgb" else 1
    np.testing.assert_array_equal(picture.pixels[..., :colours], samples[..., :colours])
    assert picture.has_alpha == (options.get("extrasamples", [""])[0] == "unassalpha")
    alpha = samples[..., colours] if picture.has_alpha else 65535
    np.testing.assert_array_equal(picture.pixels[..., 3], alpha)
    assert picture.grey == (colours == 1)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_lzw_in_a_16_bit_tiff(tmp_path, channels):
    import cv2

    samples = RNG.integers(0, 65536, (20, 30, channels), np.uint16)
    stored = samples[..., [2, 1, 0, 3][:channels]] if channels > 1 else samples
    assert cv2.imwrite(str(tmp_path / "a.tif"), stored, [cv2.IMWRITE_TIFF_COMPRESSION, 5])
    np.testing.assert_array_equal(read(tmp_path / "a.tif").pixels[..., : min(channels, 3)], samples[..., :3])
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        assert file.pages[0].compression == 5
    whole = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "b.tif").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "b.tif", "damaged")


def test_orientation_and_associated_alpha_of_an_lzw_tiff(tmp_path):
    import cv2

    alpha = RNG.integers(1, 65536, (20, 30, 1), np.uint16)
    samples = np.concatenate([np.full((20, 30, 3), alpha // 2, np.uint16), alpha], axis=2)
    assert cv2.imwrite(str(tmp_path / "a.tif"), samples, [cv2.IMWRITE_TIFF_COMPRESSION, 5])
    data = bytearray((tmp_path / "a.tif").read_bytes())
    first = struct.unpack_from("<I", data, 4)[0] + 2
    # Two tags whose defaults will do make room: planar configuration, sample format.
    for at in range(first, len(data) - 12, 12):
        tag = struct.unpack_from("<H", data, at)[0]
        if tag in (284, 339):
            entry = {284: (274, 3, 1, 6, 0), 339: (338, 3, 1, 1, 0)}[tag]
            struct.pack_into("<HHIHH", data, at, *entry)
        if tag == 339:
            break
    (tmp_path / "b.tif").write_bytes(data)
    picture = read(tmp_path / "b.tif")
    back = np.rot90(picture.pixels)
    np.testing.assert_array_equal(back[..., 3:], alpha)
    expected = np.round(samples[..., :3] * 65535.0 / alpha)
    assert np.abs(back[..., :3] - expected).max() <= 1


def test_white_is_zero_and_associated_alpha(tmp_path):
    samples = RNG.integers(0, 65536, (20, 30), np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="miniswhite")
    np.testing.assert_array_equal(read(tmp_path / "a.tif").pixels[..., 0], 65535 - samples)
    premultiplied = np.array([[[100, 200, 300, 600], [0, 0, 0, 0], [9, 9, 9, 65535]]], np.uint16)
    tifffile.imwrite(tmp_path / "b.tif", premultiplied, photometric="rgb", extrasamples=["assocalpha"])
    straight = [[10923, 21845, 32768, 600], [0, 0, 0, 0], [9, 9, 9, 65535]]
    assert np.abs(read(tmp_path / "b.tif").pixels[0].astype(int) - straight).max() <= 1


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int16, np.uint32])
@pytest.mark.parametrize("channels", [1, 3])
def test_unusual_values_in_a_tiff_are_refused_in_words(tmp_path, dtype, channels):
    shape = (20, 30, 3) if channels == 3 else (20, 30)
    photometric = "rgb" if channels == 3 else "minisblack"
    tifffile.imwrite(tmp_path / "a.tif", np.zeros(shape, dtype), photometric=photometric)
    refused(tmp_path / "a.tif", "8 or 16 bits")


def test_the_first_page_and_the_first_frame_are_read(tmp_path):
    red, blue = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    for suffix in (".tif", ".png", ".webp"):
        red.save(tmp_path / f"a{suffix}", save_all=True, append_images=[blue])
        assert read(tmp_path / f"a{suffix}").pixels[0, 0].tolist()[0] > 250
    red.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[blue])
    picture = read(tmp_path / "a.jpg")
    assert picture.metadata.format == "JPEG"
    assert picture.metadata.jpeg is not None


def test_cmyk_loses_its_profile(tmp_path):
    image = Image.new("CMYK", (8, 8), (0, 0, 0, 255))
    image.save(tmp_path / "a.jpg", icc_profile=bytes(16) + b"CMYK" + bytes(200))
    picture = read(tmp_path / "a.jpg")
    assert picture.pixels[..., :3].max() < 10
    assert picture.metadata.icc is None


def source(tmp_path, suffix, deep=False):
    pixels = RNG.integers(0, 65536 if deep else 256, (90, 120, 4), np.uint16 if deep else np.uint8)
    write(tmp_path / f"whole{suffix}", Raster(pixels, False, False, Metadata()))
    return (tmp_path / f"whole{suffix}").read_bytes()


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".bmp", ".avif", ".jxl"])
def test_a_cut_off_file_is_refused(tmp_path, suffix, deep):
    if suffix == ".bmp":
        Image.effect_noise((120, 90), 50).convert("RGB").save(tmp_path / "whole.bmp")
        whole = (tmp_path / "whole.bmp").read_bytes()
    else:
        whole = source(tmp_path, suffix, deep)
    for size in (1, 4, 12, 30, 60, 200, len(whole) // 2, int(len(whole) * 0.95)):
        (tmp_path / f"a{suffix}").write_bytes(whole[:size])
        refused(tmp_path / f"a{suffix}", "damaged")


def test_the_words_for_a_cut_off_photo(tmp_path):
    (tmp_path / "a.jpg").write_bytes(source(tmp_path, ".jpg")[:-3000])
    assert "is damaged or cut off" in refused(tmp_path / "a.jpg")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif", ".jxl"])
@pytest.mark.parametrize("deep", [False, True])
def test_flipped_bytes_give_a_picture_or_one_line(tmp_path, suffix, deep):
    whole = source(tmp_path, suffix, deep)
    places = [*range(64), *RNG.integers(0, len(whole), 60), *range(len(whole) - 120, len(whole))]
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= int(RNG.integers(1, 256))
        (tmp_path / f"a{suffix}").write_bytes(broken)
        try:
            assert read(tmp_path / f"a{suffix}").pixels.ndim == 3
        except FileError as error:
            assert "\n" not in str(error)


def test_no_file_folder_empty_pipe_text(tmp_path):
    refused(tmp_path / "none.jpg", "does not exist")
    refused(tmp_path, "folder")
    (tmp_path / "empty.png").write_bytes(b"")
    refused(tmp_path / "empty.png", "empty")
    (tmp_path / "text.jpg").write_text("hello")
    refused(tmp_path / "text.jpg", "not a PNG")
    refused(tmp_path / ("x" * 300 + ".png"), "disk reported")
    os.mkfifo(tmp_path / "pipe.png")
    refused(tmp_path / "pipe.png", "pipe")


@pytest.mark.parametrize("depth", [8, 16])
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path, depth):
    for side in (20_000, 60_000):
        path = png(tmp_path / "a.png", 0, depth, [bytes(4)])
        data = bytearray(path.read_bytes())
        data[16:24] = struct.pack(">II", side, side)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
        path.write_bytes(data)
        refused(path, "limit of 300 megapixels")


def test_a_tiff_bomb_is_refused(tmp_path):
    for dtype in (np.uint8, np.uint16):
        tifffile.imwrite(tmp_path / "a.tif", np.zeros((4, 4), dtype))
        with tifffile.TiffFile(tmp_path / "a.tif", mode="r+b") as file:
            file.pages[0].tags[256].overwrite(40_000)
            file.pages[0].tags[257].overwrite(40_000)
        refused(tmp_path / "a.tif", "limit of 300 megapixels")


def test_a_large_photo_opens_without_a_warning(tmp_path):
    Image.new("L", (10_000, 9_500)).save(tmp_path / "a.png")
    assert read(tmp_path / "a.png").pixels.shape == (9_500, 10_000, 4)


def test_too_little_memory_is_said(tmp_path, monkeypatch):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg")

    def full(*_):
        raise MemoryError

    monkeypatch.setattr(module.jpeg, "load_rgb", full)
    refused(tmp_path / "a.jpg", "memory")


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_eight_bits_need_neither_opencv_nor_tifffile(tmp_path, suffix):
    Image.new("RGB", (8, 8)).save(tmp_path / f"a{suffix}")
    code = (
        "import sys; from editor.document.files.raster import read, write\n"
        f"write({str(tmp_path / f'b{suffix}')!r}, read({str(tmp_path / f'a{suffix}')!r}))\n"
        "heavy = 'cv2 tifffile PySide6 pi_heif pyjpegxl rawpy brotli PIL.AvifImagePlugin'.split()\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=root, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr

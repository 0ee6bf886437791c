"""Files made to burst are refused with the limit named, or opened without the part that is too large."""

import struct
import time

import numpy as np
import pytest
from PIL import Image
from raster_sources import THUMBNAIL, exif_block

from editor.document import storage
from editor.document.files import exif, ora, tiff, xmp
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.files.raster import Raster, read, write
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage
from tests.fuzz import forging, fuzz_bombs
from tests.fuzz.bombs_boxes import Item, hevc, mime, pictures
from tests.fuzz.bombs_flat import VALUES, png_file, png_packet, saved
from tests.fuzz.forging import BLOCK, ICC, LIMIT


@pytest.mark.timeout(300)
@pytest.mark.parametrize("suffix", fuzz_bombs.FORMATS)
def test_bombs_do_not_burst(tmp_path, suffix):
    """Each in a process with 2 GiB; ``tests/fuzz/fuzz_bombs.py`` does the same, and the slow ones too."""
    bombs = [bomb for bomb in fuzz_bombs.MAKERS[suffix]() if not bomb.slow]
    assert {bomb.outcome for bomb in bombs} & {"refused", "noted"}
    results = zip(bombs, fuzz_bombs.run(bombs, suffix, tmp_path), strict=True)
    assert {bomb.name: fault for bomb, result in results if (fault := fuzz_bombs.wrong(bomb, result))} == {}


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_large_profile_and_packet_survive_a_png(tmp_path, dtype):
    """Both were damage to Pillow, which takes a million bytes for the most there can be."""
    icc = ICC + np.random.default_rng(5).bytes(3 << 20)
    packet = b"<x>" + b"0123456789" * 300_000 + b"</x>"
    picture = Raster(np.full((4, 5, 4), 7, dtype), False, True, Metadata(icc=icc, xmp=packet))
    write(tmp_path / "a.png", picture)
    back = read(tmp_path / "a.png")
    assert (back.metadata.icc, back.metadata.xmp, back.notes) == (icc, packet, ())
    np.testing.assert_array_equal(back.pixels, picture.pixels)


def test_exif_in_several_segments_of_a_jpeg_is_joined(tmp_path):
    block = exif_block("<", note=bytes(range(256)) * 1000)
    parts = [b"Exif\0\0" + block[at : at + 60_000] for at in range(0, len(block), 60_000)]
    data = saved("JPEG")
    segments = [struct.pack(">HH", 0xFFE1, len(part) + 2) + part for part in parts]
    other = struct.pack(">HH", 0xFFE4, 5) + b"abc"
    fill = b"\xff" * 3  # which may stand before a marker
    (tmp_path / "a.jpg").write_bytes(data[:20] + fill + other.join(segments) + data[20:])
    (tmp_path / "b.jpg").write_bytes(data)
    picture = read(tmp_path / "a.jpg")
    assert len(parts) == 5
    assert (picture.metadata.exif, picture.notes) == (block, ())
    np.testing.assert_array_equal(picture.pixels, read(tmp_path / "b.jpg").pixels)


@pytest.mark.parametrize("prefix", [b"xmp", b"xap"])
def test_thumbnails_in_xmp_go_and_the_rest_stays(prefix):
    other = b"xap" if prefix == b"xmp" else b"xmp"
    thumbnails = b"<%s:Thumbnails a='1'>\n<%s:Thumbnails> <%s:Thumbnails/></%s:Thumbnails >" % (
        *(prefix, prefix, other),
        prefix,
    )
    text = b"<x><%s:ThumbnailsNot/>%s</x>"
    left = b"<%s:Thumbnails> and no end" % other
    assert xmp.clean(text % (prefix, thumbnails + b"1" + thumbnails) + left) == (
        text % (prefix, b"1") + left,
        None,
    )


def test_a_packet_is_searched_once():
    for part in (
        b"<xmp:Thumbnails ",
        b"<xap:Thumbnails></xmp:Thumbnails",
        b"tiff:Orientation = ",
        b"tiff:Orientation>",
    ):
        packet = part * (4_000_000 // len(part))
        started = time.process_time()
        assert xmp.clean(packet) == (packet, None)
        assert time.process_time() - started < 5


def test_a_thumbnail_in_many_strips_is_blanked_once():
    """Two strips of the thumbnail, then sixty thousand that all are the whole block."""
    block = bytearray(exif_block("<", orientation=6, thumbnail=True))
    main = len(block)
    at = block.index(THUMBNAIL)
    count = 60_000
    starts = struct.pack("<II", at, at + 9) + struct.pack("<I", main) * count
    lengths = struct.pack("<II", 9, len(THUMBNAIL) - 9) + struct.pack("<I", 0xFFFFFFFF) * count
    entries = struct.pack("<HHHII", 2, 273, 4, count + 2, main + 30)
    entries += struct.pack("<HHII", 279, 4, count + 2, main + 30 + len(starts)) + bytes(4)
    struct.pack_into("<I", block, 8 + 2 + 12 * 4, main)
    started = time.process_time()
    cleaned, orientation = exif.clean(bytes(block) + entries + starts + lengths)
    assert time.process_time() - started < 5
    assert orientation == 6
    assert b"removed object" not in cleaned
    assert b"MAKERNOTE" in cleaned


def test_a_tiff_whose_exif_cannot_be_followed_says_so(tmp_path):
    data = bytearray(tiff.encode(VALUES, Metadata(exif=exif_block("<"))))
    at = data.index(struct.pack("<HHI", 34665, 4, 1), struct.unpack_from("<I", data, 4)[0])
    struct.pack_into("<I", data, at + 8, 0x7FFFFFFF)
    (tmp_path / "a.tif").write_bytes(data)
    document = storage.open_document(tmp_path / "a.tif")
    assert document.notes == ("Its EXIF is damaged and was left out",)
    assert b"Maker" in document.metadata.exif
    np.testing.assert_array_equal(document.layers[0].image.read(document.rect)[..., :3], VALUES)


def test_of_heif_pictures_the_first_opens_with_what_describes_it(tmp_path):
    items = Item(b"Exif", bytes(4) + BLOCK), mime(b"<x/>")
    (tmp_path / "a.heic").write_bytes(pictures(hevc(), items, profile=ICC, copies=5))
    picture = read(tmp_path / "a.heic")
    assert picture.pixels.shape == (2048, 2048, 4)
    assert (picture.metadata.exif, picture.metadata.xmp, picture.metadata.icc) == (BLOCK, b"<x/>", ICC)
    packed = mime(b"<x/>", b"deflate")
    (tmp_path / "b.heic").write_bytes(pictures(hevc(), (items[0], packed), profile=ICC, copies=5))
    without = read(tmp_path / "b.heic")
    assert (without.metadata.exif, without.metadata.xmp, without.metadata.icc) == (BLOCK, None, ICC)
    np.testing.assert_array_equal(without.pixels, picture.pixels)


def test_what_is_left_out_of_a_file_is_left_out_of_its_copies_and_not_told_again(tmp_path):
    (tmp_path / "a.png").write_bytes(png_file(8, before=png_packet(LIMIT + 100)))
    document = storage.open_document(tmp_path / "a.png")
    assert len(document.notes) == 1
    for suffix in (".ora", ".psd", ".tif"):
        storage.save(document, tmp_path / f"b{suffix}")
        again = storage.open_document(tmp_path / f"b{suffix}")
        assert again.notes == ()
        assert again.composite(again.rect).tobytes() == document.composite(document.rect).tobytes()


def test_what_we_write_is_no_bomb_to_us(tmp_path, monkeypatch):
    """Many small layers take far more memory than pixels."""
    monkeypatch.setattr("editor.document.files.ora.MAX_DECODED", 1 << 20)
    monkeypatch.setattr("editor.document.files.ora_archive.MAX_DECODED", 1 << 20)
    dots = [TiledImage.from_array(np.full((1, 1, 4), 9, np.uint8), at, at) for at in range(60)]
    document = Document(64, 64, np.uint8, [PixelLayer(f"{at}", dot) for at, dot in enumerate(dots)])
    ora.write(document, tmp_path / "a.ora")
    back = ora.read(tmp_path / "a.ora")
    assert back.composite(back.rect).tobytes() == document.composite(document.rect).tobytes()


def test_too_little_memory_for_opencv_is_said(tmp_path, monkeypatch):
    import cv2

    write(tmp_path / "a.png", Raster(np.full((4, 5, 4), 7, np.uint16), False, True, Metadata()))

    def full(*_):
        error = cv2.error("no room")
        error.code = cv2.Error.StsNoMem
        raise error

    monkeypatch.setattr(cv2, "imdecode", full)
    with pytest.raises(FileError, match="not enough memory for its size"):
        read(tmp_path / "a.png")


def test_an_exif_block_is_left_out_where_its_values_lie_on_each_other(tmp_path):
    file = Image.fromarray(VALUES)
    file.save(tmp_path / "a.webp", exif=forging.exif(4000, 100_000), lossless=True)
    picture = read(tmp_path / "a.webp")
    assert picture.notes == (
        "Its EXIF was left out: it claims to hold 399,968,000 bytes where it has 100,000",
    )
    np.testing.assert_array_equal(picture.pixels[..., :3], VALUES)

"""An export is flat, of the size, colours and metadata that were chosen; the document stays as it is."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor.document import export, resample
from editor.document.export import Choices
from editor.document.files import profiles, raster
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata

EXIF = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0"  # orientation 1 and nothing else


def written(tmp_path, document, choices: Choices) -> raster.Raster:
    path = tmp_path / f"out{choices.target.suffix}"
    assert export.write(path, export.picture(document, choices), choices) == path.stat().st_size > 0
    return raster.read(path)


@pytest.mark.parametrize("kind", export.FORMATS)
def test_every_format_is_written_and_is_the_picture(tmp_path, make_document, kind):
    pixels = np.full((40, 60, 4), 255, np.uint8)
    pixels[..., 0] = np.linspace(0, 255, 60)
    document = make_document(pixels=pixels)
    read = written(
        tmp_path, document, Choices(format=kind, qualities={"jpeg": 100, "webp": 100, "avif": 100})
    )
    assert read.pixels.shape == (40, 60, 4)
    assert np.abs(read.pixels[..., :3].astype(int) - pixels[..., :3]).max() <= (3 if kind == "jpeg" else 0)


def test_what_shows_of_all_layers_is_exported_and_nothing_changes(make_document, whole):
    document = make_document(30, 20, alpha=True)
    before, entries = whole(document), list(document.history.entries)
    picture = export.picture(document.snapshot(), Choices(format="png"))
    assert np.array_equal(picture.pixels, document.composite(document.rect))
    assert picture.has_alpha
    assert whole(document) == before
    assert document.history.entries == entries


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (Choices(), (1200, 801)),
        (Choices(resize="longest", side=600), (600, 400)),
        (Choices(resize="longest", side=9000), (1200, 801)),
        (Choices(resize="percent", percent=50), (600, 400)),
        (Choices(resize="percent", percent=1), (12, 8)),
        (Choices(resize="percent", side=10, percent=100), (1200, 801)),
    ],
)
def test_the_size(choices, expected):
    assert export.size(1200, 801, choices) == expected
    assert export.size(801, 1200, choices) == expected[::-1]


def test_no_side_is_ever_nothing():
    assert export.size(5000, 3, Choices(resize="longest", side=100)) == (100, 1)


def test_it_is_resampled_as_everywhere_else(make_document):
    document = make_document(80, 60)
    picture = export.picture(document, Choices(resize="percent", percent=50))
    assert np.array_equal(picture.pixels, resample.resize(document.composite(document.rect), 40, 30))


@pytest.mark.parametrize("bits", [8, 16])
def test_colours_are_converted_to_srgb_and_named_so(make_document, bits):
    pixels = np.full((20, 20, 4), (180, 90, 60, 255), np.uint8)
    document = make_document(pixels=pixels if bits == 8 else pixels.astype(np.uint16) * 257)
    p3 = profiles.profile(profiles.DISPLAY_P3)
    document.metadata = Metadata(icc=p3)
    assert export.needs_srgb(document)
    picture = export.picture(document, Choices(deep=True, format="png"))
    expected = ImageCms.profileToProfile(
        Image.fromarray(pixels[..., :3].copy()), io.BytesIO(p3), ImageCms.createProfile("sRGB")
    )
    got = picture.pixels[..., :3] / (257 if bits == 16 else 1)
    assert np.abs(got - np.asarray(expected)).max() <= 1
    assert profiles.is_srgb(picture.metadata.icc)
    kept = export.picture(document, Choices(srgb=False))
    assert kept.metadata.icc == p3
    assert np.array_equal(kept.pixels, pixels)


def test_srgb_and_no_profile_need_no_conversion(make_document):
    document = make_document()
    assert not export.needs_srgb(document)
    document.metadata = Metadata(icc=profiles.profile(profiles.SRGB))
    assert not export.needs_srgb(document)
    assert export.picture(document, Choices()).metadata.icc == document.metadata.icc


def test_metadata_is_kept_or_stripped(tmp_path, make_document):
    document = make_document()
    document.metadata = Metadata(exif=EXIF, xmp=b"<x:xmpmeta/>", dpi=(300.0, 300.0))
    kept = written(tmp_path, document, Choices(format="png")).metadata
    assert (kept.exif, kept.xmp) == (EXIF, b"<x:xmpmeta/>")
    stripped = written(tmp_path, document, Choices(format="png", metadata=False)).metadata
    assert (stripped.exif, stripped.xmp) == (None, None)
    assert stripped.dpi == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize(
    ("kind", "deep", "dtype"),
    [("png", True, np.uint16), ("png", False, np.uint8), ("jpeg", True, np.uint8), ("tiff", True, np.uint16)],
)
def test_16_bits_only_where_asked_for_and_possible(tmp_path, make_document, kind, deep, dtype):
    document = make_document(bits=16)
    assert written(tmp_path, document, Choices(format=kind, deep=deep)).pixels.dtype == dtype


def test_grey_stays_grey(tmp_path, make_document):
    document = make_document(grey=True)
    assert written(tmp_path, document, Choices(format="png")).grey


def test_quality_makes_files_smaller(tmp_path, make_document):
    document = make_document(64, 64)
    sizes = []
    for quality in (100, 60, 10):
        choices = Choices(qualities={"jpeg": quality})
        sizes.append(export.write(tmp_path / "a.jpg", export.picture(document, choices), choices))
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 2 * sizes[2]


def test_choices_that_differ_only_in_how_to_encode_make_the_same_picture():
    base = Choices(deep=True)
    assert base.picture_key == Choices(qualities={"jpeg": 3}).picture_key
    assert base.picture_key != Choices(deep=True, format="png").picture_key
    assert base.picture_key != Choices(srgb=False).picture_key
    assert base.picture_key != Choices(resize="percent").picture_key


def test_kept_choices_come_back():
    chosen = Choices(
        "webp", {"jpeg": 50, "webp": 60, "avif": 70, "jxl": 80}, "longest", 800, 30, False, False, True
    )
    assert Choices.from_values(chosen.values) == chosen


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"format": "bmp", "resize": 3, "side": 5, "percent": 0, "srgb": 1, "metadata": None, "deep": "yes"},
        {"format": ["jpeg"], "qualities": [90], "side": True, "percent": 50.5},
        {"qualities": {"jpeg": 0, "webp": 101, "avif": "9", "jxl": True, "png": 50}, "more": 1},
    ],
)
def test_kept_choices_that_make_no_sense_are_the_defaults(values):
    assert Choices.from_values(values) == Choices()


def test_a_missing_package_is_told_of_the_format(monkeypatch):
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    assert [each.id for each in export.FORMATS.values() if not each.is_there] == ["jxl"]


def test_what_cannot_be_written_is_refused_in_one_line(tmp_path, make_document):
    document = make_document()
    document.metadata = Metadata(icc=profiles.profile(profiles.ADOBE_RGB))
    choices = Choices(format="jxl", srgb=False)
    with pytest.raises(FileError, match="sRGB"):
        export.write(tmp_path / "a.jxl", export.picture(document, choices), choices)
    assert list(tmp_path.iterdir()) == []

"""What is written comes back: pixels, channels, depth, profile, EXIF, XMP and resolution."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageCms
from raster_sources import exif_block, ifd_values

from editor.document.files.metadata import Metadata
from editor.document.files.profiles import is_srgb
from editor.document.files.raster import Raster, read, write

RGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY_PROFILE = RGB_PROFILE[:16] + b"GRAY" + RGB_PROFILE[20:]
CMYK_PROFILE = RGB_PROFILE[:16] + b"CMYK" + RGB_PROFILE[20:]
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>caf\xc3\xa9</rdf:RDF></x:xmpmeta>'

lossless = pytest.mark.parametrize(
    ("suffix", "dtype"),
    [
        *((".png", np.uint8), (".png", np.uint16), (".tif", np.uint8), (".tif", np.uint16)),
        *((".webp", np.uint8), (".avif", np.uint8), (".jxl", np.uint8), (".jxl", np.uint16)),
    ],
)


def raster(rng, dtype, *, grey=False, has_alpha=False, size=(13, 17), metadata=None):
    top = np.iinfo(dtype).max
    pixels = rng.integers(0, top, (*size, 4), dtype, endpoint=True)
    if grey:
        pixels[..., 1:3] = pixels[..., :1]
    pixels[..., 3] = pixels[..., 3] * (pixels[..., 0] > top // 2) if has_alpha else top
    return Raster(pixels, grey, has_alpha, metadata or Metadata())


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@lossless
@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_lossless_formats_give_the_same_pixels(tmp_path, rng, suffix, dtype, grey, has_alpha):
    picture = raster(rng, dtype, grey=grey, has_alpha=has_alpha, size=(150, 67))
    write(tmp_path / f"a{suffix}", picture, quality=100)
    back = read(tmp_path / f"a{suffix}")
    assert back.pixels.dtype == dtype
    np.testing.assert_array_equal(back.pixels, picture.pixels)
    assert back.has_alpha == has_alpha
    assert back.grey == (grey and suffix != ".webp" and not (suffix == ".avif" and has_alpha))
    assert back.pixels.flags.writeable
    assert back.pixels.flags.c_contiguous


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    suffix=st.sampled_from([".png", ".tif", ".jxl"]),
    dtype=st.sampled_from([np.uint8, np.uint16]),
    order=st.sampled_from(["<", ">", None]),
)
def test_any_pixels_at_any_size_survive(tmp_path, data, suffix, dtype, order):
    shape = (data.draw(st.integers(1, 70)), data.draw(st.integers(1, 9)), 4)
    pixels = data.draw(hnp.arrays(dtype, shape))
    block = exif_block(order) if order else None
    picture = Raster(pixels, False, True, Metadata(exif=block))
    write(tmp_path / f"a{suffix}", picture)
    np.testing.assert_array_equal(read(tmp_path / f"a{suffix}").pixels, pixels)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".avif", ".jxl"])
def test_metadata_is_kept_by_every_format(tmp_path, rng, suffix, dtype, order):
    metadata = Metadata(icc=RGB_PROFILE, exif=exif_block(order), xmp=XMP, dpi=(300.0, 150.0))
    write(tmp_path / f"a{suffix}", raster(rng, dtype, metadata=metadata))
    back = read(tmp_path / f"a{suffix}").metadata
    assert is_srgb(back.icc) if suffix == ".jxl" else back.icc == RGB_PROFILE
    assert back.xmp == XMP
    values = ifd_values(back.exif)
    if suffix in (".avif", ".jxl"):  # the resolution is there too
        assert [values.pop((0, tag), None) is not None for tag in (282, 283, 296)] == [True] * 3
    assert values == ifd_values(metadata.exif)
    if suffix != ".webp":
        assert back.dpi == pytest.approx((300, 150), abs=0.02)  # PNG counts whole pixels a metre
    # a second generation loses nothing either
    write(tmp_path / f"b{suffix}", read(tmp_path / f"a{suffix}"))
    again = read(tmp_path / f"b{suffix}").metadata
    assert (again.icc, again.xmp, again.exif) == (back.icc, back.xmp, back.exif)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".avif"])
def test_pillow_reads_the_same_metadata(tmp_path, rng, suffix):
    metadata = Metadata(icc=RGB_PROFILE, exif=exif_block("<"), xmp=XMP)
    write(tmp_path / f"a{suffix}", raster(rng, np.uint8, metadata=metadata))
    with Image.open(tmp_path / f"a{suffix}") as image:
        assert image.info["icc_profile"] == RGB_PROFILE
        assert image.getexif()[271] == "Maker"
        assert image.getexif().get_ifd(34665)[37500].startswith(b"MAKERNOTE")
        assert image.info["xmp"] == XMP


def test_tifffile_agrees_on_a_16_bit_file(tmp_path, rng):
    import tifffile

    picture = raster(rng, np.uint16, has_alpha=True, metadata=Metadata(exif=exif_block(">"), icc=RGB_PROFILE))
    write(tmp_path / "a.tif", picture)
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        page = file.pages[0]
        np.testing.assert_array_equal(page.asarray(), picture.pixels)
        assert page.tags[34675].value == RGB_PROFILE
        assert page.tags[34665].value["ExposureTime"] == (1, 250)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_a_profile_that_does_not_fit_the_pixels_is_left_out(tmp_path, rng, suffix, dtype):
    for profile, grey, kept in [
        (GREY_PROFILE, True, True),
        (GREY_PROFILE, False, False),
        (RGB_PROFILE, True, False),
        (CMYK_PROFILE, False, False),
    ]:
        write(tmp_path / f"a{suffix}", raster(rng, dtype, grey=grey, metadata=Metadata(icc=profile)))
        assert read(tmp_path / f"a{suffix}").metadata.icc == (profile if kept else None)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_grey_stays_grey(tmp_path, suffix):
    Image.linear_gradient("L").save(tmp_path / f"a{suffix}")
    picture = read(tmp_path / f"a{suffix}")
    assert picture.grey
    assert not picture.has_alpha
    write(tmp_path / f"b{suffix}", picture)
    with Image.open(tmp_path / f"b{suffix}") as image:
        assert image.mode == "L"


def test_jpeg_puts_alpha_on_white(tmp_path):
    pixels = np.zeros((16, 16, 4), np.uint16)
    write(tmp_path / "a.jpg", Raster(pixels, False, True, Metadata()))
    assert read(tmp_path / "a.jpg").pixels.min() == 255


def test_sixteen_bits_are_rounded_to_the_nearest_eight(tmp_path):
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    pixels = np.stack([values, values, values, np.full_like(values, 65535)], axis=2)
    write(tmp_path / "a.webp", Raster(pixels, False, False, Metadata()), quality=100)
    np.testing.assert_array_equal(read(tmp_path / "a.webp").pixels[..., 0], np.round(values / 257))


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_is_saved_as_it_was_compressed(tmp_path, mode, subsampling, progressive):
    source = Image.effect_noise((64, 48), 60).convert(mode)
    source.save(tmp_path / "a.jpg", quality=83, subsampling=subsampling, progressive=progressive)
    write(tmp_path / "b.jpg", read(tmp_path / "a.jpg"))
    with Image.open(tmp_path / "a.jpg") as a, Image.open(tmp_path / "b.jpg") as b:
        assert a.quantization == b.quantization
        if mode == "RGB":  # with one component alone the sampling says nothing
            assert [layer[1:] for layer in a.layer] == [layer[1:] for layer in b.layer]
        assert b.info.get("progressive", 0) == a.info.get("progressive", 0) == progressive


def test_a_given_quality_overrides_the_source(tmp_path):
    Image.effect_noise((64, 48), 60).convert("RGB").save(tmp_path / "a.jpg", quality=50)
    picture = read(tmp_path / "a.jpg")
    write(tmp_path / "b.jpg", picture, quality=95)
    tables = read(tmp_path / "b.jpg").metadata.jpeg.tables
    assert sum(tables[0]) < sum(picture.metadata.jpeg.tables[0])


def test_a_picture_from_elsewhere_keeps_all_its_colour_as_jpeg(tmp_path, rng):
    write(tmp_path / "a.jpg", raster(rng, np.uint8))
    assert read(tmp_path / "a.jpg").metadata.jpeg.subsampling == 0


def test_only_a_lossless_webp_is_saved_without_loss_again(tmp_path, rng):
    picture = raster(rng, np.uint8, has_alpha=True)
    write(tmp_path / "lossy.webp", picture)
    assert not read(tmp_path / "lossy.webp").metadata.lossless
    write(tmp_path / "a.webp", picture, quality=100)
    write(tmp_path / "b.webp", read(tmp_path / "a.webp"))
    np.testing.assert_array_equal(read(tmp_path / "b.webp").pixels, picture.pixels)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_oversized_blocks_do_not_stop_a_save(tmp_path, rng, suffix):
    big = exif_block("<", note=b"x" * 70000)
    write(tmp_path / f"a{suffix}", raster(rng, np.uint8, metadata=Metadata(exif=big, xmp=XMP + b" " * 70000)))
    assert (read(tmp_path / f"a{suffix}").metadata.exif is None) == (suffix == ".jpg")

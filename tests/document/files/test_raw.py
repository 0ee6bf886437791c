"""Camera RAW: a DNG of known light, developed."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from raw_sources import SRGB_CAMERA, dng, flat

from editor.document.files import raster, raw, temperature
from editor.document.files.errors import FileError
from editor.document.files.raw import DevelopSettings

GREY = flat(64, 96, 8000, 16000, 11200)
NEUTRAL = (0.5, 1.0, 0.7)
MIDDLE = np.s_[16:48, 16:80]


def linear(picture, space="sRGB"):
    """Mean linear light of the middle, 0 to 1, by the space's published curve."""
    values = picture.pixels[MIDDLE][..., :3].astype(float) / 65535
    if space == "Adobe RGB":
        light = values ** (563 / 256)
    elif space == "ProPhoto RGB":
        light = values**1.8
    else:
        light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return light.mean(axis=(0, 1))


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.dng"
    path.write_bytes(dng(GREY, neutral=NEUTRAL))
    return path


@pytest.mark.parametrize("space", ["sRGB", "Adobe RGB", "ProPhoto RGB"])
def test_a_grey_patch_has_its_light_in_every_space(photo, space):
    picture = raw.read(photo, DevelopSettings(space=space))
    assert picture.pixels.shape == (64, 96, 4)
    assert picture.pixels.dtype == np.uint16
    assert (picture.grey, picture.has_alpha) == (False, False)
    assert (picture.pixels[..., 3] == 65535).all()
    np.testing.assert_allclose(linear(picture, space), 16000 / 65535, rtol=2e-3)
    assert space.split()[0].encode("utf-16-be") in picture.metadata.icc


def test_a_red_patch_is_red_in_every_space(tmp_path):
    """The camera's primaries are sRGB's, so its red has known values elsewhere."""
    path = tmp_path / "red.dng"
    path.write_bytes(dng(flat(64, 96, 32000, 8000, 8000)))
    np.testing.assert_allclose(linear(raw.read(path)) * 65535, (32000, 8000, 8000), rtol=0.01)
    light = {space: linear(raw.read(path, DevelopSettings(space=space)), space) for space in raw._SPACES}
    # Adobe RGB shares red's and blue's chromaticities: red takes 0.7152 of itself and the rest of green.
    expected = np.array([0.7152 * 32000 + 0.2848 * 8000, 8000, 0.0412 * 8000 + 0.9588 * 8000]) / 65535
    np.testing.assert_allclose(light["Adobe RGB"], expected, rtol=0.01)
    red, green, blue = light["ProPhoto RGB"]
    assert red > green > blue * 0.9
    assert red < light["Adobe RGB"][0]  # a larger space needs less of its red


@pytest.mark.parametrize("stops", [-1, 1, 1.5])
def test_a_stop_doubles_linear_light(photo, stops):
    before, after = raw.read(photo), raw.read(photo, DevelopSettings(exposure=stops))
    np.testing.assert_allclose(linear(after) / linear(before), 2**stops, rtol=5e-3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(tmp_path, orientation):
    sensor = flat(64, 96, 2000, 4000, 2800)
    sensor[:32, :48] *= 8  # bright top left
    path = tmp_path / "a.dng"
    path.write_bytes(dng(sensor, neutral=NEUTRAL, orientation=orientation))
    picture = raster.read(path)
    upright = picture.pixels[..., 1] > 30000
    expected = np.zeros((64, 96), bool)
    expected[:32, :48] = True
    if orientation >= 5:
        expected = expected.T
    expected = expected[
        :: -1 if orientation in (3, 4, 7, 8) else 1, :: -1 if orientation in (2, 3, 6, 7) else 1
    ]
    assert upright.shape == expected.shape
    assert (upright == expected).mean() > 0.95  # but for the demosaiced edges
    raster.write(tmp_path / "b.tif", picture)
    np.testing.assert_array_equal(raster.read(tmp_path / "b.tif").pixels, picture.pixels)


def test_white_balance(photo):
    def ratios(**settings):
        red, green, blue = linear(raw.read(photo, DevelopSettings(**settings)))
        return red / green, blue / green

    assert ratios() == pytest.approx((1, 1), abs=5e-3)
    assert ratios(white_balance="auto") == pytest.approx((1, 1), abs=5e-3)
    # The camera's primaries are sRGB's: under daylight its values are the light's.
    assert ratios(white_balance="daylight") == pytest.approx((0.5, 0.7), abs=5e-3)
    doubled = ratios(white_balance="custom", multipliers=(2.0, 1.0, 1.0))
    assert doubled == pytest.approx((1, 0.7), abs=5e-3)
    # D65 is 6504 K and a little greener than the Planckian locus
    as_daylight = ratios(white_balance="custom", temperature=6504, tint=9.7)
    assert as_daylight == pytest.approx((0.5, 0.7), abs=0.01)
    candle = ratios(white_balance="custom", temperature=2500)
    assert candle[0] < 0.4 < 1 < candle[1]  # what was lit by a candle must lose red and gain blue
    greener = ratios(white_balance="custom", temperature=6504, tint=50)
    assert greener[0] > as_daylight[0] and greener[1] > as_daylight[1]  # loses green


def test_temperature_of_a_camera_that_sees_little_red(tmp_path):
    path = tmp_path / "a.dng"
    matrix = [value * (0.5 if index < 3 else 1) for index, value in enumerate(SRGB_CAMERA)]
    path.write_bytes(dng(flat(64, 96, 8000, 16000, 16000), matrix=matrix))
    for settings in (
        {"white_balance": "daylight"},
        {"white_balance": "custom", "temperature": 6504, "tint": 9.7},
    ):
        red, green, blue = linear(raw.read(path, DevelopSettings(**settings)))
        assert (red / green, blue / green) == pytest.approx((1, 1), abs=0.01)


def test_published_points_of_the_planckian_locus():
    # CIE illuminant A is 2856 K; 4000 K and 10000 K from CIE 15
    for kelvin, expected in ((2856, (0.4476, 0.4074)), (4000, (0.3805, 0.3768)), (10000, (0.2807, 0.2884))):
        assert temperature.chromaticity(kelvin) == pytest.approx(expected, abs=6e-4)
    assert temperature.chromaticity(6504, 9.7) == pytest.approx((0.3127, 0.3290), abs=6e-4)


def test_black_and_white_levels_and_clipping(tmp_path):
    path = tmp_path / "a.dng"
    path.write_bytes(dng(flat(64, 96, 5500, 5500, 5500), black=1000, white=10000))
    np.testing.assert_allclose(linear(raw.read(path)), 0.5, rtol=5e-3)
    path.write_bytes(dng(flat(64, 96, 60000, 65535, 40000), neutral=(0.5, 1.0, 0.7)))
    for highlights in ("clip", "blend", "reconstruct"):
        picture = raw.read(path, DevelopSettings(highlights=highlights))
        assert linear(picture).min() > 0.4, highlights


def test_brightness_noise_reduction_and_every_demosaic(photo):
    bright = raw.read(photo, DevelopSettings(auto_brightness=True))
    assert linear(bright).mean() > 2 * linear(raw.read(photo)).mean()
    for name in ("LINEAR", "VNG", "PPG", "AHD", "DCB", "DHT", "AAHD"):
        picture = raw.read(photo, DevelopSettings(demosaic=name, noise_reduction="full"))
        np.testing.assert_allclose(linear(picture), 16000 / 65535, rtol=0.02, err_msg=name)


def test_preview_is_small_and_alike(photo):
    half = raw.preview(photo, DevelopSettings(exposure=1), 1000)
    assert half.pixels.shape == (32, 48, 4)
    small = raw.preview(photo, None, 24)
    assert small.pixels.shape == (16, 24, 4)
    assert small.pixels.dtype == np.uint16
    whole = raw.read(photo)
    np.testing.assert_allclose(small.pixels[8, 12], whole.pixels[32, 48], rtol=0.01)


def test_metadata_and_content_not_suffix(tmp_path, photo):
    disguised = tmp_path / "photo.tif"
    disguised.write_bytes(photo.read_bytes())
    picture = raster.read(disguised)
    assert picture.metadata.format == "camera RAW"
    raster.write(tmp_path / "a.jpg", picture)
    with Image.open(tmp_path / "a.jpg") as image:
        assert (image.getexif()[271], image.getexif()[272]) == ("Maker", "Model")
        assert image.getexif().get(274, 1) == 1
        assert image.info["icc_profile"] == picture.metadata.icc


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"II*\0\x10\0\0\0CR\2\0", True),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", True),
        (b"FUJIFILMCCD-RAW 0201", True),
        (b"IIU\0\x18\0\0\0", True),
        (b"II*\0\x08\0\0\0\0\0\0\0", False),
        (b"hello woCRld", False),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", False),
    ],
)
def test_marks(head, known):
    assert raw.is_raw(head) is known


def test_errors_are_one_line(tmp_path, photo, monkeypatch):
    def refused(words, path=photo):
        for call in (lambda: raw.read(path), lambda: raw.preview(path, None, 100), lambda: raster.read(path)):
            with pytest.raises(FileError, match=words) as caught:
                call()
            assert "\n" not in str(caught.value)

    refused("does not exist", tmp_path / "none.dng")
    cut = tmp_path / "cut.dng"
    cut.write_bytes(photo.read_bytes()[:5000])
    refused("damaged", cut)
    unknown = tmp_path / "unknown.raf"
    unknown.write_bytes(b"FUJIFILMCCD-RAW 0201" + bytes(500))
    refused("damaged", unknown)
    monkeypatch.setattr(
        raw.reading, "guard", lambda *_: (_ for _ in ()).throw(raw.reading.too_large("photo.dng"))
    )
    refused("limit of 300 megapixels")
    monkeypatch.setitem(sys.modules, "rawpy", None)
    refused("pip install rawpy")


@pytest.mark.parametrize(
    "wrong",
    [
        {"white_balance": "tungsten"},
        {"exposure": 3.5},
        {"exposure": float("nan")},
        {"temperature": 500},
        {"tint": 200},
        {"highlights": "keep"},
        {"noise_reduction": "on"},
        {"demosaic": "AMAZE"},
        {"space": "CMYK"},
        {"multipliers": (1.0, 0.0, 1.0)},
    ],
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        replace(DevelopSettings(), **wrong)

"""ICC profiles: littleCMS reads them and takes their colours for what they are."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor.document.files import profiles


def test_ours_and_littlecms_srgb_are_one():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    ours = BytesIO(profiles.profile(profiles.SRGB))
    theirs = ImageCms.createProfile("sRGB")
    turned = np.asarray(ImageCms.profileToProfile(Image.fromarray(noise), ours, theirs)).astype(int)
    assert np.abs(turned - noise).max() <= 1


@pytest.mark.parametrize("space", [profiles.SRGB, profiles.ADOBE_RGB, profiles.PROPHOTO_RGB])
def test_name_white_and_primaries(space):
    opened = ImageCms.ImageCmsProfile(BytesIO(profiles.profile(space))).profile
    assert opened.profile_description == space.name
    assert opened.media_white_point[0] == pytest.approx((0.9642, 1.0, 0.8249), abs=1e-4)
    columns = [opened.red_colorant, opened.green_colorant, opened.blue_colorant]
    total = np.sum([column[0] for column in columns], axis=0)
    np.testing.assert_allclose(total, (0.9642, 1.0, 0.8249), atol=4e-4)  # white is all three


def test_srgb_is_told_from_others():
    assert profiles.is_srgb(profiles.profile(profiles.SRGB))
    assert profiles.is_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert not profiles.is_srgb(profiles.profile(profiles.ADOBE_RGB))
    assert not profiles.is_srgb(profiles.profile(profiles.PROPHOTO_RGB))
    assert not profiles.is_srgb(bytes(16) + b"RGB " + bytes(200))


def test_published_colorants_of_adobe_rgb():
    # Adobe RGB (1998) Color Image Encoding, 4.3.5.3: the matrix to the D50 connection space
    opened = ImageCms.ImageCmsProfile(BytesIO(profiles.profile(profiles.ADOBE_RGB))).profile
    assert opened.red_colorant[0] == pytest.approx((0.60974, 0.31111, 0.01947), abs=2e-4)
    assert opened.green_colorant[0] == pytest.approx((0.20528, 0.62567, 0.06087), abs=2e-4)
    assert opened.blue_colorant[0] == pytest.approx((0.14919, 0.06322, 0.74457), abs=2e-4)

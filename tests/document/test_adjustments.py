"""Adjustments against scalar code from their published definitions, one pixel at a time."""

import colorsys
import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document.adjustments import (
    ADJUSTMENTS,
    BlackAndWhite,
    BrightnessContrast,
    ChannelMixer,
    ColourBalance,
    Curves,
    Exposure,
    GradientMap,
    GradientStop,
    HueRange,
    HueSaturation,
    Invert,
    Levels,
    LevelsChannel,
    PhotoFilter,
    Posterize,
    Threshold,
    Vibrance,
    WhiteBalance,
    decode,
    encode,
)

STEP_8, STEP_16 = 1 / 255, 1 / 65535
RANGES = HueSaturation().ranges


def with_range(index, **changes):
    """The six ranges of hue, one of them changed."""
    return tuple(replace(each, **changes) if i == index else each for i, each in enumerate(RANGES))


# One of each kind, no parameter at its default where that can be.
BUSY = [
    BrightnessContrast(60, 40),
    BrightnessContrast(-40, 30, legacy=True),
    Levels(LevelsChannel(10, 240, 1.3, 5, 250), LevelsChannel(gamma=0.8), blue=LevelsChannel(0, 200)),
    Curves(((0, 10), (90, 60), (255, 250)), red=((20, 0), (255, 255)), blue=((0, 255), (255, 0))),
    Exposure(0.7, -0.01, 1.1),
    WhiteBalance(35.5, -20),
    Vibrance(60, -10),
    Vibrance(-60, 30),
    HueSaturation(30, 20, -10, with_range(4, hue=-40, saturation=-50, lightness=30)),
    HueSaturation(saturation=35),
    HueSaturation(colorize=True, colorize_hue=210, colorize_saturation=40, colorize_lightness=10),
    ColourBalance((10, 0, -30), (-40, 5, 60), (20, -20, 0)),
    ColourBalance((10, 0, -30), (-40, 5, 60), (20, -20, 0), preserve_luminosity=False),
    BlackAndWhite(120, -50, 40, 60, 200, 0),
    BlackAndWhite(tint=True, tint_colour=(0.2, 0.5, 0.9)),
    PhotoFilter((0.0, 0.4, 1.0), 60),
    PhotoFilter(preserve_luminosity=False),
    ChannelMixer((80, 30, -10, 5), (0, 120, 0, -10), (20, 20, 60, 0)),
    ChannelMixer(grey=(60, 60, -20, 10), monochrome=True),
    Invert(),
    Posterize(5),
    Threshold(100),
    GradientMap(
        (GradientStop(100, (0.1, 0, 0.3)), GradientStop(2000, (0.9, 0.2, 0.1), 30), GradientStop(4096))
    ),
]
IDENTITIES = [
    BrightnessContrast(),
    BrightnessContrast(legacy=True),
    Levels(),
    Curves(),
    Curves(((0, 0), (50, 50), (200, 200), (255, 255))),
    Exposure(),
    WhiteBalance(),
    Vibrance(),
    HueSaturation(),
    HueSaturation(ranges=with_range(0, edges=(0, 10, 20, 30))),
    ColourBalance(),
    ColourBalance(preserve_luminosity=False),
    PhotoFilter((1.0, 1.0, 1.0), 80),
    ChannelMixer(),
]


def named(adjustments):
    return [pytest.param(each, id=f"{i}-{each.kind}") for i, each in enumerate(adjustments)]


def pixel(adjustment, *colour):
    """What becomes of one colour of 0..1, as three floats."""
    out = adjustment.apply(np.array(colour, np.float32).reshape(3, 1, 1))
    return tuple(float(value) for value in out.ravel())


def colours(count=500, seed=1):
    """Random colours, and the corners and edges of the cube; float32 (3, n, 1)."""
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[[0, 0.25, 0.5, 1]] * 3), axis=-1).reshape(-1, 3)
    return np.concatenate([rng.random((count, 3)), grid]).T[..., None].astype(np.float32)


def assert_like(adjustment, formula, atol=STEP_16):
    """``adjustment`` does what ``formula`` says of (r, g, b); its 16-bit table may round by half a step."""
    before = np.round(colours() * 65535) / 65535
    after = adjustment.apply(before.astype(np.float32))
    expected = [formula(*(float(v) for v in colour)) for colour in before[..., 0].T]
    np.testing.assert_allclose(after[..., 0].T, expected, rtol=0, atol=atol)


def clip(value):
    return min(max(value, 0.0), 1.0)


def luminosity(r, g, b):
    return 0.3 * r + 0.59 * g + 0.11 * b


def set_luminosity(colour, target):
    """SetLum and ClipColor as W3C's Compositing and Blending Level 1 writes them."""
    shift = target - luminosity(*colour)
    colour = [c + shift for c in colour]
    grey, low, high = luminosity(*colour), min(colour), max(colour)
    if low < 0:
        colour = [grey + (c - grey) * grey / (grey - low) for c in colour]
    if high > 1:
        colour = [grey + (c - grey) * (1 - grey) / (high - grey) for c in colour]
    return colour


# --- What holds for all of them ---


def test_every_kind_is_in_the_registry_under_its_own_name():
    assert {each.kind for each in BUSY} == set(ADJUSTMENTS)
    assert all(kind == adjustment.kind for kind, adjustment in ADJUSTMENTS.items())
    assert len({adjustment.title for adjustment in ADJUSTMENTS.values()}) == len(ADJUSTMENTS)


@pytest.mark.parametrize("adjustment", named(IDENTITIES))
def test_neutral_parameters_keep_every_8_bit_and_16_bit_value(adjustment):
    rng = np.random.default_rng(0)
    for maximum in (255, 65535):
        greys = np.broadcast_to(np.arange(maximum + 1), (3, maximum + 1))
        values = np.concatenate([greys, rng.integers(0, maximum + 1, (3, 20000))], axis=1)[:, None]
        out = adjustment.apply(values.astype(np.float32) / np.float32(maximum))
        assert np.array_equal(np.round(out * maximum), values)


@pytest.mark.parametrize("adjustment", named(BUSY + IDENTITIES))
@pytest.mark.parametrize("shape", [(3, 7, 5), (3, 1, 9), (3, 9, 1), (3, 1, 1)])
def test_new_float32_of_the_same_shape_within_range_and_input_untouched(adjustment, shape):
    colour = np.random.default_rng(2).random(shape, dtype=np.float32)
    colour.flat[:3] = 0, 1, 0.5
    before = colour.copy()
    colour.flags.writeable = False
    out = adjustment.apply(colour)
    assert out.dtype == np.float32 and out.shape == shape
    assert not np.shares_memory(out, colour)
    assert np.array_equal(colour, before)
    assert np.isfinite(out).all() and out.min() >= 0 and out.max() <= 1
    assert np.array_equal(out, adjustment.apply(colour))


@pytest.mark.parametrize("adjustment", named(BUSY))
def test_a_pixel_does_not_depend_on_its_neighbours_or_on_memory_layout(adjustment):
    colour = np.random.default_rng(3).random((3, 33, 40), dtype=np.float32)
    whole = adjustment.apply(colour)
    assert np.array_equal(adjustment.apply(colour[:, 4:21, 7:8]), whole[:, 4:21, 7:8])
    interleaved = np.ascontiguousarray(colour.transpose(1, 2, 0)).transpose(2, 0, 1)
    assert np.array_equal(adjustment.apply(interleaved), whole)


@pytest.mark.parametrize(
    "adjustment",
    named(
        [
            BrightnessContrast(70, -30),
            Levels(LevelsChannel(20, 200, 1.4)),
            Curves(((0, 30), (100, 160), (255, 240))),
            Exposure(1.0, 0.1, 0.8),
            Vibrance(100, 100),
            HueSaturation(90, 100, 0, with_range(0, hue=50, saturation=100, lightness=-80)),
            BlackAndWhite(300, -200, 90, 10, 0, 77),
            ChannelMixer(monochrome=True),
            Invert(),
            Posterize(6),
            Threshold(90),
            GradientMap(),
        ]
    ),
)
def test_grey_stays_grey_where_the_adjustment_has_no_colour(adjustment):
    out = adjustment.apply(np.tile(np.linspace(0, 1, 999, dtype=np.float32), (3, 1, 1)))
    assert np.ptp(out, axis=0).max() < STEP_16 / 2


def test_greys_are_left_alone_by_what_changes_only_colours():
    ramp = np.tile(np.linspace(0, 1, 999, dtype=np.float32), (3, 1, 1))
    for adjustment in (
        Vibrance(100, -50),
        HueSaturation(hue=77, saturation=60, ranges=with_range(0, lightness=90, saturation=50)),
        BlackAndWhite(300, -200, 90, 10, 0, 77),
        GradientMap(),
    ):
        np.testing.assert_allclose(adjustment.apply(ramp), ramp, atol=STEP_16)


# --- Tone ---


@pytest.mark.parametrize(
    ("adjustment", "curve"),
    [
        (LevelsChannel(30, 220, 1.6, 10, 240), lambda v: clip((v - 30) / 190) ** (1 / 1.6) * 230 + 10),
        (LevelsChannel(0, 255, 0.5), lambda v: 255 * (v / 255) ** 2),
        (LevelsChannel(0, 255, 1.0, 255, 0), lambda v: 255 - v),
        (LevelsChannel(100, 102, 9.99), lambda v: 255 * clip((v - 100) / 2) ** (1 / 9.99)),
    ],
)
def test_levels_formula_of_every_8_bit_value(adjustment, curve):
    ramp = np.tile(np.arange(256, dtype=np.float32) / 255, (3, 1, 1))
    expected = [curve(v) / 255 for v in range(256)]
    out = Levels(adjustment).apply(ramp)
    np.testing.assert_allclose(out[:, 0], [expected] * 3, atol=1e-6)
    out = Levels(green=adjustment).apply(ramp)
    np.testing.assert_allclose(out[:, 0], [ramp[0, 0], expected, ramp[0, 0]], atol=1e-6)


def test_a_channels_own_levels_and_curve_come_before_those_of_all():
    # 96 becomes 191.25 by its own, which is above the composite's black point; 96 itself is below it.
    out = pixel(Levels(LevelsChannel(128, 255), red=LevelsChannel(0, 128)), 96 / 255, 0, 0)
    assert out[0] == pytest.approx((96 * 255 / 128 - 128) / 127, abs=STEP_16)
    own, composite = ((0, 0), (128, 255)), ((0, 255), (255, 0))
    assert pixel(Curves(composite, green=own), 0, 64 / 255, 0)[1] == pytest.approx(0.5, abs=STEP_16)


def natural_spline(points, x):
    """Burden and Faires, Numerical Analysis, algorithm 3.4: polynomials a + b d + c d² + e d³."""
    n = len(points) - 1
    xs, a = [p[0] for p in points], [p[1] for p in points]
    h = [xs[i + 1] - xs[i] for i in range(n)]
    lower, mu, z = [1.0], [0.0], [0.0]
    for i in range(1, n):
        alpha = 3 / h[i] * (a[i + 1] - a[i]) - 3 / h[i - 1] * (a[i] - a[i - 1])
        lower.append(2 * (xs[i + 1] - xs[i - 1]) - h[i - 1] * mu[i - 1])
        mu.append(h[i] / lower[i])
        z.append((alpha - h[i - 1] * z[i - 1]) / lower[i])
    c = [0.0] * (n + 1)
    b, e = [0.0] * n, [0.0] * n
    for j in reversed(range(n)):
        c[j] = z[j] - mu[j] * c[j + 1]
        b[j] = (a[j + 1] - a[j]) / h[j] - h[j] * (c[j + 1] + 2 * c[j]) / 3
        e[j] = (c[j + 1] - c[j]) / (3 * h[j])
    j = max(i for i in range(n) if i == 0 or xs[i] <= x)
    d = x - xs[j]
    return a[j] + b[j] * d + c[j] * d**2 + e[j] * d**3


@pytest.mark.parametrize(
    "points",
    [
        ((0, 0), (64, 44), (192, 214), (255, 255)),
        ((0, 255), (255, 0)),
        ((0, 0), (120, 250), (130, 5), (255, 255)),
        ((40, 20), (100, 180), (201, 190)),
        tuple((14 * i, (i * 97) % 256) for i in range(19)),
    ],
)
def test_curves_run_along_the_natural_spline_and_level_beyond_it(points):
    out = Curves(points).apply(np.tile(np.arange(256, dtype=np.float32) / 255, (3, 1, 1)))
    inside = [min(max(x, points[0][0]), points[-1][0]) for x in range(256)]
    expected = [clip(natural_spline(points, x) / 255) for x in inside]
    np.testing.assert_allclose(out[:, 0], [expected] * 3, atol=1e-6)
    for x, y in points:
        assert pixel(Curves(points), x / 255, 0, 0)[0] == pytest.approx(y / 255, abs=1e-6)


def srgb_to_linear(v):
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def linear_to_srgb(v):
    return 12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055


# Pixels of psd-tools' test files before and after an adjustment, as Photoshop saved them.
PHOTOSHOPS = json.loads((Path(__file__).parents[1] / "references" / "psd" / "adjustments.json").read_text())
# The largest and the mean difference, in steps of 8 bits. Photoshop rounds to 8 bits as it goes, which shows
# most where near greys are saturated.
LIMITS = {
    "exposure_rgb.psd": (1, 0.1),
    "brightnesscontrast_rgb.psd": (4, 1.3),
    "huesaturation_rgb.psd": (12, 1.4),
    "huesaturation_saturation_rgb.psd": (1, 0.4),
    "threshold_rgb.psd": (0, 0),
    "posterize_rgb.psd": (1, 0.4),
}


@pytest.mark.parametrize("sample", PHOTOSHOPS, ids=lambda sample: sample["file"])
def test_colours_are_what_photoshop_made_of_them(sample):
    pixels = np.array(sample["pixels"])
    before = (pixels[:, :3].T[..., None] / 255).astype(np.float32)
    after = np.round(decode(sample["adjustment"]).apply(before)[..., 0].T * 255)
    difference = np.abs(after - pixels[:, 3:])
    largest, mean = LIMITS[sample["file"]]
    assert difference.max() <= largest and difference.mean() <= mean


@pytest.mark.parametrize(
    ("stops", "offset", "gamma"), [(1, 0, 1), (-3, 0.02, 1), (0.5, -0.05, 2.2), (20, 0, 1)]
)
def test_exposure_in_linear_light(stops, offset, gamma):
    def formula(*colour):
        exposed = [clip(c**2.2 * 2**stops + offset) for c in colour]
        return [(c ** (1 / gamma)) ** (1 / 2.2) for c in exposed]

    assert_like(Exposure(stops, offset, gamma), formula)


@pytest.mark.parametrize("brightness", [1, 50, 110, 150])
def test_brightness_is_a_gain_that_bends_smoothly_to_white(brightness):
    gain = 2 ** (brightness / 110)
    assert gain**2.2 == pytest.approx(2 ** (brightness / 50))  # in light: 50 are a stop
    values = np.linspace(0, 1, 65536)
    out = BrightnessContrast(brightness).apply(np.tile(values.astype(np.float32), (3, 1, 1)))[0, 0]
    straight = values < 0.6 / gain
    np.testing.assert_allclose(out[straight], gain * values[straight], atol=1e-6)
    assert out[-1] == pytest.approx(1, abs=1e-6)
    # From there on the slope falls by the same share over the same distance, and starts with the line's.
    slopes = np.diff(np.interp(np.linspace(0.6 / gain, 1, 21), values, out.astype(float)))
    np.testing.assert_allclose(slopes[1:] / slopes[:-1], (slopes[-1] / slopes[0]) ** (1 / 19), atol=0.01)
    step = (1 - 0.6 / gain) / 20
    assert slopes[0] ** 1.5 / slopes[1] ** 0.5 == pytest.approx(gain * step, rel=0.01)


def test_contrast_moves_the_quarters_apart_and_holds_the_ends():
    for contrast in (-50, 40, 100):
        move = 25 * contrast / 100
        for old, new in ((0, 0), (63, 63 - move), (191, 191 + move), (255, 255)):
            out = pixel(BrightnessContrast(0, contrast), *[old / 255] * 3)[0]
            assert out == pytest.approx(new / 255, abs=1e-6)


def test_legacy_brightness_and_contrast_are_straight_lines():
    assert_like(BrightnessContrast(40, 0, True), lambda *c: [clip(v + 40 / 255) for v in c])
    assert_like(
        BrightnessContrast(0, 50, True),
        lambda *c: [clip(((255 * v - 127) * 2 + 127) / 255) for v in c],
        atol=2 * STEP_16,
    )
    assert_like(BrightnessContrast(-20, -100, True), lambda *c: [127 / 255] * 3)
    assert pixel(BrightnessContrast(0, 100, True), 126 / 255, 128 / 255, 0.9) == (0, 1, 1)


def test_opposite_brightness_undoes():
    ramp = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (3, 1, 1))
    back = BrightnessContrast(-60).apply(BrightnessContrast(60).apply(ramp))
    np.testing.assert_allclose(back, ramp, atol=STEP_8 / 4)


@pytest.mark.parametrize("levels", [2, 3, 4, 17, 200, 255])
def test_posterize_shares_the_8_bit_values_out_evenly(levels):
    ramp = np.tile(np.arange(256, dtype=np.float32) / 255, (3, 1, 1))
    expected = [(v * levels // 256) / (levels - 1) for v in range(256)]
    out = Posterize(levels).apply(ramp)[1, 0]
    np.testing.assert_allclose(out, expected, atol=STEP_16)
    assert np.round(out * 65535).tolist() == [math.floor(65535 * v + 1e-9) for v in expected]


@pytest.mark.parametrize("levels", [2, 3, 21, 255])
def test_posterize_shares_the_16_bit_values_out_evenly(levels):
    values = [v for v in range(65536) if v % 257]  # the others could be those of 8 bits
    out = Posterize(levels).apply(np.tile(np.array(values, np.float32) / np.float32(65535), (3, 1, 1)))
    expected = [math.floor(v / 65535 * levels * 65535 / 65536 + 1e-9) / (levels - 1) for v in values]
    np.testing.assert_allclose(out[2, 0], expected, atol=STEP_16)


def test_invert_of_every_value_is_exact():
    for maximum in (255, 65535):
        values = np.arange(maximum + 1, dtype=np.float32) / np.float32(maximum)
        out = Invert().apply(np.tile(values, (3, 1, 1)))
        assert np.array_equal(np.round(out[2, 0] * maximum), np.arange(maximum + 1)[::-1])


@pytest.mark.parametrize(
    "adjustment",
    named(
        [
            *[BrightnessContrast(b, c) for b in (-150, -60, 90, 150) for c in (-50, 0, 100)],
            BrightnessContrast(-100, 100, True),
            Levels(LevelsChannel(20, 30, 9.99)),
            Exposure(5.0, -0.2, 0.3),
            ColourBalance((100, -100, 0), (100, -100, 100), (-100, 100, 100), preserve_luminosity=False),
        ]
    ),
)
def test_lighter_in_is_not_darker_out(adjustment):
    out = adjustment.apply(np.tile(np.linspace(0, 1, 65536, dtype=np.float32), (3, 1, 1)))
    assert np.diff(out).min() >= 0


@pytest.mark.parametrize(
    "series",
    [
        [BrightnessContrast(b) for b in (-150, -50, 0, 50, 150)],
        [BrightnessContrast(b, 0, True) for b in (-100, 0, 100)],
        [Levels(LevelsChannel(gamma=g)) for g in (0.01, 0.5, 1.0, 2.0, 9.99)],
        [Exposure(e) for e in (-20, -1, 0, 1, 20)],
        [Exposure(0, o) for o in (-0.5, 0, 0.5)],
        [HueSaturation(lightness=v) for v in (-100, -20, 0, 20, 100)],
        [Threshold(v) for v in (255, 128, 1)],
    ],
)
def test_a_larger_parameter_never_darkens(series):
    results = [each.apply(colours()) for each in series]
    for darker, lighter in pairwise(results):
        assert (lighter >= darker - 1e-6).all()
    assert results[-1].mean() > results[0].mean() + 0.1


# --- Balance ---


def xyz(*linear):
    """Of linear sRGB, by OpenCV."""
    return cv2.cvtColor(np.array([[linear]], np.float32), cv2.COLOR_RGB2XYZ)[0, 0]


@pytest.mark.parametrize(("temperature", "kelvin"), [(0, 6504), (50, 5031.2), (96.2, 4157.6), (-60, 10022)])
def test_white_balance_moves_grey_to_that_daylight_at_the_same_luminance(temperature, kelvin):
    # 1e6 / (153.75 + 0.9 per step) kelvin, and CIE 15's polynomials in kelvin as they are printed.
    if kelvin <= 7000:
        x = -4.607e9 / kelvin**3 + 2.9678e6 / kelvin**2 + 0.09911e3 / kelvin + 0.244063
    else:
        x = -2.0064e9 / kelvin**3 + 1.9018e6 / kelvin**2 + 0.24748e3 / kelvin + 0.23704
    y = -3 * x**2 + 2.87 * x - 0.275
    grey = 0.5
    light = xyz(*(srgb_to_linear(c) for c in pixel(WhiteBalance(temperature), grey, grey, grey)))
    np.testing.assert_allclose(light[:2] / light.sum(), (x, y), atol=5e-4)
    assert light[1] == pytest.approx(srgb_to_linear(grey), rel=2e-3)


def test_white_balance_goes_the_way_its_sliders_say():
    r, _, b = pixel(WhiteBalance(40), 0.5, 0.5, 0.5)
    assert r > 0.53 and b < 0.45
    r, g, b = pixel(WhiteBalance(0, 40), 0.5, 0.5, 0.5)
    assert g < 0.495 and min(r, b) > 0.505
    r, g, b = pixel(WhiteBalance(0, -40), 0.5, 0.5, 0.5)
    assert g > 0.505 and max(r, b) < 0.495


def test_opposite_white_balance_nearly_undoes():
    colour = colours() * 0.5 + 0.2
    there = WhiteBalance(20, 10).apply(colour)
    np.testing.assert_allclose(WhiteBalance(-20, -10).apply(there), colour, atol=6 * STEP_8)


def test_white_balance_of_a_colour_is_bradford_in_linear_light():
    """By hand for the temperature that leads to CIE D50's correlated temperature, against ICC's D50."""
    # Linear sRGB red adapted to D50, from ICC's sRGB profile: XYZ 0.4361, 0.2225, 0.0139.
    temperature = (1e6 / 5003 - 1e6 / 6504) / 0.9
    out = pixel(WhiteBalance(temperature), *[linear_to_srgb(0.5), linear_to_srgb(0.2), linear_to_srgb(0.2)])
    # 0.3 of red over 0.2 of white: sRGB's columns at D50.
    expected = 0.3 * np.array([0.4361, 0.2225, 0.0139]) + 0.2 * np.array([0.9643, 1.0, 0.8251])
    np.testing.assert_allclose(xyz(*(srgb_to_linear(c) for c in out)), expected, atol=2e-3)


def test_colour_balance_by_its_formula():
    balance = ColourBalance((20, -50, 0), (100, 0, -100), (0, 40, -80), preserve_luminosity=False)

    def formula(*colour):
        amounts = zip(colour, balance.shadows, balance.midtones, balance.highlights, strict=True)
        return [
            clip(v + 0.2 * s / 100 * (1 - v) ** 2 + 0.2 * h / 100 * v**2) ** (0.5 ** (m / 200))
            for v, s, m, h in amounts
        ]

    assert_like(balance, formula)
    kept = replace(balance, preserve_luminosity=True)
    assert_like(kept, lambda *c: set_luminosity(formula(*c), luminosity(*c)), atol=3 * STEP_16)


def test_colour_balance_works_where_its_name_says():
    for name, place in (("shadows", 0.1), ("midtones", 0.5), ("highlights", 0.9)):
        balance = ColourBalance(**{name: (60, 0, -60)}, preserve_luminosity=False)
        moves = {v: pixel(balance, v, v, v)[0] - v for v in (0.1, 0.5, 0.9)}
        assert max(moves, key=moves.get) == place
        r, g, b = pixel(balance, place, place, place)
        assert r > place + 0.02 and g == pytest.approx(place, abs=STEP_16) and b < place - 0.02


def test_photo_filter_multiplies_and_gives_the_light_back():
    glass = (0.9, 0.5, 0.1)

    def through(*colour):
        return [c * (0.6 + 0.4 * f) for c, f in zip(colour, glass, strict=True)]

    assert_like(PhotoFilter(glass, 40, False), through, atol=1e-6)
    assert_like(PhotoFilter(glass, 40), lambda *c: set_luminosity(through(*c), luminosity(*c)), atol=2e-6)


def test_channel_mixer_sums_percents():
    mixer = ChannelMixer((50, 25, -10, 20), (0, 200, 0, -50), (-100, 0, 100, 0), (10, 20, 30, 5))
    assert_like(
        mixer,
        lambda r, g, b: [clip(0.5 * r + 0.25 * g - 0.1 * b + 0.2), clip(2 * g - 0.5), clip(b - r)],
        atol=1e-6,
    )
    grey = replace(mixer, monochrome=True)
    assert_like(grey, lambda r, g, b: [0.1 * r + 0.2 * g + 0.3 * b + 0.05] * 3, atol=1e-6)


# --- Hue and saturation ---


def hls(change):
    """A formula that changes (h in degrees, l, s) of colorsys."""

    def formula(*colour):
        h, l, s = colorsys.rgb_to_hls(*colour)  # noqa: E741
        h, l, s = change(h * 360, l, s)  # noqa: E741
        return colorsys.hls_to_rgb(h / 360 % 1, l, s)

    return formula


@pytest.mark.parametrize("hue", [-180, -75, 1, 60, 120, 180])
def test_master_hue_turns_hls(hue):
    assert_like(HueSaturation(hue=hue), hls(lambda h, l, s: (h + hue, l, s)))  # noqa: E741


@pytest.mark.parametrize(
    ("saturation", "factor"),
    [(-100, 0), (-40, 0.6), (20, 1 / 0.801), (50, 1 / 0.5025), (75, 1 / 0.25375), (100, 200)],
)
@pytest.mark.parametrize("hue", [0, 33])
def test_master_saturation_multiplies_that_of_hls(saturation, factor, hue):
    formula = hls(lambda h, l, s: (h + hue, l, min(1, s * factor)))  # noqa: E741
    assert_like(HueSaturation(hue, saturation), formula)


def test_master_lightness_mixes_with_white_and_black():
    assert_like(HueSaturation(lightness=30), lambda *c: [0.7 * v + 0.3 for v in c])
    assert_like(HueSaturation(lightness=-30), lambda *c: [0.7 * v for v in c])


def trapezoid(h, a, b, c, d):
    """Weight of the hue ``h``, all in degrees, by walking around the circle from ``a``."""
    h, b, c, d = ((v - a) % 360 for v in (h, b, c, d))
    if h < b:
        return h / b
    if h <= c:
        return 1
    return (d - h) / (d - c) if h < d else 0


@pytest.mark.parametrize("index", range(6))
def test_a_range_turns_and_saturates_the_hues_between_its_edges(index):
    edges = ((60 * index - 45) % 360, (60 * index - 15) % 360, 60 * index + 15, 60 * index + 45)
    assert tuple(e % 360 for e in RANGES[index].edges) == tuple(e % 360 for e in edges)

    def change(h, l, s):  # noqa: E741
        weight = trapezoid(h, *edges)
        return h + 40 * weight, l, min(1, s * (1 + weight * (1 / (1 - 0.995 * 0.5) - 1)))

    adjustment = HueSaturation(ranges=with_range(index, hue=40, saturation=50))
    # The table by hue has 65536 steps: a turn of 40 degrees within 30 is off by 1e-4 of full at most.
    assert_like(adjustment, hls(change), atol=2e-4)


def test_saturations_of_overlapping_ranges_add_up_in_order_and_not_below_grey():
    full = (0, 10, 350, 359)

    def saturation(*amounts):
        ranges = [replace(each, edges=full, saturation=0) for each in RANGES]
        for i, amount in enumerate(amounts):
            ranges[i] = replace(ranges[i], saturation=amount)
        out = pixel(HueSaturation(ranges=tuple(ranges)), 0.5, 0.5, 0.6)
        return colorsys.rgb_to_hls(*out)[2] / colorsys.rgb_to_hls(0.5, 0.5, 0.6)[2]

    gain = 1 / (1 - 0.995 * 0.6) - 1
    assert saturation(60) == pytest.approx(1 + gain, abs=1e-4)
    assert saturation(60, 60) == pytest.approx(1 + 2 * gain, abs=1e-4)
    assert saturation(60, -30) == pytest.approx(1 + gain - 0.3, abs=1e-4)
    assert saturation(60, -100, -100) == pytest.approx(gain - 1, abs=1e-4)
    assert saturation(-100, -100, 60) == pytest.approx(gain, abs=1e-4)


def test_own_edges_of_a_range():
    narrow = HueSaturation(ranges=with_range(2, edges=(200, 210, 215, 230), saturation=-100))
    assert pixel(narrow, *colorsys.hls_to_rgb(212 / 360, 0.5, 0.8)) == pytest.approx((0.5,) * 3, abs=1e-4)
    for degrees in (120, 199, 231, 0):
        colour = colorsys.hls_to_rgb(degrees / 360, 0.5, 0.8)
        assert pixel(narrow, *colour) == pytest.approx(colour, abs=1e-4)


def test_lightness_of_a_range_pulls_towards_the_largest_or_smallest_channel():
    red = (0.8, 0.2, 0.2)
    darker = HueSaturation(ranges=with_range(0, lightness=-50))
    assert pixel(darker, *red) == pytest.approx((0.5, 0.2, 0.2), abs=1e-5)
    lighter = HueSaturation(ranges=with_range(0, lightness=50))
    assert pixel(lighter, *red) == pytest.approx((0.8, 0.5, 0.5), abs=1e-5)
    for adjustment in (darker, lighter):
        assert pixel(adjustment, 0.2, 0.8, 0.2) == pytest.approx((0.2, 0.8, 0.2), abs=1e-5)


def test_ranges_of_full_neighbours_add_up_to_the_master():
    """The six default ranges cover the circle: the same turn in all is that of the master."""
    turned = HueSaturation(ranges=tuple(replace(each, hue=25, saturation=-30) for each in RANGES))
    master = HueSaturation(25, -30)
    np.testing.assert_allclose(turned.apply(colours()), master.apply(colours()), atol=1e-5)


@pytest.mark.parametrize("lightness", [0, 40, -40])
def test_colorize_keeps_hls_lightness_only(lightness):
    adjustment = HueSaturation(
        50, 50, 50, colorize=True, colorize_hue=200, colorize_saturation=60, colorize_lightness=lightness
    )

    def change(h, l, s):  # noqa: E741
        return 200, l * (1 - abs(lightness) / 100) + max(lightness, 0) / 100, 0.6

    assert_like(adjustment, hls(change), atol=2 * STEP_16)


def saturation_of(colour):
    return max(colour) - min(colour)


def test_vibrance_raises_dull_colours_more_than_saturated_ones_and_skin():
    vibrant = Vibrance(50)
    dull, strong = (0.4, 0.45, 0.5), (0.1, 0.5, 0.9)
    gain = [saturation_of(pixel(vibrant, *c)) / saturation_of(c) for c in (dull, strong)]
    assert gain[0] > 1.3 and 1 < gain[1] < gain[0] - 0.2
    skin = colorsys.hsv_to_rgb(25 / 360, 0.4, 0.8)
    sky = colorsys.hsv_to_rgb(205 / 360, 0.4, 0.8)
    gain = [saturation_of(pixel(vibrant, *c)) / saturation_of(c) for c in (skin, sky)]
    assert gain[0] == pytest.approx(1 + 0.5 * 0.6 / 2, abs=1e-3)
    assert gain[1] == pytest.approx(1 + 0.5 * 0.6, abs=1e-3)


@pytest.mark.parametrize("adjustment", named([Vibrance(100, 100), Vibrance(-70, 20), Vibrance(0, -100)]))
def test_vibrance_keeps_luminosity_and_hue(adjustment):
    before = colours()[..., 0].T
    after = adjustment.apply(colours())[..., 0].T
    for old, new in zip(before.astype(float), after.astype(float), strict=True):
        assert luminosity(*new) == pytest.approx(luminosity(*old), abs=1e-5)
        if saturation_of(old) > 0.02 and saturation_of(new) > 0.02:
            turn = colorsys.rgb_to_hsv(*new)[0] - colorsys.rgb_to_hsv(*old)[0]
            assert abs((turn + 0.5) % 1 - 0.5) < 1e-3


def test_vibrances_own_saturation_ends_in_grey_of_the_same_luminosity():
    assert_like(Vibrance(0, -100), lambda *c: [luminosity(*c)] * 3, atol=1e-6)
    assert_like(Vibrance(0, -40), lambda *c: [luminosity(*c) + 0.6 * (v - luminosity(*c)) for v in c], 1e-6)


@pytest.mark.parametrize(
    "make", [lambda v: Vibrance(v), lambda v: Vibrance(0, v), lambda v: HueSaturation(0, v)]
)
def test_more_is_more_saturated(make):
    chroma = [np.ptp(make(v).apply(colours()), axis=0) for v in (-100, -50, 0, 50, 100)]
    for less, more in pairwise(chroma):
        assert (more >= less - 1e-6).all() and more.mean() > less.mean() + 0.01


# --- Grey ---


def test_black_and_white_weighs_pure_colours_and_keeps_greys():
    adjustment = BlackAndWhite(10, 20, 30, 40, 50, 60)
    for colour, weight in (
        ((1, 0, 0), 0.1),
        ((1, 1, 0), 0.2),
        ((0, 1, 0), 0.3),
        ((0, 1, 1), 0.4),
        ((0, 0, 1), 0.5),
        ((1, 0, 1), 0.6),
    ):
        assert pixel(adjustment, *colour) == pytest.approx((weight,) * 3, abs=1e-6)
    # 0.2 of white, 0.3 of yellow above it, 0.4 of red above that.
    assert pixel(adjustment, 0.9, 0.5, 0.2)[0] == pytest.approx(0.2 + 0.3 * 0.2 + 0.4 * 0.1, abs=1e-6)


def test_black_and_white_between_pure_hues_is_between_their_weights():
    """dsp.stackexchange's measurement: half way between two hues' centres their weights are averaged."""
    adjustment = BlackAndWhite()
    orange = pixel(adjustment, 1, 0.5, 0)[0]
    assert orange == pytest.approx(0.5 * (1 + ((40 - 50) / 50 + (60 - 50) / 50) / 2), abs=1e-6)


def test_tint_is_w3cs_color_of_the_tint():
    tint = (225 / 255, 211 / 255, 179 / 255)
    plain = BlackAndWhite()
    assert_like(
        replace(plain, tint=True),
        lambda *c: set_luminosity(tint, pixel(plain, *c)[0]),
        atol=2 * STEP_16,
    )


@pytest.mark.parametrize("level", [1, 77, 128, 255])
def test_threshold_is_white_from_its_level_on(level):
    ramp = np.tile(np.arange(256, dtype=np.float32) / 255, (3, 1, 1))
    assert Threshold(level).apply(ramp)[0, 0].tolist() == [float(v >= level) for v in range(256)]
    # Of 8 bits: luminosity 127.7 counts as 128, 127.5 and 127.4 as 127.
    assert pixel(Threshold(128), *np.array((128, 128, 125)) / 255) == (1, 1, 1)
    assert pixel(Threshold(128), *np.array((127, 127, 132)) / 255) == (1, 1, 1)
    assert pixel(Threshold(128), *np.array((119, 131, 130)) / 255) == (0, 0, 0)
    # Of 16 bits it is not rounded so.
    assert pixel(Threshold(128), *np.array((128 * 257, 128 * 257 - 1, 128 * 257)) / 65535) == (0, 0, 0)
    assert pixel(Threshold(128), 0, 1, 0) == (1, 1, 1)
    assert pixel(Threshold(128), 1, 0, 1) == (0, 0, 0)


def test_gradient_map_runs_straight_between_stops_and_midpoints():
    gradient = GradientMap(
        (
            GradientStop(1024, (0.0, 0.2, 1.0), 25),
            GradientStop(2048, (1.0, 0.4, 0.0)),
            GradientStop(4096, (1.0, 1.0, 0.5)),
        )
    )
    for grey, expected in (
        (0.0, (0, 0.2, 1)),
        (0.25, (0, 0.2, 1)),
        (0.25 + 0.25 * 0.25, (0.5, 0.3, 0.5)),
        (0.25 + 0.25 * 0.625, (0.75, 0.35, 0.25)),
        (0.5, (1, 0.4, 0)),
        (0.75, (1, 0.7, 0.25)),
        (1.0, (1, 1, 0.5)),
    ):
        assert pixel(gradient, grey, grey, grey) == pytest.approx(expected, abs=1e-4)
        back = replace(gradient, reverse=True)
        assert pixel(back, 1 - grey, 1 - grey, 1 - grey) == pytest.approx(expected, abs=1e-4)
    assert pixel(GradientMap(), 0.2, 0.9, 0.4) == pytest.approx((luminosity(0.2, 0.9, 0.4),) * 3, abs=STEP_16)


def test_stops_in_one_place_make_an_edge():
    edge = GradientMap((GradientStop(2048, (1.0, 0.0, 0.0)), GradientStop(2048, (0.0, 0.0, 1.0))))
    assert pixel(edge, 0.4, 0.4, 0.4) == (1, 0, 0)
    assert pixel(edge, 0.6, 0.6, 0.6) == (0, 0, 1)


# --- Files ---


@pytest.mark.parametrize("adjustment", named(BUSY + IDENTITIES))
def test_round_trip_through_json(adjustment):
    plain = json.loads(json.dumps(encode(adjustment), allow_nan=False))
    assert plain["kind"] == adjustment.kind
    back = decode(plain)
    assert back == adjustment and type(back) is type(adjustment)
    assert encode(back) == plain
    assert "kind" not in adjustment.to_dict()


def test_decode_leaves_its_argument_alone():
    plain = encode(Levels())
    before = json.dumps(plain)
    decode(plain)
    assert json.dumps(plain) == before


def broken(adjustment, **changes):
    return {**encode(adjustment), **changes}


LONG = [[i % 256, 0] for i in range(1000)]


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        (None, "object"),
        ([], "object"),
        ({}, "kind"),
        ({"kind": "sharpen"}, "sharpen"),
        ({"kind": ["levels"]}, "kind"),
        ({"kind": "x" * 10000}, "kind"),
        ({"kind": "a\nb"}, "kind"),
        ({"kind": "exposure"}, "exposure is missing"),
        (broken(Exposure(), extra=1), "extra"),
        (broken(Exposure(), **{"x\n" * 999: 1}), "unknown"),
        (broken(Exposure(), exposure="1"), "exposure must be a number"),
        (broken(Exposure(), exposure=None), "number"),
        (broken(Exposure(), exposure=True), "number"),
        (broken(Exposure(), exposure=math.nan), "number"),
        (broken(Exposure(), exposure=math.inf), "-20 to 20"),
        (broken(Exposure(), exposure=10**400), "-20 to 20"),
        (broken(Exposure(), gamma=0), "gamma must be a number from 0.01 to 9.99"),
        (broken(BrightnessContrast(), brightness=1.5), "whole number"),
        (broken(BrightnessContrast(), brightness=151), "-150 to 150"),
        (broken(BrightnessContrast(), contrast=-51), "-50 to 100"),
        (broken(BrightnessContrast(), legacy=1), "true or false"),
        (broken(BrightnessContrast(legacy=True), brightness=101), "-100 to 100"),
        (broken(Levels(), red=[0, 255, 1, 0, 255]), "red must be an object"),
        (broken(Levels(), red={}), "red input_black is missing"),
        (broken(Levels(), red={**LevelsChannel().to_dict(), "gamma": 10}), "red gamma"),
        (
            broken(Levels(), red={**LevelsChannel().to_dict(), "input_black": 253, "input_white": 254}),
            "above",
        ),
        (broken(Curves(), rgb=[[0, 0]]), "2 to 19"),
        (broken(Curves(), rgb=LONG), "2 to 19"),
        (broken(Curves(), rgb=[[0, 0], [0, 255]]), "ascending"),
        (broken(Curves(), rgb=[[9, 0], [5, 255]]), "ascending"),
        (broken(Curves(), rgb=[[0, 0, 0], [255, 255, 0]]), "2 items"),
        (broken(Curves(), rgb=[[0, 0.5], [255, 255]]), "whole number"),
        (broken(Curves(), rgb=[[0, 0], [256, 255]]), "0 to 255"),
        (broken(Curves(), rgb=[[0, 0], 255]), "list"),
        (broken(Curves(), rgb="0123"), "list"),
        (broken(Curves(), rgb={"0": 0, "1": 1}), "list"),
        (broken(WhiteBalance(), tint=100.5), "tint"),
        (broken(HueSaturation(), ranges=[]), "6 items"),
        (broken(HueSaturation(), ranges=[1] * 6), "object"),
        (broken(HueSaturation(), colorize_hue=-1), "0 to 360"),
        (broken(HueSaturation(), ranges=[{**HueRange().to_dict(), "edges": [0, 1, 2, 361]}] * 6), "edges"),
        (broken(Vibrance(), vibrance=101), "vibrance"),
        (broken(ColourBalance(), shadows=[0, 0]), "3 items"),
        (broken(ColourBalance(), shadows=[0, 0, -101]), "shadows"),
        (broken(BlackAndWhite(), reds=301), "reds"),
        (broken(BlackAndWhite(), tint_colour=[0, 0, 1.01]), "tint_colour"),
        (broken(BlackAndWhite(), tint_colour=[0, 0, math.nan]), "tint_colour"),
        (broken(PhotoFilter(), density=0), "density"),
        (broken(ChannelMixer(), red=[201, 0, 0, 0]), "red"),
        (broken(Invert(), amount=1), "amount"),
        (broken(Posterize(), levels=1), "levels"),
        (broken(Threshold(), level=256), "level"),
        (broken(GradientMap(), stops=[GradientStop().to_dict()]), "2 to 256"),
        (broken(GradientMap(), stops=[GradientStop().to_dict()] * 257), "2 to 256"),
        (broken(GradientMap(), stops=[GradientStop(9).to_dict(), GradientStop(8).to_dict()]), "ascending"),
    ],
)
def test_decode_rejects_with_one_short_line(plain, told):
    with pytest.raises(ValueError) as caught:
        decode(plain)
    message = str(caught.value)
    assert told in message and "\n" not in message and len(message) < 160


def test_constructor_rejects_as_a_file_does():
    with pytest.raises(ValueError, match=r"^gamma must be a number from 0\.01 to 9\.99$"):
        LevelsChannel(gamma=0.0)
    with pytest.raises(ValueError, match=r"^rgb must be a LevelsChannel$"):
        Levels(5)
    with pytest.raises(ValueError, match=r"^rgb must be a tuple$"):
        Curves([(0, 0), (255, 255)])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(BUSY), st.data())
def test_a_dict_with_one_value_replaced_is_decoded_or_a_value_error(adjustment, data):
    plain = json.loads(json.dumps(encode(adjustment)))
    target = plain
    while True:  # down to any one value
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(target[key], dict | list) or not target[key] or data.draw(st.booleans()):
            break
        target = target[key]
    target[key] = data.draw(JSON)
    try:
        back = decode(plain)
    except ValueError as error:
        assert "\n" not in str(error)
        return
    out = back.apply(colours(20))
    assert np.isfinite(out).all() and out.min() >= 0 and out.max() <= 1

"""Adjustment layers: every parameter through a file and back, and as psd-tools reads the blocks."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psd_sources import KEPT_ADJUSTMENTS, opened

from editor.document.adjustments import (
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
    Levels,
    LevelsChannel,
    PhotoFilter,
    Posterize,
    Threshold,
    Vibrance,
)
from editor.document.adjustments.parameters import Flag, Items, Number, Record
from editor.document.files import psd
from editor.document.layers import AdjustmentLayer
from editor.document.model import Document


def saved(adjustment, folder):
    layers = [AdjustmentLayer("One", adjustment)]
    psd.write(Document(4, 4, np.uint8, layers), folder / "a.psd")
    return folder / "a.psd"


def values(rule):
    """Anything that a rule of a parameter allows; what PSD rounds, already rounded."""
    if isinstance(rule, Flag):
        return st.booleans()
    if isinstance(rule, Items):
        return st.lists(values(rule.rule), min_size=rule.low, max_size=min(rule.high, max(rule.low, 5))).map(
            tuple
        )
    if isinstance(rule, Record):
        return made(rule.type)
    assert isinstance(rule, Number)
    if rule.whole:
        return st.integers(int(rule.low), int(rule.high))
    if (rule.low, rule.high) == (0, 1):  # of a colour
        return st.integers(0, 255).map(lambda level: level / 255)
    low, high = max(rule.low, 0.1 if rule.low == 0.01 else rule.low), rule.high
    return st.integers(round(low * 100), round(high * 100)).map(lambda hundredths: hundredths / 100)


@st.composite
def made(draw, kind):
    while True:
        chosen = {each.name: draw(values(each.metadata["rule"])) for each in fields(kind)}
        if kind is Curves:
            chosen = {name: tuple(sorted(dict(points).items())) for name, points in chosen.items()}
            chosen = {name: points for name, points in chosen.items() if len(points) > 1}
        if kind is GradientMap:
            chosen["stops"] = tuple(sorted(chosen["stops"], key=lambda stop: stop.position))
        if kind is ChannelMixer and not chosen["monochrome"] and not any(chosen["grey"]):
            continue
        try:
            return kind(**chosen)
        except ValueError:
            continue


def plain(adjustment):
    """What PSD keeps of it: it has one hue for two names of a colour, and no weights it does not use."""
    if isinstance(adjustment, HueSaturation) and adjustment.colorize_hue == 360:
        return {**adjustment.to_dict(), "colorize_hue": 0}
    if isinstance(adjustment, ChannelMixer) and adjustment.monochrome:
        return {"grey": list(adjustment.grey)}
    return adjustment.to_dict()


@pytest.mark.parametrize("kind", KEPT_ADJUSTMENTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.large_base_example])
@given(data=st.data())
def test_every_parameter_comes_back(tmp_path_factory, kind, data):
    adjustment = data.draw(made(kind))
    document, notes = psd.read(saved(adjustment, tmp_path_factory.mktemp("psd")))
    (layer,) = document.layers
    assert notes == ()
    assert type(layer.adjustment) is kind
    _assert_near(plain(layer.adjustment), plain(adjustment))


def _assert_near(one, other):
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            _assert_near(one[key], other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for mine, yours in zip(one, other, strict=True):
            _assert_near(mine, yours)
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=1e-5)  # colours have 16 bits
    else:
        assert one == other


def seen(adjustment, folder):
    """psd-tools' layer for it."""
    (layer,) = opened(saved(adjustment, folder))
    return layer


def test_psd_tools_reads_brightness_and_contrast(tmp_path):
    layer = seen(BrightnessContrast(-120, 45), tmp_path)
    assert (layer.brightness, layer.contrast, layer.use_legacy, layer.mean) == (-120, 45, False, 127)
    layer = seen(BrightnessContrast(-70, -80, legacy=True), tmp_path)
    assert (layer.brightness, layer.contrast, layer.use_legacy) == (-70, -80, True)


def test_psd_tools_reads_levels(tmp_path):
    layer = seen(Levels(LevelsChannel(10, 240, 1.25, 5, 250), blue=LevelsChannel(gamma=0.5)), tmp_path)
    records = [
        (r.input_floor, r.input_ceiling, r.output_floor, r.output_ceiling, r.gamma) for r in layer.data
    ]
    assert len(records) == 29
    assert records[:4] == [
        (10, 240, 5, 250, 125),
        (0, 255, 0, 255, 100),
        (0, 255, 0, 255, 100),
        (0, 255, 0, 255, 50),
    ]


def test_psd_tools_reads_curves(tmp_path):
    layer = seen(Curves(rgb=((0, 9), (128, 90), (255, 240)), green=((3, 0), (200, 255))), tmp_path)
    curves = {item.channel_id: item.points for item in layer.extra}
    assert curves[0] == [(9, 0), (90, 128), (240, 255)]  # the output first
    assert curves[2] == [(0, 3), (255, 200)]
    assert layer.data.data == [curves[number] for number in range(4)]


def test_psd_tools_reads_exposure(tmp_path):
    layer = seen(Exposure(-1.5, 0.25, 0.75), tmp_path)
    assert (layer.exposure, layer.exposure_offset, layer.gamma) == (-1.5, 0.25, 0.75)


def test_psd_tools_reads_vibrance(tmp_path):
    layer = seen(Vibrance(-40, 60), tmp_path)
    assert (layer.vibrance, layer.saturation) == (-40, 60)


def test_psd_tools_reads_hue_and_saturation(tmp_path):
    reds = HueRange((300, 330, 20, 60), 15, -20, 25)
    others = HueSaturation().ranges[1:]
    layer = seen(HueSaturation(-170, 30, -5, (reds, *others), True, 200, 40, 10), tmp_path)
    assert (layer.enable_colorization, layer.colorization, layer.master) == (
        1,
        (-160, 40, 10),
        (-170, 30, -5),
    )
    assert [tuple(map(tuple, each)) for each in layer.data[:2]] == [
        ((300, 330, 20, 60), (15, -20, 25)),
        ((15, 45, 75, 105), (0, 0, 0)),
    ]


def test_psd_tools_reads_colour_balance(tmp_path):
    layer = seen(ColourBalance((1, -2, 3), (-100, 50, 100), (7, 8, -9), preserve_luminosity=False), tmp_path)
    assert (layer.shadows, layer.midtones, layer.highlights) == ((1, -2, 3), (-100, 50, 100), (7, 8, -9))
    assert layer.luminosity == 0


def test_psd_tools_reads_black_and_white(tmp_path):
    layer = seen(BlackAndWhite(-200, 1, 2, 3, 4, 300, True, (1.0, 0.0, 0.2)), tmp_path)
    found = (layer.red, layer.yellow, layer.green, layer.cyan, layer.blue, layer.magenta)
    assert found == (-200, 1, 2, 3, 4, 300)
    assert layer.use_tint
    assert [float(layer.tint_color[key]) for key in (b"Rd  ", b"Grn ", b"Bl  ")] == [255, 0, 51]


def test_psd_tools_reads_a_photo_filter(tmp_path):
    layer = seen(PhotoFilter((1.0, 0.5, 0.0), 80, False), tmp_path)
    assert (layer.color_space, layer.color_components) == (0, (65535, 32768, 0, 0))
    assert (layer.density, layer.luminosity) == (80, 0)


def test_psd_tools_reads_a_channel_mixer(tmp_path):
    layer = seen(ChannelMixer((90, -20, 30, 5), (0, 100, 0, 0), (1, 2, 3, 4)), tmp_path)
    assert (layer.monochrome, layer.data) == (0, [90, -20, 30, 0, 5])
    layer = seen(ChannelMixer(grey=(50, 60, -10, 2), monochrome=True), tmp_path)
    assert (layer.monochrome, layer.data) == (1, [50, 60, -10, 0, 2])


def test_psd_tools_reads_a_gradient_map(tmp_path):
    stops = (GradientStop(0, (0.0, 0.0, 1.0)), GradientStop(1000, (1.0, 0.5, 0.0), 30), GradientStop(4096))
    layer = seen(GradientMap(stops, reverse=True), tmp_path)
    assert layer.reversed == 1
    found = [(stop.location, stop.midpoint, stop.mode, stop.color[:3]) for stop in layer.color_stops]
    assert found == [
        (0, 50, 0, (0, 0, 65535)),
        (1000, 30, 0, (65535, 32768, 0)),
        (4096, 50, 0, (0, 0, 0)),
    ]
    assert [(stop.location, stop.opacity) for stop in layer.transparency_stops] == [(0, 100), (4096, 100)]


def test_psd_tools_reads_posterize_and_threshold(tmp_path):
    assert seen(Posterize(7), tmp_path).posterize == 7
    assert seen(Threshold(200), tmp_path).threshold == 200

"""Gradients against their formulas in float64."""

import math

import numpy as np
import pytest

from editor.document import paint, select
from editor.document.layers import LayerMask, Lock
from editor.document.model import Locked
from tests.document.painting.truth import blank, over

START, END = (100.5, 420.25), (310.0, 300.0)
TWO = [(0, (0.9, 0.1, 0.3)), (1, (0.1, 0.7, 0.5))]
MANY = [(0.8, (0, 0, 1, 0.25)), (0.1, (1, 0, 0)), (0.3, (0, 1, 0, 1)), (0.3, (1, 1, 0, 0.5))]


def position(kind, width=600, height=520):
    """Where a pixel's centre is between start and end, from the definitions."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    x, y = columns - START[0], rows - START[1]
    away = np.array(END) - START
    length = np.hypot(*away)
    along, across = (x * away[0] + y * away[1]) / length**2, (y * away[0] - x * away[1]) / length**2
    if kind == "angle":  # counter-clockwise as it is seen, where y runs down
        turn = np.arctan2(-y, x) - math.atan2(-away[1], away[0])
        return turn % (2 * math.pi) / (2 * math.pi)
    return {
        "linear": along,
        "reflected": np.abs(along),
        "radial": np.hypot(x, y) / length,
        "diamond": np.abs(along) + np.abs(across),
    }[kind]


def colours(share, stops):
    """RGBA, 0..1, by np.interp; of two stops at one place the later holds from there on."""
    ordered = sorted(stops, key=lambda stop: stop[0])
    places = [place for place, _ in ordered]
    full = np.array([(*colour, 1.0)[:4] for _, colour in ordered])
    nudged = np.array(places, float)
    for number in range(1, len(nudged)):
        if nudged[number] == places[number - 1]:
            nudged[number - 1] -= 1e-12
    return np.stack([np.interp(share, nudged, full[:, channel]) for channel in range(4)], axis=-1)


@pytest.mark.parametrize("kind", paint.GRADIENTS)
@pytest.mark.parametrize("stops", [TWO, MANY])
@pytest.mark.parametrize("reverse", [False, True])
def test_sixteen_bits_follow_the_formula(kind, stops, reverse):
    document, layer = blank(dtype=np.uint16)
    paint.gradient(document, layer, START, END, stops, kind, reverse=reverse)
    share = position(kind)
    expected = colours(1 - share if reverse else share, stops)
    after = layer.image.read(document.rect) / 65535
    # Rounding and, at hard edges or where a full turn ends, pixels that may fall to either side.
    off = np.abs(after - expected).max(axis=2)
    assert np.count_nonzero(off > 3e-5) <= (600 if stops is MANY or kind == "angle" else 0)
    assert np.median(off) < 1e-5
    assert [entry.name for entry in document.history.entries] == ["Gradient"]
    document.undo()
    assert not layer.image.tiles


@pytest.mark.parametrize("dither", [False, True])
def test_eight_bits(dither):
    document, layer = blank()
    paint.gradient(document, layer, START, END, TWO, dither=dither)
    exact = colours(position("linear"), TWO) * 255
    after = layer.image.read(document.rect)
    off = np.abs(after - exact)
    assert off.max() < (1.001 if dither else 0.501)
    assert (after[..., 3] == 255).all()


def test_dithering_leaves_no_bands():
    """Ten steps over 600 pixels: means over small blocks follow the exact ramp, runs are short."""

    def painted(dither):
        document, layer = blank()
        paint.gradient(
            document, layer, (0, 0), (600, 0), [(0, (0.5,) * 3), (1, (0.5 + 10 / 255,) * 3)], dither=dither
        )
        return layer.image.read(document.rect)

    exact = 127.5 + 10 * (np.arange(600) + 0.5) / 600
    dithered, plain = painted(True), painted(False)
    assert (dithered[..., 0] == dithered[..., 1]).all()  # grey stays grey
    ramp = exact[:592].reshape(37, 16).mean(axis=1)

    def off(pixels):
        return np.abs(pixels[:512, :592, 0].reshape(32, 16, 37, 16).mean(axis=(1, 3)) - ramp).max()

    assert off(dithered) < 0.08
    assert off(plain) > 0.3
    changes = np.abs(np.diff(dithered[..., 0].astype(int), axis=1)) > 0
    assert changes.mean() > 0.2
    assert (np.diff(plain[0, :, 0].astype(int)) != 0).sum() == 9


def test_solid_colours_are_not_dithered():
    document, layer = blank()
    paint.gradient(document, layer, (200, 0), (400, 0), [(0, (1, 0, 0)), (1, (0, 0.2, 1))])
    after = layer.image.read(document.rect)
    assert (after[:, :200] == (255, 0, 0, 255)).all()
    assert (after[:, 400:] == (0, 51, 255, 255)).all()


def test_foreground_to_transparent_within_the_selection(make_document):
    document = make_document(600, 520, alpha=True)
    layer = document.layers[0]
    before = layer.image.read(document.rect)
    select.ellipse(document, (60, 70, 420, 400))
    select.feather(document, 20)
    chosen = document.selection.read(document.rect)[..., 0] / 255
    stops = [(0, (0.2, 0.4, 0.6)), (1, (0.2, 0.4, 0.6, 0))]
    paint.gradient(document, layer, START, END, stops, "radial", opacity=0.7)
    after = layer.image.read(document.rect)
    strength = (1 - position("radial")).clip(0, 1) * 0.7 * chosen
    expected = over(before, stops[0][1], strength)
    visible = after[..., 3] > 0
    assert np.abs(after[..., 3] - expected[..., 3]).max() < 1.01
    assert np.abs(after - expected)[visible & (expected[..., 3] > 2)].max() < 1.01
    untouched = strength == 0
    assert untouched.any()
    assert (after[untouched] == before[untouched]).all()
    document.undo()
    assert (layer.image.read(document.rect) == before).all()


def test_locks(make_document):
    document = make_document(300, 280, alpha=True)
    layer = document.layers[0]
    before = layer.image.read(document.rect)
    layer.lock = Lock.ALPHA
    paint.gradient(document, layer, START, END, TWO)
    after = layer.image.read(document.rect)
    assert (after[..., 3] == before[..., 3]).all()
    assert (after[before[..., 3] == 0] == before[before[..., 3] == 0]).all()
    assert (after != before).any()
    layer.lock = Lock.PIXELS
    with pytest.raises(Locked):
        paint.gradient(document, layer, START, END, TWO)


def test_on_a_mask(make_document):
    document = make_document(300, 280)
    layer = document.layers[0]
    layer.mask = LayerMask.revealing()
    stops = [(0, (0, 0, 0)), (1, (1, 1, 1))]
    paint.gradient(document, layer, (50, 0), (250, 0), stops, dither=False, on_mask=True)
    values = layer.mask.image.read(document.rect)[..., 0]
    exact = ((np.arange(300) + 0.5 - 50) / 200).clip(0, 1) * 255
    assert np.abs(values - exact).max() <= 0.5001
    document.undo()
    assert not layer.mask.image.tiles


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end": START}, "a start and an end"),
        ({"end": (math.nan, 3)}, "a start and an end"),
        ({"stops": TWO[:1]}, "two colours"),
        ({"stops": [(0, (1, 0)), (1, (0, 1))]}, "two colours"),
        ({"stops": [(0, (1, 0, math.inf)), TWO[1]]}, "finite"),
        ({"kind": "square"}, "square"),
        ({"on_mask": True}, "no mask"),
    ],
)
def test_what_cannot_be_painted(change, message):
    document, layer = blank()
    with pytest.raises(ValueError, match=message):
        paint.gradient(document, layer, **({"start": START, "end": END, "stops": TWO} | change))
    assert document.history.entries == []
    assert not layer.image.tiles

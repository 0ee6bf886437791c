"""Blend modes against those of psd-tools and against the text of W3C, one pixel at a time."""

import math
from itertools import product

import numpy as np
import pytest
from psd_tools.composite import blend
from psd_tools.constants import BlendMode

from editor.document.blend import MODES
from editor.document.composite import composite
from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.layers import PixelLayer
from editor.document.tiles import TiledImage, TileWriter

TOLERANCE = {np.uint8: 1, np.uint16: 4}

# --- W3C Compositing and Blending Level 1, its chapter on blending, as it is written ---


def w3c_hard_light(cb, cs):
    return cb * 2 * cs if cs <= 0.5 else cb + (2 * cs - 1) - cb * (2 * cs - 1)


def w3c_dodge(cb, cs):
    if cb == 0:
        return 0
    return 1 if cs == 1 else min(1, cb / (1 - cs))


def w3c_burn(cb, cs):
    if cb == 1:
        return 1
    return 0 if cs == 0 else 1 - min(1, (1 - cb) / cs)


def w3c_soft_light(cb, cs):
    if cs <= 0.5:
        return cb - (1 - 2 * cs) * cb * (1 - cb)
    d = ((16 * cb - 12) * cb + 4) * cb if cb <= 0.25 else math.sqrt(cb)
    return cb + (2 * cs - 1) * (d - cb)


SEPARABLE = {
    "normal": lambda cb, cs: cs,
    "multiply": lambda cb, cs: cb * cs,
    "screen": lambda cb, cs: 1 - (1 - cb) * (1 - cs),
    "overlay": lambda cb, cs: w3c_hard_light(cs, cb),
    "darken": min,
    "lighten": max,
    "color-dodge": w3c_dodge,
    "color-burn": w3c_burn,
    "hard-light": w3c_hard_light,
    "soft-light": w3c_soft_light,
    "difference": lambda cb, cs: abs(cb - cs),
    "exclusion": lambda cb, cs: cb + cs - 2 * cb * cs,
}


def lum(c):
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def sat(c):
    return max(c) - min(c)


def clip_color(c):
    light, least, most = lum(c), min(c), max(c)
    if least < 0:
        c = [light + (each - light) * light / (light - least) for each in c]
    if most > 1:
        c = [light + (each - light) * (1 - light) / (most - light) for each in c]
    return c


def set_lum(c, light):
    return clip_color([each + light - lum(c) for each in c])


def set_sat(c, wanted):
    least, middle, most = sorted(range(3), key=lambda i: c[i])
    out = [0.0, 0.0, 0.0]
    if c[most] > c[least]:
        out[middle] = (c[middle] - c[least]) * wanted / (c[most] - c[least])
        out[most] = wanted
    return out


NON_SEPARABLE = {
    "hue": lambda cb, cs: set_lum(set_sat(cs, sat(cb)), lum(cb)),
    "saturation": lambda cb, cs: set_lum(set_sat(cb, sat(cs)), lum(cb)),
    "color": lambda cb, cs: set_lum(cs, lum(cb)),
    "luminosity": lambda cb, cs: set_lum(cb, lum(cs)),
}


# --- pictures ---


def colours(random, height, width, dtype):
    """Any values, the ends and the middle of the range often, and some greys."""
    maximum = np.iinfo(dtype).max
    pixels = random.integers(0, maximum, (height, width, 3), dtype, endpoint=True)
    special = np.array([0, 1, maximum // 2, maximum // 2 + 1, maximum - 1, maximum], dtype)
    often = random.random(pixels.shape) < 0.3
    pixels[often] = random.choice(special, np.count_nonzero(often))
    grey = random.random((height, width)) < 0.1
    pixels[grey] = pixels[grey][:, :1]
    return pixels


def with_alpha(pixels, alpha):
    plane = np.broadcast_to(np.asarray(alpha, pixels.dtype), pixels.shape[:2])[..., None]
    return np.concatenate([pixels, plane], axis=2)


def shown(below, above, mode, opacity=1.0):
    layers = (
        PixelLayer("below", TiledImage.from_array(below)),
        PixelLayer("above", TiledImage.from_array(above), opacity=opacity, blend_mode=mode),
    )
    return composite(layers, Rect(0, 0, below.shape[1], below.shape[0]), below.dtype)


def expected(below, above, blended, opacity, maximum):
    """W3C's co = cs·as·(1-ab) + cb·ab·(1-as) + as·ab·B, back to straight alpha, in float64."""
    cb, cs = below[..., :3] / maximum, above[..., :3] / maximum
    ab, a_s = below[..., 3:] / maximum, above[..., 3:] / maximum * opacity
    alpha = a_s + ab * (1 - a_s)
    colour = cs * a_s * (1 - ab) + cb * ab * (1 - a_s) + a_s * ab * blended
    colour = np.divide(colour, alpha, out=np.zeros_like(colour), where=alpha > 0)
    return np.concatenate([colour, alpha], axis=2) * maximum


def by_psd_tools(below, above, mode):
    function = blend.BLEND_FUNC[getattr(BlendMode, mode.replace("-", "_").upper())]
    maximum = np.iinfo(below.dtype).max
    cb, cs = ((each[..., :3] / maximum).astype(np.float32) for each in (below, above))
    return function(cb, cs).astype(np.float64)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("mode", MODES)
def test_as_psd_tools_does(mode, dtype, monkeypatch):
    # What psd-tools adds to a divisor to keep it from 0 would show in 16 bits: 4 steps of a color burn.
    monkeypatch.setattr(blend, "_FLOAT_EPSILON", 1e-12)
    random, maximum = np.random.default_rng(7), np.iinfo(dtype).max
    below, above = (colours(random, 150, 130, dtype) for _ in range(2))
    alphas = (maximum, maximum // 2, random.integers(1, maximum, (150, 130), dtype, endpoint=True))
    for below_alpha, above_alpha, opacity in product(alphas, alphas, (1.0, 0.5)):
        lower, upper = with_alpha(below, below_alpha), with_alpha(above, above_alpha)
        got = shown(lower, upper, mode, opacity)
        assert got.dtype == dtype
        wanted = expected(lower, upper, by_psd_tools(lower, upper, mode), opacity, maximum)
        assert np.abs(got - wanted).max() <= TOLERANCE[dtype]


@pytest.mark.parametrize("mode", SEPARABLE)
def test_all_pairs_of_8_bit_values_as_w3c_writes_them(mode):
    below, above = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    lower, upper = (with_alpha(np.repeat(each[..., None], 3, 2), 255) for each in (below, above))
    blended = [
        SEPARABLE[mode](int(cb) / 255, int(cs) / 255)
        for cb, cs in zip(below.ravel(), above.ravel(), strict=True)
    ]
    got = shown(lower, upper, mode)
    assert np.abs(got[..., :3] - 255 * np.reshape(blended, (256, 256, 1))).max() <= 1
    assert (got[..., 3] == 255).all()


@pytest.mark.parametrize("mode", NON_SEPARABLE)
def test_colours_as_w3c_writes_them(mode):
    random = np.random.default_rng(3)
    below, above = (colours(random, 60, 60, np.uint8) for _ in range(2))
    lower, upper = with_alpha(below, 255), with_alpha(above, 128)
    pairs = zip((below / 255).reshape(-1, 3).tolist(), (above / 255).reshape(-1, 3).tolist(), strict=True)
    blended = np.reshape([NON_SEPARABLE[mode](cb, cs) for cb, cs in pairs], below.shape)
    wanted = expected(lower, upper, blended, 1.0, 255)
    assert np.abs(shown(lower, upper, mode) - wanted).max() <= 1


@pytest.mark.parametrize("mode", MODES)
def test_ends_of_the_range(mode):
    corners = np.array(list(product((0, 0.25, 0.5, 1), repeat=3)), np.float32)
    pairs = np.array(list(product(corners, corners)))
    backdrop, source = pairs[:, 0].copy(), pairs[:, 1].copy()
    kept = backdrop.copy(), source.copy()
    result = MODES[mode](backdrop, source)
    assert result.dtype == np.float32
    assert result.shape == backdrop.shape
    assert (result >= 0).all()
    assert (result <= 1).all()
    np.testing.assert_array_equal((backdrop, source), kept)


@pytest.mark.parametrize(
    ("mode", "neutral"),
    [
        ("darken", 255),
        ("multiply", 255),
        ("color-burn", 255),
        ("linear-burn", 255),
        ("lighten", 0),
        ("screen", 0),
        ("color-dodge", 0),
        ("linear-dodge", 0),
        ("difference", 0),
        ("exclusion", 0),
        ("subtract", 0),
        ("divide", 255),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_neutral_layer_changes_nothing(mode, neutral, dtype):
    below = with_alpha(colours(np.random.default_rng(1), 70, 60, dtype), np.iinfo(dtype).max)
    above = with_alpha(np.full((70, 60, 3), neutral * (np.iinfo(dtype).max // 255), dtype), below[..., 3])
    assert shown(below, above, mode).tobytes() == below.tobytes()


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("mode", MODES)
def test_nothing_changes_where_the_top_is_clear(make_document, mode, bits):
    document = make_document(300, 60, bits=bits, alpha=True, seed=5)
    before = document.composite(document.rect)
    above = make_document(300, 60, bits=bits, alpha=True, seed=6).composite(document.rect)
    clear = above[..., 3] == 0
    assert before[clear][before[clear][:, 3] == 0][:, :3].any()
    for opacity in (1.0, 0.4):
        assert shown(before, above, mode, opacity)[clear].tobytes() == before[clear].tobytes()


@pytest.mark.parametrize("mode", MODES)
def test_over_nothing_every_mode_is_normal(make_document, mode):
    document = make_document(50, 40, alpha=True)
    pixels = document.composite(document.rect)
    for opacity in (1.0, 0.6):
        document.layers[0].opacity = opacity
        document.layers[0].blend_mode = "normal"
        alone = document.composite(document.rect).tobytes()
        document.layers[0].blend_mode = mode
        assert document.composite(document.rect).tobytes() == alone
    hidden = PixelLayer("hidden", TiledImage.from_array(pixels), visible=False)
    assert composite((hidden, *document.layers), document.rect, document.dtype).tobytes() == alone
    over_clear = shown(np.zeros_like(pixels), pixels, mode)
    np.testing.assert_array_equal(over_clear[pixels[..., 3] > 0], pixels[pixels[..., 3] > 0])


@pytest.mark.parametrize("mode", MODES)
def test_grey_stays_grey(make_document, mode):
    below, above = make_document(60, 50, grey=True), make_document(60, 50, grey=True, alpha=True, seed=1)
    above.layers[0].opacity, above.layers[0].blend_mode = 0.43, mode
    image = composite((*below.layers, *above.layers), below.rect, below.dtype)
    assert (image[..., :1] == image[..., :3]).all()
    assert (image[..., 3] == 255).all()


def test_a_change_of_mode_is_an_entry_and_paints_what_the_layer_covers(make_document):
    document = make_document(600, 300)
    image = TiledImage(4, np.uint8)
    TileWriter(image).write(Rect(10, 10, 20, 20), np.full((20, 20, 4), 200, np.uint8))
    layer = PixelLayer("above", image)
    document.set_layers((*document.layers, layer), "Add")
    before, told = document.composite(document.rect), []
    document.observers.append(told.append)
    document.set_layer(layer, "blend_mode", "multiply", "Blend mode")
    after = document.composite(document.rect)
    assert after.tobytes() != before.tobytes()
    assert (told[0].area, told[0].parts) == (image.filled(), Part.LAYERS | Part.PIXELS)
    snapshot = document.snapshot()
    document.undo()
    assert layer.blend_mode == "normal"
    assert document.composite(document.rect).tobytes() == before.tobytes()
    assert snapshot.composite(snapshot.rect).tobytes() == after.tobytes()

"""Groups, clipping, layer masks and adjustments, against PDF's formulas written out for one pixel.

The reference works in float64 with premultiplied colours (ISO 32000, 11.4), where the program works with
straight ones, and calls the blend modes, which have tests of their own, with one pixel at a time.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document.adjustments import Curves, Invert, Levels, LevelsChannel
from editor.document.blend import MODES
from editor.document.composite import composite
from editor.document.geometry import Rect
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, LayerMask, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage

SIDE = 5
AREA = Rect(254, 254, SIDE, SIDE)  # four tiles meet in it
ADJUSTMENTS = (Invert(), Levels(red=LevelsChannel(gamma=2)), Curves(rgb=((0, 20), (128, 90), (255, 240))))


def blended(mode, backdrop, source):
    both = (np.array(each, np.float32).reshape(3, 1, 1) for each in (backdrop, source))
    return MODES[mode](*both).reshape(3).astype(np.float64)


def straight(colour, alpha):
    return colour / alpha if alpha > 0 else np.zeros(3)


def over(below, source, alpha, mode):
    """(premultiplied colour, alpha) with a straight ``source`` of ``alpha`` over it."""
    colour, backed = below
    mixed = (1 - backed) * source + backed * blended(mode, straight(colour, backed), source)
    return colour * (1 - alpha) + mixed * alpha, backed + alpha - backed * alpha


def adjusted(adjustment, colour):
    return adjustment.apply(np.array(colour, np.float32).reshape(3, 1, 1)).reshape(3).astype(np.float64)


def share(layer, x, y):
    if not layer.visible:
        return 0.0
    if layer.mask is None or not layer.mask.enabled:
        return layer.opacity
    return layer.opacity * layer.mask.image.read(Rect(x, y, 1, 1))[0, 0, 0] / 255


def stacked(layers, x, y, below, maximum):
    layers = list(layers)
    while layers:
        base, clipped = layers.pop(0), []
        while layers and layers[0].clipping:
            clipped.append(layers.pop(0))
        below = put(base, clipped, x, y, below, maximum)
    return below


def put(base, clipped, x, y, below, maximum):
    part = share(base, x, y)
    if part == 0:
        return below
    passes = isinstance(base, Group) and base.blend_mode == PASS_THROUGH
    if passes and not clipped:
        after = stacked(base.children, x, y, below, maximum)
        return tuple((1 - part) * old + part * new for old, new in zip(below, after, strict=True))
    if isinstance(base, AdjustmentLayer):
        if below[1] == 0:
            return below
        source = adjusted(base.adjustment, straight(*below))
        source = within(source, clipped, x, y, maximum)
        mixed = blended(base.blend_mode, straight(*below), source)
        return below[0] * (1 - part) + mixed * below[1] * part, below[1]
    if isinstance(base, Group):
        colour, alpha = stacked(base.children, x, y, (np.zeros(3), 0.0), maximum)
        source = straight(colour, alpha)
    else:
        pixel = base.image.read(Rect(x, y, 1, 1))[0, 0] / maximum
        source, alpha = pixel[:3], pixel[3]
    source = within(source, clipped, x, y, maximum)
    return over(below, source, alpha * part, "normal" if passes else base.blend_mode)


def within(source, clipped, x, y, maximum):
    """The colour of a base once what is clipped to it is blended into it, as if it were opaque."""
    for layer in clipped:
        source, _ = put(layer, [], x, y, (source, 1.0), maximum)
    return source


seeds = st.integers(0, 2**32 - 1)
opacities = st.sampled_from([1.0, 0.6, 0.3])
modes = st.sampled_from(["normal", "multiply", "screen", "soft-light", "difference", "luminosity"])


def plane(seed, channels, dtype, default=0):
    """Noise whose last channel is often 0 or full, over part of the area or all of it."""
    random = np.random.default_rng(seed)
    maximum = np.iinfo(dtype).max
    width, height = random.integers(1, SIDE + 3, 2)
    pixels = random.integers(0, maximum, (height, width, channels), dtype, endpoint=True)
    kind = random.integers(0, 3, (height, width))
    pixels[..., -1] = np.choose(kind, [0, pixels[..., -1], maximum])
    x, y = (int(value) for value in random.integers(AREA.x - 2, AREA.x + 2, 2))
    return TiledImage.from_array(pixels, x, y, default=default)


def masks():
    made = st.builds(
        lambda seed, default, enabled: LayerMask(plane(seed, 1, np.uint8, default), enabled),
        seeds,
        st.sampled_from([0, 255, 90]),
        st.sampled_from([True, True, False]),
    )
    return st.none() | made


def common(mode=modes):
    return {
        "opacity": opacities,
        "blend_mode": mode,
        "clipping": st.sampled_from([False, False, True]),
        "mask": masks(),
        "visible": st.sampled_from([True, True, True, False]),
    }


def trees(dtype):
    pixels = st.builds(
        lambda seed, **rest: PixelLayer("pixels", plane(seed, 4, dtype), **rest), seeds, **common()
    )
    adjustment = st.builds(
        lambda adjustment, **rest: AdjustmentLayer("adjustment", adjustment, **rest),
        st.sampled_from(ADJUSTMENTS),
        **common(),
    )
    leaves = pixels | pixels | adjustment
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            lambda children, **rest: Group("group", children, **rest),
            st.lists(inner, min_size=1, max_size=4),
            **common(modes | st.just(PASS_THROUGH) | st.just(PASS_THROUGH)),
        ),
        max_leaves=7,
    )


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.uint8, 1), (np.uint16, 4)])
def test_any_tree(dtype, tolerance):
    maximum = np.iinfo(dtype).max

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(st.lists(trees(dtype), min_size=1, max_size=5))
    def check(layers):
        layers[0].clipping = False  # there is nothing to be clipped to
        got = composite(layers, AREA, dtype).astype(np.float64)
        for y in range(AREA.height):
            for x in range(AREA.width):
                below = (np.zeros(3), 0.0)
                colour, alpha = stacked(layers, AREA.x + x, AREA.y + y, below, maximum)
                assert abs(got[y, x, 3] - alpha * maximum) <= tolerance
                if alpha > 0.02:
                    assert np.abs(got[y, x, :3] - straight(colour, alpha) * maximum).max() <= tolerance

    check()


def test_a_group_whose_opacity_is_full_and_passes_through_is_as_if_it_were_not_there(make_document):
    lower, upper, top = (make_document(40, 30, alpha=True, seed=seed).layers[0] for seed in range(3))
    upper.blend_mode, top.blend_mode = "multiply", "screen"
    rect = Rect(0, 0, 40, 30)
    flat = composite([lower, upper, top], rect, np.uint8)
    assert composite([lower, Group("g", [upper, top])], rect, np.uint8).tobytes() == flat.tobytes()
    isolated = composite([lower, Group("g", [upper, top], blend_mode="normal")], rect, np.uint8)
    assert isolated.tobytes() != flat.tobytes()


def test_what_is_clipped_shows_only_where_its_base_does(make_document):
    base, clipped = (make_document(60, 50, alpha=True, seed=seed).layers[0] for seed in range(2))
    clipped.clipping = True
    rect = Rect(0, 0, 60, 50)
    alone = composite([base], rect, np.uint8)
    both = composite([base, clipped], rect, np.uint8)
    np.testing.assert_array_equal(both[..., 3], alone[..., 3])
    assert (both[..., :3] != alone[..., :3]).any()
    base.visible = False
    assert not composite([base, clipped], rect, np.uint8).any()


@pytest.mark.parametrize("bits", [8, 16])
def test_an_adjustment_keeps_alpha_and_what_its_mask_hides(make_document, bits):
    document = make_document(300, 270, bits=bits, alpha=True)
    before = document.composite(document.rect)
    mask = LayerMask(TiledImage.from_array(np.full((100, 270, 1), 255, np.uint8)))
    layer = AdjustmentLayer("Invert", Invert(), mask=mask)
    document.set_layers((*document.layers, layer), "Add")
    after = document.composite(document.rect)
    np.testing.assert_array_equal(after[..., 3], before[..., 3])
    assert after[100:].tobytes() == before[100:].tobytes()
    np.testing.assert_array_equal(after[:100, :270, :3], document.maximum - before[:100, :270, :3])


def test_large_and_small_areas_come_out_the_same():
    random = np.random.default_rng(3)
    layers = []
    for index, mode in enumerate(("normal", "multiply", "overlay")):
        pixels = random.integers(0, 255, (1100, 1200, 4), np.uint8, endpoint=True)
        layers.append(PixelLayer(mode, TiledImage.from_array(pixels), blend_mode=mode, opacity=1 - index / 4))
    document = Document(1200, 1100, np.uint8, [*layers, AdjustmentLayer("c", ADJUSTMENTS[2], opacity=0.5)])
    whole = document.composite(document.rect)  # in threads
    for area in (Rect(200, 300, 120, 90), Rect(250, 250, 300, 400), Rect(0, 0, 1200, 1)):
        assert document.composite(area).tobytes() == np.ascontiguousarray(whole[area.slices]).tobytes()

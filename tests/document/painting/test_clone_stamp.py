"""The clone stamp against slicing the picture as it was."""

import numpy as np
import pytest

from editor.document import paint, select
from editor.document.adjustments import Invert
from editor.document.composite import composite
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Locked
from editor.document.tiles import TiledImage
from tests.document.painting.truth import over

EVERYTHING = 3000  # a tip of this size covers the test pictures


def stamped(document, layer, offset, size=EVERYTHING, at=(150, 140), **options):
    stroke = paint.CloneStroke(document, layer, offset, size, **options)
    stroke.dab(*at)
    stroke.commit()


def moved(pixels, dx, dy):
    """``pixels`` as they are seen at an offset; transparent beyond."""
    out = np.zeros_like(pixels)
    height, width = pixels.shape[:2]
    to = slice(max(-dy, 0), min(height - dy, height)), slice(max(-dx, 0), min(width - dx, width))
    out[to] = pixels[max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)]
    return out


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("offset", [(40, -25), (-270, 3), (0.4, 60.6)])
def test_a_hard_stamp_copies_bytes(make_document, bits, offset):
    document = make_document(300, 280, bits=bits)
    layer = document.layers[0]
    before = layer.image.read(document.rect)
    stroke = paint.CloneStroke(document, layer, offset, 60)
    stroke.dab(150, 140)
    stroke.commit()
    after = layer.image.read(document.rect)
    dx, dy = round(offset[0]), round(offset[1])
    rows, columns = np.ogrid[:280, :300]
    distance = np.hypot(columns + 0.5 - 150, rows + 0.5 - 140)
    copied = moved(before, dx, dy)
    inside = (distance < 29) & (copied[..., 3] > 0)
    assert inside.any() == (abs(dx) < 180)
    assert (after[inside] == copied[inside]).all()
    outside = (distance > 31) | (copied[..., 3] == 0)
    assert (after[outside] == before[outside]).all()
    if inside.any():
        assert [entry.name for entry in document.history.entries] == ["Clone stamp"]
        document.undo()
    assert (layer.image.read(document.rect) == before).all()


def test_the_source_is_what_was_there_when_the_stroke_began(make_document):
    document = make_document(300, 280)
    layer = document.layers[0]
    before = layer.image.read(document.rect)
    stroke = paint.CloneStroke(document, layer, (-10, 0), 30)
    stroke.line_to(100, 140)
    stroke.line_to(200, 140)  # over and over what it has painted itself
    stroke.commit()
    after = layer.image.read(Rect(100, 130, 100, 20))
    assert (after == before[130:150, 90:190]).all()


@pytest.mark.parametrize("bits", [8, 16])
def test_it_paints_over_as_far_as_opacity_selection_and_the_source_say(make_document, bits):
    document = make_document(300, 280, bits=bits, alpha=True)
    layer = document.layers[0]
    before = layer.image.read(document.rect)
    select.ellipse(document, (60, 70, 220, 200))
    select.feather(document, 20)
    chosen = document.selection.read(document.rect)[..., 0] / 255
    stamped(document, layer, (25, 10), opacity=0.6)
    after = layer.image.read(document.rect)
    source = moved(before, 25, 10) / document.maximum
    expected = over(before, source[..., :3], 0.6 * chosen * source[..., 3])
    assert np.abs(after[..., 3] - expected[..., 3]).max() <= 0.51
    assert np.abs(after - expected)[after[..., 3] > 0].max() <= 0.6
    untouched = (chosen == 0) | (source[..., 3] == 0)
    assert (after[untouched] == before[untouched]).all()


def test_locked_transparency_stays(make_document):
    document = make_document(300, 280, alpha=True)
    layer = document.layers[0]
    layer.lock = Lock.ALPHA
    before = layer.image.read(document.rect)
    stamped(document, layer, (25, 10))
    after = layer.image.read(document.rect)
    assert (after[..., 3] == before[..., 3]).all()
    clear = before[..., 3] == 0
    assert (after[clear] == before[clear]).all()
    opaque = ~clear & (moved(before, 25, 10)[..., 3] == 255)
    assert (after[opaque][:, :3] == moved(before, 25, 10)[opaque][:, :3]).all()


@pytest.fixture
def stacked(make_document):
    """Several layers and groups of noise, the one to paint on in the middle of a group."""
    document = make_document(300, 280)

    def noise(seed):
        other = make_document(300, 280, alpha=True, seed=seed).layers[0]
        return PixelLayer(f"Noise {seed}", other.image, opacity=0.8)

    empty = PixelLayer("Empty", TiledImage(4, np.uint8))
    low, high = noise(1), noise(2)
    inner = Group("Inner", [low, empty, AdjustmentLayer("Invert", Invert()), high], opacity=0.7)
    under = AdjustmentLayer("Under", Invert(), opacity=0.5)
    document.layers = (*document.layers, under, inner, noise(3))
    return document, empty


@pytest.mark.parametrize("ignore_adjustments", [False, True])
def test_what_is_sampled(stacked, ignore_adjustments):
    document, layer = stacked
    background, under, inner, top = document.layers
    low, _, invert, high = inner.children

    def shown(layers):
        return composite(layers, document.rect, np.uint8)

    def part(*children):
        return Group("Part", children, opacity=0.7)

    if ignore_adjustments:
        below = shown([background, part(low, layer)])
        everything = shown([background, part(low, layer, high), top])
    else:
        below = shown([background, under, part(low, layer)])
        everything = shown(document.layers)
    assert (below != everything).any()
    for sample, expected in (("below", below), ("all", everything)):
        stamped(document, layer, (33, -7), sample=sample, ignore_adjustments=ignore_adjustments)
        after = layer.image.read(document.rect)
        assert (after == moved(expected, 33, -7)).all()
        document.undo()
        assert not layer.image.tiles
    assert invert.visible
    assert under.visible
    stamped(document, layer, (33, -7), sample="layer")
    assert not layer.image.tiles
    with pytest.raises(ValueError, match="sample"):
        paint.CloneStroke(document, layer, (1, 1), sample="above")


def test_a_mask_is_cloned_within_itself(make_document):
    document = make_document(300, 280)
    layer = document.layers[0]
    values = np.random.default_rng(0).integers(0, 256, (280, 300, 1), np.uint8)
    layer.mask = LayerMask(TiledImage.from_array(values, default=255))
    before = layer.image.read(document.rect)
    stamped(document, layer, (20, 30), on_mask=True)
    after = layer.mask.image.read(document.rect)
    assert (after[:250, :280] == values[30:, 20:]).all()
    assert (after[250:] == 255).all()
    assert (layer.image.read(document.rect) == before).all()
    document.undo()
    assert (layer.mask.image.read(document.rect) == values).all()


def test_rolled_back_it_leaves_nothing(make_document, whole):
    document = make_document(300, 280, alpha=True)
    before, tiles = whole(document), dict(document.layers[0].image.tiles)
    stroke = paint.CloneStroke(document, document.layers[0], (9, 9), 90)
    stroke.line_to(100, 100)
    stroke.line_to(200, 150)
    assert whole(document) != before
    stroke.roll_back()
    assert whole(document) == before
    assert document.layers[0].image.tiles == tiles
    assert document.history.entries == []


def test_locked_layers_are_refused(make_document):
    document = make_document()
    layer = document.layers[0]
    layer.lock = Lock.PIXELS
    for kind in (paint.CloneStroke, paint.HealStroke):
        with pytest.raises(Locked):
            kind(document, layer, (5, 5))
    adjustment = AdjustmentLayer("Adjustment", Invert())
    document.layers += (adjustment,)
    for kind in (paint.CloneStroke, paint.HealStroke):
        with pytest.raises(ValueError, match="no pixels"):
            kind(document, adjustment, (5, 5))


def test_aligned_or_not():
    aligned, fixed = paint.CloneSource(100, 50), paint.CloneSource(100, 50, aligned=False)
    assert aligned.offset(30, 20) == fixed.offset(30, 20) == (70, 30)
    assert aligned.offset(200, 200) == (70, 30)
    assert fixed.offset(200, 200) == (-100, -150)


def test_bundles_and_soft_edges(make_document):
    """Drawn in one call or in many, also across tiles."""
    way = [paint.Sample(40 + 30 * k, 60 + 25 * k, 0.4 + k / 20) for k in range(8)]
    results = []
    for bundles in ([way], [[sample] for sample in way]):
        document = make_document(300, 280)
        stroke = paint.CloneStroke(document, document.layers[0], (13, 40), 50, hardness=0, sample="all")
        for bundle in bundles:
            stroke.extend(bundle)
        stroke.commit()
        results.append(document.layers[0].image.read(document.rect))
    assert (results[0] == results[1]).all()

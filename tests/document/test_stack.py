"""Edits of the stack: what is merged looks as before, and locks, groups and clipping are minded."""

import numpy as np
import pytest

from editor.document import stack
from editor.document.adjustments import BrightnessContrast, Invert
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer, walk
from editor.document.model import Document, Locked
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage

WIDTH, HEIGHT = 300, 280


def pixel_layer(seed, name, dtype=np.uint8, *, opaque=False, box=None, **common):
    """Noise with a third clear, a third half clear and a third opaque pixels."""
    random = np.random.default_rng(seed)
    x, y, width, height = box or (0, 0, WIDTH, HEIGHT)
    maximum = np.iinfo(dtype).max
    pixels = random.integers(0, maximum, (height, width, 4), dtype, endpoint=True)
    kind = random.integers(0, 3, (height, width))
    pixels[..., 3] = np.choose(kind, [0, pixels[..., 3], maximum])
    if opaque:
        pixels[..., 3] = maximum
    return PixelLayer(name, TiledImage.from_array(pixels, x, y), **common)


def a_mask(seed=9):
    values = np.random.default_rng(seed).integers(0, 256, (200, 180, 1), np.uint8)
    return LayerMask(TiledImage.from_array(values, 40, 30, default=255))


def make(*layers, dtype=np.uint8):
    return Document(WIDTH, HEIGHT, dtype, layers)


def seen(document):
    """The picture as premultiplied values of 0..255: colours count as far as they are seen."""
    pixels = document.composite(document.rect).astype(float) / document.maximum
    pixels[..., :3] *= pixels[..., 3:]
    return pixels * 255


def names(layers):
    return [layer.name for layer in layers]


def looks_as_before(document, edit, entry):
    """``edit`` makes one entry, changes no colour by more than one of 255, and can be undone."""
    before, stack_before = seen(document), list(walk(document.layers))
    made = edit()
    assert np.abs(seen(document) - before).max() <= 1
    assert [each.name for each in document.history.entries] == [entry]
    document.undo()
    assert list(walk(document.layers)) == stack_before
    assert (seen(document) == before).all()
    document.redo()
    assert np.abs(seen(document) - before).max() <= 1
    return made


def refused(document, edit, words, error=stack.CannotMerge):
    before, stack_before = seen(document), list(walk(document.layers))
    with pytest.raises(error, match=words) as caught:
        edit()
    assert "\n" not in str(caught.value)
    assert list(walk(document.layers)) == stack_before
    assert (seen(document) == before).all()
    assert document.history.entries == []


# --- merging ---


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(
    "upper",
    [
        {},
        {"opacity": 0.4},
        {"mask": a_mask()},
        {"opacity": 0.7, "mask": a_mask(), "box": (-60, 100, 400, 300)},
    ],
)
def test_merging_down_a_normal_layer(dtype, upper):
    lower = pixel_layer(1, "Lower", dtype)
    layer = pixel_layer(2, "Upper", dtype, **upper)
    document = make(pixel_layer(0, "Base", dtype, opaque=True), lower, layer, dtype=dtype)
    merged = looks_as_before(document, lambda: stack.merge_down(document, layer), "Merge down")
    assert names(document.layers) == ["Base", "Lower"]
    assert document.layers[1] is merged


@pytest.mark.parametrize("mode", ["multiply", "screen", "luminosity", "difference"])
def test_merging_down_a_mode_onto_an_opaque_layer(mode):
    layer = pixel_layer(2, "Upper", blend_mode=mode, opacity=0.8)
    document = make(pixel_layer(1, "Lower", opaque=True), layer)
    looks_as_before(document, lambda: stack.merge_down(document, layer), "Merge down")


def test_merging_down_an_adjustment_and_a_group():
    adjustment = AdjustmentLayer("Adjustment", BrightnessContrast(40, 20), opacity=0.6, mask=a_mask())
    document = make(pixel_layer(1, "Lower", opaque=True), adjustment)
    looks_as_before(document, lambda: stack.merge_down(document, adjustment), "Merge down")
    group = Group("Group", [pixel_layer(3, "a", blend_mode="multiply"), AdjustmentLayer("b", Invert())])
    document = make(pixel_layer(1, "Lower", opaque=True), group)
    looks_as_before(document, lambda: stack.merge_down(document, group), "Merge down")


@pytest.mark.parametrize(
    "lower", [{}, {"opacity": 0.5, "mask": a_mask(), "blend_mode": "multiply"}, {"box": (50, 40, 100, 90)}]
)
def test_merging_down_what_is_clipped(lower):
    base = pixel_layer(1, "Lower", **lower)
    first = pixel_layer(2, "First", clipping=True, blend_mode="screen", opacity=0.7)
    second = pixel_layer(3, "Second", clipping=True)
    document = make(pixel_layer(0, "Base", opaque=True), base, first, second)
    merged = looks_as_before(document, lambda: stack.merge_down(document, first), "Merge down")
    assert names(document.layers) == ["Base", "Lower", "Second"]
    assert (merged.opacity, merged.blend_mode) == (base.opacity, base.blend_mode)
    assert merged.mask is base.mask


def test_merging_two_that_are_clipped_to_the_same():
    layers = [pixel_layer(seed, str(seed), clipping=True) for seed in (2, 3)]
    document = make(pixel_layer(0, "Base", opaque=True), pixel_layer(1, "Lower"), *layers)
    merged = looks_as_before(document, lambda: stack.merge_down(document, layers[1]), "Merge down")
    assert merged.clipping


def test_what_cannot_be_merged_down():
    def both(lower=None, upper=None, *more):
        layer = pixel_layer(2, "Upper", **(upper or {}))
        document = make(pixel_layer(0, "Base"), pixel_layer(1, "Lower", **(lower or {})), layer, *more)
        return document, lambda: stack.merge_down(document, layer)

    refused(*both({"opacity": 0.5}), "of its own")
    refused(*both({"mask": a_mask()}), "of its own")
    refused(*both({"blend_mode": "multiply"}), "of its own")
    refused(*both({"visible": False}), "“Lower” is hidden")
    refused(*both(None, {"visible": False}), "“Upper” is hidden")
    refused(*both({"clipping": True}), "“Lower” is clipped to a layer that “Upper” is not")
    refused(*both({"clipping": True}, {"clipping": True, "blend_mode": "multiply"}), "blends with")
    refused(*both(None, None, pixel_layer(3, "Third", clipping=True)), "“Third” is clipped to “Upper”")
    document = make(AdjustmentLayer("Adjustment", Invert()), pixel_layer(1, "Upper"))
    refused(document, lambda: stack.merge_down(document, document.layers[1]), "no pixels")
    refused(document, lambda: stack.merge_down(document, document.layers[0]), "no layer below")
    for lock in (Lock.PIXELS, Lock.ALL):
        refused(*both({"lock": lock}), "Lower", Locked)
        refused(*both(None, {"lock": lock}), "Upper", Locked)


@pytest.mark.parametrize("mode", ["normal", "multiply"])
def test_merging_an_isolated_group(mode):
    children = [
        pixel_layer(1, "a"),
        pixel_layer(2, "b", blend_mode="screen"),
        AdjustmentLayer("c", Invert(), opacity=0.5),
        pixel_layer(3, "d", clipping=True),
    ]
    group = Group("Group", children, blend_mode=mode, opacity=0.6, mask=a_mask())
    document = make(pixel_layer(0, "Base", opaque=True), group, pixel_layer(4, "Clipped", clipping=True))
    merged = looks_as_before(document, lambda: stack.merge_group(document, group), "Merge group")
    assert names(document.layers) == ["Base", "Group", "Clipped"]
    assert (merged.opacity, merged.blend_mode, merged.mask) == (0.6, mode, group.mask)


def test_merging_a_pass_through_group_of_normal_layers():
    group = Group("Group", [pixel_layer(1, "a"), pixel_layer(2, "b", opacity=0.5)])
    document = make(pixel_layer(0, "Base", opaque=True), group)
    looks_as_before(document, lambda: stack.merge_group(document, group), "Merge group")


def everything():
    return [
        pixel_layer(0, "Base"),
        pixel_layer(1, "Hidden", visible=False),
        pixel_layer(2, "Clipped to hidden", clipping=True),
        Group("Group", [pixel_layer(3, "Inside", blend_mode="multiply")], opacity=0.7),
        AdjustmentLayer("Adjustment", Invert(), clipping=True),
        pixel_layer(4, "Upper", mask=a_mask()),
    ]


def test_merging_all_that_is_visible():
    document = make(*everything())
    looks_as_before(document, lambda: stack.merge_visible(document), "Merge visible")
    assert names(document.layers) == ["Hidden", "Clipped to hidden", "Base"]


def test_flattening_and_locks():
    document = make(*everything())
    looks_as_before(document, lambda: stack.flatten(document), "Flatten")
    assert names(document.layers) == ["Background"]
    for edit in (stack.flatten, stack.merge_visible):
        document = make(*everything())
        document.layers[3].children[0].lock = Lock.ALL
        refused(document, lambda edit=edit, document=document: edit(document), "Inside", Locked)
    document = make(pixel_layer(0, "Base", visible=False))
    refused(document, lambda: stack.merge_visible(document), "visible")


def test_merging_keeps_what_lies_beyond_the_canvas():
    lower = pixel_layer(1, "Lower", opaque=True, box=(-300, -50, 500, 300))
    upper = pixel_layer(2, "Upper", opaque=True, box=(-280, 200, 100, 300))
    document = make(lower, upper)
    wide = lower.image.read(Rect(-300, -50, 500, 550))
    wide[250:550, 20:120] = upper.image.read(Rect(-280, 200, 100, 300))
    merged = stack.merge_down(document, upper)
    assert (merged.image.read(Rect(-300, -50, 500, 550)) == wide).all()


# --- masks ---


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_applying_a_mask(dtype):
    layer = pixel_layer(1, "Layer", dtype, mask=a_mask(), opacity=0.8)
    document = make(pixel_layer(0, "Base", dtype, opaque=True), layer, dtype=dtype)
    looks_as_before(document, lambda: stack.apply_mask(document, layer), "Apply layer mask")
    assert layer.mask is None


def test_a_mask_from_the_selection_shows_just_that():
    layer = pixel_layer(1, "Layer", opaque=True)
    document = make(layer)
    values = np.random.default_rng(1).integers(0, 256, (90, 80, 1), np.uint8)
    document.selection = TiledImage.from_array(values, 30, 20)
    stack.add_mask(document, layer)
    alpha = document.composite(document.rect)[..., 3]
    assert (alpha[20:110, 30:110] == values[..., 0]).all()
    assert alpha.sum() == values.sum()
    document.undo()
    stack.add_mask(document, layer, from_selection=False)
    assert (document.composite(document.rect)[..., 3] == 255).all()
    stack.set_mask(document, layer, None, "Delete mask")
    document.undo()
    assert layer.mask is not None


# --- order ---


def test_moving_between_groups():
    a, b, c = (pixel_layer(seed, name, box=(0, 0, 20, 20)) for seed, name in enumerate("abc"))
    inner = Group("Inner", [b])
    outer = Group("Outer", [inner, c])
    document = make(a, outer)
    stack.move(document, a, inner, 0)
    assert inner.children == (a, b)
    assert document.layers == (outer,)
    stack.move(document, c, document, 0)
    assert document.layers == (c, outer)
    assert outer.children == (inner,)
    stack.move(document, b, inner, 0)
    assert inner.children == (b, a)
    entries = len(document.history.entries)
    stack.move(document, b, inner, 0)
    assert len(document.history.entries) == entries
    for into in (outer, inner):
        with pytest.raises(ValueError, match="into itself"):
            stack.move(document, outer, into, 0)
    document.go_to(0)
    assert document.layers == (a, outer)
    assert (outer.children, inner.children) == ((inner, c), (b,))


def test_adding_above_a_clipping_base_goes_above_what_is_clipped():
    base, clipped = pixel_layer(0, "Base"), pixel_layer(1, "Clipped", clipping=True)
    document = make(base, clipped)
    before = seen(document)
    stack.add_pixels(document, above=base)
    assert names(document.layers) == ["Base", "Clipped", "Layer"]
    assert (seen(document) == before).all()
    stack.add(document, pixel_layer(2, "Also clipped", clipping=True), above=base)
    assert names(document.layers) == ["Base", "Also clipped", "Clipped", "Layer"]


def test_duplicates_are_independent():
    layer = pixel_layer(0, "Layer", lock=Lock.PIXELS, mask=a_mask())
    layer.recipe = Recipe("remove", "engine", "0" * 64, "cpu", 1)
    document = make(layer)
    copy = stack.duplicate(document, layer)
    assert (copy.name, copy.lock, copy.recipe) == ("Layer copy", Lock.NONE, layer.recipe)
    assert document.layers == (layer, copy)
    copy.image.tiles.clear()
    copy.mask.image.tiles.clear()
    assert layer.image.tiles
    assert layer.mask.image.tiles


def test_grouping_and_ungrouping_show_the_same():
    layers = [pixel_layer(seed, str(seed), blend_mode="screen") for seed in range(4)]
    document = make(*layers)
    group = looks_as_before(document, lambda: stack.group(document, layers[1:3]), "Group layers")
    assert names(document.layers) == ["0", "Group", "3"]
    stack.ungroup(document, group)
    assert list(document.layers) == layers
    other = Group("Other", [pixel_layer(5, "inside")])
    document.layers += (other,)
    with pytest.raises(ValueError, match="side by side"):
        stack.group(document, [layers[0], other.children[0]])


def test_something_is_always_left():
    layers = [pixel_layer(0, "a"), pixel_layer(1, "b")]
    document = make(*layers)
    refused(document, lambda: stack.delete(document, layers), "last layer", ValueError)
    document = make(Group("Empty"))
    refused(document, lambda: stack.ungroup(document, document.layers[0]), "last layer", ValueError)
    document = make(*layers)
    stack.delete(document, [layers[0]])
    assert document.layers == (layers[1],)


# --- locks ---


def test_a_locked_layer_stays_as_it_is_and_where_it_is():
    locked = pixel_layer(1, "Locked", lock=Lock.ALL, mask=a_mask())
    document = make(pixel_layer(0, "Base"), locked)
    for edit in (
        lambda: stack.delete(document, [locked]),
        lambda: stack.move(document, locked, document, 0),
        lambda: stack.add_mask(document, locked),
        lambda: stack.set_mask(document, locked, None, "Delete mask"),
        lambda: stack.apply_mask(document, locked),
        lambda: document.set_layer(locked, "opacity", 0.5, "Opacity"),
        lambda: document.set_layer(locked, "clipping", True, "Clip"),
    ):
        refused(document, edit, "Locked", Locked)
    for attribute, value in (("visible", False), ("name", "Still"), ("lock", Lock.NONE)):
        document.set_layer(locked, attribute, value, attribute)
    stack.delete(document, [locked])
    assert len(document.history.entries) == 4


def test_a_locked_group_locks_what_is_in_it_and_lets_nothing_in():
    inside, other = pixel_layer(1, "Inside"), pixel_layer(2, "Other")
    inner = Group("Inner", [inside])
    outer = Group("Outer", [inner], lock=Lock.ALL)
    document = make(other, outer)
    for edit in (
        lambda: stack.delete(document, [inside]),
        lambda: stack.move(document, inside, document, 0),
        lambda: stack.move(document, other, inner, 0),
        lambda: stack.add(document, pixel_layer(3, "New"), above=inside),
        lambda: stack.duplicate(document, inside),
        lambda: stack.group(document, [inside]),
        lambda: stack.ungroup(document, inner),
        lambda: stack.merge_group(document, inner),
        lambda: document.set_layer(inside, "opacity", 0.5, "Opacity"),
    ):
        refused(document, edit, "Outer", Locked)
    document.set_layer(inside, "visible", False, "Hide")
    stack.duplicate(document, outer)
    assert len(document.history.entries) == 2


def test_a_group_is_locked_while_anything_in_it_is():
    inside = pixel_layer(1, "Inside", lock=Lock.ALL)
    group = Group("Outer", [Group("Inner", [inside])])
    document = make(pixel_layer(0, "Base"), group)
    for edit in (
        lambda: stack.delete(document, [group]),
        lambda: stack.move(document, group, document, 0),
        lambda: stack.ungroup(document, group),
    ):
        refused(document, edit, "Inside", Locked)


def test_strangers_are_refused():
    document = make(pixel_layer(0, "Base"))
    stranger = pixel_layer(1, "Stranger")
    for edit in (stack.duplicate, stack.merge_down):
        refused(document, lambda edit=edit: edit(document, stranger), "not in this picture", ValueError)
    refused(document, lambda: stack.delete(document, [stranger]), "not in this picture", ValueError)

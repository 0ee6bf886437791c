"""A fill made anew: of what lies below its layer, into that layer, as one entry."""

from dataclasses import replace

import numpy as np
import pytest

from editor.document import canvas, guides, masks, select, stack
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, Guide
from editor.document.history import Part
from editor.document.layers import Group, LayerMask, Lock, PixelLayer, walk
from editor.document.model import Document, Locked
from editor.document.tiles import TiledImage
from editor.jobs import remove
from editor.jobs.refill import FillLayer
from engines.base import Patch, Progress, RemoveResult
from engines.removal.migan import MiGan

WIDTH, HEIGHT = 300, 200
BOX = (120, 80, 40, 30)


def plain(name, value, **options):
    pixels = np.full((HEIGHT, WIDTH, 4), value, np.uint8)
    pixels[..., 3] = 255
    return PixelLayer(name, TiledImage.from_array(pixels), **options)


def answer(request, colour=(0.25, 0.5, 0.75)):
    patches = []
    for region in request.regions:
        rgb = np.empty((*region.target.shape, 3), np.float32)
        rgb[...] = colour
        patches.append(Patch(region.box, rgb, region.target.copy()))
    return RemoveResult(tuple(patches), request.engine, "f" * 64, "fake")


def made_of(request, document, colour=(0.25, 0.5, 0.75)):
    return remove.fill(request, answer(request, colour), document.dtype, grey=document.grey)


@pytest.fixture
def filled(make_document, box_mask):
    """A document whose uppermost layer is a fill."""
    document = make_document(WIDTH, HEIGHT)
    document.edit("Mask", masks.replace(document.selection, box_mask(WIDTH, HEIGHT, BOX)))
    request = remove.request(document, seed=3)
    remove.apply(document, request, answer(request))
    return document


def fill_of(document):
    return next(each for each in walk(document.layers) if getattr(each, "recipe", None) is not None)


def seen(document):
    return document.composite(document.rect)


def test_the_source_is_what_lies_below(filled):
    layer = fill_of(filled)
    below = filled.layers[0]
    filled.set_layers((*filled.layers, plain("Above", 200)), "Add")
    source = FillLayer(layer).source(filled)
    only = Document(WIDTH, HEIGHT, np.uint8, [below])
    np.testing.assert_array_equal(seen(source), seen(only))
    assert (source.width, source.height, source.dtype, source.grey) == (WIDTH, HEIGHT, np.uint8, False)
    assert filled.layers[1] is layer  # nothing was taken out of the document itself


def test_in_a_group_what_lies_above_stays_out_and_the_group_holds(filled):
    """Below in the group and under it counts, with the group's own opacity and mask; above does not."""
    layer, background = fill_of(filled), filled.layers[0]
    half = LayerMask(TiledImage.from_array(np.full((HEIGHT, WIDTH, 1), 128, np.uint8), default=255))
    inner = Group("Inner", [plain("Low", 30), layer, plain("High", 90)], opacity=0.5, mask=half)
    outer = Group("Outer", [inner, plain("Higher", 120)], blend_mode="multiply")
    filled.set_layers((background, outer, plain("Top", 150)), "Group")
    source = FillLayer(layer).source(filled)

    expected = Group("Inner", [plain("Low", 30)], opacity=0.5, mask=half)
    expected = Group("Outer", [expected], blend_mode="multiply")
    wanted = Document(WIDTH, HEIGHT, np.uint8, [background, expected])
    np.testing.assert_array_equal(seen(source), seen(wanted))
    assert inner.children[1] is layer and len(inner.children) == 3 and len(outer.children) == 2


def test_the_source_is_a_snapshot(filled, box_mask):
    layer = fill_of(filled)
    source = FillLayer(layer).source(filled)
    before, mask = seen(source), source.selection.read(filled.rect)
    filled.edit("Mask", masks.replace(filled.selection, box_mask(WIDTH, HEIGHT, (0, 0, 9, 9))))
    stack.delete(filled, [filled.layers[0]])
    np.testing.assert_array_equal(seen(source), before)
    np.testing.assert_array_equal(source.selection.read(filled.rect), mask)


def test_nothing_below(filled):
    layer = fill_of(filled)
    filled.set_layers((layer,), "Only the fill")
    with pytest.raises(ValueError, match="Nothing lies below “Removed”"):
        FillLayer(layer).source(filled)


def test_the_pixels_and_the_recipe_change_and_nothing_else(filled, whole):
    layer = fill_of(filled)
    layer.name, layer.opacity, layer.blend_mode = "Gone", 0.5, "screen"
    layer.mask = mask = LayerMask.revealing()
    filled.set_layers((*filled.layers, plain("Above", 200, opacity=0.3)), "Add")
    above = filled.layers[2]
    select.from_alpha(filled, layer)
    chosen = filled.selection.read(filled.rect)
    before, entries, old = whole(filled), len(filled.history.entries), (layer.image, layer.recipe)
    told = []
    filled.observers.append(told.append)

    target = FillLayer(layer)
    request = remove.request(target.source(filled), seed=9)
    made = made_of(request, filled, (1, 0, 0))
    assert target.put(filled, made) is layer

    assert [entry.name for entry in filled.history.entries[entries:]] == ["Change fill"]
    assert [change.parts for change in told] == [Part.PIXELS | Part.LAYERS]
    assert filled.layers == (filled.layers[0], layer, above)
    assert (layer.name, layer.opacity, layer.blend_mode, layer.mask) == ("Gone", 0.5, "screen", mask)
    assert (layer.recipe.seed, layer.recipe.engine) == (9, "migan")
    pixels = layer.image.read(filled.rect)
    np.testing.assert_array_equal(pixels[..., 3], chosen[..., 0])
    np.testing.assert_array_equal(pixels[chosen[..., 0] > 0], [[255, 0, 0, 255]] * (BOX[2] * BOX[3]))
    np.testing.assert_array_equal(filled.selection.read(filled.rect), chosen)  # to be changed again

    after = whole(filled)
    for _ in range(2):
        filled.undo()
        assert whole(filled) == before
        assert (layer.image, layer.recipe) == old
        filled.redo()
        assert whole(filled) == after


def test_beyond_the_old_and_the_new_fill_nothing_changes(filled, box_mask):
    layer = fill_of(filled)
    other = box_mask(WIDTH, HEIGHT, (20, 20, 50, 40))
    filled.edit("Mask", masks.replace(filled.selection, other))
    before, was = seen(filled), layer.image.read(filled.rect)[..., 3] > 0
    target = FillLayer(layer)
    target.put(filled, made_of(remove.request(target.source(filled)), filled))
    outside = ~(was | (other > 0))
    np.testing.assert_array_equal(seen(filled)[outside], before[outside])
    # Where the old fill was, the picture below shows again.
    np.testing.assert_array_equal(seen(filled)[was], filled.layers[0].image.read(filled.rect)[was])


def test_what_it_would_look_like_changes_nothing(filled, whole):
    layer = fill_of(filled)
    group = Group("Group", [layer, plain("Above", 200, opacity=0.2)])
    filled.set_layers((filled.layers[0], group), "Group")
    select.from_alpha(filled, layer)
    before, image = whole(filled), layer.image
    target = FillLayer(layer)
    made = made_of(remove.request(target.source(filled)), filled, (1, 0, 0))
    shown = Document(WIDTH, HEIGHT, np.uint8, target.stack(filled, made))
    assert whole(filled) == before
    assert layer.image is image and group.children[0] is layer
    expected = seen(shown)
    target.put(filled, made)
    np.testing.assert_array_equal(seen(filled), expected)


def test_a_layer_that_is_gone_is_refused(filled):
    layer = fill_of(filled)
    target = FillLayer(layer)
    assert target.is_there(filled)
    filled.set_layers((filled.layers[0], Group("Group", [layer])), "Group")
    assert target.is_there(filled)
    stack.delete(filled, [filled.layers[1]])
    assert not target.is_there(filled)
    with pytest.raises(ValueError, match="“Removed” is no longer"):
        target.source(filled)
    filled.undo()
    assert target.is_there(filled)


@pytest.mark.parametrize(
    ("where", "lock"),
    [("layer", Lock.ALL), ("layer", Lock.PIXELS), ("layer", Lock.ALPHA), ("group", Lock.ALL)],
)
def test_a_locked_layer_is_refused(filled, whole, where, lock):
    layer = fill_of(filled)
    group = Group("Group", [layer])
    filled.set_layers((filled.layers[0], group), "Group")
    select.from_alpha(filled, layer)
    target = FillLayer(layer)
    made = made_of(remove.request(target.source(filled)), filled)
    (layer if where == "layer" else group).lock = lock
    before, entries = whole(filled), list(filled.history.entries)
    with pytest.raises(Locked):
        target.source(filled)
    with pytest.raises(Locked):
        target.put(filled, made)
    assert whole(filled) == before
    assert filled.history.entries == entries


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("seed", [0, 5, 17])
def test_the_same_recipe_and_mask_give_the_same_pixels(make_document, bits, seed):
    """With the real network, soft edges included, and although the picture has changed above the fill."""
    document = make_document(260, 220, bits=bits)
    values = np.zeros((220, 260), np.uint8)
    values[60:120, 80:150] = np.arange(1, 71, dtype=np.uint8) * 3
    document.edit("Mask", masks.replace(document.selection, values))
    engine = MiGan("cpu")
    request = remove.request(document, seed=seed)
    layer = remove.apply(document, request, engine.run(request, Progress()))
    before, recipe = layer.image.read(document.rect), layer.recipe
    top = PixelLayer("Above", TiledImage.from_array(np.full((220, 260, 4), 77, document.dtype)))
    document.set_layers((*document.layers, top), "Add")

    select.from_alpha(document, layer)
    np.testing.assert_array_equal(document.selection.read(document.rect)[..., 0], values)
    target = FillLayer(layer)
    again = remove.request(target.source(document), engine=recipe.engine, seed=recipe.seed)
    made = remove.fill(again, engine.run(again, Progress()), document.dtype, grey=document.grey)
    target.put(document, made)
    assert layer.image.read(document.rect).tobytes() == before.tobytes()
    assert layer.recipe == recipe


LINE_THROUGH = Guide(LINE, ((100.0, 95.0), (180.0, 96.5)))
INK_THROUGH = Guide(INK, ((100.0, 90.0), (140.0, 99.0), (180.0, 90.0)))


@pytest.fixture
def followed(make_document, box_mask):
    """A document whose fill follows a line and a drawn one."""
    document = make_document(WIDTH, HEIGHT)
    document.edit("Mask", masks.replace(document.selection, box_mask(WIDTH, HEIGHT, BOX)))
    guides.add(document, LINE_THROUGH, INK_THROUGH)
    request = remove.request(document, seed=3)
    remove.apply(document, request, answer(request))
    return document


def test_a_fill_made_anew_follows_the_lines_of_now(followed):
    target = FillLayer(fill_of(followed))
    select.from_alpha(followed, target.layer)
    guides.add(followed, *target.lines_to_restore(followed))
    guides.delete(followed, [INK_THROUGH])
    request = remove.request(target.source(followed))
    assert [each.tolist() for each in request.guides] == [LINE_THROUGH.array.tolist()]
    target.put(followed, made_of(request, followed))
    assert target.layer.recipe.guides == (LINE_THROUGH.points,)
    target.done(followed)
    assert followed.guides == ()
    assert not followed.selection.tiles


def test_lines_that_are_gone_come_back_from_the_recipe(followed):
    target = FillLayer(fill_of(followed))
    assert target.lines_to_restore(followed) == (LINE_THROUGH,)  # it went with the mask; ink stays
    guides.clear(followed)
    assert target.lines_to_restore(followed) == (LINE_THROUGH, INK_THROUGH)
    guides.add(followed, replace(LINE_THROUGH, enabled=False))  # the user has it, and wants it off
    assert target.lines_to_restore(followed) == (INK_THROUGH,)


def test_the_lines_of_a_recipe_go_with_the_picture(followed):
    before = fill_of(followed).recipe
    canvas.crop(followed, Rect(90, 70, 150, 100))
    moved = fill_of(followed).recipe
    assert moved.guides[0] == ((10.0, 25.0), (90.0, 26.5))
    assert moved.guides[1:] == tuple(guide.points for guide in followed.guides)
    followed.undo()
    assert fill_of(followed).recipe == before

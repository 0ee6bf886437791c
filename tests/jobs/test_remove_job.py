"""A removal as a job: what the engine is given, and what its answer does to the document."""

import numpy as np
import pytest

from editor.document import guides, masks
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, Guide
from editor.document.history import Part, TileSwap
from editor.document.model import Document
from editor.document.tiles import TileWriter
from editor.jobs import remove
from engines import registry
from engines.base import Box, Patch, Progress, RemoveResult
from engines.removal.migan import MiGan


def masked(document, values):
    document.edit("Mask", masks.replace(document.selection, values))
    return document


def mask_of(document):
    return document.selection.read(document.rect)[..., 0]


def answer(request, colour=(0.25, 0.5, 0.75)):
    """A result that fills every part with one colour, its boxes as large as the contexts."""
    patches = []
    for region in request.regions:
        rgb = np.empty((*region.target.shape, 3), np.float32)
        rgb[...] = colour
        patches.append(Patch(region.box, rgb, region.target.copy()))
    return RemoveResult(tuple(patches), request.engine, "f" * 64, "fake")


def brush(document, start, end, radius=6.0, *, erase=False):
    writer = TileWriter(document.selection)
    masks.draw_segment(writer, start, end, (radius, radius), 1.0, document.rect, erase=erase)
    document.record("Brush", TileSwap(document.selection, writer.before, Part.SELECTION))


def test_nothing_masked_is_told_with_what_to_do(make_document, whole):
    document = make_document()
    before = whole(document)
    with pytest.raises(remove.NothingMasked, match="Nothing is masked yet") as caught:
        remove.request(document)
    assert "\n" not in str(caught.value)
    assert whole(document) == before
    assert document.history.entries == []


@pytest.mark.parametrize("bits", [8, 16])
def test_the_request_holds_the_picture_the_hole_and_the_target(make_document, box_mask, bits):
    document = make_document(700, 600, bits=bits, alpha=True)
    values = box_mask(700, 600, (300, 250, 40, 30))
    values[250, 300:320] = np.arange(1, 21)
    masked(document, values)
    request = remove.request(document, seed=7)
    assert (request.engine, request.seed) == (registry.DEFAULT_REMOVER, 7)
    (region,) = request.regions
    pixels = document.composite(document.rect)[region.box.slices]
    maximum = np.iinfo(document.dtype).max
    np.testing.assert_allclose(region.image, pixels[..., :3] / maximum, rtol=0, atol=1e-6)
    assert region.image.max() <= 1 + 1e-6
    cut = values[region.box.slices]
    np.testing.assert_array_equal(region.hole, (cut > 0) | (pixels[..., 3] == 0))
    np.testing.assert_allclose(region.target, cut / 255, rtol=0, atol=1e-6)
    assert (region.image.dtype, region.hole.dtype, region.target.dtype) == (np.float32, bool, np.float32)


def test_the_request_is_of_what_shows_not_of_one_layer(make_document, box_mask):
    document, above = make_document(100, 80), make_document(100, 80, seed=1)
    document.set_layers((*document.layers, *above.layers), "Add")
    masked(document, box_mask(100, 80, (40, 40, 10, 10)))
    (region,) = remove.request(document).regions
    shown = document.composite(document.rect)[region.box.slices][..., :3]
    np.testing.assert_allclose(region.image * 255, shown, atol=1e-3)


def test_the_request_is_a_copy(make_document, box_mask):
    document = masked(make_document(100, 80), box_mask(100, 80, (40, 40, 10, 10)))
    (region,) = remove.request(document).regions
    kept = region.image.copy(), region.target.copy()
    writer = TileWriter(document.layers[0].image)
    writer.write(document.rect, np.zeros((80, 100, 4), np.uint8))
    masks.clear(document.selection).swap()
    np.testing.assert_array_equal(region.image, kept[0])
    np.testing.assert_array_equal(region.target, kept[1])


def test_each_part_is_kept_from_the_others_eyes(make_document, box_mask):
    values = box_mask(1200, 400, (300, 100, 200, 200), (560, 150, 200, 100))
    document = masked(make_document(1200, 400), values)
    regions = remove.request(document).regions
    assert len(regions) == 2
    total = np.zeros(values.shape)
    for region in regions:
        np.testing.assert_array_equal(region.hole, values[region.box.slices] > 0)
        assert ((region.target > 0) <= region.hole).all()
        total[region.box.slices] += region.target * 255
    np.testing.assert_allclose(total, values, atol=1e-3)
    assert any((region.hole & (region.target == 0)).any() for region in regions)


def test_a_part_in_the_corner_of_another_is_its_own(make_document, box_mask):
    """The boxes of two parts overlap; neither takes the other's pixels with it."""
    values = box_mask(1000, 900, (50, 50, 60, 700), (50, 700, 800, 50), (700, 100, 40, 30))
    document = masked(make_document(1000, 900), values)
    request = remove.request(document)
    assert len(request.regions) == 2
    total = np.zeros(values.shape)
    for region in request.regions:
        total[region.box.slices] += region.target * 255
    np.testing.assert_allclose(total, values, atol=1e-3)
    layer = remove.apply(document, request, answer(request))
    alpha = layer.image.read(document.rect)[..., 3]
    np.testing.assert_array_equal(alpha, values)


@pytest.mark.parametrize(("bits", "grey"), [(8, False), (16, False), (8, True), (16, True)])
def test_the_result_is_a_layer_in_one_entry(make_document, box_mask, whole, bits, grey):
    document = make_document(300, 280, bits=bits, grey=grey)
    values = box_mask(300, 280, (240, 240, 40, 30))
    values[245, 245] = 100
    masked(document, values)
    before, start = whole(document), document.history.position
    told = []
    document.observers.append(told.append)
    request = remove.request(document, seed=3)
    layer = remove.apply(document, request, answer(request))

    assert document.layers[-1] is layer
    assert [each.name for each in document.layers] == ["Background", "Removed"]
    recipe = layer.recipe
    assert (recipe.task, recipe.engine, recipe.weights_sha256) == ("remove", "migan", "f" * 64)
    assert (recipe.device, recipe.seed) == ("fake", 3)
    assert document.history.position == start + 1
    assert document.history.entries[-1].name == "Remove"
    assert len(told) == 1
    assert told[0].parts == Part.PIXELS | Part.LAYERS | Part.SELECTION
    assert told[0].area.united(Rect(240, 240, 40, 30)) == told[0].area
    assert not mask_of(document).any()

    maximum = np.iinfo(document.dtype).max
    pixels = layer.image.read(document.rect)
    # The layer's alpha is the mask's value, to the last bit; beyond it there is nothing at all.
    np.testing.assert_array_equal(pixels[..., 3], values.astype(np.int64) * maximum // 255)
    assert not pixels[values == 0].any()
    rgb = (0.25, 0.5, 0.75) if not grey else [0.299 * 0.25 + 0.587 * 0.5 + 0.114 * 0.75] * 3
    wanted = np.array(rgb) * maximum
    assert np.abs(pixels[values == 255][:, :3] - wanted).max() <= 0.51
    after = whole(document)

    for _ in range(2):
        document.undo()
        assert whole(document) == before
        assert len(document.layers) == 1
        document.redo()
        assert whole(document) == after


def test_what_it_would_look_like_changes_nothing(make_document, box_mask, whole):
    document = masked(make_document(300, 280), box_mask(300, 280, (40, 40, 60, 50)))
    request = remove.request(document)
    made = remove.fill(request, answer(request), document.dtype, grey=False)
    np.testing.assert_array_equal(made.mask.read(document.rect)[..., 0], mask_of(document))
    before, entries = whole(document), list(document.history.entries)
    target = remove.NewLayer()
    shown = Document(300, 280, np.uint8, target.stack(document, made))
    assert whole(document) == before
    assert document.history.entries == entries
    target.put(document, made)
    np.testing.assert_array_equal(document.composite(document.rect), shown.composite(document.rect))


def test_the_seed_decides_how_much_is_seen(make_document, box_mask):
    document = masked(make_document(1200, 1100), box_mask(1200, 1100, (500, 500, 60, 50)))
    sides = [remove.request(document, seed=seed).regions[0].box.width for seed in (0, 7, 8, 16, 24)]
    assert sides == [512, 512, 358, 614, 512]


def test_mask_drawn_while_the_engine_ran_stays(make_document, box_mask):
    values = box_mask(600, 400, (250, 150, 60, 40))
    document = masked(make_document(600, 400), values)
    request = remove.request(document)
    brush(document, (20.0, 20.0), (60.0, 30.0))  # elsewhere
    brush(document, (300.0, 180.0), (330.0, 180.0))  # across the part's edge
    brush(document, (255.0, 155.0), (255.0, 155.0), erase=True)  # a piece of the part taken away
    drawn = mask_of(document)
    remove.apply(document, request, answer(request))
    left = mask_of(document)
    np.testing.assert_array_equal(left, np.where((values > 0) & (drawn == values), 0, drawn))
    assert left[20, 20] == 255
    assert left[180, 333] == 255
    document.undo()
    np.testing.assert_array_equal(mask_of(document), drawn)


def test_a_soft_mask_redrawn_while_the_engine_ran_stays(make_document, box_mask):
    values = box_mask(100, 100, (30, 30, 20, 20), value=90)
    document = masked(make_document(100, 100), values)
    request = remove.request(document)
    brush(document, (40.0, 40.0), (40.0, 40.0), radius=4)
    drawn = mask_of(document)
    remove.apply(document, request, answer(request))
    left = mask_of(document)
    assert (left[drawn == 90] == 0).all()
    np.testing.assert_array_equal(left[drawn != 90], drawn[drawn != 90])
    assert (left > 90).any()


def test_layers_added_while_the_engine_ran_stay(make_document, box_mask):
    document = masked(make_document(100, 80), box_mask(100, 80, (40, 40, 10, 10)))
    request = remove.request(document)
    other = make_document(100, 80, seed=1).layers[0]
    document.set_layers((*document.layers, other), "Add")
    layer = remove.apply(document, request, answer(request))
    assert document.layers[1:] == (other, layer)


def test_a_second_removal_stands_on_the_first(make_document, box_mask, whole):
    document = masked(make_document(100, 80), box_mask(100, 80, (40, 40, 10, 10)))
    states = [whole(document)]
    for x in (45, 70):
        if x == 70:
            document.edit("Mask", masks.replace(document.selection, box_mask(100, 80, (x, 20, 9, 9))))
        request = remove.request(document)
        remove.apply(document, request, answer(request, (x / 100, 0, 1)))
        states.append(whole(document))
    assert [layer.name for layer in document.layers] == ["Background", "Removed", "Removed"]
    document.undo()
    document.undo()
    assert whole(document) == states[1]
    document.undo()
    assert whole(document) == states[0]


def broken_shape(patch):
    return Patch(patch.box, patch.rgb[:-1], patch.alpha)


def broken_box(patch):
    return Patch(Box(patch.box.x, patch.box.y, patch.box.width + 1, patch.box.height), patch.rgb, patch.alpha)


def broken_type(patch):
    return Patch(patch.box, None, patch.alpha)


@pytest.mark.parametrize("broken", [broken_shape, broken_box, broken_type])
def test_an_answer_that_does_not_fit_changes_nothing(make_document, box_mask, whole, broken):
    values = box_mask(1500, 400, (20, 100, 30, 30), (1400, 200, 30, 30))
    document = masked(make_document(1500, 400), values)
    before, layers, entries = whole(document), document.layers, list(document.history.entries)
    told = []
    document.observers.append(told.append)
    request = remove.request(document)
    good = answer(request)
    patches = (*good.patches[:-1], broken(good.patches[-1]))
    with pytest.raises((ValueError, TypeError, IndexError)):
        remove.apply(document, request, RemoveResult(patches, good.engine, good.weights_sha256, good.device))
    assert whole(document) == before
    assert document.layers is layers
    assert document.history.entries == entries
    assert told == []


def test_lack_of_memory_in_the_middle_changes_nothing(make_document, box_mask, whole, monkeypatch):
    document = masked(make_document(), box_mask(40, 30, (5, 5, 9, 9)))
    request = remove.request(document)
    before, entries = whole(document), list(document.history.entries)

    def no_memory(*_, **__):
        raise MemoryError

    for name in ("_pixels", "_mask_left", "PixelLayer"):
        with monkeypatch.context() as patch:
            patch.setattr(remove, name, no_memory)
            with pytest.raises(MemoryError):
                remove.apply(document, request, answer(request))
        assert whole(document) == before
        assert document.history.entries == entries
        assert len(document.layers) == 1


def test_whether_anything_is_masked(make_document, box_mask):
    document = make_document(300, 280)
    assert not remove.is_masked(document)
    masked(document, box_mask(300, 280, (290, 270, 1, 1), value=1))
    assert remove.is_masked(document)


def line(*points, enabled=True):
    return Guide(LINE, points, enabled=enabled)


def test_each_part_follows_the_lines_that_pass_over_it(make_document, box_mask):
    document = make_document(1600, 600)
    masked(document, box_mask(1600, 600, (100, 300, 60, 40), (1400, 300, 60, 40)))
    first = line((50.0, 320.0), (200.0, 320.5))
    both = line((-900.0, 330.0), (2500.0, 330.0))
    ink = Guide(INK, ((1390.0, 310.0), (1430.0, 325.0), (1470.0, 310.0)), width=7)
    beside = line((100.0, 200.0), (160.0, 290.0))
    off = line((50.0, 310.0), (200.0, 310.0), enabled=False)
    dot = Guide(INK, ((120.0, 320.0),))
    guides.add(document, first, both, ink, beside, off, dot)
    request = remove.request(document)
    one, two = request.regions
    for region, wanted in ((one, (first, both)), (two, (both, ink))):
        assert len(region.guides) == 2
        for got, guide in zip(region.guides, wanted, strict=True):
            assert got.dtype == np.float32
            np.testing.assert_allclose(got + np.float32([region.box.x, region.box.y]), guide.array, atol=1e-3)
    assert [each.tolist() for each in request.guides] == [each.array.tolist() for each in (first, both, ink)]
    recipe = remove.apply(document, request, answer(request)).recipe
    assert recipe.guides == (first.points, both.points, ink.points)
    assert recipe.to_guides()[:2] == (first, both)
    assert recipe.to_guides()[2].points == ink.points


def test_a_line_between_the_pixels_of_a_part_passes_over_none(make_document, box_mask):
    document = make_document(200, 200)
    ring = box_mask(200, 200, (60, 60, 60, 60))
    ring[80:100, 80:100] = 0
    masked(document, ring)
    guides.add(document, line((85.0, 85.0), (95.0, 95.0)))
    request = remove.request(document)
    assert request.regions[0].guides == request.guides == ()
    guides.add(document, line((85.0, 85.0), (85.0, 100.5)))
    assert len(remove.request(document).regions[0].guides) == 1


@pytest.mark.parametrize("bits", [8, 16])
def test_one_line_turned_off_changes_the_fill_along_it_and_nothing_outside_the_zone(box_mask, bits):
    """The whole way, with the real network: the edge between a wall and a floor behind a removed box."""
    scale = 1 if bits == 8 else 257
    pixels = np.empty((300, 400, 4), np.uint16 if bits == 16 else np.uint8)
    noise = np.random.default_rng(3).integers(-6, 7, (300, 400, 1))
    pixels[..., :3] = (np.where(np.arange(300) < 150, 190, 90)[:, None, None] + noise) * scale
    pixels[..., 3] = 255 * scale
    document = masked(Document.from_pixels(pixels), box_mask(400, 300, (140, 90, 120, 120)))
    drawn = line((100.0, 150.0), (300.0, 150.0))
    guides.add(document, drawn)
    engine = MiGan("cpu")
    shown = {}
    for enabled in (True, False):
        guides.replace(document, document.guides[0], line(*drawn.points, enabled=enabled))
        request = remove.request(document)
        remove.apply(document, request, engine.run(request, Progress()))
        shown[enabled] = document.composite(document.rect).astype(int)
        document.undo()
    changed = (shown[True] != shown[False]).any(axis=2)
    zone = mask_of(document) > 0
    assert not changed[~zone].any()
    for each in shown.values():
        np.testing.assert_array_equal(each[~zone], pixels[~zone])
    assert changed[zone].sum() > 500
    middle = shown[True][100:200, 160:240, 0].mean(axis=1) / scale  # rows, over the middle of the hole
    assert middle[49 - 3] - middle[50 + 3] > 80  # as sharp an edge as beside the hole
    along = np.abs(shown[True] - shown[False])[..., 0][90:210, 140:260] / scale
    assert along[50:70].mean() > along[:10].mean()


def test_the_lines_that_were_followed_go_with_the_mask_and_come_back_with_it(make_document, box_mask):
    document = masked(make_document(200, 200), box_mask(200, 200, (60, 60, 60, 60)))
    followed, off = line((20.0, 80.0), (180.0, 85.0)), line((20.0, 90.0), (180.0, 95.0), enabled=False)
    elsewhere = line((10.0, 10.0), (30.0, 30.0))
    off_elsewhere = line((10.0, 20.0), (30.0, 40.0), enabled=False)
    guides.add(document, followed, off, elsewhere, off_elsewhere)
    request = remove.request(document)
    patches = tuple(Patch(each.box, np.zeros_like(each.image), each.target) for each in request.regions)
    remove.apply(document, request, RemoveResult(patches, "migan", "0" * 64, "cpu"))
    assert document.guides == (elsewhere, off_elsewhere)
    assert document.layers[-1].recipe.to_guides() == (followed,)
    document.undo()
    assert document.guides == (followed, off, elsewhere, off_elsewhere)

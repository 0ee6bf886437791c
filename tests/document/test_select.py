"""Edits of the selection: the same as on whole arrays, one entry each, no larger than they must be."""

import numpy as np
import pytest

from editor.document import select, selections
from editor.document.adjustments import Invert
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage, TileWriter

WIDTH, HEIGHT = 700, 600


@pytest.fixture
def document():
    return Document(WIDTH, HEIGHT, np.uint8, [PixelLayer("Layer", TiledImage(4, np.uint8))])


def selected(document):
    return document.selection.read(document.rect)[..., 0]


def put(document, values):
    """Make ``values``, (H, W), the selection, without an entry."""
    document.selection.tiles.clear()
    TileWriter(document.selection).write(document.rect, values[..., None])


def soft_blob():
    """A soft disc in the middle, away from all borders."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.rint((80 - np.hypot(x - 330, y - 270)).clip(0, 10) * 25.5).astype(np.uint8)


def names(document):
    return [entry.name for entry in document.history.entries]


def test_shapes_are_those_of_a_whole_canvas(document):
    box = (250.25, 100.5, 130.75, 300)
    points = [(10.5, 20), (600, 40.25), (300, 580)]
    cases = [
        (lambda: select.rectangle(document, box), selections.rectangle(HEIGHT, WIDTH, box)),
        (lambda: select.ellipse(document, box), selections.ellipse(HEIGHT, WIDTH, box)),
        (
            lambda: select.ellipse(document, box, antialias=False),
            selections.ellipse(HEIGHT, WIDTH, box, False),
        ),
        (lambda: select.polygon(document, points), selections.polygon(HEIGHT, WIDTH, points)),
    ]
    for make, expected in cases:
        make()
        # The sums of areas are rounded otherwise at another origin.
        assert np.abs(selected(document).astype(int) - expected).max() <= 1
        assert expected.max() == 255
    assert len(names(document)) == 4
    document.go_to(0)
    assert not document.selection.tiles


@pytest.mark.parametrize("how", select.HOWS)
def test_ways_to_combine(document, how):
    first, second = np.zeros((2, HEIGHT, WIDTH), np.uint8)
    first[100:400, 50:500] = 255
    second[300:560, 300:690] = 255
    put(document, first)
    select.rectangle(document, (300, 300, 390, 260), how)
    a, b = first > 0, second > 0
    expected = {"replace": b, "add": a | b, "subtract": a & ~b, "intersect": a & b}[how]
    assert ((selected(document) == 255) == expected).all()
    assert ((selected(document) == 0) == ~expected).all()
    document.undo()
    assert (selected(document) == first).all()


def test_an_unknown_way_to_combine_is_refused(document):
    for box in ((0, 0, 10, 10), (-50, -50, 10, 10)):
        with pytest.raises(ValueError, match="xor"):
            select.rectangle(document, box, "xor")
    assert names(document) == []


@pytest.mark.parametrize(
    ("edit", "function", "slack"),
    [
        (lambda d: select.grow(d, 7.5), lambda s: selections.grow(s, 7.5), 0),
        (lambda d: select.shrink(d, 6), lambda s: selections.shrink(s, 6), 0),
        (lambda d: select.border(d, 9), lambda s: selections.border(s, 9), 0),
        (lambda d: select.smooth(d, 5), lambda s: selections.smooth(s, 5), 0),
        (lambda d: select.feather(d, 4), lambda s: selections.feather(s, 4), 0),
        (lambda d: select.feather(d, 30), lambda s: selections.feather(s, 30), 2),
    ],
)
@pytest.mark.parametrize("where", ["middle", "border"])
def test_the_edge_is_changed_as_on_the_whole_canvas(document, edit, function, slack, where):
    values = soft_blob()
    if where == "border":
        values = np.roll(values, -290, axis=1)
    put(document, values)
    edit(document)
    difference = np.abs(selected(document).astype(int) - function(values))
    assert difference.max() <= slack
    assert (selected(document) != values).any()
    assert len(names(document)) == 1
    document.undo()
    assert (selected(document) == values).all()


def test_shrinking_at_the_canvas_border_only_if_told(document):
    select.everything(document)
    select.shrink(document, 10)
    assert (selected(document) == 255).all()
    select.shrink(document, 10, from_bounds=True)
    assert selected(document)[12:-12, 12:-12].min() == 255
    assert selected(document)[:8].max() == 0
    assert names(document) == ["Select all", "Shrink selection"]


def test_a_small_edit_holds_few_tiles_of_a_large_canvas(monkeypatch):
    document = Document(20_000, 15_000, np.uint8, [PixelLayer("Layer", TiledImage(4, np.uint8))])
    read = []
    original = TiledImage.read
    monkeypatch.setattr(TiledImage, "read", lambda self, area: read.append(area) or original(self, area))
    select.rectangle(document, (9000, 8000, 100, 80))
    for edit in (select.grow, select.feather, select.border, select.smooth):
        edit(document, 5)
    assert len(document.selection.tiles) <= 4
    assert max(len(entry.edit.tiles) for entry in document.history.entries) <= 4
    assert len(read) >= 4
    assert all(area.width < 400 and area.height < 400 for area in read)


def test_what_changes_nothing_makes_no_entry(document):
    for edit in (
        lambda: select.nothing(document),
        lambda: select.grow(document, 5),
        lambda: select.rectangle(document, (-50, -50, 20, 20)),
        lambda: select.polygon(document, [(1, 1), (5, 5)]),
        lambda: select.similar(document, 10),
    ):
        edit()
    assert names(document) == []
    select.rectangle(document, (10, 10, 300, 300))
    for edit in (
        lambda: select.rectangle(document, (10, 10, 300, 300)),
        lambda: select.rectangle(document, (50, 50, 30, 30), "add"),
        lambda: select.rectangle(document, (400, 400, 30, 30), "subtract"),
        lambda: select.rectangle(document, (0, 0, 400, 400), "intersect"),
        lambda: select.grow(document, 0),
    ):
        edit()
    assert names(document) == ["Rectangular selection"]


def test_all_nothing_and_the_inverse(document):
    select.everything(document)
    assert (selected(document) == 255).all()
    assert document.selection.bounds() == document.rect
    select.nothing(document)
    assert not document.selection.tiles
    values = soft_blob()
    put(document, values)
    select.invert(document)
    assert (selected(document) == 255 - values).all()
    assert document.selection.bounds() == document.rect


def snake():
    """A line that winds through the whole picture, and a spot of its colour that does not touch it."""
    pixels = np.full((1400, 1500, 4), 255, np.uint8)
    line = np.zeros((1400, 1500), bool)
    for row in range(0, 1400, 100):
        line[row : row + 4] = True
        line[row : row + 104, slice(0, 4) if row // 100 % 2 else slice(-4, None)] = True
    spot = np.zeros_like(line)
    spot[50:60, 700:720] = True
    pixels[line | spot] = (200, 10, 10, 255)
    return pixels, line, spot


def test_the_wand_follows_what_leaves_the_area_it_first_looks_at():
    pixels, line, spot = snake()
    document = Document.from_pixels(pixels)
    select.wand(document, (750, 1), 20, antialias=False)
    assert ((selected(document) == 255) == line).all()
    select.wand(document, (750, 1), 20, contiguous=False, antialias=False)
    assert ((selected(document) == 255) == (line | spot)).all()
    select.wand(document, (705, 55), 20, "subtract", antialias=False)
    assert ((selected(document) == 255) == line).all()
    with pytest.raises(ValueError, match="outside"):
        select.wand(document, (1500, 3), 20)
    assert len(names(document)) == 3


def test_the_wand_looks_at_one_layer_or_at_all():
    lower, upper = np.zeros((2, 40, 60, 4), np.uint8)
    lower[:, :30] = (10, 200, 10, 255)
    lower[:, 30:] = (10, 10, 200, 255)
    upper[:20] = (250, 250, 0, 255)
    document = Document.from_pixels(lower)
    document.layers += (PixelLayer("Upper", TiledImage.from_array(upper)),)
    select.wand(document, (5, 30), 10, antialias=False)
    assert document.selection.bounds() == Rect(0, 20, 30, 20)
    select.wand(document, (5, 30), 10, layer=document.layers[0], antialias=False)
    assert document.selection.bounds() == Rect(0, 0, 30, 40)
    select.wand(document, (5, 5), 10, layer=Group("Group", document.layers), antialias=False)
    assert document.selection.bounds() == Rect(0, 0, 60, 20)
    with pytest.raises(ValueError, match="no pixels"):
        select.wand(document, (5, 5), 10, layer=AdjustmentLayer("Adjustment", Invert()))


def test_growing_by_colour_and_selecting_similar_colours():
    pixels, line, spot = snake()
    document = Document.from_pixels(pixels)
    select.rectangle(document, (800, 0, 5, 2))
    select.similar(document, 5, antialias=False)
    assert ((selected(document) == 255) == line).all()
    select.similar(document, 5, contiguous=False, antialias=False)
    assert ((selected(document) == 255) == (line | spot)).all()


@pytest.mark.parametrize("bits", [8, 16])
def test_ranges_of_colours_and_tones_in_strips(make_document, bits):
    document = make_document(300, 2300, bits=bits)
    pixels = document.composite(document.rect)
    picked = [tuple(int(v) for v in pixels[5, 5, :3])]
    select.colour_range(document, picked, 120)
    assert (selected(document) == selections.colour_range(pixels, picked, 120)).all()
    select.tonal_range(document, "midtones")
    assert (selected(document) == selections.tonal_range(pixels, "midtones")).all()
    select.rectangle(document, (10, 1500, 200, 300))
    select.tonal_range(document, "shadows", "intersect")
    expected = np.zeros_like(selected(document))
    expected[1500:1800, 10:210] = selections.tonal_range(pixels, "shadows")[1500:1800, 10:210]
    assert (selected(document) == expected).all()
    with pytest.raises(ValueError, match="dusk"):
        select.tonal_range(document, "dusk")


@pytest.mark.parametrize("bits", [8, 16])
def test_from_a_layers_alpha(make_document, bits):
    document = make_document(300, 270, bits=bits, alpha=True)
    alpha = document.layers[0].image.read(document.rect)[..., 3]
    document.layers[0].opacity = 0.2  # has no part in it
    select.from_alpha(document, document.layers[0])
    expected = alpha if bits == 8 else np.rint(alpha / 257)
    assert (selected(document) == expected).all()


def test_from_a_layers_mask(document):
    layer = document.layers[0]
    with pytest.raises(ValueError, match="no mask"):
        select.from_mask(document, layer)
    hidden = np.full((50, 60, 1), 30, np.uint8)
    layer.mask = LayerMask(TiledImage.from_array(hidden, 100, 90, default=255))
    select.from_mask(document, layer)
    expected = np.full((HEIGHT, WIDTH), 255)
    expected[90:140, 100:160] = 30
    assert (selected(document) == expected).all()

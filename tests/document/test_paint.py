"""Edits of pixels against the formulas in float64, the locks, the selection and the history."""

import time

import numpy as np
import pytest

from editor.document import paint, select
from editor.document.adjustments import Invert
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Document, Locked
from editor.document.tiles import TiledImage
from tests.document.painting.truth import blank, over

COLOUR = (0.8, 0.3, 0.1)


def pixels(layer, area):
    return layer.image.read(area)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("radius", [0.5, 3, 40.25])
def test_a_hard_dab_covers_the_area_of_its_disc(dtype, radius):
    document, layer = blank(dtype=dtype)
    stroke = paint.Stroke(document, layer, COLOUR, 2 * radius)
    stroke.dab(256.5, 255.75)
    stroke.commit()
    painted = pixels(layer, document.rect)
    area = painted[..., 3].sum() / np.iinfo(dtype).max
    assert area == pytest.approx(np.pi * radius**2, rel=0.03, abs=0.3)
    opaque = painted[painted[..., 3] == np.iinfo(dtype).max]
    assert (opaque[:, :3] == np.floor(np.array(COLOUR) * np.iinfo(dtype).max + 0.5)).all()
    y, x = np.nonzero(painted[..., 3])
    weights = painted[y, x, 3].astype(float)
    assert np.average(x + 0.5, weights=weights) == pytest.approx(256.5, abs=0.02)
    assert np.average(y + 0.5, weights=weights) == pytest.approx(255.75, abs=0.02)


def test_hardness_is_where_the_falloff_begins():
    document, layer = blank()
    stroke = paint.Stroke(document, layer, COLOUR, 200, hardness=0.5)
    stroke.dab(256, 256)
    row = pixels(layer, Rect(0, 255, 600, 1))[0, :, 3]
    assert (row[256 - 49 : 256 + 49] == 255).all()
    assert 100 < row[256 + 75] < 155
    assert not row[256 + 102 :].any()
    assert (np.diff(row[256:].astype(int)) <= 0).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("erase", [False, True])
def test_painting_is_source_over_weighed_by_opacity_and_selection(make_document, dtype, erase):
    document = make_document(300, 280, bits=np.dtype(dtype).itemsize * 8, alpha=True)
    layer = document.layers[0]
    select.ellipse(document, (60, 70, 220, 200))
    select.feather(document, 20)
    chosen = document.selection.read(document.rect)[..., 0] / 255
    before = pixels(layer, document.rect)
    stroke = paint.Stroke(document, layer, COLOUR, 2000, opacity=0.6, erase=erase)
    stroke.dab(150, 140)  # covers everything
    stroke.commit()
    after = pixels(layer, document.rect).astype(float)
    if erase:
        expected = before.astype(float)
        expected[..., 3] *= 1 - 0.6 * chosen
    else:
        expected = over(before, COLOUR, 0.6 * chosen)
    assert np.abs(after[..., 3] - expected[..., 3]).max() <= 0.51
    visible = after[..., 3] > 0
    assert np.abs(after - expected)[visible].max() <= 0.6
    untouched = chosen == 0
    assert untouched.any()
    assert (after[untouched] == before[untouched]).all()
    if erase:
        erased = ~visible & ~untouched
        assert erased.any()
        assert not after[erased].any()


def test_a_stroke_does_not_exceed_its_opacity_however_often_it_crosses_itself():
    document, layer = blank()
    stroke = paint.Stroke(document, layer, (1, 0, 0), 60, opacity=0.6, hardness=0.3, flow=0.4)
    for _ in range(30):
        stroke.line_to(100, 100)
        stroke.line_to(200, 110)
    stroke.commit()
    alpha = pixels(layer, document.rect)[..., 3]
    assert alpha.max() == 153
    second = paint.Stroke(document, layer, (1, 0, 0), 60, opacity=0.6)
    second.dab(150, 105)
    second.commit()
    assert pixels(layer, document.rect)[..., 3].max() == 214


def test_flow_builds_up_from_dab_to_dab():
    document, layer = blank(dtype=np.uint16)
    stroke = paint.Stroke(document, layer, (1, 1, 1), 80, flow=0.2)
    for count in range(1, 6):
        stroke.dab(300, 300)
        alpha = pixels(layer, Rect(300, 300, 1, 1))[0, 0, 3]
        assert alpha == pytest.approx(65535 * (1 - 0.8**count), abs=1)


def test_a_line_is_the_same_in_one_piece_and_in_many():
    (whole, one), (parts, many) = blank(), blank()
    stroke = paint.Stroke(whole, one, COLOUR, 30, hardness=0.2, flow=0.3)
    stroke.line_to(40, 50)
    stroke.line_to(440, 350)
    stroke.commit()
    stroke = paint.Stroke(parts, many, COLOUR, 30, hardness=0.2, flow=0.3)
    for part in np.linspace(0, 1, 801):
        stroke.line_to(40 + 400 * part, 50 + 300 * part)
    stroke.commit()
    first, second = (pixels(layer, whole.rect) for layer in (one, many))
    assert first.any()
    assert (first == second).all()


def test_pressure_makes_the_brush_smaller():
    document, layer = blank()
    stroke = paint.Stroke(document, layer, COLOUR, 100)
    stroke.dab(300, 300, 0.5)
    assert layer.image.bounds().width == pytest.approx(50, abs=2)


def test_a_stroke_is_one_entry_and_stays_on_the_canvas():
    document, layer = blank()
    changes = []
    document.observers.append(changes.append)
    stroke = paint.Stroke(document, layer, COLOUR, 90)
    for point in ((-20, 30), (250, 250), (700, 300)):
        stroke.line_to(*point)
    assert document.history.entries == []
    assert changes
    after = pixels(layer, document.rect)
    stroke.commit()
    assert [entry.name for entry in document.history.entries] == ["Brush"]
    assert layer.image.bounds().intersected(document.rect) == layer.image.bounds()
    document.undo()
    assert not layer.image.tiles
    document.redo()
    assert (pixels(layer, document.rect) == after).all()


def test_a_stroke_rolled_back_or_without_effect_leaves_nothing(make_document, whole):
    document = make_document(300, 280, alpha=True)
    before, tiles = whole(document), dict(document.layers[0].image.tiles)
    stroke = paint.Stroke(document, document.layers[0], COLOUR, 300)
    stroke.line_to(100, 100)
    stroke.line_to(200, 150)
    assert whole(document) != before
    stroke.roll_back()
    assert whole(document) == before
    assert all(document.layers[0].image.tiles[key] is tile for key, tile in tiles.items())
    for stroke in (
        paint.Stroke(document, document.layers[0], COLOUR, 30),
        paint.Stroke(document, document.layers[0], COLOUR, 30, opacity=0),
    ):
        stroke.dab(-200, -200)
        stroke.dab(30, 30) if stroke.opacity == 0 else None
        stroke.commit()
    assert document.history.entries == []
    assert whole(document) == before


def test_erasing_everything_frees_the_tiles(make_document):
    document = make_document(300, 280)
    stroke = paint.Stroke(document, document.layers[0], size=2000, erase=True)
    stroke.dab(150, 140)
    stroke.commit()
    assert document.history.entries[0].name == "Eraser"
    assert not document.layers[0].image.tiles


def test_locked_transparency(make_document):
    document = make_document(300, 280, alpha=True)
    layer = document.layers[0]
    layer.lock = Lock.ALPHA
    before = pixels(layer, document.rect)
    stroke = paint.Stroke(document, layer, COLOUR, 2000)
    stroke.dab(150, 140)
    stroke.commit()
    after = pixels(layer, document.rect)
    assert (after[..., 3] == before[..., 3]).all()
    assert (after[before[..., 3] == 0] == before[before[..., 3] == 0]).all()
    assert (after[before[..., 3] > 0][:, :3] == np.floor(np.array(COLOUR) * 255 + 0.5)).all()
    document.undo()
    paint.fill(document, layer, COLOUR)
    assert (pixels(layer, document.rect) == after).all()
    for edit in (
        lambda: paint.Stroke(document, layer, erase=True),
        lambda: paint.clear(document, layer),
    ):
        with pytest.raises(Locked, match="transparency"):
            edit()


@pytest.mark.parametrize("lock", [Lock.PIXELS, Lock.ALL])
@pytest.mark.parametrize("around", [False, True])
def test_locked_layers_are_refused(make_document, whole, lock, around):
    document = make_document()
    layer = document.layers[0]
    group = Group("Group", [layer])
    document.layers = (group,)
    (group if around else layer).lock = lock
    before = whole(document)
    for edit in (paint.Stroke, paint.clear, lambda *target: paint.fill(*target, COLOUR)):
        with pytest.raises(Locked):
            edit(document, layer)
    assert whole(document) == before
    assert document.history.entries == []
    layer.mask = LayerMask.revealing()
    if lock == Lock.PIXELS:  # holds for pixels and not for masks
        paint.fill(document, layer, (0, 0, 0), on_mask=True)
        assert not document.composite(document.rect).any()
    else:
        with pytest.raises(Locked):
            paint.fill(document, layer, (0, 0, 0), on_mask=True)


def test_what_cannot_be_painted_on(make_document):
    document = make_document()
    adjustment = AdjustmentLayer("Adjustment", Invert())
    document.layers += (adjustment,)
    with pytest.raises(ValueError, match="no pixels"):
        paint.fill(document, adjustment, COLOUR)
    with pytest.raises(ValueError, match="no mask"):
        paint.Stroke(document, adjustment, on_mask=True)
    with pytest.raises(ValueError, match="not in this picture"):
        paint.clear(document, PixelLayer("Other", TiledImage(4, np.uint8)))


def test_painting_on_a_mask(make_document):
    document = make_document(300, 280)
    layer = document.layers[0]
    layer.mask = LayerMask.revealing()
    stroke = paint.Stroke(document, layer, (0, 0, 0), 100, opacity=0.5, on_mask=True)
    stroke.dab(150, 140)
    stroke.commit()
    values = layer.mask.image.read(document.rect)[..., 0]
    assert values[140, 150] == 128
    assert values[0, 0] == 255
    stroke = paint.Stroke(document, layer, (1, 1, 1), 2000, on_mask=True)
    stroke.dab(150, 140)
    stroke.commit()
    assert not layer.mask.image.tiles  # all 255 again, which is what lies beyond
    paint.fill(document, layer, (0, 1, 0), on_mask=True)
    assert layer.mask.image.read(document.rect).min() == 150  # 0.59 of 255
    document.go_to(0)
    assert not layer.mask.image.tiles


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_filling(dtype):
    document, layer = blank(dtype=dtype)
    paint.fill(document, layer, COLOUR)
    maximum = np.iinfo(dtype).max
    full = [int(value * maximum + 0.5) for value in (*COLOUR, 1)]
    assert (pixels(layer, document.rect) == full).all()
    assert not pixels(layer, Rect(-50, -50, 50, 50)).any()
    inner = {id(layer.image.tiles[key]) for key in ((0, 0), (0, 1), (1, 0), (1, 1))}
    assert len(inner) == 1  # one tile stands for all
    entries = len(document.history.entries)
    paint.fill(document, layer, COLOUR)
    assert len(document.history.entries) == entries

    select.rectangle(document, (10, 10, 20, 20))
    paint.fill(document, layer, (0, 0, 0), opacity=0.5)
    after = pixels(layer, document.rect)
    assert np.abs(after[15, 15, :3] - np.array(full[:3]) / 2).max() <= 1
    after[10:30, 10:30] = full
    assert (after == full).all()


def test_clearing(make_document):
    document = make_document(300, 280, alpha=True)
    layer = document.layers[0]
    before = pixels(layer, document.rect)
    select.rectangle(document, (50, 60, 100, 70))
    paint.clear(document, layer)
    after = pixels(layer, document.rect)
    assert not after[60:130, 50:150].any()
    after[60:130, 50:150] = before[60:130, 50:150]
    assert (after == before).all()
    select.nothing(document)
    paint.clear(document, layer)
    assert not layer.image.tiles
    entries = len(document.history.entries)
    paint.clear(document, layer)
    assert len(document.history.entries) == entries
    document.go_to(0)
    assert (pixels(layer, document.rect) == before).all()


@pytest.mark.parametrize("bits", [8, 16])
def test_copying_and_pasting(make_document, bits):
    document = make_document(300, 280, bits=bits)
    layer = document.layers[0]
    layer.opacity = 0.5
    before = pixels(layer, document.rect)
    copied, x, y = paint.copy(document, layer)
    assert (x, y) == (0, 0)
    assert (copied == before).all()
    merged, *_ = paint.copy(document)
    assert (merged == document.composite(document.rect)).all()

    select.rectangle(document, (40.5, 60, 100, 70))
    copied, x, y = paint.copy(document, layer)
    assert (x, y, copied.shape) == (40, 60, (70, 101, 4))
    assert (copied[:, 1:-1] == before[60:130, 41:140]).all()
    assert np.abs(copied[:, 0, 3] - document.maximum / 2).max() <= document.maximum / 255

    pasted = paint.paste(document, copied, -30, 20, above=layer)
    assert document.layers == (layer, pasted)
    assert (pasted.image.read(Rect(-30, 20, 101, 70)) == copied).all()
    assert [entry.name for entry in document.history.entries][-1] == "Paste"
    select.rectangle(document, (0, 0, 5, 5))
    assert paint.copy(document, PixelLayer("Empty", TiledImage(4, document.dtype))) is None


def test_pasting_from_another_depth(make_document):
    deep, flat = make_document(bits=16), make_document(bits=8)
    values = np.arange(256, dtype=np.uint8).reshape(8, 8, 4)
    layer = paint.paste(deep, values, 0, 0)
    assert (pixels(layer, Rect(0, 0, 8, 8)) == values.astype(int) * 257).all()
    layer = paint.paste(flat, pixels(layer, Rect(0, 0, 8, 8)), 0, 0)
    assert (pixels(layer, Rect(0, 0, 8, 8)) == values).all()
    for wrong in (np.zeros((3, 3), np.uint8), np.zeros((3, 3, 4), np.float32), np.zeros((0, 3, 4), np.uint8)):
        with pytest.raises(ValueError, match="pasted"):
            paint.paste(flat, wrong, 0, 0)


def test_sixteen_bits_are_kept():
    document, layer = blank(dtype=np.uint16)
    values = np.random.default_rng(1).integers(1, 65536, (520, 600, 4), np.uint16)
    layer.image.tiles.update(TiledImage.from_array(values).tiles)
    stroke = paint.Stroke(document, layer, (12345 / 65535,) * 3, 100)
    stroke.dab(300, 300)
    stroke.commit()
    after = pixels(layer, document.rect)
    assert (after[300, 300] == (12345, 12345, 12345, 65535)).all()
    away = np.hypot(*np.meshgrid(np.arange(600) - 300, np.arange(520) - 300)) > 53
    assert (after[away] == values[away]).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_large_dab_takes_a_millisecond_or_so(dtype):
    values = np.random.default_rng(1).integers(1, 255, (1000, 1000, 4)).astype(dtype)
    document = Document.from_pixels(values)
    stroke = paint.Stroke(document, document.layers[0], COLOUR, 200, hardness=0.5, flow=0.5, opacity=0.8)
    times = []
    for step in range(60):
        start = time.perf_counter()
        stroke.dab(200 + 10 * step, 200 + 9 * step)
        times.append(time.perf_counter() - start)
    stroke.roll_back()
    assert min(times) < 2e-3

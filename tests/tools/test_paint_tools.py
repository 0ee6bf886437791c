"""Brush, pencil, eraser, stamp, healing, gradient, bucket, eyedropper: what a press and a drag do."""

import numpy as np
import pytest

from editor.document import stack
from editor.document.layers import AdjustmentLayer, Lock
from editor.tools import shelf
from editor.tools.base import Pointer, SizedTool
from editor.tools.bench import Bench
from editor.tools.brushes import Brush, Eraser, Pencil
from editor.tools.eyedropper import Eyedropper
from editor.tools.gradient import Bucket, Gradient
from editor.tools.options import Deed
from editor.tools.retouching import Healing, SpotHealing, Stamp

RED = (1.0, 0.0, 0.0)


@pytest.fixture
def bench() -> Bench:
    bench = Bench(lambda words, level: None)
    bench.foreground = RED
    return bench


@pytest.fixture
def document(make_document):
    pixels = np.full((120, 160, 4), 255, np.uint8)
    pixels[:, 80:, :3] = (20, 40, 60)
    return make_document(pixels=pixels)


def _drag(tool, document, *points, **how) -> None:
    tool.press(document, Pointer(*points[0], **how))
    for point in points[1:]:
        tool.move(document, Pointer(*point, **how))
    tool.release(document, Pointer(*points[-1], **how))


def _shown(document) -> np.ndarray:
    return document.composite(document.rect)


def _names(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def test_every_tool_of_the_shelf_has_what_it_says(bench):
    for spec in shelf.TOOLS.values():
        tool = spec.make(bench)
        assert tool.id == spec.id and tool.name == spec.title
        assert tool.hint.endswith((".", "°.")) and len(tool.hint) <= 110
        for option in tool.options:
            if isinstance(option, Deed):
                assert callable(getattr(tool, option.method))
            else:
                assert option.accepts(getattr(tool, option.attribute)), (spec.id, option)


@pytest.mark.parametrize("make", [Brush, Pencil])
def test_a_stroke_is_red_one_entry_and_goes_back(bench, document, whole, make):
    before = whole(document)
    tool = make(bench)
    tool.size, tool.hardness = 12, 1.0
    _drag(tool, document, (20, 60), (60, 60))
    assert len(document.history.entries) == 1
    shown = _shown(document)
    assert shown[60, 40].tolist() == [255, 0, 0, 255]
    assert shown[75, 40].tolist() == [255, 255, 255, 255]
    document.undo()
    assert whole(document) == before


def test_the_pencil_has_no_soft_edge(bench, document):
    pencil = Pencil(bench)
    pencil.size = 9
    _drag(pencil, document, (20.2, 60.7), (60.9, 40.1))
    greens = np.unique(_shown(document)[:, :80, 1])
    assert greens.tolist() == [0, 255]


def test_escape_takes_a_stroke_back(bench, document, whole):
    before = whole(document)
    brush = Brush(bench)
    brush.press(document, Pointer(20, 60))
    brush.move(document, Pointer(60, 60))
    assert whole(document) != before
    assert brush.cancel(document) and not brush.cancel(document)
    brush.release(document, Pointer(60, 60))
    assert whole(document) == before and not document.history.entries


def test_something_else_in_the_middle_of_a_stroke_records_it_first(bench, document):
    brush = Brush(bench)
    brush.press(document, Pointer(20, 60))
    brush.move(document, Pointer(60, 60))
    brush.settle(document)
    assert len(document.history.entries) == 1
    brush.move(document, Pointer(70, 60))
    brush.release(document, Pointer(70, 60))
    assert len(document.history.entries) == 1


def test_shift_draws_a_straight_line_from_the_last_stroke(bench, document):
    brush = Brush(bench)
    brush.size, brush.hardness = 6, 1.0
    _drag(brush, document, (20, 20))
    _drag(brush, document, (60, 100), constrain=True)
    assert _shown(document)[60, 40, 1] == 0  # half way


def test_alt_picks_the_colour(bench, document):
    _drag(Brush(bench), document, (120, 60), invert=True)
    assert np.rint(np.multiply(bench.foreground, 255)).tolist() == [20, 40, 60]
    assert not document.history.entries


def test_smoothing_lags_and_catches_up(bench, document):
    brush = Brush(bench)
    brush.size, brush.hardness, brush.smoothing = 6, 1.0, 60.0
    brush.press(document, Pointer(10, 60))
    for x in range(12, 61, 2):
        brush.move(document, Pointer(x, 60))
    assert _shown(document)[60, 60, 1] == 255  # the tip hangs behind
    assert brush.shapes(document)  # and the string to it is shown
    brush.release(document, Pointer(60, 60))
    assert _shown(document)[60, 58, 1] == 0
    assert brush.shapes(document) == ()


def test_the_brush_paints_on_the_mask_when_that_is_meant(bench, document):
    layer = document.layers[0]
    stack.add_mask(document, layer)
    bench.layer, bench.on_mask, bench.foreground = layer, True, (0.0, 0.0, 0.0)
    brush = Brush(bench)
    brush.hardness = 1.0
    _drag(brush, document, (40, 60))
    assert layer.mask.image.read(document.rect)[60, 40, 0] == 0
    assert layer.image.read(document.rect)[60, 40].tolist() == [255] * 4
    eraser = Eraser(bench)
    bench.foreground = RED
    _drag(eraser, document, (100, 60))
    assert layer.mask.image.read(document.rect)[60, 100, 0] == 0


def test_the_eraser_makes_transparent(bench, document):
    eraser = Eraser(bench)
    _drag(eraser, document, (40, 60))
    assert _shown(document)[60, 40].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("make", [Brush, Pencil, Eraser, Bucket, SpotHealing, Gradient])
def test_a_layer_without_pixels_is_refused_in_words(bench, document, make):
    from editor.document.adjustments import ADJUSTMENTS

    layer = AdjustmentLayer("Curves", ADJUSTMENTS["curves"]())
    stack.add(document, layer)
    bench.layer = layer
    entries = len(document.history.entries)
    with pytest.raises(ValueError, match="no pixels of its own"):
        make(bench).press(document, Pointer(40, 60))
    assert len(document.history.entries) == entries


def test_a_locked_layer_is_refused(bench, document, whole):
    document.set_layer(document.layers[0], "lock", Lock.ALL, "Lock")
    before = whole(document)
    with pytest.raises(ValueError, match="locked"):
        Brush(bench).press(document, Pointer(40, 60))
    assert whole(document) == before


def test_the_stamp_copies_what_alt_was_clicked_on(bench, document):
    stamp = Stamp(bench)
    stamp.size, stamp.hardness = 20, 1.0
    with pytest.raises(ValueError, match="Alt"):
        stamp.press(document, Pointer(30, 30))
    _drag(stamp, document, (120, 60), invert=True)
    assert stamp.shapes(document)  # a cross where it copies from
    _drag(stamp, document, (40, 60), (44, 60))
    assert _shown(document)[60, 42, :3].tolist() == [20, 40, 60]
    assert len(document.history.entries) == 1


def test_the_stamp_aligned_goes_on_and_not_aligned_begins_anew(make_document, bench):
    pixels = np.full((60, 200, 4), 255, np.uint8)
    pixels[..., 0] = np.arange(200)
    for aligned, red in ((True, 130), (False, 100)):
        document = make_document(pixels=pixels)
        stamp = Stamp(bench)
        stamp.size, stamp.hardness, stamp.aligned = 6, 1.0, aligned
        _drag(stamp, document, (100.5, 30.5), invert=True)
        _drag(stamp, document, (20.5, 30.5))
        _drag(stamp, document, (50.5, 30.5))
        assert _shown(document)[30, 50, 0] == red


def test_spot_healing_covers_a_spot(make_document, bench):
    random = np.random.default_rng(3)
    pixels = np.full((160, 160, 4), 255, np.uint8)
    pixels[..., :3] = random.normal(150, 6, (160, 160, 1)).clip(0, 255)
    pixels[70:80, 70:80, :3] = 10
    document = make_document(pixels=pixels)
    spot = SpotHealing(bench)
    spot.size, spot.hardness = 24, 1.0
    _drag(spot, document, (75, 75))
    healed = _shown(document)[70:80, 70:80, 0].astype(float)
    assert abs(healed.mean() - 150) < 8 and len(document.history.entries) == 1


def test_healing_needs_a_source(bench, document):
    with pytest.raises(ValueError, match="Alt"):
        Healing(bench).press(document, Pointer(40, 40))


def test_a_gradient_runs_from_the_press_to_the_release(bench, document):
    bench.foreground, bench.background = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    gradient = Gradient(bench)
    gradient.dither = False
    gradient.press(document, Pointer(20, 60))
    gradient.move(document, Pointer(140, 70))
    assert gradient.shapes(document)
    gradient.release(document, Pointer(140, 65, constrain=True))
    row = _shown(document)[60, :, 0].astype(int)
    assert row[10] == 0 and row[150] == 255 and abs(row[80] - 128) < 4
    assert (np.diff(row) >= 0).all()
    assert (_shown(document)[0] == _shown(document)[119]).all()  # Shift kept it level
    assert len(document.history.entries) == 1


def test_a_click_makes_no_gradient_and_escape_neither(bench, document):
    gradient = Gradient(bench)
    _drag(gradient, document, (20, 60), (21, 60))
    gradient.press(document, Pointer(20, 60))
    gradient.move(document, Pointer(100, 60))
    assert gradient.cancel(document) and not gradient.cancel(document)
    gradient.release(document, Pointer(100, 60))
    assert not document.history.entries


def test_the_bucket_fills_what_is_alike(bench, document):
    Bucket(bench).press(document, Pointer(20, 20))
    shown = _shown(document)
    assert (shown[:, :79, :3] == (255, 0, 0)).all() and (shown[:, 82:, :3] == (20, 40, 60)).all()
    assert len(document.history.entries) == 1


def test_the_eyedropper_takes_both_colours(bench, document):
    told = []
    bench.observers.append(lambda: told.append(bench.foreground))
    dropper = Eyedropper(bench)
    _drag(dropper, document, (20, 20), (120, 20))
    assert np.rint(np.multiply(bench.foreground, 255)).tolist() == [20, 40, 60]
    dropper.size = 3
    _drag(dropper, document, (20, 20), invert=True)
    assert np.allclose(bench.background, 1)
    assert len(told) == 2 and not document.history.entries
    _drag(dropper, document, (-5, 20))  # beyond the picture there is no colour
    assert np.rint(np.multiply(bench.foreground, 255)).tolist() == [20, 40, 60]


def test_tips_change_their_size_within_limits(bench):
    for spec in shelf.TOOLS.values():
        tool = spec.make(bench)
        if isinstance(tool, SizedTool):
            tool.resize(500)
            assert tool.size == tool.largest
            tool.resize(-1000)
            assert tool.size == tool.smallest

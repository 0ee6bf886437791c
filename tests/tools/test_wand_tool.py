"""The magic wand: on one layer or all, near or everywhere, in the four ways."""

import numpy as np
import pytest
from gestures import bounds, drag, make_bench, mask, names

from editor.document import stack
from editor.document.adjustments import ADJUSTMENTS
from editor.document.layers import AdjustmentLayer, PixelLayer
from editor.document.tiles import TiledImage
from editor.tools.wand import Wand


@pytest.fixture
def document(make_document):
    """Grey, with a red square left and right and a softer red one between."""
    pixels = np.full((100, 300, 4), 128, np.uint8)
    pixels[..., 3] = 255
    for x, red in ((20, 200), (120, 215), (220, 200)):
        pixels[30:70, x : x + 40, :3] = (red, 20, 20)
    return make_document(pixels=pixels)


@pytest.fixture
def wand():
    tool = Wand(make_bench())
    tool.antialias = False
    return tool


def test_a_click_selects_what_hangs_together(document, whole, wand):
    before = whole(document)
    drag(wand, document, (30.5, 40.5))
    assert bounds(document) == (20, 30, 40, 40) and (mask(document)[30:70, 20:60] == 255).all()
    assert names(document) == ["Magic wand"]
    document.undo()
    assert whole(document) == before


def test_everywhere_and_how_alike(document, wand):
    wand.contiguous = False
    drag(wand, document, (30, 40))
    assert (mask(document) == 255).sum() == 3 * 40 * 40
    wand.tolerance = 10.0
    drag(wand, document, (230, 10))
    drag(wand, document, (30, 40))
    assert (mask(document) == 255).sum() == 2 * 40 * 40


def test_the_keys_add_and_take_away(document, wand):
    drag(wand, document, (30, 40))
    drag(wand, document, (130, 40), constrain=True)
    assert bounds(document) == (20, 30, 140, 40)
    drag(wand, document, (30, 40), invert=True)
    assert bounds(document) == (120, 30, 40, 40)


def test_a_click_on_the_selection_selects_anew_and_a_drag_moves_it(document, wand):
    wand.contiguous = False
    drag(wand, document, (30, 40))
    wand.contiguous = True
    drag(wand, document, (30, 40))
    assert bounds(document) == (20, 30, 40, 40)
    drag(wand, document, (30, 40), (40, 45))
    assert bounds(document) == (30, 35, 40, 40) and names(document)[-1] == "Move selection"


def test_a_click_beside_the_picture_deselects(document, wand):
    drag(wand, document, (30, 40))
    drag(wand, document, (-5, 40), constrain=True)
    assert mask(document).any()
    drag(wand, document, (305, 40))
    assert not mask(document).any()


def test_antialias_softens_corners(document, wand):
    wand.antialias = True
    drag(wand, document, (30, 40))
    assert 0 < mask(document)[30, 20] < 255 == mask(document)[50, 20]


def test_one_layer_or_all(document, wand):
    patch = np.full((20, 20, 4), 255, np.uint8)
    upper = PixelLayer("Patch", TiledImage.from_array(patch, 30, 40))
    stack.add(document, upper)
    assert wand.sample_all  # what is seen is meant, until one layer is asked for
    wand.sample_all = False
    wand.bench.layer = document.layers[0]
    drag(wand, document, (25, 35))
    assert (mask(document) == 255).sum() == 40 * 40
    wand.sample_all = True
    drag(wand, document, (5, 5))
    drag(wand, document, (25, 35))
    assert (mask(document) == 255).sum() == 40 * 40 - 20 * 20


def test_a_layer_without_pixels_is_told(document, wand):
    adjustment = ADJUSTMENTS["invert"]()
    wand.bench.layer = AdjustmentLayer("Negative", adjustment)
    stack.add(document, wand.bench.layer)
    wand.sample_all = False
    with pytest.raises(ValueError, match="“Negative” has no pixels"):
        drag(wand, document, (25, 35))
    assert not mask(document).any()

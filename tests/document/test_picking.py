"""The layer that a place belongs to."""

import numpy as np
import pytest

from editor.document import stack
from editor.document.adjustments import ADJUSTMENTS
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer
from editor.document.picking import layer_at
from editor.document.tiles import TiledImage


def patch(name: str, x: int, alpha: int = 255) -> PixelLayer:
    pixels = np.full((20, 20, 4), 90, np.uint8)
    pixels[..., 3] = alpha
    return PixelLayer(name, TiledImage.from_array(pixels, x, 10))


@pytest.fixture
def document(make_document):
    made = make_document(100, 50)
    stack.add(made, patch("low", 10))
    stack.add(made, patch("high", 20))
    return made


def name_at(document, x, y, **how):
    layer = layer_at(document, x, y, **how)
    return None if layer is None else layer.name


def test_the_uppermost_with_pixels_there(document):
    assert [name_at(document, x, 15) for x in (5, 15, 25, 35)] == ["Background", "low", "high", "high"]
    assert name_at(document, -5, 15) is None


def test_hidden_faint_and_masked_ones_are_looked_through(document):
    low, high = document.layers[1:]
    high.visible = False
    assert name_at(document, 25, 15) == "low"
    low.opacity = 0.05
    assert name_at(document, 25, 15) == "Background"
    low.opacity, low.mask = 1.0, LayerMask(TiledImage(1, np.uint8))
    assert name_at(document, 25, 15) == "Background"
    low.mask = LayerMask(TiledImage(1, np.uint8), enabled=False)
    assert name_at(document, 25, 15) == "low"


def test_adjustments_are_looked_through(document):
    stack.add(document, AdjustmentLayer("Negative", ADJUSTMENTS["invert"]()))
    assert name_at(document, 25, 15) == "high"


def test_in_groups_the_layer_or_the_outermost_group(document):
    inner = Group("inner", [patch("deep", 60)])
    outer = Group("outer", [inner])
    stack.add(document, outer)
    assert name_at(document, 65, 15) == "deep"
    assert name_at(document, 65, 15, group=True) == "outer"
    assert name_at(document, 25, 15, group=True) == "high"
    outer.opacity = inner.opacity = 0.3
    assert name_at(document, 65, 15) == "Background"


def test_sixteen_bits(make_document):
    document = make_document(20, 20, bits=16)
    assert name_at(document, 3, 3) == "Background"

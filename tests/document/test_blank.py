"""A new document is empty or of one colour, and costs next to nothing."""

import pytest

from editor.document import paint, select
from editor.document.blank import blank


@pytest.mark.parametrize(("bits", "most"), [(8, 255), (16, 65535)])
@pytest.mark.parametrize("size", [(1, 1), (256, 256), (300, 700), (512, 10)])
def test_one_colour_fills_the_canvas_and_no_more(size, bits, most):
    document = blank(*size, bits=bits, colour=(1.0, 0.5, 0.0), dpi=300)
    shown = document.composite(document.rect)
    assert shown.shape == (size[1], size[0], 4)
    assert (shown == (most, round(most / 2), 0, most)).all()
    image = document.layers[0].image
    assert image.bounds() == document.rect
    assert document.bits == bits
    assert not document.has_alpha
    assert document.metadata.dpi == (300.0, 300.0)
    assert not document.history.modified


def test_nothing_at_all():
    document = blank(640, 480, colour=None, dpi=72)
    assert not document.composite(document.rect).any()
    assert document.has_alpha
    assert not document.layers[0].image.tiles


def test_a_large_one_is_a_few_tiles():
    image = blank(20_000, 10_001, colour=(1, 1, 1), dpi=300).layers[0].image
    assert len({id(tile) for tile in image.tiles.values()}) == 4
    assert all(not tile.flags.writeable for tile in image.tiles.values())


@pytest.mark.parametrize("size", [(0, 10), (10, -1), (300_001, 1), (30_000, 30_000)])
def test_sizes_that_no_picture_may_have(size):
    with pytest.raises(ValueError, match="picture"):
        blank(*size, colour=None, dpi=300)


def test_parts_are_edited_apart():
    document = blank(600, 600, colour=(1, 1, 1), dpi=300)
    select.rectangle(document, (10, 10, 5, 5))
    paint.clear(document, document.layers[0])
    shown = document.composite(document.rect)
    assert not shown[10:15, 10:15].any()
    shown[10:15, 10:15] = 255
    assert (shown == 255).all()

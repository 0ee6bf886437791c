"""A frame that is turned, made the canvas."""

import numpy as np
import pytest

from editor.document import canvas, guides, select
from editor.document.geometry import Rect
from editor.document.guide import LINE, Guide
from editor.document.layers import LayerMask
from editor.document.tiles import TiledImage


@pytest.fixture
def document(make_document):
    return make_document(300, 200)


def test_upright_it_is_a_crop(document, make_document):
    other = make_document(300, 200)
    canvas.crop_turned(document, (120, 90), 100, 60, 0.0)
    canvas.crop(other, Rect(70, 60, 100, 60))
    assert np.array_equal(document.composite(document.rect), other.composite(other.rect))


@pytest.mark.parametrize("bits", [8, 16])
def test_quarter_turns_are_exact_and_undone_at_once(make_document, whole, bits):
    document = make_document(300, 200, bits=bits)
    select.rectangle(document, (80, 60, 40, 30))
    before, pixels = whole(document), document.composite(document.rect)
    canvas.crop_turned(document, (120, 90), 60, 100, 90.0)
    assert (document.width, document.height) == (60, 100)
    # The frame, 100 wide and 60 high before it is upright, reaches from (70, 60) to (170, 120).
    assert np.array_equal(document.composite(document.rect), np.rot90(pixels[60:120, 70:170]))
    assert [entry.name for entry in document.history.entries][1:] == ["Crop"]
    document.undo()
    assert whole(document) == before


def test_the_frames_middle_becomes_the_canvas_middle(make_document):
    pixels = np.zeros((200, 300, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[85:96, 115:126, :3] = 255
    document = make_document(pixels=pixels)
    canvas.crop_turned(document, (120.5, 90.5), 101, 61, 30.0)
    shown = document.composite(document.rect)[..., 0].astype(float)
    rows, columns = np.mgrid[0:61, 0:101] + 0.5
    assert (shown * columns).sum() / shown.sum() == pytest.approx(50.5, abs=0.02)
    assert (shown * rows).sum() / shown.sum() == pytest.approx(30.5, abs=0.02)


@pytest.mark.parametrize("deletes", [False, True])
def test_what_lies_outside_is_kept_or_not(document, deletes):
    layer = document.layers[0]
    layer.mask = LayerMask(TiledImage.from_array(np.full((200, 300, 1), 90, np.uint8), default=255))
    guides.add(document, Guide(LINE, ((5, 5), (25, 5))), Guide(LINE, ((100, 90), (140, 90))))
    canvas.crop_turned(document, (120, 90), 100, 60, 10.0, delete_outside=deletes)
    assert (layer.image.bounds() == document.rect) is deletes
    assert (layer.mask.image.bounds() == document.rect) is deletes
    assert len(document.guides) == (1 if deletes else 2)
    x, y = document.guides[-1].points[0]
    assert (x, y) == pytest.approx((50 - 20 * np.cos(np.radians(10)), 30 + 20 * np.sin(np.radians(10))))


def test_what_cannot_be_is_refused(document, whole):
    before = whole(document)
    for frame in (((np.nan, 5), 10, 10, 3.0), ((5, 5), 0, 10, 3.0), ((5, 5), 10, 10, np.inf)):
        with pytest.raises(ValueError):
            canvas.crop_turned(document, *frame)
    assert whole(document) == before and not document.history.entries

"""A document as the engine sees it, and what it found as a selection: places, margins, specks."""

import numpy as np
import pytest

from editor.jobs import select
from engines.select import placing
from engines.select.requests import Found, Seen


def test_a_picture_is_seen_by_averages(make_document):
    pixels = np.zeros((1500, 4096, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[::2, ::2, 0] = 200  # a quarter of each block
    pixels[400:800, 400:800, 1] = 100
    seen = select.look(make_document(pixels=pixels)).image
    assert seen.shape == (375, 1024, 3) and seen.dtype == np.float32
    assert np.allclose(seen[..., 0], 50 / 255, atol=1e-6)
    assert np.allclose(seen[100:200, 100:200, 1], 100 / 255) and seen[:99, :, 1].max() == 0


def test_an_odd_picture_of_16_bits_with_clear_parts(make_document):
    pixels = np.full((3, 2055, 4), 65535, np.uint16)
    pixels[:, 1000:, 3] = 0
    seen = select.look(make_document(pixels=pixels, alpha=True)).image
    assert seen.shape == (2, 1028, 3)
    assert np.allclose(seen[:, :500], 1) and np.allclose(seen[:, 500:], 0.5)


def test_a_click_is_placed_in_what_was_seen():
    seen = Seen(np.zeros((1, 256, 64, 64), np.float32), 1028, 2)
    click = select.click(seen, (2055, 3), [(2055, 3)], [(0, 0)], (0, 0, 2055, 1.5))
    assert click.wanted == ((1028, 2),) and click.unwanted == ((0, 0),) and click.box == (0, 0, 1028, 1)
    assert click.before is None


def grid(draw, side=256):
    logits = np.full((side, side), -5, np.float32)
    draw(logits)
    return Found(logits, 1.0, "0" * 64)


def full(chosen):
    area, values = select.coverage(chosen.logits, chosen.width, chosen.height, chosen.margin)
    out = np.zeros((chosen.height, chosen.width), np.uint8)
    out[area.slices] = values
    return out


@pytest.mark.parametrize(("width", "height"), [(2560, 1280), (1280, 2560), (100, 60)])
def test_a_square_comes_out_where_it_is(width, height):
    def draw(logits):
        logits[50:80, 60:100] = 5

    chosen = select.selected(grid(draw), width, height, 0.0)
    cell = max(width, height) / 256
    rows, columns = (np.flatnonzero((full(chosen) > 0).any(axis=axis)) for axis in (1, 0))
    for found, wanted in ((rows, (50, 80)), (columns, (60, 100))):
        assert abs(found[0] - wanted[0] * cell) <= 1 + cell / 8
        assert abs(found[-1] + 1 - wanted[1] * cell) <= 1 + cell / 8
    points = np.concatenate(chosen.outlines)
    assert np.allclose(points.min(axis=0), (60 * cell, 50 * cell), atol=max(cell / 2, width / 1024 + 1))
    assert np.allclose(points.max(axis=0), (100 * cell, 80 * cell), atol=max(cell / 2, width / 1024 + 1))


def test_at_the_edges_of_the_picture():
    def draw(logits):
        logits[:, :] = 5

    chosen = select.selected(grid(draw), 300, 200)
    assert (full(chosen) == 255).all()


def test_the_margin_takes_halo_and_shadow_along():
    def draw(logits):
        logits[100:150, 100:150] = 5

    bare, usual, wide = (full(select.selected(grid(draw), 2560, 2560, each)) for each in (0.0, 100.0, 300.0))
    assert ((bare >= 128) <= (usual >= 128)).all() and ((usual >= 128) <= (wide >= 128)).all()
    rows = [np.flatnonzero(each[:, 1250] >= 128) for each in (bare, usual)]
    above, below = rows[0][0] - rows[1][0], rows[1][-1] - rows[0][-1]
    assert 10 <= above <= 20  # the largest, 0.6 per cent of 2560, or somewhat less
    assert below > above * 1.3  # where things touch the ground
    assert ((usual > 0) & (usual < 255)).sum() > 0  # softened


def test_specks_and_pinholes_go_and_parts_stay():
    def draw(logits):
        logits[50:150, 50:150] = 5
        logits[100, 100] = -3  # a pinhole
        logits[60:90, 60:90] = -3  # a hole
        logits[10, 10] = 3  # a speck
        logits[200:230, 200:230] = 4  # another part

    tidied = placing.tidied(grid(draw)) > 0
    assert tidied[100, 100] and not tidied[75, 75] and not tidied[10, 10] and tidied[215, 215]


def test_nothing_found():
    with pytest.raises(select.NothingFound, match="no object there"):
        select.selected(grid(lambda logits: None), 300, 200)
    assert placing.bounds(np.full((256, 256), -1, np.float32), 300, 200).width == 0

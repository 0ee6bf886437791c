"""A document as the engine sees it, and what it found as a selection: places, margins, specks."""

import numpy as np
import pytest

from editor.document.geometry import Rect
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
    click = select.click(seen, Rect(0, 0, 2055, 3), [(2055, 3)], [(0, 0)], (0, 0, 2055, 1.5))
    assert click.wanted == ((1028, 2),) and click.unwanted == ((0, 0),) and click.box == (0, 0, 1028, 1)
    assert click.before is None
    part = select.click(seen, Rect(100, 200, 2056, 4), [(1128, 202)])
    assert part.wanted == ((514, 1),)


def grid(draw, side=256):
    logits = np.full((side, side), -5, np.float32)
    draw(logits)
    return Found(logits, 1.0, "0" * 64)


def full(chosen):
    area, values = select.coverage(chosen.logits, chosen.region, chosen.width, chosen.height, chosen.margin)
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


def test_where_a_speck_was_nothing_is_left_between_the_pixels():
    """What the network says around a speck is near 0; its turned value next to that must not ring."""

    def draw(logits):
        logits[160:190, 160:190] = -0.01
        logits[170:173, 170:173] = 9
        logits[50:150, 50:150] = logits[210:250, 210:250] = 5

    inside = full(select.selected(grid(draw), 2560, 2560, 0.0)) > 0
    assert inside[510:1490, 510:1490].all() and not inside[1600:1900, 1600:1900].any()


def test_nothing_found():
    with pytest.raises(select.NothingFound, match="no object there"):
        select.selected(grid(lambda logits: None), 300, 200)
    assert placing.bounds(np.full((256, 256), -1, np.float32), 300) is None
    area, values = select.coverage(np.full((256, 256), -1, np.float32), Rect(0, 0, 300, 200), 300, 200, 50)
    assert not area and values.size == 0


# -- a closer look at what is small --------------------------------------------------------------------------


def square(left, top, size, cells=256):
    def draw(logits):
        logits[top : top + size, left : left + size] = 5

    return grid(draw, cells)


def test_only_what_is_small_is_looked_at_more_closely():
    assert select.closer(select.selected(square(50, 50, 90), 2560, 1280)) is None
    region = select.closer(select.selected(square(50, 60, 20), 2560, 1280))
    assert region.width == region.height and 450 < region.width < 600
    centre = region.x + region.width / 2, region.y + region.height / 2
    assert np.allclose(centre, (600, 700), atol=2)


@pytest.mark.parametrize("place", [(0, 0), (250, 120), (0, 120), (250, 0)])
def test_the_closer_region_lies_within_the_picture(place):
    region = select.closer(select.selected(square(*place, 6), 2560, 1280))
    assert region.intersected(Rect(0, 0, 2560, 1280)) == region and region.width >= 64


def test_what_was_seen_more_closely_takes_the_place_of_the_object():
    chosen = select.selected(square(50, 60, 20), 2560, 2560, 0.0)
    region = select.closer(chosen)
    cell = region.width / 256
    left, right = (round((x - region.x) / cell) for x in (510, 690))  # 10 pixels less than was seen at first
    top, bottom = (round((y - region.y) / cell) for y in (610, 790))
    fine = grid(lambda logits: logits[top:bottom, left:right].fill(5))
    better = select.refined(chosen, fine, region)
    assert better.region == region and better.found is chosen.found
    rows, columns = (np.flatnonzero((full(better) > 0).any(axis=axis)) for axis in (1, 0))
    assert abs(columns[0] - 510) <= cell and abs(columns[-1] - 689) <= cell
    assert abs(rows[0] - 610) <= cell and abs(rows[-1] - 789) <= cell
    points = np.concatenate(better.outlines)
    assert np.allclose(points.min(axis=0), (columns[0], rows[0]), atol=1.5)
    assert select.closer(better) is not None  # still small; who asks looks once


@pytest.mark.parametrize("logits", [-1.0, 1.0])
def test_another_object_does_not_take_its_place(logits):
    chosen = select.selected(square(50, 60, 20), 2560, 2560)
    other = Found(np.full((256, 256), logits, np.float32), 1.0, "0" * 64)
    assert select.refined(chosen, other, select.closer(chosen)) is chosen


def test_a_region_is_seen_by_itself(make_document):
    document = make_document(300, 200)
    region = Rect(40, 50, 100, 80)
    pixels = document.composite(region)[..., :3] / 255
    assert np.allclose(select.look(document, region).image, pixels, atol=1e-6)


def test_the_closer_question_names_the_object_by_its_box_and_what_was_clicked_within_it():
    chosen = select.selected(square(50, 60, 20), 2560, 2560)
    region = select.closer(chosen)
    seen = Seen(np.zeros((1, 256, 64, 64), np.float32), region.width, region.height)
    click = select.click_closer(seen, region, chosen, [(600, 700), (5, 5)], [(2000, 9)])
    assert click.wanted == ((600 - region.x, 700 - region.y),) and click.unwanted == ()
    wanted = (500 - region.x, 600 - region.y, 700 - region.x, 800 - region.y)
    assert np.allclose(click.box, wanted, atol=6)

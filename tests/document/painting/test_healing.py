"""Healing against a direct solution of its equations, and pictures where the right answer is known."""

import threading

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document import paint, select
from editor.document.geometry import Rect
from editor.document.layers import Lock, PixelLayer
from editor.document.model import Document
from editor.document.painting import heal, spot
from editor.document.painting.membrane import membrane
from editor.document.tiles import TiledImage
from tests.document.painting.truth import laplace


def beside(inside):
    """What lies next to ``inside`` and is none of it."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return cv2.dilate(inside.astype(np.uint8), cross).astype(bool) & ~inside


def spanned(inside, known, values):
    out = np.zeros(values.shape)
    out[inside] = membrane(np.argwhere(inside), np.argwhere(known), values[known].astype(np.float32))
    return out


def blob(height, width, *lines, thickness=9):
    inside = np.zeros((height, width), np.uint8)
    for start, end in lines:
        cv2.line(inside, start, end, 1, thickness)
    return inside.astype(bool)


# --- the membrane ---


@pytest.mark.parametrize(
    "inside",
    [
        blob(60, 50, ((25, 30), (25, 30)), thickness=30),
        blob(60, 50, ((0, 10), (49, 40)), ((10, 55), (40, 5))),  # to the edges
        blob(60, 50, ((3, 3), (5, 5)), ((40, 50), (44, 20)), thickness=3),  # two parts
        np.arange(60 * 50).reshape(60, 50) % 7 < 2,
        np.arange(3000).reshape(60, 50) == 1234,
    ],
)
@pytest.mark.parametrize("known_share", [1, 0.5])
def test_the_membrane_solves_laplaces_equation(inside, known_share):
    random = np.random.default_rng(0)
    known = beside(inside) & (random.random(inside.shape) <= known_share)
    values = random.random((*inside.shape, 3)) - 0.5
    assert np.abs(spanned(inside, known, values) - laplace(inside, known, values))[inside].max() < 1e-5


def test_a_large_membrane_is_as_exact():
    """A plane and a saddle solve the equation, also on the grid."""
    inside = blob(700, 900, ((100, 100), (800, 600)), ((300, 500), (700, 200)), thickness=120)
    rows, columns = np.mgrid[:700, :900] / 900
    values = np.stack([rows - columns / 2, rows * columns, rows**2 - columns**2], axis=2)
    out = spanned(inside, beside(inside), values)
    assert np.abs(out - values)[inside].max() < 2e-5


def test_the_order_of_pixels_makes_no_difference():
    inside = blob(60, 50, ((10, 10), (40, 40)))
    known, values = beside(inside), np.random.default_rng(0).random((60, 50, 3)).astype(np.float32)
    points, around = np.argwhere(inside), np.argwhere(known)
    mixed, around_mixed = (np.random.default_rng(1).permutation(len(each)) for each in (points, around))
    straight = membrane(points, around, values[known])
    other = membrane(points[mixed], around[around_mixed], values[known][around_mixed])
    assert (straight[mixed] == other).all()


def test_where_nothing_is_known_the_membrane_is_level():
    points = np.argwhere(np.ones((5, 5), bool))
    nothing = np.zeros((0, 2), int)
    assert not membrane(points, nothing, np.zeros((0, 3), np.float32)).any()
    assert membrane(nothing, points, np.zeros((25, 3), np.float32)).shape == (0, 3)
    # Next to nothing known, but far from something: finite, and the other part is right.
    parts = np.concatenate([points, points + np.array((0, 50))])
    out = membrane(parts, points[:5] - np.array((1, 0)), np.full((5, 3), 0.4, np.float32))
    assert out[:25] == pytest.approx(0.4, abs=1e-4)
    assert np.abs(out).max() < 1


# --- healing ---


def drawn(document, layer, offset, at=(100, 90), size=40, **options):
    stroke = paint.HealStroke(document, layer, offset, size, **options)
    stroke.dab(*at)
    stroke.line_to(at[0] + 30, at[1] + 10)
    stroke.commit()


@pytest.mark.parametrize("bits", [8, 16])
def test_copied_texture_and_the_membrane_of_the_differences(make_document, bits):
    document = make_document(200, 180, bits=bits)
    layer = document.layers[0]
    before = layer.image.read(document.rect) / document.maximum
    drawn(document, layer, (-60, -40), hardness=1, opacity=0.8)
    after = layer.image.read(document.rect) / document.maximum
    # What the stroke covers, seen by painting white on black.
    mark = Document.from_pixels(np.zeros((180, 200, 4), np.uint16))
    stroke = paint.Stroke(mark, mark.layers[0], (1, 1, 1), 40)
    stroke.dab(100, 90)
    stroke.line_to(130, 100)
    stroke.commit()
    coverage = mark.layers[0].image.read(mark.rect)[..., 3:] / 65535
    inside = coverage[..., 0] > 0
    copied = np.roll(before, (40, 60), axis=(0, 1))
    surface = laplace(inside, beside(inside), before - copied)
    healed = (copied + surface)[..., :3].clip(0, 1)
    expected = before[..., :3] + (healed - before[..., :3]) * coverage * 0.8
    assert np.abs(after[..., :3] - expected)[inside].max() < 0.6 / document.maximum + 2e-5
    assert (after[~inside] == before[~inside]).all()
    assert [entry.name for entry in document.history.entries] == ["Healing brush"]
    document.undo()
    assert (layer.image.read(document.rect) / document.maximum == before).all()


def textured(dtype=np.uint8, width=300, height=280):
    """A texture of period 20 on colours that change evenly, and the same with blemishes on it."""
    maximum = np.iinfo(dtype).max
    rows, columns = np.mgrid[:height, :width]
    wave = 0.08 * np.sin(columns * np.pi / 10) * np.cos(rows * np.pi / 10)
    shade = np.stack([0.3 + columns / 1000, 0.6 - rows / 900, 0.4 + (rows + columns) / 2000], axis=2)
    colour = ((shade + wave[..., None]) * maximum).round().astype(dtype)
    clean = np.dstack([colour, np.full((height, width), maximum, dtype)])
    spoilt = clean.copy()
    cv2.circle(spoilt, (150, 140), 12, (int(maximum), 0, 0, int(maximum)), -1)
    return clean, spoilt


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("offset", [(-80, 40), None])
@pytest.mark.parametrize("hardness", [1, 0.7])
def test_a_blemish_on_a_shaded_texture_goes_without_a_trace(dtype, offset, hardness):
    clean, spoilt = textured(dtype)
    document = Document.from_pixels(spoilt.copy())
    drawn(document, document.layers[0], offset, (140, 137), 56, hardness=hardness)
    after = document.composite(document.rect)
    assert np.abs(after.astype(float) - clean).max() <= (1.5 / 255 if dtype == np.uint8 else 6e-4) * (
        np.iinfo(dtype).max
    )
    assert (spoilt != clean).any()


def test_onto_an_empty_layer():
    clean, spoilt = textured()
    document = Document.from_pixels(spoilt.copy())
    layer = PixelLayer("Retouch", TiledImage(4, np.uint8))
    document.layers += (layer,)
    drawn(document, layer, (-80, 40), (140, 137), 56, sample="all")
    assert np.abs(document.composite(document.rect).astype(int) - clean).max() <= 2
    assert (document.layers[0].image.read(document.rect) == spoilt).all()
    assert layer.image.bounds().width < 100
    document.undo()
    assert not layer.image.tiles


def test_the_selection_is_a_border_too():
    _, spoilt = textured()
    document = Document.from_pixels(spoilt.copy())
    select.rectangle(document, (130, 120, 40, 30))
    drawn(document, document.layers[0], (-80, 40), (140, 137), 70)
    after = document.composite(document.rect)
    outside = document.selection.read(document.rect)[..., 0] == 0
    assert (after[outside] == spoilt[outside]).all()
    assert (after[~outside] != spoilt[~outside]).any()


def test_transparent_pixels_have_no_colour_to_take_over():
    clean, spoilt = textured()
    spoilt[:, :135] = 0  # the zone reaches into nothing
    document = Document.from_pixels(spoilt.copy())
    layer = document.layers[0]
    layer.lock = Lock.ALPHA
    drawn(document, layer, (80, 40), (140, 137), 56)
    after = layer.image.read(document.rect)
    assert (after[:, :135] == 0).all()
    assert np.abs(after[:, 135:].astype(int) - clean[:, 135:]).max() <= 2


def test_rolled_back_it_leaves_nothing(whole):
    _, spoilt = textured()
    for offset in ((30, 30), None):
        document = Document.from_pixels(spoilt.copy())
        before, tiles = whole(document), dict(document.layers[0].image.tiles)
        stroke = paint.HealStroke(document, document.layers[0], offset, 50)
        stroke.line_to(100, 100)
        stroke.line_to(200, 150)
        assert whole(document) != before  # something shows while it is drawn
        stroke.solve()
        stroke.roll_back()
        assert whole(document) == before
        assert document.layers[0].image.tiles == tiles
        assert document.history.entries == []


def test_solved_in_another_thread():
    _, spoilt = textured()
    results = []
    for threaded in (False, True):
        document = Document.from_pixels(spoilt.copy())
        stroke = paint.HealStroke(document, document.layers[0], None, 40)
        stroke.extend([paint.Sample(140, 130), paint.Sample(150, 140), paint.Sample(165, 150)])
        if threaded:
            stroke.catch_up()
            thread = threading.Thread(target=stroke.solve)
            thread.start()
            thread.join()
        stroke.commit()
        results.append(document.composite(document.rect))
    assert (results[0] == results[1]).all()
    assert (results[0] != spoilt).any()


# --- without a source ---


@pytest.mark.parametrize("searched", [heal._SEARCHED, 9000])
def test_a_place_is_found_that_fits(monkeypatch, searched):
    """Half of the picture is striped, half is plain: a spot on either is covered with the like."""
    monkeypatch.setattr(heal, "_SEARCHED", searched)
    rows, columns = np.mgrid[:240, :320]
    stripes = np.where(columns < 160, (rows // 6) % 2 * 80, 40) + 60
    clean = np.dstack([stripes, stripes, stripes // 2, np.full_like(rows, 255)]).astype(np.uint8)
    spoilt = clean.copy()
    for place in ((60, 120), (250, 130)):
        cv2.circle(spoilt, place, 8, (255, 0, 255, 255), -1)
    document = Document.from_pixels(spoilt.copy())
    for place in ((60.5, 120.5), (250.5, 130.5)):
        stroke = paint.HealStroke(document, document.layers[0], None, 24)
        stroke.dab(*place)
        stroke.commit()
    assert np.abs(document.composite(document.rect).astype(int) - clean).max() <= 2
    assert [entry.name for entry in document.history.entries] == ["Spot healing"] * 2


def test_where_there_is_no_room_colours_are_blended():
    _, spoilt = textured()
    document = Document.from_pixels(spoilt[110:170, 120:180].copy())
    stroke = paint.HealStroke(document, document.layers[0], None, 50)
    stroke.dab(30, 30)
    stroke.commit()
    after = document.composite(document.rect)[..., :3] / 255
    inside = np.hypot(*(np.mgrid[:60, :60] + 0.5 - 30)) < 22
    smooth = np.abs(cv2.Laplacian(after, cv2.CV_64F)).max(axis=2)
    assert smooth[inside].max() < 5 / 255  # rounding alone
    assert len(document.history.entries) == 1


def test_a_zone_that_leaves_nothing_around_changes_nothing():
    _, spoilt = textured()
    document = Document.from_pixels(spoilt.copy())
    stroke = paint.HealStroke(document, document.layers[0], None, 2000)
    stroke.dab(150, 140)
    stroke.commit()
    assert (document.composite(document.rect) == spoilt).all()
    assert document.history.entries == []


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1000),
    thickness=st.integers(1, 60),
    points=st.lists(st.tuples(st.integers(0, 149), st.integers(0, 119)), min_size=2, max_size=2),
    missing=st.booleans(),
)
def test_a_source_is_known_and_free_of_the_zone_with_its_ring(seed, thickness, points, missing):
    random = np.random.default_rng(seed)
    pixels = random.random((120, 150, 3), np.float32)
    zone = blob(120, 150, points, thickness=thickness)
    known = np.ones_like(zone)
    if missing:
        known[:, random.integers(1, 150) :] = False
    found = spot.find_source(pixels, zone, known)
    if found is None:
        return
    ring = np.ones((2 * spot.RING + 1,) * 2, np.uint8)
    needed = cv2.dilate(zone.view(np.uint8), ring).view(bool) & (zone | known)
    places = np.argwhere(needed) + found[::-1]
    assert places.min() >= 0
    assert (places < zone.shape).all()
    assert (known & ~zone)[tuple(places.T)].all()


def test_there_is_a_source_wherever_there_is_room():
    pixels = np.random.default_rng(0).random((300, 400, 3), np.float32)
    for thickness in (3, 20, 90):
        zone = blob(300, 400, ((200, 150), (210, 150)), thickness=thickness)
        assert spot.find_source(pixels, zone, np.ones_like(zone)) is not None


def test_off_the_canvas_nothing_is_healed():
    _, spoilt = textured()
    document = Document.from_pixels(spoilt.copy())
    for offset in ((10, 10), None):
        stroke = paint.HealStroke(document, document.layers[0], offset, 40)
        stroke.dab(-300, 50)
        stroke.commit()
    assert document.history.entries == []
    assert (document.layers[0].image.read(Rect(0, 0, 300, 280)) == spoilt).all()

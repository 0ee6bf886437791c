"""Strokes: what they cover depends on the pointer's way alone, and is what the tip says."""

import math
import time
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document import paint
from editor.document.geometry import Rect
from editor.document.painting.path import Curve
from editor.document.tiles import TILE
from tests.document.painting.truth import blank

tips = st.fixed_dictionaries(
    {
        "size": st.sampled_from((1, 9, 40.5)),
        "hardness": st.sampled_from((0, 0.5, 1)),
        "spacing": st.sampled_from((0.05, 0.1, 0.25, 1)),
        "flow": st.sampled_from((0.3, 1)),
        "roundness": st.sampled_from((0.3, 1)),
        "angle": st.sampled_from((0, 30)),
        "pencil": st.booleans(),
        "pressure_size": st.booleans(),
        "pressure_flow": st.booleans(),
        "tilt": st.booleans(),
        "opacity": st.sampled_from((0.6, 1)),
    }
)
places = st.one_of(st.integers(0, 1200).map(lambda n: n / 4), st.floats(0, 300))
shares = st.one_of(st.integers(0, 8).map(lambda n: n / 8), st.floats(0, 1))
samples = st.builds(paint.Sample, places, places, shares, st.floats(-60, 60), st.floats(-60, 60))


def drawn(tip, draw):
    document, layer = blank(300, 300)
    stroke = paint.Stroke(document, layer, (0.8, 0.3, 0.1), **tip)
    draw(stroke)
    stroke.commit()
    return layer.image.read(document.rect)


def alpha_of(draw=None, **tip):
    return drawn(tip, draw or (lambda stroke: stroke.dab(150, 150)))[..., 3] / 255


@settings(max_examples=25, deadline=None)
@given(tip=tips, way=st.lists(samples, min_size=1, max_size=9), data=st.data())
def test_bundles_of_samples_make_no_difference(tip, way, data):
    def one_by_one(stroke):
        for sample in way:
            stroke.curve_to(sample)

    def bundled(stroke):
        start = 0
        while start < len(way):
            end = data.draw(st.integers(start + 1, len(way)))
            stroke.extend(way[start:end])
            start = end

    once = drawn(tip, lambda stroke: stroke.extend(way))
    assert (once == drawn(tip, one_by_one)).all()
    assert (once == drawn(tip, bundled)).all()


@settings(max_examples=60, deadline=None)
@given(tip=tips, way=st.lists(samples, min_size=2, max_size=5), pieces=st.integers(2, 40))
def test_a_polyline_is_the_same_in_one_piece_a_line_and_in_many(tip, way, pieces):
    def whole(stroke):
        for sample in way:
            stroke.line_to(*sample)

    def parts(stroke):
        stroke.line_to(*way[0])
        for start, end in pairwise(way):
            for number in range(1, pieces + 1):
                stroke.line_to(*start.toward(end, number / pieces))

    assert (drawn(tip, whole) == drawn(tip, parts)).all()


def test_a_straight_stroke_does_not_depend_on_how_often_the_pen_is_read():
    def read(count):
        way = [paint.Sample(20 + 260 * t, 30 + 220 * t, 0.2 + 0.8 * t) for t in np.linspace(0, 1, count)]
        return drawn({"size": 40, "hardness": 0.3, "flow": 0.4}, lambda stroke: stroke.extend(way))

    assert read(3).any()
    assert (read(3) == read(200)).all()


def test_sparse_samples_make_a_round_stroke():
    turns = np.linspace(0, 2 * math.pi, 13)
    ring = [paint.Sample(150 + 100 * math.cos(turn), 150 + 100 * math.sin(turn)) for turn in turns]

    def off(draw):
        covered = np.argwhere(alpha_of(draw, size=4) > 0.5) + 0.5 - 150
        aside = np.hypot(*covered.T) - 100
        inner = np.abs(np.arctan2(*covered.T)) > math.pi / 6  # the ends do not know that it is a ring
        return np.abs(aside[inner]).max()

    def polygon(stroke):
        for sample in ring:
            stroke.line_to(*sample)

    assert off(lambda stroke: stroke.extend(ring)) < 2.8
    assert off(polygon) > 5


def barry_goldman(points, count):
    """The middle piece of the centripetal Catmull-Rom spline, by the recursion that defines it."""
    points = np.array(points, float)
    knots = np.concatenate([[0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(points, axis=0), axis=1)))])
    t = np.linspace(knots[1], knots[2], count)[:, None]

    def mixed(a, b, start, end):
        return (end - t) / (end - start) * a + (t - start) / (end - start) * b

    t0, t1, t2, t3 = knots
    a1, a2, a3 = (mixed(points[k], points[k + 1], knots[k], knots[k + 1]) for k in range(3))
    b1, b2 = mixed(a1, a2, t0, t2), mixed(a2, a3, t1, t3)
    return mixed(b1, b2, t1, t2)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(places, places), min_size=4, max_size=4, unique=True))
def test_the_curve_is_a_centripetal_catmull_rom_spline(points):
    if min(math.dist(one, other) for one, other in pairwise(points)) < 1:
        return
    curve = Curve()
    lines = [curve.to(paint.Sample(*point)) for point in points]
    assert lines[1] == []
    truth = barry_goldman(points, 4000)
    for end in lines[3]:
        assert np.hypot(*(truth - end[:2]).T).min() < 0.15
    corners = np.array([points[1], *(end[:2] for end in lines[3])])
    for place in truth[::100]:  # no farther from the lines than they may be off
        starts, ways = corners[:-1], np.diff(corners, axis=0)
        along = ((place - starts) * ways).sum(axis=1) / np.maximum((ways * ways).sum(axis=1), 1e-12)
        nearest = starts + ways * along.clip(0, 1)[:, None]
        assert np.hypot(*(place - nearest).T).min() < 0.08


def test_the_curve_lags_one_sample_and_catches_up():
    document, layer = blank(300, 300)
    stroke = paint.Stroke(document, layer, size=10)

    def right():
        return layer.image.bounds().right

    stroke.extend([paint.Sample(20, 50), paint.Sample(100, 50), paint.Sample(200, 50)])
    assert right() == pytest.approx(105, abs=2)
    stroke.catch_up()
    assert right() == pytest.approx(205, abs=2)
    stroke.extend([paint.Sample(250, 50)])
    stroke.commit()
    assert right() == pytest.approx(255, abs=2)
    assert len(document.history.entries) == 1


def test_spacing_is_a_part_of_the_short_diameter():
    def dabs(**tip):
        def line(stroke):
            stroke.line_to(20, 150)
            stroke.line_to(270, 150)

        return cv2.connectedComponents((alpha_of(line, **tip) > 0).astype(np.uint8))[0] - 1

    assert dabs(size=20, spacing=1.5) == 1 + 250 // 30
    assert dabs(size=20, spacing=3) == 1 + 250 // 60
    assert dabs(size=40, spacing=1.5, roundness=0.5, angle=90) == 1 + 250 // 30
    assert dabs(size=20, spacing=0.1) == 1


@pytest.mark.parametrize("angle", [0, 30, 90, 135])
def test_an_elliptical_tip(angle):
    alpha = alpha_of(size=120, roundness=0.4, angle=angle)
    assert alpha.sum() == pytest.approx(math.pi * 60 * 24, rel=0.02)
    places = np.argwhere(alpha > 0.5)[:, ::-1] + 0.5 - 150
    places[:, 1] *= -1  # up
    values, vectors = np.linalg.eigh(np.cov(places.T))
    assert np.sqrt(values * 4) == pytest.approx([24, 60], rel=0.02)
    turn = math.degrees(math.atan2(vectors[1, 1], vectors[0, 1])) % 180
    assert min(abs(turn - angle), 180 - abs(turn - angle)) < 1
    edge = alpha[(alpha > 0) & (alpha < 1)]
    assert edge.size < 2.2 * math.pi * 60  # one pixel soft


@pytest.mark.parametrize(("lean", "angle"), [((60, 0), 0), ((0, -60), 90), ((0, 60), 90)])
def test_a_leaning_pen_makes_an_ellipse_along_its_lean(lean, angle):
    sample = paint.Sample(150, 150, 1, *lean)

    def dab(stroke):
        stroke.extend([sample])

    leaning = alpha_of(dab, size=100, tilt=True)
    assert np.abs(leaning - alpha_of(size=100, roundness=0.5, angle=angle)).max() < 0.2
    assert (alpha_of(dab, size=100) == alpha_of(size=100)).all()


def test_pressure_changes_what_it_should():
    def dab(pressure):
        return lambda stroke: stroke.dab(150, 150, pressure)

    full, half = alpha_of(dab(1), size=100), alpha_of(dab(0.5), size=100, pressure_size=False)
    assert (full == half).all()
    assert alpha_of(dab(0.5), size=100).sum() == pytest.approx(full.sum() / 4, rel=0.05)
    faint = alpha_of(dab(0.5), size=100, pressure_size=False, pressure_flow=True)
    assert faint == pytest.approx(full / 2, abs=0.01)


@pytest.mark.parametrize("size", [1, 2, 3, 8, 25])
def test_a_pencil_covers_whole_pixels(size):
    alpha = alpha_of(size=size, pencil=True, hardness=0)
    assert set(np.unique(alpha)) == {0, 1}
    assert alpha.sum() == pytest.approx(math.pi * (size / 2) ** 2, rel=0.3)
    # All dabs are alike, wherever in a pixel the pointer is.
    corner = np.argwhere(alpha).min(axis=0)
    for x, y in ((140.1, 120.3), (141.7, 122.99), (150.5, 130.0)):
        other = alpha_of(lambda stroke, x=x, y=y: stroke.dab(x, y), size=size, pencil=True)
        moved = np.argwhere(other).min(axis=0) - corner
        assert (np.roll(alpha, moved, axis=(0, 1)) == other).all()
    assert alpha_of(lambda stroke: stroke.dab(150.99, 149.01), size=1, pencil=True)[149, 150] == 1


@pytest.mark.parametrize("end", [(250.5, 90.5), (80.5, 280.5), (30.5, 20.5)])
def test_a_pencil_line_is_one_pixel_thin(end):
    def line(stroke):
        stroke.line_to(50.5, 40.5)
        stroke.line_to(*end)

    rows, columns = np.nonzero(alpha_of(line, size=1, pencil=True))
    longer = max(abs(end[0] - 50.5), abs(end[1] - 40.5))
    assert len(rows) == longer + 1
    assert max(np.ptp(rows), np.ptp(columns)) == longer


def test_one_call_tells_the_observers_once():
    document, layer = blank()
    changes = []
    document.observers.append(changes.append)
    stroke = paint.Stroke(document, layer, size=100)
    stroke.extend([paint.Sample(x, 200 + x / 3) for x in range(50, 500, 20)])
    assert len(changes) == 1
    painted = layer.image.bounds()
    assert changes[0].area.intersected(painted) == painted
    stroke.roll_back()


@pytest.mark.parametrize("place", [(math.nan, 3), (3, math.inf), (3, 1e9)])
def test_places_that_cannot_be_draw_nothing(place):
    document, layer = blank()
    stroke = paint.Stroke(document, layer, size=30)
    stroke.line_to(100, 100)
    before = layer.image.read(document.rect)
    for draw in (
        stroke.dab,
        stroke.line_to,
        lambda *xy: stroke.extend([paint.Sample(9, 9), paint.Sample(*xy)]),
    ):
        with pytest.raises(ValueError, match="place"):
            draw(*place)
    assert (layer.image.read(document.rect) == before).all()
    stroke.commit()
    with pytest.raises(ValueError, match="finite"):
        paint.Stroke(document, layer, size=math.nan)


def test_events_are_painted_tile_by_tile():
    """A fast move, with its dabs gathered, against the same dabs one after another, in the same run."""
    way = [(300 + 150 * step, 400 + 90 * step) for step in range(10)]
    gathered, single = [], []
    for _ in range(3):
        document, layer = blank(2100, 1500)
        stroke = paint.Stroke(document, layer, size=200, hardness=0.5, flow=0.5)
        stroke.line_to(150, 310)
        for place in way:
            start = time.perf_counter()
            stroke.line_to(*place)
            gathered.append(time.perf_counter() - start)
        stroke.roll_back()
        for x, y in way:
            start = time.perf_counter()
            for part in np.arange(0, 1, 20 / math.hypot(150, 90)):
                stroke.dab(x - 150 * part, y - 90 * part)
            single.append(time.perf_counter() - start)
        stroke.roll_back()
    assert min(gathered) < 0.75 * min(single)


def test_tiles_are_never_written_in_place():
    document, layer = blank()
    stroke = paint.Stroke(document, layer, size=50)
    stroke.line_to(100, 100)
    seen = layer.image.snapshot()
    before = seen.read(document.rect)
    stroke.line_to(200, 130)
    assert (seen.read(document.rect) == before).all()
    assert (layer.image.read(Rect(0, 0, TILE, TILE)) != before[:TILE, :TILE]).any()
    stroke.roll_back()

"""The stabiliser against the weighted mean that it is documented to be."""

import math
from itertools import pairwise

import numpy as np
import pytest

from editor.document import paint

WAY = [(10, 20), (90, 25), (120, 100), (40, 140), (45, 60)]


def fed(stabiliser, way):
    out = []
    for point in way:
        out += stabiliser.feed(paint.Sample(*point))
    return out


def weighted(way, strength):
    """The mean of the way drawn, what lies before its start counted as the start, by quadrature."""
    way = np.array(way, float)
    ends = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    reach = strength / 2
    back = (np.arange(200_000) + 0.5) * (40 * reach / 200_000)
    weights = back * np.exp(-back / reach) / reach**2
    weights /= weights.sum()
    return [np.interp(ends[-1] - back, ends, way[:, axis]) @ weights for axis in (0, 1)]


@pytest.mark.parametrize("strength", [5, 40, 100])
def test_the_brush_is_at_the_weighted_mean_of_the_way(strength):
    for count in range(2, len(WAY) + 1):
        stabiliser = paint.Stabiliser(strength)
        out = fed(stabiliser, WAY[:count])
        assert stabiliser.place == pytest.approx(weighted(WAY[:count], strength), abs=0.01)
        assert out[-1][:2] == stabiliser.place


def test_it_does_not_matter_how_often_the_pointer_is_read():
    dense = [WAY[0]]
    for start, end in pairwise(WAY):
        dense += [tuple(np.add(start, np.subtract(end, start) * part)) for part in np.linspace(0.02, 1, 50)]
    few, many = paint.Stabiliser(50), paint.Stabiliser(50)
    fed(few, WAY)
    fed(many, dense)
    assert few.place == pytest.approx(many.place, abs=1e-9)


@pytest.mark.parametrize("string", [False, True])
def test_it_follows_as_far_behind_as_its_strength_on_the_screen(string):
    for scale in (0.5, 1, 4):
        stabiliser = paint.Stabiliser(60, string=string, scale=scale)
        fed(stabiliser, [(0, 0), (1000 / scale, 0), (3000 / scale, 0)])
        assert 3000 / scale - stabiliser.place[0] == pytest.approx(60 / scale, rel=1e-3)


@pytest.mark.parametrize("string", [False, True])
def test_zoom_changes_nothing_on_the_screen(string):
    near, far = (paint.Stabiliser(30, string=string, scale=scale) for scale in (1, 0.25))
    one = fed(near, WAY)
    other = fed(far, [(x * 4, y * 4) for x, y in WAY])
    assert len(one) == len(other)
    assert np.allclose([sample[:2] for sample in one], [np.divide(sample[:2], 4) for sample in other])


@pytest.mark.parametrize("string", [False, True])
def test_it_catches_up_at_the_release(string):
    stabiliser = paint.Stabiliser(60, string=string)
    last = fed(stabiliser, WAY)[-1]
    rest = stabiliser.finish()
    assert rest[-1][:2] == WAY[-1]
    assert stabiliser.place == WAY[-1]
    steps = [math.dist(one[:2], other[:2]) for one, other in pairwise([last, *rest])]
    if not string:
        assert max(steps) < 10  # it goes there smoothly
    assert stabiliser.finish() == []
    left = paint.Stabiliser(60, string=string, catch_up=False)
    fed(left, WAY)
    before = left.place
    assert left.finish() == []
    assert left.place == before


def test_without_strength_samples_pass_as_they_are():
    stabiliser = paint.Stabiliser(0)
    assert stabiliser.place is None
    assert stabiliser.finish() == []
    assert fed(stabiliser, WAY) == [paint.Sample(*point) for point in WAY]
    assert stabiliser.finish() == []


def test_the_string_hangs_loose_and_then_pulls():
    stabiliser = paint.Stabiliser(20, string=True)
    fed(stabiliser, [(100, 100)])
    assert fed(stabiliser, [(110, 105), (90, 95), (100, 119)]) == []
    assert stabiliser.place == (100, 100)
    for x, y in np.random.default_rng(0).uniform(0, 300, (50, 2)):
        before = stabiliser.place
        fed(stabiliser, [(x, y)])
        assert math.dist(stabiliser.place, (x, y)) <= 20 + 1e-9
        if math.dist(before, (x, y)) <= 20:
            assert stabiliser.place == before


@pytest.mark.parametrize("string", [False, True])
def test_tremor_is_left_out(string):
    x = np.arange(0, 900, 3.0)
    y = 100 + np.random.default_rng(0).normal(0, 2, x.size)
    out = fed(paint.Stabiliser(50, string=string), np.stack([x, y], axis=1))
    steady = np.array([sample.y for sample in out if sample.x > 100])
    assert steady.std() < 0.4 * y.std()


def test_pressure_is_smoothed_with_the_place():
    stabiliser = paint.Stabiliser(40)
    stabiliser.feed(paint.Sample(0, 0, 0.2))
    out = stabiliser.feed(paint.Sample(400, 0, 1.0))
    for sample in out[20:]:
        assert sample.pressure == pytest.approx(0.2 + 0.8 * sample.x / 400, abs=1e-3)


@pytest.mark.parametrize(("strength", "scale"), [(math.nan, 1), (10, 0), (10, math.inf)])
def test_bad_numbers_are_refused(strength, scale):
    with pytest.raises(ValueError, match="stabiliser"):
        paint.Stabiliser(strength, scale=scale)

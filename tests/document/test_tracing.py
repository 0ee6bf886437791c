"""Strokes to polylines: drawn lines come back where they were drawn, as many as there were."""

import cv2
import numpy as np
import pytest

from editor.document import tracing


def drawn(*lines, size=(200, 160), width=1):
    """Strokes along polylines of (x, y), drawn as an editor draws them."""
    image = np.zeros(size[::-1], np.uint8)
    for line in lines:
        points = np.rint((np.array(line, float) - 0.5) * 16).astype(np.int32)
        cv2.polylines(image, [points], False, 255, width, cv2.LINE_AA, shift=4)
    return image >= 128


def off(line, other):
    """How far the ends of two straight lines are apart, whichever way round."""
    return min(np.hypot(*(np.array(line) - end).T).max() for end in (np.array(other), np.array(other)[::-1]))


@pytest.mark.parametrize("width", [1, 3, 6])
@pytest.mark.parametrize(
    "line", [((20, 30), (180, 31)), ((30, 20), (30, 140)), ((20, 140), (170, 15)), ((60, 10), (90, 150))]
)
def test_a_straight_stroke_is_a_line_of_two_points(line, width):
    (got,) = tracing.polylines(drawn(line, width=width))
    assert got.shape == (2, 2)
    assert off(got, line) < width / 2 + 2.5


@pytest.mark.parametrize("width", [1, 4])
def test_lines_that_cross_are_two(width):
    lines = [((20, 30), (180, 120)), ((20, 130), (180, 20))]
    got = tracing.polylines(drawn(*lines, width=width))
    assert len(got) == 2
    for line in lines:
        assert min(off(each[[0, -1]], line) for each in got) < 5


def test_a_curve_is_one_polyline():
    turn = np.linspace(0, np.pi, 40)
    curve = np.stack([100 - 70 * np.cos(turn), 120 - 70 * np.sin(turn)], axis=1)
    (got,) = tracing.polylines(drawn(curve, width=3))
    assert 6 < len(got) < 40
    assert np.abs(np.hypot(*(got - (100, 120)).T) - 70).max() < 2


def test_a_ring_a_dot_and_nothing():
    turn = np.linspace(0, 2 * np.pi, 80)
    ring = np.stack([100 - 50 * np.cos(turn), 80 - 50 * np.sin(turn)], axis=1)
    (got,) = tracing.polylines(drawn(ring, width=2))
    assert np.hypot(*np.diff(got, axis=0).T).sum() == pytest.approx(2 * np.pi * 50, rel=0.06)
    dot = np.zeros((20, 20), bool)
    assert tracing.polylines(dot) == []
    dot[5, 5] = True
    assert tracing.polylines(dot) == []


def test_a_stroke_at_the_pictures_border_is_kept():
    strokes = np.zeros((50, 60), bool)
    strokes[:, 0] = strokes[49, :] = True
    got = tracing.polylines(strokes)
    assert sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in got) == pytest.approx(108, abs=5)

"""Edges, drawn lines and places in the hole, as ZITS is told them."""

import cv2
import numpy as np
import pytest

from engines.removal import structure


def test_a_step_is_an_edge_one_pixel_thin_and_nothing_else_is():
    grey = np.zeros((96, 120), np.float32)
    grey[:, 50:] = 1
    edge = structure.edges(grey)
    assert set(np.unique(edge)) == {0.0, 1.0}
    assert np.array_equal(edge[1:-1].sum(axis=1), np.ones(94)) or edge[1:-1].sum(axis=1).max() <= 2
    columns = np.flatnonzero(edge.any(axis=0))
    assert set(columns) <= {49, 50}


def test_a_weak_edge_is_kept_only_where_a_strong_one_leads_to_it():
    rise = np.linspace(1.0, 0.14, 128, dtype=np.float32)[:, None]
    grey = np.where(np.arange(96) < 48, np.float32(0), rise)  # the step gets weaker downwards
    strong_first = structure.edges(grey)
    assert strong_first[5:120].any(axis=1).all()
    flat = np.full((128, 1), 0.14, np.float32)
    weak_alone = structure.edges(np.where(np.arange(96) < 48, np.float32(0), flat))
    assert not weak_alone.any()


def test_a_flat_picture_has_no_edges():
    assert not structure.edges(np.full((64, 64), 0.4, np.float32)).any()


def test_a_line_is_drawn_a_pixel_thin_along_its_points():
    line = np.float32([[10.5, 20.5], [40.5, 20.5], [40.5, 5.5]])
    out = structure.drawn([line], (48, 64))
    assert np.all(out[20, 10:41] == 1) and np.all(out[5:21, 40] == 1)
    assert out[19, 20] == 0 and out[21, 20] == 0
    assert out.sum() == pytest.approx(31 + 15)


def test_a_line_between_pixels_is_shared_by_them():
    out = structure.drawn([np.float32([[10.5, 20.75], [40.5, 20.75]])], (48, 64))
    assert out[20, 20] == pytest.approx(0.75)
    assert out[21, 20] == pytest.approx(0.25)


def test_lines_may_leave_the_picture():
    out = structure.drawn(
        [np.float32([[-100, 10.5], [500, 10.5]]), np.float32([[-9, -9], [-5, -5]])], (32, 32)
    )
    assert np.all(out[10] == 1)
    assert out.sum() == pytest.approx(32)


def literal_positions(hole):
    """The same step by step, pixel by pixel, as the paper has it: for a hole of 256 x 256."""
    known = ~hole
    steps = np.zeros(hole.shape, int)
    corners = np.zeros((*hole.shape, 4), int)
    quadrants = [(-1, -1), (1, -1), (-1, 1), (1, 1)]  # rows, columns

    def at(y, x):
        """Known beyond the border is what is known as far inside of it."""
        y, x = (-value if value < 0 else 510 - value if value > 255 else value for value in (y, x))
        return known[y, x]

    count = 0
    while not known.all():
        count += 1
        reached = []
        for y, x in zip(*np.nonzero(~known), strict=True):
            for corner, (down, right) in enumerate(quadrants):
                if at(y + down, x) or at(y, x + right) or at(y + down, x + right):
                    corners[y, x, corner] = 1
            if any(at(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)):
                reached.append((y, x))
        for y, x in reached:
            steps[y, x] = count
        known = known.copy()
        known[tuple(np.transpose(reached))] = True
    return steps.clip(0, 127), corners


def test_places_in_the_hole_against_a_literal_reference():
    hole = np.zeros((256, 256), bool)
    cv2.ellipse(view := hole.view(np.uint8), (120, 90), (40, 22), 30, 0, 360, 1, -1)
    view[100:118, :30] = 1
    view[230:, 200:] = 1
    steps, corners = structure.positions(hole)
    expected_steps, expected_corners = literal_positions(hole)
    assert np.array_equal(steps, expected_steps)
    assert np.array_equal(corners, expected_corners)
    assert steps.dtype == corners.dtype == np.int64


def test_places_at_another_size_are_those_of_256_and_none_outside():
    hole = np.zeros((512, 512), bool)
    hole[100:301, 120:261] = True
    steps, corners = structure.positions(hole)
    small = np.zeros((256, 256), bool)
    small[50:151, 60:131] = True  # each pixel that the hole has any part of
    expected, expected_corners = structure.positions(small)
    assert np.array_equal(steps, np.where(hole, expected.repeat(2, axis=0).repeat(2, axis=1), 0))
    doubled = expected_corners.repeat(2, axis=0).repeat(2, axis=1)
    assert np.array_equal(corners, np.where(hole[..., None], doubled, 0))


def test_places_stop_at_127_and_all_hole_ends():
    hole = np.ones((256, 300), bool)
    hole[:, :3] = False
    assert structure.positions(hole)[0].max() == 127
    assert structure.positions(np.ones((256, 256), bool))[0].max() == 0

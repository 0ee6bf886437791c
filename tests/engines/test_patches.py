"""Filling with patches of the same picture: texture goes on, flat stays flat, the hole is not looked at."""

import cv2
import numpy as np
import pytest

from engines.removal import matching
from engines.removal.completion import complete


def hole_in(shape, top, left, height, width):
    known = np.ones(shape, bool)
    known[top : top + height, left : left + width] = False
    return known


def stripes(side, period):
    y, x = np.mgrid[0:side, 0:side]
    wave = 0.5 + 0.4 * np.sin(2 * np.pi * (x + 0.5 * y) / period)
    return np.repeat(wave[..., None], 3, axis=2).astype(np.float32)


def test_a_regular_pattern_goes_on_through_the_hole():
    image = stripes(128, 9)
    known = hole_in((128, 128), 40, 45, 40, 36)
    seen = np.where(known[..., None], image, np.float32(0))
    filled = complete(seen, known, 0)
    off = np.abs(filled - image)[~known]
    assert off.mean() < 0.05  # a mean colour would be 0.25 off
    assert np.array_equal(filled[known], image[known])


def test_noise_is_filled_with_noise_as_strong():
    rng = np.random.default_rng(1)
    image = (0.5 + 0.1 * rng.standard_normal((140, 140, 3))).astype(np.float32).clip(0, 1)
    known = hole_in((140, 140), 50, 50, 36, 36)
    filled = complete(image, known, 0)
    # A mean of many patches would have lost most of it.
    assert filled[~known].std() > 0.7 * image[known].std()


@pytest.mark.parametrize("cover", [0.0, 1.0])
def test_what_the_hole_shows_is_not_looked_at(cover):
    image = stripes(96, 12)
    known = hole_in((96, 96), 30, 30, 30, 30)
    expected = complete(image, known, 0)
    other = np.where(known[..., None], image, np.float32(cover))
    assert np.array_equal(complete(other, known, 0), expected)


def test_another_seed_is_another_fill_and_the_same_seed_the_same():
    rng = np.random.default_rng(2)
    image = rng.random((12, 12, 3)).repeat(8, axis=0).repeat(8, axis=1).astype(np.float32)
    known = hole_in((96, 96), 30, 30, 34, 34)
    fills = [complete(image, known, seed) for seed in (0, 1, -2, 1)]
    assert np.array_equal(fills[1], fills[3])
    assert np.abs(fills[0] - fills[1]).max() > 0.05
    assert np.abs(fills[1] - fills[2]).max() > 0.05


@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 90), (12, 12), (64, 20)])
def test_little_pictures_and_holes_at_the_border(height, width):
    image = np.full((height, width, 3), 0.25, np.float32)
    known = np.ones((height, width), bool)
    known[: max(1, height // 2), : max(1, width // 2)] = False
    filled = complete(image, known, 0)
    assert filled.shape == image.shape and np.isfinite(filled).all()
    if known.any():
        assert np.abs(filled - 0.25).max() < 1e-3


def test_nothing_known_is_grey():
    assert np.all(complete(np.zeros((40, 40, 3), np.float32), np.zeros((40, 40), bool), 0) == 0.5)


def test_the_matches_found_are_near_the_best_there_are(monkeypatch):
    """Spreading and trying at random against comparing all pairs."""
    rng = np.random.default_rng(3)
    picture = cv2.GaussianBlur(rng.random((96, 96, 4)).astype(np.float32), (0, 0), 3)
    picture[:, 48:] = picture[:, :48]  # an exact match for everything
    hole = ~hole_in((96, 96), 40, 20, 12, 12)
    given = matching.places(hole)
    wanted = matching.patches_at(picture, given.targets, given.offsets)
    best = matching.distances(
        picture, wanted, matching.compare_all(picture, given, given.targets), given.offsets
    )
    assert best.max() == 0
    monkeypatch.setattr(matching, "_PAIRS", 0)
    start = rng.choice(given.sources, given.targets.size)
    match, found = matching.improve(picture, given, start, rng, rounds=8)
    assert np.array_equal(found, matching.distances(picture, wanted, match, given.offsets))
    assert given.is_source[match].all()
    assert (found == 0).mean() > 0.9

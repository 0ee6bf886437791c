import cv2
import numpy as np
import pytest

from engines.base import Cancelled
from engines.removal import detail

SIZE, RATIO = 480, 3.2


def scene(size=SIZE, seed=1):
    """A texture of stripes in two directions, its hole, and what a network would make of it."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    noise = np.random.default_rng(seed).standard_normal((size, size), np.float32)
    across, down = (
        cv2.GaussianBlur(noise, (0, 0), 4, sigmaY=0.7),
        cv2.GaussianBlur(noise, (0, 0), 0.7, sigmaY=4),
    )
    left = x < size / 2
    grey = np.where(left, 0.35 + 0.5 * across, 0.65 + 0.5 * down)
    image = np.repeat(grey[..., None], 3, axis=2).clip(0, 1).astype(np.float32)
    hole = (x - size / 2) ** 2 + (y - size / 2) ** 2 < (size / 4) ** 2
    small = cv2.resize(image, None, fx=1 / RATIO, fy=1 / RATIO, interpolation=cv2.INTER_AREA)
    low = cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC)
    clean = cv2.dilate(hole.astype(np.uint8), np.ones((11, 11))) == 0
    seen = image.copy()
    seen[hole] = np.random.default_rng(2).random(seen[hole].shape)
    return image, seen, hole, low, clean


def filled(seen, hole, low, clean, seed=0, step=lambda fraction: None):
    return detail.add(low, clean, seen, hole, RATIO, np.random.default_rng(seed), step)


def fine(picture):
    return picture - cv2.GaussianBlur(picture, (0, 0), 1.5)


def test_it_is_as_sharp_as_what_it_lies_in_and_of_the_same_kind():
    truth, seen, hole, low, clean = scene()
    out = filled(seen, hole, low, clean)
    wanted, had, got = (fine(each)[..., 0] for each in (truth, low, out))
    assert (had[hole] ** 2).sum() < 0.4 * (wanted[hole] ** 2).sum()
    assert 0.8 < (got[hole] ** 2).sum() / (wanted[hole] ** 2).sum() < 1.25
    # Stripes that lie stay lying, and those that stand, standing.
    columns = np.arange(SIZE)
    for half, steeper in ((columns < SIZE / 2 - 12, 0), (columns > SIZE / 2 + 12, 1)):
        there = (hole & half)[1:, 1:]
        steps = [np.abs(np.diff(out[..., 0], axis=axis)) for axis in (0, 1)]
        change = steps[0][:, 1:][there].mean(), steps[1][1:][there].mean()
        assert change[steeper] > 1.5 * change[1 - steeper]


def test_the_rest_stays_and_the_hole_does_not_matter():
    _, seen, hole, low, clean = scene()
    out = filled(seen, hole, low, clean)
    np.testing.assert_array_equal(out[~hole], seen[~hole])
    seen[hole] = 0
    np.testing.assert_array_equal(filled(seen, hole, low, clean), out)


def test_the_seed_decides():
    _, seen, hole, low, clean = scene()
    once, again, other = (filled(seen, hole, low, clean, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(once, again)
    assert (once != other)[hole].mean() > 0.3


@pytest.mark.parametrize("size", [97, 98, 99, 241])
def test_any_size(size):
    truth, seen, hole, low, clean = scene(size)
    out = filled(seen, hole, low, clean)
    assert out.shape == truth.shape
    np.testing.assert_array_equal(out[~hole], seen[~hole])


def test_with_nothing_to_take_it_from_the_fill_stays():
    _, seen, hole, low, _ = scene(120)
    out = filled(seen, hole, low, np.zeros_like(hole))
    assert np.isfinite(out).all()
    assert np.abs(out - low)[hole].mean() < 0.1


def test_progress_rises_and_it_can_be_called_off():
    _, seen, hole, low, clean = scene()
    told = []
    filled(seen, hole, low, clean, step=told.append)
    assert told == sorted(told)
    assert len(told) > 8
    assert told[-1] == pytest.approx(1, abs=0.2)

    def stop(fraction):
        if fraction > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        filled(seen, hole, low, clean, step=stop)

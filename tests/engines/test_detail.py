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


def octave(inside, size=256, left=1.0, right=1.0, hole=np.s_[64:192, 64:192]):
    """Detail, ``left`` and ``right`` times stronger in the halves, and in a hole ``inside`` times that."""
    lost = np.random.default_rng(3).standard_normal((size, size, 3), np.float32) * np.float32(0.05)
    lost[:, : size // 2] *= left
    lost[:, size // 2 :] *= right
    gap = np.zeros((size, size), bool)
    gap[hole] = True
    lost[gap] *= inside
    return lost, gap


def missing(lost, gap):
    """How many times stronger the squares within a hole are to be, and those of its left and right parts."""
    times = detail._lacking(lost, gap)
    within = cv2.resize(gap.astype(np.uint8), times.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    half = times.shape[1] // 2
    return tuple(
        float(times[part][within[part]].mean()) for part in (np.s_[:], np.s_[:, :half], np.s_[:, half:])
    )


def some_quiet(lost):
    """The octave, faint at its upper rim, as that of a photograph with a bit of sky is."""
    lost[:32] *= 0.02
    return lost


def test_detail_weaker_than_around_is_made_as_strong_but_not_without_limit():
    lost, gap = octave(1 / 1.25)
    assert missing(some_quiet(lost), gap)[0] == pytest.approx(1.25, rel=0.06)
    lost, gap = octave(0.4)
    assert missing(some_quiet(lost), gap)[0] == pytest.approx(detail.TOP_UP, rel=0.03)


def test_detail_as_strong_as_around_or_stronger_stays():
    for inside in (1.0, 2.0):
        lost, gap = octave(inside)
        assert missing(some_quiet(lost), gap)[0] == pytest.approx(1, abs=0.04)


def test_what_is_near_counts_most():
    lost, gap = octave(1.0, left=1.3)
    lost[gap] = octave(1.0)[0][gap]
    _, left, right = missing(some_quiet(lost), gap)
    assert left > 1.12
    assert right < left - 0.06


def test_noise_is_not_made_stronger():
    lost, gap = octave(0.8)
    assert missing(lost, gap)[0] == pytest.approx(1, abs=0.01)  # nothing here is stronger than noise


@pytest.mark.parametrize("width", [2, 5, 12, 20])
def test_a_thin_hole_with_all_its_detail_gets_no_more(width):
    lost, gap = octave(1.0, hole=np.s_[20:236, 131 : 131 + width])
    lost *= 4  # so strong that too little in the hole to tell would be taken for none
    times = detail._lacking(some_quiet(lost), gap)
    assert times[8:].max() < 1.08


@pytest.mark.parametrize("diameter", [3, 9, 16, 23])
@pytest.mark.parametrize("ratio", [1.3, 3.2, 5.0])
def test_a_hole_smaller_than_24_pixels_is_as_sharp_as_what_it_lies_in(diameter, ratio):
    truth, _, _, _, _ = scene(240)
    truth = truth[:, :120]  # one kind of stripe
    y, x = np.mgrid[0:240, 0:120]
    hole = np.zeros(truth.shape[:2], bool)
    for middle in range(30, 211, 60):  # more than one, so that there is something to measure
        hole |= (x - 60) ** 2 + (y - middle) ** 2 < (diameter / 2) ** 2
    small = cv2.resize(truth, None, fx=1 / ratio, fy=1 / ratio, interpolation=cv2.INTER_AREA)
    low = cv2.resize(small, hole.shape[::-1], interpolation=cv2.INTER_CUBIC)
    clean = cv2.dilate(hole.astype(np.uint8), np.ones((11, 11))) == 0
    seen = truth.copy()
    seen[hole] = 0
    out = detail.add(low, clean, seen, hole, ratio, np.random.default_rng(0), lambda fraction: None)
    np.testing.assert_array_equal(out[~hole], seen[~hole])
    assert np.isfinite(out).all()
    assert 0 <= out.min() <= out.max() <= 1
    if diameter >= 16:
        wanted, had, got = ((fine(each)[..., 0][hole] ** 2).sum() for each in (truth, low, out))
        assert 0.6 < got / wanted < 1.6
        assert ratio < 2 or got > 1.5 * had

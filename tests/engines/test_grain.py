import cv2
import numpy as np
import pytest

from engines.base import Box, Cancelled
from engines.removal import grain

AREA = Box(150, 140, 220, 240)


def scene(noise=None, top=500):
    """A smooth picture (top, 520, 3) with ``noise`` levels of 255 added, its hole, and its smooth fill."""
    y, x = np.mgrid[0:top, 0:520].astype(np.float32)
    smooth = np.stack([70 + x * 0.1, 90 + y * 0.12, 150 - x * 0.08], axis=-1) / np.float32(255)
    hole = np.zeros(smooth.shape[:2], bool)
    hole[AREA.slices] = True
    image = smooth if noise is None else (smooth + noise(smooth) / np.float32(255)).astype(np.float32)
    image = image.copy()
    image[hole] = np.random.default_rng(9).random(image[hole].shape)  # nothing may come of it
    return image, hole, smooth[AREA.slices].copy()


def white(sigma):
    return lambda smooth: sigma * np.random.default_rng(1).standard_normal(smooth.shape, np.float32)


def film(smooth):
    """Soft, shared by the channels in part, and stronger where the picture is brighter."""
    noise = np.random.default_rng(2).standard_normal(smooth.shape, np.float32)
    noise = noise + noise.mean(axis=2, keepdims=True) * 1.7
    noise = cv2.GaussianBlur(noise, (0, 0), 0.8)
    return noise / noise.std() * (3 + 12 * smooth[..., :1])


def grained(image, hole, fill, amount=1.0, seed=0):
    return grain.add(fill, image, hole, AREA, amount, np.random.default_rng(seed), lambda fraction: None)


def high(picture):
    return picture - cv2.GaussianBlur(picture, (0, 0), 2)


@pytest.mark.parametrize("noise", [white(2), white(6), film], ids=["white 2", "white 6", "film"])
def test_the_noise_is_as_strong_as_around_it_and_as_soft_and_as_coloured(noise):
    image, hole, fill = scene(noise)
    made = high(grained(image, hole, fill) - fill)[8:-8, 8:-8]
    beside = (high(image[:, :140]).reshape(-1, 3), high(image[:, 380:]).reshape(-1, 3))
    inside = made.reshape(-1, 3)
    for columns in (np.s_[:60], np.s_[-60:]):  # the film's is not the same everywhere
        near = high(image[:, 80:140] if columns.start is None else image[:, 380:440]).reshape(-1, 3)
        ratio = made[:, columns].reshape(-1, 3).std(axis=0) / near.std(axis=0)
        assert np.abs(ratio - 1).max() < 0.15
    outside = np.concatenate(beside)
    assert np.abs(np.corrcoef(inside.T) - np.corrcoef(outside.T)).max() < 0.1

    def lag(picture):
        return float((picture[:, 1:] * picture[:, :-1]).mean() / (picture**2).mean())

    assert lag(made) == pytest.approx(lag(high(image[:, :140])), abs=0.1)


def test_a_fill_that_has_the_noise_gets_hardly_more():
    image, hole, fill = scene(white(5))
    own = fill + white(5)(fill) / np.float32(255)
    assert high(grained(image, hole, own)).std() == pytest.approx(high(own).std(), rel=0.05)


def test_what_is_drawn_without_noise_stays_exactly_as_it_is():
    image, hole, _ = scene()
    image[~hole] = np.float32(0.4)
    image[:60] = np.float32(0.8)
    flat = np.full((AREA.height, AREA.width, 3), np.float32(0.4))
    assert grained(image, hole, flat) is flat
    ramp, hole, fill = scene()
    rounded = np.rint(ramp * 255).astype(np.float32) / np.float32(255)
    assert grained(rounded, hole, fill) is fill


def test_texture_is_not_taken_for_noise():
    image, hole, fill = scene()
    random = np.random.default_rng(4)
    for _ in range(6000):  # pebbles
        centre = tuple(int(each) for each in random.integers(0, 520, 2))
        cv2.circle(image, centre, int(random.integers(2, 14)), random.uniform(0.2, 0.7, 3).tolist(), -1)
    image = cv2.GaussianBlur(image, (0, 0), 0.8)
    assert np.abs(grained(image, hole, fill) - fill).std() < 1 / 255


def test_the_amount_scales_it_and_none_is_none():
    image, hole, fill = scene(white(5))
    whole, half = (grained(image, hole, fill, amount) - fill for amount in (1.0, 0.5))
    np.testing.assert_allclose(half, whole / 2, atol=1e-6)
    assert grained(image, hole, fill, 0.0) is fill


def test_the_seed_decides_it_and_the_hole_does_not():
    image, hole, fill = scene(white(5))
    once = grained(image, hole, fill)
    image[hole] = 0
    np.testing.assert_array_equal(grained(image, hole, fill), once)
    assert (grained(image, hole, fill, seed=1) != once).mean() > 0.9


def test_it_can_be_called_off():
    def stop(fraction):
        raise Cancelled

    image, hole, fill = scene(white(5))
    with pytest.raises(Cancelled):
        grain.add(fill, image, hole, AREA, 1.0, np.random.default_rng(0), stop)

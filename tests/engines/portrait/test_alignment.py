"""The aligned face: where its square lies, and that the warps there and back are each other's inverse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.base import Box
from engines.portrait import alignment


def mesh(left_eye, right_eye, mouth, spread=4.0):
    """Landmarks of a face whose eyes and mouth lie there; each eye is six points around its place."""
    points = np.full((478, 2), np.nan)
    around = np.array([[-1, 0], [-0.5, -0.5], [0.5, -0.5], [1, 0], [0.5, 0.5], [-0.5, 0.5]]) * spread
    points[list(alignment.LEFT_EYE)] = left_eye + around
    points[list(alignment.RIGHT_EYE)] = right_eye + around
    points[list(alignment.MOUTH)] = mouth + np.array([[-spread, 0], [spread, 0]])
    return points


def corners(centre, side, angle=0.0):
    """A square of ``side`` around ``centre``, turned clockwise by ``angle`` degrees."""
    turn = np.deg2rad(angle)
    x = np.array([np.cos(turn), np.sin(turn)]) * side / 2
    y = np.array([-x[1], x[0]])
    return np.asarray(centre) + np.array([-x - y, x - y, x + y, -x + y])


# -- where the square lies -----------------------------------------------------------------------------------


def test_an_upright_face():
    """The centre a tenth of the way from the eyes to the mouth, the side four times the eyes' distance."""
    found = alignment.square(mesh((80, 100), (120, 100), (100, 140)))
    # x = (40, 0) + (40, 0): half the side is max(2 * 40, 1.8 * 40) = 80
    assert np.allclose(found, [[20, 24], [180, 24], [180, 184], [20, 184]])


def test_a_face_in_profile_is_measured_by_eyes_to_mouth():
    found = alignment.square(mesh((95, 100), (105, 100), (100, 150)))
    assert np.allclose(found[1] - found[0], [2 * 1.8 * 50, 0])


@given(
    st.floats(-180, 180),
    st.floats(0.2, 20),
    st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)),
    st.tuples(st.floats(-15, 15), st.floats(-15, 15)),
)
def test_the_square_turns_grows_and_moves_with_the_face(angle, scale, offset, lean):
    landmarks = mesh((80, 100), (120, 100 + lean[1]), (100 + lean[0], 140))
    turn = np.deg2rad(angle)
    rotation = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved = alignment.square(landmarks @ rotation.T + offset)
    assert np.allclose(moved, alignment.square(landmarks) @ rotation.T + offset, atol=1e-6 * scale + 1e-6)
    sides = np.linalg.norm(np.roll(moved, -1, axis=0) - moved, axis=1)
    assert np.allclose(sides, sides[0])
    one, other = moved[1] - moved[0], moved[3] - moved[0]
    assert one[0] * other[1] - one[1] * other[0] > 0  # clockwise, with y downwards


def test_all_points_in_one_place():
    with pytest.raises(ValueError, match="in one place"):
        alignment.square(np.zeros((478, 2)))


@given(st.floats(-180, 180), st.floats(20, 4000), st.integers(16, 1024))
def test_points_there_and_back(angle, side, n):
    where = corners((700, 400), side, angle)
    assert np.allclose(alignment.to_aligned(where, where, n), [[0, 0], [n, 0], [n, n], [0, n]], atol=1e-6 * n)
    points = np.random.default_rng(0).uniform(-100, 900, (20, 2))
    back = alignment.to_photograph(alignment.to_aligned(points, where, n), where, n)
    assert np.allclose(back, points, atol=1e-6)


# -- cutting -------------------------------------------------------------------------------------------------


def ramp(height, width, across=1e-3, down=5e-4):
    """A picture whose value at a point is linear in it: (h, w, 3), each channel of its own slope."""
    y, x = np.mgrid[:height, :width] + 0.5
    plane = x * across + y * down
    return np.stack([plane, 0.9 - plane, plane / 2], axis=2).astype(np.float32)


def test_a_square_on_whole_pixels_is_cut_as_it_is():
    image = np.random.default_rng(1).random((90, 120, 3), np.float32)
    where = corners((50, 40), 64)
    assert np.allclose(alignment.cut(image, where, 64), image[8:72, 18:82], atol=1e-6)


@pytest.mark.parametrize("angle", [0, 17, 90, -135])
@pytest.mark.parametrize("side", [100, 300, 520, 1400])
def test_a_known_ramp(side, angle):
    """Whatever the scale and the angle, each pixel has the value of the point that it shows."""
    image = ramp(1600, 1700, 3e-4, 2e-4)
    where, n = corners((830, 790), side / 1.45, angle), 128
    seen = alignment.cut(image, where, n)
    y, x = np.mgrid[:n, :n] + 0.5
    points = alignment.to_photograph(np.stack([x.ravel(), y.ravel()], axis=1), where, n)
    plane = (points @ [3e-4, 2e-4]).reshape(n, n)
    wanted = np.stack([plane, 0.9 - plane, plane / 2], axis=2)
    # OpenCV's tables hold 32 places between two pixels.
    assert np.abs(seen - wanted).max() < 3e-4 / 32 * max(side / n, 1) + 1e-6


def test_fine_detail_is_averaged_and_not_sampled():
    """A chequerboard of single pixels is grey at a quarter of the size, turned as well."""
    y, x = np.mgrid[:800, :800]
    image = np.repeat(((x + y) % 2).astype(np.float32)[..., None], 3, axis=2)
    for angle in (0, 30):
        seen = alignment.cut(image, corners((400, 400), 500, angle), 125)
        assert np.abs(seen - 0.5).max() < 0.1


def test_beyond_the_edge_it_is_reflected_and_ever_smoother():
    random = np.random.default_rng(2)
    image = np.full((200, 200, 3), 0.5, np.float32) + random.normal(0, 0.1, (200, 200, 3)).astype(np.float32)
    seen = alignment.cut(image, corners((30, 100), 200), 200)
    assert np.allclose(seen[:, 70:], image[:, :130], atol=1e-6)  # what is inside is as it was
    near, far = seen[:, 64:70], seen[:, :10]
    assert np.abs(near - image[:, 1:7][:, ::-1]).mean() < 0.09  # a reflection, little blurred
    assert far.std() < 0.01
    assert abs(float(far.mean()) - 0.5) < 0.02  # the median colour


@pytest.mark.parametrize("centre", [(3, 3), (197, 3), (3, 147), (197, 147)])
def test_a_face_of_which_little_is_inside(centre):
    image = ramp(150, 200)
    seen = alignment.cut(image, corners(centre, 400, 20), 64)
    assert seen.shape == (64, 64, 3) and np.isfinite(seen).all()
    assert seen.min() >= image.min() - 0.01 and seen.max() <= image.max() + 0.01


def test_a_square_outside():
    with pytest.raises(ValueError, match="outside"):
        alignment.cut(ramp(50, 50), corners((500, 500), 40), 32)


def test_the_request_s_box():
    assert alignment.around(corners((50, 40), 64), 120, 90) == Box(13, 3, 74, 74)
    assert alignment.around(corners((10, 40), 64), 120, 60) == Box(0, 3, 47, 57)


@pytest.mark.parametrize("angle", [0, 30])
def test_the_part_that_is_asked_for_is_enough(angle):
    """The aligned face of that part is the one of the whole photograph, at its edge as well."""
    image = np.random.default_rng(6).random((300, 400, 3), np.float32)
    for centre in ((200, 150), (60, 150)):
        where = corners(centre, 180, angle)
        box = alignment.around(where, 400, 300)
        for n in (64, 256):
            part = alignment.cut(image[box.slices], where - [box.x, box.y], n)
            assert np.array_equal(part, alignment.cut(image, where, n))


# -- and back ------------------------------------------------------------------------------------------------


def whole(image):
    """The zone and the box of a change that may be anywhere."""
    return np.ones(image.shape[:2], np.float32), Box(0, 0, image.shape[1], image.shape[0])


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-180, 180),
    st.floats(60, 900),
    st.sampled_from([64, 128, 256]),
    st.tuples(st.floats(0, 500), st.floats(0, 400)),
)
def test_what_is_put_back_is_cut_again(angle, side, n, centre):
    """A smooth change, through the photograph and back, is the same inside; whatever turns and scales."""
    image = np.full((400, 500, 3), 0.4, np.float32)
    where = corners(centre, side, angle)
    y, x = (np.mgrid[:n, :n] + 0.5) / n
    bump = 0.3 * np.exp(-(((x - 0.5) ** 2 + (y - 0.45) ** 2) / 0.02))
    change = np.stack([bump, -bump, bump / 2], axis=2).astype(np.float32)
    zone, box = whole(image)
    patch = alignment.put_back(change, image, where, zone, box)
    after = image + (patch.rgb - image) * patch.alpha[..., None]
    again = alignment.cut(after, where, n) - alignment.cut(image, where, n)
    points = alignment.to_photograph(np.stack([x.ravel(), y.ravel()], axis=1) * n, where, n)
    margin = 3 * side / n + 2
    inside = ((points > margin) & (points < np.array([500, 400]) - margin)).all(axis=1).reshape(n, n)
    middle = inside & (np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)) > 0.1)
    coarse = max(n / side, 1) ** 2 * (0.3 / n)  # a face smaller than n loses what its pixels cannot hold
    assert np.abs(again - change)[middle].max(initial=0) < 0.012 + coarse


def test_polarity_and_place():
    """What becomes brighter on the left of the aligned face does so there in the photograph, turned by 90."""
    image = np.full((300, 300, 3), 0.5, np.float32)
    change = np.zeros((64, 64, 3), np.float32)
    change[20:44, 10:25] = 0.25
    where = corners((150, 150), 200, 90)  # its left is the photograph's top
    patch = alignment.put_back(change, image, where, *whole(image))
    after = image + (patch.rgb - image) * patch.alpha[..., None]
    rows, columns = np.nonzero(after[..., 0] > 0.7)
    assert rows.mean() < 120 and abs(columns.mean() - 150) < 3
    assert after.min() > 0.47 and np.isclose(after[105, 150, 0], 0.75, atol=1e-3)


def test_grain_stays():
    grain = np.random.default_rng(3).normal(0, 0.05, (300, 300, 3)).astype(np.float32)
    image = np.clip(0.5 + grain, 0, 1)
    change = np.full((32, 32, 3), 0.1, np.float32)
    patch = alignment.put_back(change, image, corners((150, 150), 200), *whole(image))
    assert np.allclose(patch.rgb, np.clip(image + 0.1, 0, 1), atol=1e-6)


def test_nothing_beyond_the_zone_and_the_square():
    image = np.random.default_rng(4).random((300, 400, 3), np.float32)
    zone = np.zeros((300, 400), np.float32)
    zone[80:160, 100:260] = 1
    zone[160:170, 100:260] = 0.5
    where = corners((200, 150), 180, 33)
    change = np.random.default_rng(5).normal(0, 0.2, (64, 64, 3)).astype(np.float32)
    patch = alignment.put_back(change, image, where, zone, Box(7, 9, 400, 300))
    assert patch.box == Box(7, 9, 400, 300)
    y, x = np.mgrid[:300, :400] + 0.5
    place = alignment.to_aligned(np.stack([x.ravel(), y.ravel()], axis=1), where, 1).reshape(300, 400, 2)
    outside = (place < 0).any(axis=2) | (place > 1).any(axis=2)
    assert not patch.alpha[outside].any() and not patch.alpha[zone == 0].any()
    assert patch.alpha[150, 200] == 1 and patch.alpha[165, 200] == 0.5
    assert patch.rgb.dtype == patch.alpha.dtype == np.float32
    assert patch.rgb.min() >= 0 and patch.rgb.max() <= 1
    steps = np.abs(np.diff(patch.alpha[100:140], axis=1))[:, 5:150]
    assert steps.max() < 0.15  # soft towards the square's edge


def test_what_is_given_is_not_written_to():
    image = ramp(200, 200)
    before = image.copy()
    change = np.full((32, 32, 3), 0.1, np.float32)
    where = corners((20, 20), 150)
    alignment.cut(image, where, 64)
    alignment.put_back(change, image, where, *whole(image))
    assert np.array_equal(image, before) and np.array_equal(change, np.full((32, 32, 3), 0.1, np.float32))

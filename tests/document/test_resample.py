"""Resampling against Pillow's float filters, sums over pixels, and where geometry says things must be."""

import math
from itertools import product

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from editor.document import resample
from editor.document.geometry import Rect

SMOOTH_METHODS = [method for method in resample.METHODS if method != "nearest"]
DEPTHS = [np.uint8, np.uint16]


def noise(height, width, dtype=np.uint8, *, opaque=False, seed=1):
    full = np.iinfo(dtype).max
    pixels = np.random.default_rng(seed).integers(0, full, (height, width, 4), dtype, endpoint=True)
    pixels[..., 3] = np.where(pixels[..., 3] < full // 3, 0, pixels[..., 3])
    if opaque:
        pixels[..., 3] = full
    return pixels


def turned(degrees, scale=1.0, centre=(0.0, 0.0), to=(0.0, 0.0)):
    """Clockwise on the screen, about ``centre``, which goes to ``to``."""
    cosine, sine = scale * math.cos(math.radians(degrees)), scale * math.sin(math.radians(degrees))
    (x, y), (u, v) = centre, to
    return np.array(
        [[cosine, -sine, u - cosine * x + sine * y], [sine, cosine, v - sine * x - cosine * y], [0, 0, 1]]
    )


def moved(x, y):
    return np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


# --- Resizing ---


@pytest.mark.parametrize("size", [(17, 9), (40, 61), (3, 100), (1, 1), (23, 31)])
@pytest.mark.parametrize("method", ["bilinear", "bicubic", "lanczos", "area"])
def test_resizing_a_mask_is_what_pillow_does_in_float(method, size):
    pixels = np.random.default_rng(2).integers(0, 65536, (31, 23, 1)).astype(np.uint16)
    if method == "area":  # Pillow's box filter is not the exact area
        across, down = (overlaps(old, new) for old, new in zip((23, 31), size, strict=True))
        expected = down @ pixels[..., 0] @ across.T
    else:
        image = Image.fromarray(pixels[..., 0].astype(np.float32))
        expected = np.asarray(image.resize(size, getattr(Image.Resampling, method.upper())))
    got = resample.resize(pixels, *size, method)[..., 0]
    assert got.shape == (size[1], size[0])
    assert np.abs(got - expected.clip(0, 65535)).max() <= 0.6


def overlaps(old, new):
    """What part of each new pixel comes from each old one."""
    edges_old, edges_new = np.arange(old + 1.0), np.linspace(0, old, new + 1)
    shared = np.minimum(edges_old[1:], edges_new[1:, None]) - np.maximum(edges_old[:-1], edges_new[:-1, None])
    return shared.clip(0) * new / old


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("size", [(9, 7), (50, 44), (9, 50)])
def test_colours_are_weighed_by_alpha(dtype, size):
    full = np.iinfo(dtype).max
    pixels = noise(20, 26, dtype)

    def resized(plane):
        return np.asarray(Image.fromarray(plane.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))

    alpha = resized(pixels[..., 3])
    got = resample.resize(pixels, *size, "bilinear")
    assert np.abs(got[..., 3] - alpha).max() <= 0.6
    solid = alpha > full / 8
    for channel in range(3):
        weighed = resized(pixels[..., channel] * (pixels[..., 3] / full))
        expected = weighed[solid] / alpha[solid] * full
        assert np.abs(got[..., channel][solid] - expected).max() <= 0.7


def test_nearest_picks_the_pixel_at_the_centre():
    pixels = noise(5, 7)
    got = resample.resize(pixels, 3, 11, "nearest")
    for y, x in product(range(11), range(3)):
        np.testing.assert_array_equal(got[y, x], pixels[int((y + 0.5) * 5 / 11), int((x + 0.5) * 7 / 3)])


@pytest.mark.parametrize("method", resample.METHODS)
@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("size", [(1, 1), (7, 300), (100, 100), (641, 3)])
def test_a_constant_picture_stays_so(method, dtype, size):
    unit = np.iinfo(dtype).max // 255
    for colour in [(255, 255, 255, 255), (1, 127, 254, 255), (3, 128, 250, 77), (0, 0, 0, 0), (200, 9, 1, 1)]:
        pixels = np.full((123, 210, 4), np.array(colour) * unit, dtype)
        got = resample.resize(pixels, *size, method)
        assert got.dtype == dtype
        np.testing.assert_array_equal(got, np.full((size[1], size[0], 4), pixels[0, 0]))
    mask = np.full((123, 210, 1), 99 * unit, dtype)
    assert (resample.resize(mask, *size, method) == 99 * unit).all()


def test_a_large_constant_picture_becomes_one_pixel():
    pixels = np.full((9000, 3, 4), [65535, 54321, 1, 65535], np.uint16)
    np.testing.assert_array_equal(resample.resize(pixels, 1, 1, "lanczos"), pixels[:1, :1])


@pytest.mark.parametrize("method", SMOOTH_METHODS)
@pytest.mark.parametrize("size", [(20, 15), (97, 81)])
def test_opaque_stays_opaque(method, size):
    pixels = noise(40, 50, opaque=True)
    before = pixels.copy()
    assert (resample.resize(pixels, *size, method)[..., 3] == 255).all()
    np.testing.assert_array_equal(pixels, before)


def green_beside_hidden_red(height, width):
    """Green with full alpha on the left, red with none on the right."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, : width // 2] = 0, 255, 0, 255
    pixels[:, width // 2 :] = 255, 0, 0, 0
    return pixels


@pytest.mark.parametrize("method", resample.METHODS)
@pytest.mark.parametrize("size", [(13, 11), (85, 77)])
def test_resizing_brings_no_colour_out_of_transparent_pixels(method, size):
    got = resample.resize(green_beside_hidden_red(40, 40), *size, method)
    seen = got[got[..., 3] > 0]
    assert len(seen)
    assert (seen[:, :3] == (0, 255, 0)).all()


@pytest.mark.parametrize("method", SMOOTH_METHODS)
@pytest.mark.parametrize("size", [(60, 60), (333, 333)])
def test_resizing_shifts_nothing(method, size):
    mask = disc(120, (43.2, 71.6), 20)
    got = resample.resize(mask, *size, method)
    scale = size[0] / 120
    np.testing.assert_allclose(centroid(got), (43.2 * scale, 71.6 * scale), atol=0.02 * max(scale, 1))


def disc(size, centre, radius):
    edges = (np.arange(size * 8) + 0.5) / 8
    inside = np.hypot(edges[None, :] - centre[0], edges[:, None] - centre[1]) <= radius
    covered = inside.reshape(size, 8, size, 8).mean(axis=(1, 3))
    return np.rint(covered * 65535).astype(np.uint16)[..., None]


def soft_disc(size, centre, radius):
    """With an edge 12 pixels wide: around a sharp one cubic filters overshoot, and what is cut off counts."""
    y, x = np.mgrid[:size, :size] + 0.5
    inwards = (radius - np.hypot(x - centre[0], y - centre[1])) / 12 + 0.5
    return np.rint((0.5 - 0.5 * np.cos(np.pi * inwards.clip(0, 1))) * 65535).astype(np.uint16)[..., None]


def centroid(mask):
    weights = mask[..., -1].astype(float)
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]] + 0.5
    return (weights * x).sum() / weights.sum(), (weights * y).sum() / weights.sum()


@pytest.mark.parametrize("method", SMOOTH_METHODS)
def test_shrinking_leaves_no_moire(method):
    """Stripes finer than the new pixels become grey."""
    stripes = np.zeros((240, 240, 1), np.uint8)
    stripes[:, ::2] = 255
    got = resample.resize(stripes, 70, 70, method)[5:-5, 5:-5]
    spread = 60 if method in ("area", "bilinear") else 25  # these two cut off less sharply
    assert np.ptp(got.astype(int)) <= spread
    assert got.mean() == pytest.approx(127.5, abs=2)


@pytest.mark.parametrize("method", resample.METHODS)
def test_8_and_16_bits_agree(method):
    small = noise(30, 33)
    large = small.astype(np.uint16) * 257
    for size in [(10, 14), (70, 50)]:
        a = resample.resize(small, *size, method).astype(float)
        b = resample.resize(large, *size, method) / 257
        assert_agree(a, b)
    for matrix in (turned(20, 0.7, (16, 15), (20, 20)), moved(0.3, 0.8)):
        a = resample.warp(small, (0, 0), matrix, (0, 0, 40, 40), method).astype(float)
        b = resample.warp(large, (0, 0), matrix, (0, 0, 40, 40), method) / 257
        assert_agree(a, b)


def assert_agree(a, b):
    assert np.abs(a[..., 3] - b[..., 3]).max() <= 1
    seen = a[..., 3] > 8
    assert np.abs(a[seen] - b[seen]).max() <= 1


@pytest.mark.parametrize("method", resample.METHODS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_small_pictures(method, shape):
    pixels = noise(*shape, opaque=True)
    np.testing.assert_array_equal(resample.resize(pixels, shape[1], shape[0], method), pixels)
    large = resample.resize(pixels, 3 * shape[1], 3 * shape[0], method)
    assert large.shape == (3 * shape[0], 3 * shape[1], 4)
    if shape == (1, 1):
        assert (large == pixels[0, 0]).all()
    around = resample.warp(pixels, (0, 0), turned(30, 2), (-20, -20, 60, 60), method)
    area = around[..., 3].sum() / 255
    assert area == pytest.approx(4 * shape[0] * shape[1], abs=4 if method == "nearest" else 0.3)


def test_sizes_and_methods_that_cannot_be():
    pixels = noise(4, 4)
    with pytest.raises(ValueError, match="0 x 4"):
        resample.resize(pixels, 0, 4)
    with pytest.raises(ValueError, match="300 million"):
        resample.resize(pixels, 20_000, 15_001)
    with pytest.raises(ValueError, match="300 million"):
        resample.warp(pixels, (0, 0), np.eye(3), (0, 0, 20_000, 15_001))
    with pytest.raises(ValueError, match="'sinc'"):
        resample.resize(pixels, 4, 4, "sinc")
    with pytest.raises(ValueError, match="'sinc'"):
        resample.warp(pixels, (0, 0), np.eye(3), (0, 0, 4, 4), "sinc")


# --- Transforms: what must be exact ---

TURNS = {
    "as it is": (np.eye(3), lambda p: p),
    "90": (turned(90), lambda p: np.rot90(p, -1)),
    "180": (turned(180), lambda p: np.rot90(p, 2)),
    "270": (turned(270), lambda p: np.rot90(p)),
    "left-right": (np.diag([-1.0, 1, 1]), np.fliplr),
    "top-bottom": (np.diag([1.0, -1, 1]), np.flipud),
    "transposed": (np.eye(3)[[1, 0, 2]], lambda p: p.swapaxes(0, 1)),
    "scaled by a common factor": (-3.7 * turned(90), lambda p: np.rot90(p, -1)),
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("method", resample.METHODS)
@pytest.mark.parametrize("dtype", DEPTHS)
def test_turns_mirrors_and_whole_moves_are_exact(turn, method, dtype):
    matrix, expected = TURNS[turn]
    pixels = noise(21, 34, dtype)  # with colours under zero alpha, which stay too
    matrix = moved(1003, -2005) @ matrix
    box = resample.bounds(matrix, (7, -4, 34, 21))
    got = resample.warp(pixels, (7, -4), matrix, box, method)
    np.testing.assert_array_equal(got, expected(pixels))
    np.testing.assert_array_equal(pixels, noise(21, 34, dtype))


@pytest.mark.parametrize("method", resample.METHODS)
def test_a_box_may_reach_beyond_the_picture_or_hold_a_part(method):
    pixels = noise(10, 12)
    got = resample.warp(pixels, (100, 50), np.eye(3), (95, 45, 30, 30), method)
    expected = np.zeros((30, 30, 4), np.uint8)
    expected[5:15, 5:17] = pixels
    np.testing.assert_array_equal(got, expected)
    got = resample.warp(pixels, (100, 50), np.eye(3), (103, 52, 4, 3), method)
    np.testing.assert_array_equal(got, pixels[2:5, 3:7])
    assert not resample.warp(pixels, (100, 50), turned(10), (-500, -500, 9, 9), method).any()
    assert not resample.warp(pixels, (100, 50), np.eye(3), (-500, -500, 9, 9), method).any()
    assert not resample.warp(pixels[:0], (100, 50), turned(10), (0, 0, 9, 9), method).any()


@pytest.mark.parametrize("method", resample.METHODS)
@pytest.mark.parametrize("degrees", [0, 13, 90])
def test_a_part_of_a_transform_is_that_part_of_the_whole(method, degrees):
    """So a picture may be worked out piece by piece."""
    pixels, matrix = noise(300, 310), turned(degrees, 0.9, (150, 150), (300.3, 310.6))
    whole = resample.warp(pixels, (0, 0), matrix, (0, 0, 600, 600), method)
    part = resample.warp(pixels, (0, 0), matrix, (250, 201, 90, 130), method)
    difference = np.abs(part.astype(int) - whole[201:331, 250:340])
    assert np.quantile(difference, 0.999) <= 1  # places are rounded from another corner


@pytest.mark.parametrize("method", SMOOTH_METHODS)
@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("matrix", ["turned", "scaled", "shrunk", "perspective"])
def test_a_constant_picture_stays_so_in_transforms(method, dtype, matrix):
    unit = np.iinfo(dtype).max // 255
    matrix = {
        "turned": turned(33, 1, (50, 40), (60, 60)),
        "scaled": moved(3.3, 4.7) @ np.diag([0.71, 1.13, 1]),
        "shrunk": turned(-70, 0.21, (50, 40), (60, 60)),
        "perspective": resample.quad_to_quad(
            [(0, 0), (100, 0), (100, 80), (0, 80)], [(40, 10), (50, 12), (110, 100), (5, 110)]
        ),
    }[matrix]
    for colour in [(1, 127, 254, 255), (3, 128, 250, 77)]:
        pixels = np.full((80, 100, 4), np.array(colour) * unit, dtype)
        got = resample.warp(pixels, (0, 0), matrix, (0, 0, 120, 120), method)
        seen = got[..., 3] > 20 * unit
        assert (got[seen][:, :3] == pixels[0, 0, :3]).all()
        assert (got[..., 3] <= colour[3] * unit).all()
        inside = polygon(resample.corners(matrix, (4, 4, 92, 72)), 120)
        assert inside.any()
        assert (got[inside] == pixels[0, 0]).all()


def polygon(quad, size):
    """Pixels that lie wholly inside, with a pixel to spare."""
    y, x = np.mgrid[:size, :size] + 0.5
    inside = np.ones((size, size), bool)
    for a, b in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = (b - a) / np.hypot(*(b - a))
        inside &= along[0] * (y - a[1]) - along[1] * (x - a[0]) > 1.5
    return inside


# --- Transforms: where things are ---

PERSPECTIVE = resample.quad_to_quad(
    [(0, 0), (160, 0), (160, 160), (0, 160)], [(12, 9), (150, 20), (131, 140), (25, 151)]
)


@pytest.mark.parametrize("method", SMOOTH_METHODS)
@pytest.mark.parametrize(
    "matrix",
    [
        turned(27, 1, (80, 80), (81.3, 79.2)),
        turned(27, 0.37, (80, 80), (81.3, 79.2)),
        turned(90, 0.61, (80, 80), (81.3, 79.2)),
        turned(-140, 1.4, (80, 80), (81.3, 79.2)),
        moved(0.25, -0.4),
        moved(2, 3.3) @ np.diag([0.45, 1.2, 1]),
        moved(150.2, 0) @ np.diag([-0.8, 0.8, 1]),
        np.array([[1, 0.3, -20], [0.1, 0.9, 0], [0, 0, 1]]),
    ],
)
def test_the_middle_of_a_disc_goes_where_the_matrix_says(method, matrix):
    mask = soft_disc(160, (91.2, 66.7), 21)
    got = resample.warp(mask, (0, 0), matrix, (0, 0, 160, 160), method)
    expected = matrix @ (91.2, 66.7, 1)
    np.testing.assert_allclose(centroid(got), expected[:2] / expected[2], atol=0.02)
    scale = abs(np.linalg.det(matrix[:2, :2]))
    assert got.sum() == pytest.approx(mask.sum() * scale, rel=0.004)


@pytest.mark.parametrize("method", SMOOTH_METHODS)
def test_perspective_moves_everything_where_the_matrix_says(method):
    """A smooth picture, known between its pixels too, at the place each pixel of the target comes from."""

    def picture(x, y):
        return 30000 + 12000 * np.sin(x / 9) + 12000 * np.cos(y / 11 + 1)

    y, x = np.mgrid[:160, :160] + 0.5
    mask = np.rint(picture(x, y)).astype(np.uint16)[..., None]
    got = resample.warp(mask, (0, 0), PERSPECTIVE, (0, 0, 160, 160), method)[..., 0]
    u, v, w = np.einsum("ij,jyx->iyx", np.linalg.inv(PERSPECTIVE), np.stack([x, y, np.ones_like(x)]))
    inside = polygon(resample.corners(PERSPECTIVE, (3, 3, 154, 154)), 160)
    error = np.abs(got - picture(u / w, v / w))[inside]
    assert error.max() <= (150 if method in ("bilinear", "area") else 110)  # of 65535; 1/12 pixel is 111


@pytest.mark.parametrize("method", ["bicubic", "lanczos"])
@pytest.mark.parametrize("matrix", [turned(17, 1.1, (80, 80), (80, 80)), PERSPECTIVE])
def test_there_and_back_again(method, matrix):
    y, x = np.mgrid[:160, :160]
    plane = 128 + 60 * np.sin(x / 6) * np.cos(y / 7)
    pixels = np.dstack([plane, plane[::-1], 255 - plane, np.full_like(plane, 255)]).astype(np.uint8)
    there = resample.warp(pixels, (0, 0), matrix, (-40, -40, 240, 240), method)
    back = resample.warp(there, (-40, -40), np.linalg.inv(matrix), (0, 0, 160, 160), method)
    error = np.abs(back.astype(int) - pixels)[6:-6, 6:-6]
    assert error.max() <= 4
    assert error.mean() <= 0.7


# --- Transforms: edges and sizes ---


@pytest.mark.parametrize("method", SMOOTH_METHODS)
def test_a_fraction_of_a_pixel_shows_as_coverage(method):
    pixels = np.full((6, 6, 4), [10, 20, 30, 255], np.uint8)
    got = resample.warp(pixels, (0, 0), moved(2.25, 3), (0, 0, 12, 12), method)
    expected = np.zeros(12)
    expected[2:9] = [191, 255, 255, 255, 255, 255, 64]
    assert (got[3:9, :, 3] == expected).all()
    assert not got[[2, 9]].any()
    assert (got[got[..., 3] > 0][:, :3] == (10, 20, 30)).all()


@pytest.mark.parametrize("method", SMOOTH_METHODS)
@pytest.mark.parametrize("degrees", [0, 1, 7.5, 45, 80])
def test_edges_have_the_covered_share(method, degrees):
    matrix = turned(degrees, 0.83, (20, 15), (30.3, 30.8))
    pixels = np.full((30, 40, 4), 255, np.uint8)
    got = resample.warp(pixels, (0, 0), matrix, (0, 0, 60, 60), method)[..., 3]
    steps = (np.arange(60 * 16) + 0.5) / 16
    inverse = np.linalg.inv(matrix)
    x, y = (inverse[i, 0] * steps[None, :] + inverse[i, 1] * steps[:, None] + inverse[i, 2] for i in (0, 1))
    inside = (x >= 0) & (x < 40) & (y >= 0) & (y < 30)
    expected = inside.reshape(60, 16, 60, 16).mean(axis=(1, 3)) * 255
    assert np.abs(got - expected).max() <= 40  # at the four corners
    assert np.quantile(np.abs(got - expected), 0.998) <= 9  # half a step of the reference


@pytest.mark.parametrize("method", resample.METHODS)
@pytest.mark.parametrize("matrix", [turned(22, 1.3, (20, 20), (30, 30)), turned(0, 0.4), turned(5, 0.3)])
def test_transforms_bring_no_colour_out_of_transparent_pixels(method, matrix):
    got = resample.warp(green_beside_hidden_red(40, 40), (0, 0), matrix, (-20, -20, 100, 100), method)
    seen = got[got[..., 3] > 0]
    assert len(seen)
    assert (seen[:, :3] == (0, 255, 0)).all()


@pytest.mark.parametrize("method", SMOOTH_METHODS)
@pytest.mark.parametrize("scale", [0.1, 0.3, 0.6])
def test_fine_stripes_turned_and_shrunk_become_grey(method, scale):
    stripes = np.zeros((400, 400, 1), np.uint8)
    stripes[:, ::2] = 255
    got = resample.warp(stripes, (0, 0), turned(20, scale, (200, 200), (100, 100)), (90, 90, 20, 20), method)
    limit = 4 if scale < 0.6 else 16
    assert got.std() <= (25 if method == "area" and scale > 0.1 else limit)  # a box lets more pass
    assert got.mean() == pytest.approx(127.5, abs=2)


@pytest.mark.parametrize("method", SMOOTH_METHODS)
def test_far_away_in_perspective_is_grey_too(method):
    """A chequered floor: its far end, many squares per pixel, against the mean of those."""
    y, x = np.mgrid[:1000, :1000]
    floor = np.where((x // 2 + y // 2) % 2, 255, 0).astype(np.uint8)[..., None]
    matrix = resample.quad_to_quad(
        [(0, 0), (1000, 0), (1000, 1000), (0, 1000)], [(240, 20), (260, 20), (500, 400), (0, 400)]
    )
    got = resample.warp(floor, (0, 0), matrix, (0, 0, 500, 400), method)
    far = got[22:80, 246:254]
    assert far.std() <= 12
    assert far.mean() == pytest.approx(127.5, abs=3)


@pytest.mark.parametrize("method", resample.METHODS)
@pytest.mark.parametrize("degrees", [0, 30])
@pytest.mark.parametrize("scale", [1e-7, 1e7])
def test_out_of_all_proportion(method, degrees, scale):
    pixels = np.full((30, 40, 4), [9, 99, 199, 255], np.uint8)
    matrix = turned(degrees, scale, (20.3, 15.4), (5.3, 5.3))
    got = resample.warp(pixels, (0, 0), matrix, (0, 0, 10, 10), method)
    assert (got == (pixels[0, 0] if scale > 1 else 0)).all()


def test_a_source_wider_than_opencv_takes():
    wide = np.zeros((2, 40_000, 1), np.uint8)
    wide[:, 20_000:] = 255
    matrix = resample.quad_to_quad(
        [(0, 0), (40_000, 0), (40_000, 2), (0, 2)], [(0, 20), (200, 0), (200, 50), (0, 30)]
    )
    got = resample.warp(wide, (0, 0), matrix, (0, 0, 200, 50))
    middle = matrix @ (20_000, 1, 1)
    assert got[25, int(middle[0] / middle[2]) - 4, 0] < 30
    assert got[25, int(middle[0] / middle[2]) + 4, 0] > 225


# --- Matrices ---

COORDINATE = st.floats(-1e4, 1e4)


OFFSETS = st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=8, max_size=8)


@given(OFFSETS, st.floats(1, 9000))
def test_quad_to_quad_takes_corners_to_corners(offsets, size):
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    source, target = (square + offsets[:4]) * size, (square + offsets[4:]) * size
    try:
        matrix = resample.quad_to_quad(source, target)
    except ValueError:
        return  # not all such quadrilaterals are convex
    expected = cv2.getPerspectiveTransform(source.astype(np.float32), target.astype(np.float32))
    for point, goal in zip(source, target, strict=True):
        x, y, w = matrix @ (*point, 1)
        np.testing.assert_allclose((x / w, y / w), goal, atol=1e-5 * size)
    inside = (*source.mean(axis=0), 1)
    (x, y, w), (u, v, t) = matrix @ inside, expected @ inside
    np.testing.assert_allclose((x / w, y / w), (u / t, v / t), atol=0.01 * size)


def test_corners_and_bounds():
    quad = resample.corners(turned(90, 2), (1, 2, 10, 20))
    np.testing.assert_allclose(quad, [(-4, 2), (-4, 22), (-44, 22), (-44, 2)], atol=1e-9)
    assert resample.bounds(turned(90, 2), (1, 2, 10, 20)) == Rect(-44, 2, 40, 20)
    assert resample.bounds(moved(0.5, 0), (1, 2, 10, 20)) == Rect(1, 2, 11, 20)


SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.diag([1.0, 0, 1]), "flattens"),
        (np.zeros((3, 3)), "horizon"),
        (np.array([[1.0, 2, 3], [2, 4, 1], [0, 0, 1]]), "flattens"),
        (np.array([[1.0, 0, 0], [0, 1, 0], [-0.2, 0, 1]]), "horizon"),
        (np.array([[1.0, 0, 0], [0, 1, 0], [-0.1, 0, 1]]), "horizon"),
        (np.array([[1.0, 0, 0], [0, math.nan, 0], [0, 0, 1]]), "finite"),
        (np.array([[1.0, 0, 0], [0, math.inf, 0], [0, 0, 1]]), "finite"),
    ],
)
def test_matrices_that_are_refused(matrix, words):
    for call in (
        lambda: resample.warp(noise(10, 10), (0, 0), matrix, (0, 0, 10, 10)),
        lambda: resample.bounds(matrix, (0, 0, 10, 10)),
    ):
        with pytest.raises(ValueError, match=words) as caught:
            call()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ([(0, 0), (5, 5), (10, 10), (0, 10)], "one line"),
        ([(0, 0), (0, 0), (10, 10), (0, 10)], "one line"),
        ([(3, 3)] * 4, "one line"),
        ([(0, 0), (10, 0), (3, 3), (0, 10)], "horizon"),  # not convex
        ([(0, 0), (10, 10), (10, 0), (0, 10)], "horizon"),  # crosses itself
        ([(0, 0), (10, 0), (10, 10)], "four finite"),
        ([(0, 0), (10, 0), (10, 10), (0, math.nan)], "four finite"),
    ],
)
def test_quadrilaterals_that_are_refused(target, words):
    with pytest.raises(ValueError, match=words):
        resample.quad_to_quad(SQUARE, target)

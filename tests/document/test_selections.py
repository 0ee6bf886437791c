"""Selections against slow references: supersampling, loops over pixels, and formulas in float64."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document import selections
from editor.document.selections import strips

RNG = np.random.default_rng(7)


def supersampled(height, width, inside, samples=48):
    """The share of samples x samples points of each pixel for which ``inside(x, y)`` holds, times 255."""
    out = np.zeros((height, width))
    steps = (np.arange(samples) + 0.5) / samples
    for y, x in product(range(height), range(width)):
        out[y, x] = 255 * inside((x + steps)[None, :], (y + steps)[:, None]).mean()
    return out


def disc(size, centre, radius):
    return np.rint(
        supersampled(size, size, lambda x, y: np.hypot(x - centre[0], y - centre[1]) <= radius, 16)
    ).astype(np.uint8)


def untouched(function, selection, *args, **options):
    """Call, and see that the argument is as before, is not shared, and that a selection comes back."""
    before = selection.copy()
    result = function(selection, *args, **options)
    np.testing.assert_array_equal(selection, before)
    assert not np.shares_memory(selection, result)
    assert result.dtype == np.uint8
    assert result.shape == selection.shape
    return result


# --- Shapes ---


@given(*[st.floats(-5, 20) for _ in range(2)], *[st.floats(0, 25) for _ in range(2)])
def test_rectangle_has_the_covered_share_of_each_pixel(left, top, width, height):
    got = selections.rectangle(9, 13, (left, top, width, height))
    for y, x in product(range(9), range(13)):
        across = max(min(x + 1, left + width) - max(x, left), 0)
        down = max(min(y + 1, top + height) - max(y, top), 0)
        assert abs(got[y, x] - 255 * across * down) <= 0.51


def test_rectangle_without_antialiasing_goes_to_the_nearest_pixel_borders():
    got = selections.rectangle(6, 6, (1.4, 1.6, 2.2, 2.2), antialias=False)
    expected = np.zeros((6, 6), np.uint8)
    expected[2:4, 1:4] = 255
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(
    "box",
    [
        (2.3, 1.7, 17.9, 12.2),
        (3, 3, 14, 14),
        (0.2, 9.4, 21.5, 0.7),  # flatter than a pixel
        (9.4, -3, 0.7, 30),
        (5.5, 5.5, 0.3, 0.3),  # within one pixel
        (-8.5, -6.2, 20, 19),  # partly outside
        (-30, -30, 90, 90),  # the picture lies inside
        (-9, -9, 4, 4),
        (7.5, 3.1, 2.0, 11.3),
    ],
)
def test_ellipse_has_the_covered_share_of_each_pixel(box):
    left, top, width, height = box

    def inside(x, y):
        return ((x - left) * 2 / width - 1) ** 2 + ((y - top) * 2 / height - 1) ** 2 <= 1

    expected = supersampled(16, 22, inside)
    assert np.abs(selections.ellipse(16, 22, box) - expected).max() <= 3
    hard = selections.ellipse(16, 22, box, antialias=False)
    sure = np.abs(expected - 127.5) > 3
    np.testing.assert_array_equal(hard[sure], np.where(expected > 127.5, 255, 0)[sure])


@given(st.floats(-4, 24), st.floats(-4, 24), st.floats(0.1, 18), st.floats(0.1, 18))
def test_ellipse_within_the_picture_has_its_area(x, y, width, height):
    got = selections.ellipse(60, 60, (x + 10, y + 10, width, height))
    assert got.sum() / 255 == pytest.approx(math.pi * width * height / 4, abs=0.2)


STAR = [
    (10 + 9.3 * math.sin(i * 4 * math.pi / 5), 10.2 - 9.3 * math.cos(i * 4 * math.pi / 5)) for i in range(5)
]


@pytest.mark.parametrize(
    "points",
    [
        [(2.3, 3.1), (17.2, 5.6), (8.9, 18.4)],
        STAR,  # its middle lies inside twice
        [(-5, 4.2), (30, 2.1), (30, 9), (-5, 16)],
        [(1, 1), (19, 1), (19, 19), (1, 19), (1, 1), (5, 5), (15, 5), (15, 15), (5, 15), (5, 5)],
        [(3, 3), (3, 3), (9, 3), (9, 3), (3, 9)],
        [(40, 40), (50, 40), (50, 50)],
        [(-9, 10.25), (60, 10.25), (60, 10.75), (-9, 10.75)],
    ],
)
def test_polygon_is_filled_by_the_even_odd_rule(points):
    def inside(x, y):
        crossings = np.zeros(np.broadcast_shapes(x.shape, y.shape), int)
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
            if ay != by:
                crossings += ((ay <= y) != (by <= y)) & (x > ax + (y - ay) / (by - ay) * (bx - ax))
        return crossings % 2 == 1

    expected = supersampled(20, 21, inside)
    got = selections.polygon(20, 21, points)
    assert np.abs(got - expected).max() <= 255 / 64 + 3  # half a scan line, and the reference's own steps
    hard = selections.polygon(20, 21, points, antialias=False)
    np.testing.assert_array_equal(hard, np.where(got >= 128, 255, 0))


def test_polygon_is_the_same_in_bands_as_whole(monkeypatch):
    points = RNG.random((40, 2)) * (60, 50)
    whole = selections.polygon(50, 60, points)
    monkeypatch.setattr(strips, "STRIP_PIXELS", 200)
    np.testing.assert_array_equal(selections.polygon(50, 60, points), whole)


def test_polygon_of_two_points_is_empty():
    assert not selections.polygon(5, 5, [(1, 1), (4, 4)]).any()
    assert not selections.polygon(5, 5, []).any()


def test_shapes_refuse_what_is_not_finite():
    for shape in (selections.rectangle, selections.ellipse):
        with pytest.raises(ValueError, match="not finite"):
            shape(5, 5, (0, 0, math.nan, 3))
    with pytest.raises(ValueError, match="not finite"):
        selections.polygon(5, 5, [(1, 1), (4, 4), (math.inf, 1)])


# --- Two selections ---


def test_combining():
    old = np.array([[0, 0, 255, 255, 100]], np.uint8)
    new = np.array([[0, 200, 200, 255, 200]], np.uint8)
    for how, expected in {
        "replace": [0, 200, 200, 255, 200],
        "add": [0, 200, 255, 255, 200],
        "subtract": [0, 0, 55, 0, 55],
        "intersect": [0, 0, 200, 255, 100],
    }.items():
        result = untouched(selections.combine, old, new, how)
        np.testing.assert_array_equal(result, [expected])
        assert not np.shares_memory(result, new)
    np.testing.assert_array_equal(untouched(selections.invert, old), [[255, 255, 0, 0, 155]])


def test_combining_refuses_other_words_and_sizes():
    with pytest.raises(ValueError, match="'xor'"):
        selections.combine(np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8), "xor")
    with pytest.raises(ValueError, match="different sizes"):
        selections.combine(np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8), "add")


# --- By colour ---


def like(pixel, seed, reach):
    """The wand's question, one pixel at a time."""
    colours = 4 if pixel[3] and seed[3] else 0
    channels = range(4) if colours else [3]
    return all(abs(int(pixel[c]) - int(seed[c])) <= reach for c in channels)


def flooded(mask, start):
    found, waiting = np.zeros_like(mask), [start]
    while waiting:
        y, x = waiting.pop()
        if 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and mask[y, x] and not found[y, x]:
            found[y, x] = True
            waiting += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return found


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("contiguous", [True, False])
@pytest.mark.parametrize("tolerance", [0, 32, 63.5, 255])
def test_wand_takes_what_is_within_tolerance(dtype, contiguous, tolerance):
    unit = np.iinfo(dtype).max // 255
    rng = np.random.default_rng(3)
    pixels = rng.choice([0, 32, 33, 64, 200, 255], (24, 31, 4)).astype(dtype) * unit
    pixels[..., 3] = rng.choice([0, 20, 255], (24, 31), p=[0.2, 0.1, 0.7]) * unit
    pixels[8:16, 5:25] = pixels[10, 10]
    before = pixels.copy()
    for x, y in [(10, 10), (0, 0), (30, 23), tuple(np.argwhere(pixels[..., 3] == 0)[0][::-1])]:
        expected = np.array(
            [[like(pixel, pixels[y, x], tolerance * unit) for pixel in row] for row in pixels]
        )
        if contiguous:
            expected = flooded(expected, (y, x))
        got = selections.wand(pixels, (x, y), tolerance, contiguous, antialias=False)
        np.testing.assert_array_equal(got, np.where(expected, 255, 0))
    np.testing.assert_array_equal(pixels, before)


def test_wand_does_not_go_around_corners():
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[[0, 1], [0, 1]] = 255
    np.testing.assert_array_equal(selections.wand(pixels, (0, 0), 0, antialias=False), [[255, 0], [0, 0]])


def test_antialiased_wand_softens_stairs_and_leaves_straight_edges():
    def picture(mask):
        return np.dstack([np.where(mask, 200, 10)] * 3 + [np.full(mask.shape, 255)]).astype(np.uint8)

    straight = np.zeros((12, 12), bool)
    straight[:, 5:] = True
    np.testing.assert_array_equal(selections.wand(picture(straight), (8, 8), 9), straight * 255)

    y, x = np.mgrid[:20, :20]
    slope = selections.wand(picture(x >= y), (15, 4), 9)
    truth = supersampled(20, 20, lambda x, y: x >= y - 0.5)  # the middle between the selected and the others
    inner = slice(1, -1)
    assert np.abs(slope[inner, inner] - truth[inner, inner]).max() <= 3

    noise = np.random.default_rng(1).random((30, 30)) < 0.5
    soft = selections.wand(picture(noise), tuple(np.argwhere(noise)[0][::-1]), 9, contiguous=False)
    np.testing.assert_array_equal(soft >= 128, noise)


def test_wand_refuses_points_outside():
    for point in [(-1, 0), (0, 3), (4, 0)]:
        with pytest.raises(ValueError, match="outside"):
            selections.wand(np.zeros((3, 4, 4), np.uint8), point, 10)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_similar_takes_the_selections_range_and_tolerance(dtype):
    unit = np.iinfo(dtype).max // 255
    grey = np.array([[10, 20, 30, 41, 200, 30, 0, 15]])
    pixels = np.dstack([grey] * 3 + [np.full_like(grey, 255)]).astype(dtype) * unit
    pixels[0, 7, 3] = 0
    selection = np.array([[0, 255, 255, 0, 0, 0, 0, 0]], np.uint8)
    near = untouched(lambda s: selections.similar(pixels, s, 10, True, antialias=False), selection)
    np.testing.assert_array_equal(near, [[255, 255, 255, 0, 0, 0, 0, 0]])
    everywhere = selections.similar(pixels, selection, 10, False, antialias=False)
    np.testing.assert_array_equal(everywhere, [[255, 255, 255, 0, 0, 255, 0, 0]])
    empty = np.zeros_like(selection)
    np.testing.assert_array_equal(selections.similar(pixels, empty, 10, False), empty)
    unseen = np.array([[0, 0, 0, 0, 0, 0, 0, 255]], np.uint8)
    np.testing.assert_array_equal(selections.similar(pixels, unseen, 10, False), unseen)


def lab(rgb):
    """CIELAB of sRGB 0..1 by the definitions of IEC 61966-2-1 and CIE 15, in float64."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    matrix = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = [sum(m * c for m, c in zip(row, linear, strict=True)) / sum(row) for row in matrix]
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("fuzziness", [10, 40, 200])
def test_colour_range_falls_with_the_distance_in_lab(dtype, fuzziness):
    full = np.iinfo(dtype).max
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, full, (12, 15, 4), dtype, endpoint=True)
    pixels[..., 3] = full
    colours = [pixels[3, 4, :3], pixels[7, 8, :3]]
    pixels[6:, :, :3] = (pixels[6:, :, :3] * 0.05 + colours[1] * 0.95).astype(dtype)
    pixels[0, 0] = [*colours[0], 0]
    got = selections.colour_range(pixels, colours, fuzziness)
    for y, x in product(range(12), range(15)):
        distance = min(
            np.linalg.norm(lab(pixels[y, x, :3] / full) - lab(np.array(colour) / full)) for colour in colours
        )
        expected = 255 * min(max(2 - distance / (fuzziness / 4), 0), 1)
        if (y, x) != (0, 0):
            # The conversion is good to about 0.05 of Lab's units.
            assert abs(got[y, x] - expected) <= 0.5 + 255 * 0.05 / (fuzziness / 4)
    assert got[0, 0] == 0
    assert not selections.colour_range(pixels, [], fuzziness).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colour_range_without_fuzziness_takes_the_colour_alone(dtype):
    pixels = np.full((3, 3, 4), 200 * (np.iinfo(dtype).max // 255), dtype)
    pixels[1, 1, 2] -= np.iinfo(dtype).max // 255
    expected = np.full((3, 3), 255)
    expected[1, 1] = 0
    np.testing.assert_array_equal(selections.colour_range(pixels, [pixels[0, 0, :3]], 0), expected)


def test_tonal_ranges_add_up_and_are_where_they_belong():
    rng = np.random.default_rng(8)
    pixels = rng.integers(0, 256, (40, 41, 4), np.uint8)
    pixels[..., 3] = 255
    tones = {tone: selections.tonal_range(pixels, tone) for tone in ("shadows", "midtones", "highlights")}
    assert np.abs(sum(t.astype(int) for t in tones.values()) - 255).max() <= 1
    lightness = np.array([[lab(p[:3] / 255)[0] for p in row] for row in pixels])
    assert np.abs(tones["shadows"] - 255 * ((45 - lightness) / 20).clip(0, 1)).max() <= 1
    assert np.abs(tones["highlights"] - 255 * ((lightness - 55) / 20).clip(0, 1)).max() <= 1
    with pytest.raises(ValueError, match="'grey'"):
        selections.tonal_range(pixels, "grey")


# --- The edge of a selection ---


def dilated(selection, radius):
    """Grey dilation by a disc with a skirt, one pixel of the disc at a time."""
    reach = math.ceil(radius) + 1
    padded = np.pad(selection, reach).astype(float)
    out = np.zeros(selection.shape)
    for dy, dx in product(range(-reach, reach + 1), repeat=2):
        loss = 255 * max(math.hypot(dx, dy) - radius, 0)
        shifted = padded[reach + dy :, reach + dx :][: out.shape[0], : out.shape[1]]
        out = np.maximum(out, shifted - loss)
    return out


HARD = np.where(RNG.random((37, 41)) < 0.01, 255, 0).astype(np.uint8)
SOFT = np.where(RNG.random((37, 41)) < 0.05, RNG.integers(0, 256, (37, 41)), 0).astype(np.uint8)


@pytest.mark.parametrize("radius", [0.5, 1, 2.25, 3, 6.7, 11])
def test_growing_is_a_dilation_by_a_disc(radius):
    assert np.abs(untouched(selections.grow, HARD, radius) - dilated(HARD, radius)).max() <= 0.51
    low, high = dilated(SOFT, math.floor(radius)), dilated(SOFT, math.floor(radius) + 1)
    between = low + (radius - math.floor(radius)) * (high - low)
    assert np.abs(untouched(selections.grow, SOFT, radius) - between).max() <= 1.51


@pytest.mark.parametrize("strip", [41, 300])
def test_growing_is_the_same_in_strips(monkeypatch, strip):
    whole = selections.grow(SOFT, 4.5)
    monkeypatch.setattr(strips, "STRIP_PIXELS", strip)
    np.testing.assert_array_equal(selections.grow(SOFT, 4.5), whole)


@pytest.mark.parametrize("by", [1, 4, 4.5, 9])
def test_a_disc_grows_and_shrinks_to_a_disc(by):
    small, large = disc(64, (31.7, 32.4), 14), disc(64, (31.7, 32.4), 14 + by)
    grown, shrunk = selections.grow(small, by), selections.shrink(large, by)
    for got, expected in ((grown, large), (shrunk, small)):
        radius = math.sqrt(got.sum() / 255 / math.pi)
        assert radius == pytest.approx(math.sqrt(expected.sum() / 255 / math.pi), abs=0.25)
        assert np.abs(got.astype(int) - expected).max() <= 140  # nowhere off by much more than half a pixel


def test_a_straight_soft_edge_moves_as_it_is():
    edge = np.tile((np.arange(40) * 20 - 200).clip(0, 255).astype(np.uint8), (9, 1))  # rises to the right
    np.testing.assert_array_equal(selections.shrink(edge, 3)[:, 3:], edge[:, :-3])
    np.testing.assert_array_equal(selections.grow(edge, 3)[:, :-3], edge[:, 3:])
    half = selections.grow(edge, 2.5)[:, :-3].astype(int)
    assert np.abs(half - (edge[:, 2:-1].astype(int) + edge[:, 3:]) / 2).max() <= 1


def test_shrinking_at_the_pictures_border():
    full = np.full((9, 11), 255, np.uint8)
    np.testing.assert_array_equal(untouched(selections.shrink, full, 2), full)
    framed = untouched(selections.shrink, full, 2, from_bounds=True)
    expected = np.zeros_like(full)
    expected[2:-2, 2:-2] = 255
    np.testing.assert_array_equal(framed, expected)


def test_border_is_a_band_across_the_edge():
    box = np.zeros((30, 30), np.uint8)
    box[10:20, 10:20] = 255
    band = untouched(selections.border, box, 4)
    np.testing.assert_array_equal(np.flatnonzero(band[15] == 255), [8, 9, 10, 11, 18, 19, 20, 21])
    assert set(np.unique(band[15])) == {0, 255}
    frame = selections.border(np.full((9, 9), 255, np.uint8), 4)
    assert (frame[4] == [255, 255, 0, 0, 0, 0, 0, 255, 255]).all()
    assert not selections.border(box, 0).any()


@pytest.mark.parametrize("radius", [1.5, 7, 12, 23.4])
def test_feathering_is_a_gaussian(radius):
    size = 90
    selection = np.zeros((size, size + 7), np.uint8)
    selection[20:, 31:70] = 255
    selection[40:50, :60] = 255

    def blurred(values):
        """Along the first axis, the first and last value repeated for ever."""
        reach = math.ceil(5 * radius)
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / radius) ** 2)
        padded = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
        rows = [(padded[i : i + 2 * reach + 1] * kernel[:, None]).sum(axis=0) for i in range(len(values))]
        return np.array(rows) / kernel.sum()

    expected = blurred(blurred(selection.astype(float)).T).T
    error = np.abs(untouched(selections.feather, selection, radius) - expected).max()
    assert error <= (2 if radius < 10 else 1)  # OpenCV's 8-bit filter ends at three standard deviations


@pytest.mark.parametrize("radius", [1, 2, 5])
def test_smoothing_is_the_median(radius):
    noisy = np.where(RNG.random((25, 28)) < 0.4, RNG.integers(0, 256, (25, 28)), 255).astype(np.uint8)
    padded = np.pad(noisy, radius, mode="edge")
    side = 2 * radius + 1
    expected = [[np.median(padded[y : y + side, x : x + side]) for x in range(28)] for y in range(25)]
    np.testing.assert_array_equal(untouched(selections.smooth, noisy, radius), expected)


def test_smoothing_far_keeps_areas():
    half = np.zeros((300, 500), np.uint8)
    half[:, 240:] = 255
    np.testing.assert_array_equal(selections.smooth(half, selections.MAX_SMOOTH), half)
    with pytest.raises(ValueError, match="up to 127"):
        selections.smooth(half, selections.MAX_SMOOTH + 1)


EDGES = [selections.grow, selections.shrink, selections.feather, selections.smooth]
SHAPES = [(1, 1), (1, 7), (7, 1), (6, 9)]


@pytest.mark.parametrize("function", EDGES)
def test_a_radius_of_zero_changes_nothing(function):
    for selection in (HARD, SOFT):
        np.testing.assert_array_equal(untouched(function, selection, 0), selection)


@pytest.mark.parametrize("function", [*EDGES, selections.border])
def test_a_negative_radius_is_refused(function):
    with pytest.raises(ValueError, match="-1"):
        function(HARD, -1)


@pytest.mark.parametrize("function", EDGES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("radius", [1, 3, 60])
def test_empty_and_full_selections_stay_so(function, shape, radius):
    for value in (0, 255):
        selection = np.full(shape, value, np.uint8)
        np.testing.assert_array_equal(untouched(function, selection, radius), selection)


@pytest.mark.parametrize("shape", SHAPES)
def test_small_pictures(shape):
    assert (selections.rectangle(*shape, (-1, -1, 20, 20)) == 255).all()
    assert (selections.ellipse(*shape, (-90, -90, 200, 200)) == 255).all()
    assert (selections.polygon(*shape, [(-9, -9), (90, -9), (90, 90), (-9, 90)]) == 255).all()
    pixels = np.full((*shape, 4), 80, np.uint8)
    assert (selections.wand(pixels, (0, 0), 0) == 255).all()
    assert (selections.colour_range(pixels, [(80, 80, 80)], 0) == 255).all()
    assert (selections.similar(pixels, np.full(shape, 255, np.uint8), 0, True) == 255).all()
    assert selections.border(np.full(shape, 255, np.uint8), 2).min() >= 0


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0, 5))
def test_growing_only_adds_and_shrinking_only_takes_away(seed, radius):
    selection = np.random.default_rng(seed).choice([0, 0, 0, 90, 255], (12, 14)).astype(np.uint8)
    assert (selections.grow(selection, radius) >= selection).all()
    assert (selections.shrink(selection, radius) <= selection).all()

"""The parts of a mask and their context; no pixel of the hole reaches the network or the result."""

import tracemalloc

import numpy as np
import pytest

from engines.base import Box, Progress, Region, RemoveRequest
from engines.context import CONTEXT, NATIVE, Square, context_box, context_side, from_square, plan, to_square
from engines.removal.migan import MiGan


def mask_of(width, height, *boxes):
    mask = np.zeros((height, width), bool)
    for x, y, box_width, box_height in boxes:
        mask[y : y + box_height, x : x + box_width] = True
    return mask


def holds(outer, inner):
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def check(parts, mask, origin, size):
    """What must be true of any plan; ``mask`` lies at ``origin`` in a picture of ``size``."""
    whole = Box(0, 0, *size)
    count = np.zeros((size[1], size[0]), int)
    for part in parts:
        assert holds(whole, part.context)
        assert holds(part.context, part.box)
        assert part.inside.shape == (part.box.height, part.box.width)
        # The box fits its part closely.
        assert part.inside[0].any() and part.inside[-1].any()
        assert part.inside[:, 0].any() and part.inside[:, -1].any()
        side = context_side(part.box)
        assert part.context.width == min(side, size[0])
        assert part.context.height == min(side, size[1])
        count[part.box.slices] += part.inside
    placed = np.zeros_like(count)
    placed[origin[1] : origin[1] + mask.shape[0], origin[0] : origin[0] + mask.shape[1]] = mask
    np.testing.assert_array_equal(count, placed)  # every masked pixel in exactly one part


@pytest.mark.parametrize("seed", range(25))
def test_any_mask_is_covered_by_parts_inside_the_picture(seed):
    random = np.random.default_rng(seed)
    width, height = (int(value) for value in random.integers(1, [50, 400, 2500][seed % 3], 2))
    x, y = int(random.integers(0, width)), int(random.integers(0, height))
    mask = np.zeros((int(random.integers(1, height - y + 1)), int(random.integers(1, width - x + 1))), bool)
    for _ in range(int(random.integers(1, 8))):
        row, column = random.integers(0, mask.shape)
        mask[row : row + random.integers(1, 200), column : column + random.integers(1, 200)] = True
    check(plan(mask, (x, y), (width, height)), mask, (x, y), (width, height))


def test_one_pixel_of_one_pixel():
    (part,) = plan(np.ones((1, 1), bool), (0, 0), (1, 1))
    assert part.box == part.context == Box(0, 0, 1, 1)


def test_the_whole_picture():
    (part,) = plan(np.ones((30, 900), bool), (0, 0), (900, 30))
    assert part.box == part.context == Box(0, 0, 900, 30)
    assert part.inside.all()


def test_an_empty_mask_has_no_parts():
    assert plan(np.zeros((5, 5), bool), (0, 0), (5, 5)) == []


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0, 0, Box(0, 0, NATIVE, NATIVE)),
        (1980, 1480, Box(2000 - NATIVE, 1500 - NATIVE, NATIVE, NATIVE)),
        (1000, 700, Box(1010 - NATIVE // 2, 710 - NATIVE // 2, NATIVE, NATIVE)),
        (0, 700, Box(0, 710 - NATIVE // 2, NATIVE, NATIVE)),
    ],
)
def test_context_is_centred_or_moved_inside(x, y, expected):
    assert context_box(Box(x, y, 20, 20), (2000, 1500)) == expected


def test_context_grows_with_the_part():
    side = round(600 * CONTEXT)
    box = Box(3000, 2000, 600, 200)
    assert context_box(box, (9000, 9000)) == Box(3300 - side // 2, 2100 - side // 2, side, side)
    # Where the picture ends it is not square.
    assert context_box(Box(3000, 0, 600, 200), (9000, 300)) == Box(3300 - side // 2, 0, side, 300)


def test_parts_that_fit_one_context_go_together():
    far = int(NATIVE / CONTEXT)  # the longest that sees no more than the network's own side
    mask = mask_of(1000, 1000, (100, 100, 30, 20), (100 + far - 30, 120, 30, 25))
    (part,) = plan(mask, (0, 0), (1000, 1000))
    assert part.box == Box(100, 100, far, 45)
    assert part.inside.sum() == 30 * 20 + 30 * 25
    check([part], mask, (0, 0), (1000, 1000))
    mask = mask_of(1000, 1000, (100, 100, 30, 20), (100 + far - 28, 120, 30, 25))
    assert len(plan(mask, (0, 0), (1000, 1000))) == 2


def test_parts_far_from_each_other_go_alone():
    mask = mask_of(2000, 1000, (100, 100, 50, 50), (1500, 120, 30, 60))
    parts = plan(mask, (0, 0), (2000, 1000))
    assert [part.box for part in parts] == [Box(100, 100, 50, 50), Box(1500, 120, 30, 60)]


def test_a_large_part_takes_no_small_one_with_it():
    mask = mask_of(3000, 3000, (100, 100, 1000, 1000), (1110, 1110, 5, 5))
    assert len(plan(mask, (0, 0), (3000, 3000))) == 2


def test_parts_touching_at_a_corner_are_one():
    mask = mask_of(3000, 3000, (100, 100, 400, 400), (500, 500, 400, 400))
    (part,) = plan(mask, (0, 0), (3000, 3000))
    assert part.box == Box(100, 100, 800, 800)


SIZES = [
    (1, 1),
    (1, 9),
    (40, 7),
    (31, 64),
    (511, 513),
    (512, 512),
    (512, 300),
    (700, 700),
    (1000, 431),
    (60, 1537),
]


def random_region(seed, width, height):
    random = np.random.default_rng(seed)
    image = random.random((height, width, 3), dtype=np.float32)
    hole = np.zeros((height, width), bool)
    for _ in range(3):
        row, column = random.integers(0, (height, width))
        hole[
            row : row + random.integers(1, height // 3 + 2),
            column : column + random.integers(1, width // 3 + 2),
        ] = 1
    hole |= random.random(hole.shape) < 0.002
    return image, hole


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_is_known_owes_nothing_to_the_hole(width, height):
    image, hole = random_region(width, width, height)
    square = to_square(image, hole)
    for other in (np.zeros_like(image), np.ones_like(image), 1 - image):
        changed = np.where(hole[..., None], other, image)
        again = to_square(changed, hole)
        np.testing.assert_array_equal(square.known, again.known)
        assert square.image[square.known].tobytes() == again.image[again.known].tobytes()


class Blur:
    """In the network's place: makes all it is given into its answer, so that a leak would show."""

    device = "fake"

    def __init__(self):
        self.batches = []

    def run(self, batch, progress):
        self.batches.append(batch.copy())
        rgb, known = batch[0, 1:], batch[0, :1]
        mean = rgb.sum(axis=(1, 2), keepdims=True) / max(float((known + 0.5).sum()), 1)
        return (0.7 * rgb + 0.3 * mean + 0.1 * known)[None].astype(np.float32)


def engine_with(network):
    engine = MiGan.__new__(MiGan)
    engine._network = network
    return engine


def filled(engine, image, hole, target):
    region = Region(Box(0, 0, image.shape[1], image.shape[0]), image, hole, target)
    return engine.run(RemoveRequest("migan", (region,)), Progress()).patches[0]


@pytest.mark.parametrize(("width", "height"), [*SIZES, (1400, 1300)])
def test_the_fill_owes_nothing_to_the_hole(width, height):
    image, hole = random_region(width, width, height)
    other_part = hole & (np.arange(width) > width // 2)
    target = (hole & ~other_part if (hole & ~other_part).any() else hole).astype(np.float32)
    networks = Blur(), Blur()
    patch = filled(engine_with(networks[0]), image, hole, target)
    changed = np.where(hole[..., None], np.float32(1) - np.round(image), image)
    again = filled(engine_with(networks[1]), changed, hole, target)
    assert patch.box == again.box
    assert patch.rgb.tobytes() == again.rgb.tobytes()
    assert len(networks[0].batches) == len(networks[1].batches) >= 1
    for one, other in zip(networks[0].batches, networks[1].batches, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_patch_fits_the_target(width, height):
    image, hole = random_region(width, width, height)
    random = np.random.default_rng(1)
    target = np.where(hole, random.random(hole.shape), 0).astype(np.float32)
    patch = filled(engine_with(Blur()), image, hole, target)
    rows, columns = np.nonzero(target)
    assert patch.box == Box(
        columns.min(), rows.min(), columns.max() - columns.min() + 1, rows.max() - rows.min() + 1
    )
    assert patch.rgb.shape == (patch.box.height, patch.box.width, 3)
    assert patch.rgb.dtype == np.float32
    assert patch.rgb.min() >= 0 and patch.rgb.max() <= 1
    np.testing.assert_array_equal(patch.alpha, target[patch.box.slices])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_known_pixels_see_no_hole_under_their_footprint(width, height):
    image, hole = random_region(width + 1, width, height)
    square = to_square(image, hole)
    left, top = square.margin
    columns, rows = round(width * square.steps[0]), round(height * square.steps[1])
    across, down = 1 / square.steps[0], 1 / square.steps[1]
    if square.scale >= 1:  # how much of what each pixel of the network covers is hole
        sums = np.pad(hole.cumsum(0).cumsum(1), ((1, 0), (1, 0))).astype(float)
        x, y = np.arange(columns + 1) * across, np.arange(rows + 1) * down
        sums = np.stack([np.interp(x, np.arange(width + 1), row) for row in sums])
        sums = np.stack([np.interp(y, np.arange(height + 1), column) for column in sums.T], axis=1)
        under = np.diff(np.diff(sums, axis=0), axis=1) / (across * down)
    else:  # the hole's share in a linear resize, which reads the two nearest pixels each way
        x = ((np.arange(columns) + 0.5) * across - 0.5).clip(0, width - 1)
        y = ((np.arange(rows) + 0.5) * down - 0.5).clip(0, height - 1)
        under = np.stack([np.interp(x, np.arange(width), row) for row in hole.astype(float)])
        under = np.stack([np.interp(y, np.arange(height), column) for column in under.T], axis=1)
    sides = ((top, NATIVE - rows - top), (left, NATIVE - columns - left))
    under = np.pad(under, sides, mode="reflect")
    assert under.max() > 0.5
    assert not (square.known & (under > 2e-4)).any()
    assert square.known[under < 1e-9].all()  # and nothing is given up without need


def ramp(width, height):
    x = np.linspace(0.1, 0.9, width, dtype=np.float32)[None, :]
    y = np.linspace(0.2, 0.8, height, dtype=np.float32)[:, None]
    return np.stack([x + 0 * y, y + 0 * x, 0.5 * x + 0.5 * y], axis=-1)


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (64, 64),
        (100, 37),
        (300, 512),
        (511, 300),
        (512, 512),
        (512, 100),
        (513, 513),
        (800, 640),
        (1500, 1499),
        (90, 2000),
    ],
)
def test_there_and_back(width, height):
    """A ramp survives, and does not move: a shift of half a pixel of the coarser side would show."""
    picture = ramp(width, height)
    square = to_square(picture, np.zeros((height, width), bool))
    assert square.image.shape == (NATIVE, NATIVE, 3)
    assert square.known.all()
    assert square.scale == max(width, height) / NATIVE
    back = from_square(square.image, square, Box(0, 0, width, height))
    # A quarter of a pixel of the coarser grid along the steeper ramp, but for the outermost pixels.
    step = max(0.8 / (width - 1), 0.6 / (height - 1)) * max(1, square.scale)
    edge = int(np.ceil(square.scale)) * 2 + 1
    inner = np.s_[edge:-edge, edge:-edge]
    assert np.abs(back - picture)[inner].max() <= step / 4 + 1e-3
    assert np.abs(back - picture).max() <= step + 1e-3


@pytest.mark.parametrize(("width", "height"), [(100, 37), (512, 300), (1300, 700)])
def test_a_part_of_the_way_back_is_a_cut_of_the_whole(width, height):
    random = np.random.default_rng(2)
    square = to_square(random.random((height, width, 3), dtype=np.float32), np.zeros((height, width), bool))
    whole = from_square(square.image, square, Box(0, 0, width, height))
    assert whole.shape == (height, width, 3)
    for _ in range(6):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        area = Box(x, y, int(random.integers(1, width - x + 1)), int(random.integers(1, height - y + 1)))
        part = from_square(square.image, square, area)
        # OpenCV rounds where it reads to a 32nd of a pixel or finer.
        assert np.abs(part - whole[area.slices]).max() < 0.12


def test_at_the_networks_own_scale_nothing_is_resampled():
    random = np.random.default_rng(3)
    picture = random.random((NATIVE, 301, 3), dtype=np.float32)
    square = to_square(picture, np.zeros((NATIVE, 301), bool))
    assert from_square(square.image, square, Box(0, 0, 301, NATIVE)).tobytes() == picture.tobytes()
    assert from_square(square.image, square, Box(7, 9, 20, 30)).tobytes() == picture[9:39, 7:27].tobytes()


def test_what_is_added_to_a_square_is_mirrored():
    picture = ramp(300, NATIVE)
    square = to_square(picture, np.zeros((NATIVE, 300), bool))
    left = square.margin[0]
    assert square.margin == (106, 0)
    np.testing.assert_array_equal(square.image[:, left - 50], picture[:, 50])
    np.testing.assert_array_equal(square.image[:, left + 299 + 50], picture[:, 299 - 50])


def test_a_panorama_takes_no_more_memory_than_it_has():
    tracemalloc.start()
    square = to_square(np.zeros((8, 20000, 3), np.float32), np.zeros((8, 20000), bool))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert square.image.shape == (NATIVE, NATIVE, 3)
    assert peak < 64 << 20


def test_a_square_is_what_the_networks_take():
    square = to_square(np.zeros((3, 3, 3), np.float32), np.zeros((3, 3), bool))
    assert isinstance(square, Square)
    assert square.image.dtype == np.float32
    assert square.known.dtype == bool


@pytest.mark.parametrize(("width", "height"), [(512, 512), (300, 170), (1500, 1024)])
def test_lines_lie_in_the_square_where_they_lay_in_the_region(width, height):
    """A line along a step in brightness is along the same step in the square."""
    image = np.zeros((height, width, 3), np.float32)
    edge = width * 2 // 3
    image[:, edge:] = 1
    square = to_square(image, np.zeros((height, width), bool))
    (line,) = square.brought([np.float32([[edge, 0], [edge, height]])])
    (x, top), (_, bottom) = line
    upper = square.margin[1]
    assert top == pytest.approx(upper) and bottom == pytest.approx(upper + height * square.steps[1])
    row = square.image[int(top + bottom) // 2, :, 0]
    assert row[int(x) - 3] < 0.1 and row[int(x) + 3] > 0.9

"""The same region in eight views: each is another look, and what is made of it comes back to its place."""

import dataclasses

import numpy as np
import pytest

from engines import context
from engines.base import Box, Patch, Progress, Region, RemoveRequest
from engines.removal import views
from engines.removal.migan import MiGan

SEEDS = range(8)


def region_of(width=70, height=40, seed=0):
    """Noise with a hole that has no symmetry, somewhere in a photograph."""
    random = np.random.default_rng(seed)
    image = random.random((height, width, 3), np.float32)
    hole = np.zeros((height, width), bool)
    hole[5:12, 8:40] = hole[12:30, 8:15] = True
    target = hole * random.random((height, width), np.float32)
    return Region(Box(300, 200, width, height), image, hole, target)


def shown(region):
    return region.image.tobytes(), region.hole.shape


def test_seed_0_is_the_photograph_as_it_is():
    region = region_of()
    assert views.turned(region, 0) is region
    patch = Patch(Box(310, 205, 2, 3), np.zeros((3, 2, 3), np.float32), np.ones((3, 2), np.float32))
    assert views.turned_back(patch, region, 0) is patch
    assert context.factor_of(0) == context.CONTEXT


def test_the_eight_views_are_all_there_is():
    region = region_of()
    assert len(views.VIEWS) == len(set(views.VIEWS)) == context.LOOKS
    assert len({shown(views.turned(region, seed)) for seed in SEEDS}) == 8
    for seed in (-8, 8, 24, 2**40):
        assert views.turned(region, seed) is region


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [(70, 40), (41, 70), (41, 41)])
def test_a_patch_comes_back_to_its_place(seed, size):
    """What a view shows of the target, put back, is the photograph's own pixels there."""
    region = region_of(*size)
    seen = views.turned(region, seed)
    assert seen.image.flags.c_contiguous and seen.hole.flags.c_contiguous and seen.target.flags.c_contiguous
    np.testing.assert_array_equal(np.sort(seen.target, axis=None), np.sort(region.target, axis=None))
    rows, columns = np.nonzero(seen.target)
    box = Box(
        seen.box.x + int(columns.min()),
        seen.box.y + int(rows.min()),
        int(np.ptp(columns)) + 1,
        int(np.ptp(rows)) + 1,
    )
    inside = Box(box.x - seen.box.x, box.y - seen.box.y, box.width, box.height)
    patch = Patch(box, seen.image[inside.slices], seen.target[inside.slices])
    back = views.turned_back(patch, region, seed)
    local = Box(back.box.x - region.box.x, back.box.y - region.box.y, back.box.width, back.box.height)
    np.testing.assert_array_equal(back.rgb, region.image[local.slices])
    np.testing.assert_array_equal(back.alpha, region.target[local.slices])
    left = region.target.copy()
    left[local.slices] = 0
    assert not left.any()


def test_what_a_seed_sees_of_the_photograph():
    factors = [context.factor_of(seed) for seed in range(24)]
    assert factors == [each for each in context.CONTEXTS for _ in range(8)]
    assert [context.factor_of(seed) for seed in range(24, 48)] == factors
    assert context.factor_of(-1) == factors[-1]
    sides = []
    for seed in (0, 8, 16):
        mask = np.zeros((2000, 2000), bool)
        mask[900:1000, 900:1000] = True
        mask[1200:1500, 100:200] = True
        parts = context.plan(mask, (0, 0), (2000, 2000), context.factor_of(seed))
        assert len(parts) == 2
        sides.append([part.context.width for part in parts])
        for part in parts:
            assert part.box.width <= part.context.width
    # A small part sees more or less with every one of them, too.
    assert sides == [[512, 750], [358, 525], [614, 900]]


class Paints:
    """In the network's place: what it is shown, darkened from top to bottom, so that every view differs."""

    device = "fake"

    def run(self, batch, progress):
        out = np.linspace(1, -1, 512, dtype=np.float32)[None, None, :, None] * np.ones((1, 3, 1, 512))
        return out.astype(np.float32)


@pytest.fixture
def engine():
    made = MiGan.__new__(MiGan)
    made._network = Paints()
    return made


def test_seeds_give_different_fills_each_the_same_again(engine):
    region = region_of(90, 60)
    fills = {}
    for seed in SEEDS:
        results = [engine.run(RemoveRequest("migan", (region,), seed), Progress()) for _ in range(2)]
        first, again = (result.patches[0] for result in results)
        assert first.rgb.tobytes() == again.rgb.tobytes()
        assert first.box == Box(308, 205, 32, 25)
        np.testing.assert_array_equal(first.alpha, region.target[5:30, 8:40])
        fills[seed] = first.rgb
    # The fake paints the same in a mirror; four directions are left.
    assert len({fill.tobytes() for fill in fills.values()}) >= 4
    down, up = fills[0].mean(axis=(1, 2)), fills[3].mean(axis=(1, 2))
    assert down[:8].mean() > down[-8:].mean() + 0.1
    assert up[:8].mean() < up[-8:].mean() - 0.1


def test_the_real_network_sees_every_view_differently():
    engine = MiGan("cpu")
    y, x = np.mgrid[0:300, 0:300].astype(np.float32) / 299
    image = np.stack([x, y, 0.5 + 0.4 * np.sin(x * 40) * np.cos(y * 25)], axis=-1)
    hole = np.zeros((300, 300), bool)
    hole[100:190, 120:200] = True
    region = Region(Box(0, 0, 300, 300), image, hole, hole.astype(np.float32))
    fills = {
        engine.run(RemoveRequest("migan", (region,), seed), Progress()).patches[0].rgb.tobytes()
        for seed in SEEDS
    }
    assert len(fills) == 8


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [(70, 40), (41, 70)])
def test_a_guide_stays_on_what_it_was_drawn_on(seed, size):
    """Pixels that only the guide's points have a value of their own are under its points in each view."""
    region = region_of(*size)
    region.image[...] = 0
    points = [(9, 6), (30, 11), (3, 2)]
    for value, (x, y) in enumerate(points, 1):
        region.image[y, x] = value
    guide = np.float32(points) + np.float32(0.5)
    seen = views.turned(dataclasses.replace(region, guides=(guide,)), seed)
    (line,) = seen.guides
    assert line.dtype == np.float32
    values = [seen.image[int(y), int(x), 0] for x, y in line]
    assert values == [1, 2, 3]
    assert np.all(line % 1 == 0.5)

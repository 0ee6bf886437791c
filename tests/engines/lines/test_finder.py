"""Lines of drawn pictures are found again in holes, where they are and not elsewhere."""

import cv2
import numpy as np
import pytest

from engines import store
from engines.base import Cancelled, EngineError, OutOfMemory, Progress
from engines.lines.finder import LineFinder
from engines.lines.results import CROSSING, JOINED, KINDS, VANISHING
from tests.engines.lines.pictures import covers, disc, drawn, off, region, request


@pytest.fixture(scope="module")
def finder():
    return LineFinder("cpu")


def found(finder, image, hole, **more):
    return finder.run(request(region(image, hole, **more)), Progress())


def followed(result):
    return [line for line in result.completed if line.enabled]


def meets(result, ends, kinds=KINDS, within=1.5):
    """The lines that run along the whole of ``ends``, two points; joined ones as far as they are followed."""
    return [
        line
        for line in result.completed
        if (line.enabled or line.kind not in (JOINED, VANISHING))
        and line.kind in kinds
        and off(line.points, ends) <= within
        and covers(line.points, ends)
    ]


def test_a_horizon_goes_on_behind_what_is_removed(finder):
    image = drawn(
        400, 300, ([(0, 160), (400, 130), (400, 300), (0, 300)], (0.2, 0.5, 0.3)), ground=(0.6, 0.7, 0.9)
    )
    result = found(finder, image, disc(400, 300, 200, 150, 50))
    (line,) = meets(result, [(152, 148.6), (248, 141.4)], kinds=[JOINED])
    assert line.score > 0.7
    assert line.points.dtype == np.float32
    assert followed(result) == [line]


def test_a_railing(finder):
    """Five bars, ten edges, each joined with itself and none with its neighbour."""
    bars = [([(x, 0), (x + 8, 0), (x + 8, 300), (x, 300)], 0.85) for x in range(120, 280, 32)]
    result = found(finder, drawn(400, 300, *bars), disc(400, 300, 200, 150, 60))
    wanted = [x for x in (*range(120, 280, 32), *range(128, 288, 32)) if abs(x - 200) < 55]
    for x in wanted:
        half = np.sqrt(60**2 - (x - 200) ** 2)
        assert len(meets(result, [(x, 150 - half + 2), (x, 150 + half - 2)])) == 1, x
    for line in followed(result):
        assert abs(line.points[0, 0] - line.points[1, 0]) < 2


def test_a_corner_in_the_hole(finder):
    """Two sides of a window frame, cut off before they meet."""
    image = drawn(400, 300, ([(60, 70), (230, 70), (230, 260), (60, 260)], 0.8))
    result = found(finder, image, disc(400, 300, 230, 70, 45))
    for ends in ([(190, 70), (230, 70)], [(230, 110), (230, 70)]):
        (line,) = meets(result, ends, kinds=[CROSSING], within=2)
        near = np.hypot(*(line.points - (230, 70)).T).min()
        assert near < 4  # it ends there


def test_a_line_that_ends_on_another(finder):
    """A T: the post meets the beam that runs through the hole, and stops there."""
    beam = ([(0, 100), (400, 100), (400, 120), (0, 120)], 0.85)
    post = ([(190, 120), (210, 120), (210, 300), (190, 300)], 0.85)
    result = found(finder, drawn(400, 300, beam, post), disc(400, 300, 200, 120, 50))
    assert meets(result, [(157, 100), (243, 100)], kinds=[JOINED, VANISHING])
    for line in followed(result):
        upright = abs(line.points[0, 0] - line.points[1, 0]) < 4
        if upright:
            assert line.kind == CROSSING
            assert line.points[:, 1].min() > 95


def converging(width=400, height=300, towards=(200, -150)):
    """Stripes of a floor that run to one point."""
    feet = np.linspace(-300, 700, 13)
    stripes = []
    for left, right in zip(feet[::2], feet[1::2], strict=False):
        stripes.append(([towards, (right, height), (left, height)], 0.8))
    return drawn(width, height, *stripes)


def test_converging_lines_and_where_they_meet(finder):
    result = found(finder, converging(), disc(400, 300, 200, 150, 55))
    assert np.hypot(*(result.vanishing_points - (200, -150)).T).min() < 6
    lines = followed(result)
    assert len(lines) >= 3
    for line in lines:
        assert off(line.points, [(200, -150)]) < 8


def test_the_hole_itself_is_not_seen(finder):
    image = converging()
    hole = disc(400, 300, 200, 150, 55)
    plain, other = region(image, hole), region(image, hole)
    striped = image.copy()
    striped[::8] = 1
    other.image[hole] = striped[hole]
    one, two = (finder.run(request(each), Progress()) for each in (plain, other))
    assert_same(one, two)


def assert_same(one, two):
    for name in ("detected", "scores", "vanishing_points"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert len(one.completed) == len(two.completed)
    for line, other in zip(one.completed, two.completed, strict=True):
        assert line.points.tobytes() == other.points.tobytes()
        assert (line.score, line.kind, line.enabled) == (other.score, other.kind, other.enabled)


def test_the_same_request_gives_the_same_lines(finder):
    asked = request(region(converging(), disc(400, 300, 200, 150, 55)))
    kept = asked.regions[0].image.copy(), asked.regions[0].hole.copy()
    results = [finder.run(asked, Progress()) for _ in range(2)]
    results.append(LineFinder("cpu").run(asked, Progress()))
    assert results[0].completed
    for other in results[1:]:
        assert_same(results[0], other)
    np.testing.assert_array_equal(asked.regions[0].image, kept[0])
    np.testing.assert_array_equal(asked.regions[0].hole, kept[1])


def test_noise_has_no_lines(finder):
    image = np.random.default_rng(0).random((300, 400, 3), dtype=np.float32)
    result = found(finder, image, disc(400, 300, 200, 150, 50))
    assert len(followed(result)) <= 1


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_picture_without_lines(finder, value):
    result = found(finder, np.full((200, 300, 3), value, np.float32), disc(300, 200, 150, 100, 40))
    assert (result.detected.shape, result.scores.shape) == ((0, 4), (0,))
    assert (result.completed, result.vanishing_points.shape) == ((), (0, 2))


def test_a_smooth_picture_has_no_edge_of_the_hole(finder):
    """A ramp, and what is removed is much brighter: the hole's rim is no line."""
    rows, columns = np.mgrid[:300, :400].astype(np.float32)
    image = np.stack([columns / 400, rows / 300, (columns + rows) / 700], axis=2) * 0.6 + 0.1
    hole = np.zeros((300, 400), bool)
    hole[100:200, 120:280] = True
    result = found(finder, image, hole)
    assert len(result.detected) == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (40, 30), (16, 700)])
def test_all_hole(finder, size):
    width, height = size
    result = found(finder, np.zeros((height, width, 3), np.float32), np.ones((height, width), bool))
    assert (len(result.detected), result.completed) == (0, ())


def test_a_hole_at_the_border(finder):
    """A horizon that the hole cuts off from the picture's edge goes on to the edge, if anywhere."""
    image = drawn(400, 300, ([(0, 150), (400, 150), (400, 300), (0, 300)], 0.8))
    hole = np.zeros((300, 400), bool)
    hole[100:220, 300:] = True
    result = found(finder, image, hole)
    assert [line for line in result.completed if off(line.points, [(305, 150), (395, 150)]) < 1.5]
    for line in result.completed:
        assert (line.points >= -1).all()
        assert (line.points[:, 0] <= 401).all()
        assert (line.points[:, 1] <= 301).all()


def test_a_grey_picture(finder):
    image = converging()
    grey = np.repeat(image[..., :1], 3, axis=2)
    assert len(followed(found(finder, grey, disc(400, 300, 200, 150, 55)))) >= 3


def test_colour_alone_makes_no_pair(finder):
    """On both sides of the hole an edge on one line, but of other colours and the other way round."""
    left = ([(0, 150), (200, 150), (200, 300), (0, 300)], (0.9, 0.8, 0.1))
    right = ([(200, 0), (400, 0), (400, 150), (200, 150)], (0.1, 0.2, 0.9))
    hole = disc(400, 300, 200, 150, 70)
    same = ([(0, 150), (400, 150), (400, 300), (0, 300)], (0.9, 0.8, 0.1))
    ends = [(135, 150), (265, 150)]

    def score(*polygons):
        result = found(finder, drawn(400, 300, *polygons), hole)
        joined = [line for line in result.completed if line.kind in (JOINED, VANISHING)]
        return max((line.score for line in joined if off(line.points, ends) < 2), default=0.0)

    assert score(same) > score(left, right) + 0.15


def test_places_are_those_of_the_photograph(finder):
    image, hole = converging(), disc(400, 300, 200, 150, 55)
    here = found(finder, image, hole)
    there = found(finder, image, hole, corner=(1000, 70))
    np.testing.assert_allclose(there.detected - np.float32([1000, 70] * 2), here.detected, atol=1e-3)
    np.testing.assert_allclose(there.vanishing_points - (1000, 70), here.vanishing_points, atol=0.1)
    for one, other in zip(here.completed, there.completed, strict=True):
        np.testing.assert_allclose(other.points - np.float32([1000, 70]), one.points, atol=1e-3)


def test_a_large_region_is_searched_smaller_and_told_full_size(finder):
    image = drawn(2600, 1900, ([(0, 1000), (2600, 800), (2600, 1900), (0, 1900)], (0.7, 0.6, 0.4)), blur=2)
    result = found(finder, image, disc(2600, 1900, 1300, 900, 350))
    lines = meets(result, [(960, 1000 - 960 / 13), (1640, 1000 - 1640 / 13)], within=1)
    assert len(lines) == 1


def test_only_lines_through_what_is_to_be_filled(finder):
    """A hole that another part has in the same view is not completed twice."""
    image = drawn(500, 300, ([(0, 150), (500, 150), (500, 300), (0, 300)], 0.8))
    one, other = disc(500, 300, 140, 150, 40), disc(500, 300, 360, 150, 40)
    result = found(finder, image, one | other, target=one)
    (line,) = followed(result)
    assert line.points[:, 0].max() < 330
    both = finder.run(
        request(region(image, one | other, target=one), region(image, one | other, target=other)), Progress()
    )
    assert len(followed(both)) == 2


def test_the_likeliest_comes_first_and_scores_are_shares(finder):
    result = found(finder, converging(), disc(400, 300, 200, 150, 55))
    scores = [line.score for line in result.completed]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert result.scores.dtype == result.detected.dtype == np.float32
    assert ((result.scores >= 0) & (result.scores <= 1)).all()


def test_no_region(finder):
    result = finder.run(request(), Progress())
    assert (len(result.detected), result.completed, len(result.vanishing_points)) == (0, (), 0)


def test_progress_and_calling_off(finder):
    part = region(converging(), disc(400, 300, 200, 150, 55))
    told = []
    finder.run(request(part, part), Progress(told.append))
    assert (told[0], told[-1]) == (0, 1)
    assert told == sorted(told)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        finder.run(request(part), progress)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("OpenCV(5.0.0) error: (-4:Insufficient memory) Failed to allocate 1200 bytes", OutOfMemory),
        ("OpenCV(5.0.0) error: (-215:Assertion failed) total() > 0", EngineError),
    ],
)
def test_opencv_giving_up_is_told_in_one_line(finder, monkeypatch, words, kind):
    def give_up(*_args, **_kwargs):
        raise cv2.error(words)

    monkeypatch.setattr(cv2, "createLineSegmentDetector", give_up)
    with pytest.raises(EngineError) as caught:
        found(finder, converging(), disc(400, 300, 200, 150, 55))
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)


def test_wrong_weights_are_refused(tmp_path, monkeypatch):
    content = bytearray(store.load("mlsd-512"))
    content[len(content) // 2] ^= 1
    (tmp_path / "mlsd-512.onnx").write_bytes(content)
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    with pytest.raises(EngineError, match="damaged"):
        LineFinder("cpu")

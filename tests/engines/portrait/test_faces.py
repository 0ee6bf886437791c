"""The engine that finds faces, with its own embedded networks, on a face that is drawn."""

import cv2
import numpy as np
import pytest

from engines import registry
from engines.base import Cancelled, EngineError, Progress, WeightsMissing
from engines.portrait import alignment, blazeface, faces, mesh
from engines.portrait.requests import FindFaces
from tests.engines.portrait.drawn_face import drawn_face

EYES, MOUTH = ((0.38, 0.45), (0.62, 0.45)), (0.5, 0.71)  # of the drawn face's side


@pytest.fixture(scope="module")
def engine():
    return registry.load(registry.FACE_FINDER, "cpu")


def found(engine, image):
    return engine.run(FindFaces(np.ascontiguousarray(image, np.float32)), Progress()).faces


def scene(height, width, *placed):
    """A photograph of stripes and noise with the drawn face at each (x, y, side, angle); the head's part of
    the drawing alone. Returns it and the true eyes and mouth of each, (3, 2)."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    ground = 0.45 + 0.1 * np.sin(x / 37 + y / 11) + random.normal(0, 0.02, (height, width))
    image = np.repeat(ground[..., None], 3, axis=2).astype(np.float32)
    truth = []
    for at_x, at_y, side, angle in placed:
        face = drawn_face(min(max(2 ** int(np.ceil(np.log2(side))), 64), 1024))
        n = len(face)
        head, middle, axes = np.zeros((n, n), np.float32), (n // 2, n // 2), (int(0.33 * n), int(0.44 * n))
        cv2.ellipse(head, middle, axes, 0, 0, 360, 1.0, -1)
        matrix = cv2.getRotationMatrix2D((n / 2 - 0.5, n / 2 - 0.5), -angle, side / n)
        matrix[:, 2] += np.array([at_x, at_y]) - n / 2
        if side < n:
            face = cv2.GaussianBlur(face, (0, 0), 0.4 * n / side)
        alpha = cv2.warpAffine(head, matrix, (width, height))[..., None]
        image = image * (1 - alpha) + cv2.warpAffine(face, matrix, (width, height)) * alpha
        points = np.array([*EYES, MOUTH]) * n - 0.5
        truth.append(points @ matrix[:, :2].T + matrix[:, 2] + 0.5)
    return image, truth


def anchors(face):
    """Both eyes and the mouth, from the mesh."""
    groups = (alignment.LEFT_EYE, alignment.RIGHT_EYE, alignment.MOUTH)
    return np.array([face.landmarks[list(group)].mean(axis=0) for group in groups])


def test_a_face_from_the_front(engine):
    (face,) = found(engine, drawn_face())
    assert 0.85 < face.score <= 1
    assert face.landmarks.shape == (478, 2) and face.landmarks.dtype == np.float32
    assert np.abs(anchors(face) / 512 - [*EYES, MOUTH]).max() < 0.02
    assert np.array_equal(face.square, alignment.square(face.landmarks))
    low, high = face.landmarks.min(axis=0), face.landmarks.max(axis=0)
    assert (face.box.x, face.box.y) == tuple(np.floor(low))
    assert (face.box.x + face.box.width, face.box.y + face.box.height) == tuple(np.ceil(high))


def test_the_aligned_face_is_ffhq_s(engine):
    """Eyes and mouth stand where they do in FFHQ's pictures, whatever turns the face in the photograph."""
    for angle in (0, 50, 180):
        image, _ = scene(700, 700, (350, 350, 400, angle))
        (face,) = found(engine, image)
        left, right, mouth = alignment.to_aligned(anchors(face), face.square, 1)
        assert abs(left[1] - right[1]) < 0.02 and 0.2 < right[0] - left[0] < 0.27
        assert abs((left[0] + right[0]) / 2 - 0.5) < 0.02 and 0.44 < left[1] < 0.50
        assert mouth[1] - left[1] == pytest.approx(1 / 3.6, abs=0.02)
        assert alignment.cut(image, face.square, 128).shape == (128, 128, 3)


@pytest.mark.parametrize("angle", range(0, 360, 45))
def test_turned_faces(engine, angle):
    image, (truth,) = scene(480, 640, (330, 240, 220, angle))
    (face,) = found(engine, image)
    assert np.abs(anchors(face) - truth).max() < 0.03 * 220


def test_large_and_tiny_faces_of_one_photograph(engine):
    """8 megapixels: from one that is most of its height down to one of 40 pixels; the largest first."""
    places = [(900, 1100, 1900, 0), (2300, 500, 500, -25), (2800, 1500, 200, 15), (2100, 1900, 75, 0)]
    image, truth = scene(2160, 3840, *places)
    seen = found(engine, image)
    assert len(seen) == 4
    for face, (*_, side, _), points in zip(seen, places, truth, strict=True):
        assert np.abs(anchors(face) - points).max() < 0.04 * side
    assert seen[-1].box.width < 45


def test_a_close_up_and_a_tiny_picture(engine):
    image = drawn_face(1024)
    (face,) = found(engine, image[280:860, 270:750])
    truth = np.array([*EYES, MOUTH]) * 1024 - np.array([270, 280])
    assert np.abs(anchors(face) - truth).max() < 30
    (face,) = found(engine, cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA))
    assert np.abs(anchors(face) / 64 - [*EYES, MOUTH]).max() < 0.05


def test_a_face_that_the_edge_cuts(engine):
    image = drawn_face()[:, 200:]
    (face,) = found(engine, image)
    assert face.box.x == 0 and face.box.x + face.box.width <= image.shape[1]
    assert np.abs(anchors(face)[1] + [200, 0] - np.array(EYES[1]) * 512).max() < 20


def test_greyscale_and_dark(engine):
    image = drawn_face()
    grey = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2)
    for other in (grey, image * 0.15):
        (face,) = found(engine, other)
        assert np.abs(anchors(face) / 512 - [*EYES, MOUTH]).max() < 0.02


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((300, 400, 3)),
        np.ones((1, 1, 3)),
        np.random.default_rng(1).random((7, 900, 3)),
        np.random.default_rng(2).random((500, 500, 3)),
        scene(400, 600)[0],
    ],
    ids=["black", "a pixel", "a strip", "noise", "stripes"],
)
def test_no_face(engine, image):
    assert found(engine, image) == ()


def test_the_same_photograph_has_the_same_faces(engine):
    image, _ = scene(400, 500, (250, 200, 200, 10))
    before = image.copy()
    one, other = found(engine, image), found(engine, image)
    assert np.array_equal(one[0].landmarks, other[0].landmarks) and one[0].box == other[0].box
    assert np.array_equal(image, before)


def test_calling_off(engine):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        engine.run(FindFaces(drawn_face(128)), progress)


def test_progress_goes_from_nothing_to_all(engine):
    steps = []
    engine.run(FindFaces(drawn_face(256)), Progress(steps.append))
    assert steps[0] == 0 and steps[-1] == 1 and steps == sorted(steps)


def test_networks_that_are_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    with pytest.raises(WeightsMissing, match="Install Lacuna again"):
        registry.load(registry.FACE_FINDER, "cpu")


def test_an_error_of_opencv_is_one_line(engine, monkeypatch):
    def fail(*_args, **_keywords):
        raise cv2.error("Failed to allocate 99 bytes\nin function")

    image = drawn_face()
    monkeypatch.setattr(blazeface.cv2, "resize", fail)
    with pytest.raises(EngineError) as caught:
        found(engine, image)
    assert "\n" not in str(caught.value)


# -- the parts -----------------------------------------------------------------------------------------------


def test_decoding_puts_a_face_where_its_anchor_says():
    fine = np.full((1, 17 * 2, 4, 4), -20.0, np.float32)
    coarse = np.full((1, 17 * 6, 2, 2), -20.0, np.float32)
    fine[0, 1, 2, 3] = 3.0  # the second anchor of row 2, column 3: from (28, 20)
    fine[0, 2 + 16 : 2 + 32, 2, 3] = [1, -2, 10, 20, *range(12)]
    coarse[0, 5, 0, 1] = 0.0  # the last anchor of row 0, column 1: from (24, 8)
    coarse[0, 6 + 5 * 16 :, 0, 1] = [0, 0, 8, 8, *[1.0] * 12]
    seen = blazeface.decoded([fine, coarse], 0.3)
    assert np.allclose(seen.scores, [1 / (1 + np.exp(-3)), 0.5])
    assert np.allclose(seen.boxes, [[24, 8, 34, 28], [20, 4, 28, 12]])
    assert np.allclose(seen.points[0] - np.array([28, 20]), np.arange(12).reshape(6, 2))
    assert np.allclose(seen.points[1], [25, 9])


def test_of_boxes_on_one_another_the_surest_stays():
    boxes = np.array([[0, 0, 10, 10], [1, 1, 11, 11], [3, 3, 6, 6], [20, 0, 30, 10], [8, 8, 30, 30]], float)
    assert faces.distinct(boxes, np.array([0.5, 0.9, 0.6, 0.3, 0.2])) == [1, 3, 4]
    assert faces.distinct(np.zeros((0, 4)), np.zeros(0)) == []


def test_a_square_around_a_box():
    square = mesh.square_around(np.array([10.0, 20, 30, 60]), 1.5, np.array([0.0, 2]))
    assert np.allclose(square, [[50, 10], [50, 70], [-10, 70], [-10, 10]])
    with pytest.raises(ValueError):
        mesh.square_around(np.array([10.0, 20, 10, 20]), 1.5, np.array([1.0, 0]))

"""Faces: what the finder is shown of a document, and where in the document its faces are."""

import numpy as np
import pytest

from editor.document.model import Document
from editor.jobs import faces
from engines import registry
from engines.base import Progress
from engines.portrait import alignment
from tests.engines.portrait.drawn_face import drawn_face


def document_of(image, dtype=np.uint8, alpha=None):
    """A document of one layer that shows (h, w, 3) float32 [0, 1]."""
    most = np.iinfo(dtype).max
    pixels = np.full((*image.shape[:2], 4), most, dtype)
    pixels[..., :3] = np.rint(image * most)
    if alpha is not None:
        pixels[..., 3] = np.rint(alpha * most)
    return Document.from_pixels(pixels)


@pytest.fixture(scope="module")
def engine():
    return registry.load(registry.FACE_FINDER, "cpu")


def faces_of(engine, document):
    return faces.found(document, engine.run(faces.look(document), Progress()))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_picture_is_seen_as_it_is(dtype):
    image = np.random.default_rng(0).random((300, 400, 3), np.float32)
    seen = faces.look(document_of(image, dtype)).image
    assert seen.dtype == np.float32 and np.abs(seen - image).max() <= 0.51 / np.iinfo(dtype).max


def test_what_is_clear_is_grey():
    image = np.zeros((64, 64, 3), np.float32)
    seen = faces.look(document_of(image, alpha=np.zeros((64, 64)))).image
    assert np.allclose(seen, 0.5)


def test_faces_of_a_large_picture_are_in_its_pixels(engine, monkeypatch):
    """Seen in blocks, the places are the same but for a little."""
    document = document_of(drawn_face(1001))
    (whole,) = faces_of(engine, document)
    monkeypatch.setattr(faces, "_MOST", 2e5)
    assert faces.look(document).image.shape == (334, 334, 3)
    (face,) = faces_of(engine, document)
    assert np.abs(face.landmarks - whole.landmarks).mean() < 4
    assert np.abs(face.square - whole.square).max() < 8
    assert np.allclose(face.square, alignment.square(face.landmarks), atol=1e-2)
    assert face.box.x + face.box.width <= 1001 and face.box.y + face.box.height <= 1001
    assert face.landmarks.dtype == np.float32


def test_the_aligned_face_is_that_of_the_whole_picture(engine):
    image = drawn_face()
    document = document_of(image)
    (face,) = faces_of(engine, document)
    whole = faces.look(document).image
    assert np.array_equal(faces.aligned(document, face, 256), alignment.cut(whole, face.square, 256))


def test_choosing(engine):
    (face,) = there = faces_of(engine, document_of(drawn_face()))
    assert faces.choose(there, 1) is face
    for number in (0, 2, -1):
        with pytest.raises(faces.NoFace, match=f"no face {number}: one face found") as caught:
            faces.choose(there, number)
        assert "\n" not in str(caught.value)
    with pytest.raises(faces.NoFace, match="2 faces"):
        faces.choose((face, face), 3)
    with pytest.raises(faces.NoFace, match="No face was found"):
        faces.choose((), 1)

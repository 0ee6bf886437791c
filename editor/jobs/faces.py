"""Faces: a document to what the face finder looks at, what it found to places of the document."""

import math
from dataclasses import replace

import numpy as np

from editor.document.geometry import Rect
from editor.document.model import Document
from editor.jobs.seeing import averaged
from engines.base import Box, EngineError
from engines.portrait.requests import Face, FacesFound, FindFaces

NO_FACE = (
    "No face was found in this picture. Use one with a face that looks at the camera or half away from it "
    "and is at least 40 pixels wide."
)

_MOST = 12e6  # pixels that are looked at; a larger picture is made smaller, and its points stay true enough


class NoFace(EngineError):
    """There is no such face; the text says what to do."""


def look(document: Document) -> FindFaces:
    """The picture as the engine is to see it. Any thread may ask for that of a snapshot."""
    return FindFaces(averaged(document, document.rect, _block(document)))


def found(document: Document, result: FacesFound) -> tuple[Face, ...]:
    """The faces that were found in `look`'s picture, in pixels of the document, the largest first."""
    block = _block(document)
    return tuple(_larger(face, block, document) for face in result.faces) if block > 1 else result.faces


def choose(faces: tuple[Face, ...], number: int) -> Face:
    """The face of a number, 1 for the largest. Raises NoFace, with one line that says what there is."""
    if not faces:
        raise NoFace(NO_FACE)
    if not 1 <= number <= len(faces):
        known = "one face" if len(faces) == 1 else f"{len(faces)} faces"
        raise NoFace(f"There is no face {number}: {known} found. Number 1 is the largest.")
    return faces[number - 1]


def aligned(document: Document, face: Face, n: int) -> np.ndarray:
    """The face upright, as FFHQ's are cut, (n, n, 3) float32 RGB [0, 1]; n is at least 64."""
    from engines.portrait import alignment

    box = alignment.around(face.square, document.width, document.height)
    part = averaged(document, Rect(box.x, box.y, box.width, box.height), 1)
    return alignment.cut(part, face.square - np.array([box.x, box.y]), n)


def _block(document: Document) -> int:
    return max(math.ceil(math.sqrt(document.width * document.height / _MOST)), 1)


def _larger(face: Face, by: int, document: Document) -> Face:
    box = Rect(*(by * side for side in (face.box.x, face.box.y, face.box.width, face.box.height)))
    inside = box.intersected(document.rect)
    return replace(
        face,
        box=Box(inside.x, inside.y, inside.width, inside.height),
        landmarks=face.landmarks * np.float32(by),
        square=face.square * by,
    )

"""Portrait: the faces of the picture, to choose one whose sketch is to be changed."""

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from editor.document.model import Document
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.overlay import Line, Look, Shape

if TYPE_CHECKING:
    from engines.portrait.requests import Face


class FaceTool(Tool):
    """Each face has its box; a click on one shows its sketch."""

    id = "portrait"
    name = "Portrait"
    hint = "Click on a face to see its sketch. Erase a line or draw one, and the face follows."

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._document: Callable[[], Document | None] = (
            _gone  # that the faces are of; one that is closed is not kept by its tool
        )
        self._faces: tuple[Face, ...] = ()
        self._hot: Face | None = None  # the pointer is over it
        self._pressed: Face | None = None

    def arrive(self, document: Document) -> None:
        self._document, self._faces, self._hot = weakref.ref(document), (), None

        def answer(faces: "tuple[Face, ...]") -> None:
            if document is self._document():
                self._faces, self._hot = faces, None
                self.bench.tool_changed()

        self.bench.faces(document, answer)

    def hover(self, document: Document, pointer: Pointer) -> None:
        self._hot = self._face_at(document, pointer)

    def press(self, document: Document, pointer: Pointer) -> None:
        self._pressed = self._hot = self._face_at(document, pointer)

    def release(self, document: Document, pointer: Pointer) -> None:
        face, self._pressed = self._pressed, None
        if face is not None and face is self._face_at(document, pointer):
            self.bench.sketch(document, face)

    def cancel(self, document: Document) -> bool:
        self._pressed = None
        return False

    @property
    def cursor(self) -> str:
        return "hand" if self._hot is not None else "arrow"

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if document is not self._document():
            return ()
        return tuple(
            Line(_outline(face), Look.STRUCTURE if face is self._hot else Look.LINE, closed=True)
            for face in self._faces
        )

    def _face_at(self, document: Document, pointer: Pointer) -> "Face | None":
        """The smallest face that the pointer is over: it may lie in front of another."""
        if document is not self._document():
            return None
        at = np.array([pointer.x, pointer.y])
        inside = [face for face in self._faces if _holds(np.array(_outline(face)), at)]
        return min(inside, key=lambda face: face.box.width * face.box.height, default=None)


def _gone() -> None:
    """No document."""


def _outline(face: "Face") -> tuple[tuple[float, float], ...]:
    """The corners of the face's box, as the face is turned."""
    across = face.square[1] - face.square[0]
    right = across / np.hypot(*across)
    down = np.array([-right[1], right[0]])
    along = face.landmarks @ np.stack([right, down], axis=1)
    (left, top), (end, bottom) = along.min(axis=0), along.max(axis=0)
    corners = ((left, top), (end, top), (end, bottom), (left, bottom))
    return tuple(tuple((x * right + y * down).tolist()) for x, y in corners)


def _holds(corners: np.ndarray, at: np.ndarray) -> bool:
    """Whether a point lies within a convex polygon (n, 2) that goes round clockwise on the screen."""
    edges, ways = np.roll(corners, -1, axis=0) - corners, at - corners
    return bool((edges[:, 0] * ways[:, 1] - edges[:, 1] * ways[:, 0] >= 0).all())

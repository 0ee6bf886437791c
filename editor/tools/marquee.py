"""Rectangles and ellipses, dragged from corner to corner or from their middle."""

import math
from collections.abc import Callable

from editor.document import select
from editor.document.model import Document
from editor.document.selections import Box
from editor.tools.base import Pointer
from editor.tools.bench import Bench
from editor.tools.options import HOW, Choice, Number
from editor.tools.overlay import Line, Note, Point, Shape
from editor.tools.selecting import ANTIALIAS, FEATHER, SelectingTool

STYLE = Choice(
    "style", "Style", (("free", "Normal", None), ("ratio", "Fixed ratio", None), ("size", "Fixed size", None))
)
_SIZES = (
    Number("ratio_width", "Width", 0.1, 100, 0.1, compact=True),
    Number("ratio_height", "Height", 0.1, 100, 0.1, compact=True),
    Number("fixed_width", "Width", 1, 30_000, suffix="px", compact=True),
    Number("fixed_height", "Height", 1, 30_000, suffix="px", compact=True),
)
_OF_STYLE = {
    "free": (),
    "ratio": ("ratio_width", "ratio_height"),
    "size": ("fixed_width", "fixed_height"),
}


class _Marquee(SelectingTool):
    """Begun, Shift makes it as high as it is wide, and Alt puts its middle where the drag began; a key that
    was held at first, to add or to take away, has to be let go before it means that."""

    shape: Callable[..., None]  # of `select`, for a box

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.style = "free"
        self.ratio_width = self.ratio_height = 1.0
        self.fixed_width = self.fixed_height = 512.0
        self._box: Box | None = None
        self._held = (False, False)  # Shift and Alt, since before the press

    @property
    def unused(self) -> frozenset[str]:
        return frozenset(size.attribute for size in _SIZES) - {*_OF_STYLE[self.style]}

    def begin(self, document: Document, pointer: Pointer) -> None:
        combines = bool(document.selection.tiles)  # else the keys are for the shape from the first
        self._held = (pointer.constrain and combines, pointer.invert and combines)
        self._from = _within(document, self._from)
        self._box = self._dragged(document, pointer)

    def draw(self, document: Document, pointer: Pointer) -> None:
        if self._box is not None:
            self._held = (self._held[0] and pointer.constrain, self._held[1] and pointer.invert)
            self._box = self._dragged(document, pointer)

    def end(self, document: Document, pointer: Pointer) -> None:
        box, self._box = self._box, None
        if box is None:
            return
        if box[2] and box[3] and (self.style == "size" or self._is_drag(pointer)):
            shape, way, edge = self.shape, self._way, {"antialias": self.antialias, "feather": self.feather}
            self.bench.run(document, lambda document: shape(document, box, way, **edge))
        elif self._way == "replace":
            select.nothing(document)

    def settle(self, document: Document) -> None:
        super().settle(document)
        self._box = None

    def cancel(self, document: Document) -> bool:
        had, self._box = self._box is not None, None
        return super().cancel(document) or had

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if self._box is None or not (self._box[2] and self._box[3]):
            return super().shapes(document)
        note = Note(self._at, f"{self._box[2]:.0f} × {self._box[3]:.0f} px")
        return Line(self.outline(self._box), closed=True), note

    def outline(self, box: Box) -> tuple[Point, ...]:
        """What is to be seen of a box while it is dragged."""
        left, top, width, height = box
        return (left, top), (left + width, top), (left + width, top + height), (left, top + height)

    def _dragged(self, document: Document, pointer: Pointer) -> Box:
        """The box from where the drag began to the pointer, in whole pixels."""
        square = pointer.constrain and not self._held[0]
        from_middle = pointer.invert and not self._held[1]
        if self.style == "size":
            width, height = round(self.fixed_width), round(self.fixed_height)
            x, y = (pointer.x - width / 2, pointer.y - height / 2) if from_middle else (pointer.x, pointer.y)
            return round(x), round(y), width, height
        (x, y), (to_x, to_y) = self._from, _within(document, (pointer.x, pointer.y))
        across, down = to_x - x, to_y - y
        if square or self.style == "ratio":
            ratio = 1.0 if square else self.ratio_width / self.ratio_height
            width = max(abs(across), abs(down) * ratio)
            across, down = math.copysign(width, across), math.copysign(width / ratio, down)
        x_first, y_first = (x - across, y - down) if from_middle else (x, y)
        left, right = sorted((round(x_first), round(x + across)))
        top, bottom = sorted((round(y_first), round(y + down)))
        return left, top, right - left, bottom - top


class RectangleSelection(_Marquee):
    id = "select-rectangle"
    name = "Rectangle selection"
    hint = "Drag to select. Shift adds, Alt takes away; while you drag: a square, from the middle."
    options = (HOW, FEATHER, STYLE, *_SIZES)
    shape = staticmethod(select.rectangle)


class EllipseSelection(_Marquee):
    id = "select-ellipse"
    name = "Ellipse selection"
    hint = "Drag to select. Shift adds, Alt takes away; while you drag: a circle, from the middle."
    options = (HOW, FEATHER, ANTIALIAS, STYLE, *_SIZES)
    shape = staticmethod(select.ellipse)

    def outline(self, box: Box) -> tuple[Point, ...]:
        left, top, width, height = box
        angles = (math.tau * step / 90 for step in range(90))
        return tuple(
            (left + width / 2 * (1 + math.cos(angle)), top + height / 2 * (1 + math.sin(angle)))
            for angle in angles
        )


def _within(document: Document, point: Point) -> Point:
    """The place on the canvas that is nearest to a point."""
    return min(max(point[0], 0.0), document.width), min(max(point[1], 0.0), document.height)

"""Selecting what a closed line surrounds, drawn in one go or corner by corner."""

import math

from editor.document import select, snapping
from editor.document.model import Document
from editor.tools.base import Pointer
from editor.tools.bench import Bench
from editor.tools.options import HOW
from editor.tools.overlay import Handle, Line, Point, Shape
from editor.tools.selecting import ANTIALIAS, FEATHER, STRAIGHT, SelectingTool

CLOSING = 8.0  # pixels of the screen from the first corner within which a click closes a polygon
NEAREST = 1.0  # pixels of the screen that the pointer must go before a lasso has another point


class _Outline(SelectingTool):
    """Collects points and selects what they surround."""

    options = (HOW, FEATHER, ANTIALIAS)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._points: list[Point] = []

    def cancel(self, document: Document) -> bool:
        had, self._points = bool(self._points), []
        return super().cancel(document) or had

    def _close(self, document: Document) -> None:
        points, self._points = self._points, []
        if len(points) > 2:
            way, edge = self._way, {"antialias": self.antialias, "feather": self.feather}
            self.bench.run(
                document, lambda document: select.polygon(document, points, way, **edge, name=self.name)
            )


class Lasso(_Outline):
    """Selects what a line drawn in one go surrounds; a click deselects."""

    id = "lasso"
    name = "Lasso"
    hint = "Draw around what you want to select. Shift adds to the selection, Alt takes away."

    def begin(self, document: Document, pointer: Pointer) -> None:
        self._points = [(pointer.x, pointer.y)]

    def draw(self, document: Document, pointer: Pointer) -> None:
        at = (pointer.x, pointer.y)
        if self._points and math.dist(at, self._points[-1]) * pointer.scale >= NEAREST:
            self._points.append(at)

    def end(self, document: Document, pointer: Pointer) -> None:
        if len(self._points) == 1 and self._way == "replace":
            select.nothing(document)
        self._close(document)

    def settle(self, document: Document) -> None:
        super().settle(document)
        self._points = []

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        return (Line(tuple(self._points)),) if self._points else super().shapes(document)


class Polygon(_Outline):
    """Selects a polygon whose corners are clicked; a double click, Enter or the first corner closes it.

    Shift keeps to level, upright and diagonal sides; Backspace takes the last corner back.
    """

    id = "polygon"
    name = "Polygon"
    hint = "Click corners around what you want to select. Enter closes the line, Backspace takes one back."

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._hovered: Point | None = None
        self._closes = False  # a click here closes the line

    @property
    def is_open(self) -> bool:
        return bool(self._points)

    def press(self, document: Document, pointer: Pointer) -> None:
        if not self._points:
            super().press(document, pointer)
        elif self._would_close(pointer):
            self._close(document)
        else:
            self._points.append(self._corner(pointer, self._points[-1]))
        self._hovered, self._closes = None, False
        self.bench.tool_changed()

    def begin(self, document: Document, pointer: Pointer) -> None:
        self._points = [(pointer.x, pointer.y)]

    def click(self, document: Document, pointer: Pointer) -> None:
        self.begin(document, pointer)
        self.bench.tool_changed()

    def draw(self, document: Document, pointer: Pointer) -> None:
        if self._points:
            before = self._points[-2] if len(self._points) > 1 else None
            self._points[-1] = self._corner(pointer, before)

    def hover(self, document: Document, pointer: Pointer) -> None:
        if not self._points:
            super().hover(document, pointer)
            return
        self._over = False
        self._closes = self._would_close(pointer)
        self._hovered = self._points[0] if self._closes else self._corner(pointer, self._points[-1])

    def finish(self, document: Document) -> bool:
        had = bool(self._points)
        self._close(document)
        self.bench.tool_changed()
        return had

    def cancel(self, document: Document) -> bool:
        had = super().cancel(document)
        self.bench.tool_changed()
        return had

    def delete(self, document: Document) -> bool:
        if not self._points:
            return False
        self._points.pop()
        self.bench.tool_changed()
        return True

    def nudge(self, document: Document, dx: int, dy: int) -> bool:
        return not self._points and super().nudge(document, dx, dy)

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if not self._points:
            return super().shapes(document)
        line = Line((*self._points, self._hovered) if self._hovered else tuple(self._points))
        return line, Handle(self._points[0], round=True, hot=self._closes)

    def _corner(self, pointer: Pointer, before: Point | None) -> Point:
        at = (pointer.x, pointer.y)
        if pointer.constrain and before is not None and math.dist(at, before) > 0:
            return snapping.constrained(before, at, STRAIGHT)
        return at

    def _would_close(self, pointer: Pointer) -> bool:
        distance = math.dist((pointer.x, pointer.y), self._points[0]) * pointer.scale
        return len(self._points) > 2 and distance <= CLOSING

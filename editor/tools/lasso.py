"""Tools that mask what a closed line surrounds."""

from editor.document import masks
from editor.document.history import Part, TileSwap
from editor.document.model import Document
from editor.document.tiles import TileWriter
from editor.tools.base import Pointer, Tool

CLOSING = 8.0  # pixels of the screen from the first corner within which a click closes a polygon


class _Outline(Tool):
    """Collects points and fills what they surround."""

    def __init__(self) -> None:
        super().__init__()
        self._points: list[tuple[float, float]] = []
        self._subtracting = False

    def cancel(self, document: Document) -> bool:
        had = bool(self._points)
        self._points = []
        return had

    def _fill(self, document: Document) -> None:
        points, self._points = self._points, []
        writer = TileWriter(document.selection)
        masks.draw_polygon(writer, points, document.rect, erase=self._subtracting)
        if writer.before:
            name = f"{self.name}, subtract" if self._subtracting else self.name
            document.record(name, TileSwap(document.selection, writer.before, Part.SELECTION))


class Lasso(_Outline):
    """Masks what a line drawn in one go surrounds."""

    name = "Lasso"

    def press(self, document: Document, pointer: Pointer) -> None:
        self._points = [(pointer.x, pointer.y)]
        self._subtracting = self.subtract != pointer.invert

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._points:
            self._points.append((pointer.x, pointer.y))

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._points:
            self._fill(document)

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        return tuple(self._points)


class Polygon(_Outline):
    """Masks a polygon whose corners are clicked; a double click, Enter or the first corner closes it."""

    name = "Polygon"

    def __init__(self) -> None:
        super().__init__()
        self._hovered: tuple[float, float] | None = None

    def press(self, document: Document, pointer: Pointer) -> None:
        if not self._points:
            self._subtracting = self.subtract != pointer.invert
        elif len(self._points) > 2:
            dx, dy = pointer.x - self._points[0][0], pointer.y - self._points[0][1]
            if (dx * dx + dy * dy) ** 0.5 * pointer.scale <= CLOSING:
                self._fill(document)
                return
        self._points.append((pointer.x, pointer.y))
        self._hovered = None

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._points:
            self._points[-1] = (pointer.x, pointer.y)

    def hover(self, pointer: Pointer) -> None:
        self._hovered = (pointer.x, pointer.y)

    def finish(self, document: Document) -> bool:
        if not self._points:
            return False
        self._fill(document)
        return True

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        if not self._points:
            return ()
        return (*self._points, self._hovered) if self._hovered else tuple(self._points)

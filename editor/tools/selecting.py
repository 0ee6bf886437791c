"""What the tools that select have in common: the four ways, and moving the selection's edge."""

import math

from editor.document import select, snapping
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.nudging import Nudges
from editor.tools.options import Number, Switch
from editor.tools.overlay import Note, Point, Shape

CLICK = 3.0  # pixels of the screen; a shorter drag was a click
STRAIGHT = 45.0  # degrees between the directions that Shift keeps to

FEATHER = Number("feather", "Feather", 0, 250, suffix="px", tip="Soften the edge of what is selected next")
ANTIALIAS = Switch("antialias", "Anti-alias", "antialias", "Smooth the stairs of slanted and round edges")


class SelectingTool(Tool):
    """Selects in one of four ways: ``how``, or as the keys have it that are held when it begins.

    Where something is selected, Shift adds, Alt takes away, and both keep what the two have in common; where
    nothing is, the keys are free for the shape. Begun on the selection, a drag moves its edge, and a click
    where it begins a new selection deselects.
    """

    selects = True

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.how = "replace"
        self.feather = 0.0
        self.antialias = True
        self._way = "replace"  # of the selection that is being made
        self._from = self._at = (0.0, 0.0)
        self._shift: tuple[int, int] | None = None  # of the selection's edge while it is held
        self._edge_moved = False
        self._over = False  # the pointer is where a drag moves the selection's edge
        self._nudges = Nudges()

    # -- what a tool does itself ----------------------------------------------------------------------

    def begin(self, document: Document, pointer: Pointer) -> None:
        """A new selection begins here."""

    def draw(self, document: Document, pointer: Pointer) -> None:
        """It goes on."""

    def end(self, document: Document, pointer: Pointer) -> None:
        """The button goes up over it."""

    def click(self, document: Document, pointer: Pointer) -> None:
        """The selection was clicked on."""
        select.nothing(document)

    # -- the pointer ----------------------------------------------------------------------------------

    def press(self, document: Document, pointer: Pointer) -> None:
        self._way = self._way_at(document, pointer)
        self._from = self._at = (pointer.x, pointer.y)
        if self._moves_edge(document, pointer):
            self._shift, self._edge_moved = (0, 0), False
        else:
            self.begin(document, pointer)

    def move(self, document: Document, pointer: Pointer) -> None:
        self._at = (pointer.x, pointer.y)
        if self._shift is None:
            self.draw(document, pointer)
            return
        x, y = snapping.constrained(self._from, self._at, STRAIGHT) if pointer.constrain else self._at
        self._edge_moved |= self._is_drag(pointer)
        if self._edge_moved:
            self._shift = round(x - self._from[0]), round(y - self._from[1])

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._shift is None:
            self.end(document, pointer)
        elif self._edge_moved:
            self.settle(document)
        else:
            self._shift = None
            self.click(document, pointer)

    def hover(self, document: Document, pointer: Pointer) -> None:
        self._way = self._way_at(document, pointer)
        self._over = self._moves_edge(document, pointer)

    def settle(self, document: Document) -> None:
        if self._shift is not None:
            shift, self._shift = self._shift, None
            select.move(document, *shift)

    def cancel(self, document: Document) -> bool:
        had, self._shift = self._shift is not None, None
        return had

    def nudge(self, document: Document, dx: int, dy: int) -> bool:
        if not document.selection.tiles:
            return False
        plane = document.selection
        self._nudges.step(document, plane, dx, dy, lambda x, y: select.move(document, x, y))
        return True

    @property
    def selection_shift(self) -> tuple[int, int]:
        return self._shift or (0, 0)

    @property
    def cursor(self) -> str:
        return "move" if self._over or self._shift is not None else "cross"

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        return (distance_note(self._at, *self._shift),) if self._edge_moved and self._shift else ()

    def _is_drag(self, pointer: Pointer) -> bool:
        """Whether the pointer has gone far enough since the press to mean more than a click."""
        dx, dy = pointer.x - self._from[0], pointer.y - self._from[1]
        return max(abs(dx), abs(dy)) * pointer.scale >= CLICK

    def _way_at(self, document: Document, pointer: Pointer) -> str:
        if not document.selection.tiles:
            return "replace"
        if pointer.constrain or pointer.invert:
            ways = {(True, False): "add", (False, True): "subtract", (True, True): "intersect"}
            return ways[pointer.constrain, pointer.invert]
        return self.how

    def _moves_edge(self, document: Document, pointer: Pointer) -> bool:
        return self._way == "replace" and is_selected(document, pointer)


def is_selected(document: Document, pointer: Pointer) -> bool:
    """Whether at least half of the pixel under the pointer is selected."""
    pixel = Rect(math.floor(pointer.x), math.floor(pointer.y), 1, 1)
    return bool(document.selection.read(pixel)[0, 0, 0] >= 128)


def distance_note(at: Point, dx: float, dy: float) -> Note:
    """How far something has been moved."""
    return Note(at, f"{dx:+.0f}, {dy:+.0f} px".replace("-", "\N{MINUS SIGN}"))

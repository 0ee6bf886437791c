"""Object select: what is clicked on, as a network sees it, or what lies in a box."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from editor.document.model import Document
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.options import HOW, Deed, Number
from editor.tools.overlay import Handle, Line, Point, Shape
from editor.tools.selecting import CLICK

if TYPE_CHECKING:
    from editor.jobs.select import Selected


@dataclass(frozen=True)
class Where:
    """What the user has said of the object; places are in pixels of the picture."""

    wanted: tuple[Point, ...] = ()
    unwanted: tuple[Point, ...] = ()
    box: tuple[float, float, float, float] | None = None  # left, top, right, bottom
    margin: float = 100.0
    before: "Selected | None" = None  # what came of the clicks before these

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted or self.box)


class ObjectSelect(Tool):
    """Each click says more about one object, whose outline shows; Enter makes a selection of it.

    A click adds the place, with Alt it takes it away; a drag draws a box around. Undo takes back the last of
    these.
    """

    id = "object-select"
    name = "Object select"
    hint = "Click on an object or drag a box around it. More clicks add, Alt takes away; Enter selects it."
    selects = True
    options = (
        HOW,
        Number("margin", "Margin", 0, 300, suffix="%", tip="Room for halo and shadow around the object"),
        Deed("finish", "Select", "check", primary=True, tip="Select what is outlined (Enter)", stays=True),
        Deed("cancel", "Cancel", "close", tip="Begin anew (Escape)", stays=True),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.how = "replace"
        self._margin = 100.0
        self._document: Document | None = None  # that the rest is about
        self._steps: list[Where] = []
        self._chosen: Selected | None = None
        self._asked = 0
        self._from: Point | None = None  # of the press that goes on
        self._at: Point = (0.0, 0.0)
        self._is_box = False

    @property
    def margin(self) -> float:
        return self._margin

    @margin.setter
    def margin(self, value: float) -> None:
        self._margin = value
        if self._steps and self._document is not None:
            self._ask()

    # -- the pointer ----------------------------------------------------------------------------------

    def arrive(self, document: Document) -> None:
        if document is not self._document:
            self._clear()
        self.bench.look(document)

    def press(self, document: Document, pointer: Pointer) -> None:
        if document is not self._document:
            self._clear()
            self._document = document
        self._from = self._at = (pointer.x, pointer.y)
        self._is_box = False

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._from is None:
            return
        self._at = (pointer.x, pointer.y)
        far = max(abs(self._at[0] - self._from[0]), abs(self._at[1] - self._from[1]))
        self._is_box |= far * pointer.scale >= CLICK

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._from is None:
            return
        self.move(document, pointer)
        start, self._from = self._from, None
        if self._is_box:
            self._add_box(document, start, self._at)
        elif 0 <= start[0] < document.width and 0 <= start[1] < document.height:
            self._add_point(start, pointer.invert)

    def _add_box(self, document: Document, one: Point, other: Point) -> None:
        self._is_box = False
        left, right = (min(max(x, 0.0), document.width) for x in sorted((one[0], other[0])))
        top, bottom = (min(max(y, 0.0), document.height) for y in sorted((one[1], other[1])))
        if left < right and top < bottom:
            self._steps.append(Where(box=(left, top, right, bottom)))
            self._chosen = None
            self._ask()

    def _add_point(self, point: Point, unwanted: bool) -> None:
        last = self._steps[-1] if self._steps else Where()
        if unwanted and not last:
            self.bench.tell("Click on the object first; Alt takes away from what was found.", "info")
            return
        wanted = last.wanted if unwanted else (*last.wanted, point)
        taken = (*last.unwanted, point) if unwanted else last.unwanted
        self._steps.append(Where(wanted, taken, last.box, before=self._chosen))
        self._ask()

    def _ask(self) -> None:
        """Have the object found; only the answer to the last question counts."""
        self._asked += 1
        asked, document, last = self._asked, self._document, self._steps[-1]
        where = Where(last.wanted, last.unwanted, last.box, self._margin, last.before)

        def answer(chosen: "Selected | None") -> None:
            if asked == self._asked and document is self._document:
                self._chosen = chosen
                self.bench.tool_changed()

        self.bench.find(document, where, answer)
        self.bench.tool_changed()

    # -- what is open ---------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return bool(self._steps)

    def finish(self, document: Document) -> bool:
        if not self._steps or document is not self._document:
            return False
        chosen, how = self._chosen, self.how
        if chosen is None:
            self.bench.tell("The object has not been found yet.", "info")
            return True
        if (chosen.width, chosen.height) != (document.width, document.height):
            self._clear()
            self.bench.tell("The picture changed its shape. Click on the object again.", "warning")
            return True
        from editor.jobs import select

        self._clear()
        self.bench.run(document, lambda document: select.apply(document, chosen, how))
        return True

    def double_click(self, document: Document, pointer: Pointer) -> bool:
        return False  # two quick clicks are two places

    def cancel(self, document: Document) -> bool:
        had = bool(self._steps) or self._from is not None
        self._clear()
        return had

    def take_back(self, document: Document) -> bool:
        if not self._steps:
            return False
        self._steps.pop()
        self._chosen = None
        if self._steps:
            self._ask()
        else:
            self._clear()
        return True

    def _clear(self) -> None:
        changed = bool(self._steps)
        self._steps, self._chosen, self._from = [], None, None
        self._document = None  # one that is closed is not kept by the tool that was last used on it
        self._asked += 1
        self._is_box = False
        if changed:
            self.bench.tool_changed()

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if document is not self._document:
            return ()
        out: list[Shape] = []
        if self._chosen is not None:
            out += [Line(tuple(map(tuple, line.tolist())), closed=True) for line in self._chosen.outlines]
        if self._is_box and self._from is not None:
            out.append(_frame((*self._from, *self._at)))
        if self._steps:
            last = self._steps[-1]
            if last.box is not None and self._chosen is None:
                out.append(_frame(last.box))
            out += [Handle(point, round=True, hot=True) for point in last.wanted]
            out += [Handle(point, round=True) for point in last.unwanted]
        return tuple(out)


def _frame(box: tuple[float, float, float, float]) -> Line:
    left, top, right, bottom = box
    return Line(((left, top), (right, top), (right, bottom), (left, bottom)), closed=True)

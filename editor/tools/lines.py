"""The line tool: straight structure lines, which a fill is to follow, with handles."""

import math
from dataclasses import replace

from editor.document import guides, snapping
from editor.document.guide import LINE, Guide
from editor.document.model import Document
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.options import Deed, Switch
from editor.tools.overlay import Handle, Line, Look, Shape

REACH = 8.0  # pixels of the screen within which a handle is taken hold of or a point snaps
LEAST = 5.0  # pixels of the screen; a shorter drag was a click


class LineTool(Tool):
    """Draws lines, moves them by their handles or as a whole, and turns them off and on (double click)."""

    id = "line"
    name = "Line"
    selects = True  # Remove follows the lines
    hint = "Drag to draw a line, drag its ends to change it. A double click turns it off, Delete removes it."
    options = (
        Switch("snaps", "Snap", "pin", "Snap to ends, crossings and vanishing points (Ctrl: not now)"),
        Deed("delete_chosen", "Delete line", "trash"),
        Deed("clear", "Delete all lines"),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.snaps = True
        self._chosen: Guide | None = None
        self._held: int | None = None  # the handle that is dragged; None: the whole line
        self._made: Guide | None = None  # what the drag has come to
        self._from = (0.0, 0.0)
        self._reason: tuple[Guide, ...] = ()  # what the end has snapped to
        self._hot: tuple[Guide, int | None] | None = None

    def press(self, document: Document, pointer: Pointer) -> None:
        self._from = pointer.x, pointer.y
        found = self._under(document, pointer)
        if found is not None:
            self._chosen, self._held = found
            self._made = self._chosen
        else:
            start = self._snapped(document, pointer, None)
            self._chosen, self._held = None, 1
            self._made = Guide(LINE, (start, start))

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._made is None:
            return
        if self._held is None:
            dx, dy = pointer.x - self._from[0], pointer.y - self._from[1]
            self._made = replace(self._chosen, points=[(x + dx, y + dy) for x, y in self._chosen.points])
            return
        fixed = self._made.points[1 - self._held]
        end = self._snapped(document, pointer, fixed)
        points = (fixed, end) if self._held == 1 else (end, fixed)
        self._made = replace(self._made, points=points)

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._made is None:
            return
        made, self._made, self._reason = self._made, None, ()
        if self._chosen is not None:
            if made != self._chosen:
                guides.replace(document, self._chosen, made)
                self._chosen = made
        elif made.length * pointer.scale >= LEAST:
            guides.add(document, made)
            self._chosen = made

    def hover(self, document: Document, pointer: Pointer) -> None:
        self._hot = self._under(document, pointer)

    def double_click(self, document: Document, pointer: Pointer) -> bool:
        found = self._under(document, pointer)
        if found is None:
            return False
        switched = replace(found[0], enabled=not found[0].enabled)
        guides.replace(document, found[0], switched)
        self._chosen = switched
        return True

    def cancel(self, document: Document) -> bool:
        had, self._made, self._reason = self._made is not None, None, ()
        if not had and self._chosen is not None:
            self._chosen, had = None, True
        return had

    def nudge(self, document: Document, dx: int, dy: int) -> bool:
        if self._chosen is None or self._chosen not in document.guides:
            return False
        moved = replace(self._chosen, points=[(x + dx, y + dy) for x, y in self._chosen.points])
        guides.replace(document, self._chosen, moved)
        self._chosen = moved
        return True

    def delete(self, document: Document) -> bool:
        return self.delete_chosen(document)

    def delete_chosen(self, document: Document) -> bool:
        """Delete the line in hand. Whether there was one."""
        if self._chosen is None or self._chosen not in document.guides:
            return False
        guides.delete(document, [self._chosen])
        self._chosen = None
        return True

    def clear(self, document: Document) -> None:
        guides.clear(document, LINE)
        self._chosen = None

    @property
    def cursor(self) -> str:
        if self._hot is None:
            return "cross"
        return "move" if self._hot[1] is None else "point"

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        """Handles and the line that is dragged; those at rest the canvas draws for every tool."""
        shown: list[Shape] = []
        for guide in document.guides:
            if guide.kind == LINE and not (self._made is not None and guide is self._chosen):
                hot = guide == self._chosen or (self._hot is not None and guide == self._hot[0])
                shown += [Handle(point, round=True, hot=hot) for point in guide.points]
        if self._made is not None:
            shown += [Line(other.points, Look.LINE) for other in self._reason]
            shown.append(Line(self._made.points, Look.STRUCTURE))
            shown += [Handle(point, round=True, hot=True) for point in self._made.points]
        return tuple(shown)

    def _under(self, document: Document, pointer: Pointer) -> tuple[Guide, int | None] | None:
        found = guides.nearest(document, pointer.x, pointer.y, REACH / pointer.scale)
        return found if found is not None and found[0].kind == LINE else None

    def _snapped(
        self, document: Document, pointer: Pointer, anchor: tuple[float, float] | None
    ) -> tuple[float, float]:
        point = pointer.x, pointer.y
        self._reason = ()
        if pointer.constrain and anchor is not None:
            return snapping.constrained(anchor, point)
        if not self.snaps or pointer.control:
            return point
        others = [each for each in document.guides if each.kind == LINE and each != self._chosen]
        within = REACH / pointer.scale
        snap = snapping.snapped(point, others, within)
        if snap is None and anchor is not None and math.dist(anchor, point) > within:
            snap = snapping.aligned(anchor, point, others, within)
        if snap is None:
            return point
        self._reason = snap.lines
        return snap.point

"""The move tool: drags the layer in hand, or what is selected of it."""

import math
from weakref import ref

import numpy as np

from editor.document import snapping, transform
from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.picking import layer_at
from editor.document.transform import FreeTransform
from editor.tools import edges, frame
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.nudging import Nudges
from editor.tools.options import Choice, Switch
from editor.tools.overlay import Point, Shape
from editor.tools.selecting import CLICK, STRAIGHT, distance_note

SNAPS = Switch("snaps", "Snap", "align", "Snap to the edges and the middle of the canvas (Ctrl: not now)")


class Move(Tool):
    """Moves by whole pixels. Shift keeps straight, Alt moves a copy, Ctrl picks what is under the pointer."""

    id = "move"
    name = "Move"
    hint = "Drag to move the layer. Shift keeps straight, Alt moves a copy, Ctrl+click takes another layer."
    options = (
        Switch("auto_select", "Auto-select", tip="A click takes the layer under the pointer (Ctrl: not now)"),
        Choice("takes", "Takes", (("layer", "Layer", None), ("group", "Group", None))),
        Switch("controls", "Transform controls", tip="Show handles that scale and turn the layer"),
        SNAPS,
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.auto_select = False
        self.takes = "layer"
        self.controls = False
        self.snaps = True
        self._from: Point | None = None  # where the drag began
        self._at = (0.0, 0.0)
        self._duplicates = False
        self._transform: FreeTransform | None = None
        self._applying: FreeTransform | None = None  # shown until it is in the document
        self._bounds = Rect(0, 0, 0, 0)  # of what is moved, at first
        self._pulls = edges.Pulls()
        self._nudges = Nudges()
        self._scale = 1.0
        self._grip: str | None = None  # under the pointer, of the handles
        self._framed: tuple | None = None  # what the handles were last worked out of, and where they are

    @property
    def unused(self) -> frozenset[str]:
        return frozenset() if self.auto_select else frozenset({"takes"})

    # -- the pointer ----------------------------------------------------------------------------------

    def press(self, document: Document, pointer: Pointer) -> None:
        if self._handle_at(document, pointer) is not None:
            other = self.bench.take("transform")
            if other is not None:
                other.press(document, pointer)
            return
        if self.auto_select != pointer.control:
            found = layer_at(document, pointer.x, pointer.y, group=self.takes == "group")
            if found is None:
                return
            if found is not self.bench.layer:
                self.bench.pick(found)
        self._from = self._at = (pointer.x, pointer.y)
        self._duplicates = pointer.invert

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._from is None:
            return
        self._at = (pointer.x, pointer.y)
        if self._transform is None:
            if math.dist(self._at, self._from) * pointer.scale < CLICK:
                return
            self._begin(document)
        x, y = snapping.constrained(self._from, self._at, STRAIGHT) if pointer.constrain else self._at
        dx, dy = round(x - self._from[0]), round(y - self._from[1])
        if self.snaps and not pointer.control:
            dx, dy = self._snapped(document, dx, dy, edges.REACH / pointer.scale, pointer.constrain)
        else:
            self._pulls = edges.Pulls()
        self._transform.matrix = transform.translation(dx, dy)

    def release(self, document: Document, pointer: Pointer) -> None:
        self._commit(document)

    def hover(self, document: Document, pointer: Pointer) -> None:
        self._scale = pointer.scale
        self._grip = self._handle_at(document, pointer)

    def settle(self, document: Document) -> None:
        self._commit(document)

    def cancel(self, document: Document) -> bool:
        had = self._transform is not None
        self._let_go()
        return had

    def nudge(self, document: Document, dx: int, dy: int) -> bool:
        layer = self.bench.layer_of(document)
        self._nudges.step(document, layer, dx, dy, lambda x, y: transform.move(document, layer, x, y))
        return True

    # -- how ------------------------------------------------------------------------------------------

    def _begin(self, document: Document) -> None:
        layer = self.bench.layer_of(document)
        try:
            self._transform = FreeTransform(document, layer, duplicate=self._duplicates)
        except ValueError:
            self._let_go()
            raise
        self._bounds = self._transform.bounds

    def _let_go(self) -> None:
        self._transform = self._from = None
        self._pulls = edges.Pulls()

    def _commit(self, document: Document) -> None:
        done = self._transform
        self._let_go()

        def commit(document: Document) -> None:
            try:
                done.commit("Move" if done.copy is None else "Duplicate layer")
            finally:
                self._applying = None

        if done is not None and not np.array_equal(done.matrix, np.eye(3)):
            self._applying = done
            self.bench.run(document, commit)

    def _snapped(
        self, document: Document, dx: int, dy: int, within: float, straight: bool
    ) -> tuple[int, int]:
        """How far to go instead; what goes straight is only pulled along its way."""
        box = self._bounds.moved(dx, dy)
        pulls = edges.pulled_box(document, box.x, box.y, box.right, box.bottom, within)
        if straight:
            pulls = edges.Pulls(pulls.across if dy == 0 else None, pulls.down if dx == 0 else None)
        self._pulls = pulls
        return dx + math.floor(pulls.by[0]), dy + math.floor(pulls.by[1])

    # -- what it shows --------------------------------------------------------------------------------

    def preview(self, document: Document) -> FreeTransform | None:
        moving = self._transform or self._applying
        return moving if moving is not None and moving.document is document else None

    @property
    def cursor(self) -> str:
        if self._grip is not None and self._framed is not None:
            return frame.cursor_for(self._framed[-1], self._grip)
        return "move"

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if self._transform is not None and self._transform.document is document:
            dx, dy = self._transform.matrix[:2, 2]
            return (*edges.guide_lines(document, self._pulls), distance_note(self._at, dx, dy))
        corners = self._corners(document)
        return () if corners is None else tuple(frame.frame_shapes(corners, self._scale, self._grip))

    def _handle_at(self, document: Document, pointer: Pointer) -> str | None:
        corners = self._corners(document)
        grip = None if corners is None else frame.grip_at(corners, pointer)
        return None if grip == "inside" else grip

    def _corners(self, document: Document) -> tuple[Point, ...] | None:
        """The frame of what would be moved, if handles are wanted and there is anything."""
        if not self.controls:
            return None
        layer: Layer = self.bench.layer_of(document)
        key = ref(document), ref(layer), document.history.state
        if self._framed is None or self._framed[:-1] != key:
            box = transform.bounds_of(document, layer)
            self._framed = (*key, frame.box_corners(*box) if box else None)
        return self._framed[-1]

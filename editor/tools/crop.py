"""The crop tool: a frame over the picture, which becomes the canvas once it is applied."""

import math
from dataclasses import replace
from weakref import ref

from editor.document import canvas
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.tools import crop_frame, edges, frame
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.crop_frame import CropFrame
from editor.tools.options import Choice, Deed, Number, Switch
from editor.tools.overlay import Line, Look, Note, Point, Shade, Shape
from editor.tools.selecting import CLICK

TURN_STEP = 15.0  # degrees, with Shift
_LARGEST = 300_000  # pixels a side
_RATIOS = {"free": None, "1:1": 1.0, "4:5": 4 / 5, "3:2": 3 / 2, "16:9": 16 / 9}


class Crop(Tool):
    """Shows a frame, at first around the whole canvas; a drag within that begins one of its own.

    The frame turns over the picture; applied, the picture is turned to be upright in it, as one entry.
    """

    id = "crop"
    name = "Crop"
    hint = "Drag a frame; drag outside to turn it, Ctrl+drag along what is level. Enter crops, Esc lets go."
    options = (
        Choice(
            "ratio",
            "Ratio",
            (
                ("free", "Free", None),
                ("original", "Original", None),
                ("1:1", "1 : 1", None),
                ("4:5", "4 : 5", None),
                ("3:2", "3 : 2", None),
                ("16:9", "16 : 9", None),
            ),
        ),
        Deed("swap", "Swap width and height", "swap-colours"),
        Number("width", "Width", 1, _LARGEST, suffix="px", compact=True, live=False, lasting=False),
        Number("height", "Height", 1, _LARGEST, suffix="px", compact=True, live=False, lasting=False),
        Number("angle", "Angle", -180, 180, 0.1, "°", compact=True, live=False, lasting=False),
        Switch(
            "straightens",
            "Straighten",
            "straighten",
            "Draw along what should be level or upright (Ctrl+drag)",
            lasting=False,
        ),
        Switch("thirds", "Rule of thirds", "thirds", "Show lines at the thirds"),
        Switch(
            "deletes",
            "Delete cropped pixels",
            tip="Give up what lies outside of the frame; otherwise it is kept beyond the canvas",
        ),
        Deed("let_go", "Cancel", "close", tip="Cancel (Esc)", stays=True),
        Deed("finish", "Crop", "check", primary=True, tip="Crop (Enter)", stays=True),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.thirds = True
        self.deletes = False
        self.straightens = False
        self._ratio = "free"
        self._is_swapped = False
        self._of: tuple[ref[Document], int, int] | None = None  # the canvas that the frame is for
        self._frame: CropFrame | None = None  # None: around the canvas, as the ratio has it
        self._steps: list[CropFrame | None] = []  # frames from before each drag
        self._start: CropFrame | None = None  # the frame when a drag began
        self._grip: str | None = None  # "new" for a frame that is being begun, "line" for straightening
        self._from = self._at = (0.0, 0.0)
        self._pulls = edges.Pulls()
        self._turned_from: tuple[CropFrame, CropFrame] | None = None  # typed angles do not add up to less
        self._scale = 1.0

    # -- the frame ------------------------------------------------------------------------------------

    def frame_of(self, document: Document) -> CropFrame:
        """What the canvas would become."""
        size = (document.width, document.height)
        if self._of is None or self._of[0]() is not document or self._of[1:] != size:
            self._of = (ref(document), *size)
            self._frame, self._start, self._steps = None, None, []
        if self._frame is not None:
            return self._frame
        whole = self._whole()
        wanted = self._wanted_ratio()
        return whole if wanted is None else whole.with_ratio(wanted).rounded()

    def _whole(self) -> CropFrame:
        _, width, height = self._of
        return CropFrame((width / 2, height / 2), float(width), float(height))

    def _wanted_ratio(self) -> float | None:
        wanted = self._of[1] / self._of[2] if self._ratio == "original" else _RATIOS[self._ratio]
        return 1 / wanted if wanted is not None and self._is_swapped else wanted

    def _put(self, made: CropFrame) -> None:
        self._frame = made.rounded()
        self.bench.tool_changed()

    def _keep_step(self) -> None:
        self._steps.append(self._frame)

    # -- applying it ----------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._frame is not None

    def arrive(self, document: Document) -> None:
        self.frame_of(document)
        self.bench.tool_changed()

    def finish(self, document: Document) -> bool:
        made = self.frame_of(document).rounded()
        had = self._frame is not None
        if made == self._whole():
            self.cancel(document)
            return had
        width, height, deletes = int(made.width), int(made.height), self.deletes

        def crop(document: Document) -> None:
            if made.angle:
                canvas.crop_turned(document, made.centre, width, height, made.angle, delete_outside=deletes)
            else:
                left, top = (round(place) for place in made.corners[0])
                canvas.crop(document, Rect(left, top, width, height), delete_outside=deletes)

        self.bench.run(document, crop)
        self.arrive(document)
        return True

    def cancel(self, document: Document) -> bool:
        had = self._frame is not None
        self._frame, self._start, self._steps = None, None, []
        self.straightens = False
        self.bench.tool_changed()
        return had

    def let_go(self, document: Document) -> None:
        """Back to the whole canvas."""
        self.cancel(document)

    def take_back(self, document: Document) -> bool:
        if self._frame is None or not self._steps:
            return self.cancel(document)
        self._start, self._frame = None, self._steps.pop()
        self.bench.tool_changed()
        return True

    # -- the pointer ----------------------------------------------------------------------------------

    def press(self, document: Document, pointer: Pointer) -> None:
        self._start = self.frame_of(document)
        self._from = self._at = (pointer.x, pointer.y)
        self._grip = self._grip_at(document, pointer)
        self._keep_step()

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._start is None:
            return
        self._at = (pointer.x, pointer.y)
        self._pulls = edges.Pulls()
        if self._grip == "line" or not self._is_drag(pointer):
            return
        start, ratio = self._start, self._wanted_ratio()
        if ratio is None and pointer.constrain:
            ratio = 1.0 if self._grip == "new" else start.width / start.height
        if self._grip is None:
            self._put(self._turned(start, pointer))
        elif self._grip == "inside":
            self._put(self._moved(document, start, pointer))
        elif self._grip == "new":
            start_at = self._pulled(document, self._from, pointer)
            to = self._pulled(document, self._at, pointer)
            self._put(crop_frame.spanned(start_at, to, ratio, pointer.invert))
        else:
            to = self._at if start.angle else self._pulled(document, self._at, pointer)
            self._put(crop_frame.resized(start, self._grip, to, ratio, pointer.invert))

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._start is None:
            return
        if self._grip == "line" and self._is_drag(pointer):
            self._straighten(self._start)
        self._start = None
        self._pulls = edges.Pulls()
        if self._steps[-1] == self._frame:
            self._steps.pop()
        self.hover(document, pointer)

    def hover(self, document: Document, pointer: Pointer) -> None:
        self._scale = pointer.scale
        self._grip = self._grip_at(document, pointer)

    def double_click(self, document: Document, pointer: Pointer) -> bool:
        self.hover(document, pointer)
        return self._grip == "inside" and self.finish(document)

    def nudge(self, document: Document, dx: int, dy: int) -> bool:
        made = self.frame_of(document)
        if self._frame is None:
            return False
        self._keep_step()
        self._put(replace(made, centre=(made.centre[0] + dx, made.centre[1] + dy)))
        return True

    def _grip_at(self, document: Document, pointer: Pointer) -> str | None:
        if pointer.control or self.straightens:
            return "line"
        grip = frame.grip_at(self.frame_of(document).corners, pointer)
        return "new" if grip == "inside" and self._frame is None else grip

    def _is_drag(self, pointer: Pointer) -> bool:
        return math.dist(self._from, self._at) * pointer.scale >= CLICK or self._frame != self._steps[-1]

    def _turned(self, start: CropFrame, pointer: Pointer) -> CropFrame:
        x, y = start.centre
        before, now = (math.atan2(at[1] - y, at[0] - x) for at in (self._from, self._at))
        angle = start.angle + math.degrees(now - before)
        if pointer.constrain:
            angle = round(angle / TURN_STEP) * TURN_STEP
        return self._at_angle(start, angle)

    def _at_angle(self, start: CropFrame, angle: float) -> CropFrame:
        """Turned; one that lay on the canvas is made smaller rather than to reach beyond it."""
        return self._kept_within(start, start.turned_to(angle))

    def _kept_within(self, before: CropFrame, made: CropFrame) -> CropFrame:
        _, width, height = self._of
        return made.fitted(width, height) if before.is_within(width, height) else made

    def _straighten(self, start: CropFrame) -> None:
        """Turn the frame so that the line becomes level or upright, whichever it is nearer to."""
        angle = math.degrees(math.atan2(self._at[1] - self._from[1], self._at[0] - self._from[0]))
        self._put(self._at_angle(start, angle - round(angle / 90) * 90))
        self.straightens = False
        self.bench.tool_changed()

    def _moved(self, document: Document, start: CropFrame, pointer: Pointer) -> CropFrame:
        dx, dy = self._at[0] - self._from[0], self._at[1] - self._from[1]
        if pointer.constrain:
            dx, dy = (dx, 0.0) if abs(dx) > abs(dy) else (0.0, dy)
        moved = replace(start, centre=(start.centre[0] + dx, start.centre[1] + dy))
        if start.angle:
            return moved
        corners = moved.corners
        self._pulls = edges.pulled_box(document, *corners[0], *corners[2], edges.REACH / pointer.scale)
        dx, dy = self._pulls.by
        return replace(moved, centre=(moved.centre[0] + dx, moved.centre[1] + dy))

    def _pulled(self, document: Document, point: Point, pointer: Pointer) -> Point:
        """A point that is near an edge of the canvas, on that."""
        dx, dy = edges.pulled_point(document, point, edges.REACH / pointer.scale).by
        return point[0] + dx, point[1] + dy

    # -- options --------------------------------------------------------------------------------------

    @property
    def ratio(self) -> str:
        """One of "free", "original", "1:1" ..."""
        return self._ratio

    @ratio.setter
    def ratio(self, name: str) -> None:
        self._ratio = name
        self._is_swapped = False
        self._follow_ratio()

    def swap(self, document: Document) -> None:
        """Width and height exchanged."""
        made = self.frame_of(document)
        self._is_swapped = not self._is_swapped
        if self._frame is not None:
            self._keep_step()
            stood = replace(made, width=made.height, height=made.width)
            self._put(self._kept_within(made, stood))

    def _follow_ratio(self) -> None:
        if self._frame is not None and (wanted := self._wanted_ratio()) is not None:
            self._keep_step()
            self._put(self._frame.with_ratio(wanted))

    @property
    def _shown(self) -> CropFrame:
        document = self._of[0]() if self._of is not None else None
        return CropFrame((0.0, 0.0), 1.0, 1.0) if document is None else self.frame_of(document)

    @property
    def width(self) -> float:
        """Of the frame, in pixels of the picture."""
        return self._shown.width

    @width.setter
    def width(self, value: float) -> None:
        self._resize(value, self._shown.height, value)

    @property
    def height(self) -> float:
        return self._shown.height

    @height.setter
    def height(self, value: float) -> None:
        wanted = self._wanted_ratio() if self._of is not None else None
        self._resize(self._shown.width, value, value * (wanted or 1.0))

    def _resize(self, width: float, height: float, by_ratio: float) -> None:
        if self._of is None:
            return
        wanted, shown = self._wanted_ratio(), self._shown
        if wanted is not None:
            width, height = by_ratio, by_ratio / wanted
        self._keep_step()
        self._put(replace(shown, width=width, height=height))

    @property
    def angle(self) -> float:
        """Of the frame, clockwise in degrees."""
        return self._shown.angle

    @angle.setter
    def angle(self, value: float) -> None:
        if self._of is not None:
            shown = self._shown
            if self._turned_from is not None and self._turned_from[0] == shown:
                shown = self._turned_from[1]
            self._keep_step()
            self._put(self._at_angle(shown, value))
            self._turned_from = self._frame, shown

    # -- what it shows --------------------------------------------------------------------------------

    @property
    def cursor(self) -> str:
        if self._grip in ("new", "line") or self._of is None:
            return "cross"
        return frame.cursor_for(self._shown.corners, self._grip)

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        made = self.frame_of(document)
        shown: list[Shape] = [] if made == self._whole() else [Shade(made.corners)]
        if self.thirds and self._frame is not None:
            for part in (-1 / 6, 1 / 6):
                half_x, half_y = made.width / 2, made.height / 2
                across, down = part * made.width, part * made.height
                shown += [
                    Line((made.outward(across, -half_y), made.outward(across, half_y)), Look.GRID),
                    Line((made.outward(-half_x, down), made.outward(half_x, down)), Look.GRID),
                ]
        shown += frame.frame_shapes(made.corners, self._scale, self._grip)
        shown += edges.guide_lines(document, self._pulls)
        if self._start is not None:
            shown += self._drag_shapes(made)
        return tuple(shown)

    def _drag_shapes(self, made: CropFrame) -> list[Shape]:
        if self._grip == "line":
            return [Line((self._from, self._at), Look.STRUCTURE)]
        if self._grip is None:
            return [Note(self._at, f"{made.angle:.1f}°".replace("-", "\N{MINUS SIGN}"))]
        return [Note(self._at, f"{made.width:.0f} × {made.height:.0f} px")]

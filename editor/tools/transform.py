"""Free transform: a layer scaled, turned, distorted and moved until it looks right, then made of its pixels
once."""

import math

import numpy as np

from editor.document import planes, resample, snapping
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.tiles import TiledImage, TileKey
from editor.document.transform import FreeTransform, rotation, scaling, translation
from editor.tools import edges, frame
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.handling import Hold, Pose, distorted, mapped, pose, scaled, turned
from editor.tools.options import Choice, Deed, Number, Switch
from editor.tools.overlay import Handle, Note, Point, Shape
from editor.tools.selecting import CLICK, STRAIGHT, distance_note

TURN_STEP = 15.0  # degrees, with Shift
MIDDLE_REACH = 6.0  # pixels of the screen around the reference point

_IDENTITY = np.eye(3)
_FAR, _LARGE = 300_000, 10_000  # pixels, per cent

Tiles = dict[TileKey, np.ndarray]


class Transform(Tool):
    """Works on the layer in hand, or on what is selected of it, and is put down when it is done.

    Nothing of it is in the document until it is applied. Other tools and commands apply it first.
    """

    id = "transform"
    name = "Free transform"
    hint = (
        "Drag handles to scale, outside to turn, inside to move; Ctrl distorts. Enter applies, Esc cancels."
    )
    options = (
        Number("x", "X", -_FAR, _FAR, 1, "px", compact=True, lasting=False, tip="Of the reference point"),
        Number("y", "Y", -_FAR, _FAR, 1, "px", compact=True, lasting=False, tip="Of the reference point"),
        Number("scale_x", "Width", -_LARGE, _LARGE, 0.1, "%", 100, compact=True, lasting=False),
        Switch("keep_ratio", "Keep the ratio", "link", "Keep the ratio of width and height (Shift: not now)"),
        Number("scale_y", "Height", -_LARGE, _LARGE, 0.1, "%", 100, compact=True, lasting=False),
        Number("angle", "Angle", -180, 180, 0.1, "°", compact=True, lasting=False),
        Choice(
            "method",
            "Interpolation",
            (
                ("auto", "Automatic", None),
                ("nearest", "Hard edges", None),
                ("bilinear", "Bilinear", None),
                ("bicubic", "Bicubic", None),
                ("lanczos", "Lanczos", None),
            ),
        ),
        Deed("let_go", "Cancel", "close", tip="Cancel (Esc)", stays=True),
        Deed("finish", "Apply", "check", primary=True, tip="Apply (Enter)", stays=True),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.keep_ratio = True
        self.method = "auto"
        self._open: FreeTransform | None = None
        self._applying: FreeTransform | None = None  # shown until it is in the document
        self._made_of: list[tuple[TiledImage, Tiles]] = []  # the planes as they were when it began
        self._box = Rect(0, 0, 0, 0)  # what is transformed, as it lay at first
        self._middle: Point = (0.0, 0.0)  # the reference point on that
        self._steps: list[np.ndarray] = []  # matrices from before each drag
        self._hold: Hold | None = None
        self._moves = False  # the drag has gone far enough to be more than a click
        self._at: Point = (0.0, 0.0)
        self._grip: str | None = None  # under the pointer
        self._pulls = edges.Pulls()
        self._scale = 1.0

    # -- what is open ---------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def begin(self, document: Document) -> None:
        """Take the layer in hand up. Raises ValueError, with a line for the user, if it cannot be."""
        self._open = FreeTransform(document, self.bench.layer_of(document))
        self._made_of = [(piece.held, dict(piece.held.tiles)) for piece in self._open.pieces]
        self._box = self._open.bounds
        self._middle = self._box.x + self._box.width / 2, self._box.y + self._box.height / 2
        self._steps, self._hold = [], None
        self.bench.tool_changed()

    def _goes_on(self, document: Document) -> bool:
        """Whether a transform of this document is under way; one that cannot go on is given up."""
        if self._open is None or self._open.document is not document:
            return False
        if not self._is_sound(document):
            self._open = self._hold = None
            self.bench.tell("The layer has changed, so its transform was given up.", "warning")
            self.bench.put_down(self)
        return self._open is not None

    def _is_sound(self, document: Document) -> bool:
        """Whether it is of this document, in which the layer is as it was when it began."""
        if self._open is None or self._open.document is not document:
            return False
        present = {id(plane) for plane in document.planes()}
        return all(
            piece.held is plane and id(plane) in present and _same(plane.tiles, tiles)
            for piece, (plane, tiles) in zip(self._open.pieces, self._made_of, strict=True)
        )

    def finish(self, document: Document) -> bool:
        if not self._goes_on(document):
            return False
        self._apply(document)
        self.bench.put_down(self)
        return True

    def cancel(self, document: Document) -> bool:
        had = self._open is not None
        self._open = self._hold = None
        if had:
            self.bench.put_down(self)
        return had

    def let_go(self, document: Document) -> None:
        """Leave the layer as it was."""
        self.cancel(document)

    def take_back(self, document: Document) -> bool:
        if not self._goes_on(document) or not self._steps:
            return self.cancel(document)
        self._hold = None
        self._open.matrix = self._steps.pop()
        self.bench.tool_changed()
        return True

    def settle(self, document: Document) -> None:
        if self._goes_on(document):
            try:
                self._apply(document)
            except ValueError as refusal:
                self.bench.tell(str(refusal), "warning")
            # What is about to happen does not wait for what cannot be applied.
            self._open = self._hold = None
            self.bench.put_down(self)

    def _apply(self, document: Document) -> None:
        """Make an entry of it. Raises ValueError for what no picture can be, and then it stays open."""
        area = resample.bounds(self._open.matrix, self._box)
        planes.check_size(area.width, area.height)
        done, self._open, self._hold = self._open, None, None

        def commit(document: Document) -> None:
            try:
                done.commit("Free transform", self.method)
            finally:
                self._applying = None

        if not np.array_equal(done.matrix, _IDENTITY):
            self._applying = done
            self.bench.run(document, commit)

    # -- the pointer ----------------------------------------------------------------------------------

    def press(self, document: Document, pointer: Pointer) -> None:
        if not self._goes_on(document):
            self.begin(document)
        self.hover(document, pointer)
        self._at = (pointer.x, pointer.y)
        self._moves = False
        self._hold = Hold(self._box, self._open.matrix, self._middle, self._grip, self._at)

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._hold is None or not self._goes_on(document):
            return
        self._at = (pointer.x, pointer.y)
        self._pulls = edges.Pulls()
        self._moves |= math.dist(self._at, self._hold.at) * pointer.scale >= CLICK
        if not self._moves:
            return
        if self._hold.grip == "middle":
            self._middle = mapped(np.linalg.inv(self._open.matrix), self._at)
        else:
            try:
                matrix = self._dragged(document, self._hold, pointer)
                resample.bounds(matrix, self._box)
            except ValueError:
                return  # there is no such picture; it stays as it was a moment ago
            self._open.matrix = matrix
        self.bench.tool_changed()

    def release(self, document: Document, pointer: Pointer) -> None:
        hold, self._hold = self._hold, None
        self._pulls = edges.Pulls()
        if hold is not None and self._open is not None and self._open.matrix is not hold.matrix:
            self._steps.append(hold.matrix)

    def hover(self, document: Document, pointer: Pointer) -> None:
        self._scale = pointer.scale
        if not self._goes_on(document):
            return
        self._grip = frame.grip_at(self._corners(), pointer)
        centre = mapped(self._open.matrix, self._middle)
        near = math.dist(centre, (pointer.x, pointer.y)) * pointer.scale <= MIDDLE_REACH
        if near and self._grip in (None, "inside"):
            self._grip = "middle"

    def double_click(self, document: Document, pointer: Pointer) -> bool:
        self.hover(document, pointer)
        return self._grip == "inside" and self.finish(document)

    def nudge(self, document: Document, dx: int, dy: int) -> bool:
        if not self._goes_on(document):
            return False
        self._steps.append(self._open.matrix)
        self._put(translation(dx, dy) @ self._open.matrix)
        self.bench.tool_changed()
        return True

    def _dragged(self, document: Document, hold: Hold, pointer: Pointer) -> np.ndarray:
        if hold.grip is None:
            return turned(hold, self._at, TURN_STEP if pointer.constrain else 0.0)
        if hold.grip == "inside":
            return self._moved(document, hold, pointer)
        if pointer.control:
            return distorted(
                hold,
                self._at,
                straight=pointer.constrain,
                mirrored=pointer.invert,
                perspective=pointer.constrain and pointer.invert and hold.grip in frame.CORNERS,
            )
        return scaled(
            hold,
            self._at,
            keep_ratio=self.keep_ratio != pointer.constrain,
            about_middle=pointer.invert,
        )

    def _moved(self, document: Document, hold: Hold, pointer: Pointer) -> np.ndarray:
        x, y = snapping.constrained(hold.at, self._at, STRAIGHT) if pointer.constrain else self._at
        dx, dy = x - hold.at[0], y - hold.at[1]
        if np.array_equal(hold.matrix[:2, :2], np.rint(hold.matrix[:2, :2])):
            dx, dy = round(dx), round(dy)  # what is not scaled stays as sharp as it is
        if not (pointer.control or pointer.constrain):
            corners = [mapped(hold.matrix, corner) for corner in frame.box_corners(*self._box)]
            xs, ys = [x + dx for x, _ in corners], [y + dy for _, y in corners]
            within = edges.REACH / pointer.scale
            self._pulls = edges.pulled_box(document, min(xs), min(ys), max(xs), max(ys), within)
            dx, dy = dx + self._pulls.by[0], dy + self._pulls.by[1]
        return translation(dx, dy) @ hold.matrix

    # -- numbers --------------------------------------------------------------------------------------

    @property
    def _pose(self) -> Pose:
        if self._open is None:
            return Pose(0.0, 0.0, 1.0, 1.0, 0.0)
        return pose(self._open.matrix, self._middle)

    def _put(self, matrix: np.ndarray) -> None:
        """Show it so, if there is such a picture."""
        try:
            resample.bounds(matrix, self._box)
        except ValueError:
            return
        self._open.matrix = matrix

    @property
    def x(self) -> float:
        """Of the reference point, in pixels of the picture."""
        return self._pose.x

    @x.setter
    def x(self, value: float) -> None:
        if self._open is not None:
            self._put(translation(value - self.x, 0) @ self._open.matrix)

    @property
    def y(self) -> float:
        return self._pose.y

    @y.setter
    def y(self, value: float) -> None:
        if self._open is not None:
            self._put(translation(0, value - self.y) @ self._open.matrix)

    @property
    def scale_x(self) -> float:
        """1: as wide as it was; negative: mirrored."""
        return self._pose.scale_x

    @scale_x.setter
    def scale_x(self, value: float) -> None:
        self._rescale(value / self.scale_x, 1.0)

    @property
    def scale_y(self) -> float:
        return self._pose.scale_y

    @scale_y.setter
    def scale_y(self, value: float) -> None:
        self._rescale(1.0, value / self.scale_y)

    @property
    def angle(self) -> float:
        """Clockwise, in degrees."""
        return self._pose.angle

    @angle.setter
    def angle(self, value: float) -> None:
        if self._open is not None:
            centre = mapped(self._open.matrix, self._middle)
            self._put(rotation(value - self.angle, centre) @ self._open.matrix)

    def _rescale(self, across: float, down: float) -> None:
        if self._open is None or not across * down:
            return
        if self.keep_ratio:
            across = down = across * down
        self._put(self._open.matrix @ scaling(across, down, self._middle))

    # -- what it shows --------------------------------------------------------------------------------

    def preview(self, document: Document) -> FreeTransform | None:
        if self._applying is not None:
            return self._applying if self._applying.document is document else None
        if not self._is_sound(document) or np.array_equal(self._open.matrix, _IDENTITY):
            return None
        return self._open

    @property
    def cursor(self) -> str:
        if self._open is None:
            return "arrow"
        if self._grip == "middle":
            return "point"
        return frame.cursor_for(self._corners(), self._grip)

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if not self._is_sound(document):
            return ()
        corners = self._corners()
        shown = frame.frame_shapes(corners, self._scale, self._grip)
        shown += edges.guide_lines(document, self._pulls)
        shown.append(Handle(mapped(self._open.matrix, self._middle), round=True, hot=self._grip == "middle"))
        if self._hold is not None and self._hold.grip != "middle":
            shown.append(self._note(self._hold, corners))
        return tuple(shown)

    def _note(self, hold: Hold, corners: tuple[Point, ...]) -> Note:
        if hold.grip == "inside":
            start, now = mapped(hold.matrix, self._middle), mapped(self._open.matrix, self._middle)
            return distance_note(self._at, now[0] - start[0], now[1] - start[1])
        if hold.grip is None:
            return Note(self._at, f"{self.angle:.1f}°".replace("-", "\N{MINUS SIGN}"))
        width, height = math.dist(*corners[:2]), math.dist(*corners[1:3])
        return Note(self._at, f"{width:.0f} × {height:.0f} px")

    def _corners(self) -> tuple[Point, ...]:
        return tuple(mapped(self._open.matrix, corner) for corner in frame.box_corners(*self._box))


def _same(tiles: Tiles, before: Tiles) -> bool:
    """Whether these are the very same tiles."""
    return tiles.keys() == before.keys() and all(tile is before[key] for key, tile in tiles.items())

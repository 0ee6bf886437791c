"""What every tool answers to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from editor.document.model import Document
from editor.tools.bench import Bench
from editor.tools.options import Option
from editor.tools.overlay import Shape

if TYPE_CHECKING:
    from editor.document.transform import FreeTransform


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is and how it is held."""

    x: float  # pixels of the picture, the centre of the first pixel at (0.5, 0.5)
    y: float
    pressure: float = 1.0  # 0..1, 1 for a mouse
    invert: bool = False  # Alt: subtract instead of add; the source of a stamp
    constrain: bool = False  # Shift: a straight line from the last point; a square; steps of 15 degrees
    scale: float = 1.0  # pixels of the screen per pixel of the picture
    control: bool = False  # Ctrl: for a moment another tool, or without snapping
    tilt: tuple[float, float] = (0.0, 0.0)  # degrees of the pen from upright, to the right and downwards


class Tool:
    """One tool at work on one document at a time. The methods come in the order press, move ..., release.

    They may raise ValueError with a line for the user; then nothing has changed and the press is over.
    """

    id = ""
    name = ""  # English
    hint = ""  # English: what to do, in one line of the status bar
    options: tuple[Option, ...] = ()
    selects = False  # what it makes is for Remove: a selection, or what a fill follows
    veils = False  # the selection lies over the picture as a veil, not only as its edge
    navigates = ""  # "pan", "zoom" or "rotate": the canvas itself does what the tool is for

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def arrive(self, document: Document) -> None:
        """The tool is taken in hand over this document, or this document comes to the front under it."""

    def press(self, document: Document, pointer: Pointer) -> None:
        """The button or the pen went down."""

    def move(self, document: Document, pointer: Pointer) -> None:
        """The pointer moved while pressed."""

    def hover(self, document: Document, pointer: Pointer) -> None:
        """The pointer moved while not pressed."""

    def rest(self, document: Document) -> None:
        """The pointer stays where it is for a moment, pressed."""

    def release(self, document: Document, pointer: Pointer) -> None:
        """The button or the pen went up."""

    def double_click(self, document: Document, pointer: Pointer) -> bool:
        """Whether a double click meant something to the tool; if not it counts as another press."""
        return self.finish(document)

    def finish(self, document: Document) -> bool:
        """Enter: complete what is open. Whether there was anything."""
        return False

    def cancel(self, document: Document) -> bool:
        """Escape, a lost pointer or another tool: take back what is open. Whether there was anything."""
        return False

    @property
    def is_open(self) -> bool:
        """Whether there is something, between presses, that is not in the document yet."""
        return False

    def take_back(self, document: Document) -> bool:
        """Undo: take back the last step of what is open, or all of it. Whether there was anything."""
        return self.cancel(document)

    def settle(self, document: Document) -> None:
        """Something else is about to change the document: record what is drawn so far, then go on."""

    def nudge(self, document: Document, dx: int, dy: int) -> bool:
        """An arrow key, in pixels of the picture. Whether it meant something to the tool."""
        return False

    def delete(self, document: Document) -> bool:
        """The Delete key. Whether it meant something to the tool."""
        return False

    def preview(self, document: Document) -> "FreeTransform | None":
        """A transform that is under way: what it would make of the picture is shown in its place."""
        return None

    @property
    def selection_shift(self) -> tuple[int, int]:
        """How far the selection is being moved: pixels of the picture to the right, and down."""
        return (0, 0)

    @property
    def unused(self) -> frozenset[str]:
        """Attributes whose options mean nothing as the others are, and are not shown."""
        return frozenset()

    @property
    def radius(self) -> float | None:
        """Radius in pixels of the picture of the round cursor, None for one that ``cursor`` names."""
        return None

    @property
    def cursor(self) -> str:
        """ "cross", "arrow", "move", "hand", "size-ns", "size-ew", "size-nwse", "size-nesw", "rotate",
        "eyedropper", "zoom" or "none", for where the pointer was last."""
        return "cross"

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        """What is shown over the picture while the tool is in use."""
        return ()


class SizedTool(Tool):
    """A tool with a round tip whose ``size`` is a diameter in pixels of the picture; [ and ] change it."""

    smallest, largest = 1.0, 2000.0

    def __init__(self, bench: Bench, size: float) -> None:
        super().__init__(bench)
        self.size = size

    @property
    def radius(self) -> float:
        return self.size / 2

    def resize(self, steps: int) -> None:
        """Larger or smaller by about a tenth a step."""
        for _ in range(abs(steps)):
            change = max(1.0, round(self.size * 0.1))
            self.size += change if steps > 0 else -change
        self.size = min(max(self.size, self.smallest), self.largest)

"""What every tool answers to."""

from dataclasses import dataclass

from editor.document.model import Document


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is and how it is held."""

    x: float  # pixels of the picture, the centre of the first pixel at (0.5, 0.5)
    y: float
    pressure: float = 1.0  # 0..1, 1 for a mouse
    invert: bool = False  # Alt: subtract instead of add, and the other way round
    constrain: bool = False  # Shift: a straight line from the last point
    scale: float = 1.0  # pixels of the screen per pixel of the picture


class Tool:
    """One tool at work on one document at a time. The methods come in the order press, move ..., release."""

    name = ""

    def __init__(self) -> None:
        self.subtract = False  # take away from the mask instead of adding to it

    def press(self, document: Document, pointer: Pointer) -> None:
        """The button or the pen went down."""

    def move(self, document: Document, pointer: Pointer) -> None:
        """The pointer moved while pressed."""

    def hover(self, pointer: Pointer) -> None:
        """The pointer moved while not pressed."""

    def release(self, document: Document, pointer: Pointer) -> None:
        """The button or the pen went up."""

    def finish(self, document: Document) -> bool:
        """Enter or a double click: complete what is open. Whether there was anything."""
        return False

    def cancel(self, document: Document) -> bool:
        """Escape or a lost pointer: take back what is open. Whether there was anything."""
        return False

    def settle(self, document: Document) -> None:
        """Something else is about to change the document: record what is drawn so far, then go on."""

    @property
    def radius(self) -> float | None:
        """Radius in pixels of the picture of the round cursor, None for a cross."""
        return None

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        """Points of the picture to connect on the canvas while something is open."""
        return ()

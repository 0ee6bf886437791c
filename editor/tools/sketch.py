"""The sketch pen: ink lines over the picture, which are no part of it."""

from editor.document import guides
from editor.document.guide import INK, Guide
from editor.document.model import Document
from editor.document.paint import Stabiliser
from editor.tools.base import Pointer, SizedTool
from editor.tools.bench import Bench
from editor.tools.brushes import SMOOTHING, as_sample
from editor.tools.options import Choice, Deed, Number
from editor.tools.overlay import Line, Look, Shape
from editor.tools.remove_brush import LEAST_PRESSURE

NEAREST = 1.5  # pixels of the screen that the pointer must go before a point is kept


class PenSketch(SizedTool):
    """Draws ink, or erases it (Alt)."""

    id = "pen-sketch"
    name = "Sketch pen"
    hint = "Draw lines over the picture; hold Alt to erase them. They are kept beside the picture, not in it."
    options = (
        Choice("mode", "Mode", (("draw", "Draw", "pen-sketch"), ("erase", "Erase (Alt)", "eraser"))),
        Number("size", "Size", 1, 200, suffix="px", logarithmic=True, tip="Width of the line ([ and ])"),
        SMOOTHING,
        Deed("clear", "Delete the sketch"),
    )
    largest = 200.0

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, 6.0)
        self.mode = "draw"
        self.smoothing = 10.0
        self._points: list[tuple[float, float]] = []
        self._pressures: list[float] = []
        self._steady: Stabiliser | None = None
        self._eraser: guides.Eraser | None = None

    def press(self, document: Document, pointer: Pointer) -> None:
        if (self.mode == "erase") != pointer.invert:
            self._eraser = guides.Eraser(document, max(self.size, 8 / pointer.scale))
            self._eraser.line_to(pointer.x, pointer.y)
            return
        self._points, self._pressures = [], []
        self._steady = Stabiliser(self.smoothing, scale=pointer.scale) if self.smoothing else None
        self._feed(pointer)

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._eraser is not None:
            self._eraser.line_to(pointer.x, pointer.y)
        elif self._points:
            self._feed(pointer)

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._eraser is not None:
            eraser, self._eraser = self._eraser, None
            eraser.commit()
        elif self._points:
            if self._steady is not None:
                self._keep(self._steady.finish(), 0)
            self.settle(document)

    def settle(self, document: Document) -> None:
        if self._eraser is not None:
            eraser, self._eraser = self._eraser, None
            eraser.commit()
        if self._points:
            pressed = any(pressure != 1 for pressure in self._pressures)
            ink = Guide(INK, self._points, self.size, self._pressures if pressed else None)
            self._points, self._pressures, self._steady = [], [], None
            guides.add(document, ink)

    def cancel(self, document: Document) -> bool:
        if self._eraser is not None:
            eraser, self._eraser = self._eraser, None
            eraser.roll_back()
            return True
        had = bool(self._points)
        self._points, self._pressures, self._steady = [], [], None
        return had

    def clear(self, document: Document) -> None:
        guides.clear(document, INK)

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if not self._points:
            return ()
        points, pressures = tuple(self._points), tuple(self._pressures)
        return (Line(points, Look.INK, width=self.size, pressures=pressures),)

    def _feed(self, pointer: Pointer) -> None:
        sample = as_sample(pointer)
        self._keep([sample] if self._steady is None else self._steady.feed(sample), NEAREST / pointer.scale)

    def _keep(self, samples, nearest: float) -> None:
        for sample in samples:
            if self._points:
                x, y = self._points[-1]
                if (sample.x - x) ** 2 + (sample.y - y) ** 2 < nearest**2:
                    continue
            self._points.append((sample.x, sample.y))
            self._pressures.append(min(max(sample.pressure, LEAST_PRESSURE), 1.0))

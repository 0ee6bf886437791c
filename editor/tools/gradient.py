"""Gradient and paint bucket."""

import math

from editor.document import paint
from editor.document.model import Document
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.brushes import target_of
from editor.tools.options import Choice, Number, Switch
from editor.tools.overlay import Handle, Line, Look, Shape

OPACITY = Number("opacity", "Opacity", 1, 100, suffix="%", scale=100, compact=True)
STEP = 45  # degrees, with Shift
LEAST = 3.0  # pixels of the screen that a drag must have


class Gradient(Tool):
    id = "gradient"
    name = "Gradient"
    hint = "Drag from where it begins to where it ends. Shift keeps to steps of 45°."
    options = (
        Choice(
            "kind",
            "Shape",
            (
                ("linear", "Linear", None),
                ("radial", "Radial", None),
                ("angle", "Angle", None),
                ("reflected", "Reflected", None),
                ("diamond", "Diamond", None),
            ),
        ),
        Choice(
            "colours",
            "Colours",
            (
                ("background", "Foreground to background", None),
                ("transparent", "Foreground to transparent", None),
            ),
        ),
        OPACITY,
        Switch("reverse", "Reverse"),
        Switch("dither", "Dither", tip="A little noise, so that no bands show"),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.kind, self.colours, self.opacity = "linear", "background", 1.0
        self.reverse, self.dither = False, True
        self._start: tuple[float, float] | None = None
        self._end = (0.0, 0.0)

    def press(self, document: Document, pointer: Pointer) -> None:
        target_of(self.bench, document)  # said before the drag rather than after it
        self._start = self._end = pointer.x, pointer.y

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._start is not None:
            self._end = _stepped(self._start, pointer) if pointer.constrain else (pointer.x, pointer.y)

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._start is None:
            return
        self.move(document, pointer)
        start, self._start = self._start, None
        if math.dist(start, self._end) * pointer.scale < LEAST:
            return
        layer, on_mask = target_of(self.bench, document)
        first, last = self.bench.foreground, self.bench.background
        stops = [(0.0, first), (1.0, last if self.colours == "background" else (*first, 0.0))]
        end, kind = self._end, self.kind
        how = {"opacity": self.opacity, "reverse": self.reverse, "dither": self.dither, "on_mask": on_mask}
        self.bench.run(
            document, lambda document: paint.gradient(document, layer, start, end, stops, kind, **how)
        )

    def cancel(self, document: Document) -> bool:
        had, self._start = self._start is not None, None
        return had

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if self._start is None:
            return ()
        ends = (Handle(self._start, round=True), Handle(self._end, round=True))
        return (Line((self._start, self._end), Look.LINE), *ends)


def _stepped(start: tuple[float, float], pointer: Pointer) -> tuple[float, float]:
    dx, dy = pointer.x - start[0], pointer.y - start[1]
    angle = math.radians(round(math.degrees(math.atan2(dy, dx)) / STEP) * STEP)
    length = math.hypot(dx, dy)
    return start[0] + length * math.cos(angle), start[1] + length * math.sin(angle)


class Bucket(Tool):
    id = "bucket"
    name = "Paint bucket"
    hint = "Click to fill what has a similar colour. Alt+click picks a colour."
    options = (
        Number("tolerance", "Tolerance", 0, 255, tip="How different the colours may be that are filled"),
        OPACITY,
        Switch("contiguous", "Contiguous", "contiguous", "Only what hangs together"),
        Switch(
            "sample_all", "Sample all layers", "sample-all", "Look at all layers, not only the one in hand"
        ),
        Switch("antialias", "Anti-alias", "antialias", "A smooth edge"),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.tolerance, self.opacity = 32.0, 1.0
        self.contiguous, self.sample_all, self.antialias = True, True, True

    def press(self, document: Document, pointer: Pointer) -> None:
        if pointer.invert:
            colour = paint.sample(document, pointer.x, pointer.y)
            if colour is not None:
                self.bench.foreground = colour
            return
        layer, on_mask = target_of(self.bench, document)
        point = math.floor(pointer.x), math.floor(pointer.y)
        colour, tolerance = self.bench.foreground, self.tolerance
        how = {
            "contiguous": self.contiguous,
            "sample_all": self.sample_all,
            "antialias": self.antialias,
            "opacity": self.opacity,
            "on_mask": on_mask,
        }
        self.bench.run(
            document, lambda document: paint.bucket(document, layer, point, colour, tolerance, **how)
        )

"""Brush, pencil and eraser: a stroke on the layer in hand, or on its mask."""

from weakref import ref

from editor.document import paint
from editor.document.layers import Layer
from editor.document.model import Document
from editor.tools.base import Pointer, SizedTool
from editor.tools.bench import Bench
from editor.tools.options import Number, Option, Switch
from editor.tools.overlay import Line, Shape
from editor.tools.remove_brush import HARDNESS, SIZE

OPACITY = Number(
    "opacity",
    "Opacity",
    1,
    100,
    suffix="%",
    scale=100,
    tip="The most that one stroke puts down",
    compact=True,
)
FLOW = Number(
    "flow", "Flow", 1, 100, suffix="%", scale=100, tip="What each touch of the tip puts down", compact=True
)
SPACING = Number(
    "spacing",
    "Spacing",
    1,
    200,
    suffix="%",
    scale=100,
    tip="How far apart the touches are, of the diameter",
    compact=True,
)
SMOOTHING = Number(
    "smoothing",
    "Smoothing",
    0,
    100,
    tip="Steadies the hand: the tip follows the pointer on a string",
    compact=True,
)
PRESSURE_SIZE = Switch("pressure_size", "Pressure: size", "pressure", "Pen pressure changes the size")
PRESSURE_FLOW = Switch("pressure_flow", "Pressure: flow", "gradient", "Pen pressure changes the flow")


def as_sample(pointer: Pointer) -> paint.Sample:
    return paint.Sample(pointer.x, pointer.y, pointer.pressure, *pointer.tilt)


class StrokeTool(SizedTool):
    """What all tools that draw a stroke on pixels do between the press and the release.

    A subclass makes the stroke: an object with ``extend``, ``catch_up``, ``commit`` and ``roll_back``.
    """

    def __init__(self, bench: Bench, size: float) -> None:
        super().__init__(bench, size)
        self.hardness = 1.0
        self.opacity = 1.0
        self.flow = 1.0
        self.spacing = 0.1
        self.smoothing = 0.0
        self.pressure_size = True
        self.pressure_flow = False
        self._stroke = None
        self._steady: paint.Stabiliser | None = None
        self._end: tuple[float, float] | None = None  # of the last stroke
        self._end_on: ref[Document] | None = None  # a closed picture must not stay in memory

    def make_stroke(self, document: Document, pointer: Pointer):
        """The stroke that begins here. Raises ValueError."""
        raise NotImplementedError

    def alternative(self, document: Document, pointer: Pointer) -> bool:
        """What a press with Alt does instead of a stroke. Whether it did something."""
        return False

    def tip(self) -> dict[str, object]:
        """The tip's options, as ``paint`` takes them."""
        return {
            "hardness": self.hardness,
            "flow": self.flow,
            "spacing": self.spacing,
            "pressure_size": self.pressure_size,
            "pressure_flow": self.pressure_flow,
            "tilt": True,
        }

    def press(self, document: Document, pointer: Pointer) -> None:
        if pointer.invert and self.alternative(document, pointer):
            return
        self._stroke = self.make_stroke(document, pointer)
        self._steady = paint.Stabiliser(self.smoothing, scale=pointer.scale) if self.smoothing else None
        if self._end_on is None or self._end_on() is not document:
            self._end, self._end_on = None, ref(document)
        if pointer.constrain and self._end is not None:
            self._stroke.extend([paint.Sample(*self._end, pointer.pressure)])
            self._stroke.catch_up()
        self._feed(pointer)

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._stroke is not None:
            self._feed(pointer)

    def rest(self, document: Document) -> None:
        if self._stroke is not None:
            self._stroke.catch_up()

    def release(self, document: Document, pointer: Pointer) -> None:
        if self._stroke is None:
            return
        if self._steady is not None:
            self._stroke.extend(self._steady.finish())
        self._end = pointer.x, pointer.y
        stroke, self._stroke, self._steady = self._stroke, None, None
        self.finish_stroke(document, stroke)

    def finish_stroke(self, document: Document, stroke) -> None:
        """Record a stroke that has come to its end."""
        stroke.commit()

    def settle(self, document: Document) -> None:
        if self._stroke is not None:
            stroke, self._stroke = self._stroke, None
            self.finish_stroke(document, stroke)

    def cancel(self, document: Document) -> bool:
        if self._stroke is None:
            return False
        stroke, self._stroke, self._steady = self._stroke, None, None
        stroke.roll_back()
        return True

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        """The string from the pointer to the tip, while smoothing holds the tip back."""
        if self._steady is None or self._steady.place is None or self._pointer_at is None:
            return ()
        return (Line((self._steady.place, self._pointer_at)),)

    _pointer_at: tuple[float, float] | None = None

    def _feed(self, pointer: Pointer) -> None:
        self._pointer_at = pointer.x, pointer.y
        sample = as_sample(pointer)
        samples = [sample] if self._steady is None else self._steady.feed(sample)
        if samples:
            self._stroke.extend(samples)


class Brush(StrokeTool):
    id = "brush"
    name = "Brush"
    hint = "Paint with the foreground colour. Alt+click picks a colour, Shift+click draws a straight line."
    options: tuple[Option, ...] = (
        SIZE,
        HARDNESS,
        OPACITY,
        FLOW,
        SPACING,
        SMOOTHING,
        PRESSURE_SIZE,
        PRESSURE_FLOW,
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, 40.0)
        self.hardness = 0.8

    def make_stroke(self, document: Document, pointer: Pointer) -> paint.Stroke:
        layer, on_mask = target_of(self.bench, document)
        return paint.Stroke(
            document,
            layer,
            self.bench.foreground,
            self.size,
            opacity=self.opacity,
            on_mask=on_mask,
            **self.tip(),
        )

    def alternative(self, document: Document, pointer: Pointer) -> bool:
        colour = paint.sample(document, pointer.x, pointer.y)
        if colour is not None:
            self.bench.foreground = colour
        return True


class Pencil(Brush):
    id = "pencil"
    name = "Pencil"
    hint = "Draw with hard edges, pixel by pixel. Alt+click picks a colour."
    options = (SIZE, OPACITY, SPACING, SMOOTHING, PRESSURE_SIZE)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.size = 3.0

    def tip(self) -> dict[str, object]:
        return super().tip() | {"pencil": True, "hardness": 1.0, "flow": 1.0}


class Eraser(StrokeTool):
    id = "eraser"
    name = "Eraser"
    hint = "Erase to transparency; on a layer mask, hide."
    options = (SIZE, HARDNESS, OPACITY, FLOW, SMOOTHING, PRESSURE_SIZE, PRESSURE_FLOW)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, 60.0)

    def make_stroke(self, document: Document, pointer: Pointer) -> paint.Stroke:
        layer, on_mask = target_of(self.bench, document)
        return paint.Stroke(
            document, layer, size=self.size, opacity=self.opacity, erase=True, on_mask=on_mask, **self.tip()
        )


def target_of(bench: Bench, document: Document) -> tuple[Layer, bool]:
    """The layer to paint on, and whether its mask is meant. Raises ValueError if it has no pixels."""
    if bench.masks(document):
        return bench.layer_of(document), True
    return bench.pixel_layer_of(document), False

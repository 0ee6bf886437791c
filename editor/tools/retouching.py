"""Clone stamp and healing: paint with what the picture has elsewhere."""

from editor.document import paint
from editor.document.model import Document
from editor.document.progress import commit, in_owner
from editor.tools.base import Pointer
from editor.tools.bench import Bench
from editor.tools.brushes import FLOW, OPACITY, PRESSURE_SIZE, StrokeTool, target_of
from editor.tools.options import Choice, Switch
from editor.tools.overlay import Line, Shape
from editor.tools.remove_brush import HARDNESS, SIZE

SAMPLE = Choice(
    "sample",
    "Sample",
    (("layer", "Current layer", None), ("below", "Current and below", None), ("all", "All layers", None)),
    tip="Which layers are copied from",
)
ALIGNED = Switch("aligned", "Aligned", "link", "Each stroke goes on from where the source would be by now")
_ARM = 7.0  # of the cross at the source, in pixels of the screen


class _FromElsewhere(StrokeTool):
    """A stroke with a source, which Alt+click sets."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, 60.0)
        self.hardness = 0.5
        self.sample = "below"
        self.aligned = True
        self._source: paint.CloneSource | None = None
        self._copied_from: tuple[float, float, float] | None = None  # where the cross is, and the scale
        self._offset: tuple[int, int] | None = None

    def alternative(self, document: Document, pointer: Pointer) -> bool:
        self._source = paint.CloneSource(pointer.x, pointer.y, self.aligned)
        self._offset, self._copied_from = None, (pointer.x, pointer.y, pointer.scale)
        return True

    def offset(self, pointer: Pointer) -> tuple[int, int]:
        """From where the stroke begins to where it copies from. Raises ValueError without a source."""
        if self._source is None:
            raise ValueError("Hold Alt and click on what should be copied first.")
        self._source.aligned = self.aligned
        self._offset = self._source.offset(pointer.x, pointer.y)
        return self._offset

    def move(self, document: Document, pointer: Pointer) -> None:
        self._follow(pointer)
        super().move(document, pointer)

    def hover(self, document: Document, pointer: Pointer) -> None:
        if self.aligned:
            self._follow(pointer)

    def _follow(self, pointer: Pointer) -> None:
        if self._offset is not None:
            self._copied_from = (
                pointer.x + self._offset[0],
                pointer.y + self._offset[1],
                pointer.scale,
            )

    def shapes(self, document: Document) -> tuple[Shape, ...]:
        if self._copied_from is None:
            return super().shapes(document)
        x, y, scale = self._copied_from
        arm = _ARM / scale
        cross = (Line(((x - arm, y), (x + arm, y))), Line(((x, y - arm), (x, y + arm))))
        return (*super().shapes(document), *cross)


class Stamp(_FromElsewhere):
    id = "stamp"
    name = "Clone stamp"
    hint = "Alt+click on what should be copied, then paint it elsewhere."
    options = (SIZE, HARDNESS, OPACITY, FLOW, SAMPLE, ALIGNED, PRESSURE_SIZE)

    def make_stroke(self, document: Document, pointer: Pointer) -> paint.CloneStroke:
        layer, on_mask = target_of(self.bench, document)
        return paint.CloneStroke(
            document,
            layer,
            self.offset(pointer),
            self.size,
            sample=self.sample,
            opacity=self.opacity,
            on_mask=on_mask,
            **self.tip(),
        )


def _heal(document: Document, bench: Bench, stroke: paint.HealStroke) -> None:
    """Blend a stroke in: the wider it is the longer that takes."""
    stroke.catch_up()

    def blend(_: Document) -> None:
        try:
            stroke.solve()
            commit(stroke.commit)
        except BaseException:
            in_owner(stroke.roll_back)
            raise

    bench.run(document, blend)


class Healing(_FromElsewhere):
    id = "healing"
    name = "Healing brush"
    hint = "Alt+click on clean skin or texture, then paint over a flaw: light and colour are matched."
    options = (SIZE, HARDNESS, SAMPLE, ALIGNED, PRESSURE_SIZE)

    def make_stroke(self, document: Document, pointer: Pointer) -> paint.HealStroke:
        return paint.HealStroke(
            document,
            self.bench.pixel_layer_of(document),
            self.offset(pointer),
            self.size,
            sample=self.sample,
            **self.tip(),
        )

    def finish_stroke(self, document: Document, stroke: paint.HealStroke) -> None:
        _heal(document, self.bench, stroke)


class SpotHealing(StrokeTool):
    id = "spot-healing"
    name = "Spot healing"
    hint = "Click or paint over a spot; it is covered with what lies around it."
    options = (SIZE, HARDNESS, SAMPLE, PRESSURE_SIZE)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, 40.0)
        self.hardness = 0.8
        self.sample = "below"

    def make_stroke(self, document: Document, pointer: Pointer) -> paint.HealStroke:
        return paint.HealStroke(
            document,
            self.bench.pixel_layer_of(document),
            None,
            self.size,
            sample=self.sample,
            **self.tip(),
        )

    def finish_stroke(self, document: Document, stroke: paint.HealStroke) -> None:
        _heal(document, self.bench, stroke)

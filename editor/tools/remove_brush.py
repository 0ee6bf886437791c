"""The Remove brush: marks what should go."""

from weakref import ref

from editor.document import masks
from editor.document.history import Part, TileSwap
from editor.document.model import Document
from editor.document.tiles import TileWriter
from editor.tools.base import Pointer, SizedTool
from editor.tools.bench import Bench
from editor.tools.options import ADD_OR_SUBTRACT, Number

LEAST_PRESSURE = 0.15  # a feather touch of the pen still draws

SIZE = Number(
    "size",
    "Size",
    SizedTool.smallest,
    SizedTool.largest,
    suffix="px",
    logarithmic=True,
    tip="Diameter of the brush ([ and ])",
)
HARDNESS = Number(
    "hardness",
    "Hardness",
    0,
    100,
    suffix="%",
    scale=100,
    tip="100 % has a sharp edge, 0 % fades out from the middle",
)


class RemoveBrush(SizedTool):
    """Paints the selection, which Remove then fills. ``hardness`` runs from 0 to 1."""

    id = "remove-brush"
    name = "Remove brush"
    hint = "Brush over what should go, then press Enter."
    options = (ADD_OR_SUBTRACT, SIZE, HARDNESS)
    selects = True
    veils = True

    def __init__(self, bench: Bench, size: float = 80.0, hardness: float = 1.0) -> None:
        super().__init__(bench, size)
        self.how = "add"  # or "subtract"
        self.hardness = hardness
        self._writer: TileWriter | None = None
        self._last: Pointer | None = None
        self._last_on: ref[Document] | None = None  # a closed picture must not stay in memory
        self._subtracting = False

    def press(self, document: Document, pointer: Pointer) -> None:
        self._writer = TileWriter(document.selection)
        self._subtracting = (self.how == "subtract") != pointer.invert
        if self._last_on is None or self._last_on() is not document:
            self._last, self._last_on = None, ref(document)
        start = self._last if pointer.constrain and self._last is not None else pointer
        self._draw(document, start, pointer)

    def move(self, document: Document, pointer: Pointer) -> None:
        if self._writer is not None and self._last is not None:
            self._draw(document, self._last, pointer)

    def release(self, document: Document, pointer: Pointer) -> None:
        self.settle(document)
        self._writer = None

    def settle(self, document: Document) -> None:
        if self._writer is None:
            return
        before, self._writer = self._writer.before, TileWriter(document.selection)
        if before:
            name = "Remove brush, subtract" if self._subtracting else self.name
            document.record(name, TileSwap(document.selection, before, Part.SELECTION))

    def cancel(self, document: Document) -> bool:
        if self._writer is None:
            return False
        touched = TileSwap(document.selection, dict(self._writer.before), Part.SELECTION).area
        self._writer.roll_back()
        self._writer = None
        document.notify(touched, Part.SELECTION)
        return True

    def _draw(self, document: Document, start: Pointer, end: Pointer) -> None:
        assert self._writer is not None
        radii = (self._radius_at(start), self._radius_at(end))
        area = masks.draw_segment(
            self._writer,
            (start.x, start.y),
            (end.x, end.y),
            radii,
            self.hardness,
            document.rect,
            erase=self._subtracting,
        )
        self._last = end
        if area:
            document.notify(area, Part.SELECTION)

    def _radius_at(self, pointer: Pointer) -> float:
        return self.radius * max(pointer.pressure, LEAST_PRESSURE)

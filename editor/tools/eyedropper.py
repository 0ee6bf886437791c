"""The eyedropper: a colour out of the picture."""

from editor.document import paint
from editor.document.model import Document
from editor.tools.base import Pointer, Tool
from editor.tools.bench import Bench
from editor.tools.options import Choice


class Eyedropper(Tool):
    id = "eyedropper"
    name = "Eyedropper"
    hint = "Click to take the foreground colour from the picture; with Alt the background colour."
    cursor = "eyedropper"
    options = (
        Choice(
            "size",
            "Sample",
            (
                (1, "One pixel", None),
                (3, "3 × 3 mean", None),
                (5, "5 × 5 mean", None),
                (11, "11 × 11 mean", None),
            ),
        ),
        Choice("source", "From", (("all", "All layers", None), ("layer", "Current layer", None))),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.size, self.source = 1, "all"

    def press(self, document: Document, pointer: Pointer) -> None:
        layer = self.bench.pixel_layer_of(document) if self.source == "layer" else None
        colour = paint.sample(document, pointer.x, pointer.y, self.size, layer)
        if colour is None:
            return
        if pointer.invert:
            self.bench.background = colour
        else:
            self.bench.foreground = colour

    def move(self, document: Document, pointer: Pointer) -> None:
        self.press(document, pointer)

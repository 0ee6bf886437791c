"""The magic wand: what is coloured like the place that is clicked on."""

import math

from editor.document import select
from editor.document.model import Document
from editor.tools.base import Pointer
from editor.tools.bench import Bench
from editor.tools.options import HOW, Number, Switch
from editor.tools.selecting import ANTIALIAS, SelectingTool


class Wand(SelectingTool):
    """Selects by colour, on the layer in hand or in the whole picture."""

    id = "wand"
    name = "Magic wand"
    hint = "Click on a colour to select it. Shift adds to the selection, Alt takes away."
    options = (
        HOW,
        Number("tolerance", "Tolerance", 0, 255, tip="How different a colour may be and still belong"),
        ANTIALIAS,
        Switch("contiguous", "Contiguous", "contiguous", "Only what hangs together with the place"),
        Switch(
            "sample_all", "Sample all layers", "sample-all", "All layers, as they show, not just this one"
        ),
    )

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.tolerance = 32.0
        self.contiguous = True
        self.sample_all = True

    def begin(self, document: Document, pointer: Pointer) -> None:
        x, y = math.floor(pointer.x), math.floor(pointer.y)
        if not (0 <= x < document.width and 0 <= y < document.height):
            if self._way == "replace":
                select.nothing(document)
            return
        layer = None if self.sample_all else self.bench.layer_of(document)
        way, tolerance, how = self._way, self.tolerance, {"antialias": self.antialias}
        how |= {"contiguous": self.contiguous, "layer": layer}
        self.bench.run(document, lambda document: select.wand(document, (x, y), tolerance, way, **how))

    def click(self, document: Document, pointer: Pointer) -> None:
        self.begin(document, pointer)

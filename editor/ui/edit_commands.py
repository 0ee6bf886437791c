"""The Edit menu: the clipboard, filling and clearing, and free transform."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from editor.document.model import Document
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.document.layers import Layer
    from editor.tools.bench import Colour
    from editor.ui.clipboard import Clipboard
    from editor.ui.window import Window


class EditCommands:
    """What the entries of the Edit menu do; what they are made of is imported with the first of them."""

    def __init__(self, window: "Window") -> None:
        self._window = window

    @cached_property
    def clipboard(self) -> "Clipboard":
        from editor.ui.clipboard import Clipboard

        return Clipboard()

    # -- the clipboard --------------------------------------------------------------------------------

    def cut(self) -> None:
        """Copy, and make transparent where that was."""
        from editor.document import paint

        if self._copy(merged=False):
            layer = self._layer
            name = "Cut"
            self._window.editing.run(lambda document: paint.clear(document, layer, name))

    def copy(self) -> None:
        self._copy(merged=False)

    def copy_merged(self) -> None:
        """What shows of all layers."""
        self._copy(merged=True)

    def _copy(self, *, merged: bool) -> bool:
        """Whether there was anything to copy; if not it is told."""
        from editor.document import paint

        window, document = self._window, self._window.document
        if document is None:
            return False
        window.settle(document)
        try:
            found = paint.copy(document, None if merged else window.bench.pixel_layer_of(document))
        except ValueError as refusal:
            window.tell(str(refusal), "warning")
            return False
        if found is None:
            window.tell("There is nothing to copy on this layer where something is selected.", "warning")
            return False
        pixels, x, y = found
        self.clipboard.put(pixels, document.metadata.icc, x, y)
        return True

    def paste(self) -> None:
        """A new layer, in the middle of what is selected or of what is seen."""
        self._paste(in_place=False)

    def paste_in_place(self) -> None:
        """A new layer, where it was copied."""
        self._paste(in_place=True)

    def _paste(self, *, in_place: bool) -> None:
        from editor.document import paint
        from editor.ui.clipboard import in_profile_of

        window, document = self._window, self._window.document
        if document is None:
            return
        copied = self.clipboard.get()
        if copied is None:
            window.tell("There is no picture on the clipboard.", "warning")
            return
        pixels, above = in_profile_of(copied, document.metadata.icc), self._layer
        if in_place and copied.place is not None:
            x, y = copied.place
        else:
            middle_x, middle_y = self._middle(document)
            x, y = round(middle_x - pixels.shape[1] / 2), round(middle_y - pixels.shape[0] / 2)
        name = tr("Pasted")
        window.editing.run(lambda document: paint.paste(document, pixels, x, y, above=above, name=name))

    def _middle(self, document: Document) -> tuple[float, float]:
        """Of what is selected; if nothing is, of what is seen of the picture."""
        box = document.selection.bounds()
        if box:
            return box.x + box.width / 2, box.y + box.height / 2
        canvas = self._window.canvas
        corners = QRectF(canvas.rect())
        points = [
            canvas.view.to_image(corner)
            for corner in (corners.topLeft(), corners.topRight(), corners.bottomLeft(), corners.bottomRight())
        ]
        middle = []
        for axis, length in ((0, document.width), (1, document.height)):
            low, high = (limit(point[axis] for point in points) for limit in (min, max))
            middle.append((max(low, 0) + min(high, length)) / 2)
        return middle[0], middle[1]

    # -- filling --------------------------------------------------------------------------------------

    def fill(self) -> None:
        """Ask what with."""
        from editor.ui.forms.fill import FillForm

        if self._window.document is not None:
            form = FillForm(self._window.bench, self._window)
            form.chosen.connect(self._fill)
            form.open()

    def fill_foreground(self) -> None:
        self._fill(self._window.bench.foreground)

    def fill_background(self) -> None:
        self._fill(self._window.bench.background)

    def _fill(self, colour: "Colour", opacity: float = 1.0) -> None:
        from editor.document import paint

        def fill(document: Document, layer: "Layer", on_mask: bool) -> None:
            paint.fill(document, layer, colour, opacity=opacity, on_mask=on_mask)

        self._on_target(fill)

    def clear(self) -> None:
        """What the tool has open loses its last step; otherwise what is selected is cleared, and where
        nothing is selected the layer is deleted."""
        window, document = self._window, self._window.document
        if document is None or window.canvas.delete():
            return
        if not document.selection.tiles:
            window.delete_layers()
            return

        def clear(document: Document, layer: "Layer", on_mask: bool) -> None:
            from editor.document import paint

            if on_mask:
                paint.fill(document, layer, window.bench.background, on_mask=True)
            else:
                paint.clear(document, layer)

        self._on_target(clear)

    def _on_target(self, edit: "Callable[[Document, Layer, bool], None]") -> None:
        """Run an edit on the layer in hand, or on its mask."""
        window, document = self._window, self._window.document
        if document is not None:
            layer, on_mask = window.bench.layer_of(document), window.bench.masks(document)
            window.editing.run(lambda document: edit(document, layer, on_mask))

    @property
    def _layer(self) -> "Layer":
        return self._window.bench.layer_of(self._window.document)

    # -- free transform -------------------------------------------------------------------------------

    def free_transform(self) -> None:
        """Take the chosen layer, or what is selected of it, up with the transform tool."""
        window, document = self._window, self._window.document
        if document is None:
            return
        window.settle(document)
        tool = window.tools.tool("transform")
        try:
            tool.begin(document)
        except ValueError as refusal:
            window.tell(str(refusal), "warning")
        else:
            window.tools.use("transform")

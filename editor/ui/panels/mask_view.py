"""A layer's mask, seen alone in the picture's place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from editor.document.layers import Layer
from editor.document.tiles import TiledImage

if TYPE_CHECKING:
    from editor.ui.canvas import Canvas
    from editor.ui.side_panels import SidePanels


class MaskView(QObject):
    """Shows the mask of the layer in hand until another is in hand, or it is told to end."""

    def __init__(self, panels: "SidePanels") -> None:
        super().__init__(panels)
        self._panels = panels
        self._canvas: Canvas | None = None  # that shows it
        self._shown: TiledImage | None = None
        self.layer: Layer | None = None

    def toggle(self) -> None:
        """See the mask of the layer in hand, or the picture again."""
        layer = self._panels.current_layer
        if self.layer is not None:
            self.end()
        elif layer is not None:
            self.show(layer)

    def show(self, layer: Layer) -> None:
        """See the mask of ``layer``, which is then in hand; the picture again if it is seen already."""
        if layer is self.layer or layer.mask is None:
            self.end()
            return
        self.end()
        self._panels.choose(layer)
        self.layer, self._canvas = layer, self._panels.canvas
        self._panels.set_on_mask(True)
        self.follow()

    def follow(self) -> None:
        """Another layer may be in hand, or have another mask."""
        if self.layer is None:
            return
        mask = self.layer.mask
        if (
            self._panels.canvas is not self._canvas
            or self._panels.current_layer is not self.layer
            or not mask
        ):
            self.end()
        elif mask.image is not self._shown:
            self._shown = mask.image
            self._canvas.picture.show_alone(mask.image)

    def end(self) -> None:
        """The picture again."""
        canvas, self._canvas, self._shown, self.layer = self._canvas, None, None, None
        if canvas is not None:
            canvas.picture.show_alone(None)
            self._panels.chosen_changed.emit()

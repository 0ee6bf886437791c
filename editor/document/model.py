"""A document: what one window tab edits and one file holds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from editor.document.composite import composite
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.history import AttributeSwap, Edit, History, Part
from editor.document.layers import Layer
from editor.document.tiles import TiledImage


@dataclass(frozen=True)
class Change:
    """What an observer has to look at again."""

    area: Rect
    parts: Part


class Document:
    """Layers of one size and depth, a mask of what to change, and their history.

    ``layers`` runs from the bottom up and is a tuple: an edit of the stack swaps the whole tuple. ``mask``
    has one uint8 channel, 0 = keep, 255 = change here. Observers in ``observers`` are called, in the
    thread that edits, after every change.
    """

    def __init__(
        self,
        layers: tuple[Layer, ...],
        *,
        grey: bool = False,
        has_alpha: bool = False,
        metadata: Metadata | None = None,
        path: Path | None = None,
    ) -> None:
        image = layers[0].image
        self.width, self.height, self.dtype = image.width, image.height, image.dtype
        self.layers = layers
        self.background = layers[0]  # what was opened; without alpha unless ``has_alpha``
        self.mask = TiledImage(self.width, self.height, 1, np.uint8)
        self.grey = grey
        self.has_alpha = has_alpha
        self.metadata = metadata or Metadata()
        self.path = path
        self.history = History()
        self.observers: list[Callable[[Change], None]] = []

    @property
    def rect(self) -> Rect:
        return Rect(0, 0, self.width, self.height)

    @property
    def bits(self) -> int:
        """Bits per channel: 8 or 16."""
        return self.dtype.itemsize * 8

    def composite(self, area: Rect) -> np.ndarray:
        """What shows of ``area``: (height, width, 4) straight-alpha RGBA of the document's depth."""
        return composite(self.layers, area)

    def edit(self, name: str, edit: Edit) -> None:
        """Make an edit and record it; one that fails is not recorded and must change nothing."""
        edit.swap()
        self.record(name, edit)

    def record(self, name: str, edit: Edit) -> None:
        """Record an edit whose new state is in place already (a finished brush stroke)."""
        self.history.push(name, edit)
        self.notify(edit.area, edit.parts)

    def undo(self) -> None:
        if self.history.can_undo:
            edit = self.history.undo()
            self.notify(edit.area, edit.parts)

    def redo(self) -> None:
        if self.history.can_redo:
            edit = self.history.redo()
            self.notify(edit.area, edit.parts)

    def go_to(self, position: int) -> None:
        """Undo or redo until ``position`` entries of the history are done."""
        while self.history.position > position:
            self.undo()
        while self.history.position < position:
            self.redo()

    def notify(self, area: Rect, parts: Part) -> None:
        """Tell the observers; also used for a stroke that is still being drawn."""
        change = Change(area, parts)
        for observer in list(self.observers):
            observer(change)

    def set_layer(self, layer: Layer, attribute: str, value: object, name: str) -> None:
        """Change one attribute of a layer (its ``visible``, ``opacity``, ``blend_mode`` or ``name``).

        That is one entry, called ``name``.
        """
        parts = Part.LAYERS if attribute == "name" else Part.LAYERS | Part.PIXELS
        self.edit(name, AttributeSwap(layer, attribute, value, parts=parts, area=layer.image.filled()))

    def set_layers(self, layers: tuple[Layer, ...], name: str) -> None:
        """Replace the stack (add, delete, reorder), as one entry called ``name``."""
        self.edit(name, self.stack_edit(layers))

    def stack_edit(self, layers: tuple[Layer, ...]) -> AttributeSwap:
        """The edit that makes ``layers`` the stack, for use inside a larger one."""
        changed = set(layers) ^ set(self.layers)
        if not changed:
            changed = set(layers)  # reordered
        area = Rect(0, 0, 0, 0)
        size = 0
        for layer in changed:
            area = area.united(layer.image.filled())
            size += sum(tile.nbytes for tile in layer.image.tiles.values())
        return AttributeSwap(self, "layers", layers, parts=Part.LAYERS | Part.PIXELS, area=area, size=size)

"""One fill that is being changed: its selection, engine and seed, until the user is done with it."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from editor.document import guides, select
from editor.document.history import Part
from editor.document.layers import Lock, PixelLayer
from editor.document.model import Change, Document
from editor.document.stack import refuse_locked
from editor.document.tiles import TiledImage
from editor.jobs.refill import FillLayer
from editor.jobs.remove import Fill
from editor.ui.canvas import Canvas
from editor.ui.compare import Look
from editor.ui.fill_preview import FillPreview, zone
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.prompting.bar import PromptBar
    from editor.ui.refill_bar import RefillBar
    from editor.ui.remove_commands import RemoveCommands


class Refill(QObject):
    """Shows the bar for one fill layer of a canvas; ``removing`` makes the fills.

    A fill that has just been made is seen without the veil of the selection, and beside the first one, until
    something else is selected. ``ended`` comes last: the bar is gone. It carries the line that says why,
    empty if it was the user's wish.
    """

    ended = Signal(str)

    def __init__(
        self,
        canvas: Canvas,
        layer: PixelLayer,
        bar: "RefillBar | PromptBar",
        removing: "RemoveCommands",
        parent: QObject,
    ) -> None:
        """Raises Locked. The ``bar`` is shown, and goes with this."""
        refuse_locked(canvas.document, layer, Lock.PIXELS | Lock.ALPHA)
        super().__init__(parent)
        self.layer, self.target = layer, FillLayer(layer)
        self._canvas, self._document = canvas, canvas.document
        self._recipe = layer.recipe  # of the fill that is known; each one has a recipe of its own
        self._first_image = layer.image.snapshot()
        self._first: FillPreview | None = None  # made with the first result
        self._is_open = True
        self.bar = bar
        self.bar.run.connect(removing.start)
        self.bar.vary.connect(removing.vary)
        self.bar.done.connect(self.close)
        self.bar.set_name(layer.name)
        self.knows_engine = self._show_recipe()
        self.bar.show()
        self._document.observers.append(self._on_document)

    def load(self, document: Document) -> None:
        """Put the fill's lines back if they are gone, and select what it covers: one entry each."""
        guides.add(document, *self.target.lines_to_restore(document))
        select.from_alpha(document, self.layer)

    def show_selection(self) -> None:
        """Show the canvas as it always is, with the veil over what is selected."""
        if self._first is not None:
            self._canvas.comparison.clear_sides()
            self._first.look.picture.deleteLater()
            self._first = None

    def _show_result(self) -> None:
        """Show the fill as it is now without the veil, and the first one in its place or beside it."""
        self._recipe = self.layer.recipe
        self._show_recipe()
        if self._first is None:
            first = Fill(self._first_image, self._recipe, TiledImage(1, np.uint8))
            self._first = FillPreview(self._canvas, self.target, first, tr("Before"), self)
        areas = (zone(image, self._document) for image in (self._first_image, self.layer.image))
        area = next(areas).united(next(areas))
        before = Look(tr("Before"), self._first.look.picture, area)
        self._canvas.comparison.set_sides(before, Look(tr("Now"), self._canvas.picture, area))

    def _show_recipe(self) -> bool:
        return self.bar.set_recipe(self._recipe)

    def close(self) -> None:
        """The user is done."""
        self._end("")

    def _end(self, words: str) -> None:
        if self._is_open:
            self._is_open = False
            self._document.observers.remove(self._on_document)
            self.show_selection()
            self.bar.release()
            self.deleteLater()
            self.ended.emit(words)

    def _on_document(self, change: Change) -> None:
        if not self.target.is_there(self._document):
            words = tr("The fill “{name}” is no longer in the picture.").format(name=self.layer.name)
            self._end(words)
        elif change.parts & Part.CANVAS:
            self._first_image, self._recipe = self.layer.image.snapshot(), self.layer.recipe
            self.show_selection()
        elif change.parts & Part.SELECTION:
            self.show_selection()
        elif self.layer.recipe is not self._recipe:
            self._show_result()
        elif self._first is not None:
            self._first.follow(change)
        if change.parts & Part.LAYERS and self._is_open:
            self.bar.set_name(self.layer.name)

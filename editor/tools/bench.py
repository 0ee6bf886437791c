"""What the tools have in common: the colours, the layer in hand, and a way to say something."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from editor.document.layers import Layer, PixelLayer, walk
from editor.document.model import Document

if TYPE_CHECKING:
    from editor.jobs.select import Selected
    from editor.tools.base import Tool
    from editor.tools.click_select import Where
    from engines.portrait.requests import Face

Colour = tuple[float, float, float]

BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


class Bench:
    """One for a window; the window keeps ``layer`` and ``on_mask`` as the Layers panel has them.

    Colours are red, green and blue, 0..1, in the document's space. ``observers`` are called when a colour
    changed. ``tell`` shows a line to the user, at the level "info", "warning" or "error".

    The other attributes that are functions the window sets to its own. ``picked``: a tool has chosen a layer.
    ``take(id)`` takes another tool in hand, ``put_down(tool)`` the one from before if that is in hand.
    ``tool_changed``: a tool has changed its own options, or what it has open. ``run(document, edit)`` makes
    an edit that may take a while, and tells what it refuses. ``look(document)`` has the picture looked at in
    good time for ``find(document, where, answer)``, which finds the object that is meant and calls ``answer``
    with it, later, or with None if there is none. ``faces(document, answer)`` has the faces of the picture
    found, and ``sketch(document, face)`` shows the sketch of one.
    """

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        self.tell = tell
        self.layer: Layer | None = None
        self.on_mask = False  # the layer's mask is meant, not its pixels
        self.observers: list[Callable[[], None]] = []
        self._foreground, self._background = BLACK, WHITE
        self.picked: Callable[[Layer], None] = lambda layer: None
        self.take: Callable[[str], Tool | None] = lambda tool_id: None
        self.put_down: Callable[[Tool], None] = lambda tool: None
        self.tool_changed: Callable[[], None] = lambda: None
        self.run: Callable[[Document, Callable[[Document], object]], None] = _at_once
        self.look: Callable[[Document], None] = lambda document: None
        self.find: Callable[[Document, Where, Callable[[Selected | None], None]], None] = _nothing
        self.faces: Callable[[Document, Callable[[tuple[Face, ...]], None]], None] = _nobody
        self.sketch: Callable[[Document, Face], None] = lambda document, face: None

    @property
    def foreground(self) -> Colour:
        return self._foreground

    @foreground.setter
    def foreground(self, colour: Colour) -> None:
        self._set(colour, self._background)

    @property
    def background(self) -> Colour:
        return self._background

    @background.setter
    def background(self, colour: Colour) -> None:
        self._set(self._foreground, colour)

    def swap_colours(self) -> None:
        self._set(self._background, self._foreground)

    def reset_colours(self) -> None:
        """Black on white."""
        self._set(BLACK, WHITE)

    def _set(self, foreground: Colour, background: Colour) -> None:
        if (foreground, background) != (self._foreground, self._background):
            self._foreground, self._background = foreground, background
            for observer in list(self.observers):
                observer()

    def pick(self, layer: Layer) -> None:
        """Choose a layer to work on."""
        self.layer, self.on_mask = layer, False
        self.picked(layer)

    def layer_of(self, document: Document) -> Layer:
        """The layer in hand, or the uppermost if none of this document is."""
        if self.layer is not None and self.layer in walk(document.layers):
            return self.layer
        return document.layers[-1]

    def masks(self, document: Document) -> bool:
        """Whether the mask of the layer in hand is to be painted on."""
        return self.on_mask and self.layer_of(document).mask is not None

    def pixel_layer_of(self, document: Document) -> PixelLayer:
        """The layer in hand. Raises ValueError, with a line for the user, if it has no pixels of its own."""
        layer = self.layer_of(document)
        if not isinstance(layer, PixelLayer):
            raise ValueError(f"The layer “{layer.name}” has no pixels of its own. Choose another layer.")
        return layer


def _at_once(document: Document, edit: Callable[[Document], object]) -> None:
    edit(document)


def _nothing(document: Document, where: "Where", answer: Callable[["Selected | None"], None]) -> None:
    answer(None)


def _nobody(document: Document, answer: Callable[[tuple["Face", ...]], None]) -> None:
    answer(())

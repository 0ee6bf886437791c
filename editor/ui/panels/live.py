"""A value of a layer that is shown while a control is dragged, and recorded once, when that is over."""

from collections.abc import Callable

from editor.document.geometry import NOWHERE
from editor.document.history import Part
from editor.document.layers import Layer, walk
from editor.document.model import Document


class LiveValue:
    """One attribute of whatever layer is being changed.

    ``finish`` has to end the control's gesture, which comes back as ``record``; ``follow`` has to show the
    layer's own value in the control again.
    """

    showing = False  # any of them: the observers are being told of what is only shown

    def __init__(self, attribute: str, finish: Callable[[], None], follow: Callable[[], None]) -> None:
        self._attribute, self._finish, self._follow = attribute, finish, follow
        self._running: tuple[Document, Layer, object, object] | None = None  # the last: what is shown

    @property
    def before(self) -> object | None:
        """The value from before the gesture; None while there is none."""
        return None if self._running is None else self._running[2]

    def show(self, document: Document, layer: Layer, value: object) -> None:
        """Put a value in place for now."""
        before = getattr(layer, self._attribute) if self._running is None else self._running[2]
        self._running = document, layer, before, value
        self._put(document, layer, value)

    def record(self, name: str) -> None:
        """Make what is shown one entry of the history, if it differs from what was."""
        if self._running is None:
            return
        (document, layer, before, value), self._running = self._running, None
        if value == before:
            self._put(document, layer, before)
            return
        setattr(layer, self._attribute, before)
        document.set_layer(layer, self._attribute, value, name)

    def take_back(self) -> None:
        """Put the value from before the gesture in place again."""
        if self._running is None:
            return
        (document, layer, before, value), self._running = self._running, None
        if getattr(layer, self._attribute) == value:
            self._put(document, layer, before)

    def interrupted(self) -> None:
        """Something else changed in the middle of a gesture, and the history must stay in order."""
        if self._running is None:
            return
        document, layer, _, _ = self._running
        if document.history.can_redo or layer not in walk(document.layers):
            # It was an undo: to record the gesture now would throw away what can be redone.
            self.take_back()
            self._follow()
        else:
            self._finish()

    def _put(self, document: Document, layer: Layer, value: object) -> None:
        setattr(layer, self._attribute, value)
        tell_shown(document, layer)


def tell_shown(document: Document, *layers: Layer) -> None:
    """Let the observers look again at layers of which something is only shown, not recorded."""
    area = NOWHERE
    for layer in layers:
        area = area.united(document.extent(layer))
    LiveValue.showing = True
    try:
        document.notify(area, Part.LAYERS | Part.PIXELS)
    finally:
        LiveValue.showing = False

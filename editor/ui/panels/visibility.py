"""Hiding and showing layers by their eyes: many in one drag, or all but one."""

from editor.document import stack
from editor.document.layers import Group, Layer, walk
from editor.document.model import Document
from editor.ui.panels.live import tell_shown


class EyeDrag:
    """Layers hidden, or shown, one after the other while the button is held: one entry in the end."""

    def __init__(self, document: Document, visible: bool) -> None:
        self._document, self._visible = document, visible
        self._changed: list[Layer] = []

    def add(self, layer: Layer) -> None:
        """Hide or show one more, for now."""
        if layer.visible != self._visible:
            layer.visible = self._visible
            self._changed.append(layer)
            tell_shown(self._document, layer)

    def commit(self) -> None:
        """Make it one entry of the history."""
        for layer in self._changed:
            layer.visible = not self._visible
        stack.set_visible(self._document, dict.fromkeys(self._changed, self._visible))

    def take_back(self) -> None:
        """As if nothing had been."""
        for layer in self._changed:
            layer.visible = not self._visible
        tell_shown(self._document, *self._changed)


class Solo:
    """One layer shown alone; what the others were is known until one of them is changed."""

    def __init__(self) -> None:
        self._layer: Layer | None = None
        self._before: dict[Layer, bool] = {}

    def toggle(self, document: Document, layer: Layer) -> None:
        """Hide all others, or, if that was done already, show again what it hid."""
        others = _others(document, layer)
        if layer is self._layer and layer.visible and not any(other.visible for other in others):
            before = {each: visible for each, visible in self._before.items() if each in others}
            self._layer = None
            stack.set_visible(document, before, "Show all layers again")
            return
        around = [*document.groups_around(layer), layer]
        self._layer, self._before = layer, {other: other.visible for other in others}
        shown = dict.fromkeys(others, False) | dict.fromkeys(around, True)
        stack.set_visible(document, shown, "Show this layer alone")


def _others(document: Document, layer: Layer) -> set[Layer]:
    """What is to be hidden so that nothing but ``layer`` and what is in it shows."""
    around = document.groups_around(layer)
    inside = set(walk(layer.children)) if isinstance(layer, Group) else set()
    beside = {each for each in walk(document.layers) if each not in inside and each is not layer}
    # What lies in a hidden group need not be hidden itself.
    return {
        each
        for each in beside
        if each not in around and all(group in around for group in document.groups_around(each))
    }

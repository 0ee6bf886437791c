"""The Layer menu."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QAction

from editor.document import stack
from editor.document.layers import AdjustmentLayer, Group, Layer, LayerMask, Lock, PixelLayer, walk
from editor.document.model import Document
from editor.ui.editing import Editing


class LayerCommands:
    """What the entries of the Layer menu do to the chosen layers; each is one entry of the history."""

    def __init__(self, editing: Editing) -> None:
        self._editing = editing

    def refresh(self, actions: dict[str, QAction]) -> None:
        """Enable what can be done with the chosen layers, and say which way a switch goes."""
        document, chosen = self._editing.document, self._editing.chosen
        layer = chosen[0] if chosen else None
        mask = None if layer is None else layer.mask
        below = _below(document, layer)
        possible = {
            "duplicate": layer is not None,
            "delete": bool(chosen) and any(each not in chosen for each in document.layers),
            "new_group": bool(chosen),
            "ungroup": isinstance(layer, Group),
            "add_mask": layer is not None and mask is None,
            "apply_mask": mask is not None and isinstance(layer, PixelLayer),
            "delete_mask": mask is not None,
            "toggle_mask": mask is not None,
            "toggle_clipping": layer is not None and (layer.clipping or below),
            "toggle_lock": layer is not None,
            "toggle_visible": layer is not None,
            "merge_down": isinstance(layer, Group) or below,
            "merge_visible": document is not None and len(document.layers) > 1,
            "flatten": document is not None and not _is_flat(document),
        }
        for name, enabled in possible.items():
            actions[f"layers.{name}"].setEnabled(bool(enabled))
        off = mask is not None and not mask.enabled
        actions["layers.toggle_mask"].setText("Ena&ble layer mask" if off else "Disa&ble layer mask")
        clipped = layer is not None and layer.clipping
        actions["layers.toggle_clipping"].setText("Release &clipping" if clipped else "&Clip to layer below")
        hidden = layer is not None and not layer.visible
        actions["layers.toggle_visible"].setText("S&how layer" if hidden else "&Hide layer")
        locked = layer is not None and layer.lock != Lock.NONE
        actions["layers.toggle_lock"].setText("Un&lock layer" if locked else "&Lock layer")
        merge = "M&erge group" if isinstance(layer, Group) else "M&erge down"
        actions["layers.merge_down"].setText(merge)

    # -- the stack ------------------------------------------------------------------------------------

    def new_layer(self) -> None:
        above = self._first()
        self._editing.run(lambda document: stack.add_pixels(document, _free_name(document), above=above))

    def new_group(self) -> None:
        chosen = self._editing.chosen
        if chosen:
            self._editing.run(lambda document: stack.group(document, chosen))

    def ungroup(self) -> None:
        self._with_first(stack.ungroup)

    def duplicate(self) -> None:
        self._with_first(stack.duplicate)

    def delete(self) -> None:
        self._editing.window.delete_layers()

    def merge_down(self) -> None:
        """Merge a layer with the one below, a group into one layer."""
        self._with_first(
            lambda document, layer: (
                stack.merge_group(document, layer)
                if isinstance(layer, Group)
                else stack.merge_down(document, layer)
            )
        )

    def merge_visible(self) -> None:
        self._editing.run(stack.merge_visible)

    def flatten(self) -> None:
        self._editing.run(stack.flatten)

    def add_adjustment(self, kind: str) -> None:
        """Put an adjustment, as it is at first, over the chosen layer; what is selected is its mask."""
        from editor.document.adjustments import ADJUSTMENTS

        above = self._first()

        def add(document: Document) -> None:
            selected = document.selection.tiles
            mask = LayerMask(document.selection.snapshot()) if selected else None
            adjustment = ADJUSTMENTS[kind]()
            layer = AdjustmentLayer(adjustment.title, adjustment, mask=mask)
            stack.add(document, layer, above=above)

        self._editing.run(add)

    # -- masks, clipping, locks -----------------------------------------------------------------------

    def add_mask(self) -> None:
        self._with_first(stack.add_mask)

    def apply_mask(self) -> None:
        self._with_first(stack.apply_mask)

    def delete_mask(self) -> None:
        self._with_first(lambda document, layer: stack.set_mask(document, layer, None, "Delete layer mask"))

    def toggle_mask(self) -> None:
        self._with_first(toggle_mask)

    def toggle_clipping(self) -> None:
        def toggle(document: Document, layer: Layer) -> None:
            name = "Release clipping" if layer.clipping else "Clip to layer below"
            document.set_layer(layer, "clipping", not layer.clipping, name)

        self._with_first(toggle)

    def toggle_visible(self) -> None:
        def toggle(document: Document, layer: Layer) -> None:
            name = "Hide layer" if layer.visible else "Show layer"
            document.set_layer(layer, "visible", not layer.visible, name)

        self._with_first(toggle)

    def toggle_lock(self) -> None:
        def toggle(document: Document, layer: Layer) -> None:
            if layer.lock == Lock.NONE:
                document.set_layer(layer, "lock", Lock.ALL, "Lock layer")
            else:
                document.set_layer(layer, "lock", Lock.NONE, "Unlock layer")

        self._with_first(toggle)

    # -- how ------------------------------------------------------------------------------------------

    def _first(self) -> Layer | None:
        chosen = self._editing.chosen
        return chosen[0] if chosen else None

    def _with_first(self, edit: Callable[[Document, Layer], object]) -> None:
        layer = self._first()
        if layer is not None:
            self._editing.run(lambda document: edit(document, layer))


def toggle_mask(document: Document, layer: Layer) -> None:
    """Turn a layer's mask off, or on again."""
    if layer.mask is not None:
        name = "Disable layer mask" if layer.mask.enabled else "Enable layer mask"
        stack.set_mask(document, layer, replace(layer.mask, enabled=not layer.mask.enabled), name)


def _below(document: Document | None, layer: Layer | None) -> bool:
    """Whether there is a layer below ``layer`` in its group."""
    return layer is not None and stack.contents(document.container(layer))[0] is not layer


def _is_flat(document: Document) -> bool:
    layer = document.layers[0]
    return len(document.layers) == 1 and isinstance(layer, PixelLayer) and layer.mask is None


def _free_name(document: Document) -> str:
    """ "Layer 1", or the next number that no layer has."""
    names = {layer.name for layer in walk(document.layers)}
    return next(name for number in range(1, len(names) + 2) if (name := f"Layer {number}") not in names)

"""The Layer menu."""

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QAction

from editor.document import stack
from editor.document.layers import (
    AdjustmentLayer,
    Group,
    Layer,
    LayerMask,
    Lock,
    PixelLayer,
    walk,
)
from editor.document.model import Document
from editor.ui.editing import Editing
from editor.ui.words import tr

_TYPING = 0.8  # seconds within which two digits are one number
_LARGEST = 500  # pixels by which a mask can be feathered


class LayerCommands:
    """What the entries of the Layer menu do to the chosen layers; each is one entry of the history."""

    def __init__(self, editing: Editing) -> None:
        self._editing = editing
        self._digit = (0, -_TYPING)  # the last one typed, and when
        self._radius = 8.0  # by which a mask was feathered last

    def refresh(self, actions: dict[str, QAction]) -> None:
        """Enable what can be done with the chosen layers, and say which way a switch goes."""
        document, chosen = self._editing.document, self._editing.chosen
        layer = chosen[0] if chosen else None
        mask = None if layer is None else layer.mask
        below = _below(document, layer)
        beside = () if layer is None else stack.contents(document.container(layer))
        rows = 0 if document is None else sum(1 for _ in walk(document.layers))
        possible = {
            "rename": layer is not None,
            "duplicate": layer is not None,
            "delete": bool(chosen) and any(each not in chosen for each in document.layers),
            "new_group": bool(chosen),
            "ungroup": isinstance(layer, Group),
            "add_mask": layer is not None and mask is None,
            "add_black_mask": layer is not None and mask is None,
            "edit_mask": mask is not None,
            "invert_mask": mask is not None,
            "feather_mask": mask is not None,
            "select_mask": mask is not None,
            "select_pixels": isinstance(layer, PixelLayer | Group),
            "make_again": isinstance(layer, PixelLayer) and layer.recipe is not None,
            "apply_mask": mask is not None and isinstance(layer, PixelLayer),
            "delete_mask": mask is not None,
            "toggle_mask": mask is not None,
            "toggle_clipping": layer is not None and (layer.clipping or below),
            "toggle_lock": layer is not None,
            "toggle_visible": layer is not None,
            "to_front": bool(beside) and beside[-1] is not layer,
            "forward": bool(beside) and beside[-1] is not layer,
            "backward": below,
            "to_back": below,
            "choose_above": rows > 1,
            "choose_below": rows > 1,
            "merge_down": isinstance(layer, Group) or below,
            "merge_visible": document is not None and len(document.layers) > 1,
            "flatten": document is not None and not _is_flat(document),
        }
        for name, enabled in possible.items():
            actions[f"layers.{name}"].setEnabled(bool(enabled))
        actions["layers.edit_mask"].setChecked(mask is not None and self._editing.window.panels.on_mask)
        actions["panels.mask_view.toggle"].setEnabled(mask is not None)
        actions["panels.mask_view.toggle"].setChecked(self._editing.window.panels.mask_view.layer is not None)
        off = mask is not None and not mask.enabled
        actions["layers.toggle_mask"].setText(tr("Enabl&e layer mask") if off else tr("Disabl&e layer mask"))
        clipped = layer is not None and layer.clipping
        actions["layers.toggle_clipping"].setText(
            tr("Release &clipping") if clipped else tr("&Clip to layer below")
        )
        hidden = layer is not None and not layer.visible
        actions["layers.toggle_visible"].setText(tr("S&how layer") if hidden else tr("&Hide layer"))
        locked = layer is not None and layer.lock != Lock.NONE
        actions["layers.toggle_lock"].setText(tr("Un&lock layer") if locked else tr("&Lock layer"))
        merge = tr("M&erge group") if isinstance(layer, Group) else tr("M&erge down")
        actions["layers.merge_down"].setText(merge)

    # -- the stack ------------------------------------------------------------------------------------

    def new_layer(self) -> None:
        above = self._first()
        self._editing.run(lambda document: stack.add_pixels(document, _free_name(document), above=above))

    def new_group(self) -> None:
        chosen = self._editing.chosen
        if chosen:
            self._editing.run(lambda document: stack.group(document, chosen, tr("Group")))

    def ungroup(self) -> None:
        self._with_first(stack.ungroup)

    def rename(self) -> None:
        """Type another name, in the panel."""
        self._editing.window.panels.rename_layer()

    def duplicate(self) -> None:
        self._with_first(
            lambda document, layer: stack.duplicate(
                document, layer, tr("{name} copy").format(name=layer.name)
            )
        )

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
        self._editing.run(lambda document: stack.flatten(document, tr("Background")))

    def add_adjustment(self, kind: str) -> None:
        """Put an adjustment, as it is at first, over the chosen layer; what is selected is its mask."""
        from editor.document.adjustments import ADJUSTMENTS

        above = self._first()

        def add(document: Document) -> None:
            selected = document.selection.tiles
            mask = LayerMask(document.selection.snapshot()) if selected else None
            adjustment = ADJUSTMENTS[kind]()
            layer = AdjustmentLayer(tr(adjustment.title), adjustment, mask=mask)
            stack.add(document, layer, above=above)

        self._editing.run(add)

    # -- its order ------------------------------------------------------------------------------------

    def to_front(self) -> None:
        self._move(lambda place, count: count - 1)

    def forward(self) -> None:
        self._move(lambda place, count: min(place + 1, count - 1))

    def backward(self) -> None:
        self._move(lambda place, count: max(place - 1, 0))

    def to_back(self) -> None:
        self._move(lambda place, count: 0)

    def _move(self, target: Callable[[int, int], int]) -> None:
        """Move the chosen layer within its group, to where ``target`` says of its place and their number."""

        def move(document: Document, layer: Layer) -> None:
            container = document.container(layer)
            layers = stack.contents(container)
            stack.move(document, layer, container, target(layers.index(layer), len(layers)))

        self._with_first(move)

    def choose_above(self) -> None:
        """Choose the layer in the row above."""
        self._editing.window.panels.step(up=True)

    def choose_below(self) -> None:
        """Choose the layer in the row below."""
        self._editing.window.panels.step(up=False)

    # -- masks, selections ----------------------------------------------------------------------------

    def add_mask(self) -> None:
        self._with_first(stack.add_mask)

    def add_black_mask(self) -> None:
        """Hide the layer, or what of it is selected, until its mask is painted on."""
        self._with_first(lambda document, layer: stack.add_mask(document, layer, hiding=True))

    def edit_mask(self) -> None:
        """Paint on the layer's mask, or on its pixels again."""
        panels = self._editing.window.panels
        panels.set_on_mask(not panels.on_mask)

    def invert_mask(self) -> None:
        self._with_first(stack.invert_mask)

    def feather_mask(self) -> None:
        """Ask how far the mask's edges are to be softened."""
        layer = self._first()
        if layer is None or layer.mask is None:
            return
        from editor.document import layer_masks
        from editor.ui import value_dialog

        radius = value_dialog.ask(
            self._editing.window,
            tr("Feather mask"),
            tr("Radius"),
            value=self._radius,
            low=0.1,
            high=_LARGEST,
            step=0.1,
        )
        if radius is not None:
            self._radius = radius
            self._editing.run(lambda document: layer_masks.feather(document, layer, radius))

    def apply_mask(self) -> None:
        self._with_first(stack.apply_mask)

    def delete_mask(self) -> None:
        self._with_first(lambda document, layer: stack.set_mask(document, layer, None, "Delete layer mask"))

    def toggle_mask(self) -> None:
        self._with_first(toggle_mask)

    def select_mask(self) -> None:
        """Select what the mask shows."""
        if (layer := self._first()) is not None:
            self.select(layer, True, "replace")

    def select_pixels(self) -> None:
        """Select where the layer is not empty."""
        if (layer := self._first()) is not None:
            self.select(layer, False, "replace")

    def select(self, layer: Layer, by_mask: bool, how: str) -> None:
        """Select a layer by its mask or by its pixels. ``how`` it joins what is selected, as in
        ``select.HOWS``."""
        from editor.document import select

        if by_mask:
            self._editing.run(lambda document: select.from_mask(document, layer, how))
        elif isinstance(layer, PixelLayer | Group):
            self._editing.run(lambda document: select.from_alpha(document, layer, how))

    def make_again(self) -> None:
        """Have an engine make the layer again, in another way."""
        layer = self._first()
        if isinstance(layer, PixelLayer) and layer.recipe is not None:
            self._editing.window.panels.recipe_opened.emit(layer)

    # -- clipping, locks, opacity ---------------------------------------------------------------------

    def toggle_clipping(self) -> None:
        self._with_first(toggle_clipping)

    def toggle_visible(self) -> None:
        """Hide the chosen layers, or show them if the first is hidden."""
        chosen = self._editing.chosen
        if chosen:
            shown = dict.fromkeys(chosen, not chosen[0].visible)
            self._editing.run(lambda document: stack.set_visible(document, shown))

    def toggle_lock(self) -> None:
        def toggle(document: Document, layer: Layer) -> None:
            if layer.lock == Lock.NONE:
                document.set_layer(layer, "lock", Lock.ALL, "Lock layer")
            else:
                document.set_layer(layer, "lock", Lock.NONE, "Unlock layer")

        self._with_first(toggle)

    def type_digit(self, digit: int) -> None:
        """A digit over the picture: the opacity in tens, of the tool in hand or else of the layer. Two that
        come quickly are one number: 2 is 20 %, 0 is 100 %, 2 2 is 22 %, 0 5 is 5 %."""
        before, when = self._digit
        now = time.monotonic()
        percent = digit * 10 or 100
        if now - when < _TYPING:
            percent = before * 10 + digit
            self._digit = digit, now - _TYPING
        else:
            self._digit = digit, now
        window = self._editing.window
        tool = window.tools.current
        if any(getattr(option, "attribute", "") == "opacity" for option in tool.options):
            tool.opacity = max(percent, 1) / 100
            window.tools.edited.emit()
        else:
            window.panels.type_opacity(percent)

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


def toggle_clipping(document: Document, layer: Layer) -> None:
    """Let a layer show only where the one below does, or everywhere again."""
    name = "Release clipping" if layer.clipping else "Clip to layer below"
    document.set_layer(layer, "clipping", not layer.clipping, name)


def _below(document: Document | None, layer: Layer | None) -> bool:
    """Whether there is a layer below ``layer`` in its group."""
    return layer is not None and stack.contents(document.container(layer))[0] is not layer


def _is_flat(document: Document) -> bool:
    layer = document.layers[0]
    return len(document.layers) == 1 and isinstance(layer, PixelLayer) and layer.mask is None


def _free_name(document: Document) -> str:
    """ "Layer 1", or the next number that no layer has."""
    names = {layer.name for layer in walk(document.layers)}
    return next(
        name
        for number in range(1, len(names) + 2)
        if (name := tr("Layer {number}").format(number=number)) not in names
    )

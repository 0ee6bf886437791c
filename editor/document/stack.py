"""What can be done with the stack of layers: each function is one undoable edit.

What takes long can be called off, see ``progress``. A layer with ``Lock.ALL`` is refused with Locked. A group
counts as locked while anything in it is, and a layer while a group around it is.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from editor.document import progress
from editor.document.composite import composite
from editor.document.history import Part, Several
from editor.document.layers import (
    PASS_THROUGH,
    AdjustmentLayer,
    Group,
    Layer,
    LayerMask,
    Lock,
    PixelLayer,
    walk,
)
from editor.document.model import Document, Locked, StateSwap
from editor.document.parallel import in_threads
from editor.document.tiles import TiledImage, TileKey

Container = Document | Group


class CannotMerge(ValueError):
    """There is nothing that these layers could be merged into; the text says why."""


def contents(container: Container) -> tuple[Layer, ...]:
    """The layers directly in a document or a group, bottom first."""
    return container.layers if isinstance(container, Document) else container.children


def add(document: Document, layer: Layer, *, above: Layer | None = None, name: str | None = None) -> None:
    """Put a layer over ``above`` (into its group; None: over everything), as the entry ``name``."""
    container = document if above is None else document.container(above)
    _refuse_closed(document, container)
    layers = contents(container)
    place = len(layers) if above is None else layers.index(above) + 1
    # Between a layer and what is clipped to it the new one would take the clipped ones over.
    while place < len(layers) and layers[place].clipping and not layer.clipping:
        place += 1
    edit = document.stack_edit({container: (*layers[:place], layer, *layers[place:])})
    document.edit(name or f"Add {layer.name}", edit)


def add_pixels(document: Document, name: str = "Layer", *, above: Layer | None = None) -> PixelLayer:
    """A new empty layer."""
    layer = PixelLayer(name, TiledImage(4, document.dtype))
    add(document, layer, above=above, name="New layer")
    return layer


def delete(document: Document, layers: Sequence[Layer], name: str = "Delete layer") -> None:
    """Take layers out. Raises Locked, and ValueError if nothing would be left."""
    for layer in layers:
        refuse_locked(document, layer)
    changes = _without(document, layers)
    if not changes.get(document, document.layers):
        raise ValueError("The last layer cannot be deleted.")
    document.edit(name, document.stack_edit(changes))


def move(document: Document, layer: Layer, container: Container, index: int) -> None:
    """Put ``layer`` at ``index`` (counted without it) of a document's or a group's layers.

    Raises Locked, and ValueError for a group that would end up in itself.
    """
    refuse_locked(document, layer)
    if container is layer or (isinstance(layer, Group) and container in walk(layer.children)):
        raise ValueError("A group cannot be moved into itself.")
    _refuse_closed(document, container)
    changes = _without(document, [layer])
    layers = changes.get(container, contents(container))
    changes[container] = (*layers[:index], layer, *layers[index:])
    if any(after != contents(each) for each, after in changes.items()):
        document.edit("Move layer", document.stack_edit(changes))


def duplicate(document: Document, layer: Layer, name: str | None = None) -> Layer:
    """A copy right above the layer, called ``name``; it costs no memory until either is changed."""
    container = document.container(layer)
    _refuse_closed(document, container)
    copy = copy_of(layer)
    copy.name = name or copy.name
    layers = contents(container)
    place = layers.index(layer) + 1
    changes = {container: (*layers[:place], copy, *layers[place:])}
    document.edit("Duplicate layer", document.stack_edit(changes))
    return copy


def copy_of(layer: Layer) -> Layer:
    """The layer once more, under a name of its own and unlocked, in no picture yet."""
    copy = layer.snapshot()
    copy.name = f"{layer.name} copy"
    copy.lock = Lock.NONE
    return copy


def group(document: Document, layers: Sequence[Layer], name: str = "Group") -> Group:
    """Put layers of one container into a new group, in the place of the uppermost."""
    container = document.container(layers[0])
    _refuse_closed(document, container)
    inside = [layer for layer in contents(container) if layer in layers]
    if len(inside) != len(layers):
        raise ValueError("Only layers that lie side by side can be grouped.")
    made = Group(name, inside)
    after = [made if layer is inside[-1] else layer for layer in contents(container)]
    after = tuple(layer for layer in after if layer not in inside)
    document.edit("Group layers", document.stack_edit({container: after, made: made.children}))
    return made


def ungroup(document: Document, made: Group) -> None:
    """Put what is in a group in its place. Opacity, mask and mode of the group are given up.

    Raises Locked, and ValueError if nothing would be left.
    """
    refuse_locked(document, made)
    container = document.container(made)
    layers = contents(container)
    if container is document and len(layers) == 1 and not made.children:
        raise ValueError("The last layer cannot be deleted.")
    place = layers.index(made)
    changes = {container: (*layers[:place], *made.children, *layers[place + 1 :])}
    document.edit("Ungroup layers", document.stack_edit(changes))


def merge_down(document: Document, layer: Layer) -> PixelLayer:
    """Make one pixel layer of ``layer`` and the one below it, which looks the same unless ``layer`` blends
    with what shows through the lower one.

    It keeps the lower one's name, mode, opacity and mask. Raises CannotMerge and Locked.
    """
    layers = contents(document.container(layer))
    place = layers.index(layer)
    if place == 0:
        raise CannotMerge("There is no layer below in this group to merge with.")
    lower = layers[place - 1]
    for each in (lower, layer):
        if not each.visible:
            raise CannotMerge(f"“{each.name}” is hidden; show it first.")
    if not layer.clipping and layers[place + 1 : place + 2] and layers[place + 1].clipping:
        raise CannotMerge(f"“{layers[place + 1].name}” is clipped to “{layer.name}”; merge these two first.")
    if lower.clipping and not layer.clipping:
        raise CannotMerge(f"“{lower.name}” is clipped to a layer that “{layer.name}” is not clipped to.")
    if not isinstance(lower, PixelLayer):
        raise CannotMerge("The layer below has no pixels of its own; merge the group or add a layer first.")
    if layer.clipping and not lower.clipping:
        # What is clipped belongs to the lower one, whose opacity, mask and mode hold for both.
        merged = _merged(document, [_plain(lower), layer], lower.name)
        merged.opacity, merged.blend_mode, merged.mask = lower.opacity, lower.blend_mode, lower.mask
    elif lower.opacity < 1 or lower.mask is not None or lower.blend_mode != "normal":
        raise CannotMerge(
            f"“{lower.name}” has a mode, an opacity or a mask of its own. Group both and merge that."
        )
    elif lower.clipping and layer.blend_mode != "normal":
        raise CannotMerge(f"“{layer.name}” blends with what both are clipped to. Group both and merge that.")
    else:
        upper = layer.snapshot()
        upper.clipping = False
        merged = _merged(document, [_plain(lower), upper], lower.name)
        merged.clipping = lower.clipping
    return _put(document, [lower, layer], merged, "Merge down")


def merge_group(document: Document, made: Group) -> PixelLayer:
    """Make one pixel layer of a group. What only blends with layers below it then blends with nothing."""
    mode = "normal" if made.blend_mode == PASS_THROUGH else made.blend_mode
    merged = _merged(document, made.children, made.name)
    merged.blend_mode, merged.opacity, merged.mask = mode, made.opacity, made.mask
    merged.clipping, merged.visible = made.clipping, made.visible
    return _put(document, [made], merged, "Merge group")


def merge_visible(document: Document) -> PixelLayer:
    """Make one pixel layer of everything that shows; what is hidden stays."""
    shown: list[Layer] = []
    base_shows = True
    for place, layer in enumerate(document.layers):
        if place == 0 or not layer.clipping:
            base_shows = layer.visible
        if layer.visible and base_shows:
            shown.append(layer)
    if not shown:
        raise CannotMerge("No layer is visible.")
    return _put(document, shown, _merged(document, shown, shown[0].name), "Merge visible")


def flatten(document: Document, name: str = "Background") -> PixelLayer:
    """Make one layer, called ``name``, of the whole picture; hidden layers are given up."""
    for each in document.layers:
        refuse_locked(document, each)
    layer = _merged(document, document.layers, name)
    document.edit("Flatten", document.stack_edit({document: (layer,)}))
    return layer


def set_visible(document: Document, shown: dict[Layer, bool], name: str | None = None) -> None:
    """Show and hide layers, as one entry; none if all are as they are to be."""
    changes = {layer: visible for layer, visible in shown.items() if layer.visible != visible}
    if not changes:
        return
    if name is None:
        one, several = (
            ("Show layer", "Show layers") if all(changes.values()) else ("Hide layer", "Hide layers")
        )
        name = one if len(changes) == 1 else several
    edits = [document.attribute_edit(layer, "visible", visible) for layer, visible in changes.items()]
    document.edit(name, Several(edits))


def add_mask(document: Document, layer: Layer, *, from_selection: bool = True, hiding: bool = False) -> None:
    """Give a layer a mask: what is selected shows, or everything where nothing is selected.

    With ``hiding`` it is the other way round: what is selected is hidden, or everything.
    """
    mask = LayerMask.revealing()
    if from_selection and document.selection.tiles:
        mask = LayerMask(document.selection.snapshot())
    set_mask(document, layer, _inverse(mask) if hiding else mask, "Add layer mask")


def invert_mask(document: Document, layer: Layer) -> None:
    """Show what the layer's mask hides, and hide what it shows."""
    if layer.mask is not None:
        set_mask(document, layer, _inverse(layer.mask), "Invert layer mask")


def set_mask(document: Document, layer: Layer, mask: LayerMask | None, name: str) -> None:
    """Give a layer this mask, or none."""
    refuse_locked(document, layer)
    area = document.extent(layer)
    parts = Part.LAYERS | Part.PIXELS
    document.edit(name, StateSwap(document, [(layer, "mask", mask)], parts=parts, area=area))


def apply_mask(document: Document, layer: PixelLayer) -> None:
    """Make a layer's mask part of its pixels' alpha."""
    refuse_locked(document, layer, Lock.PIXELS | Lock.ALPHA)
    if layer.mask is None:
        return
    image = TiledImage(4, document.dtype)
    for key, tile in progress.each(layer.image.tiles.items()):
        shown = tile.copy()
        alpha = tile[..., 3] * (layer.mask.image.read(image.box(key))[..., 0] / np.float32(255))
        shown[..., 3] = np.rint(alpha)
        if (kept := image.kept(shown)) is not None:
            image.tiles[key] = kept
    values = [(layer, "image", image), (layer, "mask", None)]
    area = document.extent(layer)
    edit = StateSwap(document, values, parts=Part.LAYERS | Part.PIXELS, area=area)
    document.edit("Apply layer mask", edit)


def set_adjustment(document: Document, layer: AdjustmentLayer, adjustment, name: str | None = None) -> None:
    """Change what an adjustment layer does."""
    document.set_layer(layer, "adjustment", adjustment, name or adjustment.title)


# --- how ---


def refuse_locked(document: Document, layer: Layer, lock: Lock = Lock.NONE) -> None:
    """Raises Locked if the layer, a group around it or anything in it has ``Lock.ALL`` or ``lock``."""
    for each in (*document.groups_around(layer), *walk([layer])):
        if each.lock & (Lock.ALL | lock):
            raise Locked(each)


def _refuse_closed(document: Document, container: Container) -> None:
    """Raises Locked if nothing may be put into ``container``."""
    if isinstance(container, Group):
        for each in (*document.groups_around(container), container):
            if each.lock & Lock.ALL:
                raise Locked(each)


def _without(document: Document, layers: Sequence[Layer]) -> dict[Container, tuple[Layer, ...]]:
    """What their containers hold once ``layers`` are taken out."""
    changes: dict[Container, tuple[Layer, ...]] = {}
    for layer in layers:
        container = document.container(layer)
        held = changes.get(container, contents(container))
        changes[container] = tuple(other for other in held if other is not layer)
    return changes


def _inverse(mask: LayerMask) -> LayerMask:
    image = TiledImage(1, mask.image.dtype, 255 - mask.image.default)
    for key, tile in mask.image.tiles.items():
        if (kept := image.kept(255 - tile)) is not None:
            image.tiles[key] = kept
    return replace(mask, image=image)


def _plain(layer: PixelLayer) -> PixelLayer:
    """The layer's pixels alone."""
    return PixelLayer(layer.name, layer.image)


def _put(document: Document, gone: Sequence[Layer], merged: PixelLayer, name: str) -> PixelLayer:
    """Put a layer in the place of the uppermost of those it was made of."""
    for layer in gone:
        refuse_locked(document, layer, Lock.PIXELS)
    container = document.container(gone[-1])
    after = [merged if layer is gone[-1] else layer for layer in contents(container)]
    changes = {container: tuple(layer for layer in after if layer not in gone)}
    document.edit(name, document.stack_edit(changes))
    return merged


def _merged(document: Document, layers: Sequence[Layer], name: str) -> PixelLayer:
    """One layer that shows what ``layers`` do, also beyond the canvas."""
    image = TiledImage(4, document.dtype)
    filled = [layer.image.tiles for layer in walk(layers) if isinstance(layer, PixelLayer)]
    keys = sorted(set().union(*filled))
    image.tiles = dict.fromkeys(keys)  # in order, whatever thread comes first

    def merge(key: TileKey) -> None:
        image.tiles[key] = image.kept(composite(layers, image.box(key), document.dtype))

    in_threads(merge, keys)
    image.tiles = {key: tile for key, tile in image.tiles.items() if tile is not None}
    return PixelLayer(name, image)

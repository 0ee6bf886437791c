"""What other programs are given to see of a document in OpenRaster.

They know layers with an opacity and a mode, and groups; not adjustments, clipping, masks of groups. Where a
document has these, the layers concerned are written hidden and a picture of them, "as shown", above them, so
that every program shows the same and has the pixels of every layer. The picture covers as little as it can:

- a layer and what is clipped to it, or a group with its mask: they alone, with their mode and opacity;
- an adjustment: everything up to it in its group, or, through groups that pass through, in the picture.

A layer's mask is written into its alpha. A group that passes through is written as one where that makes no
difference to an isolated one, which all that GIMP knows; otherwise its layers go straight into its place.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from editor.document.composite import composite
from editor.document.files.ora_png import Picture
from editor.document.geometry import Rect
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, Layer, PixelLayer

_SPECK = Rect(0, 0, 1, 1)  # a PNG has at least one pixel


@dataclass(frozen=True)
class Element:
    """A layer or a group as other programs see it.

    ``layer`` is what it stands for, None where it is a picture of several. ``picture`` is None and
    ``children``, bottom first, a tuple where it is a group.
    """

    layer: Layer | None
    name: str
    visible: bool
    opacity: float
    blend_mode: str
    picture: Picture | None = None
    children: "tuple[Element, ...] | None" = None


def walk(elements: Sequence[Element]) -> Iterator[Element]:
    """Every element; a group comes before what is in it."""
    for element in elements:
        yield element
        yield from walk(element.children or ())


class Plan:
    """The elements for a stack of layers over ``canvas``, bottom first."""

    def __init__(self, layers: Sequence[Layer], canvas: Rect, dtype: np.dtype) -> None:
        self._canvas, self._dtype = canvas, dtype
        self.elements = tuple(self._isolated(layers))

    def _isolated(self, layers: Sequence[Layer]) -> Iterator[Element]:
        """A stack that sees nothing below itself."""
        runs = list(_runs(layers))
        end = max((place for place, run in enumerate(runs, 1) if _needs_below(run)), default=0)
        if end:
            below = [layer for run in runs[:end] for layer in run]
            for layer in below:
                yield self._as_it_is(layer, hidden=True)
            yield self._shown(below, below[-1].name, 1.0, "normal", self._canvas)
        for run in runs[end:]:
            yield from self._run(run)

    def _run(self, run: Sequence[Layer]) -> Iterator[Element]:
        base = run[0]
        masked_group = isinstance(base, Group) and _masked(base)
        if not _is_shown(base) or not (masked_group or any(_is_shown(layer) for layer in run[1:])):
            if isinstance(base, Group) and _is_shown(base):
                yield from self._group(base)
            else:
                yield self._as_it_is(base)
            for layer in run[1:]:
                yield self._as_it_is(layer, hidden=True)
            return
        for layer in run:
            yield self._as_it_is(layer, hidden=True)
        mode = "normal" if base.blend_mode == PASS_THROUGH else base.blend_mode
        alone = base.snapshot()
        alone.opacity, alone.blend_mode, alone.clipping = 1.0, "normal", False
        area = base.image.bounds() if isinstance(base, PixelLayer) else self._canvas
        yield self._shown([alone, *run[1:]], base.name, base.opacity, mode, area)

    def _group(self, group: Group) -> Iterator[Element]:
        if group.blend_mode == PASS_THROUGH and not _is_plain(group.children):
            for run in _runs(group.children):
                yield from self._run(run)
            return
        children = tuple(self._isolated(group.children))
        # Programs do not agree on what a group does that passes through with less than full opacity.
        mode = group.blend_mode if group.opacity >= 1 or group.blend_mode != PASS_THROUGH else "normal"
        yield Element(group, group.name, True, group.opacity, mode, children=children)

    def _as_it_is(self, layer: Layer, *, hidden: bool = False) -> Element:
        """``layer`` whatever is around it, and all that is in it."""
        common = layer, layer.name, layer.visible and not hidden, layer.opacity, layer.blend_mode
        if isinstance(layer, Group):
            return Element(*common, children=tuple(self._as_it_is(child) for child in layer.children))
        if isinstance(layer, AdjustmentLayer):
            return Element(*common, self._picture(_SPECK, lambda part: np.zeros(_shape(part), self._dtype)))
        assert isinstance(layer, PixelLayer)
        return Element(*common, self._picture(layer.image.bounds(), _masked_pixels(layer)))

    def _shown(
        self, layers: Sequence[Layer], name: str, opacity: float, blend_mode: str, area: Rect
    ) -> Element:
        def read(part: Rect) -> np.ndarray:
            return composite(layers, part, self._dtype)

        picture = self._picture(area.intersected(self._canvas), read)
        return Element(None, f"{name} (as shown)", True, opacity, blend_mode, picture)

    def _picture(self, area: Rect, read: Callable[[Rect], np.ndarray]) -> Picture:
        return Picture(area or _SPECK, 4, self._dtype, read)


def _shape(part: Rect) -> tuple[int, int, int]:
    return part.height, part.width, 4


def _masked_pixels(layer: PixelLayer) -> Callable[[Rect], np.ndarray]:
    """Reads a layer's pixels with the mask in their alpha."""
    if not _masked(layer):
        return layer.image.read

    def read(part: Rect) -> np.ndarray:
        pixels, mask = layer.image.read(part), layer.mask.image.read(part)[..., 0]
        product = pixels[..., 3].astype(np.uint32) * mask
        pixels[..., 3] = (product + 127) // 255
        return pixels

    return read


def _runs(layers: Sequence[Layer]) -> Iterator[list[Layer]]:
    """Each layer with what is clipped to it."""
    run: list[Layer] = []
    for layer in layers:
        if run and not layer.clipping:
            yield run
            run = []
        run.append(layer)
    if run:
        yield run


def _needs_below(run: Sequence[Layer]) -> bool:
    """Whether no element could show the run without what is below it."""
    base = run[0]
    if not _is_shown(base):
        return False
    if isinstance(base, AdjustmentLayer):
        return True
    if len(run) > 1 or not isinstance(base, Group) or base.blend_mode != PASS_THROUGH:
        return False
    if any(_needs_below(inner) for inner in _runs(base.children)):
        return True
    return (_masked(base) or base.opacity < 1) and not _is_plain(base.children)


def _is_plain(layers: Sequence[Layer]) -> bool:
    """Whether the stack shows the same on any backdrop whether it is isolated or not.

    Normal over is associative; no other mode is.
    """
    for run in _runs(layers):
        base = run[0]
        if not _is_shown(base):
            continue
        if base.blend_mode == PASS_THROUGH and len(run) == 1:
            if not _is_plain(base.children):
                return False
        elif isinstance(base, AdjustmentLayer) or base.blend_mode not in ("normal", PASS_THROUGH):
            return False
    return True


def _is_shown(layer: Layer) -> bool:
    return layer.visible and layer.opacity > 0


def _masked(layer: Layer) -> bool:
    return layer.mask is not None and layer.mask.enabled

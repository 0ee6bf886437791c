"""The picture that a stack of layers shows.

The formulas are those of W3C's "Compositing and Blending Level 1" (https://www.w3.org/TR/compositing-1/)
and of ISO 32000 (PDF), 11.3 and 11.4, which it follows: with ``a`` for alpha, ``b`` for backdrop and ``s``
for source, the result's alpha is ``ar = ab + as - ab as`` and its colour
``C = Cb + as/ar ((1 - ab) Cs + ab B(Cb, Cs) - Cb)``. Written so, a pixel that the source does not cover keeps
its colour to the last bit, even one that is fully transparent.

Work is done block by block in float32, colour planes (3, h, w) apart from alpha (h, w), values 0..1; only
the finished block is rounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from editor.document.blend import MODES
from editor.document.geometry import Rect
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, Layer, PixelLayer
from editor.document.parallel import in_threads
from editor.document.progress import each
from editor.document.tiles import TILE, TiledImage

_SHARED_OUT = 16 * TILE * TILE  # areas from this many pixels on are shared among threads


@dataclass
class _Surface:
    """Colour (3, h, w) and alpha (h, w) of a block; alpha None stands for 1 throughout."""

    colour: np.ndarray
    alpha: np.ndarray | None


def composite(layers: Sequence[Layer], area: Rect, dtype: np.dtype | type) -> np.ndarray:
    """Visible layers over each other, bottom first, within ``area``.

    Returns (height, width, 4) straight-alpha RGBA of ``dtype``, the layers' depth. Where nothing above the
    lowest visible layer covers it, its bytes come out untouched, colours under full transparency included.
    Raises Cancelled.
    """
    out = np.zeros((area.height, area.width, 4), dtype)

    def render(block: Rect) -> None:
        _render_block(layers, block, out[block.moved(-area.x, -area.y).slices])

    if area.width * area.height <= 2 * TILE * TILE:  # not cut along tiles: a dab mostly lies across some
        render(area)
        return out
    blocks = [box.intersected(area) for _, box in TiledImage.boxes(area)]
    if area.width * area.height < _SHARED_OUT or sole_layer(layers) is not None:
        for block in each(blocks):
            render(block)
        return out
    in_threads(render, blocks)
    return out


def sole_layer(layers: Iterable[Layer]) -> PixelLayer | None:
    """The one layer that makes the whole picture, if there is just one and it shows as it is."""
    shown = [layer for layer in layers if _is_shown(layer)]
    if len(shown) != 1 or not isinstance(shown[0], PixelLayer):
        return None
    layer = shown[0]
    plain = layer.opacity >= 1 and _mask_of(layer) is None and not layer.clipping
    return layer if plain else None


def _render_block(layers: Sequence[Layer], block: Rect, out: np.ndarray) -> None:
    """Blend ``block`` into ``out``, which is all zeros."""
    layer = sole_layer([layer for layer in layers if _may_fill(layer, block)])
    if layer is not None:
        pixels = layer.image.peek(block)
        if pixels is not None:
            out[...] = pixels
        return
    surface = _stacked(layers, block, None)
    if surface is not None:
        _store(surface, out)


def _is_shown(layer: Layer) -> bool:
    return layer.visible and layer.opacity > 0


def _may_fill(layer: Layer, block: Rect) -> bool:
    """Whether the layer could make a difference in ``block``."""
    if not _is_shown(layer):
        return False
    if isinstance(layer, PixelLayer):
        return any(key in layer.image.tiles for key, _ in layer.image.boxes(block))
    if isinstance(layer, Group):
        return any(_may_fill(child, block) for child in layer.children)
    return True


def _stacked(layers: Sequence[Layer], block: Rect, surface: _Surface | None) -> _Surface | None:
    """``layers`` over ``surface``, which is changed or replaced; None stands for nothing, in and out."""
    index = 0
    while index < len(layers):
        base = layers[index]
        index += 1
        clipped = []
        while index < len(layers) and layers[index].clipping:
            clipped.append(layers[index])
            index += 1
        if _may_fill(base, block):
            surface = _over(base, [layer for layer in clipped if _may_fill(layer, block)], block, surface)
    return surface


def _over(base: Layer, clipped: Sequence[Layer], block: Rect, surface: _Surface | None) -> _Surface | None:
    """``base``, with what is clipped to it, over ``surface``."""
    share = _share(base, block)
    if isinstance(share, float) and share <= 0:
        return surface
    if isinstance(base, AdjustmentLayer):
        if surface is None:
            return None
        source = _Surface(base.adjustment.apply(surface.colour), None)
        _clip(source, clipped, block)
        # It changes colours and not how far there is something to colour.
        _blend(surface, source, share, base.blend_mode, keep_alpha=True)
        return surface
    if isinstance(base, Group) and base.blend_mode == PASS_THROUGH and not clipped:
        return _passed_through(base, share, block, surface)
    source = _source(base, block)
    if source is None:
        return surface
    _clip(source, clipped, block)
    mode = "normal" if base.blend_mode == PASS_THROUGH else base.blend_mode
    if surface is None:  # against nothing every mode is normal
        if not _is_full(share):
            source.alpha = share * (1 if source.alpha is None else source.alpha)
            source.alpha = np.broadcast_to(np.asarray(source.alpha, np.float32), source.colour.shape[1:])
        return source
    _blend(surface, source, share, mode)
    return surface


def _passed_through(
    group: Group, share: "float | np.ndarray", block: Rect, surface: _Surface | None
) -> _Surface | None:
    """The children straight over ``surface``, then as much of the difference as the group's opacity says."""
    if _is_full(share):
        return _stacked(group.children, block, surface)
    before = None
    if surface is not None:
        before = _Surface(surface.colour.copy(), None if surface.alpha is None else surface.alpha.copy())
    after = _stacked(group.children, block, surface)
    if after is None:
        return None
    if before is None:
        before = _Surface(after.colour, np.zeros(after.colour.shape[1:], np.float32))
    if before.alpha is None and after.alpha is None:
        before.colour += (after.colour - before.colour) * share
        return before
    one = np.float32(1)
    alpha_before = one if before.alpha is None else before.alpha
    alpha_after = one if after.alpha is None else after.alpha
    alpha = alpha_before + (alpha_after - alpha_before) * share
    weight = np.divide(alpha_after * share, alpha, out=np.zeros_like(alpha), where=alpha > 0)
    before.colour += (after.colour - before.colour) * weight
    before.alpha = alpha
    return before


def _source(layer: Layer, block: Rect) -> _Surface | None:
    """What the layer shows by itself, its mask and opacity apart; None if nothing."""
    if isinstance(layer, Group):
        return _stacked(layer.children, block, None)
    pixels = layer.image.peek(block)
    return None if pixels is None else _loaded(pixels)


def _clip(source: _Surface, clipped: Sequence[Layer], block: Rect) -> None:
    """Blend ``clipped`` into the colours of ``source``, whose alpha stays and holds for them, too."""
    if not clipped:
        return
    colours: _Surface = _Surface(source.colour, None)
    for layer in clipped:
        stacked = _over(layer, (), block, colours)
        assert stacked is not None
        colours = stacked
    source.colour = colours.colour


def _share(layer: Layer, block: Rect) -> "float | np.ndarray":
    """Opacity times mask: a number where it is the same throughout, else (h, w) float32, 0..1."""
    mask = _mask_of(layer)
    if mask is None:
        return float(layer.opacity)
    values = mask.peek(block)
    if values is None:
        return layer.opacity * mask.default / 255
    share = values[..., 0] * np.float32(layer.opacity / 255)
    return share if share.any() else 0.0


def _mask_of(layer: Layer) -> TiledImage | None:
    return layer.mask.image if layer.mask is not None and layer.mask.enabled else None


def _is_full(share: "float | np.ndarray") -> bool:
    return isinstance(share, float) and share >= 1


def _blend(
    surface: _Surface,
    source: _Surface,
    share: "float | np.ndarray",
    mode: str,
    *,
    keep_alpha: bool = False,
) -> None:
    """``source`` times ``share`` over ``surface``, in place. May use up the source's arrays.

    With ``keep_alpha`` only colours change, as far as ``share`` says.
    """
    if source.alpha is None:
        alpha = None if _is_full(share) else share
    elif _is_full(share):
        alpha = source.alpha
    else:
        alpha = source.alpha * share
    opaque = surface.alpha is None or keep_alpha
    if mode == "normal":
        blended = source.colour
    else:
        blended = MODES[mode](surface.colour, source.colour)
        if not opaque:  # W3C: blended only as far as there is something to blend with
            blended -= source.colour
            blended *= surface.alpha
            blended += source.colour
    if alpha is None:
        surface.colour = blended
        if not keep_alpha:
            surface.alpha = None
        return
    weight = alpha
    if not opaque:
        union = surface.alpha * (1 - alpha)
        union += alpha
        weight = np.divide(alpha, union, out=np.zeros_like(union), where=union > 0)
        surface.alpha = union
    blended -= surface.colour
    blended *= weight
    surface.colour += blended


# --- between whole numbers and planes ---


def _maximum(pixels: np.ndarray) -> int:
    return 255 if pixels.dtype == np.uint8 else 65535


def _loaded(pixels: np.ndarray) -> _Surface:
    """(h, w, 4) uint8 or uint16 as planes."""
    import cv2  # only pictures of several layers come here; the first paint of a photograph does not wait

    maximum = _maximum(pixels)
    scale = np.float32(maximum)
    colour = np.empty((3, *pixels.shape[:2]), np.float32)
    red, green, blue, alpha = cv2.split(pixels)
    for plane, values in zip(colour, (red, green, blue), strict=True):
        np.divide(values, scale, out=plane)
    if alpha.min() == maximum:
        return _Surface(colour, None)
    return _Surface(colour, alpha / scale)


def _store(surface: _Surface, out: np.ndarray) -> None:
    """Planes, rounded, as (h, w, 4) uint8 or uint16."""
    import cv2

    maximum = _maximum(out)
    scale, half = np.float32(maximum), np.float32(0.5)
    planes = []
    for plane in (*surface.colour, surface.alpha):
        if plane is None:
            planes.append(np.full(out.shape[:2], maximum, out.dtype))
            continue
        scaled = plane * scale
        scaled += half
        planes.append(scaled.astype(out.dtype))
    out[...] = cv2.merge(planes)

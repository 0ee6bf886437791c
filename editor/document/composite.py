"""The picture that a stack of layers shows."""

from collections.abc import Sequence

import numpy as np

from editor.document.blend import MODES
from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.tiles import TiledImage


def composite(layers: Sequence[Layer], area: Rect) -> np.ndarray:
    """Visible layers over each other, bottom first, within ``area``.

    Returns (height, width, 4) straight-alpha RGBA of the layers' depth. Where nothing above the lowest
    visible layer covers it, its bytes come out untouched, colours under full transparency included.
    """
    image = layers[0].image
    out = np.zeros((area.height, area.width, 4), image.dtype)
    for _, box in image.boxes(area):
        shared = box.intersected(area)
        target = out[shared.moved(-area.x, -area.y).slices]
        _composite_tile(layers, shared, target)
    return out


def _composite_tile(layers: Sequence[Layer], area: Rect, out: np.ndarray) -> None:
    """Blend the part ``area`` of one tile into ``out``, which is all zeros."""
    empty = True  # and against nothing every mode is normal
    for layer in layers:
        tile = visible_tile(layer, area)
        if tile is None:
            continue
        if empty and layer.opacity >= 1:
            out[...] = tile
        else:
            blend_over(out, tile, layer.opacity, "normal" if empty else layer.blend_mode)
        empty = False


def visible_tile(layer: Layer, area: Rect) -> np.ndarray | None:
    """A view of ``area``, which lies within one tile, or None where the layer shows nothing."""
    if not layer.visible or layer.opacity <= 0:
        return None
    image: TiledImage = layer.image
    key, box = next(image.boxes(area))
    tile = image.tiles.get(key)
    return None if tile is None else tile[area.moved(-box.x, -box.y).slices]


def blend_over(below: np.ndarray, above: np.ndarray, opacity: float, mode: str = "normal") -> None:
    """Source-over (Porter and Duff 1984) of ``above`` times ``opacity`` onto ``below``, in place.

    Both are (h, w, 4) straight alpha of one depth. Pixels where ``above`` is fully transparent are not
    written, so they stay the same to the last bit. Other modes than normal blend as far as ``below`` is
    opaque (W3C Compositing and Blending Level 1, "Blending").
    """
    maximum = float(np.iinfo(below.dtype).max)
    covered = above[..., 3] > 0
    if opacity >= 1 and mode == "normal":
        solid = above[..., 3] == maximum
        np.copyto(below, above, where=solid[..., None])
        covered &= ~solid
    if not covered.any():
        return
    top = above[covered].astype(np.float32)
    bottom = below[covered].astype(np.float32)
    top_alpha = top[:, 3:] * (opacity / maximum)
    bottom_alpha = bottom[:, 3:] * ((1 - top_alpha) / maximum)
    alpha = top_alpha + bottom_alpha
    source = top[:, :3]
    if mode != "normal":
        backed = bottom[:, 3:] / maximum
        blended = MODES[mode](bottom[:, :3] / maximum, source / maximum)
        source = (1 - backed) * source + backed * maximum * blended
    colour = (source * top_alpha + bottom[:, :3] * bottom_alpha) / alpha
    below[covered] = np.rint(np.concatenate([colour, alpha * maximum], axis=1)).clip(0, maximum)

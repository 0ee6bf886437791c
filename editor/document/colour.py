"""The document's profile and depth, and the way of its colours to a monitor."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from editor.document import icc, progress
from editor.document.files import depth
from editor.document.history import Part
from editor.document.layers import PixelLayer, walk
from editor.document.model import Document, StateSwap
from editor.document.tiles import TiledImage

_PARTS = Part.CANVAS | Part.PIXELS


def assign_profile(document: Document, profile: bytes | None) -> None:
    """Say that the colours are those of ``profile``, RGB or, for a grey document, grey; None is sRGB.

    No pixel changes. Raises ValueError for a profile that cannot be read and for one of other colours.
    """
    if profile == document.metadata.icc:
        return
    spaces = ("RGB", "GRAY") if document.grey else ("RGB",)
    if profile is not None and (found := icc.space(profile)) not in spaces:
        raise ValueError(f"A profile for {found} does not fit this picture.")
    document.edit("Assign profile", _edit(document, _profile_values(document, profile)))


def convert_profile(
    document: Document, profile: bytes | None, intent: str = "relative", *, black_point: bool = True
) -> None:
    """Change the colours of all layers to those of ``profile`` (RGB; None is sRGB), which look the same.

    ``intent`` is one of ``icc.INTENTS``. Hidden colours of fully transparent pixels stay as they are, and so
    do the colours in adjustments' parameters. Raises ValueError as ``icc.converter`` does.
    """
    if profile == document.metadata.icc:
        return
    convert = icc.converter(document.metadata.icc, profile, document.dtype, intent, black_point)

    def converted(tile: np.ndarray) -> np.ndarray:
        out = tile.copy()
        visible = tile[..., 3] > 0
        colours = convert(tile[..., :3])
        if visible.all():
            out[..., :3] = colours
        else:
            out[visible, :3] = colours[visible]
        return out

    values = _layer_values(document, document.dtype, converted)
    document.edit("Convert to profile", _edit(document, values + _profile_values(document, profile)))


def convert_depth(document: Document, bits: int, *, dither: bool = False) -> None:
    """Make it a document of 8 or 16 bits. From 8 to 16 and back is exact; from 16 to 8 values are rounded or,
    with ``dither``, rounded up as often as they are near the upper value. Raises ValueError for other depths.
    """
    if bits not in (8, 16):
        raise ValueError(f"A picture has 8 or 16 bits per channel, not {bits}.")
    if bits == document.bits:
        return
    dtype = np.dtype(np.uint8 if bits == 8 else np.uint16)
    random = np.random.default_rng(0)

    def converted(tile: np.ndarray) -> np.ndarray:
        if bits == 16:
            return depth.to_16_bits(tile, 8)
        if not dither:
            return depth.from_16_bits(tile, 8)
        noise = random.integers(0, 257, tile.shape, np.uint32)
        noise[..., 3] = 128  # alpha is not seen in steps
        return ((tile + noise) // 257).astype(np.uint8)

    values = [*_layer_values(document, dtype, converted), (document, "dtype", dtype)]
    document.edit(f"{bits} bits per channel", _edit(document, values))


def _layer_values(
    document: Document, dtype: np.dtype, converted: Callable[[np.ndarray], np.ndarray]
) -> list[tuple[object, str, object]]:
    values: list[tuple[object, str, object]] = []
    done: dict[int, np.ndarray | None] = {}  # tiles that stand in several places are converted once
    layers = [layer for layer in walk(document.layers) if isinstance(layer, PixelLayer)]
    for layer in progress.each(layers, lambda layer: len(layer.image.tiles)):
        image = TiledImage(4, dtype)
        for key, tile in progress.each(layer.image.tiles.items()):
            if id(tile) not in done:
                done[id(tile)] = image.kept(converted(tile))
            if (kept := done[id(tile)]) is not None:
                image.tiles[key] = kept
        values.append((layer, "image", image))
    return values


def _profile_values(document: Document, profile: bytes | None) -> list[tuple[object, str, object]]:
    values: list[tuple[object, str, object]] = [
        (document, "metadata", replace(document.metadata, icc=profile))
    ]
    if profile is not None and icc.space(profile) == "RGB":
        values.append((document, "grey", False))  # saved as grey it would lose the profile
    return values


def _edit(document: Document, values: list[tuple[object, str, object]]) -> StateSwap:
    return StateSwap(document, values, parts=_PARTS, area=document.rect)


def display_transform(
    profile: bytes | None, monitor: bytes | None = None
) -> Callable[[np.ndarray], np.ndarray] | None:
    """From a document's profile to the monitor's; None stands for sRGB in both.

    The function takes (h, w, 4) uint8 RGBA and returns a new array. None where the pixels can be shown as
    they are: the two are the same, or the document's profile is not for RGB. A profile that cannot be read
    counts as sRGB.
    """
    source = None if profile is None or _says_srgb(profile) else profile
    target = None if monitor is None or _says_srgb(monitor) else monitor
    if source == target:
        return None
    for each in (source, target):
        if each is not None and not _is_rgb(each):
            return display_transform(None if each is source else source, None if each is target else target)
    try:
        convert = icc.converter(source, target, np.dtype(np.uint8))
    except ValueError:
        return None

    def shown(pixels: np.ndarray) -> np.ndarray:
        out = pixels.copy()
        out[..., :3] = convert(pixels[..., :3])
        return out

    return shown


def _says_srgb(profile: bytes) -> bool:
    """Whether the profile's own name says so, which spares loading littleCMS."""
    return any("sRGB".encode(coding) in profile for coding in ("ascii", "utf-16-be"))


def _is_rgb(profile: bytes) -> bool:
    try:
        return icc.space(profile) == "RGB"
    except ValueError:
        return False

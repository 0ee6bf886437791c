"""Painting everywhere at once: filling, clearing."""

from collections.abc import Callable

import numpy as np

from editor.document.geometry import Rect
from editor.document.history import Part, TileSwap
from editor.document.layers import Layer, PixelLayer
from editor.document.model import Document
from editor.document.painting.target import WHOLE, Colour, Target, same
from editor.document.parallel import in_threads
from editor.document.tiles import TILE, TileKey

_SHARED_OUT = 16  # tiles from which on they are shared among threads


def fill(
    document: Document, layer: Layer, colour: Colour, *, opacity: float = 1, on_mask: bool = False
) -> None:
    """Fill the selection, or the canvas, with a colour."""
    _flat(Target(document, layer, on_mask=on_mask), document.rect, colour, opacity, "Fill")


def clear(document: Document, layer: PixelLayer, name: str = "Clear") -> None:
    """Make transparent what is selected, or the whole layer, beyond the canvas too."""
    target = Target(document, layer, erase=True)
    area = document.rect if document.selection.tiles else layer.image.filled()
    _flat(target, area, (0, 0, 0), 1, name)


def _flat(target: Target, area: Rect, colour: Colour, opacity: float, name: str) -> None:
    values = target.colour(colour)
    throughout: list[np.ndarray | None] = []  # what stands wherever a tile is filled throughout, once known

    def painted(key: TileKey, box: Rect, before: np.ndarray | None) -> np.ndarray | None:
        inside = box.intersected(area).moved(-box.x, -box.y).slices
        is_uniform = inside == WHOLE and opacity == 1 and target.fills(key)
        if is_uniform and throughout:
            return throughout[0]
        tile = target.blank() if before is None else before.copy()
        strength = np.full((TILE, TILE), opacity, np.float32)[inside]
        tile[inside] = target.painted(key, before, values, strength, inside)
        kept = target.image.kept(tile)
        if is_uniform:
            throughout.append(kept)
        return kept

    everywhere(target, area, painted, name)


def everywhere(
    target: Target,
    area: Rect,
    painted: Callable[[TileKey, Rect, np.ndarray | None], np.ndarray | None],
    name: str,
) -> None:
    """Make one entry of ``painted(key, box, before)`` of each tile that ``area`` touches.

    It is called in several threads and returns the new tile, or None for an empty one.
    """
    tiles: dict[TileKey, np.ndarray | None] = {}

    def paint(place: tuple[TileKey, Rect]) -> None:
        key, box = place
        before = target.image.tiles.get(key)
        if not target.spares(key, before):
            now = painted(key, box, before)
            if not same(before, now):
                tiles[key] = now

    places = list(target.image.boxes(area))
    if len(places) < _SHARED_OUT:
        for place in places:
            paint(place)
    else:
        in_threads(paint, places)
    if tiles:
        target.document.edit(name, TileSwap(target.image, tiles, Part.PIXELS))

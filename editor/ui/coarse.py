"""A quick look at a large picture of many layers, from a few of its pixels, while it keeps changing."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from editor.document.composite import composite
from editor.document.geometry import Rect
from editor.document.layers import Group, Layer, PixelLayer
from editor.document.model import Document
from editor.document.parallel import step_aside
from editor.document.tiles import TILE, TiledImage, TileKey


class Coarse:
    """A document of which only each ``step``-th row and column is looked at; ``step`` divides TILE.

    Planes keep what was picked of them: where their tiles stay, nothing is picked twice.
    """

    def __init__(self, document: Document, step: int) -> None:
        self._document, self.step = document, step
        self._origins: dict[TiledImage, TiledImage] = {}  # of a snapshot's planes
        self._kept: WeakKeyDictionary[TiledImage, tuple[dict[TileKey, np.ndarray], TiledImage]] = (
            WeakKeyDictionary()
        )

    def composite(self, area: Rect) -> np.ndarray:
        """What shows of ``area``, which counts the picked pixels: (h, w, 4) of the document's depth."""
        return composite(self._twins(self._document.layers), area, self._document.dtype)

    def frozen(self) -> Callable[[Rect], np.ndarray]:
        """``composite`` of the document as it is now, for another thread, which has this object to itself."""
        snapshot = self._document.snapshot()
        origins = dict(zip(snapshot.planes(), self._document.planes(), strict=True))

        def seen(area: Rect) -> np.ndarray:
            self._origins = origins
            return composite(self._twins(snapshot.layers), area, snapshot.dtype)

        return seen

    def _twins(self, layers: Iterable[Layer]) -> list[Layer]:
        return [self._twin(layer) for layer in layers]

    def _twin(self, layer: Layer) -> Layer:
        twin = copy(layer)
        if layer.mask is not None:
            twin.mask = replace(layer.mask, image=self._picked(layer.mask.image))
        if isinstance(layer, PixelLayer):
            twin.image = self._picked(layer.image)
        elif isinstance(layer, Group):
            twin.children = tuple(self._twins(layer.children))
        return twin

    def _picked(self, plane: TiledImage, area: Rect | None = None) -> TiledImage:
        """What is picked of ``area``, the canvas if None, and nothing else."""
        if self.step == 1:
            return plane
        origin = self._origins.get(plane, plane)
        step_aside()
        before, picked = self._kept.get(origin, ({}, None))
        if picked is None:
            picked = TiledImage(plane.channels, plane.dtype, plane.default)
        now = {
            key: plane.tiles[key] for key, _ in plane.boxes(area or self._document.rect) if key in plane.tiles
        }
        side, first = TILE // self.step, self.step // 2  # from the middle, or the picture would jump aside
        for row, column in before.keys() | now.keys():
            tile = now.get((row, column))
            if tile is before.get((row, column)):
                continue
            place = row // self.step, column // self.step
            if place not in picked.tiles:
                picked.tiles[place] = np.full((TILE, TILE, plane.channels), plane.default, plane.dtype)
            top, left = row % self.step * side, column % self.step * side
            part = plane.default if tile is None else tile[first :: self.step, first :: self.step]
            picked.tiles[place][top : top + side, left : left + side] = part
        self._kept[origin] = now, picked
        return picked

"""Masks that a PSD draws with paths, as pixels: "Vector mask setting", "Path resource format"."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from editor.document.files.reading import MAX_PIXELS
from editor.document.geometry import Rect
from editor.document.tiles import TiledImage

if TYPE_CHECKING:
    from psd_tools.psd.layer_and_mask import LayerRecord

# What a subpath does with those before it, unless it adds to them; -1: it is a part of the one before.
_EXCLUDE, _SUBTRACT, _INTERSECT, _CONTINUE = 0, 2, 3, -1
_MAX_KNOTS, _MAX_KNOTS_IN_ALL = 5_000, 20_000  # each may become a curve of a thousand pieces
_MAX_LENGTH = 1_000_000  # pixels that a path runs through: what it takes time for
_TOO_LARGE = "A mask's path is too large to be drawn"
_BAND = 1 << 22  # pixels drawn at a time


class VectorMasks:
    """Draws the vector masks of records on ``canvas``, to whose size their paths are relative."""

    def __init__(self, canvas: Rect) -> None:
        self._canvas = canvas
        self._pixels_left, self._knots_left = MAX_PIXELS, _MAX_KNOTS_IN_ALL  # that may still be drawn

    def of(self, record: "LayerRecord", note: Callable[[str], None]) -> TiledImage | None:
        """The mask, 0 beyond the canvas; None where there is none, or it is off or too large to draw, which
        ``note`` is told."""
        from psd_tools.psd.vector import InitialFillRule, Subpath

        blocks = record.tagged_blocks
        setting = blocks.get_data(b"vmsk") or blocks.get_data(b"vsms")
        if setting is None or setting.disable or not setting.path:
            return None
        subpaths = [each for each in setting.path if isinstance(each, Subpath) and len(each) > 1]
        knots = sum(map(len, subpaths))
        self._knots_left -= knots
        self._pixels_left -= self._canvas.width * self._canvas.height
        if knots > _MAX_KNOTS or min(self._knots_left, self._pixels_left) < 0:
            note(_TOO_LARGE)
            return None
        components = self._components(subpaths)
        if sum(_length(outline) for _, outlines in components for outline in outlines) > _MAX_LENGTH:
            note(_TOO_LARGE)
            return None
        filled = any(isinstance(each, InitialFillRule) and each.value for each in setting.path)
        plane = np.empty((self._canvas.height, self._canvas.width), np.uint8)
        height = max(_BAND // self._canvas.width, 1)
        for top in range(0, self._canvas.height, height):
            band = plane[top : top + height]
            coverage = _combined(components, filled, band.shape, top)
            if setting.invert:
                coverage = 1 - coverage
            band[...] = np.rint(coverage.clip(0, 1) * 255)
        return TiledImage.from_array(plane[..., None])

    def _components(self, subpaths: list[Any]) -> list[tuple[int, list[np.ndarray]]]:
        """What each component does with those before it, and its outlines."""
        components: list[tuple[int, list[np.ndarray]]] = []
        for subpath in subpaths:
            if subpath.operation == _CONTINUE and components:
                components[-1][1].append(self._outline(subpath))
            else:
                components.append((subpath.operation, [self._outline(subpath)]))
        return components

    def _outline(self, subpath: Any) -> np.ndarray:
        """The corners, (n, 2) as (x, y), of the closed subpath made straight."""
        from psd_tools.composite.scanline import flatten_cubics

        size = np.array([self._canvas.width, self._canvas.height])

        def points(name: str) -> np.ndarray:
            return np.array([getattr(knot, name)[::-1] for knot in subpath], np.float64) * size

        anchors = points("anchor")
        following = np.roll(points("preceding"), -1, axis=0), np.roll(anchors, -1, axis=0)
        return flatten_cubics(anchors, points("leaving"), *following)


def _length(outline: np.ndarray) -> float:
    """Corners, and pixels that the lines between them cross."""
    return len(outline) + float(np.abs(np.diff(outline, axis=0)).sum())


def _combined(
    components: list[tuple[int, list[np.ndarray]]], filled: bool, shape: tuple[int, int], top: int
) -> np.ndarray:
    """How far the components together cover each pixel of the rows from ``top`` on, 0..1."""
    from psd_tools.composite.scanline import fill_coverage

    height, width = shape
    total = np.full(shape, filled and not components, np.float32)
    for number, (operation, outlines) in enumerate(components):
        plane = fill_coverage([outline - (0, top) for outline in outlines], width, height)
        if number == 0 and operation in (_SUBTRACT, _INTERSECT):
            total = 1 - total  # the first one cuts from everything
        if operation == _EXCLUDE:
            total += plane - 2 * total * plane
        elif operation == _SUBTRACT:
            total *= 1 - plane
        elif operation == _INTERSECT:
            total *= plane
        else:
            total += plane - total * plane
    return total

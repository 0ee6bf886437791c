"""Whole planes in another place, turned, at another size: each function makes a new plane of one.

What lies beyond the canvas goes along. Moves, turns and mirror images are exact; a tile that is only moved by
whole tiles is shared and not copied.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from editor.document import resample
from editor.document.geometry import Rect
from editor.document.progress import each, portion
from editor.document.tiles import TILE, TiledImage

MAX_PIXELS = resample.MAX_PIXELS
MAX_SIDE = 300_000
_BAND = 4 * TILE  # rows of a result that are made at a time


def check_size(width: int, height: int) -> None:
    """Raises ValueError for sides that no picture may have."""
    if width < 1 or height < 1:
        raise ValueError(f"A picture cannot be {width} × {height} pixels.")
    if max(width, height) > MAX_SIDE:
        raise ValueError(f"A picture ends at {MAX_SIDE:,} pixels a side, and this is {width:,} × {height:,}.")
    if width * height > MAX_PIXELS:
        raise ValueError(
            f"A picture ends at {MAX_PIXELS // 10**6} megapixels, and {width:,} × {height:,} are more."
        )


# --- Exact ---


def moved(plane: TiledImage, dx: int, dy: int) -> TiledImage:
    """``plane`` ``dx`` pixels to the right and ``dy`` down."""
    if dx % TILE == 0 and dy % TILE == 0:
        out = _like(plane)
        out.tiles = {
            (row + dy // TILE, column + dx // TILE): tile for (row, column), tile in plane.tiles.items()
        }
        return out
    return _rearranged(plane, lambda area: area.moved(dx, dy), lambda area: area.moved(-dx, -dy), lambda a: a)


def mirrored(plane: TiledImage, *, width: int | None = None, height: int | None = None) -> TiledImage:
    """Left and right exchanged on a canvas of ``width``, above and below on one of ``height``, or both."""

    def place(area: Rect) -> Rect:
        x = area.x if width is None else width - area.right
        y = area.y if height is None else height - area.bottom
        return Rect(x, y, area.width, area.height)

    across, down = (slice(None, None, 1 if side is None else -1) for side in (width, height))
    return _rearranged(plane, place, place, lambda array: array[down, across])


def turned(plane: TiledImage, width: int, height: int, *, clockwise: bool) -> TiledImage:
    """A quarter turn of a canvas of ``width`` x ``height``."""

    def right(area: Rect) -> Rect:
        return Rect(before - area.bottom, area.x, area.height, area.width)

    def left(area: Rect) -> Rect:
        return Rect(area.y, before - area.right, area.height, area.width)

    if clockwise:
        before = height
        return _rearranged(plane, right, left, lambda array: np.rot90(array, -1))
    before = width
    return _rearranged(plane, left, right, np.rot90)


def clipped(plane: TiledImage, area: Rect) -> TiledImage:
    """What lies in ``area``; elsewhere the plane is ``default``."""
    out = _like(plane)
    for key, tile in each(plane.tiles.items()):
        box = plane.box(key)
        shared = box.intersected(area)
        if shared == box:
            out.tiles[key] = tile
        elif shared:
            whole = np.full_like(tile, plane.default)
            inside = shared.moved(-box.x, -box.y).slices
            whole[inside] = tile[inside]
            _keep(out, key, whole)
    return out


def _rearranged(
    plane: TiledImage,
    there: Callable[[Rect], Rect],
    back: Callable[[Rect], Rect],
    arrange: Callable[[np.ndarray], np.ndarray],
) -> TiledImage:
    """The plane whose pixels come from elsewhere: ``there`` says where an area goes, ``back`` where it comes
    from, and ``arrange`` puts the pixels of an area, (h, w), in their new order."""
    out = _like(plane)
    pixel = np.dtype(f"u{plane.channels * plane.dtype.itemsize}")  # moved faster than single channels
    targets = {key for source in plane.tiles for key, _ in plane.boxes(there(plane.box(source)))}
    for key in each(targets):
        pixels = plane.read(back(plane.box(key))).view(pixel)[..., 0]
        tile = np.ascontiguousarray(arrange(pixels))[..., None].view(plane.dtype)
        _keep(out, key, tile)
    return out


# --- Resampled ---


def resampled(plane: TiledImage, matrix: np.ndarray, method: str = "auto") -> TiledImage:
    """``plane`` through a 3 x 3 matrix, by one of ``resample.METHODS``.

    A plane ends at the bounds of what is not its default, and is not blended with what is beyond. Raises
    ValueError if it would become too large or go behind the horizon.
    """
    out = _like(plane)
    source = plane.bounds()
    if not source:
        return out
    target = resample.bounds(matrix, source)
    if not target:
        return out
    check_size(target.width, target.height)
    scales_only = not (matrix[0, 1] or matrix[1, 0] or matrix[2, 0] or matrix[2, 1])
    for part in each(_bands(target) if scales_only else [target]):
        needed = _needed(part, source, matrix) if scales_only else source
        if needed:
            _paste(out, part, _warped(plane, needed, matrix, part, method))
    return out


def _bands(area: Rect) -> Iterator[Rect]:
    """``area`` in strips that share no tile."""
    top = area.y
    while top < area.bottom:
        bottom = min((top // _BAND + 1) * _BAND, area.bottom)
        yield Rect(area.x, top, area.width, bottom - top)
        top = bottom


def _needed(part: Rect, source: Rect, matrix: np.ndarray) -> Rect:
    """The rows of ``source`` that a strip of the result is made of, with room for every filter."""
    scale, shift = matrix[1, 1] / matrix[2, 2], matrix[1, 2] / matrix[2, 2]
    ends = sorted(((part.y - shift) / scale, (part.bottom - shift) / scale))
    margin = 4 * max(1 / abs(scale), 1) + 2
    top, bottom = math.floor(ends[0] - margin), math.ceil(ends[1] + margin)
    return Rect(source.x, top, source.width, bottom - top).intersected(source)


def _warped(plane: TiledImage, source: Rect, matrix: np.ndarray, target: Rect, method: str) -> np.ndarray:
    offset = source.x, source.y
    with portion(0.5 if plane.default else 1):
        values = resample.warp(plane.read(source), offset, matrix, target, method)
    if plane.default:
        # Where the source covers a pixel in part or not at all, the rest is what lies beyond it.
        full = np.full((source.height, source.width, 1), plane.maximum, plane.dtype)
        covered = resample.warp(full, offset, matrix, target, method) / np.float32(plane.maximum)
        values = np.rint(values + plane.default * (1 - covered)).clip(0, plane.maximum).astype(plane.dtype)
    return values


def _paste(out: TiledImage, area: Rect, values: np.ndarray) -> None:
    """Put ``values`` where ``out`` holds nothing yet."""
    for key, box in out.boxes(area):
        shared = box.intersected(area)
        if key in out.tiles:
            tile = out.tiles[key].copy()
        else:
            tile = np.full((TILE, TILE, out.channels), out.default, out.dtype)
        tile[shared.moved(-box.x, -box.y).slices] = values[shared.moved(-area.x, -area.y).slices]
        _keep(out, key, tile)


def _like(plane: TiledImage) -> TiledImage:
    return TiledImage(plane.channels, plane.dtype, plane.default)


def _keep(out: TiledImage, key: tuple[int, int], tile: np.ndarray) -> None:
    if (kept := out.kept(tile)) is not None:
        out.tiles[key] = kept

"""A plane enlarged tile by tile: no more of it is ever there as floats than one tile.

Tiles see more than they make, so that their borders show in nothing they make, and those that lie beside each
other overlap and go over into each other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from engines.upscale.detail import bled
from engines.upscale.requests import Plane
from engines.upscale.scaling import resample, weights

# Pixels of the picture that a tile sees to each side of what it makes: a tenth of its side, within these. By
# 32 the mean difference that the end of the picture makes to x4plus has fallen to about 1/255.
_MARGINS = 13, 32

Enlarge = Callable[[np.ndarray], np.ndarray]  # (h, w, 3) float32 to (scale h, scale w, 3)


@dataclass(frozen=True)
class Axis:
    """What one tile sees and makes, along one side of the plane."""

    seen: slice  # pixels of the plane
    made: slice  # pixels of the result
    over: int  # first pixels of these that the tile before has made as well


@dataclass(frozen=True)
class Tile:
    across: Axis
    down: Axis


def tiles(plane: Plane, scale: tuple[float, float], side: int) -> list[Tile]:
    """The tiles of a plane, row by row; each sees ``side`` pixels a side, at least 64, or the whole plane.

    Neighbours go over into each other within half of what they see beside what they make.
    """
    height, width = plane.image.shape[:2]
    across = list(_axes(width, plane.target.x, plane.target.width, plane.x, scale[0], side))
    down = list(_axes(height, plane.target.y, plane.target.height, plane.y, scale[1], side))
    return [Tile(column, row) for row in down for column in across]


def _axes(size: int, first: int, count: int, at: int, scale: float, side: int) -> Iterator[Axis]:
    """``size`` pixels of the plane, the first at ``at`` of the picture, make ``count`` of the result, the
    first at ``first``."""
    if size <= side:
        yield Axis(slice(0, size), slice(0, count), 0)
        return
    margin = min(max(side // 10, _MARGINS[0]), _MARGINS[1])
    made = min(int((side - 2 * margin - 1) * scale), count)
    step = made - round(margin // 2 * scale)
    number = max(-(-(count - made) // step), 0) + 1
    starts = [round(each * (count - made) / max(number - 1, 1)) for each in range(number)]
    ended = 0
    for start in starts:
        begin = int(np.floor((first + start) / scale)) - at - margin
        begin = min(max(begin, 0), size - side)
        yield Axis(slice(begin, begin + side), slice(start, start + made), max(ended - start, 0))
        ended = start + made


def put(
    tile: Tile,
    plane: Plane,
    scale: tuple[float, float],
    enlarge: Enlarge,
    factor: int,
    out: np.ndarray,
    grey: bool,
) -> None:
    """Make one tile of ``out``, (target height, target width, 4); ``factor``: times that ``enlarge`` does."""
    image = plane.image[tile.down.seen, tile.across.seen]
    full = np.float32(np.iinfo(image.dtype).max)
    alpha = image[..., 3].astype(np.float32) / full
    made = out[tile.down.made, tile.across.made]
    if not alpha.any():
        if not tile.down.over and not tile.across.over:
            made[...] = 0
            return
        new = np.zeros(made.shape, np.float32)
    else:
        large = enlarge(bled(image[..., :3].astype(np.float32) / full, alpha))
        if grey:
            large = np.repeat(large.mean(axis=2, keepdims=True), 3, axis=2)
        rows, covered_rows = _weights(tile.down, plane.y, plane.target.y, scale[1], factor)
        columns, covered_columns = _weights(tile.across, plane.x, plane.target.x, scale[0], factor)
        new = np.empty(made.shape, np.float32)
        new[..., :3] = resample(large, rows, columns)
        new[..., 3] = _alpha(alpha, factor, rows, columns) * covered_rows[:, None] * covered_columns
        np.clip(new, 0, 1, out=new)
        new *= full
        new[..., :3] *= new[..., 3:] > 0.5
    share = _ramp(tile.down)[:, None, None] * _ramp(tile.across)[None, :, None]
    if tile.down.over or tile.across.over:
        new = made + (new - made) * share
    made[...] = np.rint(new)


def _weights(axis: Axis, at: int, first: int, scale: float, factor: int) -> tuple[np.ndarray, np.ndarray]:
    size, count = axis.seen.stop - axis.seen.start, axis.made.stop - axis.made.start
    begin = (first + axis.made.start) / scale - at - axis.seen.start
    return weights(size * factor, begin * factor, factor / scale, count)


def _alpha(alpha: np.ndarray, factor: int, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    if alpha.min() >= 1:
        return np.ones((len(rows), len(columns)), np.float32)
    height, width = alpha.shape
    large = cv2.resize(alpha, (width * factor, height * factor), interpolation=cv2.INTER_CUBIC)
    return resample(np.clip(large, 0, 1)[..., None], rows, columns)[..., 0]


def _ramp(axis: Axis) -> np.ndarray:
    """How much each pixel is of this tile and not of the one before, 0 .. 1."""
    ramp = np.ones(axis.made.stop - axis.made.start, np.float32)
    ramp[: axis.over] = (np.arange(axis.over) + 0.5) / max(axis.over, 1)
    return ramp

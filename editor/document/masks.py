"""Drawing on a selection or a layer mask: one uint8 channel, 0 = not selected or hidden, 255 = fully."""

from collections.abc import Sequence

import numpy as np

from editor.document.geometry import NOWHERE, Rect
from editor.document.history import Part, TileSwap
from editor.document.tiles import TILE, TiledImage, TileWriter

Point = tuple[float, float]  # (x, y) in pixels, the centre of the first pixel at (0.5, 0.5)


def draw_segment(
    writer: TileWriter,
    start: Point,
    end: Point,
    radii: Point,
    hardness: float,
    within: Rect,
    *,
    erase: bool = False,
) -> Rect:
    """Draw a round-ended stroke piece from ``start`` to ``end``, whose radius runs from one to the other
    of ``radii`` (pixels), as far as it lies ``within`` the canvas.

    ``hardness`` 1 gives an edge one pixel soft, 0 a falloff over the whole radius. Values only ever grow
    (or, erasing, only shrink), so pieces that overlap leave no beads. Returns the area touched.
    """
    largest = max(*radii, 0.5)
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    x, y = int(np.floor(left - largest - 1)), int(np.floor(top - largest - 1))
    area = Rect(
        x, y, int(np.ceil(right + largest + 1)) - x, int(np.ceil(bottom + largest + 1)) - y
    ).intersected(within)
    for _, box in writer.image.boxes(area):
        part = box.intersected(area)
        coverage = _segment_coverage(part, start, end, radii, hardness)
        if coverage.any():
            _merge(writer, part, coverage, erase)
    return area


def _segment_coverage(area: Rect, start: Point, end: Point, radii: Point, hardness: float) -> np.ndarray:
    columns = np.arange(area.x, area.right, dtype=np.float32) + 0.5 - start[0]
    rows = (np.arange(area.y, area.bottom, dtype=np.float32) + 0.5 - start[1])[:, None]
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    if length2 > 0:
        along = ((columns * dx + rows * dy) / length2).clip(0, 1)
        distance = np.hypot(columns - along * dx, rows - along * dy)
        radius = radii[0] + along * (radii[1] - radii[0])
    else:
        distance = np.hypot(columns, rows)
        radius = max(radii)
    radius = np.maximum(radius, 0.5)
    softness = np.maximum(radius * (1 - hardness), 1.0)  # width of the falloff, in pixels
    return np.rint(((radius + 0.5 - distance) / softness).clip(0, 1) * 255).astype(np.uint8)[..., None]


def draw_polygon(writer: TileWriter, points: Sequence[Point], within: Rect, *, erase: bool = False) -> Rect:
    """Fill a closed polygon with an anti-aliased edge, as far as it lies ``within`` the canvas.

    Returns the area touched.
    """
    import cv2

    corners = np.asarray(points, np.float64)
    if len(corners) < 3:
        return NOWHERE
    low, high = np.floor(corners.min(axis=0) - 1), np.ceil(corners.max(axis=0) + 1)
    area = Rect(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])).intersected(within)
    if not area:
        return NOWHERE
    shift = 4  # OpenCV takes corners in sixteenths of a pixel, a pixel's centre at whole numbers
    fixed = np.rint((corners - (area.x + 0.5, area.y + 0.5)) * (1 << shift)).astype(np.int32)
    coverage = np.zeros((area.height, area.width), np.uint8)
    cv2.fillPoly(coverage, [fixed], 255, lineType=cv2.LINE_AA, shift=shift)
    _merge(writer, area, coverage[..., None], erase)
    return area


def _merge(writer: TileWriter, area: Rect, coverage: np.ndarray, erase: bool) -> None:
    """Join ``coverage``, (h, w, 1) uint8, with the mask: the larger value, or, erasing, what is left."""
    old = writer.image.read(area)
    new = np.minimum(old, 255 - coverage) if erase else np.maximum(old, coverage)
    if not np.array_equal(old, new):
        writer.write(area, new)


def clear(mask: TiledImage) -> TileSwap:
    """The edit that empties the mask."""
    return TileSwap(mask, dict.fromkeys(mask.tiles), Part.SELECTION)


def invert(mask: TiledImage, within: Rect) -> TileSwap:
    """The edit that turns selected into not selected and the other way round, ``within`` the canvas."""
    full = np.full((TILE, TILE, 1), 255, np.uint8)  # one array serves all tiles that become full
    full.flags.writeable = False
    tiles: dict[tuple[int, int], np.ndarray | None] = {}
    for key, box in mask.boxes(within):
        tile = mask.tiles.get(key)
        shared = box.intersected(within)
        if tile is None and shared == box:
            tiles[key] = full
            continue
        inverse = np.zeros_like(full)
        inside = shared.moved(-box.x, -box.y).slices
        inverse[inside] = 255 if tile is None else 255 - tile[inside]
        tiles[key] = mask.kept(inverse)
    return TileSwap(mask, tiles, Part.SELECTION)


def replace(mask: TiledImage, values: np.ndarray) -> TileSwap:
    """The edit that makes ``values``, shape (H, W) uint8 of the canvas, the whole mask."""
    new = TiledImage.from_array(values[..., None].copy())
    tiles: dict[tuple[int, int], np.ndarray | None] = dict.fromkeys(mask.tiles)
    tiles |= {key: tile for key, tile in new.tiles.items() if tile.any()}
    return TileSwap(mask, tiles, Part.SELECTION)

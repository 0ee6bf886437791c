"""Drawing on a mask: one uint8 channel, 0 = keep, 255 = change here."""

from collections.abc import Sequence

import numpy as np

from editor.document.geometry import NOWHERE, Rect
from editor.document.history import Part, TileSwap
from editor.document.tiles import TILE, TiledImage, TileWriter

Point = tuple[float, float]  # (x, y) in pixels, the centre of the first pixel at (0.5, 0.5)


def draw_segment(
    writer: TileWriter, start: Point, end: Point, radii: Point, hardness: float, *, erase: bool = False
) -> Rect:
    """Draw a round-ended stroke piece from ``start`` to ``end``, whose radius runs from one to the other
    of ``radii`` (pixels).

    ``hardness`` 1 gives an edge one pixel soft, 0 a falloff over the whole radius. Values only ever grow
    (or, erasing, only shrink), so pieces that overlap leave no beads. Returns the area touched.
    """
    largest = max(*radii, 0.5)
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    x, y = int(np.floor(left - largest - 1)), int(np.floor(top - largest - 1))
    area = Rect(
        x, y, int(np.ceil(right + largest + 1)) - x, int(np.ceil(bottom + largest + 1)) - y
    ).intersected(writer.image.rect)
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


def draw_polygon(writer: TileWriter, points: Sequence[Point], *, erase: bool = False) -> Rect:
    """Fill a closed polygon with an anti-aliased edge. Returns the area touched."""
    import cv2

    corners = np.asarray(points, np.float64)
    if len(corners) < 3:
        return NOWHERE
    low, high = np.floor(corners.min(axis=0) - 1), np.ceil(corners.max(axis=0) + 1)
    area = Rect(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])).intersected(
        writer.image.rect
    )
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
    return TileSwap(mask, dict.fromkeys(mask.tiles), Part.MASK)


def invert(mask: TiledImage) -> TileSwap:
    """The edit that turns kept into masked and masked into kept."""
    full = np.full((TILE, TILE, 1), 255, np.uint8)  # one array serves all tiles that become full
    full.flags.writeable = False
    tiles: dict[tuple[int, int], np.ndarray | None] = {}
    for key, box in mask.boxes(mask.rect):
        tile = mask.tiles.get(key)
        if tile is None:
            tiles[key] = full[: box.height, : box.width]
        else:
            inverse = 255 - tile
            inverse.flags.writeable = False
            tiles[key] = inverse if inverse.any() else None
    return TileSwap(mask, tiles, Part.MASK)


def replace(mask: TiledImage, values: np.ndarray) -> TileSwap:
    """The edit that makes ``values``, shape (H, W) uint8, the whole mask."""
    tiles: dict[tuple[int, int], np.ndarray | None] = {}
    for key, box in mask.boxes(mask.rect):
        tile = values[box.slices][..., None].copy()
        tile.flags.writeable = False
        if tile.any() or key in mask.tiles:
            tiles[key] = tile if tile.any() else None
    return TileSwap(mask, tiles, Part.MASK)


def bounds(mask: TiledImage) -> Rect:
    """The smallest rectangle that holds every pixel that is not 0."""
    area = NOWHERE
    for key, tile in mask.tiles.items():
        box = mask.box(key)
        rows = np.flatnonzero(tile.any(axis=(1, 2)))
        columns = np.flatnonzero(tile.any(axis=(0, 2)))
        if rows.size:
            found = Rect(
                box.x + int(columns[0]),
                box.y + int(rows[0]),
                int(columns[-1] - columns[0]) + 1,
                int(rows[-1] - rows[0]) + 1,
            )
            area = area.united(found)
    return area

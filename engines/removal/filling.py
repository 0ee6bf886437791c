"""The way of one region through a network of fixed size, the same for every removal engine.

A first run sees the whole context square. Where that had to be scaled down far, the fill is then worked
over at twice the scale, block by block from the hole's edge inwards, until it is near the photograph's own;
what finer detail is still missing is carried in from beside the hole. Constants were chosen by
tests/benchmarks/removal.py and by looking.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from engines.base import Box, Patch, Region
from engines.removal import detail
from engines.removal import grain as grain_of
from engines.context import NATIVE, from_square, to_square

# Pixels inside the mask over which the fill's tone is drawn towards that of its surroundings.
EDGE_FADE = 8.0

# From this many pixels of the photograph per pixel of the network a fill looks soft beside its
# surroundings, and detail is carried into it.
DETAIL_FROM = 1.15
DETAIL_WEIGHT = 0.8
DETAIL_LIMIT = 6.0  # times the median, from which detail is an edge rather than grain or texture

# A fill made at a coarser scale than this is worked over at twice the scale.
REFINE_FROM = 4.0
BLOCK = 200  # side of what is filled anew in one run, in pixels of the finer scale ...
OVERLAP = 24  # ... and by how much neighbours overlap and fade into each other

FillSquare = Callable[[np.ndarray, np.ndarray], np.ndarray]


def fill_region(region: Region, fill_square: FillSquare, step: Callable[[float], None]) -> Patch:
    """Fill a region's target and return the new pixels of the smallest box around it.

    ``fill_square(image, known)`` is the network: (512, 512, 3) float32 [0, 1] and (512, 512) bool to the
    filled picture of the same shape. ``step`` is told the fraction done, after each run of the network.
    """
    area = _bounds(region.target)
    square = to_square(region.image, region.hole)
    scales = list(_finer_scales(square.scale))
    runs = 1 + sum(len(_blocks(area, scale)) for scale in scales)
    done = 0

    def complete(image: np.ndarray, known: np.ndarray) -> np.ndarray:
        nonlocal done
        # What a network makes of the known pixels is not meant to be seen and is often off in tone.
        filled = np.where(known[..., None], image, fill_square(image, known))
        done += 1
        step(done / (runs + 1))
        return filled

    filled = complete(square.image, square.known)
    if square.scale <= DETAIL_FROM:
        rgb = from_square(filled, square, area)
    else:
        # Detail comes from no farther outside the hole than it is deep.
        frame = Box(0, 0, region.box.width, region.box.height)
        frame = _grown(area, max(area.width, area.height) // 2 + 8, frame)
        low = from_square(filled, square, frame)
        clean = from_square(square.known.astype(np.float32), square, frame) > 1 - 1e-3
        region, area = _trimmed(region, frame), _moved(area, -frame.x, -frame.y)
        rng = np.random.default_rng(0)
        rgb = detail.add(low, clean, region.image, region.hole, square.scale, rng, lambda: step(0.5))[area.slices]
    rgb = soft_edge(region, rgb, area)
    rng = np.random.default_rng(0)
    rgb = grain_of.add(rgb, region.image, region.hole, area, 1.0, rng, lambda: step(0.9))
    return Patch(_moved(area, region.box.x, region.box.y), rgb, region.target[area.slices])


def _bounds(target: np.ndarray) -> Box:
    rows, columns = np.flatnonzero(target.any(axis=1)), np.flatnonzero(target.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return Box(x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1)


def _moved(area: Box, dx: int, dy: int) -> Box:
    return Box(area.x + dx, area.y + dy, area.width, area.height)


def _grown(area: Box, margin: int, limits: Box) -> Box:
    x, y = max(area.x - margin, limits.x), max(area.y - margin, limits.y)
    right = min(area.x + area.width + margin, limits.x + limits.width)
    bottom = min(area.y + area.height + margin, limits.y + limits.height)
    return Box(x, y, right - x, bottom - y)


def _trimmed(region: Region, frame: Box) -> Region:
    """The part ``frame`` of a region."""
    box = Box(region.box.x + frame.x, region.box.y + frame.y, frame.width, frame.height)
    return Region(box, region.image[frame.slices], region.hole[frame.slices], region.target[frame.slices])


def _finer_scales(scale: float) -> Iterator[float]:
    while scale > REFINE_FROM:
        scale /= 2
        yield scale


def _blocks(area: Box, scale: float) -> list[Box]:
    """Boxes of about BLOCK pixels that tile ``area`` scaled down by ``scale``."""
    left, top = int(area.x / scale), int(area.y / scale)
    width, height = int(np.ceil(area.width / scale)), int(np.ceil(area.height / scale))
    columns, rows = max(1, round(width / BLOCK)), max(1, round(height / BLOCK))
    return [
        Box(
            left + width * column // columns,
            top + height * row // rows,
            width * (column + 1) // columns - width * column // columns,
            height * (row + 1) // rows - height * row // rows,
        )
        for row in range(rows)
        for column in range(columns)
    ]


def _refilled(
    picture: np.ndarray, hole: np.ndarray, area: Box, scale: float, complete: FillSquare
) -> tuple[np.ndarray, np.ndarray]:
    """Fill the hole of a completed picture (h, w, 3) anew at a finer scale.

    Each block is made with all around it taken as known, be it photograph or fill, the blocks nearest the
    hole's edge first. Returns the picture of that scale grown to (h, w, 3), and how far, 0 to 1, each of its
    pixels is photograph, (h, w).
    """
    height, width = hole.shape
    size = (round(width / scale), round(height / scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    open_ = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 1e-4
    depth = cv2.distanceTransform(open_.astype(np.uint8), cv2.DIST_L2, 5)
    blocks = [block for block in _blocks(area, scale) if open_[block.slices].any()]
    blocks.sort(key=lambda block: float(depth[block.slices].max()))
    for block in blocks:
        window = _window(block, size)
        inside = np.zeros(open_.shape, bool)
        top, left = max(block.y - OVERLAP, 0), max(block.x - OVERLAP, 0)
        inside[top : block.y + block.height + OVERLAP, left : block.x + block.width + OVERLAP] = True
        anew = (inside & open_)[window.slices]
        square = to_square(small[window.slices], anew)
        out = complete(square.image, square.known)
        out = from_square(out, square, Box(0, 0, window.width, window.height))
        # Fades in from its neighbours in the hole, not from the photograph.
        free = (inside | ~open_)[window.slices].astype(np.uint8)
        ramp = (cv2.distanceTransform(free, cv2.DIST_L2, 5) / (2 * OVERLAP)).clip(0, 1) * anew
        small[window.slices] += (out - small[window.slices]) * ramp[..., None]
    # What the coarser scale could show stays as it was: only detail finer than that is new.
    half = (max(size[0] // 2, 1), max(size[1] // 2, 1))
    coarse = cv2.resize(picture, half, interpolation=cv2.INTER_AREA)
    change = coarse - cv2.resize(small, half, interpolation=cv2.INTER_AREA)
    small += cv2.resize(change, size, interpolation=cv2.INTER_CUBIC) * open_[..., None]
    full = (width, height)
    seen = cv2.resize((~open_).astype(np.float32), full, interpolation=cv2.INTER_LINEAR)
    return cv2.resize(small, full, interpolation=cv2.INTER_CUBIC), seen


def _window(block: Box, size: tuple[int, int]) -> Box:
    """The network's square around a block, moved inside a picture of ``size`` (width, height)."""
    spans = []
    for start, length, limit in ((block.x, block.width, size[0]), (block.y, block.height, size[1])):
        side = min(NATIVE, limit)
        spans.append((min(max(start + length // 2 - side // 2, 0), limit - side), side))
    (x, width), (y, height) = spans
    return Box(x, y, width, height)


def _with_detail(region: Region, low: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """A region's picture with its hole filled by ``low``, sharpened by detail from beside the hole.

    ``low`` (h, w, 3) is the filled picture as a coarser scale shows it, ``seen`` (h, w) how far its pixels
    come from the photograph alone. Detail is what the photograph has more than ``low``; each pixel of the
    hole takes it from its mirror image across the nearest pixel that is wholly photograph, so that grain
    and texture go on as they are beside the hole.
    """
    source = (seen > 1 - 1e-3) & ~region.hole
    picture = np.where(region.hole[..., None], low, region.image)
    known_rows, known_columns = np.nonzero(source)
    if not known_rows.size:
        return picture.clip(0, 1)
    detail = (region.image - low) * source[..., None]
    strength = np.abs(detail).max(axis=2)
    usual = DETAIL_LIMIT * max(float(np.median(strength[source])), 1e-4)
    detail /= (1 + (strength / usual) ** 2)[..., None]  # the mirror image of an edge would be seen as one
    # OpenCV labels the source pixels and tells for every other one which label is nearest.
    _, labels = cv2.distanceTransformWithLabels(
        (~source).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    row_of = np.empty(labels.max() + 1, np.float32)
    column_of = np.empty_like(row_of)
    label_of_known = labels[known_rows, known_columns]
    row_of[label_of_known], column_of[label_of_known] = known_rows, known_columns
    height, width = region.hole.shape
    mirrored = cv2.remap(
        detail,
        2 * column_of[labels] - np.arange(width, dtype=np.float32),
        2 * row_of[labels] - np.arange(height, dtype=np.float32)[:, None],
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    picture += DETAIL_WEIGHT * mirrored * region.hole[..., None]
    return picture.clip(0, 1)


def soft_edge(region: Region, rgb: np.ndarray, area: Box) -> np.ndarray:
    """``rgb``, the fill of ``area``, drawn towards its surroundings at the edge, fading inwards.

    A step in tone between fill and photograph would show as a seam. Blending with what the mask covers
    would bring a ghost of the object back; so the step itself, measured between the nearest pixels on both
    sides, is smoothed along the edge and half of it taken off, less and less with the distance from it.
    """
    outer = _grown(area, int(3 * EDGE_FADE), Box(0, 0, region.box.width, region.box.height))
    inner = _moved(area, -outer.x, -outer.y)
    hole = region.hole[outer.slices].astype(np.uint8)
    target = np.zeros_like(hole)
    target[inner.slices] = region.target[area.slices] > 0
    fill = np.zeros((outer.height, outer.width, 3), np.float32)
    fill[inner.slices] = rgb
    near = cv2.dilate(1 - hole, np.ones((3, 3), np.uint8))
    rim = (near * target).astype(np.float32)
    if not rim.any():
        return rgb
    outside = _mean_of(region.image[outer.slices], (1 - hole).astype(np.float32))
    step = (outside - _mean_of(fill, target.astype(np.float32))) * rim[..., None]
    spread = cv2.GaussianBlur(step, (0, 0), EDGE_FADE)
    weight = cv2.GaussianBlur(rim, (0, 0), EDGE_FADE)
    distance = cv2.distanceTransform(hole, cv2.DIST_L2, 5)
    fading = 0.5 * np.exp(-distance / EDGE_FADE) / np.maximum(weight, 1e-4)
    return (rgb + (spread * fading[..., None])[inner.slices]).clip(0, 1)


def _mean_of(image: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Mean over 3 x 3 pixels of those that ``weight`` counts."""
    total = cv2.blur(image * weight[..., None], (3, 3))
    return total / np.maximum(cv2.blur(weight, (3, 3)), 1e-6)[..., None]

"""The way of one region through a network of fixed size, the same for every removal engine.

The network sees the whole context square. Where that had to be scaled down, the detail that the fill lacks is
brought in from around it (``detail``); last comes the noise (``grain``). Constants were chosen by
tests/benchmarks/removal.py, tests/benchmarks/sharpness.py and by looking.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from engines.base import Box, Patch, Region
from engines.context import NATIVE, Square, from_square, to_square
from engines.ladder import checked
from engines.removal import detail, strips
from engines.removal import grain as grain_of

# Pixels inside the mask over which the fill's tone is drawn towards that of its surroundings.
EDGE_FADE = 8.0

# From this many pixels of the photograph per pixel of the network a fill looks soft beside its
# surroundings, and detail is carried into it.
DETAIL_FROM = 1.15
NETWORK_SHARE, DETAIL_SHARE = 0.3, 0.9  # of a large fill's time, after which each is done

FillSquare = Callable[..., np.ndarray]


def fill_region(
    region: Region,
    fill_square: FillSquare,
    step: Callable[[float], None],
    *,
    seed: int = 0,
    grain: float = 1.0,
    size: int = NATIVE,
    own_lines: bool = False,
) -> Patch:
    """Fill a region's target and return the new pixels of the smallest box around it.

    ``fill_square(image, known)`` is the network: (size, size, 3) float32 [0, 1] and (size, size) bool to the
    filled picture of the same shape, which may go a little beyond that range. It follows the region's guides
    by ``strips``, or with ``own_lines`` is given them as a third argument, a tuple of (n, 2) float32 points
    x, y in the picture's pixels. ``step`` is told the fraction done, often. ``grain`` 0 .. 1 is how much of
    the noise that the fill lacks is added. What chance there is in it ``seed`` decides.

    Raises what the network does, BrokenOutput if that gives no picture.
    """
    area = _bounds(region.target)
    square = to_square(region.image, region.hole, size)
    rng = np.random.default_rng([seed % 2**32, area.width, area.height])
    runs = 2 if region.guides and not own_lines else 1
    done = 0

    def complete(square: Square, lines: Sequence[np.ndarray] = ()) -> np.ndarray:
        nonlocal done
        more = (square.brought(lines),) if own_lines else ()
        # What a network makes of the known pixels is not meant to be seen and is often off in tone.
        made = checked(fill_square(square.image, square.known, *more), square.image, square.known)
        filled = np.where(square.known[..., None], square.image, made.clip(0, 1))
        done += 1
        step(NETWORK_SHARE * done / runs)
        return filled

    step(0.0)
    if own_lines:
        filled = complete(square, region.guides)
    else:
        filled = strips.followed(square, region.guides, complete)
    if square.scale <= DETAIL_FROM:
        rgb = from_square(filled, square, area)
    else:
        # Detail comes from near the hole: that is likest, and quickest looked through.
        frame = _grown(
            area, max(area.width, area.height) // 3 + 32, Box(0, 0, region.box.width, region.box.height)
        )
        low = from_square(filled, square, frame)
        clean = from_square(square.known.astype(np.float32), square, frame) > 1 - 1e-3
        region, area = _trimmed(region, frame), _moved(area, -frame.x, -frame.y)
        whole = detail.add(
            low, clean, region.image, region.hole, square.scale, rng, _part(step, NETWORK_SHARE, DETAIL_SHARE)
        )
        rgb = whole[area.slices]
    rgb = soft_edge(region, rgb, area)
    rgb = grain_of.add(rgb, region.image, region.hole, area, grain, rng, _part(step, DETAIL_SHARE, 1))
    return Patch(_moved(area, region.box.x, region.box.y), rgb, region.target[area.slices])


def _part(step: Callable[[float], None], start: float, end: float) -> Callable[[float], None]:
    """``step`` for a part of the way."""
    return lambda fraction: step(start + fraction * (end - start))


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

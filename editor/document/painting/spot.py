"""Finds what a blemish is best covered with: a place nearby that looks like what is around the blemish."""

import math

import numpy as np

RING = 2  # cells around the zone that are compared, and must be free of it at the source
_CELLS = 8  # across the zone's thickness, where the search begins
_LEAST_MARGIN = 32  # pixels around the zone
_EVENED_OUT = 0.75  # how much of a difference in brightness healing makes up for
_TEXTURE = 2.0  # weight of the texture's strength beside the colours around
_NEARNESS = 1e-4  # how much less one likes the farthest place
_MOST_POINTS = 6000  # that places are compared by in the end


def thickness(zone: tuple[int, int, int]) -> float:
    """About how many pixels a zone of (width, height, number of pixels) is across."""
    width, height, count = zone
    return count / max(width, height)


def margin(across: float) -> int:
    """How far around a zone of that thickness the search goes, in pixels."""
    return max(math.ceil(3 * across), _LEAST_MARGIN)


def find_source(pixels: np.ndarray, zone: np.ndarray, known: np.ndarray) -> tuple[int, int] | None:
    """Where to copy from: (columns, rows) to add to a pixel of the zone, or None if there is no room.

    ``pixels`` is (H, W, 3) float32, 0..1; ``zone`` and ``known``, (H, W) bool, say what is to be covered
    and where there are pixels at all. The source lies in ``known`` and outside ``zone``, with a ring around.
    The ring around it is to look like that around the zone, apart from brightness, which healing evens out;
    what is inside should have as much texture as the ring, and be near.
    """
    rows, columns = np.flatnonzero(zone.any(axis=1)), np.flatnonzero(zone.any(axis=0))
    if not rows.size:
        return None
    size = int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1, int(np.count_nonzero(zone))
    step = max(int(thickness(size) / _CELLS), 1)
    found = _searched(pixels, zone, known, step)
    if found is None or step == 1:
        return found
    return _refined(pixels, zone, known, found, step)


def _searched(pixels: np.ndarray, zone: np.ndarray, known: np.ndarray, step: int) -> tuple[int, int] | None:
    """The best of all places a multiple of ``step`` pixels away."""
    import cv2

    picture, texture = _shrunk(pixels, step), _shrunk(_texture(pixels), step)
    taken, missing = _shrunk(zone.view(np.uint8), step, 0), _shrunk((~known).view(np.uint8), step, 1)
    rows, columns = np.flatnonzero(taken.any(axis=1)), np.flatnonzero(taken.any(axis=0))
    # The template reaches over the picture's edge where the zone lies there; nothing counts beyond.
    picture, texture = (
        cv2.copyMakeBorder(values, *[RING] * 4, cv2.BORDER_REPLICATE) for values in (picture, texture)
    )
    taken, missing = (
        cv2.copyMakeBorder(values, *[RING] * 4, cv2.BORDER_CONSTANT, value=beyond).astype(np.float32)
        for values, beyond in ((taken, 0), (missing, 1))
    )
    top, left = int(rows[0]), int(columns[0])
    place = slice(top, int(rows[-1]) + 1 + 2 * RING), slice(left, int(columns[-1]) + 1 + 2 * RING)
    inside = taken[place]
    whole = cv2.dilate(inside, np.ones((2 * RING + 1, 2 * RING + 1), np.uint8))
    ring = (whole - inside) * (1 - missing[place])
    weight = ring.sum()
    if not weight:
        return None

    def sums(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return cv2.matchTemplate(values, np.ascontiguousarray(weights), cv2.TM_CCORR)

    barred = (sums(taken, whole) > 0.5) | (sums(missing, inside + ring) > 0.5)
    if barred.all():
        return None
    cost = np.zeros_like(barred, np.float32)
    for channel in cv2.split(picture):
        template = channel[place]
        means = (sums(channel, ring) - (ring * template).sum()) / weight
        squares = sums(channel * channel, ring) - 2 * sums(channel, ring * template)
        cost += (squares + (ring * template * template).sum()) / weight - _EVENED_OUT * means * means
    strength = (ring * texture[place]).sum() / weight
    cost += _TEXTURE * np.square(sums(texture, inside) / inside.sum() - strength)
    down, across = np.ogrid[: cost.shape[0], : cost.shape[1]]
    cost += _NEARNESS * (np.square(down - top) + np.square(across - left)) / max(cost.shape) ** 2
    cost[barred] = np.inf
    row, column = np.unravel_index(int(np.argmin(cost)), cost.shape)
    return (int(column) - left) * step, (int(row) - top) * step


def _refined(
    pixels: np.ndarray, zone: np.ndarray, known: np.ndarray, start: tuple[int, int], step: int
) -> tuple[int, int] | None:
    """The best place within a step or two of ``start``, to the pixel."""
    import cv2

    whole = cv2.dilate(zone.view(np.uint8), np.ones((2 * RING + 1, 2 * RING + 1), np.uint8)).view(bool)
    needed, ring = np.argwhere(whole & (zone | known)), np.argwhere(whole & ~zone & known)
    ring = ring[:: max(len(ring) // _MOST_POINTS, 1)]
    free = known & ~zone
    around = pixels[tuple(ring.T)]

    def cost(offset: tuple[int, int]) -> float:
        differences = pixels[tuple((ring + offset[::-1]).T)] - around
        return float(np.square(differences).mean() - _EVENED_OUT * np.square(differences.mean(axis=0)).mean())

    lowest, highest = needed.min(axis=0), needed.max(axis=0)
    best, least = None, math.inf
    places = [start]
    while True:
        for place in places:
            away = place[::-1]
            if (lowest + away < 0).any() or (highest + away >= zone.shape).any():
                continue
            if (now := cost(place)) < least and free[tuple((needed + away).T)].all():
                best, least = place, now
        step //= 2
        if not step or best is None:
            return best
        places = [(best[0] + x * step, best[1] + y * step) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]


def _texture(picture: np.ndarray) -> np.ndarray:
    """How much each pixel of (H, W, 3) differs from those around it: (H, W) float32."""
    import cv2

    differences = picture - cv2.blur(picture, (3, 3), borderType=cv2.BORDER_REPLICATE)
    return cv2.sqrt(sum(plane * plane for plane in cv2.split(differences)))


def _shrunk(values: np.ndarray, step: int, beyond: int | None = None) -> np.ndarray:
    """Means of ``step`` x ``step`` pixels, or with ``beyond``, which holds past the edge, the greatest."""
    import cv2

    if step == 1:
        return values
    height, width = values.shape[:2]
    down, across = -height % step, -width % step
    if beyond is None:
        values = cv2.copyMakeBorder(values, 0, down, 0, across, cv2.BORDER_REPLICATE)
        return cv2.resize(values, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    values = np.pad(values, ((0, down), (0, across)), constant_values=beyond)
    return values.reshape(values.shape[0] // step, step, -1, step).max(axis=(1, 3))

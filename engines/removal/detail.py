"""Detail finer than a network's fill, carried in from where the photograph looks alike.

A network that sees a large hole scaled down leaves it without detail. As contextual residual aggregation does
(Yi et al. 2020), the fill takes what the photograph has more than its own scaled-down self, one octave after
the other, from places that look alike when scaled down. Which these are a search tells (``sources``), where
that paper has its network's attention; each octave added guides the search for the next.
"""

from collections.abc import Callable

import cv2
import numpy as np

from engines.base import Box
from engines.removal import sources
from engines.removal.grain import rounding
from engines.removal.sources import Sources

SOFT = (1.0, 2.2)  # deviations, in a network's pixels, of the blurs that tell its finest detail
GUIDE = 1.0  # deviation, in a network's pixels, of the blur of what the first search compares
NEAR = 15.0  # side, in a network's pixels, of the window in which that is found wanting
TOP_UP = 1.4  # times, at the most, that carried detail is made stronger
CELL = 8  # side of the squares, in pixels, for which that is settled
NOISE = 25  # side of the window, in pixels, in which that octave's energy is told
BAND_ROWS = 256  # worked on at a time: a large hole must not take its own memory many times over

Step = Callable[[float], None]
Check = Callable[[], None]


def add(
    low: np.ndarray,
    clean: np.ndarray,
    image: np.ndarray,
    hole: np.ndarray,
    ratio: float,
    rng: np.random.Generator,
    step: Step,
) -> np.ndarray:
    """The picture (h, w, 3) with its hole filled by ``low``, sharpened to the picture's own scale.

    ``low`` (h, w, 3) [0, 1] is the picture filled by a network that saw it ``ratio`` times smaller, grown
    again; ``clean`` (h, w) bool is where no pixel of the hole had part in it. ``step`` is told the fraction
    done, often, and may raise. All but the hole is as in ``image``, whose hole is not looked at.
    """
    depth = max(int(np.log2(ratio)), 0)
    rounds = sources.ROUNDS + max(depth - 1, 0) * sources.MORE_ROUNDS
    count, done = 2 * rounds + sum(len(_bands(hole, 2**each)) for each in range(depth + 1)), 0

    def check() -> None:
        nonlocal done
        done += 1
        step(min(done / count, 1.0))

    height, width = hole.shape
    whole = 2**depth
    if height % whole or width % whole:  # so that all scales lie on each other
        sides = ((0, -height % whole), (0, -width % whole))
        image, low = (np.pad(each, (*sides, (0, 0)), mode="edge") for each in (image, low))
        hole, clean = (np.pad(each, sides, mode="edge") for each in (hole, clean))
    scales = [(image, hole)]
    for _ in range(depth):
        scales.append(tuple(_halved(each) for each in scales[-1]))
    rounded = rounding(image) > 0
    image, hole = scales.pop()
    if depth:
        size = hole.shape[::-1]
        low = cv2.resize(low, size, interpolation=cv2.INTER_AREA)
        clean = cv2.resize(clean.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) == 255
    clean &= ~hole
    # A network's fill is softer than the photograph: sources as soft as it is would be found.
    guide = cv2.GaussianBlur(low, (0, 0), GUIDE * ratio / whole)
    field = sources.find(guide, hole, clean, rng, None, check)
    filled = np.where(hole[..., None], low, image)
    if field is not None:
        _sharpen(filled, low, image, hole, ratio / whole, field, check, rounded and not scales)
    while scales:
        image, hole = scales.pop()
        if field is not None and scales:
            grown = cv2.resize(filled, hole.shape[::-1], interpolation=cv2.INTER_LINEAR)
            # Of these the smaller picture, too, is photograph alone.
            usable = cv2.erode((~hole).astype(np.uint8), np.ones((7, 7)), borderValue=1) > 0
            field = sources.find(grown, hole, usable, rng, field, check)
        elif field is not None:
            field = field.doubled()
        filled = _doubled(filled, image, hole, field, check, rounded and not scales)
    return filled[:height, :width]


def _halved(each: np.ndarray) -> np.ndarray:
    """A picture at half the scale, or a hole, to which every pixel belongs that it has any part of."""
    size = (each.shape[1] // 2, each.shape[0] // 2)
    if each.dtype == bool:
        return cv2.resize(each.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 0
    return cv2.resize(each, size, interpolation=cv2.INTER_AREA)


def _sharpen(
    filled: np.ndarray,
    low: np.ndarray,
    image: np.ndarray,
    hole: np.ndarray,
    ratio: float,
    field: Sources,
    check: Check,
    rounded: bool,
) -> None:
    """Add to the hole of ``filled`` what ``low`` lacks, and what it has too little of.

    A network's finest detail is weak in the middle of a large hole: what its energy is short of
    the sources' in those bands is added.
    """
    # Of brightness: colour is softer than that in any photograph.
    grey = cv2.cvtColor(low, cv2.COLOR_RGB2GRAY)
    once, twice = (cv2.GaussianBlur(grey, (0, 0), deviation * ratio) for deviation in SOFT)
    own = cv2.merge([cv2.subtract(grey, once), cv2.subtract(once, twice)])
    shown = np.empty((*grey.shape, 5), np.float32)
    shown[..., :3] = cv2.subtract(image, low)
    shown[..., 3:] = own
    side = int(NEAR * ratio) | 1
    for area in _bands(hole):
        moved = spread(field, area, shown)
        band = moved[..., 3:]
        has, wants = (cv2.blur(each * each, (side, side)) for each in (own[area.slices], band))
        lacks = np.sqrt((1 - has / np.maximum(wants, 1e-9)).clip(0, 1))
        new = moved[..., :3] + (lacks * band).sum(axis=2, keepdims=True)
        gap = hole[area.slices]
        filled[area.slices][gap] = _add(low[area.slices], new, rounded)[gap]
        check()
    filled.clip(0, 1, out=filled)


def _doubled(
    small: np.ndarray,
    image: np.ndarray,
    hole: np.ndarray,
    field: Sources | None,
    check: Check,
    rounded: bool,
) -> np.ndarray:
    """``image`` (h, w, 3) with its hole filled by ``small``, half the scale, and detail."""
    grown = cv2.resize(small, hole.shape[::-1], interpolation=cv2.INTER_LINEAR)
    if field is not None:
        lost = cv2.subtract(image, grown)
        for area in _bands(hole):
            # The hole is no source, so what is carried in may be kept there.
            gap = hole[area.slices]
            lost[area.slices][gap] = spread(field, area, lost)[gap]
            check()
        times = _lacking(lost, hole)
    out = image.copy()
    for area in _bands(hole):
        new = grown[area.slices]
        if field is not None:
            new = _add(new, lost[area.slices] * _part_of(times, area)[..., None], rounded)
        gap = hole[area.slices]
        out[area.slices][gap] = new[gap].clip(0, 1)
    return out


def _add(base: np.ndarray, finest: np.ndarray, rounded: bool) -> np.ndarray:
    """``base`` and its finest octave, (h, w, 3) each, made ready for what is ``rounded`` to 8 bits.

    In a quiet sky a good part of a photograph's noise comes from rounding. What the fill's own adds to that,
    less where a piece of the photograph was carried in whole, is taken off beforehand.
    """
    out = base + finest
    if rounded:
        error = np.rint(out * 255) / np.float32(255) - out
        error -= cv2.GaussianBlur(error, (0, 0), 1.0)
        more = cv2.blur(error * (error + 2 * finest), (NOISE, NOISE))
        energy = cv2.blur(finest * finest, (NOISE, NOISE))
        out = base + finest * np.sqrt((1 - more / np.maximum(energy, 1e-12)).clip(0, 1))
    return out


def _lacking(lost: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """How many times, 1 .. TOP_UP, an octave's detail in the hole is to be stronger, by squares of CELL.

    ``lost`` (h, w, 3) is that detail. It is to have the energy that it has beside the hole, the nearer the
    more it counts. Flat places keep what they have: it is noise, which is none of this module's affair.
    """
    height, width = hole.shape
    size = (-(-width // CELL), -(-height // CELL))
    energy = cv2.cvtColor(lost, cv2.COLOR_RGB2GRAY)
    energy = cv2.resize(cv2.multiply(energy, energy, dst=energy), size, interpolation=cv2.INTER_AREA)
    inside = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    known = inside == 0
    if not known.any():
        return np.ones(size[::-1], np.float32)
    quiet = np.float32(2 * np.quantile(energy[known], 0.1))
    reach = max(np.sqrt(inside.sum()) / 4, 4.0)

    def mean(where: np.ndarray) -> np.ndarray:
        where = where.astype(np.float32)
        total, weight = (cv2.GaussianBlur(each, (0, 0), reach) for each in (energy * where, where))
        return (total + 1e-9) / (weight + 1e-6)

    # Counted by its share, for of a thin hole no square may lie in it by half.
    times = np.sqrt(mean(known) / np.maximum(mean(inside), 1e-9)).clip(1, TOP_UP)
    local = cv2.blur(energy, (3, 3))
    return 1 + (times - 1) * (1 - quiet / np.maximum(local, 1e-9)).clip(0, 1)


def _part_of(cells: np.ndarray, area: Box) -> np.ndarray:
    """The values of squares of CELL pixels, for each pixel of an area."""
    shift = 0.5 / CELL - 0.5
    back = np.array([[1 / CELL, 0, area.x / CELL + shift], [0, 1 / CELL, area.y / CELL + shift]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(cells, back, (area.width, area.height), flags=how, borderMode=cv2.BORDER_REPLICATE)


def _bands(hole: np.ndarray, scale: int = 1) -> list[Box]:
    """The box around a hole, of a picture ``scale`` times smaller, as boxes of at most BAND_ROWS rows."""
    rows, columns = np.flatnonzero(hole.any(axis=1)) // scale, np.flatnonzero(hole.any(axis=0)) // scale
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    return [Box(left, y, right - left, min(BAND_ROWS, bottom - y)) for y in range(top, bottom, BAND_ROWS)]


def spread(field: Sources, area: Box, shown: np.ndarray) -> np.ndarray:
    """What the sources of an area show, (h, w, channels), neighbouring patches faded into each other.

    ``shown`` (H, W, channels) is what they are sources of. Where neighbours come from different sources their
    mean would be paler than either; it is made as strong as they are.
    """
    width, stride = shown.shape[1], field.stride
    pixels = np.ascontiguousarray(shown).reshape(-1, shown.shape[2])
    ways = field.moves[..., 0] * width + field.moves[..., 1]
    ys, xs = np.arange(area.y, area.y + area.height), np.arange(area.x, area.x + area.width)
    place = (ys[:, None] * width + xs).astype(np.int32)
    row, down = np.divmod(ys - field.origin[0], stride)
    column, across = np.divmod(xs - field.origin[1], stride)
    down, across = (_faded((each + 0.5) / stride) for each in (down, across))
    total, moves, weights = None, [], []
    for low, left in ((0, 0), (0, 1), (1, 0), (1, 1)):
        move = ways[row + low][:, column + left]
        weight = np.outer(down if low else 1 - down, across if left else 1 - across)
        seen = pixels.take(place + move, axis=0)
        seen *= weight[..., None]
        total = seen if total is None else cv2.add(total, seen, dst=total)
        moves.append(move)
        weights.append(weight)
    strength = sum(weight * weight for weight in weights)
    for one in range(4):
        for other in range(one):
            strength += 2 * weights[one] * weights[other] * (moves[one] == moves[other])
    total /= np.sqrt(strength)[..., None]
    return total


def _faded(part: np.ndarray) -> np.ndarray:
    """0 to 1, steeper in the middle, so that two patches lie over each other on half the way only."""
    part = ((part - 0.25) * 2).clip(0, 1)
    return (part * part * (3 - 2 * part)).astype(np.float32)

"""Guides as shapes: how far off, where an eraser cuts them, what they reach, and as pixels.

A guide is a chain of segments, each with a radius at both ends; (x, y) in pixels of the picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, Guide, Point

_TOUCH = 1e-3  # pixels of a stroke: an eraser at the same place again takes nothing more
_SPECK = 0.05  # pixels: a shorter rest of a stroke is none
_STILL = 1e-12  # pixels: what goes less far does not move, and nothing is divided by it
_PIECE = 16.0  # pixels: long segments are drawn in pieces, whose squares hold fewer pixels
_BATCH = 1 << 20  # pixels that are computed at a time


def distance(guide: Guide, point: Point) -> float:
    """From ``point`` to a line, or to the rim of ink; 0 within it."""
    start, end, first, last = _segments(guide)
    along = end - start
    share = _share(point - start, along, (along**2).sum(axis=1))
    off = np.hypot(*(point - start - share[:, None] * along).T)
    if guide.kind == INK:
        off = off - (first + share * (last - first))
    return max(float(off.min()), 0.0)


def reaches(guide: Guide, area: Rect) -> bool:
    """Whether a part of a line, or of the box around each part of ink, lies in ``area``."""
    start, end, _, _ = _segments(guide)
    margin = guide.radii.max() if guide.kind == INK else 0.0
    low, high = (area.x - margin, area.y - margin), (area.right + margin, area.bottom + margin)
    enter, leave = _in_box(start, end - start, low, high)
    return bool((enter <= leave).any())


# --- Erasing ---


def cut(guide: Guide, start: Point, end: Point, radius: float) -> list[Guide] | None:
    """What is left of a guide where a disc of ``radius`` passes from ``start`` to ``end``; None if it misses.

    Ink goes wherever the disc touches it, its width counted. A line that is touched goes as a whole.
    """
    reach = radius + (guide.radii.max() if guide.kind == INK else 0.0)
    (left, right), (top, bottom) = (sorted(ends) for ends in zip(start, end, strict=True))
    box = guide.bounds  # with room for the width
    if (
        left - radius > box.right
        or right + radius < box.x
        or top - radius > box.bottom
        or bottom + radius < box.y
    ):
        return None
    points = guide.array
    if guide.kind == LINE or guide.length <= _SPECK:
        first, last, _, _ = _segments(guide)
        enter, leave = _covered(first, last, np.array(start), np.array(end), reach)
        return [] if (enter <= leave).any() else None
    enter, leave = _covered(points[:-1], points[1:], np.array(start), np.array(end), reach)
    lengths = np.hypot(*np.diff(points, axis=0).T)
    if not (touched := (leave - enter) * lengths > _TOUCH).any():
        return None
    return [piece for piece in _pieces(guide, touched, enter, leave) if piece.length > _SPECK]


def _pieces(guide: Guide, touched: np.ndarray, enter: np.ndarray, leave: np.ndarray) -> Iterable[Guide]:
    """The parts of ink that lie outside; of each segment ``touched`` the part from ``enter`` to ``leave``, in
    shares of its length, is inside."""
    places: list[float] = [0.0]  # in segments from the start
    for number in range(len(touched)):
        if not touched[number]:
            places = [*(places or [number]), number + 1.0]
            continue
        yield from _part(guide, [*places, number + enter[number]])
        places = [number + leave[number], number + 1.0] if leave[number] < 1 else []
    yield from _part(guide, places)


def _part(guide: Guide, places: Sequence[float]) -> Iterable[Guide]:
    if len(places) < 2:
        return
    known = np.arange(len(guide.points))
    x, y = (np.interp(places, known, axis) for axis in guide.array.T)
    pressures = None if guide.pressures is None else tuple(np.interp(places, known, guide.pressures))
    yield replace(guide, points=tuple(zip(x, y, strict=True)), pressures=pressures)


def _covered(
    first: np.ndarray, last: np.ndarray, start: np.ndarray, end: np.ndarray, radius: float
) -> tuple[np.ndarray, np.ndarray]:
    """The part of each segment from ``first`` to ``last``, (n, 2), that a disc covers on its way from
    ``start`` to ``end``: where it begins and where it ends, in shares of the segment's length; it begins
    after its end if there is none.

    What the disc passes over is convex, so it is one part: from the first to the last place in one of the two
    discs or in the rectangle between them.
    """
    along = last - first
    parts = [_in_disc(first, along, centre, radius) for centre in (start, end)]
    way = end - start
    if (length := float(np.hypot(*way))) > _STILL:
        across = np.array([-way[1], way[0]]) / length
        lengthways = _between((first - start) @ way / length, along @ way / length, 0.0, length)
        sideways = _between((first - start) @ across, along @ across, -radius, radius)
        parts.append((np.maximum(lengthways[0], sideways[0]), np.minimum(lengthways[1], sideways[1])))
    enter, leave = np.ones(len(first)), np.zeros(len(first))
    for begins, ends in parts:
        begins, ends = np.maximum(begins, 0.0), np.minimum(ends, 1.0)
        enter = np.where(begins <= ends, np.minimum(enter, begins), enter)
        leave = np.where(begins <= ends, np.maximum(leave, ends), leave)
    return enter, leave


def _in_disc(
    first: np.ndarray, along: np.ndarray, centre: np.ndarray, radius: float
) -> tuple[np.ndarray, np.ndarray]:
    off = first - centre
    a, b = (along**2).sum(axis=1), (along * off).sum(axis=1)
    c = (off**2).sum(axis=1) - radius**2
    root = b * b - a * c
    hit = (a > 0) & (root >= 0)
    half, a = np.sqrt(np.where(hit, root, 0)), np.where(a > 0, a, 1)
    inside = (c <= 0) & ~hit  # a point
    enter = np.where(hit, (-b - half) / a, np.where(inside, 0.0, np.inf))
    return enter, np.where(hit, (-b + half) / a, np.where(inside, 1.0, -np.inf))


def _between(start: np.ndarray, along: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """From which to which share of the way ``start + share * along`` is ``low`` to ``high``."""
    moves = np.abs(along) > _STILL
    step = np.where(moves, along, 1)
    ends = (low - start) / step, (high - start) / step
    inside = (low <= start) & (start <= high)
    enter = np.where(moves, np.minimum(*ends), np.where(inside, -np.inf, np.inf))
    return enter, np.where(moves, np.maximum(*ends), np.where(inside, np.inf, -np.inf))


def _in_box(start: np.ndarray, along: np.ndarray, low: Point, high: Point) -> tuple[np.ndarray, np.ndarray]:
    """The part of each segment between two corners, as ``_covered`` tells it."""
    across, down = (_between(start[:, axis], along[:, axis], low[axis], high[axis]) for axis in (0, 1))
    return np.maximum(across[0], down[0]).clip(0), np.minimum(across[1], down[1]).clip(max=1)


def _segments(guide: Guide) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Starts and ends, (n, 2), and the radii there, (n,); a dot is a segment of no length."""
    points, radii = guide.array, guide.radii
    if len(points) == 1:
        return points, points, radii, radii
    return points[:-1], points[1:], radii[:-1], radii[1:]


def _share(off: np.ndarray, along: np.ndarray, squared: np.ndarray) -> np.ndarray:
    """Where on a segment the place ``off`` from its start is nearest: 0 at its start, 1 at its end."""
    return ((off * along).sum(axis=-1) / np.where(squared > 0, squared, 1)).clip(0, 1)


# --- Pixels ---


def rasterise(guides: Iterable[Guide], area: Rect, line_width: float = 1.0) -> np.ndarray:
    """The guides that are on, as pixels of ``area``: (height, width) float32, 0 = none to 1.

    Lines are ``line_width`` pixels wide, ends are round. A pixel has about the share of it that is covered:
    as much as if the rim that is nearest to its middle were straight, and the pixel stood upright on it.
    """
    out = np.zeros((area.height, area.width), np.float32)
    for guide in guides:
        if guide.enabled:
            start, end, first, last = _segments(guide)
            if guide.kind == LINE:
                first = last = np.array([line_width / 2])
            corner = area.x, area.y
            _draw(out, start - corner, end - start, first, last - first)
    return out


def _draw(
    out: np.ndarray, start: np.ndarray, along: np.ndarray, radius: np.ndarray, taper: np.ndarray
) -> None:
    """Put segments into ``out`` where they cover more than what is there: from ``start`` by ``along``, with
    ``radius`` there and that much more, ``taper``, at the end."""
    largest = max(radius.max(), (radius + taper).max())
    height, width = out.shape
    margin = largest + 1
    enter, leave = _in_box(start, along, (-margin, -margin), (width + margin, height + margin))
    seen = np.flatnonzero(enter <= leave)
    lengths = (leave - enter)[seen] * np.hypot(*along[seen].T)
    counts = np.ceil(lengths / max(_PIECE, 2 * largest)).astype(int).clip(1)
    number = np.repeat(seen, counts)
    part = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = ((leave - enter)[seen] / counts).repeat(counts)
    begins = enter[number] + part * share
    start, radius = start[number] + begins[:, None] * along[number], radius[number] + begins * taper[number]
    along, taper = share[:, None] * along[number], share * taper[number]
    side = int(np.ceil(np.abs(along).max(initial=0) + 2 * largest + 2))
    step = max(_BATCH // side**2, 1)
    for at in range(0, len(number), step):
        some = slice(at, at + step)
        corner = np.floor(np.minimum(start[some], start[some] + along[some]) - largest - 0.5).astype(int)
        _draw_pieces(out, corner, side, start[some], along[some], radius[some], taper[some])


def _draw_pieces(
    out: np.ndarray,
    corner: np.ndarray,
    side: int,
    start: np.ndarray,
    along: np.ndarray,
    radius: np.ndarray,
    taper: np.ndarray,
) -> None:
    """Put n segments into ``out``, each within the square of ``side`` pixels from its ``corner``."""
    offsets = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(1, -1, 2)
    pixels = corner[:, None] + offsets  # (n, side * side, 2)
    off = pixels + 0.5 - start[:, None]
    share = _share(off, along[:, None], (along**2).sum(axis=1)[:, None])
    gap = np.hypot(*np.moveaxis(off - share[..., None] * along[:, None], -1, 0))
    near = radius[:, None] + share * taper[:, None]
    # The second term is for strokes thinner than a pixel, which lie within it with both their rims.
    covered = (near - gap + 0.5).clip(0, 1) - (-near - gap + 0.5).clip(0, 1)
    x, y = pixels[..., 0], pixels[..., 1]
    shown = (covered > 0) & (x >= 0) & (x < out.shape[1]) & (y >= 0) & (y < out.shape[0])
    np.maximum.at(out, (y[shown], x[shown]), covered[shown].astype(np.float32))

"""Strips: what a line looks like beside the hole, carried along it through the hole.

Structure propagation (Sun et al., SIGGRAPH 2005) with profiles in the place of patches: the colours across a
line are taken where it enters the hole and where it leaves it, and carried from one to the other along the
line. What is written so is given to the network as known, and the network fills the rest around it: so every
network follows lines, whether it was made for that or not. A second run, which sees the first fill, joins the
strips with it; it also gets strips of the lines that begin and end within the hole, made of what the first
fill has on their two sides.

Lengths are in pixels of the network; the constants were chosen by tests/benchmarks/structure.py.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.context import Square
from engines.removal.paths import Path, Run
from engines.removal.profiles import End, ends_of, sides_of

HALF_WIDTH = 4.5  # of a strip
RIM = 6  # around strips, in which the second run joins them with the first fill
HALF_MADE = 3.0  # of one that is made of the first fill
NEAR = 8.0  # a line that ends this near to the photograph was meant to reach it
FAR = 80.0  # one that does not may still be a part of an edge that the photograph has straight on
CLEAR = 0.06  # between the two sides of such an edge

# Where two strips are about as near and show different things, neither is to be trusted.
RIVALS = 1.5
CONTRADICTION = 0.12

Complete = Callable[[Square], np.ndarray]


def followed(square: Square, guides: Sequence[np.ndarray], complete: Complete) -> np.ndarray:
    """The picture of a square filled by ``complete`` so that it follows ``guides``.

    The guides are polylines (n, 2) of x, y in pixels of the region that the square shows. Without any it is
    one run of ``complete``, with any it is two.
    """
    if not guides:
        return complete(square)
    lines = square.brought(guides)
    hole, pixel = ~square.known, max(1.0, 1 / square.scale)
    seen = Seen(square.image, hole, _mirrored(square), pixel)
    image, left = lay(seen, lines)
    filled = complete(replace(square, image=image, known=~left))
    image, left = lay(seen, lines, filled)
    laid = (hole & ~left).astype(np.uint8)
    if not laid.any():
        return filled
    rim = (cv2.dilate(laid, np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)) > 0) & left
    return complete(replace(square, image=np.where(laid[..., None] > 0, image, filled), known=~rim))


def _mirrored(square: Square) -> np.ndarray:
    """(h, w) bool: what a square was padded with."""
    out = np.ones(square.known.shape, bool)
    left, top = square.margin
    columns, rows = square.inner
    out[top : top + rows, left : left + columns] = False
    return out


@dataclass(frozen=True)
class Seen:
    """What strips are made of."""

    image: np.ndarray  # (h, w, 3) float32 RGB [0, 1]
    hole: np.ndarray  # (h, w) bool: where the strips go
    blind: np.ndarray  # (h, w) bool: what else is no photograph to take colours from
    pixel: float = 1.0  # of the photograph, in pixels of ``image``


def lay(
    seen: Seen, guides: Sequence[np.ndarray], filled: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The picture with a strip along each guide in its hole, and what is left of the hole, (h, w) bool.

    A guide of which the photograph shows nothing has a strip only if there is a ``filled`` picture. Where
    guides cross and their strips contradict each other the hole stays open.
    """
    nearest = np.full(seen.hole.shape, np.inf, np.float32)
    colours = seen.image.copy()
    contested = np.zeros(seen.hole.shape, bool)
    for guide in guides:
        for strip in _strips(seen, guide, filled):
            held, other = nearest[strip.slices], colours[strip.slices]
            both = np.isfinite(held) & np.isfinite(strip.distance)
            rivals = both.copy()
            rivals[both] = np.abs(held[both] - strip.distance[both]) < RIVALS
            differ = np.abs(other - strip.colours).max(axis=2) > CONTRADICTION
            contested[strip.slices] |= rivals & differ
            wins = strip.distance < held
            other[wins] = strip.colours[wins]
            held[wins] = strip.distance[wins]
    laid = np.isfinite(nearest) & ~contested
    return np.where(laid[..., None], colours, seen.image), seen.hole & ~laid


@dataclass(frozen=True)
class _Strip:
    """One way of one line through the hole."""

    slices: tuple[slice, slice]  # rows and columns of the box around it
    distance: np.ndarray  # (h, w) float32: pixels off the line; infinite outside the strip
    colours: np.ndarray  # (h, w, 3) float32, those of the strip


def _strips(seen: Seen, guide: np.ndarray, filled: np.ndarray | None) -> Iterator[_Strip]:
    path = Path.of(guide)
    if path is None:
        return
    for run in path.runs(seen.hole, FAR):
        ends = ends_of(
            seen.image, seen.hole | seen.blind, path, (run.before, run.after), HALF_WIDTH, seen.pixel
        )
        before, after = _trusted(run, *ends)
        if before or after:
            yield from _carried(seen, path, run, before, after)
        elif filled is not None:
            yield from _made(seen, path, run, filled)


def _trusted(run: Run, before: End | None, after: End | None) -> tuple[End | None, End | None]:
    """The ends, without those that are far from the line's own and do not look like a part of it."""
    before_near = before is not None and run.start - before.place <= NEAR
    after_near = after is not None and after.place - run.stop <= NEAR
    if before and not before_near and not _goes_on(before, after if after_near else None):
        before = None
    if after and not after_near and not _goes_on(after, before):
        after = None
    return before, after


def _goes_on(end: End, other: End | None) -> bool:
    step = end.step
    if np.abs(step).max() < CLEAR:
        return False
    if other is None:
        return True
    return float(step @ other.step) > 0.5 * float(step @ step) ** 0.5 * float(other.step @ other.step) ** 0.5


def _carried(seen: Seen, path: Path, run: Run, before: End | None, after: End | None) -> Iterator[_Strip]:
    """The strip of a line with one known end or two."""
    first, last = before or after, after or before
    # The hole's edge may be oblique to the line: its sides enter before or after its middle does.
    low = run.start - (3 * HALF_WIDTH if before and run.start - before.place <= NEAR else 0)
    high = run.stop + (3 * HALF_WIDTH if after and after.place - run.stop <= NEAR else 0)
    near = path.near(low, high, HALF_WIDTH + max(abs(first.shift), abs(last.shift)), seen.hole.shape)
    if near is None:
        return
    slices, along, off = near
    share = ((along - first.place) / max(last.place - first.place, 1e-6)).clip(0, 1)
    off = off - (first.shift + share * (last.shift - first.shift))
    inside = (np.abs(off) <= HALF_WIDTH) & seen.hole[slices]
    if not inside.any():
        return
    off = np.where(inside, off, 0)
    colours = (1 - share)[..., None] * first.colours(off) + share[..., None] * last.colours(off)
    yield _Strip(slices, np.where(inside, np.abs(off), np.inf), colours.astype(np.float32))


def _made(seen: Seen, path: Path, run: Run, filled: np.ndarray) -> Iterator[_Strip]:
    """The strip of a line of which nothing is known but what a fill has beside it."""
    near = path.near(run.start, run.stop, HALF_MADE, seen.hole.shape)
    if near is None:
        return
    slices, along, off = near
    inside = np.isfinite(off) & seen.hole[slices]
    if not inside.any():
        return
    places, left, right = sides_of(filled, path, run.start, run.stop)
    rightness = np.where(inside, off, 0).clip(-1, 1) / 2 + 0.5
    sides = [
        np.stack([np.interp(along, places, channel) for channel in side.T], axis=-1) for side in (left, right)
    ]
    colours = sides[0] + rightness[..., None] * (sides[1] - sides[0])
    yield _Strip(slices, np.where(inside, np.abs(off), np.inf), colours.astype(np.float32))

"""Where else does a picture look like this? For each patch that a hole touches, the most alike known one.

PatchMatch (Barnes et al., SIGGRAPH 2009) for all patches at once: good matches spread to their neighbours by
jumps of falling length, and each tries places at random, ever nearer to the match it has. Where there are few
enough pairs all are compared instead, by one product of matrices.

Pictures are (h, w, 4) float32 (what the channels mean is the caller's affair), places are flat indices
y * w + x of the middle of a patch. Distances are sums of squared differences over a patch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

RADIUS = 3  # a patch is 7 x 7 pixels
SIDE = 2 * RADIUS + 1
_PAIRS = 12_000_000  # up to which all pairs are compared
_ROWS = 4096  # patches that are compared at a time: they stay in the processor's cache
_JUMPS = (8, 4, 2, 1)
_NARROWER = 0.5  # each random place is nearer than the last by this

Offer = Callable[[np.ndarray, np.ndarray], None]  # candidate places, and which targets they are for


@dataclass(frozen=True)
class Places:
    """Which patches of a picture are to be matched, and what with."""

    shape: tuple[int, int]
    targets: np.ndarray  # (n,) places whose patch the hole touches
    sources: np.ndarray  # (m,) places whose patch is known throughout
    is_source: np.ndarray  # (h * w,) bool, the same
    number: np.ndarray  # (h * w,) int32: which target this place is, -1 for none

    @property
    def offsets(self) -> np.ndarray:
        """(49,) of the pixels of a patch from its middle."""
        steps = np.arange(-RADIUS, RADIUS + 1)
        return (steps[:, None] * self.shape[1] + steps).ravel()


def places(hole: np.ndarray, allowed: np.ndarray | None = None) -> Places:
    """The patches of a picture with ``hole`` (h, w) bool; sources only where ``allowed`` (h, w) bool."""
    import cv2

    square = np.ones((SIDE, SIDE), np.uint8)
    touched = cv2.dilate(hole.astype(np.uint8), square) > 0
    inside = np.zeros(hole.shape, bool)
    inside[RADIUS:-RADIUS, RADIUS:-RADIUS] = True
    is_source = inside & ~touched
    if allowed is not None and (is_source & allowed).any():
        is_source &= allowed
    targets = np.flatnonzero(touched & inside)
    number = np.full(hole.size, -1, np.int32)
    number[targets] = np.arange(targets.size, dtype=np.int32)
    return Places(hole.shape, targets, np.flatnonzero(is_source), is_source.ravel(), number)


def patches_at(picture: np.ndarray, where: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(n, 196) float32: the patches around ``where``."""
    # One element of 16 bytes for each pixel: taken at once, three times as fast as channel by channel.
    pixels = np.ascontiguousarray(picture).reshape(-1, 4).view(np.complex128).ravel()
    return pixels[where[:, None] + offsets].view(np.float32)


def distances(picture: np.ndarray, wanted: np.ndarray, where: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(n,) float32 of the patches ``wanted`` (n, 196) from those around ``where`` (n,)."""
    out = np.empty(where.size, np.float32)
    for start in range(0, where.size, _ROWS):
        rows = slice(start, start + _ROWS)
        off = patches_at(picture, where[rows], offsets)
        off -= wanted[rows]
        np.einsum("ij,ij->i", off, off, out=out[rows])
    return out


def compare_all(
    picture: np.ndarray, given: Places, which: np.ndarray, weight: np.ndarray | None = None
) -> np.ndarray:
    """(n,) places of the sources most alike to the targets ``which`` (n,), of all there are.

    ``weight`` (h, w) float32, if given, says how far each pixel of the target counts.
    """
    offsets = given.offsets
    sources = patches_at(picture, given.sources, offsets)
    wanted = patches_at(picture, which, offsets)
    if weight is None:
        squares = np.einsum("ij,ij->i", sources, sources)
        return given.sources[_nearest(wanted, sources, lambda rows: squares)]
    counts = np.repeat(weight.ravel()[which[:, None] + offsets], 4, axis=1)
    squared = (sources * sources).T
    return given.sources[_nearest(wanted * counts, sources, lambda rows: counts[rows] @ squared)]


def _nearest(wanted: np.ndarray, sources: np.ndarray, squares: Callable[[slice], np.ndarray]) -> np.ndarray:
    """(n,) which of ``sources`` (m, 196) is nearest to each of ``wanted`` (n, 196); ``squares`` gives, for a
    slice of these, the sums of the squares of the sources as they count there, (m,) or (rows, m)."""
    best = np.empty(len(wanted), np.int64)
    for start in range(0, len(wanted), 512):
        rows = slice(start, start + 512)
        best[rows] = np.argmin(squares(rows) - 2 * (wanted[rows] @ sources.T), axis=1)
    return best


def improve(
    picture: np.ndarray, given: Places, match: np.ndarray, rng: np.random.Generator, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Better matches than ``match`` (n,), one for each target, and their distances, (n,) float32 each."""
    offsets = given.offsets
    wanted = patches_at(picture, given.targets, offsets)
    if given.targets.size * given.sources.size <= _PAIRS:
        match = compare_all(picture, given, given.targets)
        return match, distances(picture, wanted, match, offsets)
    match = match.copy()
    distance = distances(picture, wanted, match, offsets)

    def offer(candidates: np.ndarray, to: np.ndarray) -> None:
        """Take the places ``candidates`` where they are better than what the targets ``to`` have."""
        fits = given.is_source[candidates] & (candidates != match[to])
        candidates, to = candidates[fits], to[fits]
        found = distances(picture, wanted[to], candidates, offsets)
        better = found < distance[to]
        match[to[better]], distance[to[better]] = candidates[better], found[better]

    for _ in range(rounds):
        for jump in _JUMPS:
            for step in (jump, -jump, jump * given.shape[1], -jump * given.shape[1]):
                _spread(given, match, step, offer)
        _try_at_random(given, match, rng, offer)
    return match, distance


def _spread(given: Places, match: np.ndarray, step: int, offer: Offer) -> None:
    """Offer each target the match of the target ``step`` before it, moved along."""
    before = given.targets - step
    inside = (before >= 0) & (before < given.number.size)
    neighbour = np.where(inside, given.number[np.where(inside, before, 0)], -1)
    to = np.flatnonzero(neighbour >= 0)
    moved = match[neighbour[to]] + step
    inside = (moved >= 0) & (moved < given.number.size)
    offer(moved[inside], to[inside])


def _try_at_random(given: Places, match: np.ndarray, rng: np.random.Generator, offer: Offer) -> None:
    height, width = given.shape
    reach = float(max(height, width))
    everyone = np.arange(match.size)
    while reach >= 1:
        y, x = np.divmod(match, width)
        y = y + np.rint(rng.uniform(-reach, reach, y.size)).astype(np.int64)
        x = x + np.rint(rng.uniform(-reach, reach, x.size)).astype(np.int64)
        inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        offer((y * width + x)[inside], everyone[inside])
        reach *= _NARROWER

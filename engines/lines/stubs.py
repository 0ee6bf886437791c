"""Stubs: the ends of segments that point into the hole, and the ways through it."""

from dataclasses import dataclass

import numpy as np

from engines.lines.geometry import lengths, ways

_REACH = (8.0, 0.5, 30.0)  # pixels that an end may be from the hole: at least, of its length, at most


@dataclass(frozen=True)
class Stubs:
    """n ends of segments that head for the hole."""

    segment: np.ndarray  # (n,) int: which segment
    end: np.ndarray  # (n, 2) float64: where it ends
    way: np.ndarray  # (n, 2): unit vectors, onwards
    length: np.ndarray  # (n,): of the segment
    lead: np.ndarray  # (n,): pixels from the end to where its ray enters the hole
    leave: np.ndarray  # (n,): pixels from the end to where the ray leaves the hole again, or the picture

    def __len__(self) -> int:
        return len(self.segment)


def stubs(segments: np.ndarray, hole: np.ndarray) -> Stubs:
    """The stubs of segments (n, 4) outside a hole (h, w) bool."""
    segments = segments.astype(np.float64)
    way, length = ways(segments), lengths(segments)
    number = np.tile(np.arange(len(segments)), 2)
    end = np.concatenate([segments[:, 2:], segments[:, :2]])
    way = np.concatenate([way, -way])
    length = np.tile(length, 2)
    near = np.isfinite(through(hole, end, way, int(_REACH[2]) + 1)[0])
    number, end, way, length = number[near], end[near], way[near], length[near]
    lead, leave = through(hole, end, way)
    kept = lead <= _reach(length)
    return Stubs(*(each[kept] for each in (number, end, way, length, lead, leave)))


def through(
    hole: np.ndarray, start: np.ndarray, way: np.ndarray, farthest: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """How far rays from ``start`` (n, 2) along ``way`` (n, 2) go until they enter the hole and leave it.

    Two arrays (n,), infinite for a ray that does not enter within ``farthest`` pixels. Less than 4 known
    pixels on the way do not end the hole.
    """
    height, width = hole.shape
    steps = np.arange(farthest or int(np.hypot(height, width)) + 1)
    points = start[:, None] + steps[None, :, None] * way[:, None]
    columns, rows = np.floor(points).astype(int).transpose(2, 0, 1)
    within = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    inside = within & hole[rows.clip(0, height - 1), columns.clip(0, width - 1)]
    entered = inside.any(axis=1)
    lead = np.where(entered, inside.argmax(axis=1), np.inf)
    # Left once four steps in a row are outside, after it was entered.
    out = ~inside
    ahead = out.copy()
    for shift in range(1, 4):
        ahead[:, :-shift] &= out[:, shift:]
    after = ahead & (steps >= lead[:, None])
    leave = np.where(after.any(axis=1), after.argmax(axis=1), len(steps))
    return lead, np.where(entered, leave, np.inf)


def _reach(length: np.ndarray) -> np.ndarray:
    return (length * _REACH[1]).clip(_REACH[0], _REACH[2])

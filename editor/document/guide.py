"""A guide: a structure line or a stroke of sketch ink, which lies over the picture and is no part of it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from reprlib import repr as shortened
from typing import Any

import numpy as np

from editor.document.geometry import Rect

LINE, INK = "line", "ink"
KINDS = (LINE, INK)

Point = tuple[float, float]

MAX_GUIDES = 5_000  # in a picture
MAX_POINTS = 200_000  # of all guides of a picture
MIN_WIDTH, MAX_WIDTH = 0.01, 1000.0
FARTHEST = 10_000_000  # pixels that a point may lie off the picture's corner

_NUMBERS = (int, float)


@dataclass(frozen=True)
class Guide:
    """A straight line between two handles that engines continue, or a stroke of ink as it was drawn.

    ``points`` are (x, y) in pixels of the picture, the centre of the first one at (0.5, 0.5): two of a line,
    at least one of ink. ``width`` in pixels of the picture, ``MIN_WIDTH`` to ``MAX_WIDTH``, is that of ink at
    full pressure; ``pressures`` has 0..1 for each point of ink, None being 1 everywhere. No engine follows a
    guide that is not ``enabled``. Raises ValueError, in one line, for what no guide can be.
    """

    kind: str
    points: tuple[Point, ...]
    width: float = 1.0
    pressures: tuple[float, ...] | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no guide is of the kind {shortened(self.kind)}")
        # What comes from numpy or from JSON becomes what JSON and the journal give back.
        self._set("points", tuple((float(x), float(y)) for x, y in self.points))
        self._set("width", float(self.width))
        if self.kind == LINE and (len(self.points) != 2 or self.width != 1.0):
            raise ValueError("a line has two ends and no width")
        if not 1 <= len(self.points) <= MAX_POINTS:
            raise ValueError(f"a stroke has 1 to {MAX_POINTS:,} points, not {len(self.points):,}")
        if not all(abs(number) <= FARTHEST for point in self.points for number in point):
            raise ValueError(f"a point of a guide lies more than {FARTHEST:,} pixels off, or nowhere")
        if not MIN_WIDTH <= self.width <= MAX_WIDTH:
            raise ValueError(f"ink is {MIN_WIDTH:g} to {MAX_WIDTH:g} pixels wide, not {self.width:g}")
        if self.pressures is not None:
            self._set("pressures", tuple(map(float, self.pressures)))
            if self.kind == LINE or len(self.pressures) != len(self.points):
                raise ValueError("only ink has pressures, one for each of its points")
            if not all(0 <= pressure <= 1 for pressure in self.pressures):
                raise ValueError("a pressure is 0 to 1")
        self._set("enabled", bool(self.enabled))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @cached_property
    def array(self) -> np.ndarray:
        """The points as (n, 2) float64, not to be written to."""
        points = np.array(self.points, np.float64)
        points.flags.writeable = False
        return points

    @cached_property
    def radii(self) -> np.ndarray:
        """Half the width of ink at each point, (n,) float64, not to be written to."""
        radii = np.full(len(self.points), self.width / 2)
        if self.pressures is not None:
            radii *= self.pressures
        radii.flags.writeable = False
        return radii

    @property
    def length(self) -> float:
        """From end to end along all points, in pixels."""
        return float(np.hypot(*np.diff(self.array, axis=0).T).sum())

    @cached_property
    def bounds(self) -> Rect:
        """The pixels that the guide may cover."""
        margin = self.width / 2 + 1
        left, top = (math.floor(side - margin) for side in self.array.min(axis=0))
        right, bottom = (math.ceil(side + margin) for side in self.array.max(axis=0))
        return Rect(left, top, right - left, bottom - top)

    def transformed(self, matrix: np.ndarray) -> "Guide":
        """The guide through a 3 x 3 matrix, as ``planes.resampled`` takes pixels; ink gets thicker or thinner
        by the root of what areas in its middle change by, within the limits of ``width``.

        Raises ValueError if a point would lie behind the horizon or too far off.
        """
        points = np.column_stack([self.array, np.ones(len(self.array))])
        x, y, w = np.asarray(matrix, np.float64) @ points.T
        if not (np.all(w > 0) or np.all(w < 0)):
            raise ValueError("A guide would lie behind the horizon; delete it first.")
        moved = np.column_stack([x / w, y / w])
        if not np.all(np.abs(moved) <= FARTHEST):
            raise ValueError(f"A guide would lie more than {FARTHEST:,} pixels off; delete it first.")
        width = self.width
        if self.kind == INK:
            # The Jacobian determinant of a homography at a point is det / w ** 3.
            scale = math.sqrt(abs(np.linalg.det(matrix) / np.mean(w) ** 3))
            width = min(max(width * scale, MIN_WIDTH), MAX_WIDTH)
        return replace(self, points=tuple(map(tuple, moved)), width=width)

    def to_dict(self) -> dict:
        """The guide for JSON."""
        plain: dict[str, Any] = {"kind": self.kind, "points": [list(point) for point in self.points]}
        if self.kind == INK:
            plain["width"] = self.width
            plain["pressures"] = None if self.pressures is None else list(self.pressures)
        return plain | {"enabled": self.enabled}

    @classmethod
    def from_dict(cls, plain: object) -> "Guide":
        """The guide that ``to_dict`` made ``plain`` of; ``plain`` may come from any file.

        Raises ValueError, with one line, where a value is missing, unknown or not what it may be.
        """
        if not isinstance(plain, dict) or plain.get("kind") not in KINDS:
            raise ValueError("a guide is a line or ink")
        expected = {"kind", "points", "enabled"} | ({"width", "pressures"} if plain["kind"] == INK else set())
        if plain.keys() != expected:
            raise ValueError(f"a guide of this kind has exactly {', '.join(sorted(expected))}")
        points = plain["points"]
        if not _is_list(points, lambda point: _is_list(point, _is_number) and len(point) == 2):
            raise ValueError("a guide's points are a list of (x, y)")
        if type(plain["enabled"]) is not bool:
            raise ValueError(f"a guide cannot be enabled {shortened(plain['enabled'])}")
        if plain["kind"] == INK:
            if not _is_number(plain["width"]):
                raise ValueError(f"ink cannot be {shortened(plain['width'])} wide")
            if plain["pressures"] is not None and not _is_list(plain["pressures"], _is_number):
                raise ValueError("pressures are a list of numbers")
        try:
            return cls(**plain)
        except OverflowError:  # an integer that no float can be
            raise ValueError("a guide has a number that is too large") from None


def check_count(guides: Iterable[Guide]) -> None:
    """Raises ValueError, in one line, for more guides than a picture may have."""
    guides = tuple(guides)
    if len(guides) > MAX_GUIDES:
        raise ValueError(f"A picture can have {MAX_GUIDES:,} guides, and these are {len(guides):,}.")
    points = sum(len(guide.points) for guide in guides)
    if points > MAX_POINTS:
        raise ValueError(f"The guides of a picture can have {MAX_POINTS:,} points, and these are {points:,}.")


def _is_number(value: object) -> bool:
    return type(value) in _NUMBERS  # True is no number


def _is_list(value: object, suits: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and all(map(suits, value))

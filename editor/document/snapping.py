"""Where a new structure line wants to go: to the others' ends, along them, through their vanishing points.

Pure functions; points are (x, y) in pixels of the picture, and ``within`` is how far they may be pulled. Ink
among ``lines`` is passed over. A vanishing point is where the pictures of parallel edges meet (Hartley and
Zisserman, "Multiple View Geometry", section 8.6).
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from editor.document.guide import LINE, Guide, Point

END, CROSSING, EXTENSION, VANISHING, PARALLEL = "end", "crossing", "extension", "vanishing", "parallel"

_MOST = 40  # lines, the longest: each pair of them has a crossing
_FEW = 6  # of up to so many lines two make a vanishing point; of more, where chance has many meet, three
_KEPT = 8  # vanishing points: a photograph of buildings has three or four
_ALIKE = math.sin(math.radians(0.5))  # of lines with less between their directions, no crossing is sure
_ASTRAY = math.sin(math.radians(1.0))  # a line that points past a place by less runs through it
_BEYOND = 0.1  # of a line's length past its ends: what is nearer is a corner and no vanishing point


class Snap(NamedTuple):
    """A point that was pulled, why, and the lines that it was pulled by."""

    point: Point
    kind: str
    lines: tuple[Guide, ...]


def snapped(point: Point, lines: Iterable[Guide], within: float) -> Snap | None:
    """The nearest end of a line; without one, crossing of two lines, however far they go on; without one,
    place on a line that goes on; None where nothing is near."""
    some = _Lines(lines)
    found = [Snap(end, END, (line,)) for line in some.lines for end in line.points]
    if (nearest := _nearest(point, found, within)) is not None:
        return nearest
    first, second, places = some.crossings()
    near = np.flatnonzero(np.hypot(*(places - point).T) <= within)
    found = [
        Snap(_plain(places[at]), CROSSING, (some.lines[first[at]], some.lines[second[at]])) for at in near
    ]
    if (nearest := _nearest(point, found, within)) is not None:
        return nearest
    return _nearest(point, [Snap(each, EXTENSION, (line,)) for line, each in some.nearest_to(point)], within)


def aligned(anchor: Point, point: Point, lines: Iterable[Guide], within: float) -> Snap | None:
    """The other end of a line from ``anchor``, turned to run through a vanishing point or parallel to a line.

    The vanishing point that most lines run through comes first, of several the one that is nearest to turn
    to; None where none is near.
    """
    some = _Lines(lines)
    found = []
    for vanishing, through in some.vanishing_points():
        if (length := math.dist(vanishing, anchor)) > 0:
            way = (np.array(vanishing) - anchor) / length
            found.append(Snap(_onto(point, anchor, way), VANISHING, through))
    found += [
        Snap(_onto(point, anchor, way), PARALLEL, (line,))
        for line, way in zip(some.lines, some.ways, strict=True)
    ]
    near = [snap for snap in found if math.dist(snap.point, point) <= within]
    most = max((len(snap.lines) for snap in near), default=0)
    return _nearest(point, [snap for snap in near if len(snap.lines) == most], within)


def vanishing_points(lines: Iterable[Guide]) -> list[tuple[Point, tuple[Guide, ...]]]:
    """Where lines meet that go on, and which; the place that most run through first, ``_KEPT`` of them.

    Crossings on a line or next to its ends are corners. Lines that are all but parallel meet nowhere.
    """
    return _Lines(lines).vanishing_points()


def constrained(anchor: Point, point: Point, step: float = 15.0) -> Point:
    """The place nearest to ``point`` on the ray from ``anchor`` at a multiple of ``step`` degrees."""
    angle = math.degrees(math.atan2(point[1] - anchor[1], point[0] - anchor[0]))
    angle = math.radians(round(angle / step) * step)
    return _onto(point, anchor, np.array((math.cos(angle), math.sin(angle))))


class _Lines:
    """The longest lines among guides: where they start, which way they go, (n, 2), and how far, (n,)."""

    def __init__(self, guides: Iterable[Guide]) -> None:
        lines = [guide for guide in guides if guide.kind == LINE and guide.length > 0]
        self.lines = sorted(lines, key=lambda line: -line.length)[:_MOST]
        self.starts = np.array([line.points[0] for line in self.lines]).reshape(-1, 2)
        self.lengths = np.array([line.length for line in self.lines])
        along = np.array([line.points[1] for line in self.lines]).reshape(-1, 2) - self.starts
        self.ways = along / self.lengths[:, None]

    def nearest_to(self, point: Point) -> list[tuple[Guide, Point]]:
        """The place on each line that is nearest, as far as it has to go on for that."""
        return [
            (line, _onto(point, line.points[0], way)) for line, way in zip(self.lines, self.ways, strict=True)
        ]

    def crossings(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The numbers of both lines, (m,), and where they cross, (m, 2)."""
        first, second = np.triu_indices(len(self.lines), 1)
        sine = _cross(self.ways[first], self.ways[second])
        apart = np.abs(sine) > _ALIKE
        first, second, sine = first[apart], second[apart], sine[apart]
        along = _cross(self.starts[second] - self.starts[first], self.ways[second]) / sine
        return first, second, self.starts[first] + along[:, None] * self.ways[first]

    def vanishing_points(self) -> list[tuple[Point, tuple[Guide, ...]]]:
        first, second, places = self.crossings()
        # (m, n): whether line n goes on to place m.
        off = places[:, None] - self.starts
        along = (off * self.ways).sum(axis=2) / self.lengths
        beyond = (along < -_BEYOND) | (along > 1 + _BEYOND)
        middles = self.starts + self.ways * self.lengths[:, None] / 2
        from_middle = places[:, None] - middles
        astray = np.abs(_cross(from_middle, self.ways[None])) > _ASTRAY * np.hypot(
            *np.moveaxis(from_middle, -1, 0)
        )
        through = beyond & ~astray
        meets = np.arange(len(places))
        real = beyond[meets, first] & beyond[meets, second]
        through[meets, first] = through[meets, second] = True
        real &= through.sum(axis=1) >= (2 if len(self.lines) <= _FEW else 3)
        groups = dict.fromkeys(tuple(np.flatnonzero(row).tolist()) for row in through[real])
        largest = sorted(groups, key=len, reverse=True)[:_KEPT]
        return [(self._meet(group), tuple(self.lines[number] for number in group)) for group in largest]

    def _meet(self, numbers: tuple[int, ...]) -> Point:
        """The place that is nearest to these lines: least squares of the distances."""
        ways, starts = self.ways[list(numbers)], self.starts[list(numbers)]
        normals = np.column_stack([-ways[:, 1], ways[:, 0]])
        place, *_ = np.linalg.lstsq(normals, (normals * starts).sum(axis=1), rcond=None)
        return _plain(place)


def _nearest(point: Point, found: list[Snap], within: float) -> Snap | None:
    near = [snap for snap in found if math.dist(snap.point, point) <= within]
    return min(near, key=lambda snap: math.dist(snap.point, point), default=None)


def _onto(point: Point, start: Point, way: np.ndarray) -> Point:
    """The place nearest to ``point`` on the line through ``start`` in the direction ``way``, of length 1."""
    return _plain(np.array(start) + (np.array(point) - start) @ way * way)


def _cross(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]


def _plain(place: np.ndarray) -> Point:
    return float(place[0]), float(place[1])

"""A polyline as a way to walk: places by their distance from its start, and what lies beside it."""

from dataclasses import dataclass

import cv2
import numpy as np

_LONGEST_STEP = 0.5  # pixels from one look at the hole to the next


@dataclass(frozen=True)
class Run:
    """A part of a path that lies in the hole."""

    start: float  # places on the path ...
    stop: float
    before: float | None  # ... and where the photograph begins on each side, if that is near enough
    after: float | None


@dataclass(frozen=True)
class Path:
    """A polyline that goes straight on beyond both of its ends; places on it are pixels from its start."""

    points: np.ndarray  # (n, 2) float64 x, y, n >= 2, no two neighbours alike
    places: np.ndarray  # (n,) of the points

    @classmethod
    def of(cls, guide: np.ndarray, tolerance: float = 0.5) -> "Path | None":
        """The path along a guide (n, 2), without points that are not ``tolerance`` pixels off it.

        None for what has no length.
        """
        points = np.asarray(guide, np.float64).reshape(-1, 2)
        if len(points) > 2:
            points = cv2.approxPolyDP(points.astype(np.float32)[:, None], tolerance, False)[:, 0]
            points = points.astype(np.float64)
        steps = np.hypot(*np.diff(points, axis=0).T)
        points = points[np.concatenate([[True], steps > 1e-3])]
        if len(points) < 2:
            return None
        steps = np.hypot(*np.diff(points, axis=0).T)
        return cls(points, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length(self) -> float:
        return float(self.places[-1])

    def at(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points (..., 2) at places (...), and the unit vectors (..., 2) along the path there."""
        number = np.searchsorted(self.places, places, side="right").clip(1, len(self.places) - 1) - 1
        along = np.diff(self.points, axis=0) / np.diff(self.places)[:, None]
        direction = along[number]
        return self.points[number] + (places - self.places[number])[..., None] * direction, direction

    def runs(self, hole: np.ndarray, reach: float) -> list[Run]:
        """The parts of the path in the hole (h, w) bool.

        Where an end of the path lies in the hole, the photograph is looked for straight on from there, up to
        ``reach`` pixels.
        """
        low, high = self._seen(hole.shape, reach)
        if low >= high:
            return []
        places = np.arange(low, high, _LONGEST_STEP)
        points, _ = self.at(places)
        columns, rows = np.floor(points).astype(int).T
        height, width = hole.shape
        inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        # What lies beyond the picture is neither hole nor photograph: 2.
        kind = np.full(len(places), 2, np.int8)
        kind[inside] = hole[rows[inside], columns[inside]]
        within = np.concatenate([[False], kind == 1, [False]]).astype(np.int8)
        out = []
        for first, last in np.flatnonzero(np.diff(within)).reshape(-1, 2):
            start, stop = (float(places[number]) for number in (first, last - 1))
            if stop < 0 or start > self.length:
                continue
            before = start if first > 0 and kind[first - 1] == 0 else None
            after = stop if last < len(places) and kind[last] == 0 else None
            out.append(Run(max(start, 0.0), min(stop, self.length), before, after))
        return out

    def _seen(self, shape: tuple[int, int], reach: float) -> tuple[float, float]:
        """From where to where the path can lie in a picture of ``shape``: it may be far longer than that."""
        box = np.array([[0, 0], shape[::-1]]) + np.array([[-1], [1]])
        low, high = np.inf, -np.inf
        for number, (start, stop) in enumerate(zip(self.places[:-1], self.places[1:], strict=True)):
            way = (self.points[number + 1] - self.points[number]) / (stop - start)
            first = start - (reach if number == 0 else 0)
            last = stop + (reach if number == len(self.places) - 2 else 0)
            for axis in (0, 1):
                origin = self.points[number, axis] - start * way[axis]
                if abs(way[axis]) < 1e-9:
                    if not box[0, axis] <= origin <= box[1, axis]:
                        first, last = 1.0, 0.0
                    continue
                one, two = sorted((box[:, axis] - origin) / way[axis])
                first, last = max(first, one), min(last, two)
            if first <= last:
                low, high = min(low, first), max(high, last)
        return low, high

    def near(
        self, low: float, high: float, reach: float, shape: tuple[int, int]
    ) -> tuple[tuple[slice, slice], np.ndarray, np.ndarray] | None:
        """What lies within ``reach`` pixels beside the path from place ``low`` to ``high``.

        Rows and columns of a box in a picture of ``shape``, and for each of its pixels the place beside which
        it lies and how far off the path it is, to the right positive; infinitely far if it is not near. None
        outside the picture.
        """
        inner = self.places[1:-1]
        corners = np.concatenate([[low], inner[(inner > low) & (inner < high)], [high]])
        points, _ = self.at(corners)
        left, top = np.floor(points.min(axis=0) - reach).astype(int).clip(0)
        right, bottom = np.ceil(points.max(axis=0) + reach).astype(int)
        right, bottom = min(right, shape[1]), min(bottom, shape[0])
        if left >= right or top >= bottom:
            return None
        along = np.zeros((bottom - top, right - left), np.float32)
        off = np.full(along.shape, np.inf, np.float32)
        last = len(corners) - 2
        for number in range(last + 1):
            piece = points[number : number + 2] - (left, top)
            caps = (0.0 if number == 0 else reach, 0.0 if number == last else reach)
            _measure(along, off, corners[number], piece, reach, caps)
        return (slice(top, bottom), slice(left, right)), along, off


def _measure(
    along: np.ndarray,
    off: np.ndarray,
    place: float,
    piece: np.ndarray,
    reach: float,
    caps: tuple[float, float],
) -> None:
    """Put a straight piece, two points (2, 2) of which the first is at ``place``, into ``along`` and ``off``
    wherever it is the nearest yet.

    At a corner of the path a pixel may lie beside neither piece; it counts for the nearer one, up to ``caps``
    pixels before its start and after its end.
    """
    start, end = piece
    length = float(np.hypot(*(end - start)))
    if length < 1e-6:
        return
    across, down = (end - start) / length
    low = np.floor(np.minimum(start, end) - reach).astype(int).clip(0)
    high = np.ceil(np.maximum(start, end) + reach).astype(int).clip(0)
    rows, columns = slice(low[1], high[1]), slice(low[0], high[0])
    held = off[rows, columns]
    y = np.arange(held.shape[0], dtype=np.float32)[:, None] + np.float32(low[1] + 0.5 - start[1])
    x = np.arange(held.shape[1], dtype=np.float32) + np.float32(low[0] + 0.5 - start[0])
    forward, aside = x * across + y * down, y * across - x * down
    beside = forward.clip(0, length)
    distance = np.hypot(aside, forward - beside)
    mine = (forward >= -caps[0]) & (forward <= length + caps[1])
    mine &= (distance <= reach) & (distance < np.abs(held))
    along[rows, columns][mine] = place + beside[mine]
    held[mine] = np.copysign(distance, aside)[mine]

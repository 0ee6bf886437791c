"""The way a stroke takes: a curve through the pointer's samples, and where on it the dabs go.

What comes out depends on the samples alone and not on how they are bundled, and of a straight line not even
on the samples along it.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from editor.document.painting.tip import Sample

_FLATNESS = 0.05  # pixels that a curve's pieces may be off
_MOST_PIECES = 64
_SLACK = 1e-6  # pixels: a dab due at the very end of a line is put down, whatever the rounding


class Trail:
    """Where the dabs go on lines from sample to sample.

    ``step`` says how far it is from a dab to the next, ``length`` how long a line is, given its width and
    height.
    """

    def __init__(
        self, step: Callable[[Sample], float], length: Callable[[float, float], float] = math.hypot
    ) -> None:
        self._step, self._length = step, length
        self._last: Sample | None = None
        self._due = 0.0  # how far it is to the next dab

    def start(self, sample: Sample) -> Iterator[Sample]:
        """A dab here, from where the next line begins."""
        self._last, self._due = sample, self._step(sample)
        yield sample

    def line(self, sample: Sample) -> Iterator[Sample]:
        """The dabs from the last place to ``sample``, or the one there if it is the first."""
        last = self._last
        if last is None:
            yield from self.start(sample)
            return
        length, travelled = self._length(sample.x - last.x, sample.y - last.y), self._due
        while travelled <= length + _SLACK:
            place = last.toward(sample, travelled / length)
            yield place
            travelled += self._step(place)
        self._last, self._due = sample, travelled - length


def chebyshev(width: float, height: float) -> float:
    """The longer side: steps of 1 are neighbouring pixels, also on a slope (Bresenham's line)."""
    return max(abs(width), abs(height))


class Curve:
    """A round curve through samples, as short lines: a centripetal Catmull-Rom spline.

    It makes no loops nor cusps however unevenly the samples lie: Yuksel, Schaefer and Keyser,
    "Parameterization and applications of Catmull-Rom curves", Computer-Aided Design 43 (2011). The piece
    between two samples needs the one after them, so the curve ends one sample behind the newest until
    ``finish``. Pressure and tilt change evenly from sample to sample.
    """

    def __init__(self) -> None:
        self._points: list[Sample] = []  # the newest three at most
        self._is_open = False  # whether the last piece is still to be drawn

    def restart(self, sample: Sample) -> None:
        """The curve goes on from here, where everything is drawn."""
        self._points, self._is_open = [sample], False

    def to(self, sample: Sample) -> list[Sample]:
        """The ends of the lines that can be drawn once the curve goes to ``sample``."""
        if not self._points:
            self.restart(sample)
            return [sample]
        last = self._points[-1]
        if (last.x, last.y) == (sample.x, sample.y):
            self._points[-1] = sample
            return []
        lines = self._piece(sample) if self._is_open else []
        self._points = [*self._points[-2:], sample]
        self._is_open = True
        return lines

    def finish(self) -> list[Sample]:
        """The ends of the lines up to the newest sample."""
        if not self._is_open:
            return []
        self._is_open = False
        return self._piece(_mirrored(self._points[-2], self._points[-1]))

    def _piece(self, after: Sample) -> list[Sample]:
        *before, start, end = self._points
        controls = _controls(before[0] if before else _mirrored(end, start), start, end, after)
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = controls
        bend = max(
            math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2), math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3)
        )
        # Chords of a cubic of this bend are off by at most 3/4 bend / pieces² (Wang's formula).
        pieces = min(max(math.ceil(math.sqrt(0.75 * bend / _FLATNESS)), 1), _MOST_PIECES)
        places = [(x0, y0)]
        for number in range(1, pieces):
            t = number / pieces
            s = 1 - t
            a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
            places.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
        places.append((x3, y3))
        travelled = [0.0]
        for one, other in pairwise(places):
            travelled.append(travelled[-1] + math.dist(one, other))
        lines = []
        for (x, y), distance in zip(places[1:-1], travelled[1:-1], strict=True):
            lines.append(start.toward(end, distance / travelled[-1])._replace(x=x, y=y))
        return [*lines, end]


def _mirrored(point: Sample, centre: Sample) -> Sample:
    return centre._replace(x=2 * centre.x - point.x, y=2 * centre.y - point.y)


def _controls(before: Sample, start: Sample, end: Sample, after: Sample) -> list[tuple[float, float]]:
    """The control points of the Bézier curve that the piece from ``start`` to ``end`` is."""
    first, middle, last = (
        math.sqrt(math.dist(one[:2], other[:2]))
        for one, other in ((before, start), (start, end), (end, after))
    )

    def tangents(p0: float, p1: float, p2: float, p3: float) -> tuple[float, float, float, float]:
        chord = (p2 - p1) / middle
        out = (p1 - p0) / first - (p2 - p0) / (first + middle) + chord
        into = chord - (p3 - p1) / (middle + last) + (p3 - p2) / last
        return p1, p1 + middle * out / 3, p2 - middle * into / 3, p2

    xs = tangents(before.x, start.x, end.x, after.x)
    ys = tangents(before.y, start.y, end.y, after.y)
    return list(zip(xs, ys, strict=True))

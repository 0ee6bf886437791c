"""Steadies the pointer: the brush follows some way behind and leaves the hand's tremor out."""

import math

from editor.document.painting.tip import Sample

_PIECES = 4  # lines per length of the filter, 8 per length of the string
_MOST_PIECES = 256  # for one move of the pointer
_ARRIVED = 0.1  # pixels


class Stabiliser:
    """Takes the pointer's samples and gives those that a stroke is to be drawn through.

    ``strength``, 0..100, is how many pixels of the screen the brush follows behind; ``scale`` are the pixels
    of the screen per pixel of the picture, so that a hand's movement looks the same at every zoom. 0 lets
    every sample through as it is.

    As a ``string`` the brush is pulled along and stays where it is while the string, as long as the strength
    says, hangs loose. Otherwise it is at a weighted mean of the way drawn so far, with weights that depend on
    the distance back along it, as Krita's weighted smoothing has them, and not on how often the pointer is
    read. ``s`` pixels back it weighs s exp(-s / L) / L², which is two equal low-pass filters after another;
    on a straight line their exact answer is known, and pressure and tilt go through the same.

    With ``catch_up`` the brush goes on to where the pointer is when it is released.
    """

    def __init__(
        self, strength: float, *, string: bool = False, scale: float = 1.0, catch_up: bool = True
    ) -> None:
        if not (math.isfinite(strength) and math.isfinite(scale) and scale > 0):
            raise ValueError("the stabiliser has a number that cannot be")
        self._behind = min(max(strength, 0), 100) / scale
        self._is_string, self._catches_up = string, catch_up
        self._pointer: Sample | None = None
        self._brush: Sample | None = None
        self._half: Sample | None = None  # after the first of the two filters

    @property
    def place(self) -> tuple[float, float] | None:
        """Where the brush is, in pixels of the picture; None before the first sample."""
        return None if self._brush is None else (self._brush.x, self._brush.y)

    def feed(self, sample: Sample) -> list[Sample]:
        """The samples to draw now that the pointer has gone to ``sample``."""
        last, self._pointer = self._pointer, sample
        if last is None or self._behind == 0:
            self._brush = self._half = sample
            return [sample]
        length = math.dist(last[:2], sample[:2])
        if length == 0:
            return []
        return self._pulled(last, sample, length) if self._is_string else self._mean(last, sample, length)

    def finish(self) -> list[Sample]:
        """The samples that are left to draw when the pointer is released."""
        end = self._pointer
        if end is None or not self._catches_up or self._brush[:2] == end[:2]:
            return []
        samples = [] if self._is_string else self._arriving(end)
        self._brush = self._half = end
        return [*samples, end]

    def _pulled(self, last: Sample, sample: Sample, length: float) -> list[Sample]:
        samples = []
        pieces = min(math.ceil(length / self._behind * 2 * _PIECES), _MOST_PIECES)
        for number in range(1, pieces + 1):
            pointer = last.toward(sample, number / pieces)
            distance = math.dist(self._brush[:2], pointer[:2])
            if distance > self._behind:
                x, y, *_ = self._brush.toward(pointer, 1 - self._behind / distance)
                self._brush = pointer._replace(x=x, y=y)
                samples.append(self._brush)
        return samples

    def _mean(self, last: Sample, sample: Sample, length: float) -> list[Sample]:
        pieces = min(math.ceil(length / self._behind * 2 * _PIECES), _MOST_PIECES)
        placed = [self._filtered(last, sample, length, length * k / pieces) for k in range(1, pieces + 1)]
        self._half, self._brush = placed[-1]
        return [brush for _, brush in placed]

    def _arriving(self, end: Sample) -> list[Sample]:
        """How the mean goes on while the pointer stays at ``end``."""
        samples = []
        for number in range(1, _MOST_PIECES):
            _, brush = self._filtered(end, end, 0, self._behind / 2 / _PIECES * number)
            if math.dist(brush[:2], end[:2]) < _ARRIVED:
                break
            samples.append(brush)
        return samples

    def _filtered(self, start: Sample, end: Sample, length: float, way: float) -> tuple[Sample, Sample]:
        """What the first and the second filter give after ``way`` pixels from ``start`` straight to ``end``.

        With L for half of what the brush is behind, the first, p, obeys p' = (pointer - p) / L, the second,
        q, obeys q' = (p - q) / L.
        """
        reach = self._behind / 2
        share, fading = way / reach, math.exp(-way / reach)
        first, second = [], []
        for a, b, p, q in zip(start, end, self._half, self._brush, strict=True):
            slope = (b - a) / length if length else 0
            lag = slope * reach
            pointer = a + slope * way
            first.append(pointer - lag + (p - a + lag) * fading)
            second.append(pointer - 2 * lag + (q - a + 2 * lag + (p - a + lag) * share) * fading)
        return Sample(*first), Sample(*second)

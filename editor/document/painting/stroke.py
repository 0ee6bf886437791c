"""Strokes of a brush: dabs along a path, gathered tile by tile."""

import math
from collections.abc import Iterable
from itertools import chain

import numpy as np

from editor.document.geometry import NOWHERE, Rect
from editor.document.history import Part, TileSwap
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.painting.path import Curve, Trail, chebyshev
from editor.document.painting.target import Colour, Inside, Target
from editor.document.painting.tip import Sample, Tip
from editor.document.tiles import TILE, TileKey, TileWriter

FARTHEST = 1e6  # pixels from the picture's corner


class BrushStroke:
    """What all strokes have in common: it starts with ``dab``, ``line_to`` or ``curve_to`` and ends with
    ``commit`` or ``roll_back``; until then the document must not be edited otherwise.

    All that one call draws is painted tile by tile at once, and told to the observers as one change. What a
    stroke does to a pixel depends on the pixel as it was and on how far the stroke covers it, which its dabs
    add up to; so samples may come in any bundles. A place that is not finite, or farther than 1,000,000
    pixels away, raises ValueError and draws nothing.
    """

    name = ""

    def __init__(self, target: Target, tip: Tip, opacity: float) -> None:
        self.document = target.document
        self.tip, self.opacity = tip, min(max(opacity, 0), 1)
        self._target = target
        self._writer = TileWriter(target.image)
        self._coverage: dict[TileKey, np.ndarray] = {}  # of the whole stroke, (TILE, TILE) float32, 0..1
        self._trail = Trail(tip.step, chebyshev if tip.pencil else math.hypot)
        self._curve = Curve()

    def dab(self, x: float, y: float, pressure: float = 1, tilt_x: float = 0, tilt_y: float = 0) -> None:
        """Put the brush down once, with its centre at (``x``, ``y``)."""
        sample = _checked(Sample(x, y, pressure, tilt_x, tilt_y))
        self.catch_up()
        self._curve.restart(sample)
        self._put(self._trail.start(sample))

    def line_to(self, x: float, y: float, pressure: float = 1, tilt_x: float = 0, tilt_y: float = 0) -> None:
        """Draw straight from the last place to (``x``, ``y``); the first time, put the brush down there."""
        sample = _checked(Sample(x, y, pressure, tilt_x, tilt_y))
        lines = [*self._curve.finish(), sample]
        self._curve.restart(sample)
        self._draw(lines)

    def curve_to(self, sample: Sample) -> None:
        """Draw a round curve through the samples; it lags one sample behind until it catches up."""
        self.extend([sample])

    def extend(self, samples: Iterable[Sample]) -> None:
        """Draw the curve through several samples."""
        samples = [_checked(sample) for sample in samples]
        self._draw(chain.from_iterable(self._curve.to(sample) for sample in samples))

    def catch_up(self) -> None:
        """Draw the curve up to the newest sample, for a pointer that rests."""
        self._draw(self._curve.finish())

    def commit(self, name: str | None = None) -> None:
        """Record the stroke as the entry ``name``; one that changed nothing makes no entry."""
        self.catch_up()
        before, self._writer.before = self._writer.before, {}
        self._target.record(name or self.name, before)

    def roll_back(self) -> None:
        """Leave everything as it was."""
        area = TileSwap(self._target.image, self._writer.before, Part.PIXELS).area
        self._writer.roll_back()
        self._target.tell(area)

    def _prepare(self, area: Rect) -> None:
        """Get ready to paint parts of ``area``."""

    def _paint(
        self, key: TileKey, before: np.ndarray | None, strength: np.ndarray, inside: Inside
    ) -> np.ndarray:
        """A part of the tile ``before`` as it is where the stroke covers it with ``strength``."""
        raise NotImplementedError

    def _draw(self, lines: Iterable[Sample]) -> None:
        self._put(chain.from_iterable(self._trail.line(sample) for sample in lines))

    def _put(self, dabs: Iterable[Sample]) -> None:
        dirty: dict[TileKey, Rect] = {}
        for sample in dabs:
            self._cover(sample, dirty)
        area = NOWHERE
        for part in dirty.values():
            area = area.united(part)
        if area:
            self._prepare(area)
        for key, part in dirty.items():
            self._repaint(key, part.moved(-key[1] * TILE, -key[0] * TILE).slices)
        self._target.tell(area)

    def _cover(self, sample: Sample, dirty: dict[TileKey, Rect]) -> None:
        """Add a dab to what is covered; ``dirty`` grows by where that changed something."""
        left, top, shape = self.tip.dab(sample)
        flow = np.float32(self.tip.flow_at(sample))
        area = Rect(left, top, shape.shape[1], shape.shape[0])
        touched = area.intersected(self.document.rect)
        for key, box in self._writer.image.boxes(touched):
            shared = box.intersected(touched)
            dab = shape[shared.moved(-left, -top).slices]
            before = self._writer.before.get(key, self._writer.image.tiles.get(key))
            if self._target.spares(key, before) or not dab.any():
                continue
            coverage = self._coverage.get(key)
            if coverage is None:
                coverage = self._coverage[key] = np.zeros((TILE, TILE), np.float32)
            covered = coverage[shared.moved(-box.x, -box.y).slices]
            more = 1 - covered
            more *= dab
            if flow < 1:
                more *= flow
            covered += more
            dirty[key] = dirty.get(key, NOWHERE).united(shared)

    def _repaint(self, key: TileKey, inside: Inside) -> None:
        now = self._writer.image.tiles.get(key)
        before = self._writer.before.get(key, now)
        strength = self._coverage[key][inside] * np.float32(self.opacity)
        painted = self._paint(key, before, strength, inside)
        tile = self._target.blank() if now is None else now.copy()
        tile[inside] = painted
        tile.flags.writeable = False
        self._writer.replace(key, tile)


class Stroke(BrushStroke):
    """One stroke of a brush, pencil or eraser on a layer's pixels or (``on_mask``) its mask.

    ``size`` and ``tip`` are the fields of `Tip`. ``opacity`` is the most that the whole stroke does, however
    often it crosses itself.
    """

    def __init__(
        self,
        document: Document,
        layer: Layer,
        colour: Colour = (0, 0, 0),
        size: float = 20,
        *,
        opacity: float = 1,
        erase: bool = False,
        on_mask: bool = False,
        **tip,
    ) -> None:
        super().__init__(Target(document, layer, erase=erase, on_mask=on_mask), Tip(size, **tip), opacity)
        self._colour = self._target.colour(colour)
        self.name = "Eraser" if erase else "Pencil" if self.tip.pencil else "Brush"

    def _paint(
        self, key: TileKey, before: np.ndarray | None, strength: np.ndarray, inside: Inside
    ) -> np.ndarray:
        return self._target.painted(key, before, self._colour, strength, inside)


def _checked(sample: Sample) -> Sample:
    if not all(map(math.isfinite, sample)) or max(abs(sample.x), abs(sample.y)) > FARTHEST:
        raise ValueError("the pointer is at a place that cannot be")
    return sample

"""Adjustments that make one grey of each pixel, and something of that grey."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from editor.document.adjustments import light, lut
from editor.document.adjustments.parameters import (
    COLOUR,
    Adjustment,
    Items,
    Parameters,
    Record,
    flag,
    parameter,
    whole,
)


@dataclass(frozen=True)
class BlackAndWhite(Adjustment):
    """A grey picture in which six weights say how light each colour becomes, tinted or not.

    Weights -200..300 percent. A pixel is a sum of white (its smallest channel), of a secondary colour
    (the middle channel less that) and of a primary one (the largest less the middle); the grey is white plus
    the weighted colours. Adobe has not published its formula, but each of its pixels depends on one primary
    and one secondary weight at most (dsp.stackexchange.com, "What is the algorithm behind Photoshop's Black
    and White adjustment layer?"), and for pure hues that thread's measurements are those of this sum.
    ``tint`` lays tint_colour's hue and saturation over the grey, as W3C's blend mode "color" does. Defaults
    are Photoshop's.
    """

    kind = "black-and-white"
    title = "Black & White"

    reds: int = whole(40, -200, 300)
    yellows: int = whole(60, -200, 300)
    greens: int = whole(40, -200, 300)
    cyans: int = whole(60, -200, 300)
    blues: int = whole(20, -200, 300)
    magentas: int = whole(80, -200, 300)
    tint: bool = flag(False)
    tint_colour: tuple[float, float, float] = parameter(COLOUR, (225 / 255, 211 / 255, 179 / 255))

    def apply(self, colour: np.ndarray) -> np.ndarray:
        red, green, blue = colour
        grey = light.extent(colour)[1]
        # Each primary is what its channel has above both others, each secondary what both have above it.
        for channel, first, second, primary, secondary in (
            (red, green, blue, self.reds, self.cyans),
            (green, blue, red, self.greens, self.magentas),
            (blue, red, green, self.blues, self.yellows),
        ):
            grey += _excess(channel, np.maximum(first, second)) * np.float32(primary / 100)
            grey += _excess(np.minimum(first, second), channel) * np.float32(secondary / 100)
        np.clip(grey, 0, 1, out=grey)
        if self.tint:
            return lut.look_up(self._tinted, grey)
        return np.stack([grey] * 3)

    @cached_property
    def _tinted(self) -> np.ndarray:
        """The three colours for each grey."""
        tint = np.tile(np.array(self.tint_colour, np.float32)[:, None, None], (1, 1, lut.LAST + 1))
        return light.recolour(tint, lut.axis().astype(np.float32)[None])[:, 0]


def _excess(more: np.ndarray, less: np.ndarray) -> np.ndarray:
    difference = more - less
    return np.maximum(difference, 0, out=difference)


@dataclass(frozen=True)
class Threshold(Adjustment):
    """White where the luminosity is at or above ``level`` (1..255 of 255), else black.

    Photoshop rounds the luminosity to the document's depth first: a pixel whose channels all are values of 8
    bits is taken for one of 8 bits.
    """

    kind = "threshold"
    title = "Threshold"

    level: int = whole(128, 1, 255)

    def apply(self, colour: np.ndarray) -> np.ndarray:
        least = np.where((lut.steps(colour) % 257 == 0).all(axis=0), 257 * self.level - 127, 257 * self.level)
        passed = lut.steps(light.luminosity(colour)) >= least
        return np.stack([passed.astype(np.float32)] * 3)


@dataclass(frozen=True)
class GradientStop(Parameters):
    """A colour of a gradient at ``position`` 0..4096, PSD's unit for its length.

    Half way in colour to the next stop is at ``midpoint`` 0..100 percent of the distance.
    """

    position: int = whole(0, 0, 4096)
    colour: tuple[float, float, float] = parameter(COLOUR, (0.0, 0.0, 0.0))
    midpoint: int = whole(50, 0, 100)


@dataclass(frozen=True)
class GradientMap(Adjustment):
    """The colour of a gradient at each pixel's luminosity, black at its start, or at its end if ``reverse``.

    Two to 256 stops by ascending position; between them, and their midpoints, colours run straight.
    """

    kind = "gradient-map"
    title = "Gradient Map"

    stops: tuple[GradientStop, ...] = parameter(
        Items(Record(GradientStop), 2, 256), (GradientStop(), GradientStop(4096, (1.0, 1.0, 1.0)))
    )
    reverse: bool = flag(False)

    def __post_init__(self) -> None:
        super().__post_init__()
        positions = [stop.position for stop in self.stops]
        if positions != sorted(positions):
            raise ValueError("stops must be by ascending position")

    @cached_property
    def _tables(self) -> np.ndarray:
        at, to = [], []
        for stop, after in pairwise(self.stops):
            half = np.add(stop.colour, after.colour) / 2
            at += [stop.position, stop.position + (after.position - stop.position) * stop.midpoint / 100]
            to += [stop.colour, half]
        at.append(self.stops[-1].position)
        to.append(self.stops[-1].colour)
        position = lut.axis()[:: -1 if self.reverse else 1] * 4096
        return lut.table(np.stack([np.interp(position, at, channel) for channel in np.transpose(to)]))

    def apply(self, colour: np.ndarray) -> np.ndarray:
        return lut.look_up(self._tables, light.luminosity(colour))

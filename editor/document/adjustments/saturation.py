"""Adjustments of hue and saturation."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from editor.document.adjustments import light, lut
from editor.document.adjustments.parameters import (
    Adjustment,
    Items,
    Number,
    Parameters,
    Record,
    flag,
    parameter,
    whole,
)

COLOUR_RANGES = ("Reds", "Yellows", "Greens", "Cyans", "Blues", "Magentas")


@dataclass(frozen=True)
class HueRange(Parameters):
    """A change to the colours of some hues.

    edges are four hues, 0..360 degrees, one after the other around the circle: from the first to the second
    the change grows to full, from the third to the fourth it fades. hue -180..180 degrees, saturation and
    lightness -100..100.
    """

    edges: tuple[int, int, int, int] = parameter(Items(Number(0, 360, whole=True), 4, 4), (315, 345, 15, 45))
    hue: int = whole(0, -180, 180)
    saturation: int = whole(0, -100, 100)
    lightness: int = whole(0, -100, 100)

    def weights(self, degrees: np.ndarray) -> np.ndarray:
        """How much of the change, 0..1, each hue of ``degrees`` gets."""
        first = self.edges[0]
        turns = [(edge - first) % 360 for edge in self.edges]
        return np.interp((degrees - first) % 360, turns, [0, 1, 1, 0], right=0)


# As Photoshop sets them up: each is full for 30 degrees and fades over 30 into its neighbours.
_RANGES = tuple(
    HueRange(tuple((centre + offset) % 360 for offset in (-45, -15, 15, 45))) for centre in range(0, 360, 60)
)


@dataclass(frozen=True)
class HueSaturation(Adjustment):
    """Hue, saturation and lightness of all colours, and of six ranges of hue.

    hue -180..180 degrees, saturation and lightness -100..100; ``ranges`` are for COLOUR_RANGES. Adobe
    describes its controls as those of HSL (Smith 1978), and these rules fit pictures that Photoshop made:

    - lightness mixes with white or black; in a range, where greys must stay, it pulls a pixel's
      channels towards its largest or its smallest one instead;
    - saturation multiplies HSL's by 1 + s, or where s > 0 by 1 / (1 - 0.995 s), until full. What the
      ranges' factors are above or below 1 adds up by the weight of the hue, one range after the other and
      never to less than 0, and their sum multiplies the master's;
    - hue turns it, all ranges' shares together.

    ``colorize`` instead gives every pixel the hue colorize_hue 0..360, the saturation colorize_saturation
    0..100 and its own HSL lightness, mixed by colorize_lightness -100..100.
    """

    kind = "hue-saturation"
    title = "Hue/Saturation"

    hue: int = whole(0, -180, 180)
    saturation: int = whole(0, -100, 100)
    lightness: int = whole(0, -100, 100)
    ranges: tuple[HueRange, ...] = parameter(Items(Record(HueRange), 6, 6), _RANGES)
    colorize: bool = flag(False)
    colorize_hue: int = whole(0, 0, 360)
    colorize_saturation: int = whole(25, 0, 100)
    colorize_lightness: int = whole(0, -100, 100)

    def apply(self, colour: np.ndarray) -> np.ndarray:
        if self.colorize:
            top, bottom = light.extent(colour)
            top += bottom
            top *= np.float32(0.5)
            return lut.look_up(self._colorized, top)
        if self.lightness:
            colour = _lightened(colour, self.lightness / 100)
        if self.hue or any(each.hue or each.saturation or each.lightness for each in self.ranges):
            return self._turned(colour)
        return self._saturated(colour)

    def _saturated(self, colour: np.ndarray) -> np.ndarray:
        """The master saturation alone, for which no hue need be known."""
        top, bottom = light.extent(colour)
        chroma = top - bottom
        chroma += light.TINY
        lightness = np.add(top, bottom, out=top)
        factor = _full_chroma(lightness)
        factor /= chroma
        np.minimum(factor, np.float32(_factor(self.saturation / 100)), out=factor)
        lightness *= np.float32(0.5)
        out = colour - lightness
        out *= factor
        out += lightness
        return np.clip(out, 0, 1, out=out)

    def _turned(self, colour: np.ndarray) -> np.ndarray:
        top, bottom = light.extent(colour)
        chroma = top - bottom
        hue = _hue(colour, top, chroma)
        index = lut.steps(hue * np.float32(1 / 6))
        turn, factor, darker, lighter = self._by_hue
        if self._ranges_lighten:
            top -= np.take(darker, index) * chroma
            bottom += np.take(lighter, index) * chroma
            np.subtract(top, bottom, out=chroma)
        lightness = np.add(top, bottom, out=top)
        full = _full_chroma(lightness)
        chroma *= np.float32(_factor(self.saturation / 100))
        np.minimum(chroma, full, out=chroma)
        chroma *= np.take(factor, index)
        np.minimum(chroma, full, out=chroma)
        hue += np.take(turn, index)
        np.remainder(hue, 6, out=hue)
        lightness -= chroma
        lightness *= np.float32(0.5)
        out = _pure(hue)
        out *= chroma
        out += lightness
        return np.clip(out, 0, 1, out=out)

    @cached_property
    def _ranges_lighten(self) -> bool:
        return any(each.lightness for each in self.ranges)

    @cached_property
    def _by_hue(self) -> np.ndarray:
        """What to do by hue: the turn in sixths of the circle, the factor of saturation, the shares of black
        and white. Float32 of shape (4, 65536)."""
        degrees = lut.axis() * 360
        weights = np.stack([each.weights(degrees) for each in self.ranges])
        changes = np.array([(each.hue, each.saturation, each.lightness) for each in self.ranges])
        turn, _, lightness = changes.T @ weights
        lightness = np.clip(lightness / 100, -1, 1)
        factor = np.ones_like(degrees)
        for each, weight in zip(self.ranges, weights, strict=True):
            factor = np.maximum(factor + weight * (_factor(each.saturation / 100) - 1), 0)
        rows = (
            (turn + self.hue) / 60,
            factor,
            np.maximum(-lightness, 0),
            np.maximum(lightness, 0),
        )
        return np.stack(rows).astype(np.float32)

    @cached_property
    def _colorized(self) -> np.ndarray:
        """The three colours for each HSL lightness."""
        lightness = _lightened(lut.axis(), self.colorize_lightness / 100)
        chroma = _full_chroma(2 * lightness) * self.colorize_saturation / 100
        pure = _pure(np.array([[self.colorize_hue / 60 % 6]]))[:, 0]
        return lut.table(lightness + chroma * (pure - 0.5))


def _lightened(colour: np.ndarray, amount: float) -> np.ndarray:
    """``colour`` mixed with white, or with black for an ``amount`` below zero."""
    return colour * (1 - abs(amount)) + max(amount, 0)


def _factor(saturation: float) -> float:
    """What -1..1 multiplies saturation by: 0 to 200, which makes all but greys full."""
    return 1 + saturation if saturation <= 0 else 1 / (1 - 0.995 * saturation)


def _full_chroma(doubled_lightness: np.ndarray) -> np.ndarray:
    """The largest chroma that HSL has at twice a lightness: where its saturation is 1."""
    return np.minimum(doubled_lightness, 2 - doubled_lightness)


def _hue(colour: np.ndarray, top: np.ndarray, chroma: np.ndarray) -> np.ndarray:
    """The hue of HSL, (h, w), in 0..6: red is 0, green 2 and blue 4. A grey's is 0."""
    red, green, blue = colour
    # Sums of masked terms, not np.where: of random pixels numpy picks slower than it calculates.
    is_red = red == top
    is_green = (green == top) & ~is_red
    is_blue = ~(is_red | is_green)
    hue = (green - blue) * is_red
    hue += (blue - red) * is_green
    hue += (red - green) * is_blue
    hue /= chroma + light.TINY
    hue += is_green * np.float32(2)
    hue += is_blue * np.float32(4)
    hue += (hue < 0) * np.float32(6)
    return hue


def _pure(hue: np.ndarray) -> np.ndarray:
    """The pure colour, (3, h, w), of a (h, w) hue in 0..6: its largest channel 1, its smallest 0."""
    out = np.empty((3, *hue.shape), hue.dtype)
    for plane, centre in zip(out, (3, 2, 4), strict=True):
        np.subtract(hue, centre, out=plane)
        np.abs(plane, out=plane)
    out[0] -= 1  # red is full around 0, that is away from 3
    np.subtract(2, out[1:], out=out[1:])
    return np.clip(out, 0, 1, out=out)


@dataclass(frozen=True)
class Vibrance(Adjustment):
    """Saturation that minds what is saturated already, and plain saturation.

    vibrance and saturation -100..100. Adobe has not published its formula, only what it is for: dull
    colours gain the most, skin is spared, nothing clips. Here distances from grey of the same luminosity
    are multiplied: for saturation by 1 + s, for vibrance by 1 + v (1 - HSV saturation), in which v > 0 is
    halved towards the hue of skin, 25 degrees; then so far that the colour stays in gamut.
    """

    kind = "vibrance"
    title = "Vibrance"

    vibrance: int = whole(0, -100, 100)
    saturation: int = whole(0, -100, 100)

    def apply(self, colour: np.ndarray) -> np.ndarray:
        factor: np.ndarray | float = 1 + self.saturation / 100
        if self.vibrance:
            factor = self._vibrance_factor(colour) * np.float32(factor)
        return light.recolour(colour, light.luminosity(colour), factor)

    def _vibrance_factor(self, colour: np.ndarray) -> np.ndarray:
        top, bottom = light.extent(colour)
        dullness = bottom / (top + light.TINY)  # 1 - HSV saturation
        dullness *= np.float32(self.vibrance / 100)
        if self.vibrance > 0:
            dullness *= 1 - np.float32(0.5) * _likeness_to_skin(colour, top, bottom)
        dullness += 1
        return dullness


def _likeness_to_skin(colour: np.ndarray, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """1 at a hue of 25 degrees, falling to 0 at 0 and at 50."""
    red, green, blue = colour
    likeness = green - blue  # over the chroma, the hue in units of 60 degrees if red is largest
    likeness /= top - bottom + light.TINY
    likeness *= np.float32(60 / 25)
    likeness -= 1
    np.abs(likeness, out=likeness)
    np.subtract(1, likeness, out=likeness)
    likeness *= red == top
    return np.maximum(likeness, 0, out=likeness)

"""Adjustments of the balance between red, green and blue."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from editor.document.adjustments import light, lut
from editor.document.adjustments.parameters import (
    COLOUR,
    Adjustment,
    Items,
    Number,
    flag,
    number,
    parameter,
    whole,
)

# Linear sRGB to XYZ, IEC 61966-2-1.
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
# XYZ to the cone responses of Lam's Bradford transform (ICC.1:2022, annex E).
_CONES = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# Of D65, and how far a full slider goes from there: to 4100 K and to 15700 K, within the daylight locus.
_NEUTRAL_MIRED = 1e6 / 6504
_MIRED_RANGE = 90
# What a full slider goes off the locus, in CIE 1960 uv: about twice a fluorescent lamp's green.
_TINT_RANGE = 0.02


@dataclass(frozen=True)
class WhiteBalance(Adjustment):
    """The picture as under another light: warmer or cooler, more magenta or more green.

    temperature -100..100 moves neutral along the CIE daylight locus, by 0.9 mired each, towards yellow;
    tint -100..100 moves it across, by 0.0002 in CIE 1960 uv each, towards magenta. Colours follow by von
    Kries' rule: cone responses (Bradford) are scaled in linear light, here taken to be sRGB's. Greys keep
    their luminance up to where a channel is full.
    """

    kind = "white-balance"
    title = "White Balance"

    temperature: float = number(0.0, -100, 100)
    tint: float = number(0.0, -100, 100)

    @cached_property
    def _matrix(self) -> np.ndarray:
        before = _CONES @ _white(0, 0)
        after = _CONES @ _white(self.temperature / 100, self.tint / 100)
        to_cones = _CONES @ _XYZ
        return np.linalg.inv(to_cones) @ np.diag(after / before) @ to_cones

    def apply(self, colour: np.ndarray) -> np.ndarray:
        if self.temperature == self.tint == 0:  # or 16-bit values could come out one step off
            return colour.copy()
        linear = light.mix(self._matrix, lut.look_up(light.linear_table(), colour))
        np.clip(linear, 0, 1, out=linear)
        return lut.look_up(light.encoding_table(), np.sqrt(linear, out=linear))


def _white(temperature: float, tint: float) -> np.ndarray:
    """XYZ, with a luminance of 1, of the light that the sliders, -1..1 each, stand for."""
    mired = _NEUTRAL_MIRED + _MIRED_RANGE * temperature
    along = _daylight(mired + 1) - _daylight(mired - 1)
    along /= np.hypot(*along)
    # Along the locus u grows with the mired: to its right, seen from there, is magenta.
    u, v = _daylight(mired) + _TINT_RANGE * tint * np.array([along[1], -along[0]])
    divisor = 2 * u - 8 * v + 4
    x, y = 3 * u / divisor, 2 * v / divisor
    return np.array([x / y, 1, (1 - x - y) / y])


def _daylight(mired: float) -> np.ndarray:
    """CIE 1960 u and v of daylight (CIE 15:2004, section 3.1) at 1e6 / ``mired`` kelvin, 4000..25000."""
    kilo = mired / 1000  # 1000 K / temperature
    if mired >= 1e6 / 7000:
        x = 0.244063 + 0.09911 * kilo + 2.9678 * kilo**2 - 4.6070 * kilo**3
    else:
        x = 0.237040 + 0.24748 * kilo + 1.9018 * kilo**2 - 2.0064 * kilo**3
    y = -3 * x**2 + 2.87 * x - 0.275
    return np.array([4 * x, 6 * y]) / (-2 * x + 12 * y + 3)


_AMOUNTS = Items(Number(-100, 100, whole=True), 3, 3)


@dataclass(frozen=True)
class ColourBalance(Adjustment):
    """Colour added to or taken from the shadows, the midtones and the highlights.

    Each is three amounts -100..100: cyan to red, magenta to green, yellow to blue. Adobe has not published
    its curves; these are lift, gain and gamma of each channel. Shadows and highlights add up to a fifth of
    the range, fading with the square of the distance from black and white; midtones are a gamma of 1.4 at
    100 and of 0.7 at -100, which is what Photoshop's have been measured to be. ``preserve_luminosity``
    gives each pixel its luminosity back.
    """

    kind = "colour-balance"
    title = "Colour Balance"

    shadows: tuple[int, int, int] = parameter(_AMOUNTS, (0, 0, 0))
    midtones: tuple[int, int, int] = parameter(_AMOUNTS, (0, 0, 0))
    highlights: tuple[int, int, int] = parameter(_AMOUNTS, (0, 0, 0))
    preserve_luminosity: bool = flag(True)

    @cached_property
    def _tables(self) -> np.ndarray:
        value = lut.axis()
        amounts = zip(self.shadows, self.midtones, self.highlights, strict=True)
        return lut.table(np.stack([_balanced(value, *amount) for amount in amounts]))

    def apply(self, colour: np.ndarray) -> np.ndarray:
        out = lut.look_up(self._tables, colour)
        return light.recolour(out, light.luminosity(colour)) if self.preserve_luminosity else out


def _balanced(value: np.ndarray, shadows: int, midtones: int, highlights: int) -> np.ndarray:
    moved = value + (shadows * (1 - value) ** 2 + highlights * value**2) / 500
    return np.clip(moved, 0, 1) ** 2 ** (-midtones / 200)


@dataclass(frozen=True)
class PhotoFilter(Adjustment):
    """A coloured glass in front of the lens: each channel is multiplied by the glass's.

    colour is the glass's, density 1..100 percent of it; ``preserve_luminosity`` makes up for the light that
    the glass takes. The default is Photoshop's, the warming filter 85.
    """

    kind = "photo-filter"
    title = "Photo Filter"

    colour: tuple[float, float, float] = parameter(COLOUR, (236 / 255, 138 / 255, 0.0))
    density: int = whole(25, 1, 100)
    preserve_luminosity: bool = flag(True)

    def apply(self, colour: np.ndarray) -> np.ndarray:
        share = self.density / 100
        glass = 1 - share + share * np.array(self.colour)
        out = colour * glass.astype(np.float32)[:, None, None]
        return light.recolour(out, light.luminosity(colour)) if self.preserve_luminosity else out


_WEIGHTS = Items(Number(-200, 200, whole=True), 4, 4)


@dataclass(frozen=True)
class ChannelMixer(Adjustment):
    """Each channel as a sum of all three: percents -200..200 of red, green, blue, and of full.

    With ``monochrome`` all three are the sum ``grey``.
    """

    kind = "channel-mixer"
    title = "Channel Mixer"

    red: tuple[int, int, int, int] = parameter(_WEIGHTS, (100, 0, 0, 0))
    green: tuple[int, int, int, int] = parameter(_WEIGHTS, (0, 100, 0, 0))
    blue: tuple[int, int, int, int] = parameter(_WEIGHTS, (0, 0, 100, 0))
    grey: tuple[int, int, int, int] = parameter(_WEIGHTS, (40, 40, 20, 0))
    monochrome: bool = flag(False)

    def apply(self, colour: np.ndarray) -> np.ndarray:
        rows = [self.grey] * 3 if self.monochrome else [self.red, self.green, self.blue]
        weights = np.array(rows, np.float32) / 100
        out = light.mix(weights[:, :3], colour)
        out += weights[:, 3, None, None]
        return np.clip(out, 0, 1, out=out)

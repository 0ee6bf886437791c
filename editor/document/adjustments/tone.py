"""Adjustments of tone: each channel's new value depends on its old one alone."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from editor.document.adjustments import lut
from editor.document.adjustments.curves import natural_spline
from editor.document.adjustments.parameters import (
    Adjustment,
    Parameters,
    Record,
    flag,
    number,
    whole,
)


@dataclass(frozen=True)
class BrightnessContrast(Adjustment):
    """Brightness and contrast with black and white held in place, or Photoshop's old straight lines.

    brightness -150..150 and contrast -50..100; with ``legacy`` both are -100..100.
    """

    kind = "brightness-contrast"
    title = "Brightness/Contrast"

    brightness: int = whole(0, -150, 150)
    contrast: int = whole(0, -100, 100)
    legacy: bool = flag(False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.legacy and abs(self.brightness) > 100:
            raise ValueError("brightness must be a whole number from -100 to 100 if legacy")
        if not self.legacy and self.contrast < -50:
            raise ValueError("contrast must be a whole number from -50 to 100")

    @cached_property
    def _table(self) -> np.ndarray:
        value = lut.axis()
        if self.legacy:
            return lut.table(_legacy(value, self.brightness, self.contrast / 100))
        return lut.table(_contrast(_brightness(value, self.brightness / 150), self.contrast / 100))

    def apply(self, colour: np.ndarray) -> np.ndarray:
        return lut.look_up(self._table, colour)


def _brightness(value: np.ndarray, amount: float) -> np.ndarray:
    """Brightness since Photoshop CS3, ``amount`` -1..1; Adobe has not published it.

    Fitted to pictures that Photoshop made, of -95, -31, 23 and 150, within 5/255. It is a gain, as of a
    longer exposure: of 3 stops for 1, as light is a gamma of 2.2. From 0.6 on the line bends to reach
    white, its distance falling as exp(-value / scale). A negative amount undoes the positive one.
    """
    if amount == 0:
        return value
    gain = 2 ** (abs(amount) * 150 / 110)
    knee = 0.6 / gain
    # Find the scale at which the bend, which starts as steep as the line, ends in white.
    low, high = 1e-3, 1e4
    for _ in range(60):
        scale = (low * high) ** 0.5
        ends = 0.6 - gain * scale * np.expm1((knee - 1) / scale)
        low, high = (scale, high) if ends < 1 else (low, scale)
    before = lut.axis()
    after = np.where(
        before < knee,
        gain * before,
        0.6 - gain * scale * np.expm1(np.minimum(knee - before, 0) / scale),
    )
    return np.interp(value, before, after) if amount > 0 else np.interp(value, after, before)


def _contrast(value: np.ndarray, amount: float) -> np.ndarray:
    """Contrast since Photoshop CS3, ``amount`` -0.5..1.

    A natural spline whose points at 63 and 191 move apart by 25 each at full contrast, as measured by
    psd-tools (composite/adjustments.py).
    """
    at = np.array([0, 63, 191, 255]) / 255
    to = np.array([0, 63 - 25 * amount, 191 + 25 * amount, 255]) / 255
    return natural_spline(at, to, value)


def _legacy(value: np.ndarray, brightness: int, contrast: float) -> np.ndarray:
    """Photoshop before CS3: add levels of 255, then turn the line about 127, the mean that PSD files name.

    Full contrast is a threshold.
    """
    slope = 1 + contrast if contrast <= 0 else 1 / max(1 - contrast, 1e-6)
    return (value + brightness / 255 - 127 / 255) * slope + 127 / 255


@dataclass(frozen=True)
class LevelsChannel(Parameters):
    """Levels of one channel: inputs and outputs in 0..255, gamma 0.01..9.99.

    input_black and what is below it becomes output_black, input_white and what is above it output_white;
    a gamma above 1 lightens what is between. Outputs the other way round invert.
    """

    input_black: int = whole(0, 0, 253)
    input_white: int = whole(255, 2, 255)
    gamma: float = number(1.0, 0.01, 9.99)
    output_black: int = whole(0, 0, 255)
    output_white: int = whole(255, 0, 255)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.input_white - self.input_black < 2:
            raise ValueError("input_white must be at least 2 above input_black")

    def at(self, value: np.ndarray) -> np.ndarray:
        """The new values, within 0..1, for old ones within 0..1."""
        scaled = (value * 255 - self.input_black) / (self.input_white - self.input_black)
        curved = np.clip(scaled, 0, 1) ** (1 / self.gamma)
        return (self.output_black + curved * (self.output_white - self.output_black)) / 255


_CHANNEL = {"rule": Record(LevelsChannel)}


@dataclass(frozen=True)
class Levels(Adjustment):
    """Levels of red, green and blue, and then of all three by ``rgb``."""

    kind = "levels"
    title = "Levels"

    rgb: LevelsChannel = field(default=LevelsChannel(), metadata=_CHANNEL)
    red: LevelsChannel = field(default=LevelsChannel(), metadata=_CHANNEL)
    green: LevelsChannel = field(default=LevelsChannel(), metadata=_CHANNEL)
    blue: LevelsChannel = field(default=LevelsChannel(), metadata=_CHANNEL)

    @cached_property
    def _tables(self) -> np.ndarray:
        value = lut.axis()
        return lut.table(
            np.stack([self.rgb.at(channel.at(value)) for channel in (self.red, self.green, self.blue)])
        )

    def apply(self, colour: np.ndarray) -> np.ndarray:
        return lut.look_up(self._tables, colour)


@dataclass(frozen=True)
class Exposure(Adjustment):
    """Light multiplied by 2 to the ``exposure``, plus ``offset``, to the power of 1 / ``gamma``.

    exposure -20..20 stops, offset -0.5..0.5 of full light, gamma 0.01..9.99. Works on linear light, which is
    taken to be encoded by a plain gamma of 2.2: that, not sRGB's curve, fits what Photoshop makes of sRGB
    pictures. It is Adobe RGB's own, and near enough to other profiles'.
    """

    kind = "exposure"
    title = "Exposure"

    exposure: float = number(0.0, -20, 20)
    offset: float = number(0.0, -0.5, 0.5)
    gamma: float = number(1.0, 0.01, 9.99)

    @cached_property
    def _table(self) -> np.ndarray:
        exposed = lut.axis() ** 2.2 * 2**self.exposure + self.offset
        return lut.table(np.clip(exposed, 0, 1) ** (1 / (2.2 * self.gamma)))

    def apply(self, colour: np.ndarray) -> np.ndarray:
        return lut.look_up(self._table, colour)


@dataclass(frozen=True)
class Invert(Adjustment):
    """Each channel's distance from full."""

    kind = "invert"
    title = "Invert"

    def apply(self, colour: np.ndarray) -> np.ndarray:
        return 1 - colour


@dataclass(frozen=True)
class Posterize(Adjustment):
    """Each channel cut into ``levels`` (2..255) even steps, of which the first is 0 and the last full.

    As in Photoshop each takes an even share of the document's values, 256 or 65536, and is rounded down.
    """

    kind = "posterize"
    title = "Posterize"

    levels: int = whole(4, 2, 255)

    @cached_property
    def _table(self) -> np.ndarray:
        level = np.arange(lut.LAST + 1) * self.levels // 65536
        # The steps that 8 bits can hold go by shares of 256, which end up to 1/255 further on.
        level[::257] = np.arange(256) * self.levels // 256
        return lut.table(level * lut.LAST // (self.levels - 1) / lut.LAST)

    def apply(self, colour: np.ndarray) -> np.ndarray:
        return lut.look_up(self._table, colour)

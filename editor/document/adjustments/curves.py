"""Curves: a smooth line through points that the user sets."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from editor.document.adjustments import lut
from editor.document.adjustments.parameters import Adjustment, Items, Number, parameter

LINE = ((0, 0), (255, 255))
_POINTS = Items(Items(Number(0, 255, whole=True), 2, 2), 2, 19)


@dataclass(frozen=True)
class Curves(Adjustment):
    """Curves for red, green and blue, and then one for all three, ``rgb``.

    Each is 2..19 points (input, output) of 0..255 by ascending input. Between them runs a natural cubic
    spline, beyond the first and the last the curve is level, and what leaves 0..1 is clipped. A monotone
    spline would not overshoot, but Photoshop's curve is this one: a PSD file must look the same here, and two
    points pulled together must flatten, or turn over, what is between them as its users know it.
    """

    kind = "curves"
    title = "Curves"

    rgb: tuple[tuple[int, int], ...] = parameter(_POINTS, LINE)
    red: tuple[tuple[int, int], ...] = parameter(_POINTS, LINE)
    green: tuple[tuple[int, int], ...] = parameter(_POINTS, LINE)
    blue: tuple[tuple[int, int], ...] = parameter(_POINTS, LINE)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("rgb", "red", "green", "blue"):
            inputs = [point[0] for point in getattr(self, name)]
            if any(after <= before for before, after in pairwise(inputs)):
                raise ValueError(f"{name} must have its points by ascending input")

    @cached_property
    def _tables(self) -> np.ndarray:
        value = lut.axis()
        channels = (_curve(points, value) for points in (self.red, self.green, self.blue))
        return lut.table(np.stack([_curve(self.rgb, channel) for channel in channels]))

    def apply(self, colour: np.ndarray) -> np.ndarray:
        return lut.look_up(self._tables, colour)


def _curve(points: tuple[tuple[int, int], ...], value: np.ndarray) -> np.ndarray:
    at, to = np.array(points).T / 255
    return np.clip(natural_spline(at, to, np.clip(value, at[0], at[-1])), 0, 1)


def natural_spline(at: np.ndarray, to: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The cubic spline through the points (``at``, ``to``) whose second derivative is 0 at both ends.

    ``at`` ascends, and ``value`` lies within it. Press et al., Numerical Recipes, section 3.3: solve
    for the second derivatives at the points, for which the first ones agree on both sides.
    """
    width = np.diff(at)
    slope = np.diff(to) / width
    count = len(at)
    system = np.eye(count)
    wanted = np.zeros(count)
    for i in range(1, count - 1):
        system[i, i - 1 : i + 2] = width[i - 1], 2 * (width[i - 1] + width[i]), width[i]
        wanted[i] = 6 * (slope[i] - slope[i - 1])
    bend = np.linalg.solve(system, wanted)
    i = np.clip(np.searchsorted(at, value, side="right") - 1, 0, count - 2)
    right = (value - at[i]) / width[i]
    left = 1 - right
    cubic = (left**3 - left) * bend[i] + (right**3 - right) * bend[i + 1]
    return left * to[i] + right * to[i + 1] + cubic * width[i] ** 2 / 6

"""The tip of a brush: what it covers when it is put down once, a dab."""

import math
from collections import OrderedDict
from dataclasses import astuple, dataclass
from typing import NamedTuple

import numpy as np

LEAST_PRESSURE = 0.15  # a feather touch of the pen still draws
LEAST_SPACING = 0.5  # pixels
LEAST_LEAN = 5.0  # degrees: a pen that stands steeper leans nowhere in particular
_FINENESS = 4  # quarters of a pixel are finer than one can see, and dabs that are alike are made only once
_NO_TIE = 1.234567e-5  # between two steps no round number falls, so a rounding error does not tip it over
_CACHE_BYTES = 24 << 20


class Sample(NamedTuple):
    """Where the pointer was: in pixels of the picture, the centre of the first one at (0.5, 0.5).

    ``pressure`` is 0..1; ``tilt_x`` and ``tilt_y`` are degrees, -90..90, to the right and towards the user.
    """

    x: float
    y: float
    pressure: float = 1.0
    tilt_x: float = 0.0
    tilt_y: float = 0.0

    def toward(self, other: "Sample", part: float) -> "Sample":
        """The sample at ``part`` (0..1) of the way to ``other``."""
        return Sample(*(a + (b - a) * part for a, b in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Tip:
    """``size`` is the diameter in pixels. ``hardness`` 1 gives an edge one pixel soft and 0 a falloff over
    the whole radius. ``spacing``, a part of the short diameter, is how far apart the dabs of a stroke are.
    ``flow`` is what one dab puts down. ``roundness`` is the short diameter by the long one, which is turned
    by ``angle`` degrees, counter-clockwise. A ``pencil`` has no soft edge at all and covers whole pixels.

    The pen's pressure may change the size (``pressure_size``) and the flow (``pressure_flow``). With ``tilt``
    the tip is a round rod: where it leans, it touches the paper with an ellipse along its lean.

    Hardness, flow and roundness are held within 0..1. Raises ValueError for a number that is not finite.
    """

    size: float = 20
    hardness: float = 1
    spacing: float = 0.1
    flow: float = 1
    roundness: float = 1
    angle: float = 0
    pencil: bool = False
    pressure_size: bool = True
    pressure_flow: bool = False
    tilt: bool = False

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, astuple(self))):
            raise ValueError("the brush has a number that is not finite")

    def radius(self, sample: Sample) -> float:
        """Half the long diameter, in pixels."""
        share = _pressure(sample) if self.pressure_size else 1
        return max(self.size / 2 * max(share, LEAST_PRESSURE), 0.5)

    def form(self, sample: Sample) -> tuple[float, float]:
        """Roundness and angle of the dab."""
        roundness, angle = min(max(self.roundness, 0.01), 1), self.angle % 180
        if self.tilt:
            lean_x, lean_y = (
                math.tan(math.radians(min(max(degrees, -85), 85)))
                for degrees in (sample.tilt_x, sample.tilt_y)
            )
            slope = math.hypot(lean_x, lean_y)
            if slope >= math.tan(math.radians(LEAST_LEAN)):
                roundness = max(_step(roundness / math.hypot(1, slope), 50), 0.02)
                angle = (_step(math.degrees(math.atan2(-lean_y, lean_x)) / 3, 1) * 3 + angle) % 180
        return roundness, angle

    def flow_at(self, sample: Sample) -> float:
        """What the dab puts down, 0..1."""
        flow = min(max(self.flow, 0), 1)
        return _step(flow * _pressure(sample), 4096) if self.pressure_flow else flow

    def step(self, sample: Sample) -> float:
        """How far it is, in pixels, from a dab to the next."""
        short = 2 * self.radius(sample) * self.form(sample)[0]
        return max(short * self.spacing, 1 if self.pencil else LEAST_SPACING)

    def dab(self, sample: Sample) -> tuple[int, int, np.ndarray]:
        """The left and top pixel of a dab and what it covers: (h, w) float32, 0..1, read-only."""
        roundness, angle = self.form(sample)
        radius = self.radius(sample)
        if self.pencil:
            diameter = max(int(_step(2 * radius, 1)), 1)
            # An odd one has its centre in the middle of a pixel, an even one between pixels.
            odd = diameter % 2
            x, y = (int(_step(value - odd / 2, 1)) for value in (sample.x, sample.y))
            shape = _shapes.get(_aliased, diameter, roundness, angle)
            return x + odd // 2 - shape.shape[1] // 2, y + odd // 2 - shape.shape[0] // 2, shape
        left, top = (int(_step(value, _FINENESS) * _FINENESS) for value in (sample.x, sample.y))
        radius = _step(radius, _FINENESS)
        parts = (left % _FINENESS) / _FINENESS, (top % _FINENESS) / _FINENESS
        hardness = round(min(max(self.hardness, 0), 1), 2)
        shape = _shapes.get(_soft, radius, hardness, roundness, angle, *parts)
        return left // _FINENESS - shape.shape[1] // 2, top // _FINENESS - shape.shape[0] // 2, shape


def _pressure(sample: Sample) -> float:
    return min(max(sample.pressure, 0), 1)


def _step(value: float, fineness: int) -> float:
    """The nearest multiple of 1 / ``fineness``."""
    return math.floor(value * fineness + 0.5 + _NO_TIE) / fineness


def _soft(radius: float, hardness: float, roundness: float, angle: float, x: float, y: float) -> np.ndarray:
    """An anti-aliased ellipse, (h, w) float32 0..1, both odd; its centre is at (``x``, ``y``) in the pixel in
    the middle."""
    import cv2

    roundness = max(roundness, min(0.5 / radius, 1))
    half_x, half_y = (math.ceil(reach) + 1 for reach in _reaches(radius, roundness, angle))
    across = np.arange(-half_x, half_x + 1, dtype=np.float32) + np.float32(0.5 - x)
    down = (np.arange(-half_y, half_y + 1, dtype=np.float32) + np.float32(0.5 - y))[:, None]
    softness = radius * (1 - hardness)
    if roundness == 1:
        distance = cv2.sqrt(across * across + down * down)
        ramp = np.float32(radius + 0.5) - distance
        ramp *= np.float32(1 / max(softness, 1))
    else:
        along, aside = _turned(across, down, roundness, angle)
        distance = cv2.sqrt(along * along + aside * aside)
        # Per pixel the distance so measured grows by this much: the edge of a hard tip is one pixel soft.
        slope = cv2.sqrt(along * along + aside * aside * np.float32(roundness**-2))
        slope /= np.maximum(distance, np.float32(1e-6))
        ramp = np.float32(radius) + slope / 2 - distance
        ramp /= np.maximum(slope, np.float32(max(softness, 1)))
    np.clip(ramp, 0, 1, out=ramp)
    if softness > 1:  # no visible ring where the falloff begins
        rest = ramp * np.float32(-2)
        rest += 3
        ramp *= ramp
        ramp *= rest
    return ramp


def _aliased(diameter: int, roundness: float, angle: float) -> np.ndarray:
    """The pixels whose centres lie in an ellipse, (h, w) float32 0 or 1, both as odd or even as the
    diameter."""
    odd = diameter % 2
    roundness = max(roundness, min((2 - odd) / diameter, 1))  # never nothing
    halves = (math.ceil(reach - odd / 2) for reach in _reaches(diameter / 2, roundness, angle))
    across, down = (np.arange(-half, half + odd, dtype=np.float32) + (1 - odd) / 2 for half in halves)
    along, aside = _turned(across, down[:, None], roundness, angle)
    return (along * along + aside * aside <= diameter * diameter / 4).astype(np.float32)


def _reaches(radius: float, roundness: float, angle: float) -> tuple[float, float]:
    """How far an ellipse reaches to the side and up."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return radius * math.hypot(cos, roundness * sin), radius * math.hypot(sin, roundness * cos)


def _turned(
    across: np.ndarray, down: np.ndarray, roundness: float, angle: float
) -> tuple[np.ndarray, np.ndarray]:
    """Places along an ellipse's long axis and aside of it, the latter stretched to make a circle of it."""
    cos, sin = np.float32(math.cos(math.radians(angle))), np.float32(math.sin(math.radians(angle)))
    return across * cos - down * sin, (across * sin + down * cos) / np.float32(roundness)


class _Shapes:
    """The shapes made last."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple, np.ndarray] = OrderedDict()
        self._bytes = 0

    def get(self, make, *arguments) -> np.ndarray:
        key = make, *arguments
        shape = self._made.get(key)
        if shape is not None:
            self._made.move_to_end(key)
            return shape
        shape = self._made[key] = make(*arguments)
        shape.flags.writeable = False
        self._bytes += shape.nbytes
        while self._bytes > _CACHE_BYTES and len(self._made) > 1:
            self._bytes -= self._made.popitem(last=False)[1].nbytes
        return shape


_shapes = _Shapes()

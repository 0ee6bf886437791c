"""The frame of a crop: a box that may be turned, and what drags make of it. Pure functions of it."""

import math
from dataclasses import dataclass, replace

from editor.tools import frame
from editor.tools.overlay import Point

LEAST = 1.0  # pixels a side

_WAYS = {  # from the middle to a handle
    "nw": (-1, -1),
    "n": (0, -1),
    "ne": (1, -1),
    "e": (1, 0),
    "se": (1, 1),
    "s": (0, 1),
    "sw": (-1, 1),
    "w": (-1, 0),
}


@dataclass(frozen=True)
class CropFrame:
    """``centre`` and sides in pixels of the picture, turned clockwise by ``angle`` degrees."""

    centre: Point
    width: float
    height: float
    angle: float = 0.0

    @property
    def corners(self) -> tuple[Point, ...]:
        """Clockwise from what is the top left once the frame is upright."""
        half_x, half_y = self.width / 2, self.height / 2
        ways = ((-half_x, -half_y), (half_x, -half_y), (half_x, half_y), (-half_x, half_y))
        return tuple(self.outward(*way) for way in ways)

    def outward(self, across: float, down: float) -> Point:
        """The point of the picture that lies so far from the centre, as the frame is turned."""
        x, y = _turned(across, down, self.angle)
        return self.centre[0] + x, self.centre[1] + y

    def inward(self, point: Point) -> Point:
        """How far from the centre a point lies, as the frame is turned."""
        return _turned(point[0] - self.centre[0], point[1] - self.centre[1], -self.angle)

    def turned_to(self, angle: float) -> "CropFrame":
        return replace(self, angle=(angle + 180) % 360 - 180)

    def is_within(self, width: float, height: float) -> bool:
        """Whether all of it lies on a canvas of this size."""
        slack = 1e-6
        return all(-slack <= x <= width + slack and -slack <= y <= height + slack for x, y in self.corners)

    def fitted(self, width: float, height: float) -> "CropFrame":
        """Made smaller, if it must be, until it lies on a canvas of this size, in whole pixels; its centre
        stays."""
        x, y = self.centre
        if not (0 < x < width and 0 < y < height):
            return self
        room = [1.0]
        for corner_x, corner_y in self.corners:
            for step, low, high in ((corner_x - x, x, width - x), (corner_y - y, y, height - y)):
                if step:
                    room.append((high if step > 0 else low) / abs(step))
        if min(room) >= 1 - 1e-9:
            return self
        width, height = (max(math.floor(side * min(room)), 1) for side in (self.width, self.height))
        return replace(self, width=float(width), height=float(height))

    def with_ratio(self, ratio: float) -> "CropFrame":
        """The largest of this ratio of width to height within it."""
        width = min(self.width, self.height * ratio)
        return replace(self, width=width, height=width / ratio)

    def rounded(self) -> "CropFrame":
        """A whole number of pixels large; upright, its sides lie between pixels."""
        width, height = max(round(self.width), 1), max(round(self.height), 1)
        centre = self.centre
        if not self.angle:
            left, top = math.floor(centre[0] - width / 2 + 0.5), math.floor(centre[1] - height / 2 + 0.5)
            centre = left + width / 2, top + height / 2
        return replace(self, centre=centre, width=float(width), height=float(height))


def resized(start: CropFrame, grip: str, to: Point, ratio: float | None, about_middle: bool) -> CropFrame:
    """The frame once a handle of it has been dragged to a point; what is opposite stays, or the middle."""
    way_x, way_y = _WAYS[grip]
    across, down = start.inward(to)
    width, fixed_x = _side(start.width, way_x, across, about_middle)
    height, fixed_y = _side(start.height, way_y, down, about_middle)
    if ratio is not None:
        if grip in ("n", "s") or (grip in frame.CORNERS and abs(height) * ratio > abs(width)):
            width = math.copysign(abs(height) * ratio, width)
        else:
            height = math.copysign(abs(width) / ratio, height)
    # The middle lies half a side from what is fixed, on the side that the handle is on.
    middle = start.outward(fixed_x + way_x * width / 2, fixed_y + way_y * height / 2)
    if about_middle:
        middle = start.centre
    return replace(start, centre=middle, width=max(abs(width), LEAST), height=max(abs(height), LEAST))


def spanned(start: Point, to: Point, ratio: float | None, about_middle: bool) -> CropFrame:
    """An upright frame from one corner, or its middle, to another corner."""
    across = 1 if to[0] >= start[0] else -1
    down = 1 if to[1] >= start[1] else -1
    grip = {(1, 1): "se", (1, -1): "ne", (-1, 1): "sw", (-1, -1): "nw"}[across, down]
    return resized(CropFrame(start, 0.0, 0.0), grip, to, ratio, about_middle)


def _side(length: float, way: int, to: float, about_middle: bool) -> tuple[float, float]:
    """The new length, negative once the handle has crossed over, and where the fixed end lies."""
    if way == 0:
        return length, 0.0
    if about_middle:
        return 2 * to * way, 0.0
    fixed = -way * length / 2
    return (to - fixed) * way, fixed


def _turned(x: float, y: float, degrees: float) -> Point:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return cos * x - sin * y, sin * x + cos * y

"""What dragging a frame's handle makes of a transform: matrices from where a drag began and where it is.

Matrices are 3 x 3, as in `editor.document.transform`. ``middle`` and what is called local are points of the
untransformed box, everything else points of the picture.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from editor.document import resample
from editor.document.geometry import Rect
from editor.document.transform import rotation, scaling
from editor.tools import frame
from editor.tools.overlay import Point

LEAST = 0.5  # pixels: nothing is made smaller, so that it can be made larger again

_UNIT = {
    "nw": (0.0, 0.0),
    "n": (0.5, 0.0),
    "ne": (1.0, 0.0),
    "e": (1.0, 0.5),
    "se": (1.0, 1.0),
    "s": (0.5, 1.0),
    "sw": (0.0, 1.0),
    "w": (0.0, 0.5),
}


@dataclass(frozen=True)
class Hold:
    """How a drag began: with the pointer ``at`` a grip of the ``box`` that goes through ``matrix``."""

    box: Rect
    matrix: np.ndarray
    middle: Point
    grip: str | None
    at: Point

    def local(self, grip: str) -> Point:
        """Where a handle is on the untransformed box."""
        x, y = _UNIT[grip]
        return self.box.x + x * self.box.width, self.box.y + y * self.box.height


class Pose(NamedTuple):
    """A transform in the words of the options bar, at one place: where that goes, by how much it is scaled
    there (1 as it is, negative mirrored), and turned clockwise in degrees."""

    x: float
    y: float
    scale_x: float
    scale_y: float
    angle: float


def mapped(matrix: np.ndarray, point: Point) -> Point:
    """Where a point goes."""
    x, y, w = matrix @ (*point, 1.0)
    return float(x / w), float(y / w)


def pose(matrix: np.ndarray, middle: Point) -> Pose:
    """By the derivative at ``middle``, which for a perspective holds only there."""
    x, y = mapped(matrix, middle)
    w = float(matrix[2] @ (*middle, 1.0))
    derivative = (matrix[:2, :2] - np.outer((x, y), matrix[2, :2])) / w
    across = derivative[:, 0]
    scale_x, angle = math.hypot(*across), math.degrees(math.atan2(across[1], across[0]))
    scale_y = float(np.linalg.det(derivative)) / scale_x
    if scale_y < 0 and abs(angle) > 90:  # mirrored left to right rather than turned and upside down
        scale_x, scale_y = -scale_x, -scale_y
        angle -= math.copysign(180, angle)
    return Pose(x, y, scale_x, scale_y, angle)


def scaled(hold: Hold, at: Point, *, keep_ratio: bool, about_middle: bool) -> np.ndarray:
    """By a handle; what is opposite stays, or the middle. Only corners can keep the ratio."""
    handle = hold.local(hold.grip)
    anchor = hold.middle if about_middle else hold.local(frame.OPPOSITE[hold.grip])
    start, fixed = mapped(hold.matrix, handle), mapped(hold.matrix, anchor)
    target = start[0] + at[0] - hold.at[0], start[1] + at[1] - hold.at[1]
    if keep_ratio and hold.grip in frame.CORNERS:
        way = np.subtract(start, fixed)
        length = float(way @ way)
        factor = float(np.subtract(target, fixed) @ way) / length if length else 1.0
        factors = [factor, factor]
    else:
        local = mapped(np.linalg.inv(hold.matrix), target)
        factors = [
            (local[axis] - anchor[axis]) / (handle[axis] - anchor[axis])
            if _UNIT[hold.grip][axis] != 0.5 and handle[axis] != anchor[axis]
            else 1.0
            for axis in (0, 1)
        ]
    sides = hold.box.width, hold.box.height
    factors = [
        math.copysign(max(abs(factor), LEAST / side), factor)
        for factor, side in zip(factors, sides, strict=True)
    ]
    return hold.matrix @ scaling(*factors, anchor)


def turned(hold: Hold, at: Point, step: float = 0.0) -> np.ndarray:
    """About the middle; ``step`` keeps to multiples of so many degrees."""
    centre = mapped(hold.matrix, hold.middle)
    before, now = (math.atan2(y - centre[1], x - centre[0]) for x, y in (hold.at, at))
    turn = math.degrees(now - before)
    if step:
        first = pose(hold.matrix, hold.middle).angle
        turn = round((first + turn) / step) * step - first
    return rotation(turn, centre) @ hold.matrix


def distorted(
    hold: Hold, at: Point, *, straight: bool = False, mirrored: bool = False, perspective: bool = False
) -> np.ndarray:
    """A corner, or the two of a side, goes its own way; ``straight`` along the sides that are there.

    ``mirrored``: what is opposite goes the other way. ``perspective``: the corner next to it on the same side
    goes the other way, as the far end of a road. Raises ValueError where that makes no picture.
    """
    box = hold.box
    source = frame.box_corners(*box)
    corners = [np.array(mapped(hold.matrix, corner)) for corner in source]
    way = np.subtract(at, hold.at)
    number = (frame.CORNERS if hold.grip in frame.CORNERS else frame.SIDES).index(hold.grip)
    moving = {number: way}
    if hold.grip in frame.SIDES:
        if straight:
            way = _along(way, corners[(number + 1) % 4] - corners[number])
        moving = {number: way, (number + 1) % 4: way}
    elif perspective or straight:
        neighbours = ((number + 1) % 4, (number - 1) % 4)
        ways = [_along(way, corners[other] - corners[number]) for other in neighbours]
        nearer = int(np.hypot(*ways[1]) > np.hypot(*ways[0]))
        moving = {number: ways[nearer]}
        if perspective:
            moving[neighbours[nearer]] = -ways[nearer]
    if mirrored and not perspective:
        moving |= {(corner + 2) % 4: -step for corner, step in moving.items()}
    for corner, step in moving.items():
        corners[corner] = corners[corner] + step
    return resample.quad_to_quad(source, corners)


def _along(way: np.ndarray, side: np.ndarray) -> np.ndarray:
    """The part of a way that goes along a side."""
    return side * (float(way @ side) / max(float(side @ side), 1e-12))

"""A frame of four corners with handles: where it is taken hold of, and how it looks.

Corners go clockwise from the top left, in points of the picture. A grip is the name of a handle, as on a
compass, or "inside".
"""

import math
from collections.abc import Sequence

from editor.tools.base import Pointer
from editor.tools.overlay import Handle, Line, Look, Point, Shape

REACH = 8.0  # pixels of the screen within which a handle is taken hold of
ROOM = 32.0  # pixels of the screen that a side must have for a handle in its middle
CORNERS = ("nw", "ne", "se", "sw")
SIDES = ("n", "e", "s", "w")  # each from the corner of the same place to the next
OPPOSITE = {"nw": "se", "ne": "sw", "se": "nw", "sw": "ne", "n": "s", "s": "n", "e": "w", "w": "e"}

_CURSORS = ("size-ew", "size-nwse", "size-ns", "size-nesw")  # for directions 45 degrees apart, clockwise


def box_corners(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def handles(corners: Sequence[Point], scale: float) -> dict[str, Point]:
    """Where the handles are; the corners', and those of sides that have room at ``scale``."""
    found = dict(zip(CORNERS, corners, strict=True))
    for number, side in enumerate(SIDES):
        start, end = corners[number], corners[(number + 1) % 4]
        if math.dist(start, end) * scale >= ROOM:
            found[side] = middle(start, end)
    return found


def grip_at(corners: Sequence[Point], pointer: Pointer) -> str | None:
    """What the pointer would take hold of; None outside of the frame."""
    at, found = (pointer.x, pointer.y), handles(corners, pointer.scale)
    nearest = min(found, key=lambda name: (math.dist(found[name], at), name in SIDES))
    if math.dist(found[nearest], at) * pointer.scale <= REACH:
        return nearest
    return "inside" if is_inside(corners, at) else None


def is_inside(corners: Sequence[Point], at: Point) -> bool:
    """By the even-odd rule, so that it holds for a mirrored frame, too."""
    inside = False
    for number, (x, y) in enumerate(corners):
        to_x, to_y = corners[(number + 1) % 4]
        if (y > at[1]) != (to_y > at[1]) and at[0] < x + (at[1] - y) / (to_y - y) * (to_x - x):
            inside = not inside
    return inside


def cursor_for(corners: Sequence[Point], grip: str | None) -> str:
    """What the pointer looks like at a grip; outside of the frame it turns."""
    if grip is None:
        return "rotate"
    if grip == "inside":
        return "move"
    found = handles(corners, math.inf)
    x, y = found[grip]
    centre = middle(*(middle(*pair) for pair in (corners[:2], corners[2:])))
    angle = math.degrees(math.atan2(y - centre[1], x - centre[0]))
    return _CURSORS[round(angle / 45) % 4]


def frame_shapes(corners: Sequence[Point], scale: float, hot: str | None) -> list[Shape]:
    """The frame and its handles, ``hot`` being the one under the pointer."""
    found = handles(corners, scale)
    return [
        Line(tuple(corners), Look.LINE, closed=True),
        *(Handle(place, hot=name == hot) for name, place in found.items()),
    ]


def middle(start: Point, end: Point) -> Point:
    return (start[0] + end[0]) / 2, (start[1] + end[1]) / 2

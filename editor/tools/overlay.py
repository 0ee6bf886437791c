"""What a tool shows over the picture, in points of the picture; the canvas draws it in pixels of the screen,
so that it is as crisp at every zoom."""

from dataclasses import dataclass
from enum import Enum, auto

Point = tuple[float, float]


class Look(Enum):
    """How a line is drawn."""

    DASHES = auto()  # light on dark: the edge of what is being made
    LINE = auto()  # thin, light on dark: the frame of a transform
    GRID = auto()  # faint: the thirds of a crop
    STRUCTURE = auto()  # a structure line, in the accent
    STRUCTURE_OFF = auto()  # one that is not followed
    INK = auto()  # the sketch pen's
    GUIDE = auto()  # where edges have snapped to each other


@dataclass(frozen=True)
class Line:
    """A line through points. For INK, and for no other look: ``width`` in pixels of the picture, and the
    part of it, 0..1, that there is at each point."""

    points: tuple[Point, ...]
    look: Look = Look.DASHES
    closed: bool = False
    width: float = 1.0
    pressures: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Handle:
    """Something to take hold of. ``hot``: the pointer is over it, or it is chosen."""

    at: Point
    round: bool = False
    hot: bool = False


@dataclass(frozen=True)
class Shade:
    """Everything outside of a polygon is darkened."""

    inside: tuple[Point, ...]


@dataclass(frozen=True)
class Note:
    """A few words beside a point: a size, an angle."""

    at: Point
    text: str


Shape = Line | Handle | Shade | Note

"""Edges that snap to the canvas's: how far a box or a point is pulled, and the lines that show why."""

from typing import NamedTuple

from editor.document.model import Document
from editor.tools.overlay import Line, Look, Point

REACH = 8.0  # pixels of the screen within which edges are pulled


class Pull(NamedTuple):
    """How far along one axis, and onto which place."""

    by: float
    to: float


class Pulls(NamedTuple):
    """Across and down."""

    across: Pull | None = None
    down: Pull | None = None

    @property
    def by(self) -> Point:
        """How far in all."""
        return (self.across.by if self.across else 0.0), (self.down.by if self.down else 0.0)


def pulled_box(
    document: Document, left: float, top: float, right: float, bottom: float, within: float
) -> Pulls:
    """The way of a box to where one of its edges, or its middle, meets one of the canvas's or its middle.

    ``within``: pixels of the picture that it may be.
    """
    return Pulls(
        _nearest((left, (left + right) / 2, right), (0.0, document.width / 2, document.width), within),
        _nearest((top, (top + bottom) / 2, bottom), (0.0, document.height / 2, document.height), within),
    )


def pulled_point(document: Document, point: Point, within: float) -> Pulls:
    """The way of a point onto an edge of the canvas, or into a corner."""
    return Pulls(
        _nearest((point[0],), (0.0, document.width), within),
        _nearest((point[1],), (0.0, document.height), within),
    )


def _nearest(edges: tuple[float, ...], places: tuple[float, ...], within: float) -> Pull | None:
    pulls = [Pull(place - edge, place) for edge in edges for place in places]
    nearest = min(pulls, key=lambda pull: abs(pull.by))
    return nearest if abs(nearest.by) <= within else None


def guide_lines(document: Document, pulls: Pulls) -> list[Line]:
    """Lines over the whole canvas where something has snapped."""
    lines: list[tuple[Point, Point]] = []
    if pulls.across is not None:
        lines.append(((pulls.across.to, 0.0), (pulls.across.to, float(document.height))))
    if pulls.down is not None:
        lines.append(((0.0, pulls.down.to), (float(document.width), pulls.down.to)))
    return [Line(points, Look.GUIDE) for points in lines]

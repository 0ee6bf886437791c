"""What a search for structure lines takes and gives: plain frozen data.

Points are x, y in pixels of the photograph, the centre of its first pixel at (0.5, 0.5).
"""

from dataclasses import dataclass

import numpy as np

from engines.base import Region

# How a line came to cross the hole, the surest kind first.
JOINED = "joined"  # two segments that meet across it
VANISHING = "through vanishing point"  # the same, not quite straight but towards one vanishing point
CROSSING = "crossing"  # a segment that goes on until it meets another line in the hole
EXTENDED = "extended"  # a segment that goes on and meets nothing
KINDS = (JOINED, VANISHING, CROSSING, EXTENDED)


@dataclass(frozen=True)
class LinesRequest:
    """The parts of a photograph whose surroundings are to be searched. Arrays are not written to."""

    regions: tuple[Region, ...]


@dataclass(frozen=True)
class CompletedLine:
    """A line through the hole, from where it is known on one side to where it ends or is known again."""

    points: np.ndarray  # (2, 2) float32
    score: float  # 0..1: how likely it is a line of what the hole hides
    kind: str  # one of KINDS
    enabled: bool  # whether the fill should follow it unless the user says otherwise


@dataclass(frozen=True)
class LinesResult:
    """The straight lines around the holes of a photograph and how they may go on inside."""

    detected: np.ndarray  # (n, 4) float32: x0, y0, x1, y1 of the segments that are seen
    scores: np.ndarray  # (n,) float32, 0..1: how much each counts
    completed: tuple[CompletedLine, ...]  # the likeliest first
    vanishing_points: np.ndarray  # (k, 2) float32, the one with most support first; may lie far outside

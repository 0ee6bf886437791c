"""The straight segments around a hole, precisely placed: a classical detector says where, M-LSD which matter.

The segment detector LSD (von Gioi et al., PAMI 2010) places a segment to a fraction of a pixel but takes
every straight grain for one; Canny's edges (PAMI 1986) of the blurred picture, cut into straight pieces, add
what is too soft for it. M-LSD knows what a person would draw, to a few pixels. So the first two find, and the
third weighs.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from engines.base import Progress
from engines.lines.covering import covered
from engines.lines.geometry import lengths, overlap, sampled
from engines.lines.merging import merged
from engines.lines.network import MLsd

_RIM = 1.5  # pixels from the hole: what is nearer may be the hole's own edge
_SHORTEST = 6.0  # pixels of what is seen of a segment
_ALONG = 4.0  # pixels: a segment that keeps so near the hole is what the object throws on its surroundings
_MOST = 600  # segments
_NEAR = 8.0  # pixels from the hole
_SOFT = 2.0  # pixels: blur before Canny
_FAINT = 0.06  # of Sobel's 3 x 3, 8 times the slope for a pixel: less is a shade and no edge


@dataclass(frozen=True)
class Segments:
    """The segments seen around a hole, and what was seen across it."""

    ends: np.ndarray  # (n, 4) float32 x0, y0, x1, y1, in pixels, first centre at (0.5, 0.5); none in the hole
    weights: np.ndarray  # (n,) float32 0..1: how much of each M-LSD saw too, times how sure it was
    hints: np.ndarray  # (m, 4) float32: M-LSD's own segments, on both sides of the hole or into it
    hint_scores: np.ndarray  # (m,) float32 0..1


def detect(image: np.ndarray, hole: np.ndarray, network: MLsd, progress: Progress) -> Segments:
    """Find the segments of a picture (h, w, 3) float32 [0, 1] outside its hole (h, w) bool."""
    smooth = covered(image, hole)
    grey = cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY)
    sharp = _outside(_lsd(grey), hole)
    soft = _outside(_soft(grey, hole), hole)
    ends = merged(_foremost(np.concatenate([sharp, _new(soft, sharp)]), hole), hole)
    hints, scores = network.segments(smooth, progress)
    return Segments(ends, _weights(ends, hints, scores), hints, scores)


def _lsd(grey: np.ndarray) -> np.ndarray:
    """LSD's segments of a grey picture (h, w) float32 [0, 1]."""
    levels = np.rint(grey.clip(0, 1) * 255).astype(np.uint8)
    found = cv2.createLineSegmentDetector().detect(levels)[0]
    if found is None:
        return np.zeros((0, 4), np.float32)
    # Measured on known edges: half a pixel for where the first centre is, and an eighth that its own
    # shrinking by 0.8 leaves.
    return found.reshape(-1, 4) + np.float32(0.625)


def _soft(grey: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Straight pieces of the edges that Canny finds in the blurred picture."""
    blurred = cv2.GaussianBlur(grey, (0, 0), _SOFT)
    across, down = (cv2.Sobel(blurred, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    steep = np.hypot(across, down)[~hole]
    if not steep.size:
        return np.zeros((0, 4), np.float32)
    high = max(float(np.percentile(steep, 90)), _FAINT)
    scale = 32767 / max(float(np.abs(across).max()), float(np.abs(down).max()), 1e-6)
    edges = cv2.Canny(
        (across * scale).astype(np.int16),
        (down * scale).astype(np.int16),
        0.4 * high * scale,
        high * scale,
        L2gradient=True,
    )
    pieces = []
    for contour in cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]:
        corners = cv2.approxPolyDP(contour, 1.5, False)[:, 0].astype(np.float32)
        pieces.append(np.concatenate([corners[:-1], corners[1:]], axis=1))
    if not pieces:
        return np.zeros((0, 4), np.float32)
    found = np.concatenate(pieces) + np.float32(0.5)
    return found[lengths(found) >= 2 * _SHORTEST]


def _outside(segments: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """What of each segment lies outside the hole, a segment for each piece, without those along its edge."""
    distance = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 5)
    if not hole.any():
        distance[...] = np.inf
    out = []
    for segment in segments:
        points = sampled(segment)
        columns, rows = points.astype(int).T
        height, width = hole.shape
        away = distance[rows.clip(0, height - 1), columns.clip(0, width - 1)]
        seen = np.concatenate([[False], away >= _RIM, [False]])
        starts, stops = np.flatnonzero(np.diff(seen)).reshape(-1, 2).T
        for start, stop in zip(starts, stops, strict=True):
            first, last = points[start], points[stop - 1]
            near = (away[start:stop] < _ALONG).mean() > 0.6
            if np.hypot(*(last - first)) >= _SHORTEST and not near:
                out.append([*first, *last])
    return np.array(out, np.float32).reshape(-1, 4)


def _foremost(segments: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Of very many segments the longest; those that end near the hole count twice their length."""
    if len(segments) <= _MOST:
        return segments
    distance = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 5)
    columns, rows = segments.reshape(-1, 2).astype(int).T
    height, width = hole.shape
    away = distance[rows.clip(0, height - 1), columns.clip(0, width - 1)].reshape(-1, 2).min(axis=1)
    rank = lengths(segments) * np.where(away <= _NEAR, 2, 1)
    return segments[np.sort(np.argsort(-rank, kind="stable")[:_MOST])]


def _new(soft: np.ndarray, sharp: np.ndarray) -> np.ndarray:
    """The soft segments that no sharp one says already."""
    if not len(sharp) or not len(soft):
        return soft
    return soft[overlap(soft, sharp, 3.0, 6.0).max(axis=1) < 0.3]


def _weights(ends: np.ndarray, hints: np.ndarray, scores: np.ndarray) -> np.ndarray:
    if not len(ends) or not len(hints):
        return np.zeros(len(ends), np.float32)
    return (overlap(ends, hints, 3.5, 6.0) * scores).max(axis=1).astype(np.float32)

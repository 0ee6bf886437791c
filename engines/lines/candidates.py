"""Ways in which the segments around a hole may go on inside, with what can be measured of each.

A pair: two stubs that face each other across the hole and lie nearly on one line. One-sided: a stub that goes
on until it meets another line inside, or until the hole ends.
"""

from dataclasses import dataclass

import numpy as np

from engines.lines.detector import Segments
from engines.lines.geometry import lengths, overlap
from engines.lines.profiles import contrast, difference
from engines.lines.results import CROSSING, EXTENDED, JOINED, VANISHING
from engines.lines.stubs import Stubs
from engines.lines.vanishing import towards

_TURNED = np.cos(np.radians(14))  # between two stubs and their common line, at most
_STRAIGHT = np.cos(np.radians(3))  # what is turned more is one line because of a vanishing point
_OFF = 4.0  # pixels between their common line and any of the four ends, at most
_SHALLOW = (8.0, 0.1)  # pixels in the hole, share of its size: what goes on for less is not worth a line
_KNOWN = (8.0, 0.15)  # pixels, share of the gap between two stubs that may be known
_MOST = 400  # pairs that are looked at closely, the straightest

JOINED_FEATURES = (
    "off",  # pixels between the common line and the farthest of the four ends
    "turned",  # degrees, of the stub that is turned more
    "gap",  # log of the pixels between the stubs
    "shorter",  # log of the lengths of the two segments
    "longer",
    "reach",  # the gap over the two lengths
    "outside",  # share of the gap that is not hole
    "weight",  # what M-LSD makes of the segments: of both, and of the lesser
    "least weight",
    "spanned",  # share of the gap that one segment of M-LSD covers, times its score
    "colours",  # difference of the colour profiles on the side that is more alike, and on the other
    "other colours",
    "contrast",  # across the weaker of both
    "same contrast",  # cosine between the two
    "vanishing",  # whether both run towards one vanishing point
    "rivals",  # log of the other stubs that either could be paired with
)
ONE_SIDED_FEATURES = (
    "depth",  # log of the pixels in the hole
    "length",  # log of the segment's
    "reach",  # depth over length
    "lead",  # pixels between the segment and the hole
    "weight",
    "spanned",
    "contrast",
    "vanishing",
    "crosses",  # whether it ends at a crossing; of these
    "meets joined",  # ... with a line that is known on both sides
    "other weight",
    "other length",
    "share",  # of the whole way through the hole
)


@dataclass(frozen=True)
class Candidates:
    """n lines through the hole."""

    ends: np.ndarray  # (n, 4) float64
    stubs: np.ndarray  # (n, 2) int: those it begins and ends with, -1 for none
    features: np.ndarray  # (n, k)
    kinds: np.ndarray  # (n,) str: ``results.KINDS``


def pairs(
    seen: Segments, hole: np.ndarray, stubs: Stubs, profile: np.ndarray, points: np.ndarray
) -> Candidates:
    """The pairs of stubs that may be one line. ``points`` (k, 3) are vanishing points."""
    first, second = _facing(stubs)
    line_middle, line_way = _common_line(seen.ends, stubs, first, second)
    off = _off(seen.ends, stubs, first, second, line_middle, line_way)
    way = np.where(((stubs.way[first] * line_way).sum(1) < 0)[:, None], -line_way, line_way)
    turned = np.minimum((stubs.way[first] * way).sum(1), -(stubs.way[second] * way).sum(1))
    fit = (off <= _OFF) & (turned >= _TURNED)
    fit &= ((stubs.end[second] - stubs.end[first]) * way).sum(1) > 0
    best = np.flatnonzero(fit)
    best = best[np.argsort(off[best], kind="stable")[:_MOST]]
    first, second, off, way, turned, middle = (
        each[best] for each in (first, second, off, way, turned, line_middle)
    )
    common = _towards_one(seen.ends, stubs, first, second, points)

    start, stop = (_onto(stubs.end[each], middle, way) for each in (first, second))
    ends = np.concatenate([start, stop], axis=1)
    gap = lengths(ends)
    one, other = lengths(seen.ends[stubs.segment[first]]), lengths(seen.ends[stubs.segment[second]])
    strong, same = _contrasts(profile, first, second)
    alike, unlike = difference(profile[first], profile[second][:, ::-1])
    weights = seen.weights[stubs.segment[np.stack([first, second])]].reshape(2, -1)
    rivals = np.bincount(np.concatenate([first, second]), minlength=len(stubs))
    features = [
        off,
        np.degrees(np.arccos(turned.clip(-1, 1))),
        np.log(np.maximum(gap, 1)),
        np.log(np.minimum(one, other)),
        np.log(np.maximum(one, other)),
        gap / (one + other),
        1 - _share_inside(ends, hole),
        weights.mean(axis=0),
        weights.min(axis=0),
        _spanned(ends, seen),
        alike,
        unlike,
        strong,
        same,
        common,
        np.log(rivals[first] + rivals[second] - 1),
    ]
    # Drawing these through the point instead of along both was measured and met fewer true lines.
    kinds = np.where(common & (turned < _STRAIGHT), VANISHING, JOINED)
    return Candidates(ends, np.stack([first, second], axis=1), _columns(features), kinds)


def one_sided(
    seen: Segments,
    stubs: Stubs,
    which: np.ndarray,
    profile: np.ndarray,
    points: np.ndarray,
    joined: np.ndarray,
    size: float,
) -> Candidates:
    """What the stubs ``which`` (m,) int may do: meet one of the lines ``joined`` (j, 4), or each other, or
    go on to the far side. ``size`` is that of the hole, in pixels."""
    number, depth = _meeting_joined(stubs, which, joined)
    parts = [_onwards(seen, stubs, number, np.full(len(number), -1), depth, profile, points, on_joined=True)]
    # What nothing continues beyond a line across its way is taken to end on it.
    alone = np.setdiff1d(which, number)
    nobody = np.full(len(alone), -1)
    parts.append(_onwards(seen, stubs, alone, nobody, stubs.leave[alone], profile, points))
    number, other, depth = _meeting_each_other(stubs, which)
    parts.append(_onwards(seen, stubs, number, other, depth, profile, points))
    least = np.log(max(_SHALLOW[0], _SHALLOW[1] * size))
    deep = [part.features[:, 0] >= least for part in parts]
    return Candidates(
        *(
            np.concatenate([getattr(part, name)[kept] for part, kept in zip(parts, deep, strict=True)])
            for name in Candidates.__annotations__
        )
    )


def _facing(stubs: Stubs) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of stubs of different segments that look at each other with the hole between them."""
    opposed = stubs.way @ stubs.way.T < -np.cos(np.radians(20))
    opposed &= stubs.segment[:, None] != stubs.segment
    first, second = np.nonzero(np.triu(opposed, 1))
    between = stubs.end[second] - stubs.end[first]
    gap = np.hypot(*between.T)
    straight = np.maximum(gap, 1e-6) * np.cos(np.radians(20))
    fit = ((between * stubs.way[first]).sum(1) > straight) & (
        -(between * stubs.way[second]).sum(1) > straight
    )
    fit &= (gap >= stubs.lead[first]) & (gap >= stubs.lead[second])
    # Where a good part of the way is known, a segment there is what the line goes on with.
    for one, other in ((first, second), (second, first)):
        fit &= gap - stubs.leave[one] - stubs.lead[other] <= np.maximum(_KNOWN[0], _KNOWN[1] * gap)
    return first[fit], second[fit]


def _common_line(
    segments: np.ndarray, stubs: Stubs, first: np.ndarray, second: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Middle (m, 2) and way (m, 2) of the line that lies least off all points of both segments."""
    parts = segments[stubs.segment[np.stack([first, second])]].astype(np.float64).reshape(2, -1, 4)
    length = np.stack([lengths(part) for part in parts])
    middle = (parts[..., :2] + parts[..., 2:]) / 2
    half = (parts[..., 2:] - parts[..., :2]) / 2
    share = length / length.sum(axis=0)
    centre = (middle * share[..., None]).sum(axis=0)
    off = middle - centre
    # The second moments of a segment about its middle are a third of those of its ends.
    moments = (
        share[..., None, None]
        * (off[..., :, None] * off[..., None, :] + half[..., :, None] * half[..., None, :] / 3)
    ).sum(axis=0)
    return centre, np.linalg.eigh(moments)[1][..., 1]


def _off(
    segments: np.ndarray,
    stubs: Stubs,
    first: np.ndarray,
    second: np.ndarray,
    middle: np.ndarray,
    way: np.ndarray,
) -> np.ndarray:
    """(m,) pixels between each line and the farthest end of both segments."""
    farthest = np.zeros(len(middle))
    for each in (first, second):
        ends = segments[stubs.segment[each]].reshape(-1, 2, 2) - middle[:, None]
        off = np.abs(ends[..., 0] * way[:, None, 1] - ends[..., 1] * way[:, None, 0]).max(axis=1, initial=0)
        farthest = np.maximum(farthest, off)
    return farthest


def _towards_one(
    segments: np.ndarray, stubs: Stubs, first: np.ndarray, second: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """(m,) bool: whether both segments of each pair run towards one vanishing point."""
    run = towards(points, segments.astype(np.float64))[:, stubs.segment]
    return (run[:, first] & run[:, second]).any(axis=0)


def _contrasts(profile: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lesser contrast of each pair, and the cosine between the two, seen from one side."""
    one, other = contrast(profile[first]), -contrast(profile[second])
    sizes = np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1)
    return np.minimum(*sizes), (one * other).sum(axis=1) / np.maximum(sizes[0] * sizes[1], 1e-4)


def _share_inside(ends: np.ndarray, hole: np.ndarray) -> np.ndarray:
    share = np.linspace(0, 1, 65)[None, :, None]
    points = ends[:, None, :2] + share * (ends[:, None, 2:] - ends[:, None, :2])
    columns, rows = np.floor(points).astype(int).transpose(2, 0, 1)
    height, width = hole.shape
    return hole[rows.clip(0, height - 1), columns.clip(0, width - 1)].mean(axis=1)


def _spanned(ends: np.ndarray, seen: Segments) -> np.ndarray:
    if not len(ends) or not len(seen.hints):
        return np.zeros(len(ends))
    return (overlap(ends, seen.hints, 4.0, 6.0) * seen.hint_scores).max(axis=1)


def _onto(points: np.ndarray, middle: np.ndarray, way: np.ndarray) -> np.ndarray:
    return middle + ((points - middle) * way).sum(axis=1, keepdims=True) * way


def _meeting_joined(stubs: Stubs, which: np.ndarray, joined: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Stubs, and how far from the end each meets a joined line first."""
    if not len(joined) or not len(which):
        return np.zeros(0, int), np.zeros(0)
    along = joined[:, 2:] - joined[:, :2]
    depth, share = _crossing(stubs.end[which], stubs.way[which], joined[:, :2], along)
    met = (share > -0.02) & (share < 1.02) & _in_hole(stubs, which, depth)
    depth = np.where(met, depth, np.inf).min(axis=1)
    found = np.isfinite(depth)
    return which[found], depth[found]


def _meeting_each_other(stubs: Stubs, which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stubs, those they form a corner with, and how far from the end: the three nearest of each."""
    if len(which) < 2:
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0)
    depth, back = _crossing(stubs.end[which], stubs.way[which], stubs.end[which], stubs.way[which])
    steep = np.abs(stubs.way[which] @ stubs.way[which].T) < np.cos(np.radians(20))
    met = steep & _in_hole(stubs, which, depth) & _in_hole(stubs, which, back.T).T
    rank = np.where(met, depth + back, np.inf)
    nearest = np.argsort(rank, axis=1, kind="stable")[:, :3]
    rows = np.repeat(np.arange(len(which)), nearest.shape[1])
    columns = nearest.ravel()
    found = np.isfinite(rank[rows, columns])
    rows, columns = rows[found], columns[found]
    return which[rows], which[columns], depth[rows, columns]


def _crossing(
    start: np.ndarray, way: np.ndarray, other_start: np.ndarray, other_way: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(n, m) each: how far along each line the crossing is, in units of the ways; infinite for parallels."""
    between = other_start[None] - start[:, None]
    across = way[:, None, 0] * other_way[None, :, 1] - way[:, None, 1] * other_way[None, :, 0]
    safe = np.where(np.abs(across) > 1e-9, across, np.inf)
    one = (between[..., 0] * other_way[None, :, 1] - between[..., 1] * other_way[None, :, 0]) / safe
    other = (between[..., 0] * way[:, None, 1] - between[..., 1] * way[:, None, 0]) / safe
    parallel = ~np.isfinite(safe)
    return np.where(parallel, np.inf, one), np.where(parallel, np.inf, other)


def _in_hole(stubs: Stubs, which: np.ndarray, depth: np.ndarray) -> np.ndarray:
    lead, leave = stubs.lead[which][:, None], stubs.leave[which][:, None]
    return (depth >= lead) & (depth <= leave + 2)


def _onwards(
    seen: Segments,
    stubs: Stubs,
    which: np.ndarray,
    others: np.ndarray,
    depth: np.ndarray,
    profile: np.ndarray,
    points: np.ndarray,
    *,
    on_joined: bool = False,
) -> Candidates:
    """The stubs ``which`` drawn on to ``depth`` pixels from their ends."""
    end, way = stubs.end[which], stubs.way[which]
    ends = np.concatenate([end, end + depth[:, None] * way], axis=1)
    inside = np.maximum(depth - stubs.lead[which], 1)
    length = stubs.length[which]
    run = np.zeros(len(which), bool)
    if len(points) and len(which):
        run = towards(points, seen.ends.astype(np.float64))[:, stubs.segment[which]].any(axis=0)
    paired = others >= 0
    meets = np.full(len(which), on_joined)
    features = [
        np.log(inside),
        np.log(length),
        inside / length,
        stubs.lead[which],
        seen.weights[stubs.segment[which]],
        _spanned(ends, seen),
        np.linalg.norm(contrast(profile[which]), axis=1),
        run,
        paired | meets,
        meets,
        np.where(paired, seen.weights[stubs.segment[others]], 0),
        np.where(paired, np.log(stubs.length[others]), 0),
        inside / np.maximum(stubs.leave[which] - stubs.lead[which], 1),
    ]
    kinds = np.where(paired | meets, CROSSING, EXTENDED)
    return Candidates(ends, np.stack([which, others], axis=1), _columns(features), kinds)


def _columns(features: list[np.ndarray]) -> np.ndarray:
    return np.stack([np.asarray(each, np.float64) for each in features], axis=1)

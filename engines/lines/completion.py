"""The segments around a hole completed into it: pairs first, then what is left, each with a score."""

from dataclasses import dataclass

import numpy as np

from engines.lines import scoring
from engines.lines.candidates import Candidates, one_sided, pairs
from engines.lines.detector import Segments
from engines.lines.geometry import overlap, sampled
from engines.lines.profiles import profiles
from engines.lines.results import JOINED, VANISHING
from engines.lines.stubs import Stubs, stubs

# The least score of a line that is followed unless the user says otherwise, if it joins two segments. What
# goes on from one side alone is offered: followed, it makes fills worse (tests/benchmarks/structure.py).
FOLLOWED = 0.5
_SURE = 0.35  # the least score of a pair whose stubs look for nothing else
_OFFERED = 0.2  # the least score of one that is shown at all
_IDLE = 0.25  # the score at which a one-sided line does as much harm as good
_MOST_OFF = 6  # lines shown that are not followed
_SAME = (2.5, 4.0, 0.5)  # pixels, degrees, share: a line that runs so much beside a better one adds nothing
# Two that are followed are farther apart than that, in pixels, or turned by more than these degrees: nearer
# ones lie in one strip, and where two cross at a small angle one is wrong.
_APART = (6.0, 20.0)


@dataclass(frozen=True)
class Lines:
    """Lines through a hole, the likeliest first, in pixels of the picture that was searched."""

    ends: np.ndarray  # (n, 4) float64
    scores: np.ndarray  # (n,) 0..1
    kinds: tuple[str, ...]
    followed: np.ndarray  # (n,) bool: those that a fill is to follow unless the user says otherwise


def complete(
    image: np.ndarray, hole: np.ndarray, target: np.ndarray, seen: Segments, points: np.ndarray
) -> Lines:
    """Complete the segments of a picture (h, w, 3) float32 into its hole (h, w) bool.

    Only lines through ``target`` (h, w) bool, the part of the hole that is to be filled, are given.
    ``points`` (k, 3) are vanishing points as ``vanishing.vanishing_points`` finds them.
    """
    found = stubs(seen.ends, hole)
    profile = profiles(image, hole, found.end, found.way, found.length)
    across = pairs(seen, hole, found, profile, points)
    scores = scoring.likelihood(across.features, scoring.JOINED_WEIGHTS)
    chosen = _chosen(across.ends, scores, across.stubs, scores)
    joined, free = sure(across, scores, found)
    alone = one_sided(seen, found, free, profile, points, joined, float(np.sqrt(hole.sum())))
    alone_scores = scoring.likelihood(alone.features, scoring.ONE_SIDED_WEIGHTS)
    # What a stub does is chosen for how far it goes too: short ways are the likeliest, and of little use. A
    # corner belongs to the stub that it begins with; the other has a candidate of its own.
    gain = (alone_scores - _IDLE) * np.sqrt(np.exp(alone.features[:, 0]))
    left = _chosen(alone.ends, alone_scores, alone.stubs[:, :1], gain, list(joined))
    kinds = [str(kind) for kind in (*across.kinds[chosen], *alone.kinds[left])]
    ends = np.concatenate([across.ends[chosen], alone.ends[left]])
    return _best(ends, np.concatenate([scores[chosen], alone_scores[left]]), kinds, target)


def sure(across: Candidates, scores: np.ndarray, found: Stubs) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that are to be followed, (n, 4), and the numbers of the stubs that none of them has."""
    chosen = [index for index in _chosen(across.ends, scores, across.stubs, scores) if scores[index] >= _SURE]
    return across.ends[chosen], np.setdiff1d(np.arange(len(found)), across.stubs[chosen].ravel())


def _chosen(
    ends: np.ndarray,
    scores: np.ndarray,
    owners: np.ndarray,
    rank: np.ndarray,
    taken: list[np.ndarray] | None = None,
) -> list[int]:
    """The candidates of highest ``rank``, of ``ends`` (n, 4): none of the stubs ``owners`` (n, k) has two,
    and none runs beside a better one or beside one of ``taken``."""
    taken = list(taken or [])
    used: set[int] = set()
    chosen = []
    for index in np.argsort(-rank, kind="stable"):
        if scores[index] < _OFFERED or used.intersection(owners[index]):
            continue
        used.update(int(owner) for owner in owners[index])
        if taken and overlap(ends[index][None], np.array(taken), *_SAME[:2]).max() > _SAME[2]:
            continue
        taken.append(ends[index])
        chosen.append(int(index))
    return chosen


def _best(ends: np.ndarray, scores: np.ndarray, kinds: list[str], target: np.ndarray) -> Lines:
    """The lines through ``target``, the likeliest first; of those not to be followed a few."""
    order = np.array(
        [index for index in np.argsort(-scores, kind="stable") if _meets(ends[index], target)], int
    )
    followed = _followed(ends[order], scores[order], [kinds[index] for index in order])
    shown = followed | (np.cumsum(~followed) <= _MOST_OFF)
    order = order[shown]
    return Lines(ends[order], scores[order], tuple(kinds[index] for index in order), followed[shown])


def _followed(ends: np.ndarray, scores: np.ndarray, kinds: list[str]) -> np.ndarray:
    """(n,) bool: which lines, the likeliest first, a fill is to follow."""
    out = np.zeros(len(ends), bool)
    for index, kind in enumerate(kinds):
        if scores[index] < FOLLOWED or kind not in (JOINED, VANISHING):
            continue
        near = overlap(ends[index][None], ends[out], *_APART)
        out[index] = not (near > _SAME[2]).any()
    return out


def _meets(line: np.ndarray, target: np.ndarray) -> bool:
    columns, rows = np.floor(sampled(line)).astype(int).T
    height, width = target.shape
    return bool(target[rows.clip(0, height - 1), columns.clip(0, width - 1)].any())

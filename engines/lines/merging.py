"""Pieces of one edge put together again: the longer a segment, the surer where it points."""

import numpy as np

from engines.lines.geometry import lengths, sampled, ways

_OFF = 1.2  # pixels that the ends of a piece may lie off the line of the longer one
_TURNED = np.cos(np.radians(6))
_GAP = (4.0, 0.25)  # between the pieces: pixels, or of their length together if that is more


def merged(segments: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Segments (n, 4) with those joined that follow one another closely on one line.

    Not across the hole (h, w) bool: what meets there is for ``candidates`` to judge. The longest come first.
    """
    left = segments[np.argsort(-lengths(segments), kind="stable")].astype(np.float64)
    out = []
    while len(left):
        line, rest = left[0], left[1:]
        members = [line]
        while len(rest):
            fits = _continuing(line, rest, hole)
            if not fits.any():
                break
            members += list(rest[fits])
            rest = rest[~fits]
            line = _common(np.array(members))
        out.append(line)
        left = rest
    return np.array(out, np.float32).reshape(-1, 4)


def _continuing(line: np.ndarray, others: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """(n,) bool: which of the others go on where the line ends, or lie in it."""
    way, length = ways(line[None])[0], float(lengths(line[None])[0])
    to = others.reshape(-1, 2, 2) - line[:2]
    off = np.abs(to[..., 0] * way[1] - to[..., 1] * way[0]).max(axis=1)
    along = to @ way
    first, last = along.min(axis=1), along.max(axis=1)
    gap = np.maximum(np.maximum(first - length, -last), 0)
    near = gap <= np.maximum(_GAP[0], _GAP[1] * (length + lengths(others)))
    fits = near & (off <= _OFF) & (np.abs(ways(others) @ way) >= _TURNED)
    height, width = hole.shape
    for index in np.flatnonzero(fits & (gap > 1)):
        start, stop = (length, first[index]) if first[index] > length else (last[index], 0.0)
        between = sampled(np.concatenate([line[:2] + start * way, line[:2] + stop * way]))
        columns, rows = between.astype(int).T
        fits[index] = not hole[rows.clip(0, height - 1), columns.clip(0, width - 1)].any()
    return fits


def _common(members: np.ndarray) -> np.ndarray:
    """The segment (4,) that lies least off all of ``members`` (n, 4) and reaches as far as they."""
    length = lengths(members)
    share = length / length.sum()
    middle = (members[:, :2] + members[:, 2:]) / 2
    half = (members[:, 2:] - members[:, :2]) / 2
    centre = share @ middle
    off = middle - centre
    moments = np.einsum("n,ni,nj->ij", share, off, off) + np.einsum("n,ni,nj->ij", share, half, half) / 3
    way = np.linalg.eigh(moments)[1][:, 1]
    if way @ half[0] < 0:
        way = -way
    along = (members.reshape(-1, 2) - centre) @ way
    return np.concatenate([centre + along.min() * way, centre + along.max() * way])

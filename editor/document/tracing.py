"""Strokes in a picture to polylines along their middles.

The strokes are thinned to one pixel (Zhang and Suen, Communications of the ACM 1984), the skeleton is cut at
its junctions, and pieces that go straight on across one are joined again: so two lines that cross are two.
"""

from collections.abc import Iterator

import numpy as np

STRAIGHT = 1.5  # pixels that nine tenths of a straight line's points may lie off it ...
BENT = (
    4.0  # ... and the rest, where another stroke crosses it; a polyline's points left out lie off by STRAIGHT
)
SHORTEST = 6.0  # pixels: shorter pieces are what thinning leaves of a stroke's width or makes of a crossing
JOIN = np.cos(np.radians(25))  # how straight two pieces go on
LOOK = 12  # pixels along a piece from which its direction at a junction is taken

# The 8 neighbours, clockwise from the one above.
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def polylines(strokes: np.ndarray) -> list[np.ndarray]:
    """The lines of ``strokes`` (h, w) bool: each (n, 2) float64 of x, y, a straight one with two points.

    The centre of the first pixel is at (0.5, 0.5).
    """
    pieces = _joined([piece for piece in _pieces(_thinned(strokes)) if len(piece) > SHORTEST])
    lines = [_simplified(np.array(piece, np.float32)[:, ::-1] + np.float32(0.5)) for piece in pieces]
    return [_to_the_end(line, strokes) for line in lines]


def _simplified(chain: np.ndarray) -> np.ndarray:
    """The polyline (m, 2) float64 along the pixels (n, 2) float32 x, y of a piece."""
    import cv2

    middle = chain.mean(axis=0, dtype=np.float64)
    to = chain - middle
    along = np.linalg.svd(to, full_matrices=False)[2][0]  # least squares across
    off = np.abs(to[:, 0] * along[1] - to[:, 1] * along[0])
    if np.quantile(off, 0.9) <= STRAIGHT and off.max() <= BENT:
        return middle + (to[[0, -1]] @ along)[:, None] * along
    return cv2.approxPolyDP(chain[:, None], STRAIGHT, False)[:, 0].astype(np.float64)


def _to_the_end(line: np.ndarray, strokes: np.ndarray) -> np.ndarray:
    """The line with both its ends straight on for as long as there is stroke: thinning takes some of it."""
    out = line.copy()
    height, width = strokes.shape
    for end, before in ((0, 1), (-1, -2)):
        way = line[end] - line[before]
        way = way / max(float(np.hypot(*way)), 1e-6)
        steps = line[end] + np.arange(0.5, width + height, 0.5)[:, None] * way
        columns, rows = np.floor(steps).astype(int).T
        inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        inside[inside] = strokes[rows[inside], columns[inside]]
        beyond = 0 if not inside.any() else int(np.argmin(inside))
        if beyond:
            out[end] = steps[beyond - 1]
    return out


def _thinned(strokes: np.ndarray) -> np.ndarray:
    """The skeleton, (h, w) bool, with no stroke thicker than a pixel."""
    image = np.pad(strokes, 1)
    rows, columns = np.nonzero(image)
    while rows.size:
        changed = False
        for turn in (0, 1):
            ring = np.stack([image[rows + dy, columns + dx] for dy, dx in _AROUND])
            count = ring.sum(axis=0)
            rises = (~ring & np.roll(ring, -1, axis=0)).sum(axis=0)
            up, right, down, left = ring[0], ring[2], ring[4], ring[6]
            if turn == 0:
                free = ~(up & right & down) & ~(right & down & left)
            else:
                free = ~(up & right & left) & ~(up & down & left)
            gone = (count >= 2) & (count <= 6) & (rises == 1) & free
            image[rows[gone], columns[gone]] = False
            rows, columns = rows[~gone], columns[~gone]
            changed |= bool(gone.any())
        if not changed:
            break
    return image[1:-1, 1:-1]


def _pieces(skeleton: np.ndarray) -> Iterator[list[tuple[int, int]]]:
    """Chains of pixels (row, column) from one end or junction of the skeleton to the next."""
    pixels = set(zip(*(axis.tolist() for axis in np.nonzero(skeleton)), strict=True))
    neighbours = {pixel: _beside(pixel, pixels) for pixel in pixels}
    walked: set[frozenset] = set()

    def walk(start: tuple[int, int], then: tuple[int, int]) -> list[tuple[int, int]]:
        chain = [start, then]
        walked.add(frozenset((start, then)))
        while len(neighbours[chain[-1]]) == 2 and chain[-1] != start:
            one, two = neighbours[chain[-1]]
            onward = two if one == chain[-2] else one
            walked.add(frozenset((chain[-1], onward)))
            chain.append(onward)
        return chain

    ends = sorted(pixel for pixel in pixels if len(neighbours[pixel]) not in (0, 2))
    for start in (*ends, *sorted(pixels)):  # what is left after the ends are rings
        for then in neighbours[start]:
            if frozenset((start, then)) not in walked:
                yield walk(start, then)


def _beside(pixel: tuple[int, int], pixels: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The neighbours in the skeleton, without those diagonal ones that another one leads to."""
    row, column = pixel
    found = [(row + dy, column + dx) for dy, dx in _AROUND if (row + dy, column + dx) in pixels]
    straight = {each for each in found if each[0] == row or each[1] == column}
    return [
        each
        for each in found
        if each in straight or ((row, each[1]) not in straight and (each[0], column) not in straight)
    ]


def _joined(pieces: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """The pieces with those that go straight on across a junction as one.

    A junction of thick strokes is a short piece itself rather than a pixel, so ends count as together within
    a few pixels of each other.
    """
    long = list(pieces)
    joined = True
    while joined:
        joined = False
        best: tuple[float, int, int, bool, bool] | None = None
        ends = [_ends(piece) for piece in long]
        for first in range(len(long)):
            for second in range(first + 1, len(long)):
                for one, (place, along) in enumerate(ends[first]):
                    for two, (other, away) in enumerate(ends[second]):
                        straight = float(-(along @ away))
                        if straight < JOIN or np.hypot(*(place - other)) > 2 * SHORTEST:
                            continue
                        if best is None or straight > best[0]:
                            best = straight, first, second, one == 0, two == 1
        if best is not None:
            _, first, second, turn_first, turn_second = best
            other = long.pop(second)
            head = long[first][::-1] if turn_first else long[first]
            long[first] = head + (other[::-1] if turn_second else other)
            joined = True
    return long


def _ends(piece: list[tuple[int, int]]) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Both ends of a piece: the place, and the unit vector that leads out of the piece there."""
    out = []
    for chain in (piece[::-1], piece):
        tail = np.array(chain[-LOOK:], float)
        way = tail[-1] - tail[0]
        out.append((tail[-1], way / max(float(np.hypot(*way)), 1e-6)))
    return tuple(out)

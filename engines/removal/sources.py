"""Where around a hole each part of a fill finds its like: an approximate nearest-neighbour field.

PatchMatch (Barnes et al. 2009), for all patches at once: a patch tries what its neighbours near and far
have found, moved along by as much as it lies beside them, then places at random around its own find. Patches
are compared by their mean colour and the lowest cosine terms of their brightness. That no detail is seen
again and again, what is used more than its share costs more (occurrence maps, Kaspar et al. 2015).
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

STRIDE = 4  # pixels between patches, whose side is twice that
ROUNDS = 3  # for a field from nothing ...
FIRST = 7  # places that it tries at random before
MORE_ROUNDS = 2  # ... and for one that comes from a coarser scale

# Of the brightness of 8 x 8 pixels, the cosine terms that patches are compared by.
_TERMS = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
_MEAN_WEIGHT = 0.7  # the mean is the fill's own and stays; it only tells what is of one kind
_CELL = 8  # side of the cells whose use is counted
_WORN = 0.6  # how dear each use beyond a cell's share is, in typical distances
MOST = 1.6  # times that a fill's terms are made stronger at the most, for the comparison
_FAR = 0.3  # how dear a source is as far away as the hole is large, in typical distances


@dataclass(frozen=True)
class Sources:
    """For each patch of a grid, how far away its source lies."""

    origin: tuple[int, int]  # row and column of the first patch's middle
    stride: int
    moves: np.ndarray  # (rows, columns, 2) int32: rows and columns from a patch to its source

    def doubled(self) -> "Sources":
        """The same field at twice the scale."""
        y, x = self.origin
        return Sources((2 * y, 2 * x), 2 * self.stride, 2 * self.moves)


def find(
    low: np.ndarray,
    hole: np.ndarray,
    usable: np.ndarray,
    rng: np.random.Generator,
    coarser: Sources | None,
    check: Callable[[], None],
) -> Sources | None:
    """A source for every patch that touches the hole of a completed picture, ``low`` (h, w, 3) [0, 1].

    ``usable`` (h, w) bool: pixels that a source patch may consist of. ``coarser`` is the field of the picture
    at half the scale, if there is one. ``check`` is called often and may raise. None if there is no source.
    """
    valid = cv2.erode(usable.astype(np.uint8), np.ones((2 * STRIDE + 1, 2 * STRIDE + 1)), borderValue=0) > 0
    places = np.argwhere(valid).astype(np.int32)
    if not len(places):
        return None
    search = _Search(low, hole, valid, places, rng)
    search.begin(coarser)
    for _ in range(ROUNDS if coarser is None else MORE_ROUNDS):
        search.go_round(check)
    return search.field()


class _Search:
    """The state of one search, for the patches of a grid that touch the hole; n of them."""

    def __init__(
        self,
        low: np.ndarray,
        hole: np.ndarray,
        valid: np.ndarray,
        places: np.ndarray,
        rng: np.random.Generator,
    ) -> None:
        self._valid, self._places, self._rng = valid, places, rng
        self._shape = height, width = hole.shape
        rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
        # One patch more all around, so that each pixel of the hole lies between four of them.
        top, left = int(rows[0]) - STRIDE, int(columns[0]) - STRIDE
        self._origin = (top, left)
        down = np.arange(top, int(rows[-1]) + 2 * STRIDE, STRIDE, dtype=np.int32)
        across = np.arange(left, int(columns[-1]) + 2 * STRIDE, STRIDE, dtype=np.int32)
        grid = np.stack(np.meshgrid(down, across, indexing="ij"), axis=-1)
        inside = grid.clip(0, (height - 1, width - 1))
        touched = cv2.dilate(hole.astype(np.uint8), np.ones((4 * STRIDE + 1, 4 * STRIDE + 1)))
        self._busy = touched[inside[..., 0], inside[..., 1]] > 0
        self._middles = grid[self._busy]  # (n, 2) int32 rows and columns
        self._features = _features(low).reshape(height * width, -1)
        inside = inside[self._busy]
        self._wanted = self._features[inside[:, 0] * width + inside[:, 1]]
        self._wanted[:, 3:] *= self._paler()
        self._reach = max(len(rows), len(columns))
        self._cells = (height // _CELL + 1, width // _CELL + 1)
        self._price = np.zeros(self._cells, np.float32)
        self._far = np.float32(0)
        share = STRIDE**2 * len(self._middles) / len(places)  # how often each pixel is used on average
        self._share = max(2.0, 2 * share) * (_CELL / STRIDE) ** 2

    def _paler(self) -> np.ndarray:
        """(terms,) float32, 1 .. MOST: how much weaker the fill's terms are than the sources'."""
        sources = self._places[:: max(len(self._places) // 20000, 1)]
        sources = self._features.take(sources[:, 0] * self._shape[1] + sources[:, 1], axis=0)
        squares = [np.einsum("ij,ij->j", each, each) / len(each) for each in (sources, self._wanted)]
        return np.sqrt(squares[0] / (squares[1] + 1e-12))[3:].clip(1, MOST)

    def begin(self, coarser: Sources | None) -> None:
        count = len(self._middles)
        self._found = self._places[self._rng.integers(len(self._places), size=count)]  # (n, 2) int32
        self._cost = self._distance(self._found)
        for _ in range(FIRST if coarser is None else 0):
            self._try(self._places[self._rng.integers(len(self._places), size=count)])
        if coarser is not None:
            finer = coarser.doubled()
            index = (self._middles - finer.origin + finer.stride // 2) // finer.stride
            index = index.clip(0, np.array(finer.moves.shape[:2]) - 1)
            self._try(self._middles + finer.moves[index[:, 0], index[:, 1]], always=True)

    def field(self) -> Sources:
        """What has been found. Patches that do not touch the hole are their own sources."""
        moves = np.zeros((*self._busy.shape, 2), np.int32)
        moves[self._busy] = self._found - self._middles
        return Sources(self._origin, STRIDE, moves)

    def go_round(self, check: Callable[[], None]) -> None:
        self._weigh()
        for step in (6, 1):
            for down, across in ((step, 0), (-step, 0), (0, step), (0, -step)):
                if abs(down) >= self._busy.shape[0] or abs(across) >= self._busy.shape[1]:
                    continue
                ours, theirs = self._neighbours(down, across)
                self._try(self._found[theirs] + np.array((down, across), np.int32) * STRIDE, ours)
            check()
        radius = 2.0 * self._reach
        while radius >= 1:
            around = self._rng.uniform(-radius, radius, self._found.shape)
            self._try(self._found + np.rint(around).astype(np.int32))
            radius /= 4
        check()

    def _neighbours(self, down: int, across: int) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the patches that have a neighbour so far before them, and those of the neighbours."""
        rows, columns = self._busy.shape
        number = np.cumsum(self._busy, dtype=np.int32).reshape(rows, columns) - 1
        to = np.s_[max(down, 0) : rows + min(down, 0), max(across, 0) : columns + min(across, 0)]
        of = np.s_[max(-down, 0) : rows + min(-down, 0), max(-across, 0) : columns + min(-across, 0)]
        both = self._busy[to] & self._busy[of]
        return number[to][both], number[of][both]

    def _weigh(self) -> None:
        """Set the prices anew by how the sources are used now."""
        cells = self._found // _CELL
        used = np.bincount(cells[:, 0] * self._cells[1] + cells[:, 1], minlength=self._price.size)
        typical = float(np.median(self._distance(self._found, bare=True))) + 1e-6
        over = np.maximum(used - self._share, 0) / self._share
        self._price = (_WORN * typical * over).astype(np.float32).reshape(self._cells)
        self._far = np.float32(_FAR * typical / self._reach)
        self._cost = self._distance(self._found)

    def _try(self, places: np.ndarray, of: np.ndarray | None = None, *, always: bool = False) -> None:
        """Take ``places`` for the patches ``of``, all if None, where they may be sources and are better, or
        ``always``."""
        (height, width), ys, xs = self._shape, places[:, 0], places[:, 1]
        may = np.flatnonzero((ys >= 0) & (xs >= 0) & (ys < height) & (xs < width))
        may = may[self._valid[ys[may], xs[may]]]
        places, of = places[may], may if of is None else of[may]
        cost = self._distance(places, of)
        if not always:
            better = np.flatnonzero(cost < self._cost[of])
            places, of, cost = places[better], of[better], cost[better]
        self._found[of] = places
        self._cost[of] = cost

    def _distance(
        self, places: np.ndarray, of: np.ndarray | None = None, *, bare: bool = False
    ) -> np.ndarray:
        """(n,) float32: how unlike ``places`` are the patches ``of``, and, unless ``bare``, how dear."""
        ys, xs = places[:, 0], places[:, 1]
        difference = self._features.take(ys * self._shape[1] + xs, axis=0)
        difference -= self._wanted if of is None else self._wanted.take(of, axis=0)
        out = np.einsum("ij,ij->i", difference, difference)
        if not bare and self._far:
            out += self._price[ys // _CELL, xs // _CELL]
            way = (places - (self._middles if of is None else self._middles[of])).astype(np.float32)
            out += self._far * np.sqrt(np.einsum("ij,ij->i", way, way))
        return out


def _features(low: np.ndarray) -> np.ndarray:
    """What the patch around each pixel looks like: (h, w, terms) float32."""
    size = 2 * STRIDE
    grey = cv2.cvtColor(low, cv2.COLOR_RGB2GRAY)
    mean = cv2.GaussianBlur(low, (0, 0), STRIDE / 2)
    bright = cv2.GaussianBlur(grey, (0, 0), STRIDE / 2)
    colour = (bright, mean[..., 0] - bright, mean[..., 2] - bright)
    planes = [each * np.float32(size * _MEAN_WEIGHT) for each in colour]
    places = (np.arange(size) + 0.5) / size
    waves = [np.cos(np.pi * n * places) * np.sqrt((1 if n == 0 else 2) / size) for n in range(4)]
    for down, across in _TERMS:
        planes.append(
            cv2.sepFilter2D(grey, cv2.CV_32F, waves[across], waves[down], borderType=cv2.BORDER_REFLECT_101)
        )
    return cv2.merge(planes)

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
MORE_ROUNDS = 2  # ... and for one that comes from a coarser scale

# Of the brightness of 8 x 8 pixels, the cosine terms that patches are compared by.
_TERMS = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
_MEAN_WEIGHT = 0.7  # the mean is the fill's own and stays; it only tells what is of one kind
_CELL = 8  # side of the cells whose use is counted
_WORN = 0.6  # how dear each use beyond a cell's share is, in typical distances
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
    return Sources(search.origin, STRIDE, search.found - search.middles)


class _Search:
    """The state of one search; ``found`` (rows, columns, 2) int32 are the sources' middles."""

    def __init__(
        self,
        low: np.ndarray,
        hole: np.ndarray,
        valid: np.ndarray,
        places: np.ndarray,
        rng: np.random.Generator,
    ) -> None:
        self._valid, self._places, self._rng = valid, places, rng
        height, width = hole.shape
        rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
        # One patch more all around, so that each pixel of the hole lies between four of them.
        top, left = int(rows[0]) - STRIDE, int(columns[0]) - STRIDE
        self.origin = (top, left)
        down = np.arange(top, int(rows[-1]) + 2 * STRIDE, STRIDE, dtype=np.int32)
        across = np.arange(left, int(columns[-1]) + 2 * STRIDE, STRIDE, dtype=np.int32)
        self.middles = np.stack(np.meshgrid(down, across, indexing="ij"), axis=-1)
        self._features = _features(low)
        inside = self.middles.clip(0, (height - 1, width - 1))
        self._wanted = self._features[inside[..., 0], inside[..., 1]]
        touched = cv2.dilate(hole.astype(np.uint8), np.ones((4 * STRIDE + 1, 4 * STRIDE + 1)))
        self._busy = touched[inside[..., 0], inside[..., 1]] > 0
        self._reach = max(len(rows), len(columns))
        self._cells = (height // _CELL + 1, width // _CELL + 1)
        self._price = np.zeros(self._cells, np.float32)
        self._far = 0.0
        share = STRIDE**2 * self._busy.sum() / max(len(places), 1)  # how often each pixel is used on average
        self._share = max(2.0, 2 * share) * (_CELL / STRIDE) ** 2

    def begin(self, coarser: Sources | None) -> None:
        shape = self.middles.shape[:2]
        self.found = self._places[self._rng.integers(len(self._places), size=shape)]
        self._cost = self._distance(self.found)
        for _ in range(7 if coarser is None else 0):
            self._try(self._places[self._rng.integers(len(self._places), size=shape)])
        if coarser is not None:
            finer = coarser.doubled()
            index = (self.middles - finer.origin + finer.stride // 2) // finer.stride
            last = np.array(finer.moves.shape[:2]) - 1
            index = index.clip(0, last)
            self._try(self.middles + finer.moves[index[..., 0], index[..., 1]], always=True)

    def go_round(self, check: Callable[[], None]) -> None:
        self._weigh()
        rows, columns = self.middles.shape[:2]
        for step in (6, 1):
            for down, across in ((step, 0), (-step, 0), (0, step), (0, -step)):
                if abs(down) < rows and abs(across) < columns:
                    moved = np.roll(self.found, (down, across), axis=(0, 1))
                    self._try(moved + np.array((down * STRIDE, across * STRIDE), np.int32))
            check()
        radius = 2.0 * self._reach
        while radius >= 1:
            around = self._rng.uniform(-radius, radius, self.found.shape)
            self._try(self.found + np.rint(around).astype(np.int32))
            radius /= 4
        check()

    def _weigh(self) -> None:
        """Set the prices anew by how the sources are used now."""
        busy = self.found[self._busy] // _CELL
        used = np.bincount(busy[:, 0] * self._cells[1] + busy[:, 1], minlength=self._price.size)
        typical = float(np.median(self._distance(self.found, bare=True)[self._busy])) + 1e-6
        over = np.maximum(used - self._share, 0) / self._share
        self._price = (_WORN * typical * over).astype(np.float32).reshape(self._cells)
        self._far = _FAR * typical / self._reach
        self._cost = self._distance(self.found)

    def _try(self, places: np.ndarray, *, always: bool = False) -> None:
        """Take ``places`` where they may be sources and are better, or ``always``."""
        height, width = self._valid.shape
        ys, xs = places[..., 0], places[..., 1]
        may = (ys >= 0) & (xs >= 0) & (ys < height) & (xs < width) & self._busy
        may[may] = self._valid[ys[may], xs[may]]
        chosen = np.nonzero(may)
        some = places[chosen]
        cost = self._distance(some, at=chosen)
        better = np.ones(len(some), bool) if always else cost < self._cost[chosen]
        taken = tuple(each[better] for each in chosen)
        self.found[taken] = some[better]
        self._cost[taken] = cost[better]

    def _distance(self, places: np.ndarray, at: object = Ellipsis, *, bare: bool = False) -> np.ndarray:
        ys, xs = places[..., 0], places[..., 1]
        difference = self._features[ys, xs] - self._wanted[at]
        out = np.einsum("...i,...i->...", difference, difference)
        if not bare:
            out += self._price[ys // _CELL, xs // _CELL]
            if self._far:
                way = (places - self.middles[at]).astype(np.float32)
                out += self._far * np.hypot(way[..., 0], way[..., 1])
        return out


def _features(low: np.ndarray) -> np.ndarray:
    """What the patch around each pixel looks like: (h, w, terms) float32."""
    size = 2 * STRIDE
    grey = low @ np.array([0.299, 0.587, 0.114], np.float32)
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

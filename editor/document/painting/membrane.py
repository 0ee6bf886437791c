"""The smoothest surface over some pixels that takes given values around them.

Copying a texture seamlessly (Pérez, Gangnet and Blake, "Poisson image editing", SIGGRAPH 2003) is adding to
it the membrane, the solution of Laplace's equation, that spans the differences along the border. It is
solved here for pixels in a list, as a stroke fills little of the rectangle around it: by conjugate gradients
(Hestenes and Stiefel, 1952) with one multigrid cycle as preconditioner (Briggs, Henson and McCormick, "A
multigrid tutorial", 2000). The cells of each grid are 2 x 2 of the one before, and hold on to each other half
as strongly as all the pixels along their common side, as Laplace's equation on that grid has it.
"""

import numpy as np

_COARSEST = 48  # unknowns that are solved directly
_DAMPING = np.float32(0.8)  # of Jacobi's iteration
_ENOUGH = 5e-6  # of the whole range: a third of a step of 16 bits
_MOST_ROUNDS = 60


def membrane(inside: np.ndarray, around: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The membrane at the pixels ``inside``, spanned by ``values`` at those ``around``.

    ``inside`` is (n, 2) and ``around`` (m, 2), whole (row, column) in any order, no pixel twice nor in both;
    ``values`` is (m, 3) float32, about 0..1 in size. Only pixels that lie side by side hold on to each other:
    what has no neighbour ``around``, at the picture's edge for one, ends there level. Returns (n, 3)
    float32, exact to about 1e-5; 0 where nothing is known.
    """
    if not len(inside) or not len(around):
        return np.zeros((len(inside), 3), np.float32)
    corner = np.minimum(inside.min(axis=0), around.min(axis=0)) - 1
    width = int(max(inside[:, 1].max(), around[:, 1].max()) - corner[1]) + 2
    codes, known = ((each - corner) @ (width, 1) for each in (inside, around))
    order, known_order = np.argsort(codes), np.argsort(known)
    codes, known = codes[order], known[known_order]

    fixed, held = np.zeros((len(codes), 4), np.float32), np.zeros(len(codes), np.float32)
    given = np.zeros((len(known) + 1, 4), np.float32)  # four channels are taken faster than three
    given[:-1, :3] = values[known_order]
    for step in (1, -1, width, -width):
        place = _found(known, codes + step)
        fixed += given[place]
        held += place < len(known)
    out = np.empty((len(codes), 3), np.float32)
    out[order] = _solved(_levels(codes, width, held), fixed)[:, :3]
    return out


class _Level:
    """One grid: the neighbours of each unknown, how strongly they hold on to each other, and ``held``, how
    strongly what is known holds it. ``weights`` are those to the right and below; None stands for 1.

    Places are indices of unknowns; their number stands for none, and there everything is 0.
    """

    def __init__(
        self, codes: np.ndarray, width: int, weights: list[np.ndarray] | None, held: np.ndarray
    ) -> None:
        count = len(held)
        self.beside: list[np.ndarray] = []  # right, left, below, above
        self.weights: list[np.ndarray] | None = None if weights is None else []
        diagonal = held.copy()
        for direction, step in enumerate((1, width)):
            forth = _found(codes, codes + step)
            linked = np.flatnonzero(forth < count)
            back = np.full(count, count)
            back[forth[linked]] = linked
            self.beside += [forth, back]
            strengths = [(place < count).astype(np.float32) for place in (forth, back)]
            if weights is not None:
                strengths = [weights[direction], np.zeros(count, np.float32)]
                strengths[1][forth[linked]] = weights[direction][linked]
                self.weights += [_wide(strength) for strength in strengths]
            diagonal += strengths[0] + strengths[1]
        self.held = held
        self.diagonal = _wide(diagonal)
        self.smoothing = np.divide(
            _DAMPING, self.diagonal, out=np.zeros_like(self.diagonal), where=self.diagonal > 0
        )
        # Beyond the last unknown a surface of corrections goes on level, or to 0 where something is known.
        self.level_sides = [
            _wide(((place == count) & (held == 0)).astype(np.float32)) for place in self.beside
        ]

    def times(self, x: np.ndarray) -> np.ndarray:
        """The matrix times ``x``, (n, 4): the differences to what is beside."""
        padded = _padded(x)
        out = self.diagonal * x
        for direction, place in enumerate(self.beside):
            values = np.take(padded, place, axis=0)
            if self.weights is not None:
                values *= self.weights[direction]
            out -= values
        return out

    def matrix(self) -> np.ndarray:
        """All of the matrix, for few unknowns."""
        units = np.eye(len(self.diagonal), dtype=np.float32)
        return np.stack([self.times(_wide(unit))[:, 0] for unit in units], axis=1)


class _Transfer:
    """From a grid to the next coarser one and back.

    A correction runs linearly between the middles of the cells: each quarter of a cell takes half of its own
    and a quarter each of its two nearest neighbours. Residuals are gathered the same way.
    """

    def __init__(self, fine: int, quarter: np.ndarray, cell: np.ndarray, coarse: _Level) -> None:
        cells = len(coarse.diagonal)
        self._coarse = coarse
        self._source = quarter * cells + cell
        places = np.full(4 * cells, fine)
        places[self._source] = np.arange(fine)
        self._quarters = np.split(places, 4)  # upper left, upper right, lower left, lower right

    def down(self, residual: np.ndarray) -> np.ndarray:
        """(n, 4) of the fine grid summed up for the coarse one."""
        padded = _padded(residual)
        a, b, c, d = (np.take(padded, place, axis=0) for place in self._quarters)
        right, left, below, above = sides = b + d, a + c, c + d, a + b
        out = left + right
        out *= 2
        # What a cell's right half takes from the cell to the right, that one gets from it.
        for direction, side in enumerate((left, right, above, below)):
            out += np.take(_padded(side), self._coarse.beside[direction], axis=0)
        for side, stays in zip(sides, self._coarse.level_sides, strict=True):
            out += side * stays
        out *= np.float32(0.25)
        return out

    def up(self, correction: np.ndarray) -> np.ndarray:
        """(n, 4) of the coarse grid interpolated for the fine one."""
        padded, own = _padded(correction), correction * np.float32(0.5)
        right, left, below, above = (
            np.float32(0.25) * (np.take(padded, place, axis=0) + correction * stays)
            for place, stays in zip(self._coarse.beside, self._coarse.level_sides, strict=True)
        )
        above += own
        below += own
        quarters = np.concatenate([above + left, above + right, below + left, below + right])
        return np.take(quarters, self._source, axis=0)


def _levels(codes: np.ndarray, width: int, held: np.ndarray) -> tuple[list[_Level], list[_Transfer]]:
    """The grids, the finest first, and what leads from each to the next."""
    levels, transfers = [_Level(codes, width, None, held)], []
    while len(codes) > _COARSEST:
        fine = levels[-1]
        rows, columns = np.divmod(codes, width)
        cells, cell = np.unique(rows // 2 * width + columns // 2, return_inverse=True)
        weights = []
        for direction in (0, 2):
            forth = fine.beside[direction]
            linked = np.flatnonzero(forth < len(codes))
            across = linked[cell[linked] != cell[forth[linked]]]
            strength = None if fine.weights is None else fine.weights[direction][across, 0]
            weights.append(np.bincount(cell[across], strength, len(cells)).astype(np.float32) / 2)
        # What is known lies nearer than a cell's width: less of its hold is lost from grid to grid.
        held = np.bincount(cell, held, len(cells)).astype(np.float32) * np.float32(0.75)
        levels.append(_Level(cells, width, weights, held))
        transfers.append(_Transfer(len(codes), rows % 2 * 2 + columns % 2, cell, levels[-1]))
        codes = cells
    return levels, transfers


def _solved(grids: tuple[list[_Level], list[_Transfer]], fixed: np.ndarray) -> np.ndarray:
    """The unknowns of the finest grid, (n, 4)."""
    levels, transfers = grids
    direct = np.linalg.pinv(levels[-1].matrix().astype(np.float64), rcond=1e-6, hermitian=True)
    direct = direct.astype(np.float32)

    def corrected(depth: int, residual: np.ndarray) -> np.ndarray:
        if depth == len(transfers):
            return direct @ residual
        level, transfer = levels[depth], transfers[depth]
        x = residual * level.smoothing
        x += transfer.up(corrected(depth + 1, transfer.down(residual - level.times(x))))
        x += (residual - level.times(x)) * level.smoothing
        return x

    x, residual = np.zeros_like(fixed), fixed.copy()
    direction, before = np.zeros_like(fixed), 1.0
    for _ in range(_MOST_ROUNDS):
        better = corrected(0, residual)  # about what x is off by
        if np.abs(better).max() < _ENOUGH:
            break
        now = float(np.vdot(residual, better))
        direction *= np.float32(now / before)
        direction += better
        across = levels[0].times(direction)
        step = np.float32(now / float(np.vdot(direction, across)))
        x += step * direction
        residual -= step * across
        before = now
    return x


def _found(codes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where the ``wanted`` stand in ``codes``, which are in order; its length where they do not."""
    places = np.searchsorted(codes, wanted)
    return np.where(codes[np.minimum(places, len(codes) - 1)] == wanted, places, len(codes))


def _wide(values: np.ndarray) -> np.ndarray:
    """(n,) as (n, 4): several times faster to multiply by than (n, 1)."""
    return np.repeat(values[:, None], 4, axis=1)


def _padded(values: np.ndarray) -> np.ndarray:
    """(n, 4) and a row of zeros."""
    padded = np.empty((len(values) + 1, 4), np.float32)
    padded[:-1] = values
    padded[-1] = 0
    return padded

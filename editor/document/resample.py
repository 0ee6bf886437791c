"""Pictures at another size and in another place: resizing, affine and perspective transforms.

Arrays are uint8 or uint16 of shape (H, W, 4), straight RGBA, or (H, W, 1), a mask. Coordinates are in pixels,
x to the right and y down, the centre of the first pixel at (0.5, 0.5): a picture W wide reaches from 0 to W.
Matrices are 3 x 3 and map a column (x, y, 1) of the source to one of the target, up to a common factor.

Colours are weighed by their alpha, so that none comes out of transparent pixels; a pixel that ends up fully
transparent is 0 in all channels. The filters are those of Keys, "Cubic Convolution Interpolation for Digital
Image Processing" (1981), with a = -0.5, and of Duchon, "Lanczos Filtering in One and Two Dimensions" (1979),
with three lobes. Where the target is coarser than the source they are widened in proportion.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from editor.document.geometry import Rect
from editor.document.parallel import in_threads

METHODS = ("nearest", "bilinear", "bicubic", "lanczos", "area", "auto")
MAX_PIXELS = 300_000_000
BEHIND = "the transform puts part of the picture behind the horizon"
MAX_SAMPLES = 32  # along one axis of a target pixel; perspective beyond that is not made out anyway

REMAP_SIDE = 32_000  # OpenCV's remap takes sources up to 32766 pixels
BLOCK = 32  # rows or columns of the result that one matrix makes
ONE_THREAD = 1 << 18  # multiplications of a matrix product up to which OpenBLAS uses a single thread
TILE = 256  # sides of the pieces in which a transform is worked out
SMALL_TILE = 32  # ... and how small they get where the scale changes fast


# --- Filters ---


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(1 - np.abs(x), 0)


def _cubic(x: np.ndarray) -> np.ndarray:
    x = np.abs(x)
    near, far = (1.5 * x - 2.5) * x * x + 1, ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _lanczos3(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


class _Filter(NamedTuple):
    weight: Callable[[np.ndarray], np.ndarray]
    support: int


FILTERS = {
    "bilinear": _Filter(_triangle, 1),
    "bicubic": _Filter(_cubic, 2),
    "lanczos": _Filter(_lanczos3, 3),
}


class _Taps(NamedTuple):
    """Along one axis: the sum of ``weights[i, k]`` x source[``first[i]`` + k] is result i."""

    first: np.ndarray  # (n,) whole numbers; what they point to outside the source has weight 0
    weights: np.ndarray  # (n, k) float64, each row adds up to 1
    covered: np.ndarray  # (n,) float32, how much of each result the source covers, 0..1
    length: int  # of the source

    def blocks(self) -> Iterator[tuple[slice, slice, np.ndarray]]:
        """(results, the part of the source they need, the float32 matrix from the one to the other)."""
        count, taps = self.weights.shape
        for start in range(0, count, BLOCK):
            rows = slice(start, min(start + BLOCK, count))
            first = self.first[rows]
            low = max(int(first.min()), 0)
            high = min(int(first.max()) + taps, self.length)
            columns = (first[:, None] + np.arange(taps) - low).clip(0, high - low - 1)
            matrix = np.zeros((len(first), high - low), np.float32)
            np.add.at(matrix, (np.arange(len(first))[:, None], columns), self.weights[rows])
            yield rows, slice(low, high), matrix


def _taps(centres: np.ndarray, step: float, length: int, method: str) -> _Taps:
    """The weights for results at ``centres`` on an axis of ``length`` pixels, ``step`` pixels apart."""
    covered = np.minimum(centres + step / 2, length) - np.maximum(centres - step / 2, 0)
    covered = (covered / step).clip(0, 1).astype(np.float32)
    centres = centres.clip(0, length)
    step = min(step, 2 * length)  # a wider one takes in no more
    if method == "auto":
        method = "bicubic" if step <= 1 else "lanczos"  # the latter rings visibly when enlarged
    if method == "area":
        low, high = centres - step / 2, centres + step / 2
        first = np.floor(low).astype(np.intp)
        source = first[:, None] + np.arange(math.ceil(step) + 1)
        weights = np.minimum(source + 1, high[:, None]) - np.maximum(source, low[:, None])
        weights = np.maximum(weights, 0)
    else:
        weight, support = FILTERS[method]
        width = max(step, 1.0)
        first = np.floor(centres - support * width).astype(np.intp)
        source = first[:, None] + np.arange(math.ceil(2 * support * width) + 1)
        weights = weight((source + 0.5 - centres[:, None]) / width)
    weights[(source < 0) | (source >= length)] = 0
    return _Taps(first, weights / weights.sum(axis=1, keepdims=True), covered, length)


# --- Resizing ---


def resize(pixels: np.ndarray, width: int, height: int, method: str = "auto") -> np.ndarray:
    """The whole of ``pixels`` at another size, the outer edges staying the outer edges.

    ``method`` is one of `METHODS`: "area" is the mean over what a new pixel covers, "auto" is bicubic along
    an axis that grows and Lanczos along one that shrinks. Raises ValueError for another method, a side below
    1 and a result above `MAX_PIXELS`.
    """
    _check_method(method)
    _check_size(width, height)
    old_height, old_width = pixels.shape[:2]
    if (old_height, old_width) == (height, width):
        return pixels.copy()
    if method == "nearest":
        rows, columns = (
            ((np.arange(new) + 0.5) * (old / new)).astype(np.intp)
            for old, new in ((old_height, height), (old_width, width))
        )
        return pixels[rows[:, None], columns]
    return _resized(pixels, width, height, method, pixels.dtype)


def _resized(pixels: np.ndarray, width: int, height: int, method: str, dtype: np.dtype) -> np.ndarray:
    out = np.empty((height, width, pixels.shape[2]), dtype)
    down, across = (
        _taps((np.arange(new) + 0.5) * (old / new), old / new, old, method)
        for old, new in zip(pixels.shape[:2], (height, width), strict=True)
    )
    _filter_into(out, pixels, across, down)
    return out


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise ValueError(f"no way to resample is called {method!r}")


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise ValueError(f"a picture cannot be {width} x {height} pixels")
    if width * height > MAX_PIXELS:
        raise ValueError(f"{width} x {height} pixels are more than the {MAX_PIXELS // 10**6} million allowed")


def _filter_into(out: np.ndarray, pixels: np.ndarray, across: _Taps, down: _Taps) -> None:
    """Both filters applied, a block of rows at a time, so that little is ever held as floats."""
    opaque = _is_opaque(pixels)
    columns = list(across.blocks())

    def fill(block: tuple[slice, slice, np.ndarray]) -> None:
        rows, needed, matrix = block
        planes = []
        for plane in _planes(pixels[needed], opaque):
            upright = _product(matrix, plane)
            level = np.empty((upright.shape[0], out.shape[1]), np.float32)
            for target, source, weights in columns:
                level[:, target] = _product(weights, upright[:, source].T).T
            planes.append(level)
        _store(planes, out[rows], np.outer(down.covered[rows], across.covered))

    in_threads(fill, down.blocks())


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The matrix product, in pieces that OpenBLAS does not share out among threads of its own.

    Those wait for each other busily, after each of very many small products: seconds turn into a minute
    where another program, or an engine at work, has the cores.
    """
    out = np.empty((a.shape[0], b.shape[1]), np.float32)
    step = max(ONE_THREAD // a.size, 1)
    for start in range(0, b.shape[1], step):
        piece = slice(start, start + step)
        np.matmul(a, b[:, piece], out=out[:, piece])
    return out


def _is_opaque(pixels: np.ndarray) -> bool:
    return pixels.shape[2] == 4 and bool((pixels[..., 3] == np.iinfo(pixels.dtype).max).all())


def _planes(pixels: np.ndarray, opaque: bool) -> Iterator[np.ndarray]:
    """Float32 planes, 0..1, for a linear filter, one after the other: the mask; or the colours, without alpha
    if that is full everywhere; or alpha, then the colours weighed by it."""
    share = 1 / np.float32(np.iinfo(pixels.dtype).max)
    if pixels.shape[2] == 1 or opaque:
        for channel in range(min(pixels.shape[2], 3)):
            yield pixels[..., channel] * share
        return
    alpha = pixels[..., 3] * share
    yield alpha
    for channel in range(3):
        yield pixels[..., channel] * (alpha * share)


def _store(planes: Sequence[np.ndarray], out: np.ndarray, coverage: np.ndarray) -> None:
    """Write filtered `_planes`, whose values may overshoot, to ``out``; ``coverage`` (0..1) scales alpha."""
    full = np.float32(np.iinfo(out.dtype).max)
    if len(planes) == 1:
        out[..., 0] = np.rint(planes[0].clip(0, 1) * (full * coverage))
        return
    opaque = len(planes) == 3
    colours = planes if opaque else planes[1:]
    alpha = np.float32(1) if opaque else planes[0].clip(0, 1)
    out[..., 3] = np.rint(full * alpha * coverage)
    visible = out[..., 3] > 0
    for channel, values in enumerate(colours):
        if not opaque:
            values = np.divide(values, alpha, out=np.zeros_like(values), where=visible)
        out[..., channel] = np.rint(values.clip(0, 1) * full) * visible


# --- Matrices ---


def quad_to_quad(source: Sequence[Sequence[float]], target: Sequence[Sequence[float]]) -> np.ndarray:
    """The homography that takes four points, (x, y), to four others in the same order.

    The linear equations of Hartley and Zisserman, "Multiple View Geometry" (section 4.1), on coordinates
    scaled to about 1. Raises ValueError if three of four points lie on a line, and if the quadrilaterals are
    such that part of the source would lie behind the horizon, as where one is convex and the other is not.
    """
    before, after = _normaliser(source), _normaliser(target)
    a, b = _project(before, source), _project(after, target)
    rows, values = [], []
    for (x, y), (u, v) in zip(a, b, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    try:
        matrix = np.append(np.linalg.solve(rows, values), 1).reshape(3, 3)
    except np.linalg.LinAlgError:  # the middle of the source would lie on the horizon
        raise ValueError(BEHIND) from None
    matrix = np.linalg.inv(after) @ matrix @ before
    _project(matrix, source)
    return matrix / matrix[2, 2] if matrix[2, 2] else matrix


def _normaliser(points: Sequence[Sequence[float]]) -> np.ndarray:
    """The matrix that takes points to about -1..1; refuses what is no quadrilateral."""
    quad = np.asarray(points, np.float64)
    if quad.shape != (4, 2) or not np.isfinite(quad).all():
        raise ValueError("a quadrilateral has four finite corners")
    middle, spread = quad.mean(axis=0), np.abs(quad - quad.mean(axis=0)).max()
    for left_out in range(4):
        a, b, c = np.delete(quad, left_out, axis=0)
        if abs(_cross(b - a, c - a)) <= 1e-9 * spread**2:
            raise ValueError("three corners of the quadrilateral lie on one line")
    return np.array([[1 / spread, 0, -middle[0] / spread], [0, 1 / spread, -middle[1] / spread], [0, 0, 1]])


def _cross(a: np.ndarray, b: np.ndarray) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _project(matrix: np.ndarray, points: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
    """Where the points, (n, 2), go: (n, 2). Refuses those on the horizon and on both sides of it."""
    points = np.asarray(points, np.float64)
    x, y, w = _finite(matrix) @ np.column_stack([points, np.ones(len(points))]).T
    if np.abs(w).min() <= 1e-9 * np.abs(w).max() or (w.min() < 0) != (w.max() < 0):
        raise ValueError(BEHIND)
    return np.column_stack([x / w, y / w])


def _finite(matrix: np.ndarray) -> np.ndarray:
    matrix = np.asarray(matrix, np.float64)
    if not np.isfinite(matrix).all():
        raise ValueError("the transform has numbers that are not finite")
    return matrix


def corners(matrix: np.ndarray, area: tuple[float, float, float, float]) -> np.ndarray:
    """Where the corners of ``area`` (x, y, width, height) go, clockwise from the top left: (4, 2).

    Raises ValueError if part of the area lies behind the horizon, and if it would be a line or a point.
    """
    x, y, width, height = area
    quad = _project(matrix, [(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    size = np.ptp(quad, axis=0).max()
    if width > 0 and height > 0 and abs(_cross(quad[2] - quad[0], quad[3] - quad[1])) <= 1e-9 * size**2:
        raise ValueError("the transform flattens the picture to a line")
    return quad


def bounds(matrix: np.ndarray, area: tuple[float, float, float, float]) -> Rect:
    """The smallest rectangle of whole pixels that holds the transformed ``area`` (x, y, width, height).

    Raises ValueError as `corners` does.
    """
    quad = corners(matrix, area)
    slack = 1e-6  # a border between pixels stays one after rounding errors
    left, top = (math.floor(side + slack) for side in quad.min(axis=0))
    right, bottom = (math.ceil(side - slack) for side in quad.max(axis=0))
    return Rect(left, top, right - left, bottom - top)


# --- Transforms ---


def warp(
    pixels: np.ndarray,
    offset: tuple[int, int],
    matrix: np.ndarray,
    box: tuple[int, int, int, int],
    method: str = "auto",
) -> np.ndarray:
    """What the target box (x, y, width, height) shows of a picture that goes through ``matrix``.

    The first pixel of ``pixels`` is the pixel at ``offset`` (x, y) of the source. Outside of the picture the
    result is transparent, along its edges it has the covered share of a pixel. Whole-pixel moves, turns by
    90 degrees and mirror images are exact. ``method`` is one of `METHODS`: "nearest" picks pixels and has no
    soft edges; the others interpolate and average over what a target pixel covers.

    Scaling along the axes uses the filters of `resize`. Anything else uses OpenCV's interpolation, whose
    bicubic kernel has a = -0.75 and whose places are rounded to 1/32 pixel; "area" is then bilinear and
    "auto" bicubic. Raises ValueError for another method, an empty box and one above `MAX_PIXELS`, and as
    `corners` does.
    """
    _check_method(method)
    x, y, width, height = box
    _check_size(width, height)
    out = np.zeros((height, width, pixels.shape[2]), pixels.dtype)
    if not pixels.size:
        return out
    matrix = _translation(-x, -y) @ _finite(matrix) @ _translation(*offset)
    quad = corners(matrix, (0, 0, pixels.shape[1], pixels.shape[0]))
    matrix = matrix / matrix[2, 2]  # not 0, or the first corner would lie on the horizon
    sides = np.array([pixels.shape[1], pixels.shape[0]])
    if (np.abs(matrix[2, :2]) * sides < 1e-9).all():
        if _is_small(matrix.diagonal()[:2] * sides):  # the axes change places
            pixels, matrix, sides = pixels.swapaxes(0, 1), matrix[:, [1, 0, 2]], sides[::-1]
        if _is_small(matrix[[1, 0], [0, 1]] * sides):
            _scale_into(out, pixels, matrix.diagonal()[:2], matrix[:2, 2], method)
            return out
    _warp_into(out, pixels, matrix, quad, method)
    return out


def _translation(x: float, y: float) -> np.ndarray:
    return np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


def _is_small(distances: np.ndarray) -> bool:
    """Whether these, in pixels, are rounding errors."""
    return bool((np.abs(distances) < 1e-6).all())


def _scale_into(
    out: np.ndarray, pixels: np.ndarray, scales: np.ndarray, shifts: np.ndarray, method: str
) -> None:
    """Along each axis, target = scale x source + shift; a negative scale mirrors."""
    targets, centres = [], []
    nearest = method == "nearest" or _is_whole(scales, shifts, pixels.shape[1::-1])
    for scale, shift, length, size in zip(scales, shifts, pixels.shape[1::-1], out.shape[1::-1], strict=True):
        low, high = sorted((shift, shift + scale * length))
        if nearest:  # pixels whose centre the source covers
            first, last = math.ceil(low - 0.5 - 1e-6), math.ceil(high - 0.5 - 1e-6)
        else:  # pixels of which it covers any part
            first, last = math.floor(low + 1e-6), math.ceil(high - 1e-6)
        first, last = max(first, 0), min(last, size)
        if first >= last:
            return
        targets.append(slice(first, last))
        centres.append((np.arange(first, last) + 0.5 - shift) / scale)
    across, down = targets
    if nearest:
        columns, rows = (
            np.floor(places).clip(0, length - 1).astype(np.intp)
            for places, length in zip(centres, pixels.shape[1::-1], strict=True)
        )
        out[down, across] = pixels[rows[:, None], columns]
        return
    taps = (
        _taps(places, 1 / abs(scale), length, method)
        for places, scale, length in zip(centres, scales, pixels.shape[1::-1], strict=True)
    )
    _filter_into(out[down, across], pixels, *taps)


def _is_whole(scales: np.ndarray, shifts: np.ndarray, sides: tuple[int, ...]) -> bool:
    return _is_small((np.abs(scales) - 1) * sides) and _is_small(shifts - np.rint(shifts))


def _warp_into(
    out: np.ndarray, pixels: np.ndarray, matrix: np.ndarray, quad: np.ndarray, method: str
) -> None:
    if method != "nearest":
        pixels, matrix = _shrunk(pixels, matrix, method)
    opaque = _is_opaque(pixels)
    left, top = np.floor(quad.min(axis=0)).clip(0, out.shape[1::-1]).astype(int)
    right, bottom = np.ceil(quad.max(axis=0)).clip(0, out.shape[1::-1]).astype(int)
    inverse = np.linalg.inv(matrix)
    # Within the quadrilateral the third coordinate of the way back is at least that of the nearest corner.
    limit = (inverse[2] @ np.column_stack([quad, np.ones(4)]).T).min() * (1 - 1e-9)

    def fill(x: int, y: int, side: int) -> None:
        tile = out[y : min(y + side, bottom), x : min(x + side, right)]
        rows = (np.arange(tile.shape[0]) + (y + 0.5))[:, None]
        columns = np.arange(tile.shape[1]) + (x + 0.5)
        if method == "nearest":
            _pick(tile, pixels, _Places(inverse, columns, rows, limit))
            return
        coverage = _quad_coverage(quad, columns, rows)
        used = coverage > 0
        if not used.any():
            return
        places = _Places(inverse, columns, rows, limit)
        half = side // 2
        if half >= SMALL_TILE and places.vary(used):
            for top_part in range(y, min(y + side, bottom), half):
                for left_part in range(x, min(x + side, right), half):
                    fill(left_part, top_part, half)
            return
        _store(_sampled(pixels, places, used, method, opaque), tile, coverage)

    tiles = [(x, y) for y in range(top, bottom, TILE) for x in range(left, right, TILE)]
    in_threads(lambda corner: fill(*corner, TILE), tiles)


def _shrunk(pixels: np.ndarray, matrix: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray]:
    """The picture made no larger than the place needs where it appears largest, and the matrix for that.

    The filters of `resize` do this better and faster than many samples per pixel could. What perspective
    makes smaller still is left to those.
    """
    height, width = pixels.shape[:2]
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(0, width, 9), np.linspace(0, height, 9)))
    u, v, w = matrix @ np.stack([x, y, np.ones_like(x)])
    largest = [
        np.hypot(matrix[0, axis] - u / w * matrix[2, axis], matrix[1, axis] - v / w * matrix[2, axis]) / w
        for axis in (0, 1)
    ]
    sides = [
        max(math.ceil(side * scale.max()), 1) if scale.max() < 0.75 else side
        for side, scale in zip((width, height), largest, strict=True)
    ]
    if sides == [width, height]:
        return pixels, matrix
    smaller = _resized(pixels, *sides, method, np.dtype(np.uint16))  # rounding to 8 bits twice would show
    return smaller, matrix @ np.diag([width / sides[0], height / sides[1], 1])


class _Places:
    """Where the centres of target pixels lie in the source."""

    def __init__(self, inverse: np.ndarray, columns: np.ndarray, rows: np.ndarray, limit: float) -> None:
        self.inverse = inverse
        u, v, w = (line[0] * columns + line[1] * rows + line[2] for line in inverse)
        self.in_front = w >= limit
        self.w = np.maximum(w, limit)  # others are outside of the picture and not used
        self.x, self.y = u / self.w, v / self.w

    def steps(self) -> list[np.ndarray]:
        """dx/du, dx/dv, dy/du, dy/dv, for the source's (x, y) and the target's (u, v)."""
        x_line, y_line, w_line = self.inverse
        if not w_line[:2].any():  # an affine transform: the same everywhere
            return [line[axis : axis + 1] / w_line[2] for line in (x_line, y_line) for axis in (0, 1)]
        return [
            (line[axis] - place * w_line[axis]) / self.w
            for line, place in ((x_line, self.x), (y_line, self.y))
            for axis in (0, 1)
        ]

    def vary(self, used: np.ndarray) -> bool:
        """Whether the scale differs much among the places that are used."""
        x_u, x_v, y_u, y_v = self.steps()
        if x_u.shape != used.shape:
            return False
        area = np.abs(x_u * y_v - x_v * y_u)[used]
        return bool(area.max() > 4 * area.min())


def _pick(out: np.ndarray, pixels: np.ndarray, places: _Places) -> None:
    height, width = pixels.shape[:2]
    inside = places.in_front & (places.x >= 0) & (places.x < width) & (places.y >= 0) & (places.y < height)
    out[inside] = pixels[places.y[inside].astype(np.intp), places.x[inside].astype(np.intp)]


def _sampled(
    pixels: np.ndarray, places: _Places, used: np.ndarray, method: str, opaque: bool
) -> list[np.ndarray]:
    """`_planes` interpolated at ``places``: the mean of samples spread over each target pixel.

    Where one target pixel takes up ``a`` > 1 source pixels, samples are spread over sqrt(1 - 1 / a^2) of
    it: nothing at a = 1, where interpolating is enough, and all of it where the source is much finer. So
    sharpness changes gradually over a picture in perspective.
    """
    import cv2

    def largest(values: np.ndarray) -> float:
        return float(values[used].max() if values.shape == used.shape else values[0])

    x_u, x_v, y_u, y_v = places.steps()

    # The part of the source that is needed, with room for the samples' spread and the kernel.
    crop = []
    for place, span, length in (
        (places.x, np.abs(x_u) + np.abs(x_v), pixels.shape[1]),
        (places.y, np.abs(y_u) + np.abs(y_v), pixels.shape[0]),
    ):
        margin = largest(span) / 2 + 5
        low, high = place[used].min() - margin, place[used].max() + margin
        start = min(max(math.floor(low), 0), length - 1)
        crop.append(slice(start, max(min(math.ceil(high), length), start + 1)))
    source = np.dstack(list(_planes(pixels[crop[1], crop[0]], opaque)))
    x, y = places.x - crop[0].start, places.y - crop[1].start

    # Far back in a perspective the source is made coarser first, to two pixels per target pixel or more.
    height, width = source.shape[:2]
    area = np.abs(x_u * y_v - x_v * y_u)
    coarse_x = _coarseness(largest(np.hypot(y_u, y_v) / area), width)
    coarse_y = _coarseness(largest(np.hypot(x_u, x_v) / area), height)
    if max(coarse_x, coarse_y) > 1:
        size = math.ceil(width / coarse_x), math.ceil(height / coarse_y)
        source = cv2.resize(source, size, interpolation=cv2.INTER_AREA)
        ratio_x, ratio_y = size[0] / width, size[1] / height
        x, x_u, x_v = x * ratio_x, x_u * ratio_x, x_v * ratio_x
        y, y_u, y_v = y * ratio_y, y_u * ratio_y, y_v * ratio_y

    spreads, counts = [], []
    for size in (np.hypot(x_u, y_u), np.hypot(x_v, y_v)):
        size = np.maximum(size, 1)
        spreads.append(np.ones_like(size) if method == "area" else np.sqrt(1 - 1 / size**2))
        counts.append(min(math.ceil(largest(size) - 0.05) + (method == "area"), MAX_SAMPLES))
    interpolation = {"lanczos": cv2.INTER_LANCZOS4, "bilinear": cv2.INTER_LINEAR, "area": cv2.INTER_LINEAR}
    kernel = interpolation.get(method, cv2.INTER_CUBIC)

    total = None
    across, down = (((np.arange(count) + 0.5) / count - 0.5) for count in counts)
    for dy in down:
        for dx in across:
            offset_u, offset_v = dx * spreads[0], dy * spreads[1]
            # OpenCV has the centres of pixels at whole numbers.
            sample_x = (x + (x_u * offset_u + x_v * offset_v) - 0.5).astype(np.float32)
            sample_y = (y + (y_u * offset_u + y_v * offset_v) - 0.5).astype(np.float32)
            sample = cv2.remap(source, sample_x, sample_y, kernel, borderMode=cv2.BORDER_REPLICATE)
            total = sample if total is None else np.add(total, sample, out=total)
    mean = (total / np.float32(len(across) * len(down))).reshape(*used.shape, -1)
    return [mean[..., plane] for plane in range(mean.shape[2])]


def _coarseness(scale: float, length: int) -> float:
    """How much smaller to make ``length`` pixels of source that are at most ``scale`` large in the target."""
    return max(0.5 / scale if scale < 0.25 else 1, length / REMAP_SIDE, 1)


def _quad_coverage(quad: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How much of each pixel a convex quadrilateral covers, 0..1, float32.

    The exact share for each side's half-plane. Opposite sides are taken together as a strip and the two
    strips as independent, which is exact away from the corners.
    """
    if _cross(quad[2] - quad[0], quad[3] - quad[1]) < 0:
        quad = quad[::-1]
    sides = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = (end - start) / np.hypot(*(end - start))
        distance = along[0] * (rows - start[1]) - along[1] * (columns - start[0])
        sides.append((distance, *np.abs(along)))
    if min(distance.min() for distance, *_ in sides) >= math.sqrt(0.5):
        return np.ones((rows.shape[0], len(columns)), np.float32)  # spares the most of a large picture's time
    shares = [_half_plane_coverage(*side) for side in sides]
    first, second = (np.maximum(shares[i] + shares[i + 2] - 1, 0) for i in (0, 1))
    return (first * second).astype(np.float32)


def _half_plane_coverage(distance: np.ndarray, a: float, b: float) -> np.ndarray:
    """The share of unit squares whose centres lie ``distance`` inside a line with the normal (a, b)."""
    a, b = max(a, b), min(a, b)
    far, near = (a + b) / 2, (a - b) / 2  # distances of the square's corners from its centre
    inward = np.abs(distance)
    cut = np.maximum(far - inward, 0) ** 2 / max(2 * a * b, 1e-12)  # the corner that is cut off
    share = np.where(inward <= near, 0.5 + inward / a, 1 - cut)
    return np.where(distance >= 0, share, 1 - share)

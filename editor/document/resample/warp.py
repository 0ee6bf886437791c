"""A picture through a matrix: along the axes by the filters, anything else by interpolation in tiles."""

import math

import numpy as np

from editor.document.parallel import in_threads
from editor.document.progress import portion
from editor.document.resample.checks import check_method, check_size
from editor.document.resample.coverage import quad_coverage
from editor.document.resample.filters import taps
from editor.document.resample.homography import corners, finite
from editor.document.resample.resize import resized
from editor.document.resample.sampling import Places, pick, sampled
from editor.document.resample.separable import filter_into
from editor.document.resample.weighing import is_opaque, store

TILE = 256  # sides of the pieces in which a transform is worked out
SMALL_TILE = 32  # ... and how small they get where the scale changes fast


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
    check_method(method)
    x, y, width, height = box
    check_size(width, height)
    out = np.zeros((height, width, pixels.shape[2]), pixels.dtype)
    if not pixels.size:
        return out
    matrix = _translation(-x, -y) @ finite(matrix) @ _translation(*offset)
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
    along = (
        taps(places, 1 / abs(scale), length, method)
        for places, scale, length in zip(centres, scales, pixels.shape[1::-1], strict=True)
    )
    filter_into(out[down, across], pixels, *along)


def _is_whole(scales: np.ndarray, shifts: np.ndarray, sides: tuple[int, ...]) -> bool:
    return _is_small((np.abs(scales) - 1) * sides) and _is_small(shifts - np.rint(shifts))


def _warp_into(
    out: np.ndarray, pixels: np.ndarray, matrix: np.ndarray, quad: np.ndarray, method: str
) -> None:
    if method != "nearest":
        with portion(0.3):
            pixels, matrix = _shrunk(pixels, matrix, method)
    opaque = is_opaque(pixels)
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
            pick(tile, pixels, Places(inverse, columns, rows, limit))
            return
        coverage = quad_coverage(quad, columns, rows)
        used = coverage > 0
        if not used.any():
            return
        places = Places(inverse, columns, rows, limit)
        half = side // 2
        if half >= SMALL_TILE and places.vary(used):
            for top_part in range(y, min(y + side, bottom), half):
                for left_part in range(x, min(x + side, right), half):
                    fill(left_part, top_part, half)
            return
        store(sampled(pixels, places, used, method, opaque), tile, coverage)

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
    smaller = resized(pixels, *sides, method, np.dtype(np.uint16))  # rounding to 8 bits twice would show
    return smaller, matrix @ np.diag([width / sides[0], height / sides[1], 1])

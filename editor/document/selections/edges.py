"""The edge of a selection moved, softened, smoothed or taken by itself."""

import math

import numpy as np

from editor.document.selections.combining import invert
from editor.document.selections.dilation import dilated

MAX_SMOOTH = 127  # OpenCV counts the pixels of a median in 16 bits


def grow(selection: np.ndarray, radius: float) -> np.ndarray:
    """Move the edge outwards by ``radius`` pixels, in fractions too; a soft edge keeps its slope.

    The grey dilation (Serra, "Image Analysis and Mathematical Morphology") by a disc with a skirt that falls
    over one pixel: what is ``d`` pixels from a selected one has 1 + ``radius`` - d, within 0..1. Takes time
    in proportion to ``radius`` where pixels are selected in part. Raises ValueError for a negative radius.
    """
    _check(radius)
    if radius == 0 or not selection.any():
        return selection.copy()
    rows, columns = _around(selection, math.ceil(radius) + 1)
    out = np.zeros_like(selection)
    out[rows, columns] = dilated(selection[rows, columns], radius)
    return out


def shrink(selection: np.ndarray, radius: float, from_bounds: bool = False) -> np.ndarray:
    """Move the edge inwards by ``radius`` pixels; the inverse of `grow` for what is not selected.

    A selection that reaches the picture's border is taken to go on beyond it, unless ``from_bounds``. Raises
    ValueError for a negative radius.
    """
    _check(radius)
    if from_bounds:
        margin = math.ceil(radius) + 1
        inner = slice(margin, -margin)
        return shrink(np.pad(selection, margin), radius)[inner, inner].copy()
    return invert(grow(invert(selection), radius))


def border(selection: np.ndarray, width: float) -> np.ndarray:
    """A band ``width`` pixels wide along the edge, half of it inside; a width of 0 selects nothing.

    Beyond the picture nothing is selected, so all of a picture has its frame as border. Raises ValueError
    for a negative width.
    """
    _check(width)
    if width == 0:
        return np.zeros_like(selection)
    return np.minimum(grow(selection, width / 2), invert(shrink(selection, width / 2, from_bounds=True)))


def feather(selection: np.ndarray, radius: float) -> np.ndarray:
    """Soften the edge with a Gaussian whose standard deviation is ``radius`` pixels.

    What is at the picture's border is taken to go on beyond it. Raises ValueError for a negative radius.
    """
    import cv2

    _check(radius)
    if radius == 0:
        return selection.copy()
    step = int(radius // 5)
    if step <= 1:
        return cv2.GaussianBlur(selection, (0, 0), radius, borderType=cv2.BORDER_REPLICATE)
    # A wide Gaussian leaves nothing fine, so the work is done on blocks of step x step. Their means and the
    # way back between them blur too, with variances of (step^2 - 1) / 12 and step^2 / 6.
    height, width = selection.shape
    margin = math.ceil(3 * radius / step) * step  # blocks beyond the border repeat single pixels, not blocks
    padded = cv2.copyMakeBorder(
        selection,
        margin,
        margin + -height % step,
        margin,
        margin + -width % step,
        borderType=cv2.BORDER_REPLICATE,
    )
    size = padded.shape[1] // step, padded.shape[0] // step
    blocks = cv2.resize(padded, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    sigma = math.sqrt(radius**2 - (step**2 - 1) / 12 - step**2 / 6) / step
    blocks = cv2.GaussianBlur(blocks, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    spread = cv2.resize(blocks, padded.shape[::-1], interpolation=cv2.INTER_LINEAR)
    whole = spread[margin : margin + height, margin : margin + width]
    return np.rint(whole, out=whole).astype(np.uint8)


def smooth(selection: np.ndarray, radius: int) -> np.ndarray:
    """Take what most of the square of 2 ``radius`` + 1 pixels around each pixel has: the median.

    Specks, holes and teeth narrower than ``radius`` go, straight edges stay where they are and as soft as
    they are. What is at the picture's border is taken to go on beyond it. Raises ValueError for a negative
    radius and for one above `MAX_SMOOTH`.
    """
    import cv2

    _check(radius)
    if radius > MAX_SMOOTH:
        raise ValueError(f"a selection can be smoothed by up to {MAX_SMOOTH} pixels, not {radius}")
    return cv2.medianBlur(selection, 2 * radius + 1)


def _check(radius: float) -> None:
    if not (radius >= 0 and math.isfinite(radius)):
        raise ValueError(f"a selection cannot be changed by {radius} pixels")


def _around(selection: np.ndarray, margin: int = 0) -> tuple[slice, slice]:
    """Index of the smallest rectangle that holds all that is not 0, and a margin as far as there is room."""
    found = []
    for axis in (1, 0):
        places = np.flatnonzero(selection.any(axis=axis))
        first, last = (int(places[0]), int(places[-1]) + 1) if places.size else (0, 0)
        found.append(slice(max(first - margin, 0), min(last + margin, selection.shape[1 - axis])))
    return found[0], found[1]

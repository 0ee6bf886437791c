"""What is coloured like a pixel or like a selection, channel by channel: the magic wand and its kin."""

import numpy as np


def wand(
    pixels: np.ndarray,
    point: tuple[int, int],
    tolerance: float,
    contiguous: bool = True,
    antialias: bool = True,
) -> np.ndarray:
    """What is coloured like the pixel at ``point``, (column, row), in straight RGBA of shape (H, W, 4).

    A pixel belongs if each channel, alpha too, is within ``tolerance`` (0..255 whatever the depth) of the
    pixel at ``point``; a fully transparent pixel has no colour, so only alpha is compared with it.
    ``contiguous`` takes only what hangs together with ``point`` over the sides of pixels. ``antialias``
    softens stairs along the edge by one pixel and leaves straight edges sharp. Raises ValueError for a point
    outside the picture.
    """
    import cv2

    x, y = point
    height, width = pixels.shape[:2]
    if not (0 <= x < width and 0 <= y < height):
        raise ValueError(f"the point {x}, {y} lies outside the picture")
    mask = _within(pixels, *_extent(pixels[y : y + 1, x : x + 1], np.ones((1, 1), np.uint8)), tolerance)
    if contiguous:
        _, labels = cv2.connectedComponents(mask, connectivity=4)
        mask = (labels == labels[y, x]).view(np.uint8) * np.uint8(255)
    return _soften(mask) if antialias else mask


def similar(
    pixels: np.ndarray, selection: np.ndarray, tolerance: float, contiguous: bool, antialias: bool = True
) -> np.ndarray:
    """``selection`` and what is coloured like it: Photoshop's Grow if ``contiguous``, else its Similar.

    A pixel of ``pixels``, straight RGBA of shape (H, W, 4), belongs if no channel is farther than
    ``tolerance`` (0..255 whatever the depth) from the range which that channel has in the selection, where
    it is at least half. ``contiguous`` takes only what touches the selection.
    """
    import cv2

    chosen = selection >= 128
    if not chosen.any():
        return selection.copy()
    inside = chosen.view(np.uint8)
    mask = _within(pixels, *_extent(pixels, inside), tolerance)
    if contiguous:
        count, labels = cv2.connectedComponents(mask | inside, connectivity=4)
        touching = np.zeros(count, np.uint8)
        touching[labels[chosen]] = 255
        mask = touching[labels]
    return np.maximum(selection, _soften(mask) if antialias else mask)


def _extent(pixels: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of each channel where ``inside`` is not 0: two arrays of 4 floats."""
    import cv2

    alpha = cv2.extractChannel(pixels, 3)
    least, greatest = cv2.minMaxLoc(alpha, inside)[:2]
    if greatest == 0:  # only transparent pixels: any colour will do
        return np.zeros(4), np.array([np.iinfo(pixels.dtype).max] * 3 + [0.0])
    coloured = inside if least > 0 else inside & (alpha > 0).view(np.uint8)
    ranges = [cv2.minMaxLoc(cv2.extractChannel(pixels, channel), coloured)[:2] for channel in range(3)]
    low, high = np.array([*ranges, (least, greatest)]).T
    return low, high


def _within(pixels: np.ndarray, low: np.ndarray, high: np.ndarray, tolerance: float) -> np.ndarray:
    """255 where every channel is between ``low`` and ``high``, give or take the tolerance; else 0."""
    import cv2

    full = float(np.iinfo(pixels.dtype).max)
    reach = tolerance * full / 255
    low, high = np.ceil(low - reach).clip(0, full), np.floor(high + reach).clip(0, full)
    mask = cv2.inRange(pixels, low, high)
    if low[3] == 0:
        mask[pixels[..., 3] == 0] = 255  # there is no colour to compare
    return mask


def _soften(mask: np.ndarray) -> np.ndarray:
    """Smooth the stairs of a mask of 0 and 255; what was selected stays at half or above.

    A binomial filter with its contrast doubled: it gives the covered area of edges that run level, upright
    or at 45 degrees, and so does not blur the first two.
    """
    import cv2

    blurred = cv2.GaussianBlur(mask, (3, 3), 0, borderType=cv2.BORDER_REPLICATE)
    contrast = np.rint(((np.arange(256) - 64) * (255 / 127)).clip(0, 255)).astype(np.uint8)  # of 64..191
    soft = cv2.LUT(blurred, contrast)
    return np.minimum(np.maximum(soft, mask & 128), mask | 127)

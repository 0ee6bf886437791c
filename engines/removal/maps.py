"""What a network that obeys lines is told of structure: maps of edges, of lines to follow, of the hole."""

from collections.abc import Sequence

import cv2
import numpy as np

_LOW, _HIGH = 60, 140  # Canny's thresholds, of Sobel's gradient of 8-bit grey
_MARGIN = 4  # pixels beside the hole whose edges would be of its border
_SHIFT = 4  # binary places of the lines' coordinates


def structure_maps(image: np.ndarray, known: np.ndarray, lines: Sequence[np.ndarray]) -> np.ndarray:
    """(3, h, w) float32 [0, 1] of a picture (h, w, 3) float32 [0, 1] with ``known`` (h, w) bool.

    The first map is Canny's edges (PAMI 1986) of what is known, the second the ``lines``, polylines (n, 2)
    of x, y with the first pixel's centre at 0.5, drawn without stairs, the third is 1 in the hole. What
    ``image`` shows in the hole changes nothing.
    """
    seen = np.rint(image * known[..., None] * 255).clip(0, 255).astype(np.uint8)
    grey = cv2.GaussianBlur(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    edges = cv2.Canny(grey, _LOW, _HIGH, L2gradient=True)
    side = 2 * _MARGIN + 1
    near = cv2.dilate((~known).astype(np.uint8), np.ones((side, side), np.uint8))
    edges[near > 0] = 0
    drawn = drawing(known.shape, lines)
    return np.stack([edges, drawn, ~known * np.uint8(255)]).astype(np.float32) / 255


def drawing(shape: tuple[int, int], lines: Sequence[np.ndarray], width: int = 1) -> np.ndarray:
    """Polylines in a picture of ``shape`` (height, width), uint8 with 255 on a line."""
    out = np.zeros(shape, np.uint8)
    points = [np.rint((line - 0.5) * (1 << _SHIFT)).astype(np.int32)[:, None] for line in lines]
    if points:
        cv2.polylines(out, points, False, 255, width, cv2.LINE_AA, _SHIFT)
    return out

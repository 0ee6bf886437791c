"""A hole covered so that a line detector sees nothing in it: its surroundings run smoothly into it."""

import cv2
import numpy as np

_ROUNDS = 4  # of smoothing at each scale
_COARSEST = 4  # pixels


def covered(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The picture (h, w, 3) float32 with its hole (h, w) bool filled by a smooth membrane.

    Neither a step at the hole's edge nor any structure inside: about the solution of Laplace's equation with
    the hole's rim as its border, found from coarse to fine as a multigrid solver does, a few rounds of
    smoothing at each scale. A picture that is all hole comes out grey.
    """
    if hole.all():
        return np.full_like(image, 0.5)
    known = (~hole).astype(np.float32)
    return np.where(hole[..., None], _membrane(image * known[..., None], known), image)


def _membrane(image: np.ndarray, known: np.ndarray) -> np.ndarray:
    """``image`` holds colours times ``known`` (h, w) 0..1; the colours everywhere."""
    height, width = known.shape
    if known.min() > 0 or min(height, width) <= _COARSEST:
        total = image.sum(axis=(0, 1)) / max(float(known.sum()), 1e-6)
        colours = image / np.maximum(known, 1e-6)[..., None]
        return np.where(known[..., None] > 0, colours, total)
    half = ((width + 1) // 2, (height + 1) // 2)
    small = cv2.resize(image, half, interpolation=cv2.INTER_AREA)
    coarse = _membrane(small, cv2.resize(known, half, interpolation=cv2.INTER_AREA))
    filled = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    seen = known[..., None] > 0
    given = image / np.maximum(known, 1e-6)[..., None]
    for _ in range(_ROUNDS):
        filled = cv2.blur(np.where(seen, given, filled), (3, 3))
    return np.where(seen, given, filled)

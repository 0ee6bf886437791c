"""One tile enlarged: what the network adds, held to the tones of the picture, with some of its grain."""

from collections.abc import Callable

import cv2
import numpy as np

_TONE = 4.0  # pixels: standard deviation of the Gaussian from which on differences are of tone
_REACH = 12  # pixels that it takes in to each side
_BLEED = 6.0  # pixels: how far colours go on beneath what is transparent

Network = Callable[[np.ndarray], np.ndarray]  # (h, w, 3) float32 to (scale h, scale w, 3)


def enlarged(image: np.ndarray, scale: int, network: Network, detail: float, grain: float) -> np.ndarray:
    """``image`` (h, w, 3) float32 [0, 1] at ``scale`` times its size.

    What the mean over ``scale`` x ``scale`` pixels lacks to the picture is given back (back-projection, Irani
    and Peleg 1991): the low frequencies of it wholly, which are tone, and of the high ones, which are grain
    and the finest lines, the share ``grain``.
    """
    height, width = image.shape[:2]
    size = width * scale, height * scale
    smooth = cv2.resize(image, size, interpolation=cv2.INTER_LANCZOS4)
    out = smooth if detail <= 0 else smooth + np.float32(min(detail, 1.0)) * (network(image) - smooth)
    lacking = image - out.reshape(height, scale, width, scale, 3).mean(axis=(1, 3))
    window = (2 * _REACH + 1, 2 * _REACH + 1)
    tone = cv2.GaussianBlur(lacking, window, _TONE, borderType=cv2.BORDER_REFLECT)
    back = tone + np.float32(grain) * (lacking - tone)
    out += cv2.resize(back, size, interpolation=cv2.INTER_CUBIC)
    return np.clip(out, 0, 1, out=out)


def bled(image: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """``image`` (h, w, 3) with what is transparent, ``alpha`` (h, w) 0, in the colours of what lies around
    it: no network is to see an edge that nobody sees."""
    hidden = alpha <= 0
    if not hidden.any() or hidden.all():
        return image
    shown = np.where(hidden, np.float32(0), alpha)
    mean = (image * shown[..., None]).sum(axis=(0, 1)) / shown.sum()
    stacked = np.dstack([image * shown[..., None], shown])
    around = cv2.GaussianBlur(stacked, (0, 0), _BLEED)
    share = around[..., 3:]
    colour = np.where(share > 1e-4, around[..., :3] / np.maximum(share, 1e-4), mean)
    return np.where(hidden[..., None], colour, image).astype(np.float32)

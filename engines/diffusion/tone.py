"""Colours carried over what is not known, and a fill's tone brought to that of its surroundings."""

import cv2
import numpy as np

RIM = 8.0  # pixels over which the tone beside the painted part is taken
MOST = 0.15  # a larger difference is no change of tone but another picture
_LEAST = 1e-4  # of a pixel that is known, to count at all


def spread(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(h, w, 3) float32: what is known as it is, the rest filled smoothly from around it.

    By pushing means up a pyramid and pulling them down (Gortler et al. 1996, The Lumigraph, section 4.3). Of
    a picture of which nothing is known, grey.
    """
    if known.all():
        return values
    if not known.any():
        return np.full_like(values, 0.5)
    weight = known.astype(np.float32)
    levels = [(values * weight[..., None], weight)]
    while levels[-1][1].min() < _LEAST:
        colour, weight = levels[-1]
        levels.append((_halved(colour), _halved(weight)))
    colour, weight = levels[-1]
    out = colour / weight[..., None]
    for colour, weight in levels[-2::-1]:
        height, width = weight.shape
        above = cv2.resize(out, (width, height), interpolation=cv2.INTER_LINEAR)
        share = weight.clip(0, 1)[..., None]
        own = colour / np.maximum(weight, _LEAST)[..., None]
        out = share * own + (1 - share) * above
    return np.where(known[..., None], values, out.astype(np.float32))


def _halved(values: np.ndarray) -> np.ndarray:
    height, width = ((side + 1) // 2 for side in values.shape[:2])
    return cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA)


def toned(painted: np.ndarray, image: np.ndarray, known: np.ndarray) -> np.ndarray:
    """``painted`` (h, w, 3) where nothing is ``known``, in the tone of ``image``, which the rest becomes.

    A model changes the tone of the whole a little, its autoencoder does. How much, is seen where the picture
    is known; that difference, without its detail, is carried into the painted part.
    """
    if not known.any():
        return painted
    weight = cv2.GaussianBlur(known.astype(np.float32), (0, 0), RIM)
    off = cv2.GaussianBlur((image - painted) * known[..., None], (0, 0), RIM)
    seen = weight > 0.05
    off = off / np.maximum(weight, 0.05)[..., None]
    carried = spread(off.astype(np.float32), seen).clip(-MOST, MOST)
    return np.where(known[..., None], image, (painted + carried).clip(0, 1)).astype(np.float32)

"""The colours on both sides of a segment near one of its ends: beyond a hole they should be the same."""

import cv2
import numpy as np

ACROSS = np.array([-6.0, -4.0, -2.0, 2.0, 4.0, 6.0], np.float32)  # pixels to the right of the way
ALONG = 14  # pixels from the end that are looked at


def profiles(
    image: np.ndarray, hole: np.ndarray, ends: np.ndarray, ways: np.ndarray, spans: np.ndarray
) -> np.ndarray:
    """(n, 6, 3) float32: mean colour at each distance ``ACROSS`` of the last pixels of n segments.

    ``ends`` (n, 2) are where they end, ``ways`` (n, 2) where they head there, ``spans`` (n,) their lengths.
    Pixels of the hole (h, w) bool do not count; where only such are, the colour is NaN.
    """
    if not len(ends):  # which OpenCV refuses
        return np.zeros((0, len(ACROSS), 3), np.float32)
    back = np.linspace(0, 1, ALONG)[None] * np.minimum(spans, ALONG)[:, None]
    right = np.stack([-ways[:, 1], ways[:, 0]], axis=1)
    points = (
        ends[:, None, None]
        - back[:, None, :, None] * ways[:, None, None]
        + ACROSS[None, :, None, None] * right[:, None, None]
    ).astype(np.float32) - np.float32(0.5)
    x, y = np.ascontiguousarray(points[..., 0]), np.ascontiguousarray(points[..., 1])
    shape = x.shape
    known = (~hole).astype(np.float32)
    flat = (-1, ALONG)
    colours = cv2.remap(image, x.reshape(flat), y.reshape(flat), cv2.INTER_NEAREST).reshape(*shape, 3)
    seen = cv2.remap(known, x.reshape(flat), y.reshape(flat), cv2.INTER_NEAREST).reshape(shape)
    total = seen.sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (colours * seen[..., None]).sum(axis=2) / total[..., None]


def contrast(profile: np.ndarray) -> np.ndarray:
    """(n, 3) from the left to the right of the segment; 0 where a side is not known."""
    half = len(ACROSS) // 2
    return np.nan_to_num(_mean(profile[:, half:]) - _mean(profile[:, :half]))


def difference(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(n,) 0..1: how far the profiles differ on the side where they differ less, and (n,) on the other.

    An object in front of one side changes what is seen there, so a single side alike says something too. What
    is not known counts as rather different.
    """
    half = len(ACROSS) // 2
    off = np.abs(one - other).mean(axis=2)
    sides = [
        np.nan_to_num(_mean(part[..., None])[..., 0], nan=0.2) for part in (off[:, :half], off[:, half:])
    ]
    return np.minimum(*sides), np.maximum(*sides)


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over axis 1 of what is not NaN; NaN where nothing is."""
    seen = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(seen, values, 0).sum(axis=1) / seen.sum(axis=1)

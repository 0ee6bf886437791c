"""Pixels as planes of floats, the colours weighed by alpha, and back: so that a filter takes no colour out of
transparent pixels."""

from collections.abc import Iterator, Sequence

import numpy as np


def is_opaque(pixels: np.ndarray) -> bool:
    """Whether there is alpha, (H, W, 4), and it is full everywhere."""
    return pixels.shape[2] == 4 and bool((pixels[..., 3] == np.iinfo(pixels.dtype).max).all())


def planes(pixels: np.ndarray, opaque: bool) -> Iterator[np.ndarray]:
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


def store(filtered: Sequence[np.ndarray], out: np.ndarray, coverage: np.ndarray) -> None:
    """Write filtered `planes`, whose values may overshoot, to ``out``; ``coverage`` (0..1) scales alpha."""
    full = np.float32(np.iinfo(out.dtype).max)
    if len(filtered) == 1:
        out[..., 0] = np.rint(filtered[0].clip(0, 1) * (full * coverage))
        return
    opaque = len(filtered) == 3
    colours = filtered if opaque else filtered[1:]
    alpha = np.float32(1) if opaque else filtered[0].clip(0, 1)
    out[..., 3] = np.rint(full * alpha * coverage)
    visible = out[..., 3] > 0
    for channel, values in enumerate(colours):
        if not opaque:
            values = np.divide(values, alpha, out=np.zeros_like(values), where=visible)
        out[..., channel] = np.rint(values.clip(0, 1) * full) * visible

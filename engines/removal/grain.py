"""Grain: the noise that a fill lacks beside its surroundings, made anew with the same statistics.

Noise is known from flat places around the hole, those where fine detail is much stronger than coarse, as no
object's texture is: its strength in each of four bands, for each channel and brightness, and how far the
channels share it. The fill is given as much as it has too little of; nothing of the photograph is copied, so
nothing repeats. Bands are differences of Gaussians; strength by brightness after Liu et al. (2008).
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from engines.base import Box

BLURS = (0.6, 1.0, 1.7, 2.9)  # deviations, in pixels: each band is what one more of these takes away
COARSE = 19  # side of the window whose mean tells what is flat
FLAT = 0.15  # coarse variance over fine that is still noise: white noise has 0.02, film 0.1, texture 1
QUIET = 0.05  # share of all places of one brightness that surely show no more than noise ...
QUIET_TIMES = 1.8  # ... and how many times their variance noise may have
BLOCK = 16  # side of the places that are judged
ENOUGH = 12  # flat places without which nothing is known of the noise
LEVELS = 12  # of brightness
LEAST = 0.4 / 255  # deviation below which it is the rounding of a drawing rather than noise
NOTHING = 0.02  # of the surround's noise: what is not worth adding
NEAR = 25  # side of the window in which the fill's own noise is measured
MOST = 9.0  # times the noise's variance, as which an edge counts in that window
TILE = 256  # worked on at a time
WIDE = 81  # side of the window in which too much of it in one place makes up for too little in another
UNEVEN = 0.9  # share of the surround's places that may have less noise than what counts as such
MARGIN = 64  # around a tile, for the windows
TILES = 48  # around a hole that are looked at, at the most


@dataclass(frozen=True)
class Grain:
    """Noise as a photograph has it, of pictures in [0, 1]."""

    variance: np.ndarray  # (bands, 3, LEVELS) float32 by the channel's brightness, 0 .. 1
    shared: np.ndarray  # (bands, 3, 3) that makes three independent noises as alike as the channels' are
    strength: np.ndarray  # (bands, 3) of the bands of white noise that add up to the noise's variances
    uneven: np.ndarray  # (bands,) by how much of its variance it is stronger in one place than in most

    def expected(self, level: np.ndarray) -> list[np.ndarray]:
        """For each band the variances (h, w, 3) where the picture without noise is ``level`` (h, w, 3)."""
        steps = np.linspace(0, LEVELS - 1, 256)
        place = cv2.convertScaleAbs(level, alpha=255)
        out = []
        for band in self.variance:
            table = np.stack([np.interp(steps, np.arange(LEVELS), curve) for curve in band], axis=-1)
            out.append(cv2.LUT(place, table[None].astype(np.float32)))
        return out


def add(
    rgb: np.ndarray,
    image: np.ndarray,
    hole: np.ndarray,
    area: Box,
    amount: float,
    rng: np.random.Generator,
    step: Callable[[float], None],
) -> np.ndarray:
    """``rgb`` (h, w, 3) [0, 1], the fill of ``area`` of ``image``, with the grain of what is around ``hole``.

    ``amount`` 0 .. 1 is how much of what it lacks is added. Returns ``rgb`` itself if nothing is. ``step`` is
    told the fraction done, often, and may raise. The same ``rng`` makes the same grain.
    """
    known = measured(image, hole, area) if amount > 0 else None
    if known is None:
        return rgb
    out = rgb.copy()
    height, width = rgb.shape[:2]
    white = rng.standard_normal((height + 2 * MARGIN, width + 2 * MARGIN, 3), np.float32)
    for y in range(0, height, TILE):
        for x in range(0, width, TILE):
            bottom, right = min(y + TILE, height), min(x + TILE, width)
            seen = np.s_[max(y - MARGIN, 0) : bottom + MARGIN, max(x - MARGIN, 0) : right + MARGIN]
            inner = np.s_[y - seen[0].start :, x - seen[1].start :]
            bands, _ = _bands(white[y : bottom + 2 * MARGIN, x : right + 2 * MARGIN])
            for index, lack in enumerate(_lacking(rgb[seen], known)):
                lack = lack[inner][: bottom - y, : right - x]
                if lack.max() < NOTHING:
                    continue
                fresh = bands[index][MARGIN:-MARGIN, MARGIN:-MARGIN]
                fresh = cv2.transform(fresh, known.shared[index] * known.strength[index][:, None])
                fresh *= lack
                fresh *= np.float32(amount)
                out[y:bottom, x:right] += fresh
        step(min(y + TILE, height) / height)
    return out.clip(0, 1, out=out)


def _lacking(rgb: np.ndarray, known: Grain) -> list[np.ndarray]:
    """For each band, (h, w, 3): how strong noise must be, as a part of the surround's reference.

    Noise that JPEG has passed over is uneven, and so is what was carried into the fill: filled up wherever it
    is weak, it would as a whole be stronger than around the hole. So what there is too much of in one place
    is set against what lacks near by, but no more than noise has: the rest is an edge or a texture.
    """
    bands, level = _bands(rgb)
    out = []
    for index, (band, expected) in enumerate(zip(bands, known.expected(level), strict=True)):
        own = cv2.min(cv2.multiply(band, band, dst=band), cv2.multiply(expected, (MOST,) * 4))
        own = cv2.blur(own, (NEAR, NEAR))
        short = cv2.subtract(expected, own, dst=own)
        lack = cv2.max(short, 0.0)
        over = cv2.min(cv2.subtract(lack, short, dst=short), expected * known.uneven[index])
        wide = cv2.blur(lack, (WIDE, WIDE))
        lack *= (1 - cv2.blur(over, (WIDE, WIDE)) / np.maximum(wide, 1e-12)).clip(0, 1)
        lack *= (1 / np.maximum(known.variance[index].max(axis=-1), 1e-12)).astype(np.float32)
        out.append(cv2.sqrt(lack, dst=lack))
    return out


def measured(image: np.ndarray, hole: np.ndarray, area: Box) -> Grain | None:
    """The noise around a hole, (h, w) bool, in a picture; None if there is none or it cannot be told."""
    parts = [_places(image[tile], hole[tile]) for tile in _tiles(hole, area)]
    if not parts:
        return None
    flat, level, variance, beside = (np.concatenate(each) for each in zip(*parts, strict=True))
    # Noise is everywhere: where there is less, it is less, and what there is more is texture.
    total = variance.sum(axis=(1, 2))
    brightness = _place(level.mean(axis=1))
    quiet = flat.copy()
    for each in np.unique(brightness):
        alike = brightness == each
        quiet[alike] &= total[alike] <= QUIET_TIMES * np.quantile(total[alike], QUIET)
    if quiet.sum() < ENOUGH:
        return None
    variance = (variance - _rounding(image)).clip(0)
    curve = np.stack(
        [_curve(variance[quiet, :, channel], level[quiet, channel]) for channel in range(3)], axis=1
    )
    if curve.sum(axis=0).max() < LEAST**2:
        return None
    uneven = _uneven(variance[flat], level[flat], curve)
    variance, beside = variance[quiet], beside[quiet]
    shared = np.stack(
        [_mixing(*each) for each in zip(variance.mean(axis=0), beside.mean(axis=0), strict=True)]
    )
    return Grain(curve, shared, _strength(curve.max(axis=-1), shared), uneven)


def rounding(picture: np.ndarray) -> float:
    """The variance of what rounding to 8 bits adds to a picture in [0, 1], which a fill gets by its own
    rounding; 0 for a picture of more bits."""
    some = picture[::7, ::7] * 255
    return 0.0 if np.abs(some - np.rint(some)).max() > 1e-3 else 1 / 12 / 255**2


def _rounding(picture: np.ndarray) -> np.ndarray:
    """(bands, 1): the same in each band."""
    bands, _ = _bands(np.random.default_rng(0).standard_normal((64, 64, 3), np.float32))
    return np.array([[(band * band).mean() * rounding(picture)] for band in bands], np.float32)


def _places(picture: np.ndarray, hole: np.ndarray) -> tuple[np.ndarray, ...]:
    """The blocks of a picture that no hole reaches: flat (n,), level (n, 3), and by bands (n, bands, 3) the
    channels' variances and their mean products with the channel after them, in a ring."""
    if hole.any():  # what it shows must not matter, nor how much it differs
        picture = picture.copy()
        picture[hole] = picture[~hole].mean(axis=0)
    bands, smooth = _bands(picture)
    coarse = cv2.subtract(smooth, cv2.blur(smooth, (COARSE, COARSE)))
    free = cv2.dilate(hole.astype(np.uint8), np.ones((21, 21))) == 0  # as far as the blurs reach
    blocks = _means(free.astype(np.float32))[..., 0] > 1 - 1e-4
    fine = np.stack([_means(cv2.multiply(band, band))[blocks] for band in bands], axis=1)
    flat = _means(cv2.multiply(coarse, coarse))[blocks].sum(axis=-1) <= FLAT * fine.sum(axis=(1, 2))
    beside = np.zeros_like(fine)
    level = _means(smooth)[blocks]
    blocks[blocks] = flat  # of the others nobody asks
    for index, band in enumerate(bands):
        pixels = _blocks(band)[blocks].reshape(-1, BLOCK * BLOCK, 3)
        beside[flat, index] = np.einsum("npc,npc->nc", pixels, pixels[..., (1, 2, 0)]) / BLOCK**2
    return flat, level, fine, beside


def _place(level: np.ndarray) -> np.ndarray:
    """Which of the LEVELS a brightness, 0 .. 1, belongs to."""
    return np.rint(level * (LEVELS - 1)).astype(np.intp).clip(0, LEVELS - 1)


def _tiles(hole: np.ndarray, area: Box) -> list[tuple[slice, slice]]:
    """Places around a hole, at most TILES, evenly chosen."""
    reach = min(max(max(area.width, area.height) // 3, 80), 256)
    rows = slice(max(area.y - reach, 0), area.y + area.height + reach)
    columns = slice(max(area.x - reach, 0), area.x + area.width + reach)
    bottom, right = min(rows.stop, hole.shape[0]), min(columns.stop, hole.shape[1])
    side = TILE if bottom - rows.start > 640 else 640  # a small frame is one tile
    out = []
    for y in range(rows.start, bottom, side):
        for x in range(columns.start, right, side):
            tile = np.s_[y : min(y + side, bottom), x : min(x + side, right)]
            if min(hole[tile].shape) >= 2 * BLOCK and hole[tile].mean() < 0.8:
                out.append(tile)
    return [out[index * len(out) // TILES] for index in range(TILES)] if len(out) > TILES else out


def _bands(picture: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """What each blur takes away from a picture, the finest first; and what is left."""
    bands = []
    for deviation in BLURS:
        side = 2 * round(2.5 * deviation) + 1
        smooth = cv2.GaussianBlur(picture, (side, side), deviation)
        bands.append(cv2.subtract(picture, smooth))
        picture = smooth
    return bands, picture


def _means(picture: np.ndarray) -> np.ndarray:
    """Mean of each block, (rows, columns, channels)."""
    height, width = (each // BLOCK for each in picture.shape[:2])
    whole = picture[: height * BLOCK, : width * BLOCK]
    out = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return out.reshape(height, width, -1)


def _blocks(picture: np.ndarray) -> np.ndarray:
    """(rows, columns, BLOCK, BLOCK, channels): the blocks of a picture, as a view."""
    height, width = (each // BLOCK for each in picture.shape[:2])
    whole = picture[: height * BLOCK, : width * BLOCK]
    return whole.reshape(height, BLOCK, width, BLOCK, -1).swapaxes(1, 2)


def _curve(variance: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Median variance (bands, LEVELS) of one channel by brightness, from blocks (n, bands) and (n)."""
    place = _place(level)
    counts = np.bincount(place, minlength=LEVELS)
    seen = np.flatnonzero(counts >= min(ENOUGH, counts.max()) // 2)
    medians = np.array([np.median(variance[place == each], axis=0) for each in seen])
    return np.stack(
        [np.interp(np.arange(LEVELS), seen, medians[:, band]) for band in range(variance.shape[1])]
    ).astype(np.float32)


def _uneven(variance: np.ndarray, level: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """(bands,): by how much of what ``curve`` says the strong ones of flat places (n, bands, 3) exceed it."""
    place = _place(level)
    expected = np.stack([curve[:, channel, place[:, channel]].T for channel in range(3)], axis=2)
    times = variance.sum(axis=2) / np.maximum(expected.sum(axis=2), 1e-12)
    return (np.quantile(times, UNEVEN, axis=0) - 1).clip(0, MOST).astype(np.float32)


def _mixing(own: np.ndarray, beside: np.ndarray) -> np.ndarray:
    """(3, 3) that gives independent noises the channels' correlations, and keeps each one's variance.

    ``own`` (3,) are mean squares, ``beside`` (3,) mean products with the channel after it, in a ring.
    """
    matrix = np.eye(3)
    for channel in range(3):
        other = (channel + 1) % 3
        alike = beside[channel] / max(np.sqrt(own[channel] * own[other]), 1e-12)
        matrix[channel, other] = matrix[other, channel] = alike
    values, vectors = np.linalg.eigh(matrix)
    return ((vectors * np.sqrt(values.clip(0))) @ vectors.T).astype(np.float32)


def _strength(wanted: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """Factors (bands, 3) by which bands of white noise add up to noise of these variances, (bands, 3).

    Bands overlap: what one adds is seen in its neighbours. A few rounds of trial settle that.
    """
    bands, _ = _bands(np.random.default_rng(0).standard_normal((64, 64, 3), np.float32))
    bands = [band @ mix.T for band, mix in zip(bands, shared, strict=True)]
    squares = np.array([(band * band).mean(axis=(0, 1)) for band in bands])
    out = np.sqrt(wanted / squares)
    for _ in range(4):
        made, _ = _bands(
            sum(band * factor for band, factor in zip(bands, out.astype(np.float32), strict=True))
        )
        seen = np.array([(band * band).mean(axis=(0, 1)) for band in made])
        out *= np.sqrt(wanted / np.maximum(seen, 1e-16)).clip(0.5, 2)
    return out.astype(np.float32)

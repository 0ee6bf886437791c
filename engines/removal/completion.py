"""Fill a hole from what the rest of the picture looks like, without any learned prior.

The hole is filled so that each patch in it is like one of the known part: from a small picture to the whole
one, at each size by turns of finding the most alike known patches (engines.removal.matching) and of letting
all patches that cover a pixel vote for its colour (Wexler, Shechtman and Irani, "Space-Time Completion of
Video", PAMI 2007). The mean gradient around a pixel counts beside its colour, so that texture is not matched
with smoothness (Newson et al., "Non-Local Patch-Based Image Inpainting", IPOL 2017).
"""

from collections.abc import Callable

import cv2
import numpy as np

from engines.removal import matching
from engines.removal.matching import RADIUS, SIDE, Places

_TEXTURE = 4.0  # how much the mean gradient counts beside a colour
_AROUND = 9  # pixels each way over which it is the mean
_SMALLEST = 24  # pixels of the smallest picture's shorter side
_TURNS = (8, 5, 3, 2)  # of matching and voting, from the smallest picture on; the last for all larger ones
_TRUST = 2.0  # by how much a patch counts more than one that is a pixel deeper in the hole
_SHARP = 0.5  # of the usual distance around, over which a patch counts e times less
_TONE = 0.1  # difference in brightness up to which it is of tone
_FORGET = 0.4  # of the known part that another seed than 0 does not look at in the smallest picture


def complete(
    image: np.ndarray, known: np.ndarray, seed: int, step: Callable[[float], None] = lambda fraction: None
) -> np.ndarray:
    """``image`` (h, w, 3) float32 [0, 1] with all pixels that are not ``known`` (h, w) bool filled.

    What the hole shows is not looked at. The same seed gives the same fill; ``step`` is told the fraction
    done. Where nothing of the size of a patch is known, the nearest colours are spread.
    """
    if known.all():
        return image
    if not matching.places(~known).sources.size:
        return _spread(image, known)
    levels = _pyramid(image, known)
    smaller = matching.places(~levels[0][1])
    rng = np.random.default_rng(seed % 2**64)  # which takes no negative ones
    costs = np.cumsum([(~level[1]).sum() for level in levels])
    picture, match = _begun(*levels[0], seed, rng)
    for place, (seen, level_known) in enumerate(levels):
        hole = ~level_known
        given = matching.places(hole)
        if place:
            match = _grown(match, smaller, given, rng)
            picture = seen.copy()
            _vote(picture, given, match, np.zeros(match.size, np.float32), hole)
        turns = _TURNS[min(place, len(_TURNS) - 1)]
        for turn in range(turns):
            match, distance = matching.improve(picture, given, match, rng, rounds=1)
            off = _vote(picture, given, match, distance, hole)
            done = costs[place] - (1 - (turn + 1) / turns) * hole.sum()
            step(float(done / costs[-1]))
        smaller = given
    filled = _toned(picture[..., :3], off, ~known)
    return np.where(known[..., None], image, filled).clip(0, 1)


def _pyramid(image: np.ndarray, known: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Picture (h, w, 4), the mean gradient its last channel, and what is known; the smallest first.

    The smallest is where a patch reaches from the hole's edge to its middle.
    """
    depth = cv2.distanceTransform((~known).astype(np.uint8), cv2.DIST_L2, 5).max()
    count = 1 + max(0, int(np.log2(max(2 * depth / SIDE, 1))))
    levels = [(np.dstack([image, _texture(image, known)]).astype(np.float32), known)]
    levels[0][0][~known] = 0
    while len(levels) < count and min(levels[-1][1].shape) >= 2 * _SMALLEST:
        picture, known = levels[-1]
        size = (known.shape[1] // 2, known.shape[0] // 2)
        share = cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        mean = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        levels.append((mean / np.maximum(share, 1e-6)[..., None], share > 1 - 1e-4))
        if not matching.places(~levels[-1][1]).sources.size:
            levels.pop()
            break
    return levels[::-1]


def _texture(image: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(h, w) float32: the mean gradient of the known pixels around each."""
    grey = cv2.cvtColor(_spread(image, known), cv2.COLOR_RGB2GRAY)
    steps = np.abs(cv2.Sobel(grey, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    whole = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    around = (_AROUND, _AROUND)
    mean = cv2.blur(steps * whole, around) / np.maximum(cv2.blur(whole, around), 1e-6)
    return _TEXTURE / 8 * mean


def _spread(image: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The picture with the nearest known colours in its hole; grey if nothing is known."""
    if not known.any():
        return np.full_like(image, 0.5)
    _, label = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colour = np.empty((label.max() + 1, 3), np.float32)
    colour[label[known]] = image[known]
    return colour[label]


def _begun(
    picture: np.ndarray, known: np.ndarray, seed: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The smallest picture filled from the edge inwards, each pixel by the patch most alike to what is there
    already, and the matches that came to be."""
    allowed = None
    if seed:
        noise = cv2.GaussianBlur(rng.standard_normal(known.shape), (0, 0), max(known.shape) / 10)
        allowed = noise > np.quantile(noise, _FORGET)
    hole = ~known
    given = matching.places(hole, allowed)
    picture = picture.copy()
    there = known.astype(np.float32)
    height, width = hole.shape
    while (there == 0).any():
        edge = np.flatnonzero((there == 0) & (cv2.dilate(there, np.ones((3, 3), np.uint8)) > 0))
        y, x = np.divmod(edge, width)
        middle_y, middle_x = y.clip(RADIUS, height - 1 - RADIUS), x.clip(RADIUS, width - 1 - RADIUS)
        found = matching.compare_all(picture, given, middle_y * width + middle_x, there)
        picture[y, x] = picture.reshape(-1, 4)[found + (y - middle_y) * width + (x - middle_x)]
        there[y, x] = 1
    return picture, rng.choice(given.sources, given.targets.size)


def _grown(match: np.ndarray, last: Places, given: Places, rng: np.random.Generator) -> np.ndarray:
    """The matches of a picture half the size, for the targets of ``given``."""
    height, width = given.shape
    low_height, low_width = last.shape
    y, x = np.divmod(given.targets, width)
    low_y = (y // 2).clip(RADIUS, low_height - 1 - RADIUS)
    low_x = (x // 2).clip(RADIUS, low_width - 1 - RADIUS)
    number = last.number[low_y * low_width + low_x]
    from_y, from_x = np.divmod(match[number], low_width)
    to_y = (2 * from_y + y - 2 * low_y).clip(RADIUS, height - 1 - RADIUS)
    to_x = (2 * from_x + x - 2 * low_x).clip(RADIUS, width - 1 - RADIUS)
    grown = to_y * width + to_x
    fits = given.is_source[grown] & (number >= 0)
    return np.where(fits, grown, rng.choice(given.sources, grown.size))


def _vote(
    picture: np.ndarray, given: Places, match: np.ndarray, distance: np.ndarray, hole: np.ndarray
) -> np.ndarray:
    """Give each pixel of the hole what the patches that cover it show there, and return how far what they
    show of known pixels, (h, w, 3), is below the truth: 0 where no patch covers one.

    Patches nearer the hole's edge count more, for they hold more of what is known, and so do those that
    found a patch more alike than others around them.
    """
    pixels = picture.reshape(-1, 4)
    source = pixels.copy().view(np.complex128).ravel()
    total = np.zeros_like(pixels)
    weights = np.zeros(len(pixels), np.float32)
    depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 5).ravel()[given.targets]
    trust = np.float32(_TRUST) ** -depth
    usual = _SHARP * _mean_of_targets(given, distance) + 1e-3
    for offset in given.offsets:
        to = given.targets + offset
        weight = trust * np.exp(-distance / usual[to]) + np.float32(1e-30)
        total[to] += weight[:, None] * source[match + offset].view(np.float32).reshape(-1, 4)
        weights[to] += weight
    shown = total / np.maximum(weights, 1e-30)[:, None]
    covered = weights > 0
    off = np.where((covered & ~hole.ravel())[:, None], pixels - shown, 0)[:, :3]
    filled = covered & hole.ravel()
    pixels[filled] = shown[filled]
    return off.reshape(*hole.shape, 3)


def _mean_of_targets(given: Places, value: np.ndarray) -> np.ndarray:
    """(h * w,) float32: the mean of a value (n,) of the targets over the patches that cover a pixel."""
    total, count = np.zeros(given.shape, np.float32), np.zeros(given.shape, np.float32)
    total.reshape(-1)[given.targets] = value
    count.reshape(-1)[given.targets] = 1
    patch = (SIDE, SIDE)
    return (cv2.blur(total, patch) / np.maximum(cv2.blur(count, patch), 1e-6)).ravel()


def _toned(picture: np.ndarray, off: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The picture (h, w, 3) with the tone of its hole drawn to that of its surroundings.

    ``off`` is by how much what the patches show beside the hole is too dark there. It is carried into the
    hole as a smooth membrane; large differences are edges that did not meet, not tone, and are held down.
    """
    rim = np.abs(off).max(axis=2) > 0
    off = off / (1 + (np.abs(off).max(axis=2, keepdims=True) / _TONE) ** 2)
    weight = rim.astype(np.float32)
    total, count = np.zeros_like(off), np.zeros_like(weight)
    for sigma in (2.0, 4.0, 8.0, 16.0, 32.0, 64.0):
        # Farther ones hardly count where nearer ones are.
        total += cv2.GaussianBlur(off * weight[..., None], (0, 0), sigma) / sigma**2
        count += cv2.GaussianBlur(weight, (0, 0), sigma) / sigma**2
    return picture + (total / np.maximum(count, 1e-9)[..., None]) * hole[..., None]

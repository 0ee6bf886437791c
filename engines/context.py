"""From photograph to network and back: which parts to fill, what context each gets, and the resizes.

A network sees a square: CONTEXT times the part's own size, never less than the network's side, so that the
fill is made at the photograph's own scale where that is possible. What is being removed must not colour its
replacement: no pixel of the hole takes part in any resize. The factors and filters were chosen by
tests/benchmarks/removal.py.
"""

from dataclasses import dataclass

import numpy as np

from engines.base import Box

CONTEXT = 2.5
NATIVE = 512  # side of the networks' square, in their pixels


@dataclass(frozen=True)
class Part:
    """Pixels to fill in one go."""

    box: Box  # smallest box around them
    inside: np.ndarray  # (box.height, box.width) bool
    context: Box  # the square around it, clipped to the photograph


def plan(mask: np.ndarray, origin: tuple[int, int], size: tuple[int, int]) -> list[Part]:
    """Split a mask into parts and choose the context of each.

    ``mask`` (h, w) bool lies at ``origin`` (x, y) in a photograph of ``size`` (width, height). Connected
    parts (8 neighbours) that fit one context square of the network's own side go together: one run does for
    all of them and costs no sharpness.
    """
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    groups: list[tuple[list[int], Box]] = []
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label, :4])
        box = Box(left, top, width, height)
        for index, (members, around) in enumerate(groups):
            joined = _united(around, box)
            if context_side(joined) <= NATIVE:
                groups[index] = ([*members, label], joined)
                break
        else:
            groups.append(([label], box))
    parts = []
    for members, box in groups:
        chosen = np.zeros(count, bool)
        chosen[members] = True
        inside = chosen[labels[box.slices]]
        placed = Box(box.x + origin[0], box.y + origin[1], box.width, box.height)
        parts.append(Part(placed, inside, context_box(placed, size)))
    return parts


def _united(one: Box, other: Box) -> Box:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    return Box(x, y, right - x, bottom - y)


def context_side(box: Box) -> int:
    """Side of the context square of a part, in pixels of the photograph.

    Small parts see more around them for nothing: the network's own side at the photograph's scale.
    """
    return max(round(CONTEXT * max(box.width, box.height)), NATIVE)


def context_box(box: Box, size: tuple[int, int]) -> Box:
    """The context square of a part, moved inside a photograph of ``size`` (width, height).

    Smaller than square only where the photograph itself is.
    """
    side = context_side(box)
    spans = []
    for start, length, limit in ((box.x, box.width, size[0]), (box.y, box.height, size[1])):
        if side >= limit:
            spans.append((0, limit))
        else:
            centred = start + length // 2 - side // 2
            spans.append((min(max(centred, 0), limit - side), side))
    (x, width), (y, height) = spans
    return Box(x, y, width, height)


@dataclass(frozen=True)
class Square:
    """A region as a network of side ``size`` takes it, and the way back."""

    image: np.ndarray  # (size, size, 3) float32 [0, 1]; undefined in the hole
    known: np.ndarray  # (size, size) bool: no pixel of the hole reaches these
    scale: float  # pixels of the photograph per pixel of the network
    margin: tuple[int, int]  # columns and rows that were mirrored on at the left and the top


def to_square(image: np.ndarray, hole: np.ndarray, size: int = NATIVE) -> Square:
    """Mirror a region (h, w, 3) float32 to a square and bring it to ``size`` pixels a side."""
    import cv2

    height, width = hole.shape
    side = max(height, width)
    left, top = (side - width) // 2, (side - height) // 2
    if height != width:
        sides = ((top, side - height - top), (left, side - width - left))
        image = np.pad(image, (*sides, (0, 0)), mode="reflect")
        hole = np.pad(hole, sides, mode="reflect")
    scale = side / size
    target = (size, size)
    known = (~hole).astype(np.float32)
    if scale > 1:
        small = cv2.resize(image * known[..., None], target, interpolation=cv2.INTER_AREA)
        # A pixel that is known in part is left to the network: its edge may still hold the object's blur.
        whole = cv2.resize(known, target, interpolation=cv2.INTER_AREA) > 1 - 1e-4
        return Square(small, whole, scale, (left, top))
    if scale < 1:
        # Colours of the surroundings run into the hole first, so that the interpolation beside it sees
        # nothing of what is removed.
        image = cv2.resize(spread(image, known), target, interpolation=cv2.INTER_LINEAR)
        whole = cv2.resize(known, target, interpolation=cv2.INTER_LINEAR) > 1 - 1e-4
        return Square(image, whole, scale, (left, top))
    return Square(image, ~hole, scale, (left, top))


def spread(image: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """``image`` (H, W, C) where ``weight`` (H, W) is 1, smoothly continued from there where it is 0.

    Pull-push (Gortler et al., The Lumigraph, 1996): averages of what is known at ever coarser scales fill
    what the finer ones leave open.
    """
    import cv2

    if weight.all() or min(image.shape[:2]) == 1:
        return image if weight.all() else np.where(weight[..., None] > 0, image, _mean(image, weight))
    half = ((image.shape[1] + 1) // 2, (image.shape[0] + 1) // 2)
    coarse_weight = cv2.resize(weight, half, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(image * weight[..., None], half, interpolation=cv2.INTER_AREA)
    coarse = coarse / np.maximum(coarse_weight, 1e-6)[..., None]
    coarse = spread(coarse, (coarse_weight > 0).astype(np.float32))
    grown = cv2.resize(coarse, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(weight[..., None] > 0, image, grown.reshape(image.shape))


def _mean(image: np.ndarray, weight: np.ndarray) -> np.ndarray:
    total = float(weight.sum())
    if total == 0:
        return np.full(image.shape[-1], 0.5, np.float32)
    return (image * weight[..., None]).sum(axis=(0, 1)) / total


def from_square(filled: np.ndarray, square: Square, area: Box) -> np.ndarray:
    """The network's picture (size, size, 3) at the photograph's scale, for ``area`` of the region."""
    import cv2

    x, y = area.x + square.margin[0], area.y + square.margin[1]
    if square.scale == 1:
        return filled[y : y + area.height, x : x + area.width]
    step = 1 / square.scale
    back = np.array([[step, 0, (x + 0.5) * step - 0.5], [0, step, (y + 0.5) * step - 0.5]])
    if square.scale < 1:  # the network's pixels are finer: average them before they are thinned out
        filled = cv2.GaussianBlur(filled, (0, 0), 0.3 * step) if step > 2.5 else filled
    return cv2.warpAffine(
        filled,
        back,
        (area.width, area.height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    ).clip(0, 1)

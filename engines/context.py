"""From photograph to network and back: which parts to fill, what context each gets, and the resizes.

A network sees a square: CONTEXT times the part's own size, never less than the network's side, so that the
fill is made at the photograph's own scale where that is possible. What is being removed must not colour its
replacement: no pixel of the hole takes part in any resize. The factors and filters were chosen by
tests/benchmarks/removal.py.

A removal's seed decides how much each part sees: CONTEXT for the seeds 0 to 7, the other CONTEXTS for each
eight that follow, over and over. What else a seed means is the engine's own affair.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.base import Box

CONTEXT = 2.5
CONTEXTS = (CONTEXT, 1.75, 3.0)
LOOKS = 8  # seeds in a row that see the same context
NATIVE = 512  # side of the networks' square, in their pixels


@dataclass(frozen=True)
class Part:
    """Pixels to fill in one go."""

    box: Box  # smallest box around them
    inside: np.ndarray  # (box.height, box.width) bool
    context: Box  # the square around it, clipped to the photograph


def factor_of(seed: int) -> float:
    """How many times its own size a part sees of the photograph with this seed."""
    return CONTEXTS[seed // LOOKS % len(CONTEXTS)]


def plan(
    mask: np.ndarray,
    origin: tuple[int, int],
    size: tuple[int, int],
    factor: float = CONTEXT,
    native: int = NATIVE,
) -> list[Part]:
    """Split a mask into parts and choose the context of each, for a network's square of ``native`` pixels.

    ``mask`` (h, w) bool lies at ``origin`` (x, y) in a photograph of ``size`` (width, height). Connected
    parts (8 neighbours) that fit one context square of the network's own side go together: one run does for
    all of them and costs no sharpness. They are the same for every ``factor``.
    """
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    groups: list[tuple[list[int], Box]] = []
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label, :4])
        box = Box(left, top, width, height)
        for index, (members, around) in enumerate(groups):
            joined = _united(around, box)
            if context_side(joined, native=native) <= native:
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
        parts.append(Part(placed, inside, context_box(placed, size, factor, native)))
    return parts


def _united(one: Box, other: Box) -> Box:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    return Box(x, y, right - x, bottom - y)


def context_side(box: Box, factor: float = CONTEXT, native: int = NATIVE) -> int:
    """Side of the context square of a part, in pixels of the photograph.

    Small parts see more around them for nothing: the network's own side at the photograph's scale, or as
    much more or less as ``factor`` is than CONTEXT.
    """
    return max(round(factor * max(box.width, box.height)), round(native * factor / CONTEXT))


def context_box(box: Box, size: tuple[int, int], factor: float = CONTEXT, native: int = NATIVE) -> Box:
    """The context square of a part, moved inside a photograph of ``size`` (width, height).

    Smaller than square only where the photograph itself is.
    """
    side = context_side(box, factor, native)
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

    image: np.ndarray  # (size, size, 3) float32 [0, 1]; means nothing where not ``known``
    known: np.ndarray  # (size, size) bool: no pixel of the hole reaches these
    scale: float  # pixels of the photograph per pixel of the network
    steps: tuple[float, float]  # the same the other way, exactly, for columns and rows
    margin: tuple[int, int]  # columns and rows of the network mirrored on at the left and the top
    inner: tuple[int, int]  # columns and rows of the network that show the region

    def brought(self, lines: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
        """Polylines (n, 2) of x, y in pixels of the region as they lie in the square, in its pixels."""
        return tuple((line * self.steps + self.margin).astype(np.float32) for line in lines)


def to_square(image: np.ndarray, hole: np.ndarray, size: int = NATIVE) -> Square:
    """Bring a region (h, w, 3) float32 to ``size`` pixels on its longer side and mirror it to a square."""
    import cv2

    height, width = hole.shape
    scale = max(height, width) / size
    columns, rows = max(round(width / scale), 1), max(round(height / scale), 1)
    known = (~hole).astype(np.float32)
    if scale != 1:
        # What the hole shows takes no part, and a pixel that is known only in part is left to the network:
        # the edge may hold the object's blur.
        how = cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR
        image = cv2.resize(image * known[..., None], (columns, rows), interpolation=how)
        known = cv2.resize(known, (columns, rows), interpolation=how)
    left, top = (size - columns) // 2, (size - rows) // 2
    sides = ((top, size - rows - top), (left, size - columns - left))
    return Square(
        np.pad(image, (*sides, (0, 0)), mode="reflect"),
        np.pad(known > 1 - 1e-4, sides, mode="reflect"),
        scale,
        (columns / width, rows / height),
        (left, top),
        (columns, rows),
    )


def from_square(filled: np.ndarray, square: Square, area: Box) -> np.ndarray:
    """The network's picture (size, size, 3) at the photograph's scale, for ``area`` of the region."""
    import cv2

    left, top = square.margin
    if square.scale == 1:
        return filled[top + area.y : top + area.y + area.height, left + area.x : left + area.x + area.width]
    across, down = square.steps
    if square.scale < 0.4:  # the network's pixels are much finer: average them before they are thinned out
        filled = cv2.GaussianBlur(filled, (0, 0), 0.3 / square.scale)
    back = np.array(
        [
            [across, 0, (area.x + 0.5) * across - 0.5 + left],
            [0, down, (area.y + 0.5) * down - 0.5 + top],
        ]
    )
    return cv2.warpAffine(
        filled,
        back,
        (area.width, area.height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    ).clip(0, 1)

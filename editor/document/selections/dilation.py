"""Grey dilation by a disc of any radius whose skirt falls over one pixel."""

import math

import numpy as np

from editor.document.parallel import in_threads
from editor.document.selections.combining import invert
from editor.document.selections.strips import strips


def dilated(selection: np.ndarray, radius: float) -> np.ndarray:
    """The dilation of a selection by a disc of ``radius`` pixels, above 0."""
    if ((selection == 0) | (selection == 255)).all():
        return _dilated_hard(selection, radius)
    return _dilated_soft(selection, radius)


def _dilated_hard(selection: np.ndarray, radius: float) -> np.ndarray:
    """The dilation of a selection that has only 0 and 255: a function of the distance to the nearest 255."""
    import cv2

    distance = cv2.distanceTransform(invert(selection), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    values = np.subtract(np.float32(radius + 1), distance, out=distance)
    values *= 255
    return np.rint(np.clip(values, 0, 255, out=values), out=values).astype(np.uint8)


def _dilated_soft(selection: np.ndarray, radius: float) -> np.ndarray:
    import cv2

    whole, fraction = int(radius), radius - int(radius)
    smaller = _dilated_by_disc(selection, whole)
    if fraction == 0:
        return smaller
    return cv2.addWeighted(smaller, 1 - fraction, _dilated_by_disc(selection, whole + 1), fraction, 0)


def _dilated_by_disc(selection: np.ndarray, radius: int) -> np.ndarray:
    """The dilation of any selection: the largest of the values around a pixel, lowered where on the skirt.

    The disc is taken as upright chords. The running maximum over a chord grows by one pixel at each end from
    one chord to the next longer one, so that the work is in proportion to the radius, not to its square.
    """
    import cv2

    height, width = selection.shape
    margin = radius + 1
    padded = np.pad(selection, margin)
    # For each half length of a chord: (distance from the middle, how much its values are lowered).
    chords: list[list[tuple[int, int]]] = [[] for _ in range(radius + 1)]
    for dx in range(radius + 1):
        half = math.isqrt(radius**2 - dx**2)
        chords[half].append((dx, 0))
        for dy in range(half + 1, math.isqrt((radius + 1) ** 2 - dx**2) + 1):
            beyond = math.hypot(dx, dy) - radius
            if dy <= radius and beyond < 1:
                chords[dy].append((dx, round(255 * beyond)))
    out = np.empty_like(selection)

    def fill(rows: slice) -> None:
        def shifted(dy: int) -> np.ndarray:
            return padded[rows.start + margin + dy : rows.stop + margin + dy]

        target = out[rows]
        target[:] = selection[rows]
        highest = shifted(0).copy()
        lowered = np.empty_like(highest)
        for half, steps in enumerate(chords):
            if half:
                np.maximum(highest, shifted(-half), out=highest)
                np.maximum(highest, shifted(half), out=highest)
            for dx, loss in steps:
                values = cv2.subtract(highest, (loss,), dst=lowered) if loss else highest
                for start in {margin - dx, margin + dx}:
                    np.maximum(target, values[:, start : start + width], out=target)

    in_threads(fill, strips(height, width))
    return out

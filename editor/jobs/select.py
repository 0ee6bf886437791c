"""Select an object: a document to what the engine looks at, what it found to the selection."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from editor.document import select, selections
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.jobs.seeing import averaged
from engines.base import EngineError
from engines.select.requests import Click, Found, Look, Seen

Place = tuple[float, float]
Corners = tuple[float, float, float, float]  # left, top, right, bottom

SIDE = 1024  # pixels of the longer side that are looked at; more than the network sees
MARGIN = 100.0  # per cent of what is usual
# What is usual: halo and contact shadow are mostly within this part of the square root of the object's area,
# and within the largest, but not the least, part of the picture's longer side.
_OF_OBJECT, _LEAST, _LARGEST = 0.07, 0.0015, 0.006
_BELOW = 0.5  # of the margin more at the bottom, where things touch the ground
_SOFT = 0.35  # of the margin: the Gaussian that softens the edge
_PREVIEW = 768  # pixels of the object's longer side on which an outline is made
# An object is looked at more closely if it is smaller than this part of the picture's longer side: at so
# many times its own size, but no fewer pixels. What comes of it counts if the two share so much (IoU).
_SMALL, _AROUND, _CLOSEST, _AGREES = 0.25, 2.5, 64, 0.6


class NothingFound(EngineError):
    """The engine found no object; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("There is no object there. Click on the middle of one, or drag a box around it.")


def look(document: Document, region: Rect | None = None) -> Look:
    """The picture as the engine is to see it, or a region of it. Any thread may ask for that of a snapshot.

    It is made smaller by averages of whole blocks.
    """
    area = region or document.rect
    return Look(averaged(document, area, max(max(area.width, area.height) // SIDE, 1)))


def click(
    seen: Seen,
    region: Rect,
    wanted: Sequence[Place],
    unwanted: Sequence[Place] = (),
    box: Corners | None = None,
    before: "Selected | None" = None,
) -> Click:
    """What to ask about a ``region`` that was looked at; places are in pixels of the picture."""
    across, down = seen.width / region.width, seen.height / region.height

    def placed(places: Sequence[Place]) -> tuple[Place, ...]:
        return tuple(((x - region.x) * across, (y - region.y) * down) for x, y in places)

    corners = None if box is None else (*placed([box[:2]])[0], *placed([box[2:]])[0])
    logits = None if before is None else before.found.logits
    return Click(seen, placed(wanted), placed(unwanted), corners, logits)


@dataclass(frozen=True)
class Selected:
    """What was found, ready to be shown and to be selected in a document of this size."""

    found: Found  # in the whole picture
    logits: np.ndarray  # without specks, over the square of ``region``
    region: Rect  # what was looked at for them
    outlines: tuple[np.ndarray, ...]  # closed, (n, 2) x, y in pixels of the picture; with the margin
    width: int
    height: int
    margin: float  # per cent of what is usual


def selected(found: Found, width: int, height: int, margin: float = MARGIN) -> Selected:
    """What to show for ``found`` in a document of ``width`` x ``height``. Raises NothingFound.

    Looks at no document: for any thread.
    """
    from engines.select import placing

    logits, region = placing.tidied(found), Rect(0, 0, width, height)
    lines = outlines(logits, region, width, height, margin)
    return Selected(found, logits, region, lines, width, height, margin)


def closer(chosen: Selected) -> Rect | None:
    """The region to look at once more, for an object that is small in the picture; None for any other."""
    left, top, right, bottom = _corners(chosen.logits, chosen.region)
    longest, across = max(chosen.width, chosen.height), max(right - left, bottom - top)
    if across > _SMALL * longest:
        return None
    side = max(round(_AROUND * across), _CLOSEST)
    x, y = round((left + right - side) / 2), round((top + bottom - side) / 2)
    width, height = min(side, chosen.width), min(side, chosen.height)
    return Rect(min(max(x, 0), chosen.width - width), min(max(y, 0), chosen.height - height), width, height)


def click_closer(
    seen: Seen, region: Rect, chosen: Selected, wanted: Sequence[Place], unwanted: Sequence[Place]
) -> Click:
    """What to ask about the region that `closer` gave: the same object, so its box is told as well."""
    inside = [[(x, y) for x, y in places if _holds(region, x, y)] for places in (wanted, unwanted)]
    return click(seen, region, *inside, _corners(chosen.logits, chosen.region))


def refined(chosen: Selected, found: Found, region: Rect) -> Selected:
    """``chosen`` as it was found in its ``region``, or as it is if that is another object."""
    from engines.select import placing

    logits = placing.tidied(found)
    frame = (chosen.width, chosen.height, 0.0)
    coarse_area, coarse = coverage(chosen.logits, chosen.region, *frame)
    fine_area, fine = coverage(logits, region, *frame)
    shared = coarse_area.intersected(fine_area)
    both = 0
    if shared:
        views = (
            values[shared.moved(-area.x, -area.y).slices] > 0
            for values, area in ((coarse, coarse_area), (fine, fine_area))
        )
        both = int(np.logical_and(*views).sum())
    either = int((coarse > 0).sum() + (fine > 0).sum()) - both
    if both < _AGREES * either:
        return chosen
    lines = outlines(logits, region, chosen.width, chosen.height, chosen.margin)
    return replace(chosen, logits=logits, region=region, outlines=lines)


def apply(document: Document, chosen: Selected, how: str) -> None:
    """Select what was found: "replace", "add", "subtract" or "intersect". One undoable edit."""
    size = document.width, document.height
    area, values = coverage(chosen.logits, chosen.region, *size, chosen.margin)
    select.values(document, area, values, how, name="Object selection")


def coverage(
    logits: np.ndarray, region: Rect, width: int, height: int, margin: float, scale: float = 1.0
) -> tuple[Rect, np.ndarray]:
    """The object with its margin, softened: where in the picture, and (h, w) uint8.

    ``logits`` lie over the square on the region's top left, of its longer side. With a ``scale`` all is in
    pixels of a picture that is as much smaller.
    """
    from engines.select import placing

    whole = Rect(0, 0, max(round(width * scale), 1), max(round(height * scale), 1))
    side, longest = max(region.width, region.height) * scale, max(width, height) * scale
    found = placing.bounds(logits, side)
    if found is None:
        return Rect(0, 0, 0, 0), np.zeros((0, 0), np.uint8)
    across = float(np.sqrt((logits > 0).mean())) * side
    reach = margin / 100 * min(max(_OF_OBJECT * across, _LEAST * longest), _LARGEST * longest)
    room = reach * (1 + _BELOW + 4 * _SOFT) + 2
    left, top = (math.floor(found[axis] + region[axis] * scale - room) for axis in (0, 1))
    right, bottom = (math.ceil(found[2 + axis] + region[axis] * scale + room) for axis in (0, 1))
    area = Rect(left, top, right - left, bottom - top).intersected(whole)
    corner = area.x - region.x * scale, area.y - region.y * scale
    values = placing.mask(logits, side, corner, (area.width, area.height)).astype(np.uint8) * np.uint8(255)
    down = round(reach * _BELOW)
    if 0 < down < len(values):
        values[down:] = np.maximum(values[down:], values[:-down])
    if reach > 0 and values.any():
        values = selections.feather(selections.grow(values, reach), reach * _SOFT)
    return area, values


def outlines(
    logits: np.ndarray, region: Rect, width: int, height: int, margin: float
) -> tuple[np.ndarray, ...]:
    """Lines around the object and its margin, made on no more pixels than show. Raises NothingFound."""
    from engines.select import placing

    found = placing.bounds(logits, max(region.width, region.height))
    if found is None:
        raise NothingFound
    scale = min(_PREVIEW / max(found[2] - found[0], found[3] - found[1]), 1.0)
    area, values = coverage(logits, region, width, height, margin, scale)
    inside = values >= 128
    if not inside.any():
        raise NothingFound
    return placing.outlines(inside, 1 / scale, (area.x / scale, area.y / scale))


def _corners(logits: np.ndarray, region: Rect) -> Corners:
    """Left, top, right, bottom of the object, in pixels of the picture."""
    from engines.select import placing

    found = placing.bounds(logits, max(region.width, region.height))
    if found is None:
        raise NothingFound
    left, top, right, bottom = found
    return left + region.x, top + region.y, right + region.x, bottom + region.y


def _holds(region: Rect, x: float, y: float) -> bool:
    return region.x <= x < region.right and region.y <= y < region.bottom

"""Select an object: a document to what the engine looks at, what it found to the selection."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from editor.document import select, selections
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.tiles import TILE
from engines.base import Box, EngineError
from engines.select.requests import Click, Found, Look, Seen

Place = tuple[float, float]

SIDE = 1024  # pixels of the longer side that are looked at; more than the network sees
MARGIN = 100.0  # per cent of what is usual
# What is usual: halo and contact shadow are mostly within this part of the square root of the object's area,
# and within the largest, but not the least, part of the picture's longer side.
_OF_OBJECT, _LEAST, _LARGEST = 0.06, 0.001, 0.006
_BELOW = 0.5  # of the margin more at the bottom, where things touch the ground
_SOFT = 0.35  # of the margin: the Gaussian that softens the edge
_PREVIEW = 1024  # pixels of the longer side on which an outline is made


class NothingFound(EngineError):
    """The engine found no object; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("There is no object there. Click on the middle of one, or drag a box around it.")


def look(document: Document) -> Look:
    """The picture as the engine is to see it. Any thread may ask for that of a snapshot.

    It is made smaller by averages of whole blocks, strip by strip; what is clear is grey.
    """
    block = max(max(document.width, document.height) // SIDE, 1)
    strip = max(TILE // block, 1) * block
    rows = []
    for top in range(0, document.height, strip):
        pixels = document.composite(Rect(0, top, document.width, min(strip, document.height - top)))
        rows.append(_averaged(pixels, block))
    return Look(np.concatenate(rows))


def _averaged(pixels: np.ndarray, block: int) -> np.ndarray:
    """(ceil(h / block), ceil(w / block), 3) float32 [0, 1]; the last blocks repeat their last pixels."""
    values = pixels.astype(np.float32)
    values *= np.float32(1 / np.iinfo(pixels.dtype).max)
    alpha = values[..., 3:]
    colour = values[..., :3] * alpha + np.float32(0.5) * (1 - alpha)
    height, width = colour.shape[:2]
    padding = (-height % block, -width % block)
    colour = np.pad(colour, ((0, padding[0]), (0, padding[1]), (0, 0)), "edge")
    split = colour.reshape(colour.shape[0] // block, block, colour.shape[1] // block, block, 3)
    return split.mean(axis=(1, 3))


def click(
    seen: Seen,
    size: tuple[int, int],
    wanted: Sequence[Place],
    unwanted: Sequence[Place] = (),
    box: tuple[float, float, float, float] | None = None,
    before: "Selected | None" = None,
) -> Click:
    """What to ask about a document of ``size``, width and height; places are in its pixels."""
    across, down = seen.width / size[0], seen.height / size[1]

    def placed(places: Sequence[Place]) -> tuple[Place, ...]:
        return tuple((x * across, y * down) for x, y in places)

    corners = None if box is None else (*placed([box[:2]])[0], *placed([box[2:]])[0])
    logits = None if before is None else before.found.logits
    return Click(seen, placed(wanted), placed(unwanted), corners, logits)


@dataclass(frozen=True)
class Selected:
    """What was found, ready to be shown and to be selected in a document of this size."""

    found: Found
    logits: np.ndarray  # of ``found``, without specks
    outlines: tuple[np.ndarray, ...]  # closed, (n, 2) x, y in pixels of the picture; with the margin
    width: int
    height: int
    margin: float  # per cent of what is usual


def selected(found: Found, width: int, height: int, margin: float = MARGIN) -> Selected:
    """What to show for ``found`` in a document of ``width`` x ``height``. Raises NothingFound.

    Looks at no document: for any thread.
    """
    from engines.select import placing

    logits = placing.tidied(found)
    scale = min(_PREVIEW / max(width, height), 1.0)
    small = max(round(width * scale), 1), max(round(height * scale), 1)
    area, values = coverage(logits, *small, margin)
    inside = values >= 128
    if not inside.any():
        raise NothingFound
    apart = width / small[0]
    lines = placing.outlines(inside, apart, (area.x * apart, area.y * apart))
    return Selected(found, logits, lines, width, height, margin)


def apply(document: Document, chosen: Selected, how: str) -> None:
    """Select what was found: "replace", "add", "subtract" or "intersect". One undoable edit."""
    area, values = coverage(chosen.logits, document.width, document.height, chosen.margin)
    select.values(document, area, values, how, name="Object selection")


def coverage(logits: np.ndarray, width: int, height: int, margin: float) -> tuple[Rect, np.ndarray]:
    """The object with its margin, softened: where in the picture, and (h, w) uint8."""
    from engines.select import placing

    side = max(width, height)
    across = np.sqrt((logits > 0).mean()) * side
    reach = margin / 100 * float(np.clip(_OF_OBJECT * across, _LEAST * side, _LARGEST * side))
    box = placing.bounds(logits, width, height)
    whole = Rect(0, 0, width, height)
    area = Rect(box.x, box.y, box.width, box.height).grown(int(reach * (1 + _BELOW + 4 * _SOFT)) + 2)
    area = area.intersected(whole)
    values = np.where(
        placing.mask(logits, width, height, Box(area.x, area.y, area.width, area.height)), 255, 0
    ).astype(np.uint8)
    down = round(reach * _BELOW)
    if down and down < len(values):
        values[down:] = np.maximum(values[down:], values[:-down])
    if reach > 0 and values.any():
        values = selections.feather(selections.grow(values, reach), reach * _SOFT)
    return area, values

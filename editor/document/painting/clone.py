"""The clone stamp: strokes that copy what lies elsewhere."""

import numpy as np

from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.painting.source import Source
from editor.document.painting.stroke import BrushStroke
from editor.document.painting.target import Inside, Target
from editor.document.painting.tip import Tip
from editor.document.tiles import TILE, TileKey

Offset = tuple[float, float]


class CloneSource:
    """Where cloning begins, (``x``, ``y``), in pixels of the picture.

    ``aligned``, the first stroke after it was set fixes how far away the source is for all later ones;
    otherwise each stroke copies from the same place on.
    """

    def __init__(self, x: float, y: float, aligned: bool = True) -> None:
        self.x, self.y, self.aligned = x, y, aligned
        self._offset: Offset | None = None

    def offset(self, x: float, y: float) -> Offset:
        """From a stroke that begins at (``x``, ``y``) to its source."""
        if self._offset is None or not self.aligned:
            self._offset = self.x - x, self.y - y
        return self._offset


class CloneStroke(BrushStroke):
    """A stroke that paints at (x, y) what was at (x, y) + ``offset`` when it began.

    ``offset`` is rounded to whole pixels, so that a hard brush copies them exactly. ``sample`` says what is
    copied: the layer's own pixels ("layer"), what shows of it and all below it ("below"), or the picture
    ("all"), without adjustment layers where they are ignored. ``on_mask``, the layer's mask is copied within
    itself. ``size`` and ``tip`` are the fields of `Tip`.
    """

    name = "Clone stamp"

    def __init__(
        self,
        document: Document,
        layer: Layer,
        offset: Offset,
        size: float = 20,
        *,
        sample: str = "layer",
        ignore_adjustments: bool = False,
        opacity: float = 1,
        on_mask: bool = False,
        **tip,
    ) -> None:
        super().__init__(Target(document, layer, on_mask=on_mask), Tip(size, **tip), opacity)
        self.offset = round(offset[0]), round(offset[1])
        self._source = Source(document, layer, sample, ignore_adjustments=ignore_adjustments, on_mask=on_mask)

    def _prepare(self, area: Rect) -> None:
        self._source.prepare(area.moved(*self.offset))

    def _paint(
        self, key: TileKey, before: np.ndarray | None, strength: np.ndarray, inside: Inside
    ) -> np.ndarray:
        pixels = self._source.read(area_of(key, inside).moved(*self.offset))
        return copied(self._target, key, before, pixels, strength, inside)


def copied(
    target: Target,
    key: TileKey,
    before: np.ndarray | None,
    pixels: np.ndarray,
    strength: np.ndarray,
    inside: Inside,
) -> np.ndarray:
    """A part of the tile ``before`` with ``pixels``, (h, w, 4) straight RGBA or (h, w, 1), over it."""
    import cv2

    planes = cv2.split(pixels)
    if len(planes) == 4:
        strength *= planes[3] / np.float32(target.image.maximum)
    colour = [plane.astype(np.float32) for plane in planes[:3]]
    return target.painted(key, before, colour, strength, inside)


def area_of(key: TileKey, inside: Inside) -> Rect:
    """A part of a tile in pixels of the picture."""
    rows, columns = inside
    return Rect(
        key[1] * TILE + columns.start,
        key[0] * TILE + rows.start,
        columns.stop - columns.start,
        rows.stop - rows.start,
    )

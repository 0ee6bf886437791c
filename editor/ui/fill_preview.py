"""The picture with a fill that is not in it, to be looked at."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage

from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.layers import Layer
from editor.document.model import Change, Document
from editor.document.tiles import TILE, TiledImage
from editor.jobs.remove import Fill
from editor.ui import display
from editor.ui.canvas import Canvas
from editor.ui.coarse import Coarse
from editor.ui.compare import Look
from editor.ui.picture import Picture
from editor.ui.pyramid import as_qimage
from editor.ui.removal import Target

BUDGET = 32 << 20  # bytes of what is drawn
AROUND = 32  # pixels of the picture beyond the hole that are drawn with it: over the edge's dashes
_SPARE = 128  # and beyond these, that a pixel drawn from afar is a mean of
_CONTEXT = 1.4  # how much more than the hole a thumbnail shows
_SAMPLES = 2  # a side, for each pixel of a thumbnail


class FillPreview:
    """One canvas's document, as it would be if ``target`` took the fill; it follows what else is changed."""

    def __init__(self, canvas: Canvas, target: Target, made: Fill, title: str, parent: QObject) -> None:
        document = canvas.document
        self.made = made
        self._document, self._target = document, target
        differs = zone(made.image, document)
        self._preview = _Preview(document, target.stack(document, made), differs.grown(_SPARE))
        picture = Picture(self._preview, canvas.view, None, parent)
        picture.set_budget(BUDGET)
        self.look = Look(title, picture, differs)

    def follow(self, change: Change) -> None:
        """The document has changed, but for its canvas."""
        if change.parts & (Part.PIXELS | Part.LAYERS):
            self._preview.layers = self._target.stack(self._document, self.made)
            self.look.picture.pixels_changed(change.area)

    def thumbnail(self, side: int) -> QImage:
        """The hole and what is around it: a square of ``side`` pixels unless the picture is too small."""
        return thumbnail(self._preview, around(self.made.image.bounds(), self._document.rect), side)


class _Preview(Document):
    """A document with other layers, of which only ``seen`` is ever made: drawn from afar, the rest of a
    large picture would be composed for a small hole."""

    def __init__(self, document: Document, layers: Iterable[Layer], seen: Rect) -> None:
        super().__init__(
            document.width,
            document.height,
            document.dtype,
            layers,
            has_alpha=True,  # as far as the screen goes: what shows through is not known
            metadata=document.metadata,
        )
        self._seen = seen

    def snapshot(self) -> "_Preview":
        return _Preview(self, super().snapshot().layers, self._seen)

    def composite(self, area: Rect) -> np.ndarray:
        seen = area.intersected(self._seen)
        if seen == area:
            return super().composite(area)
        out = np.full((area.height, area.width, 4), self.maximum, self.dtype)  # opaque is drawn faster
        if seen:
            out[seen.moved(-area.x, -area.y).slices] = super().composite(seen)
        return out


def zone(image: TiledImage, document: Document) -> Rect:
    """Where a fill makes a difference to the picture, and somewhat more."""
    return image.bounds().grown(AROUND).intersected(document.rect)


def thumbnail(document: Document, area: Rect, side: int) -> QImage:
    """``area`` of a document from a few of its pixels, its shorter side ``side`` pixels."""
    step = 1
    while step < TILE and min(area.width, area.height) >= 2 * step * side * _SAMPLES:
        step *= 2
    picked = Rect(area.x // step, area.y // step, max(area.width // step, 1), max(area.height // step, 1))
    source = display.coarse_source(document, _Crop(document, step, area.grown(step)), opaque=False)
    modes = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    return as_qimage(source(picked)).scaled(QSize(side, side), *modes)


class _Crop(Coarse):
    """Only what is seen is picked."""

    def __init__(self, document: Document, step: int, seen: Rect) -> None:
        super().__init__(document, step)
        self._seen = seen

    def _picked(self, plane: TiledImage, area: Rect | None = None) -> TiledImage:
        return super()._picked(plane, self._seen)


def around(hole: Rect, whole: Rect) -> Rect:
    """A square about a hole, moved inside the picture and cut off where that is smaller."""
    side = round(max(hole.width, hole.height) * _CONTEXT) + 16
    width, height = min(side, whole.width), min(side, whole.height)
    x = min(max(hole.x + (hole.width - width) // 2, 0), whole.width - width)
    y = min(max(hole.y + (hole.height - height) // 2, 0), whole.height - height)
    return Rect(x, y, width, height)

"""The picture and the selection's veil, as the canvas draws them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPainterPath

from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.ui import display
from editor.ui.painting import area_at, checkerboard, draw_grid, draw_image
from editor.ui.pyramid import Pyramid
from editor.ui.rendering import Source
from editor.ui.view import View

if TYPE_CHECKING:  # imported with the first transform
    from editor.document.transform import FreeTransform
    from editor.ui.transform_preview import TransformPreview

GRID_FROM = 8.0
STILL_MS = 200  # that a transform rests, after which it is looked at more closely
BUDGET = 256 << 20  # bytes of what is drawn
_VEIL_SHARE = 4  # one part in so many is for the veil


class Picture(QObject):
    """``halves`` is the picture at a half, a quarter ..., as far as they are ready. ``stale``: what is on the
    screen should be painted again."""

    stale = Signal()

    def __init__(
        self,
        document: Document,
        view: View,
        halves: Sequence[np.ndarray] | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._view = document, view
        self._veil_look: tuple[tuple[int, int, int], float] = display.MASK_COLOUR, display.MASK_OPACITY
        self._budget = BUDGET
        self._pixels: Pyramid | None = None
        self._veil: Pyramid | None = None
        self._alone: TiledImage | None = None
        self._preview: TransformPreview | None = None
        self._still_timer = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still_timer.timeout.connect(self._look_closely)
        self.reset(halves)

    def reset(self, halves: Sequence[np.ndarray] | None = None) -> None:
        """The document has another size, depth or profile, or another screen shows it: begin again."""
        document, alone = self._document, self._alone
        source = display.PictureSource(document) if alone is None else display.PlaneSource(alone)
        self._pixels = self._pyramid(self._pixels, source, halves)
        self._veil = self._pyramid(self._veil, display.MaskSource(document, *self._veil_look))
        self.set_budget(self._budget)

    def _pyramid(
        self, before: Pyramid | None, source: Source, halves: Sequence[np.ndarray] | None = None
    ) -> Pyramid:
        """One in the place of another."""
        if before is not None:
            before.close()
            before.deleteLater()
        size = self._document.width, self._document.height
        made = Pyramid(*size, source, halves=halves or (), in_background=True, parent=self)
        made.made.connect(self.stale)
        return made

    def show_alone(self, plane: TiledImage | None) -> None:
        """Show one plane of a single channel, a mask, in grey in the picture's place; None: the picture."""
        self._alone = plane
        self.reset()
        self.stale.emit()

    def set_veil(self, colour: tuple[int, int, int], opacity: float) -> None:
        """Show the selection in another colour (0..255) and opacity (0..1)."""
        if (colour, opacity) != self._veil_look:
            self._veil_look = colour, opacity
            self._veil = self._pyramid(self._veil, display.MaskSource(self._document, colour, opacity))
            self.set_budget(self._budget)
            self.stale.emit()

    def set_budget(self, budget: int) -> None:
        """Keep at most about so many bytes of what is drawn."""
        self._budget = budget
        self._veil.set_budget(budget // _VEIL_SHARE)
        self._pixels.set_budget(budget - budget // _VEIL_SHARE)

    def pixels_changed(self, area: Rect) -> None:
        self._pixels.invalidate(area)

    def selection_changed(self, area: Rect) -> None:
        self._veil.invalidate(area)

    def close(self) -> None:
        """Nobody looks at it any more."""
        self._pixels.close()
        self._veil.close()

    def _look_closely(self) -> None:
        if self._preview is not None:
            self._preview.moving = False
            self.stale.emit()

    def draw(
        self,
        painter: QPainter,
        exposed: QRect,
        *,
        veil: bool = True,
        shift: tuple[int, int] = (0, 0),
        transform: "FreeTransform | None" = None,
    ) -> None:
        """Draw what shows of the picture in ``exposed``, with the selection's veil over it or without.

        The veil lies ``shift`` pixels of the picture to the right and below its place. With a ``transform``
        that is under way it shows what that would make, and no veil.
        """
        painter.save()
        frame = self._view.outline(self._document.rect)
        if self._view.angle:
            path = QPainterPath()
            path.addPolygon(frame)
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        else:
            within = exposed.intersected(frame.boundingRect().toAlignedRect())
            painter.setClipRect(within, Qt.ClipOperation.IntersectClip)
        if transform is not None or not display.is_opaque(self._document):
            painter.setBrushOrigin(frame[0].toPoint())  # it moves with the picture
            painter.fillRect(exposed, checkerboard())
        if transform is not None:
            self._draw_transform(painter, transform)
        else:
            self._draw_level(painter, self._pixels, exposed, self._view)
        if transform is None:
            self._preview = None
        if veil and transform is None:
            self._draw_level(painter, self._veil, exposed, self._view.shifted(*shift))
        if self._view.zoom >= GRID_FROM:
            draw_grid(painter, self._view, exposed)
        painter.restore()

    def _draw_level(self, painter: QPainter, pyramid: Pyramid, exposed: QRect, view: View) -> None:
        level = view.level
        area = area_at(view, level, exposed).intersected(pyramid.size(level))
        image = pyramid.read(level, area)
        if image is not None:
            draw_image(painter, view, image, area, 1 << level)

    def _draw_transform(self, painter: QPainter, transform: "FreeTransform") -> None:
        if self._preview is None or self._preview.transform is not transform:
            from editor.ui.transform_preview import TransformPreview

            self._preview = TransformPreview(self._document, transform)
        device = painter.device()
        shown = self._preview.image(self._view, QRect(0, 0, device.width(), device.height()))
        if self._preview.moving and self._preview.is_new:
            self._still_timer.start()
        if shown is not None:
            draw_image(painter, self._view, *shown)

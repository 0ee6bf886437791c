"""The picture and the selection's veil, as the canvas draws them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPainterPath

from editor.document.composite import sole_layer
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.ui import display
from editor.ui.coarse import Coarse
from editor.ui.painting import area_at, checkerboard, draw_grid, draw_image
from editor.ui.pyramid import Pyramid, as_qimage
from editor.ui.view import View

if TYPE_CHECKING:  # imported with the first transform
    from editor.document.transform import FreeTransform
    from editor.ui.transform_preview import TransformPreview

GRID_FROM = 8.0
QUICK_FROM = 2_000_000  # pixels that change, from which on a first look is a quick one
QUICK_MOST = 6  # halvings
QUICK_MS = 300  # without a change, after which all pixels are looked at
STILL_MS = 200  # that a transform rests, after which it is looked at more closely
BUDGET = 256 << 20  # bytes of what is drawn
_VEIL_SHARE = 4  # one part in so many is for the veil


class Picture(QObject):
    """``stale``: what is on the screen should be painted again."""

    stale = Signal()

    def __init__(
        self, document: Document, view: View, half: np.ndarray | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._view = document, view
        self._veil_look: tuple[tuple[int, int, int], float] = display.MASK_COLOUR, display.MASK_OPACITY
        self._budget = BUDGET
        # While a large picture keeps changing it is shown from a few of its pixels: level and source.
        self._quick: tuple[int, Callable[[Rect], np.ndarray]] | None = None
        self._quick_timer = QTimer(self, singleShot=True, interval=QUICK_MS)
        self._quick_timer.timeout.connect(self._end_quick)
        self._alone: TiledImage | None = None
        self._preview: TransformPreview | None = None
        self._still_timer = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still_timer.timeout.connect(self._look_closely)
        self.reset(half)

    def reset(self, half: np.ndarray | None = None) -> None:
        """The document has another size, depth or profile, or another screen shows it: begin again."""
        document = self._document
        size = document.width, document.height
        self._quick = None
        source = (
            display.picture_source(document) if self._alone is None else display.plane_source(self._alone)
        )
        self._pixels = Pyramid(*size, source, half=half)
        self._veil = Pyramid(*size, display.mask_source(document, *self._veil_look))
        self.set_budget(self._budget)

    def show_alone(self, plane: TiledImage | None) -> None:
        """Show one plane of a single channel, a mask, in grey in the picture's place; None: the picture."""
        self._alone = plane
        self.reset()
        self.stale.emit()

    def set_veil(self, colour: tuple[int, int, int], opacity: float) -> None:
        """Show the selection in another colour (0..255) and opacity (0..1)."""
        if (colour, opacity) != self._veil_look:
            self._veil_look = colour, opacity
            source = display.mask_source(self._document, colour, opacity)
            self._veil = Pyramid(self._document.width, self._document.height, source)
            self.set_budget(self._budget)
            self.stale.emit()

    def set_budget(self, budget: int) -> None:
        """Keep at most about so many bytes of what is drawn."""
        self._budget = budget
        self._veil.set_budget(budget // _VEIL_SHARE)
        self._pixels.set_budget(budget - budget // _VEIL_SHARE)

    def pixels_changed(self, area: Rect) -> None:
        self._pixels.invalidate(area)
        if self._is_slow(area):
            self._begin_quick()

    def selection_changed(self, area: Rect) -> None:
        self._veil.invalidate(area)

    def _is_slow(self, area: Rect) -> bool:
        """Whether to compose ``area`` anew takes longer than the hand waits for."""
        seen = area.intersected(self._document.rect)
        large = seen.width * seen.height >= QUICK_FROM
        layered = self._alone is None and sole_layer(self._document.layers) is None
        return large and self._view.zoom < 1 and layered

    def _begin_quick(self) -> None:
        """Until there is a pause, show what is picked at about the screen's own pixels."""
        self._quick_timer.start()
        level = min(self._view.level + 1, QUICK_MOST)
        if self._quick is None or self._quick[0] != level:
            coarse = Coarse(self._document, 1 << level)
            self._quick = level, display.coarse_source(self._document, coarse)

    def _end_quick(self) -> None:
        self._quick = None
        self.stale.emit()

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
        elif self._quick is None:
            self._draw_level(painter, self._pixels, exposed, self._view)
        else:
            self._draw_quick(painter, exposed)
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

    def _draw_quick(self, painter: QPainter, exposed: QRect) -> None:
        level, source = self._quick
        area = area_at(self._view, level, exposed).intersected(self._pixels.size(level))
        if area:
            draw_image(painter, self._view, as_qimage(source(area)), area, 1 << level)

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

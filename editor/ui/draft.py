"""What an unfinished fill looks like, over the picture."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from editor.document.geometry import Rect
from editor.ui.compare import Look
from editor.ui.view import View
from engines.base import Patch

MOST = 1024  # pixels of its longer side; no model sees more, and it is drawn within a frame

_GREY = np.array([[0.299], [0.587], [0.114]], np.float32)


@dataclass(frozen=True, eq=False)
class Draft:
    """``image``, with alpha, covers ``area`` of the picture."""

    image: QImage
    area: Rect


def drawn(patch: Patch, *, grey: bool) -> Draft:
    """A patch as it can be drawn, ``grey`` for a picture that is; for any thread."""
    height, width = patch.alpha.shape
    step = max(-(-max(height, width) // MOST), 1)
    rgb, alpha = patch.rgb[::step, ::step], patch.alpha[::step, ::step, None]
    if grey:
        rgb = np.repeat(rgb @ _GREY, 3, axis=-1)
    rgba = np.concatenate([rgb * alpha, alpha], axis=-1) * 255
    pixels = np.ascontiguousarray(np.rint(rgba).clip(0, 255).astype(np.uint8))
    rows, columns = pixels.shape[:2]
    form = QImage.Format.Format_RGBA8888_Premultiplied
    image = QImage(pixels.data, columns, rows, 4 * columns, form).copy()  # which keeps its own pixels
    return Draft(image, Rect(patch.box.x, patch.box.y, columns * step, rows * step))


def over(draft: Draft, around: QImage, area: Rect) -> QImage:
    """A small picture of ``area`` with the draft over it."""
    made = around.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(made.width() / area.width, made.height() / area.height)
    box = draft.area
    painter.drawImage(QRectF(box.x - area.x, box.y - area.y, box.width, box.height), draft.image)
    painter.end()
    return made


@dataclass(frozen=True, eq=False)
class DraftLook(Look):
    """A picture with drafts over it: of each part of a fill the last one, the rest as it is."""

    drafts: dict[Rect, Draft] = field(default_factory=dict)

    def take(self, draft: Draft) -> None:
        """Show this one in the place of those that it covers."""
        for area in [each for each in self.drafts if draft.area.intersected(each) == each]:
            del self.drafts[area]
        self.drafts[draft.area] = draft

    def draw(self, painter: QPainter, view: View, exposed: QRect) -> None:
        super().draw(painter, view, exposed)
        painter.save()
        painter.setClipRect(exposed)
        painter.setTransform(view.transform(view.zoom))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for area, draft in self.drafts.items():
            painter.drawImage(QRectF(area.x, area.y, area.width, area.height), draft.image)
        painter.restore()

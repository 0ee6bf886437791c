"""The picture as a transform would leave it, from as few pixels as there is time for."""

from collections.abc import Iterable
from time import perf_counter

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from editor.document import resample
from editor.document.geometry import NOWHERE, Rect
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.document.transform import FreeTransform, Piece, over
from editor.ui import display
from editor.ui.coarse import Coarse
from editor.ui.painting import area_at
from editor.ui.pyramid import as_qimage
from editor.ui.view import View

_SLOW, _QUICK = 0.06, 0.012  # seconds for a look while the hand moves: fewer, or more pixels next time
_COARSEST = 3  # halvings that are skipped at most
_MOST = 32_000  # pixels a side that OpenCV's warp takes


class TransformPreview:
    """Looks at one transform of a document; nothing of it is in the document yet."""

    def __init__(self, document: Document, transform: FreeTransform) -> None:
        self._document, self.transform = document, transform
        self._looks: dict[int, _Look] = {}  # by halvings
        self._skipped = 1  # halvings, while the hand moves
        self._shown: tuple | None = None  # what the last image is of
        self._image: tuple[QImage, Rect, int] | None = None
        self.moving = True  # the hand has moved since the last pause: be quick
        self.is_new = False  # the last image had to be made

    def image(self, view: View, seen: QRect) -> tuple[QImage, Rect, int] | None:
        """What shows in the widget's rectangle ``seen``: the image, where it lies and how many of the
        picture's pixels a side each of its pixels stands for; None if no part of the canvas does."""
        matrix = self.transform.matrix.tobytes()
        place = (view.zoom, view.x, view.y, view.angle, view.ratio, seen.width(), seen.height())
        if self._shown is not None and self._shown[0] != matrix:
            self.moving = True
        self.is_new = self._shown != (matrix, place, self.moving)
        if self.is_new:
            self._image = self._look(view, seen)
            self._shown = matrix, place, self.moving
        return self._image

    def _look(self, view: View, seen: QRect) -> tuple[QImage, Rect, int] | None:
        level = view.level + (self._skipped if self.moving else 0)
        area = self._seen_at(level, view, seen)
        if not area:
            return None
        is_first = level not in self._looks
        if is_first:
            self._looks[level] = _Look(self._document, self.transform, 1 << level)
        start = perf_counter()
        pixels = display.coarse_source(self._document, self._looks[level], opaque=False)(area)
        taken = perf_counter() - start
        if self.moving and not is_first:  # what is picked the first time is there the next
            change = int(taken > _SLOW) - int(taken < _QUICK)
            self._skipped = min(max(self._skipped + change, 0), _COARSEST)
        return as_qimage(pixels), area, 1 << level

    def _seen_at(self, level: int, view: View, seen: QRect) -> Rect:
        step = 1 << level
        whole = Rect(0, 0, -(-self._document.width // step), -(-self._document.height // step))
        return area_at(view, level, seen).intersected(whole)


class _Look(Coarse):
    """What is transformed is warped as it was picked; only what is looked at is picked."""

    def __init__(self, document: Document, transform: FreeTransform, step: int) -> None:
        super().__init__(document, step)
        self._transform = transform
        self._pieces = {piece.held: piece for piece in transform.pieces}
        self._bounds = {piece.held: piece.plane.bounds() for piece in transform.pieces}
        self._area = NOWHERE

    def composite(self, area: Rect) -> np.ndarray:
        self._area = area
        return super().composite(area)

    def _twins(self, layers: Iterable[Layer]) -> list[Layer]:
        twins = []
        for layer in layers:
            twins.append(self._twin(layer))
            if layer is self._transform.layer and self._transform.copy is not None:
                twins.append(self._twin(self._transform.copy))
        return twins

    def _picked(self, plane: TiledImage, area: Rect | None = None) -> TiledImage:
        piece = self._pieces.get(plane)
        seen = _times(self._area, self.step)
        if piece is None:
            return super()._picked(plane, seen)
        warped = self._warped(piece, self._bounds[plane])
        return warped if piece.rest is None else over(warped, super()._picked(piece.rest, seen))

    def _warped(self, piece: Piece, bounds: Rect) -> TiledImage:
        """What shows of a piece; ``bounds`` are those of its plane."""
        plane, step = piece.plane, self.step
        empty = TiledImage(plane.channels, plane.dtype, plane.default)
        if not bounds:
            return empty
        left, top = bounds.x // step, bounds.y // step
        source = Rect(left, top, -(-bounds.right // step) - left, -(-bounds.bottom // step) - top)
        scale = np.diag([step, step, 1.0])
        matrix = np.linalg.inv(scale) @ self._transform.matrix @ scale
        target = resample.bounds(matrix, source).intersected(self._area)
        needed = _needed(matrix, target, source) if target else target
        if not needed:
            return empty
        pixels = super()._picked(plane, _times(needed, step)).read(needed)
        pixels = _warped(pixels, needed, matrix, target, plane.default)
        return TiledImage.from_array(pixels, target.x, target.y, default=plane.default)


def _times(area: Rect, step: int) -> Rect:
    return Rect(area.x * step, area.y * step, area.width * step, area.height * step)


def _needed(matrix: np.ndarray, target: Rect, source: Rect) -> Rect:
    """The part of ``source`` that ``target`` is made of."""
    try:
        needed = resample.bounds(np.linalg.inv(matrix), target)
    except ValueError:  # a corner of the target lies beyond the horizon
        needed = source
    needed = needed.grown(2).intersected(source)
    return Rect(needed.x, needed.y, min(needed.width, _MOST), min(needed.height, _MOST))


def _warped(pixels: np.ndarray, source: Rect, matrix: np.ndarray, target: Rect, beyond: int) -> np.ndarray:
    """``pixels``, which lie at ``source``, through ``matrix``, bilinearly; ``beyond`` is what lies around."""
    import cv2

    def offset(x: float, y: float) -> np.ndarray:
        return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])

    # OpenCV has the centres of pixels at whole numbers.
    matrix = offset(-target.x - 0.5, -target.y - 0.5) @ matrix @ offset(source.x + 0.5, source.y + 0.5)
    size = target.width, target.height

    def warp(values: np.ndarray, **border) -> np.ndarray:
        return cv2.warpPerspective(values, matrix, size, flags=cv2.INTER_LINEAR, **border)

    if pixels.shape[2] == 1:
        return warp(pixels, borderMode=cv2.BORDER_CONSTANT, borderValue=beyond)[..., None]
    full = np.iinfo(pixels.dtype).max
    if (pixels[..., 3] == full).all():
        out = warp(pixels, borderMode=cv2.BORDER_REPLICATE)
        out[..., 3] = warp(np.full(pixels.shape[:2], full, pixels.dtype), borderMode=cv2.BORDER_CONSTANT)
        return out
    # Weighed by their alpha, or transparent black would darken every edge.
    eight = pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)
    weighed = cv2.cvtColor(eight, cv2.COLOR_RGBA2mRGBA)
    out = cv2.cvtColor(warp(weighed, borderMode=cv2.BORDER_CONSTANT), cv2.COLOR_mRGBA2RGBA)
    return out if pixels.dtype == np.uint8 else out * np.uint16(257)

"""Small pictures of layers and masks, made from a few samples of their tiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.parallel import Background
from editor.document.tiles import TiledImage, TileKey
from editor.ui import theme
from editor.ui.display import premultiplied

_SAMPLES = 4  # a side, for each pixel of the thumbnail
_AT_ONCE = 64  # tiles of a plane of which a picture is made while the panel paints
_CHECK = 4  # pixels: the canvas's 8 would be as large as what is shown


Which = tuple[Layer, str]

_background = Background("thumbnails")


class Thumbnails(QObject):
    """Keeps pictures of layers and of their masks, and knows which are out of date.

    Tiles are never written in place, so a plane has changed exactly if it holds other tiles. A picture is
    asked for by its layer and ``part``, "image" or "mask". Those of large planes are made in the background;
    ``made`` tells of whose layer one is there.
    """

    made = Signal(object)
    _arrived = Signal(object)

    def __init__(self, side: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self.canvas = Rect(0, 0, 1, 1)  # what a thumbnail shows of its layer
        self._kept: dict[Which, _Kept] = {}
        self._asked: dict[Which, _Kept] = {}  # what is being made
        self._empty: QPixmap | None = None
        self._checker = theme.now.checker
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def clear(self) -> None:
        self._empty = None
        self._kept.clear()
        self._asked.clear()

    def pixmap(self, layer: Layer, ratio: float, part: str = "image") -> QPixmap:
        """The picture as it was last made. If there is none for this device pixel ratio it is made now or,
        with an empty one in its place until then, soon."""
        if self._checker != theme.now.checker:
            self._checker = theme.now.checker
            self.clear()
        kept = self._kept.get((layer, part))
        if kept is not None and kept.ratio == ratio:
            return kept.picture
        if self._make(layer, part, ratio):
            return self._kept[layer, part].picture
        if self._empty is None or self._empty.devicePixelRatio() != ratio:
            self._empty = _pixmap(_draw(TiledImage(4, np.uint8), self.canvas, self._side, ratio), ratio)
        return self._empty

    def refresh(self, layers: Sequence[Layer]) -> list[Layer]:
        """Make again what is out of date, forget other layers, and say what looks different now."""
        present = set(layers)
        changed = []
        for (layer, part), kept in list(self._kept.items()):
            plane = _plane(layer, part)
            if layer not in present or plane is None:
                del self._kept[layer, part]
            elif not _same_tiles(kept.tiles, plane.tiles) and self._make(layer, part, kept.ratio):
                changed.append(layer)
        return changed

    def _make(self, layer: Layer, part: str, ratio: float) -> bool:
        """Whether the picture is there already."""
        plane, which = _plane(layer, part).snapshot(), (layer, part)
        if len(plane.tiles) <= _AT_ONCE:
            image = _draw(plane, self.canvas, self._side, ratio)
            self._kept[which] = _Kept(plane.tiles, ratio, _pixmap(image, ratio))
            self._asked.pop(which, None)
            return True
        asked = self._asked.get(which)
        if asked is None or asked.ratio != ratio or not _same_tiles(asked.tiles, plane.tiles):
            asked = self._asked[which] = _Kept(plane.tiles, ratio)
            canvas, side = self.canvas, self._side
            _background.submit(lambda: self._draw_there(which, asked, plane, canvas, side))
        return False

    def _draw_there(self, which: Which, asked: "_Kept", plane: TiledImage, canvas: Rect, side: int) -> None:
        """In the other thread."""
        image = _draw(plane, canvas, side, asked.ratio)
        try:
            self._arrived.emit((which, asked, image))
        except RuntimeError:
            pass  # the panel is gone

    @Slot(object)
    def _take(self, arrived: "tuple[Which, _Kept, QImage]") -> None:
        which, asked, image = arrived
        if self._asked.get(which) is asked:  # else something newer is being made
            del self._asked[which]
            self._kept[which] = _Kept(asked.tiles, asked.ratio, _pixmap(image, asked.ratio))
            self.made.emit(which[0])


@dataclass(frozen=True, eq=False)
class _Kept:
    """What a picture was made of, and the picture once it is made."""

    tiles: dict[TileKey, np.ndarray]
    ratio: float
    picture: QPixmap | None = None


def _pixmap(image: QImage, ratio: float) -> QPixmap:
    picture = QPixmap.fromImage(image)
    picture.setDevicePixelRatio(ratio)
    return picture


def _plane(layer: Layer, part: str) -> TiledImage | None:
    if part == "mask":
        return None if layer.mask is None else layer.mask.image
    return layer.image


def _same_tiles(one: dict[TileKey, np.ndarray], other: dict[TileKey, np.ndarray]) -> bool:
    return len(one) == len(other) and all(other.get(key) is tile for key, tile in one.items())


def _draw(image: TiledImage, canvas: Rect, side: int, ratio: float) -> QImage:
    """``image`` over a checkerboard, its longer side ``side`` pixels times ``ratio``."""
    side = round(side * ratio)
    picked = samples(image, canvas, side * _SAMPLES)
    if image.channels == 1:  # a mask: grey, and nothing to see through
        picked = np.concatenate([picked.repeat(3, axis=2), np.full_like(picked, 255)], axis=2)
    pixels = np.ascontiguousarray(premultiplied(picked))
    height, width = pixels.shape[:2]
    picture = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
    scale = side / max(canvas.width, canvas.height)
    size = QSize(max(round(canvas.width * scale), 1), max(round(canvas.height * scale), 1))
    out = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(out)
    _paint_checkerboard(painter, out.rect(), round(_CHECK * ratio))
    smooth = Qt.TransformationMode.SmoothTransformation
    painter.drawImage(0, 0, picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
    painter.end()
    return out


def _paint_checkerboard(painter: QPainter, rect: QRect, check: int) -> None:
    painter.fillRect(rect, QColor(theme.now.checker[0]))
    for y in range(0, rect.height(), check):
        for x in range(check * (y // check % 2), rect.width(), 2 * check):
            painter.fillRect(x, y, check, check, QColor(theme.now.checker[1]))


def samples(image: TiledImage, canvas: Rect, side: int) -> np.ndarray:
    """About ``side`` pixels of the canvas's longer side, evenly picked: (h, w, channels) uint8.

    Reads no more than it returns, however large the picture is. The canvas begins at (0, 0).
    """
    step = max(max(canvas.width, canvas.height) // side, 1)
    shape = -(-canvas.height // step), -(-canvas.width // step), image.channels
    out = np.full(shape, image.default, np.uint8)
    for key, tile in image.tiles.items():
        box = image.box(key)
        shared = box.intersected(canvas)
        # The first multiple of ``step`` in the tile; there may be none in it.
        row, column = -(-shared.y // step), -(-shared.x // step)
        rows = slice(row * step - box.y, max(shared.bottom - box.y, 0), step)
        picked = tile[rows, column * step - box.x : max(shared.right - box.x, 0) : step]
        if picked.dtype == np.uint16:
            picked = (picked >> 8).astype(np.uint8)
        height, width = picked.shape[:2]
        if height and width:
            out[row : row + height, column : column + width] = picked
    return out

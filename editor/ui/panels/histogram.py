"""How often each value occurs in a picture: counted from a coarse look at it, and drawn."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from editor.document.geometry import Rect
from editor.document.layers import Group, Layer, walk
from editor.document.model import Document
from editor.ui import theme
from editor.ui.coarse import Coarse
from editor.ui.words import number, tr

CHANNEL_COLOURS = ("#e0615a", "#58a55c", "#5b93e6")  # red, green, blue: told apart on both themes
_ENOUGH = 300_000  # pixels that are counted, at most
_COARSEST = 64


@dataclass(frozen=True)
class Counts:
    """``values``: (4, 256) of red, green, blue and luminosity, in parts of all pixels that are not clear."""

    values: np.ndarray


def count(document: Document, below: Layer | None = None) -> Counts:
    """Count what shows of ``document``, a snapshot that no other thread changes.

    With ``below`` only what lies under this layer of it, which is what an adjustment is given.
    """
    if below is not None:
        document.layers = tuple(_under(document.layers, below)[0])
    step = 1
    while document.width * document.height > _ENOUGH * step * step and step < _COARSEST:
        step *= 2
    size = [max(-(-(side - step // 2) // step), 1) for side in (document.width, document.height)]
    pixels = Coarse(document, step).composite(Rect(0, 0, *size))
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    pixels = pixels[pixels[..., 3] > 0]
    out = np.zeros((4, 256))
    if len(pixels):
        red, green, blue = (pixels[:, channel].astype(np.uint16) for channel in range(3))
        planes = (red, green, blue, (77 * red + 151 * green + 28 * blue) >> 8)
        for row, plane in zip(out, planes, strict=True):
            row += np.bincount(plane, minlength=256)[:256]
        out /= len(pixels)
    return Counts(out)


def twin_of(document: Document, snapshot: Document, layer: Layer) -> Layer:
    """The layer of a snapshot that stands for ``layer`` of the document it was made of."""
    place = list(walk(document.layers)).index(layer)
    return list(walk(snapshot.layers))[place]


def _under(layers: Iterable[Layer], target: Layer) -> tuple[list[Layer], bool]:
    """The layers below ``target``, groups around it cut off above it; whether it was found."""
    out: list[Layer] = []
    for layer in layers:
        if layer is target:
            return out, True
        out.append(layer)
        if isinstance(layer, Group):
            inside, found = _under(layer.children, target)
            if found:
                layer.children = tuple(inside)
                return out, True
    return out, False


def draw_counts(painter: QPainter, rect: QRectF, counts: Counts | None, channel: int | None = None) -> None:
    """Draw into ``rect``: the luminosity as a shape and the colours as lines, or one ``channel`` alone."""
    if counts is None:
        return
    values = (np.roll(counts.values, 1, 1) + 2 * counts.values + np.roll(counts.values, -1, 1)) / 4
    values[:, [0, -1]] = counts.values[:, [0, -1]]
    shown = values if channel is None else values[channel : channel + 1]
    # A spike, of a clipped sky say, is cut off: it would press all the rest flat.
    top = max(float(np.sort(row)[-6]) for row in shown) * 1.08
    if top <= 0:
        top = max(float(shown.max()), 1e-9)
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if channel is None:
        _fill(painter, rect, values[3] / top, QColor(theme.now.scroll))
        for row, colour in zip(values[:3], CHANNEL_COLOURS, strict=True):
            painter.setPen(QPen(QColor(colour), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_line(rect, row / top))
    else:
        colour = QColor(CHANNEL_COLOURS[channel])
        colour.setAlphaF(0.4)
        _fill(painter, rect, values[channel] / top, colour)
    painter.restore()


def _fill(painter: QPainter, rect: QRectF, heights: np.ndarray, colour: QColor) -> None:
    path = _line(rect, heights)
    path.lineTo(rect.bottomRight())
    path.lineTo(rect.bottomLeft())
    path.closeSubpath()
    painter.fillPath(path, colour)


def _line(rect: QRectF, heights: np.ndarray) -> QPainterPath:
    path = QPainterPath()
    for value, height in enumerate(heights.clip(0, 1.2)):
        x = rect.left() + value / 255 * rect.width()
        y = rect.bottom() - height * rect.height()
        (path.lineTo if value else path.moveTo)(QPointF(x, y))
    return path


class Histogram(QWidget):
    """Shows what it was last given; ``wanted`` asks for what is newer when it is about to be seen."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts | None = None
        self._is_stale = True
        self.setFixedHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Histogram"))

    def sizeHint(self) -> QSize:
        return QSize(240, 72)

    def expire(self) -> None:
        """The picture has changed."""
        self._is_stale = True
        self.update()

    def show_counts(self, counts: Counts | None) -> None:
        """Show other counts."""
        self._counts = counts
        self.setAccessibleDescription(self._summary())
        self.update()

    def _summary(self) -> str:
        if self._counts is None:
            return ""
        grey = self._counts.values[3]
        return tr("Mean {mean}, {dark} % black, {light} % white").format(
            mean=round(float((grey * np.arange(256)).sum())),
            dark=number(100 * grey[0], 1),
            light=number(100 * grey[255], 1),
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._counts is None:
            return
        value = round(min(max(event.position().x() / max(self.width() - 1, 1), 0), 1) * 255)
        grey = self._counts.values[3]
        words = tr("Level {level}: {share} %, {below} % darker").format(
            level=value,
            share=number(100 * grey[value], 2),
            below=number(100 * grey[:value].sum(), 1),
        )
        QToolTip.showText(event.globalPosition().toPoint(), words, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.fillRect(rect, QColor(theme.now.well))
        draw_counts(painter, rect.adjusted(0, 4, 0, 0), self._counts)
        if self._is_stale:
            self._is_stale = False
            self.wanted.emit()

"""Selecting by colours that are clicked on in a small picture, or by tones."""

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.document import selections
from editor.document.geometry import Rect
from editor.document.model import Document
from editor.tools.options import HOW
from editor.ui import cursors, display, theme
from editor.ui.coarse import Coarse
from editor.ui.forms.form import Form, choices
from editor.ui.pyramid import as_qimage
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

_SIDE = 280  # pixels that the small pictures may be wide and high
_LEAST = 40  # ... and have to be, however narrow the picture
_COLOURS = "colours"


class ColourRangeForm(Form):
    """``chosen`` carries the colours (RGB in the document's depth), the fuzziness (0..200), a tone or "", and
    how it meets what is selected. A tone is taken in the place of colours."""

    chosen = Signal(object, float, str, str)

    def __init__(self, document: Document, first: tuple[int, int, int], parent: QWidget) -> None:
        super().__init__(parent, tr("Colour range"), tr("Select"))
        self._pixels, shown = _small(document)
        self.colours = [first]
        self.picture = _Picture(as_qimage(shown))
        self.picture.setAccessibleName(tr("Picture: click on colours to select them"))
        self.picture.picked.connect(self._pick)
        self.map = _Picture(as_qimage(shown), clicked=False)
        self.map.setAccessibleName(tr("What will be selected"))
        self.what = choices(
            (
                (_COLOURS, tr("Colours")),
                ("shadows", tr("Shadows")),
                ("midtones", tr("Midtones")),
                ("highlights", tr("Highlights")),
            )
        )
        self.fuzziness = NumberSlider("", 0, 200, value=40)
        self.how = choices((way, tr(words)) for way, words, _ in HOW.choices)
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        for picture, words in ((self.picture, tr("Click; Shift adds")), (self.map, tr("Selected"))):
            column = QVBoxLayout()
            caption = QLabel(words)
            theme.make_quiet(caption)
            column.addWidget(caption)
            column.addWidget(picture)
            line.addLayout(column)
        self.add_wide(both)
        self.add_row(tr("Select"), self.what)
        self.add_row(tr("Fuzziness"), self.fuzziness)
        self.add_row(tr("As"), self.how)
        self.what.activated.connect(self._show_map)
        self.fuzziness.changed.connect(self._show_map)
        self._show_map()

    def _pick(self, place: QPoint, adds: bool) -> None:
        pixel = self._pixels[place.y(), place.x()]
        if pixel[3]:
            colour = tuple(int(value) for value in pixel[:3])
            self.colours = [*self.colours, colour] if adds else [colour]
            self.what.setCurrentIndex(0)
            self._show_map()

    @property
    def _tone(self) -> str:
        what = self.what.currentData()
        return "" if what == _COLOURS else what

    def _show_map(self) -> None:
        self.fuzziness.setEnabled(not self._tone)
        if self._tone:
            found = selections.tonal_range(self._pixels, self._tone)
        else:
            found = selections.colour_range(self._pixels, self.colours, self.fuzziness.value)
        grey = np.repeat(found[..., None], 4, axis=2)
        grey[..., 3] = 255
        self.map.show_image(as_qimage(grey))

    def accept(self) -> None:
        self.chosen.emit(self.colours, self.fuzziness.value, self._tone, self.how.currentData())
        super().accept()


def _small(document: Document) -> tuple[np.ndarray, np.ndarray]:
    """A part of the picture's pixels, evenly spread: as they are, and as the screen shows them."""
    step = 1
    while max(document.width, document.height) / step > _SIDE and step < 256:
        step *= 2
    area = Rect(0, 0, -(-document.width // step), -(-document.height // step))
    coarse = Coarse(document, step)
    return coarse.composite(area), display.coarse_source(document, coarse, opaque=False)(area)


class _Picture(QWidget):
    """A small picture; ``picked`` says where it was clicked on, in its pixels, and whether Shift was held."""

    picked = Signal(QPoint, bool)

    def __init__(self, image: QImage, *, clicked: bool = True) -> None:
        super().__init__()
        self._image = image
        size = image.size().scaled(QSize(_SIDE, _SIDE), Qt.AspectRatioMode.KeepAspectRatio)
        self.setFixedSize(size.expandedTo(QSize(_LEAST, _LEAST)))
        if clicked:
            self.setCursor(cursors.named("eyedropper"))

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def _place(self) -> QRect:
        """Where the image lies."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2), size)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, point = self._place(), event.position().toPoint()
        if place.contains(point):
            x = (point.x() - place.x()) * self._image.width() // place.width()
            y = (point.y() - place.y()) * self._image.height() // place.height()
            self.picked.emit(QPoint(x, y), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._place(), self._image)

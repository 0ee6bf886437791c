"""How large the picture is to be, on the screen and on paper."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from editor.document import planes
from editor.document.model import Document
from editor.ui.forms.form import Form, choices, number
from editor.ui.forms.sides import Sides
from editor.ui.option_controls import icon_button
from editor.ui.words import tr, tr_composed

NO_DPI = 72.0  # what pictures without a resolution are taken to have

_METHODS = ("auto", "bicubic", "lanczos", "bilinear", "area", "nearest")


class ImageSizeForm(Form):
    """``chosen`` carries width and height in pixels, the method, and the resolution as (x, y) dots per inch,
    None for the one that there is.

    With resampling, a resolution changes pixels if the sides are lengths on paper; without it, sides and
    resolution are two words for the same, and no pixel changes.
    """

    chosen = Signal(int, int, str, object)

    def __init__(self, document: Document, unit: str, parent: QWidget) -> None:
        super().__init__(parent, tr("Image size"), tr("Resize"))
        self._size = document.width, document.height
        self._first_dpi = document.metadata.dpi
        dpi = self._first_dpi[0] if self._first_dpi is not None else NO_DPI
        self.sides = Sides(*self._size, unit, dpi, self)
        self.sides.linked = True
        self.link = icon_button("link", tr("Keep the ratio of width and height"))
        self.link.setCheckable(True)
        self.link.setChecked(True)
        self.dpi = number(1, 9999, dpi, decimals=1, suffix=tr("pixels/inch"))
        self.resample = QCheckBox(tr("Resample"))
        self.resample.setChecked(True)
        words = {
            "auto": tr("Automatic"),
            "bicubic": tr("Bicubic (smooth)"),
            "lanczos": tr("Lanczos (sharp)"),
            "bilinear": tr("Bilinear"),
            "area": tr("Average of areas"),
            "nearest": tr("Hard edges"),
        }
        self.method = choices((method, words[method]) for method in _METHODS)
        self.add_row(tr("Width"), self.sides.width, self.sides.unit)
        self.add_row(tr("Height"), self.sides.height, self.link)
        self.add_row(tr("Resolution"), self.dpi)
        self.add_row("", self.resample)
        self.add_row(tr("Method"), self.method)
        self.sides.changed.connect(self._on_sides)
        self.link.toggled.connect(self._on_link)
        self.dpi.valueChanged.connect(self._on_dpi)
        self.resample.toggled.connect(self._on_resample)
        self._check()
        self.sides.width.selectAll()

    def _on_link(self, linked: bool) -> None:
        self.sides.linked = linked

    def _on_sides(self) -> None:
        if not self.resample.isChecked():  # the same pixels on another length of paper
            self.sides.dpi *= self._size[0] / self.sides.pixels[0]
            self.sides.set_pixels(*self._size)
            self.dpi.blockSignals(True)
            self.dpi.setValue(self.sides.dpi)
            self.dpi.blockSignals(False)
        self._check()

    def _on_dpi(self, dpi: float) -> None:
        width, height = self.sides.pixels
        if self.resample.isChecked() and self.sides.is_physical:
            factor = dpi / self.sides.dpi
            width, height = width * factor, height * factor
        self.sides.dpi = dpi
        self.sides.set_pixels(width, height)
        self._check()

    def _on_resample(self, resample: bool) -> None:
        if not resample:
            self.sides.set_pixels(*self._size)
            self.link.setChecked(True)
        self.link.setEnabled(resample)
        self.method.setEnabled(resample)
        for field in self.sides.fields:
            field.setEnabled(resample or self.sides.is_physical)
        self._check()

    def _check(self) -> None:
        width, height = self.sides.whole
        try:
            planes.check_size(width, height)
        except ValueError as refusal:
            self.say(tr_composed(str(refusal)), possible=False)
        else:
            self.say(tr("{width} × {height} pixels").format(width=width, height=height))

    def accept(self) -> None:
        dpi = self.dpi.value()
        known = self._first_dpi if self._first_dpi is not None else (NO_DPI, NO_DPI)
        kept = abs(dpi - known[0]) < 0.06  # the field shows a tenth
        size = self.sides.whole if self.resample.isChecked() else self._size
        self.chosen.emit(*size, self.method.currentData(), None if kept else (dpi, dpi))
        super().accept()

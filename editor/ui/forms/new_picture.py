"""What a new picture is to be like."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from editor.document import planes
from editor.document.blank import blank
from editor.settings import Settings
from editor.tools.bench import Bench
from editor.ui.forms.form import Form, choices, number
from editor.ui.forms.sides import PERCENT, Sides
from editor.ui.words import tr, tr_composed

_DEFAULTS = {"width": 1920, "height": 1080, "dpi": 300, "bits": 8, "background": "white"}  # sides in pixels
_DPI = (1, 9999)


class NewPictureForm(Form):
    """``made`` carries a document without a file. Its choices are remembered in ``settings``."""

    made = Signal(object)

    def __init__(self, settings: Settings, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, tr("New picture"), tr("Create"))
        self._settings, self._bench = settings, bench
        kept = {name: value for name, value in settings.new_picture.items() if _accepts(name, value)}
        chosen = _DEFAULTS | kept
        copied = QApplication.clipboard().image()
        if not copied.isNull():  # most often it is to be pasted here
            chosen |= {"width": copied.width(), "height": copied.height()}
        self.sides = Sides(chosen["width"], chosen["height"], settings.units, chosen["dpi"], self)
        self.sides.unit.removeItem(self.sides.unit.findData(PERCENT))  # of what?
        self.dpi = number(*_DPI, chosen["dpi"], suffix=tr("pixels/inch"))
        self.bits = choices(((8, tr("8 bits per channel")), (16, tr("16 bits per channel"))), chosen["bits"])
        self.background = choices(
            (
                ("white", tr("White")),
                ("clear", tr("Transparent")),
                ("colour", tr("Background colour")),
            ),
            chosen["background"],
        )
        self.add_row(tr("Width"), self.sides.width, self.sides.unit)
        self.add_row(tr("Height"), self.sides.height)
        self.add_row(tr("Resolution"), self.dpi)
        self.add_row(tr("Depth"), self.bits)
        self.add_row(tr("Background"), self.background)
        self.sides.changed.connect(self._check)
        self.dpi.valueChanged.connect(self._on_dpi)
        self._check()
        self.sides.width.selectAll()

    def _on_dpi(self, dpi: float) -> None:
        """Millimetres stay millimetres, and pixels pixels."""
        factor = dpi / self.sides.dpi if self.sides.is_physical else 1.0
        self.sides.dpi = dpi
        self.sides.set_pixels(*(side * factor for side in self.sides.pixels))
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
        width, height = self.sides.whole
        bits, background, dpi = self.bits.currentData(), self.background.currentData(), self.dpi.value()
        self._settings.new_picture = {
            "width": width,
            "height": height,
            "dpi": round(dpi),
            "bits": bits,
            "background": background,
        }
        colours = {"white": (1.0, 1.0, 1.0), "clear": None, "colour": self._bench.background}
        document = blank(width, height, bits=bits, colour=colours[background], dpi=dpi)
        document.layers[0].name = tr(document.layers[0].name)
        self.made.emit(document)
        super().accept()


def _accepts(name: str, value: object) -> bool:
    """Whether a kept choice makes sense."""
    if name == "background":
        return value in ("white", "clear", "colour")
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    if name == "bits":
        return value in (8, 16)
    low, high = _DPI if name == "dpi" else (1, planes.MAX_SIDE)
    return name in _DEFAULTS and low <= value <= high

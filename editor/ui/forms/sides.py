"""Width and height in a unit of the user's choice."""

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox

from editor.document import planes
from editor.ui import units
from editor.ui.forms.form import choices, number
from editor.ui.words import tr

PERCENT = "%"


class Sides(QObject):
    """Two fields and a list of units. ``pixels`` are what they come to at ``dpi``, not rounded.

    ``changed``: a side was changed by the user. ``linked`` keeps the ratio of width and height.
    ``relative`` shows how much is added to the sides as they were.
    """

    changed = Signal()

    def __init__(self, width: int, height: int, unit: str, dpi: float, parent: QObject) -> None:
        super().__init__(parent)
        self._first = width, height
        self.pixels = float(width), float(height)
        self.dpi = dpi
        self.linked = False
        self._relative = False
        self.fields = number(0, 1, 0), number(0, 1, 0)
        self.unit: QComboBox = choices((*units.names(), (PERCENT, tr("Per cent"))), unit)
        self.unit.setAccessibleName(tr("Units"))
        self.show_pixels()
        for axis, field in enumerate(self.fields):
            field.valueChanged.connect(lambda _, axis=axis: self._take(axis))
        self.unit.activated.connect(self.show_pixels)

    @property
    def width(self) -> QDoubleSpinBox:
        return self.fields[0]

    @property
    def height(self) -> QDoubleSpinBox:
        return self.fields[1]

    @property
    def whole(self) -> tuple[int, int]:
        """The sides in whole pixels."""
        return max(round(self.pixels[0]), 1), max(round(self.pixels[1]), 1)

    @property
    def is_physical(self) -> bool:
        """Whether they are lengths on paper."""
        return self.unit.currentData() not in ("px", PERCENT)

    @property
    def relative(self) -> bool:
        return self._relative

    @relative.setter
    def relative(self, relative: bool) -> None:
        self._relative = relative
        self.show_pixels()

    def set_pixels(self, width: float, height: float) -> None:
        """Show other sides, without a signal."""
        self.pixels = width, height
        self.show_pixels()

    def show_pixels(self) -> None:
        """Show the sides as the unit and the resolution have them."""
        for axis, field in enumerate(self.fields):
            self._show(axis, field)

    def _show(self, axis: int, field: QDoubleSpinBox) -> None:
        unit = self.unit.currentData()
        with QSignalBlocker(field):
            field.setDecimals(1 if unit == PERCENT else units.DECIMALS[unit])
            low = -float(self._first[axis]) if self._relative else 0.0
            field.setRange(self._shown(low, axis), self._shown(float(planes.MAX_SIDE), axis))
            start = self._first[axis] if self._relative else 0
            field.setValue(self._shown(self.pixels[axis] - start, axis))

    def _shown(self, pixels: float, axis: int) -> float:
        unit = self.unit.currentData()
        if unit == PERCENT:
            return pixels / self._first[axis] * 100
        return units.from_pixels(pixels, unit, self.dpi)

    def _take(self, axis: int) -> None:
        unit, value = self.unit.currentData(), self.fields[axis].value()
        length = (
            value / 100 * self._first[axis] if unit == PERCENT else units.to_pixels(value, unit, self.dpi)
        )
        if self._relative:
            length += self._first[axis]
        other = self.pixels[1 - axis]
        if self.linked:
            other = length * self._first[1 - axis] / self._first[axis]
        self.pixels = (length, other) if axis == 0 else (other, length)
        self._show(1 - axis, self.fields[1 - axis])
        self.changed.emit()

"""What a layer is to be filled with."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from editor.tools.bench import BLACK, WHITE, Bench
from editor.ui.forms.form import Form, choices
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

_GREY = (0.5, 0.5, 0.5)


class FillForm(Form):
    """``chosen`` carries the colour and the opacity, 0..1."""

    chosen = Signal(object, float)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, tr("Fill"), tr("Fill"))
        self.colour = choices(
            (
                (bench.foreground, tr("Foreground colour")),
                (bench.background, tr("Background colour")),
                (BLACK, tr("Black")),
                (_GREY, tr("Middle grey")),
                (WHITE, tr("White")),
            )
        )
        self.opacity = NumberSlider("", 1, 100, value=100, suffix="%")
        self.add_row(tr("With"), self.colour)
        self.add_row(tr("Opacity"), self.opacity)

    def accept(self) -> None:
        self.chosen.emit(self.colour.currentData(), self.opacity.value / 100)
        super().accept()

"""By how much the picture is to be turned."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from editor.ui.forms.form import Form, choices, number
from editor.ui.words import tr


class RotateForm(Form):
    """``chosen`` carries the degrees, clockwise, and one of ``canvas.CANVASES``."""

    chosen = Signal(float, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Rotate"), tr("Rotate"))
        self.angle = number(-180, 180, 0, decimals=2, suffix="°")
        self.canvas = choices(
            (
                ("grow", tr("Large enough for all of it")),
                ("keep", tr("As large as it is")),
                ("crop", tr("Without empty corners")),
            )
        )
        self.add_row(tr("Angle"), self.angle)
        self.add_row(tr("Canvas"), self.canvas)
        self.say(tr("Clockwise; less than nothing turns to the left"))
        self.angle.selectAll()

    def accept(self) -> None:
        self.chosen.emit(self.angle.value(), self.canvas.currentData())
        super().accept()

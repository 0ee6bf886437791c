"""What is cut off the edges of a picture."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from editor.ui.forms.form import Form, choices
from editor.ui.words import tr


class TrimForm(Form):
    """``chosen`` carries one of ``trimming.KINDS``."""

    chosen = Signal(str)

    def __init__(self, kind: str, parent: QWidget) -> None:
        super().__init__(parent, tr("Trim"), tr("Trim"))
        self.kind = choices(
            (
                ("transparent", tr("Transparent pixels")),
                ("top left", tr("The colour at the top left")),
                ("bottom right", tr("The colour at the bottom right")),
            ),
            kind,
        )
        self.add_row(tr("Cut off"), self.kind)

    def accept(self) -> None:
        self.chosen.emit(self.kind.currentData())
        super().accept()

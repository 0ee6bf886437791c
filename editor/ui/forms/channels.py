"""Selections kept in the picture under a name."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from editor.document.model import Document
from editor.tools.options import HOW
from editor.ui.forms.form import Form, choices
from editor.ui.words import tr

_NAME = 240  # pixels


class SaveSelectionForm(Form):
    """``chosen`` carries a name; one that is there already is to be replaced."""

    chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent, tr("Save selection"), tr("Save"))
        self._names = [channel.name for channel in document.channels]
        self.name = QComboBox()
        self.name.setEditable(True)
        self.name.setMinimumWidth(_NAME)
        self.name.addItems(self._names)
        self.name.setCurrentText(_free_name(self._names))
        self.add_row(tr("Name"), self.name)
        self.name.currentTextChanged.connect(self._check)
        self.name.lineEdit().selectAll()
        self._check(self.name.currentText())

    def _check(self, name: str) -> None:
        if not name.strip():
            self.say(tr("It needs a name."), possible=False)
        else:
            self.say(tr("Replaces the one of this name.") if name in self._names else "")

    def accept(self) -> None:
        self.chosen.emit(self.name.currentText())
        super().accept()


class LoadSelectionForm(Form):
    """``chosen`` carries a channel and how it meets what is selected; ``deleted`` a channel to be deleted."""

    chosen = Signal(object, str)
    deleted = Signal(object)

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent, tr("Load selection"), tr("Load"))
        self.channel = choices((channel, channel.name) for channel in document.channels)
        self.how = choices((way, tr(words)) for way, words, _ in HOW.choices)
        delete = QPushButton(tr("Delete"))
        delete.setToolTip(tr("Delete the saved selection"))
        delete.clicked.connect(self._delete)
        self.add_row(tr("Selection"), self.channel)
        self.add_row(tr("As"), self.how)
        self.add_button(delete)

    def _delete(self) -> None:
        self.deleted.emit(self.channel.currentData())
        self.channel.removeItem(self.channel.currentIndex())
        if not self.channel.count():
            self.reject()

    def accept(self) -> None:
        self.chosen.emit(self.channel.currentData(), self.how.currentData())
        super().accept()


def _free_name(names: list[str]) -> str:
    """ "Selection 1", or the next number that is free."""
    words = tr("Selection {number}")
    return next(
        name for number in range(1, len(names) + 2) if (name := words.format(number=number)) not in names
    )

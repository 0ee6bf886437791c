"""The field for what is to be there."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

MOST = 2000  # characters; models read some 75 words


class WordsEdit(QLineEdit):
    """The arrow up brings what was asked for before, the one down what came after that; what was being
    written is found below the newest."""

    def __init__(self, before: list[str]) -> None:
        """``before``: the newest first."""
        super().__init__()
        self.setMaxLength(MOST)
        self._before = before
        self._place = -1  # in what came before; -1: what is being written
        self._written = ""
        self.textEdited.connect(self._leave)

    def forget_place(self, before: list[str]) -> None:
        """What came before is now ``before``; the next arrow up brings the newest."""
        self._before, self._place = before, -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        place = self._place + step
        if place == 0 and step > 0:
            self._written = self.text()
            if self._before and self._before[0] == self._written:
                place = 1  # which is what stands there
        if -1 <= place < len(self._before):
            self._place = place
            self.setText(self._written if place < 0 else self._before[place])

    def _leave(self) -> None:
        self._place = -1

"""What the small dialogs have in common: rows, a line of words, and two buttons."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor.ui import theme
from editor.ui.words import tr

_CONTROL = 128  # least width
_MARGIN = 5  # the style sheet's padding does not reach the text of a field with arrows


class Form(QDialog):
    """Stays over its window until it is answered; subclasses say what with a signal of their own.

    ``title`` and ``verb``, the words of the button that accepts, are in the user's language already.
    """

    def __init__(self, parent: QWidget, title: str, verb: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(3, 1)
        self._words = QLabel()
        theme.make_quiet(self._words)
        self.accept_button, cancel = QPushButton(verb), QPushButton(tr("Cancel"))
        self.accept_button.setProperty("primary", True)
        self.accept_button.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self._words, 1)
        self._buttons.addWidget(cancel)
        self._buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(20)
        column.addLayout(self._grid)
        column.addLayout(self._buttons)
        cancel.setAutoDefault(False)
        self.accept_button.setDefault(True)  # only now that it lies in the dialog

    def add_row(self, words: str, *controls: QWidget) -> None:
        """Controls in a line, the first of which is called ``words``; empty words leave its name alone."""
        line = self._grid.rowCount()
        if words:
            label = QLabel(words)
            label.setBuddy(controls[0])
            controls[0].setAccessibleName(words)
            self._grid.addWidget(label, line, 0)
        for column, control in enumerate(controls):
            last = column == len(controls) - 1
            self._grid.addWidget(control, line, column + 1, 1, 3 - column if last else 1)

    def add_wide(self, widget: QWidget) -> None:
        """Something that takes a line for itself."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 4)

    def add_button(self, button: QPushButton) -> None:
        """One more, before the others."""
        button.setAutoDefault(False)
        self._buttons.insertWidget(1, button)

    def say(self, words: str, *, possible: bool = True) -> None:
        """Show a line beside the buttons; if it is not ``possible`` as it is, it says why."""
        self._words.setText(words)
        self.accept_button.setEnabled(possible)


def choices(options: Iterable[tuple[object, str]], value: object = None) -> QComboBox:
    """A list of (value, words)."""
    box = QComboBox()
    for each, words in options:
        box.addItem(words, each)
    if value is not None:
        box.setCurrentIndex(box.findData(value))
    return box


def number(low: float, high: float, value: float, *, decimals: int = 0, suffix: str = "") -> QDoubleSpinBox:
    """A number that is typed or stepped."""
    field = QDoubleSpinBox()
    field.setRange(low, high)
    field.setDecimals(decimals)
    field.setValue(value)
    field.setMinimumWidth(_CONTROL)
    if suffix:
        field.setSuffix(f"\N{NO-BREAK SPACE}{suffix}")
    field.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)
    return field

"""What pages of the Preferences are made of: lines of a label, a control, and a few quiet words under it."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from editor.ui import theme

_LABELS = 150  # width of the labels' column
_CONTROL = 240


class Page(QWidget):
    """One page, with its ``title`` at the top."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        heading = QLabel(title)
        font = heading.font()
        font.setPixelSize(16)
        heading.setFont(font)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 16)
        self.column.setSpacing(20)
        self.column.addWidget(heading)

    def add_row(self, label: str, control: QWidget, words: str = "") -> QLabel:
        """A line of the page. The label with ``words`` comes back, to say something else later."""
        caption = QLabel(label)
        caption.setBuddy(control)
        caption.setFixedWidth(_LABELS)
        if not control.accessibleName():
            control.setAccessibleName(label)
        hint = QLabel(words)
        hint.setWordWrap(True)
        hint.setVisible(bool(words))
        theme.make_quiet(hint)
        if words:
            control.setAccessibleDescription(words)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(caption, 0, 0)
        grid.addWidget(control, 0, 1, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(hint, 1, 1)
        self.column.addLayout(grid)
        return hint

    def finish(self) -> None:
        """Nothing comes below."""
        self.column.addStretch()


def choice(
    choices: Iterable[tuple[Any, str]], value: Any, chosen: Callable[[Any], None], other: str = ""
) -> QComboBox:
    """A list to choose from: values and their words. ``chosen`` is called with what the user picks.

    A ``value`` that is none of the choices is put at the end, as ``other``.
    """
    box = QComboBox()
    box.setMinimumWidth(_CONTROL)
    for each, words in choices:
        box.addItem(words, each)
    if box.findData(value) < 0:
        box.addItem(other or str(value), value)
    box.setCurrentIndex(box.findData(value))
    box.activated.connect(lambda place: chosen(box.itemData(place)))
    return box

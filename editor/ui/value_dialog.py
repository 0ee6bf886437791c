"""A small question for one number of pixels."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor.ui.slider import NumberSlider
from editor.ui.words import tr


def ask(
    parent: QWidget, title: str, label: str, *, value: float, low: float, high: float, step: float
) -> float | None:
    """The number that the user settles on; None if he thinks better of it."""
    dialog = ValueDialog(parent, title, label, value=value, low=low, high=high, step=step)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return dialog.value if accepted else None


class ValueDialog(QDialog):
    """One slider and two buttons."""

    def __init__(
        self, parent: QWidget, title: str, label: str, *, value: float, low: float, high: float, step: float
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._slider = NumberSlider(
            label, low, high, value=value, step=step, suffix="px", logarithmic=True, parent=self
        )
        self._slider.setMinimumWidth(320)
        accept, cancel = QPushButton(title), QPushButton(tr("Cancel"))
        accept.setProperty("primary", True)
        accept.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addWidget(self._slider)
        column.addLayout(buttons)
        cancel.setAutoDefault(False)
        accept.setDefault(True)  # only now that it lies in the dialog
        self._slider.setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def value(self) -> float:
        return self._slider.value

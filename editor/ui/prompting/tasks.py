"""What can be done with words, and what there is to choose about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from editor.ui.slider import NumberSlider
from editor.ui.words import tr

# By task: its name, what its button says, and what stands in the field while that is empty.
_TASKS = {
    "fill": ("Fill", "Fill", "Say what is to be there, or nothing"),
    "remove": ("Remove", "Remove", "What lies behind, if hard to tell"),
    "expand": ("Expand", "Expand", "Say what is beyond, or nothing"),
    "sdedit": ("Paint to photo", "Make photo", "What you have painted"),
}
# Those that a fill from the command line may have been made with.
_OTHERS = {
    "ilvr": ("From reference", "Fill", "What looks like what is selected"),
    "resample": ("Fill, resampled", "Fill", "Say what is to be there, or nothing"),
    "soft": ("Soft change", "Change", "What it is to become"),
}


class TaskMenu(QComboBox):
    """``changed``: another task is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Task"))
        for task, (name, _, _) in _TASKS.items():
            self.addItem(tr(name), task)
        self.currentIndexChanged.connect(self.changed)

    @property
    def task(self) -> str:
        return self.currentData()

    @property
    def verb(self) -> str:
        """What the button says that does it."""
        return tr(self._words[1])

    @property
    def placeholder(self) -> str:
        """What stands in the field for the words while that is empty."""
        return tr(self._words[2])

    @property
    def _words(self) -> tuple[str, str, str]:
        return (_TASKS | _OTHERS)[self.task]

    def choose(self, task: str) -> None:
        """Raises KeyError for one that there is not."""
        if self.findData(task) < 0:
            self.addItem(tr(_OTHERS[task][0]), task)
        self.setCurrentIndex(self.findData(task))


class Sides(QWidget):
    """How many pixels the picture is to grow by, at each side."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.sliders = []
        for name in ("Left", "Top", "Right", "Bottom"):
            slider = NumberSlider(tr(name), 0, 4096, value=256, default=256, suffix="px", compact=True)
            slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.sliders.append(slider)
            row.addWidget(slider)

    @property
    def pixels(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return tuple(round(slider.value) for slider in self.sliders)


class Realism(QWidget):
    """How far a photograph may leave the colours that it is made of, between two words."""

    def __init__(self) -> None:
        super().__init__()
        self.slider = NumberSlider("", 1, 100, value=50, default=50, suffix="%")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName(tr("From faithful to realistic"))
        self.slider.setToolTip(
            tr("How far it may leave the colours that you painted: less is faithful, more is realistic")
        )
        faithful, realistic = QLabel(tr("Faithful")), QLabel(tr("Realistic"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        for label in (faithful, realistic):
            label.setProperty("quiet", True)
        row.addWidget(faithful)
        row.addWidget(self.slider, 1)
        row.addWidget(realistic)

    @property
    def strength(self) -> float:
        """0 .. 1."""
        return self.slider.value / 100

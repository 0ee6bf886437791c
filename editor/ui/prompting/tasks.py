"""What can be done with words, and what there is to choose about it."""

import math
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from editor.ui import theme
from editor.ui.slider import NumberSlider
from editor.ui.words import tr
from engines.diffusion.checkpoints import Checkpoint
from engines.diffusion.requests import Sampling

# By task: its name, what its button says, and what stands in the field while that is empty.
_TASKS = {
    "fill": ("Fill", "Fill", "Say what is to be there, or nothing"),
    "remove": ("Remove", "Remove", "What lies behind, if hard to tell"),
    "expand": ("Expand", "Expand", "Say what is beyond, or nothing"),
    "sdedit": ("Paint to photo", "Make photo", "What you have painted"),
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
        return _TASKS[self.task]

    def choose(self, task: str) -> None:
        """Raises KeyError for one that there is not."""
        if task not in _TASKS:
            raise KeyError(task)
        if self.findData(task) < 0:
            self.addItem(tr(_TASKS[task][0]), task)
        self.setCurrentIndex(self.findData(task))

    def fit(self, model: Checkpoint) -> None:
        """Offer what is of use with a model: one that can fill needs no resampling."""
        place = self.findData("resample")
        if not model.inpaints and place < 0:
            self.insertItem(list(_TASKS).index("resample"), tr(_TASKS["resample"][0]), "resample")
        elif model.inpaints and place >= 0:
            self.removeItem(place)


class Sides(QWidget):
    """How many pixels the picture is to grow by, at each side."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.sliders = []
        for name in (tr("Left"), tr("Top"), tr("Right"), tr("Bottom")):
            slider = NumberSlider(name, 0, 4096, value=256, default=256, suffix="px", compact=True)
            slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.sliders.append(slider)
            row.addWidget(slider)

    @property
    def pixels(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return tuple(round(slider.value) for slider in self.sliders)


class Between(QWidget):
    """How far to go from one word to another, 0 .. 100 %."""

    def __init__(self, first: str, last: str, tip: str) -> None:
        super().__init__()
        self.slider = NumberSlider("", 0, 100, value=50, default=50, suffix="%")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName(f"{first} – {last}")
        self.slider.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        for each in (first, self.slider, last):
            if isinstance(each, str):
                each = QLabel(each)
                each.setProperty("quiet", True)
            row.addWidget(each, int(each is self.slider))


class Realism(Between):
    """How far a photograph may leave the colours that it is made of."""

    def __init__(self) -> None:
        tip = tr("How far it may leave the colours that you painted: less is faithful, more is realistic")
        super().__init__(tr("Faithful"), tr("Realistic"), tip)

    def tell(self, sampling: Sampling) -> None:
        self.slider.set_value(sampling.strength * 100)

    def over(self, sampling: Sampling) -> Sampling:
        """A sampling as this has it."""
        return replace(sampling, strength=max(self.slider.value, 1) / 100)


class Closeness(Between):
    """How close a fill keeps to what is selected: down to which size its shapes and colours stay."""

    _FACTORS = 128, 8  # pixels: at the loose end and at the close one, where all stays

    def __init__(self) -> None:
        tip = tr("What is selected is the reference: loose keeps its large colours, close its shapes too")
        super().__init__(tr("Loose"), tr("Close"), tip)
        self._told: tuple[float, int] = 0.0, 0

    def tell(self, sampling: Sampling) -> None:
        loose, close = self._FACTORS
        factor = min(max(sampling.factor, close), loose)
        self.slider.set_value(100 * math.log(factor / loose) / math.log(close / loose))
        self._told = self.slider.value, sampling.factor

    def over(self, sampling: Sampling) -> Sampling:
        """A sampling as this has it."""
        value, factor = self._told
        if self.slider.value != value or not factor:  # else the very factor, which the slider may have not
            loose, close = self._FACTORS
            factor = round(loose * (close / loose) ** (self.slider.value / 100))
        return replace(sampling, factor=factor)


class Repeats(QWidget):
    """How a model that was not made to fill is led to it: by going back and over the same steps again."""

    def __init__(self) -> None:
        super().__init__()
        usual = Sampling()
        self.jump = NumberSlider(tr("Steps back"), 1, 20, value=usual.jump, default=usual.jump)
        self.jump.setToolTip(tr("How many steps are gone over again at a time"))
        self.times = NumberSlider(tr("Repeats"), 1, 20, value=usual.resamplings, default=usual.resamplings)
        self.times.setToolTip(tr("How often: more fit in better, and each takes as long again"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for slider in (self.jump, self.times):
            slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(slider, 1)

    def tell(self, sampling: Sampling) -> None:
        self.jump.set_value(sampling.jump)
        self.times.set_value(sampling.resamplings)

    def over(self, sampling: Sampling) -> Sampling:
        """A sampling as this has it."""
        return replace(sampling, jump=round(self.jump.value), resamplings=round(self.times.value))


class SoftHint(QLabel):
    """How a selection is made that says how much is to change."""

    def __init__(self) -> None:
        super().__init__(
            tr("Where more is selected, more changes. Soften it with Select › Feather or a soft brush.")
        )
        self.setWordWrap(True)
        self.setContentsMargins(4, 0, 4, 0)
        theme.make_quiet(self)

"""What is folded away in the bar: how a model goes about it."""

import secrets
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from editor.ui.option_controls import icon_button
from editor.ui.prompting.words_edit import MOST
from editor.ui.slider import NumberSlider
from editor.ui.words import tr
from engines.diffusion.requests import Sampling

_LARGEST_SEED = 2.0**53  # up to which the box counts one by one


class More(QWidget):
    """Negative words, steps, strength, how closely the words are followed, and the seed.

    ``entered``: Enter was pressed in one of the fields.
    """

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._usual = Sampling()
        self.negative = QLineEdit()
        self.negative.setMaxLength(MOST)
        self.negative.setAccessibleName(tr("Not to be seen"))
        self.negative.setPlaceholderText(tr("Nothing in particular"))
        self.negative.returnPressed.connect(self.entered)
        self.steps = _slider(tr("Steps"), 1, 100, 20)
        self.steps.setToolTip(tr("From noise to picture; more take longer and are cleaner"))
        self.strength = _slider(tr("Strength"), 1, 100, 100, suffix="%")
        self.strength.setToolTip(tr("How little of what is there now shows through"))
        self.guidance = _slider(tr("Follow words"), 0, 30, 7.5, step=0.5)
        self.guidance.setToolTip(tr("How closely the words are followed"))
        self.seed = QDoubleSpinBox()
        self.seed.setDecimals(0)
        self.seed.setRange(-_LARGEST_SEED, _LARGEST_SEED)
        self.seed.setAccessibleName(tr("Seed"))
        self.seed.setToolTip(tr("Another seed is another fill; the same seed is the same fill again."))
        self.seed.lineEdit().returnPressed.connect(self.entered)
        self.draw_seed()
        again = icon_button("rerun", tr("Another seed"))
        again.clicked.connect(self.draw_seed)
        self._lay_out(again)

    def _lay_out(self, again: QWidget) -> None:
        seed = QHBoxLayout()
        seed.setSpacing(4)
        seed.addWidget(self.seed, 1)
        seed.addWidget(again)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.addWidget(_caption(tr("Not to be seen"), self.negative), 0, 0)
        grid.addWidget(self.negative, 0, 1, 1, 3)
        grid.addWidget(self.steps, 1, 0, 1, 2)
        grid.addWidget(self.strength, 2, 0, 1, 2)
        grid.addWidget(self.guidance, 1, 2, 1, 2)
        grid.addWidget(_caption(tr("Seed"), self.seed), 2, 2)
        grid.addLayout(seed, 2, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        NumberSlider.align((self.steps, self.strength))

    def draw_seed(self) -> None:
        """Another one, by chance."""
        self.seed.setValue(secrets.randbelow(2**31))

    def next_seed(self, count: int) -> None:
        """The one after those that ``count`` results were made with."""
        self.seed.setValue(self.seed.value() + count)

    def show_usual(self, usual: Sampling) -> None:
        """Show what is usual now, but for what the user has set otherwise."""
        before, self._usual = self._usual, usual
        for slider, name, scale in self._sliders():
            if slider.value == round(getattr(before, name) * scale, 1):
                slider.set_value(getattr(usual, name) * scale)

    def tell(self, sampling: Sampling) -> None:
        """Show these values, as a fill was made with."""
        self._usual = sampling
        self.negative.setText(sampling.negative)
        for slider, name, scale in self._sliders():
            slider.set_value(getattr(sampling, name) * scale)
        self.seed.setValue(sampling.seed)

    def over(self, sampling: Sampling) -> Sampling:
        """A sampling with what is shown here in place of its own; the rest of it stays."""
        values = {name: slider.value / scale for slider, name, scale in self._sliders()}
        return replace(
            sampling,
            negative=self.negative.text().strip(),
            steps=round(values["steps"]),
            strength=values["strength"],
            guidance=values["guidance"],
            seed=int(self.seed.value()),
        )

    def _sliders(self) -> tuple[tuple[NumberSlider, str, int], ...]:
        return (self.steps, "steps", 1), (self.strength, "strength", 100), (self.guidance, "guidance", 1)


def _slider(label: str, low: float, high: float, value: float, **more: object) -> NumberSlider:
    slider = NumberSlider(label, low, high, value=value, default=value, **more)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return slider


def _caption(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setContentsMargins(4, 0, 0, 0)  # as far in as the names of sliders
    label.setBuddy(buddy)
    label.setProperty("quiet", True)
    return label

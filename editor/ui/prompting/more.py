"""How a model goes about it: a page of what is folded away in the bar."""

import secrets
from dataclasses import replace
from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from editor.ui.option_controls import icon_button
from editor.ui.prompting.words_edit import MOST
from editor.ui.slider import NumberSlider
from editor.ui.words import tr
from engines.diffusion import presets
from engines.diffusion.checkpoints import Checkpoint
from engines.diffusion.requests import SCHEDULERS, Sampling

# As people know them.
_SCHEDULERS = {"ddim": "DDIM", "dpm++": "DPM++ 2M Karras", "euler": "Euler", "lcm": "LCM"}
_LARGEST_SEED = 2.0**53  # up to which the box counts one by one


class More(QWidget):
    """Negative words, few-step presets, scheduler, steps, strength, guidance, second pass and seed.

    ``entered``: Enter was pressed in one of the fields.
    """

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._usual = Sampling()
        self._spacing = ""  # of the preset's noise levels
        self._checkpoint: Checkpoint | None = None
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
        self.rescale = _slider(tr("Calm contrast"), 0, 100, 0, suffix="%")
        self.rescale.setToolTip(tr("Takes back the harsh contrast that following the words closely brings"))
        self.second = _slider(tr("Second pass"), 0, 100, 0, suffix="%")
        self.second.setToolTip(
            tr("A second pass with more detail over what is larger than the model sees; 0 makes none")
        )
        self.preset = _menu(tr("Few steps"), tr("For models and LoRAs that were made to need few steps"))
        self.preset.activated.connect(lambda: self.use_preset(self.preset.currentData()))
        self.scheduler = _menu(tr("Scheduler"), tr("By which rule noise becomes a picture"))
        for name in SCHEDULERS:
            self.scheduler.addItem(_SCHEDULERS[name], name)
        self._show_scheduler(self._usual)
        self.scheduler.activated.connect(self._leave_preset)
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
        for column, menu in ((0, self.preset), (2, self.scheduler)):
            grid.addWidget(_caption(menu.accessibleName(), menu), 1, column)
            grid.addWidget(menu, 1, column + 1)
        left, right = (self.steps, self.strength, self.second), (self.guidance, self.rescale)
        for row, (one, other) in enumerate(zip_longest(left, right), 2):
            grid.addWidget(one, row, 0, 1, 2)
            if other is not None:
                grid.addWidget(other, row, 2, 1, 2)
        grid.addWidget(_caption(tr("Seed"), self.seed), 4, 2)
        grid.addLayout(seed, 4, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        NumberSlider.align(left)
        NumberSlider.align(right)

    def fit(self, model: Checkpoint) -> None:
        """Offer what there is for a model."""
        self._checkpoint = model
        chosen = self.preset.currentData()
        self.preset.clear()
        self.preset.addItem(tr("As usual"), "")
        for name, preset in presets.for_family(model.family).items():
            self.preset.addItem(tr(preset.title), name)
        self.preset.setCurrentIndex(max(self.preset.findData(chosen), 0))
        for widget in (self.scheduler, self.rescale):  # FLUX has one of its own, and no second prediction
            widget.setEnabled(model.family not in ("flux", "flux2"))

    def use_preset(self, name: str, steps: int = 0) -> None:
        """Show what a few-step preset sets at once; an empty name is what is usual.

        One that the model's family has not changes nothing.
        """
        place = self.preset.findData(name)
        if place < 0:
            return
        self.preset.setCurrentIndex(place)
        if name:
            self._show(presets.sampling_of(name, self.over(self._usual), steps))
            return
        usual = self._usual
        told = {each: getattr(usual, each) for each in ("steps", "guidance", "scheduler", "spacing")}
        self._show(replace(self.over(usual), **told))

    def _leave_preset(self) -> None:
        self._spacing = ""
        self.preset.setCurrentIndex(0)

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
        if self.scheduler.currentData() == before.scheduler and not self.preset.currentData():
            self._show_scheduler(usual)

    def tell(self, sampling: Sampling) -> None:
        """Show these values, as a fill was made with."""
        self._usual = sampling
        self.negative.setText(sampling.negative)
        self._show(sampling)
        self.seed.setValue(sampling.seed)
        told = sampling.scheduler, sampling.spacing, sampling.guidance
        fitting = presets.for_family(self._checkpoint.family) if self._checkpoint else {}
        same = (
            name for name, each in fitting.items() if (each.scheduler, each.spacing, each.guidance) == told
        )
        self.preset.setCurrentIndex(max(self.preset.findData(next(same, "")), 0))

    def _show(self, sampling: Sampling) -> None:
        for slider, name, scale in self._sliders():
            slider.set_value(getattr(sampling, name) * scale)
        self._show_scheduler(sampling)

    def _show_scheduler(self, sampling: Sampling) -> None:
        self._spacing = sampling.spacing
        self.scheduler.setCurrentIndex(self.scheduler.findData(sampling.scheduler))

    def over(self, sampling: Sampling) -> Sampling:
        """A sampling with what is shown here in place of its own; the rest of it stays."""
        values = {name: slider.value / scale for slider, name, scale in self._sliders()}
        return replace(
            sampling,
            negative=self.negative.text().strip(),
            steps=round(values["steps"]),
            strength=values["strength"],
            guidance=values["guidance"],
            rescale=values["rescale"],
            scheduler=self.scheduler.currentData(),
            spacing=self._spacing,
            seed=int(self.seed.value()),
        )

    def _sliders(self) -> tuple[tuple[NumberSlider, str, int], ...]:
        return (
            (self.steps, "steps", 1),
            (self.strength, "strength", 100),
            (self.guidance, "guidance", 1),
            (self.rescale, "rescale", 100),
        )


def _slider(label: str, low: float, high: float, value: float, **more: object) -> NumberSlider:
    slider = NumberSlider(label, low, high, value=value, default=value, **more)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return slider


def _menu(name: str, tip: str) -> QComboBox:
    menu = QComboBox()
    menu.setAccessibleName(name)
    menu.setToolTip(tip)
    menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    menu.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return menu


def _caption(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setContentsMargins(4, 0, 0, 0)  # as far in as the names of sliders
    label.setBuddy(buddy)
    label.setProperty("quiet", True)
    return label

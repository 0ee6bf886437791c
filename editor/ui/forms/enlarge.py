"""How much larger a picture is to be made with detail, by which network; or what to get for that."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from editor.document.model import Document
from editor.jobs import upscale
from editor.jobs.upscale import FACTORS, Enlarging
from editor.ui import theme
from editor.ui.background import Call
from editor.ui.file_dialogs import ask_for_files
from editor.ui.forms.form import Form, choices
from editor.ui.forms.image_size import NO_DPI
from editor.ui.forms.sides import Sides
from editor.ui.models import phrases
from editor.ui.prompting.offer import Offer
from editor.ui.slider import NumberSlider
from editor.ui.words import tr, tr_composed
from engines import registry, store
from engines.base import EngineError
from engines.machine import Machine, machine
from engines.upscale import models

if TYPE_CHECKING:
    from editor.ui.window import Window

_OTHER = 0  # the factor of any other size
_WIDEST, _LEAST = 240, 480  # pixels


class EnlargeForm(Form):
    """``chosen`` carries an Enlarging. What was chosen is kept in the settings for the next time."""

    chosen = Signal(object)

    def __init__(self, document: Document, window: "Window") -> None:
        super().__init__(window, tr("Enlarge with detail"), tr("Enlarge"))
        self._document, self._window = document, window
        self._kept = window.settings.enlarging
        self._here: Machine | None = None  # not looked at yet
        self._offer: Offer | None = None
        dpi = document.metadata.dpi[0] if document.metadata.dpi is not None else NO_DPI
        self.sides = Sides(document.width, document.height, window.settings.units, dpi, self)
        self.sides.linked = True
        self.setMinimumWidth(_LEAST)
        times = tuple((factor, tr("{factor} times").format(factor=factor)) for factor in FACTORS)
        self.factor = choices((*times, (_OTHER, tr("Another size"))))
        self.models = QComboBox()
        self.models.setMaximumWidth(_WIDEST)
        self.own = QPushButton(tr("Choose a file…"))
        self.own.setToolTip(tr("A network that you have: a .safetensors, .pth or .onnx file"))
        self.own.setAutoDefault(False)
        self.detail = NumberSlider("", 0, 100, value=self._share("detail", 100), default=100, suffix="%")
        self.detail.setToolTip(tr("How much of what the model adds; 0 is a smooth enlargement"))
        self.grain = NumberSlider("", 0, 100, value=self._share("grain", 50), default=50, suffix="%")
        self.grain.setToolTip(
            tr("How much of the noise and the finest lines the model smooths is given back")
        )
        self.facts = QLabel()
        theme.make_quiet(self.facts)
        self.facts.setWordWrap(True)
        self.add_row(tr("Size"), self.factor)
        self.add_row(tr("Width"), self.sides.width, self.sides.unit)
        self.add_row(tr("Height"), self.sides.height)
        self.add_row(tr("Model"), self.models, self.own)
        self.add_row(tr("Detail"), self.detail)
        self.add_row(tr("Grain"), self.grain)
        self.add_wide(self.facts)
        self.factor.activated.connect(self._on_factor)
        self.sides.changed.connect(self._on_sides)
        self.models.activated.connect(self._check)
        self.own.clicked.connect(self._ask_for_model)
        factor = self._kept.get("factor")
        self.factor.setCurrentIndex(max(self.factor.findData(factor if factor in FACTORS else FACTORS[0]), 0))
        self._on_factor()
        self.refresh_models()
        looked = Call(window._files.submit(machine, store.packs_folder()), self)
        looked.done.connect(self._on_looked)

    def refresh_models(self) -> None:
        """Look for networks again; where there is none, show what to get."""
        found = {each.model: each for each in models.installed()}
        before = self.models.currentData() or self._kept.get("model")
        with QSignalBlocker(self.models):
            self.models.clear()
            for each in found.values():
                self.models.addItem(_words(each), each.model)
            self.models.setCurrentIndex(max(self.models.findData(before), 0))
        if not found and self._offer is None:
            self._offer = Offer(
                self._window._files,
                self._window.installer,
                registry.UPSCALER,
                tr("Enlarging with detail needs a model. There is none here yet."),
                self.own.toolTip(),
            )
            self._offer.got.connect(self.refresh_models)
            self._offer.asked.connect(self._ask_for_model)
            self._offer.done.connect(self.reject)
            self.add_wide(self._offer)
        elif found and self._offer is not None:
            self._offer.hide()
            self._offer.deleteLater()
            self._offer = None
        for control in (self.models, self.own):
            control.setEnabled(bool(found))
        self._check()

    @property
    def wanted(self) -> Enlarging:
        """What the form says now."""
        return Enlarging(
            self.models.currentData() or "",
            *self.sides.whole,
            self.detail.value / 100,
            self.grain.value / 100,
        )

    def _share(self, name: str, usual: int) -> float:
        """A slider's value as it was kept, per cent; it comes from a file and may be anything."""
        value = self._kept.get(name, usual)
        return value if type(value) in (int, float) and 0 <= value <= 100 else usual

    def _on_factor(self) -> None:
        if factor := self.factor.currentData():
            self.sides.set_pixels(self._document.width * factor, self._document.height * factor)
        self._check()

    def _on_sides(self) -> None:
        size = self._document.width, self._document.height
        fits = (each for each in FACTORS if self.sides.whole == (size[0] * each, size[1] * each))
        self.factor.setCurrentIndex(self.factor.findData(next(fits, _OTHER)))
        self._check()

    def _on_looked(self, here: Machine) -> None:
        self._here = here
        self._check()

    def _ask_for_model(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in models.SUFFIXES)
        title = tr("Choose a model for enlarging")
        chosen = ask_for_files(self, title, str(store.packs_folder()), f"{tr('Models')} ({kinds})")
        if not chosen:
            return
        try:
            found = models.adopt(chosen[0])
        except (EngineError, OSError) as refusal:
            self._window.tell(tr_composed(str(refusal)), "warning")
            return
        self.refresh_models()
        self.models.setCurrentIndex(max(self.models.findData(found.model), 0))
        self._check()

    def _check(self) -> None:
        wanted = self.wanted
        try:
            upscale.check(self._document, wanted.width, wanted.height)
        except ValueError as refusal:
            self.facts.clear()
            self.say(tr_composed(str(refusal)), possible=False)
            return
        self.facts.setText(self._estimated(wanted) if wanted.model else "")
        words = tr("{width} × {height} pixels").format(width=wanted.width, height=wanted.height)
        self.say(words, possible=bool(wanted.model))

    def _estimated(self, wanted: Enlarging) -> str:
        """How long it takes and how much memory; empty until that is known."""
        if self._here is None:
            return ""
        try:
            size = models.locate(wanted.model).path.stat().st_size
        except (EngineError, OSError):
            return ""
        found = upscale.estimate(self._document, wanted, size, self._here)
        times = self._window.removing.run_times
        megapixels = upscale.pixels_of(self._document) / 1e6
        seconds = times.expected(times.key(registry.UPSCALER, wanted.model), megapixels) or found.seconds
        words = tr("About {time}, {memory} of memory.").format(
            time=phrases.time(seconds), memory=phrases.size(found.memory)
        )
        is_easy = found.fit.verdict == "comfortable"
        return words if is_easy else f"{words} {tr_composed(found.fit.reason)}"

    def accept(self) -> None:
        wanted = self.wanted
        self._kept |= {
            "model": wanted.model,
            "detail": self.detail.value,
            "grain": self.grain.value,
            "factor": self.factor.currentData(),
        }
        self.chosen.emit(wanted)
        super().accept()


def _words(upscaler: models.Upscaler) -> str:
    """What a network is called and, where that is known, what it is for."""
    if upscaler.model not in store.catalog():
        return upscaler.title
    return f"{upscaler.title} · {tr(store.entry_of(upscaler.model).purpose)}"

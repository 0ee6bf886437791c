"""What is folded away in the bar: a page for each kind of thing that most never need."""

from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from editor.document.model import Document
from editor.jobs import wording
from editor.jobs.fill import Filling
from editor.settings import Settings
from editor.ui.file_dialogs import ask_for_files
from editor.ui.prompting.extras_page import LoraPage, SketchPage
from editor.ui.prompting.more import More
from editor.ui.prompting.style_page import StylePage
from editor.ui.words import tr
from engines import store
from engines.base import EngineError
from engines.diffusion import extras
from engines.diffusion.checkpoints import Checkpoint
from engines.diffusion.extras import Extra

_OTHERS = "extras"  # in the settings: files that the user pointed at


class Fold(QWidget):
    """``entered``: Enter was pressed in one of the fields. ``refused``: why a file is of no use."""

    entered = Signal()
    refused = Signal(str)
    _looked = Signal(object, object, object, str)  # from the thread: extras, lists, what is fresh, refusal

    def __init__(self, settings: Settings, files: Executor, document: Document) -> None:
        super().__init__()
        self._settings, self._files, self._document = settings, files, document
        self.more, self.style_page = More(), StylePage(settings)
        self.sketch, self.loras = SketchPage(), LoraPage()
        self._pages = self.more, self.style_page, self.sketch, self.loras
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("More"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for name in (tr("Making"), tr("Style"), tr("Follow my sketch"), tr("LoRAs")):
            self.tabs.addTab(name)
        self.tabs.currentChanged.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tabs)
        for page in self._pages:
            column.addWidget(page)
        self._turn(0)
        for page in (self.more, self.style_page):
            page.entered.connect(self.entered)
        for page in (self.sketch, self.loras):
            page.asked.connect(self._ask)
        self.loras.taken.connect(self._take_preset)
        self._looked.connect(self._show_looked)
        self.show_lines()
        self.look()

    def _turn(self, place: int) -> None:
        for number, page in enumerate(self._pages):
            page.setVisible(number == place)

    # -- what is shown --------------------------------------------------------------------------------

    def fit(self, model: Checkpoint) -> None:
        """Offer what goes with a model."""
        for page in (self.more, self.sketch, self.loras):
            page.fit(model)

    def tell(self, made: Filling) -> None:
        """Show how a fill was made."""
        self.more.tell(made.sampling)
        self.more.second.set_value(made.second * 100)
        self.style_page.tell(made.style)
        self.sketch.tell({Path(each.model): (each.kind, each.scale) for each in made.hints})
        self.loras.tell({Path(each.model): ("", each.weight) for each in made.loras})

    def over(self, base: Filling) -> Filling:
        """A fill with what is shown here in place of its own; the rest of it stays."""
        return replace(
            base,
            sampling=self.more.over(base.sampling),
            second=self.more.second.value / 100,
            style=self.style_page.style_,
            hints=self.sketch.hints,
            loras=self.loras.loras,
        )

    def show_lines(self) -> None:
        """The document's lines have changed."""
        self.sketch.show_lines(self._document)

    # -- what there is --------------------------------------------------------------------------------

    def look(self, fresh: Path | None = None) -> None:
        """Look for LoRAs, ControlNets and lists of words, in another thread."""
        self._files.submit(_look, self._others(), fresh).add_done_callback(self._hand_over)

    def _others(self) -> list[Path]:
        told = self._settings.filling.get(_OTHERS, [])
        return [Path(each) for each in told if isinstance(each, str)] if isinstance(told, list) else []

    def _ask(self) -> None:
        filters = tr("LoRAs and ControlNets") + " (*.safetensors config.json)"
        chosen = ask_for_files(
            self.window(), tr("Choose a LoRA or a ControlNet"), str(store.packs_folder()), filters
        )
        if chosen:
            self.look(chosen[0].parent if chosen[0].name == "config.json" else chosen[0])

    def _hand_over(self, looked: Future) -> None:
        if not looked.cancelled() and looked.exception() is None:
            try:
                self._looked.emit(*looked.result())
            except RuntimeError:
                pass  # the bar is gone

    def _show_looked(self, found: list[Extra], lists: list[str], fresh: Path | None, refusal: str) -> None:
        if refusal:
            self.refused.emit(refusal)
        elif fresh is not None:
            others = [str(fresh), *(str(each) for each in self._others() if each != fresh)]
            self._settings.filling[_OTHERS] = others
            made = next(each for each in found if each.path == fresh)
            self.tabs.setCurrentIndex(self._pages.index(self.loras if made.what == "lora" else self.sketch))
        for page in (self.sketch, self.loras):
            page.show_extras(found, fresh)
        self.style_page.show_lists(lists)

    def _take_preset(self, lora: Extra) -> None:
        """A LoRA that was made for few steps wants them."""
        if lora.preset is not None:
            self.more.use_preset(*lora.preset)


def _look(others: list[Path], fresh: Path | None) -> tuple[list[Extra], list[str], Path | None, str]:
    refusal = ""
    if fresh is not None:
        try:
            extras.recognise(fresh)
            others = [fresh, *others]
        except (EngineError, OSError) as error:
            fresh, refusal = None, str(error)
    return extras.found(others), wording.lists(), fresh, refusal

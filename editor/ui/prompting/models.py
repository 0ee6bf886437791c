"""The diffusion models that there are on this machine, to choose from."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from editor.ui import theme
from editor.ui.file_dialogs import ask_for_files
from editor.ui.words import tr
from engines import store
from engines.base import EngineError
from engines.diffusion import checkpoints, headers
from engines.diffusion.checkpoints import Checkpoint

_FAMILIES = {
    "sd": "Stable Diffusion 1.5",
    "sdxl": "Stable Diffusion XL",
    "flux": "FLUX",
    "flux2": "FLUX.2 klein",
}
_WIDEST = 200  # pixels


@dataclass(frozen=True)
class Found:
    """The models that there are, and why each other file where one was looked for is of no use."""

    models: list[Checkpoint]
    refused: dict[Path, str]


def found(others: list[str]) -> Found:
    """The models in the user's folder, then those among ``others``, paths of files and folders, that are
    still there. It reads the headers of them all, so it belongs off the GUI thread."""
    models, refused = checkpoints.looked_for()
    there = {model.path for model in models}
    for path in map(Path, others):
        if path not in there and path.exists():
            try:
                models.append(checkpoints.recognise(path))
            except (EngineError, OSError) as error:
                refused[path] = str(error)
    return Found(models, refused)


def title_of(path: Path) -> str:
    """What a model is called: as in the catalogue, or as its file."""
    for entry in store.catalog().values():
        if entry.title and entry.file == path.name:
            return entry.title
    return path.stem if path.suffix in headers.SUFFIXES else path.name


def ask(parent: QWidget) -> Checkpoint | None:
    """A model that the user points at; None if none was. Raises WeightsWrong, with one line, OSError."""
    patterns = " ".join(f"*{suffix}" for suffix in headers.SUFFIXES)
    filters = tr("Diffusion models") + f" ({patterns} model_index.json)"
    chosen = ask_for_files(parent, tr("Choose a diffusion model"), str(store.packs_folder()), filters)
    if not chosen:
        return None
    path = chosen[0].parent if chosen[0].name == "model_index.json" else chosen[0]
    return checkpoints.recognise(path)


class ModelMenu(QComboBox):
    """``picked``: another one is current. ``asked``: the user has another file."""

    picked = Signal()
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Model"))
        self.setMaximumWidth(_WIDEST)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._models: list[Checkpoint] = []
        self._current: Checkpoint | None = None
        self.activated.connect(self._take)

    @property
    def models(self) -> list[Checkpoint]:
        return self._models

    @property
    def model(self) -> Checkpoint | None:
        """The current one; None where there is none."""
        return self._current

    def fill(self, found: Found) -> None:
        """Offer these; the current one stays if it is among them, else the first is. What is of no use is
        shown after them and cannot be chosen."""
        self._models = models = found.models
        self.clear()
        for model in models:
            self.addItem(title_of(model.path))
            family = _FAMILIES[model.family]
            kind = tr("{family}, made for filling") if model.inpaints else tr("{family}, for any picture")
            tip = f"{kind.format(family=family)}\n{model.path}"
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        for path, why in found.refused.items():
            self.addItem(theme.icon("warning"), title_of(path))
            self.setItemData(self.count() - 1, why, Qt.ItemDataRole.ToolTipRole)
            QComboBox.model(self).item(self.count() - 1).setEnabled(False)
        self.insertSeparator(self.count())
        self.addItem(tr("Choose a file…"))
        if models:
            self.choose(self._current.path if self._current in models else models[0].path)
        else:
            self._current = None

    def choose(self, path: Path) -> bool:
        """Make the model at a path the current one; False if it is not offered."""
        for place, model in enumerate(self._models):
            if model.path == path:
                self._current = model
                self.setCurrentIndex(place)
                self.setToolTip(self.itemData(place, Qt.ItemDataRole.ToolTipRole))
                return True
        return False

    def _take(self, place: int) -> None:
        if place < len(self._models):
            self.choose(self._models[place].path)
            self.picked.emit()
            return
        self.setCurrentIndex(self._models.index(self._current))  # until there is another
        self.asked.emit()

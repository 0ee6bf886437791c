"""What File > Export does."""

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from editor.document import export
from editor.document.files.errors import FileError
from editor.document.files.raster import Raster
from editor.ui import dialogs
from editor.ui.background import Call
from editor.ui.export.dialog import ExportDialog
from editor.ui.words import tr, tr_composed

if TYPE_CHECKING:
    from editor.ui.window import Window


class Exporting:
    """Asks how, and writes the file in the background."""

    def __init__(self, files: Executor, window: "Window") -> None:
        self._files, self._window = files, window

    def show(self) -> None:
        """Ask how the picture in front is to be exported."""
        window = self._window
        document = window.document
        if document is None:
            return
        window.settle(document)
        choices = export.Choices.from_values(window.settings.export)
        dialog = ExportDialog(document.snapshot(), dialogs.title(document), choices, window)
        dialog.chosen.connect(self._on_chosen)
        dialog.open()

    @Slot(object, object, object)
    def _on_chosen(self, path: Path, choices: export.Choices, prepared: Raster) -> None:
        window = self._window
        window.settings.export = choices.values
        window.settings.last_folder = str(path.parent)
        call = Call(self._files.submit(export.write, path, prepared, choices), window)
        call.done.connect(
            lambda size: window.tell(
                tr("Exported {name}, {size}.").format(name=path.name, size=dialogs.size_text(size)), "info"
            )
        )
        call.failed.connect(lambda error: window.tell(why_not_exported(path, error), "error"))


def why_not_exported(path: Path, error: Exception) -> str:
    """One line for the user."""
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory to export {name}. Make it smaller.").format(name=path.name)
    return tr("{name} could not be exported: {reason}").format(name=path.name, reason=tr_composed(str(error)))

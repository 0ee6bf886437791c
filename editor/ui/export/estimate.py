"""How large a file becomes: it is made, off the GUI thread, and weighed."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from editor.document import export
from editor.document.files.errors import FileError
from editor.document.files.raster import Raster
from editor.document.model import Document
from editor.ui.background import Call
from editor.ui.dialogs import size_text
from editor.ui.words import tr, tr_composed

Made = tuple[tuple, Raster]  # the key of the choices, and the picture they make

_PAUSE_MS = 200  # without a change, before the file is made


class Estimate(QObject):
    """``told``: the size in words, or why there will be no file, and whether there will be one."""

    told = Signal(str, bool)

    def __init__(self, document: Document, stem: str, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._stem = document, stem
        self._choices: export.Choices | None = None
        self._running: export.Choices | None = None
        self._made: Made | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="export")
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._begin)

    @property
    def picture(self) -> Raster:
        """What the last choices make of the document; for after ``told`` said that there will be a file."""
        return self._made[1]

    def ask(self, choices: export.Choices) -> None:
        """Tell of these choices, and no more of those before."""
        self._choices = choices
        self._timer.start()

    def stop(self) -> None:
        """Nobody waits any more."""
        self._choices = None
        self._timer.stop()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _begin(self) -> None:
        if self._running is not None:
            return  # it goes on with the newest choices when that one has ended
        choices = self._running = self._choices
        future = self._executor.submit(_weighed, self._document, self._stem, choices, self._made)
        call = Call(future, self.parent().parent())  # the window: it outlives the dialog
        call.done.connect(lambda made: self._on_done(choices, *made))
        call.failed.connect(lambda error: self._on_failed(choices, error))

    def _on_done(self, choices: export.Choices, picture: Raster, size: int) -> None:
        if self._choices is not None:
            self._made = choices.picture_key, picture
        if self._is_wanted(choices):
            self.told.emit(tr("The file will have {size}.").format(size=size_text(size)), True)

    def _on_failed(self, choices: export.Choices, error: Exception) -> None:
        if self._is_wanted(choices):
            self.told.emit(_why(error), False)

    def _is_wanted(self, choices: export.Choices) -> bool:
        """Whether these are still the choices; if others have come, they are next."""
        self._running = None
        if self._choices is None:  # the dialog is gone
            return False
        if self._choices != choices and not self._timer.isActive():
            self._begin()
        return self._choices == choices


def _weighed(document: Document, stem: str, choices: export.Choices, made: Made | None) -> tuple[Raster, int]:
    """The picture, made anew if need be, and the bytes of its file."""
    usable = made is not None and made[0] == choices.picture_key
    picture = made[1] if usable else export.picture(document, choices)
    with tempfile.TemporaryDirectory(prefix="lacuna-export-") as folder:
        return picture, export.write(Path(folder) / f"{stem}{choices.target.suffix}", picture, choices)


def _why(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this size.")
    if isinstance(error, FileError | ValueError):
        return tr_composed(str(error))
    return tr("This cannot be exported: {reason}").format(reason=tr_composed(str(error)))

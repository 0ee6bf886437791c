"""Saving in the background: editing goes on meanwhile, and only what was written counts as saved."""

from concurrent.futures import Executor, Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor.document import storage
from editor.document.model import Document
from editor.ui.background import Call


class Saves(QObject):
    """Writes documents one after the other through ``files``."""

    saved = Signal(object, object, object)  # document, path, state
    failed = Signal(object, object, object)  # document, path, exception
    copied = Signal(object)  # path

    def __init__(self, files: Executor, parent: QObject) -> None:
        super().__init__(parent)
        self._files = files
        self._running: dict[Document, tuple[Future[None], object]] = {}

    def start(self, document: Document, path: Path) -> None:
        """Write what the picture is now; ``saved`` or ``failed`` tells how it went."""
        state = document.history.state
        future = self._files.submit(storage.save, document.snapshot(), path)
        self._running[document] = future, state
        call = Call(future, self)
        call.done.connect(lambda _: self._finish(document, path, state))
        call.failed.connect(lambda error: self._fail(document, path, error))

    def copy(self, document: Document, path: Path) -> None:
        """Write what the picture is now, which does not count as saved; ``copied`` or ``failed`` tells."""
        call = Call(self._files.submit(storage.save, document.snapshot(), path), self)
        call.done.connect(lambda _: self.copied.emit(path))
        call.failed.connect(lambda error: self.failed.emit(document, path, error))

    def is_running(self, document: Document) -> bool:
        return document in self._running

    def _finish(self, document: Document, path: Path, state: object) -> None:
        self._running.pop(document, None)
        document.history.mark_saved(state)
        document.path = path.absolute()
        self.saved.emit(document, path, state)

    def _fail(self, document: Document, path: Path, error: Exception) -> None:
        self._running.pop(document, None)
        self.failed.emit(document, path, error)

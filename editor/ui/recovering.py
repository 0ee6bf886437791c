"""Keeps every open picture in a journal, and offers what an earlier run of Lacuna left behind."""

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from editor.document.model import Document
from editor.ui.background import Call
from editor.ui.opening import Opened, made_ready

if TYPE_CHECKING:  # imported after the first paint
    from editor.document.journal import Journal
    from editor.document.recovery import Recoverable

_PATIENCE = 10  # seconds that closing the window waits for journals to go


class Recovery(QObject):
    """``offered``: a list of what can be had again. ``recovered``: one of it, opened. ``failed``: which one,
    and the line that says why. ``troubled``: the disk takes no more.

    Nothing is read or written before ``start``, which is for after the first paint.
    """

    offered = Signal(list)
    recovered = Signal(object, object)  # Recoverable, Opened
    failed = Signal(object, str)
    troubled = Signal(str)

    def __init__(self, files: Executor, parent: QObject) -> None:
        super().__init__(parent)
        self._files = files
        self._started = False
        self._enabled = True
        self._waiting: list[tuple[Document, Path | None]] = []
        self._journals: dict[Document, Journal] = {}
        self._loaded: dict[Document, Recoverable] = {}

    def start(self, *, enabled: bool) -> None:
        """Begin to keep what is open, and look for what was left behind; not at all if not ``enabled``."""
        if self._started:
            return
        self._started, self._enabled = True, enabled
        waiting, self._waiting = self._waiting, []
        for document, source in waiting:
            self.keep(document, source)
        if enabled:
            call = Call(self._files.submit(_pending), self)
            call.done.connect(lambda found: self.offered.emit(found) if found else None)

    def set_enabled(self, enabled: bool, documents: Iterable[Document]) -> None:
        """Keep ``documents``, which are open, and what is opened later; or let go of what is kept of them."""
        self._enabled = enabled
        for document in documents:
            if not enabled:
                self.close(document)
            elif self._started and document not in self._journals:
                self.keep(document, None)

    def keep(self, document: Document, source: Path | None) -> None:
        """Keep a document until ``close``. ``source``: the file that it is as it was read from."""
        if not self._started:
            self._waiting.append((document, source))
        elif document in self._loaded:
            self._journals[document] = self._loaded.pop(document).resume(self.troubled.emit)
        elif self._enabled:
            from editor.document import recovery

            self._journals[document] = recovery.begin(document, source, self.troubled.emit)

    def saved(self, document: Document, path: Path, state: object) -> None:
        if document in self._journals:
            self._journals[document].saved(path, state)

    def close(self, document: Document) -> None:
        """The document was closed by the user: nothing of it is to be recovered."""
        self._waiting = [waiting for waiting in self._waiting if waiting[0] is not document]
        if document in self._journals:
            self._journals.pop(document).close()

    def close_all(self) -> None:
        """Close every document, and wait until nothing of them is left."""
        journals = list(self._journals.values())
        for document in list(self._journals):
            self.close(document)
        for journal in journals:
            journal.join(_PATIENCE)

    def load(self, recoverable: "Recoverable") -> None:
        """Make a document again; ``recovered`` or ``failed`` tells how it went."""
        call = Call(self._files.submit(_load, recoverable), self)
        call.done.connect(lambda opened: self._on_loaded(recoverable, opened))
        call.failed.connect(lambda error: self.failed.emit(recoverable, _words(recoverable, error)))

    def _on_loaded(self, recoverable: "Recoverable", opened: Opened) -> None:
        self._loaded[opened.document] = recoverable
        self.recovered.emit(recoverable, opened)

    def discard(self, recoverable: "Recoverable") -> None:
        """Remove what was kept."""
        self._files.submit(recoverable.discard)


def _pending() -> "list[Recoverable]":
    from editor.document import recovery

    return recovery.pending()


def _load(recoverable: "Recoverable") -> Opened:
    try:
        return replace(made_ready(recoverable.load()), first=recoverable.first)
    except BaseException:
        recoverable.close()
        raise


def _words(recoverable: "Recoverable", error: Exception) -> str:
    from editor.document.files.errors import FileError

    return str(error) if isinstance(error, FileError) else f"Cannot recover {recoverable.name}: {error}."

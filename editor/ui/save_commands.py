"""Save and Save as: which file, what it does not keep, and what to do before a picture goes."""

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from editor.document import storage
from editor.document.model import Document
from editor.settings import Settings
from editor.ui import dialogs
from editor.ui.background import wait_until
from editor.ui.saving import Saves
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

_ASKED = (".psd", ".psb")  # formats of other programs that layers go into with losses


class SaveCommands(QObject):
    """``saved``: a document is in its file, as it was in this state of its history."""

    saved = Signal(object, object, object)  # document, path, state

    def __init__(self, files: Executor, settings: Settings, window: "Window") -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self.saves = Saves(files, self)
        self.saves.saved.connect(self._on_saved)
        self.saves.failed.connect(self._on_not_saved)
        self.saves.copied.connect(
            lambda path: window.tell(tr("Saved a copy: {name}.").format(name=path.name), "info")
        )
        # What has been said of the losses of a document, by the file's suffix.
        self._told: WeakKeyDictionary[Document, set[tuple[str, ...]]] = WeakKeyDictionary()

    def save(self) -> None:
        document = self._window.document
        if document is not None:
            self._start(document, document.path if dialogs.has_own_file(document) else None)

    def save_as(self) -> None:
        document = self._window.document
        if document is not None:
            self._start(document, None)

    def save_copy(self) -> None:
        """Save under a name, and go on with the document and the file that it has."""
        document = self._window.document
        path = None if document is None else self._agreed(document, None, copy=True)
        if path is not None:
            self._settle(document)
            self.saves.copy(document, path)

    def _start(self, document: Document, path: Path | None) -> None:
        path = self._agreed(document, path)
        if path is not None:
            self._settle(document)
            self.saves.start(document, path)

    def _settle(self, document: Document) -> None:
        """Have recorded what is half done, which may take its time, before the document is written."""
        if document.busy is None:
            self._window.settle(document)
            wait_until(lambda: document.busy is None, self._window, tr("Working …"))

    def save_and_wait(self, document: Document) -> bool:
        """Save before closing; False, with the reason shown, if that fails."""
        path = self._agreed(document, document.path if dialogs.has_own_file(document) else None)
        if path is None:
            return False
        self.saves.start(document, path)
        self._wait_for_save(document)
        return not document.history.modified

    def may_close(self, document: Document) -> bool:
        """Ask what to do with unsaved changes, and with an edit that still runs; False if the user thinks
        better of it."""
        if document.busy is not None and not self._may_stop(document):
            return False
        self._wait_for_save(document)
        if not document.history.modified:
            return True
        answer = dialogs.ask_to_save(self._window, document)
        if answer == QMessageBox.StandardButton.Save:
            return self.save_and_wait(document)
        return answer == QMessageBox.StandardButton.Discard

    def _may_stop(self, document: Document) -> bool:
        """Whether the edit that runs may be stopped; then it is."""
        if not dialogs.ask_to_stop(self._window, document):
            return False
        if document.busy is not None:
            document.busy.cancel()
        wait_until(lambda: document.busy is None, self._window, tr("Stopping …"))
        return True

    def _wait_for_save(self, document: Document) -> None:
        """Let a save that is under way come to its end."""
        words = tr("Saving {name} …").format(name=dialogs.title(document))
        wait_until(lambda: not self.saves.is_running(document), self._window, words)

    # -- which file -----------------------------------------------------------------------------------

    def _agreed(self, document: Document, path: Path | None, *, copy: bool = False) -> Path | None:
        """Where to save, once the user knows what is lost there; None to let it be."""
        path = path or self._asked(document, copy=copy)
        while path is not None and _is_asked_about(document, path):
            lost = storage.losses(document, path)
            if not lost or self._has_told(document, path, lost):
                break
            answer = dialogs.ask_about_losses(
                self._window, path, lost, is_flat=path.suffix.lower() not in _ASKED
            )
            if answer == "save":
                break
            self._forget(document, path, lost)
            path = self._asked(document, ".ora", copy=copy) if answer == "ora" else None
        return path

    def _asked(self, document: Document, suffix: str | None = None, *, copy: bool = False) -> Path | None:
        folder = dialogs.first_folder(document, self._settings.last_folder)
        ask = dialogs.ask_where_to_copy if copy else dialogs.ask_where_to_save
        path = ask(self._window, document, folder, suffix)
        if path is not None:
            self._settings.last_folder = str(path.parent)
        return path

    def _has_told(self, document: Document, path: Path, lost: list[str]) -> bool:
        """Whether this has been said before; from now on it has."""
        told, key = self._told.setdefault(document, set()), (path.suffix.lower(), *lost)
        before = key in told
        told.add(key)
        return before

    def _forget(self, document: Document, path: Path, lost: list[str]) -> None:
        """It was said, but not saved then: it has to be said the next time."""
        self._told[document].discard((path.suffix.lower(), *lost))

    # -- how it went ----------------------------------------------------------------------------------

    def _on_saved(self, document: Document, path: Path, state: object) -> None:
        self._settings.add_recent(document.path)
        self.saved.emit(document, path, state)
        lost = [] if _is_asked_about(document, path) else storage.losses(document, path)
        if lost and not self._has_told(document, path, [path.suffix.lower()]):
            self._window.tell(dialogs.what_was_lost(document, path, lost), "warning")
        else:
            self._window.tell(tr("Saved {name}.").format(name=path.name), "info")

    def _on_not_saved(self, document: Document, path: Path, error: Exception) -> None:
        self._window.tell(dialogs.why_not_saved(path, error), "error")


def _is_asked_about(document: Document, path: Path) -> bool:
    """Whether losses are asked about beforehand: a flat file would otherwise take the place of the layers,
    and a photograph's own file be written over, before anybody has heard of it."""
    suffix = path.suffix.lower()
    return suffix in _ASKED or (suffix not in storage.DOCUMENT_SUFFIXES and dialogs.has_layers(document))

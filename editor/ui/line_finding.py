"""Finds the structure lines around what is selected, and shows them before anything is filled."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from editor.document.model import Document
from editor.jobs import lines, remove
from editor.ui.removal import AGAIN, canvas_of
from editor.ui.words import tr
from engines.base import Progress
from engines.registry import LINE_FINDER

if TYPE_CHECKING:
    from editor.ui.window import Window
    from engines.lines.results import LinesRequest, LinesResult
    from engines.manager import EngineManager, Job


class LineFinding(QObject):
    """One search for each document at a time; what it finds becomes guides, as one entry of the history."""

    def __init__(self, manager: "EngineManager", window: "Window") -> None:
        super().__init__(window)
        self._manager, self._window = manager, window
        self._running: dict[Document, Job] = {}

    def find(self) -> None:
        """Search around what is selected in the picture in front."""
        window, document = self._window, self._window.document
        if document is None or document in self._running:
            return
        window.settle(document)
        if not remove.is_masked(document):
            window.tell(str(remove.NothingMasked()), "warning")
            return
        snapshot, canvas = document.snapshot(), canvas_of(document)

        def prepare(progress: Progress) -> "LinesRequest":
            return lines.request(snapshot)

        job = self._manager.submit(LINE_FINDER, prepare=prepare)
        self._running[document] = job
        job.progressed.connect(lambda fraction: self._show(document, fraction))
        job.finished.connect(lambda result: self._finish(document, result, canvas))
        job.failed.connect(lambda message: self._end(document, message, "error"))
        job.cancelled.connect(lambda: self._end(document, tr("Cancelled. Nothing was changed."), "info"))
        self._show(document, 0)
        window.refresh_actions()

    def cancel(self, document: Document) -> None:
        """Call off the search for a document, if there is one."""
        job = self._running.get(document)
        if job is not None:
            job.cancel()

    def forget(self, document: Document) -> None:
        """The document goes, and the search for it."""
        job = self._running.pop(document, None)
        if job is not None:
            job.cancel()

    def is_running(self, document: Document) -> bool:
        """Whether a search for it is under way."""
        return document in self._running

    def _show(self, document: Document, fraction: float | None) -> None:
        if document is self._window.document:
            self._window.status.set_progress(fraction, tr("Finding lines"))

    def _finish(self, document: Document, result: "LinesResult", canvas: tuple) -> None:
        window = self._window
        if document not in self._running:
            return
        if document.busy is not None:
            QTimer.singleShot(AGAIN, self, lambda: self._finish(document, result, canvas))
            return
        if canvas != canvas_of(document):
            words = tr("The picture changed its shape meanwhile. No line was added.")
            self._end(document, words, "warning")
            return
        window.settle(document)
        try:
            new = lines.apply(document, result)
        except ValueError as refusal:
            self._end(document, str(refusal), "warning")
            return
        if not new:
            self._end(document, tr("No other line leads into what is selected."), "info")
            return
        if document is window.document:
            window.tools.use("line")
        followed = sum(line.enabled for line in new)
        words = tr("{followed} of {count} lines are on. Drag their ends; double-click turns one on or off.")
        self._end(document, words.format(count=len(new), followed=followed), "info")

    def _end(self, document: Document, words: str, level: str) -> None:
        if self._running.pop(document, None) is not None:
            self._show(document, None)
            self._window.refresh_actions()
            self._window.tell(words, level)

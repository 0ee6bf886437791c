"""How the menus' commands change the document in front."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction

from editor.document.history import HistoryLost
from editor.document.layers import Layer, walk
from editor.document.model import Busy, Document
from editor.document.progress import Cancelled
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.hold import Hold
    from editor.ui.running import Running
    from editor.ui.window import Window

_SMALL = 16  # tiles of a document: whatever is done to them is done before anybody has noticed
_PATIENCE = 0.012  # seconds that the window waits for an edit, so that a short one does not flicker
_SHOWN_AFTER = 0.3  # seconds after which an edit shows how far it is
_INTERVAL = 100  # ms from one look at that to the next


class Editing(QObject):
    """Runs edits; what is half done is recorded first, and what is refused is told.

    One that takes longer goes on in a thread of its own: it shows how far it is and can be called off, which
    leaves everything as it was, and the document is busy meanwhile. Others can be edited.
    """

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self.window = window
        self._running: dict[Document, tuple[Running, _Wish]] = {}
        self._waiting: dict[Document, list[_Wish]] = {}
        self._hold: Hold | None = None
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._show_progress)

    @property
    def document(self) -> Document | None:
        return self.window.document

    @property
    def chosen(self) -> list[Layer]:
        """The layers that are chosen, the uppermost first; empty without a document."""
        document = self.document
        if document is None:
            return []
        present = set(walk(document.layers))  # the panel may not have followed yet
        return [layer for layer in self.window.chosen_layers if layer in present]

    def run(
        self,
        edit: Callable[[Document], Any],
        *,
        document: Document | None = None,
        what: str = "",
        then: Callable[[Any], object] | None = None,
        waits: bool = False,
    ) -> None:
        """Call ``edit`` with the document, the one in front if None. Its ValueError is a line for the user.

        ``what`` says in a word what is done. ``then`` gets what ``edit`` returned, unless that failed or
        was called off. Either may come after this returns: ``edit`` must look at nothing that changes but
        the document, which nothing else changes meanwhile. ``waits``: it waits for what this thread has to
        deliver, however small the document is.
        """
        document = document or self.document
        if document is None:
            return
        if document.busy is not None:
            self.hint()
            return
        self.window.settle(document)
        wish = _Wish(edit, what or tr("Working"), then, waits)
        if document.busy is not None:  # what was half done takes its time
            self._waiting.setdefault(document, []).append(wish)
        elif not waits and sum(len(plane.tiles) for plane in document.planes()) <= _SMALL:
            try:
                result, error = edit(document), None
            except Exception as refusal:
                result, error = None, refusal
            self._conclude(result, error, then)
        else:
            self._start(document, wish)

    def _start(self, document: Document, wish: "_Wish") -> None:
        self._hold_input()
        from editor.ui.running import Running

        running = Running(document, wish.edit, self)
        if running.serve(0 if wish.waits else _PATIENCE):
            running.deleteLater()
            self._conclude(running.result, running.error, wish.then)
            return
        self._running[document] = running, wish
        running.asked.connect(lambda: self._serve(running))
        self._timer.start()
        self.window.refresh_actions()
        self._serve(running)  # it may have asked before anybody listened

    def undo(self) -> None:
        self.run(Document.undo, what=tr("Undoing"))

    def redo(self) -> None:
        self.run(Document.redo, what=tr("Redoing"))

    def go_to(self, position: int) -> None:
        """Undo or redo until ``position`` entries of the history are done."""
        document = self.document
        if document is not None:
            what = tr("Undoing") if position < document.history.position else tr("Redoing")
            self.run(lambda document: document.go_to(position), what=what)

    def cancel(self) -> bool:
        """Call off what is being done to the document in front; whether there was anything."""
        document = self.document
        if document is None or document.busy is None:
            return False
        document.busy.cancel()
        return True

    def hint(self) -> None:
        """Say that the document in front has to be waited for."""
        self.window.tell(tr(str(Busy())), "info")

    def refresh(self, actions: dict[str, QAction]) -> None:
        """Disable what needs the document in front while that is busy; for after all else is enabled."""
        document = self.document
        if document is not None and document.busy is not None:
            for action in actions.values():
                if action.property("needsDocument"):
                    action.setEnabled(False)

    # -- while an edit runs ---------------------------------------------------------------------------

    def _serve(self, running: "Running") -> None:
        document = running.document
        if document not in self._running or not running.serve(0):
            return
        _, wish = self._running.pop(document)
        if not self._running:
            self._timer.stop()
        if document is self.document:
            self.window.status.set_progress(None)
        self.window.refresh_actions()
        running.deleteLater()
        waiting = self._waiting.pop(document, [])
        self._conclude(running.result, running.error, wish.then)
        if waiting and not isinstance(running.error, Cancelled):
            self._waiting[document] = waiting[1:]
            self._start(document, waiting[0])

    def _conclude(
        self, result: Any, error: BaseException | None, then: Callable[[Any], object] | None
    ) -> None:
        """Tell how an edit went."""
        if isinstance(error, Cancelled):
            self.window.tell(tr("Cancelled. Nothing was changed."), "info")
        elif isinstance(error, ValueError | HistoryLost):
            self.window.tell(tr(str(error)), "warning")
        elif isinstance(error, MemoryError):
            self.window.tell(tr("There is not enough memory for this. Nothing was changed."), "error")
        elif error is not None:
            raise error
        elif then is not None:
            then(result)

    def _show_progress(self) -> None:
        if self.document in self._running:
            running, wish = self._running[self.document]
            if time.monotonic() >= running.since + _SHOWN_AFTER:
                what = tr("Stopping") if running.progress.cancelled else wish.what
                self.window.status.set_progress(running.progress.fraction, what, since=running.since)

    def _hold_input(self) -> None:
        if self._hold is None:
            from editor.ui.hold import Hold

            self._hold = Hold(self)
            self.window.status.cancel_clicked.connect(self.cancel)


@dataclass(frozen=True)
class _Wish:
    """An edit to be made; see `Editing.run`."""

    edit: Callable[[Document], Any]
    what: str
    then: Callable[[Any], object] | None
    waits: bool

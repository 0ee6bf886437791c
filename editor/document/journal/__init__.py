"""A journal of a document's history on the disk, from which the document is made again after a crash."""

from collections.abc import Callable
from pathlib import Path

from editor.document.journal.capture import Capturer
from editor.document.journal.file import Mark, Origin, State
from editor.document.journal.replay import Replayed
from editor.document.journal.session import Session
from editor.document.journal.writer import Writer
from editor.document.model import Change, Document


class Journal:
    """Keeps what a document is and was, in step with its history, until ``close``.

    Nothing but ``wait`` waits for the disk. Everything is to be called in the thread that edits.
    ``on_trouble`` is called at most once, in another thread, with one line for the user: from then on
    changes may be lost in a crash, as the disk takes no more. It is tried again all the time.
    """

    def __init__(
        self,
        document: Document,
        on_trouble: Callable[[str], None],
        *,
        origin: Origin | None = None,
        resumed: tuple[Session, Replayed] | None = None,
    ) -> None:
        """Use recovery.begin or Recoverable.resume."""
        self._document = document
        history = document.history
        self._state = history.state
        if resumed is None:
            self._capturer = Capturer()
            # Numbers of the states; whoever is saved may be any of them.
            self._numbers: dict[object, int] = {self._state: 0}
            self._next = 1
            saved = None if history.modified else 0
        else:
            session, replayed = resumed
            self._capturer, self._numbers = replayed.capturer, replayed.numbers
            self._next, saved = replayed.outline.next_state, replayed.outline.saved
        capture, _ = self._capturer.capture(document)
        self._writer = Writer(
            State(self._numbers[self._state], "", capture),
            Mark(document.path, saved),
            on_trouble,
            origin=origin,
            resumed=None if resumed is None else (session, replayed.outline),
        )
        # The first of all: what the window makes of a step may fail, and the step is kept nevertheless.
        document.observers.insert(0, self._on_change)

    def _on_change(self, change: Change) -> None:
        history = self._document.history
        if history.state is self._state:
            return  # a stroke in progress
        self._state = history.state
        if self._state not in self._numbers:
            self._numbers[self._state] = self._next
            self._next += 1
        name = history.entries[history.position - 1].name if history.position else "Earlier steps"
        capture, nbytes = self._capturer.capture(self._document)
        self._writer.add(State(self._numbers[self._state], name, capture, nbytes))

    def saved(self, path: Path, state: object) -> None:
        """The document as it was when ``history.state`` was ``state`` is in the file at ``path`` now."""
        self._writer.mark(Mark(path.absolute(), self._numbers.get(state)))

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all is written; False if it takes longer (seconds) or the disk takes no more."""
        return self._writer.wait(timeout)

    def close(self) -> None:
        """The document is closed, and nothing of it is to be recovered: end soon and remove the folder."""
        self._document.observers.remove(self._on_change)
        self._writer.end(remove=True)

    def join(self, timeout: float | None = None) -> None:
        """Wait until everything that ``close`` set off has come to its end."""
        self._writer.join(timeout)

"""What was open when Lacuna last stopped without closing it, and keeping what is open now."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from editor.document.files.errors import FileError, reason
from editor.document.history import HistoryLost
from editor.document.journal import Journal
from editor.document.journal.file import Origin
from editor.document.journal.records import NotAJournal
from editor.document.journal.replay import Replayed, outline, replay
from editor.document.journal.session import Session, folders, newest_journal
from editor.document.model import Document
from editor.document.tiles import TiledImage


def begin(document: Document, source: Path | None, on_trouble: Callable[[str], None]) -> Journal:
    """Keep a document from now on. Returns at once.

    ``source`` is the file that ``storage.open_document`` has just made it of, and that nothing has been
    changed since; None for any other document. ``on_trouble``: see Journal.
    """
    origin = None if source is None or document.history.entries else Origin(source, time.time())
    return Journal(document, on_trouble, origin=origin)


@dataclass(eq=False)
class Recoverable:
    """A document that was not closed. ``name`` is its file's, ``path`` where that lies or None, ``changed``
    the time of the last change in seconds since the epoch, ``entries`` how many steps can be undone.
    ``modified``: its file does not hold the last of them. ``problem``: why it cannot be recovered, a clause.
    """

    folder: Path
    name: str
    path: Path | None
    changed: float
    entries: int
    modified: bool
    problem: str | None = None
    _session: Session | None = field(default=None, repr=False)
    _replayed: Replayed | None = field(default=None, repr=False)

    def load(self) -> Document:
        """The document with its history, for ``resume``. For the thread that opens files. Raises FileError;
        then all is as it was."""
        try:
            self._session = self._session or Session.take(self.folder)
            if self._session is None:
                raise FileError(f"Cannot recover {self.name}: another window has it.")
            journal = newest_journal(self.folder)
            if journal is None:
                raise FileError(f"Cannot recover {self.name}: its journal is gone.")
            self._replayed = replay(journal[1])
        except (OSError, NotAJournal, HistoryLost, MemoryError, FileError) as error:
            self.close()
            raise _explained(error, self.name) from error
        return self._replayed.document

    @property
    def first(self) -> tuple[Document, TiledImage]:
        """Of the document that ``load`` gave: what it was before all of its history, and the plane that its
        selection was then."""
        assert self._replayed is not None
        return self._replayed.first, self._replayed.first_selection

    def resume(self, on_trouble: Callable[[str], None]) -> Journal:
        """Go on keeping the document that ``load`` gave and that nothing has been changed of since."""
        assert self._session is not None and self._replayed is not None
        session, self._session = self._session, None
        return Journal(self._replayed.document, on_trouble, resumed=(session, self._replayed))

    def close(self) -> None:
        """Leave it for another time; not needed after ``resume`` or ``discard``."""
        if self._session is not None:
            self._session.release()
            self._session = None

    def discard(self) -> None:
        """Remove all that was kept of it, unless another window has it. Raises nothing."""
        try:
            session = self._session or Session.take(self.folder)
        except OSError:
            return
        self._session = None
        if session is not None:
            session.remove()


def pending() -> list[Recoverable]:
    """What can be recovered, the newest first; what another process has open is left out. Raises nothing.

    Reads no pixels. Folders with nothing to recover in them are removed.
    """
    found = []
    for folder in folders():
        try:
            session = Session.take(folder)
            if session is None:
                continue
            recoverable = _looked_at(folder)
            if recoverable is None:
                session.remove()
            else:
                session.release()
                found.append(recoverable)
        except OSError:
            continue  # nothing to offer, and nothing to lose by leaving it
    return sorted(found, key=lambda each: each.changed, reverse=True)


def _looked_at(folder: Path) -> Recoverable | None:
    """What the folder holds; None if nothing that its document's file has not."""
    journal = newest_journal(folder)
    if journal is None:
        return None
    _, path = journal
    changed = path.stat().st_mtime
    try:
        with path.open("rb") as file:
            kept = outline(file)
    except NotAJournal as error:
        return Recoverable(folder, "a picture", None, changed, 0, True, problem=str(error))
    if kept is None:
        problem = "its journal is damaged"
        return Recoverable(folder, "a picture", None, changed, 0, True, problem=problem)
    modified = kept.states[kept.position] != kept.saved
    if not kept.entries and not modified and kept.path is not None:
        return None
    name = "Untitled" if kept.path is None else kept.path.name
    return Recoverable(folder, name, kept.path, changed, kept.position, modified)


def _explained(error: Exception, name: str) -> FileError:
    if isinstance(error, FileError):
        return error
    if isinstance(error, MemoryError):
        why = "there is not enough memory"
    else:
        why = reason(error) if isinstance(error, OSError) else str(error).rstrip(".")
    return FileError(f"Cannot recover {name}: {why}.")

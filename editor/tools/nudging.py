"""Arrow keys pressed one after the other, as one entry of the history."""

import contextlib
from collections.abc import Callable
from weakref import ref

from editor.document.history import Entry, HistoryLost
from editor.document.model import Document


class Nudges:
    """Adds up the steps of one thing for as long as nothing else happens to the document."""

    def __init__(self) -> None:
        self._entry: ref[Entry] | None = None  # a closed picture's must not stay in memory
        self._thing: ref | None = None
        self._sum = (0, 0)

    def step(
        self, document: Document, thing: object, dx: int, dy: int, move: Callable[[int, int], None]
    ) -> None:
        """Call ``move`` with how far ``thing`` is to go: with the entry of the steps before taken back, the
        sum of all."""
        newest = _newest(document)
        mine = self._entry is not None and self._entry() is newest and self._thing() is thing
        if newest is not None and mine:
            with contextlib.suppress(HistoryLost):  # then this step has an entry of its own
                document.undo()
                dx, dy = dx + self._sum[0], dy + self._sum[1]
        before = _newest(document)
        move(dx, dy)
        made = _newest(document)
        self._entry = ref(made) if made is not None and made is not before else None
        self._thing, self._sum = ref(thing), (dx, dy)


def _newest(document: Document) -> Entry | None:
    """The newest entry, if there is none to redo."""
    history = document.history
    return history.entries[-1] if history.can_undo and not history.can_redo else None

"""Work for a panel that is out of date as soon as the picture changes again."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from PySide6.QtCore import QObject, Signal

from editor.ui.background import Call


class Latest(QObject):
    """Runs one call at a time in ``executor``; of those that are asked for meanwhile only the newest.

    ``done`` carries what it returned, in the GUI thread. What fails is not told: a panel shows what it last
    had, and the next change asks again.
    """

    done = Signal(object)

    def __init__(self, executor: Executor, parent: QObject) -> None:
        super().__init__(parent)
        self._executor = executor
        self._running = self._stale = False
        self._next: Callable[[], Any] | None = None

    def ask(self, work: Callable[[], Any]) -> None:
        """Have ``work`` done in another thread. It must touch nothing that this one changes."""
        self._next = work
        if not self._running:
            self._begin()

    def forget(self) -> None:
        """What runs or waits is of no use any more."""
        self._next = None
        self._stale = True

    def _begin(self) -> None:
        work, self._next = self._next, None
        if work is None:
            return
        try:
            future = self._executor.submit(work)
        except RuntimeError:
            return  # the window is being closed
        self._running, self._stale = True, False
        call = Call(future, self)
        call.done.connect(self._end)
        call.failed.connect(lambda _: self._end(None))

    def _end(self, result: Any) -> None:
        self._running = False
        if result is not None and not self._stale:
            self.done.emit(result)
        self._begin()

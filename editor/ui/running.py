"""An edit that another thread works out, while the window goes on."""

import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from editor.document.model import Document
from editor.document.progress import Progress


class Running(QObject):
    """Calls ``edit`` with ``document`` in a thread of its own; what changes the document waits for `serve`,
    which makes it in the thread that owns both. Until then the document is busy.

    ``asked``: there is something to serve.
    """

    asked = Signal()

    def __init__(self, document: Document, edit: Callable[[Document], Any], parent: QObject) -> None:
        super().__init__(parent)
        self.document = document
        self.progress = Progress(self._hand_over)
        self.since = time.monotonic()
        self.result: Any = None
        self.error: BaseException | None = None
        self._edit = edit
        self._condition = threading.Condition()
        self._call: Callable[[], Any] | None = None
        self._answer: tuple[Any, BaseException | None] | None = None
        self._over = False
        document.busy = self.progress
        self._thread = threading.Thread(target=self._work, name="edit", daemon=True)
        self._thread.start()

    def serve(self, patience: float) -> bool:
        """Make what the edit waits for, up to ``patience`` seconds long; whether it has ended."""
        deadline = time.monotonic() + patience
        while True:
            with self._condition:
                self._condition.wait_for(
                    lambda: self._call is not None or self._over, max(deadline - time.monotonic(), 0)
                )
                call, self._call = self._call, None
            if call is not None:
                self._reply(call)
            elif self._over:
                self._thread.join()
                self.document.busy = None
                return True
            else:
                return False

    def _reply(self, call: Callable[[], Any]) -> None:
        self.document.busy = None
        try:
            answer = call(), None
        except BaseException as error:
            answer = None, error
        finally:
            self.document.busy = self.progress
        with self._condition:
            self._answer = answer
            self._condition.notify_all()

    # -- the thread -----------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            with self.progress.active():
                self.result = self._edit(self.document)
        except BaseException as error:
            self.error = error
        with self._condition:
            self._over = True
            self._condition.notify_all()
        self._ask()

    def _hand_over(self, call: Callable[[], Any]) -> Any:
        with self._condition:
            self._call, self._answer = call, None
            self._condition.notify_all()
        self._ask()
        with self._condition:
            self._condition.wait_for(lambda: self._answer is not None)
            result, error = self._answer
        if error is not None:
            raise error
        return result

    def _ask(self) -> None:
        try:
            self.asked.emit()
        except RuntimeError:
            pass  # the window is gone, and nobody waits for the edit any more

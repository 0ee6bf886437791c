"""File work off the GUI thread, its outcome back in it."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import cache, partial
from typing import Any

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

_INTERVAL = 10  # ms from one look at what is waited for to the next
_PATIENCE = 300  # ms after which somebody who waits is told for what


class Call(QObject):
    """Waits for a future and tells of its outcome in the GUI thread, then goes. If its parent goes before,
    there is nobody to be told."""

    done = Signal(object)
    failed = Signal(object)  # the exception

    def __init__(self, future: "Future[Any]", parent: QObject) -> None:
        super().__init__(parent)
        future.add_done_callback(partial(_door().come.emit, self))

    def deliver(self, future: "Future[Any]") -> None:
        """Tell of the outcome."""
        error = future.exception()
        if error is None:
            self.done.emit(future.result())
        else:
            self.failed.emit(error)
        self.deleteLater()


class _Door(QObject):
    """Where outcomes come into the GUI thread. It stays: another thread must not emit a signal of an object
    that may go meanwhile."""

    come = Signal(object, object)  # the call, and its future

    def __init__(self) -> None:
        super().__init__()
        self.come.connect(self._let_in, Qt.ConnectionType.QueuedConnection)

    @Slot(object, object)
    def _let_in(self, call: Call, future: "Future[Any]") -> None:
        if shiboken6.isValid(call):
            call.deliver(future)


@cache
def _door() -> _Door:
    return _Door()


def wait_until(done: Callable[[], bool], window: QWidget, words: str) -> None:
    """Come back when ``done()``: the window is painted meanwhile, and ``words`` say what is waited for."""
    from PySide6.QtWidgets import QProgressDialog

    if done():
        return
    loop = QEventLoop()
    timer = QTimer(interval=_INTERVAL)
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    timer.start()
    dialog = QProgressDialog(words, "", 0, 0, window)
    dialog.setCancelButton(None)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(_PATIENCE)
    loop.exec()
    timer.stop()
    dialog.reset()
    dialog.deleteLater()

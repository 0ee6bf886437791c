"""File work off the GUI thread, its outcome back in it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

_INTERVAL = 10  # ms from one look at what is waited for to the next
_PATIENCE = 300  # ms after which somebody who waits is told for what


class Call(QObject):
    """Waits for a future and tells of its outcome in the GUI thread, then goes."""

    done = Signal(object)
    failed = Signal(object)  # the exception
    _arrived = Signal(object)

    def __init__(self, future: "Future[Any]", parent: QObject) -> None:
        super().__init__(parent)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        future.add_done_callback(self._arrived.emit)

    @Slot(object)
    def _deliver(self, future: "Future[Any]") -> None:
        error = future.exception()
        if error is None:
            self.done.emit(future.result())
        else:
            self.failed.emit(error)
        self.deleteLater()


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

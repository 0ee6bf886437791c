"""File work off the GUI thread, its outcome back in it."""

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot


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

"""A model is installed, in a thread of its own."""

import threading

from PySide6.QtCore import QObject, Signal, Slot

from editor.ui.words import tr
from engines import packs
from engines.base import Cancelled, EngineError, Progress


class Installing(QObject):
    """One installation; ``ended`` comes once, last: "info", "warning" or "error", and a line for the user."""

    progressed = Signal(float)
    ended = Signal(str, str)
    _came = Signal(str, str)  # the same, from the thread

    def __init__(self, weights_id: str, parent: QObject) -> None:
        super().__init__(parent)
        self._weights_id = weights_id
        self._progress = Progress(self.progressed.emit)
        self._thread = threading.Thread(target=self._run, name="install")
        self._came.connect(self._end)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Call it off; ``ended`` follows."""
        self._progress.cancel()

    def shut_down(self) -> None:
        """Call it off and wait for the thread."""
        self.cancel()
        self._thread.join()

    @Slot(str, str)
    def _end(self, level: str, words: str) -> None:
        self._thread.join()
        self.ended.emit(level, words)
        self.deleteLater()

    def _run(self) -> None:
        try:
            packs.install(self._weights_id, self._progress)
            told = "info", tr("{name} is installed.").format(name=self._weights_id)
        except Cancelled:
            told = "warning", tr("Cancelled. Nothing was installed.")
        except (EngineError, OSError, MemoryError) as error:
            told = "error", str(error) or tr("There is not enough memory for this. Nothing was installed.")
        self._came.emit(*told)

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

    def __init__(self, weights_id: str, parent: QObject, *, proxy: str = "") -> None:
        """For a model whose licence the user has been shown and has said yes to."""
        super().__init__(parent)
        self._weights_id, self._proxy = weights_id, proxy
        self._pausing = False
        self._progress = Progress(self.progressed.emit)
        self._thread = threading.Thread(target=self._run, name="install")
        self._came.connect(self._end)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Call it off and throw away what has come; ``ended`` follows."""
        self._progress.cancel()

    def pause(self) -> None:
        """Call it off and keep what has come, for the next time; ``ended`` follows."""
        self._pausing = True
        self._progress.cancel()

    def shut_down(self) -> None:
        """Pause it and wait for the thread."""
        self.pause()
        self._thread.join()

    @Slot(str, str)
    def _end(self, level: str, words: str) -> None:
        self._thread.join()
        self.ended.emit(level, words)
        self.deleteLater()

    def _run(self) -> None:
        try:
            packs.install(self._weights_id, self._progress, accepted=True, proxy=self._proxy)
            told = "info", tr("{name} is installed.").format(name=self._weights_id)
        except Cancelled:
            told = "warning", self._given_up()
        except (EngineError, OSError, MemoryError) as error:
            told = "error", str(error) or tr("There is not enough memory for this. Nothing was installed.")
        self._came.emit(*told)

    def _given_up(self) -> str:
        if self._pausing:
            return tr("Paused. Installing it again goes on with what has come.")
        try:
            packs.discard_part(self._weights_id)
        except OSError:  # then the next installation goes on with it
            pass
        return tr("Cancelled. Nothing was installed.")

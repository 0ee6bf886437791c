"""Models are installed one at a time; the status bar shows how far it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.installing import Installing
    from editor.ui.window import Window


class Installer(QObject):
    """One for the window. ``progressed`` is how far it is, 0..1, and None once nothing is being installed."""

    progressed = Signal(object)

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._installing: Installing | None = None

    @property
    def is_busy(self) -> bool:
        return self._installing is not None

    def install(self, weights: str, then: Callable[[], object]) -> None:
        """Install a model whose licence the user has been shown and has said yes to, unless one is on its
        way; ``then`` follows if that succeeds."""
        if self._installing is not None:
            return
        from editor.ui.installing import Installing

        self._installing = Installing(weights, self, proxy=self._window.settings.proxy)
        what = tr("Installing {name}").format(name=weights)
        self._installing.progressed.connect(lambda fraction: self._show(fraction, what))
        self._installing.ended.connect(lambda level, words: self._end(level, words, then))
        self._show(0.0, what)
        self._installing.start()

    def cancel(self) -> None:
        """Call the installation off, if there is one."""
        if self._installing is not None:
            self._installing.cancel()

    def shut_down(self) -> None:
        """Pause it, and wait for its thread."""
        if self._installing is not None:
            self._installing.shut_down()

    def _show(self, fraction: float | None, what: str = "") -> None:
        self._window.status.set_progress(fraction, what)
        self.progressed.emit(fraction)

    def _end(self, level: str, words: str, then: Callable[[], object]) -> None:
        self._installing = None
        self._show(None)
        if not self._window._closing:
            self._window.tell(words, level)
            if level == "info":
                then()

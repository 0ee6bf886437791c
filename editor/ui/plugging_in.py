"""Looks for plug-ins once the window is on the screen, and shows what came of it."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from editor import black_box

if TYPE_CHECKING:
    from editor.ui.window import Window

_LATER = 800  # ms after the start; what is imported takes turns with the window


class PluginSearch(QObject):
    """In a thread of its own, for which nothing waits: a plug-in may hang as it is imported."""

    found = Signal()

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._looks = False
        self.found.connect(self._on_found, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Look for them soon, unless the user wants none."""
        if self._window.settings.plugins:
            QTimer.singleShot(_LATER, self, self._look)

    def set_enabled(self, on: bool) -> None:
        """Use them from now on, or none of them."""
        from engines import plugins

        self._window.settings.plugins = on
        if on:
            self._look()
        else:
            plugins.forget()
            self._on_found()

    def _look(self) -> None:
        if not self._looks and not self._window._closing:
            self._looks = True
            threading.Thread(target=self._search, name="plug-ins", daemon=True).start()

    def _search(self) -> None:
        from engines import plugins

        for each in plugins.look():
            black_box.note(f"plug-in {each.name} of {each.source} {each.error}")
        try:
            self.found.emit()
        except RuntimeError:  # the window is gone
            pass

    def _on_found(self) -> None:
        self._looks = False
        window = self._window
        if window._closing:
            return
        if not window.settings.plugins:  # switched off meanwhile
            from engines import plugins

            plugins.forget()
        window.options.refresh_engines()
        if "models" in vars(window):  # not loaded for this
            window.models.work.look()

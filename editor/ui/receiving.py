"""Opens what later starts of the program, or the desktop, hand to this window."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from editor.handing_over import Note, Spool

if TYPE_CHECKING:
    from editor.ui.window import Window

_AGAIN_MS = 250  # from one look at notes that cannot be taken yet to the next
_POLL_MS = 1000  # where the system does not tell of new files


class Receiver(QObject):
    """Takes the notes of ``spool`` while the window can show what is in them.

    While a question is open, or the window closes, they are left: who left them then opens a window.
    """

    def __init__(self, spool: Spool, window: "Window") -> None:
        super().__init__(window)
        self._spool, self._window = spool, window
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._take)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._take)
        self._poll = QTimer(self, interval=_POLL_MS)
        self._poll.timeout.connect(self._take)

    def listen(self) -> None:
        """Take what lies there, and what comes."""
        if not self._watcher.addPath(os.fspath(self._spool.folder)):
            self._poll.start()
        self._spool.is_listening()
        self._take()

    @Slot()
    def _take(self) -> None:
        if not self._spool.waiting():
            return
        if self._window._closing or QApplication.activeModalWidget() is not None:
            self._again.start()
            return
        notes = self._spool.take()
        for note in notes:
            for path in note.files:
                self._window.documents.open(path)
        if notes:
            come_forward(self._window, notes[-1])


def come_forward(window: "Window", note: Note) -> None:
    """Bring the window before the others, as far as the desktop lets it."""
    os.environ.update(note.tokens)  # Qt's Wayland platform takes the token from there, and away
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)  # where it may not come, it says that it would like to


class Application(QApplication):
    """Takes what macOS asks to open, also before there is a window to show it."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self._asked: list[str] = []
        self._window: Window | None = None

    def show_in(self, window: "Window") -> None:
        """Open what was asked for, and what will be, in this window."""
        self._window = window
        asked, self._asked = self._asked, []
        for path in asked:
            window.documents.open(path)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FileOpen and event.file():
            self._asked.append(event.file())
            if self._window is not None and not self._window._closing:
                self.show_in(self._window)
            return True
        return super().event(event)

"""What the monkey acts with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QInputDevice, QPointingDevice

from editor.ui.window import Window


class Hands:
    """One window and one generator of chance, seeded anew for every action.

    ``say`` writes to the log; ``settle`` waits until the window has done what it was told, and ``until`` for
    a condition, which its words name. ``answering`` is the timer that answers dialogs at random.
    """

    def __init__(
        self,
        window: Window,
        pictures: list[Path],
        folder: Path,
        *,
        say: Callable[[str], None],
        settle: Callable[[], None],
        until: Callable[[Callable[[], bool], str], None],
        answering: QTimer,
    ) -> None:
        self.window, self.pictures, self.folder = window, pictures, folder
        self.say, self.settle, self.until = say, settle, until
        self.random = Random()
        self.name: Path | None = None  # the answer to the next question for a file's name, if not any
        self._answering = answering
        self.pen = QPointingDevice(
            "pen",
            1,
            QInputDevice.DeviceType.Stylus,
            QPointingDevice.PointerType.Pen,
            QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
            1,
            1,
        )

    def place(self) -> QPoint:
        """Somewhere in the canvas in front."""
        size, random = self.window.canvas.size(), self.random
        return QPoint(random.randrange(size.width()), random.randrange(size.height()))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No dialog is answered at random meanwhile."""
        self._answering.stop()
        try:
            yield
        finally:
            self._answering.start()

    @contextmanager
    def names(self, path: Path) -> Iterator[None]:
        """Whoever asks where to write is told this."""
        self.name = path
        try:
            yield
        finally:
            self.name = None

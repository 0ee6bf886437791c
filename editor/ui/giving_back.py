"""What closed pictures took goes back to the system.

The C library keeps for itself what is freed between things that are still in use: with a picture of 24
megapixels that had been drawn on and closed, 400 MiB stayed with a program that needed 185. Told to, it gives
whole pages back; that takes some 30 ms in another thread, and holds up nothing.
"""

import ctypes
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from editor.document.parallel import Background

REST = 3000  # ms after the last picture was closed; threads that made something of it are done with it then

_background = Background("giving back")


class GivingBack(QObject):
    """One for the window: ``soon`` after a picture was closed. ``give`` is what is done then, in a thread."""

    def __init__(self, parent: QObject, give: Callable[[], object] | None = None) -> None:
        super().__init__(parent)
        self._give = give or give_back
        self._timer = QTimer(self, singleShot=True, interval=REST)
        self._timer.timeout.connect(lambda: _background.submit(self._give))

    def soon(self) -> None:
        """A picture was closed: wait for others that may be closed with it."""
        self._timer.start()


def give_back() -> bool:
    """Give back to the system what the C library holds free; False where it cannot be told to."""
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's
    return trim is not None and bool(trim(0))

"""What has to hold while the monkey is at work: each check raises Broken, which says what does not."""

import ctypes
import gc
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
from PySide6.QtCore import QElapsedTimer, Qt, QTimer, QtMsgType, qInstallMessageHandler

from editor.document import storage
from editor.document.layers import walk
from editor.document.model import Document

# Said by Qt's platform without a screen of anything that is shown; no other line is forgiven.
_OF_OFFSCREEN = "This plugin does not support"
_BEAT = 5  # ms
_OWN_THREADS = {"MainThread"}


class Broken(AssertionError):
    """Something that always holds does not."""


class Watch:
    """Gathers exceptions of all threads, Qt's messages, and how long the event loop stood still."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.gaps: Counter[str] = Counter()  # the longest in ms, by what was being done
        self.doing = "start"
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(interval=_BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        sys.excepthook = self._on_exception
        sys.unraisablehook = lambda info: self._on_exception(
            info.exc_type, info.exc_value, info.exc_traceback
        )
        threading.excepthook = lambda info: self._on_exception(
            info.exc_type, info.exc_value, info.exc_traceback
        )
        qInstallMessageHandler(self._on_message)

    def _beat(self) -> None:
        self.gaps[self.doing] = max(self.gaps[self.doing], self._clock.restart())

    def skip(self) -> None:
        """What has just been done was the monkey's own work, and no gap of the window's."""
        self._clock.restart()

    def _on_exception(self, kind, error, trace) -> None:
        import traceback

        self.faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _on_message(self, kind: QtMsgType, _, words: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not words.startswith(_OF_OFFSCREEN):
            self.faults.append(f"Qt says: {words}")

    def check(self) -> None:
        """No exception in any thread, and no warning of Qt's, since the last check."""
        if self.faults:
            faults, self.faults = self.faults, []
            raise Broken("\n".join(faults))


def check_document(document: Document, folder: Path) -> None:
    """History within its budget; undone and done again, and saved and opened again, it is the same."""
    history = document.history
    if history.size > history.budget:
        raise Broken(f"the history keeps {history.size} bytes, its budget is {history.budget}")
    before, position = _whole(document), history.position
    document.go_to(0)
    document.go_to(len(history.entries))
    document.go_to(position)
    _compare(before, _whole(document), f"undone and done again ({len(history.entries)} entries)")
    path = folder / "check.ora"
    storage.save(document.snapshot(), path)
    _compare(before, _whole(storage.open_document(path)), "saved as .ora and opened again")
    path.unlink()
    left = [each.name for each in folder.iterdir() if each.name.startswith(".")]
    if left:
        raise Broken(f"temporary files left: {left}")


def _whole(document: Document) -> dict[str, object]:
    seen: dict[str, object] = {"picture": document.composite(document.rect)}
    seen["selection"] = document.selection.read(document.rect)
    seen["layers"] = [(type(each), each.name, each.visible, each.opacity) for each in walk(document.layers)]
    return seen


def _compare(before: dict[str, object], after: dict[str, object], what: str) -> None:
    for name, value in before.items():
        other = after[name]
        if not isinstance(value, np.ndarray):
            if value != other:
                raise Broken(f"{what}: the {name} differ: {value} became {other}")
        elif value.shape != other.shape:
            raise Broken(f"{what}: the {name} is {other.shape}, was {value.shape}")
        elif not np.array_equal(value, other):
            differs = (value != other).any(axis=-1)
            rows, columns = np.nonzero(differs)
            raise Broken(
                f"{what}: {differs.sum()} pixels of the {name} differ, x {columns.min()}..{columns.max()}, "
                f"y {rows.min()}..{rows.max()}, by {np.abs(value.astype(int) - other).max()} at most"
            )


def threads() -> Counter[str]:
    """The threads that run Python code, by name; those of pools without their numbers."""
    return Counter(
        each.name.rstrip("0123456789_- ")
        for each in threading.enumerate()
        if not isinstance(each, threading._DummyThread) and each.name not in _OWN_THREADS
    )


def open_files() -> Counter[str]:
    """The files, pipes and sockets that this process holds open; files by name, the others by kind."""
    found: Counter[str] = Counter()
    for each in Path("/proc/self/fd").iterdir():
        try:
            found[str(each.readlink()).split(":[")[0]] += 1
        except OSError:
            continue  # the listing's own
    return found


def memory() -> tuple[float, float]:
    """Resident MiB with all that Python can collect collected, and then with what the C library holds free
    given back: memory that only the second lacks is not leaked."""
    gc.collect()
    held = _resident()
    ctypes.CDLL(None).malloc_trim(0)
    return held, _resident()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def wait(condition, what: str, seconds: float, run) -> None:
    """Let ``run`` (the event loop) go on until ``condition`` holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Broken(f"waited {seconds:.0f} s in vain for {what}")
        run()

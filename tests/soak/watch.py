"""What has to hold while the monkey is at work: each check raises Broken, which says what does not."""

import ctypes
import gc
import os
import sys
import threading
import time
import traceback
from collections import Counter, deque
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer, QtMsgType, qInstallMessageHandler

from editor.document import storage
from editor.document.layers import walk
from editor.document.model import Document
from tests.load import WINDOW, LoadWatch

# Said by Qt's platform without a screen of anything that is shown; no other line is forgiven.
_OF_OFFSCREEN = "This plugin does not support"
_BEAT = 5  # ms
_LONG = 0.05  # seconds without a beat that are looked into
_KNOWN_AFTER = 2 * WINDOW  # seconds after a gap, when the load around it is known
_REMEMBERED = 300.0  # seconds of the machine's load; no gap is longer than what is waited for
_OWN_THREADS = {"MainThread", "load"}


# What has to hold, in the order of the verdict.
RULES = {
    "faults": "no thread raises, and Qt has nothing to complain of",
    "answer": "the window is done with whatever it was told",
    "deed": "an action has done what it says",
    "fill": "a fill changes nothing outside its mask",
    "history": "the history keeps to its budget",
    "undo": "undone and done again, a document is the same",
    "file": "saved as .ora and opened again, it is the same",
    "closed": "a picture that was closed is gone from memory",
    "rest": "no file, thread or temporary file is left with nothing open",
    "close": "the window closes, and its threads end",
    "gap": "the window does not stand still for long",
    "memory": "the resident memory does not grow after the warm-up",
}


class Broken(AssertionError):
    """Something that always holds, one of ``RULES``, does not."""

    def __init__(self, rule: str, words: str) -> None:
        super().__init__(words)
        self.rule = rule


def raised(error: Exception) -> Broken:
    """An action of the monkey's was not possible as it was meant."""
    return Broken("deed", "".join(traceback.format_exception(error)))


held: Counter[str] = Counter()  # how often each rule was looked at and held


def hold(rule: str, condition: bool, words: str) -> None:
    """Count that a rule held. Raises Broken with ``words`` where it did not."""
    if not condition:
        raise Broken(rule, words)
    held[rule] += 1


def verdict(broken: Broken | None) -> list[str]:
    """A line for each rule."""
    lines = []
    for rule, words in RULES.items():
        if broken is not None and broken.rule == rule:
            found = f"BROKEN: {str(broken).splitlines()[-1]}"
        else:
            found = f"held {held[rule]} times" if held[rule] else "not looked at"
        lines.append(f"verdict {rule}: {words}: {found}")
    return lines


class Watch:
    """Gathers exceptions of all threads, Qt's messages, and how long the event loop stood still.

    On a machine that is busy otherwise everything stands still now and then: a gap counts only as far as the
    processors were this program's.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.gaps: Counter[str] = Counter()  # the longest in ms, by what was being done
        self.doing = "start"
        self._load = LoadWatch(_REMEMBERED)
        self._load.start()
        self._long: deque[tuple[float, float, str]] = deque()  # start, seconds and what was being done
        self._last = time.monotonic()
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
        now = time.monotonic()
        if now - self._last > _LONG:
            self._long.append((self._last, now - self._last, self.doing))
        self._last = now
        while self._long and now > sum(self._long[0][:2]) + _KNOWN_AFTER:
            self._judge(*self._long.popleft())

    def _judge(self, start: float, length: float, doing: str) -> None:
        net = round(length * 1000 * self._load.share(start, length))
        self.gaps[doing] = max(self.gaps[doing], net)

    def longest(self) -> tuple[str, int]:
        """What was being done in the longest gap so far, and its length in ms."""
        return max(self.gaps.items(), key=lambda each: each[1], default=("nothing", 0))

    def skip(self) -> None:
        """What has just been done was the monkey's own work, and no gap of the window's."""
        self._last = time.monotonic()

    def stop(self) -> None:
        """Look at nothing any more."""
        self._timer.stop()
        self._load.stop()
        while self._long:
            self._judge(*self._long.popleft())

    def _on_exception(self, kind, error, trace) -> None:
        self.faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _on_message(self, kind: QtMsgType, _, words: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not words.startswith(_OF_OFFSCREEN):
            self.faults.append(f"Qt says: {words}")

    def check(self) -> None:
        """No exception in any thread, and no warning of Qt's, since the last check."""
        faults, self.faults = self.faults, []
        hold("faults", not faults, "\n".join(faults))


def check_document(document: Document, folder: Path) -> None:
    """History within its budget; undone and done again, and saved and opened again, it is the same."""
    history = document.history
    hold(
        "history",
        history.size <= history.budget,
        f"the history keeps {history.size} bytes, its budget is {history.budget}",
    )
    before, position = whole(document), history.position
    document.go_to(0)
    document.go_to(len(history.entries))
    document.go_to(position)
    compare("undo", before, whole(document), f"undone and done again ({len(history.entries)} entries)")
    path = folder / "check.ora"
    storage.save(document.snapshot(), path)
    compare("file", before, whole(storage.open_document(path)), "saved as .ora and opened again")
    path.unlink()
    left = [each.name for each in folder.iterdir() if each.name.startswith(".")]
    hold("rest", not left, f"temporary files left: {left}")


def whole(document: Document) -> dict[str, object]:
    """What a document shows and is made of, to be compared."""
    seen: dict[str, object] = {"picture": document.composite(document.rect)}
    seen["selection"] = document.selection.read(document.rect)
    seen["layers"] = [(type(each), each.name, each.visible, each.opacity) for each in walk(document.layers)]
    return seen


def compare(rule: str, before: dict[str, object], after: dict[str, object], what: str) -> None:
    """Hold a rule by which two documents, each seen by ``whole``, are the same."""
    for name, value in before.items():
        other = after[name]
        if not isinstance(value, np.ndarray):
            hold(rule, value == other, f"{what}: the {name} differ: {value} became {other}")
        elif value.shape != other.shape:
            raise Broken(rule, f"{what}: the {name} is {other.shape}, was {value.shape}")
        elif not np.array_equal(value, other):
            differs = (value != other).any(axis=-1)
            rows, columns = np.nonzero(differs)
            raise Broken(
                rule,
                f"{what}: {differs.sum()} pixels of the {name} differ, x {columns.min()}..{columns.max()}, "
                f"y {rows.min()}..{rows.max()}, by {np.abs(value.astype(int) - other).max()} at most",
            )


def documents() -> list[str]:
    """The documents that are in memory, by name; a snapshot is one of its own."""
    gc.collect()
    alive = [each for each in gc.get_objects() if type(each) is Document]
    return [f"{each.path and each.path.name} {each.width} x {each.height}" for each in alive]


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


def wait(condition, what: str, seconds: float, run, rule: str = "answer") -> None:
    """Let ``run`` (the event loop) go on until ``condition`` holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Broken(rule, f"waited {seconds:.0f} s in vain for {what}")
        run()
    held[rule] += 1

"""How much of the machine's processors other programs take: what one waits for them is not ours."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

WINDOW = 0.1  # seconds around a wait in which the load is looked at
_INTERVAL = 0.03  # seconds from one look to the next
_STAT = Path("/proc/stat")


@dataclass(frozen=True)
class _Load:
    time: float
    own: float  # seconds of processor time of this process
    busy: float  # ... of all programs, and what the host took
    idle: float


class LoadWatch:
    """Looks at the load in a thread of its own, called "load", from ``start`` to ``stop``.

    Of what it saw it keeps the last ``seconds``; without them, all.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._loads: deque[_Load] = deque(maxlen=None if seconds is None else round(seconds / _INTERVAL))
        self._running = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._running = True
        self._loads.append(_load())
        self._thread = threading.Thread(target=self._watch, name="load", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._running = False
        self._thread.join()
        self._loads.append(_load())

    def _watch(self) -> None:
        while self._running:
            self._loads.append(_load())
            time.sleep(_INTERVAL)

    def share(self, start: float, length: float) -> float:
        """What part of the processors was not taken by others while something took ``length`` seconds from
        ``start``, a time of ``time.monotonic``: 0..1."""
        loads = list(self._loads)
        before = [each for each in loads if each.time <= start - WINDOW] or loads[:1]
        after = [each for each in loads if each.time >= start + length + WINDOW] or loads[-1:]
        first, last = before[-1], after[0]
        busy, idle = last.busy - first.busy, last.idle - first.idle
        if busy <= 0:
            return 1.0
        others = max(busy - (last.own - first.own), 0.0)
        # As long as a processor is idle nobody has to wait for another program.
        return 1 - max(others - idle, 0.0) / (busy + idle)


def _load() -> _Load:
    if not _STAT.exists():
        return _Load(time.monotonic(), 0, 0, 0)
    user, nice, system, idle, wait, *rest = (
        int(field) / 100 for field in _STAT.read_text().splitlines()[0].split()[1:9]
    )
    return _Load(time.monotonic(), time.process_time(), user + nice + system + sum(rest), idle + wait)

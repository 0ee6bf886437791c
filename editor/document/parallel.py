"""Work in other threads: numpy and OpenCV let this one run meanwhile."""

import atexit
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from editor.document.progress import each

_LINGER = 1.0  # seconds without a call after which a thread goes
_COUNT = min(os.cpu_count() or 1, 8)
_slots = threading.BoundedSemaphore(_COUNT)  # more at once would only wait for each other
_own = threading.local()

_GRACE = 0.06  # seconds from one movement of the hand within which the next one is expected
_ASIDE = 0.2  # seconds that a piece of work steps aside at most: a long stroke must not starve the journal
_busy_until = 0.0


def make_way(seconds: float | None = None) -> None:
    """The hand has moved while drawing, or something else is to be seen at once. Other threads take the
    processor's time and Python's lock from that; for a moment they step aside."""
    global _busy_until
    _busy_until = time.monotonic() + (_GRACE if seconds is None else seconds)


def step_aside() -> None:
    """Wait while the window is to be first, a fifth of a second at most; for between two pieces of work."""
    if threading.current_thread() is not threading.main_thread():
        latest = time.monotonic() + _ASIDE
        while (now := time.monotonic()) < min(_busy_until, latest):
            time.sleep(min(_busy_until, latest) - now)


def in_threads(work: Callable, items: Iterable) -> None:
    """Call ``work`` with each of ``items``, at most 8 at a time in the whole program; raises what one of them
    raised.

    Tells the progress of it. Raises Cancelled; what has begun comes to its end first.
    """
    items = list(items)
    if getattr(_own, "has_slot", False):  # called by such work: the threads have enough to do
        for item in each(items):
            work(item)
        return

    is_awaited = threading.current_thread() is threading.main_thread()

    def call(item: object) -> None:
        if not is_awaited:
            step_aside()
        with _slots:
            _own.has_slot = True
            try:
                work(item)
            finally:
                _own.has_slot = False

    with ThreadPoolExecutor(_COUNT) as pool:
        try:
            for _ in each(pool.map(call, items), total=len(items)):
                pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Background:
    """One thread that makes calls in the order they come in, and is there only while there are some, and for
    a moment afterwards."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._condition = threading.Condition()
        self._calls: deque[Callable[[], None]] = deque()
        self._thread: threading.Thread | None = None
        self._busy = self._stopped = False
        atexit.register(self.stop)

    def submit(self, call: Callable[[], None]) -> None:
        """Have ``call`` made soon; never once the process is ending."""
        with self._condition:
            if self._stopped:
                return
            self._calls.append(call)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._condition.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all calls are made; False if that takes longer than ``timeout`` seconds."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._calls and not self._busy, timeout)

    def stop(self) -> None:
        """Drop what has not begun, and wait for what has."""
        with self._condition:
            self._stopped = True
            self._calls.clear()
            self._condition.notify_all()
        self.wait(10)

    def _run(self) -> None:
        while (call := self._next()) is not None:
            try:
                call()
            except Exception:
                sys.excepthook(*sys.exc_info())

    def _next(self) -> Callable[[], None] | None:
        """The next call, when it comes; None if it is time to go."""
        with self._condition:
            self._busy = False
            self._condition.notify_all()
            # A thread takes longer to start than most of what it is for takes.
            self._condition.wait_for(lambda: self._calls or self._stopped, _LINGER)
            if not self._calls:
                self._thread = None
                return None
            self._busy = True
            return self._calls.popleft()

"""Work in other threads: numpy and OpenCV let this one run meanwhile."""

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from editor.document.progress import each


def in_threads(work: Callable, items: Iterable) -> None:
    """Call ``work`` with each of ``items``, at most 8 at a time; raises what one of them raised.

    Tells the progress of it. Raises Cancelled; what has begun comes to its end first.
    """
    items = list(items)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        try:
            for _ in each(pool.map(work, items), total=len(items)):
                pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Background:
    """One thread that makes calls in the order they come in, and is there only while there are some."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._condition = threading.Condition()
        self._calls: deque[Callable[[], None]] = deque()
        self._thread: threading.Thread | None = None
        self._stopped = False
        atexit.register(self.stop)

    def submit(self, call: Callable[[], None]) -> None:
        """Have ``call`` made soon; never once the process is ending."""
        with self._condition:
            if self._stopped:
                return
            self._calls.append(call)
            if self._thread is None:
                self._start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all calls are made; False if that takes longer than ``timeout`` seconds."""
        with self._condition:
            return self._condition.wait_for(lambda: self._thread is None, timeout)

    def stop(self) -> None:
        """Drop what has not begun, and wait for what has."""
        with self._condition:
            self._stopped = True
            self._calls.clear()
        self.wait(10)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while (call := self._next()) is not None:
                call()
        except BaseException:
            with self._condition:
                self._ended()
                if self._calls:
                    self._start()
            raise

    def _next(self) -> Callable[[], None] | None:
        with self._condition:
            if self._calls:
                return self._calls.popleft()
            self._ended()
            return None

    def _ended(self) -> None:
        self._thread = None
        self._condition.notify_all()

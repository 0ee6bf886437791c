"""Records what leads to a crash while the program runs, and makes reports of it.

The last lines of the log, and what Python says when native code crashes, go into a file of this process. The
lock on it goes with the process: a file without one that tells of a crash was left by a program that crashed.
A process that was killed, or a machine that lost its power, leaves nothing that could be told.
"""

import faulthandler
import os
import re
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from editor import private, reports
from engines import locking

_LINES = 100  # of the log that a report has
_MAX_LINE = 300
_MAX_FILE = 64 << 10  # bytes of log, after which the file begins anew
_MAX_READ = 1 << 20
_MOST_REPORTS = 5  # of one run: a slot that fails at each move of the mouse tells once
_CRASH = re.compile(r"^(Fatal Python error: |Windows fatal exception: )(.*)", re.MULTILINE)


class BlackBox:
    """``listener`` is called with the path of each report that is written, in the thread that failed."""

    def __init__(self) -> None:
        self.listener: Callable[[Path], None] = lambda path: None
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._file: BinaryIO | None = None
        self._path = Path()  # of it
        self._written = 0
        self._told: set[tuple] = set()
        self._guard = threading.Lock()

    def open(self) -> None:
        """Begin to record, and take what no one else catches. Raises nothing."""
        try:
            self._path = reports.folder() / f"running-{os.getpid()}-{os.urandom(4).hex()}"
            self._file = locking.acquired(self._path)
        except OSError:
            self._file = None
        if self._file is not None:
            faulthandler.enable(self._file)
        sys.excepthook = self._on_exception
        threading.excepthook = lambda found: self._on_exception(
            found.exc_type, found.exc_value, found.exc_traceback
        )

    def close(self) -> None:
        """The program ends in order: leave no trace of this run."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        faulthandler.disable()
        if self._file is not None:
            file, self._file = self._file, None
            if os.name == "nt":  # where a file that is open cannot be removed
                file.close()
            self._path.unlink(missing_ok=True)
            file.close()

    def note(self, words: str) -> None:
        """Add a line to the log: what was done, never what is in a picture."""
        line = " ".join(words.split())[:_MAX_LINE]
        line = f"{time.strftime('%H:%M:%S')} {line}"
        with self._guard:
            self._lines.append(line)
            if self._file is not None:
                self._put(line)

    def report(self, error: BaseException) -> Path | None:
        """Write a report of an error; None if it was told already, or could not be written."""
        where = traceback.extract_tb(error.__traceback__)
        place = (type(error), *((where[-1].filename, where[-1].lineno) if where else ()))
        with self._guard:
            if place in self._told or len(self._told) >= _MOST_REPORTS:
                return None
            self._told.add(place)
            log = list(self._lines)
        what = f"an error of the program, {type(error).__name__}"
        path = reports.write(what, "".join(traceback.format_exception(error)), log)
        if path is not None:
            self.listener(path)
        return path

    def _on_exception(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        error = error if error is not None else kind()
        sys.__excepthook__(kind, error, trace)
        if isinstance(error, Exception):  # and not that somebody wants the program to end
            self.report(error.with_traceback(trace))

    def _put(self, line: str) -> None:
        content = f"{line}\n".encode("utf-8", "backslashreplace")
        try:
            if self._written + len(content) > _MAX_FILE:
                self._file.truncate(0)  # what is added goes to the end of it, which is there then
                content = "".join(f"{each}\n" for each in self._lines).encode("utf-8", "backslashreplace")
                self._written = 0
            self._file.write(content)
            self._file.flush()
            self._written += len(content)
        except OSError:  # the disk takes no more
            pass


box = BlackBox()  # of this process


def note(words: str) -> None:
    """Add a line to the log of this process."""
    box.note(words)


def left_behind() -> list[Path]:
    """Make reports of what crashed before, and clear away what is left of it; the newest report first.

    Reads and writes, so it belongs off the GUI thread. Raises nothing.
    """
    made = []
    try:
        left = sorted(reports.folder().glob("running-*"), key=lambda path: path.lstat().st_mtime)
    except OSError:
        return []
    for path in left:
        try:
            report = _of_dead(path)
        except OSError:
            continue
        if report is not None:
            made.append(report)
    return made[::-1]


def _of_dead(path: Path) -> Path | None:
    """The report of one process, if it is gone and crashed. Raises OSError."""
    if path.is_symlink():
        path.unlink()
        return None
    lock = locking.acquired(path)
    if lock is None:
        return None  # it runs
    with lock:
        text = private.read_file(path, _MAX_READ).decode("utf-8", "replace")
    path.unlink(missing_ok=True)
    crash = _CRASH.search(text)
    if crash is None:
        return None
    log = text[: crash.start()].splitlines()[-_LINES:]
    return reports.write(f"a crash, {crash[2].strip()}", text[crash.start() :], log)

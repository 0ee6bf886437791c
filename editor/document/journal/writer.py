"""The thread that writes a journal: nothing here is waited for by the thread that edits."""

import atexit
import errno
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from editor.document.files.errors import reason
from editor.document.journal.file import JournalFile, Mark, Origin, State
from editor.document.journal.replay import Outline
from editor.document.journal.session import Session, clear_away

QUEUE = 256 << 20  # bytes of pixels that may wait for the disk before states are skipped
LARGEST = 2 << 30  # bytes after which a journal is begun anew, unless the document itself is large
SYNC = 1.0  # seconds from one fdatasync to the next
RETRY = 5.0  # seconds from one try to the next where the disk takes nothing

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Writer:
    """Writes states in the order they come in.

    Where the disk is slower than the edits, those that wait are taken together, so that at most ``QUEUE``
    bytes wait. Where it takes nothing at all, ``on_trouble`` is called once, in this thread, with a line for
    the user, and only the newest state waits for it to take something again.
    """

    def __init__(
        self,
        first: State,
        mark: Mark,
        on_trouble: Callable[[str], None],
        *,
        origin: Origin | None = None,
        resumed: tuple[Session, Outline] | None = None,
    ) -> None:
        self._origin, self._on_trouble = origin, on_trouble
        self._condition = threading.Condition()
        # Guarded by the condition:
        self._queue: deque[State] = deque()
        self._mark = mark
        self._busy = False
        self._stalled = False
        self._ending: str | None = None  # "leave" or "remove"
        self._ended = False
        # The thread's own:
        self._session, self._resumed = resumed or (None, None)
        self._file: JournalFile | None = None
        self._written = first
        self._written_mark = mark
        self._rebase = resumed is None  # a new journal is needed
        self._limit = 0
        self._synced = 0.0
        self._retry_at = 0.0
        self._told = False
        if resumed is None:
            self._queue.append(first)
        self._thread = threading.Thread(target=self._run, name="recovery journal", daemon=True)
        atexit.register(self._leave)
        self._thread.start()

    # -- called by the thread that edits --------------------------------------------------------------

    def add(self, state: State) -> None:
        """Write ``state`` soon."""
        with self._condition:
            if self._ended:
                return
            self._queue.append(state)
            waiting = sum(each.nbytes for each in self._queue)
            if self._stalled or waiting > QUEUE:
                self._queue.clear()
                self._queue.append(replace(state, nbytes=waiting))
            self._condition.notify_all()

    def mark(self, mark: Mark) -> None:
        """Write ``mark`` after the states that wait."""
        with self._condition:
            self._mark = mark
            self._condition.notify_all()

    def wait(self, timeout: float | None) -> bool:
        """Wait until all is written; False if it takes longer or the disk takes nothing."""
        with self._condition:
            self._condition.wait_for(lambda: self._idle or self._ended or self._is_stuck, timeout)
            return self._idle and not self._ended

    def end(self, *, remove: bool) -> None:
        """Stop soon; with ``remove`` without writing what waits, and the folder goes."""
        with self._condition:
            self._ending = "remove" if remove else self._ending or "leave"
            self._condition.notify_all()

    def join(self, timeout: float | None) -> None:
        self._thread.join(timeout)

    def _leave(self) -> None:
        self.end(remove=False)
        self.join(10)

    @property
    def _idle(self) -> bool:
        return not (self._queue or self._busy or self._resumed or self._mark != self._written_mark)

    @property
    def _is_stuck(self) -> bool:
        return self._stalled and not self._busy

    # -- the thread -----------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while self._await_work():
                self._work()
        except Exception:
            self._tell("something in this picture is not known to it")
            raise
        finally:
            with self._condition:
                self._ended = True
                self._queue.clear()
                self._condition.notify_all()
            self._close()
            atexit.unregister(self._leave)

    def _await_work(self) -> bool:
        """Sleep until there is something to do; False if that is to end."""
        with self._condition:
            while True:
                if self._ending == "remove" or (self._ending and (self._idle or self._stalled)):
                    return False
                now, due = time.monotonic(), self._due()
                if due is not None and due <= now:
                    self._busy = True
                    return True
                self._condition.wait(None if due is None else due - now)

    def _due(self) -> float | None:
        """When there is something to do; None if not before something comes in."""
        if self._stalled:
            return self._retry_at
        if not self._idle:
            return 0.0
        return self._synced + SYNC if self._file and self._file.is_dirty else None

    def _work(self) -> None:
        state = None
        try:
            if self._stalled and not self._has_room():
                self._retry_at = time.monotonic() + RETRY
                return
            with self._condition:
                if self._queue:
                    state = self._queue.popleft()
                mark = self._mark
            self._write(state, mark)
            self._stalled = False
        except OSError as error:
            self._stall(error, state)
        finally:
            with self._condition:
                self._busy = False
                self._condition.notify_all()

    def _has_room(self) -> bool:
        with self._condition:
            state = self._queue[0] if self._queue else self._written
        needed = state.capture.nbytes if self._rebase else state.nbytes
        try:
            return self._session is None or shutil.disk_usage(self._session.folder).free > needed
        except OSError:
            return False

    def _write(self, state: State | None, mark: Mark) -> None:
        if self._resumed is not None:
            self._file = JournalFile.resumed(self._session, self._resumed)
            self._resumed = None
            self._limit = _limit(self._written)
        if self._rebase:
            self._begin(state or self._written, mark)
        elif state is not None:
            self._file.append(state, self._written)
            self._written = state
        elif mark != self._written_mark:
            self._file.mark(mark)
            self._written_mark = mark
        if self._file.end > self._limit:
            self._compact(mark)
        if self._file.is_dirty and time.monotonic() >= self._synced + SYNC:
            try:
                self._file.sync()
            except OSError:
                self._rebase = True  # what of it is on the disk, nobody knows
                raise
            self._synced = time.monotonic()

    def _begin(self, state: State, mark: Mark) -> None:
        """A new journal in the place of the one before, if any; that one stays until the new one is whole."""
        if self._session is None:
            self._session = Session.create()
            clear_away()
        origin = self._origin if state is self._written else None
        begun = JournalFile.begun(self._session, state, mark, origin)
        if self._file is not None:
            self._file.close()
        begun.remove_older()
        self._file, self._written, self._written_mark, self._rebase = begun, state, mark, False
        self._limit = _limit(state)

    def _compact(self, mark: Mark) -> None:
        try:
            self._begin(self._written, mark)
        except OSError:
            self._limit = 2 * self._file.end  # it goes on in the old one

    def _stall(self, error: OSError, state: State | None) -> None:
        if self._file is None or not self._file.cut_off() or error.errno not in _NO_SPACE:
            self._rebase, self._resumed = True, None
        self._retry_at = time.monotonic() + RETRY
        with self._condition:
            self._stalled = True
            newest = self._queue[-1] if self._queue else state
            if newest is not None:
                self._queue.clear()
                self._queue.append(newest)
        self._tell(reason(error))

    def _tell(self, why: str) -> None:
        if not self._told:
            self._told = True
            self._on_trouble(f"Changes would be lost if Lacuna stopped now, as keeping them failed: {why}.")

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._session is not None:
            if self._ending == "remove":
                self._session.remove()
            else:
                self._session.release()


def _limit(state: State) -> int:
    return max(LARGEST, 4 * state.capture.nbytes)

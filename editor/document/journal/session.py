"""The folder that an open document's journal lies in, and the lock that says whether it is in use."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from editor import private
from editor.document.files.atomic import flush_folder

_JOURNAL = re.compile(r"journal-(\d{1,9})")
_FOLDER = re.compile(r"[0-9a-f]{16}")
_GONE = ".gone-"  # what a folder's name starts with while it is removed


def recovery_dir() -> Path:
    """Where the folders of all open documents lie; ``LACUNA_STATE_DIR`` puts it elsewhere."""
    return private.state_dir() / "recovery"


class Session:
    """A document's folder, locked by this process: the lock goes with the process, however that ends."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self._lock: int | None = lock

    @classmethod
    def create(cls) -> "Session":
        """A new folder, private to the user. Raises OSError."""
        parent = private.folder(recovery_dir())
        with _no_other():
            folder = parent / secrets.token_hex(8)
            folder.mkdir(mode=0o700)
            lock = _taken(folder)
        if lock is None:
            raise OSError(f"cannot lock {folder}")
        flush_folder(parent)
        return cls(folder, lock)

    @classmethod
    def take(cls, folder: Path) -> "Session | None":
        """The session of a process that is gone; None while one holds it, or where it is gone too."""
        if not folder.is_dir():
            return None
        with _no_other():
            lock = _taken(folder)
        return None if lock is None else cls(folder, lock)

    def release(self) -> None:
        """Let go of the folder, which stays."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """Remove the folder, which nobody will list from the first moment on. Raises nothing."""
        gone = self.folder.with_name(f"{_GONE}{self.folder.name}")
        try:
            with _no_other():
                self.release()  # Windows moves no folder with an open file
                self.folder.rename(gone)
        except OSError:
            self.release()
        shutil.rmtree(gone, ignore_errors=True)


def newest_journal(folder: Path) -> tuple[int, Path] | None:
    """Number and path of the newest journal in ``folder`` that has a whole base."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
    except OSError:
        return None
    numbers = [int(match[1]) for name in names if (match := _JOURNAL.fullmatch(name))]
    return (max(numbers), folder / f"journal-{max(numbers)}") if numbers else None


def folders() -> list[Path]:
    """The folders of all sessions, in use or not."""
    try:
        entries = list(os.scandir(recovery_dir()))
    except OSError:
        return []
    own = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
    return [Path(entry.path) for entry in own if _FOLDER.fullmatch(entry.name)]


def clear_away() -> None:
    """Finish removals that were cut short."""
    for folder in recovery_dir().glob(f"{_GONE}*"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _no_other() -> Iterator[None]:
    """Nobody else takes, makes or removes a session meanwhile: a folder is never seen before its lock."""
    no_links = getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(recovery_dir() / "lock", os.O_CREAT | os.O_RDWR | no_links, 0o600)
    try:
        _lock(descriptor, wait=True)
        yield
    finally:
        os.close(descriptor)


def _taken(folder: Path) -> int | None:
    no_links = getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | no_links, 0o600)
    try:
        locked = _lock(descriptor, wait=False)
    except BaseException:
        os.close(descriptor)
        raise
    if not locked:
        os.close(descriptor)
        return None
    return descriptor


def _lock(descriptor: int, *, wait: bool) -> bool:
    if os.name == "nt":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            if wait:
                raise
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True

"""Folders and files that only the user can read: what lies about open pictures is nobody else's business."""

import os
import stat
from pathlib import Path

import platformdirs


def state_dir() -> Path:
    """Where the program keeps what it has to know of itself; ``LACUNA_STATE_DIR`` puts it elsewhere."""
    override = os.environ.get("LACUNA_STATE_DIR")
    return Path(override) if override else platformdirs.user_state_path("lacuna", appauthor=False)


def folder(path: Path) -> Path:
    """``path`` as a folder of the user's own that nobody else may look into, made if it is not there.

    Raises OSError, also for one that is a link or belongs to somebody else: what is put there would go where
    another wants it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(f"{path} is no folder")
    if os.name == "posix":
        if found.st_uid != os.geteuid():
            raise PermissionError(f"{path} belongs to somebody else")
        if found.st_mode & 0o077:
            path.chmod(0o700)
    return path


def new_file(path: Path, content: bytes) -> None:
    """Write a file that only the user can read, whole or not at all. Raises OSError, also if it is there."""
    temporary = path.with_name(f".{path.name}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_file(path: Path, limit: int) -> bytes:
    """At most ``limit`` bytes of a plain file of the user's own, never through a link. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise PermissionError(f"{path} is no plain file")
        if os.name == "posix" and found.st_uid != os.geteuid():
            raise PermissionError(f"{path} belongs to somebody else")
        return file.read(limit)

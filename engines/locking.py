"""One program at a time: a lock that the system gives up by itself when its holder is killed."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from engines.base import Progress

_POLL = 0.1  # seconds

if os.name == "nt":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(path: Path, progress: Progress, wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """The only one of all programs that is in a block with this ``path``, a file that is there meanwhile.

    Waits for the one that is. Raises Cancelled if ``progress`` is called off before its turn comes, OSError.
    """
    file = acquired(path)
    while file is None:
        progress(0.0)
        wait(_POLL)
        file = acquired(path)
    try:
        yield
    finally:
        if os.name == "nt":  # where a file that is open cannot be removed
            file.close()
        try:
            path.unlink()
        except OSError:  # another has it already
            pass
        file.close()


def acquired(path: Path) -> BinaryIO | None:
    """The file, locked as long as it is open; None if another has it. Raises OSError."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+b")
    try:
        _lock(file)
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass  # another has it, or its holder has removed it meanwhile
    except BaseException:
        file.close()
        raise
    file.close()
    return None

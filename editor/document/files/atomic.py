"""Replace a file whole or not at all."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from editor.document.files.errors import FileError, reason


@contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Path]:
    """Yield an empty temporary file beside ``path``; when the block ends well it becomes ``path``.

    A link is followed, so its target is replaced and the link stays. The permission bits of a replaced
    file are kept. When the block raises, the temporary is removed and the target is untouched; an
    ``OSError`` then leaves as a ``FileError``, and so does a target that nobody may write to.
    """
    name = Path(path).name
    temporary = None
    try:
        target = _resolved(path)
        mode = _mode_to_keep(target, name)
        # Not named after the target: a name that just fits the disk's limit has no room for a suffix.
        candidate = target.parent / f".{secrets.token_hex(8)}.part"
        # Created by open() and not by tempfile, so that a new file gets the umask's permissions.
        os.close(os.open(candidate, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        temporary = candidate
        yield temporary
        if mode is not None:
            temporary.chmod(mode)
        _flush(temporary)
        temporary.replace(target)
    except OSError as error:
        _discard(temporary)
        raise FileError(f"Cannot save {name}: {reason(error)}. Nothing was changed.") from error
    except BaseException:
        _discard(temporary)
        raise
    flush_folder(target.parent)


def _resolved(path: str | os.PathLike) -> Path:
    try:
        return Path(path).resolve()
    except (RuntimeError, ValueError) as error:  # a link to itself; a NUL in the name
        raise FileError(f"Cannot save {Path(path).name!r}: this name cannot be used.") from error


def _mode_to_keep(target: Path, name: str) -> int | None:
    """Permission bits of the file to replace; None if there is none. Refuses what must not be replaced."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "a device or a pipe"
        raise FileError(f"Cannot save {name}: {what} has this name; choose another. Nothing was changed.")
    # os.replace needs no permission on the file itself, and root passes every check: look at the bits.
    if status.st_mode & 0o222 == 0:
        raise FileError(
            f"Cannot save {name}: the file is write-protected; save under another name. Nothing was changed."
        )
    return stat.S_IMODE(status.st_mode)


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Make new names in ``folder`` durable where the system can; the files are complete either way."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _discard(temporary: Path | None) -> None:
    if temporary is not None:
        try:
            temporary.unlink(missing_ok=True)
        except OSError:
            pass

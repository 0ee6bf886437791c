"""What a later start hands to the one that has the window: files, through a private folder.

No socket of any kind is opened, so there is nothing that another program could connect to. A start that gets
the lock has the window; another leaves a note beside it. Who takes a note, and who withdraws it because
nobody takes it, renames it first: only one of the two can. No Qt here: it is decided before that is loaded.
"""

import json
import os
import sys
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from editor import private, settings
from engines import locking

PATIENCE = 2.0  # seconds that a window may let a note lie before the other start opens its own
STARTING = 12.0  # the same of one that is not on the screen yet
_STALE = 60.0  # seconds, after which nobody waits for what is in a note
_POLL = 0.02
_MAX_NOTE = 1 << 20  # bytes
_MAX_FILES = 500
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")  # by which a desktop lets a window come to the front


@dataclass(frozen=True)
class Note:
    """What another start was asked to open. ``tokens``: names and values of ``_TOKENS``."""

    files: tuple[Path, ...]
    tokens: dict[str, str]


class Spool:
    """The folder of the starts that share a window. Raises OSError where it cannot be private."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = private.folder(folder or _folder())
        self._lock: BinaryIO | None = None

    @property
    def is_first(self) -> bool:
        """Whether this process has the window."""
        return self._lock is not None

    def claim(self) -> bool:
        """Become the one that has the window; False if there is one. The lock goes with the process.

        Raises OSError where the file system has no locks.
        """
        self._lock = locking.acquired(self.folder / "lock")
        if self.is_first:
            self._ready.unlink(missing_ok=True)
        return self.is_first

    def release(self) -> None:
        """Have no window any more."""
        if self._lock is not None:
            self._ready.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def is_listening(self) -> None:
        """Tell later starts that notes are taken from now on."""
        self._ready.touch(mode=0o600)

    def hand_over(self, files: Sequence[Path]) -> bool:
        """Leave a note and wait until it is taken. False: open a window, be it as the first now or because
        the one that is there does not answer. Raises OSError."""
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.user32.AllowSetForegroundWindow(-1)  # or that window could only blink
        note = self._leave(files)
        begun = time.monotonic()
        while note.exists():
            if self.claim():  # the one that had it has gone, and leaves its place
                return not self._withdrawn(note)
            waited = time.monotonic() - begun
            if waited > (PATIENCE if self._ready.exists() else STARTING):
                return not self._withdrawn(note)
            time.sleep(_POLL)
        return True

    def waiting(self) -> list[Path]:
        """The notes that lie there, the oldest first."""
        try:
            return sorted(self.folder.glob("note-*"))
        except OSError:
            return []

    def take(self) -> list[Note]:
        """All notes, which are gone with that. Raises nothing."""
        taken = []
        for path in self.waiting():
            mine = path.with_name(f"taken-{path.name}")
            try:
                path.rename(mine)
                is_late = time.time() - mine.lstat().st_mtime > _STALE
                note = None if is_late else _read(private.read_file(mine, _MAX_NOTE))
                mine.unlink()
            except (OSError, ValueError, RecursionError):  # withdrawn meanwhile, or not ours
                mine.unlink(missing_ok=True)
                continue
            if note is not None:
                taken.append(note)
        return taken

    @property
    def _ready(self) -> Path:
        return self.folder / "ready"

    def _leave(self, files: Iterable[Path]) -> Path:
        what = {
            "files": [os.fspath(path.absolute()) for path in files],
            "tokens": {name: os.environ[name] for name in _TOKENS if os.environ.get(name)},
        }
        path = self.folder / f"note-{time.time_ns()}-{os.urandom(4).hex()}"
        private.new_file(path, json.dumps(what).encode())
        return path

    def _withdrawn(self, note: Path) -> bool:
        gone = note.with_name(f"withdrawn-{note.name}")
        try:
            note.rename(gone)
        except OSError:  # it was taken after all
            return False
        gone.unlink(missing_ok=True)
        return True


def _read(content: bytes) -> Note | None:
    """Raises ValueError, RecursionError."""
    found = json.loads(content)
    if not isinstance(found, dict):
        return None
    files, tokens = found.get("files"), found.get("tokens")
    if not isinstance(files, list) or not isinstance(tokens, dict):
        return None
    paths = [Path(each) for each in files[:_MAX_FILES] if isinstance(each, str) and "\0" not in each]
    kept = {name: tokens[name] for name in _TOKENS if isinstance(tokens.get(name), str)}
    kept = {name: value for name, value in kept.items() if value.isprintable() and len(value) < 1000}
    return Note(tuple(path for path in paths if path.is_absolute()), kept)


def _folder() -> Path:
    """One for each program, configuration and screen: a window that the user does not see is no answer."""
    screen = [os.environ.get(name, "") for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM")]
    # A bundle in a single file lies in another folder each time that it starts.
    program = "bundle" if getattr(sys, "frozen", False) else Path(__file__).resolve().parents[1]
    machine = os.uname().nodename if hasattr(os, "uname") else ""
    facts = (machine, str(program), str(settings.config_dir().absolute()), *screen)
    return private.folder(_base()) / f"{zlib.crc32(os.fsencode(chr(10).join(facts))):08x}"


def _base() -> Path:
    """What the system clears away when the user logs out, else where the program's state is."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if "LACUNA_STATE_DIR" not in os.environ and Path(runtime).is_absolute():
        try:
            found = os.lstat(runtime)
            if found.st_uid == os.geteuid() and not found.st_mode & 0o077:
                return Path(runtime) / "lacuna"
        except (OSError, AttributeError):
            pass
    return private.state_dir() / "windows"

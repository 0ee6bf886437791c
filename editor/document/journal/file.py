"""The files of one session while they are written: a journal, and for a picture from a file its copy."""

import hashlib
import os
import re
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from editor.document.files.atomic import flush_folder
from editor.document.journal import records
from editor.document.journal.capture import NOTHING, Capture
from editor.document.journal.pixels import difference
from editor.document.journal.replay import Outline, structure
from editor.document.journal.session import Session, newest_journal

SETTLED = 60.0  # seconds that a file has not been touched for, so that it is still what was opened

_CHUNK = 1 << 20
_datasync = getattr(os, "fdatasync", os.fsync)  # macOS and Windows have none


@dataclass(frozen=True)
class State:
    """A state of the document to keep: ``name`` is that of the entry that led to it, ``nbytes`` what it has
    in tiles that the one before has not."""

    number: int
    name: str
    capture: Capture
    nbytes: int = 0


@dataclass(frozen=True)
class Mark:
    """The file at ``path`` holds the state of this number; None if none does."""

    path: Path | None
    state: int | None


@dataclass(frozen=True)
class Origin:
    """The file that the first state was read from, shortly before ``time`` (in seconds since the epoch)."""

    path: Path
    time: float


class JournalFile:
    """Everything raises OSError; after one, ``cut_off`` leaves what had been written whole."""

    def __init__(self, path: Path, chain: list[int], end: int) -> None:
        self.end = end  # of what is whole
        self.is_dirty = False
        self._chain = chain  # the states that a replay comes to
        self._path = path
        self._file = path.open("r+b", buffering=0)
        self._file.seek(end)

    @classmethod
    def resumed(cls, session: Session, outline: Outline) -> "JournalFile":
        """The journal that ``outline`` is of, to be gone on with; its damaged end is cut off."""
        _, path = newest_journal(session.folder) or (0, session.folder / "journal-0")
        file = cls(path, list(outline.states), outline.end)
        file._file.truncate(outline.end)
        return file

    @classmethod
    def begun(cls, session: Session, state: State, mark: Mark, origin: Origin | None) -> "JournalFile":
        """A new journal that starts from ``state`` and counts instead of older ones once it is whole."""
        folder = session.folder
        number = 1 + (newest_journal(folder) or (0,))[0]
        path, part = folder / f"journal-{number}", folder / f"journal-{number}.part"
        try:
            copy = None if origin is None else _copied(origin, folder, number, state.capture.nbytes)
            values = {"kind": "base", "state": state.number, **_told(mark), **structure(state.capture)}
            with part.open("wb", buffering=0) as file:
                records.write(file, records.file_header())
                if copy is None:
                    _write_difference(file, NOTHING, state.capture)
                else:
                    values |= copy
                records.write(file, records.packed(values))
                end = file.tell()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            _remove_all_but(folder, number - 1)
            raise
        flush_folder(folder)
        return cls(path, [state.number], end)

    def append(self, state: State, before: State) -> None:
        """Write what makes ``state`` of ``before``, the state last written; of one that the journal has in
        its history, only which."""
        if state.number in self._chain:
            self._add({"kind": "position", "state": state.number})
            return
        _write_difference(self._file, before.capture, state.capture)
        what = {"kind": "entry", "state": state.number, "parent": before.number, "name": state.name}
        self._add(what | structure(state.capture, before.capture))
        del self._chain[self._chain.index(before.number) + 1 :]
        self._chain.append(state.number)

    def mark(self, mark: Mark) -> None:
        """Write what the file of the document's name holds."""
        self._add({"kind": "saved", **_told(mark)})

    def _add(self, values: dict) -> None:
        records.write(self._file, records.packed(values))
        self.end = self._file.tell()
        self.is_dirty = True

    def sync(self) -> None:
        """Have the disk keep all of it through a loss of power."""
        _datasync(self._file.fileno())
        self.is_dirty = False

    def cut_off(self) -> bool:
        """Remove what is not whole; False if the disk does not do that either."""
        try:
            self._file.truncate(self.end)
            self._file.seek(self.end)
        except OSError:
            return False
        return True

    def close(self) -> None:
        try:
            self._file.close()
        except OSError:  # nothing waits to be written any more
            pass

    def remove_older(self) -> None:
        """Remove the files of the journals before this one. Raises nothing."""
        _remove_all_but(self._path.parent, int(self._path.name.rpartition("-")[2]))


def _told(mark: Mark) -> dict:
    return {"path": None if mark.path is None else str(mark.path), "saved": mark.state}


def _write_difference(file: FileIO, before: Capture, after: Capture) -> None:
    for planes, payload in difference(before, after):
        records.write(file, records.packed({"kind": "tiles", "planes": planes}, payload))


def _copied(origin: Origin, folder: Path, number: int, limit: int) -> dict | None:
    """Copy the file that was opened, unless that might give another picture than it did, or it has more
    than ``limit`` bytes; what the base then says of it. Raises OSError if the copy cannot be written."""
    try:
        source = origin.path.open("rb")
    except OSError:
        return None
    suffix = origin.path.suffix if re.fullmatch(r"\.\w{1,10}", origin.path.suffix, re.ASCII) else ""
    copy = folder / f"base-{number}{suffix}"
    with source:
        before = os.fstat(source.fileno())
        # The time of the inode's last change shows what a forged time of the contents hides; on Windows it
        # is that of creation, which does no harm.
        if max(before.st_mtime, before.st_ctime) > origin.time - SETTLED or before.st_size > limit:
            return None
        digest = _copy(source, copy)
        after = os.fstat(source.fileno())
    if digest is None or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        copy.unlink()
        return None
    return {"file": copy.name, "sha256": digest}


def _copy(source: BinaryIO, copy: Path) -> str | None:
    """The SHA-256 of what was copied; None if it could not be read. Raises OSError for writing."""
    digest = hashlib.sha256()
    with copy.open("wb") as target:
        while True:
            try:
                chunk = source.read(_CHUNK)
            except OSError:
                return None
            if not chunk:
                break
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _remove_all_but(folder: Path, number: int) -> None:
    try:
        for each in folder.iterdir():
            match = re.fullmatch(r"(?:journal|base)-(\d+)(\..*)?", each.name)
            if match and (int(match[1]) != number or match[2] == ".part"):
                each.unlink(missing_ok=True)
    except OSError:
        pass  # they take room and do no other harm; the next journal tries again

"""Tiles of the history moved to disk and back."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np

from editor.document.tiles import TileKey

_PREFIX = "lacuna-history-"
_numbers = count()


class SpillError(Exception):
    """What was moved to disk cannot be read back."""


@dataclass(frozen=True)
class OnDisk:
    """Stands in a store for a tile that is in the spill's file, ``offset`` bytes into it."""

    offset: int
    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def nbytes(self) -> int:
        return int(np.prod(self.shape)) * self.dtype.itemsize


Store = dict[TileKey, "np.ndarray | OnDisk | None"]


class Spill:
    """The tiles of one entry of the history, in one file, raw: they come back as fast as the disk reads."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self.size = 0  # bytes on disk

    def store(self, stores: Iterable[Store]) -> int:
        """Move all tiles of ``stores`` to disk and return how many bytes that frees.

        Raises ``OSError``, for a full disk say; then everything is in memory still.
        """
        places = [
            (store, key, tile)
            for store in stores
            for key, tile in store.items()
            if isinstance(tile, np.ndarray)
        ]
        if not places:
            return 0
        path = self._path or _folder() / f"{next(_numbers)}.tiles"
        moved: dict[int, OnDisk] = {}  # a tile that stands in several places is written once
        start = self.size
        try:
            with path.open("ab") as file:
                for _, _, tile in places:
                    if id(tile) not in moved:
                        moved[id(tile)] = OnDisk(file.tell(), tile.shape, tile.dtype)
                        file.write(np.ascontiguousarray(tile).data)
                end = file.tell()
        except OSError:
            if start == 0:
                path.unlink(missing_ok=True)
            else:
                os.truncate(path, start)
            raise
        self._path, self.size = path, end
        for store, key, tile in places:
            store[key] = moved[id(tile)]
        return sum(tile.nbytes for _, _, tile in places)

    def restore(self, stores: Iterable[Store]) -> None:
        """Put every tile back in its place and remove the file. Raises SpillError; then nothing changed."""
        if self._path is None:
            return
        found: list[tuple[Store, TileKey, np.ndarray]] = []
        loaded: dict[int, np.ndarray] = {}
        try:
            with self._path.open("rb") as file:
                for store in stores:
                    for key, tile in store.items():
                        if isinstance(tile, OnDisk):
                            if tile.offset not in loaded:
                                loaded[tile.offset] = _read(file, tile)
                            found.append((store, key, loaded[tile.offset]))
        except OSError as error:
            raise SpillError(str(error)) from error
        for store, key, tile in found:
            store[key] = tile
        self.discard()

    def discard(self) -> None:
        """Remove the file, if there is one."""
        if self._path is not None:
            try:
                self._path.unlink(missing_ok=True)
            except OSError:
                pass  # the whole folder goes with the process
            self._path, self.size = None, 0


def _read(file, tile: OnDisk) -> np.ndarray:
    file.seek(tile.offset)
    raw = file.read(tile.nbytes)
    if len(raw) != tile.nbytes:
        raise SpillError("the file is cut off")
    return np.frombuffer(raw, tile.dtype).reshape(tile.shape)  # read-only, as tiles are


@cache
def _folder() -> Path:
    """This process's folder, private to the user; what killed processes left behind is removed."""
    import atexit  # few histories come here, and the start does not wait for these
    import re
    import shutil
    import tempfile

    import platformdirs

    override = os.environ.get("LACUNA_CACHE_DIR")
    # Not the system's temporary folder, which is often a part of the memory.
    base = Path(override) if override else platformdirs.user_cache_path("lacuna", appauthor=False)
    base.mkdir(parents=True, exist_ok=True)
    for old in base.glob(f"{_PREFIX}*"):
        owner = re.fullmatch(rf"{_PREFIX}(\d+)-.*", old.name)
        if owner and not _alive(int(owner[1])):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _alive(process: int) -> bool:
    if os.name == "nt":  # there, signal 0 would end the process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True

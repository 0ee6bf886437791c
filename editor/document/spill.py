"""Tiles of the history moved to disk and back."""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from pathlib import Path

import numpy as np

from editor.document.parallel import Background
from editor.document.progress import each
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
    """The tiles of one entry of the history, in one file, raw: they come back as fast as the disk reads.

    With ``in_background`` a thread writes and removes the file, and nobody waits for it. ``size`` is how many
    bytes the file has, or will have; ``moved``, how many bytes of tiles are out of memory, one that stands in
    several places counted for each; ``moving``, how many will be once they are written.
    """

    def __init__(self, *, in_background: bool = False) -> None:
        self.size = self.moved = self.moving = 0
        self._background = in_background
        self._path: Path | None = None
        self._writing: _Writing | None = None
        self._refused: OSError | None = None

    def store(self, stores: Iterable[Store], nbytes: int) -> None:
        """Move all tiles of ``stores``, so many bytes, to disk, or see to it that it is done soon.

        Raises ``OSError``, for a full disk say; then everything is in memory still. In the background the
        next call raises it.
        """
        if self.moved or self.moving:
            return
        self._raise_refusal()
        if not nbytes:
            return
        writing = _Writing(stores, self._written)
        self._writing, self.moving, self.size = writing, nbytes, nbytes
        if self._background:
            _writer.submit(writing)
        else:
            writing()
            self._raise_refusal()

    def _raise_refusal(self) -> None:
        if self._refused is not None:
            error, self._refused = self._refused, None
            raise error

    def _written(self, path: Path | None, length: int, error: OSError | None) -> None:
        """Called by whoever writes, with the lock held: the tiles are in a file of that length, or not."""
        moving, self._writing, self.moving = self.moving, None, 0
        self._path, self.size, self._refused = path, length, error
        self.moved = 0 if path is None else moving

    def restore(self, stores: Iterable[Store]) -> None:
        """Put every tile back in its place and remove the file. Raises SpillError; then nothing changed."""
        self._call_off()
        if self._path is None:
            return
        found: list[tuple[Store, TileKey, np.ndarray]] = []
        loaded: dict[int, np.ndarray] = {}
        try:
            with self._path.open("rb") as file:
                for store in each(list(stores), len):
                    for key, tile in each(list(store.items())):
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
        self._call_off()
        if self._path is not None:
            remove = partial(_remove, self._path)
            if self._background:
                _writer.submit(remove)
            else:
                remove()
            self._path, self.size, self.moved = None, 0, 0

    def _call_off(self) -> None:
        """What is not written yet stays in memory."""
        with _lock:
            if self._writing is not None:
                self._writing.wanted = False
                self._writing, self.moving, self.size = None, 0, 0


class _Writing:
    """Tiles on their way to a file. ``wanted``, of which the lock takes care: they still are to go there."""

    def __init__(
        self, stores: Iterable[Store], tell: Callable[[Path | None, int, OSError | None], None]
    ) -> None:
        self._stores, self._tell = stores, tell
        self.wanted = True

    def __call__(self) -> None:
        with _lock:
            if not self.wanted:
                return
            places = self._places()
        tiles = {id(tile): tile for _, _, tile in places}  # one that stands in several places is written once
        path, error = None, None
        try:
            path = _folder() / f"{next(_numbers)}.tiles"
            moved = self._write(path, tiles)
        except OSError as refusal:
            moved, error = None, refusal
        with _lock:
            wanted = self.wanted
            if wanted and moved is not None:
                for store, key, tile in places:
                    store[key] = moved[id(tile)]
                self._tell(path, sum(tile.nbytes for tile in tiles.values()), None)
            elif wanted:
                self._tell(None, 0, error)
        if path is not None and (moved is None or not wanted):
            _remove(path)

    def _places(self) -> list[tuple[Store, TileKey, np.ndarray]]:
        return [
            (store, key, tile)
            for store in self._stores
            for key, tile in store.items()
            if isinstance(tile, np.ndarray)
        ]

    def _write(self, path: Path, tiles: dict[int, np.ndarray]) -> dict[int, OnDisk] | None:
        """Where each tile went; None if that is not wanted any more."""
        moved: dict[int, OnDisk] = {}
        with path.open("wb") as file:
            for number, tile in tiles.items():
                if not self.wanted:
                    return None
                moved[number] = OnDisk(file.tell(), tile.shape, tile.dtype)
                file.write(np.ascontiguousarray(tile).data)
        return moved


_lock = threading.Lock()  # between the thread that writes and those that want it back
_writer = Background("history")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        pass  # the whole folder goes with the process


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
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in base.glob(f"{_PREFIX}*"):
        owner = re.fullmatch(rf"{_PREFIX}(\d+)-.*", old.name)
        if owner and not _alive(int(owner[1])):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
    atexit.register(_leave, folder)
    return folder


def _leave(folder: Path) -> None:
    import shutil

    _writer.stop()
    shutil.rmtree(folder, ignore_errors=True)


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

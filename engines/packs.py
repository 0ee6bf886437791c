"""Installing, checking and removing the weights that do not come with the program.

A file is made whole in a folder beside its place and moved there in one step: whoever looks finds the right
file or none, and two programs that install at once do not get into each other's way.
"""

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engines import safetensors_file, store, torch_file
from engines.base import EngineError, Progress, WeightsMissing, WeightsWrong
from engines.sources import NotFetched, fetch, sha256_of

_FETCHED = 0.9  # of the way, once the file is there
_PART = ".part-"
_ABANDONED = 24 * 3600  # seconds after which a half-made file is nobody's any more


def _from_torch(path: Path) -> bytes:
    with path.open("rb") as file:
        return safetensors_file.write(torch_file.read(file))


_CONVERSIONS: dict[str, Callable[[Path], bytes]] = {"": Path.read_bytes, "torch": _from_torch}


def install(weights_id: str, progress: Progress) -> Path:
    """Fetch a file from the first source that has it and put it in place; a good one that is there stays.

    Raises WeightsMissing if no source has it, WeightsWrong if what came is another file, Cancelled,
    EngineError if the disk is full or the folder not writable. In each case nothing is left.
    """
    entry = store.entry_of(weights_id)
    try:
        return verify(weights_id)
    except (WeightsMissing, WeightsWrong):
        if entry.embedded:
            raise
    sources = [source for source in entry.sources if source.fetchable]
    if not sources:
        raise WeightsMissing(_by_hand(entry, "Lacuna cannot fetch this model by itself"))

    def fetched(fraction: float) -> None:
        progress(fraction * _FETCHED)

    failures: list[EngineError] = []
    for source in sources:
        with _workshop(entry) as folder:
            within = Progress(fetched)
            try:
                path = fetch(source, folder, entry.download, within)
            except (NotFetched, WeightsWrong) as error:
                failures.append(error)
                continue
            progress(_FETCHED)
            return _put(entry, _CONVERSIONS[source.convert](path), folder)
    wrong = [error for error in failures if isinstance(error, WeightsWrong)]
    raise type(wrong[0] if wrong else failures[-1])(_by_hand(entry, str(failures[-1]).rstrip(".")))


def adopt(path: Path) -> str:
    """Put a file of the user's in place, whatever its name, and say which model it is.

    Raises WeightsWrong if it is none that the catalogue knows, OSError if it cannot be read.
    """
    digest = sha256_of(path)
    for entry in store.catalog().values():
        if entry.embedded:
            continue
        conversions = {source.sha256: source.convert for source in entry.sources} | {entry.sha256: ""}
        if digest in conversions:
            with _workshop(entry) as folder:
                _put(entry, _CONVERSIONS[conversions[digest]](path), folder)
            return entry.id
        if not entry.sha256 and path.name == entry.file:  # what it holds is looked at when it is loaded
            with _workshop(entry) as folder:
                _put(entry, path.read_bytes(), folder)
            return entry.id
    known = ", ".join(entry.id for entry in store.catalog().values() if not entry.embedded)
    raise WeightsWrong(f"{path.name} is no model file that Lacuna knows. It knows: {known}.")


def verify(weights_id: str) -> Path:
    """Where a file is, once its content was checked. Raises WeightsMissing or WeightsWrong."""
    store.load(weights_id)
    return store.path_of(weights_id)


def remove(weights_id: str) -> None:
    """Take an installed file from the disk. Raises EngineError if it is not one, OSError."""
    entry = store.entry_of(weights_id)
    path = store.packs_folder() / entry.file
    if entry.embedded:
        raise EngineError(f"{entry.id} comes with Lacuna and stays.")
    try:
        path.unlink()
    except FileNotFoundError:
        raise EngineError(f"{entry.id} is not installed.") from None


def _put(entry: store.WeightFile, content: bytes, folder: Path) -> Path:
    """Write a file and move it into place. Raises WeightsWrong if it is not the one of the catalogue."""
    if entry.sha256 and hashlib.sha256(content).hexdigest() != entry.sha256:
        raise WeightsWrong(f"What was made for {entry.id} is not the file that it should be.")
    whole, place = folder / "whole", store.packs_folder() / entry.file
    with whole.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    whole.replace(place)
    return place


@contextmanager
def _workshop(entry: store.WeightFile) -> Iterator[Path]:
    """A folder of one's own beside the place of the file, gone afterwards; a full disk as a line."""
    packs = store.packs_folder()
    try:
        packs.mkdir(parents=True, exist_ok=True)
        _sweep(packs)
        # The package, the file in it, and the file in place.
        needed = entry.download + 2 * entry.bytes
        if shutil.disk_usage(packs).free < needed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with tempfile.TemporaryDirectory(prefix=_PART, dir=packs, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            size = (entry.download + 2 * entry.bytes) / 1e6
            raise EngineError(
                f"There is not enough room in {packs} for {entry.id}, which needs {size:.0f} MB meanwhile. "
                "Free some and try again."
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise EngineError(
                f"Models cannot be kept in {packs}: {error.strerror}. Allow writing there, or set "
                "LACUNA_DATA_DIR to another folder."
            ) from error
        raise


def _sweep(packs: Path) -> None:
    """Clear away what a killed program has left."""
    for left in packs.glob(f"{_PART}*"):
        try:
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            pass


def _by_hand(entry: store.WeightFile, why: str) -> str:
    """Why a file could not be fetched, and where it could be had by hand."""
    if not entry.look_for:
        return f"{why}. Try again later."
    return f"{why}. Or get {entry.look_for}, and add it with: python main.py models import FILE"

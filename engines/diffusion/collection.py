"""The user's own checkpoints: copied into the folder of the models, checked, and taken out again.

They have a folder of their own in it, so that none of them can stand where a file of the catalogue belongs,
and go along when the whole is copied to another machine. What each file was is remembered beside the models.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engines import records, store
from engines.base import EngineError, Progress, WeightsMissing, WeightsWrong
from engines.diffusion import sums
from engines.diffusion.checkpoints import PICKLED, Checkpoint, own_folder, recognise
from engines.locking import alone

_BLOCK = 1 << 22
_WORKSHOP, _LOCK = ".part-", ".lock"


def adopt(path: Path, progress: Progress) -> Checkpoint:
    """Copy a checkpoint, a single file or a diffusers folder, among the user's models.

    It stays where it is as well. What is never read of a folder is left out: pickles, and the model once more
    as one file beside its parts. Raises WeightsWrong if it is no model that is known, EngineError if another
    has its name or there is no room, Cancelled, OSError if it cannot be read.
    """
    recognise(path)
    folder, name = own_folder(), path.absolute().name
    target = folder / name
    with store.refusals_told(path.name, size(path)):
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder / _LOCK, progress):
            if target.exists():
                if target.samefile(path):
                    return recognise(target)
                raise EngineError(f"There is a {name} among the models already. Remove it there first.")
            _clear(folder)
            if shutil.disk_usage(folder).free < size(path):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            with tempfile.TemporaryDirectory(
                prefix=_WORKSHOP, dir=folder, ignore_cleanup_errors=True
            ) as workshop:
                whole = Path(workshop) / name
                digests = dict(_copied(path, whole, progress))
                recognise(whole)  # what was copied, not what lies there by now
                progress(1.0)  # the last moment to call it off
                for file, digest in digests.items():
                    records.record(store.packs_folder(), _key(target, file), digest)
                whole.replace(target)
                for file, digest in digests.items():
                    sums.remember(target / file, digest)
    return recognise(target)


def verify(checkpoint: Checkpoint, progress: Progress) -> None:
    """Read a checkpoint whole and compare it with what it was when it was copied.

    Of one that was put into the folder by hand only its layout is known. Raises WeightsMissing, WeightsWrong,
    Cancelled, OSError.
    """
    path = checkpoint.path
    if not path.exists():
        raise WeightsMissing(f"{path.name} is no longer there. Add it again.")
    recognise(path)
    packs, total, done = store.packs_folder(), max(size(path), 1), 0
    for file in _files(path):
        known, digest = records.sha256(packs, _key(path, file)), hashlib.sha256()
        for block in _blocks(path / file):
            digest.update(block)
            done += len(block)
            progress(min(done / total, 1.0))
        if known and digest.hexdigest() != known:
            raise WeightsWrong(f"{path.name} is damaged or was changed. Remove it and add it again.")


def remove(checkpoint: Checkpoint) -> None:
    """Take a checkpoint from the disk. Raises EngineError if it lies elsewhere than the models, OSError."""
    path, packs = checkpoint.path, store.packs_folder()
    if path.parent not in (own_folder(), packs):
        raise EngineError(f"{path} is not among the models of Lacuna, so it stays.")
    files = list(_files(path))
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
    for file in files:
        records.record(packs, _key(path, file), "")


def size(path: Path) -> int:
    """Bytes of a file, or of what is used of a folder."""
    return sum((path / file).stat().st_size for file in _files(path))


def _files(path: Path) -> Iterator[Path]:
    """What belongs to a checkpoint, relative to it; of a single file that is the empty path."""
    if not path.is_dir():
        yield Path()
        return
    for parent, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith("."))  # .git, .cache
        unread = (*PICKLED, ".safetensors") if Path(parent) == path else PICKLED
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() not in unread:
                yield Path(parent, name).relative_to(path)


def _copied(path: Path, whole: Path, progress: Progress) -> Iterator[tuple[Path, str]]:
    """Each file and its sha256, once it is copied and safe on the disk."""
    total, done = max(size(path), 1), 0
    for file in _files(path):
        (whole / file).parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with (whole / file).open("wb") as out:
            for block in _blocks(path / file):
                out.write(block)
                digest.update(block)
                done += len(block)
                progress(min(done / total, 1.0))
            out.flush()
            os.fsync(out.fileno())
        yield file, digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _key(path: Path, file: Path) -> str:
    return (path / file).relative_to(store.packs_folder()).as_posix()


def _clear(folder: Path) -> None:
    """What a program that was killed has left."""
    for left in folder.glob(f"{_WORKSHOP}*"):
        shutil.rmtree(left, ignore_errors=True)

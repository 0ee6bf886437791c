"""Installing, checking and removing the weights that do not come with the program.

A file is made whole in a folder beside its place and moved there in one step: whoever looks finds the right
file or none. Of two programs that install the same one waits for the other.
"""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from engines import lpips_file, mobilestylegan_file, ncnn_file, records, safetensors_file, store, torch_file
from engines.base import EngineError, NotFetched, Progress, WeightsMissing, WeightsWrong
from engines.installed import command
from engines.locking import alone
from engines.recognise import recognised
from engines.sources import FETCHED, PART, discard, fetch, sha256_of

_WORKSHOP, _LOCK = ".part-", ".lock-"
_ABANDONED = 24 * 3600  # seconds after which a half-made file is nobody's any more
_STALE = 30 * _ABANDONED  # the same for what has come of a download, which took long


class LicenceNotAccepted(EngineError):
    """A model is not free, and the user has not said yes to that; the text is one line that says how to."""


def _from_torch(path: Path, target: Path) -> None:
    with path.open("rb") as file:
        target.write_bytes(safetensors_file.write(torch_file.read(file)))


def _from_ncnn(read: Callable[[bytes], dict[str, np.ndarray]]) -> Callable[[Path, Path], object]:
    return lambda path, target: target.write_bytes(safetensors_file.write(read(path.read_bytes())))


def _from_path(read: Callable[[Path], dict[str, np.ndarray]]) -> Callable[[Path, Path], object]:
    return lambda path, target: target.write_bytes(safetensors_file.write(read(path)))


# From a file to the one that is put in place.
_CONVERSIONS: dict[str, Callable[[Path, Path], object]] = {
    "": shutil.copyfile,
    "torch": _from_torch,
    "ncnn-rrdbnet": _from_ncnn(ncnn_file.rrdbnet),
    "ncnn-compact": _from_ncnn(ncnn_file.compact),
    "openvino-mobilestylegan": _from_path(mobilestylegan_file.read),
    "pickle-lpips": _from_path(lpips_file.read),
}


def install(weights_id: str, progress: Progress, *, accepted: bool = False, proxy: str = "") -> Path:
    """Fetch a file from the first source that has it and put it in place; a good one that is there stays.

    ``accepted``: the user has said yes to its licence; it is remembered. ``proxy`` is as `sources.fetch` has
    it. What came of a file of the web is kept when this is called off or killed, and gone on with the next
    time. Raises LicenceNotAccepted, WeightsMissing if no source has it, WeightsWrong if what came is another
    file, Cancelled, EngineError if the disk is full or the folder not writable.
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
    _agree(entry, accepted)
    with store.refusals_told(entry.id, room(entry.id)), _alone(entry, progress):
        try:
            return verify(weights_id)  # another program may have brought it meanwhile
        except (WeightsMissing, WeightsWrong):
            return _fetched(entry, sources, progress, proxy)


def _fetched(entry: store.WeightFile, sources: list, progress: Progress, proxy: str) -> Path:
    failures: list[EngineError] = []
    for source in sources:
        with _workshop(entry, came(entry.id)) as folder:
            try:
                path = fetch(source, folder, entry.download, progress, proxy)
            except (NotFetched, WeightsWrong) as error:
                failures.append(error)
                continue
            progress(FETCHED)
            whole = folder / "whole"
            if source.convert:
                _CONVERSIONS[source.convert](path, whole)
            else:
                path.replace(whole)
            return _put(entry, whole)
    wrong = [error for error in failures if isinstance(error, WeightsWrong)]
    raise type(wrong[0] if wrong else failures[-1])(_by_hand(entry, str(failures[-1]).rstrip(".")))


def adopt(path: Path) -> str:
    """Put a file of the user's in place, whatever its name, and say which model it is.

    Raises WeightsWrong if it is none that the catalogue knows, OSError if it cannot be read.
    """
    found = recognised(path)
    if found is None:
        known = ", ".join(entry.id for entry in store.catalog().values() if not entry.embedded)
        raise WeightsWrong(f"{path.name} is no model file that Lacuna knows. It knows: {known}.")
    entry, conversion = found
    with store.refusals_told(entry.id, room(entry.id)), _alone(entry, Progress()), _workshop(entry) as folder:
        _CONVERSIONS[conversion](path, folder / "whole")
        _put(entry, folder / "whole")
    return entry.id


def verify(weights_id: str) -> Path:
    """Where a file is, once its content was checked. Raises WeightsMissing or WeightsWrong."""
    return store.check(weights_id)


def remove(weights_id: str) -> None:
    """Take an installed file, or what has come of it so far, from the disk.

    Raises EngineError if there is none, OSError.
    """
    entry, packs = store.entry_of(weights_id), store.packs_folder()
    if entry.embedded:
        raise EngineError(f"{entry.id} comes with Lacuna and stays.")
    begun = discard_part(weights_id)
    try:
        (packs / entry.file).unlink()
        records.record(packs, entry.id, "")
    except FileNotFoundError:
        if not begun:
            raise EngineError(f"{entry.id} is not installed.") from None


def discard_part(weights_id: str) -> bool:
    """Throw away what has come of a file whose fetching was broken off; whether there was anything."""
    there = came(weights_id) > 0
    for source in store.entry_of(weights_id).sources:
        if source.fetchable:
            discard(source.part(store.packs_folder()))
    return there


def came(weights_id: str) -> int:
    """Bytes that have come of a file whose fetching was broken off."""
    packs = store.packs_folder()
    sizes = [0]
    for source in store.entry_of(weights_id).sources:
        part = source.part(packs)
        if source.fetchable and part.is_file():
            sizes.append(part.stat().st_size)
    return max(sizes)


def room(weights_id: str) -> int:
    """Bytes that an installation takes meanwhile: what is fetched, and what is made of it."""
    entry = store.entry_of(weights_id)
    made = any(source.convert or source.member for source in entry.sources if source.fetchable)
    return entry.download + 2 * entry.bytes if made else max(entry.download, entry.bytes)


def needs_consent(weights_id: str) -> bool:
    """Whether the user has to accept the licence before it is fetched."""
    entry = store.entry_of(weights_id)
    return not entry.commercial and records.accepted(store.packs_folder(), entry.id) != entry.licence


def _agree(entry: store.WeightFile, accepted: bool) -> None:
    if not needs_consent(entry.id):
        return
    if not accepted:
        raise LicenceNotAccepted(
            f"{entry.id} is not free for commercial use ({entry.licence}). If that suits you, install it "
            f"with: {command()} models install {entry.id} --accept-licence"
        )
    with store.refusals_told(entry.id, room(entry.id)):
        records.accept(store.packs_folder(), entry.id, entry.licence)


def _put(entry: store.WeightFile, whole: Path) -> Path:
    """Move a file into place. Raises WeightsWrong if it is not the one of the catalogue."""
    packs, digest = store.packs_folder(), sha256_of(whole)
    if entry.sha256 and digest != entry.sha256:
        raise WeightsWrong(f"What was made for {entry.id} is not the file that it should be.")
    with whole.open("r+b") as file:
        os.fsync(file.fileno())
    if not entry.sha256:  # so that damage shows later
        records.record(packs, entry.id, digest)
    return whole.replace(packs / entry.file)


def _made(packs: Path) -> Path:
    packs.mkdir(parents=True, exist_ok=True)
    return packs


@contextmanager
def _alone(entry: store.WeightFile, progress: Progress) -> Iterator[None]:
    """The only program that makes this file now; what one that was killed at it has left goes."""
    packs = _made(store.packs_folder())
    with alone(packs / f"{_LOCK}{entry.id}", progress):
        for left in packs.glob(f"{_WORKSHOP}{entry.id}+*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def _workshop(entry: store.WeightFile, there: int = 0) -> Iterator[Path]:
    """A folder of one's own beside the place of the file, gone afterwards. ``there``: bytes that need not be
    fetched any more. Raises OSError if there is no room for it."""
    packs = _made(store.packs_folder())
    _sweep(packs)
    if shutil.disk_usage(packs).free < room(entry.id) - there:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with tempfile.TemporaryDirectory(
        prefix=f"{_WORKSHOP}{entry.id}+", dir=packs, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def _sweep(packs: Path) -> None:
    """Clear away what killed programs have left, and downloads that nobody has gone on with for long."""
    for pattern, age in ((_WORKSHOP, _ABANDONED), (PART, _STALE)):
        for left in packs.glob(f"{pattern}*"):
            try:
                if time.time() - left.stat().st_mtime <= age:
                    continue
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink()
            except OSError:
                pass


def _by_hand(entry: store.WeightFile, why: str) -> str:
    """Why a file could not be fetched, and where it could be had by hand."""
    if not entry.look_for:
        return f"{why}. Try again later."
    return f"{why}. Or get {entry.look_for}, and add it with: {command()} models import FILE"

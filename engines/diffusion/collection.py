"""The user's own checkpoints, and what goes with them: parts of FLUX, LoRAs and ControlNets. They are copied
into the folder of the models, checked, and taken out again.

Each kind has a folder of its own in it, so that none of them can stand where a file of the catalogue belongs,
and all go along when the whole is copied to another machine. What each file was is remembered beside the
models.
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
from engines.diffusion import checkpoints, extras, headers, parts, sums
from engines.diffusion.checkpoints import PICKLED, Checkpoint
from engines.diffusion.extras import Extra
from engines.diffusion.parts import Part
from engines.locking import alone

_BLOCK = 1 << 22
_WORKSHOP, _LOCK = ".part-", ".lock"
_ANY = ("diffusion_pytorch_model", "model", "pytorch_lora_weights")  # as diffusers calls every file

Own = Checkpoint | Part | Extra
FAMILIES = {"sd": "SD 1.5", "sdxl": "SDXL", "flux": "FLUX", "flux2": "FLUX.2 klein"}


def recognise(path: Path) -> Own:
    """Which model a file or folder is, or what goes with one. Raises WeightsWrong, with one line, for
    anything that is neither, OSError."""
    try:
        return checkpoints.recognise(path)
    except WeightsWrong as error:
        found = _beside(path)
        if found is None:
            raise error from None
        return found


def what(own: Part | Extra) -> str:
    """What it is that goes with models, as in "a LoRA for SDXL"."""
    if isinstance(own, Part):
        return own.title
    family = FAMILIES.get(own.family)
    if own.what == "lora":
        title = f"a LoRA for {family}" if family else "a LoRA"
    else:
        title = f"a ControlNet for {family}" if family else "a ControlNet"
    return title


def installed() -> list[Part | Extra]:
    """What goes with models, in the user's folders, by its names."""
    return [*parts.installed(), *extras.found()]


def lacking(checkpoint: Checkpoint) -> str:
    """Which parts are not here that a transformer alone needs, in one line; empty if it can be run."""
    if checkpoint.layout == "file" and checkpoint.family == "flux":
        try:
            parts.found(checkpoint.path)
        except WeightsMissing as error:
            return str(error)
        except (WeightsWrong, OSError):
            pass  # which will be told when it is to be loaded
    return ""


def adopt(path: Path, progress: Progress) -> Own:
    """Copy a model, a single file or a diffusers folder, or what goes with one, among the user's models.

    It stays where it is as well. What is never read of a folder is left out: pickles, and the model once more
    as one file beside its parts. A file that is called as diffusers calls every one gets its folder's name.
    Raises WeightsWrong if it is nothing that is known, EngineError if another has its name or there is no
    room, Cancelled, OSError if it cannot be read.
    """
    own = recognise(path)
    folder, name = _folder_of(own), _name(own)
    target = folder / name
    if path.absolute().parent in _folders():  # it is where it is looked for already
        return own
    with store.refusals_told(name, size(path)):
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


def verify(own: Own, progress: Progress) -> None:
    """Read one of the user's whole and compare it with what it was when it was copied.

    Of one that was put into the folder by hand only its layout is known. Raises WeightsMissing, WeightsWrong,
    Cancelled, OSError.
    """
    path = own.path
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


def remove(own: Own) -> None:
    """Take one of the user's from the disk. Raises EngineError if it lies elsewhere than the models,
    OSError."""
    path, packs = own.path, store.packs_folder()
    if path.parent not in _folders():
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
    """What belongs to a model, relative to it; of a single file that is the empty path."""
    if not path.is_dir():
        yield Path()
        return
    has_parts = (path / "model_index.json").is_file()
    for parent, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith("."))  # .git, .cache
        unread = (*PICKLED, ".safetensors") if has_parts and Path(parent) == path else PICKLED
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


def _beside(path: Path) -> Part | Extra | None:
    """What goes with a model; None if a file or folder is nothing of the kind."""
    try:
        found = parts.recognise(path) or extras.recognise(path)
    except WeightsWrong:
        return None
    if path.is_dir() and not any(path.glob("*.safetensors")):
        raise WeightsWrong(f"{path.name} is a ControlNet without its .safetensors file. Get that as well.")
    return found


def _folder_of(own: Own) -> Path:
    if isinstance(own, Checkpoint):
        return checkpoints.own_folder()
    if isinstance(own, Part):
        return parts.folder()
    return store.packs_folder() / ("loras" if own.what == "lora" else "controlnets")


def _folders() -> tuple[Path, ...]:
    """Where models and what goes with them are looked for."""
    return (*extras.folders(), parts.folder())


def _name(own: Own) -> str:
    """What one is called among the models: with the suffix that it is looked for by, and so that it can be
    told from others."""
    path = own.path.absolute()
    if path.is_dir() or (isinstance(own, Part) and own.kind == "words"):
        return path.name
    stem = path.stem if path.suffix.lower() in headers.SUFFIXES else path.name
    first, *marks = stem.split(".")
    if first in _ANY and not isinstance(own, Checkpoint):
        stem = ".".join((path.parent.name, *marks))
    return stem + (".gguf" if headers.is_gguf(path) else ".safetensors")


def _key(path: Path, file: Path) -> str:
    return (path / file).relative_to(store.packs_folder()).as_posix()


def _clear(folder: Path) -> None:
    """What a program that was killed has left."""
    for left in folder.glob(f"{_WORKSHOP}*"):
        shutil.rmtree(left, ignore_errors=True)

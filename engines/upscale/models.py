"""Which networks for enlarging there are on this machine, and what a file is: told by what is in it.

The two of Real-ESRGAN are known by the names and shapes of their tensors and run without PyTorch. ONNX
graphs of one picture of any size are run as they are; tensors of other architectures by spandrel, where that
is installed.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from engines import onnx_file, records, registry, safetensors_file, store, torch_file
from engines.base import EngineError, WeightsMissing, WeightsWrong
from engines.installed import command
from engines.sources import sha256_of
from engines.upscale.graphs import scale_of

_TORCH, _ONNX = (".pth", ".pt"), ".onnx"
SUFFIXES = (".safetensors", *_TORCH, _ONNX)
_LARGEST = 2 << 30  # bytes of a file that is looked at: an ONNX file, or tensors, must fit the memory
_WRAPPERS = ("params_ema", "params", "state_dict")  # what published checkpoints have the tensors within


@dataclass(frozen=True)
class Upscaler:
    """One network."""

    model: str  # as a request names it: an id of the catalogue, or a path
    path: Path
    title: str
    kind: Literal["graph", "onnx", "other"]  # ours of its tensors; its own; of its tensors, by spandrel
    scale: int  # times that it enlarges; 0: seen only once it has run


def own_folder() -> Path:
    """Where the user's own networks are kept."""
    return store.packs_folder() / "upscalers"


def installed() -> list[Upscaler]:
    """Those of the catalogue that are here, the best first, then the user's own by their names."""
    found = [_of_catalogue(each) for each in of_catalogue() if store.is_present(each)]
    folder = own_folder()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
            try:
                found.append(recognise(path))
            except (WeightsWrong, OSError):
                continue
    return found


def of_catalogue() -> tuple[str, ...]:
    """The ids of those that the catalogue has, the best first."""
    return tuple(each for files in registry.spec(registry.UPSCALER).forms for each in files)


def locate(model: str) -> Upscaler:
    """The network of an id, a path, or the name of one of the user's own.

    Raises WeightsMissing, WeightsWrong, EngineError.
    """
    if model in of_catalogue():
        if not store.path_of(model).exists():
            raise WeightsMissing(
                f"The model {model} is not installed. Get it with: {command()} models install {model}"
            )
        return _of_catalogue(model)
    path = Path(model).expanduser()
    for place in (path, own_folder() / path) if model else ():
        if place.is_file():
            return recognise(place)
    raise EngineError(
        f'There is no model "{model}" for enlarging. Name a file ({", ".join(SUFFIXES)}) or one of: '
        f"{', '.join(of_catalogue())}."
    )


def recognise(path: Path) -> Upscaler:
    """What a file of the user's is. Raises WeightsWrong for anything that cannot be run safely, OSError."""
    if path.stat().st_size > _LARGEST:
        raise WeightsWrong(f"{path.name} is too large for a network that enlarges. Choose another file.")
    content = store.mapped(path)
    if bytes(content[:1]) == b"\x08":  # ir_version, with which every ONNX file begins
        shapes = list(onnx_file.inputs_of(content, path.name).values())
        if len(shapes) != 1 or len(shapes[0]) != 4 or shapes[0][1] != 3 or any(shapes[0][2:]):
            raise WeightsWrong(
                f"{path.name} does not take one colour picture of any size. Get it exported with free sides."
            )
        return Upscaler(str(path), path, path.stem, "onnx", 0)
    if safetensors_file.is_one(content):
        shapes = safetensors_file.shapes(content)
    else:
        shapes = {name: array.shape for name, array in _from_torch(path).items()}
    _check_plausible(path, shapes)
    scale = scale_of(shapes)
    return Upscaler(str(path), path, path.stem, "graph" if scale else "other", scale)


def tensors_of(path: Path, content: bytes) -> dict[str, np.ndarray]:
    """The tensors of a file whose ``content`` was read. Raises WeightsWrong."""
    return dict(safetensors_file.read(content)) if safetensors_file.is_one(content) else _from_torch(path)


def adopt(path: Path) -> Upscaler:
    """Copy a network of the user's among the models, a checkpoint of torch as safetensors.

    Raises WeightsWrong if it is none, EngineError if there is no room or another has its name, OSError.
    """
    found = recognise(path)
    folder = own_folder()
    is_torch = path.suffix.lower() in _TORCH
    target = folder / (f"{path.stem}.safetensors" if is_torch else path.name)
    with store.refusals_told(path.name, path.stat().st_size):
        folder.mkdir(parents=True, exist_ok=True)
        if target.exists() and path.exists() and target.samefile(path):
            return found
        if target.exists():
            raise EngineError(f"There is a {target.name} among the models already. Remove it there first.")
        with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as workshop:
            whole = Path(workshop) / target.name
            if is_torch:
                whole.write_bytes(safetensors_file.write(_from_torch(path)))
            else:
                shutil.copyfile(path, whole)
            with whole.open("r+b") as file:
                os.fsync(file.fileno())
            recognise(whole)  # what was copied, not what lies there by now
            records.record(store.packs_folder(), _key(target), sha256_of(whole))
            whole.replace(target)
    return recognise(target)


def verify(upscaler: Upscaler) -> None:
    """Compare one of the user's with what it was when it was taken in; of one put there by hand only its
    layout is known. Raises WeightsMissing, WeightsWrong, OSError."""
    if not upscaler.path.exists():
        raise WeightsMissing(f"{upscaler.path.name} is no longer there. Add it again.")
    recognise(upscaler.path)
    known = records.sha256(store.packs_folder(), _key(upscaler.path))
    if known and sha256_of(upscaler.path) != known:
        raise WeightsWrong(f"{upscaler.path.name} is damaged or was changed. Remove it and add it again.")


def remove(upscaler: Upscaler) -> None:
    """Take one of the user's from the disk. Raises EngineError if it lies elsewhere, OSError."""
    if upscaler.path.parent != own_folder():
        raise EngineError(f"{upscaler.path} is not among the models of Lacuna, so it stays.")
    upscaler.path.unlink()
    records.record(store.packs_folder(), _key(upscaler.path), "")


def _key(path: Path) -> str:
    return path.relative_to(store.packs_folder()).as_posix()


def _of_catalogue(weights_id: str) -> Upscaler:
    entry = store.entry_of(weights_id)
    return Upscaler(weights_id, store.path_of(weights_id), entry.title, "graph", 4)


def _from_torch(path: Path) -> dict[str, np.ndarray]:
    with path.open("rb") as file:
        return torch_file.read(file, within=_WRAPPERS)


def _check_plausible(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raises WeightsWrong for tensors that are no network of convolutions or attention on pictures."""
    if not any(len(shape) == 4 for shape in shapes.values()):
        raise WeightsWrong(f"{path.name} is no network that enlarges pictures. Choose another file.")

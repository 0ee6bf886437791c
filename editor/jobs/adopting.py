"""A model that the user has, or what goes with one, comes among those that Lacuna works with."""

from dataclasses import dataclass
from pathlib import Path

from engines import packs, store
from engines.base import Progress, WeightsWrong
from engines.diffusion import checkpoints, collection, headers
from engines.upscale import models


@dataclass(frozen=True)
class Adopted:
    """What was put in its place. ``what`` and ``lacking`` are English."""

    name: str  # an id of the catalogue, or what it is called among the models
    path: Path
    what: str = ""  # "a LoRA for SDXL", say; empty: the catalogue tells, or it fills by itself
    lacking: str = ""  # what it needs that is not here, in one line


def adopt(path: Path, progress: Progress) -> Adopted:
    """Put it in its place, whatever it is called, and say what it is.

    Raises WeightsWrong if it is nothing that is known, EngineError, Cancelled, OSError.
    """
    pickled = path.suffix.lower() == ".ckpt"
    if not (path.is_dir() or pickled):
        try:
            collection.recognise(path)
        except WeightsWrong as error:
            return _of_the_catalogue(path, error)
    if pickled:
        try:
            return _installed(packs.adopt(path))
        except WeightsWrong:
            checkpoints.refuse_pickle(path)  # says what to get instead
    own = collection.adopt(path, progress)
    if isinstance(own, checkpoints.Checkpoint):
        return Adopted(own.path.name, own.path, lacking=collection.lacking(own))
    return Adopted(own.path.name, own.path, collection.what(own))


def _of_the_catalogue(path: Path, is_no_checkpoint: WeightsWrong) -> Adopted:
    try:
        return _installed(packs.adopt(path))
    except WeightsWrong:
        if _enlarges(path):
            own = models.adopt(path).path
            return Adopted(own.name, own, "a network that enlarges")
        if path.suffix.lower() in headers.SUFFIXES:
            raise is_no_checkpoint from None  # it says what it is
        raise


def _installed(weights_id: str) -> Adopted:
    return Adopted(weights_id, store.path_of(weights_id))


def _enlarges(path: Path) -> bool:
    """Whether a file is, beyond doubt, a network that enlarges."""
    try:
        return models.recognise(path).kind == "graph"
    except WeightsWrong:
        return False

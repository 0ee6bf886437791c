"""A model that the user has, as a file or a folder, comes among those that Lacuna works with."""

from pathlib import Path

from engines import packs
from engines.base import Progress, WeightsWrong
from engines.diffusion import checkpoints, collection
from engines.upscale import models


def adopt(path: Path, progress: Progress) -> str:
    """Put it in its place, whatever it is called, and say what it is: an id of the catalogue, or the name
    of a checkpoint or of a network that enlarges.

    Raises WeightsWrong if it is nothing that is known, EngineError, Cancelled, OSError.
    """
    pickled = path.suffix.lower() == ".ckpt"
    if not (path.is_dir() or pickled):
        try:
            checkpoints.recognise(path)
        except WeightsWrong as error:
            return _of_the_catalogue(path, error)
    if pickled:
        try:
            return packs.adopt(path)
        except WeightsWrong:
            checkpoints.refuse_pickle(path)  # says what to get instead
    return collection.adopt(path, progress).path.name


def _of_the_catalogue(path: Path, is_no_checkpoint: WeightsWrong) -> str:
    try:
        return packs.adopt(path)
    except WeightsWrong:
        if _enlarges(path):
            return models.adopt(path).path.name
        if path.suffix.lower() == ".safetensors":
            raise is_no_checkpoint from None  # a LoRA, a ControlNet: it says what it is
        raise


def _enlarges(path: Path) -> bool:
    """Whether a file is, beyond doubt, a network that enlarges."""
    try:
        return models.recognise(path).kind == "graph"
    except WeightsWrong:
        return False

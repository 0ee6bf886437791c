"""The memory that a checkpoint will take once it is loaded, told by the shapes in its files."""

import math
from dataclasses import dataclass
from pathlib import Path

from engines.base import WeightsWrong
from engines.diffusion import headers, parts
from engines.diffusion.checkpoints import Checkpoint, parts_of, read_json, weights_of
from engines.fit import SYSTEM

_WORKING = 2 << 30  # bytes that a run takes beside the weights, about


@dataclass(frozen=True)
class Memory:
    """Bytes, with the weights in half floats, as on a graphics card, and in float32, as on the processor."""

    half: int
    exact: int
    apart: int  # in half floats without the text encoders, which may stay on the processor

    def on_processor(self, memory: int) -> int:
        """What it takes there, of ``memory`` in all, 0 if no one knows: half where float32 is too much."""
        return self.half if 0 < memory * SYSTEM < self.exact else self.exact


def memory(checkpoint: Checkpoint) -> Memory:
    """What a checkpoint takes, about, whatever precision its files have.

    Raises WeightsWrong if it is no whole folder any more, OSError.
    """
    counts = _counts(checkpoint)
    every = sum(counts.values())
    words = sum(count for part, count in counts.items() if part.startswith("text_encoder"))
    return Memory(2 * every + _WORKING, 4 * every + _WORKING, 2 * (every - words) + _WORKING)


def numbers(checkpoint: Checkpoint) -> int:
    """The numbers that its weights are. Raises as :func:`memory` does."""
    return sum(_counts(checkpoint).values())


def _counts(checkpoint: Checkpoint) -> dict[str, int]:
    """By part; a single file of Stable Diffusion does not tell them apart."""
    path = checkpoint.path
    if checkpoint.layout == "folder":
        own = parts_of(read_json(path / "model_index.json"))
        return {part: sum(map(_numbers, weights_of(path / part))) for part in own}
    if checkpoint.family != "flux":
        return {"": _numbers(path)}
    try:
        found = parts.there(path)
        prefix = headers.flux_prefix(headers.shapes(path)) or ""
    except WeightsWrong:  # as below
        return {"": _numbers(path)}
    counts = {_FOLDERS[kind]: _numbers(each.path, each.prefix) for kind, each in found.items() if each.width}
    return counts | {"transformer": _numbers(path, prefix)}


_FOLDERS = {"clip": "text_encoder", "t5": "text_encoder_2", "autoencoder": "vae"}


def _numbers(file: Path, prefix: str = "") -> int:
    """Of the tensors whose names begin with ``prefix``."""
    try:
        shapes = headers.shapes(file)
    except WeightsWrong:  # it is damaged, which will be told when it is to be loaded
        return file.stat().st_size // 2
    return sum(math.prod(shape) for name, shape in shapes.items() if name.startswith(prefix))

"""The memory that a checkpoint will take once it is loaded, told by the shapes in its files."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engines import safetensors_file, store
from engines.base import WeightsWrong
from engines.diffusion.checkpoints import Checkpoint, parts_of, read_json
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
    numbers = words = 0
    for part, file in _files(checkpoint):
        count = _numbers(file)
        numbers += count
        words += count if part.startswith("text_encoder") else 0
    return Memory(2 * numbers + _WORKING, 4 * numbers + _WORKING, 2 * (numbers - words) + _WORKING)


def _numbers(file: Path) -> int:
    try:
        return sum(map(math.prod, safetensors_file.shapes(store.mapped(file)).values()))
    except WeightsWrong:  # it is damaged, which will be told when it is to be loaded
        return file.stat().st_size // 2


def _files(checkpoint: Checkpoint) -> Iterator[tuple[str, Path]]:
    """Its weights, each once, and which part they are of, which a single file does not tell.

    Files with a mark, as "model.fp16.safetensors", count only where none is without.
    """
    if checkpoint.layout == "file":
        yield "", checkpoint.path
        return
    for part in parts_of(read_json(checkpoint.path / "model_index.json")):
        files = sorted((checkpoint.path / part).glob("*.safetensors"))
        for file in [each for each in files if each.name.count(".") == 1] or files:
            yield part, file

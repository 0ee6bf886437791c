"""The memory that a checkpoint will take once it is loaded, told by the shapes in its files."""

import math
from dataclasses import dataclass
from pathlib import Path

from engines import gguf_file, store
from engines.base import WeightsWrong
from engines.diffusion import headers, parts
from engines.diffusion.checkpoints import Checkpoint, parts_of, read_json, weights_of
from engines.fit import SYSTEM

_WORKING = 2 << 30  # bytes that a run takes beside the weights, about
_SPREAD = ("wo", "shared", "ffn_down", "token_embd")  # of T5: not kept in blocks


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
    found = _amounts(checkpoint)
    words = [each for part, each in found.items() if part.startswith("text_encoder")]
    half, exact = (sum(each.bytes(size) for each in found.values()) + _WORKING for size in (2, 4))
    return Memory(half, exact, half - sum(each.bytes(2) for each in words))


def weights(checkpoint: Checkpoint, size: int) -> int:
    """The bytes that its weights take, each number of ``size`` bytes. Raises as :func:`memory` does."""
    return sum(each.bytes(size) for each in _amounts(checkpoint).values())


@dataclass(frozen=True)
class _Amount:
    numbers: int
    blocks: int = 0  # bytes of those that stay as they are in the file

    def bytes(self, size: int) -> int:
        return self.numbers * size + self.blocks


def _amounts(checkpoint: Checkpoint) -> dict[str, _Amount]:
    """By part; a single file of Stable Diffusion does not tell them apart."""
    path = checkpoint.path
    if checkpoint.layout == "folder":
        own = parts_of(read_json(path / "model_index.json"))
        return {f"{part} {file.name}": _amount(file) for part in own for file in weights_of(path / part)}
    if checkpoint.family != "flux":
        return {"": _amount(path)}
    try:
        found = parts.there(path)
        prefix = headers.flux_prefix(headers.shapes(path)) or ""
    except WeightsWrong:  # as below
        return {"": _amount(path)}
    amounts = {_FOLDERS[kind]: _amount(each.path, each.prefix) for kind, each in found.items() if each.width}
    return amounts | {"transformer": _amount(path, prefix)}


_FOLDERS = {"clip": "text_encoder", "t5": "text_encoder_2", "autoencoder": "vae"}


def _amount(file: Path, prefix: str = "") -> _Amount:
    """Of the tensors whose names begin with ``prefix``."""
    try:
        shapes = {name: shape for name, shape in headers.shapes(file).items() if name.startswith(prefix)}
        kept = {}
        if headers.is_gguf(file):
            told = gguf_file.read(store.mapped(file))[1]
            kept = {name: told[name].size for name in shapes if told[name].in_blocks and _stays(name)}
    except WeightsWrong:  # it is damaged, which will be told when it is to be loaded
        return _Amount(file.stat().st_size // 2)
    numbers = sum(math.prod(shape) for name, shape in shapes.items() if name not in kept)
    return _Amount(numbers, sum(kept.values()))


def _stays(name: str) -> bool:
    return set(name.split(".")).isdisjoint(_SPREAD)

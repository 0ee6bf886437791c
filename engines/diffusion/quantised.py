"""Weights of few bits: GGUF's blocks, which stay as they are in memory and are spread out layer by layer when
they are used, and float8, which is raised when it is read.

What spreads GGUF's blocks out is diffusers'; it asks for the package gguf. Nothing here reads that package's
own files: the header was read and checked by engines.gguf_file.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from engines import gguf_file, store
from engines.base import EngineError, WeightsWrong
from engines.diffusion import single_file

_PLAIN = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
_FLOAT8 = (torch.float8_e4m3fn, torch.float8_e5m2)
# What a float8 tensor is to be multiplied with, beside it, as ComfyUI writes it; and what else it writes.
_SCALES = ("scale_weight", "weight_scale")


def _blocks() -> Any:
    """diffusers' own module for GGUF. Raises EngineError if the package that it asks for is not there."""
    if find_spec("gguf") is None:
        raise EngineError('A GGUF model needs the package gguf. Get it with: pip install "gguf>=0.19,<0.20"')
    from diffusers.quantizers.gguf import utils

    return utils


@contextmanager
def opened(path: Path) -> Iterator[Mapping[str, torch.Tensor]]:
    """The tensors of a GGUF file by their names, each read when it is asked for: plain ones, and diffusers'
    GGUFParameter for those of blocks. Raises WeightsWrong, EngineError, OSError."""
    content = store.mapped(path)
    tensors = gguf_file.read(content)[1]
    yield _Lazy(content, tensors, _blocks() if any(each.in_blocks for each in tensors.values()) else None)


class _Lazy(Mapping):
    def __init__(self, content: memoryview, tensors: Mapping[str, gguf_file.Tensor], blocks: Any) -> None:
        self._content, self._tensors, self._blocks = content, tensors, blocks

    def __getitem__(self, name: str) -> torch.Tensor:
        tensor = self._tensors[name]
        value = torch.empty(tensor.size, dtype=torch.uint8)
        value.numpy()[:] = np.frombuffer(self._content, np.uint8, tensor.size, tensor.begin)
        if tensor.type in _PLAIN:
            return value.view(_PLAIN[tensor.type]).reshape(tensor.shape)
        kind = self._blocks.gguf.GGMLQuantizationType[tensor.type]
        return self._blocks.GGUFParameter(value.reshape(*tensor.shape[:-1], -1), quant_type=kind)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def shape_of(tensors: Mapping[str, torch.Tensor], name: str) -> tuple[int, ...]:
    """A tensor's shape, of one in blocks that of the numbers in them. Raises KeyError."""
    value = tensors[name]
    return tuple(getattr(value, "quant_shape", value.shape))


def raised(
    tensors: Mapping[str, torch.Tensor], prefix: str, dtype: torch.dtype, *, exact: tuple[str, ...] = ()
) -> dict[str, torch.Tensor]:
    """The tensors whose names begin with ``prefix``, by what follows it, in a precision; those of the modules
    named in ``exact`` in float32 where it is float16, those in blocks as they are. float8 is multiplied with
    its scale where the file has one.

    One is read at a time: never more than the result and one tensor is in memory. Raises WeightsWrong for
    float8 whose scale is of a kind that is not known.
    """
    out = {}
    for name in tensors:
        if not name.startswith(prefix):
            continue
        value = tensors[name]
        if value.dtype in _FLOAT8:
            scale = _scale(tensors, name)
            value = value.float() if scale is None else value.float() * scale
        if value.is_floating_point() and not hasattr(value, "quant_type"):
            value = value.to(single_file.precision(name, dtype, exact))
        out[name.removeprefix(prefix)] = value
    return out


def _scale(tensors: Mapping[str, torch.Tensor], name: str) -> torch.Tensor | None:
    """What a tensor of float8 is to be multiplied with."""
    place = name.removesuffix("weight")
    scale = next((tensors[place + each] for each in _SCALES if place + each in tensors), None)
    if scale is not None and scale.numel() != 1:
        raise WeightsWrong(f"The model's tensor {name} is scaled in a way that Lacuna does not know.")
    return None if scale is None else scale.float().reshape(())


def filled(
    network: nn.Module, state: Mapping[str, torch.Tensor], dtype: torch.dtype, *, exact: tuple[str, ...] = ()
) -> nn.Module:
    """As single_file.filled; a layer whose weight is in blocks keeps it so and computes in ``dtype``.

    Other places, convolutions and embeddings and the modules named in ``exact``, get their numbers spread
    out.
    """
    plain = {}
    for name, value in state.items():
        if not hasattr(value, "quant_type"):
            plain[name] = value
            continue
        place, _, end = name.rpartition(".")
        blocks = _blocks()
        module = _module(network, place)
        if end != "weight" or type(module) is not nn.Linear or place.rpartition(".")[2] in exact:
            plain[name] = blocks.dequantize_gguf_tensor(value)
            continue
        if value.quant_shape != module.weight.shape:
            raise WeightsWrong(f"The model's tensor {name} has another shape than it should. Get it again.")
        has_bias = module.bias is not None
        with torch.device("meta"):
            made = blocks.GGUFLinear(module.in_features, module.out_features, has_bias, compute_dtype=dtype)
        made.weight = value
        network.set_submodule(place, made)
    return single_file.filled(network, plain, dtype, exact=exact)


def _module(network: nn.Module, place: str) -> nn.Module | None:
    try:
        return network.get_submodule(place)
    except AttributeError:
        return None


def is_blocks(module: nn.Module) -> bool:
    """Whether a layer has its weight in blocks."""
    return hasattr(getattr(module, "weight", None), "quant_type")


def compute_in(networks: tuple[nn.Module, ...], dtype: torch.dtype) -> None:
    """Let every layer with blocks compute in another precision."""
    for network in networks:
        for module in network.modules():
            if is_blocks(module):
                module.compute_dtype = dtype

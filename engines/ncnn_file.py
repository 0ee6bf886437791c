"""Reads the weights of two published networks from the ``.bin`` files in which ncnn keeps them.

Such a file is the layers' numbers one after the other, without names or sizes: of each convolution a tag
that says how its kernel is stored, the kernel, padded to 4 bytes, and the bias in float32; of each PReLU its
slopes in float32 (ncnn, ``modelbin.cpp``). What belongs where follows from the architecture, whose size
follows from the length of the file. Nothing in it can be run.
"""

from collections.abc import Callable, Iterator

import numpy as np

from engines.base import WeightsWrong

_HALF, _SINGLE = 0x01306B47, 0  # tags: float16, float32
_WIDTH, _GROWTH = 64, 32  # channels of the published networks, and those that a dense layer adds
_MOST_BLOCKS = 64
_SCALES = (1, 2, 3, 4)

Layer = tuple[str, int, int]  # name, channels in and out; 0 in: a PReLU


def rrdbnet(content: bytes) -> dict[str, np.ndarray]:
    """An RRDBNet (Wang et al., ESRGAN, 2018) of 64 channels that enlarges 4 times, by the names of its
    authors' code. Kernels are (out, in, 3, 3) as stored, biases (out,) float32. Raises WeightsWrong."""
    return _first_that_fits(content, (_rrdb_layers(blocks) for blocks in range(1, _MOST_BLOCKS)))


def compact(content: bytes) -> dict[str, np.ndarray]:
    """An SRVGGNetCompact (Wang et al., Real-ESRGAN, 2021) of 64 channels, likewise; slopes are (64,)."""
    sizes = ((count, scale) for count in range(1, _MOST_BLOCKS) for scale in _SCALES)
    return _first_that_fits(content, (_compact_layers(*size) for size in sizes))


def _rrdb_layers(blocks: int) -> list[Layer]:
    out: list[Layer] = [("conv_first", 3, _WIDTH)]
    for block in range(blocks):
        for dense in (1, 2, 3):
            for conv in range(1, 6):
                name = f"body.{block}.rdb{dense}.conv{conv}"
                out.append((name, _WIDTH + (conv - 1) * _GROWTH, _GROWTH if conv < 5 else _WIDTH))
    names = ("conv_body", "conv_up1", "conv_up2", "conv_hr")
    return [*out, *((name, _WIDTH, _WIDTH) for name in names), ("conv_last", _WIDTH, 3)]


def _compact_layers(count: int, scale: int) -> list[Layer]:
    out: list[Layer] = [("body.0", 3, _WIDTH), ("body.1", 0, _WIDTH)]
    for number in range(count):
        out += [(f"body.{2 * number + 2}", _WIDTH, _WIDTH), (f"body.{2 * number + 3}", 0, _WIDTH)]
    return [*out, (f"body.{2 * count + 2}", _WIDTH, 3 * scale * scale)]


def _first_that_fits(content: bytes, candidates: Iterator[list[Layer]]) -> dict[str, np.ndarray]:
    for layers in candidates:
        if len(content) in (_length(layers, 2), _length(layers, 4)):
            return dict(_tensors(content, layers))
    raise WeightsWrong("The model file has not the length of a network that Lacuna knows. Get it again.")


def _length(layers: list[Layer], size: int) -> int:
    """Bytes of a file with kernels of ``size`` bytes a number."""
    return sum(4 + _padded(9 * into * out * size) + 4 * out if into else 4 * out for _, into, out in layers)


def _tensors(content: bytes, layers: list[Layer]) -> Iterator[tuple[str, np.ndarray]]:
    at = 0

    def take(dtype: str, count: int) -> np.ndarray:
        nonlocal at
        found = np.frombuffer(content, dtype, count, at)
        at += _padded(found.nbytes)
        return found

    for name, into, out in layers:
        if not into:
            yield f"{name}.weight", take("<f4", out)
            continue
        kinds: dict[int, Callable[[int], np.ndarray]] = {
            _HALF: lambda count: take("<f2", count),
            _SINGLE: lambda count: take("<f4", count),
        }
        kind = kinds.get(int(take("<u4", 1)[0]))
        if kind is None or at + 18 * into * out + 4 * out > len(content):
            raise WeightsWrong("The model file keeps its numbers in a way that is not known. Get it again.")
        yield f"{name}.weight", kind(9 * into * out).reshape(out, into, 3, 3)
        yield f"{name}.bias", take("<f4", out)


def _padded(length: int) -> int:
    return -(-length // 4) * 4

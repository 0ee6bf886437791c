"""From a checkpoint on disk to a model that can be run. Pickles are never opened."""

import hashlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderKLFlux2,
    Flux2Transformer2DModel,
    FluxTransformer2DModel,
    UNet2DConditionModel,
)
from safetensors import SafetensorError, safe_open
from torch import nn
from transformers import (
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    Qwen2TokenizerFast,
    T5EncoderModel,
    T5TokenizerFast,
)

from engines.base import Cancelled, EngineError, OutOfMemory, WeightsWrong
from engines.device import torch_device
from engines.diffusion import (
    checkpoints,
    flux_file,
    headers,
    needs,
    parts,
    quantised,
    qwen,
    single_file,
    sums,
    thrift,
    vocabulary,
)
from engines.diffusion.checkpoints import Checkpoint, parts_of, read_json
from engines.diffusion.model import Model
from engines.machine import machine
from engines.onnx_network import as_engine_error

PRECISIONS = ("auto", "float32", "float16", "bfloat16")
_ALIGNED = 64  # bytes, as PyTorch allocates


def load(
    checkpoint: Checkpoint,
    device: str = "auto",
    precision: str = "auto",
    *,
    apart: bool = False,
    waits: bool = False,
) -> Model:
    """Load a model for a device, its weights in a precision of PRECISIONS; "auto" is half a float where the
    device computes with it quickly, or where this machine has no memory for more, else float32. With
    ``apart`` its text encoders stay on the processor. If it ``waits`` all else stays in the main memory, too,
    and is brought to the device layer by layer.

    Raises WeightsWrong if the files are damaged or not whole, EngineError if the device is not there,
    OutOfMemory, before anything is read where the main memory is not enough for the weights.
    """
    place = torch_device(device)
    dtype = _dtype(precision, place, checkpoint)
    if waits or place == "cpu":
        _check_room(checkpoint, dtype)
    with loading(checkpoint.path.name):
        if checkpoint.layout == "folder":
            make = _from_folder
        else:
            make = _from_flux_file if checkpoint.family == "flux" else _from_file
        model = make(checkpoint, "cpu" if waits else place, dtype)
        model.device, model.waits = place, waits
        if checkpoint.family == "sdxl" and dtype == torch.float16:
            model.vae.to(torch.float32)  # the published autoencoder overflows in half precision
        for network in (model.network, model.vae):
            settled(network, model)
        for encoder in model.text_encoders:
            aligned(encoder if apart or waits else encoder.to(place))
        return model


def settled(network: nn.Module, model: Model) -> nn.Module:
    """A network of a model where it is computed, or so that its layers are brought there."""
    if not model.waits:
        return aligned(network.to(model.device))
    thrift.waiting(aligned(network), torch.device(model.device))
    return network


def _check_room(checkpoint: Checkpoint, dtype: torch.dtype) -> None:
    """Raises OutOfMemory where there is not enough for the weights: systems end a program that takes more."""
    needed = needs.weights(checkpoint, dtype.itemsize)
    free = machine(checkpoint.path.parent).free_memory
    if 0 < free < needed:
        raise OutOfMemory(
            f"{checkpoint.path.name} takes {needed / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free. "
            "Close other programs, or choose a smaller model."
        )


def aligned(network: nn.Module) -> nn.Module:
    """The network with every tensor where the processor likes it.

    Sums over a tensor that lies elsewhere, as in a file that is mapped, are made in another order: the same
    weights out of two files would not give the same bits.
    """
    for value in (*network.parameters(), *network.buffers()):
        if value.data_ptr() % _ALIGNED:
            value.data = value.data.clone()
    return network


def _dtype(precision: str, place: str, checkpoint: Checkpoint) -> torch.dtype:
    if precision not in PRECISIONS:
        raise EngineError(f'There is no precision "{precision}". Choose one of: {", ".join(PRECISIONS)}.')
    if precision == "auto":
        if place == "cpu":
            taken = needs.memory(checkpoint)
            is_enough = taken.on_processor(machine(checkpoint.path.parent).memory) == taken.exact
            return torch.float32 if is_enough else torch.bfloat16
        # Whose range FLUX.2's Qwen3 needs.
        return torch.bfloat16 if checkpoint.family == "flux2" else torch.float16
    return getattr(torch, precision)


@contextmanager
def loading(name: str) -> Iterator[None]:
    """What the libraries raise in this block becomes the one line that the user is told."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (EngineError, Cancelled):
        raise
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise WeightsWrong(f"{name} could not be loaded: {reason[0]}. Get it again.") from error
    except Exception as error:
        raise as_engine_error(error, f"{name} could not be loaded") from error


def _from_file(checkpoint: Checkpoint, place: str, dtype: torch.dtype) -> Model:
    family = checkpoint.family
    with opened(checkpoint.path) as tensors:
        network = single_file.unet(tensors, family, dtype)  # the largest, while there is nothing beside it
        first = single_file.clip(tensors, family, dtype)
        tokenizers, encoders = (vocabulary.tokenizer(),), (first,)
        if family == "sdxl":
            tokenizers += (vocabulary.tokenizer(pad="!"),)
            encoders += (single_file.open_clip(tensors, dtype),)
        return Model(
            checkpoint,
            network,
            single_file.vae(tensors, family, dtype),
            tokenizers,
            encoders,
            single_file.scheduler(tensors),
            family == "sdxl",
            place,
            dtype,
            sha256_of([checkpoint.path]),
        )


def _from_flux_file(checkpoint: Checkpoint, place: str, dtype: torch.dtype) -> Model:
    path = checkpoint.path
    prefix = headers.flux_prefix(headers.shapes(path))
    found = parts.found(path)

    def part(kind: str, make: Callable[..., nn.Module]) -> nn.Module:
        with loading(found[kind].path.name), opened(found[kind].path) as tensors:
            return make(tensors, found[kind].prefix, dtype)

    with opened(path) as tensors:  # the largest, while there is nothing beside it
        network = flux_file.transformer(tensors, prefix, dtype)
    with loading(found["words"].path.name):
        words = vocabulary.t5(found["words"].path)
    files = dict.fromkeys([path, *(found[kind].path for kind in sorted(found))])
    return Model(
        checkpoint,
        network,
        part("autoencoder", flux_file.autoencoder),
        (vocabulary.tokenizer(), words),
        (part("clip", flux_file.clip), part("t5", flux_file.t5)),
        dict(flux_file.SCHEDULER),
        False,
        place,
        dtype,
        sha256_of(list(files)),
    )


class _Lazy(Mapping):
    """The tensors of an open safetensors file, each read when it is asked for."""

    def __init__(self, file: Any) -> None:
        self._file, self._names = file, tuple(file.keys())

    def __getitem__(self, name: str) -> torch.Tensor:
        if name not in self._names:
            raise KeyError(name)
        return self._file.get_tensor(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@contextmanager
def opened(path: Path) -> Iterator[Mapping[str, torch.Tensor]]:
    """The tensors of a safetensors or GGUF file by their names.

    Raises SafetensorError, WeightsWrong, EngineError, OSError.
    """
    if headers.is_gguf(path):
        with quantised.opened(path) as tensors:
            yield tensors
        return
    with safe_open(path, framework="pt") as file:
        yield _Lazy(file)


def _from_folder(checkpoint: Checkpoint, place: str, dtype: torch.dtype) -> Model:
    folder = checkpoint.path
    index = read_json(folder / "model_index.json")

    def part(kind: type, name: str, **more: Any) -> nn.Module:
        made, told = kind.from_pretrained(
            str(folder / name),
            torch_dtype=dtype,
            use_safetensors=True,
            local_files_only=True,
            variant=checkpoints.variant(folder / name),
            output_loading_info=True,
            **more,
        )
        if missing := sorted(told["missing_keys"]):
            raise WeightsWrong(
                f"The model lacks {len(missing)} of its tensors, {missing[0]} among them. Get it again."
            )
        made = made.eval().requires_grad_(False)
        # Out of this machine's memory before the next comes into it; the words may be read here.
        return made if name.startswith("text_encoder") else made.to(place)

    flux, flux2 = checkpoint.family == "flux", checkpoint.family == "flux2"
    transformer = Flux2Transformer2DModel if flux2 else FluxTransformer2DModel
    # The largest first, while there is nothing beside it: a precision is changed part by part.
    network = part(transformer, "transformer") if flux or flux2 else part(UNet2DConditionModel, "unet")
    tokenizers: list[Any] = [_tokenizer(Qwen2TokenizerFast if flux2 else CLIPTokenizer, folder / "tokenizer")]
    if flux2:
        encoders = [part(qwen.Reader, "text_encoder", config=qwen.config(folder / "text_encoder"))]
    else:
        encoders = [part(CLIPTextModel, "text_encoder")]
    if checkpoint.family in ("sdxl", "flux"):
        tokenizers.append(_tokenizer(T5TokenizerFast if flux else CLIPTokenizer, folder / "tokenizer_2"))
        encoders.append(part(T5EncoderModel if flux else CLIPTextModelWithProjection, "text_encoder_2"))
    weights = [file for name in sorted(parts_of(index)) for file in checkpoints.weights_of(folder / name)]
    return Model(
        checkpoint,
        network,
        part(AutoencoderKLFlux2 if flux2 else AutoencoderKL, "vae"),
        tuple(tokenizers),
        tuple(encoders),
        read_json(folder / "scheduler" / "scheduler_config.json"),
        bool(index.get("force_zeros_for_empty_prompt", checkpoint.family == "sdxl")),
        place,
        dtype,
        sha256_of(weights),
    )


def _tokenizer(kind: type, folder: Path) -> Any:
    return kind.from_pretrained(str(folder), local_files_only=True)


def sha256_of(files: list[Path]) -> str:
    """Of one file; of several, that of their sums in order. What was read before is not read again."""
    return joined([sums.sha256(path) for path in files])


def joined(sums: list[str]) -> str:
    """One sum of several, in their order; of one it is that."""
    return sums[0] if len(sums) == 1 else hashlib.sha256("\n".join(sums).encode()).hexdigest()

"""What a loaded model can do otherwise for want of memory or of precision. Each gives what undoes it."""

from collections.abc import Callable

import torch
from torch import nn

from engines.diffusion import quantised
from engines.diffusion.model import Model
from engines.onnx_network import as_engine_error

Undo = Callable[[], None]
TILE = 128  # side of the autoencoder's, in pixels; a multiple of 32, so that their overlaps are whole latents


def in_tiles(model: Model, networks: tuple[nn.Module, ...]) -> Undo:
    """The autoencoder tile by tile, and the attention of the model and ``networks``, its ControlNets, slice
    by slice where that takes less: the same picture, but for rounding and the tiles' overlaps.

    PyTorch's own attention takes less than slices on the processor (for 4096 tokens of 8 heads 58 MB, with
    slices 581), and should on CUDA; on MPS, not tried yet, it is said to make the whole matrix.
    """
    vae = model.vae
    before = vae.use_tiling, vae.tile_sample_min_size, vae.tile_latent_min_size
    vae.use_tiling, vae.tile_sample_min_size, vae.tile_latent_min_size = True, TILE, TILE // model.shrink
    able = (model.network, *networks) if model.device == "mps" else ()
    sliced = [(each, each.attn_processors) for each in able if hasattr(each, "set_attention_slice")]
    for network, _ in sliced:
        network.set_attention_slice("auto")

    def undo() -> None:
        vae.use_tiling, vae.tile_sample_min_size, vae.tile_latent_min_size = before
        for network, processors in sliced:
            network.set_attn_processor(dict(processors))

    return undo


def waiting(network: nn.Module, place: torch.device) -> None:
    """Let the network's weights wait where they are; each is at ``place`` while its own layer is computed.

    What is brought there is let go after the layer: a device needs to hold the largest layer, not the whole.
    diffusers' group offloading copies every weight back, too, which takes as long again.
    """
    for module in network.modules():
        module.register_forward_pre_hook(_Bringing(place))
        module.register_forward_hook(_put_back, always_call=True)


class _Bringing:
    """Brings a layer's own weights and buffers to a device before it is computed."""

    def __init__(self, place: torch.device) -> None:
        self._place = place

    def __call__(self, module: nn.Module, inputs: object) -> None:
        own = (*module.named_parameters(recurse=False), *module.named_buffers(recurse=False))
        module.waiting = own
        for name, value in own:
            here = value.to(self._place)
            setattr(module, name, nn.Parameter(here, False) if isinstance(value, nn.Parameter) else here)


def _put_back(module: nn.Module, inputs: object, out: object) -> None:
    for name, value in vars(module).pop("waiting", ()):  # nothing if it was called off before
        setattr(module, name, value)


def apart(model: Model) -> Undo:
    """The model's text encoders on the processor: they are used once a fill, the network at each step."""
    for each in model.text_encoders:
        each.to("cpu")

    def undo() -> None:
        for each in model.text_encoders:
            each.to(model.device)

    return undo


def in_float32(model: Model, networks: tuple[nn.Module, ...]) -> Undo | None:
    """The model's weights and those of ``networks``, its ControlNets, in float32; None if they are.

    Nothing is lost on the way, nor on the way back. Raises OutOfMemory; then they are as they were.
    """
    parts = (model.network, model.vae, *model.text_encoders, *networks)
    values = [value for part in parts for value in (*part.parameters(), *part.buffers())]
    before = [(each, each.dtype) for each in values if each.is_floating_point()]
    before = [(each, dtype) for each, dtype in before if dtype != torch.float32]
    own = model.dtype
    if not before:
        return None

    def undo() -> None:
        model.dtype = own
        quantised.compute_in(parts, own)
        for value, dtype in before:
            value.data = value.data.to(dtype)

    try:
        for value, _ in before:
            value.data = value.data.float()
    except Exception as error:
        undo()
        raise as_engine_error(error, "The model could not be brought to float32") from error
    model.dtype = torch.float32
    quantised.compute_in(parts, torch.float32)
    return undo

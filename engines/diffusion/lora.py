"""LoRA (Hu et al. 2022): low-rank changes of a model's weights, added once when it is loaded.

Files come in two namings: kohya's (``lora_unet_..._to_q.lora_down.weight``, with an ``alpha``) and that of
diffusers and PEFT (``unet.....to_q.lora_A.weight``).
"""

import re
from collections import defaultdict
from collections.abc import Mapping

import torch
from torch import nn

from engines.base import EngineError, WeightsWrong
from engines.diffusion import checkpoints, quantised
from engines.diffusion.loading import joined, loading, opened, sha256_of
from engines.diffusion.model import Model

_PARTS = {
    "lora_down.weight": "down",
    "lora_up.weight": "up",
    "alpha": "alpha",
    "lora_A.weight": "down",
    "lora_B.weight": "up",
    "lora.down.weight": "down",
    "lora.up.weight": "up",
}
_NAME = re.compile(rf"(.*)\.({'|'.join(map(re.escape, _PARTS))})")
_PREFIXES = {
    "lora_unet_": 0, "unet.": 0, "lora_transformer_": 0, "transformer.": 0,
    "lora_te_": 1, "lora_te1_": 1, "text_encoder.": 1, "lora_te2_": 2, "text_encoder_2.": 2,
}  # fmt: skip


def add(model: Model, name: str, weight: float) -> None:
    """Add a LoRA, ``weight`` times, to the model's weights; the model's sum tells of it.

    Raises WeightsWrong if it is none or made for another kind of model, WeightsMissing, EngineError.
    """
    path = checkpoints.locate(name)
    checkpoints.refuse_pickle(path)
    with loading(path.name):
        with opened(path) as tensors:
            state = dict(tensors)
        changes = _changes(state, model)
        if not changes:
            raise WeightsWrong(f"{path.name} is no LoRA that Lacuna knows.")
        targets = _targets(model)
        unknown = [each for each in changes if each not in targets]
        if unknown:
            raise WeightsWrong(
                f"{path.name} was made for another kind of model: this one has no {unknown[0][1]}."
            )
        if any(quantised.is_blocks(targets[place]) for place in changes):
            raise EngineError(
                "A LoRA cannot be added to a model whose weights are in blocks of few bits (GGUF). "
                "Use the model as a .safetensors file."
            )
        for place, parts in changes.items():
            _add(targets[place], parts, weight, path.name)
    model.sha256 = joined([model.sha256, sha256_of([path]), repr(weight)])


def _changes(
    state: Mapping[str, torch.Tensor], model: Model
) -> dict[tuple[int, str], dict[str, torch.Tensor]]:
    """The parts of each change by which network it is of and the module's name there, without dots."""
    changes: dict[tuple[int, str], dict[str, torch.Tensor]] = defaultdict(dict)
    for name, value in state.items():
        found = _NAME.fullmatch(name)
        prefix = next((each for each in _PREFIXES if name.startswith(each)), None)
        if found and prefix:
            module = found[1].removeprefix(prefix).replace(".", "_").removeprefix("text_model_")
            module = module.replace("_processor", "").replace("_lora", "")
            if _PREFIXES[prefix] == 0 and "layers_per_block" in model.network.config:
                module = _in_diffusers(module, model.network.config["layers_per_block"])
            changes[_PREFIXES[prefix], module][_PARTS[found[2]]] = value
    return changes


_BLOCK = re.compile(r"(input|middle|output)_blocks?_(\d+)_(?:(\d+)_)?(.*)")
_LAYERS = {
    "in_layers_2": "conv1",
    "emb_layers_1": "time_emb_proj",
    "out_layers_3": "conv2",
    "skip_connection": "conv_shortcut",
}


def _in_diffusers(module: str, layers: int) -> str:
    """A UNet's module as diffusers names it, for the authors' name, which SDXL's LoRAs have.

    Any other name stays. Each level has ``layers`` blocks on the way down, and one more to leave it.
    """
    found = _BLOCK.fullmatch(module)
    if not found:
        return module
    side, number, place, rest = found[1], int(found[2]), found[3], found[4]
    if side == "middle":
        rest = rest if place is None else f"{place}_{rest}"
        return (
            f"mid_block_attentions_0_{rest}"
            if number == 1
            else f"mid_block_resnets_{number // 2}_{_LAYERS[rest]}"
        )
    level, index = divmod(number - (side == "input"), layers + 1)
    up = "down" if side == "input" else "up"
    if rest == "op":
        return f"down_blocks_{level}_downsamplers_0_conv"
    if rest == "conv":
        return f"up_blocks_{level}_upsamplers_0_conv"
    if place == "0":
        return f"{up}_blocks_{level}_resnets_{index}_{_LAYERS[rest]}"
    return f"{up}_blocks_{level}_attentions_{index}_{rest}"


def _targets(model: Model) -> dict[tuple[int, str], nn.Module]:
    networks = (model.network, *model.text_encoders)
    return {
        (number, name.removeprefix("text_model.").replace(".", "_")): module
        for number, network in enumerate(networks)
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear | nn.Conv2d)
    }


def _add(module: nn.Module, parts: Mapping[str, torch.Tensor], weight: float, file: str) -> None:
    """W + weight · alpha / rank · up · down."""
    if "up" not in parts or "down" not in parts:
        raise WeightsWrong(f"{file} is not whole: a change has only one of its halves. Get it again.")
    up, down = parts["up"].float(), parts["down"].float()
    rank = down.shape[0]
    share = weight * (float(parts["alpha"]) / rank if "alpha" in parts else 1.0)
    if down.ndim == 4 and down.shape[2:] != (1, 1):
        change = torch.einsum("orxy,rihw->oihw", up, down)
    else:
        change = up.reshape(up.shape[0], rank) @ down.reshape(rank, -1)
    own = module.weight
    if change.numel() != own.numel():
        raise WeightsWrong(f"{file} was made for another kind of model: a change has another shape.")
    own.data = (own.float() + share * change.reshape(own.shape).to(own.device)).to(own.dtype)

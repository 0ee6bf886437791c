"""The parts of SD 1.x and SDXL out of one file, under the names of the authors' own code.

Everything about a network that its tensors' shapes tell is read off them; what they do not tell (how many
heads an attention has, the scale of the latents) is as published for the family. diffusers knows which name
of the one layout is which of the other.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders import single_file_utils as names_of
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from engines.base import WeightsWrong
from engines.diffusion.checkpoints import Family

Tensors = Mapping[str, torch.Tensor]

UNET = "model.diffusion_model."
TOLD = "time_embed.cond_proj.weight"  # of a latent consistency model, which is told the guidance
VAE = "first_stage_model."
CLIP = {"sd": "cond_stage_model.transformer.", "sdxl": "conditioner.embedders.0.transformer."}
OPEN_CLIP = "conditioner.embedders.1.model."

_HEADS, _HEAD = 8, 64  # SD 1.x has 8 heads everywhere; SDXL and CLIP have heads of 64 channels
# Betas of all models of the family; a file that was trained to predict velocity says so by an empty tensor.
_SCHEDULE = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "timestep_spacing": "leading",
}
_SCALE = {"sd": 0.18215, "sdxl": 0.13025}  # of the latents


def scheduler(names: Iterable[str]) -> dict[str, Any]:
    """How the model was trained, as a scheduler's configuration."""
    return _SCHEDULE | {"prediction_type": "v_prediction" if "v_pred" in names else "epsilon"}


def unet(tensors: Tensors, family: Family, dtype: torch.dtype) -> UNet2DConditionModel:
    """The network. Raises WeightsWrong if tensors are missing."""
    own = under(tensors, UNET)
    config = unet_config({name: tuple(value.shape) for name, value in own.items()}, family)
    with torch.device("meta"):
        network = UNet2DConditionModel(**config)
    state = names_of.convert_ldm_unet_checkpoint({UNET + name: value for name, value in own.items()}, config)
    if TOLD in own:
        state["time_embedding.cond_proj.weight"] = own[TOLD]
    return filled(network, state, dtype)


def unet_config(shapes: Mapping[str, tuple[int, ...]], family: Family) -> dict[str, Any]:
    """What the UNet is built from, read off its tensors' shapes under the authors' names."""
    blocks = 1 + max(int(name.split(".")[1]) for name in shapes if name.startswith("input_blocks."))
    halvings = [index for index in range(blocks) if f"input_blocks.{index}.0.op.weight" in shapes]
    layers = (halvings[0] if halvings else blocks) - 1
    first = range(1, blocks, layers + 1)  # block of each level
    channels = [shapes[f"input_blocks.{index}.0.out_layers.3.weight"][0] for index in first]
    depths = [_depth(shapes, f"input_blocks.{index}.1.") for index in first]
    depths[-1] = depths[-1] or _depth(shapes, "middle_block.1.")  # of the middle, which follows the last
    attends = [f"input_blocks.{index}.1.norm.weight" in shapes for index in first]
    middle = "middle_block.1."
    config: dict[str, Any] = {
        "in_channels": shapes["input_blocks.0.0.weight"][1],
        "out_channels": shapes["out.2.weight"][0],
        "sample_size": 64 if family == "sd" else 128,
        "layers_per_block": layers,
        "block_out_channels": tuple(channels),
        "down_block_types": tuple("CrossAttnDownBlock2D" if each else "DownBlock2D" for each in attends),
        "up_block_types": tuple("CrossAttnUpBlock2D" if each else "UpBlock2D" for each in reversed(attends)),
        "transformer_layers_per_block": tuple(max(depth, 1) for depth in depths),
        "cross_attention_dim": shapes[f"{middle}transformer_blocks.0.attn2.to_k.weight"][1],
        "use_linear_projection": len(shapes[f"{middle}proj_in.weight"]) == 2,
        "attention_head_dim": _HEADS if family == "sd" else tuple(each // _HEAD for each in channels),
    }
    if TOLD in shapes:
        config["time_cond_proj_dim"] = shapes[TOLD][1]
    if family == "sdxl":
        config |= {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256,
            "projection_class_embeddings_input_dim": shapes["label_emb.0.0.weight"][1],
        }
    return config


def _depth(shapes: Mapping[str, Any], prefix: str) -> int:
    return count(shapes, rf"{re.escape(prefix)}transformer_blocks\.(\d+)\.")


def count(names: Iterable[str], pattern: str) -> int:
    """How many numbers the pattern's group has over all names, from 0 on."""
    found = {int(match[1]) for match in (re.match(pattern, name) for name in names) if match}
    return max(found, default=-1) + 1


def vae(tensors: Tensors, family: Family, dtype: torch.dtype) -> AutoencoderKL:
    """The autoencoder. Raises WeightsWrong if tensors are missing."""
    own = under(tensors, VAE)
    config = vae_config(own) | {
        "latent_channels": own["quant_conv.weight"].shape[0] // 2,
        "scaling_factor": _SCALE[family],
        "force_upcast": family == "sdxl",
    }
    with torch.device("meta"):
        network = AutoencoderKL(**config)
    state = names_of.convert_ldm_vae_checkpoint({VAE + name: value for name, value in own.items()}, config)
    return filled(network, state, dtype)


def vae_config(own: Tensors) -> dict[str, Any]:
    """What the tensors' shapes tell of an autoencoder under the authors' names, but for its latents."""
    levels = count(own, r"encoder\.down\.(\d+)\.")
    return {
        "in_channels": own["encoder.conv_in.weight"].shape[1],
        "out_channels": own["decoder.conv_out.weight"].shape[0],
        "block_out_channels": tuple(
            own[f"encoder.down.{level}.block.0.conv1.weight"].shape[0] for level in range(levels)
        ),
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "layers_per_block": count(own, r"encoder\.down\.0\.block\.(\d+)\."),
    }


def clip(tensors: Tensors, family: Family, dtype: torch.dtype) -> CLIPTextModel:
    """CLIP-L's text encoder, the only one of SD 1.x and the first of SDXL."""
    return clip_of(under(tensors, CLIP[family]), dtype)


def clip_of(tensors: Tensors, dtype: torch.dtype) -> CLIPTextModel:
    """CLIP-L's text encoder from tensors under its own names. Raises WeightsWrong if some are missing."""
    own = under(tensors, "text_model.")
    config = _clip_config(
        own["embeddings.token_embedding.weight"].shape,
        own["embeddings.position_embedding.weight"].shape[0],
        count(own, r"encoder\.layers\.(\d+)\."),
        own["encoder.layers.0.mlp.fc1.weight"].shape[0],
        hidden_act="quick_gelu",
    )
    with torch.device("meta"):
        network = CLIPTextModel(config)
    return filled(network, _as_named(network, own), dtype)


def open_clip(tensors: Tensors, dtype: torch.dtype) -> CLIPTextModelWithProjection:
    """OpenCLIP's text encoder, the second of SDXL."""
    own = under(tensors, OPEN_CLIP)
    config = _clip_config(
        own["token_embedding.weight"].shape,
        own["positional_embedding"].shape[0],
        count(own, r"transformer\.resblocks\.(\d+)\."),
        own["transformer.resblocks.0.mlp.c_fc.weight"].shape[0],
        hidden_act="gelu",
        projection_dim=own["text_projection"].shape[1],
    )
    with torch.device("meta"):
        network = CLIPTextModelWithProjection(config)
    state = names_of.convert_open_clip_checkpoint(
        network, {OPEN_CLIP + name: value for name, value in own.items()}, prefix=OPEN_CLIP
    )
    return filled(network, state, dtype)


def _clip_config(words: torch.Size, length: int, layers: int, inner: int, **more: Any) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=words[0],
        hidden_size=words[1],
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=max(words[1] // _HEAD, 1),
        max_position_embeddings=length,
        # As the published files have it: the pooled token is then the one of the largest number, the end's.
        eos_token_id=2,
        **more,
    )


def _as_named(network: nn.Module, state: Tensors) -> dict[str, torch.Tensor]:
    """The tensors as this version of transformers names them, with or without a level above."""
    prefix = "text_model." if hasattr(network, "text_model") else ""
    return {prefix + name: value for name, value in state.items()}


def under(tensors: Tensors, prefix: str) -> dict[str, torch.Tensor]:
    """The tensors whose names begin with a prefix, by what follows it."""
    return {name.removeprefix(prefix): tensors[name] for name in tensors if name.startswith(prefix)}


def filled(
    network: nn.Module, state: Tensors, dtype: torch.dtype, *, exact: tuple[str, ...] = ()
) -> nn.Module:
    """A network made on "meta" with its tensors in place, ready to be run; those of the modules named in
    ``exact`` are kept in float32 where ``dtype`` is float16.

    Raises WeightsWrong if any is missing or of another shape.
    """
    wanted = network.state_dict()
    for name, value in state.items():
        if name in wanted and value.shape != wanted[name].shape:
            raise WeightsWrong(f"The model's tensor {name} has another shape than it should. Get it again.")
    kept = {}
    for name, value in state.items():
        if name in wanted:
            kept[name] = value.to(precision(name, dtype, exact))
    network.load_state_dict(kept, strict=False, assign=True)
    missing = [name for name, value in network.named_parameters() if value.is_meta]
    if missing:
        raise WeightsWrong(
            f"The model lacks {len(missing)} of its tensors, {missing[0]} among them. Get it again."
        )
    for module in network.modules():  # what is computed and not stored
        for name, buffer in module.named_buffers(recurse=False):
            if buffer.device.type == "meta":
                if not name.endswith("position_ids"):
                    raise WeightsWrong(f"The model lacks its tensor {name}. Get it again.")
                module.register_buffer(name, torch.arange(buffer.shape[-1])[None], persistent=False)
    return network.eval().requires_grad_(False)


def precision(name: str, dtype: torch.dtype, exact: tuple[str, ...]) -> torch.dtype:
    """Of a tensor in a network of ``dtype``; where that is float16, float32 in modules named in ``exact``."""
    is_exact = dtype == torch.float16 and not set(exact).isdisjoint(name.split("."))
    return torch.float32 if is_exact else dtype

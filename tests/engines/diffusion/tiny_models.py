"""Diffusion models of the published architectures with random weights, tiny, as folders and single files.

The single files have the names of the authors' own code; ``authors_names`` gives them, written down here from
the published checkpoints and not by what reads them.
"""

import re
from functools import cache
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionXLInpaintPipeline,
    UNet2DConditionModel,
)
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from engines.diffusion import vocabulary

LAYERS = 2  # of each level, as in all models of the family
WORDS = 64  # channels of a text encoder


tokenizer = cache(vocabulary.tokenizer)


def scheduler():
    """With the betas of Stable Diffusion."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        timestep_spacing="leading",
    )


def vae(scale=0.18215):
    return AutoencoderKL(
        block_out_channels=(32, 32, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=LAYERS,
        latent_channels=4,
        scaling_factor=scale,
        force_upcast=scale != 0.18215,
    )


def clip(kind=CLIPTextModel, act="quick_gelu", **more):
    config = CLIPTextConfig(
        vocab_size=49408,
        hidden_size=WORDS,
        intermediate_size=2 * WORDS,
        num_hidden_layers=2,
        num_attention_heads=WORDS // 64,
        max_position_embeddings=77,
        hidden_act=act,
        eos_token_id=2,
        **more,
    )
    return kind(config)


def lively(network):
    """Biases and norms, too, get random values, so that a tensor in the wrong place is noticed."""
    with torch.no_grad():
        for name, value in network.named_parameters():
            if value.ndim == 1:
                value.add_(torch.randn_like(value) * 0.05)
            elif name.startswith("controlnet_"):  # which begin as zeros
                value.add_(torch.randn_like(value) * 0.1)
    return network.eval().requires_grad_(False)


def sd(channels=9, seed=0, **more):
    """The pipeline of an SD 1.5 that takes 9 channels, or 4."""
    torch.manual_seed(seed)
    unet = UNet2DConditionModel(
        in_channels=channels,
        out_channels=4,
        sample_size=8,
        layers_per_block=LAYERS,
        block_out_channels=(32, 64),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=WORDS,
        attention_head_dim=8,
        **more,
    )
    return StableDiffusionInpaintPipeline(
        vae=lively(vae()),
        text_encoder=lively(clip()),
        tokenizer=tokenizer(),
        unet=lively(unet),
        scheduler=scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl(channels=9, seed=0):
    """The pipeline of an SDXL that takes 9 channels."""
    torch.manual_seed(seed)
    unet = UNet2DConditionModel(
        in_channels=channels,
        out_channels=4,
        sample_size=8,
        layers_per_block=LAYERS,
        block_out_channels=(64, 64),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2),
        cross_attention_dim=2 * WORDS,
        attention_head_dim=(1, 1),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=32 + 6 * 256,
    )
    return StableDiffusionXLInpaintPipeline(
        vae=lively(vae(scale=0.13025)),
        text_encoder=lively(clip()),
        text_encoder_2=lively(clip(CLIPTextModelWithProjection, "gelu", projection_dim=32)),
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(pad="!"),
        unet=lively(unet),
        scheduler=scheduler(),
        force_zeros_for_empty_prompt=True,
        add_watermarker=False,
    )


def controlnet(unet, seed=1):
    torch.manual_seed(seed)
    network = ControlNetModel.from_unet(unet, conditioning_channels=3, load_weights_from_unet=False)
    return lively(network)


# --- in one file ---

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_TOP = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "time_embedding.cond_proj": "time_embed.cond_proj",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}


def unet_name(name, names):
    for own, theirs in _TOP.items():
        if name.startswith(f"{own}."):
            return name.replace(own, theirs, 1)
    found = re.match(
        r"(down|up|mid)_blocks?(?:\.(\d+))?\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.*)", name
    )
    side, level, kind, index, rest = found.groups()
    level, index = int(level or 0), int(index)
    if kind == "resnets":
        module, _, end = rest.partition(".")
        rest = f"{_RESNET[module]}.{end}"
    place = 1 if kind == "attentions" else 0
    if side == "mid":
        return f"middle_block.{place if kind == 'attentions' else 2 * index}.{rest}"
    if side == "down":
        if kind == "downsamplers":
            return f"input_blocks.{(level + 1) * (LAYERS + 1)}.0.op.{rest.removeprefix('conv.')}"
        return f"input_blocks.{1 + level * (LAYERS + 1) + index}.{place}.{rest}"
    if kind == "upsamplers":
        place = 2 if any(each.startswith(f"up_blocks.{level}.attentions.") for each in names) else 1
        return f"output_blocks.{level * (LAYERS + 1) + LAYERS}.{place}.{rest}"
    return f"output_blocks.{level * (LAYERS + 1) + index}.{place}.{rest}"


_VAE = (
    (r"encoder\.down_blocks\.(\d+)\.resnets\.(\d+)", lambda m: f"encoder.down.{m[1]}.block.{m[2]}"),
    (r"decoder\.up_blocks\.(\d+)\.resnets\.(\d+)", lambda m: f"decoder.up.{3 - int(m[1])}.block.{m[2]}"),
    (r"encoder\.down_blocks\.(\d+)\.downsamplers\.0", lambda m: f"encoder.down.{m[1]}.downsample"),
    (r"decoder\.up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"decoder.up.{3 - int(m[1])}.upsample"),
    (r"mid_block\.resnets\.(\d+)", lambda m: f"mid.block_{int(m[1]) + 1}"),
    (r"mid_block\.attentions\.0", lambda m: "mid.attn_1"),
    (r"group_norm", lambda m: "norm"),
    (r"to_out\.0", lambda m: "proj_out"),
    (r"to_([qkv])", lambda m: m[1]),
    (r"conv_norm_out", lambda m: "norm_out"),
    (r"conv_shortcut", lambda m: "nin_shortcut"),
)


def authors_vae(network):
    """The tensors of an autoencoder under the names of the authors' code."""
    out = {}
    for name, value in network.state_dict().items():
        linear = ".attentions." in name and value.ndim == 2
        for pattern, new in _VAE:
            name = re.sub(pattern, new, name)
        out[f"first_stage_model.{name}"] = value[:, :, None, None] if linear else value
    return out


def _open_clip_tensors(network):
    state = {name.removeprefix("text_model."): value for name, value in network.state_dict().items()}
    prefix = "conditioner.embedders.1.model."
    out = {
        "token_embedding.weight": state["embeddings.token_embedding.weight"],
        "positional_embedding": state["embeddings.position_embedding.weight"],
        "ln_final.weight": state["final_layer_norm.weight"],
        "ln_final.bias": state["final_layer_norm.bias"],
        "text_projection": state["text_projection.weight"].T,
    }
    for layer in range(2):
        theirs, ours = f"transformer.resblocks.{layer}.", f"encoder.layers.{layer}."
        for end in ("weight", "bias"):
            parts = [state[f"{ours}self_attn.{each}_proj.{end}"] for each in "qkv"]
            out[f"{theirs}attn.in_proj_{end}"] = torch.cat(parts)
            for new, old in (
                ("attn.out_proj", "self_attn.out_proj"),
                ("ln_1", "layer_norm1"),
                ("ln_2", "layer_norm2"),
                ("mlp.c_fc", "mlp.fc1"),
                ("mlp.c_proj", "mlp.fc2"),
            ):
                out[f"{theirs}{new}.{end}"] = state[f"{ours}{old}.{end}"]
    return {prefix + name: value for name, value in out.items()}


def authors_names(pipeline):
    """The tensors of a pipeline under the names of the authors' code."""
    names = pipeline.unet.state_dict()
    out = {f"model.diffusion_model.{unet_name(name, names)}": value for name, value in names.items()}
    out |= authors_vae(pipeline.vae)
    xl = hasattr(pipeline, "text_encoder_2")
    prefix = "conditioner.embedders.0.transformer." if xl else "cond_stage_model.transformer."
    for name, value in pipeline.text_encoder.state_dict().items():
        out[f"{prefix}text_model.{name.removeprefix('text_model.')}"] = value
    if xl:
        out |= _open_clip_tensors(pipeline.text_encoder_2)
    return out


def controlnet_names(network):
    """The tensors of a ControlNet under the names of the authors' code."""
    names = network.state_dict()
    out = {}
    for name, value in names.items():
        kind, _, rest = name.partition(".")
        if kind == "controlnet_down_blocks":
            index, _, end = rest.partition(".")
            new = f"zero_convs.{index}.0.{end}"
        elif kind == "controlnet_mid_block":
            new = f"middle_block_out.0.{rest}"
        elif kind == "controlnet_cond_embedding":
            part, _, end = rest.rpartition(".")
            places = {"conv_in": 0, "conv_out": 14} | {f"blocks.{each}": 2 * each + 2 for each in range(6)}
            new = f"input_hint_block.{places[part]}.{end}"
        else:
            new = unet_name(name, names)
        out[f"control_model.{new}"] = value.contiguous().clone()
    return out


def save_single(pipeline, path: Path, dtype=torch.float32) -> Path:
    """A pipeline as one file."""
    tensors = {name: value.to(dtype).contiguous().clone() for name, value in authors_names(pipeline).items()}
    save_file(tensors, path)
    return path

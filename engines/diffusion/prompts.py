"""Prompts as the networks read them."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from engines.diffusion import qwen
from engines.diffusion.model import Model

T5_LONGEST = 512  # tokens that FLUX was trained to read; CLIP's tokeniser knows how many it reads itself


@dataclass(frozen=True)
class Words:
    """What a UNet is told; with guidance two of each, the negative prompt first."""

    tokens: torch.Tensor  # (n, tokens, channels)
    pooled: torch.Tensor | None  # (n, channels), SDXL only
    guided: bool


def encode(model: Model, prompt: str, negative: str, *, guided: bool) -> Words:
    """The words for a model of the Stable Diffusion family. What is longer than CLIP reads is cut off."""
    tokens, pooled = _encode(model, prompt)
    if not guided:
        return Words(tokens, pooled, False)
    if not negative and model.no_words_are_zeros:
        others = tuple(each if each is None else torch.zeros_like(each) for each in (tokens, pooled))
    else:
        others = _encode(model, negative)
    both = None if pooled is None else torch.cat([others[1], pooled])
    return Words(torch.cat([others[0], tokens]), both, True)


def _encode(model: Model, text: str) -> tuple[torch.Tensor, torch.Tensor | None]:
    if model.checkpoint.family == "sd":
        encoder = model.text_encoders[0]
        return encoder(ids_of(model.tokenizers[0], text, encoder.device))[0].to(model.device), None
    layers, pooled = [], None
    for tokenizer, encoder in zip(model.tokenizers, model.text_encoders, strict=True):
        out = encoder(ids_of(tokenizer, text, encoder.device), output_hidden_states=True)
        layers.append(out.hidden_states[-2].to(model.device))
        pooled = out[0].to(model.device)  # of the last encoder, which has a projection
    return torch.cat(layers, dim=-1), pooled


def reads_negative(model: Model) -> bool:
    """Whether a negative prompt is of any use: what was distilled from guided predictions takes none."""
    is_distilled = model.checkpoint.distilled or model.network.config.get("time_cond_proj_dim") is not None
    return model.checkpoint.family != "flux" and not is_distilled


def is_cut(model: Model, text: str) -> bool:
    """Whether a prompt is longer than the model reads."""
    tokenizer = model.tokenizers[-1]
    if model.checkpoint.family == "flux2":
        return len(tokenizer(qwen.message(text)).input_ids) > qwen.LONGEST
    return len(tokenizer(text).input_ids) > min(tokenizer.model_max_length, T5_LONGEST)


def ids_of(tokenizer: Any, text: str, device: torch.device, length: int | None = None) -> torch.Tensor:
    """(1, tokens) token numbers, filled up or cut off to ``length``, by default as long as CLIP reads."""
    out = tokenizer(
        [text],
        padding="max_length",
        max_length=length or tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    )
    return out.input_ids.to(device)


def guidance_embedding(guidance: float, width: int) -> torch.Tensor:
    """(1, width) sines and cosines of the guidance that a distilled UNet is told (Luo et al. 2023, LCM)."""
    half = width // 2
    steps = torch.exp(torch.arange(half, dtype=torch.float32) * -(torch.log(torch.tensor(1e4)) / (half - 1)))
    angles = torch.tensor([guidance - 1]) * 1000.0
    angles = angles[:, None] * steps[None, :]
    return nn.functional.pad(torch.cat([torch.sin(angles), torch.cos(angles)], dim=1), (0, width % 2))

"""FLUX's transformer: latents in 2 x 2 packs beside the words (FLUX.1 Fill, Black Forest Labs 2024)."""

import numpy as np
import torch

from engines.diffusion.guidance import Predict
from engines.diffusion.model import Model
from engines.diffusion.prompts import T5_LONGEST, ids_of


def packed(latents: torch.Tensor) -> torch.Tensor:
    """(1, h / 2 * w / 2, 4 c) of (1, c, h, w)."""
    _, channels, height, width = latents.shape
    blocks = latents.view(1, channels, height // 2, 2, width // 2, 2).permute(0, 2, 4, 1, 3, 5)
    return blocks.reshape(1, height // 2 * (width // 2), channels * 4)


def unpacked(packs: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """The way back, ``height`` and ``width`` of the latents."""
    blocks = packs.view(1, height // 2, width // 2, packs.shape[-1] // 4, 2, 2).permute(0, 3, 1, 4, 2, 5)
    return blocks.reshape(1, packs.shape[-1] // 4, height, width)


def predictor(model: Model, prompt: str, guidance: float, mask: np.ndarray, seen: torch.Tensor) -> Predict:
    """What predicts the velocity. ``mask`` (h, w) bool, ``seen`` the latents of what it leaves.

    The guidance is told to the network, which was distilled from guided predictions: no second pass and no
    negative prompt.
    """
    network, device, dtype = model.network, model.device, model.dtype
    clip, t5 = model.text_encoders
    pooled = clip(ids_of(model.tokenizers[0], prompt, clip.device)).pooler_output.to(device)
    tokens = t5(ids_of(model.tokenizers[1], prompt, t5.device, T5_LONGEST))[0].to(device)
    height, width = seen.shape[-2:]
    beside = torch.cat([packed(seen), packed(_cells(mask, model.shrink).to(device, dtype))], dim=-1)
    places = torch.zeros(height // 2, width // 2, 3)
    places[..., 1] = torch.arange(height // 2)[:, None]
    places[..., 2] = torch.arange(width // 2)[None, :]
    places = places.reshape(-1, 3).to(device, dtype)
    no_places = torch.zeros(tokens.shape[1], 3, device=device, dtype=dtype)
    told = torch.full([1], guidance, device=device) if network.config.guidance_embeds else None

    def predict(latents: torch.Tensor, when: torch.Tensor) -> torch.Tensor:
        out = network(
            hidden_states=torch.cat([packed(latents), beside], dim=2),
            timestep=when.expand(1).to(latents.dtype) / 1000,
            guidance=told,
            pooled_projections=pooled,
            encoder_hidden_states=tokens,
            txt_ids=no_places,
            img_ids=places,
            return_dict=False,
        )[0]
        return unpacked(out, height, width)

    return predict


def _cells(mask: np.ndarray, step: int) -> torch.Tensor:
    """(1, step², h / step, w / step): each latent is told the mask of all its pixels."""
    height, width = mask.shape[0] // step, mask.shape[1] // step
    cells = torch.from_numpy(mask.astype(np.float32)).view(1, height, step, width, step)
    return cells.permute(0, 2, 4, 1, 3).reshape(1, step * step, height, width)

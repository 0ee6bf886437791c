"""A UNet's prediction at each step: words, guidance, what is known of the picture, and ControlNets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from engines.diffusion.model import Model
from engines.diffusion.prompts import Words, guidance_embedding

# Latents as the schedule scales them, and the time, to the prediction.
Predict = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Control:
    """A ControlNet and what it is shown (Zhang et al. 2023)."""

    network: nn.Module
    hint: torch.Tensor  # (1, 3, h, w) of the picture's size
    scale: float


def guided(without: torch.Tensor, with_: torch.Tensor, guidance: float, rescale: float) -> torch.Tensor:
    """Classifier-free guidance (Ho and Salimans 2022), its contrast drawn back by ``rescale`` 0 .. 1 to that
    of the prediction with words (Lin et al. 2024, section 3.4)."""
    out = without + guidance * (with_ - without)
    if rescale <= 0:
        return out
    axes = list(range(1, out.ndim))
    calmed = out * (with_.std(dim=axes, keepdim=True) / out.std(dim=axes, keepdim=True))
    return rescale * calmed + (1 - rescale) * out


def predictor(
    model: Model,
    words: Words,
    size: tuple[int, int],
    guidance: float,
    rescale: float,
    beside: Sequence[torch.Tensor] = (),
    controls: Sequence[Control] = (),
) -> Predict:
    """What predicts the noise, or the velocity, of latents of a picture of ``size`` (height, width).

    ``beside`` are more channels that the network takes, (1, c, h, w) each: the mask and the latents of what
    is known.
    """
    network, count = model.network, 2 if words.guided else 1
    more: dict[str, torch.Tensor] | None = None
    if words.pooled is not None:
        times = torch.tensor([[*size, 0, 0, *size]], dtype=words.tokens.dtype)  # the whole, not cropped
        more = {"text_embeds": words.pooled, "time_ids": torch.cat([times] * count).to(model.device)}
    told = None
    if network.config.time_cond_proj_dim is not None:
        told = guidance_embedding(guidance, network.config.time_cond_proj_dim)
        told = told.to(model.device, words.tokens.dtype)
    channels = [torch.cat([each] * count) for each in beside]
    hints = [torch.cat([each.hint] * count) for each in controls]

    def predict(latents: torch.Tensor, when: torch.Tensor) -> torch.Tensor:
        latents = torch.cat([latents] * count)
        residuals = _residuals(latents, when, words, controls, hints, more)
        out = network(
            torch.cat([latents, *channels], dim=1),
            when,
            encoder_hidden_states=words.tokens,
            timestep_cond=told,
            added_cond_kwargs=more,
            **residuals,
            return_dict=False,
        )[0]
        if not words.guided:
            return out
        without, with_ = out.chunk(2)
        return guided(without, with_, guidance, rescale)

    return predict


def _residuals(
    latents: torch.Tensor,
    when: torch.Tensor,
    words: Words,
    controls: Sequence[Control],
    hints: Sequence[torch.Tensor],
    more: dict[str, torch.Tensor] | None,
) -> dict[str, object]:
    """What the ControlNets add to the network's layers, as its arguments."""
    down: list[torch.Tensor] = []
    middle: torch.Tensor | None = None
    for control, hint in zip(controls, hints, strict=True):
        these, this = control.network(
            latents,
            when,
            encoder_hidden_states=words.tokens,
            controlnet_cond=hint,
            conditioning_scale=control.scale,
            added_cond_kwargs=more,
            return_dict=False,
        )
        down = [one + other for one, other in zip(down, these, strict=True)] if down else list(these)
        middle = this if middle is None else middle + this
    if middle is None:
        return {}
    return {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}

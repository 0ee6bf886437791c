"""FLUX.2 klein's transformer: folded latents, the picture to be changed beside them, and the words.

Black Forest Labs 2026. It has no inpainting head: what is known is put back around the hole at each step, as
with any such model, and the network is shown the whole picture as a reference as well.
"""

import torch
from torch import nn

from engines.diffusion import qwen
from engines.diffusion.guidance import Predict, guided
from engines.diffusion.model import Model
from engines.diffusion.requests import Sampling

_APART = 10  # the reference's place in time; what is painted has 0
# Of the published rule for the levels: where it bends, in tokens, and a line on each side of it.
_LONG = 4300
_AT_10, _AT_200 = (8.73809524e-05, 1.89833333), (0.00016927, 0.45666666)  # steps: slope and offset


def folded(latents: torch.Tensor) -> torch.Tensor:
    """(1, 4 c, h / 2, w / 2) of (1, c, h, w): each 2 x 2 latents as one."""
    _, channels, height, width = latents.shape
    blocks = latents.view(1, channels, height // 2, 2, width // 2, 2).permute(0, 1, 3, 5, 2, 4)
    return blocks.reshape(1, channels * 4, height // 2, width // 2)


def unfolded(folds: torch.Tensor) -> torch.Tensor:
    """The way back."""
    _, channels, height, width = folds.shape
    blocks = folds.reshape(1, channels // 4, 2, 2, height, width).permute(0, 1, 4, 2, 5, 3)
    return blocks.reshape(1, channels // 4, height * 2, width * 2)


def from_autoencoder(vae: nn.Module, latents: torch.Tensor) -> torch.Tensor:
    """Latents of the autoencoder, folded and each channel brought to mean 0 and deviation 1."""
    folds = folded(latents)
    mean, deviation = _statistics(vae, folds)
    return (folds - mean) / deviation


def to_autoencoder(vae: nn.Module, folds: torch.Tensor) -> torch.Tensor:
    """The way back."""
    mean, deviation = _statistics(vae, folds)
    return unfolded(folds * deviation + mean)


def _statistics(vae: nn.Module, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mean = vae.bn.running_mean.view(1, -1, 1, 1).to(like)
    return mean, torch.sqrt(vae.bn.running_var.view(1, -1, 1, 1) + vae.config.batch_norm_eps).to(like)


def shift(length: int, steps: int) -> float:
    """By how much the levels are shifted towards noise, for ``length`` tokens of what is painted."""
    at_10, at_200 = (slope * length + offset for slope, offset in (_AT_10, _AT_200))
    if length > _LONG:
        return at_200
    slope = (at_200 - at_10) / 190.0
    return slope * steps + (at_200 - 200.0 * slope)


def predictor(model: Model, sampling: Sampling, reference: torch.Tensor) -> Predict:
    """What predicts the velocity. ``reference`` are the latents of the whole picture, folded.

    A model that was distilled to few steps has been guided when it was made: no guidance, and no negative
    prompt. Else the network runs twice a step, one after the other, which takes half the memory.
    """
    network, device = model.network, model.device
    is_guided = sampling.guidance > 1 and not model.checkpoint.distilled
    prompts = (sampling.prompt, sampling.negative) if is_guided else (sampling.prompt,)
    words = [
        qwen.read(model.text_encoders[0], model.tokenizers[0], each).to(device, model.dtype)
        for each in prompts
    ]
    height, width = reference.shape[-2:]
    beside, count = _tokens(reference), height * width
    places = torch.cat([_places(0, height, width), _places(_APART, height, width)]).to(device)
    word_places = torch.zeros(words[0].shape[1], 4, dtype=torch.int64)
    word_places[:, 3] = torch.arange(words[0].shape[1])
    word_places = word_places.to(device)

    def predict(latents: torch.Tensor, when: torch.Tensor) -> torch.Tensor:
        seen = torch.cat([_tokens(latents), beside], dim=1)
        found = [
            network(
                hidden_states=seen,
                timestep=when.expand(1).to(latents.dtype) / 1000,
                encoder_hidden_states=each,
                txt_ids=word_places,
                img_ids=places,
                return_dict=False,
            )[0][:, :count]
            for each in words
        ]
        out = guided(found[1], found[0], sampling.guidance, sampling.rescale) if is_guided else found[0]
        return out.permute(0, 2, 1).reshape(1, -1, height, width)

    return predict


def _tokens(folds: torch.Tensor) -> torch.Tensor:
    """(1, h w, c) of (1, c, h, w)."""
    return folds.flatten(2).permute(0, 2, 1)


def _places(time: int, height: int, width: int) -> torch.Tensor:
    """(height * width, 4) of each token: its time, row and column, and 0 for what counts words."""
    out = torch.zeros(height, width, 4, dtype=torch.int64)
    out[..., 0] = time
    out[..., 1] = torch.arange(height)[:, None]
    out[..., 2] = torch.arange(width)[None, :]
    return out.reshape(-1, 4)

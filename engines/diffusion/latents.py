"""Pictures to latents and back, and masks on the latents' grid."""

import numpy as np
import torch
from torch.nn import functional

from engines.diffusion.model import Model


def picture_of(image: np.ndarray) -> torch.Tensor:
    """(1, 3, h, w) in [-1, 1] of (h, w, 3) in [0, 1]."""
    return 2.0 * torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))[None] - 1.0


def encode(model: Model, picture: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Latents (1, c, h / shrink, w / shrink) of a picture (1, 3, h, w) in [-1, 1]."""
    vae = model.vae
    found = vae.encode(picture.to(model.device, vae.dtype)).latent_dist.sample(generator)
    shift = getattr(vae.config, "shift_factor", None)
    if shift is not None:
        return ((found - shift) * vae.config.scaling_factor).to(model.dtype)
    return (vae.config.scaling_factor * found).to(model.dtype)


def decode(model: Model, latents: torch.Tensor) -> np.ndarray:
    """(h, w, 3) float32 in [0, 1]; not a number where the model broke down."""
    vae = model.vae
    shift = getattr(vae.config, "shift_factor", None)
    latents = latents.to(vae.dtype) / vae.config.scaling_factor
    picture = vae.decode(latents if shift is None else latents + shift, return_dict=False)[0]
    picture = (picture * 0.5 + 0.5).clamp(0, 1)
    return picture[0].permute(1, 2, 0).cpu().float().numpy()


def mask_of(mask: np.ndarray, model: Model) -> torch.Tensor:
    """(1, 1, h / shrink, w / shrink) of (h, w), 1 where the network is to paint."""
    small = (mask.shape[0] // model.shrink, mask.shape[1] // model.shrink)
    full = torch.from_numpy(np.ascontiguousarray(mask, np.float32))[None, None]
    return functional.interpolate(full, size=small).to(model.device, model.dtype)


def on_grid(mask: np.ndarray, step: int) -> np.ndarray:
    """A mask (h, w) bool grown to whole cells of ``step`` pixels, so that latents and pixels agree on it."""
    height, width = mask.shape
    cells = mask.reshape(height // step, step, width // step, step).any(axis=(1, 3))
    return cells.repeat(step, axis=0).repeat(step, axis=1)

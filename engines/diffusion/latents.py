"""Pictures to latents and back, and masks on the latents' grid."""

import numpy as np
import torch
from torch.nn import functional

from engines.diffusion import flux2
from engines.diffusion.model import Model


def picture_of(image: np.ndarray) -> torch.Tensor:
    """(1, 3, h, w) in [-1, 1] of (h, w, 3) in [0, 1]."""
    return 2.0 * torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))[None] - 1.0


def encode(model: Model, picture: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Latents (1, c, h / cell, w / cell) of a picture (1, 3, h, w) in [-1, 1]."""
    vae = model.vae
    where = vae.encode(picture.to(model.device, vae.dtype)).latent_dist
    if model.checkpoint.family == "flux2":
        return flux2.from_autoencoder(vae, where.mode()).to(model.dtype)
    found = where.sample(generator)
    shift = getattr(vae.config, "shift_factor", None)
    if shift is not None:
        return ((found - shift) * vae.config.scaling_factor).to(model.dtype)
    return (vae.config.scaling_factor * found).to(model.dtype)


def decode(model: Model, latents: torch.Tensor) -> np.ndarray:
    """(h, w, 3) float32 in [0, 1]; not a number where the model broke down."""
    vae = model.vae
    shift = getattr(vae.config, "shift_factor", None)
    if model.checkpoint.family == "flux2":
        latents = flux2.to_autoencoder(vae, latents).to(vae.dtype)
    else:
        latents = latents.to(vae.dtype) / vae.config.scaling_factor
    picture = vae.decode(latents if shift is None else latents + shift, return_dict=False)[0]
    picture = (picture * 0.5 + 0.5).clamp(0, 1)
    return picture[0].permute(1, 2, 0).cpu().float().numpy()


def shown(model: Model, latents: torch.Tensor) -> torch.Tensor:
    """The latents of which each has a place of its own in the picture: what a linear preview is made of."""
    return flux2.to_autoencoder(model.vae, latents) if model.checkpoint.family == "flux2" else latents


def mask_of(mask: np.ndarray, model: Model) -> torch.Tensor:
    """(1, 1, h / cell, w / cell) of (h, w), 1 where the network is to paint."""
    small = (mask.shape[0] // model.cell, mask.shape[1] // model.cell)
    full = torch.from_numpy(np.ascontiguousarray(mask, np.float32))[None, None]
    how = "bilinear" if model.checkpoint.family == "flux2" else "nearest"  # as diffusers has it
    return functional.interpolate(full, size=small, mode=how).to(model.device, model.dtype)


def on_grid(mask: np.ndarray, step: int) -> np.ndarray:
    """A mask (h, w) bool grown to whole cells of ``step`` pixels, so that latents and pixels agree on it."""
    height, width = mask.shape
    cells = mask.reshape(height // step, step, width // step, step).any(axis=(1, 3))
    return cells.repeat(step, axis=0).repeat(step, axis=1)

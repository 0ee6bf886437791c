"""What an unfinished fill looks like, at each step and for next to nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch.nn import functional

from engines.diffusion.loading import loading

Preview = Callable[[torch.Tensor], np.ndarray]  # latents (1, c, h, w) to (h', w', 3) float32 [0, 1]

_RIDGE = 1e-3  # of the latents' variance: keeps a fit to a flat picture in bounds


def linear(latents: torch.Tensor, picture: torch.Tensor) -> Preview:
    """A preview of one pixel for each latent: the linear map from latents to colours, fitted by least squares
    to the picture at hand, (1, 3, h, w) in [-1, 1], and its latents."""
    colours = functional.interpolate(picture.float().cpu(), latents.shape[-2:], mode="area")
    known = _columns(latents)
    squares = known.T @ known
    squares += torch.eye(len(squares)) * (_RIDGE * squares.diagonal().mean())
    weights = torch.linalg.solve(squares, known.T @ colours[0].flatten(1).T)

    def preview(latents: torch.Tensor) -> np.ndarray:
        rgb = (_columns(latents) @ weights).reshape(*latents.shape[-2:], 3)
        return (rgb * 0.5 + 0.5).clamp(0, 1).numpy()

    return preview


def _columns(latents: torch.Tensor) -> torch.Tensor:
    """(pixels, channels + 1): each latent and a one."""
    flat = latents[0].float().cpu().flatten(1).T
    return torch.cat([flat, torch.ones(len(flat), 1)], dim=1)


def tiny(folder: Path, device: str, dtype: torch.dtype) -> Preview:
    """A preview of full size by a tiny autoencoder, TAESD, from its diffusers folder.

    Raises WeightsWrong if it is none.
    """
    with loading(folder.name):
        network = AutoencoderTiny.from_pretrained(
            str(folder), torch_dtype=dtype, use_safetensors=True, local_files_only=True
        )
    network.to(device).eval().requires_grad_(False)

    def preview(latents: torch.Tensor) -> np.ndarray:
        rgb = network.decode(latents.to(device, dtype)).sample[0]
        return (rgb * 0.5 + 0.5).clamp(0, 1).permute(1, 2, 0).float().cpu().numpy()

    return preview

"""A loaded model: its networks and what they must be told about each other."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from engines.diffusion.checkpoints import Checkpoint


@dataclass
class Model:
    """The parts of a diffusion model, on one device."""

    checkpoint: Checkpoint
    network: nn.Module  # UNet or transformer
    vae: nn.Module
    tokenizers: tuple[Any, ...]
    text_encoders: tuple[nn.Module, ...]
    scheduler: dict[str, Any]  # how it was trained: what a scheduler is made from
    no_words_are_zeros: bool  # SDXL: an empty negative prompt is not encoded but zero
    device: str
    dtype: torch.dtype
    sha256: str  # of its weights
    waits: bool = False  # its weights are brought to the device layer by layer (engines.diffusion.thrift)

    @property
    def shrink(self) -> int:
        """Pixels of the picture per latent, along each side."""
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    @property
    def cell(self) -> int:
        """Pixels of the picture per latent of a run: FLUX.2's are 2 x 2 of the autoencoder's in one."""
        return self.shrink * (2 if self.checkpoint.family == "flux2" else 1)

    @property
    def channels(self) -> int:
        """Of the latents of a run."""
        return self.vae.config.latent_channels * (self.cell // self.shrink) ** 2

    @property
    def multiple(self) -> int:
        """What both sides of a picture must be multiples of, in pixels."""
        return self.shrink * (2 if self.checkpoint.family in ("flux", "flux2") else 1)

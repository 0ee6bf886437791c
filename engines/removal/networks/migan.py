"""MI-GAN's generator (Sargsyan et al., "MI-GAN: A Simple Baseline for Image Inpainting on Mobile Devices",
ICCV 2023), and the same led by structure.

Modules are named as in the published state dict. Each leaky ReLU's gain of sqrt(2) is in the weights before
it, as in the embedded file (packaging/build_migan.py). What the authors add as noise is a constant of each
layer: the same picture always gives the same answer.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 512
CHANNELS = {512: 64, 256: 128, 128: 256, 64: 512, 32: 512, 16: 512, 8: 512, 4: 512}  # of each level
_SLOPE = 0.2  # of the leaky ReLU
_TAPS = (1, 3, 3, 1)  # of the filter of each change of size

STRUCTURE = {512: 16, 256: 32, 128: 64, 64: 96, 32: 128, 16: 128}  # channels of the branch at its levels
MAPS = 3  # edges, lines, hole


def _activated(x: torch.Tensor) -> torch.Tensor:
    return F.leaky_relu(x, _SLOPE)


class Halving(nn.Module):
    """Half the size, through the filter of `_TAPS` in each direction. Zeros lie around the picture."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.filter = nn.Conv2d(channels, channels, 4, 2, 1, groups=channels, bias=False)
        tap = torch.tensor(_TAPS) / sum(_TAPS)
        with torch.no_grad():
            self.filter.weight.copy_(torch.outer(tap, tap).expand_as(self.filter.weight))
        self.filter.requires_grad_(False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.filter(x)


def doubled(x: torch.Tensor) -> torch.Tensor:
    """Twice the size, through the same filter: bilinear, with zeros around the picture."""
    grown = F.interpolate(F.pad(x, (1, 1, 1, 1)), scale_factor=2, mode="bilinear", align_corners=False)
    return grown[..., 2:-2, 2:-2]


class SeparableConv(nn.Module):
    """A 3 x 3 convolution of each channel by itself, then one of 1 x 1 that mixes them.

    ``halve`` lies between the two, ``double`` behind them. ``noise`` is the side of the constant that is
    added at the end; a smaller picture takes the constant's corner.
    """

    def __init__(
        self, inputs: int, outputs: int, halve: bool = False, double: bool = False, noise: int = 0
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs)
        self.conv2 = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.downsample = Halving(inputs) if halve else None
        self.double = double
        if noise:
            self.register_buffer("noise_const", torch.zeros(noise, noise))
        else:
            self.noise_const = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = _activated(self.conv1(x))
        if self.downsample is not None:
            x = self.downsample(x)
        x = self.conv2(x)
        if self.double:
            x = doubled(x)
        if self.noise_const is not None:
            x = x + self.noise_const[: x.shape[-2], : x.shape[-1]].to(x.dtype)
        return _activated(x)


class EncoderBlock(nn.Module):
    """One level of the encoder: what goes across to the synthesis, and what goes on to the next level."""

    def __init__(self, level: int) -> None:
        super().__init__()
        channels = CHANNELS[level]
        self.fromrgb = nn.Conv2d(4, channels, 1) if level == SIDE else None
        self.conv1 = SeparableConv(channels, channels)
        last = level == min(CHANNELS)
        self.conv2 = SeparableConv(channels, CHANNELS[level if last else level // 2], halve=not last)

    def forward(self, x: torch.Tensor, structure: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
        if self.fromrgb is not None:
            x = _activated(self.fromrgb(x))
        if structure is not None:
            x = x + structure
        across = self.conv1(x)
        return across, self.conv2(across)


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        for level in CHANNELS:
            self.add_module(f"b{level}", EncoderBlock(level))

    def forward(
        self, x: torch.Tensor, structure: Sequence[torch.Tensor] = ()
    ) -> tuple[torch.Tensor, dict[int, torch.Tensor]]:
        """The deepest features and those of each level. ``structure`` is added to the first levels'."""
        across = {}
        for index, level in enumerate(CHANNELS):
            added = structure[index] if index < len(structure) else None
            across[level], x = getattr(self, f"b{level}")(x, added)
        return x, across


class SynthesisBlock(nn.Module):
    """One level of the synthesis: its features, and its share of the picture."""

    def __init__(self, level: int) -> None:
        super().__init__()
        channels = CHANNELS[level]
        first = level == min(CHANNELS)
        noise = 0 if first else level
        before = channels if first else CHANNELS[level // 2]
        self.conv1 = SeparableConv(before, channels, double=not first, noise=noise)
        self.conv2 = SeparableConv(channels, channels, noise=noise)
        self.torgb = nn.Conv2d(channels, 3, 1)

    def forward(
        self, x: torch.Tensor, across: torch.Tensor, picture: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.conv2(self.conv1(x) + across)
        rgb = self.torgb(x)
        return x, rgb if picture is None else doubled(picture) + rgb


class Synthesis(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        for level in reversed(CHANNELS):
            self.add_module(f"b{level}", SynthesisBlock(level))

    def forward(self, x: torch.Tensor, across: dict[int, torch.Tensor]) -> torch.Tensor:
        picture = None
        for level in reversed(CHANNELS):
            x, picture = getattr(self, f"b{level}")(x, across[level], picture)
        return picture


class MiGanNetwork(nn.Module):
    """(n, 4, h, w), known - 0.5 with known = 1 and then RGB [-1, 1] times known, to (n, 3, h, w) RGB [-1, 1].

    h and w are multiples of 128 and at most 512; it was trained at 512.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.synthesis = Synthesis()

    def forward(self, x: torch.Tensor, structure: Sequence[torch.Tensor] = ()) -> torch.Tensor:
        return self.synthesis(*self.encoder(x, structure))


class StructureBlock(nn.Module):
    """One level of the branch, and its gated features with the channels of the encoder's level.

    The gates are zero at first: a network that the branch is added to computes what it did, and learns
    how much of each feature to let in (ReZero: Bachlechner et al., UAI 2021).
    """

    def __init__(self, inputs: int, level: int) -> None:
        super().__init__()
        width = STRUCTURE[level]
        self.conv1 = nn.Conv2d(inputs, width, 3, 1 if level == SIDE else 2, 1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.out = nn.Conv2d(width, CHANNELS[level], 1)
        self.gate = nn.Parameter(torch.zeros(CHANNELS[level], 1, 1))
        # The usual start would more than halve the features at each of a dozen layers: no line would be seen.
        for layer in (self.conv1, self.conv2, self.out):
            nn.init.kaiming_normal_(layer.weight, _SLOPE)
            nn.init.zeros_(layer.bias)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = _activated(self.conv2(_activated(self.conv1(x))))
        return x, self.out(x) * self.gate


class StructureBranch(nn.Module):
    """(n, 3, h, w) maps of edges, lines and hole to what is added at the encoder's first levels."""

    def __init__(self) -> None:
        super().__init__()
        inputs = MAPS
        for level, width in STRUCTURE.items():
            self.add_module(f"b{level}", StructureBlock(inputs, level))
            inputs = width

    def forward(self, maps: torch.Tensor) -> list[torch.Tensor]:
        x, added = maps, []
        for level in STRUCTURE:
            x, gated = getattr(self, f"b{level}")(x)
            added.append(gated)
        return added


class GuidedMiGan(nn.Module):
    """MI-GAN that is told of structure, the way ZITS tells LaMa (Dong et al., CVPR 2022).

    ``known_and_rgb`` as `MiGanNetwork` takes it, ``maps`` as engines.removal.maps draws them. With its gates
    at zero it answers exactly as MI-GAN.
    """

    def __init__(self) -> None:
        super().__init__()
        self.model = MiGanNetwork()
        self.structure = StructureBranch()

    def forward(self, known_and_rgb: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
        return self.model(known_and_rgb, self.structure(maps))

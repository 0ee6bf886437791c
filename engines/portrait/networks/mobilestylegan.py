"""MobileStyleGAN (Belousov 2021, "MobileStyleGAN: A Lightweight Convolutional Neural Network for
High-Fidelity Image Synthesis"): the synthesis of a face from one style for each of its inputs.

The network grows wavelet coefficients: each block modulates its channels by a style, undoes one level of a
Haar transform, which doubles the side, and runs two depthwise separable convolutions, modulated likewise.
Only the last block makes a picture: its 12 channels are the Haar coefficients of the largest one, so that the
first three, halved, are that picture at half the side. The published network feeds one style to all its
inputs; here each has its own (W+, Abdal et al. 2019, section 3).

An optimisation looks at a quarter of the side, and most of the time would go into the last block at half the
side: another block of ours, fitted to it (packaging/fit_quarter.py), makes that small picture by itself.
"""

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.base import WeightsWrong

_SLOPE = 0.2
_GAIN = 2**0.5  # behind each layer of the mapping network


class MobileStyleGan:
    """The loaded network. ``tensors`` are those of `engines.mobilestylegan_file`, and those of the block for
    small pictures, ``quarter.*``, if there is one; sizes follow from them.

    Raises WeightsWrong if some are missing or do not fit.
    """

    def __init__(
        self, tensors: Mapping[str, np.ndarray], device: str = "cpu", dtype: torch.dtype = torch.float32
    ) -> None:
        self.weights = {
            name: torch.from_numpy(np.array(array)).to(device, dtype) for name, array in tensors.items()
        }
        self.blocks = sum(name.endswith("up.modulation.weight") for name in tensors)
        self.device, self.dtype = device, dtype
        layers = [
            f"layers.{block}.{part}" for block in range(self.blocks) for part in ("up", "conv1", "conv2")
        ]
        #: What each style goes to, in the order of a latent's rows.
        self.inputs = ("conv1", *layers, f"layers.{self.blocks - 1}.to_img")
        try:
            self.width = self.weights["conv1.conv.modulation.weight"].shape[1]
            #: Pixels of a side of the largest picture.
            self.side = self.weights["input.input"].shape[-1] << (self.blocks + 1)
            with torch.inference_mode():
                self.half(torch.zeros(1, len(self.inputs), self.width, device=device, dtype=dtype))
        except (KeyError, RuntimeError, IndexError) as error:
            reason = str(error).splitlines()[0]
            raise WeightsWrong(
                f"The generator's weights do not fit it ({reason}). Install it again."
            ) from None

    def mapped(self, z: Tensor) -> Tensor:
        """Styles (n, width) of normal noise (n, width)."""
        value = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for number in range(sum(name.startswith("mapping.") for name in self.weights) // 2):
            name = f"mapping.{number}"
            value = F.linear(value, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])
            value = F.leaky_relu(value, _SLOPE) * _GAIN
        return value

    def full(self, latent: Tensor) -> Tensor:
        """Faces (n, 3, side, side) of latents (n, inputs, width), RGB; [0, 1] but for what overshoots."""
        return (_inverse_haar(self._coefficients(self.haar(latent), latent)) + 1) / 2

    def half(self, latent: Tensor) -> Tensor:
        """The same at half the side: the mean of each four pixels of :meth:`full`."""
        return self.half_of(self.haar(latent), latent)

    def half_of(self, haar: Tensor, latent: Tensor) -> Tensor:
        """:meth:`half`, from what :meth:`haar` gives."""
        return (self._coefficients(haar, latent)[:, :3] / 2 + 1) / 2

    def quarter(self, latent: Tensor) -> Tensor:
        """The same at a quarter of the side, nearly: by the block of ours, or without it the mean of each
        four pixels of :meth:`half`."""
        if "quarter.conv1.weight" not in self.weights:
            return F.avg_pool2d(self.half(latent), 2)
        return self.quarter_of(self.haar(latent), latent)

    def quarter_of(self, haar: Tensor, latent: Tensor) -> Tensor:
        """:meth:`quarter`, from what :meth:`haar` gives, by the block of ours."""
        value = haar
        styles = [self._style(latent, f"layers.{self.blocks - 1}.{name}") for name in ("conv1", "conv2")]
        styles[0] = torch.cat(
            [styles[0], styles[0].repeat_interleave(3, 1)], 1
        )  # the means, then the details
        for name, style in zip(("conv1", "conv2"), styles, strict=True):
            value = value * style
            depthwise = self.weights[f"quarter.{name}.weight_dw"]
            value = F.conv2d(value, depthwise, padding=1, groups=len(depthwise))
            weight, bias = self.weights[f"quarter.{name}.weight"], self.weights[f"quarter.{name}.bias"]
            value = F.leaky_relu(F.conv2d(value, weight, bias), _SLOPE)
        value = value * self._style(latent, self.inputs[-1])
        weight, bias = self.weights["quarter.to_img.weight"], self.weights["quarter.to_img.bias"]
        return (F.conv2d(value, weight, bias) + 1) / 2

    def features(self, latent: Tensor, blocks: int) -> Tensor:
        """What the first so many blocks give, (n, channels, s, s)."""
        value = self.weights["input.input"] * self._style(latent, "conv1")
        value = F.conv2d(value, self.weights["conv1.conv.weight"], padding=1)
        value = self._activated(value, "conv1")
        for block in range(blocks):
            value = self._block(value * self._style(latent, f"layers.{block}.up"), latent, block)
        return value

    def haar(self, latent: Tensor) -> Tensor:
        """What the last block undoes the Haar transform of, (n, 4 c, side / 4, side / 4)."""
        last = self.blocks - 1
        return self.features(latent, last) * self._style(latent, f"layers.{last}.up")

    def _block(self, value: Tensor, latent: Tensor, block: int) -> Tensor:
        value = _inverse_haar(value)
        for part in ("conv1", "conv2"):
            value = self._separable(value, latent, f"layers.{block}.{part}")
        return value

    def _coefficients(self, haar: Tensor, latent: Tensor) -> Tensor:
        name = self.inputs[-1]
        value = self._block(haar, latent, self.blocks - 1) * self._style(latent, name)
        return F.conv2d(value, self.weights[f"{name}.conv.weight"], self.weights[f"{name}.bias"])

    def _separable(self, value: Tensor, latent: Tensor, name: str) -> Tensor:
        value = value * self._style(latent, name)
        depthwise = self.weights[f"{name}.conv.weight_dw"]
        value = F.conv2d(value, depthwise, padding=1, groups=len(depthwise))
        return self._activated(F.conv2d(value, self.weights[f"{name}.conv.weight"]), name)

    def _activated(self, value: Tensor, name: str) -> Tensor:
        bias = self.weights[f"{name}.bias"].view(1, -1, 1, 1)
        return F.leaky_relu(value + self.weights[f"{name}.noise"] + bias, _SLOPE)

    def _style(self, latent: Tensor, name: str) -> Tensor:
        """The factor of each channel, (n, channels, 1, 1)."""
        modulation = f"{name}.modulation" if name.endswith("up") else f"{name}.conv.modulation"
        style = latent[:, self.inputs.index(name)]
        style = F.linear(style, self.weights[f"{modulation}.weight"], self.weights[f"{modulation}.bias"])
        return style[..., None, None]


def _inverse_haar(coefficients: Tensor) -> Tensor:
    """One level undone: (n, 4 c, h, w), the c means and then three details of each, to (n, c, 2 h, 2 w)."""
    count, channels, height, width = coefficients.shape
    mean = coefficients[:, : channels // 4]
    details = coefficients[:, channels // 4 :].view(count, channels // 4, 3, height, width)
    down, across, both = details.unbind(2)
    left, right = mean + across, mean - across
    change, twist = down + both, down - both
    quarters = (left + change, right + twist, left - change, right - twist)
    return F.pixel_shuffle(torch.stack(quarters, 2).flatten(1, 2) / 2, 2)

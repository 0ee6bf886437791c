"""LPIPS, how different two pictures look (Zhang et al. 2018, "The Unreasonable Effectiveness of Deep Features
as a Perceptual Metric"), by VGG16, with gradients."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.base import WeightsWrong

# Of the original's scaling layer: ImageNet's mean and deviation carried over to pictures in [-1, 1].
_SHIFT = (-0.030, -0.088, -0.188)
_SCALE = (0.458, 0.448, 0.450)
_STAGES = (2, 2, 3, 3, 3)  # convolutions between the poolings; the last of each is looked at


class Lpips:
    """The loaded network. ``tensors`` are those of `engines.lpips_file`. Raises WeightsWrong."""

    def __init__(
        self, tensors: Mapping[str, np.ndarray], device: str = "cpu", dtype: torch.dtype = torch.float32
    ) -> None:
        self.weights = {
            name: torch.from_numpy(np.array(array)).to(device, dtype) for name, array in tensors.items()
        }
        self.dtype = dtype
        self._shift = torch.tensor(_SHIFT, device=device).view(1, 3, 1, 1)
        self._scale = torch.tensor(_SCALE, device=device).view(1, 3, 1, 1)
        try:
            with torch.inference_mode():
                self.features(torch.zeros(1, 3, 16, 16, device=device))
        except (KeyError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise WeightsWrong(f"The weights of LPIPS do not fit it ({reason}). Install it again.") from None

    def features(self, picture: Tensor) -> list[Tensor]:
        """Five maps of unit vectors of pictures (n, 3, h, w) in [0, 1], each times the root of its head."""
        value = ((picture * 2 - 1 - self._shift) / self._scale).to(self.dtype)
        found, number = [], 0
        for stage, count in enumerate(_STAGES):
            value = F.max_pool2d(value, 2) if stage else value
            for _ in range(count):
                name = f"conv{number}"
                value = F.conv2d(
                    value, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], padding=1
                )
                value = F.relu(value)
                number += 1
            length = value.square().sum(1, keepdim=True).sqrt()
            found.append(value / (length + 1e-10) * self.weights[f"lin{stage}"].clamp(min=0).sqrt())
        return found

    def distance(
        self, features: Sequence[Tensor], target: Sequence[Tensor], weight: Tensor | None = None
    ) -> Tensor:
        """The mean LPIPS of two batches of :meth:`features`, a scalar.

        ``weight`` (1, 1, h, w) in [0, 1] says how much each pixel counts; the mean is over those that do.
        """
        total = features[0].new_zeros((), dtype=torch.float32)
        for one, two in zip(features, target, strict=True):
            different = (one - two).square().sum(1, keepdim=True).float()
            if weight is None:
                total = total + different.mean()
            else:
                counts = F.interpolate(weight, different.shape[-2:], mode="area")
                total = total + (different * counts).sum() / (counts.sum() * len(different)).clamp(min=1e-6)
        return total

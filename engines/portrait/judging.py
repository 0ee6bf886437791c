"""What a generated face is judged by while it is sought: the networks, and what it is held against."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from engines.portrait.identity import Identity
from engines.portrait.latents import Whitened
from engines.portrait.networks.lpips import Lpips
from engines.portrait.networks.mobilestylegan import MobileStyleGan

#: Called after each step with the number of steps done and the coordinates; it may raise Cancelled.
Watch = Callable[[int, Tensor], None]


@dataclass
class Tools:
    """The loaded networks. ``quick`` is the generator in the type that is quickest here; its picture is only
    good enough to go by."""

    generator: MobileStyleGan
    quick: MobileStyleGan
    space: Whitened
    lpips: Lpips
    identity: Identity

    @property
    def side(self) -> int:
        """Pixels of a face that is judged: 256 of a generator of 1024."""
        return self.generator.side // 4

    def seen(self, coordinates: Tensor) -> Tensor:
        """The quick face (1, 3, side, side) of coordinates (inputs, width), float32."""
        latent = self.space.styles(coordinates)[None]
        return self.quick.quarter(latent.to(self.quick.dtype)).float()

    def large(self, coordinates: Tensor) -> Tensor:
        """The same at twice the side."""
        latent = self.space.styles(coordinates)[None]
        return self.quick.half(latent.to(self.quick.dtype)).float()


@dataclass
class Target:
    """An aligned face (1, 3, side, side) and what is compared of it. ``counts`` (1, 1, side, side) says
    in [0, 1] where it is a photograph and not its reflection."""

    face: Tensor
    counts: Tensor
    features: list[Tensor] = field(repr=False)
    whose: Tensor = field(repr=False)


@torch.no_grad()
def target_of(tools: Tools, face: Tensor, counts: Tensor) -> Target:
    """The target that a face makes; the arguments are as in `Target`."""
    return Target(face, counts, tools.lpips.features(face), tools.identity.of(face))


def looks(tools: Tools, face: Tensor, target: Target) -> Tensor:
    """How different a face looks: LPIPS, a scalar."""
    return tools.lpips.distance(tools.lpips.features(face), target.features, target.counts)


def pixels(face: Tensor, target: Target) -> Tensor:
    """The mean square difference where the target counts, a scalar."""
    different = (face - target.face).square().mean(1, keepdim=True) * target.counts
    return different.sum() / target.counts.sum().clamp(min=1)


def alike(tools: Tools, face: Tensor, target: Target) -> Tensor:
    """The cosine of identity, -1 .. 1, a scalar."""
    return F.cosine_similarity(tools.identity.of(face), target.whose).mean()


def pace(step: int, steps: int, up: float, down: float) -> float:
    """The share of the learning rate of one step: a ramp up over a share of all steps, and one down."""
    done = (step + 1) / steps
    return min(1.0, done / up if up else 1.0) * min(1.0, (1 - step / steps) / down)

"""The latent of a photographed face: found by going downhill from a first guess (Abdal, Qin, Wonka:
"Image2StyleGAN", ICCV 2019), in whitened W+ (`engines.portrait.latents`), and the generator bent to it where
a latent cannot follow (Roich, Mokady, Bermano, Cohen-Or: "Pivotal tuning for latent-based editing of real
images", 2021)."""

import numpy as np
import torch
from torch import Tensor

from engines.portrait.judging import Target, Tools, Watch, alike, looks, pace, pixels

# Of the loss, beside LPIPS with 1.
_PIXELS, _IDENTITY, _PRIOR = 2.0, 0.1, 0.002
_RATE = 0.12  # of Adam, in deviations of the whitened space
_FIRST, _LAST = 0.05, 0.6  # shares of the steps in which the rate rises and falls
_TUNED_RATE = 1e-2  # of each weight, relative to the root mean square of its tensor


def mean(tools: Tools) -> Tensor:
    """The coordinates (inputs, width) of the middle of all faces."""
    space = tools.generator
    return torch.zeros(len(space.inputs), space.width, device=space.device)


def invert(tools: Tools, target: Target, start: Tensor, steps: int, watch: Watch) -> Tensor:
    """The coordinates (inputs, width) of a face that looks like the target, from a first guess."""
    coordinates = start.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([coordinates], _RATE, betas=(0.9, 0.99))
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = _RATE * pace(step, steps, _FIRST, _LAST)
        face = tools.seen(coordinates)
        loss = looks(tools, face, target) + _PIXELS * pixels(face, target)
        loss = loss + _IDENTITY * (1 - alike(tools, face, target)) + _PRIOR * coordinates.square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        watch(step + 1, coordinates.detach())
    return coordinates.detach()


def tunable(tools: Tools) -> tuple[str, ...]:
    """The weights that tuning changes: the pointwise kernels and biases of all blocks but the first, up to
    the one whose side is judged."""
    blocks = range(1, tools.generator.blocks - 1)
    convolutions = [f"layers.{block}.{name}" for block in blocks for name in ("conv1", "conv2")]
    return tuple(f"{name}.{part}" for name in convolutions for part in ("conv.weight", "bias"))


def tune(tools: Tools, target: Target, pivot: Tensor, steps: int, watch: Watch) -> dict[str, np.ndarray]:
    """Weights by name with which the generator shows the target at the pivot's coordinates.

    The tools are as before afterwards.
    """
    quick = tools.quick
    before = {name: quick.weights[name] for name in tunable(tools)}
    weights = {name: tools.generator.weights[name].clone().requires_grad_(True) for name in before}
    groups = [
        {"params": [each], "lr": _TUNED_RATE * float(each.detach().square().mean().sqrt())}
        for each in weights.values()
    ]
    rates = [group["lr"] for group in groups]
    optimiser = torch.optim.Adam(groups, betas=(0.9, 0.99))
    try:
        for step in range(steps):
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * pace(step, steps, _FIRST, _LAST)
            quick.weights.update({name: each.to(quick.dtype) for name, each in weights.items()})
            face = tools.seen(pivot)
            loss = looks(tools, face, target) + _PIXELS * pixels(face, target)
            loss = loss + _IDENTITY * (1 - alike(tools, face, target))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            watch(step + 1, pivot)
    finally:
        quick.weights.update(before)
    return {name: each.detach().cpu().numpy() for name, each in weights.items()}

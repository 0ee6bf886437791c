"""A face changed until its sketch is the one that was drawn: the optimisation of "High-fidelity portrait
editing via exploring differentiable guided sketches from the latent space" (Wang, Cao, Fu, Xue, ICASSP 2022),
whose constants are not public; these are our own.

Inside what was touched the sketch of the generated face is drawn towards the wanted one, blunt at first, so
that a line feels where it should go from afar, and sharper from step to step. Outside it the face stays what
the generator showed before, not the photograph: only the difference of the two is ever put into that.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.portrait import soft_sketch
from engines.portrait.judging import Target, Tools, Watch, alike, looks, pace, pixels, target_of

# Of the loss, beside the sketch with 1.
_PIXELS, _LOOKS, _IDENTITY, _PRIOR = 4.0, 0.2, 0.1, 0.002
_RATE = 0.1  # of Adam, in deviations of the whitened space
_FIRST, _LAST = 0.05, 0.5  # shares of the steps in which the rate rises and falls
_BLUNT, _SHARP = 20.0, 100.0  # sharpness of the sketch, at first and at last
_FINEST = 9  # inputs of the generator that stay as they are: they make no shape, but colour
_REACH = 0.02  # of the side: around what was touched it is no less the sketch's
_SOFT = 0.04  # of the side, beyond that: where the one goes over into the other
_LAST_STEPS = 4  # at twice the side, at the end


@dataclass
class Wish:
    """What the user has drawn, as it is held against a face of one side."""

    sketch: Tensor  # (1, 1, n, n), 1 = paper
    inside: Tensor  # (1, 1, n, n) in [0, 1]: where it counts


def wish(drawing: np.ndarray, touched: np.ndarray, side: int, device: str) -> Wish:
    """The wish for a face of ``side`` pixels: a sketch (n, n), and what was touched in it (n, n) bool."""
    n = len(touched)
    reach = max(round(_REACH * n), 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    inside = cv2.dilate(touched.astype(np.float32), kernel)

    def sized(plane: np.ndarray) -> Tensor:
        plane = np.ascontiguousarray(plane, np.float32)
        how = cv2.INTER_AREA if side < n else cv2.INTER_LINEAR
        return torch.from_numpy(cv2.resize(plane, (side, side), interpolation=how)).to(device)[None, None]

    return Wish(sized(drawing), sized(inside))


def obedience(face: Tensor, wished: Wish, phi: float) -> Tensor:
    """How far a face's sketch is from the wished one: the mean difference where that counts, a scalar."""
    different = (soft_sketch.soft(face, phi) - wished.sketch).abs() * wished.inside
    return different.sum() / wished.inside.sum().clamp(min=1)


def outside(wished: Wish) -> Tensor:
    """How much each pixel of a face is to stay, (1, 1, n, n) in [0, 1]."""
    soft = _SOFT * wished.inside.shape[-1]
    radius = max(round(2 * soft), 1)
    grown = F.max_pool2d(wished.inside, 2 * radius + 1, 1, radius)
    return 1 - F.avg_pool2d(grown, 2 * (radius // 2) + 1, 1, radius // 2)


def edit(
    tools: Tools,
    drawing: np.ndarray,
    touched: np.ndarray,
    pivot: Tensor,
    start: Tensor,
    steps: int,
    watch: Watch,
) -> Tensor:
    """The coordinates (inputs, width) of the changed face. ``pivot``: those of the face as it was; ``start``:
    those to begin from, of a run before this one."""
    device = str(pivot.device)
    wished = wish(drawing, touched, tools.side, device)
    with torch.no_grad():
        # Looked at from twice as far: what is to stay is known well enough then, in a quarter of the time.
        target = target_of(tools, F.avg_pool2d(tools.seen(pivot), 2), F.avg_pool2d(outside(wished), 2))
    fine = wish(drawing, touched, 2 * tools.side, device)
    free = len(pivot) - _FINEST if len(pivot) > _FINEST else len(pivot)
    moved = start[:free].clone().requires_grad_(True)
    optimiser = torch.optim.Adam([moved], _RATE, betas=(0.9, 0.99))
    last = min(_LAST_STEPS, steps // 4)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = _RATE * pace(step, steps, _FIRST, _LAST)
        phi = _BLUNT * (_SHARP / _BLUNT) ** (step / max(steps - 1, 1))
        coordinates = torch.cat([moved, pivot[free:]])
        if step < steps - last:
            face, large = tools.seen(coordinates), None
        else:
            large = tools.large(coordinates)
            face = F.avg_pool2d(large, 2)
        seen = F.avg_pool2d(face, 2)
        loss = obedience(face, wished, phi) if large is None else obedience(large, fine, phi)
        loss = loss + _kept(tools, seen, target) + _PRIOR * (moved - pivot[:free]).square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        watch(step + 1, torch.cat([moved.detach(), pivot[free:]]))
    return torch.cat([moved.detach(), pivot[free:]])


def _kept(tools: Tools, face: Tensor, target: Target) -> Tensor:
    return (
        _LOOKS * looks(tools, face, target)
        + _PIXELS * pixels(face, target)
        + _IDENTITY * (1 - alike(tools, face, target))
    )

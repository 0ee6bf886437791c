"""The sampling rules of the papers, as functions of latents; they work in pixels as well.

Levels count the steps done: 0 is the noisiest of a run, ``steps`` the finished picture. Masks are 1 where the
picture is to change, whatever the paper has.
"""

import torch
from torch.nn import functional


def masked(known: torch.Tensor, latents: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The known part, as noisy as the rest, put back around it: at each step of a model without an inpainting
    head (Lugmayr et al. 2022, RePaint, equation 8; Meng et al. 2022, SDEdit, algorithm 2)."""
    return (1 - mask) * known + mask * latents


def low_pass(latents: torch.Tensor, factor: int) -> torch.Tensor:
    """φ of ILVR: scaled down by ``factor`` and up again, both bicubic, as the authors do it."""
    height, width = latents.shape[-2:]
    small = (max(round(height / factor), 1), max(round(width / factor), 1))
    down = functional.interpolate(latents.float(), small, mode="bicubic", antialias=True, align_corners=False)
    up = functional.interpolate(down, (height, width), mode="bicubic", antialias=True, align_corners=False)
    return up.to(latents.dtype)


def refined(latents: torch.Tensor, reference: torch.Tensor, factor: int) -> torch.Tensor:
    """A step's outcome with the low frequencies of the reference, which is as noisy (Choi et al. 2021, ILVR,
    algorithm 1)."""
    return low_pass(reference, factor) + latents - low_pass(latents, factor)


def jumps(steps: int, length: int, times: int) -> list[int]:
    """The levels of a run in the order of RePaint (Lugmayr et al. 2022, section 4.2 and appendix).

    From 0 to ``steps``, always to a neighbour. Counted from the last step but one, they go back ``length``
    levels at every ``length``-th and run that stretch again, ``times`` in all; the last step is run once.
    """
    left = dict.fromkeys(range(steps - 1, length - 1, -length), times - 1)
    level, out = 0, [0]
    while level < steps:
        level += 1
        out.append(level)
        if left.get(level, 0) > 0:
            left[level] -= 1
            out.extend(range(level - 1, level - length - 1, -1))
            level -= length
    return out


def renoised(
    latents: torch.Tensor, kept: torch.Tensor, kept_before: torch.Tensor, noise: torch.Tensor
) -> torch.Tensor:
    """Latents one level back, drawn from the forward process (RePaint, algorithm 1, line 9).

    ``kept`` and ``kept_before`` are ᾱ at the latents' level and at the one they go back to.
    """
    share = (kept_before / kept).to(latents)
    return share.sqrt() * latents + (1 - share).sqrt() * noise


def fixed(change: torch.Tensor, level: int, steps: int) -> torch.Tensor:
    """Where the original still holds at a level, as 1 and 0 (Levin and Fried 2023, differential diffusion).

    ``change`` 0 .. 1 says how much each place may change. The paper's own map is bright where the picture is
    to be preserved: 1 - change.
    """
    return ((1 - change) > level / steps).to(change.dtype)

"""The sketch of a face for a loss: sigmoid(2 phi (u - epsilon)) of the response u that `sketch` has.

Twice this, cut off at 1, is the hard form. Unlike that it has a gradient on the white side too, or missing
strokes would never grow.
"""

import torch
from torch.nn import functional

from engines.portrait import sketch


def response(faces: torch.Tensor) -> torch.Tensor:
    """u - epsilon (b, 1, n, n) of pictures (b, 3, n, n) RGB [0, 1]: 0 where a line begins, less inside it."""
    weights = torch.tensor(sketch.GREY, dtype=faces.dtype, device=faces.device)
    grey = (faces * weights[:, None, None]).sum(dim=1, keepdim=True)
    blurred = []
    for values in sketch.kernels(faces.shape[-1]):
        kernel = torch.from_numpy(values).to(faces)
        wide = functional.pad(grey, [len(kernel) // 2] * 4, mode="reflect")
        rows = functional.conv2d(wide, kernel[None, None, None])
        blurred.append(functional.conv2d(rows, kernel[None, None, :, None]))
    return blurred[0] - sketch.GAMMA * blurred[1] - sketch.EPSILON


def soft(faces: torch.Tensor, phi: float) -> torch.Tensor:
    """The sketch for a loss, (b, 1, n, n) in 0 .. 1, about 1 on paper and 0.5 where a line begins.

    ``faces`` (b, 3, n, n) are RGB [0, 1]; ``phi`` is the sharpness, annealed from about 20 up to
    `sketch.PHI`.
    """
    return (2 * phi * response(faces)).sigmoid()

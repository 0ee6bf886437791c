"""LaMa with its features refined for high resolution (Kulshreshtha, Pugh and Jiddi, "Feature Refinement to
Improve High Resolution Image Inpainting", arXiv 2206.13644).

LaMa is best near the size that it was trained at: larger holes turn out blurred or repeat. So the picture is
filled small first, and at twice the size each the features behind the encoder are changed by gradient descent
until the fill, scaled down, is the smaller one and the known part stays as it is.
"""

import math
from collections.abc import Callable

import cv2
import numpy as np
import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from engines.base import Cancelled, Patch, Progress, Region, RemoveRequest, RemoveResult
from engines.context import NATIVE
from engines.ladder import Rung, smaller
from engines.removal.filling import fill_region
from engines.removal.lama import MULTIPLE, batch_of
from engines.removal.lama_tensors import load_network
from engines.removal.networks.lama import LaMa
from engines.removal.running import fill_regions, through_views
from engines.removal.torchscript import running

ITERATIONS = 15
RATE = 0.002  # of Adam
LARGEST = 1344  # side of the square, in pixels: 1.8 megapixels
SIDES = (LARGEST, 1024, 768, NATIVE, 384, 256)  # the less, the less memory
_INNER = 15  # across, of the ellipse by which the smaller fill's hole shrinks: its rim is not held to it


class RefinedLama:
    """The loaded engine. Raises the errors of ``lama_tensors.load_network``."""

    def __init__(self, device: str, weights: str) -> None:
        self._network, self.device, self._sha256 = load_network(weights, device)
        self._use(LARGEST)

    def rungs(self) -> tuple[Rung, ...]:
        """Smaller squares."""
        return (smaller(SIDES, self._use),)

    def _use(self, side: int) -> None:
        self._largest = side

    def run(self, request: RemoveRequest, progress: Progress) -> RemoveResult:
        """Fill every region of the request, seen the way that its seed stands for."""

        def fill(region: Region, step: Callable[[float], None]) -> Patch:
            longest = max(region.hole.shape)
            size = min(max(math.ceil(longest / MULTIPLE) * MULTIPLE, NATIVE), self._largest)
            return fill_region(
                region,
                lambda image, known: self._fill(image, known, progress),
                step,
                seed=request.seed,
                grain=request.grain,
                size=size,
            )

        patches = fill_regions(request, through_views(request.seed, fill), progress)
        return RemoveResult(patches, request.engine, self._sha256, self.device)

    def _fill(self, image: np.ndarray, known: np.ndarray, progress: Progress) -> np.ndarray:
        """(h, w, 3) from a picture of that shape and what is known of it, (h, w) bool."""
        with running():
            filled: torch.Tensor | None = None
            for picture, seen in _pyramid(image, known):
                batch = [torch.from_numpy(each).to(self.device) for each in batch_of(picture, seen)]
                if filled is None:
                    filled = self._network(torch.cat([batch[0], batch[1]], dim=1))
                else:
                    filled = refine(self._network, *batch, filled, seen.shape, progress)
                height, width = seen.shape
                filled = (batch[1] * filled + (1 - batch[1]) * batch[0])[..., :height, :width]
            return filled[0].permute(1, 2, 0).cpu().numpy()


def _pyramid(image: np.ndarray, known: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Picture and what is known of it, the smallest first; each side of it is about 512 at least."""
    levels = [(image, known)]
    count = 1 + max(0, round(math.log2(min(known.shape) / NATIVE)))
    while len(levels) < count:
        picture, seen = levels[-1]
        size = (seen.shape[1] // 2, seen.shape[0] // 2)
        share = cv2.resize(seen.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        mean = cv2.resize(picture * seen[..., None], size, interpolation=cv2.INTER_AREA)
        levels.append((mean / np.maximum(share, 1e-6)[..., None], share > 1 - 1e-4))
    return levels[::-1]


def refine(
    network: LaMa,
    picture: torch.Tensor,
    hole: torch.Tensor,
    smaller: torch.Tensor,
    size: tuple[int, int],
    progress: Progress,
    iterations: int = ITERATIONS,
) -> torch.Tensor:
    """The network's fill (1, 3, h, w) of ``picture`` (1, 3, h, w) in [0, 1], ``hole`` (1, 1, h, w) 1 = hole.

    ``smaller`` (1, 3, height // 2, width // 2) is what its fill is to look like scaled down; ``size``
    (height, width) is the picture's without what makes h and w multiples of 8. Raises Cancelled.
    """
    rear = network.model[network.first_block :]
    features = _features(network, picture, hole)
    features = tuple(each.detach().clone().requires_grad_() for each in features)
    optimizer = torch.optim.Adam(features, lr=RATE)
    inner = _inner(hole[..., : size[0], : size[1]], smaller.shape[-2:])
    for _ in range(iterations):
        if progress.cancelled:
            raise Cancelled
        with torch.enable_grad():
            filled = _with_gradients(rear, features)
            off = _mean((filled - picture).abs(), 1 - hole)
            small = _halved(filled[..., : size[0], : size[1]], smaller.shape[-2:])
            optimizer.zero_grad()
            (off + _mean((small - smaller).abs(), inner)).backward()
        optimizer.step()
    return rear(tuple(each.detach() for each in features))


def _features(network: LaMa, picture: torch.Tensor, hole: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return network.model[: network.first_block](torch.cat([picture * (1 - hole), hole], dim=1))


def _with_gradients(rear: torch.nn.Sequential, features: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """``rear(features)``, each block computed anew on the way back: else it takes ten times the memory."""
    for layer in rear:
        features = checkpoint(layer, features, use_reentrant=False)
    return features


def _mean(off: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """Mean over the pixels that ``counted`` (1, 1, h, w) says of (1, 3, h, w); 0 if there are none."""
    return (off * counted).sum() / (3 * counted.sum()).clamp(min=1)


def _halved(picture: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """A picture smoothed and scaled down to ``size``, about half of its own."""
    tap = torch.exp(-0.5 * torch.arange(-2.0, 3.0, device=picture.device) ** 2)
    kernel = (tap / tap.sum()).outer(tap / tap.sum()).expand(3, 1, 5, 5)
    smooth = functional.conv2d(functional.pad(picture, (2, 2, 2, 2), mode="reflect"), kernel, groups=3)
    return functional.interpolate(smooth, size=tuple(size), mode="bilinear", align_corners=False)


def _inner(hole: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """(1, 1, *size): 1 in what is well inside the hole of the smaller picture."""
    whole = functional.interpolate(hole, size=tuple(size), mode="bilinear", align_corners=False) > 1 - 1e-6
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_INNER, _INNER))
    eroded = cv2.erode(whole[0, 0].cpu().numpy().astype(np.uint8), ellipse)
    return torch.from_numpy(eroded.astype(np.float32))[None, None].to(hole.device)

"""MI-GAN 512 (Sargsyan et al., ICCV 2023): small, quick, comes with the program.

The network's own convention: 4 channels, known - 0.5 with known = 1 and hole = 0, then RGB in [-1, 1]
times known; it answers with RGB in [-1, 1].

It knows no chance. So that a seed means something all the same, other seeds than 0 show the network the
same part mirrored or turned (``engines.removal.views``), and from 8 on more or less of what is around it
(``engines.context``): 24 different fills of one hole, each the same whenever its seed comes again.
"""

import numpy as np

from engines import store
from engines.base import Progress, RemoveRequest, RemoveResult
from engines.onnx_network import OnnxNetwork
from engines.removal.filling import fill_region
from engines.removal.running import fill_regions, through_views


class MiGan:
    """The loaded engine. Raises the errors of ``store.load`` and of ``OnnxNetwork``."""

    _weights = "migan-512"  # its id in the catalogue

    def __init__(self, device: str = "auto", weights: str = _weights) -> None:
        self._weights = weights
        self._network = OnnxNetwork(store.load(weights), device)

    @property
    def device(self) -> str:
        """What it computes on."""
        return self._network.device

    def run(self, request: RemoveRequest, progress: Progress) -> RemoveResult:
        """Fill every region of the request, seen the way that its seed stands for."""
        fill = through_views(
            request.seed,
            lambda region, step: fill_region(
                region,
                lambda image, known: self._fill(image, known, progress),
                step,
                seed=request.seed,
                grain=request.grain,
            ),
        )
        patches = fill_regions(request, fill, progress)
        sha256 = store.catalog()[self._weights].sha256
        return RemoveResult(patches, request.engine, sha256, self.device)

    def _fill(self, image: np.ndarray, known: np.ndarray, progress: Progress) -> np.ndarray:
        """(512, 512, 3) from a picture of that shape and what is known of it, (512, 512) bool."""
        batch = np.empty((1, 4, *known.shape), np.float32)
        batch[0, 0] = known - np.float32(0.5)
        batch[0, 1:] = ((image * 2 - 1) * known[..., None]).transpose(2, 0, 1)
        out = self._network.run(batch, progress)[0]
        return out.transpose(1, 2, 0) * 0.5 + 0.5

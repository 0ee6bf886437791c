"""Whose face it is: MobileFaceNet (Chen et al. 2018), trained with ArcFace's loss (Deng et al., CVPR 2019).

With gradients, so that an optimisation can hold on to it. The network looks at 112 pixels in which eyes, nose
and mouth stand in given places; of an aligned face that is one and the same part (Richardson et al., pSp,
CVPR 2021, section 3.2).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from engines import store
from engines.portrait.networks.differentiable import Differentiable

WEIGHTS = "mobilefacenet"
#: Sizes of the parts of `Identity.seen`.
PARTS = (512 * 9, 64 * 49, 512)
_DEEP, _LAST, _CELLS = "481", "514", 3  # names in the published graph
_SIDE = 112
_TOP, _BOTTOM, _LEFT, _RIGHT = 35 / 256, 223 / 256, 32 / 256, 220 / 256  # of the aligned face


class Identity:
    """The loaded network. Raises the errors of ``store.load``, and WeightsWrong."""

    def __init__(self, device: str = "cpu", weights: str = WEIGHTS) -> None:
        self._network = Differentiable(store.load(weights), device)

    def of(self, faces: Tensor) -> Tensor:
        """Unit vectors (b, 512) of aligned faces (b, 3, n, n) in [0, 1]; their product is the cosine."""
        return F.normalize(self._network(self._part(faces)), dim=1)

    def seen(self, faces: Tensor) -> Tensor:
        """What the network makes :meth:`of` of, and that, in a row: (b, sum of `PARTS`).

        The last wide map, on 3 x 3 cells, and the 7 x 7 map behind it, which still tell where things are in
        the face.
        """
        deep, last, vectors = self._network.seen(self._part(faces), (_DEEP, _LAST))
        deep = F.adaptive_avg_pool2d(deep, _CELLS)
        return torch.cat([deep.flatten(1), last.flatten(1), F.normalize(vectors, dim=1)], 1)

    def _part(self, faces: Tensor) -> Tensor:
        """What the network looks at, in [-1, 1]."""
        n = faces.shape[-1]
        top, bottom, left, right = (round(n * each) for each in (_TOP, _BOTTOM, _LEFT, _RIGHT))
        part = faces[:, :, top:bottom, left:right]
        part = F.interpolate(part, (_SIDE, _SIDE), mode="bilinear", antialias=True, align_corners=False)
        return part * 2 - 1

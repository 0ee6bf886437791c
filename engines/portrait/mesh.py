"""The face mesh (Kartynnik et al., CVPR workshops 2019; Grishchenko et al. 2020): 478 points of one face.

The network's own convention: RGB in 0 .. 1, 256 x 256, the face upright with a quarter of its size around it.
"""

import numpy as np

from engines import store
from engines.base import Progress
from engines.onnx_network import OnnxNetwork
from engines.portrait import alignment

WEIGHTS = "face-mesh"
POINTS = 478

_SIDE = 256
_ROOM = 1.5  # the side that is looked at, of the face's larger side
_CORNERS_OF_EYES = (33, 263)  # the outer ones, the picture's left first


class FaceMesh:
    """The loaded network. Raises the errors of ``store.load`` and of ``OnnxNetwork``."""

    def __init__(self, device: str = "auto", weights: str = WEIGHTS) -> None:
        self._network = OnnxNetwork(store.load(weights), device)
        self.device = self._network.device

    def points(
        self, image: np.ndarray, box: np.ndarray, across: np.ndarray, progress: Progress
    ) -> tuple[np.ndarray, float]:
        """The points (478, 2) float32 of a face in a picture (h, w, 3), and how sure it is one, 0 .. 1.

        ``box`` is left, top, right, bottom of the face, ``across`` (2,) the direction from its left eye to
        the right one. The face is looked at twice: the second time as the first found it to lie.
        Raises ValueError if the face lies outside the picture.
        """
        points, _ = self._seen(image, box, across, progress)
        box = np.concatenate([points.min(axis=0), points.max(axis=0)])
        left, right = points[list(_CORNERS_OF_EYES)]
        points, logit = self._seen(image, box, right - left, progress)
        return points.astype(np.float32), float(1 / (1 + np.exp(-logit)))

    def _seen(
        self, image: np.ndarray, box: np.ndarray, across: np.ndarray, progress: Progress
    ) -> tuple[np.ndarray, float]:
        corners = square_around(box, _ROOM, across)
        batch = alignment.cut(image, corners, _SIDE).transpose(2, 0, 1)[None]
        answer = self._network.run(np.ascontiguousarray(batch), progress)[0]
        places = answer[1:].reshape(POINTS, 3)[:, :2]
        return alignment.to_photograph(places, corners, _SIDE), float(answer[0])


def square_around(box: np.ndarray, room: float, across: np.ndarray) -> np.ndarray:
    """The corners (4, 2) of a square around a box (4,), ``room`` times its larger side, turned to ``across``.

    Raises ValueError for a box or a direction without length.
    """
    low, high = box[:2].astype(np.float64), box[2:].astype(np.float64)
    side, length = room * float((high - low).max()), float(np.hypot(*across))
    if not (side > 0 and length > 0):
        raise ValueError("there is no face in a box without size")
    x = np.asarray(across, np.float64) / length * side / 2
    y, centre = np.array([-x[1], x[0]]), (low + high) / 2
    return np.stack([centre - x - y, centre + x - y, centre + x + y, centre - x + y])

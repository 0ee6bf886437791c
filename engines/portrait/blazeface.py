"""BlazeFace (Bazarevsky et al., CVPR workshops 2019): where faces are, roughly, and which way up.

The network's own convention: RGB in -1 .. 1. It was trained on squares of 128 in which a face is about a
fifth to all of the side. It is made of convolutions alone, so a picture of any size is searched in one run
for faces of such sizes, and at several scales for all.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from engines import store
from engines.base import Progress
from engines.onnx_graph import OnnxGraph

WEIGHTS = "blazeface"

STEP = 16
_MARGIN = 32  # pixels around the picture: a face at its edge stands in the middle of nothing
_MAPS = ((2, 8), (6, 16))  # anchors on each place, and pixels between places


@dataclass(frozen=True)
class Sightings:
    """Where the network thinks it sees a face; n of them, in pixels of the picture that was asked about."""

    scores: np.ndarray  # (n,) 0 .. 1
    boxes: np.ndarray  # (n, 4): left, top, right, bottom
    points: np.ndarray  # (n, 6, 2): left eye, right eye, tip of the nose, mouth, left and right tragion


class BlazeFace:
    """The loaded network. Raises the errors of ``store.load`` and of ``OnnxGraph``."""

    def __init__(self, device: str = "auto", weights: str = WEIGHTS) -> None:
        self._network = OnnxGraph(store.load(weights), {}, device)
        self.device = self._network.device

    def search(self, image: np.ndarray, scale: float, least: float, progress: Progress) -> Sightings:
        """What is at least ``least`` sure in a picture (h, w, 3) float32 RGB [0, 1], seen at ``scale``."""
        height, width = (max(round(side * scale), 1) for side in image.shape[:2])
        if scale != 1:
            image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
        rows, columns = (-(-(side + 2 * _MARGIN) // STEP) * STEP for side in (height, width))
        wide = np.full((rows, columns, 3), 0.5, np.float32)
        wide[_MARGIN : _MARGIN + height, _MARGIN : _MARGIN + width] = image
        found = self.look(wide, least, progress)
        return Sightings(found.scores, (found.boxes - _MARGIN) / scale, (found.points - _MARGIN) / scale)

    def look(self, image: np.ndarray, least: float, progress: Progress) -> Sightings:
        """The same of a picture as it is, whose sides are multiples of `STEP`."""
        batch = np.ascontiguousarray(image.transpose(2, 0, 1)[None]) * 2 - 1
        return decoded(self._network.run({"rgb": batch}, progress), least)


def decoded(maps: list[np.ndarray], least: float) -> Sightings:
    """The network's two maps as sightings in pixels of what it was shown."""
    scores, places = [], []
    for answer, (anchors, step) in zip(maps, _MAPS, strict=True):
        _, _, rows, columns = answer.shape
        logits = answer[0, :anchors]
        which, row, column = np.nonzero(logits > np.log(least / (1 - least)))
        values = answer[0, anchors:].reshape(anchors, 16, rows, columns)[which, :, row, column]
        middle = (np.stack([column, row], axis=1) + 0.5) * step
        values = values.reshape(-1, 8, 2)
        values[:, 0] += middle  # the middle of the box; its width and height are no place
        values[:, 2:] += middle[:, None]
        scores.append(1 / (1 + np.exp(-logits[which, row, column])))
        places.append(values)
    values = np.concatenate(places)
    half = values[:, 1] / 2
    boxes = np.concatenate([values[:, 0] - half, values[:, 0] + half], axis=1)
    return Sightings(np.concatenate(scores), boxes, values[:, 2:])

"""M-LSD 512 (Gu et al., AAAI 2022): the segments that a person would draw, found by a small network.

The network's own convention: RGB in 0..255 and a channel of ones, 512 x 512; it answers, for each pixel of a
map of half the size, how sure it is the middle of a segment and how far off this segment's ends are.
"""

import cv2
import numpy as np

from engines import store
from engines.base import Progress
from engines.onnx_network import OnnxNetwork

WEIGHTS = "mlsd-512"
SIZE = 512

_MOST = 200  # segments, as published
_SURE = 0.1  # the least score that counts
_SHORT = 10.0  # map pixels: shorter segments than these are of little use and often wrong


class MLsd:
    """The loaded network. Raises the errors of ``store.load`` and of ``OnnxNetwork``."""

    def __init__(self, device: str = "auto", weights: str = WEIGHTS) -> None:
        self._network = OnnxNetwork(store.load(weights), device)
        self.device = self._network.device

    def segments(self, image: np.ndarray, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
        """The segments of a picture (h, w, 3) float32 [0, 1]: (n, 4) x0, y0, x1, y1 in its pixels, and their
        scores (n,) 0..1, the best first."""
        height, width = image.shape[:2]
        shrinks = max(height, width) > SIZE
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        small = cv2.resize(image, (SIZE, SIZE), interpolation=how)
        batch = np.ones((1, 4, SIZE, SIZE), np.float32)
        batch[0, :3] = small.transpose(2, 0, 1) * 255
        found, scores = decoded(self._network.run(batch, progress)[0])
        return found * (np.array([width, height] * 2, np.float32) / SIZE), scores


def decoded(answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The network's map (5, 256, 256) as segments (n, 4) in pixels of its 512 x 512 and scores (n,).

    A middle is a pixel surer than its eight neighbours (section 3.1 of the paper).
    """
    logits, ends = answer[0], answer[1:]
    peak = logits >= cv2.dilate(logits, np.ones((3, 3), np.uint8))
    least = np.log(_SURE / (1 - _SURE))
    length = np.hypot(ends[0] - ends[2], ends[1] - ends[3])
    rows, columns = np.nonzero(peak & (logits > least) & (length > _SHORT))
    best = np.argsort(-logits[rows, columns], kind="stable")[:_MOST]
    rows, columns = rows[best], columns[best]
    middle = np.stack([columns, rows, columns, rows], axis=1)
    segments = 2 * (middle + ends[:, rows, columns].T)
    return segments.astype(np.float32), 1 / (1 + np.exp(-logits[rows, columns]))

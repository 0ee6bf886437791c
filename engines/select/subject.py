"""U2-Net, its small form (Qin et al., Pattern Recognition 2020): what a photograph is of.

The network's own convention: 320 x 320 whatever the picture's shape, divided by its brightest value, then
ImageNet's mean and deviation; it answers with a saliency whose least and greatest stand for 0 and 1.
"""

import cv2
import numpy as np

from engines import store
from engines.base import Progress
from engines.onnx_network import OnnxNetwork, as_engine_error
from engines.select.requests import Found, Look

WEIGHTS = "u2netp"
_SIDE = 320
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_FLAT = 1e-3  # a saliency that varies less says nothing


class SubjectFinder:
    """The loaded engine. Raises the errors of ``store.load`` and of ``OnnxNetwork``."""

    def __init__(self, device: str = "auto", weights: str = WEIGHTS) -> None:
        self._network = OnnxNetwork(store.load(weights), device)
        self.device = self._network.device

    def run(self, request: Look, progress: Progress) -> Found:
        """The subject; nothing is above 0 where the network sees none."""
        progress(0.0)
        height, width = request.image.shape[:2]
        try:
            image = cv2.resize(request.image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
            image = image / max(float(image.max()), 1e-6)
            batch = ((image - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None].astype(np.float32)
            saliency = self._network.run(batch, progress)[0, 0]
            low, high = float(saliency.min()), float(saliency.max())
            side = max(height, width)
            logits = np.full((side, side), -0.5, np.float32)
            if high - low > _FLAT:
                alpha = (saliency - low) / (high - low)
                logits[:height, :width] = (
                    cv2.resize(alpha, (width, height), interpolation=cv2.INTER_CUBIC) - 0.5
                )
        except cv2.error as error:  # its way to say that there is no memory left
            raise as_engine_error(error, "The picture could not be scaled") from error
        progress(1.0)
        return Found(logits, 1.0, store.catalog()[WEIGHTS].sha256)

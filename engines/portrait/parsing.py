"""What is where in an aligned face: BiSeNet's 19 classes, after CelebAMask-HQ (Lee et al., CVPR 2020).

The network's own convention: RGB with ImageNet's mean and deviation, 512 x 512. Which brow, eye or ear it
calls the left one means nothing: the pictures that it was trained on were mirrored, their names were not.
"""

import numpy as np
import torch
from torch.nn import functional

from engines import safetensors_file, store
from engines.base import Cancelled, Progress, WeightsWrong
from engines.device import torch_device
from engines.onnx_network import as_engine_error
from engines.portrait.networks.bisenet import BiSeNet

WEIGHTS = "face-parsing"
SIDE = 512

NAMES = (
    *("background", "skin", "left brow", "right brow", "left eye", "right eye", "glasses", "left ear"),
    *("right ear", "earring", "nose", "inside of the mouth", "upper lip", "lower lip", "neck", "necklace"),
    *("clothes", "hair", "hat"),
)

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_UNUSED = ("conv_out16.", "conv_out32.")  # outputs that only training used


class FaceParser:
    """The loaded network. Raises the errors of ``store.load``, WeightsWrong for another network's weights,
    and EngineError if the device is not there."""

    def __init__(self, device: str = "auto", weights: str = WEIGHTS) -> None:
        self.device = torch_device(device)
        tensors = safetensors_file.read(store.load(weights))
        network = BiSeNet()
        try:
            network.load_state_dict(
                {
                    name: torch.from_numpy(np.array(tensor))
                    for name, tensor in tensors.items()
                    if not name.startswith(_UNUSED)
                }
            )
            self._network = network.eval().requires_grad_(False).to(self.device)
        except RuntimeError as error:
            loaded = as_engine_error(error, "The model could not be loaded")
            if "state_dict" not in str(error):
                raise loaded from error
            raise WeightsWrong(
                f"The model file {store.catalog()[weights].file} is not of the network for parsing faces. "
                "Install it again."
            ) from error

    def classes(self, face: np.ndarray, progress: Progress) -> np.ndarray:
        """(n, n) uint8, places in `NAMES`, of an aligned face (n, n, 3) float32 RGB [0, 1].

        Raises Cancelled before it begins, OutOfMemory or another EngineError.
        """
        if progress.cancelled:
            raise Cancelled
        n = len(face)
        try:
            picture = torch.from_numpy(np.ascontiguousarray(face)).to(self.device).permute(2, 0, 1)[None]
            if n != SIDE:
                size = (SIDE, SIDE)
                picture = functional.interpolate(picture, size, mode="bilinear", antialias=n > SIDE)
            mean, deviation = (picture.new_tensor(each)[:, None, None] for each in (_MEAN, _DEVIATION))
            logits = self._network((picture - mean) / deviation)
            # As it was trained: the corners of the map are those of the picture.
            large = functional.interpolate(logits, (SIDE, SIDE), mode="bilinear", align_corners=True)
            if n != SIDE:
                large = functional.interpolate(large, (n, n), mode="bilinear", align_corners=False)
            return large[0].argmax(dim=0).to(torch.uint8).cpu().numpy()
        except (RuntimeError, MemoryError) as error:
            raise as_engine_error(error, "The face could not be parsed") from error

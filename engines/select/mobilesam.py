"""MobileSAM (Zhang et al., 2023): the object that is clicked on, by Segment Anything (Kirillov et al., ICCV
2023) with a small encoder.

The encoder looks at a picture once (a second or two on two cores); the decoder answers each click within a
few hundredths of one. The network's own convention: the longer side is 1024, ImageNet's mean and deviation,
zeros below and to the right. The graphs come with the program (``packaging/build_mobilesam.py``), the weights
are a pack of the store.
"""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from engines import safetensors_file, store
from engines.base import Progress
from engines.onnx_graph import OnnxGraph
from engines.onnx_network import as_engine_error
from engines.select.requests import Click, Found, Look, Seen

WEIGHTS = "mobile-sam"
SIDE = 1024  # of the square that the encoder sees
_GRID = 256  # of the square that the decoder answers in

_GRAPHS = Path(__file__).with_name("graphs")
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
# The classifier that the encoder began as, and what training counts; a bias that changes no attention.
_UNUSED = ("image_encoder.head.", "image_encoder.norm_head.")
_UNUSED_ENDS = ("num_batches_tracked", "_token_to_image.k_proj.bias")

_UNWANTED, _WANTED, _TOP_LEFT, _BOTTOM_RIGHT, _NO_POINT = 0, 1, 2, 3, -1


class MobileSam:
    """The loaded engine. Raises the errors of ``store.load`` and of ``OnnxGraph``."""

    def __init__(self, device: str = "auto", weights: str = WEIGHTS) -> None:
        encoder, decoder = parts(safetensors_file.read(store.load(weights)))
        self._encoder = OnnxGraph((_GRAPHS / "mobile-sam-encoder.onnx").read_bytes(), encoder, device)
        self._decoder = OnnxGraph((_GRAPHS / "mobile-sam-decoder.onnx").read_bytes(), decoder, device)
        self.device = self._encoder.device

    def run(self, request: Look | Click, progress: Progress) -> Seen | Found:
        """Look at a picture, or find what is clicked on in one that was looked at."""
        progress(0.0)
        answer = self._look(request, progress) if isinstance(request, Look) else self._find(request, progress)
        progress(1.0)
        return answer

    def _look(self, look: Look, progress: Progress) -> Seen:
        height, width = look.image.shape[:2]
        scale = SIDE / max(height, width)
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        try:
            way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            image = look.image if size == (width, height) else cv2.resize(look.image, size, interpolation=way)
        except cv2.error as error:  # its way to say that there is no memory left
            raise as_engine_error(error, "The picture could not be scaled") from error
        batch = np.zeros((1, 3, SIDE, SIDE), np.float32)
        batch[0, :, : size[1], : size[0]] = ((image - _MEAN) / _DEVIATION).transpose(2, 0, 1)
        return Seen(self._encoder.run({"picture": batch}, progress)[0], width, height)

    def _find(self, click: Click, progress: Progress) -> Found:
        points = [*click.wanted, *click.unwanted]
        labels = [_WANTED] * len(click.wanted) + [_UNWANTED] * len(click.unwanted)
        if click.box is not None:
            points += [click.box[:2], click.box[2:]]
            labels += [_TOP_LEFT, _BOTTOM_RIGHT]
        else:
            points.append((0.0, 0.0))
            labels.append(_NO_POINT)
        scale = np.float32(SIDE / max(click.seen.width, click.seen.height))
        before = np.zeros((_GRID, _GRID), np.float32) if click.before is None else click.before
        inputs = {
            "embedding": click.seen.embedding,
            "points": np.array([points], np.float32) * scale,
            "labels": np.array([labels], np.int64),
            "mask": before[None, None],
            "has_mask": np.array([click.before is not None], np.float32),
        }
        masks, quality = self._decoder.run(inputs, progress)
        best = _best(quality[0], click)
        sha256 = store.catalog()[WEIGHTS].sha256
        return Found(masks[0, best], float(quality[0, best]), sha256)


def _best(quality: np.ndarray, click: Click) -> int:
    """Which of the four masks is meant.

    The first is for what is told by more than one click; the others are what a single click may mean (a
    part, more of it, the whole), of which the network's own estimate chooses (Kirillov et al., section 3).
    """
    single = len(click.wanted) + len(click.unwanted) == 1 and click.box is None and click.before is None
    return 1 + int(quality[1:].argmax()) if single else 0


def parts(tensors: Mapping[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The weights of the encoder and those of the decoder, of a published checkpoint."""
    encoder: dict[str, np.ndarray] = {}
    decoder: dict[str, np.ndarray] = {}
    for name, tensor in tensors.items():
        if not name.startswith(_UNUSED) and not name.endswith(_UNUSED_ENDS):
            half = encoder if name.startswith("image_encoder.") else decoder
            half[name] = tensor
    return encoder, decoder

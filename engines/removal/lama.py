"""Big-LaMa (Suvorov et al., WACV 2022) in any of the containers that it is published in.

The convention of all: RGB in [0, 1] and a mask with 1 = hole, each side a multiple of 8; the network blanks
the hole itself. Two of the ONNX files answer in 0..255 and take 512 pixels only; the rest answer in [0, 1]
and take any size. It knows no chance: a seed is another view, as with MI-GAN (engines.removal.views).
"""

import hashlib
from collections.abc import Callable
from pathlib import PurePath

import numpy as np

from engines import store
from engines.base import Progress, RemoveRequest, RemoveResult, WeightsWrong
from engines.context import NATIVE
from engines.ladder import Rung, smaller
from engines.onnx_network import OnnxNetwork
from engines.removal.filling import fill_region
from engines.removal.running import fill_regions, through_views

MULTIPLE = 8
SIDES = (NATIVE, 384, 256)  # of the square, in pixels; the less, the less memory
_UP_TO_255 = _OF_ONE_SIZE = ("lama-carve", "lama-opencv")

# (1, 3, h, w) and (1, 1, h, w) float32 to (1, 3, h, w)
Network = Callable[[np.ndarray, np.ndarray, Progress], np.ndarray]


class Lama:
    """The loaded engine. Raises the errors of ``store.load``, WeightsWrong for another network's weights,
    and EngineError if the device is not there."""

    def __init__(self, device: str, weights: str) -> None:
        loaders = {".onnx": _from_onnx, ".pt": _from_script, ".safetensors": _from_tensors}
        suffix = PurePath(store.catalog()[weights].file).suffix
        self._network, self.device, self._sha256 = loaders[suffix](weights, device)
        self._sides = SIDES[:1] if weights in _OF_ONE_SIZE else SIDES
        self._use(NATIVE)

    def rungs(self) -> tuple[Rung, ...]:
        """Smaller squares, where the file is not for one size alone."""
        return (smaller(self._sides, self._use),)

    def _use(self, side: int) -> None:
        self._side = side

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
                size=self._side,
            ),
        )
        patches = fill_regions(request, fill, progress)
        return RemoveResult(patches, request.engine, self._sha256, self.device)

    def _fill(self, image: np.ndarray, known: np.ndarray, progress: Progress) -> np.ndarray:
        """(h, w, 3) from a picture of that shape and what is known of it, (h, w) bool."""
        height, width = known.shape
        picture, hole = batch_of(image, known)
        out = self._network(picture, hole, progress)[0, :, :height, :width]
        return out.transpose(1, 2, 0)


def batch_of(image: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(1, 3, h, w) with nothing in the hole and (1, 1, h, w) with 1 in the hole, float32.

    At the right and the bottom the picture's mirror image makes h and w multiples of 8.
    """
    sides = tuple((0, -length % MULTIPLE) for length in known.shape)
    hole = np.pad(~known, sides, mode="symmetric").astype(np.float32)
    picture = np.pad(image, (*sides, (0, 0)), mode="symmetric") * (1 - hole[..., None])
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32), hole[None, None]


def _from_onnx(weights: str, device: str) -> tuple[Network, str, str]:
    content = store.load(weights)
    network = OnnxNetwork(content, device)
    if sorted(network.channels) != [1, 3]:
        raise WeightsWrong(wrong(weights, "it does not take a picture and a mask"))
    picture_first = network.channels[0] == 3
    most = np.float32(255 if weights in _UP_TO_255 else 1)

    def run(picture: np.ndarray, hole: np.ndarray, progress: Progress) -> np.ndarray:
        inputs = (picture, hole) if picture_first else (hole, picture)
        return network.run(inputs, progress) / most

    return run, network.device, hashlib.sha256(content).hexdigest()


def _from_script(weights: str, device: str) -> tuple[Network, str, str]:
    from engines.device import torch_device
    from engines.removal.torchscript import load_script, running

    place = torch_device(device)
    script = load_script(weights, place)

    def run(picture: np.ndarray, hole: np.ndarray, progress: Progress) -> np.ndarray:
        import torch

        with running():
            return script(*(torch.from_numpy(each).to(place) for each in (picture, hole))).cpu().numpy()

    return run, place, store.catalog()[weights].sha256


def _from_tensors(weights: str, device: str) -> tuple[Network, str, str]:
    from engines.removal.lama_tensors import load_network
    from engines.removal.torchscript import running

    network, place, digest = load_network(weights, device)

    def run(picture: np.ndarray, hole: np.ndarray, progress: Progress) -> np.ndarray:
        import torch

        with running():
            batch = torch.from_numpy(np.concatenate([picture, hole], axis=1)).to(place)
            return network(batch).cpu().numpy()

    return run, place, digest


def wrong(weights: str, reason: str) -> str:
    """The line for a file that is not of this network."""
    file = store.catalog()[weights].file
    return f"The model file {file} cannot be used: {reason}. Bring the file that the catalogue describes."

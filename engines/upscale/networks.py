"""A network for enlarging, loaded: through onnxruntime or OpenVINO, or PyTorch where that is quicker."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engines import importing, store
from engines.base import BrokenOutput, EngineError, OutOfMemory, Progress, WeightsWrong
from engines.device import onnx_providers
from engines.installed import is_installed
from engines.onnx_network import OnnxNetwork
from engines.upscale.graphs import graph_of, multiple_of
from engines.upscale.models import Upscaler, of_catalogue, tensors_of

_PROBE = 32  # pixels a side, by which a graph of the user's shows how much it enlarges
_SCALES = (1, 2, 3, 4, 8)


class Backend(Protocol):
    """What computes."""

    device: str

    def run(self, batch: np.ndarray, progress: Progress) -> np.ndarray:
        """(1, 3, h, w) float32 RGB [0, 1] to (1, 3, scale h, scale w)."""


@dataclass(frozen=True)
class Network:
    """One that is loaded."""

    backend: Backend
    scale: int
    multiple: int  # of which the sides of what it takes must be
    sha256: str

    def __call__(self, image: np.ndarray, progress: Progress) -> np.ndarray:
        """``image`` (h, w, 3) float32 [0, 1], ``scale`` times as large.

        Raises Cancelled, OutOfMemory, BrokenOutput, EngineError.
        """
        height, width = image.shape[:2]
        lacking = (-height % self.multiple, -width % self.multiple)
        padded = np.pad(image, ((0, lacking[0]), (0, lacking[1]), (0, 0)), "edge") if any(lacking) else image
        batch = np.ascontiguousarray(padded.transpose(2, 0, 1)[None])
        out = self.backend.run(batch, progress)[0]
        if out.shape != (3, padded.shape[0] * self.scale, padded.shape[1] * self.scale):
            raise EngineError(
                "The model gave a picture of another size than it should. Choose another model."
            )
        if not np.isfinite(out).all():
            raise BrokenOutput("The model gave no numbers here. Choose another model.")
        out = out[:, : height * self.scale, : width * self.scale].transpose(1, 2, 0)
        return np.clip(out, 0, 1, dtype=np.float32)


def load(upscaler: Upscaler, device: str) -> Network:
    """Raises WeightsMissing, WeightsWrong, OutOfMemory, EngineError if a library or the device is missing."""
    content = _content(upscaler)
    sha256 = hashlib.sha256(content).hexdigest()
    if upscaler.kind == "onnx":
        backend = _own_graph(content, upscaler.title, device)
        return Network(backend, _seen_scale(backend), 1, sha256)
    tensors = tensors_of(upscaler.path, content)
    if upscaler.kind == "graph" and not _is_quicker_with_torch(device):
        multiple = multiple_of({name: array.shape for name, array in tensors.items()})
        return Network(OnnxNetwork(graph_of(tensors), device), upscaler.scale, multiple, sha256)
    with importing.aside({"torch"}):
        try:
            from engines.upscale import torch_network
        except (
            Exception
        ) as error:  # of spandrel or torchvision, which break in many ways where they do not fit
            raise EngineError(
                f"{upscaler.title} needs more libraries. Install them with: pip install 'lacuna[upscale]'"
            ) from error
    made = torch_network.load(tensors, upscaler.title, device)
    return Network(made, made.scale, 1, sha256)


def _content(upscaler: Upscaler) -> bytes:
    return store.load(upscaler.model) if upscaler.model in of_catalogue() else upscaler.path.read_bytes()


def _is_quicker_with_torch(device: str) -> bool:
    """Whether PyTorch could use a graphics card here that onnxruntime could not."""
    if device == "cpu" or not (is_installed("torch") and is_installed("spandrel")):
        return False
    if onnx_providers("auto") != ["CPUExecutionProvider"]:
        return False
    with importing.aside({"torch"}):
        from engines.device import torch_device

        return torch_device("auto") != "cpu"


def _own_graph(content: bytes, title: str, device: str) -> OnnxNetwork:
    onnx_providers(device)  # what is wrong with the device is not the file's fault
    try:
        return OnnxNetwork(content, device)
    except OutOfMemory:
        raise
    except EngineError as error:
        raise WeightsWrong(f"{title} is no ONNX file that can be run. Choose another file.") from error


def _seen_scale(backend: OnnxNetwork) -> int:
    """How many times a graph enlarges, by a small picture. Raises EngineError."""
    out = backend.run(np.full((1, 3, _PROBE, _PROBE), 0.5, np.float32), Progress())
    scale = out.shape[-1] // _PROBE if out.ndim == 4 else 0
    if scale not in _SCALES or out.shape != (1, 3, _PROBE * scale, _PROBE * scale):
        raise EngineError("The model does not make a larger picture of a picture. Choose another model.")
    return scale

"""Networks of many architectures, recognised and built by spandrel of their tensors alone, run by PyTorch."""

from collections.abc import Mapping

import numpy as np
import torch
from spandrel import ImageModelDescriptor, ModelLoader, UnsupportedModelError

from engines.base import Cancelled, Progress, WeightsWrong
from engines.device import torch_device
from engines.onnx_network import as_engine_error


class TorchNetwork:
    """One that takes and gives colour pictures; ``scale`` is how many times it enlarges."""

    def __init__(self, descriptor: ImageModelDescriptor, device: str) -> None:
        self.device, self.scale = device, descriptor.scale
        half = device == "cuda" and descriptor.supports_half
        self._dtype = torch.float16 if half else torch.float32
        self._descriptor = descriptor.to(device, self._dtype).eval()

    @property
    def is_half(self) -> bool:
        """Whether it computes in half precision."""
        return self._dtype == torch.float16

    def use_half(self, half: bool) -> None:
        """Compute in half precision, or in float32."""
        self._dtype = torch.float16 if half else torch.float32
        self._descriptor.to(self.device, self._dtype)

    def run(self, batch: np.ndarray, progress: Progress) -> np.ndarray:
        """(1, 3, h, w) float32 RGB [0, 1], ``scale`` times as large. Raises Cancelled, before and after."""
        if progress.cancelled:
            raise Cancelled
        try:
            with torch.inference_mode():
                out = self._descriptor(torch.from_numpy(batch).to(self.device, self._dtype))
                return out.float().cpu().numpy()
        except Exception as error:
            raise as_engine_error(error, "The model could not be run") from error


def load(tensors: Mapping[str, np.ndarray], title: str, device: str) -> TorchNetwork:
    """Raises WeightsWrong if spandrel knows no such network, EngineError, OutOfMemory."""
    state = {name: torch.from_numpy(np.array(array)) for name, array in tensors.items()}
    state = {name: each.float() if each.is_floating_point() else each for name, each in state.items()}
    try:
        descriptor = ModelLoader().load_from_state_dict(state)
    except UnsupportedModelError:
        raise WeightsWrong(
            f"{title} is no network for pictures that is known. Choose another file."
        ) from None
    except Exception as error:
        raise as_engine_error(error, f"{title} could not be loaded") from error
    fits = isinstance(descriptor, ImageModelDescriptor) and descriptor.input_channels == 3
    if not fits or descriptor.output_channels != 3 or descriptor.purpose not in ("SR", "Restoration"):
        raise WeightsWrong(f"{title} does not enlarge colour pictures. Choose another file.")
    try:
        return TorchNetwork(descriptor, torch_device(device))
    except RuntimeError as error:
        raise as_engine_error(error, f"{title} could not be loaded") from error

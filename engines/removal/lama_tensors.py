"""LaMa from its tensors (safetensors), as a network whose gradients can be had."""

import hashlib

import safetensors.torch
from safetensors import SafetensorError

from engines import store
from engines.base import WeightsWrong
from engines.device import torch_device
from engines.removal.lama import wrong
from engines.removal.networks import lama
from engines.removal.torchscript import loading


def load_network(weights: str, device: str) -> tuple[lama.LaMa, str, str]:
    """The network, the device that it is on as PyTorch names it, and the sha256 of its file.

    Raises the errors of ``store.load``, WeightsWrong if the file holds something else, OutOfMemory.
    """
    place = torch_device(device)
    content = store.load(weights)
    with loading():
        try:
            network = lama.from_state(safetensors.torch.load(content))
        except SafetensorError as error:
            raise WeightsWrong(wrong(weights, f"it is no safetensors file ({error})")) from None
        except ValueError as error:
            raise WeightsWrong(wrong(weights, str(error))) from None
        return network.to(place), place, hashlib.sha256(content).hexdigest()

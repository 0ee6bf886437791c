"""Which device a network runs on."""

from engines.base import EngineError
from engines.installed import is_installed

DEVICES = ("auto", "cpu", "cuda", "mps")

# onnxruntime's provider for each device that a user can name, quickest first for "auto".
_PROVIDERS = {
    "cuda": ("CUDAExecutionProvider", "DmlExecutionProvider"),
    "mps": ("CoreMLExecutionProvider",),
}


def onnx_providers(device: str) -> list[str]:
    """onnxruntime execution providers for a device, the CPU always last as the fallback for single nodes.

    Raises EngineError if the device was named and this installation of onnxruntime cannot use it.
    """
    import onnxruntime

    if device not in DEVICES:
        raise EngineError(f'There is no device "{device}". Choose one of: {", ".join(DEVICES)}.')
    available = onnxruntime.get_available_providers()
    wanted = _PROVIDERS["cuda"] + _PROVIDERS["mps"] if device == "auto" else _PROVIDERS.get(device, ())
    found = [provider for provider in wanted if provider in available]
    if device in _PROVIDERS and not found:
        raise EngineError(
            f'This machine offers no "{device}" device to onnxruntime. Use --device auto or --device cpu.'
        )
    return [*found, "CPUExecutionProvider"]


def torch_device(device: str) -> str:
    """The name by which PyTorch knows a device: cpu, cuda or mps; for "auto" the quickest there is.

    Raises EngineError if the device was named and this installation of PyTorch cannot use it.
    """
    import torch

    if device not in DEVICES:
        raise EngineError(f'There is no device "{device}". Choose one of: {", ".join(DEVICES)}.')
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    found = [name for name, there in available.items() if there and device in ("auto", name)]
    if not found:
        raise EngineError(
            f'This machine offers no "{device}" device to PyTorch. Use --device auto or --device cpu.'
        )
    return found[0]


def has_openvino() -> bool:
    """Whether the optional OpenVINO runtime is installed (found without importing it)."""
    return is_installed("openvino")

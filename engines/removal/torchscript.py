"""Networks that come as TorchScript: a program, run only if the catalogue knows its sha256."""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from engines import store
from engines.base import Cancelled, EngineError
from engines.onnx_network import as_engine_error


def load_script(weights_id: str, device: str) -> Callable[..., Any]:
    """The network of a weight file, on a device as PyTorch names it, ready to be called.

    Raises WeightsMissing or WeightsWrong, EngineError if it is no TorchScript, OutOfMemory.
    """
    content = store.load(weights_id)  # refuses what the catalogue has no sha256 of
    with loading(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of torch.jit as a whole
        return torch.jit.load(io.BytesIO(content), map_location=device).eval()


@contextmanager
def loading() -> Iterator[None]:
    """What PyTorch raises in this block becomes the one line that the user is told."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        raise as_engine_error(error, "The model could not be loaded") from error


@contextmanager
def running() -> Iterator[None]:
    """The same for a run, without gradients; ``torch.enable_grad`` inside brings them back."""
    try:
        with torch.no_grad():
            yield
    except (EngineError, Cancelled):
        raise
    except Exception as error:
        raise as_engine_error(error, "The model could not be run") from error

"""What is done when a run does not fit the memory, or comes to nothing: step by step, and each is told."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from engines.base import Cancelled, EngineError, OutOfMemory
from engines.diffusion.model import Model
from engines.onnx_network import as_engine_error

SMALLEST = 256  # side of the square, in pixels; below it a model makes nothing of use
_BLACK = 1 / 255


@dataclass(frozen=True)
class Attempt:
    """How a run is tried."""

    model: Model
    side: int


def climb(attempt: Attempt, run: Callable[[Attempt], np.ndarray], tell: Callable[[str], None]) -> np.ndarray:
    """What ``run`` makes; ``tell`` is given a line for each thing that was done otherwise than attempted.

    Out of memory: first piece by piece, then smaller squares, then on the CPU. Black or not a number: in
    float32. Raises OutOfMemory if nothing helps, EngineError if the outcome stays broken.
    """
    thrifty = False
    while True:
        try:
            out = run(attempt)
        except (EngineError, Cancelled) as error:
            if not isinstance(error, OutOfMemory):
                raise
            failure: Exception = error
        except Exception as error:
            failure = as_engine_error(error, "The fill could not be made")
            if not isinstance(failure, OutOfMemory):
                raise failure from error
        else:
            if np.isfinite(out).all() and out.max() > _BLACK:
                return out
            attempt = _exact(attempt, tell)
            continue
        _release(attempt.model)
        if not thrifty:
            thrifty = True
            _piecewise(attempt.model)
            tell("There was not enough memory: the fill was made piece by piece, which is slower.")
        elif attempt.side > SMALLEST:
            multiple = attempt.model.multiple
            side = max(round(attempt.side * 0.75) // multiple * multiple, SMALLEST // multiple * multiple)
            attempt = Attempt(attempt.model, side)
            tell(f"There was not enough memory: the model saw {side} pixels across, so the fill is softer.")
        elif attempt.model.device != "cpu":
            _move(attempt.model, "cpu", torch.float32)
            tell("There was not enough memory on the graphics card: the fill was made on the processor.")
        else:
            raise OutOfMemory(
                "There is not enough memory for this fill. Close other programs or choose a smaller model."
            ) from failure


def _exact(attempt: Attempt, tell: Callable[[str], None]) -> Attempt:
    """The same in float32. Raises EngineError if it is in float32 already."""
    model = attempt.model
    if model.dtype == torch.float32 and model.vae.dtype == torch.float32:
        raise EngineError(
            "The model painted nothing but black. Try other words or fewer steps, or another model."
        )
    _move(model, model.device, torch.float32)
    tell("The model painted nothing in half precision: it was run again in float32, which is slower.")
    return attempt


def _move(model: Model, device: str, dtype: torch.dtype) -> None:
    for network in (model.network, model.vae, *model.text_encoders):
        network.to(device, dtype)
    model.device, model.dtype = device, dtype


def _piecewise(model: Model) -> None:
    """Attention and autoencoder in pieces: the same picture, but for rounding and the tiles' overlaps."""
    if hasattr(model.network, "set_attention_slice"):
        model.network.set_attention_slice("auto")
    model.vae.enable_tiling()
    model.vae.enable_slicing()


def _release(model: Model) -> None:
    if model.device == "cuda":
        torch.cuda.empty_cache()
    elif model.device == "mps":
        torch.mps.empty_cache()

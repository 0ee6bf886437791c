"""What is done when a run does not fit the memory, or gives no picture: one step after the other, each told.

An engine that can do otherwise has ``rungs()``: what it can do, for one run. They are taken in the order of
``ORDER``, each as often as it goes on; last comes the processor, for every engine that was on a graphics
card. When the run is over what was taken is undone, the next one may fit, but for a model that was loaded
otherwise: that stays so as long as it is loaded. A run that gave no picture is made
again in float32, if the engine has that rung, and then on the processor.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from engines.base import BrokenOutput, Cancelled, Engine, EngineError, OutOfMemory, Progress
from engines.onnx_network import as_engine_error

Name = Literal["crop", "tiles", "offload", "half", "float32"]
ORDER: tuple[Name, ...] = ("crop", "tiles", "offload", "half")  # for want of memory, the gentlest first
_BLACK = 1 / 512
_SEEN = 0.1  # mean of the surroundings, from which a hole that is all black cannot be meant
_RIM = 8  # pixels around the hole that are looked at

_ON_PROCESSOR = (
    "There was not enough memory on the graphics card: it was done on the processor, which is slower."
)
_AGAIN_ON_PROCESSOR = (
    "The model gave no picture on the graphics card: it was done again on the processor, which is slower."
)


@dataclass(frozen=True)
class Step:
    """Something that is done otherwise from now on. ``line`` tells the user what, and what that costs."""

    line: str
    undo: Callable[[], None]


@dataclass(frozen=True)
class Rung:
    """One thing that an engine can do otherwise. ``take`` does so; None if it can go no further.

    It may raise OutOfMemory, having done nothing: the processor is next, then.
    """

    name: Name
    take: Callable[[], Step | None]


_black_is_broken: ContextVar[bool] = ContextVar("black_is_broken", default=False)


def run(load: Callable[[bool], Engine], request: Any, progress: Progress, tell: Callable[[str], None]) -> Any:
    """The answer of an engine to a request, however that had to be made; ``tell`` is given each line.

    ``load(on_processor)`` gives the engine, the second time on the processor; it keeps none that it has given
    before. Raises what the engine does; OutOfMemory and BrokenOutput only once nothing is left to try.
    """
    engine: Engine | None = load(False)
    try:
        return _climbed(engine, request, progress, tell)
    except (OutOfMemory, BrokenOutput) as failure:
        if is_on_processor(engine):
            raise
        is_broken = isinstance(failure, BrokenOutput)
    engine = None
    release()
    tell(_AGAIN_ON_PROCESSOR if is_broken else _ON_PROCESSOR)
    progress(0.0)
    return _climbed(load(True), request, progress, tell)


def is_on_processor(engine: Engine) -> bool:
    """Whether an engine computes there; one that does not say computes nowhere else."""
    return str(getattr(engine, "device", "cpu")).startswith("cpu")


def _climbed(engine: Engine, request: Any, progress: Progress, tell: Callable[[str], None]) -> Any:
    """``engine.run`` with the engine's own rungs. Raises OutOfMemory or BrokenOutput at the end of them."""
    rungs = tuple(getattr(engine, "rungs", tuple)())
    for_memory = [each for name in ORDER for each in rungs if each.name == name]
    for_picture = [each for each in rungs if each.name == "float32"]
    with ExitStack() as taken:
        while True:
            # In float32 on the processor black is what the network means.
            token = _black_is_broken.set(bool(for_picture) or not is_on_processor(engine))
            try:
                return engine.run(request, progress)
            except Exception as error:
                failure = _failure(error)
                if failure is None:
                    raise
            finally:
                _black_is_broken.reset(token)
            release()
            step = _step(for_picture if isinstance(failure, BrokenOutput) else for_memory)
            if step is None:
                try:
                    raise failure
                finally:
                    del failure  # or it and this frame would keep each other, and the engine
            taken.callback(step.undo)
            tell(step.line)
            progress(0.0)


def _failure(error: Exception) -> OutOfMemory | BrokenOutput | None:
    """The error as one that something can be done about, None if that is not so."""
    if isinstance(error, EngineError | Cancelled):
        failure: Exception = error
    else:  # of numpy or of a runtime, which an engine has not made one of ours
        failure = as_engine_error(error, "The engine stopped")
    if not isinstance(failure, OutOfMemory | BrokenOutput):
        return None
    failure.__cause__ = failure.__context__ = None  # their frames hold what is in the way of the next try
    return failure.with_traceback(None)


def _step(rungs: list[Rung]) -> Step | None:
    """The next that can be taken; ``rungs`` are left without those that go no further."""
    while rungs:
        if (step := rungs[0].take()) is not None:
            return step
        rungs.pop(0)
    return None


def release() -> None:
    """Give back to the graphics card what nobody uses any more.

    Nothing is looked for: a collection in this thread could end widgets of the window.
    """
    torch = sys.modules.get("torch")  # whoever has not imported it holds nothing of it
    if torch is None:
        return
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


def checked(filled: np.ndarray, image: np.ndarray, known: np.ndarray) -> np.ndarray:
    """``filled`` if it is a picture: numbers, and not all black within surroundings that are not.

    ``filled`` and ``image`` are (h, w, 3) float32 [0, 1], ``known`` (h, w) bool. Networks in half precision
    overflow to one or the other. Black counts only where :func:`run` can still do something about it. Raises
    BrokenOutput.
    """
    if not np.isfinite(filled).all():
        raise BrokenOutput("The model gave no numbers here. Choose another engine or select another part.")
    hole = filled[~known]
    is_black = _black_is_broken.get() and hole.size > 0 and hole.max() <= _BLACK
    if is_black and _brightness(image, known) > _SEEN:
        raise BrokenOutput(
            "The model gave nothing but black here. Choose another engine or select another part."
        )
    return filled


def _brightness(image: np.ndarray, known: np.ndarray) -> float:
    """Mean of what is known around the hole, in [0, 1]; 1 where nothing is, and so nothing can mean black."""
    rows, columns = np.nonzero(~known)
    top, left = max(rows.min() - _RIM, 0), max(columns.min() - _RIM, 0)
    part = slice(top, rows.max() + _RIM + 1), slice(left, columns.max() + _RIM + 1)
    around = image[part][known[part]]
    return float(around.mean()) if around.size else 1.0


def smaller(sides: tuple[int, ...], use: Callable[[int], None]) -> Rung:
    """The rung of an engine that sees a square: smaller ones, ``sides`` in pixels, the first being its usual.

    ``use`` makes it take squares of one of them.
    """
    left = list(sides[1:])

    def take() -> Step | None:
        if not left:
            return None
        side = left.pop(0)
        use(side)
        line = f"There was not enough memory: the model saw {side} pixels across, so the fill is softer."
        return Step(line, lambda: use(sides[0]))

    return Rung("crop", take)

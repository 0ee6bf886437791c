"""What every engine takes and gives: plain frozen data, progress, and errors that say what to do.

Pictures are float32 RGB in [0, 1], shape (H, W, 3). Masks are bool or float32 (H, W), 1 = hole.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np


class EngineError(Exception):
    """An engine could not do its work; the text is one line for the user that says what to do."""


class Cancelled(Exception):
    """The user called the run off."""


class WeightsMissing(EngineError):
    """A weights file is not on this machine."""


class NotFetched(WeightsMissing):
    """A source did not give the file; the text is one line that says why."""


class WeightsWrong(EngineError):
    """A weights file is not, byte for byte, the one in the catalogue."""


class OutOfMemory(EngineError):
    """Neither the device nor this machine has the memory that a run needs."""


class BrokenOutput(EngineError):
    """A network gave no picture: no numbers, or nothing but black where that cannot be meant."""


@dataclass(frozen=True)
class Box:
    """Pixels of the photograph: column and row of the top left, width, height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


@dataclass(frozen=True)
class Region:
    """One part to remove, with the context that its fill is made from."""

    box: Box  # where ``image`` lies in the photograph
    image: np.ndarray  # (h, w, 3) float32 RGB [0, 1]
    hole: np.ndarray  # (h, w) bool: pixels that must not be looked at, those of other parts included
    target: np.ndarray  # (h, w) float32 [0, 1]: how far each pixel of this part is to change
    # Lines that the fill is to follow, each (n, 2) float32 points x, y in pixels of ``image``, the centre of
    # its first pixel at (0.5, 0.5); two points are a straight line. They may begin and end anywhere.
    guides: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class RemoveRequest:
    """Everything that decides a removal. Arrays are this request's own and are not written to."""

    engine: str
    regions: tuple[Region, ...]
    seed: int = 0
    # The lines that the regions' guides are made of, each once, (n, 2) float64 in pixels of the photograph.
    guides: tuple[np.ndarray, ...] = ()
    grain: float = 1.0  # how much of the noise that the fill lacks beside its surroundings is added, 0 .. 1


@dataclass(frozen=True)
class Patch:
    """New pixels for one region."""

    box: Box  # where it lies in the photograph
    rgb: np.ndarray  # (h, w, 3) float32 [0, 1]
    alpha: np.ndarray  # (h, w) float32 [0, 1], 0 wherever the region's target is 0


@dataclass(frozen=True)
class RemoveResult:
    """What a removal came to."""

    patches: tuple[Patch, ...]
    engine: str
    weights_sha256: str
    device: str


@dataclass
class Progress:
    """How far a run is, and whether it is still wanted.

    The engine calls it with a fraction from 0 to 1; the call raises :class:`Cancelled` once
    :meth:`cancel` was called from any thread. An engine that can be interrupted inside one long step
    sets ``interrupt``. One that can show what it has so far gives it to ``show``, where there is one.
    """

    report: Callable[[float], None] = lambda fraction: None
    interrupt: Callable[[], None] | None = None
    show: Callable[["Patch"], None] | None = None
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def __call__(self, fraction: float) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self.report(fraction)

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()
        interrupt = self.interrupt
        if interrupt is not None:
            interrupt()


class Engine(Protocol):
    """One loaded model."""

    def run(self, request: Any, progress: Progress) -> Any:
        """Do what the request says. Raises Cancelled, OutOfMemory or another EngineError."""

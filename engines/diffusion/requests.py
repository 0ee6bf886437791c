"""What a diffusion fill takes and gives: plain frozen data. Importing this imports no network."""

from dataclasses import dataclass, replace

import numpy as np

from engines.base import Patch, Region

SCHEDULERS = ("ddim", "dpm++", "euler", "lcm")
# Which of the noise levels of training a run goes through; empty: as the model was published with.
SPACINGS = ("", "leading", "linspace", "trailing")
# What a fill is to do; the first is what most want.
TASKS = ("fill", "remove", "expand", "sdedit", "ilvr", "resample", "soft")
_STRENGTHS = {"remove": 0.8, "sdedit": 0.5}  # of the tasks that begin from something
CONTROLS = ("inpaint", "scribble", "lineart", "softedge")


@dataclass(frozen=True)
class Lora:
    """Changed weights to add to a model's (Hu et al. 2022)."""

    model: str  # a file, or its id in the catalogue
    weight: float = 1.0


@dataclass(frozen=True)
class Hint:
    """A ControlNet, what it is for, and how much it counts."""

    kind: str  # one of CONTROLS
    model: str
    scale: float = 1.0


@dataclass(frozen=True)
class Sampling:
    """How a fill is made of noise: everything but picture, mask and model."""

    prompt: str = ""
    negative: str = ""
    steps: int = 20
    guidance: float = 7.5
    rescale: float = 0.0  # 0 .. 1, of the guidance
    strength: float = 1.0  # 0 .. 1, how little of what was there shows through
    scheduler: str = "dpm++"
    spacing: str = ""  # of the noise levels, one of SPACINGS
    seed: int = 0
    factor: int = 32  # ILVR: pixels below which the reference's detail is free
    until: float = 0.2  # ILVR: the last share of the steps, in which the reference is let go
    jump: int = 5  # RePaint: levels that are gone back at a time
    resamplings: int = 5  # RePaint: times that each stretch is run
    passes: int = 1  # SDEdit: times that the whole is run


def usual(task: str, family: str, scheduler: str = "dpm++", *, distilled: bool = False) -> Sampling:
    """The sampling that a task is begun with, for a model of a family."""
    if family == "flux":  # distilled, its guidance on a scale of its own
        sampling = Sampling(steps=30, guidance=30.0)
    elif family == "flux2":  # as its authors run klein, and the base that it was distilled from
        sampling = Sampling(steps=4, guidance=1.0) if distilled else Sampling(steps=50, guidance=4.0)
    elif scheduler == "lcm":
        sampling = Sampling(steps=6, guidance=1.0, scheduler=scheduler)
    else:
        sampling = Sampling(scheduler=scheduler)
    return replace(sampling, strength=_STRENGTHS.get(task, 1.0))


@dataclass(frozen=True)
class FillRequest:
    """Everything that decides a fill. Arrays are this request's own and are not written to.

    With ``task`` "sdedit", "ilvr" and "soft" the regions' images show what the fill begins from.
    """

    engine: str
    model: str
    task: str
    regions: tuple[Region, ...]
    sampling: Sampling = Sampling()
    loras: tuple[Lora, ...] = ()
    hints: tuple[Hint, ...] = ()
    side: int = 0  # of the square that the model sees, in pixels; 0: the model's own
    # Strength, 0 .. 1, of a second pass at up to twice that side over what had to be scaled down; 0: none.
    second: float = 0.0
    # The lines that the regions' guides are made of, each once, (n, 2) float64 in pixels of the photograph.
    guides: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class FillResult:
    """What a fill came to."""

    patches: tuple[Patch, ...]
    engine: str
    weights_sha256: str
    device: str
    notes: tuple[str, ...] = ()  # what of the request could not be followed, a line each

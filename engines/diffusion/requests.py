"""What a diffusion fill takes and gives: plain frozen data. Importing this imports no network."""

from dataclasses import dataclass

from engines.base import Patch, Region

SCHEDULERS = ("ddim", "dpm++", "euler", "lcm")
# What a fill is to do; the first is what most want.
TASKS = ("fill", "remove", "expand", "sdedit", "ilvr", "resample", "soft")
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
    seed: int = 0
    factor: int = 32  # ILVR: pixels below which the reference's detail is free
    until: float = 0.2  # ILVR: the last share of the steps, in which the reference is let go
    jump: int = 5  # RePaint: levels that are gone back at a time
    resamplings: int = 5  # RePaint: times that each stretch is run
    passes: int = 1  # SDEdit: times that the whole is run


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


@dataclass(frozen=True)
class FillResult:
    """What a fill came to."""

    patches: tuple[Patch, ...]
    engine: str
    weights_sha256: str
    device: str
    notes: tuple[str, ...] = ()  # what had to be done otherwise than asked for, a line each

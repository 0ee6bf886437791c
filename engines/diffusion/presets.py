"""Few-step presets: how models that were distilled to need few steps are to be sampled.

A distilled model, or a LoRA that makes one of an ordinary model, was trained at certain noise levels: with
another scheduler, other levels or more guidance it gives a blurred or burnt picture. Importing this imports
no network.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from engines import safetensors_file, store
from engines.base import WeightsWrong
from engines.diffusion.requests import Sampling


@dataclass(frozen=True)
class Preset:
    """How one kind of distilled model is sampled."""

    title: str  # as people call it
    steps: int  # where neither the model nor its LoRA names a number
    guidance: float  # 1: none, with Stable Diffusion; what the network is told, with FLUX
    scheduler: str  # one of requests.SCHEDULERS; FLUX has its own
    spacing: str  # of the noise levels, one of requests.SPACINGS; empty: the model's own
    families: tuple[str, ...]  # of the models that there is such a LoRA for
    weight: float = 1.0  # of its LoRA, as its authors recommend


# By the names that the command line knows, in the order of a menu. Each follows its authors' own description:
# - lcm: Luo et al. 2023, "LCM-LoRA": 4 to 8 steps, guidance off or up to 2.
# - lightning: Lin et al. 2024, "SDXL-Lightning": Euler's steps from the last noise level on ("trailing"),
#   no guidance; 2, 4 or 8 steps, each with its own LoRA or model.
# - hyper: Ren et al. 2024, "Hyper-SD": DDIM from the last level on, no guidance; 2, 4 or 8 steps.
# - hyper-cfg: the same, distilled so that a negative prompt keeps its use; 8 or 12 steps, guidance 5 to 8.
# - hyper-flux: the same for FLUX.1 dev, a LoRA added with an eighth; 8 or 16 steps. What FLUX Fill is told of
#   guidance stays as it is with all its steps.
PRESETS: dict[str, Preset] = {
    "lcm": Preset("LCM", 6, 1.0, "lcm", "", ("sd", "sdxl")),
    "lightning": Preset("Lightning", 4, 1.0, "euler", "trailing", ("sdxl",)),
    "hyper": Preset("Hyper-SD", 8, 1.0, "ddim", "trailing", ("sd", "sdxl")),
    "hyper-cfg": Preset("Hyper-SD with guidance", 8, 5.0, "ddim", "trailing", ("sd", "sdxl")),
    "hyper-flux": Preset("Hyper-FLUX", 8, 30.0, "euler", "", ("flux",), 0.125),
}
"""The few-step presets by name: a title for people, steps, guidance, scheduler, and the spacing of the noise
levels; and the families of models that each is for, and the weight of its LoRA. :func:`sampling_of` makes a
``Sampling`` of one, :func:`recognised` finds the one that a LoRA or checkpoint was made for."""

_NAMED = (  # what each is called in the names of files, the more exact first
    ("hyper-flux", re.compile(r"hyper[-_. ]*flux")),
    ("hyper-cfg", re.compile(r"hyper[-_. ]*sd.*cfg")),
    ("hyper", re.compile(r"hyper[-_. ]*sd")),
    ("lightning", re.compile(r"lightning")),
    ("lcm", re.compile(r"(?<![a-z])lcm(?![a-z])|latent[-_. ]?consistency")),
)
_NAMELESS = ("pytorch_lora_weights", "diffusion_pytorch_model", "model")  # as diffusers saves them
_TITLES = ("modelspec.title", "ss_output_name")  # of the metadata that trainers write
_STEPS = re.compile(r"(?<!\d)(\d{1,2})[-_. ]?steps?(?![a-z])")


def sampling_of(name: str, sampling: Sampling, steps: int = 0) -> Sampling:
    """``sampling`` as a preset has it: its steps, unless ``steps`` are told, guidance, scheduler and spacing.

    Raises KeyError for a name that PRESETS has not.
    """
    preset = PRESETS[name]
    return replace(
        sampling,
        steps=steps or preset.steps,
        guidance=preset.guidance,
        scheduler=preset.scheduler,
        spacing=preset.spacing,
    )


def for_family(family: str) -> dict[str, Preset]:
    """Those of PRESETS that a family of models has."""
    return {name: preset for name, preset in PRESETS.items() if family in preset.families}


def recognised(path: Path) -> tuple[str, int] | None:
    """The preset that a model or LoRA is for, and its steps, 0 if it does not tell; None if it is for none.

    By what it is called: the file's name, that of its folder where the file's says nothing, and the titles in
    its metadata. The tensors of these LoRAs are named and shaped as those of any other, and tell nothing.
    """
    for text in _called(path):
        for name, pattern in _NAMED:
            if pattern.search(text):
                steps = _STEPS.search(text)
                return name, int(steps[1]) if steps else 0
    return None


def _called(path: Path) -> list[str]:
    words = [path.parent.name if path.stem in _NAMELESS else path.stem]
    if path.suffix.lower() == ".safetensors":
        try:
            told = safetensors_file.metadata(store.mapped(path))
        except (WeightsWrong, OSError):
            told = {}
        words += [told[key] for key in _TITLES if key in told]
    return [each.lower() for each in words]

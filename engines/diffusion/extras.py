"""What there is beside the models: LoRAs and ControlNets among the user's files, and what each is for.

Only the headers of files are read. Importing this imports no network.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engines import safetensors_file, store
from engines.base import EngineError, WeightsWrong
from engines.diffusion import checkpoints, presets
from engines.diffusion.checkpoints import Checkpoint

# How wide the words are that a network attends to, of each family; SD 2, which is none of them, has 1024.
_WORDS = {768: "sd", 2048: "sdxl"}
_ATTENTION = re.compile(r"attn2[._]to_k\.(?:lora_down|lora_A|lora\.down)?\.?weight$")
_LORA = re.compile(r"\.(?:lora_down|lora_A|lora\.down)\.weight$")
_FLUX = re.compile(r"^(?:lora_)?transformer[._]|^lora_unet_(?:double|single)_blocks")
_CONTROL = ("controlnet_cond_embedding.conv_in.weight", "input_hint_block.0.weight")
# What ControlNets follow, by what they are called; Canny's edges are lines as thin as a drawing's.
_KINDS = (
    ("inpaint", re.compile(r"inpaint")),
    ("scribble", re.compile(r"scribble|sketch")),
    ("softedge", re.compile(r"soft[-_ ]?edge|(?<![a-z])hed(?![a-z])|pidi")),
    ("lineart", re.compile(r"line[-_ ]?art|canny|(?<![a-z])mlsd(?![a-z])")),
)
_FAMILIES = {
    "sd": "Stable Diffusion 1.5",
    "sdxl": "Stable Diffusion XL",
    "flux": "FLUX",
    "flux2": "FLUX.2 klein",
}


@dataclass(frozen=True)
class Extra:
    """A LoRA or a ControlNet."""

    path: Path
    what: Literal["lora", "control"]
    family: str  # that it was made for, as of checkpoints; empty: its header does not tell
    kind: str = ""  # ControlNet: what it follows, one of requests.CONTROLS; empty: its name does not tell
    preset: tuple[str, int] | None = None  # LoRA: the preset that it is for, and its steps, 0 if not told

    @property
    def name(self) -> str:
        """What people know it by."""
        return self.path.stem if self.path.is_file() else self.path.name

    @property
    def weight(self) -> float:
        """That its authors recommend."""
        return presets.PRESETS[self.preset[0]].weight if self.preset else 1.0

    def refusal(self, model: Checkpoint) -> str:
        """Why it is of no use with a model, in one line; empty if it is."""
        if self.what == "control" and model.family in ("flux", "flux2"):
            return "FLUX is not guided by ControlNets here."
        if self.family and self.family != model.family:
            return f"Made for {_FAMILIES[self.family]}; the model is {_FAMILIES[model.family]}."
        if self.what == "control" and not self.kind:
            return "Its name does not say what it follows: scribble, lineart, softedge or inpaint."
        if self.kind == "inpaint" and model.inpaints:
            return "The model can fill without it."
        return ""


def folders() -> tuple[Path, ...]:
    """Where LoRAs and ControlNets are looked for."""
    packs = store.packs_folder()
    return packs / "loras", packs / "controlnets", checkpoints.own_folder(), packs


def found(others: Iterable[Path] = ()) -> list[Extra]:
    """Those in the user's folders, by their names, then those among ``others`` that are still there."""
    there: dict[Path, Extra] = {}
    inside = [path for folder in folders() if folder.is_dir() for path in sorted(folder.iterdir())]
    for path in (*inside, *others):
        if path not in there and (path.suffix == ".safetensors" or (path / "config.json").is_file()):
            try:
                there[path] = recognise(path)
            except (EngineError, OSError):
                continue
    return sorted(there.values(), key=lambda each: each.name.lower())


def recognise(path: Path) -> Extra:
    """What a file, or a ControlNet's folder, is. Raises WeightsWrong, with one line, for anything else."""
    if path.is_dir():
        return _folder(path)
    checkpoints.refuse_pickle(path)
    try:
        shapes = safetensors_file.shapes(store.mapped(path))
    except WeightsWrong:
        raise WeightsWrong(f"{path.name} is no safetensors file, or damaged. Get it again.") from None
    if any(name.endswith(_CONTROL) for name in shapes):
        return Extra(path, "control", _family(shapes), _kind(path))
    if any(_LORA.search(name) for name in shapes):
        return Extra(path, "lora", _family(shapes), preset=presets.recognised(path))
    raise WeightsWrong(f"{path.name} is no LoRA and no ControlNet that Lacuna knows.")


def _folder(path: Path) -> Extra:
    config = checkpoints.read_json(path / "config.json")
    if config.get("_class_name") != "ControlNetModel":
        raise WeightsWrong(f"{path.name} is no ControlNet of Stable Diffusion.")
    return Extra(path, "control", _WORDS.get(config.get("cross_attention_dim"), ""), _kind(path))


def _family(shapes: Mapping[str, tuple[int, ...]]) -> str:
    if any(_FLUX.search(name) for name in shapes):
        return "flux"
    widths = {shape[1] for name, shape in shapes.items() if _ATTENTION.search(name) and len(shape) > 1}
    return next((_WORDS[width] for width in widths if width in _WORDS), "")


def _kind(path: Path) -> str:
    return next(
        (kind for name in _called(path) for kind, pattern in _KINDS if pattern.search(name.lower())), ""
    )


def _called(path: Path) -> Iterator[str]:
    """Its name, and where that is as diffusers saves it, its folder's."""
    yield path.stem if path.suffix == ".safetensors" else path.name
    if path.stem in ("diffusion_pytorch_model", "model"):
        yield path.parent.name

"""What a model on disk is: told by its layout and by the names and shapes of its tensors, before any is read.

A diffusers folder has ``model_index.json`` and one folder for each part. A single file has everything under
the names of the authors' own code: ``model.diffusion_model.`` the network, ``first_stage_model.`` the
autoencoder, ``cond_stage_model.`` or ``conditioner.`` the text encoders.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engines import store
from engines.base import EngineError, WeightsMissing, WeightsWrong
from engines.diffusion import headers, parts
from engines.installed import command

Family = Literal["sd", "sdxl", "flux", "flux2"]

PICKLED = (".ckpt", ".pt", ".pth", ".bin", ".pkl")
_UNET = "model.diffusion_model."
_FIRST = f"{_UNET}input_blocks.0.0.weight"
_TOLD = f"{_UNET}time_embed.cond_proj.weight"  # of a latent consistency model
_SIDES = {
    "sd": 512,
    "sdxl": 1024,
    "flux": 1024,
    "flux2": 1024,
}  # that the published models were trained at, in pixels
# Input channels: the noisy latents; and of an inpainting model the mask and the latents of what is known.
_CHANNELS = {"sd": (4, 9), "sdxl": (4, 9), "flux": (384,), "flux2": (128,)}
_TRANSFORMERS: dict[object, Family] = {"FluxTransformer2DModel": "flux", "Flux2Transformer2DModel": "flux2"}


@dataclass(frozen=True)
class Checkpoint:
    """A model that can be filled with."""

    path: Path
    layout: Literal["folder", "file"]
    family: Family
    channels: int  # that its network takes
    side: int  # of the square that it was trained at, in pixels

    scheduler: str = "dpm++"  # that goes with it
    distilled: bool = False  # to a few steps without guidance, where nothing else tells so

    @property
    def inpaints(self) -> bool:
        """Whether the network itself takes a mask and what is known."""
        return self.channels != 4 and self.family != "flux2"


def locate(model: str) -> Path:
    """Where a model is: a path, the name of one of the user's, or an id of the catalogue. LoRAs and
    ControlNets are found as well.

    Raises WeightsMissing or EngineError.
    """
    path = Path(model).expanduser()
    folders = (own_folder(), *(store.packs_folder() / each for each in ("loras", "controlnets")))
    for place in (path, *(folder / path for folder in folders)) if model else ():
        if place.exists():
            return place
    if model in store.catalog():
        path = store.path_of(model)
        if not path.exists():
            raise WeightsMissing(
                f"The model {model} is not installed. See what it is with: {command()} models show {model}"
            )
        return path
    raise EngineError(f'There is no model "{model}". Name a .safetensors file or a folder of diffusers.')


def own_folder() -> Path:
    """Where the user's own checkpoints are kept."""
    return store.packs_folder() / "checkpoints"


def installed() -> list[Checkpoint]:
    """The models in the user's folders, by their names; last those that lack parts of their own."""
    return looked_for()[0]


def looked_for() -> tuple[list[Checkpoint], dict[Path, str]]:
    """As :func:`installed`; and why each other file among the user's own checkpoints is of no use, in one
    line. Reads the headers of them all: some milliseconds for each."""
    found, refused = [], {}
    for folder in (own_folder(), store.packs_folder()):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (path / "model_index.json").is_file() or path.suffix in headers.SUFFIXES:
                try:
                    found.append(recognise(path))
                except (WeightsWrong, OSError) as error:
                    if folder == own_folder():  # beside it lie the weights of all other engines
                        refused[path] = str(error)
    return sorted(found, key=_lacks), refused


def _lacks(checkpoint: Checkpoint) -> bool:
    """Whether it cannot run because it lacks parts that come as files of their own."""
    try:
        return checkpoint.family == "flux" and bool(parts.lacking(checkpoint.path))
    except (WeightsWrong, OSError):
        return True


def recognise(path: Path) -> Checkpoint:
    """Which model a file or folder is. Raises WeightsWrong, with one line, for anything that is none."""
    if path.is_dir():
        return _folder(path)
    refuse_pickle(path)
    return _file(path)


def refuse_pickle(path: Path) -> None:
    """Raises WeightsWrong for a file of a kind that runs programs when it is read."""
    if path.suffix.lower() in PICKLED:
        raise WeightsWrong(
            f"{path.name} is a pickle, which can run any program when it is read, so it was not used. "
            "Get the same model as a .safetensors file."
        )


def _file(path: Path) -> Checkpoint:
    shapes = headers.shapes(path)
    names = shapes.keys()
    if _FIRST in shapes:
        channels = shapes[_FIRST][1]
        if any(name.startswith("conditioner.embedders.1.") for name in names):
            return _checked(path, "file", "sdxl", channels, _SIDES["sdxl"])
        if any(name.startswith("cond_stage_model.transformer.") for name in names):
            made = _checked(path, "file", "sd", channels, _SIDES["sd"])
            return replace(made, scheduler="lcm") if _TOLD in shapes else made
        raise WeightsWrong(
            f"{path.name} has no text encoder that Lacuna knows. Use the whole model, SD 1.5 or SDXL, "
            "or its diffusers folder."
        )
    prefix = headers.flux_prefix(shapes)
    if prefix is not None:
        width = shapes.get(f"{prefix}img_in.weight", ())[-1:]
        return _checked(path, "file", "flux", width[0] if width else "unknown", _SIDES["flux"])
    if headers.is_flux2(shapes):
        raise WeightsWrong(
            f"{path.name} is FLUX.2's network, which Lacuna reads from no single file. Get FLUX.2 klein as a "
            "diffusers folder."
        )
    control = "This file is a ControlNet, which guides a model and fills nothing by itself. Use the model."
    if part := parts.of(path, shapes):
        raise WeightsWrong(
            f"{path.name} is {part.title}, which fills nothing by itself. Use FLUX Fill with it."
        )
    for mark, refusal in (
        ("input_hint_block.", control),
        ("controlnet_cond_embedding.", control),
        ("lora_", "This file is a LoRA, which changes a model and fills nothing by itself. Use the model."),
    ):
        if any(mark in name for name in names):
            raise WeightsWrong(refusal)
    raise WeightsWrong(
        f"{path.name} is no diffusion model that Lacuna knows. It knows SD 1.5, SDXL and FLUX Fill."
    )


def _folder(path: Path) -> Checkpoint:
    index = read_json(path / "model_index.json")
    for part in parts_of(index):
        _refuse_pickled_part(path / part)
    if "transformer" in index:
        config = read_json(path / "transformer" / "config.json")
        transformer = _TRANSFORMERS.get(config.get("_class_name"))
        if transformer is None:
            raise WeightsWrong(f"The network of {path.name} is of a kind that Lacuna does not know.")
        if transformer == "flux2":
            _refuse_other_than_klein(path, index)
        made = _checked(path, "folder", transformer, config.get("in_channels"), _SIDES[transformer])
        return replace(made, distilled=index.get("is_distilled") is True)
    config = read_json(path / "unet" / "config.json")
    family: Family = "sdxl" if config.get("addition_embed_type") == "text_time" else "sd"
    shrink = 2 ** (len(read_json(path / "vae" / "config.json").get("block_out_channels", [0] * 4)) - 1)
    side = config.get("sample_size")
    side = side * shrink if isinstance(side, int) else _SIDES[family]
    made = _checked(path, "folder", family, config.get("in_channels"), side)
    # A UNet that is told the guidance is a latent consistency model.
    return made if config.get("time_cond_proj_dim") is None else replace(made, scheduler="lcm")


def _refuse_other_than_klein(path: Path, index: dict) -> None:
    """FLUX.2's other models have the same transformer, but read words or references in ways of their own."""
    is_other = "KV" in str(index.get("_class_name"))
    if is_other or index.get("text_encoder") != ["transformers", "Qwen3ForCausalLM"]:
        raise WeightsWrong(f"{path.name} is a FLUX.2 that Lacuna does not know. It knows FLUX.2 klein.")


def parts_of(index: dict) -> list[str]:
    """The folders of a ``model_index.json`` that hold weights which are used."""
    used = ("unet", "transformer", "vae", "text_encoder", "text_encoder_2")
    return [part for part in used if isinstance(index.get(part), list) and index[part][0]]


def weights_of(folder: Path) -> list[Path]:
    """The files of a part that are read: of the several forms that may be there only one."""
    mark = variant(folder)
    return [file for file in sorted(folder.glob("*.safetensors")) if _mark(file) == mark]


def variant(folder: Path) -> str | None:
    """The mark in the files' names where only marked ones are there: "fp16" of "model.fp16.safetensors"."""
    marks = {_mark(file) for file in folder.glob("*.safetensors")}
    return None if None in marks else min(marks, default=None)


def _mark(file: Path) -> str | None:
    """Of a part of several, too: "model.fp16-00001-of-00002.safetensors"."""
    name = file.name.split(".")
    return name[1].partition("-")[0] if len(name) == 3 else None


def _refuse_pickled_part(folder: Path) -> None:
    if not any(folder.glob("*.safetensors")):
        pickled = any(file.suffix in PICKLED for file in folder.glob("*"))
        raise WeightsWrong(
            "The model has pickles only, which can run any program when they are read, so it was not used. "
            f"Get the .safetensors files of its folder {folder.name}."
            if pickled
            else f"The model has no weights in its folder {folder.name}. Get its .safetensors files."
        )


def _checked(
    path: Path, layout: Literal["folder", "file"], family: Family, channels: object, side: int
) -> Checkpoint:
    if channels not in _CHANNELS[family]:
        raise WeightsWrong(
            f"The network of {path.name} takes {channels} channels; Lacuna knows those that take "
            f"{' or '.join(map(str, _CHANNELS[family]))}."
        )
    return Checkpoint(path, layout, family, channels, side)


def read_json(path: Path) -> dict:
    """A JSON object. Raises WeightsWrong if the file is missing or is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it is no JSON object")
        return found
    except FileNotFoundError:
        raise WeightsWrong(
            f"{path} is missing, so this is no whole diffusers folder. Get it again."
        ) from None
    except (ValueError, OSError) as error:
        raise WeightsWrong(f"{path} cannot be read: {error}. Get it again.") from None

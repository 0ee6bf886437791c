"""Where a training stands, in safetensors files small enough to be carried about, and the way back.

Weights are kept as they are. Adam's moments, and the running average as its distance from the weights, are
kept as bfloat16: the range of float32 (squared gradients would vanish in float16) in half the room. What has
been written is what the training goes on with, so that going on and resuming are the same.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import nn

from engines import safetensors_file

LARGEST = 15_900_000  # bytes of numbers in one file
MANIFEST = "state.json"

Tensors = dict[str, torch.Tensor]


def halved(tensor: torch.Tensor) -> torch.Tensor:
    """As it is after a way through the file."""
    return tensor.bfloat16().float()


def moments(network: nn.Module, optimiser: torch.optim.Adam) -> Tensors:
    """Adam's moments by the parameters' names, each as it will be after a way through the file."""
    out = {}
    for name, parameter in network.named_parameters():
        for moment in ("exp_avg", "exp_avg_sq"):
            if parameter.requires_grad:
                out[f"{name}/{moment}"] = halved(optimiser.state[parameter][moment])
    return out


def restore_moments(network: nn.Module, optimiser: torch.optim.Adam, saved: Tensors, step: int) -> None:
    """Set Adam's state. Raises KeyError if ``saved`` is of another network."""
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            optimiser.state[parameter] = {"step": torch.tensor(float(step))} | {
                moment: saved[f"{name}/{moment}"].to(parameter) for moment in ("exp_avg", "exp_avg_sq")
            }


def write(
    folder: Path, exact: Mapping[str, torch.Tensor], half: Mapping[str, torch.Tensor], facts: dict
) -> None:
    """Write tensors and ``facts`` (what JSON holds) to ``folder`` in place of what was there.

    The manifest is replaced last: whenever it is interrupted, the folder holds one whole state.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {f"exact/{name}": tensor.detach().cpu().numpy() for name, tensor in exact.items()}
    for name, tensor in half.items():
        bits = tensor.detach().bfloat16().view(torch.int16)
        arrays[f"half/{name}"] = bits.cpu().numpy()
    names = []
    for index, part in enumerate(_parts(arrays)):
        names.append(f"state-{facts['step']:07d}-{index}.safetensors")
        (folder / names[-1]).write_bytes(safetensors_file.write(part))
    made = folder / (MANIFEST + ".part")
    made.write_text(json.dumps({"files": names, "facts": facts}, indent=1))
    made.replace(folder / MANIFEST)
    for old in folder.glob("state-*.safetensors"):
        if old.name not in names:
            old.unlink()


def read(folder: Path) -> tuple[Tensors, Tensors, dict]:
    """The exact tensors, the half ones as float32, and the facts. Raises OSError or WeightsWrong."""
    manifest = json.loads((folder / MANIFEST).read_text())
    exact, half = {}, {}
    for name in manifest["files"]:
        for key, array in safetensors_file.read((folder / name).read_bytes()).items():
            kind, _, key = key.partition("/")
            tensor = torch.from_numpy(array.copy())
            if kind == "half":
                half[key] = tensor.view(torch.bfloat16).float()
            else:
                exact[key] = tensor
    return exact, half, manifest["facts"]


def _parts(arrays: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """The arrays in as many dictionaries as `LARGEST` asks for."""
    parts: list[dict[str, np.ndarray]] = []
    room = 0
    for name, array in arrays.items():
        if array.nbytes > room:
            parts.append({})
            room = LARGEST
        parts[-1][name] = array
        room -= array.nbytes
    return parts

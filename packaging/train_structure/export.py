"""The trained network as files: safetensors and ONNX with float16 weights, and a card about them."""

import hashlib
import io
import warnings
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from engines import safetensors_file
from engines.removal.networks.migan import GuidedMiGan

from .training import Training

NAME = "migan-lines-512"
_SMALL = 64  # numbers; shorter tensors (sizes, paddings) stay as they are


def tensors(network: GuidedMiGan) -> dict[str, np.ndarray]:
    """The network's state dict as float16."""
    return {name: value.cpu().numpy().astype(np.float16) for name, value in network.state_dict().items()}


def restored(content: bytes) -> GuidedMiGan:
    """The network of a file that `write` made, in float32. Raises WeightsWrong or RuntimeError."""
    state = safetensors_file.read(content)
    network = GuidedMiGan()
    network.load_state_dict({name: torch.from_numpy(one.astype(np.float32)) for name, one in state.items()})
    return network.eval()


def graph(network: GuidedMiGan, side: int) -> bytes:
    """ONNX: `known_and_rgb` 1 x 4 x s x s and `maps` 1 x 3 x s x s to `rgb` 1 x 3 x s x s, all float32.

    Weights are float16 and cast when the file is loaded.
    """
    device = next(network.parameters()).device
    inputs = (torch.zeros(1, 4, side, side, device=device), torch.zeros(1, 3, side, side, device=device))
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter that replaces this one needs a package more, and does nothing here that it does not.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            inputs,
            buffer,
            dynamo=False,
            opset_version=17,
            input_names=["known_and_rgb", "maps"],
            output_names=["rgb"],
        )
    model = onnx.load_from_string(buffer.getvalue())
    _halve_weights(model.graph)
    model.producer_name, model.producer_version, model.graph.name = "lacuna", "", NAME
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _halve_weights(content: onnx.GraphProto) -> None:
    casts = []
    for tensor in content.initializer:
        if tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims) >= _SMALL:
            name = tensor.name
            half = numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(half, name + "_half"))
            casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *content.node]
    del content.node[:]
    content.node.extend(nodes)


def write(training: Training, folder: Path, scores: dict[str, dict[str, float]]) -> list[Path]:
    """Write the running average's files and the card to ``folder``; ``scores`` are `Sheet`'s."""
    folder.mkdir(parents=True, exist_ok=True)
    with training.averaged() as network:
        # Both files hold the same numbers.
        contents = {".safetensors": safetensors_file.write(tensors(network))}
        contents[".onnx"] = graph(restored(contents[".safetensors"]), training.settings.side)
    paths = []
    for suffix, content in contents.items():
        paths.append(folder / (NAME + suffix))
        paths[-1].write_bytes(content)
    paths.append(folder / (NAME + ".md"))
    paths[-1].write_text(card(training, contents, scores))
    return paths


def card(training: Training, contents: dict[str, bytes], scores: dict[str, dict[str, float]]) -> str:
    files = "\n".join(
        f"| `{NAME}{suffix}` | {len(content):,} bytes, sha256 `{hashlib.sha256(content).hexdigest()}` |"
        for suffix, content in contents.items()
    )
    table = "\n".join(
        f"| {way} | {score['lpips']:.4f} | {score['lines']:.2f} |" for way, score in scores.items()
    )
    settings = ", ".join(f"{name} {value:g}" for name, value in asdict(training.settings).items())
    side = training.settings.side
    return f"""# MI-GAN 512 that obeys lines (`{NAME}`)

| | |
|---|---|
| What | MI-GAN 512 (Sargsyan et al., ICCV 2023) and a branch for edges, lines and hole |
| Made by | `packaging/train_lines.py`, {training.step} steps ({settings}) |
{files}
| Input | `known_and_rgb` 1x4x{side}x{side} float32: known - 0.5, then RGB [-1, 1] times known; `maps` \
1x3x{side}x{side} float32 [0, 1]: edges, lines, hole (`engines/removal/maps.py`) |
| Output | `rgb` 1x3x{side}x{side} float32 in [-1, 1] |
| Data | MI-GAN: Places2. The branch: photographs of mixed licences, which are not passed on; research use |
| Licence | of MI-GAN's weights: MIT (`migan-512.md`) |

Holes across lines of photographs that nothing was learnt from, whole picture, after these steps:

| | LPIPS | true line met |
|---|---|---|
{table}
"""

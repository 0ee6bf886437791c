"""The published weights of MI-GAN, from the ONNX file that comes with the program."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from engines.removal.networks.migan import GuidedMiGan, MiGanNetwork

EMBEDDED = Path(__file__).resolve().parents[2] / "resources" / "models" / "migan-512.onnx"


def weights(content: bytes) -> dict[str, np.ndarray]:
    """The state dict of `MiGanNetwork`, of the bytes that packaging/build_migan.py wrote.

    That file keeps the authors' names with a mark behind where a gain has moved into the weight. The gain of
    a layer that doubles the size is in the border's weight instead, and the constants that are added are
    known by the node that adds them. Raises ValueError if the file is another.
    """
    graph = onnx.load_from_string(content).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    state: dict[str, np.ndarray] = {}
    shared = {}
    for node in graph.node:
        place = node.output[0].removeprefix("/model/").replace("/", ".")
        if node.op_type == "Conv":
            layer = place.removesuffix(".Conv_output_0")
            for name, value in zip(("weight", "bias"), node.input[1:], strict=False):
                state[f"{layer}.{name}"] = constants[value]
        elif node.op_type == "Add" and node.input[1] in constants:
            state[place.removesuffix(".Add_output_0") + ".noise_const"] = constants[node.input[1]]
        elif node.op_type == "Mul" and ".conv1." in place:
            shared[place.split(".upsample.")[0]] = constants[node.input[1]]
    for layer, border in shared.items():
        state[f"{layer}.conv2.weight"] = state[f"{layer}.conv2.weight"] * border.max()
    wanted = {name: tuple(tensor.shape) for name, tensor in MiGanNetwork().state_dict().items()}
    if {name: value.shape for name, value in state.items()} != wanted:
        raise ValueError("It is not MI-GAN 512 as packaging/build_migan.py writes it.")
    return state


def network(seed: int, content: bytes | None = None) -> GuidedMiGan:
    """MI-GAN as published, or of ``content``, with a branch of random weights behind closed gates."""
    torch.manual_seed(seed)
    guided = GuidedMiGan()
    state = weights(EMBEDDED.read_bytes() if content is None else content)
    guided.model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()})
    return guided

"""Reads MobileStyleGAN (Belousov 2021) from the package in which it is published: two OpenVINO networks.

What the file calls ``m.layers.N.conv1.conv.weight_dw`` keeps its name without ``m.``. What has lost its name
when the file was made, demodulated kernels and noise, gets one from its place in the graph. The constant by
which a convolution's style is scaled is multiplied into the style's own weights.
"""

import zipfile
from pathlib import Path

import numpy as np

from engines import openvino_file
from engines.base import WeightsWrong
from engines.openvino_file import Layer, Network

_FOLDER = "random_face/data"
_LARGEST = 256 << 20  # bytes of one member; the largest of the published ones has 32 MB


def read(package: Path) -> dict[str, np.ndarray]:
    """The tensors of a wheel, float32: ``mapping.N.*`` and those of the synthesis network.

    Raises WeightsWrong if it is not such a package, OSError.
    """
    try:
        with zipfile.ZipFile(package) as archive:
            mapping, synthesis = (_network(archive, name) for name in ("Mapping", "Synthesis"))
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
        raise WeightsWrong(f"{package.name} is no package of MobileStyleGAN: {error}.") from None
    return _mapping(mapping) | _synthesis(synthesis)


def _network(archive: zipfile.ZipFile, name: str) -> Network:
    def content(suffix: str) -> bytes:
        entry = archive.getinfo(f"{_FOLDER}/{name}Network.{suffix}")
        if entry.file_size > _LARGEST:
            raise WeightsWrong(f"{entry.filename} is larger than such a network. Get the package again.")
        return archive.read(entry)

    return openvino_file.read(content("xml"), content("bin"))


def _mapping(network: Network) -> dict[str, np.ndarray]:
    """Linear layers in their order; the gain of the leaky ReLU behind each is a constant of the network."""
    found = {}
    layers = [layer for layer in network.layers.values() if layer.kind == "MatMul"]
    for number, layer in enumerate(layers):
        add = network.user(layer, "Add")
        reshaped = next((each for each in add.inputs if network.layers[each].kind == "Reshape"), None)
        bias = network.layers[reshaped] if reshaped is not None else add
        constants = [network.constants[each] for each in bias.inputs if each in network.constants]
        if not constants:
            raise WeightsWrong("The model file has a layer without a bias. Get it again.")
        found[f"mapping.{number}.weight"] = network.constant(layer)
        found[f"mapping.{number}.bias"] = constants[0].reshape(-1)
    return found


def _synthesis(network: Network) -> dict[str, np.ndarray]:
    constants = {
        layer.name.removeprefix("m."): layer
        for layer in network.layers.values()
        if layer.kind == "Const" and layer.name.startswith("m.")
    }
    found = {name: network.constants[layer.id] for name, layer in constants.items()}
    for name, layer in constants.items():
        if name.endswith("weight_dw"):
            found |= _pointwise(network, name, layer)
    found |= _first(network, constants)
    for name, layer in constants.items():
        if name.endswith("conv.modulation.weight"):  # the style of "up" is not scaled
            kernel = name.replace("modulation.weight", "weight")
            kernel = f"{kernel}_dw" if f"{kernel}_dw" in found else kernel
            found[kernel] = found[kernel] * _factor(network, layer)
    return {name: _squeezed(name, array) for name, array in found.items()}


def _factor(network: Network, layer: Layer) -> np.float32:
    """The constant by which a style is scaled, told by the weight that it is made with."""
    shaped = network.user(network.user(network.user(layer, "MatMul"), "Add"), "Reshape")
    factor = network.constant(network.user(shaped, "Multiply"))
    if factor.size != 1:
        raise WeightsWrong("The model file scales its styles in a way that is not known. Get it again.")
    return factor.reshape(())[()]


def _pointwise(network: Network, name: str, layer: Layer) -> dict[str, np.ndarray]:
    """The 1x1 kernel behind a depthwise one, and the noise that is added to what it gives."""
    convolution = network.user(network.user(layer, "GroupConvolution"), "Convolution")
    return {
        name.removesuffix("_dw"): network.constant(convolution),
        name.replace("conv.weight_dw", "noise"): network.constant(network.user(convolution, "Add")),
    }


def _first(network: Network, constants: dict[str, Layer]) -> dict[str, np.ndarray]:
    """Kernel and noise of the convolution at 4x4, found from its bias backwards."""
    if "conv1.bias" not in constants:
        raise WeightsWrong("The model file is no MobileStyleGAN. Get it again.")
    biased = network.user(constants["conv1.bias"], "Add")
    noisy = next(network.layers[each] for each in biased.inputs if each not in network.constants)
    convolution = next(network.layers[each] for each in noisy.inputs if each not in network.constants)
    return {"conv1.conv.weight": network.constant(convolution), "conv1.noise": network.constant(noisy)}


def _squeezed(name: str, array: np.ndarray) -> np.ndarray:
    """Biases as (channels,), depthwise kernels as torch has them: (channels, 1, 3, 3)."""
    if name.endswith("bias"):
        return array.reshape(-1)
    if name.endswith("weight_dw"):
        return array.reshape(len(array), 1, *array.shape[-2:])
    return array

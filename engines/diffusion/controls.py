"""ControlNets, and what they are shown: the hole, or lines (Zhang et al. 2023; ControlNet 1.1)."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from diffusers import ControlNetModel
from diffusers.loaders import single_file_utils as names_of
from torch import nn

from engines.base import EngineError, WeightsWrong
from engines.diffusion import checkpoints, single_file
from engines.diffusion.loading import loading, opened, settled, sha256_of
from engines.diffusion.model import Model

# How wide lines are drawn, in pixels of a 512-pixel square: what each kind was trained on.
_WIDTHS = {"scribble": 8.0, "lineart": 2.0, "softedge": 3.0}
_SOFT = 1.5  # deviation of a soft edge's blur, at the same size
_FINE = 4  # bits of a pixel's fraction in cv2's drawing
_OWN = "control_model."


def load(name: str, model: Model) -> tuple[nn.Module, str]:
    """A ControlNet for a model, a folder of diffusers or a single file, and the sha256 of its weights.

    Raises WeightsWrong if it is none or does not fit the model, WeightsMissing, EngineError.
    """
    path = checkpoints.locate(name)
    if model.checkpoint.family in ("flux", "flux2"):
        raise EngineError("FLUX is not guided by ControlNets here. Choose an SD 1.5 or SDXL model, or none.")
    with loading(path.name):
        if path.is_dir():
            network = ControlNetModel.from_pretrained(
                str(path), torch_dtype=model.dtype, use_safetensors=True, local_files_only=True
            )
        else:
            checkpoints.refuse_pickle(path)
            network = _from_file(path, model)
        wanted = model.network.config
        if network.config.cross_attention_dim != wanted.cross_attention_dim:
            raise WeightsWrong(f"{path.name} is a ControlNet for another kind of model. Use one for this.")
        settled(network, model).eval().requires_grad_(False)
        files = sorted(path.glob("*.safetensors")) if path.is_dir() else [path]
        return network, sha256_of(files)


def _from_file(path: Path, model: Model) -> nn.Module:
    with opened(path) as tensors:
        prefix = _OWN if any(name.startswith(_OWN) for name in tensors) else ""
        own = {name.removeprefix(prefix): tensors[name] for name in tensors if name.startswith(prefix)}
        if "controlnet_cond_embedding.conv_in.weight" in own:  # of diffusers, without its folder
            state = own
        elif "input_hint_block.0.weight" in own:
            config = dict(model.network.config)
            state = names_of.convert_controlnet_checkpoint(
                {_OWN + name: value for name, value in own.items()}, config
            )
        else:
            raise WeightsWrong(f"{path.name} is no ControlNet that Lacuna knows.")
        with torch.device("meta"):
            network = ControlNetModel.from_unet(_four_channels(model), load_weights_from_unet=False)
        return single_file.filled(network, state, model.dtype)


def _four_channels(model: Model) -> nn.Module:
    """The model's network as it would be without an inpainting head, whose shape its ControlNets have."""
    config = dict(model.network.config) | {"in_channels": 4}
    return type(model.network).from_config(config)


def blanked(image: np.ndarray, mask: np.ndarray, model: Model) -> torch.Tensor:
    """(1, 3, h, w) for ControlNet-inpaint: the picture in [0, 1], -1 where it is to be painted."""
    hint = np.where(mask[..., None], np.float32(-1), image)
    return _tensor(hint, model)


def drawn(lines: Sequence[np.ndarray], side: int, kind: str, model: Model) -> torch.Tensor:
    """(1, 3, side, side): polylines (n, 2) of x, y in pixels as white on black, as ``kind`` wants them."""
    scale = side / 512
    canvas = np.zeros((side, side), np.uint8)
    for line in lines:
        points = np.rint((line - 0.5) * 2**_FINE).astype(np.int32)  # cv2 counts from the pixel's centre
        width = max(round(_WIDTHS[kind] * scale), 1)
        cv2.polylines(canvas, [points], False, 255, width, cv2.LINE_AA, _FINE)
    shown = canvas.astype(np.float32) / 255
    if kind == "softedge":
        shown = cv2.GaussianBlur(shown, (0, 0), _SOFT * scale)
        shown /= max(float(shown.max()), 1e-6)
    return _tensor(np.repeat(shown[..., None], 3, axis=-1), model)


def _tensor(hint: np.ndarray, model: Model) -> torch.Tensor:
    array = np.ascontiguousarray(hint.transpose(2, 0, 1)[None], np.float32)
    return torch.from_numpy(array).to(model.device, model.dtype)

"""Networks of the published architectures with random weights, in the containers that are published.

Each function makes the bytes of one file. LaMa is narrow, so that it is quick; ZITS's four networks are tiny
but are called, and answer, as the real ones.
"""

import io
import warnings

import numpy as np
import safetensors.torch
import torch
from torch import nn

from engines.removal.networks.lama import FourierUnit, LaMa

# --- LaMa ---


def lama(seed: int = 0, width: int = 8, blocks: int = 2) -> LaMa:
    """A LaMa whose answer depends on everything that it sees."""
    torch.manual_seed(seed)
    network = LaMa(width, blocks)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight)  # or little would be left of the input at the end
        elif isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.1, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return network.eval().requires_grad_(False)


class Inpainting(nn.Module):
    """LaMa as it is exported: blanks the hole, answers with the known part as it was, times ``most``."""

    def __init__(self, network: nn.Module, most: float = 1.0) -> None:
        super().__init__()
        self.model, self.most = network, most

    def forward(self, image, mask):
        filled = self.model(torch.cat([image * (1 - mask), mask], dim=1))
        return (mask * filled + (1 - mask) * image) * self.most


class MatrixFourier(FourierUnit):
    """The Fourier unit as it is exported to ONNX: the transform as products with matrices."""

    def forward(self, x):
        n, channels, height, width = x.shape
        half = width // 2 + 1

        def waves(length, count):
            angle = torch.outer(torch.arange(length), torch.arange(count)) * (2 * torch.pi / length)
            return torch.cos(angle) / length**0.5, torch.sin(angle) / length**0.5

        across, along = waves(width, half)
        down, turned = waves(height, height)
        real, imaginary = x @ across, -(x @ along)
        real, imaginary = down @ real + turned @ imaginary, down @ imaginary - turned @ real
        pairs = torch.stack([real, imaginary], dim=2).reshape(n, 2 * channels, height, half)
        pairs = torch.relu(self.bn(self.conv_layer(pairs))).reshape(n, channels, 2, height, half)
        real, imaginary = pairs[:, :, 0], pairs[:, :, 1]
        real, imaginary = down @ real - turned @ imaginary, down @ imaginary + turned @ real
        column = torch.arange(half)  # each but the first and the middle stands for its mirror image too
        twice = 2.0 - (column == 0).float() - (2 * column == width).float()
        return real * twice @ across.T - imaginary * twice @ along.T


def lama_tensors(network: LaMa) -> bytes:
    """The state dict under the names of the authors' checkpoint, with some of the discriminator beside it."""
    state = {f"generator.{key}": value.contiguous() for key, value in network.state_dict().items()}
    return safetensors.torch.save(state | {"discriminator.model0.0.weight": torch.zeros(3)})


def lama_script(network: LaMa) -> bytes:
    example = (torch.rand(1, 3, 64, 64), torch.ones(1, 1, 64, 64))
    return traced(Inpainting(network), *example)


def lama_onnx(network: LaMa, most: float, size: int | None, mask_first: bool = False) -> bytes:
    """``size`` None: any height and width."""
    for module in network.modules():
        if isinstance(module, FourierUnit):
            module.__class__ = MatrixFourier
    wrapper = Inpainting(network, most).eval()
    names = ["image", "mask"]
    side = size or 64
    example = [torch.rand(1, 3, side, side), torch.ones(1, 1, side, side)]
    if mask_first:
        wrapper.forward = lambda mask, image: Inpainting.forward(wrapper, image, mask)
        names, example = names[::-1], example[::-1]
    free = {name: {2: "height", 3: "width"} for name in names}
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            wrapper,
            tuple(example),
            out,
            dynamo=False,
            opset_version=17,
            input_names=names,
            output_names=["output"],
            dynamic_axes=None if size else free,
        )
    for module in network.modules():
        if isinstance(module, MatrixFourier):
            module.__class__ = FourierUnit
    return out.getvalue()


# --- ZITS ---


class Tsr(nn.Module):
    """Edge and line logits of what stands around each place; there is little of either."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(6, 2, 9, padding=4)
        with torch.no_grad():
            self.conv.bias.copy_(torch.tensor([-2.5, -1.5]))

    def forward(self, img, edge, line, masks):
        out = self.conv(torch.cat([img, edge, line, masks], dim=1))
        return out[:, :1], out[:, 1:]


class Ssu(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1)
        with torch.no_grad():
            self.conv.weight.mul_(0.1)
            self.conv.weight[0, 0, 1, 1] = 6.0
            self.conv.bias.fill_(-4.0)

    def forward(self, x):
        return nn.functional.interpolate(self.conv(x), scale_factor=2.0, mode="nearest")


class Wireframe(nn.Module):
    """One sure line across the upper part, and one that is not sure across the lower."""

    def forward(self, x):
        ends = torch.tensor([[0.1, 0.2, 0.9, 0.2], [0.1, 0.9, 0.9, 0.9]]) + 0 * x.mean()
        return {
            "num_proposals": torch.tensor(2),
            "lines_pred": ends,
            "lines_score": torch.tensor([0.9, 0.5]),
        }


class Ftr(nn.Module):
    """Paints the mean known colour, red where the line channel is high, green where the edge channel is."""

    def __init__(self) -> None:
        super().__init__()
        self.places = nn.Embedding(128, 1)
        self.corners = nn.Linear(4, 1)

    def forward(self, image, mask, edge, line, rel_pos, direct):
        known = 1 - mask
        mean = (image * known).sum((2, 3), keepdim=True) / known.sum((2, 3), keepdim=True).clamp(min=1)
        place = self.places(rel_pos).squeeze(-1) + self.corners(direct.float()).squeeze(-1)
        filled = mean + 0.002 * torch.tanh(place)[:, None]
        marks = torch.cat([line, edge, torch.zeros_like(line)], dim=1)
        return (filled * (1 - marks.amax(1, keepdim=True)) + marks).clamp(0, 1)


def traced(network: nn.Module, *example) -> bytes:
    """A network as TorchScript, for any size."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        script = torch.jit.trace(network.eval(), example, check_trace=False)
        torch.jit.save(script, out)
    return out.getvalue()


def scripted(network: nn.Module) -> bytes:
    """A network as TorchScript, compiled from its source."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(network.eval()), out)
    return out.getvalue()


def zits(seed: int = 0) -> dict[str, bytes]:
    """The four files by their ids."""
    torch.manual_seed(seed)
    return {
        "zits-tsr": scripted(Tsr()),
        "zits-ssu": scripted(Ssu()),
        "zits-wireframe": scripted(Wireframe()),
        "zits-ftr": scripted(Ftr()),
    }


def answer(network: LaMa, image: np.ndarray, known: np.ndarray) -> np.ndarray:
    """What LaMa makes of a picture (h, w, 3) and what is known of it, (h, w) bool, put down literally."""
    hole = torch.from_numpy((~known).astype(np.float32))[None, None]
    picture = torch.from_numpy(image).permute(2, 0, 1)[None]
    with torch.no_grad():
        return network(torch.cat([picture * (1 - hole), hole], dim=1))[0].permute(1, 2, 0).numpy()

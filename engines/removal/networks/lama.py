"""LaMa's generator (Suvorov et al., "Resolution-robust Large Mask Inpainting with Fourier Convolutions",
WACV 2022): a residual network of fast Fourier convolutions (Chi et al., NeurIPS 2020).

A layer's channels are two parts: a local one, and a global one that sees the whole picture at once through
its spectrum. Modules are named so that the published state dicts fit.
"""

import torch
from torch import nn

RATIO = 0.75  # of the channels of the residual blocks that are global

Parts = tuple[torch.Tensor, torch.Tensor | None]  # local, global (n, c, h, w)


class FourierUnit(nn.Module):
    """A 1 x 1 convolution of the spectrum, real and imaginary parts side by side."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_layer = nn.Conv2d(2 * channels, 2 * channels, 1, bias=False)
        self.bn = nn.BatchNorm2d(2 * channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n, channels, height, width = x.shape
        spectrum = torch.view_as_real(torch.fft.rfft2(x, norm="ortho"))  # (n, c, h, w // 2 + 1, 2)
        # The parts of one channel are neighbours in the order of channels.
        pairs = spectrum.permute(0, 1, 4, 2, 3).reshape(n, 2 * channels, height, width // 2 + 1)
        pairs = torch.relu(self.bn(self.conv_layer(pairs)))
        spectrum = pairs.reshape(n, channels, 2, height, width // 2 + 1).permute(0, 1, 3, 4, 2)
        return torch.fft.irfft2(torch.view_as_complex(spectrum.contiguous()), s=(height, width), norm="ortho")


class SpectralTransform(nn.Module):
    """The global part's way to itself: through half its channels and their spectrum."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        half = channels_out // 2
        self.conv1 = nn.Sequential(
            nn.Conv2d(channels_in, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU()
        )
        self.fu = FourierUnit(half)
        self.conv2 = nn.Conv2d(half, channels_out, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1(x)
        return self.conv2(x + self.fu(x))


class FourierConvolution(nn.Module):
    """Each part of the output is the sum of what both parts of the input give."""

    def __init__(
        self, channels: tuple[int, int], kernel: int, ratios: tuple[float, float], stride: int, padding: int
    ) -> None:
        super().__init__()
        (in_all, out_all), (ratio_in, ratio_out) = channels, ratios
        in_global, out_global = int(in_all * ratio_in), int(out_all * ratio_out)
        in_local, out_local = in_all - in_global, out_all - out_global

        def convolution(inputs: int, outputs: int) -> nn.Module | None:
            if not inputs or not outputs:
                return None
            return nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False, padding_mode="reflect")

        self.convl2l = convolution(in_local, out_local)
        self.convl2g = convolution(in_local, out_global)
        self.convg2l = convolution(in_global, out_local)
        self.convg2g = SpectralTransform(in_global, out_global) if in_global and out_global else None
        self.channels_out = (out_local, out_global)

    def forward(self, parts: Parts) -> Parts:
        local, whole = parts
        to_local = self.convl2l(local)
        to_whole = self.convl2g(local) if self.convl2g is not None else None
        if whole is not None:
            to_local = to_local + self.convg2l(whole)
            to_whole = to_whole + self.convg2g(whole)
        return to_local, to_whole


class Layer(nn.Module):
    """A Fourier convolution, batch normalisation and a ReLU of each part."""

    def __init__(
        self,
        channels: tuple[int, int],
        kernel: int,
        ratios: tuple[float, float] = (0, 0),
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        super().__init__()
        self.ffc = FourierConvolution(channels, kernel, ratios, stride, padding)
        out_local, out_global = self.ffc.channels_out
        self.bn_l = nn.BatchNorm2d(out_local)
        self.bn_g = nn.BatchNorm2d(out_global) if out_global else None

    def forward(self, x: Parts | torch.Tensor) -> Parts:
        local, whole = self.ffc(x if isinstance(x, tuple) else (x, None))
        local = torch.relu(self.bn_l(local))
        return local, None if whole is None else torch.relu(self.bn_g(whole))


class Block(nn.Module):
    """Two layers around which the input goes by."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        both, ratios = (channels, channels), (RATIO, RATIO)
        self.conv1 = Layer(both, 3, ratios, padding=1)
        self.conv2 = Layer(both, 3, ratios, padding=1)

    def forward(self, x: Parts) -> Parts:
        local, whole = self.conv2(self.conv1(x))
        return x[0] + local, x[1] + whole


class Join(nn.Module):
    """Both parts as one tensor."""

    def forward(self, x: Parts) -> torch.Tensor:
        return torch.cat(x, dim=1)


class LaMa(nn.Module):
    """(n, 4, h, w), RGB [0, 1] blanked in the hole and the mask with 1 = hole, to (n, 3, h, w) RGB [0, 1].

    h and w are multiples of 8. ``width`` and ``blocks`` are 64 and 18 in the published big-LaMa.
    """

    def __init__(self, width: int = 64, blocks: int = 18) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.ReflectionPad2d(3), Layer((4, width), 7)]
        for index in range(3):
            ratios = (0, RATIO if index == 2 else 0)
            layers.append(Layer((width << index, width << index + 1), 3, ratios, stride=2, padding=1))
        self.first_block = len(layers)
        layers += [Block(8 * width) for _ in range(blocks)]
        layers.append(Join())
        for index in (3, 2, 1):
            outputs = width << index - 1
            layers.append(
                nn.ConvTranspose2d(width << index, outputs, 3, stride=2, padding=1, output_padding=1)
            )
            layers += [nn.BatchNorm2d(outputs), nn.ReLU()]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Sigmoid()]
        self.model = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model(x)


def from_state(state: dict[str, torch.Tensor]) -> LaMa:
    """The network that a state dict is of, its width and number of blocks told by the dict itself.

    Keys may stand under ``generator.`` as in the authors' checkpoints; what else is there (the
    discriminator, the losses) is left out. Raises ValueError, in one line, where it is of another network.
    """
    marker = "model.1.ffc.convl2l.weight"
    prefix = next((key.removesuffix(marker) for key in state if key.endswith(marker)), None)
    if prefix is None:
        raise ValueError("it is not of LaMa")
    own = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
    blocks = sum(key.endswith(".conv1.ffc.convl2l.weight") for key in own)
    with torch.device("meta"):
        network = LaMa(len(own[marker]), blocks)
    try:
        network.load_state_dict(own, assign=True)
    except RuntimeError as error:
        problem = str(error).strip().splitlines()[-1].strip()
        raise ValueError(f"it is not of this LaMa: {problem[:120]}") from None
    return network.float().eval().requires_grad_(False)

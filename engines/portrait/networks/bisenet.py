"""BiSeNet (Yu et al., ECCV 2018) as it was trained to parse faces: a ResNet-18 (He et al., CVPR 2016) as the
context path, attention that refines its two last stages (section 3.2), and a fusion (3.3) with its eighth of
the size, which stands in for the spatial path. Parameters are named as in the published checkpoint.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

CLASSES = 19


def _convolved(before: int, after: int, side: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(before, after, side, stride, side // 2, bias=False)


class Convolution(nn.Module):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, before: int, after: int, side: int = 3) -> None:
        super().__init__()
        self.conv = _convolved(before, after, side)
        self.bn = nn.BatchNorm2d(after)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.bn(self.conv(x)))


class Residual(nn.Module):
    """ResNet's basic block."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = _convolved(before, after, stride=stride), nn.BatchNorm2d(after)
        self.conv2, self.bn2 = _convolved(after, after), nn.BatchNorm2d(after)
        is_same = before == after and stride == 1
        self.downsample = (
            nn.Identity()
            if is_same
            else nn.Sequential(_convolved(before, after, 1, stride), nn.BatchNorm2d(after))
        )

    def forward(self, x: Tensor) -> Tensor:
        inner = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(inner)) + self.downsample(x))


class ResNet18(nn.Module):
    """Features (b, 128, h/8, w/8), (b, 256, h/16, w/16) and (b, 512, h/32, w/32) of a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = _convolved(3, 64, 7, 2), nn.BatchNorm2d(64)
        sides = (64, 64, 128, 256, 512)
        for index, (before, after) in enumerate(pairwise(sides), 1):
            first = Residual(before, after, 1 if index == 1 else 2)
            setattr(self, f"layer{index}", nn.Sequential(first, Residual(after, after, 1)))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        eighth = self.layer2(self.layer1(x))
        sixteenth = self.layer3(eighth)
        return eighth, sixteenth, self.layer4(sixteenth)


class Refinement(nn.Module):
    """A convolution whose channels are weighed by what the whole picture says of them."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv = Convolution(before, after)
        self.conv_atten, self.bn_atten = _convolved(after, after, 1), nn.BatchNorm2d(after)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        return x * torch.sigmoid(self.bn_atten(self.conv_atten(x.mean(dim=(2, 3), keepdim=True))))


class Context(nn.Module):
    """The context path: what is an eighth of the size, and what the deeper stages say of it."""

    def __init__(self) -> None:
        super().__init__()
        self.resnet = ResNet18()
        self.arm16, self.arm32 = Refinement(256, 128), Refinement(512, 128)
        self.conv_head32, self.conv_head16 = Convolution(128, 128), Convolution(128, 128)
        self.conv_avg = Convolution(512, 128, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        eighth, sixteenth, last = self.resnet(x)
        whole = self.conv_avg(last.mean(dim=(2, 3), keepdim=True))
        deep = self.conv_head32(_as_large(self.arm32(last) + whole, sixteenth))
        return eighth, self.conv_head16(_as_large(self.arm16(sixteenth) + deep, eighth))


class Fusion(nn.Module):
    """Joins the two paths, each channel weighed by what the whole picture says of it."""

    def __init__(self) -> None:
        super().__init__()
        self.convblk = Convolution(256, 256, 1)
        self.conv1, self.conv2 = _convolved(256, 64, 1), _convolved(64, 256, 1)

    def forward(self, spatial: Tensor, context: Tensor) -> Tensor:
        x = self.convblk(torch.cat([spatial, context], dim=1))
        weights = torch.relu(self.conv1(x.mean(dim=(2, 3), keepdim=True)))
        return x + x * torch.sigmoid(self.conv2(weights))


class Output(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.conv_out = Convolution(256, 256), _convolved(256, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv_out(self.conv(x))


class BiSeNet(nn.Module):
    """Logits (b, 19, h/8, w/8) of pictures (b, 3, h, w), each side a multiple of 32; ImageNet's mean and
    deviation. The two outputs that only training used are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.cp, self.ffm, self.conv_out = Context(), Fusion(), Output()

    def forward(self, x: Tensor) -> Tensor:
        return self.conv_out(self.ffm(*self.cp(x)))


def _as_large(x: Tensor, other: Tensor) -> Tensor:
    return functional.interpolate(x, other.shape[2:], mode="nearest")

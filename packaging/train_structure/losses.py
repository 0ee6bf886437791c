"""What the fill is held against: the truth's pixels, its look (LPIPS), a critic, and the lines' course."""

import torch
import torch.nn.functional as F
from torch import nn

R1 = 1.0  # half its gamma, see `r1`


def composed(out: torch.Tensor, truth: torch.Tensor, hole: torch.Tensor) -> torch.Tensor:
    """The truth with the network's picture in the hole: nothing else of it is ever used."""
    return truth + hole * (out - truth)


def difference(out: torch.Tensor, truth: torch.Tensor, hole: torch.Tensor) -> torch.Tensor:
    """Mean absolute difference (L1) in the holes of a batch, of pictures in [-1, 1]."""
    return ((out - truth).abs() * hole).sum() / (3 * hole.sum()).clamp(min=1)


class Look(nn.Module):
    """LPIPS (Zhang et al., CVPR 2018) of pictures (n, 3, h, w) [-1, 1], through AlexNet, that has a gradient.

    ``metric`` is the `Lpips` of tests/benchmarks/lpips.py.
    """

    def __init__(self, metric) -> None:
        super().__init__()
        self._metric = metric

    def to(self, device: torch.device) -> "Look":
        self._metric.weights = {name: value.to(device) for name, value in self._metric.weights.items()}
        self._metric.shift, self._metric.scale = self._metric.shift.to(device), self._metric.scale.to(device)
        return self

    def forward(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        total = one.new_zeros(())
        pairs = zip(self._metric.features(one), self._metric.features(other), strict=True)
        for index, (a, b) in enumerate(pairs):
            apart = (_unit(a) - _unit(b)).square()
            total = total + F.conv2d(apart, self._metric.weights[f"lin{index}"]).mean()
        return total


def _unit(x: torch.Tensor) -> torch.Tensor:
    # The gradient of the root at 0 is without bounds: where nothing is seen it must not be taken.
    return x / (x.square().sum(1, keepdim=True) + 1e-10).sqrt()


_SOBEL = ((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0))
_WINDOW = 7  # pixels within which an edge may lie beside the line


def line_consistency(out: torch.Tensor, truth: torch.Tensor, along: torch.Tensor) -> torch.Tensor:
    """How much weaker edges along the given lines are than the truth's, and how much stronger across them.

    ``along`` (n, 2, h, w) is the unit direction of the line at each pixel where one counts. The gradient's
    strength is averaged over a window (a structure tensor's diagonal in the line's own directions, Foerstner
    and Guelch 1987), so that a line that lies a pixel beside the truth's is right. 0 where no line is given.
    """
    weight = along.square().sum(1, keepdim=True)
    edge, ripple = _strengths(out, along)
    true_edge, true_ripple = _strengths(truth, along)
    wrong = F.relu(true_edge - edge) + F.relu(ripple - true_ripple)
    return (wrong * weight).sum() / weight.sum().clamp(min=1)


def _strengths(picture: torch.Tensor, along: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Root mean square of the gradient at right angles to the line (its edge), and in its direction."""
    grey = picture.mean(1, keepdim=True)
    sobel = grey.new_tensor(_SOBEL)[None, None] / 4
    grey = F.pad(grey, (1, 1, 1, 1), mode="replicate")
    right, down = F.conv2d(grey, sobel), F.conv2d(grey, sobel.transpose(2, 3))
    x, y = along[:, :1], along[:, 1:]
    weight = F.avg_pool2d((x.square() + y.square()), _WINDOW, 1, _WINDOW // 2) + 1e-6

    def strength(part: torch.Tensor) -> torch.Tensor:
        return (F.avg_pool2d(part.square(), _WINDOW, 1, _WINDOW // 2) / weight + 1e-6).sqrt()

    return strength(right * y - down * x), strength(right * x + down * y)


class Critic(nn.Module):
    """A discriminator of patches (Isola et al., CVPR 2017) that sees the lines and the hole beside the
    picture: (n, 5, h, w) to (n, 1, h / 16, w / 16), above 0 where it takes it for a photograph."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 5
        for outputs in (32, 64, 128, 256):
            layers += [nn.Conv2d(inputs, outputs, 4, 2, 1), nn.LeakyReLU(0.2)]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.Conv2d(inputs, 1, 3, padding=1))

    def forward(self, picture: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
        return self.layers(torch.cat([picture, maps[:, 1:]], dim=1))


def fooled(verdict: torch.Tensor, hole: torch.Tensor) -> torch.Tensor:
    """The non-saturating loss (Goodfellow et al. 2014) of a fill: how sure the critic is that it is none."""
    return _over(F.softplus(-verdict), hole)


def critic_loss(real: torch.Tensor, fake: torch.Tensor, hole: torch.Tensor) -> torch.Tensor:
    return _over(F.softplus(-real), hole) + _over(F.softplus(fake), hole)


def r1(critic: Critic, picture: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
    """The gradient penalty on photographs (Mescheder et al., ICML 2018)."""
    picture = picture.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(picture, maps).sum(), picture, create_graph=True)
    return R1 * gradient.square().sum((1, 2, 3)).mean()


def _over(values: torch.Tensor, hole: torch.Tensor) -> torch.Tensor:
    """Mean over the patches that see some of the hole: the rest is the same in both pictures."""
    seen = F.adaptive_max_pool2d(hole, values.shape[-2:])
    return (values * seen).sum() / seen.sum().clamp(min=1)

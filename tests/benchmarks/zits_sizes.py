"""Stand-ins for ZITS's networks that cost about as much: the published kinds of layers and about as many
parameters (18.5 M for the structure transformer, 0.08 M for the upsampler, 22.6 M and 27.1 M for the
structure encoder and the painter), with random weights. They are for measuring time, not pictures."""

from itertools import pairwise

import random_weights
import torch
from torch import nn

from engines.removal.networks.lama import LaMa


class Tsr(nn.Module):
    """Edges and lines of 256 pixels through a transformer of 32 x 32 places."""

    def __init__(self) -> None:
        super().__init__()
        steps = list(pairwise((64, 128, 256, 256)))
        self.down = nn.Sequential(
            nn.Conv2d(6, 64, 7, padding=3),
            *(nn.Conv2d(a, b, 4, 2, 1) for a, b in steps),
        )
        layer = nn.TransformerEncoderLayer(256, 8, 1024, dropout=0.0, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 20, enable_nested_tensor=False)
        self.up = nn.Sequential(
            *(nn.ConvTranspose2d(b, a, 4, 2, 1) for a, b in reversed(steps)),
            nn.Conv2d(64, 2, 7, padding=3),
        )

    def forward(self, img, edge, line, masks):
        x = self.down(torch.cat([img, edge, line, masks], dim=1))
        x = self.blocks(x.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(x.shape)
        out = self.up(x)
        return out[:, :1] - 2, out[:, 1:] - 1


class Ssu(nn.Module):
    """A drawing twice as large."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(32, 1, 3, padding=1),
        )

    def forward(self, x):
        return self.layers(x)


class Ftr(nn.Module):
    """A LaMa of nine blocks, beside an encoder of the structure whose features join its own."""

    def __init__(self) -> None:
        super().__init__()
        self.painter = LaMa(64, 9)
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 64, 7, padding=3),
            *(nn.Sequential(nn.Conv2d(64 << i, 128 << i, 4, 2, 1), nn.ReLU()) for i in range(3)),
            *(nn.Sequential(nn.Conv2d(512, 512, 3, padding=1), nn.ReLU()) for _ in range(8)),
        )
        self.places = nn.Embedding(128, 64)

    def forward(self, image, mask, edge, line, rel_pos, direct):
        structure = self.encoder(torch.cat([mask, edge, line], dim=1)).mean() * 1e-6
        place = self.places(rel_pos).mean() + direct.float().mean()
        return self.painter(torch.cat([image, mask], dim=1) + structure + 1e-6 * place)


def files() -> dict[str, bytes]:
    """The four files by their ids; the wireframe detector is the tests' own, which costs nothing."""
    torch.manual_seed(0)

    def plane(channels: int, side: int) -> torch.Tensor:
        return torch.rand(1, channels, side, side)

    structure = (plane(3, 256), plane(1, 256), plane(1, 256), torch.ones(1, 1, 256, 256))
    places = (torch.zeros(1, 256, 256, dtype=torch.long), torch.zeros(1, 256, 256, 4, dtype=torch.long))
    painting = (plane(3, 256), plane(1, 256), plane(1, 256), plane(1, 256), *places)
    return {
        "zits-tsr": random_weights.traced(Tsr(), *structure),
        "zits-ssu": random_weights.traced(Ssu(), plane(1, 256)),
        "zits-wireframe": random_weights.scripted(random_weights.Wireframe()),
        "zits-ftr": random_weights.traced(Ftr(), *painting),
    }

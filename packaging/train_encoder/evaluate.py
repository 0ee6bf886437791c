"""How good the guesses are: LPIPS (VGG, 256 pixels) and identity (MobileFaceNet's cosine) of what the
generator makes of them and of the mean latent, for held-out faces of its own and for photographs.

Photographs are aligned faces as `engines.portrait.alignment.cut` gives them, .npy (n, n, 3) float32, in a
folder. The contact sheets have in each column the picture, the mean latent's and the guess's.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from engines import safetensors_file, store
from engines.portrait.encoder import GROUPS, Encoder, latent_of_groups
from engines.portrait.identity import Identity
from engines.portrait.latents import Whitened
from engines.portrait.networks.lpips import Lpips
from engines.portrait.networks.mobilestylegan import MobileStyleGan

from .features import tensor_of
from .fit import NAME

SIDE = 256


class Judge:
    """Scores latents against pictures."""

    def __init__(self) -> None:
        self.generator = MobileStyleGan(safetensors_file.read(store.load("mobilestylegan-ffhq")))
        self._fast = MobileStyleGan(
            safetensors_file.read(store.load("mobilestylegan-ffhq")), dtype=torch.bfloat16
        )
        self.look = Lpips(safetensors_file.read(store.load("lpips-vgg16")))
        self.identity = Identity()
        self.mean = Whitened(self.generator).mean.expand(1, sum(GROUPS), -1).contiguous()

    def made(self, latent: np.ndarray) -> torch.Tensor:
        """(1, 3, SIDE, SIDE) in [0, 1]."""
        half = self._fast.half(torch.from_numpy(latent)[None].bfloat16()).float()
        return F.avg_pool2d(half, half.shape[-1] // SIDE).clamp(0, 1)

    def seen(self, picture: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
        """What a picture is judged by."""
        return self.look.features(picture), self.identity.of(picture)

    def score(self, made: tuple, truth: tuple) -> tuple[float, float]:
        """LPIPS and the cosine of two that are :meth:`seen`."""
        return float(self.look.distance(made[0], truth[0])), float((made[1] * truth[1]).sum())


def photographs(folder: Path) -> list[torch.Tensor]:
    found = []
    for path in sorted(folder.glob("*.npy")):
        picture = tensor_of(np.load(path)[None].astype(np.float32)).clamp(0, 1)
        found.append(F.interpolate(picture, (SIDE, SIDE), mode="bilinear", antialias=True))
    return found


def held_out(judge: Judge, folder: Path, count: int) -> list[torch.Tensor]:
    """The last samples, made again at the side that is judged."""
    with np.load(max(folder.glob("samples-????.npz"))) as samples:
        styles = samples["styles"][-count:].astype(np.float32)
    return [judge.made(latent_of_groups(each)) for each in styles]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--count", type=int, default=40, help="of generated faces")
    parser.add_argument("--sheet", type=Path)
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    with torch.inference_mode():
        judge = Judge()
        encoder = Encoder(
            safetensors_file.read((args.folder / NAME).read_bytes()), judge.look, judge.identity
        )
        of_mean = judge.made(judge.mean[0].numpy())
        mean_seen = judge.seen(of_mean)
        sets = {"generated": held_out(judge, args.folder, args.count)}
        if args.photographs:
            sets["photographs"] = photographs(args.photographs)
        for name, pictures in sets.items():
            rows, columns = [], []
            for truth in pictures:
                made = judge.made(encoder.guess(truth[0].permute(1, 2, 0).numpy()))
                seen = judge.seen(truth)
                rows.append((*judge.score(mean_seen, seen), *judge.score(judge.seen(made), seen)))
                three = torch.cat([truth, of_mean, made], 2)[0].permute(1, 2, 0).numpy()
                columns.append(np.rint(three[..., ::-1] * 255).astype(np.uint8))
            numbers = np.mean(rows, axis=0)
            print(
                f"{name} ({len(rows)}): mean latent LPIPS {numbers[0]:.3f}, identity {numbers[1]:.3f}; ",
                end="",
            )
            print(f"guess {numbers[2]:.3f}, {numbers[3]:.3f}", flush=True)
            if args.sheet:
                args.sheet.mkdir(parents=True, exist_ok=True)
                for start in range(0, len(columns), 8):
                    sheet = np.hstack(columns[start : start + 8])
                    cv2.imwrite(str(args.sheet / f"{name}-{start:02d}.png"), sheet)
    return 0

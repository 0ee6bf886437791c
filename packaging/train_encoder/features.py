"""What frozen networks see in the samples, each once in every pass, damaged in another way in each.

The bases that the channels of VGG are reduced to are the principal components of the first samples' maps.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from engines import safetensors_file, store
from engines.portrait.encoder import CHANNELS, features, maps
from engines.portrait.identity import Identity
from engines.portrait.networks.lpips import Lpips

from .damage import damaged

BASES = "bases.safetensors"
BATCH = 10


def tensor_of(pictures: np.ndarray) -> torch.Tensor:
    """(n, 3, h, w) of (n, h, w, 3)."""
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))


def bases_of(look: Lpips, pictures: np.ndarray) -> list[torch.Tensor]:
    found = []
    for one, count in zip(maps(look, tensor_of(pictures)), CHANNELS, strict=True):
        rows = one.permute(0, 2, 3, 1).flatten(0, 2)
        _, vectors = torch.linalg.eigh(torch.cov(rows.T).double())
        found.append(vectors[:, -count:].flip(1).float().contiguous())
    return found


def bases(folder: Path) -> list[torch.Tensor]:
    """Those of the folder. Raises OSError if there are none yet."""
    found = safetensors_file.read((folder / BASES).read_bytes())
    return [torch.from_numpy(found[f"basis.{number}"].copy()) for number in range(len(CHANNELS))]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("features", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passes", type=int, default=1, help="over all samples, each damaged anew")
    parser.add_argument("--minutes", type=float, default=9, help="stop after these; called again, it goes on")
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    end = time.monotonic() + args.minutes * 60
    vgg = safetensors_file.read(store.load("lpips-vgg16"))
    look, identity = Lpips(vgg, dtype=torch.bfloat16), Identity()
    with torch.inference_mode():
        if not (args.folder / BASES).exists():
            with np.load(args.folder / "samples-0000.npz") as first:
                found = bases_of(look, first["pictures"].astype(np.float32) / 255)
            content = {f"basis.{number}": one.numpy() for number, one in enumerate(found)}
            (args.folder / BASES).write_bytes(safetensors_file.write(content))
        kept = bases(args.folder)
        for one_pass in range(args.passes):
            for source in sorted(args.folder.glob("samples-????.npz")):
                number = int(source.stem[-4:])
                path = args.folder / f"features-{one_pass}-{number:04d}.npy"
                if path.exists():
                    continue
                if time.monotonic() > end:
                    return 0
                with np.load(source) as samples:
                    pictures = samples["pictures"].astype(np.float32) / 255
                random = np.random.default_rng([2, one_pass, number])
                pictures = np.stack([damaged(one, random) for one in pictures])
                parts = [
                    features(look, identity, kept, tensor_of(pictures[start : start + BATCH]))
                    for start in range(0, len(pictures), BATCH)
                ]
                part = path.with_suffix(".part.npy")
                np.save(part, torch.cat(parts).numpy().astype(np.float16))
                part.replace(path)
    return 0

"""Ridge regression of reduced rank (Izenman 1975) from the features to unfolded styles.

Solved in the space of samples, of which there are fewer than features; the last samples are held out, and
choose how strong the ridge is. The rank keeps the file small: the first principal components of the
predictions.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from engines import safetensors_file
from engines.portrait.encoder import CHANNELS, COLOURS, GRID, GROUPS, unfolded
from engines.portrait.identity import PARTS

from .features import BASES

RANK = 200
# Of the variance, of VGG's depths, the colours, and the parts of `Identity.seen`; found on held-out samples.
SHARES = (0.2, 0.4, 1, 2, 2, 0.5, 4, 6, 1)
# A ridge keeps near the mean. A little farther out, photographs are met better, by LPIPS and by identity (of
# 1, 1.25, 1.5 and 1.75, on ten).
GAIN = 1.25
HELD_OUT = 0.08  # of the samples
RIDGES = tuple(np.geomspace(3, 100, 8))
NAME = "portrait-encoder.safetensors"


def blocks() -> list[slice]:
    """Where in the features each part stands."""
    sizes = [*(count * GRID * GRID for count in CHANNELS), 3 * COLOURS * COLOURS, *PARTS]
    ends = np.cumsum(sizes)
    return [slice(int(end - size), int(end)) for size, end in zip(sizes, ends, strict=True)]


def read(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (n, f), styles (n, 3, width) and numbers of the samples (n,)."""
    seen, styles, numbers = [], [], []
    for path in sorted(folder.glob("features-?-????.npy")):
        number = int(path.stem[-4:])
        seen.append(np.load(path))
        with np.load(folder / f"samples-{number:04d}.npz") as samples:
            styles.append(samples["styles"])
        numbers.append(number * len(seen[-1]) + np.arange(len(seen[-1])))
    return np.concatenate(seen), np.concatenate(styles).astype(np.float32), np.concatenate(numbers)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("fit", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rank", type=int, default=RANK)
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    seen, styles, numbers = read(args.folder)
    held = numbers >= np.quantile(numbers, 1 - HELD_OUT)
    targets = unfolded(torch.from_numpy(styles)).flatten(1)
    x = torch.from_numpy(seen).float()
    mean = x[~held].mean(0)
    x -= mean
    scale = torch.empty(x.shape[1])
    for block, share in zip(blocks(), SHARES, strict=True):
        scale[block] = (share / x[~held][:, block].square().sum(1).mean()).sqrt()
    x *= scale
    centre = targets[~held].mean(0)
    known, wanted, truth = x[~held], targets[~held] - centre, targets[held] - centre
    values, vectors = torch.linalg.eigh((known @ known.T).double())
    turned, across = vectors.T @ wanted.double(), (x[held] @ known.T).double() @ vectors

    def left(guess: torch.Tensor) -> float:
        """Of the mean latent's squared error."""
        return float((guess - truth).square().sum() / truth.square().sum())

    scores = {}
    for ridge in RIDGES:
        scores[ridge] = left(((across / (values + ridge)) @ turned).float())
        print(
            f"ridge {ridge:.2f}: {scores[ridge]:.4f} of the mean latent's error on {int(held.sum())} held out"
        )
    ridge = min(scores, key=scores.get)
    weights = known.T @ (vectors @ (turned / (values + ridge)[:, None])).float()
    guesses = known @ weights
    _, directions = torch.linalg.eigh((guesses.T @ guesses).double())
    out = directions[:, -args.rank :].T.float()
    into = weights @ out.T
    for group, part in enumerate(torch.chunk((x[held] @ into) @ out - truth, len(GROUPS), 1)):
        error = part.square().sum() / torch.chunk(truth, len(GROUPS), 1)[group].square().sum()
        print(f"group {group}: {float(error):.4f}")
    print(f"{len(known)} samples, rank {args.rank}: {left((x[held] @ into) @ out):.4f}")
    tensors = dict(safetensors_file.read((args.folder / BASES).read_bytes()))
    into *= scale[:, None]
    size = into.std()  # so that float16 has room for it
    tensors |= {
        "mean": mean.numpy().astype(np.float16),
        "into": (into / size).numpy().astype(np.float16),
        "out": (out * size * GAIN).numpy().astype(np.float16),
        "centre": centre.numpy(),
    }
    (args.folder / NAME).write_bytes(safetensors_file.write(tensors))
    return 0

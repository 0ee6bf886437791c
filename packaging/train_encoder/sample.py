"""Faces of the generator's own with their latents, small, in files of a few hundred.

Half of the faces have one style, drawn towards the mean by a random part as photographs are less extreme than
noise; the others have two or three, each for a group of the generator's inputs (`encoder.GROUPS`), so that
the regression learns which part of a picture tells which group.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from engines import safetensors_file, store
from engines.portrait.encoder import SIDE, latent_of_groups
from engines.portrait.latents import Whitened
from engines.portrait.networks.mobilestylegan import MobileStyleGan

FILE = 100  # faces of a file
LEAST = 0.6  # of the way from the mean to a style, at least

Make = Callable[[np.ndarray], np.ndarray]


def drawn(generator: MobileStyleGan, mean: torch.Tensor, number: int) -> np.ndarray:
    """Styles (groups, width) float32 of the sample of this number."""
    random = np.random.default_rng([1, number])
    noise = random.standard_normal((3, generator.width), np.float32)
    styles = generator.mapped(torch.from_numpy(noise))
    styles = mean + (styles - mean) * float(random.uniform(LEAST, 1))
    which = (0, 0, 0) if number % 2 == 0 else ((0, 0, 1), (0, 1, 1), (0, 1, 2), (0, 1, 0))[number // 2 % 4]
    return styles[list(which)].numpy()


def compiled(generator: MobileStyleGan) -> Make:
    """From a latent (inputs, width) to a picture (SIDE, SIDE, 3) uint8; by OpenVINO in half precision where
    the CPU has it, which takes a third of PyTorch's time."""
    import openvino

    class Small(nn.Module):
        def forward(self, latent: torch.Tensor) -> torch.Tensor:
            half = generator.half(latent)
            return F.avg_pool2d(half, half.shape[-1] // SIDE)

    shape = (1, len(generator.inputs), generator.width)
    with torch.inference_mode():
        model = openvino.convert_model(Small().eval(), example_input=torch.zeros(shape), input=[list(shape)])
    hints = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "bf16"}
    network = openvino.Core().compile_model(model, "CPU", hints)

    def make(latent: np.ndarray) -> np.ndarray:
        picture = network(latent[None])[0][0].transpose(1, 2, 0)
        return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)

    return make


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("sample", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=9, help="stop after these; called again, it goes on")
    args = parser.parse_args(arguments)
    args.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    end = time.monotonic() + args.minutes * 60
    generator = MobileStyleGan(safetensors_file.read(store.load("mobilestylegan-ffhq")))
    with torch.inference_mode():
        mean, make = Whitened(generator).mean, compiled(generator)
        for index in range(-(-args.count // FILE)):
            path = args.folder / f"samples-{index:04d}.npz"
            if path.exists():
                continue
            styles, pictures = [], []
            for number in range(index * FILE, (index + 1) * FILE):
                styles.append(drawn(generator, mean, number))
                pictures.append(make(latent_of_groups(styles[-1])))
                if time.monotonic() > end:
                    print(f"{index} files of {FILE}")
                    return 0
            part = path.with_suffix(".part.npz")
            np.savez(part, styles=np.stack(styles).astype(np.float16), pictures=np.stack(pictures))
            part.replace(path)
    print("all sampled")
    return 0

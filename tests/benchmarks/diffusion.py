"""What a diffusion fill costs over the networks themselves, with an SD 1.5 inpaint of the true size.

    python tests/benchmarks/diffusion.py               all of it, about ten minutes on two CPU cores
    python tests/benchmarks/diffusion.py steps crop    these
    python tests/benchmarks/diffusion.py --model DIR   of a diffusers folder of SD inpaint

Without --model the weights are random, in half floats on disk as they are published; a network takes as long
whatever they are.
    steps    from step to step, our loop and diffusers' pipeline by turns on the same networks: median of the
             clock and of the processor's time, which other programs do not lengthen; limit 1.03x
    crop     a fill of two steps of a 5 % mask in 24 megapixels and in 1 megapixel, from the mask to the new
             layer, in seconds of the processor's time: limit 1.1x
    memory   the most that a process held which loaded the model and made a fill of one step: limit 1x
"""

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import engines  # noqa: E402, F401 - before diffusers: it keeps it from asking the network

SIDE = 512
WORDS = "a red boat on a lake"


def build(folder: Path) -> None:
    """An SD 1.5 inpaint of the true size with random weights, in half floats."""
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionInpaintPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    from engines.diffusion import vocabulary

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        StableDiffusionInpaintPipeline(
            unet=UNet2DConditionModel(in_channels=9, sample_size=64, cross_attention_dim=768).half(),
            vae=AutoencoderKL(
                block_out_channels=(128, 256, 512, 512),
                down_block_types=("DownEncoderBlock2D",) * 4,
                up_block_types=("UpDecoderBlock2D",) * 4,
                layers_per_block=2,
                sample_size=SIDE,
            ).half(),
            text_encoder=CLIPTextModel(CLIPTextConfig(
                hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12
            )).half(),
            tokenizer=vocabulary.tokenizer(),
            scheduler=DDIMScheduler(
                beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1,
                clip_sample=False, set_alpha_to_one=False, timestep_spacing="leading",
            ),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        ).save_pretrained(folder)  # fmt: skip


def ours(folder: Path):
    from engines.diffusion.checkpoints import recognise
    from engines.diffusion.loading import load

    return load(recognise(folder), "cpu", "float32")


def theirs(folder: Path, **parts):
    import torch
    from diffusers import StableDiffusionInpaintPipeline

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = StableDiffusionInpaintPipeline.from_pretrained(
            str(folder), torch_dtype=torch.float32, local_files_only=True, use_safetensors=True, **parts
        )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def frame():
    from engines.diffusion.sampling import Frame

    image = np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32)
    mask = np.zeros((SIDE, SIDE), bool)
    mask[160:352, 160:352] = True
    return Frame(image, mask)


Moment = tuple[float, float]  # seconds on the clock, seconds of the processor's time


def now() -> Moment:
    return time.perf_counter(), time.process_time()


def between(moments: list[Moment]) -> list[Moment]:
    """What went by from each to the next."""
    return [(float(wall), float(worked)) for wall, worked in np.diff(np.array(moments), axis=0)]


def run_ours(model, steps: int, *, decoded: bool = False) -> list[Moment]:
    """What each step took but the first, whose beginning the pipeline does not tell."""
    from engines.base import Cancelled, Progress
    from engines.diffusion.requests import Sampling
    from engines.diffusion.sampling import paint

    times: list[Moment] = []

    def told(fraction: float) -> None:
        times.append(now())
        if fraction == 1 and not decoded:
            raise Cancelled

    sampling = Sampling(WORDS, steps=steps, scheduler="ddim", guidance=1.0)
    with contextlib.suppress(Cancelled):
        paint(model, frame(), sampling, "fill", Progress(told))
    return between(times)[1:]


def run_theirs(pipeline, steps: int, *, decoded: bool = False) -> list[Moment]:
    import torch

    times: list[Moment] = []

    def told(pipeline, step, when, values):
        times.append(now())
        return values

    made = frame()
    pipeline(
        prompt=WORDS,
        image=torch.from_numpy(made.image).permute(2, 0, 1)[None].contiguous(),
        mask_image=torch.from_numpy(made.mask.astype(np.float32))[None, None],
        height=SIDE,
        width=SIDE,
        num_inference_steps=steps,
        guidance_scale=1.0,
        strength=1.0,
        generator=torch.Generator().manual_seed(0),
        output_type="np" if decoded else "latent",
        callback_on_step_end=told,
    )
    return between(times)


def measure_steps(folder: Path, rounds: int) -> dict:
    model = ours(folder)
    pipeline = theirs(
        folder, unet=model.network, vae=model.vae, text_encoder=model.text_encoders[0]
    )  # the same networks
    own: list[Moment] = []
    other: list[Moment] = []
    for number in range(rounds):
        turns = [(own, run_ours, model), (other, run_theirs, pipeline)]
        for times, run, what in turns if number % 2 else reversed(turns):
            times += run(what, 3)
    out: dict = {"limit": 1.03, "steps": len(own)}
    for place, name in enumerate(("clock", "processor")):
        mine, published = (statistics.median(each[place] for each in times) for times in (own, other))
        out[name] = {"ours": mine, "diffusers": published, "ratio": mine / published}
    return out


def measure_crop(folder: Path, rounds: int) -> dict:
    """A fill of two steps, from the document's mask to the new layer; the engine has its model already.

    The model sees a square of the same size in both: what it takes is counted the same, the median of all.
    """
    from editor.document import masks
    from editor.document.model import Document
    from editor.jobs import fill
    from engines.base import Progress
    from engines.diffusion import engine as engine_of
    from engines.diffusion.requests import Sampling

    painted: list[float] = []
    paint = engine_of.paint

    def timed(*given, **more):
        begun = time.process_time()
        try:
            return paint(*given, **more)
        finally:
            painted.append(time.process_time() - begun)

    engine_of.paint = timed
    engine = engine_of.DiffusionFill("cpu")
    sampling = Sampling(WORDS, steps=2, scheduler="ddim", guidance=1.0)
    documents = []
    for width, height in ((6000, 4000), (1224, 816)):
        random = np.random.default_rng(0)
        tile = random.integers(0, 255, (height // 8, width // 8, 4), np.uint8).repeat(8, 0).repeat(8, 1)
        tile[..., 3] = 255
        values = np.zeros((height, width), np.uint8)
        across, down = round(width * 0.05**0.5), round(height * 0.05**0.5)
        values[height // 3 : height // 3 + down, width // 3 : width // 3 + across] = 255
        documents.append((Document.from_pixels(tile), values))
    rest: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for (document, values), times in zip(documents, rest, strict=True):
            document.edit("Mask", masks.replace(document.selection, values))
            if engine._model is None:
                engine._loaded(fill.request(document, str(folder), sampling=sampling))
            begun = time.process_time()
            request = fill.request(document, str(folder), sampling=sampling)
            fill.apply(document, request, engine.run(request, Progress()))
            times.append(time.process_time() - begun - painted[-1])
            document.history.undo()
    engine_of.paint = paint
    large, small = (statistics.median(times) for times in rest)
    model = statistics.median(painted)
    return {
        "model": model,
        "24 megapixels, beside it": large,
        "1 megapixel, beside it": small,
        "ratio": (large + model) / (small + model),
        "limit": 1.1,
    }


def measure_memory(folder: Path, rounds: int) -> dict:
    """The median of as many processes of each, by turns: mapped pages come and go as the system likes."""
    found: dict[str, list[float]] = {"ours": [], "diffusers": []}
    for number in range(rounds + 1):
        for who in sorted(found, reverse=bool(number % 2)):
            command = [sys.executable, __file__, "--held", who, "--model", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
            found[who].append(int(done.stdout.split()[-1]) / 1024)
    out: dict = {who: statistics.median(each) for who, each in found.items()}
    return out | {"ratio": out["ours"] / out["diffusers"], "limit": 1.0, "unit": "MB", "all": found}


def held(who: str, folder: Path) -> None:
    """Load, make a fill of one step, tell the most that this process held, in KB."""
    if who == "ours":
        run_ours(ours(folder), 1, decoded=True)
    else:
        run_theirs(theirs(folder), 1, decoded=True)
    # Not getrusage: what it tells begins with what the process had that started this one.
    print(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])


MEASURES = {"steps": measure_steps, "crop": measure_crop, "memory": measure_memory}


def main() -> None:
    out = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    out.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    out.add_argument("--model", type=Path, metavar="DIR")
    out.add_argument("--rounds", type=int, default=2, help="of each by turns (default %(default)s)")
    out.add_argument("--held", choices=("ours", "diffusers"), help=argparse.SUPPRESS)
    options = out.parse_args()
    if options.held:
        held(options.held, options.model)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.model or Path(temporary) / "model"
        os.environ["LACUNA_DATA_DIR"] = temporary
        if not folder.exists():
            build(folder)
        for name in options.measures or MEASURES:
            print(json.dumps({"measure": name} | MEASURES[name](folder, options.rounds)), flush=True)


if __name__ == "__main__":
    main()

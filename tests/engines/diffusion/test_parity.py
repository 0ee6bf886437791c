"""The same seed gives the same picture as diffusers' own pipelines, bit for bit on the CPU in float32."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("diffusers")

import torch
from diffusers import (
    ControlNetModel,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    LCMScheduler,
    StableDiffusionControlNetInpaintPipeline,
)

from engines.base import Progress
from engines.diffusion import presets
from engines.diffusion.checkpoints import recognise
from engines.diffusion.guidance import Control
from engines.diffusion.loading import load
from engines.diffusion.requests import Sampling
from engines.diffusion.sampling import Frame, paint
from tests.engines.diffusion import tiny_models

pytestmark = pytest.mark.usefixtures("one_thread")

SIDE = 64


def frame(seed=0, height=SIDE, width=SIDE):
    """A smooth picture with noise, and a mask in its middle."""
    random = np.random.default_rng(seed)
    ramp = np.linspace(0, 0.7, width, dtype=np.float32)[None, :, None]
    image = (ramp + 0.3 * random.random((height, width, 3), np.float32)).astype(np.float32)
    mask = np.zeros((height, width), bool)
    mask[height // 4 : height // 2, width // 4 : width * 3 // 4] = True
    return Frame(image, mask)


# As their authors have it: SDXL-Lightning's Euler and Hyper-SD's DDIM, both from the last level on.
RECOMMENDED = {
    "lcm": lambda config: LCMScheduler.from_config(config),
    "lightning": lambda config: EulerDiscreteScheduler.from_config(config, timestep_spacing="trailing"),
    "hyper": lambda config: DDIMScheduler.from_config(config, timestep_spacing="trailing"),
    "hyper-cfg": lambda config: DDIMScheduler.from_config(config, timestep_spacing="trailing"),
}
THEIRS = {
    "ddim": lambda config: DDIMScheduler.from_config(config),
    "dpm++": lambda config: DPMSolverMultistepScheduler.from_config(
        config, algorithm_type="dpmsolver++", solver_order=2, use_karras_sigmas=True
    ),
    "euler": lambda config: EulerDiscreteScheduler.from_config(config),
    "lcm": lambda config: LCMScheduler.from_config(config),
}


def theirs(pipeline, frame, sampling, made=None, **more):
    """What the pipeline itself makes of it, with a scheduler ``made`` from its own."""
    before = pipeline.scheduler
    if not isinstance(before, FlowMatchEulerDiscreteScheduler):
        pipeline.scheduler = (made or THEIRS[sampling.scheduler])(before.config)
        more["negative_prompt"] = sampling.negative or None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pipeline(
                prompt=sampling.prompt,
                image=torch.from_numpy(frame.image).permute(2, 0, 1)[None].contiguous(),
                mask_image=torch.from_numpy(frame.mask.astype(np.float32))[None, None],
                height=frame.mask.shape[0],
                width=frame.mask.shape[1],
                num_inference_steps=sampling.steps,
                guidance_scale=sampling.guidance,
                strength=sampling.strength,
                generator=torch.Generator().manual_seed(sampling.seed),
                output_type="np",
                **more,
            ).images[0]
    finally:
        pipeline.scheduler = before


def ours(model, frame, sampling, controls=()):
    return paint(model, frame, sampling, "fill", Progress(), controls=controls)


@pytest.fixture(scope="module")
def models(saved):
    """Each loaded once."""
    found = {}

    def get(name):
        if name not in found:
            found[name] = load(recognise(saved[name]), "cpu")
        return found[name]

    return get


WORDS = {"prompt": "a red boat on a lake", "negative": "blurred, grey"}
CASES = [
    ("sd", Sampling(**WORDS, steps=4, scheduler="ddim")),
    ("sd", Sampling(**WORDS, steps=5, scheduler="dpm++", seed=3)),
    ("sd", Sampling(**WORDS, steps=4, scheduler="euler", strength=0.7)),
    ("sd", Sampling(prompt="a boat", steps=4, scheduler="lcm", guidance=1.5)),
    ("sd", Sampling(steps=2, scheduler="ddim", guidance=1.0)),
    ("sd file", Sampling(**WORDS, steps=4, scheduler="dpm++", strength=0.5, seed=2)),
    ("sd4", Sampling(**WORDS, steps=4, scheduler="ddim")),
    ("sd4", Sampling(**WORDS, steps=6, scheduler="dpm++", strength=0.6)),
    ("sd4 file", Sampling(**WORDS, steps=4, scheduler="euler", strength=0.8, seed=5)),
    ("lcm", Sampling(prompt="a boat", steps=4, scheduler="lcm", guidance=8.0)),
    ("lcm file", Sampling(prompt="a boat", steps=4, scheduler="lcm", guidance=8.0)),
    ("sdxl", Sampling(**WORDS, steps=3, scheduler="ddim")),
    ("sdxl", Sampling(prompt="a boat", steps=4, scheduler="euler", strength=0.9)),
    ("sdxl file", Sampling(**WORDS, steps=3, scheduler="dpm++", seed=4)),
    ("flux", Sampling(prompt="a red boat", steps=3, guidance=30.0)),
    ("flux", Sampling(prompt="a red boat", steps=4, guidance=12.0, strength=0.6, seed=1)),
    ("flux file", Sampling(prompt="a red boat", steps=3, guidance=30.0)),
    ("flux prefixed", Sampling(prompt="a red boat", steps=3, guidance=12.0, strength=0.7, seed=1)),
    ("flux whole", Sampling(prompt="a red boat, .", steps=3, guidance=30.0, seed=2)),
    ("flux2", Sampling(prompt="a red boat", steps=3, guidance=4.0)),
    ("flux2", Sampling(prompt="a red boat", steps=5, guidance=2.5, strength=0.6, seed=1)),
    ("flux2", Sampling(steps=2, guidance=1.0, seed=2)),
    ("flux2-quick", Sampling(prompt="a red boat", steps=4, guidance=1.0)),
    ("flux2-quick", Sampling(prompt="a red boat", steps=4, guidance=4.0, strength=0.7, seed=3)),
]


@pytest.mark.parametrize(
    ("name", "sampling"), CASES, ids=[f"{name} {each.scheduler} {each.strength:g}" for name, each in CASES]
)
def test_the_same_bits(models, pipelines, name, sampling):
    picture = frame(sampling.seed)
    wanted = theirs(pipelines[name.split()[0]], picture, sampling)
    got = ours(models(name), picture, sampling)
    assert got.dtype == wanted.dtype == np.float32 and got.shape == wanted.shape
    assert np.array_equal(got, wanted)
    assert got.std() > 0.01  # it is a picture at all


@pytest.mark.parametrize(("name", "steps", "strength"), [
    ("lcm", 4, 1.0), ("lightning", 2, 1.0), ("lightning", 4, 0.5), ("lightning", 8, 1.0),
    ("hyper", 4, 0.75), ("hyper", 0, 1.0), ("hyper-cfg", 0, 1.0),
])  # fmt: skip
def test_the_same_bits_with_a_few_step_preset(models, pipelines, name, steps, strength):
    sampling = presets.sampling_of(name, Sampling(**WORDS, strength=strength, seed=steps), steps)
    assert sampling.steps == steps or steps == 0
    wanted = theirs(pipelines["sdxl"], frame(), sampling, RECOMMENDED[name])
    got = ours(models("sdxl"), frame(), sampling)
    assert np.array_equal(got, wanted)
    if sampling.spacing:
        assert not np.array_equal(got, ours(models("sdxl"), frame(), replace(sampling, spacing="leading")))


def test_the_same_bits_with_the_guidance_drawn_back(models, pipelines):
    sampling = Sampling(**WORDS, steps=3, scheduler="ddim", rescale=0.7)
    wanted = theirs(pipelines["sdxl"], frame(), sampling, guidance_rescale=0.7)
    got = ours(models("sdxl"), frame(), sampling)
    assert np.array_equal(got, wanted)
    plain = Sampling(**WORDS, steps=3, scheduler="ddim")
    assert not np.array_equal(got, ours(models("sdxl"), frame(), plain))


def test_the_same_bits_at_another_shape(models, pipelines):
    picture, sampling = frame(height=72, width=104), Sampling(**WORDS, steps=3, scheduler="ddim")
    assert np.array_equal(ours(models("sd"), picture, sampling), theirs(pipelines["sd"], picture, sampling))


@pytest.mark.parametrize(("height", "width", "strength"), [(96, 144, 1.0), (48, 176, 0.7)])
def test_the_same_bits_of_flux2_at_other_shapes(models, pipelines, height, width, strength):
    """The mask ends within a cell of the latents, where it is blended."""
    picture = frame(1, height, width)
    picture.mask[height // 2 : height // 2 + 5, width // 4 : width // 2 + 3] = True
    sampling = Sampling(prompt="a boat", steps=4, guidance=3.0, strength=strength)
    wanted = theirs(pipelines["flux2"], picture, sampling)
    assert np.array_equal(ours(models("flux2"), picture, sampling), wanted)


def test_the_same_bits_of_flux2_with_a_negative_prompt_and_too_many_words(models, pipelines):
    pipeline, picture = pipelines["flux2"], frame()
    sampling = Sampling(prompt="a boat " * 300, negative="blurred, grey", steps=2, guidance=3.0)
    with torch.no_grad():
        words, _ = pipeline.encode_prompt(sampling.negative)
    wanted = theirs(pipeline, picture, sampling, negative_prompt_embeds=words)
    got = ours(models("flux2"), picture, sampling)
    assert np.array_equal(got, wanted)
    assert not np.array_equal(got, theirs(pipeline, picture, sampling))


@pytest.mark.parametrize("name", ["sd", "sd4"])
def test_the_same_bits_with_a_controlnet(models, pipelines, name):
    network = tiny_models.controlnet(pipelines["sd4"].unet)
    parts = {key: value for key, value in pipelines[name].components.items() if key != "image_encoder"}
    pipeline = StableDiffusionControlNetInpaintPipeline(
        **parts, controlnet=network, requires_safety_checker=False
    )
    pipeline.set_progress_bar_config(disable=True)
    hint = torch.rand((1, 3, SIDE, SIDE), generator=torch.Generator().manual_seed(1))
    sampling = Sampling(**WORDS, steps=3, scheduler="ddim", seed=6)
    wanted = theirs(pipeline, frame(), sampling, control_image=hint, controlnet_conditioning_scale=0.8)
    assert isinstance(network, ControlNetModel)
    got = ours(models(name), frame(), sampling, [Control(network, hint, 0.8)])
    assert np.array_equal(got, wanted)
    assert not np.array_equal(got, ours(models(name), frame(), sampling))


def test_another_seed_is_another_picture(models):
    first, again, other = (
        ours(models("sd"), frame(), Sampling(steps=2, seed=seed, guidance=1)) for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again) and not np.array_equal(first, other)

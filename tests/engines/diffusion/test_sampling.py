"""A run: told how far it is, shown as it goes, called off in the middle of a step."""

import numpy as np
import pytest

pytest.importorskip("diffusers")

import torch
from diffusers import AutoencoderTiny

from engines.base import Cancelled, EngineError, Progress, WeightsWrong
from engines.diffusion import latents, previews
from engines.diffusion.checkpoints import recognise
from engines.diffusion.loading import load
from engines.diffusion.requests import SCHEDULERS, Sampling
from engines.diffusion.sampling import Frame, paint
from engines.diffusion.schedules import Schedule

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def model(saved):
    return load(recognise(saved["sd"]), "cpu")


@pytest.fixture(scope="module")
def plain(saved):
    """A model without an inpainting head."""
    return load(recognise(saved["sd4"]), "cpu")


@pytest.fixture(scope="module")
def klein(saved):
    return load(recognise(saved["flux2"]), "cpu")


def frame(seed=0):
    image = np.random.default_rng(seed).random((64, 64, 3), np.float32)
    mask = np.zeros((64, 64), bool)
    mask[16:40, 16:48] = True
    return Frame(image, mask)


def test_progress_is_told_at_every_step(model):
    told = []
    paint(model, frame(), Sampling(steps=4), "fill", Progress(told.append))
    assert told == [0, 0.25, 0.5, 0.75, 1]
    told.clear()
    paint(model, frame(), Sampling(steps=4, strength=0.5), "fill", Progress(told.append))
    assert told == [0, 0.5, 1]


@pytest.mark.parametrize("name", SCHEDULERS)
def test_every_step_is_shown(model, name):
    shown = []
    sampling = Sampling(steps=3, scheduler=name)
    done = paint(model, frame(), sampling, "fill", Progress(), show=shown.append)
    assert len(shown) == 3
    for each in shown:
        assert each.shape == (8, 8, 3) and each.dtype == np.float32
        assert each.min() >= 0 and each.max() <= 1
    assert np.array_equal(done, paint(model, frame(), sampling, "fill", Progress()))  # it changes nothing


def test_a_run_is_called_off_between_steps(model):
    progress = Progress(lambda fraction: fraction >= 0.5 and progress.cancel())
    calls = []
    hook = model.network.register_forward_hook(lambda *_: calls.append(1))
    with pytest.raises(Cancelled):
        paint(model, frame(), Sampling(steps=4), "fill", progress)
    hook.remove()
    assert len(calls) <= 2


def test_a_run_is_called_off_within_a_step(model):
    progress, ended = Progress(), []
    hooks = [
        model.network.mid_block.register_forward_hook(lambda *_: progress.cancel()),
        model.network.register_forward_hook(lambda *_: ended.append(1)),
    ]
    with pytest.raises(Cancelled):
        paint(model, frame(), Sampling(steps=4), "fill", progress)
    for hook in hooks:
        hook.remove()
    assert not ended
    assert not any(block._forward_pre_hooks for block in model.network.down_blocks)  # nothing is left


def test_a_run_is_called_off_while_the_words_are_read(klein):
    """A Qwen3 of true size takes many seconds for that."""
    (reader,), progress, ended = klein.text_encoders, Progress(), []
    hooks = [
        reader.layers[3].register_forward_hook(lambda *_: progress.cancel()),
        reader.layers[4].register_forward_hook(lambda *_: ended.append(1)),
    ]
    with pytest.raises(Cancelled):
        paint(klein, frame(), Sampling(steps=2), "fill", progress)
    for hook in hooks:
        hook.remove()
    assert not ended and not any(block._forward_pre_hooks for block in reader.layers)


def test_a_klein_is_called_off_within_a_step(klein):
    progress, ended = Progress(), []
    hooks = [
        klein.network.transformer_blocks[0].register_forward_hook(lambda *_: progress.cancel()),
        klein.network.register_forward_hook(lambda *_: ended.append(1)),
    ]
    with pytest.raises(Cancelled):
        paint(klein, frame(), Sampling(steps=2), "fill", progress)
    for hook in hooks:
        hook.remove()
    assert not ended


def test_each_step_of_a_klein_is_shown_a_pixel_for_a_latent_of_its_autoencoder(klein):
    shown, told = [], []
    sampling = Sampling(steps=3, guidance=3.0)
    done = paint(klein, frame(), sampling, "fill", Progress(told.append), show=shown.append)
    assert told == [0, 1 / 3, 2 / 3, 1]
    assert [each.shape for each in shown] == [(8, 8, 3)] * 3
    assert all(each.dtype == np.float32 and each.min() >= 0 and each.max() <= 1 for each in shown)
    assert np.array_equal(done, paint(klein, frame(), sampling, "fill", Progress()))  # it changes nothing


@pytest.mark.parametrize(
    ("sampling", "words"),
    [
        (Sampling(scheduler="heun"), "Choose one of: ddim"),
        (Sampling(steps=4, strength=0.1), "leaves none of the 4 steps"),
    ],
)
def test_what_cannot_be_done_is_told(model, sampling, words):
    with pytest.raises(EngineError, match=words):
        paint(model, frame(), sampling, "fill", Progress())


def test_what_is_known_stays_in_the_latents_of_a_plain_model(plain):
    """The last step leaves the known part its own latents, which decode to what the autoencoder makes."""
    with torch.no_grad():
        generator = torch.Generator().manual_seed(0)
        clean = latents.encode(plain, latents.picture_of(frame().image), generator)
        wanted = latents.decode(plain, clean)
    done = paint(plain, frame(), Sampling(steps=3), "fill", Progress())
    far = np.s_[56:, 56:]
    near = np.s_[24:32, 24:40]
    assert np.abs(done - wanted)[far].mean() < 0.3 * np.abs(done - wanted)[near].mean()


# --- previews ---


def test_a_linear_preview_finds_the_colours():
    random = np.random.default_rng(0)
    found = torch.from_numpy(random.normal(size=(1, 4, 12, 16)).astype(np.float32))
    true = torch.from_numpy(random.normal(size=(4, 3)).astype(np.float32)) * 0.2
    colours = torch.einsum("nchw,cd->ndhw", found, true) + 0.1
    picture = colours.repeat_interleave(8, 2).repeat_interleave(8, 3)
    rgb = previews.linear(found, picture)(found)
    wanted = (colours[0].permute(1, 2, 0) * 0.5 + 0.5).clamp(0, 1).numpy()
    assert np.abs(rgb - wanted).max() < 0.01


def test_a_linear_preview_of_a_flat_picture():
    found = torch.zeros(1, 4, 8, 8)
    rgb = previews.linear(found, torch.full((1, 3, 64, 64), 0.5))(found)
    assert np.allclose(rgb, 0.75, atol=1e-3)


def test_a_tiny_autoencoder_shows_the_whole_size(model, tmp_path):
    torch.manual_seed(0)
    network = AutoencoderTiny(encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4)
    network.save_pretrained(tmp_path / "taesd")
    preview = previews.tiny(tmp_path / "taesd", "cpu", torch.float32)
    shown = []
    paint(model, frame(), Sampling(steps=2), "fill", Progress(), show=shown.append, preview=preview)
    assert [each.shape for each in shown] == [(64, 64, 3)] * 2
    with pytest.raises(WeightsWrong, match="could not be loaded"):
        previews.tiny(tmp_path, "cpu", torch.float32)


def test_the_last_estimate_is_the_outcome(model):
    """At the last level DDIM's estimate of the clean latents is what its step leaves, but for the last ᾱ."""
    schedule = Schedule("ddim", model.scheduler, 4, 1.0, "cpu")
    generator = torch.Generator().manual_seed(0)
    now, predicted = (torch.randn(1, 4, 8, 8, generator=generator) for _ in range(2))
    level = len(schedule) - 1
    clean = schedule.clean(now, predicted, level)
    after = schedule.step(predicted, level, now, generator)
    kept = schedule.kept(len(schedule))
    assert torch.allclose(after, kept.sqrt() * clean + (1 - kept).sqrt() * predicted, atol=1e-5)

"""The sampling rules against the papers' formulas, written down here once more and without our loop.

In each the "network" is a fixed function of latents and time, so that only the rule is looked at. ᾱ is
that of Stable Diffusion, computed from its betas; diffusers keeps it in float32.
"""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("diffusers")

import torch
from torch.nn import functional

from engines.base import Progress
from engines.diffusion import rules, sampling
from engines.diffusion.requests import Sampling
from engines.diffusion.schedules import Schedule
from tests.engines.diffusion import tiny_models

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 10
BETAS = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
ALPHAS = torch.cumprod(1 - BETAS, 0)
TIMES = [(STEPS - 1 - index) * (1000 // STEPS) + 1 for index in range(STEPS)]


def kept(level):
    """ᾱ at a level of the run; the last is that of the first time step, as Stable Diffusion has it."""
    return ALPHAS[TIMES[level]] if level < STEPS else ALPHAS[0]


def network(x, when):
    """In the network's place: some noise or other, from everything that it is given."""
    return torch.tanh(x.roll(1, -1) + 0.3 * x.flip(-2)) * (0.5 + when / 2000)


def ddpm(x, level, sigma_share, noise):
    """One step of Song et al. 2021 (DDIM), equation 12; with ``sigma_share`` 1 it is DDPM's."""
    a, b = kept(level), kept(level + 1)
    e = network(x, TIMES[level])
    sigma = sigma_share * ((1 - b) / (1 - a) * (1 - a / b)).sqrt()
    x0 = (x - (1 - a).sqrt() * e) / a.sqrt()
    return b.sqrt() * x0 + (1 - b - sigma**2).sqrt() * e + sigma * noise


def q(x0, level, noise):
    """The forward process."""
    return kept(level).sqrt() * x0 + (1 - kept(level)).sqrt() * noise


@pytest.fixture
def run(monkeypatch):
    """Runs our loop on latents alone; gives its outcome and every noise that was drawn, in order."""
    drawn = []

    def through(task, clean, mask, change=None, **more):
        made = sampling._Run.__new__(sampling._Run)
        made._sampling = Sampling(scheduler="ddim", steps=STEPS, **more)
        made._task, made._watching = task, None
        config = dict(tiny_models.scheduler().config)
        made._model = SimpleNamespace(
            checkpoint=SimpleNamespace(inpaints=False, family="sd"),
            cell=8,
            scheduler=config,
            device="cpu",
            multiple=8,
        )
        made._frame = SimpleNamespace(mask=np.zeros((8 * clean.shape[-2], 8 * clean.shape[-1]), bool))
        made._generator = torch.Generator().manual_seed(5)

        def draw():
            drawn.append(torch.randn(clean.shape, generator=made._generator, dtype=torch.float64))
            return drawn[-1]

        def step(self, predicted, level, latents, generator):
            eta = self._options["eta"]
            noise = draw() if eta else torch.zeros_like(latents)
            return self._scheduler.step(
                predicted, self.timesteps[level], latents, eta=eta, variance_noise=noise, return_dict=False
            )[0]

        monkeypatch.setattr(Schedule, "step", step)
        made._draw = draw
        made._predict = lambda x, when: network(x, int(when))
        made._clean, made._mask, made._change = clean, mask, change
        made._begins_from_picture = made._sampling.strength != 1 or task in ("sdedit", "soft")
        made._schedule = made._new_schedule()
        made._noise = draw()
        return made.through(Progress()), iter(drawn)

    return through


@pytest.fixture
def clean():
    return torch.randn((1, 4, 16, 16), generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.fixture
def mask():
    out = torch.zeros((1, 1, 16, 16), dtype=torch.float64)
    out[..., 4:11, 5:14] = 1
    return out


def same(got, wanted):
    assert torch.allclose(got, wanted, rtol=1e-4, atol=3e-5), (got - wanted).abs().max()


def test_sdedit(run, clean, mask):
    """Meng et al. 2022, algorithm 2; one noise for what is known in a pass, as in the authors' code."""
    got, noises = run("sdedit", clean, mask, strength=0.6, passes=3)
    x0 = clean
    for _ in range(3):
        e = next(noises)
        x = q(x0, 4, e)
        for level in range(4, STEPS):
            x = ddpm(x, level, 0, 0)
            known = q(x0, level + 1, e) if level + 1 < STEPS else x0
            x = (1 - mask) * known + mask * x
        x0 = (1 - mask) * x0 + mask * x
    same(got, x0)
    assert torch.equal(got * (1 - mask), clean * (1 - mask))
    assert (got - clean)[mask.expand_as(clean) > 0].abs().mean() > 0.1


def test_sdedit_keeps_more_with_less_strength(run, clean, mask):
    near, _ = run("sdedit", clean, mask, strength=0.2)
    far, _ = run("sdedit", clean, mask, strength=0.9)
    assert (near - clean).abs().mean() < (far - clean).abs().mean()


def phi(x, n):
    small = [round(side / n) for side in x.shape[-2:]]
    down = functional.interpolate(x.float(), small, mode="bicubic", antialias=True)
    return functional.interpolate(down, x.shape[-2:], mode="bicubic", antialias=True).double()


def test_ilvr(run, clean, mask):
    """Choi et al. 2021, algorithm 1, down to a share of the steps, inside a mask."""
    got, noises = run("ilvr", clean, mask, factor=32, until=0.3)
    e = next(noises)
    x = e
    for level in range(STEPS):
        x = ddpm(x, level, 1, next(noises))
        if level + 1 <= 7:
            y = q(clean, level + 1, next(noises))
            x = phi(y, 4) + x - phi(x, 4)
        known = q(clean, level + 1, e) if level + 1 < STEPS else clean
        x = (1 - mask) * known + mask * x
    same(got, x)


def test_ilvr_has_the_references_low_frequencies(run, clean, mask):
    everywhere = torch.ones_like(mask)
    got, _ = run("ilvr", clean, everywhere, factor=64, until=0.0)
    off = (rules.low_pass(got, 8) - rules.low_pass(clean, 8)).abs().mean()
    free, _ = run("ilvr", clean, everywhere, factor=64, until=1.0)
    assert off < 0.2 * (rules.low_pass(free, 8) - rules.low_pass(clean, 8)).abs().mean()
    assert (got - clean).abs().mean() > 0.3  # and detail of its own


def authors_times(steps, length, times):
    """The times t of RePaint's appendix, from the noisiest, steps - 1, to -1, the finished picture."""
    left = dict.fromkeys(range(0, steps - length, length), times - 1)
    t, out = steps, []
    while t >= 1:
        t -= 1
        out.append(t)
        if left.get(t, 0) > 0:
            left[t] -= 1
            for _ in range(length):
                t += 1
                out.append(t)
    return [*out, -1]


def test_repaint(run, clean, mask):
    """Lugmayr et al. 2022, algorithm 1 with jumps: each stretch of 2 steps run 3 times."""
    got, noises = run("resample", clean, mask, jump=2, resamplings=3)
    x = next(noises)
    for before, t in pairwise(authors_times(STEPS, 2, 3)):
        level, following = STEPS - 1 - before, STEPS - 1 - t
        if t < before:
            unknown = ddpm(x, level, 1, next(noises))
            noise = next(noises)
            known = q(clean, following, noise) if t >= 0 else clean
            x = (1 - mask) * known + mask * unknown
        else:
            share = kept(following) / kept(level)
            x = share.sqrt() * x + (1 - share).sqrt() * next(noises)
    same(got, x)


def test_the_jumps_of_repaint():
    assert rules.jumps(4, 1, 1) == [0, 1, 2, 3, 4]
    assert rules.jumps(4, 2, 2) == [0, 1, 2, 3, 2, 1, 2, 3, 4]
    assert rules.jumps(5, 2, 2) == [0, 1, 2, 1, 0, 1, 2, 3, 4, 3, 2, 3, 4, 5]
    assert rules.jumps(3, 5, 9) == [0, 1, 2, 3]
    for steps, length, times in ((20, 5, 4), (50, 10, 10), (7, 3, 2), (6, 6, 3)):
        path = rules.jumps(steps, length, times)
        assert path == [steps - 1 - t for t in authors_times(steps, length, times)]
        assert {abs(one - other) for one, other in pairwise(path)} == {1}


def test_going_back_is_as_noisy_as_going_down():
    """From variance 1 - ᾱ at a level to 1 - ᾱ at the one before."""
    generator = torch.Generator().manual_seed(0)
    noises = torch.randn((2, 100_000), generator=generator, dtype=torch.float64)
    late, early = torch.tensor(0.8), torch.tensor(0.5)
    x = late.sqrt() * 3 + (1 - late).sqrt() * noises[0]
    back = rules.renoised(x, late, early, noises[1])
    assert abs(back.mean() - 3 * early.sqrt()) < 0.01
    assert abs(back.var() - (1 - early)) < 0.01


def test_differential_diffusion(run, clean, mask):
    """Levin and Fried 2023, algorithm 1: with their map, bright where the picture is to be preserved."""
    generator = torch.Generator().manual_seed(3)
    change = torch.rand((1, 1, 16, 16), generator=generator, dtype=torch.float64)
    change[..., :4, :], change[..., -4:, :] = 0, 1
    got, noises = run("soft", clean, mask, change)
    e, theirs = next(noises), 1 - change
    x = q(clean, 0, e)
    for level in range(STEPS):
        fixed = (theirs > level / STEPS).double()
        x = q(clean, level, e) * fixed + x * (1 - fixed)
        x = ddpm(x, level, 0, 0)
    same(got, x)


def test_the_soft_map_is_bright_where_much_may_change():
    change = torch.tensor([0.0, 0.3, 0.7, 1.0])
    held = sum(rules.fixed(change, level, 10) for level in range(10))
    assert held.tolist() == [10, 7, 3, 0]

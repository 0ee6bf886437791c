"""From noise to picture in a few steps: which noise levels, and what each step does with a prediction."""

import inspect
import warnings
from typing import Any

import numpy as np
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    LCMScheduler,
)

from engines.base import EngineError
from engines.diffusion.requests import SCHEDULERS, SPACINGS

_MADE = {
    "ddim": (DDIMScheduler, {}),
    "dpm++": (
        DPMSolverMultistepScheduler,
        {"algorithm_type": "dpmsolver++", "solver_order": 2, "use_karras_sigmas": True},
    ),
    "euler": (EulerDiscreteScheduler, {}),
    "lcm": (LCMScheduler, {}),
}


class Schedule:
    """The noise levels of one run, the noisiest first, and the way from each to the next.

    ``name`` is one of SCHEDULERS, ``config`` how the model was trained. Of ``steps`` in all the last share
    ``strength`` is run. ``eta`` is the share of fresh noise in DDIM's steps: 1 makes them those of DDPM.
    ``spacing`` is one of SPACINGS: "trailing" begins at the noisiest level and spreads the steps from there,
    as few-step models were trained (Lin et al. 2024, "Common Diffusion Noise Schedules", section 3.3).
    Flow matching, which FLUX was trained with, has Euler's steps and shifts the levels by the ``length`` of
    what the network sees, in its tokens, or by ``shift`` where a model has a rule of its own. Raises
    EngineError for a name or spacing that is none, and if ``strength`` leaves no step.
    """

    def __init__(
        self,
        name: str,
        config: dict[str, Any],
        steps: int,
        strength: float,
        device: str,
        *,
        eta: float = 0.0,
        length: int = 0,
        shift: float | None = None,
        spacing: str = "",
    ) -> None:
        if name not in SCHEDULERS:
            raise EngineError(f'There is no scheduler "{name}". Choose one of: {", ".join(SCHEDULERS)}.')
        if spacing not in SPACINGS:
            known = ", ".join(each for each in SPACINGS if each)
            raise EngineError(f'There is no spacing "{spacing}". Choose one of: {known}; or leave it open.')
        self.flows = config.get("_class_name") == FlowMatchEulerDiscreteScheduler.__name__
        if self.flows:
            self._scheduler = FlowMatchEulerDiscreteScheduler.from_config(config)
            self._shift(steps, device, self._usual_shift(length) if shift is None else shift)
        else:
            kind, more = _MADE[name]
            more = more | ({"timestep_spacing": spacing} if spacing else {})
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of what diffusers does with numpy
                self._scheduler = kind.from_config(config, **more)
                self._scheduler.set_timesteps(steps, device=device)
        skipped = _skipped(steps, strength, flows=self.flows)
        self.timesteps = self._scheduler.timesteps[skipped:]
        if len(self.timesteps) < 1:
            raise EngineError(
                f"Strength {strength:g} leaves none of the {steps} steps. Raise the strength or the steps."
            )
        if hasattr(self._scheduler, "set_begin_index"):
            self._scheduler.set_begin_index(skipped)
        takes = inspect.signature(self._scheduler.step).parameters
        self._options = {"eta": eta} if "eta" in takes else {}
        self._takes_generator = "generator" in takes

    def _usual_shift(self, length: int) -> float:
        """Towards noise for large pictures (Esser et al. 2024)."""
        config = self._scheduler.config
        low, high = config.get("base_shift", 0.5), config.get("max_shift", 1.15)
        shortest, longest = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
        slope = (high - low) / (longest - shortest)
        return length * slope + (low - slope * shortest)

    def _shift(self, steps: int, device: str, mu: float) -> None:
        """Levels for flow matching, shifted towards noise."""
        self._scheduler.set_timesteps(sigmas=np.linspace(1.0, 1 / steps, steps), device=device, mu=mu)

    def __len__(self) -> int:
        return len(self.timesteps)

    def first(self, noise: torch.Tensor) -> torch.Tensor:
        """What a run begins with where nothing is to show through."""
        return noise if self.flows else noise * self._scheduler.init_noise_sigma

    def noised(self, clean: torch.Tensor, noise: torch.Tensor, level: int) -> torch.Tensor:
        """``clean`` as noisy as at a level, which must be the run's present one; as it is at the last."""
        if level == len(self):
            return clean
        when = self.timesteps[level : level + 1]
        if self.flows:
            return self._scheduler.scale_noise(clean, when, noise)
        return self._scheduler.add_noise(clean, noise, when)

    def scaled(self, latents: torch.Tensor, when: torch.Tensor) -> torch.Tensor:
        """The latents as the network is to see them."""
        return latents if self.flows else self._scheduler.scale_model_input(latents, when)

    def step(
        self, predicted: torch.Tensor, level: int, latents: torch.Tensor, generator: torch.Generator
    ) -> torch.Tensor:
        """The latents at the level after this one."""
        options = self._options | ({"generator": generator} if self._takes_generator else {})
        when = self.timesteps[level]
        return self._scheduler.step(predicted, when, latents, **options, return_dict=False)[0]

    def kept(self, level: int) -> torch.Tensor:
        """ᾱ of DDPM: the share of the picture's variance at a level; that after the last step at the end."""
        scheduler = self._scheduler
        if level == len(self):
            return scheduler.final_alpha_cumprod
        return scheduler.alphas_cumprod[int(self.timesteps[level])]

    def clean(self, scaled: torch.Tensor, predicted: torch.Tensor, level: int) -> torch.Tensor:
        """What the picture would be, were the prediction right; ``scaled`` as the network saw it."""
        if self.flows:
            scheduler = self._scheduler
            return scaled - scheduler.sigmas[scheduler.index_for_timestep(self.timesteps[level])] * predicted
        share = self._scheduler.alphas_cumprod[int(self.timesteps[level])].to(scaled)
        if self._scheduler.config.prediction_type == "v_prediction":
            return share.sqrt() * scaled - (1 - share).sqrt() * predicted
        return (scaled - (1 - share).sqrt() * predicted) / share.sqrt()


def _skipped(steps: int, strength: float, *, flows: bool) -> int:
    """Steps left out at the start. diffusers rounds the two kinds the other way round."""
    if flows:
        return int(max(steps - min(steps * strength, steps), 0))
    return max(steps - min(int(steps * strength), steps), 0)

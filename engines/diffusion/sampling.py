"""One picture through a model: from the words and what is known to the picture that it paints.

The order in which chance is drawn is that of diffusers' own pipelines, so that the same seed gives the same
picture here and there (tests/engines/diffusion/test_parity.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from diffusers.utils.torch_utils import randn_tensor

from engines.base import EngineError, Progress
from engines.diffusion import flux, flux2, guidance, latents, previews, prompts, rules
from engines.diffusion.guidance import Control, Predict
from engines.diffusion.model import Model
from engines.diffusion.requests import Sampling
from engines.diffusion.schedules import Schedule
from engines.diffusion.watching import watched

RULED = ("sdedit", "ilvr", "resample", "soft")  # tasks whose rules need the picture's own latents


@dataclass(frozen=True)
class Frame:
    """A picture as a model is to see it; both sides are multiples of ``model.multiple``."""

    image: np.ndarray  # (h, w, 3) float32 [0, 1]: what is known, and what a fill begins from
    mask: np.ndarray  # (h, w) bool: where to paint
    change: np.ndarray | None = None  # (h, w) float32 [0, 1]: how much, for the task "soft"


def paint(
    model: Model,
    frame: Frame,
    sampling: Sampling,
    task: str,
    progress: Progress,
    *,
    controls: Sequence[Control] = (),
    show: Callable[[np.ndarray], None] | None = None,
    preview: previews.Preview | None = None,
) -> np.ndarray:
    """The whole frame as the model paints it, (h, w, 3) float32 in [0, 1], before any compositing.

    ``progress`` is told the share of the steps done; cancelling it raises Cancelled before the next block of
    the network. ``show`` is given what the picture would be, after each step, as ``preview`` makes it, else
    as a linear map of the latents. Raises EngineError for a sampling that cannot be done.
    """
    networks = (model.network, *model.text_encoders, *(each.network for each in controls))
    with torch.no_grad(), watched(networks, progress):
        run = _Run(model, frame, sampling, task, controls)
        if show is not None:
            run.watch(show, preview or run.linear_preview())
        done = run.through(progress)
        return latents.decode(model, done)


class _Run:
    """The latents of one run, the schedule that they follow and what predicts the noise in them."""

    def __init__(
        self, model: Model, frame: Frame, sampling: Sampling, task: str, controls: Sequence[Control]
    ) -> None:
        self._model, self._frame, self._sampling, self._task = model, frame, sampling, task
        self._watching: tuple[Callable[[np.ndarray], None], previews.Preview] | None = None
        self._generator = torch.Generator().manual_seed(sampling.seed % 2**63)
        self._schedule = self._new_schedule()
        self._mask = latents.mask_of(frame.mask, model)
        if frame.change is not None:
            self._change = latents.mask_of(frame.change, model)
        flows, inpaints = self._schedule.flows, model.checkpoint.inpaints
        if flows and task == "resample":
            raise EngineError("FLUX does not resample, and need not: it can fill. Choose the task fill.")
        self._begins_from_picture = flows or sampling.strength != 1 or task in ("sdedit", "soft")
        words = None if flows else self._words()
        picture = latents.picture_of(frame.image)
        if self._begins_from_picture or not inpaints or task in RULED:
            self._clean = latents.encode(model, picture, self._generator)
            self._fit = self._clean, picture  # what a linear preview learns from
        self._noise = self._draw()
        seen: torch.Tensor | None = None  # latents of what is known
        if inpaints:
            picture = picture * ~torch.from_numpy(frame.mask)
            seen = latents.encode(model, picture, self._generator)
            self._fit = seen, picture
        self._predict = self._predictor(words, seen, controls)

    def _new_schedule(self) -> Schedule:
        model, sampling = self._model, self._sampling
        height, width = self._frame.mask.shape
        length = (height // model.multiple) * (width // model.multiple)
        ddpm = self._task in ("ilvr", "resample")  # the steps of both papers
        return Schedule(
            "ddim" if ddpm else sampling.scheduler,
            model.scheduler,
            sampling.steps,
            sampling.strength,
            model.device,
            eta=1.0 if ddpm else 0.0,
            length=length,
            shift=flux2.shift(length, sampling.steps) if model.checkpoint.family == "flux2" else None,
            spacing=sampling.spacing,
        )

    def _words(self) -> prompts.Words:
        sampling, model = self._sampling, self._model
        # A distilled UNet is told the guidance, and has been guided when it was made.
        guided = sampling.guidance > 1 and model.network.config.time_cond_proj_dim is None
        return prompts.encode(model, sampling.prompt, sampling.negative, guided=guided)

    def _predictor(
        self, words: prompts.Words | None, seen: torch.Tensor | None, controls: Sequence[Control]
    ) -> Predict:
        sampling, model, mask = self._sampling, self._model, self._frame.mask
        if model.checkpoint.family == "flux2":
            return flux2.predictor(model, sampling, self._clean)
        if words is None:
            return flux.predictor(model, sampling.prompt, sampling.guidance, mask, seen)
        beside = () if seen is None else (self._mask, seen)
        return guidance.predictor(
            model, words, mask.shape, sampling.guidance, sampling.rescale, beside, controls
        )

    def _draw(self) -> torch.Tensor:
        """Noise of the latents' shape by the run's seed, the same on every device."""
        model, (height, width) = self._model, self._frame.mask.shape
        shape = (1, model.channels, height // model.cell, width // model.cell)
        return randn_tensor(shape, self._generator, device=torch.device(model.device), dtype=model.dtype)

    def linear_preview(self) -> previews.Preview:
        """A preview that learns its colours from this picture."""
        (found, picture), model = self._fit, self._model
        fitted = previews.linear(latents.shown(model, found), picture)
        return lambda now: fitted(latents.shown(model, now))

    def watch(self, show: Callable[[np.ndarray], None], preview: previews.Preview) -> None:
        """Show what the picture would be after each step."""
        self._watching = show, preview

    def through(self, progress: Progress) -> torch.Tensor:
        """The latents of the finished picture."""
        path, passes = self._path(), self._sampling.passes if self._task == "sdedit" else 1
        count, done = passes * (len(path) - 1), 0
        now = self._first()
        for number in range(passes):
            if number:  # SDEdit runs the whole again, from what it made
                self._clean = rules.masked(self._clean, now, self._mask)
                self._noise, self._schedule = self._draw(), self._new_schedule()
                now = self._first()
            for level, following in pairwise(path):
                progress(done / count)
                now = self._step(now, level) if following > level else self._back(now, level)
                done += 1
        progress(1.0)
        return now

    def _path(self) -> list[int]:
        """The levels in their order."""
        steps, sampling = len(self._schedule), self._sampling
        if self._task == "resample":
            return rules.jumps(steps, sampling.jump, sampling.resamplings)
        return list(range(steps + 1))

    def _first(self) -> torch.Tensor:
        if self._begins_from_picture:
            return self._schedule.noised(self._clean, self._noise, 0)
        return self._schedule.first(self._noise)

    def _step(self, now: torch.Tensor, level: int) -> torch.Tensor:
        """The latents one level on, as the task has it."""
        schedule = self._schedule
        if self._task == "soft":
            fixed = rules.fixed(self._change, level, len(schedule))
            now = rules.masked(schedule.noised(self._clean, self._noise, level), now, 1 - fixed)
        scaled = schedule.scaled(now, schedule.timesteps[level])
        predicted = self._predict(scaled, schedule.timesteps[level])
        now = schedule.step(predicted, level, now, self._generator)
        if self._watching is not None:
            show, preview = self._watching
            show(preview(schedule.clean(scaled, predicted, level)))
        return self._held(now, level + 1)

    def _held(self, now: torch.Tensor, level: int) -> torch.Tensor:
        """Latents just stepped to a level, drawn towards what they are to keep."""
        schedule, task, sampling = self._schedule, self._task, self._sampling
        if task == "ilvr" and level <= len(schedule) * (1 - sampling.until):
            reference = schedule.noised(self._clean, self._draw(), level)
            now = rules.refined(now, reference, max(sampling.factor // self._model.cell, 1))
        if task == "soft" or (self._model.checkpoint.inpaints and task not in ("sdedit", "resample")):
            return now
        noise = self._draw() if task == "resample" else self._noise
        return rules.masked(schedule.noised(self._clean, noise, level), now, self._mask)

    def _back(self, now: torch.Tensor, level: int) -> torch.Tensor:
        """Latents one level back, as noisy as that is."""
        kept, before = self._schedule.kept(level), self._schedule.kept(level - 1)
        return rules.renoised(now, kept, before, self._draw())

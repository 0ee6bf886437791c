"""The engine: a request's regions, one after the other, through the model that it names."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import torch

from engines import registry, store
from engines.base import Box, Engine, EngineError, Patch, Progress, Region, RemoveRequest
from engines.device import torch_device
from engines.diffusion import checkpoints, controls, framing, lora, previews, prompts
from engines.diffusion.framing import Framed
from engines.diffusion.guidance import Control
from engines.diffusion.ladder import Attempt, climb
from engines.diffusion.loading import joined, load
from engines.diffusion.model import Model
from engines.diffusion.previews import Preview
from engines.diffusion.requests import TASKS, FillRequest, FillResult, Hint, Sampling
from engines.diffusion.sampling import paint
from engines.diffusion.windows import windows

_SECOND_FROM = 1.25  # pixels of the photograph per pixel of the model, from which a second pass adds any
_TINY = {"sd": "taesd", "sdxl": "taesdxl", "flux": "taef1"}  # their folders among the user's models
_REMOVERS = ("lama", "migan")  # that lay the ground for the task "remove"; the first that is here


class DiffusionFill:
    """The loaded engine. It loads the model that a request names, and keeps it for the next.

    Raises EngineError if the device is not there.
    """

    def __init__(self, device: str = "auto") -> None:
        self._asked, self.device = device, torch_device(device)
        self._model: Model | None = None
        self._key: tuple = ()
        # ControlNets of this model, and the sums of their weights.
        self._networks: dict[str, tuple[torch.nn.Module, str]] = {}
        self._remover: tuple[str, Engine] | None = None

    def run(self, request: FillRequest, progress: Progress) -> FillResult:
        """Fill every region of the request.

        Raises Cancelled, OutOfMemory, WeightsMissing, WeightsWrong, or EngineError with what to do.
        """
        if request.task not in TASKS:
            raise EngineError(f'There is no task "{request.task}". Choose one of: {", ".join(TASKS)}.')
        progress(0.0)
        model = self._loaded(request)
        networks = [(hint, self._network(hint, model)[0]) for hint in request.hints]
        notes: list[str] = []
        if any(prompts.is_cut(model, text) for text in (request.sampling.prompt, request.sampling.negative)):
            notes.append("The words are more than the model reads: the last of them were left out.")
        patches = []
        for number, region in enumerate(request.regions):
            within = _share(progress, number, len(request.regions))
            part = _Part(self, request, model, networks, notes, within)
            patches.append(part.stepwise(region) if request.task == "expand" else part.patch(region))
        progress(1.0)
        sums = [model.sha256, *(self._network(hint, model)[1] for hint in request.hints)]
        told = tuple(dict.fromkeys(notes))
        return FillResult(tuple(patches), request.engine, joined(sums), model.device, told)

    def _loaded(self, request: FillRequest) -> Model:
        key = (request.model, request.loras)
        if self._model is None or self._key != key:
            self._model, self._networks = None, {}  # two would not fit
            checkpoint = checkpoints.recognise(checkpoints.locate(request.model))
            model = load(checkpoint, self._asked)
            for each in request.loras:
                lora.add(model, each.model, each.weight)
            self._model, self._key = model, key
        return self._model

    def _network(self, hint: Hint, model: Model) -> tuple[torch.nn.Module, str]:
        if hint.model not in self._networks:
            self._networks[hint.model] = controls.load(hint.model, model)
        return self._networks[hint.model]

    def preview(self, model: Model) -> Preview | None:
        """The tiny autoencoder of the model's family, if the user has put one beside the models."""
        folder = store.packs_folder() / _TINY[model.checkpoint.family]
        return previews.tiny(folder, model.device, model.dtype) if folder.is_dir() else None

    def ground(self, region: Region, seed: int, progress: Progress) -> Region:
        """The region without what is to go: filled by a remover, and so to be looked at."""
        if self._remover is None:
            name = next(each for each in _REMOVERS if not registry.lacks(registry.spec(each)))
            self._remover = name, registry.load(name, self._asked)
        name, remover = self._remover
        quiet = Progress(lambda _: progress(0.0))
        patch = remover.run(RemoveRequest(name, (region,), seed), quiet).patches[0]
        image, hole = region.image.copy(), region.hole.copy()
        _paste(image, hole, region.box, patch)
        return replace(region, image=image, hole=hole)


class _Part:
    """One region's way through the model."""

    def __init__(
        self,
        engine: DiffusionFill,
        request: FillRequest,
        model: Model,
        networks: Sequence[tuple[Hint, torch.nn.Module]],
        notes: list[str],
        progress: Progress,
    ) -> None:
        self._engine, self._request, self._model = engine, request, model
        self._networks, self._notes, self._progress = networks, notes, progress
        side = request.side or model.checkpoint.side
        self._side = max(round(side / model.multiple), 1) * model.multiple

    def patch(self, region: Region) -> Patch:
        """New pixels for the region's target."""
        request, soft = self._request, self._request.task == "soft"
        if request.task == "remove":
            region = self._engine.ground(region, request.sampling.seed, self._progress)

        def run(attempt: Attempt) -> np.ndarray:
            nonlocal made
            if made is None or made.frame.mask.shape[0] != attempt.side:
                made = framing.framed(region, attempt.side, attempt.model.multiple, soft=soft)
            return self._painted(made, region, request.sampling, request.task)

        made: Framed | None = None
        painted = climb(Attempt(self._model, self._side), run, self._notes.append)
        if request.second > 0 and made.square.scale > _SECOND_FROM:
            made = framing.with_detail(made, painted, region, self._model.multiple)
            again = replace(request.sampling, strength=request.second)
            painted = self._painted(made, region, again, "fill")
        return framing.patch_of(painted, made, region, soft=soft)

    def stepwise(self, region: Region) -> Patch:
        """New pixels for a large target, window by window, each seeing what those before it have made."""
        image, hole = region.image.copy(), region.hole.copy()
        steps, whole = windows(region.target > 0, self._side), self._progress
        for number, step in enumerate(steps):
            self._progress = _share(whole, number, len(steps))
            target = np.zeros(hole.shape, np.float32)
            target[step.cell.slices] = region.target[step.cell.slices] > 0
            seen = step.box.slices
            box = Box(region.box.x + step.box.x, region.box.y + step.box.y, step.box.width, step.box.height)
            lines = tuple(line - (step.box.x, step.box.y) for line in region.guides)
            part = Region(box, image[seen].copy(), hole[seen].copy(), target[seen], lines)
            _paste(image, hole, region.box, self.patch(part))
        area = framing.bounds(region.target)
        box = Box(area.x + region.box.x, area.y + region.box.y, area.width, area.height)
        return Patch(box, image[area.slices], region.target[area.slices])

    def _painted(self, made: Framed, region: Region, sampling: Sampling, task: str) -> np.ndarray:
        """The whole square as the model paints it, (side, side, 3)."""
        model, progress = self._model, self._progress
        show = preview = None
        if progress.show is not None:
            preview, side = self._engine.preview(model), made.frame.mask.shape[0]

            def show(rgb: np.ndarray) -> None:
                large = cv2.resize(rgb, (side, side), interpolation=cv2.INTER_LINEAR)
                progress.show(framing.patch_of(large, made, region, soft=task == "soft"))

        return paint(
            model,
            made.frame,
            sampling,
            task,
            progress,
            controls=self._controls(made, region),
            show=show,
            preview=preview,
        )

    def _controls(self, made: Framed, region: Region) -> list[Control]:
        """What each ControlNet is shown of this frame."""
        model, frame = self._model, made.frame
        out = []
        for hint, network in self._networks:
            if hint.kind == "inpaint":
                shown = controls.blanked(frame.image, frame.mask, model)
            else:
                lines = made.square.brought(region.guides)
                shown = controls.drawn(lines, frame.mask.shape[0], hint.kind, model)
            out.append(Control(network.to(model.device, model.dtype), shown, hint.scale))
        return out


def _share(progress: Progress, number: int, count: int) -> Progress:
    """``progress`` for one part of several; cancelled with it."""
    return replace(progress, report=lambda fraction: progress.report((number + fraction) / count))


def _paste(image: np.ndarray, hole: np.ndarray, box: Box, patch: Patch) -> None:
    """Put a patch whole into a picture whose first pixel lies at ``box``, and out of its hole."""
    place = Box(patch.box.x - box.x, patch.box.y - box.y, patch.box.width, patch.box.height).slices
    made = patch.alpha > 0
    image[place][made] = patch.rgb[made]
    hole[place][made] = False

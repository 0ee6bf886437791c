"""The engine: a request's regions, one after the other, through the model that it names."""

import sys
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import torch

from engines import ladder, registry, store
from engines.base import Box, Cancelled, Engine, EngineError, Patch, Progress, Region, RemoveRequest
from engines.device import torch_device
from engines.diffusion import checkpoints, controls, framing, lora, previews, prompts, thrift
from engines.diffusion.framing import Framed
from engines.diffusion.guidance import Control
from engines.diffusion.loading import joined, load
from engines.diffusion.model import Model
from engines.diffusion.previews import Preview
from engines.diffusion.requests import TASKS, FillRequest, FillResult, Hint, Sampling
from engines.diffusion.sampling import paint
from engines.diffusion.windows import windows
from engines.ladder import Rung, Step
from engines.onnx_network import as_engine_error

_SECOND_FROM = 1.25  # pixels of the photograph per pixel of the model, from which a second pass adds any
_TINY = {"sd": "taesd", "sdxl": "taesdxl", "flux": "taef1"}  # their folders among the user's models
_REMOVERS = ("lama", "migan")  # that lay the ground for the task "remove"; the first that is here
# Of smaller squares, in pixels; multiples that every model takes. Below the last none makes anything of use.
_SIDES = (2048, 1536, 1024, 768, 512, 384, 256)


def _nothing() -> None:
    """What undoes tiles that are still to be set."""


class DiffusionFill:
    """The loaded engine. It loads the model that a request names, and keeps it for the next.

    Raises EngineError if the device is not there.
    """

    def __init__(self, device: str = "auto") -> None:
        self._asked, self.device = device, torch_device(device)
        self._model: Model | None = None
        self._key: tuple = ()  # which that is, or was to be
        # ControlNets of this model, and the sums of their weights.
        self._networks: dict[str, tuple[torch.nn.Module, str]] = {}
        self._remover: tuple[str, Engine] | None = None
        self._is_apart = False  # of this model the text encoders stay on the processor
        self._unite: thrift.Undo | None = None  # what brings them back, if they were on the card
        self._waits = False  # its weights stay in the main memory
        self._is_halved = False  # it computes with half of a float on the processor
        self._untile: thrift.Undo | None = None  # while the autoencoder works in tiles
        self._most = sys.maxsize  # pixels that a square's side may have
        self._side = 0  # of the run's squares; 0 as long as not all that it needs is loaded

    def rungs(self) -> tuple[Rung, ...]:
        """Smaller squares and tiles, which are not to be had before a run has loaded its model: that would
        not fit then, either. On a graphics card the words read on the processor, weights that wait in the
        main memory, and float32; on the processor, which computes in nothing else, half of a float.
        """
        rungs = Rung("crop", self._smaller), Rung("tiles", self._tiled)
        if ladder.is_on_processor(self):
            return *rungs, Rung("half", self._halved)
        exact = Rung("float32", self._exact)
        if not self.device.startswith("cuda"):  # Apple's graphics have the processor's own memory
            return *rungs, exact
        return *rungs, Rung("offload", self._parted), Rung("offload", self._waiting), exact

    def _smaller(self) -> Step | None:
        below = (each for each in _SIDES if each < self._side)
        return ladder.smaller((self._most, *below), self._use).take()

    def _use(self, most: int) -> None:
        self._most = most

    def _tiled(self) -> Step | None:
        if not self._side or self._model is None or self._untile is not None:
            return None
        self._untile = thrift.in_tiles(self._model, self._controls())
        line = "There was not enough memory: the fill was made piece by piece, which is slower."
        return Step(line, self._whole)

    def _whole(self) -> None:
        if self._untile is not None:
            self._untile()
            self._untile = None

    def _parted(self) -> Step | None:
        if self._is_apart or self._waits:
            return None
        self._is_apart = True
        if self._model is not None:  # else it stays so: the next run would load it in vain
            self._unite = thrift.apart(self._model)
        line = (
            "There was not enough memory on the graphics card: the words were read on the processor, which "
        )
        return Step(f"{line}is slower.", self._united)

    def _united(self) -> None:
        if self._unite is not None:
            self._unite()
            self._unite, self._is_apart = None, False

    def _waiting(self) -> Step | None:
        if self._waits:
            return None
        self._waits = True
        line = "There was not enough memory on the graphics card: the model waits in the main memory and is "
        return self._anew(f"{line}brought there layer by layer, which is slower.")

    def _halved(self) -> Step | None:
        if self._is_halved:
            return None
        self._is_halved = True
        return self._anew(
            "There was not enough memory: the model computes with half the digits, which may look otherwise."
        )

    def _anew(self, line: str) -> Step:
        """The model is loaded anew, and stays so: to load it back would take longer than it gains."""
        self._model, self._unite, self._networks = None, None, {}
        if self._untile is not None:
            self._untile = _nothing  # what is loaded is to be in tiles, too
        return Step(line, lambda: None)

    def _exact(self) -> Step | None:
        undo = thrift.in_float32(self._model, self._controls()) if self._side and self._model else None
        line = "The model gave no picture in half precision: it was done again in float32, which is slower."
        return undo and Step(line, undo)

    def _controls(self) -> tuple[torch.nn.Module, ...]:
        return tuple(network for network, _ in self._networks.values())

    def run(self, request: FillRequest, progress: Progress) -> FillResult:
        """Fill every region of the request.

        Raises Cancelled, OutOfMemory, BrokenOutput, WeightsMissing, WeightsWrong, or EngineError with what to
        do.
        """
        if request.task not in TASKS:
            raise EngineError(f'There is no task "{request.task}". Choose one of: {", ".join(TASKS)}.')
        progress(0.0)
        self._side = 0
        try:
            return self._filled(request, progress)
        except (EngineError, Cancelled):
            raise
        except Exception as error:
            raise as_engine_error(error, "The fill could not be made") from error

    def _filled(self, request: FillRequest, progress: Progress) -> FillResult:
        model = self._loaded(request)
        networks = [(hint, self._network(hint, model)[0]) for hint in request.hints]
        side = min(request.side or model.checkpoint.side, self._most)
        self._side = max(round(side / model.multiple), 1) * model.multiple
        patches = []
        for number, region in enumerate(request.regions):
            within = _share(progress, number, len(request.regions))
            part = _Part(self, request, model, networks, self._side, within)
            patches.append(part.stepwise(region) if request.task == "expand" else part.patch(region))
        progress(1.0)
        sums = [model.sha256, *(self._network(hint, model)[1] for hint in request.hints)]
        notes: tuple[str, ...] = ()
        if any(prompts.is_cut(model, text) for text in (request.sampling.prompt, request.sampling.negative)):
            notes = ("The words are more than the model reads: the last of them were left out.",)
        if ladder.is_on_processor(self) and model.dtype != torch.float32:
            notes += ("There is too little memory for float32, so the model computed in half precision.",)
        if request.sampling.negative and not prompts.reads_negative(model):
            notes += ("This model reads no negative prompt, so that was left out.",)
        return FillResult(tuple(patches), request.engine, joined(sums), model.device, notes)

    def _loaded(self, request: FillRequest) -> Model:
        key = (request.model, request.loras)
        if self._model is None or self._key != key:
            self._model, self._unite, self._networks = None, None, {}  # two would not fit
            if self._key != key:
                self._key, self._is_apart, self._waits, self._is_halved = key, False, False, False
            checkpoint = checkpoints.recognise(checkpoints.locate(request.model))
            precision = "bfloat16" if self._is_halved else "auto"
            model = load(checkpoint, self._asked, precision, apart=self._is_apart, waits=self._waits)
            for each in request.loras:
                lora.add(model, each.model, each.weight)
            if self._untile is not None:
                self._untile = thrift.in_tiles(model, ())
            self._model = model
        return self._model

    def _network(self, hint: Hint, model: Model) -> tuple[torch.nn.Module, str]:
        if hint.model not in self._networks:
            self._networks[hint.model] = controls.load(hint.model, model)
        return self._networks[hint.model]

    def preview(self, model: Model) -> Preview | None:
        """The tiny autoencoder of the model's family, if the user has put one beside the models."""
        name = _TINY.get(model.checkpoint.family)
        folder = store.packs_folder() / name if name else None
        return previews.tiny(folder, model.device, model.dtype) if folder and folder.is_dir() else None

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
        side: int,
        progress: Progress,
    ) -> None:
        self._engine, self._request, self._model = engine, request, model
        self._networks, self._side, self._progress = networks, side, progress

    def patch(self, region: Region) -> Patch:
        """New pixels for the region's target."""
        request, soft = self._request, self._request.task == "soft"
        if request.task == "remove":
            region = self._engine.ground(region, request.sampling.seed, self._progress)
        made = framing.framed(region, self._side, self._model.multiple, soft=soft)
        painted = self._painted(made, region, request.sampling, request.task)
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
        """The whole square as the model paints it, (side, side, 3). Raises BrokenOutput."""
        model, progress = self._model, self._progress
        show = preview = None
        if progress.show is not None:
            preview, side = self._engine.preview(model), made.frame.mask.shape[0]

            def show(rgb: np.ndarray) -> None:
                large = cv2.resize(rgb, (side, side), interpolation=cv2.INTER_LINEAR)
                progress.show(framing.patch_of(large, made, region, soft=task == "soft"))

        painted = paint(
            model,
            made.frame,
            sampling,
            task,
            progress,
            controls=self._controls(made, region),
            show=show,
            preview=preview,
        )
        return ladder.checked(painted, made.frame.image, ~made.frame.mask)

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
            out.append(Control(network, shown, hint.scale))
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

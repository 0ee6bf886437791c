"""The engine: a photographed face inverted, its sketch followed, the change put into the photograph."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from engines import safetensors_file, store
from engines.base import BrokenOutput, Cancelled, EngineError, Patch, Progress
from engines.device import torch_device
from engines.ladder import Rung, Step
from engines.onnx_network import as_engine_error
from engines.portrait import alignment, edit, encoder, inversion, sketch
from engines.portrait.identity import Identity
from engines.portrait.judging import Target, Tools, Watch, target_of
from engines.portrait.latents import Whitened
from engines.portrait.networks.lpips import Lpips
from engines.portrait.networks.mobilestylegan import MobileStyleGan
from engines.portrait.requests import Inversion, PortraitRequest, PortraitResult

_SKETCH = 512
_SMALLEST = 48  # pixels of the square in the photograph: of less no face is seen
_SHOWN = 4  # steps from one preview to the next
_WEIGHTS = ("mobilestylegan-ffhq", "mobilestylegan-quarter", "lpips-vgg16", "mobilefacenet")


class Portrait:
    """The loaded engine. Raises the errors of ``store.load``, WeightsWrong, OutOfMemory."""

    def __init__(
        self,
        device: str = "auto",
        generator: str = _WEIGHTS[0],
        quarter: str = _WEIGHTS[1],
        lpips: str = _WEIGHTS[2],
        identity: str = _WEIGHTS[3],
        guesses: str = "",  # without one every search begins at the mean face
    ) -> None:
        self.device = torch_device(device)
        self._weights = generator
        self._last: tuple[str, Inversion] | None = None  # of the face that was changed last
        try:
            quick = _quickest(self.device)
            tensors = safetensors_file.read(store.load(generator))
            tensors = tensors | safetensors_file.read(store.load(quarter))
            exact = MobileStyleGan(tensors, self.device)
            fast = exact if quick is torch.float32 else MobileStyleGan(tensors, self.device, quick)
            judge = Lpips(safetensors_file.read(store.load(lpips)), self.device, quick)
            whose = Identity(self.device, identity)
            self._tools = Tools(exact, fast, Whitened(exact), judge, whose)
            self._encoder: encoder.Encoder | None = None
            if guesses:
                learnt = safetensors_file.read(store.load(guesses))
                self._encoder = encoder.Encoder(learnt, judge, whose)
            self._most = exact.side
        except RuntimeError as error:
            raise as_engine_error(error, "The face engine could not be loaded") from error

    def rungs(self) -> tuple[Rung, ...]:
        """A smaller picture of the face."""
        return (Rung("crop", self._smaller),)

    def _smaller(self) -> Step | None:
        before = self._most
        if before == self._tools.side:
            return None
        self._most = before // 2
        line = f"There was not enough memory: the face is made {before // 2} pixels large, which is softer."
        return Step(line, lambda: setattr(self, "_most", before))

    def run(self, request: PortraitRequest, progress: Progress) -> PortraitResult:
        """Raises Cancelled, between two steps, OutOfMemory, BrokenOutput, or EngineError if the face is too
        small or lies outside the photograph."""
        progress(0.0)
        if any(strength for _, strength in request.attributes):
            raise EngineError("This face model knows no sliders. Draw into the sketch instead.")
        side = float(np.hypot(*(request.square[1] - request.square[0])))
        if side < _SMALLEST:
            raise EngineError("The face is too small to be changed. Enlarge the picture first.")
        key = _face_of(request)
        if request.start is None and self._last is not None and self._last[0] == key:
            request = replace(request, start=self._last[1])
        try:
            run = _Run(self._tools, request, progress, self._size(side), self._weights, self._encoder)
            result = run.result()
            self._last = key, result.inversion
            return result
        except (EngineError, Cancelled):
            raise
        except ValueError as error:
            raise EngineError("The face lies outside the picture. Choose another one.") from error
        except (RuntimeError, MemoryError) as error:
            raise as_engine_error(error, "The face could not be changed") from error

    def _size(self, side: float) -> int:
        """Pixels of the face that the change is taken from: as many as the photograph has, if it can be."""
        large = self._tools.generator.side
        return min(large // 2 if side <= large // 2 else large, self._most)


class _Run:
    """One request: what is made of it on the way."""

    def __init__(
        self,
        tools: Tools,
        request: PortraitRequest,
        progress: Progress,
        size: int,
        weights: str,
        guesses: encoder.Encoder | None = None,
    ) -> None:
        self._tools, self._request, self._progress, self._size = tools, request, progress, size
        self._weights, self._device, self._encoder = weights, tools.generator.device, guesses
        self._done = 0
        begun = request.start is not None
        self._edits = request.sketch is not None and request.touched is not None and request.touched.any()
        self._total = max(
            (0 if begun else request.inversion_steps + request.tuning_steps)
            + (request.steps if self._edits else 0),
            1,
        )

    def result(self) -> PortraitResult:
        request, tools = self._request, self._tools
        face = alignment.cut(request.image, request.square, _SKETCH)
        target = self._target()
        inverted = request.start if request.start is not None else self._inverted(target)
        generator, quick = tools.generator, tools.quick
        kept = [(each, dict(each.weights)) for each in (generator, quick)]
        try:
            for each in {id(each): each for each in (generator, quick)}.values():
                use(each, inverted.tuned)
            pivot = self._coordinates(inverted.latent)
            changed = self._edited(pivot) if self._edits else pivot
            return self._told(inverted, pivot, changed, face)
        finally:
            for each, weights in kept:
                each.weights = weights

    def _target(self) -> Target:
        request, device = self._request, self._device
        side = self._tools.side
        face = alignment.cut(request.image, request.square, side)
        counts = inside(request.square, request.image.shape[:2], side).to(device)
        return target_of(self._tools, _tensor(face, device), counts)

    def _inverted(self, target: Target) -> Inversion:
        request, tools = self._request, self._tools
        if self._encoder is None:
            start = inversion.mean(tools)
        else:
            start = self._coordinates(self._encoder.guess(_picture(target.face)))
        found = inversion.invert(
            tools, target, start, request.inversion_steps, self._watch(self._whole(target))
        )
        tuned = {}
        if request.tuning_steps:
            tuned = inversion.tune(tools, target, found, request.tuning_steps, self._watch(None))
        return Inversion(tools.space.styles(found).cpu().numpy(), tuned)

    def _edited(self, pivot: Tensor) -> Tensor:
        request, tools = self._request, self._tools
        start = self._coordinates(request.before) if request.before is not None else pivot
        with torch.no_grad():
            before = tools.seen(pivot)

        def change(coordinates: Tensor) -> np.ndarray:
            return _picture(tools.seen(coordinates) - before)

        watch = self._watch(change)
        return edit.edit(tools, request.sketch, request.touched, pivot, start, request.steps, watch)

    def _whole(self, target: Target) -> Callable[[Tensor], np.ndarray]:
        """The change by which the photograph would show the generator's own picture of the face."""
        return lambda coordinates: _picture(self._tools.seen(coordinates) - target.face)

    def _watch(self, change: Callable[[Tensor], np.ndarray] | None) -> Watch:
        """What follows the steps: tells how far it is, shows what there is, and stops if that is wanted."""

        def watch(step: int, coordinates: Tensor) -> None:
            self._done += 1
            self._progress(0.02 + 0.93 * self._done / self._total)
            if not torch.isfinite(coordinates).all():
                raise BrokenOutput("The face came to nothing. Try again with fewer strokes.")
            if change is not None and self._progress.show is not None and step % _SHOWN == 0:
                with torch.no_grad():
                    self._progress.show(self._patch(change(coordinates)))

        return watch

    def _patch(self, change: np.ndarray) -> Patch:
        request = self._request
        return alignment.put_back(change, request.image, request.square, request.zone, request.box)

    @torch.no_grad()
    def _told(self, inverted: Inversion, pivot: Tensor, changed: Tensor, face: np.ndarray) -> PortraitResult:
        tools, request = self._tools, self._request
        after = self._made(changed)
        patch = None
        if self._edits:
            patch = self._patch(_picture(after - self._made(pivot)))
        shown = tools.seen(changed)
        cosine = float((tools.identity.of(tools.seen(pivot)) * tools.identity.of(shown)).sum())
        entry = store.entry_of(self._weights)
        self._progress(1.0)
        return PortraitResult(
            patch=patch,
            inversion=inverted,
            latent=tools.space.styles(changed).cpu().numpy() if self._edits else inverted.latent,
            face=np.clip(_picture(after), 0, 1),
            sketch=sketch.drawn(face),
            identity=cosine,
            engine=request.engine,
            weights_sha256=entry.sha256,
            device=self._device,
        )

    def _made(self, coordinates: Tensor) -> Tensor:
        """The generator's exact picture, (1, 3, n, n)."""
        generator = self._tools.generator
        latent = self._tools.space.styles(coordinates)[None]
        makers = {1: generator.full, 2: generator.half, 4: generator.quarter}
        return makers[generator.side // self._size](latent)

    def _coordinates(self, latent: np.ndarray) -> Tensor:
        return self._tools.space.coordinates(torch.from_numpy(latent).to(self._device))


def inside(square: np.ndarray, shape: tuple[int, int], side: int) -> Tensor:
    """Where an aligned face of ``side`` pixels shows a photograph of a shape (h, w) and not its reflection:
    (1, 1, side, side), 1 or 0."""
    middle = np.arange(side) + 0.5
    points = np.stack(np.meshgrid(middle, middle), -1).reshape(-1, 2)
    x, y = alignment.to_photograph(points, square, side).T
    within = (x > 0) & (x < shape[1]) & (y > 0) & (y < shape[0])
    return torch.from_numpy(within.astype(np.float32).reshape(1, 1, side, side))


def use(generator: MobileStyleGan, tuned: dict[str, np.ndarray]) -> None:
    """Put weights that were tuned to a face in the place of the generator's own."""
    for name, array in tuned.items():
        generator.weights[name] = torch.from_numpy(array).to(generator.device, generator.dtype)


def _face_of(request: PortraitRequest) -> str:
    """The same for requests whose face is inverted to the same end."""
    digest = hashlib.sha256(np.ascontiguousarray(request.image))
    told = request.square.tolist(), request.inversion_steps, request.tuning_steps, request.image.shape
    digest.update(repr(told).encode())
    return digest.hexdigest()


def _quickest(device: str) -> torch.dtype:
    """The type in which a device goes through the many steps quickest."""
    if device == "cpu":
        return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
    return torch.bfloat16 if device == "cuda" and torch.cuda.is_bf16_supported() else torch.float32


def _tensor(face: np.ndarray, device: str) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(face.transpose(2, 0, 1)))[None].to(device)


def _picture(face: Tensor) -> np.ndarray:
    return face[0].permute(1, 2, 0).cpu().numpy()

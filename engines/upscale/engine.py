"""The engine: a request's planes, tile by tile, through the network that it names."""

from dataclasses import dataclass

import numpy as np

from engines import ladder, store
from engines.base import Cancelled, EngineError, OutOfMemory, Progress
from engines.ladder import Rung, Step
from engines.machine import machine
from engines.onnx_network import as_engine_error
from engines.upscale.detail import enlarged
from engines.upscale.models import locate
from engines.upscale.networks import Network, load
from engines.upscale.requests import Plane, UpscaleRequest, UpscaleResult
from engines.upscale.tiles import Tile, put, tiles

# Sides of the tiles in pixels of the picture. Large ones see more of it and do less of it twice.
_SIDES = (512, 384, 256, 192, 128, 96)
_LARGEST_ON_PROCESSOR = 192  # about ten seconds of x4plus on two cores: that it goes on is to be seen
_FOR_PIXEL = 16_000  # bytes that Real-ESRGAN x4plus takes for each pixel of a tile, measured
_SHARE = 3  # of the memory that is free, one part in so many is for a tile


class PictureUpscaler:
    """The loaded engine. It loads the network that a request names, and keeps it for the next."""

    def __init__(self, device: str = "auto", *weights: str) -> None:
        self._asked = device
        self._network: Network | None = None
        self._model = ""
        self._most = max(_SIDES)
        self._side = 0  # of the tiles of the run

    @property
    def device(self) -> str:
        """What it computes on; what was asked for as long as nothing is loaded."""
        return self._network.backend.device if self._network is not None else self._asked

    def rungs(self) -> tuple[Rung, ...]:
        """Smaller tiles, and float32 for a network that computes in half precision."""
        tiled = Rung("tiles", self._smaller)
        return (tiled, Rung("float32", self._exact)) if self._is_half else (tiled,)

    @property
    def _is_half(self) -> bool:
        return self._network is not None and getattr(self._network.backend, "is_half", False)

    def _smaller(self) -> Step | None:
        before = self._most
        side = next((each for each in _SIDES if each < self._side), None)
        if side is None:
            return None
        self._most = side
        line = "There was not enough memory: it is enlarged in smaller tiles, which is slower."
        return Step(line, lambda: setattr(self, "_most", before))

    def _exact(self) -> Step | None:
        if not self._is_half:
            return None
        backend = self._network.backend
        backend.use_half(False)
        line = "The model gave no picture in half precision: it was done again in float32, which is slower."
        return Step(line, lambda: backend.use_half(True))

    def _fitting(self) -> int:
        """The largest side of a tile that there is room for, by what is free now."""
        here = machine(store.packs_folder())
        on_processor = ladder.is_on_processor(self)
        room = (here.free_memory if on_processor else here.card_free) // _SHARE
        most = min(self._most, _LARGEST_ON_PROCESSOR if on_processor else max(_SIDES))
        fitting = (side for side in _SIDES if side <= most and (not room or side * side * _FOR_PIXEL <= room))
        return next(fitting, _SIDES[-1])

    def run(self, request: UpscaleRequest, progress: Progress) -> UpscaleResult:
        """Enlarge every plane of the request.

        Raises Cancelled, OutOfMemory, BrokenOutput, WeightsMissing, WeightsWrong, or EngineError with what to
        do.
        """
        progress(0.0)
        try:
            network = self._loaded(request.model)
            images = self._enlarged(request, network, progress)
        except (EngineError, Cancelled):
            raise
        except Exception as error:
            raise as_engine_error(error, "The picture could not be enlarged") from error
        progress(1.0)
        notes: tuple[str, ...] = ()
        if max(request.scale) > network.scale:
            notes = (f"The model enlarges {network.scale} times; beyond that no detail was added.",)
        return UpscaleResult(images, request.engine, request.model, network.sha256, self.device, notes)

    def _loaded(self, model: str) -> Network:
        if self._network is None or self._model != model:
            self._network = None  # two need not fit
            ladder.release()
            self._network, self._model = load(locate(model), self._asked), model
        return self._network

    def _enlarged(
        self, request: UpscaleRequest, network: Network, progress: Progress
    ) -> tuple[np.ndarray, ...]:
        self._side = self._fitting()
        work = [(plane, tiles(plane, request.scale, self._side)) for plane in request.planes]
        count = _Count(sum(len(each) for _, each in work), progress)
        return tuple(self._plane(plane, parts, request, network, count) for plane, parts in work)

    def _plane(
        self, plane: Plane, parts: list[Tile], request: UpscaleRequest, network: Network, count: "_Count"
    ) -> np.ndarray:
        shape = plane.target.height, plane.target.width, 4
        try:
            out = np.empty(shape, plane.image.dtype)
        except MemoryError:
            raise OutOfMemory(
                "There is not enough memory for a picture of this size. Close other programs or choose a "
                "smaller one."
            ) from None

        def enlarge(image: np.ndarray) -> np.ndarray:
            return enlarged(
                image,
                network.scale,
                lambda seen: network(seen, count.progress),
                request.detail,
                request.grain,
            )

        for part in parts:
            put(part, plane, request.scale, enlarge, network.scale, out, request.grey)
            count.step()
        return out


@dataclass
class _Count:
    """How many of all tiles are done."""

    total: int
    progress: Progress
    done: int = 0

    def step(self) -> None:
        self.done += 1
        self.progress(min(self.done / max(self.total, 1), 1.0))

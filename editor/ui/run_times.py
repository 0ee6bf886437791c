"""How long engines take on this machine, learnt from the runs there were."""

import math
from statistics import median
from typing import Any

from engines.base import RemoveRequest, RemoveResult
from engines.manager import Job
from engines.upscale.requests import UpscaleRequest, UpscaleResult

_KEPT = 15  # runs of an engine


class RunTimes:
    """Reads and writes ``kept``, the settings' own: by engine its last device and, of its last runs, the
    seconds for a megapixel that it looked at."""

    def __init__(self, kept: dict[str, dict[str, Any]]) -> None:
        self._kept = kept

    def record(self, job: Job, result: object) -> None:
        """A run has come to its result."""
        if isinstance(job.request, RemoveRequest) and isinstance(result, RemoveResult):
            key, megapixels = job.engine_id, megapixels_of(job.request)
        elif isinstance(job.request, UpscaleRequest) and isinstance(result, UpscaleResult):
            key, megapixels = self.key(job.engine_id, job.request.model), job.request.pixels / 1e6
        else:
            return
        if megapixels > 0 and job.seconds > 0:
            seconds = [*self._seconds(key), job.seconds / megapixels][-_KEPT:]
            self._kept[key] = {"device": result.device, "seconds": seconds}

    @staticmethod
    def key(engine_id: str, model: str) -> str:
        """What an engine whose models take different times is known by."""
        return f"{engine_id} {model}"

    def expected(self, engine_id: str, megapixels: float) -> float | None:
        """Seconds that a run may take; None for an engine that has not run here."""
        seconds = self._seconds(engine_id)
        return median(seconds) * megapixels if seconds else None

    def device(self, engine_id: str) -> str:
        """What the engine ran on the last time; empty if it has not."""
        device = self._kept.get(engine_id, {}).get("device")
        return device if isinstance(device, str) else ""

    def _seconds(self, engine_id: str) -> list[float]:
        """They come from a file, and may be anything."""
        values = self._kept.get(engine_id, {}).get("seconds")
        if not isinstance(values, list):
            return []
        numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
        return [each for each in numbers if math.isfinite(each) and each > 0]


def megapixels_of(request: RemoveRequest) -> float:
    """What a removal looks at, in millions of pixels."""
    return sum(region.box.width * region.box.height for region in request.regions) / 1e6

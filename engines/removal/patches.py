"""Patches of the same picture instead of a network (engines.removal.completion): always there, no model.

Best where what goes on behind the object is texture: sand, leaves, water, walls. It knows nothing of objects.
"""

from collections.abc import Callable

import numpy as np

from engines.base import Cancelled, Patch, Progress, Region, RemoveRequest, RemoveResult
from engines.context import NATIVE
from engines.removal.completion import complete
from engines.removal.filling import fill_region
from engines.removal.running import fill_regions


class Patches:
    """The engine. It computes on the processor, whatever the device."""

    def __init__(self, device: str = "auto") -> None:
        pass

    def run(self, request: RemoveRequest, progress: Progress) -> RemoveResult:
        """Fill every region of the request; another seed begins otherwise and comes to another fill."""

        def stop_if_called_off(fraction: float) -> None:
            if progress.cancelled:
                raise Cancelled

        def fill_square(image: np.ndarray, known: np.ndarray) -> np.ndarray:
            return complete(image, known, request.seed, stop_if_called_off)

        def fill(region: Region, step: Callable[[float], None]) -> Patch:
            # A small region is not enlarged: patches are of the photograph's own pixels.
            size = min(max(region.hole.shape), NATIVE)
            return fill_region(region, fill_square, step, seed=request.seed, grain=request.grain, size=size)

        return RemoveResult(fill_regions(request, fill, progress), request.engine, "", "cpu")

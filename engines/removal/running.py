"""The loop over the regions of a request, the same for every removal engine."""

from collections.abc import Callable

import cv2

from engines.base import Patch, Progress, Region, RemoveRequest
from engines.onnx_network import as_engine_error
from engines.removal import views

# A region to its new pixels; the second argument is told the fraction done.
FillOne = Callable[[Region, Callable[[float], None]], Patch]


def fill_regions(request: RemoveRequest, fill: FillOne, progress: Progress) -> tuple[Patch, ...]:
    """The patches of a request, one for each region, in their order. Raises what ``fill`` raises."""
    patches = []
    for index, region in enumerate(request.regions):

        def step(fraction: float, done: int = index) -> None:
            progress((done + fraction) / len(request.regions))

        step(0.0)
        try:
            patches.append(fill(region, step))
        except cv2.error as error:  # its way to say that there is no memory left
            raise as_engine_error(error, "The fill could not be made") from error
    progress(1.0)
    return tuple(patches)


def through_views(seed: int, fill: FillOne) -> FillOne:
    """``fill`` shown each region the way that ``seed`` stands for: for networks that know no chance."""

    def turned_fill(region: Region, step: Callable[[float], None]) -> Patch:
        return views.turned_back(fill(views.turned(region, seed), step), region, seed)

    return turned_fill

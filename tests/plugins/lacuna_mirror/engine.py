"""What the engine does: numpy in, numpy out, as engines.base says."""

import numpy as np

from engines.base import Box, Patch, Progress, Region, RemoveRequest, RemoveResult


class Mirror:
    """The engine; it computes on the processor, whatever the device."""

    def __init__(self, device: str) -> None:
        self.device = "cpu"

    def run(self, request: RemoveRequest, progress: Progress) -> RemoveResult:
        """One patch for each region."""
        patches = []
        for number, region in enumerate(request.regions):
            progress(number / len(request.regions))
            patches.append(_filled(region))
        return RemoveResult(tuple(patches), request.engine, "", self.device)


def _filled(region: Region) -> Patch:
    height, width = region.hole.shape
    rgb = region.image[:, ::-1].copy()
    ground = region.image[~region.hole].mean(axis=0) if not region.hole.all() else 0.5
    rgb[region.hole[:, ::-1]] = ground  # where the mirror image has the hole itself
    return Patch(Box(region.box.x, region.box.y, width, height), rgb.astype(np.float32), region.target)

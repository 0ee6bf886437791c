"""The same region upright, mirrored and turned: eight looks at it, for networks that know no chance.

A network trained on upright photographs continues them differently when it sees them the other way round;
the seed, modulo 8, says which way. Seed 0 is the photograph as it is.
"""

import numpy as np

from engines.base import Box, Patch, Region

# (left and right exchanged, quarter turns anticlockwise before that), the nearest to upright first.
VIEWS = (
    (False, 0),
    (True, 0),
    (True, 2),
    (False, 2),
    (False, 1),
    (False, 3),
    (True, 1),
    (True, 3),
)


def turned(region: Region, seed: int) -> Region:
    """The region as ``seed`` shows it; its box then lies at (0, 0). For seed 0 it is the region itself."""
    view = VIEWS[seed % len(VIEWS)]
    if view == VIEWS[0]:
        return region
    image, hole, target = (_turned(each, view) for each in (region.image, region.hole, region.target))
    guides = tuple(_turned_line(each, region.hole.shape, view) for each in region.guides)
    height, width = hole.shape
    return Region(Box(0, 0, width, height), image, hole, target, guides)


def turned_back(patch: Patch, region: Region, seed: int) -> Patch:
    """The patch, made of ``turned(region, seed)``, as it belongs into the photograph."""
    mirrored, quarters = VIEWS[seed % len(VIEWS)]
    if (mirrored, quarters) == VIEWS[0]:
        return patch
    box, (height, width) = patch.box, region.hole.shape
    if quarters % 2:
        width, height = height, width  # of what the patch lies in
    if mirrored:
        box = Box(width - box.x - box.width, box.y, box.width, box.height)
    for _ in range(quarters):  # clockwise, one at a time
        box = Box(height - box.y - box.height, box.x, box.height, box.width)
        width, height = height, width
    rgb, alpha = (
        np.ascontiguousarray(np.rot90(each[:, ::-1] if mirrored else each, -quarters))
        for each in (patch.rgb, patch.alpha)
    )
    return Patch(Box(region.box.x + box.x, region.box.y + box.y, box.width, box.height), rgb, alpha)


def _turned(array: np.ndarray, view: tuple[bool, int]) -> np.ndarray:
    """An array (h, w) or (h, w, 3) of its own, as OpenCV takes it."""
    mirrored, quarters = view
    out = np.rot90(array, quarters)
    return np.ascontiguousarray(out[:, ::-1] if mirrored else out)


def _turned_line(line: np.ndarray, shape: tuple[int, int], view: tuple[bool, int]) -> np.ndarray:
    """Points (n, 2) x, y in a picture of ``shape`` (height, width), in that picture turned."""
    mirrored, quarters = view
    (height, width), (x, y) = shape, (line[:, 0], line[:, 1])
    for _ in range(quarters):
        x, y = y, width - x
        height, width = width, height
    return np.stack([width - x if mirrored else x, y], axis=1).astype(np.float32)

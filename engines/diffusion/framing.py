"""From a region of the photograph to what a model sees, and from what it painted back to new pixels.

Two masks: the model paints a little more than is to change (``GROWN``), on whole cells of its latents, so
that it can join what it paints to what is there; what is taken of it is the region's target and nothing else.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines import context
from engines.base import Box, Patch, Region
from engines.context import Square
from engines.diffusion import tone
from engines.diffusion.latents import on_grid
from engines.diffusion.sampling import Frame

GROWN = 8  # pixels of the model


@dataclass(frozen=True)
class Framed:
    """A region as the model sees it."""

    frame: Frame
    square: Square
    known: np.ndarray  # (side, side) bool: shown to the model and to be left as it is


def framed(region: Region, side: int, multiple: int, *, soft: bool = False) -> Framed:
    """A region as a square of ``side`` pixels.

    What must not be looked at, and what lies outside the photograph, is blank: the colours around it, carried
    on smoothly. With ``soft`` the target says how much each place may change.
    """
    square = context.to_square(region.image, region.hole, side)
    inside = np.zeros((side, side), bool)
    left, top = square.margin
    inside[top : top + square.inner[1], left : left + square.inner[0]] = True
    shown = square.known & inside
    to_paint = (region.target > 0) | region.hole
    kept = context.to_square(region.image, to_paint, side).known & inside
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * GROWN + 1, 2 * GROWN + 1))
    grown = cv2.dilate((~kept).astype(np.uint8), ellipse) > 0
    mask = on_grid(grown, multiple)
    if mask.all():  # nothing would be left to join to
        mask = on_grid(~kept, multiple)
    change = None
    if soft:
        change = _scaled(region.target, side)
        change[~inside] = 1
    return Framed(Frame(tone.spread(square.image, shown), mask, change), square, kept)


def _scaled(values: np.ndarray, side: int) -> np.ndarray:
    """(h, w) float32 as it lies in the square."""
    none = np.zeros(values.shape, bool)
    whole = context.to_square(np.repeat(values[..., None], 3, axis=-1).astype(np.float32), none, side)
    return np.ascontiguousarray(whole.image[..., 0]).clip(0, 1)


def with_detail(made: Framed, painted: np.ndarray, region: Region, multiple: int) -> Framed:
    """The same region at a larger side, for a second pass over what the first one ``painted``."""
    side = made.frame.mask.shape[0]
    larger = min(2 * side, -(-max(region.hole.shape) // multiple) * multiple)
    again = framed(region, larger, multiple)
    before = cv2.resize(painted, (larger, larger), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    image = np.where(again.known[..., None], again.frame.image, before).astype(np.float32)
    return replace(again, frame=replace(again.frame, image=image))


def patch_of(painted: np.ndarray, made: Framed, region: Region, *, soft: bool = False) -> Patch:
    """New pixels for the region's target, of the whole square that the model painted.

    With ``soft`` what may change a little has been held back by the model already: it is taken as it is,
    but for a narrow edge.
    """
    area = bounds(region.target)
    rgb = context.from_square(tone.toned(painted, made.square.image, made.known), made.square, area)
    alpha = region.target[area.slices]
    if soft:
        alpha = np.minimum(alpha * 4, 1)
    box = Box(area.x + region.box.x, area.y + region.box.y, area.width, area.height)
    return Patch(box, rgb.astype(np.float32), alpha)


def bounds(target: np.ndarray) -> Box:
    """The smallest box around what is above 0."""
    rows, columns = np.flatnonzero(target.any(axis=1)), np.flatnonzero(target.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return Box(x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1)

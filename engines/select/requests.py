"""What the engines that select take and give: plain frozen data."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Look:
    """A picture to be looked at, once; everything that is asked about it afterwards is quick."""

    image: np.ndarray  # (h, w, 3) float32 RGB [0, 1]; of any size, but the longer side is best 1024


@dataclass(frozen=True)
class Seen:
    """What the encoder made of a picture."""

    embedding: np.ndarray  # 1 x 256 x 64 x 64 float32
    width: int  # of the picture
    height: int


@dataclass(frozen=True)
class Click:
    """Which object of a picture is meant.

    Points are x, y in pixels of the picture, the centre of the first at (0.5, 0.5); the box is left, top,
    right, bottom. There is at least one point or a box.
    """

    seen: Seen
    wanted: tuple[tuple[float, float], ...] = ()  # points on the object
    unwanted: tuple[tuple[float, float], ...] = ()  # points that do not belong to it
    box: tuple[float, float, float, float] | None = None
    before: np.ndarray | None = None  # ``Found.logits`` of the clicks before


@dataclass(frozen=True)
class Found:
    """An object: where the logits are above 0."""

    logits: np.ndarray  # (n, n) float32 over the square on the picture's top left, of its longer side
    quality: float  # the IoU with what was meant that the network expects; 1 if it does not say
    weights_sha256: str

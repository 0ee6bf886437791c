"""What enlarging takes and gives: plain frozen data. Importing this imports no network."""

from dataclasses import dataclass

import numpy as np

from engines.base import Box


@dataclass(frozen=True)
class Plane:
    """One layer's pixels, and where they go.

    Whole pictures stay in their own depth, which a large result would not fit the memory in as floats.
    """

    image: np.ndarray  # (h, w, 4) uint8 or uint16, straight RGBA; not written to
    x: int  # where its first pixel lies in the picture as it is
    y: int
    target: Box  # the pixels of the enlarged picture that are to be made of it


@dataclass(frozen=True)
class UpscaleRequest:
    """Everything that decides an enlargement."""

    engine: str
    model: str  # an id of the catalogue, or a path
    planes: tuple[Plane, ...]
    scale: tuple[float, float]  # pixels of the enlarged picture for one of the picture, across and down
    detail: float = 1.0  # 0 .. 1, from the smooth enlargement (Lanczos) to what the network makes
    grain: float = 0.5  # 0 .. 1, how much of what the network took away, noise above all, is given back
    grey: bool = False  # whether the picture has grey values only

    @property
    def pixels(self) -> int:
        """That the network has to see."""
        return sum(plane.image.shape[0] * plane.image.shape[1] for plane in self.planes)


@dataclass(frozen=True)
class UpscaleResult:
    """What an enlargement came to."""

    images: tuple[np.ndarray, ...]  # for each plane, (target height, target width, 4), of its type
    engine: str
    model: str
    weights_sha256: str
    device: str
    notes: tuple[str, ...] = ()  # what of the request could not be followed, a line each

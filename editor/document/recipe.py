"""How a fill was made, kept with its layer so that it can be told, repeated and changed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Everything but the picture and the mask that decided a fill.

    The same recipe on the same device with the same picture and mask gives the same pixels.
    """

    task: str  # "remove"
    engine: str
    weights_sha256: str
    device: str
    seed: int

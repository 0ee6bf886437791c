"""A picture whose header has been read and whose pixels have not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from editor.document.files.metadata import Metadata


@dataclass(frozen=True)
class Opened:
    """``width`` and ``height`` in pixels as stored; ``metadata`` cleaned, ``notes`` on what it lacks since.

    ``decode()`` gives (H, W, 1 to 4) uint8 or uint16 over its whole range: grey, grey + alpha, RGB or RGBA,
    straight alpha, still to be turned by ``orientation`` (1 to 8). It raises whatever its library raises.
    """

    width: int
    height: int
    orientation: int
    metadata: Metadata
    decode: Callable[[], np.ndarray]
    notes: tuple[str, ...]

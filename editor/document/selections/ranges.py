"""Selections by nearness in CIELAB: ranges of colours and of tones."""

from collections.abc import Callable, Sequence

import numpy as np

from editor.document.parallel import in_threads
from editor.document.selections.strips import strips

# Where one tone gives way to the next, in L* (0..100). The three add up to a full selection everywhere.
SHADOWS_END = (25.0, 45.0)
HIGHLIGHTS_START = (55.0, 75.0)


def colour_range(pixels: np.ndarray, colours: Sequence[Sequence[int]], fuzziness: float) -> np.ndarray:
    """How near the pixels, straight RGBA of shape (H, W, 4), come to the nearest of ``colours``.

    ``colours`` are RGB in the range of the pixels. The distance is CIE 1976 dE*ab in CIELAB, the pixels
    taken as sRGB: full up to ``fuzziness`` / 4, from there falling evenly to nothing at ``fuzziness`` / 2,
    for a ``fuzziness`` of 0..200; 0 takes the colours themselves. Fully transparent pixels are not selected.
    """
    wanted = np.asarray(colours, pixels.dtype).reshape(-1, 1, 3)
    if not len(wanted):
        return np.zeros(pixels.shape[:2], np.uint8)
    centres = _lab(wanted)[:, 0]
    limit = max(fuzziness / 2, 0.05)  # less than one step of 8 bits, more than the conversion's error

    def nearness(lab: np.ndarray) -> np.ndarray:
        squared = None
        for centre in centres:
            offset = lab - centre
            distance = np.einsum("...c,...c->...", offset, offset)
            squared = distance if squared is None else np.minimum(squared, distance)
        return (limit - np.sqrt(squared)) / (limit / 2)

    return _by_lab(pixels, nearness)


def tonal_range(pixels: np.ndarray, tone: str) -> np.ndarray:
    """The "shadows", "midtones" or "highlights" of pixels in straight RGBA of shape (H, W, 4), by CIE L*.

    Shadows are full below L* 25 and end at 45, highlights begin at 55 and are full above 75; the midtones
    are what is left, so the three add up to a full selection. Fully transparent pixels are not selected.
    Raises ValueError for another ``tone``.
    """

    def ramp(values: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
        return (values - bounds[0]) / (bounds[1] - bounds[0])

    tones = {
        "shadows": lambda lab: 1 - ramp(lab[..., 0], SHADOWS_END),
        "midtones": lambda lab: np.minimum(
            ramp(lab[..., 0], SHADOWS_END), 1 - ramp(lab[..., 0], HIGHLIGHTS_START)
        ),
        "highlights": lambda lab: ramp(lab[..., 0], HIGHLIGHTS_START),
    }
    if tone not in tones:
        raise ValueError(f"no tone is called {tone!r}")
    return _by_lab(pixels, tones[tone])


def _by_lab(pixels: np.ndarray, membership: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A selection from a function of CIELAB values, whose result counts from 0 to 1."""
    out = np.zeros(pixels.shape[:2], np.uint8)

    def fill(rows: slice) -> None:
        import cv2

        part = pixels[rows]
        values = membership(_lab(cv2.cvtColor(part, cv2.COLOR_RGBA2RGB)))
        values[part[..., 3] == 0] = 0
        out[rows] = np.rint(values.clip(0, 1) * 255)

    in_threads(fill, strips(*out.shape))
    return out


def _lab(colours: np.ndarray) -> np.ndarray:
    """CIELAB (D65) as float32 of sRGB, shape (H, W, 3) uint8 or uint16.

    The transfer function of IEC 61966-2-1 is applied from a table: OpenCV's own conversion from gamma-coded
    floats interpolates coarsely and is off by up to half a unit.
    """
    import cv2

    coded = np.linspace(0, 1, np.iinfo(colours.dtype).max + 1)
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return cv2.cvtColor(cv2.LUT(colours, linear.astype(np.float32)), cv2.COLOR_LRGB2LAB)

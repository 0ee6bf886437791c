"""Pixels picked and interpolated at any places of the source."""

import math

import numpy as np

from editor.document.resample.weighing import planes

MAX_SAMPLES = 32  # along one axis of a target pixel; perspective beyond that is not made out anyway
REMAP_SIDE = 32_000  # OpenCV's remap takes sources up to 32766 pixels


class Places:
    """Where the centres of target pixels lie in the source."""

    def __init__(self, inverse: np.ndarray, columns: np.ndarray, rows: np.ndarray, limit: float) -> None:
        self.inverse = inverse
        u, v, w = (line[0] * columns + line[1] * rows + line[2] for line in inverse)
        self.in_front = w >= limit
        self.w = np.maximum(w, limit)  # others are outside of the picture and not used
        self.x, self.y = u / self.w, v / self.w

    def steps(self) -> list[np.ndarray]:
        """dx/du, dx/dv, dy/du, dy/dv, for the source's (x, y) and the target's (u, v)."""
        x_line, y_line, w_line = self.inverse
        if not w_line[:2].any():  # an affine transform: the same everywhere
            return [line[axis : axis + 1] / w_line[2] for line in (x_line, y_line) for axis in (0, 1)]
        return [
            (line[axis] - place * w_line[axis]) / self.w
            for line, place in ((x_line, self.x), (y_line, self.y))
            for axis in (0, 1)
        ]

    def vary(self, used: np.ndarray) -> bool:
        """Whether the scale differs much among the places that are used."""
        x_u, x_v, y_u, y_v = self.steps()
        if x_u.shape != used.shape:
            return False
        area = np.abs(x_u * y_v - x_v * y_u)[used]
        return bool(area.max() > 4 * area.min())


def pick(out: np.ndarray, pixels: np.ndarray, places: Places) -> None:
    """Put the pixels at ``places`` into ``out``, and leave it where they lie outside the picture."""
    height, width = pixels.shape[:2]
    inside = places.in_front & (places.x >= 0) & (places.x < width) & (places.y >= 0) & (places.y < height)
    out[inside] = pixels[places.y[inside].astype(np.intp), places.x[inside].astype(np.intp)]


def sampled(
    pixels: np.ndarray, places: Places, used: np.ndarray, method: str, opaque: bool
) -> list[np.ndarray]:
    """`planes` interpolated at ``places``: the mean of samples spread over each target pixel.

    Where one target pixel takes up ``a`` > 1 source pixels, samples are spread over sqrt(1 - 1 / a^2) of
    it: nothing at a = 1, where interpolating is enough, and all of it where the source is much finer. So
    sharpness changes gradually over a picture in perspective.
    """
    import cv2

    def largest(values: np.ndarray) -> float:
        return float(values[used].max() if values.shape == used.shape else values[0])

    x_u, x_v, y_u, y_v = places.steps()

    # The part of the source that is needed, with room for the samples' spread and the kernel.
    crop = []
    for place, span, length in (
        (places.x, np.abs(x_u) + np.abs(x_v), pixels.shape[1]),
        (places.y, np.abs(y_u) + np.abs(y_v), pixels.shape[0]),
    ):
        margin = largest(span) / 2 + 5
        low, high = place[used].min() - margin, place[used].max() + margin
        start = min(max(math.floor(low), 0), length - 1)
        crop.append(slice(start, max(min(math.ceil(high), length), start + 1)))
    source = np.dstack(list(planes(pixels[crop[1], crop[0]], opaque)))
    x, y = places.x - crop[0].start, places.y - crop[1].start

    # Far back in a perspective the source is made coarser first, to two pixels per target pixel or more.
    height, width = source.shape[:2]
    area = np.abs(x_u * y_v - x_v * y_u)
    coarse_x = _coarseness(largest(np.hypot(y_u, y_v) / area), width)
    coarse_y = _coarseness(largest(np.hypot(x_u, x_v) / area), height)
    if max(coarse_x, coarse_y) > 1:
        size = math.ceil(width / coarse_x), math.ceil(height / coarse_y)
        source = cv2.resize(source, size, interpolation=cv2.INTER_AREA)
        ratio_x, ratio_y = size[0] / width, size[1] / height
        x, x_u, x_v = x * ratio_x, x_u * ratio_x, x_v * ratio_x
        y, y_u, y_v = y * ratio_y, y_u * ratio_y, y_v * ratio_y

    spreads, counts = [], []
    for size in (np.hypot(x_u, y_u), np.hypot(x_v, y_v)):
        size = np.maximum(size, 1)
        spreads.append(np.ones_like(size) if method == "area" else np.sqrt(1 - 1 / size**2))
        counts.append(min(math.ceil(largest(size) - 0.05) + (method == "area"), MAX_SAMPLES))
    interpolation = {"lanczos": cv2.INTER_LANCZOS4, "bilinear": cv2.INTER_LINEAR, "area": cv2.INTER_LINEAR}
    kernel = interpolation.get(method, cv2.INTER_CUBIC)

    total = None
    across, down = (((np.arange(count) + 0.5) / count - 0.5) for count in counts)
    for dy in down:
        for dx in across:
            offset_u, offset_v = dx * spreads[0], dy * spreads[1]
            # OpenCV has the centres of pixels at whole numbers.
            sample_x = (x + (x_u * offset_u + x_v * offset_v) - 0.5).astype(np.float32)
            sample_y = (y + (y_u * offset_u + y_v * offset_v) - 0.5).astype(np.float32)
            sample = cv2.remap(source, sample_x, sample_y, kernel, borderMode=cv2.BORDER_REPLICATE)
            total = sample if total is None else np.add(total, sample, out=total)
    mean = (total / np.float32(len(across) * len(down))).reshape(*used.shape, -1)
    return [mean[..., plane] for plane in range(mean.shape[2])]


def _coarseness(scale: float, length: int) -> float:
    """How much smaller to make ``length`` pixels of source that are at most ``scale`` large in the target."""
    return max(0.5 / scale if scale < 0.25 else 1, length / REMAP_SIDE, 1)

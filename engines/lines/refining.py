"""Joined lines placed anew at the photograph's own scale, after they were found in a smaller picture.

Beside both ends the edge is looked for where the line says it is: the steepest place of the colours across,
averaged along what is known of the line there. The line is then drawn through the two places.
"""

import cv2
import numpy as np

_ALONG = 10.0  # pixels of the smaller picture that are averaged
_ACROSS = 1.5  # pixels of it that the edge may be off
_FAINT = 0.004  # of brightness for a pixel: what is less steep is no edge to go by


def refined(image: np.ndarray, hole: np.ndarray, ends: np.ndarray, scale: float) -> np.ndarray:
    """Lines (n, 4) of a picture (h, w, 3) float32 that was searched ``scale`` times smaller, placed anew.

    A line stays as it is where there is no clear edge beside both of its ends.
    """
    if scale <= 1 or not len(ends):
        return ends
    known = (~hole).astype(np.float32)
    out = ends.astype(np.float64)
    for index, line in enumerate(ends.astype(np.float64)):
        start, end = line[:2], line[2:]
        length = np.hypot(*(end - start))
        if length < 2 * scale:
            continue
        way = (end - start) / length
        across = np.array([-way[1], way[0]])
        places = [_edge(image, known, *each, across, scale) for each in ((start, -way), (end, way))]
        if None in places:
            continue
        first, last = (
            point + side * _ALONG * scale / 2 + across * off
            for point, side, off in zip((start, end), (-way, way), places, strict=True)
        )
        along = (last - first) / np.hypot(*(last - first))
        out[index] = [
            *(first + ((start - first) @ along) * along),
            *(first + ((end - first) @ along) * along),
        ]
    return out


def _edge(
    image: np.ndarray,
    known: np.ndarray,
    end: np.ndarray,
    outwards: np.ndarray,
    across: np.ndarray,
    scale: float,
) -> float | None:
    """How far across from the line the edge is that it stands for; None where none is clear."""
    reach = (_ACROSS + 1) * scale
    steps = np.arange(-np.ceil(reach), np.ceil(reach) + 1)
    along = np.arange(0, _ALONG * scale + 1)
    points = end + along[:, None, None] * outwards + steps[None, :, None] * across - 0.5
    x, y = (np.ascontiguousarray(points[..., axis], dtype=np.float32) for axis in (0, 1))
    colours = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.remap(known, x, y, cv2.INTER_LINEAR) > 0.999
    total = seen.sum(axis=0)
    if total.min() < 0.25 * len(along):
        return None
    profile = (colours * seen[..., None]).sum(axis=0) / total[:, None]
    blur = 0.5 * scale
    kernel = cv2.getGaussianKernel(2 * int(np.ceil(2 * blur)) + 1, blur, cv2.CV_32F)
    smooth = cv2.filter2D(profile, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    steep = np.linalg.norm(np.gradient(smooth, axis=0), axis=1)
    near = np.abs(steps) <= _ACROSS * scale
    best = int(np.argmax(np.where(near, steep, 0)))
    if steep[best] < _FAINT or not 0 < best < len(steps) - 1:
        return None
    before, top, after = steep[best - 1 : best + 2]
    bend = before - 2 * top + after
    return float(steps[best] + (0.5 * (before - after) / bend if bend < 0 else 0.0))

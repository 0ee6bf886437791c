"""Three kinds of hole, drawn from a seed for one photograph, and the straight lines they may cross.

strokes  a few free-form brush strokes, thin to medium
blobs    one compact, irregular blob like an object, 6 to 20 % of the picture
lines    a blob or a thick stroke across a strong straight line that is known on both sides of the hole
"""

import cv2
import numpy as np

KINDS = ("strokes", "blobs", "lines")
# LSD is run on pictures of at most this size, so that the scores mean the same on any photograph.
LINE_SIZE = 512


def draw(kind: str, rgb: np.ndarray, rng: np.random.Generator, scale: float = 1.0) -> np.ndarray | None:
    """A hole as bool HxW; `scale` shrinks blobs on big photographs. None where no line is strong enough."""
    if kind == "lines":
        return _lines(rgb, rng, scale)
    return {"strokes": _strokes, "blobs": _blob_anywhere}[kind](rgb.shape[:2], rng, scale)


def segments(rgb: np.ndarray) -> np.ndarray:
    """The straight segments of a picture: N x 4 (x1, y1, x2, y2), longest first."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    found = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:
        return np.zeros((0, 4), np.float32)
    found = found.reshape(-1, 4)
    return found[np.argsort(-_length(found), kind="stable")]


def line_recall(truth: np.ndarray, result: np.ndarray, hole: np.ndarray) -> tuple[float, float]:
    """(met, wanted): pixels of true line inside the hole, and how many of them a line of the result meets.

    A pixel is met where a segment of the result passes within 3 px and 5 degrees. Only segments of at least
    24 px of which at least 8 px lie in the hole count.
    """
    shrink = min(1.0, LINE_SIZE / max(hole.shape))
    if shrink < 1:
        size = (round(hole.shape[1] * shrink), round(hole.shape[0] * shrink))
        truth, result = (cv2.resize(x, size, interpolation=cv2.INTER_AREA) for x in (truth, result))
        hole = cv2.resize(hole.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    found = segments(result)
    direction, length = _directions(found)
    met = wanted = 0
    for line in segments(truth):
        along, span = _directions(line[None])
        if span[0] < 24:
            break
        points = line[:2] + np.linspace(0, span[0], int(span[0]) + 1)[:, None] * along
        x, y = np.rint(points).astype(int).clip(0, np.array(hole.shape[::-1]) - 1).T
        points = points[hole[y, x]]
        if len(points) < 8:
            continue
        wanted += len(points)
        parallel = np.abs(direction @ along[0]) > np.cos(np.radians(5))
        if not parallel.any():
            continue
        to = points[:, None] - found[None, parallel, :2]
        position = (to * direction[parallel]).sum(-1)
        distance = np.abs(to[..., 0] * direction[parallel, 1] - to[..., 1] * direction[parallel, 0])
        near = (distance <= 3) & (position >= -3) & (position <= length[parallel] + 3)
        met += int(near.any(1).sum())
    return met, wanted


def _length(lines: np.ndarray) -> np.ndarray:
    return np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])


def _directions(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    length = _length(lines)
    return (lines[:, 2:] - lines[:, :2]) / np.maximum(length, 1e-6)[:, None], length


def _strokes(shape: tuple[int, int], rng: np.random.Generator, scale: float) -> np.ndarray:
    side = min(shape) * scale
    hole = np.zeros(shape, np.uint8)
    corner = [rng.uniform(0, max(0, full - 1.2 * side)) for full in shape]
    window = [min(full, 1.2 * side) for full in shape]
    for _ in range(rng.integers(3, 7)):
        width = max(2, round(side * rng.uniform(0.02, 0.08)))
        point = np.array(
            [corner[1] + rng.uniform(0.1, 0.9) * window[1], corner[0] + rng.uniform(0.1, 0.9) * window[0]]
        )
        angle, bend = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.12)
        path = [point]
        for _ in range(rng.integers(10, 30)):
            angle += bend + rng.normal(0, 0.15)
            path.append(path[-1] + side * 0.025 * np.array([np.cos(angle), np.sin(angle)]))
        cv2.polylines(hole, [np.rint(path).astype(np.int32)], False, 1, width)
    return hole > 0


def _blob(shape: tuple[int, int], centre: np.ndarray, area: float, rng: np.random.Generator) -> np.ndarray:
    """An irregular closed outline around `centre` (x, y) that covers about `area` pixels."""
    turn = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    radius = np.ones_like(turn)
    for wave in range(2, 7):
        radius += rng.normal(0, 0.28 / wave) * np.cos(wave * turn + rng.uniform(0, 2 * np.pi))
    radius = np.maximum(radius, 0.35)
    stretch, tilt = rng.uniform(0.65, 1.0), rng.uniform(0, np.pi)
    x, y = radius * np.cos(turn), radius * np.sin(turn) * stretch
    outline = np.stack([x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)], 1)
    covered = cv2.contourArea(outline.astype(np.float32))
    hole = np.zeros(shape, np.uint8)
    cv2.fillPoly(hole, [np.rint(centre + outline * np.sqrt(area / covered)).astype(np.int32)], 1)
    return hole > 0


def _blob_anywhere(shape: tuple[int, int], rng: np.random.Generator, scale: float) -> np.ndarray:
    area = rng.uniform(0.06, 0.20) * shape[0] * shape[1] * scale**2
    reach = 0.55 * np.sqrt(area)
    x, y = (rng.uniform(min(reach, full / 2), max(full - reach, full / 2)) for full in shape[::-1])
    return _blob(shape, np.array([x, y]), area, rng)


def _lines(rgb: np.ndarray, rng: np.random.Generator, scale: float) -> np.ndarray | None:
    shape = rgb.shape[:2]
    shrink = min(1.0, LINE_SIZE / max(shape))
    size = (round(shape[1] * shrink), round(shape[0] * shrink))
    found = segments(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)) / shrink
    side = min(shape)
    strong = found[_length(found) >= 0.3 * side][:8]
    if not len(strong):
        return None
    line = strong[rng.integers(len(strong))]
    (along,), (length,) = _directions(line[None])
    centre = line[:2] + along * length * rng.uniform(0.45, 0.55)
    # A few per cent of the line stays known at each end.
    reach = min(0.42 * length, 0.3 * side) * scale
    if rng.random() < 0.6:
        hole = _blob(shape, centre, np.pi * reach**2 * rng.uniform(0.8, 1.0), rng)
    else:
        hole = np.zeros(shape, np.uint8)
        tilt = np.arctan2(along[1], along[0]) + np.pi / 2 + rng.uniform(-0.6, 0.6)
        across = np.array([np.cos(tilt), np.sin(tilt)]) * side * scale * rng.uniform(0.2, 0.35)
        ends = np.rint([centre - across, centre + across]).astype(np.int32)
        cv2.polylines(hole, [ends], False, 1, max(3, round(reach * rng.uniform(0.9, 1.3))))
        hole = hole > 0
    for end in (line[:2], line[2:]):
        x, y = np.rint(end).astype(int).clip(0, np.array(shape[::-1]) - 1)
        if hole[y, x]:
            return None
    return hole

"""The aligned face: a face of a photograph cut out upright and as large as the generator's, and back.

The square is placed by the eyes and the mouth as FFHQ's was (Karras, Laine, Aila: "A style-based generator
architecture for generative adversarial networks", CVPR 2019, appendix A). A square is (4, 2) float64: its
corners in pixels of the photograph, from the top left of the upright face clockwise. Both directions of the
warp go through one map and one antialiased sampler, so that one is the inverse of the other.
"""

import cv2
import numpy as np

from engines.base import Box, Patch

# Points of MediaPipe's face mesh that stand where dlib's, which FFHQ was made with, do: around each eye
# (its numbers 36 to 41 and 42 to 47), and the corners of the mouth (48 and 54). Left is the picture's left.
LEFT_EYE = (33, 160, 158, 133, 153, 144)
RIGHT_EYE = (362, 385, 387, 263, 373, 380)
MOUTH = (61, 291)

_COARSEST = 64  # pixels of the smallest aligned face
_BLUR = 0.02  # deviation, of the square's side: of what is reflected far beyond the photograph's edge
_FADE = 0.3  # of the square's side, beyond the edge: where nothing but the median colour is left
_SHARP = 1.25  # pixels of the source for one of the result: up to here single points of it are taken
_FEATHER = 0.08  # of the square's side, inside it: where a change fades out


def square(landmarks: np.ndarray) -> np.ndarray:
    """The aligned face's corners (4, 2) float64, of MediaPipe's landmarks (468 or more, 2).

    Raises ValueError if eyes and mouth are in one place.
    """
    points = np.asarray(landmarks, np.float64)
    left, right = points[list(LEFT_EYE)].mean(axis=0), points[list(RIGHT_EYE)].mean(axis=0)
    eyes = (left + right) / 2
    across, down = right - left, points[list(MOUTH)].mean(axis=0) - eyes
    x = across + np.array([down[1], -down[0]])
    length = np.hypot(*x)
    if not length > 1e-9:
        raise ValueError("eyes and mouth are in one place")
    x *= max(np.hypot(*across) * 2.0, np.hypot(*down) * 1.8) / length
    y = np.array([-x[1], x[0]])
    centre = eyes + down * 0.1
    return np.stack([centre - x - y, centre + x - y, centre + x + y, centre - x + y])


def to_photograph(points: np.ndarray, corners: np.ndarray, n: int) -> np.ndarray:
    """Points (m, 2) of an aligned face of n pixels as points of the photograph, float64."""
    matrix = _matrix(corners, n)
    return np.asarray(points, np.float64) @ matrix[:, :2].T + matrix[:, 2]


def to_aligned(points: np.ndarray, corners: np.ndarray, n: int) -> np.ndarray:
    """Points (m, 2) of the photograph as points of its aligned face of n pixels, float64."""
    matrix = _inverse(_matrix(corners, n))
    return np.asarray(points, np.float64) @ matrix[:, :2].T + matrix[:, 2]


def around(corners: np.ndarray, width: int, height: int) -> Box:
    """The pixels of a photograph of this size that a square is cut from: those that it covers and, for the
    sampling, a few beyond. Raises ValueError if the square lies outside."""
    low, high = _reach(corners)
    if (corners.max(axis=0) <= 0).any() or (corners.min(axis=0) >= [width, height]).any():
        raise ValueError("the square lies outside the photograph")
    low, high = np.maximum(low, 0), np.minimum(high, [width, height])
    return Box(int(low[0]), int(low[1]), *(int(side) for side in high - low))


def cut(image: np.ndarray, corners: np.ndarray, n: int) -> np.ndarray:
    """The aligned face (n, n, 3) float32, n at least 64, of a photograph (h, w, 3) float32.

    Beyond the photograph's edge it is reflected, more blurred the farther away and at last of the median
    colour alone, as in FFHQ; what is inside stays as it is. Raises ValueError as `around` does.
    """
    box = around(corners, image.shape[1], image.shape[0])
    part, side = image[box.slices], _side(corners)
    low, high = _reach(corners)
    before = np.array([box.x, box.y]) - low
    after = high - [box.x + box.width, box.y + box.height]
    # What cannot be seen at the end need not be padded and blurred: shrunk by a whole number first.
    factor = max(int(side / n / 2), 1)
    part = _shrunk(part, factor)
    before, after = -(-before // factor), -(-after // factor)
    if before.any() or after.any():
        part = _padded(part, before, after, side / factor)
    matrix = _matrix(corners, n)
    matrix[:, 2] -= [box.x, box.y]
    matrix /= factor
    matrix[:, 2] += before
    return _sampled(part, matrix, (n, n))


def put_back(change: np.ndarray, image: np.ndarray, corners: np.ndarray, zone: np.ndarray, box: Box) -> Patch:
    """A change of the aligned face, added to the photograph: its grain and all that did not change stay.

    ``change`` (n, n, 3) float32 is what the generator shows afterwards minus what it showed before; ``image``
    (h, w, 3), ``zone`` (h, w) float32 [0, 1] and the corners belong to the pixels ``box`` of the photograph.
    The patch's alpha is the zone, faded out towards the square's edge and 0 beyond it.
    """
    height, width = image.shape[:2]
    n = len(change)
    inverse = _inverse(_matrix(corners, n))
    alpha = zone * _window(inverse / n, width, height)
    rgb = image + _sampled(change.astype(np.float32, copy=False), inverse, (width, height))
    return Patch(box, np.clip(rgb, 0, 1, out=rgb), alpha.astype(np.float32, copy=False))


def _reach(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First pixel and the one behind the last, (2,) each, that the sampling of a square may look at."""
    room = _side(corners) / _COARSEST + 4
    low, high = corners.min(axis=0) - room, corners.max(axis=0) + room
    return np.floor(low).astype(int), np.ceil(high).astype(int)


def _side(corners: np.ndarray) -> float:
    return float(np.hypot(*(corners[1] - corners[0])))


def _matrix(corners: np.ndarray, n: int) -> np.ndarray:
    """(2, 3) from points of the aligned face to points of the photograph."""
    top_left, top_right, _, bottom_left = np.asarray(corners, np.float64)
    return np.stack([(top_right - top_left) / n, (bottom_left - top_left) / n, top_left], axis=1)


def _inverse(matrix: np.ndarray) -> np.ndarray:
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def _sampled(source: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """``source`` where ``matrix`` (2, 3) takes each of the width x height points; its edge goes on beyond it.

    Cubic between pixels; where the result is coarser than the source, the mean over each of its pixels.
    """
    coarseness = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    factor = max(int(coarseness / 2), 1)
    source, step = _shrunk(source, factor), matrix / factor
    fine = int(np.ceil(coarseness / factor)) if coarseness > _SHARP else 1
    step[:, :2] /= fine
    if fine == 1:
        source, step = _tripled(source), step * 3
    # From centres of pixels at a half to OpenCV's at whole numbers.
    step[:, 2] += step[:, :2].sum(axis=1) / 2 - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    wide = cv2.warpAffine(
        source, step, (size[0] * fine, size[1] * fine), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return wide if fine == 1 else cv2.resize(wide, size, interpolation=cv2.INTER_AREA)


def _tripled(source: np.ndarray) -> np.ndarray:
    """``source`` three times as large, by Catmull and Rom's cubic. OpenCV's own cubic bends straight ramps by
    up to a fourteenth of a pixel; between pixels as near as these a straight line will do."""
    third = np.array([0, -2, 21, 9, -1], np.float32) / 27  # a third of a pixel beyond the middle one
    kernels = (third[::-1], np.array([0, 0, 1, 0, 0], np.float32), third)
    height, width = source.shape[:2]
    out = np.empty((3 * height, 3 * width, *source.shape[2:]), np.float32)
    for row, down in enumerate(kernels):
        for column, across in enumerate(kernels):
            out[row::3, column::3] = cv2.sepFilter2D(
                source, cv2.CV_32F, across, down, borderType=cv2.BORDER_REPLICATE
            )
    return out


def _shrunk(source: np.ndarray, factor: int) -> np.ndarray:
    """``source`` by a whole factor smaller."""
    if factor == 1:
        return source
    height, width = source.shape[:2]
    down, across = -height % factor, -width % factor  # filled up, so that every pixel is a mean of as many
    source = cv2.copyMakeBorder(source, 0, down, 0, across, cv2.BORDER_REPLICATE)
    size = source.shape[1] // factor, source.shape[0] // factor
    return cv2.resize(source, size, interpolation=cv2.INTER_AREA)


def _padded(part: np.ndarray, before: np.ndarray, after: np.ndarray, side: float) -> np.ndarray:
    """``part`` with its reflection around it; ``before`` and ``after`` are pixels in x and y."""
    (left, top), (right, bottom) = map(int, before), map(int, after)
    height, width = part.shape[:2]
    out = cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_REFLECT_101)
    x = np.arange(-left, width + right, dtype=np.float32)
    y = np.arange(-top, height + bottom, dtype=np.float32)
    beyond_x = np.maximum(np.maximum(-x, x - (width - 1)), 0)
    beyond_y = np.maximum(np.maximum(-y, y - (height - 1)), 0)
    beyond = np.maximum(beyond_x[None], beyond_y[:, None]) / (_FADE * side)
    blurred = cv2.GaussianBlur(out, (0, 0), max(_BLUR * side, 0.3), borderType=cv2.BORDER_REFLECT_101)
    out += (blurred - out) * np.clip(3 * beyond, 0, 1)[..., None]
    median = np.median(part.reshape(-1, part.shape[2]), axis=0).astype(np.float32)
    out += (median - out) * np.clip(beyond, 0, 1)[..., None]
    return out


def _window(inverse: np.ndarray, width: int, height: int) -> np.ndarray:
    """(h, w) float32: 1 inside the square, falling to 0 at its edge; ``inverse`` takes points of the picture
    to 0..1 across and down the square."""
    x, y = (np.arange(count, dtype=np.float32) + 0.5 for count in (width, height))
    within = np.full((height, width), np.inf, np.float32)
    for row in inverse.astype(np.float32):
        place = row[0] * x[None] + row[1] * y[:, None] + row[2]
        within = np.minimum(within, np.minimum(place, 1 - place))
    t = np.clip(within / _FEATHER, 0, 1)
    return t * t * (3 - 2 * t)

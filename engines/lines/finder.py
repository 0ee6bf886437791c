"""The engine that looks for structure lines: the surroundings of each hole in, lines through it out."""

import cv2
import numpy as np

from engines.base import Progress, Region
from engines.lines.completion import complete
from engines.lines.detector import detect
from engines.lines.geometry import lengths
from engines.lines.network import WEIGHTS, MLsd
from engines.lines.refining import refined
from engines.lines.results import JOINED, VANISHING, CompletedLine, LinesRequest, LinesResult
from engines.lines.vanishing import in_pixels, vanishing_points
from engines.onnx_network import as_engine_error

# Pixels of the longer side that is searched. Finer grain is texture and no structure, and the scores are
# fitted on pictures of about this size.
_LARGEST = 512


class LineFinder:
    """The loaded engine. Raises the errors of ``store.load`` and of ``OnnxNetwork``."""

    def __init__(self, device: str = "auto", weights: str = WEIGHTS) -> None:
        self._network = MLsd(device, weights)
        self.device = self._network.device

    def run(self, request: LinesRequest, progress: Progress) -> LinesResult:
        """Search around the hole of every region. The same request gives the same lines."""
        parts = []
        for index, region in enumerate(request.regions):
            progress(index / len(request.regions))
            try:
                parts.append(self._searched(region, progress))
            except cv2.error as error:  # its way to say that there is no memory left
                raise as_engine_error(error, "The lines could not be found") from error
        progress(1.0)
        return LinesResult(
            np.concatenate([np.zeros((0, 4), np.float32), *(part.detected for part in parts)]),
            np.concatenate([np.zeros(0, np.float32), *(part.scores for part in parts)]),
            tuple(sorted((line for part in parts for line in part.completed), key=lambda line: -line.score)),
            np.concatenate([np.zeros((0, 2), np.float32), *(part.vanishing_points for part in parts)]),
        )

    def _searched(self, region: Region, progress: Progress) -> LinesResult:
        image, hole, target, scale = _small(region)
        seen = detect(image, hole, self._network, progress)
        points = vanishing_points(seen.ends)
        lines = complete(image, hole, target, seen, points)
        corner = np.array([region.box.x, region.box.y], np.float32)
        joined = np.array([kind in (JOINED, VANISHING) for kind in lines.kinds], bool)
        ends = lines.ends * np.tile(scale, 2)
        ends[joined] = refined(region.image, region.hole, ends[joined], float(scale.mean()))
        completed = tuple(
            CompletedLine(
                (line.reshape(2, 2) + corner).astype(np.float32), float(score), kind, bool(followed)
            )
            for line, score, kind, followed in zip(
                ends, lines.scores, lines.kinds, lines.followed, strict=True
            )
        )
        # A segment counts for its length, and for what the network makes of it.
        long = (lengths(seen.ends) / (0.25 * max(hole.shape))).clip(0, 1)
        scores = (1 - (1 - seen.weights) * (1 - long)).astype(np.float32)
        far = (in_pixels(points) * scale + corner).astype(np.float32)
        detected = (seen.ends * np.tile(scale, 2) + np.tile(corner, 2)).astype(np.float32)
        return LinesResult(detected, scores, completed, far)


def _small(region: Region) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Image, hole and target of a region at the size that is searched, and (2,) its pixels for each of these.

    No pixel of the hole takes part in the resize, and one that is hole in part is hole.
    """
    height, width = region.hole.shape
    shrink = _LARGEST / max(height, width)
    if shrink >= 1:
        return region.image, region.hole, region.target > 0, np.ones(2)
    size = (max(round(width * shrink), 1), max(round(height * shrink), 1))
    known = (~region.hole).astype(np.float32)
    image = cv2.resize(region.image * known[..., None], size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    target = cv2.resize(region.target, size, interpolation=cv2.INTER_AREA) > 0
    image /= np.maximum(share, 1e-6)[..., None]
    return image, share < 1 - 1e-4, target, np.array([width / size[0], height / size[1]])

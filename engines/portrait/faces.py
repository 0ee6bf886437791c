"""The engine that finds faces: a photograph in; where they are, their mesh and their aligned squares out.

BlazeFace looks for them at several scales, and looks again at each from close by, in four orientations, which
also tells most of what is no face. The mesh has the last word.
"""

import cv2
import numpy as np

from engines.base import Box, Progress
from engines.onnx_network import as_engine_error
from engines.portrait import alignment, blazeface, mesh
from engines.portrait.blazeface import BlazeFace, Sightings
from engines.portrait.mesh import FaceMesh
from engines.portrait.requests import Face, FacesFound, FindFaces

_PIXELS = 2e6  # of the largest copy that is searched: faces of 40 pixels in 8 megapixels are 20 in it
_FEWER = 4  # times smaller in either direction is the next; a face is seen at 20 to 110 pixels
_SMALLEST = 110  # pixels of the longer side, from which on a face that fills it has been looked for
_FIRST, _AGAIN, _SURE = 0.45, 0.7, 0.9  # the least scores: from afar, from close by, of the mesh
_MOST = 40  # sightings that are looked at again
_CLOSE, _ROOM = 128, 2.0  # pixels of the square for that, and its side, of the face's
_SAME = 0.3  # the share that two boxes have in common if they are of one face


class FaceFinder:
    """The loaded engine. Raises the errors of ``store.load``, ``OnnxGraph`` and ``OnnxNetwork``."""

    def __init__(
        self, device: str = "auto", detector: str = blazeface.WEIGHTS, landmarks: str = mesh.WEIGHTS
    ) -> None:
        self._detector = BlazeFace(device, detector)
        self._mesh = FaceMesh(device, landmarks)
        self.device = self._mesh.device

    def run(self, request: FindFaces, progress: Progress) -> FacesFound:
        """Every face, the largest first. Where none is upright enough to be seen, the picture is searched
        upside down as well."""
        try:
            faces = self._searched(request.image, progress)
        except cv2.error as error:  # its way to say that there is no memory left
            raise as_engine_error(error, "The faces could not be found") from error
        progress(1.0)
        return FacesFound(faces)

    def _searched(self, image: np.ndarray, progress: Progress) -> tuple[Face, ...]:
        progress(0.0)
        faces = self._verified(image, self._seen(image, progress), progress)
        if not faces:
            height, width = image.shape[:2]
            turned = self._seen(image[::-1, ::-1], progress)
            boxes = np.array([width, height] * 2) - turned.boxes[:, [2, 3, 0, 1]]
            points = np.array([width, height]) - turned.points
            faces = self._verified(image, Sightings(turned.scores, boxes, points), progress)
        return tuple(sorted(faces, key=lambda face: -_side(face.square)))

    def _seen(self, image: np.ndarray, progress: Progress) -> Sightings:
        """What might be a face, from afar: the surest first, one for each place."""
        height, width = image.shape[:2]
        scale = min(1.0, float(np.sqrt(_PIXELS / (width * height))))
        found = []
        while True:
            found.append(self._detector.search(image, scale, _FIRST, progress))
            if max(width, height) * scale <= _SMALLEST:
                break
            scale /= _FEWER
        joined = Sightings(
            np.concatenate([each.scores for each in found]),
            np.concatenate([each.boxes for each in found]),
            np.concatenate([each.points for each in found]),
        )
        middle = (joined.boxes[:, :2] + joined.boxes[:, 2:]) / 2
        inside = ((middle > 0) & (middle < [width, height])).all(axis=1)
        kept = [index for index in distinct(joined.boxes, joined.scores) if inside[index]][:_MOST]
        return Sightings(joined.scores[kept], joined.boxes[kept], joined.points[kept])

    def _verified(self, image: np.ndarray, seen: Sightings, progress: Progress) -> list[Face]:
        faces: list[Face] = []
        scores: list[float] = []
        for index, (box, points) in enumerate(zip(seen.boxes, seen.points, strict=True)):
            progress(0.5 + index / len(seen.boxes) / 2)
            try:
                face = self._close_by(image, box, points, progress)
            except ValueError:  # most of it lies outside the picture
                continue
            if face is not None:
                faces.append(face)
                scores.append(face.score)
        bounds = np.array([_bounds(face.landmarks) for face in faces]).reshape(-1, 4)
        return [faces[index] for index in distinct(bounds, np.array(scores))]

    def _close_by(
        self, image: np.ndarray, box: np.ndarray, points: np.ndarray, progress: Progress
    ) -> Face | None:
        """The face of a sighting, looked at again, or None. Raises ValueError if it lies outside."""
        corners = mesh.square_around(box, _ROOM, points[1] - points[0])
        seen = alignment.cut(image, corners, _CLOSE)
        best: tuple[float, np.ndarray, np.ndarray] | None = None
        for _ in range(4):
            looked = self._detector.look(seen, _AGAIN, progress)
            if len(looked.scores):
                first = int(looked.scores.argmax())
                if best is None or looked.scores[first] > best[0]:
                    where = alignment.to_photograph(looked.points[first], corners, _CLOSE)
                    edges = looked.boxes[first][[0, 1, 2, 1, 2, 3, 0, 3]].reshape(4, 2)
                    outline = alignment.to_photograph(edges, corners, _CLOSE)
                    best = float(looked.scores[first]), outline, where[1] - where[0]
            seen, corners = np.rot90(seen), np.roll(corners, -1, axis=0)
        if best is None:
            return None
        score, outline, across = best
        landmarks, sure = self._mesh.points(image, _bounds(outline), across, progress)
        if sure < _SURE:
            return None
        within = _within(_bounds(landmarks), image.shape[1], image.shape[0])
        return Face(within, min(score, sure), landmarks, alignment.square(landmarks))


def distinct(boxes: np.ndarray, scores: np.ndarray) -> list[int]:
    """Which of boxes (n, 4) stay, the surest first: those that share little with a surer one."""
    left: list[int] = []
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for index in np.argsort(-scores, kind="stable"):
        low = np.maximum(boxes[left, :2], boxes[index, :2])
        high = np.minimum(boxes[left, 2:], boxes[index, 2:])
        common = np.prod(np.maximum(high - low, 0), axis=1)
        # Of the smaller one: a face within a face is the same at another scale.
        if not (common > _SAME * np.minimum(areas[left], areas[index])).any():
            left.append(int(index))
    return left


def _bounds(points: np.ndarray) -> np.ndarray:
    return np.concatenate([points.min(axis=0), points.max(axis=0)])


def _within(bounds: np.ndarray, width: int, height: int) -> Box:
    """The pixels of a picture of this size that bounds (4,) reach. Raises ValueError if there are none."""
    left, top = (max(int(place), 0) for place in np.floor(bounds[:2]))
    right, bottom = min(int(np.ceil(bounds[2])), width), min(int(np.ceil(bounds[3])), height)
    if right <= left or bottom <= top:
        raise ValueError("the face lies outside the picture")
    return Box(left, top, right - left, bottom - top)


def _side(square: np.ndarray) -> float:
    return float(np.hypot(*(square[1] - square[0])))

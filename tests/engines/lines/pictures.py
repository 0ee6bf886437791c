"""Drawn pictures whose lines are known, and the requests to search them."""

import cv2
import numpy as np

from engines.base import Box, Region
from engines.lines.results import LinesRequest

_FINE = 8  # how many times as large a picture is drawn before it is averaged down


def drawn(width, height, *polygons, ground=0.25, blur=0.7):
    """(height, width, 3) float32: polygons, (points in pixels, grey or RGB), one over the other, soft."""
    canvas = np.empty((height * _FINE, width * _FINE, 3), np.float32)
    canvas[...] = ground
    for points, colour in polygons:
        corners = np.rint(np.array(points, np.float64) * _FINE - 0.5).astype(np.int32)
        value = np.broadcast_to(np.float32(colour), 3).tolist()
        cv2.fillPoly(canvas, [corners], value)
    small = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), blur)


def disc(width, height, x, y, radius):
    """A round hole."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    return np.hypot(columns - x, rows - y) < radius


def region(image, hole, corner=(0, 0), target=None):
    """What is in the hole is made a glaring object of another colour: nothing may depend on it."""
    seen = image.copy()
    seen[hole] = (0.9, 0.1, 0.6)
    height, width = hole.shape
    target = hole if target is None else target
    return Region(Box(*corner, width, height), seen, hole, target.astype(np.float32))


def request(*regions):
    return LinesRequest(tuple(regions))


def off(line, points):
    """How far the points (n, 2) lie off the endless line through ``line`` (2, 2), at most."""
    start, end = np.asarray(line, np.float64)
    way = (end - start) / np.hypot(*(end - start))
    to = np.asarray(points, np.float64) - start
    return float(np.abs(to[:, 0] * way[1] - to[:, 1] * way[0]).max())


def covers(line, points, slack=3.0):
    """Whether ``points`` (n, 2) lie between the ends of a line (2, 2), give or take ``slack`` pixels."""
    start, end = np.asarray(line, np.float64)
    length = np.hypot(*(end - start))
    along = (np.asarray(points, np.float64) - start) @ ((end - start) / length)
    return bool((along >= -slack).all() and (along <= length + slack).all())

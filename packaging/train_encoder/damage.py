"""Pictures of the generator made like photographs: not quite aligned, cut off at the edge, of other colours
and contrast, soft, noisy, and compressed."""

import cv2
import numpy as np

from engines.portrait import alignment


def damaged(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(n, n, 3) float32 of a picture (n, n, 3) float32, both [0, 1]."""
    for change in (_moved, _coloured, _softened, _noisy, _compressed):
        picture = np.clip(change(picture, random), 0, 1).astype(np.float32)
    return picture


def _moved(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A little turned, moved and scaled; half of them reflected where a photograph would have ended."""
    n = len(picture)
    turn, scale = random.normal(0, 0.02), 1 + random.normal(0, 0.015)
    move = random.normal(0, 0.007, 2) * n
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    corners = np.array([[0, 0], [n, 0], [n, n], [0, n]], np.float64) - n / 2
    corners = corners @ np.array([[c, s], [-s, c]]) + n / 2 + move
    low, high = np.zeros(2, int), np.full(2, n)
    if random.random() < 0.5:
        low[0], high[0] = random.integers(0, n // 5, 2) * (1, -1) + (0, n)
        low[1], high[1] = random.integers(0, n // 8, 2) * (1, -1) + (0, n)
    return alignment.cut(picture[low[1] : high[1], low[0] : high[0]], corners - low, n)


def _coloured(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    gains = np.exp(random.normal(0, 0.03, 3) + random.normal(0, 0.05)).astype(np.float32)
    contrast = np.float32(np.exp(random.normal(0, 0.07)))
    picture = np.clip(picture, 0, 1) ** np.float32(np.exp(random.normal(0, 0.07)))
    return ((picture - 0.5) * contrast + 0.5) * gains


def _softened(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    if random.random() < 0.5:
        return picture
    return cv2.GaussianBlur(picture, (0, 0), random.uniform(0.3, 1.0), borderType=cv2.BORDER_REFLECT_101)


def _noisy(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    deviation = random.uniform(0, 0.02)
    return picture + random.normal(0, deviation, picture.shape).astype(np.float32)


def _compressed(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    if random.random() < 0.5:
        return picture
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(60, 96))]
    _, coded = cv2.imencode(".jpg", np.rint(picture * 255).astype(np.uint8), quality)
    return cv2.imdecode(coded, cv2.IMREAD_COLOR).astype(np.float32) / 255

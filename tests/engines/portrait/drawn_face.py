"""A face that no one has, drawn so that the networks take it for one."""

import cv2
import numpy as np


def drawn_face(n: int = 512) -> np.ndarray:
    """(n, n, 3) float32 RGB: a head from the front, its eyes at (0.38, 0.45) and (0.62, 0.45) of the side and
    its mouth at (0.5, 0.71)."""
    big = 1024
    image = np.full((big, big, 3), (0.35, 0.45, 0.55), np.float32)

    def blob(x, y, across, down, colour, soft=6.0, turn=0.0):
        mask = np.zeros((big, big), np.float32)
        centre, axes = (int(x * big), int(y * big)), (int(across * big), int(down * big))
        cv2.ellipse(mask, centre, axes, turn, 0, 360, 1.0, -1, cv2.LINE_AA)
        mask = cv2.GaussianBlur(mask, (0, 0), soft)[..., None]
        image[:] = image * (1 - mask) + np.array(colour, np.float32) * mask

    skin, shade, light = (0.85, 0.66, 0.55), (0.70, 0.48, 0.39), (0.93, 0.76, 0.66)
    hair, lips, dark = (0.20, 0.13, 0.09), (0.72, 0.35, 0.33), (0.12, 0.08, 0.07)
    blob(0.50, 1.02, 0.42, 0.18, (0.25, 0.28, 0.35))  # shoulders
    blob(0.50, 0.88, 0.13, 0.14, shade, 10)  # neck
    blob(0.50, 0.44, 0.31, 0.36, hair)
    for side in (-1, 1):
        blob(0.5 + side * 0.265, 0.54, 0.035, 0.07, shade)  # ears
    blob(0.50, 0.54, 0.25, 0.32, skin, 5)
    blob(0.50, 0.33, 0.20, 0.09, light, 30)  # brow
    for side in (-1, 1):
        blob(0.5 + side * 0.20, 0.62, 0.05, 0.16, shade, 30)  # sides of the face
        blob(0.5 + side * 0.12, 0.60, 0.06, 0.05, light, 22)  # cheeks
        x = 0.5 + side * 0.12
        blob(x, 0.445, 0.075, 0.042, shade, 12)  # the hollow of the eye
        blob(x, 0.385, 0.075, 0.012, hair, 4, -side * 6)  # eyebrow
        blob(x, 0.452, 0.052, 0.022, (0.93, 0.92, 0.90), 2)
        blob(x, 0.450, 0.021, 0.021, (0.30, 0.20, 0.13), 2)
        blob(x, 0.450, 0.010, 0.010, (0.02, 0.02, 0.02), 1)
        blob(x - 0.006, 0.443, 0.004, 0.004, (1.0, 1.0, 1.0), 1)
        blob(x, 0.432, 0.054, 0.007, dark, 2)  # upper lid
        blob(x, 0.476, 0.046, 0.003, shade, 2)
        blob(0.5 + side * 0.030, 0.50, 0.010, 0.085, shade, 10, -side * 6)  # sides of the nose
        blob(0.5 + side * 0.028, 0.612, 0.013, 0.008, dark, 3)  # nostrils
        blob(0.5 + side * 0.045, 0.60, 0.010, 0.020, shade, 6)
    blob(0.50, 0.52, 0.014, 0.09, light, 8)
    blob(0.50, 0.595, 0.026, 0.020, light, 8)  # tip of the nose
    blob(0.50, 0.630, 0.030, 0.006, shade, 5)
    blob(0.50, 0.700, 0.085, 0.016, lips, 4)
    blob(0.50, 0.723, 0.070, 0.018, (0.80, 0.45, 0.42), 5)
    blob(0.50, 0.710, 0.088, 0.004, (0.35, 0.13, 0.13), 2)
    blob(0.50, 0.757, 0.050, 0.008, shade, 7)
    blob(0.50, 0.80, 0.07, 0.03, light, 16)  # chin
    blob(0.50, 0.17, 0.22, 0.10, hair, 8)
    return cv2.resize(image, (n, n), interpolation=cv2.INTER_AREA)

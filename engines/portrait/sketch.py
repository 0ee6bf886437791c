"""The sketch of a face: XDoG (Winnemoeller, Kyprianidis, Olsen: "XDoG: an eXtended difference-of-Gaussians
compendium including advanced image stylization", Computers & Graphics 36(6), 2012).

The *response* u = G_sigma * I - gamma G_(k sigma) * I of the grey picture I is high on plain paper and low
beside a darker line; the sketch is white where it is at least epsilon and falls with tanh(phi (u - epsilon))
below. `hard` is this form, `drawn` the same without its specks, for the eye and the pen; the form for a loss
is in `soft_sketch`. All constants but sigma are free of the size; sigma grows with it.
"""

import cv2
import numpy as np

SIGMA = 2.0  # pixels, of a face of 512
K = 1.6
# Looked at on portraits of light and dark skin, bright and dim. With the 0.97 and 0.005 that are used
# elsewhere, whatever is darker than 0.17 turns into ink: all of dark hair, and faces in the shade.
GAMMA = 0.98
EPSILON = -0.002
PHI = 200.0  # of the hard form

GREY = (0.299, 0.587, 0.114)  # Rec. 601, as the papers that edit by sketches have it
_FACE = 512
_SPECK = 30  # pixels of a face of 512: less ink in one place is noise, skin or hair and no line
_INK = 0.5  # what is darker counts as ink


def drawn(face: np.ndarray) -> np.ndarray:
    """The sketch (n, n) float32, 1 = paper and 0 = ink, of an aligned face (n, n, 3) float32 RGB [0, 1]."""
    sketch = hard(face)
    ink = (sketch < _INK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    is_line = stats[:, cv2.CC_STAT_AREA] >= _SPECK * (len(face) / _FACE) ** 2
    is_line[0] = False  # the paper
    near = cv2.dilate(is_line[labels].astype(np.uint8), np.ones((3, 3), np.uint8))  # soft edges of the lines
    return np.where(near > 0, sketch, np.float32(1))


def hard(face: np.ndarray) -> np.ndarray:
    """The operator's hard form of the same, specks included."""
    grey = face @ np.array(GREY, np.float32)
    fine, coarse = (_blurred(grey, kernel) for kernel in kernels(len(face)))
    return 1 + np.tanh(PHI * np.minimum(fine - GAMMA * coarse - EPSILON, 0))


def kernels(n: int) -> tuple[np.ndarray, np.ndarray]:
    """The two Gaussians for a face of n pixels, each (odd,) float32."""
    sigma = SIGMA * n / _FACE
    return _gaussian(sigma), _gaussian(K * sigma)


def _gaussian(sigma: float) -> np.ndarray:
    reach = int(np.ceil(4 * sigma))
    x = np.arange(-reach, reach + 1)
    values = np.exp(-(x**2) / (2 * sigma**2))
    return (values / values.sum()).astype(np.float32)


def _blurred(grey: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return cv2.sepFilter2D(grey, cv2.CV_32F, kernel, kernel, borderType=cv2.BORDER_REFLECT_101)

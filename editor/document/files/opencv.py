"""16-bit pictures through OpenCV, for what Pillow and tifffile cannot decode."""

import numpy as np


def decode(data) -> np.ndarray:
    """The first picture of the file ``data`` (bytes or mmap) as (H, W, 1, 3 or 4) uint16 in RGB order, not
    turned upright.

    Raises ``ValueError`` when OpenCV cannot decode it or would give fewer than 16 bits.
    """
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    samples = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if samples is None or samples.dtype != np.uint16:
        raise ValueError("OpenCV cannot decode this file")
    if samples.ndim == 2:
        return samples[..., None]
    return samples[..., [2, 1, 0, 3][: samples.shape[2]]]

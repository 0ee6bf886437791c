"""16-bit pictures through OpenCV, for what Pillow and tifffile cannot decode."""

import numpy as np


def decode(data) -> np.ndarray:
    """The first picture of the file ``data`` (bytes or mmap) as (H, W, 1, 3 or 4) uint16 in RGB order, not
    turned upright.

    Raises ``ValueError`` when OpenCV cannot decode it or would give fewer than 16 bits.
    """
    samples = as_stored(data)
    if samples.dtype != np.uint16:
        raise ValueError("OpenCV gives fewer than 16 bits of this file")
    if samples.ndim == 2:
        return samples[..., None]
    return samples[..., [2, 1, 0, 3][: samples.shape[2]]]


def as_stored(data) -> np.ndarray:
    """What OpenCV makes of the file ``data``: (H, W) or (H, W, 3 or 4) in BGR order, of any depth.

    Raises ``ValueError`` when it cannot decode it, and ``MemoryError``.
    """
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        samples = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise ValueError("OpenCV cannot decode this file") from error
    if samples is None:
        raise ValueError("OpenCV cannot decode this file")
    return samples

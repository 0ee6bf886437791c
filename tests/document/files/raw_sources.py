"""A camera RAW file for the tests: an uncompressed DNG, RGGB."""

from io import BytesIO

import numpy as np

# A camera whose own primaries are sRGB's: CIE XYZ under D65 to its red, green and blue.
SRGB_CAMERA = (
    3.2404542,
    -1.5371385,
    -0.4985314,
    -0.9692660,
    1.8760108,
    0.0415560,
    0.0556434,
    -0.2040259,
    1.0572252,
)


def flat(height, width, red, green, blue):
    """A sensor under even light: (height, width) uint16, RGGB."""
    sensor = np.empty((height, width), np.uint16)
    sensor[0::2, 0::2], sensor[1::2, 1::2] = red, blue
    sensor[0::2, 1::2] = sensor[1::2, 0::2] = green
    return sensor


def dng(
    sensor,
    *,
    orientation=1,
    neutral=(1.0, 1.0, 1.0),
    black=0,
    white=65535,
    order="<",
    linearisation=False,
    matrix=SRGB_CAMERA,
):
    """``sensor`` (H, W) uint16, RGGB, as a DNG file; ``neutral`` is what the camera sees of a grey object."""
    import tifffile

    def fractions(values):
        return tuple(number for value in values for number in (round(value * 10_000), 10_000))

    tags = [
        (271, "s", 0, "Maker", True),
        (272, "s", 0, "Model", True),
        (274, "H", 1, orientation, True),
        (33421, "H", 2, (2, 2), True),  # the colour filter array repeats every 2 x 2
        (33422, "B", 4, (0, 1, 1, 2), True),
        (50706, "B", 4, (1, 4, 0, 0), True),  # DNG version
        (50707, "B", 4, (1, 1, 0, 0), True),
        (50708, "s", 0, "Maker Model", True),
        (50714, "H", 1, black, True),
        (50717, "I", 1, white, True),
        (50721, "2i", 9, fractions(matrix), True),
        (50728, "2I", 3, fractions(neutral), True),
        (50778, "H", 1, 21, True),  # the matrix is for D65
    ]
    if linearisation:
        tags.append((50712, "H", 65536, tuple(range(65536)), True))
    file = BytesIO()
    tifffile.imwrite(
        file, sensor, photometric="cfa", extratags=tags, metadata=None, byteorder=order, software=False
    )
    return file.getvalue()

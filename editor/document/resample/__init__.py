"""Pictures at another size and in another place: resizing, affine and perspective transforms.

Arrays are uint8 or uint16 of shape (H, W, 4), straight RGBA, or (H, W, 1), a mask. Coordinates are in pixels,
x to the right and y down, the centre of the first pixel at (0.5, 0.5): a picture W wide reaches from 0 to W.
Matrices are 3 x 3 and map a column (x, y, 1) of the source to one of the target, up to a common factor.

Colours are weighed by their alpha, so that none comes out of transparent pixels; a pixel that ends up fully
transparent is 0 in all channels.
"""

from editor.document.resample.checks import MAX_PIXELS, METHODS
from editor.document.resample.homography import bounds, corners, quad_to_quad
from editor.document.resample.resize import resize
from editor.document.resample.warp import warp

__all__ = ["MAX_PIXELS", "METHODS", "bounds", "corners", "quad_to_quad", "resize", "warp"]

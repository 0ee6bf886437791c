"""Colour spaces of files: which profile fits which pixels, and ink or Lab values as RGB."""

from io import BytesIO

from PIL import Image


def fitting(icc: bytes | None, *, grey: bool) -> bytes | None:
    """``icc`` if it is a profile for grey (or else RGB) values, None otherwise."""
    return icc if icc and icc[16:20] == (b"GRAY" if grey else b"RGB ") else None


def to_rgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """A CMYK or LAB image as sRGB: through its profile if it has one that works, else by rule of thumb."""
    from PIL import ImageCms  # few files need it

    srgb = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        return ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
    if icc and icc[16:20] == b"CMYK":
        try:
            return ImageCms.profileToProfile(image, BytesIO(icc), srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged profile
    return image.convert("RGB")

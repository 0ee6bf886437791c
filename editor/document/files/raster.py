"""Open and save flat pictures: PNG, JPEG, TIFF, WebP, and BMP to read."""

import mmap
import os
import stat
import warnings
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

# The formats but JPEG, and all that saving needs, are imported where they are used: most pictures that
# Lacuna starts with are JPEGs, and their first paint waits for every import here.
from editor.document.files import exif, jpeg, xmp
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata, usable_dpi
from editor.document.files.upright import upright

READ_SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp", ".bmp", ".dib")
WRITE_SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp")
MAX_PIXELS = 300_000_000

_FORMATS = ("BMP", "PNG", "WEBP")
_GREY_MODES = ("1", "L", "LA", "La")
_ALPHA_MODES = ("LA", "La", "PA", "RGBA", "RGBa")
_COLOUR_MODES = ("P", "RGB", "RGBX", "CMYK", "YCbCr", "LAB")
_CONVERTED_MODES = ("CMYK", "LAB")
_HEAD = 65536  # enough to tell a lossless WebP, whose pixels come after its profile

# Pillow's own limit warns at a size that a good camera reaches.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_TO_8_BITS = ((np.arange(65536) * 255 + 32767) // 65535).astype(np.uint8)


@dataclass(frozen=True)
class Raster:
    """A flat picture as its file holds it, turned upright.

    ``pixels`` is (H, W, 4) RGBA with straight alpha, uint8 or uint16 over its whole range, contiguous and
    writable. ``grey``: the file holds grey values only, R == G == B. ``has_alpha``: the file has an alpha
    channel; without one alpha is 255 or 65535 throughout. Both say how it is saved again.
    """

    pixels: np.ndarray
    grey: bool
    has_alpha: bool
    metadata: Metadata


def read(path: str | os.PathLike) -> Raster:
    """Open a picture; what it is, its content says and not its suffix. Of several pages, the first.

    16-bit grey and RGB keep all their bits; CMYK and Lab become 8-bit sRGB, and lose their profile. The
    orientation is applied. Raises ``FileError`` for whatever cannot be opened, pictures of more than
    300 megapixels included.

    Warnings are silenced meanwhile with ``warnings.catch_warnings``, which is not meant for two threads
    at the same time: read in one thread at a time.
    """
    path = Path(path)
    name = path.name
    try:
        _refuse_unreadable(path, name)
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decoded(file, name)
    except FileError:
        raise
    except MemoryError as error:
        raise FileError(f"Cannot open {name}: there is not enough memory for its size.") from error
    except PermissionError as error:
        raise FileError(f"Cannot open {name}: there is no permission to read it.") from error
    except Image.DecompressionBombError as error:
        raise _too_large(name) from error
    except Image.UnidentifiedImageError as error:
        raise FileError(
            f"Cannot open {name}: it is not a PNG, JPEG, TIFF, WebP or BMP picture, or it is damaged."
        ) from error
    except OSError as error:
        if error.errno is None:  # raised by a decoder and not by the system
            raise _damaged(name) from error
        raise FileError(f"Cannot open {name}: the disk reported an error ({error.strerror}).") from error
    # A hostile or cut-off file makes decoders raise nearly anything: SyntaxError, struct.error, KeyError ...
    except Exception as error:
        raise _damaged(name) from error


def write(path: str | os.PathLike, raster: Raster, *, quality: int | None = None) -> None:
    """Save a picture in the format its suffix names; an older file of that name is replaced whole or kept.

    PNG and TIFF are exact at 8 and 16 bits. JPEG and WebP have 8 bits; JPEG has no alpha and is put on
    white. ``quality`` (1 to 100) is for these two: JPEG without it is saved like the JPEG the picture came
    from, else at 92; WebP without it at 90, or lossless if it came from a lossless WebP; WebP at 100 is
    lossless. Profile, EXIF, XMP and resolution are kept where the format has a place and they fit; a profile
    for other colours than those saved is left out. Raises ``FileError``; then nothing was changed.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in WRITE_SUFFIXES:
        raise FileError(f"Cannot save {path.name}: end the name in .png, .jpg, .tif or .webp.")
    from editor.document.files import atomic, webp

    side = None
    if suffix == ".webp":
        side = webp.MAX_SIDE
    elif suffix not in (".png", ".tif", ".tiff"):
        side = jpeg.MAX_SIDE
    if side is not None and max(raster.pixels.shape[:2]) > side:
        raise FileError(
            f"Cannot save {path.name}: this format ends at {side} pixels a side; save as PNG or TIFF."
        )
    with atomic.replacing(path) as temporary:
        temporary.write_bytes(_encoded(suffix, raster, quality))


def _refuse_unreadable(path: Path, name: str) -> None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileError(f"Cannot open {name}: the file does not exist.") from error
    if stat.S_ISDIR(status.st_mode):
        raise FileError(f"Cannot open {name}: it is a folder.")
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for, for ever
        raise FileError(f"Cannot open {name}: it is a device or a pipe and not a file.")
    if status.st_size == 0:
        raise FileError(f"Cannot open {name}: the file is empty; try another copy.")


def _guard(width: int, height: int, name: str) -> None:
    if width < 1 or height < 1:
        raise _damaged(name)
    if width * height > MAX_PIXELS:
        raise _too_large(name)


def _damaged(name: str) -> FileError:
    return FileError(f"Cannot open {name}: it is damaged or cut off; try another copy.")


def _too_large(name: str) -> FileError:
    return FileError(
        f"Cannot open {name}: it is larger than the limit of {MAX_PIXELS // 1_000_000} megapixels; "
        "make it smaller in another program first."
    )


def _decoded(file: BinaryIO, name: str) -> Raster:
    head = file.read(_HEAD)
    file.seek(0)
    if jpeg.is_jpeg(head):
        return _decoded_jpeg(file, name)
    # Named formats, and their plug-ins loaded, so that Pillow neither tries nor loads any other.
    from PIL import BmpImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    from editor.document.files import png, tiff, webp

    if tiff.is_tiff(head):
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _decoded_tiff(file, data, name)
    if png.depth(head) == 16:
        return _decoded_deep_png(file.read(), name)
    image = Image.open(file, formats=_FORMATS)
    _guard(*image.size, name)
    if image.format == "WEBP" and max(image.size) > webp.MAX_SIDE:
        raise _damaged(name)  # no frame fills such a canvas, and libwebp takes seconds over it
    pixels, grey, has_alpha = _through_pillow(image, name, png.depth(head))
    metadata, orientation = _metadata(image)
    metadata = replace(metadata, lossless=image.format == "WEBP" and webp.is_lossless(head))
    return Raster(upright(pixels, orientation), grey, has_alpha, metadata)


def _decoded_jpeg(file: BinaryIO, name: str) -> Raster:
    image = jpeg.opened(file)
    _guard(*image.size, name)
    settings = jpeg.settings(image)
    if settings and image.mode == "RGB":
        pixels, grey, has_alpha = jpeg.load_rgb(image), False, False
    else:
        pixels, grey, has_alpha = _through_pillow(image, name, 0)
    metadata, orientation = _metadata(image)
    return Raster(upright(pixels, orientation), grey, has_alpha, replace(metadata, jpeg=settings))


def _decoded_tiff(file: BinaryIO, data: mmap.mmap, name: str) -> Raster:
    from PIL import TiffImagePlugin  # noqa: F401

    from editor.document.files import tiff

    stored = tiff.facts(data)
    _guard(stored.width, stored.height, name)
    if not stored.whole_numbers:
        raise FileError(
            f"Cannot open {name}: its values are not whole numbers of 8 or 16 bits (it may hold 32-bit "
            "floating point); convert it to 8 or 16 bits a channel first."
        )
    if stored.deep:
        pixels, grey, has_alpha = _expanded(tiff.decode_deep(data, stored))
        return Raster(upright(pixels, stored.orientation), grey, has_alpha, stored.metadata)
    image = Image.open(file, formats=("TIFF",))
    pixels, grey, has_alpha = _through_pillow(image, name, 0)  # which turns a TIFF upright by itself
    metadata = replace(stored.metadata, icc=_profile(image))
    return Raster(pixels, grey, has_alpha, metadata)


def _decoded_deep_png(data: bytes, name: str) -> Raster:
    from editor.document.files import png

    data = png.first_frame(data)
    image = Image.open(BytesIO(data), formats=("PNG",))
    _guard(*image.size, name)
    key = image.info.get("transparency")
    samples = png.decode_deep(data, key if isinstance(key, int) else None)
    pixels, grey, has_alpha = _expanded(samples)
    metadata, orientation = _metadata(image)
    return Raster(upright(pixels, orientation), grey, has_alpha, metadata)


def _through_pillow(image: Image.Image, name: str, bits: int) -> tuple[np.ndarray, bool, bool]:
    """(H, W, 4) uint8 pixels of an opened image, whether it is grey, whether it has alpha.

    ``bits`` is the depth of a PNG, 0 for other formats.
    """
    image.load()
    mode = image.mode
    if mode not in _GREY_MODES + _ALPHA_MODES + _COLOUR_MODES:
        raise FileError(f"Cannot open {name}: its pixels are of an unusual kind; save it as 8-bit RGB.")
    if bits in (2, 4) and mode == "L" and "transparency" in image.info:
        # Pillow stretches the grey values to 0..255, but not the one that is transparent.
        image.info["transparency"] *= 255 // (2**bits - 1)
    has_alpha = mode in _ALPHA_MODES or "transparency" in image.info
    if mode in _CONVERTED_MODES:
        from editor.document.files.colour import to_rgb

        image = to_rgb(image, image.info.get("icc_profile"))
    elif mode in ("RGBX", "YCbCr"):
        image = image.convert("RGB")
    elif mode == "La":
        image = image.convert("LA")
    rgba = image.convert("RGBA")
    pixels = np.empty((rgba.height, rgba.width, 4), np.uint8)
    # The array's own memory as an image: one copy, where asking for bytes makes two and a read-only array.
    Image.core.map_buffer(pixels, rgba.size, "raw", 0, ("RGBA", 0, 1)).paste(rgba.im, (0, 0, *rgba.size))
    return pixels, mode in _GREY_MODES, has_alpha


def _expanded(samples: np.ndarray) -> tuple[np.ndarray, bool, bool]:
    """(H, W, 1 to 4) uint16 as (H, W, 4), whether it is grey, whether it has alpha."""
    height, width, channels = samples.shape
    grey, has_alpha = channels <= 2, channels in (2, 4)
    pixels = np.empty((height, width, 4), np.uint16)
    pixels[..., :3] = samples[..., :1] if grey else samples[..., :3]
    pixels[..., 3] = samples[..., -1] if has_alpha else 65535
    return pixels, grey, has_alpha


def _metadata(image: Image.Image) -> tuple[Metadata, int]:
    """The cleaned metadata of a loaded PNG, JPEG, WebP or BMP, and its orientation (1 to 8)."""
    info = image.info
    block, turned = exif.clean(_exif_block(info))
    packet, turned_in_xmp = xmp.clean(info.get("xmp") or b"")
    metadata = Metadata(
        format="JPEG" if image.format == "MPO" else image.format,
        icc=_profile(image),
        exif=block,
        xmp=packet or None,
        dpi=usable_dpi(info.get("dpi")),
    )
    return metadata, turned or turned_in_xmp or 1


def _exif_block(info: dict) -> bytes:
    if "exif" in info:
        return info["exif"].removeprefix(b"Exif\0\0")
    # ImageMagick's way to put it into a PNG: a line break, a name, a length, then hexadecimal lines.
    lines = str(info.get("Raw profile type exif", "")).split("\n")
    try:
        return bytes.fromhex("".join(lines[3:])).removeprefix(b"Exif\0\0")
    except ValueError:
        return b""


def _profile(image: Image.Image) -> bytes | None:
    return None if image.mode in _CONVERTED_MODES else image.info.get("icc_profile") or None


def _encoded(suffix: str, raster: Raster, quality: int | None) -> bytes:
    from editor.document.files import png, tiff, webp

    pixels, metadata = np.ascontiguousarray(raster.pixels), raster.metadata
    if suffix in (".tif", ".tiff"):
        return tiff.encode(_samples(pixels, raster), metadata)
    if pixels.dtype == np.uint16:
        if suffix == ".png":
            return png.encode_deep(_samples(pixels, raster), metadata)
        pixels = _TO_8_BITS[pixels]
    image = _image(pixels, raster)
    if suffix == ".png":
        return png.encode(image, metadata)
    if suffix == ".webp":
        # WebP has no grey.
        return webp.encode(image.convert("RGBA" if raster.has_alpha else "RGB"), metadata, quality)
    if raster.has_alpha:
        opaque = Image.new("L" if raster.grey else "RGB", image.size, "white")
        opaque.paste(image, mask=image.getchannel("A"))
        image = opaque
    return jpeg.encode(image, metadata, quality)


def _samples(pixels: np.ndarray, raster: Raster) -> np.ndarray:
    """The channels to store, (H, W, 1 to 4)."""
    if raster.grey:
        return pixels[..., [0, 3]] if raster.has_alpha else pixels[..., :1]
    return pixels if raster.has_alpha else pixels[..., :3]


def _image(pixels: np.ndarray, raster: Raster) -> Image.Image:
    """(H, W, 4) uint8 pixels as an image of mode L, LA, RGB or RGBA."""
    size = (pixels.shape[1], pixels.shape[0])
    rgba = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1)
    if raster.grey:
        grey = rgba.getchannel("R")
        return Image.merge("LA", (grey, rgba.getchannel("A"))) if raster.has_alpha else grey
    return rgba if raster.has_alpha else rgba.convert("RGB")

"""Open and save flat pictures: PNG, JPEG, TIFF, WebP, AVIF, JPEG XL; BMP, HEIF and camera RAW to read."""

import mmap
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image

# The formats but JPEG, and all that saving needs, are imported where they are used: most pictures that
# Lacuna starts with are JPEGs, and their first paint waits for every import here.
from editor.document.files import blocks, jpeg, reading
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata, usable_dpi
from editor.document.files.reading import MAX_PIXELS
from editor.document.files.upright import upright

if TYPE_CHECKING:
    from editor.document.files.opened import Opened

JPEG_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
EIGHT_BIT_SUFFIXES = (*JPEG_SUFFIXES, ".webp")  # formats that have no more
WRITE_SUFFIXES = (".png", *JPEG_SUFFIXES, ".tif", ".tiff", ".webp", ".avif", ".jxl")
# What LibRaw opens and cameras write; the content decides, and these are what dialogs and folders look for.
RAW_SUFFIXES = (
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos"),
    *(".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
)
READ_SUFFIXES = (*WRITE_SUFFIXES, ".bmp", ".dib", ".heic", ".heif", ".hif", *RAW_SUFFIXES)

_FORMATS = ("BMP", "PNG", "WEBP")
_GREY_MODES = ("1", "L", "LA", "La")
_ALPHA_MODES = ("LA", "La", "PA", "RGBA", "RGBa")
_COLOUR_MODES = ("P", "RGB", "RGBX", "CMYK", "YCbCr", "LAB")
_CONVERTED_MODES = ("CMYK", "LAB")
_HEAD = 65536  # enough to tell a lossless WebP, whose pixels come after its profile

# Pillow's own limit warns at a size that a good camera reaches.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Raster:
    """A flat picture as its file holds it, turned upright.

    ``pixels`` is (H, W, 4) RGBA with straight alpha, uint8 or uint16 over its whole range, contiguous and
    writable. ``grey``: the file holds grey values only, R == G == B. ``has_alpha``: the file has an alpha
    channel; without one alpha is 255 or 65535 throughout. Both say how it is saved again. ``notes`` are what
    the file holds and this does not, as in ``Document``.
    """

    pixels: np.ndarray
    grey: bool
    has_alpha: bool
    metadata: Metadata
    notes: tuple[str, ...] = ()


def read(path: str | os.PathLike) -> Raster:
    """Open a picture; what it is, its content says and not its suffix. Of several pages, the first.

    16-bit grey and RGB keep all their bits, and what has 9 to 15 becomes 16; CMYK and Lab become 8-bit sRGB,
    and lose their profile. The orientation is applied. A camera RAW file is developed with ``raw``'s
    settings. Raises ``FileError`` for whatever cannot be opened, pictures of more than 300 megapixels (268 in
    AVIF and HEIF) included; metadata larger than ``MAX_METADATA`` is left out, and ``notes`` say so.

    Read in one thread at a time: see ``reading.explained``.
    """
    path = Path(path)
    with reading.explained(path), path.open("rb") as file:
        return _decoded(file, path)


def write(path: str | os.PathLike, raster: Raster, *, quality: int | None = None) -> None:
    """Save a picture in the format its suffix names; an older file of that name is replaced whole or kept.

    PNG, TIFF and JPEG XL are exact at 8 and 16 bits. JPEG and WebP have 8 bits, AVIF has 8 or 12; JPEG has
    no alpha and is put on white. ``quality`` (1 to 100) is for all but PNG and TIFF, and 100 means without
    loss but in JPEG. Without it JPEG is saved like the JPEG the picture came from, else at 92; WebP and AVIF
    at 90, or lossless if the picture came from a lossless one; JPEG XL lossless. Profile, EXIF, XMP and
    resolution are kept where the format has a place and they fit; a profile for other colours than those
    saved is left out. JPEG XL is saved in sRGB only. Raises ``FileError``; then nothing was changed.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in WRITE_SUFFIXES:
        raise FileError(f"Cannot save {path.name}: end the name in .png, .jpg, .tif, .webp, .avif or .jxl.")
    from editor.document.files import atomic

    _refuse_too_large(path, *raster.pixels.shape[:2])
    if suffix == ".jxl":
        from editor.document.files import jxl

        if not jxl.can_hold(raster.metadata.icc, grey=raster.grey):
            raise FileError(
                f"Cannot save {path.name}: its colours are not sRGB's, and JPEG XL is saved in sRGB only; "
                "convert it to sRGB first, or save as PNG or TIFF."
            )
    with atomic.replacing(path) as temporary:
        try:
            temporary.write_bytes(_encoded(suffix, raster, quality))
        except ModuleNotFoundError as error:
            words = reading.package_missing(error)
            raise FileError(f"Cannot save {path.name}: {words}. Nothing was changed.") from error


def _refuse_too_large(path: Path, height: int, width: int) -> None:
    from editor.document.files import avif, webp

    suffix = path.suffix.lower()
    sides = {".webp": webp.MAX_SIDE, ".avif": avif.MAX_SIDE}
    side = None if suffix in (".png", ".tif", ".tiff", ".jxl") else sides.get(suffix, jpeg.MAX_SIDE)
    if side is not None and max(height, width) > side:
        raise FileError(
            f"Cannot save {path.name}: this format ends at {side} pixels a side; save as PNG or TIFF."
        )
    if suffix == ".avif" and height * width > avif.MAX_PIXELS:
        raise FileError(
            f"Cannot save {path.name}: this format ends at {avif.MAX_PIXELS // 1_000_000} megapixels; "
            "save as PNG or TIFF."
        )


def _decoded(file: BinaryIO, path: Path) -> Raster:
    name = path.name
    head = file.read(_HEAD)
    file.seek(0)
    if jpeg.is_jpeg(head):
        return _decoded_jpeg(file, name)
    # Named formats, and their plug-ins loaded, so that Pillow neither tries nor loads any other.
    from PIL import BmpImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    from editor.document.files import png, raw, tiff, webp

    if raw.is_raw(head):
        return raw.developed(path)
    if tiff.is_tiff(head):
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            # Most cameras' RAW files are TIFF files, whose first picture is a thumbnail.
            return raw.developed(path) if raw.is_raw_tiff(data) else _decoded_tiff(file, data, name)
    if png.depth(head) == 16:
        return _decoded_deep_png(file.read(), name)
    if opener := _opener(head):
        return _decoded_whole(opener, file.read(), name)
    reading.guard(*webp.canvas(head), name, side=webp.MAX_SIDE)  # which libwebp calls damaged
    file, notes = png.within_limits(file)
    image = Image.open(file, formats=_FORMATS)
    reading.guard(*image.size, name)
    pixels, grey, has_alpha = _through_pillow(image, name, png.depth(head))
    metadata, orientation, more = _metadata(image)
    metadata = replace(metadata, lossless=image.format == "WEBP" and webp.is_lossless(head))
    return Raster(upright(pixels, orientation), grey, has_alpha, metadata, notes + more)


def _opener(head: bytes) -> "Callable[[bytes], Opened] | None":
    """What opens a file that begins with ``head`` if it is one of the formats in one piece."""
    from editor.document.files import avif, heif, jxl

    if jxl.is_jxl(head):
        return jxl.opened
    if avif.is_avif(head):
        return avif.opened
    return heif.opened if heif.is_heif(head) else None


def _decoded_whole(opener: "Callable[[bytes], Opened]", data: bytes, name: str) -> Raster:
    from editor.document.files import avif, heif, isobmff

    # What a library refuses by a limit of its own, it calls damaged.
    limit, side = MAX_PIXELS, None
    if opener is avif.opened:
        limit, side = avif.MAX_PIXELS, avif.MAX_SIDE
    elif opener is heif.opened:
        limit = heif.MAX_PIXELS
    for size in isobmff.sizes(data):
        if 0 not in size:
            reading.guard(*size, name, limit, side)
    opened = opener(data)
    reading.guard(opened.width, opened.height, name, limit)
    pixels, grey, has_alpha = expanded(opened.decode())
    return Raster(upright(pixels, opened.orientation), grey, has_alpha, opened.metadata, opened.notes)


def _decoded_jpeg(file: BinaryIO, name: str) -> Raster:
    image = jpeg.opened(file)
    reading.guard(*image.size, name)
    settings = jpeg.settings(image)
    if settings and image.mode == "RGB":
        pixels, grey, has_alpha = jpeg.load_rgb(image), False, False
    else:
        pixels, grey, has_alpha = _through_pillow(image, name, 0)
    metadata, orientation, notes = _metadata(image)
    return Raster(upright(pixels, orientation), grey, has_alpha, replace(metadata, jpeg=settings), notes)


def _decoded_tiff(file: BinaryIO, data: mmap.mmap | bytes, name: str) -> Raster:
    from PIL import TiffImagePlugin  # noqa: F401

    from editor.document.files import tiff

    reduced, notes = tiff.within_limits(data)
    if reduced is not None:
        file, data = BytesIO(reduced), reduced
    stored = tiff.facts(data)
    notes += stored.notes
    reading.guard(stored.width, stored.height, name)
    if not stored.whole_numbers:
        raise FileError(
            f"Cannot open {name}: its values are not whole numbers of 8 or 16 bits (it may hold 32-bit "
            "floating point); convert it to 8 or 16 bits a channel first."
        )
    if stored.deep:
        pixels, grey, has_alpha = expanded(tiff.decode_deep(data, stored))
        return Raster(upright(pixels, stored.orientation), grey, has_alpha, stored.metadata, notes)
    image = Image.open(file, formats=("TIFF",))
    pixels, grey, has_alpha = _through_pillow(image, name, 0)  # which turns a TIFF upright by itself
    metadata = replace(stored.metadata, icc=None) if image.mode in _CONVERTED_MODES else stored.metadata
    return Raster(pixels, grey, has_alpha, metadata, notes)


def _decoded_deep_png(data: bytes, name: str) -> Raster:
    from editor.document.files import png

    data = png.first_frame(data)
    file, notes = png.within_limits(BytesIO(data))
    image = Image.open(file, formats=("PNG",))
    reading.guard(*image.size, name)
    key = image.info.get("transparency")
    samples = png.decode_deep(data, key if isinstance(key, int) else None)
    pixels, grey, has_alpha = expanded(samples)
    metadata, orientation, more = _metadata(image)
    return Raster(upright(pixels, orientation), grey, has_alpha, metadata, notes + more)


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


def expanded(samples: np.ndarray) -> tuple[np.ndarray, bool, bool]:
    """(H, W, 1 to 4) uint8 or uint16 as (H, W, 4), whether it is grey, whether it has alpha."""
    height, width, channels = samples.shape
    grey, has_alpha = channels <= 2, channels in (2, 4)
    pixels = np.empty((height, width, 4), samples.dtype)
    pixels[..., :3] = samples[..., :1] if grey else samples[..., :3]
    pixels[..., 3] = samples[..., -1] if has_alpha else np.iinfo(samples.dtype).max
    return pixels, grey, has_alpha


def _metadata(image: Image.Image) -> tuple[Metadata, int, tuple[str, ...]]:
    """The cleaned metadata of a loaded PNG, JPEG, WebP or BMP, its orientation (1 to 8), and notes."""
    info = image.info
    icc = None if image.mode in _CONVERTED_MODES else info.get("icc_profile")
    found = blocks.cleaned(icc, _exif_block(info), info.get("xmp"))
    metadata = Metadata(
        format="JPEG" if image.format == "MPO" else image.format,
        icc=found.icc,
        exif=found.exif,
        xmp=found.xmp,
        dpi=usable_dpi(info.get("dpi")),
    )
    return metadata, found.orientation or 1, found.notes


def _exif_block(info: dict) -> bytes:
    if "exif" in info:
        return info["exif"].removeprefix(b"Exif\0\0")
    # ImageMagick's way to put it into a PNG: a line break, a name, a length, then hexadecimal lines.
    parts = str(info.get("Raw profile type exif", "")).split("\n", 3)
    try:
        return bytes.fromhex(parts[3] if len(parts) > 3 else "").removeprefix(b"Exif\0\0")
    except ValueError:
        return b""


def _encoded(suffix: str, raster: Raster, quality: int | None) -> bytes:
    from editor.document.files import avif, depth, jxl, png, tiff, webp

    pixels, metadata = np.ascontiguousarray(raster.pixels), raster.metadata
    if suffix in (".tif", ".tiff"):
        return tiff.encode(_samples(pixels, raster), metadata)
    if suffix == ".avif":
        return avif.encode(_samples(pixels, raster), metadata, quality)
    if suffix == ".jxl":
        return jxl.encode(_samples(pixels, raster), metadata, quality)
    if pixels.dtype == np.uint16:
        if suffix == ".png":
            return png.encode_deep(_samples(pixels, raster), metadata)
        pixels = depth.from_16_bits(pixels, 8)
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

"""What opening a picture refuses, and every way it can go wrong as one plain line."""

import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from editor.document.files.errors import FileError, Refused

MAX_PIXELS = 300_000_000


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise ``FileError`` for ``path`` instead of whatever the block raises; refuse what is no file first.

    Warnings are silenced meanwhile with ``warnings.catch_warnings``, which is not meant for two threads
    at the same time: read in one thread at a time.
    """
    name = path.name
    try:
        _refuse_unreadable(path, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FileError:
        raise
    except Refused as error:
        raise FileError(f"Cannot open {name}: {error}.") from error
    except MemoryError as error:
        raise FileError(f"Cannot open {name}: there is not enough memory for its size.") from error
    except PermissionError as error:
        raise FileError(f"Cannot open {name}: there is no permission to read it.") from error
    except ModuleNotFoundError as error:
        raise FileError(f"Cannot open {name}: {package_missing(error)}.") from error
    except Image.DecompressionBombError as error:
        raise too_large(name) from error
    except Image.UnidentifiedImageError as error:
        raise FileError(
            f"Cannot open {name}: it is not a PNG, JPEG, TIFF, WebP, BMP, AVIF, HEIF, JPEG XL or camera RAW "
            "picture, or it is damaged."
        ) from error
    except OSError as error:
        if error.errno is None:  # raised by a decoder and not by the system
            raise damaged(name) from error
        raise FileError(f"Cannot open {name}: the disk reported an error ({error.strerror}).") from error
    # A hostile or cut-off file makes decoders raise nearly anything: SyntaxError, struct.error, KeyError ...
    except Exception as error:
        raise damaged(name) from error


def guard(width: int, height: int, name: str, limit: int = MAX_PIXELS, side: int | None = None) -> None:
    """Raise ``FileError`` for a picture without pixels, with more than ``limit``, or longer than ``side``."""
    if width < 1 or height < 1:
        raise damaged(name)
    if width * height > limit:
        raise too_large(name, limit)
    if side is not None and max(width, height) > side:
        raise _beyond(name, f"{side} pixels a side")


def damaged(name: str) -> FileError:
    """The error for a file that cannot be followed."""
    return FileError(f"Cannot open {name}: it is damaged or cut off; try another copy.")


def too_large(name: str, limit: int = MAX_PIXELS) -> FileError:
    """The error for a picture of more pixels than ``limit``."""
    return _beyond(name, f"{limit // 1_000_000} megapixels")


def _beyond(name: str, limit: str) -> FileError:
    return FileError(
        f"Cannot open {name}: it is larger than the limit of {limit}; "
        "make it smaller in another program first."
    )


def package_missing(error: ModuleNotFoundError) -> str:
    """What to install, as a clause without a full stop: our formats' packages differ in dashes only."""
    if getattr(sys, "frozen", False):  # a bundle, to which nothing can be added
        return "this Lacuna was built without what this format needs; convert the picture in another program"
    package = str(error.name).replace("_", "-")
    return f"a package for this format is missing; install it with: pip install {package}"


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

"""An OpenRaster file as the ZIP archive it is, read without trust in what it says of itself."""

import os
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

import numpy as np

from editor.document.files import ora_png
from editor.document.files.errors import FileError
from editor.document.files.reading import MAX_PIXELS
from editor.document.geometry import Rect
from editor.document.tiles import TiledImage

MIMETYPE = b"image/openraster"
MAX_MEMBERS = 50_000
_MAX_DIRECTORY = 16 << 20  # bytes
# Bytes of tiles that any file may hold, and how many times its own size a larger one may: photographs and
# drawings, layer by layer, come to ten or twenty times. OpenCV holds a picture twice while it decodes it.
MAX_DECODED = 1_000_000_000
MAX_RATIO = 200
_AT_ONCE = 64_000_000  # pixels decoded at the same time
_END = struct.Struct("<4s4H2LH")


class Archive:
    """The members of a file called ``name`` in messages. Raises FileError, from each method."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        self._size = file.seek(0, os.SEEK_END)
        self._decoded = 0
        self._refuse_large_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except zipfile.BadZipFile as error:
            raise self.error("it is no ZIP archive, or damaged or cut off; try another copy") from error
        if self.read("mimetype", 64).strip() != MIMETYPE:
            raise self.error("it is not an OpenRaster file")

    def error(self, what: str) -> FileError:
        """The error that says ``what`` is wrong, a sentence without a full stop."""
        return FileError(f"Cannot open {self._name}: {what}.")

    def damaged(self, member: str, why: str = "is damaged") -> FileError:
        """The error for a member that cannot be used; tells if the flat picture can."""
        rescue = ""
        if member not in ("mimetype", "mergedimage.png"):
            try:
                data = self._bytes("mergedimage.png", ora_png.facts(self._head("mergedimage.png")).most)
                ora_png.decode(data, rgba=True)
                rescue = "; the flat picture in it, mergedimage.png, is whole: a ZIP program can take it out"
            except Exception:  # whatever is wrong with it, it is no rescue
                pass
        return self.error(f"{member} in it {why}{rescue}")

    def stamp(self, member: str) -> list[int] | None:
        """What changes with a member's contents: its CRC-32 and length; None if there is none."""
        try:
            info = self._zip.getinfo(member)
        except KeyError:
            return None
        return [info.CRC, info.file_size]

    def read(self, member: str, limit: int) -> bytes:
        """A member of at most ``limit`` bytes."""
        if (stamp := self.stamp(member)) is None:
            raise self.damaged(member, "is missing")
        if stamp[1] > limit:
            raise self.damaged(member, f"is larger than the limit of {_amount(limit)}")
        try:
            return self._bytes(member, limit)
        except Exception as error:  # zlib.error, BadZipFile, NotImplementedError, RuntimeError ...
            raise self.damaged(member) from error

    def profile(self, member: str) -> tuple[bytes | None, tuple[str, ...]]:
        """The colour profile of a PNG, and notes of what is too large in it; none of one that is damaged."""
        data = self.read(member, self.facts(member).most)
        try:
            return ora_png.profile(data)
        except (OSError, SyntaxError, ValueError):
            return None, ()  # its pixels will tell

    def facts(self, member: str) -> ora_png.Facts:
        """What a PNG's header says."""
        if self.stamp(member) is None:
            raise self.damaged(member, "is missing")
        try:
            known = ora_png.facts(self._head(member))
        except Exception as error:
            raise self.damaged(member, "is not a PNG or is damaged") from error
        if known.width * known.height > MAX_PIXELS:
            raise self.damaged(member, f"is larger than the limit of {MAX_PIXELS // 1_000_000} megapixels")
        return known

    def reserve(self, member: str, image: TiledImage, x: int, y: int) -> int:
        """Count a PNG that is going to be decoded into ``image`` against the limit; its pixels."""
        known = self.facts(member)
        self._decoded += ora_png.held(Rect(x, y, known.width, known.height), image.channels, image.dtype)
        if self._decoded > max(MAX_DECODED, MAX_RATIO * self._size):
            raise self.error(
                f"its layers unpack to more than {MAX_DECODED // 10**9} GB and {MAX_RATIO} times its size"
            )
        return known.width * known.height

    def pixels(self, member: str, *, rgba: bool) -> np.ndarray:
        """A PNG as ``ora_png.decode`` gives it."""
        data = self.read(member, self.facts(member).most)
        try:
            return ora_png.decode(data, rgba=rgba)
        except MemoryError:
            raise
        except Exception as error:
            raise self.damaged(member) from error

    def _head(self, member: str) -> bytes:
        with self._zip.open(member) as file:
            return file.read(ora_png.HEAD)

    def _bytes(self, member: str, limit: int) -> bytes:
        info = self._zip.getinfo(member)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.file_size > limit:
            raise ValueError("not packed as OpenRaster files are")
        return self._zip.read(info)  # no more than the length it declares, and checks its CRC

    def _refuse_large_directory(self, file: BinaryIO) -> None:
        """Look at how long the directory is before zipfile makes an object of each of its entries."""
        tail_at = max(self._size - 65_557, 0)
        file.seek(tail_at)
        tail = file.read()
        at = tail.rfind(b"PK\5\6")
        if at >= 0 and len(tail) - at >= _END.size:
            count, length = _END.unpack_from(tail, at)[4:6]
            if at >= 20 and tail[at - 20 : at - 16] == b"PK\6\7":
                file.seek(max(tail_at + at - 76, 0))
                record = file.read(56)
                if record.startswith(b"PK\6\6"):
                    count, length = struct.unpack_from("<2Q", record, 32)
            if count > MAX_MEMBERS or length > _MAX_DIRECTORY:
                raise self.error(f"it has more than {MAX_MEMBERS} members, or very long names")
        file.seek(0)


class Planes:
    """Fills planes from an archive's PNG files, in threads, once all are known."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._wanted: list[tuple[TiledImage, str, int, int, str | None]] = []
        self._largest = 1

    def want(self, image: TiledImage, member: str, x: int, y: int, alpha: str | None = None) -> None:
        """Have ``member`` put into ``image`` at (``x``, ``y``), its alpha from another one, ``alpha``."""
        for each in (member, alpha):
            if each is not None:
                self._largest = max(self._largest, self._archive.reserve(each, image, x, y))
        self._wanted.append((image, member, x, y, alpha))

    def load(self) -> None:
        """Fill them. Raises FileError."""
        count = max(1, min(os.cpu_count() or 1, 4, _AT_ONCE // self._largest))
        with ThreadPoolExecutor(count) as workers:
            try:
                for done in [workers.submit(self._fill, *wanted) for wanted in self._wanted]:
                    done.result()
            except BaseException:
                workers.shutdown(wait=False, cancel_futures=True)
                raise

    def _fill(self, image: TiledImage, member: str, x: int, y: int, alpha: str | None) -> None:
        pixels = self._samples(member, image)
        if alpha is not None:
            plane = TiledImage(1, image.dtype)
            original = self._samples(alpha, plane)
            if original.shape[:2] != pixels.shape[:2]:
                raise self._archive.damaged(alpha, "does not fit its layer")
            pixels[..., 3:] = original
        tiles = TiledImage.from_array(pixels, x, y, default=image.default).tiles
        filled = {key: tile for key, tile in tiles.items() if (tile != image.default).any()}
        if len(filled) < len(tiles) // 2:  # their copies are smaller than the whole that they view
            filled = {key: _copy(tile) for key, tile in filled.items()}
        image.tiles.update(filled)

    def _samples(self, member: str, image: TiledImage) -> np.ndarray:
        pixels = self._archive.pixels(member, rgba=image.channels == 4)
        if pixels.dtype == image.dtype:
            return pixels
        if image.dtype == np.uint16:
            return pixels * np.uint16(257)
        raise self._archive.damaged(member, "has 16 bits where 8 are expected")


def _amount(limit: int) -> str:
    return f"{limit >> 20} MB" if limit >> 20 else f"{limit} bytes"


def _copy(tile: np.ndarray) -> np.ndarray:
    tile = tile.copy()
    tile.flags.writeable = False
    return tile

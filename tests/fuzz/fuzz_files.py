"""Open thousands of damaged pictures: each must give a picture or one line that says what is wrong.

python tests/fuzz/fuzz_files.py [--seed N] [--count N] [--format png ...] [--save FOLDER]

Every file is made from the seed and its number, and opened in a process that has 2 GiB of memory and 10
seconds for it. A crash, a hang, a warning or any exception but a FileError of one line is a violation: the
file is kept, and the script ends with 1.
"""

import argparse
import json
import os
import random
import resource
import select
import struct
import subprocess
import sys
import tempfile
import time
import warnings
import zlib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image, ImageCms, PngImagePlugin  # noqa: E402

from editor.document.files import png as deep_png  # noqa: E402
from editor.document.files import raster, tiff  # noqa: E402
from editor.document.files.errors import FileError  # noqa: E402
from editor.document.files.metadata import Metadata  # noqa: E402

FORMATS = ("png", "jpg", "tif", "webp", "bmp")
SECONDS, MEMORY = 10, 2 << 30
_WIDTH, _HEIGHT = 37, 29
_HUGE = (0, 1, 255, 65535, 17000, 20000, 100_000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@cache
def sources(kind: str) -> tuple[bytes, ...]:
    """Whole small files of a format."""
    values = np.random.default_rng(1).integers(0, 256, (_HEIGHT, _WIDTH, 4), np.uint8)
    deep = values.astype(np.uint16) * 257
    image = Image.fromarray(values[..., :3].copy())
    palette = image.quantize(16)
    described = Image.Exif()
    described[271], described[274], described[306] = "Maker", 6, "2024:01:01 00:00:00"
    block = described.tobytes()
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    packet = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    metadata = Metadata(exif=block.removeprefix(b"Exif\0\0"), icc=icc, xmp=packet, dpi=(300.0, 300.0))

    def saved(picture: Image.Image, name: str, **options) -> bytes:
        file = BytesIO()
        picture.save(file, name, **options)
        return file.getvalue()

    if kind == "png":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_itxt("XML:com.adobe.xmp", packet.decode())
        return (
            saved(image, "PNG", exif=block, icc_profile=icc, pnginfo=chunks, dpi=(300, 300)),
            saved(Image.fromarray(values), "PNG"),
            saved(palette, "PNG", transparency=bytes(range(0, 256, 16))),
            saved(image, "PNG", transparency=(1, 2, 3)),
            saved(image.convert("L"), "PNG", transparency=7),
            saved(palette, "PNG", bits=4),
            deep_png.encode_deep(deep, metadata),
            deep_png.encode_deep(deep[..., :1], Metadata()),
        )
    if kind == "jpg":
        return (
            saved(image, "JPEG", exif=block, icc_profile=icc, xmp=packet, dpi=(300, 300)),
            saved(image, "JPEG", progressive=True, subsampling=2),
            saved(image.convert("L"), "JPEG"),
            saved(image.convert("CMYK"), "JPEG"),
        )
    if kind == "tif":
        return (
            saved(image, "TIFF", exif=described, icc_profile=icc),
            saved(image, "TIFF", compression="tiff_adobe_deflate"),
            saved(image, "TIFF", compression="tiff_lzw"),
            saved(palette, "TIFF"),
            saved(Image.fromarray(deep[..., 0].copy()), "TIFF", compression="tiff_lzw"),
            tiff.encode(deep, metadata),
            tiff.encode(deep[..., :3], Metadata()),
            tiff.encode(values, metadata),
        )
    if kind == "webp":
        return (
            saved(image, "WEBP", exif=block, icc_profile=icc, xmp=packet),
            saved(Image.fromarray(values), "WEBP", lossless=True),
            saved(image, "WEBP", save_all=True, append_images=[image.transpose(0)]),
        )
    return (saved(image, "BMP"), saved(palette, "BMP"), saved(image.convert("1"), "BMP"))


def mutated(kind: str, seed: int, number: int) -> bytes:
    """The damaged file of this number; the same for the same seed."""
    dice = random.Random(f"{kind} {seed} {number}")
    data = bytearray(dice.choice(sources(kind)))
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        dice.choice((_flip, _block, _cut, _field, _head, _field))(dice, kind, data)
    if kind == "png" and dice.random() < 0.7:  # else most would end at the first checksum
        _mend(data)
    return bytes(data)


def _flip(dice: random.Random, _kind: str, data: bytearray) -> None:
    for _ in range(dice.choice((1, 2, 8, 40)) if data else 0):
        data[dice.randrange(len(data))] = dice.randrange(256)


def _block(dice: random.Random, _kind: str, data: bytearray) -> None:
    start = dice.randrange(len(data) + 1)
    end = min(len(data), start + dice.choice((1, 4, 16, 100, 1000)))
    data[start:end] = dice.choice((b"", bytes(data[start:end]) * 2, bytes(end - start)))


def _cut(dice: random.Random, _kind: str, data: bytearray) -> None:
    del data[dice.randrange(len(data) + 1) :]


def _head(dice: random.Random, _kind: str, data: bytearray) -> None:
    if data:
        data[dice.randrange(min(len(data), 64))] = dice.randrange(256)


def _field(dice: random.Random, kind: str, data: bytearray) -> None:
    """A number of the header, or the length or the kind of one part, made absurd."""
    at = dice.choice(_fields(kind, data) or [(0, ">I")])
    value = dice.choice(_HUGE) if dice.random() < 0.7 else dice.getrandbits(32)
    size = struct.calcsize(at[1])
    if at[0] + size <= len(data):
        struct.pack_into(at[1], data, at[0], value % (1 << 8 * size))


def _fields(kind: str, data: bytes) -> list[tuple[int, str]]:
    """Where the format's dimensions, lengths and tags are, and how they are packed."""
    if kind == "png":
        parts = [at for at, _ in _chunks(data)]
        return [(16, ">I"), (20, ">I"), (24, ">H"), *[(at, ">I") for at in parts]]
    if kind == "bmp":
        return [
            (10, "<I"),
            (14, "<I"),
            (18, "<I"),
            (22, "<I"),
            (28, "<H"),
            (30, "<I"),
            (34, "<I"),
            (46, "<I"),
        ]
    if kind == "webp":
        found = [data.find(name) for name in (b"VP8X", b"VP8L", b"VP8 ", b"ANMF", b"EXIF", b"ICCP", b"XMP ")]
        return [(4, "<I")] + [(at + more, "<I") for at in found if at >= 0 for more in (4, 8, 12, 14)]
    if kind == "jpg":
        marks = [at for at in range(len(data) - 1) if data[at] == 0xFF and 0xC0 <= data[at + 1] < 0xFF]
        return [(at + more, ">H") for at in marks for more in (2, 5, 7)]
    order = "<" if data[:2] == b"II" else ">"
    if len(data) < 8:
        return []
    first = struct.unpack_from(order + "I", data, 4)[0]
    count = struct.unpack_from(order + "H", data, first)[0] if first + 2 <= len(data) else 0
    entries = [first + 2 + 12 * index for index in range(min(count, 60))]
    parts = [(at + more, order + letter) for at in entries for more, letter in ((2, "H"), (4, "I"), (8, "I"))]
    return [(4, order + "I"), (first, order + "H"), *parts]


def _chunks(data: bytes) -> Iterator[tuple[int, int]]:
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield at, length
        at += 12 + length


def _mend(data: bytearray) -> None:
    for at, length in list(_chunks(data)):
        if at + 12 + length <= len(data):
            struct.pack_into(">I", data, at + 8 + length, zlib.crc32(data[at + 4 : at + 8 + length]))


def outcome(path: Path) -> str:
    """``opened``, ``refused``, or what is wrong with how this file was opened."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            picture = raster.read(path)
            good = isinstance(picture, raster.Raster) and picture.pixels.shape[2:] == (4,)
            result = "opened" if good and picture.pixels.size else "no picture, and no error"
        except FileError as error:
            result = "refused" if len(str(error).splitlines()) == 1 else f"not one line: {error!s}"
        except BaseException as error:
            result = f"{type(error).__name__}: {error}"
    return f"warning: {caught[0].message}" if caught else result


def _work(kind: str, seed: int, start: int, end: int, folder: Path) -> None:
    """In a process of its own: a line when a file is begun, and one with what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    path = folder / f"case.{kind}"
    for number in range(start, end):
        path.write_bytes(mutated(kind, seed, number))
        started = time.perf_counter()
        result = outcome(path)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps([number, result, seconds, peak]), flush=True)


def fuzz(kind: str, seed: int, count: int, save: Path) -> bool:
    """Print a format's line of the table; whether there was no violation."""
    counts = {"opened": 0, "refused": 0}
    worst, peak, number, noise = 0.0, 0.0, 0, 0
    violations: list[str] = []
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as errors:
        while number < count:
            arguments = [kind, "--work", f"{number}", f"{count}", folder, "--seed", f"{seed}"]
            process = subprocess.Popen(
                [sys.executable, __file__, "--format", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
            )
            for line in _lines(process):
                done, result, seconds, memory = json.loads(line)
                number, worst, peak = done + 1, max(worst, seconds), max(peak, memory)
                if seconds > SECONDS:
                    result = f"took {seconds:.1f} s"
                if result in counts:
                    counts[result] += 1
                else:
                    violations.append(_keep(kind, seed, done, save, result))
            process.kill()
            code = process.wait()
            if number < count:
                violations.append(_keep(kind, seed, number, save, f"crash or hang, exit code {code}"))
                number += 1
        errors.seek(0)
        noise = len(errors.read().splitlines())
    print(
        f"{kind:6}{counts['opened']:8}{counts['refused']:9}{len(violations):11}{worst:11.2f}{peak:9.0f}{noise:9}"
    )
    for line in violations[:20]:
        print("  " + line)
    sys.stdout.flush()
    return not violations


def _lines(process: subprocess.Popen) -> Iterator[bytes]:
    """What the process prints, until it ends or is silent for too long."""
    limit = SECONDS + 5  # the first also waits for the imports
    while select.select([process.stdout], [], [], limit)[0]:
        line = process.stdout.readline()
        if not line.endswith(b"\n"):
            return
        yield line


def _keep(kind: str, seed: int, number: int, save: Path, what: str) -> str:
    save.mkdir(parents=True, exist_ok=True)
    path = save / f"{seed}-{number}.{kind}"
    path.write_bytes(mutated(kind, seed, number))
    return f"{path}: {what}"


def main() -> int:
    """The whole run; 1 if anything was wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=2000, help="files of each format (default %(default)s)")
    options.add_argument("--format", nargs="+", choices=FORMATS, default=FORMATS)
    options.add_argument("--save", type=Path, default=Path(tempfile.gettempdir()) / "lacuna-fuzz")
    options.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.work:
        start, end, folder = given.work
        _work(given.format[0], given.seed, int(start), int(end), Path(folder))
        return 0
    print("format  opened  refused violations  worst (s) peak MB  stderr lines")
    results = [fuzz(kind, given.seed, given.count, given.save) for kind in given.format]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

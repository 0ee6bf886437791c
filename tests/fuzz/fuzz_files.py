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
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image, ImageCms, PngImagePlugin  # noqa: E402

from editor.document import storage  # noqa: E402
from editor.document.adjustments import Curves, HueSaturation  # noqa: E402
from editor.document.files import avif, jxl, raster, tiff  # noqa: E402
from editor.document.files import png as deep_png  # noqa: E402
from editor.document.files.errors import FileError  # noqa: E402
from editor.document.files.metadata import Metadata  # noqa: E402
from editor.document.geometry import Rect  # noqa: E402
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer  # noqa: E402
from editor.document.model import Channel, Document  # noqa: E402
from editor.document.tiles import TiledImage  # noqa: E402
from tests.document.files.raw_sources import dng  # noqa: E402

SECONDS, MEMORY = 10, 2 << 30
_WIDTH, _HEIGHT = 37, 29
_HUGE = (0, 1, 255, 65535, 17000, 20000, 100_000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@dataclass(frozen=True)
class Samples:
    """What the sample makers work with: 37 x 29 noise, and metadata of every kind."""

    values: np.ndarray  # (H, W, 4) uint8
    deep: np.ndarray  # the same over the range of uint16
    image: Image.Image  # RGB
    palette: Image.Image
    described: Image.Exif
    icc: bytes
    packet: bytes
    metadata: Metadata

    @property
    def block(self) -> bytes:
        return self.described.tobytes()


@cache
def samples() -> Samples:
    """The one set of sample pixels and blocks."""
    values = np.random.default_rng(1).integers(0, 256, (_HEIGHT, _WIDTH, 4), np.uint8)
    image = Image.fromarray(values[..., :3].copy())
    described = Image.Exif()
    described[271], described[274], described[306] = "Maker", 6, "2024:01:01 00:00:00"
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    packet = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    block = described.tobytes().removeprefix(b"Exif\0\0")
    metadata = Metadata(exif=block, icc=icc, xmp=packet, dpi=(300.0, 300.0))
    deep = values.astype(np.uint16) * 257
    return Samples(values, deep, image, image.quantize(16), described, icc, packet, metadata)


Fields = list[tuple[int, str]]  # where a format's dimensions, lengths and tags are, and how they are packed


def _saved(picture: Image.Image, name: str, **options) -> bytes:
    file = BytesIO()
    picture.save(file, name, **options)
    return file.getvalue()


def _png_sources(s: Samples) -> Sequence[bytes]:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt("XML:com.adobe.xmp", s.packet.decode())
    return (
        _saved(s.image, "PNG", exif=s.block, icc_profile=s.icc, pnginfo=chunks, dpi=(300, 300)),
        _saved(Image.fromarray(s.values), "PNG"),
        _saved(s.palette, "PNG", transparency=bytes(range(0, 256, 16))),
        _saved(s.image, "PNG", transparency=(1, 2, 3)),
        _saved(s.image.convert("L"), "PNG", transparency=7),
        _saved(s.palette, "PNG", bits=4),
        deep_png.encode_deep(s.deep, s.metadata),
        deep_png.encode_deep(s.deep[..., :1], Metadata()),
    )


def _jpeg_sources(s: Samples) -> Sequence[bytes]:
    return (
        _saved(s.image, "JPEG", exif=s.block, icc_profile=s.icc, xmp=s.packet, dpi=(300, 300)),
        _saved(s.image, "JPEG", progressive=True, subsampling=2),
        _saved(s.image.convert("L"), "JPEG"),
        _saved(s.image.convert("CMYK"), "JPEG"),
    )


def _tiff_sources(s: Samples) -> Sequence[bytes]:
    return (
        _saved(s.image, "TIFF", exif=s.described, icc_profile=s.icc),
        _saved(s.image, "TIFF", compression="tiff_adobe_deflate"),
        _saved(s.image, "TIFF", compression="tiff_lzw"),
        _saved(s.palette, "TIFF"),
        _saved(Image.fromarray(s.deep[..., 0].copy()), "TIFF", compression="tiff_lzw"),
        tiff.encode(s.deep, s.metadata),
        tiff.encode(s.deep[..., :3], Metadata()),
        tiff.encode(s.values, s.metadata),
    )


def _webp_sources(s: Samples) -> Sequence[bytes]:
    return (
        _saved(s.image, "WEBP", exif=s.block, icc_profile=s.icc, xmp=s.packet),
        _saved(Image.fromarray(s.values), "WEBP", lossless=True),
        _saved(s.image, "WEBP", save_all=True, append_images=[s.image.transpose(0)]),
    )


def _bmp_sources(s: Samples) -> Sequence[bytes]:
    return (_saved(s.image, "BMP"), _saved(s.palette, "BMP"), _saved(s.image.convert("1"), "BMP"))


def _avif_sources(s: Samples) -> Sequence[bytes]:
    return (
        _saved(s.image, "AVIF", exif=s.block, icc_profile=s.icc, xmp=s.packet),  # turned by the container
        _saved(s.image, "AVIF", save_all=True, append_images=[s.image.transpose(0)]),
        avif.encode(s.values, s.metadata, 100),
        avif.encode(s.deep, s.metadata, 80),
        avif.encode(s.deep[..., :1], Metadata(), 100),
    )


def _heic_sources(_: Samples) -> Sequence[bytes]:
    folder = ROOT / "tests" / "document" / "files" / "samples"
    return tuple(path.read_bytes() for path in sorted(folder.glob("*.heic")))


def _jxl_sources(s: Samples) -> Sequence[bytes]:
    return (
        jxl.encode(s.values, s.metadata, None),
        jxl.encode(s.values[..., :3], Metadata(), 80),
        jxl.encode(s.deep, s.metadata, 80),
        jxl.encode(s.deep[..., :3], Metadata(), None),
        jxl.encode(s.deep[..., :1], Metadata(), None),
    )


def _dng_sources(s: Samples) -> Sequence[bytes]:
    return (
        dng(s.deep[..., 0]),
        dng(s.deep[..., 0], orientation=6, order=">"),
        dng(s.deep[..., 0], black=1000, white=60000, linearisation=True),
    )


def _layered(bits: int) -> Document:
    """A little of everything that a document can hold."""
    random = np.random.default_rng(bits)
    dtype = np.uint8 if bits == 8 else np.uint16

    def plane(width: int, height: int, channels: int, x: int, y: int, dtype=dtype) -> TiledImage:
        values = random.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype, endpoint=True)
        return TiledImage.from_array(values, x, y)

    mask = LayerMask(plane(20, 18, 1, -4, 3, np.uint8), enabled=bits == 8)
    group = Group(
        "Group",
        [
            PixelLayer("Below", plane(30, 20, 4, -9, 4), mask=mask, blend_mode="multiply"),
            PixelLayer("Clipped", plane(12, 31, 4, 8, -5), clipping=True, opacity=0.4),
            AdjustmentLayer("Curves", Curves(rgb=((0, 9), (120, 90), (255, 250)))),
        ],
    )
    document = Document.from_pixels(plane(40, 30, 4, 0, 0).read(Rect(0, 0, 40, 30)), has_alpha=True)
    document.set_layers((*document.layers, group, AdjustmentLayer("Hue", HueSaturation(hue=20))), "Build")
    document.channels = (Channel("Sky", plane(40, 30, 1, 0, 0, np.uint8)),)
    return document


def _saved_document(suffix: str, bits: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"document{suffix}"
        storage.save(_layered(bits), path)
        return path.read_bytes()


def _ora_sources(_: Samples) -> Sequence[bytes]:
    return tuple(_unpacked(_saved_document(".ora", bits)) for bits in (8, 16))


def _unpacked(archive: bytes) -> bytes:
    """The archive with nothing in it compressed, so that damage reaches what is inside."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            target.writestr(info.filename, source.read(info))
    return out.getvalue()


def _ora_fields(data: bytes) -> Fields:
    """Lengths and offsets in the ZIP directory, sizes in PNG headers."""
    fields: Fields = []
    for at in _places(data, b"PK\1\2"):
        fields += [(at + 20, "<I"), (at + 24, "<I"), (at + 28, "<H"), (at + 42, "<I")]
    for at in _places(data, b"IHDR"):
        fields += [(at + 4, ">I"), (at + 8, ">I"), (at + 12, ">H")]
    return [(at, letter) for at, letter in fields if at + 4 <= len(data)]


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _mend_ora(data: bytearray) -> None:
    """Put right the checksums of PNG chunks, then those of the ZIP members, as far as they can be found."""
    try:
        archive = zipfile.ZipFile(BytesIO(bytes(data)))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return
    directory = list(_places(data, b"PK\1\2"))
    for info, entry in zip(archive.infolist(), directory, strict=False):
        head = info.header_offset
        if not 0 <= head <= len(data) - 30:
            continue
        start = head + 30 + sum(struct.unpack_from("<HH", data, head + 26))
        member = data[start : start + info.file_size]
        if member[1:4] == b"PNG":
            _mend(member)
            data[start : start + len(member)] = member
        crc = struct.pack("<I", zlib.crc32(member))
        data[head + 14 : head + 18] = crc
        data[entry + 16 : entry + 20] = crc


def _psd_sources(_: Samples) -> Sequence[bytes]:
    return tuple(_saved_document(".psd", bits) for bits in (8, 16))


def _psb_sources(_: Samples) -> Sequence[bytes]:
    return tuple(_saved_document(".psb", bits) for bits in (8, 16))


def _psd_fields(data: bytes) -> Fields:
    """The header, the lengths of the sections, and what follows each signature."""
    fields: Fields = [(12, ">H"), (14, ">I"), (18, ">I"), (22, ">H"), (24, ">H"), (26, ">I"), (30, ">I")]
    for at in _places(data, b"8BIM"):
        fields += [(at + step, ">I") for step in (-8, -4, 4, 8, 12)]
    return [(at, letter) for at, letter in fields if 0 <= at <= len(data) - 4]


def mutated(kind: str, seed: int, number: int) -> bytes:
    """The damaged file of this number; the same for the same seed."""
    dice = random.Random(f"{kind} {seed} {number}")
    data = bytearray(dice.choice(_sources(kind)))
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        dice.choice((_flip, _block, _cut, _field, _head, _field))(dice, kind, data)
    mend = KINDS[kind].mend
    if mend and dice.random() < 0.7:  # else most would end at the first checksum
        mend(data)
    return bytes(data)


@cache
def _sources(kind: str) -> tuple[bytes, ...]:
    return tuple(KINDS[kind].sources(samples()))


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
    at = dice.choice(KINDS[kind].fields(data) or [(0, ">I")])
    value = dice.choice(_HUGE) if dice.random() < 0.7 else dice.getrandbits(32)
    size = struct.calcsize(at[1])
    if at[0] + size <= len(data):
        struct.pack_into(at[1], data, at[0], value % (1 << 8 * size))


def _png_fields(data: bytes) -> Fields:
    return [(16, ">I"), (20, ">I"), (24, ">H"), *[(at, ">I") for at, _ in _chunks(data)]]


def _bmp_fields(_: bytes) -> Fields:
    return [(28, "<H"), *[(at, "<I") for at in (10, 14, 18, 22, 30, 34, 46)]]


def _webp_fields(data: bytes) -> Fields:
    found = [data.find(name) for name in (b"VP8X", b"VP8L", b"VP8 ", b"ANMF", b"EXIF", b"ICCP", b"XMP ")]
    return [(4, "<I")] + [(at + more, "<I") for at in found if at >= 0 for more in (4, 8, 12, 14)]


def _jpeg_fields(data: bytes) -> Fields:
    marks = [at for at in range(len(data) - 1) if data[at] == 0xFF and 0xC0 <= data[at + 1] < 0xFF]
    return [(at + more, ">H") for at in marks for more in (2, 5, 7)]


def _tiff_fields(data: bytes) -> Fields:
    order = "<" if data[:2] == b"II" else ">"
    if len(data) < 8:
        return []
    first = struct.unpack_from(order + "I", data, 4)[0]
    count = struct.unpack_from(order + "H", data, first)[0] if first + 2 <= len(data) else 0
    entries = [first + 2 + 12 * index for index in range(min(count, 60))]
    parts = [(at + more, order + letter) for at in entries for more, letter in ((2, "H"), (4, "I"), (8, "I"))]
    return [(4, order + "I"), (first, order + "H"), *parts]


_BOXES = b"ftyp meta hdlr pitm iloc iinf infe iref iprp ipco ispe pixi av1C hvcC colr irot imir ipma".split()
_BOXES += b"auxC mdat moov trak JXL jxlc jxlp jxll brob Exif xml".split()


def _box_fields(data: bytes) -> Fields:
    found = [at for name in _BOXES if (at := data.find(name)) >= 0]
    return [(at + more, ">I") for at in found for more in (-4, 4, 8, 12, 16) if at + more >= 0]


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


def _open_flat(path: Path) -> bool:
    picture = raster.read(path)
    good = isinstance(picture, raster.Raster) and picture.pixels.shape[2:] == (4,)
    return bool(good and picture.pixels.size)


def _open_layered(path: Path) -> bool:
    document = storage.open_document(path)
    document.composite(Rect(0, 0, 256, 256).intersected(document.rect))
    return True


@dataclass(frozen=True)
class Kind:
    """One format: its whole small files, where their numbers are, what repairs checksums, what opens them.

    ``open`` says whether a picture came of the file; what it may raise is ``FileError``. A layered format
    brings one of its own, which opens a document.
    """

    sources: Callable[[Samples], Sequence[bytes]]
    fields: Callable[[bytes], Fields]
    mend: Callable[[bytearray], None] | None = None
    open: Callable[[Path], bool] = _open_flat


KINDS = {
    "png": Kind(_png_sources, _png_fields, _mend),
    "jpg": Kind(_jpeg_sources, _jpeg_fields),
    "tif": Kind(_tiff_sources, _tiff_fields),
    "webp": Kind(_webp_sources, _webp_fields),
    "bmp": Kind(_bmp_sources, _bmp_fields),
    "avif": Kind(_avif_sources, _box_fields),
    "heic": Kind(_heic_sources, _box_fields),
    "jxl": Kind(_jxl_sources, _box_fields),
    "dng": Kind(_dng_sources, _tiff_fields),
    "ora": Kind(_ora_sources, _ora_fields, _mend_ora, _open_layered),
    "psd": Kind(_psd_sources, _psd_fields, open=_open_layered),
    "psb": Kind(_psb_sources, _psd_fields, open=_open_layered),
}
FORMATS = tuple(KINDS)


def outcome(path: Path) -> str:
    """``opened``, ``refused``, or what is wrong with how this file was opened."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            opened = KINDS[path.suffix[1:]].open(path)
            result = "opened" if opened else "no picture, and no error"
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

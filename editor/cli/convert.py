"""``python main.py convert``: a picture in another format, with its metadata and, if it can, its layers."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from editor.cli.errors import DONE, Parser, UsageError, complain, guarded, writable
from editor.document import storage
from editor.document.files import raster
from engines.installed import command


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} convert",
        description="Save a picture in the format that OUT's suffix names. A file of that name is replaced.",
        epilog="Exit code: 0 done, 2 bad usage or unreadable input, 4 out of memory, 130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="IN", help="picture; a camera RAW file is developed")
    out.add_argument(
        "output",
        type=Path,
        metavar="OUT",
        help="file to write (.ora and .psd keep layers; .png, .jpg, .tif, .webp, .avif, .jxl)",
    )
    out.add_argument(
        "--quality",
        type=int,
        metavar="N",
        help="1 to 100, for JPEG, WebP, AVIF and JPEG XL; 100 is lossless but in JPEG",
    )
    out.add_argument("--bits", type=int, choices=(8, 16), help="bits a channel of OUT (AVIF: 12 for 16)")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(lambda: _run(parser().parse_args(arguments)), "Interrupted. Nothing was written.")


def _run(options: argparse.Namespace) -> int:
    if options.quality is not None and not 1 <= options.quality <= 100:
        raise UsageError(f"--quality {options.quality} is not from 1 to 100")
    output = writable(options.output)
    if options.bits == 16 and output.suffix.lower() in raster.EIGHT_BIT_SUFFIXES:
        raise UsageError(f"--bits 16 is more than {output.suffix} holds. Use .png, .tif, .avif or .jxl")
    document = storage.open_document(options.input)
    for note in document.notes:
        complain(f"{options.input.name}: {note}")
    if options.bits and options.bits != document.bits:
        from editor.document import colour

        colour.convert_depth(document, options.bits)
    for loss in storage.losses(document, output):
        complain(f"Not kept in {output.name}: {loss}")
    storage.save(document, output, quality=options.quality)
    return DONE

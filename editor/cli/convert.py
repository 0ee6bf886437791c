"""``python main.py convert``: a picture in another format, its metadata kept."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from editor.cli.errors import DONE, Parser, UsageError, guarded, writable
from editor.document.files import raster


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog="main.py convert",
        description="Save a picture in the format that OUT's suffix names. A file of that name is replaced.",
        epilog="Exit code: 0 done, 2 bad usage or unreadable input, 4 out of memory, 130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="IN", help="picture")
    out.add_argument("output", type=Path, metavar="OUT", help="file to write (.png, .jpg, .tif, .webp)")
    out.add_argument("--quality", type=int, metavar="N", help="1 to 100, for JPEG and WebP")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(lambda: _run(parser().parse_args(arguments)), "Interrupted. Nothing was written.")


def _run(options: argparse.Namespace) -> int:
    if options.quality is not None and not 1 <= options.quality <= 100:
        raise UsageError(f"--quality {options.quality} is not from 1 to 100")
    output = writable(options.output)
    raster.write(output, raster.read(options.input), quality=options.quality)
    return DONE

"""``python main.py info``: what a picture file holds."""

import argparse
import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from editor.cli.errors import DONE, Parser, guarded
from editor.document.files import raster


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog="main.py info",
        description="Tell what a picture file holds.",
        epilog="Exit code: 0 done, 2 bad usage or unreadable input, 4 out of memory, 130 interrupted.",
    )
    out.add_argument("file", type=Path, metavar="FILE", help="picture; of a camera RAW file, as developed")
    out.add_argument("--json", action="store_true", help="print one JSON object")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(lambda: _run(parser().parse_args(arguments)), "Interrupted.")


def _run(options: argparse.Namespace) -> int:
    report = facts(options.file)
    print(json.dumps(report) if options.json else _readable(report), flush=True)
    return DONE


def facts(path: Path) -> dict:
    """What there is to tell of the picture, upright as it opens. Raises FileError."""
    picture = raster.read(path)
    height, width = picture.pixels.shape[:2]
    metadata = picture.metadata
    return {
        "file": str(path),
        "format": metadata.format,
        "width": width,
        "height": height,
        "bits": picture.pixels.dtype.itemsize * 8,
        "grey": picture.grey,
        "has_alpha": picture.has_alpha,
        "icc": _description(metadata.icc),
        "exif": metadata.exif is not None,
        "xmp": metadata.xmp is not None,
        "dpi": list(metadata.dpi) if metadata.dpi else None,
        "bytes": path.stat().st_size,
    }


def _description(icc: bytes | None) -> str | None:
    """The profile's name for itself; None without a profile."""
    if icc is None:
        return None
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        name = " ".join(ImageCms.getProfileDescription(profile).split())
    except (ImageCms.PyCMSError, OSError, ValueError):
        return "damaged profile"
    return name or "unnamed profile"


def _readable(report: dict) -> str:
    colour = "grey" if report["grey"] else "RGB"
    alpha = ", alpha" if report["has_alpha"] else ""
    kept = [name.upper() for name in ("exif", "xmp") if report[name]]
    dpi = report["dpi"]
    return "\n".join(
        (
            f"{report['file']}: {report['format']}, {report['bytes']} bytes",
            f"Size: {report['width']} x {report['height']} pixels"
            + (f", {dpi[0]:g} x {dpi[1]:g} dpi" if dpi else ""),
            f"Pixels: {colour}, {report['bits']} bits a channel{alpha}",
            f"Profile: {report['icc'] or 'none'}",
            f"Metadata: {', '.join(kept) or 'none'}",
        )
    )

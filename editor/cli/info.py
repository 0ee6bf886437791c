"""``python main.py info``: what a picture file holds."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from editor.cli.errors import DONE, Parser, guarded
from editor.document import icc, storage
from editor.document.layers import AdjustmentLayer, Group, Layer, PixelLayer
from engines.installed import command


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} info",
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
    document = storage.open_document(path)
    metadata = document.metadata
    return {
        "file": str(path),
        "format": metadata.format,
        "width": document.width,
        "height": document.height,
        "bits": document.bits,
        "grey": document.grey,
        "has_alpha": document.has_alpha,
        "icc": None if metadata.icc is None else icc.description(metadata.icc),
        "exif": metadata.exif is not None,
        "xmp": metadata.xmp is not None,
        "dpi": list(metadata.dpi) if metadata.dpi else None,
        "bytes": path.stat().st_size,
        "layers": [_layer_facts(layer) for layer in document.layers],
        "channels": [channel.name for channel in document.channels],
        "selection": bool(document.selection.tiles),
        "guides": len(document.guides),
        "not_kept": list(document.notes),
    }


def _layer_facts(layer: Layer) -> dict:
    """A layer, bottom first within its stack."""
    report = {
        "name": layer.name,
        "kind": _kind(layer),
        "visible": layer.visible,
        "opacity": layer.opacity,
        "blend_mode": layer.blend_mode,
        "clipping": layer.clipping,
        "mask": layer.mask is not None,
    }
    if isinstance(layer, PixelLayer):
        report["bounds"] = list(layer.image.bounds())
        report["recipe"] = layer.recipe.to_dict() if layer.recipe else None
    elif isinstance(layer, Group):
        report["layers"] = [_layer_facts(child) for child in layer.children]
    return report


def _kind(layer: Layer) -> str:
    if isinstance(layer, AdjustmentLayer):
        return layer.adjustment.kind
    return "group" if isinstance(layer, Group) else "pixels"


def _readable(report: dict) -> str:
    colour = "grey" if report["grey"] else "RGB"
    alpha = ", alpha" if report["has_alpha"] else ""
    kept = [name.upper() for name in ("exif", "xmp") if report[name]]
    dpi = report["dpi"]
    lines = [
        f"{report['file']}: {report['format']}, {report['bytes']} bytes",
        f"Size: {report['width']} x {report['height']} pixels"
        + (f", {dpi[0]:g} x {dpi[1]:g} dpi" if dpi else ""),
        f"Pixels: {colour}, {report['bits']} bits a channel{alpha}",
        f"Profile: {report['icc'] or 'none'}",
        f"Metadata: {', '.join(kept) or 'none'}",
    ]
    if len(report["layers"]) > 1 or report["layers"][0]["kind"] != "pixels":
        lines += ["Layers, from the top:", *_tree(report["layers"], "  ")]
    if report["channels"]:
        lines.append(f"Channels: {', '.join(map(_quoted, report['channels']))}")
    if report["guides"]:
        lines.append(f"Guide lines: {report['guides']}")
    lines += report["not_kept"]
    return "\n".join(lines)


def _tree(layers: list[dict], indent: str) -> Iterator[str]:
    """One line a layer, the uppermost first as a panel shows them."""
    for layer in reversed(layers):
        words = [layer["kind"], layer["blend_mode"], f"{layer['opacity'] * 100:.0f} %"]
        words += [word for word in ("clipping", "mask") if layer[word]]
        words += [] if layer["visible"] else ["hidden"]
        yield f"{indent}{_quoted(layer['name'])}: {', '.join(words)}"
        yield from _tree(layer.get("layers", []), indent + "  ")


def _quoted(name: str) -> str:
    """A name out of a file, without what could steer a terminal."""
    return "“" + "".join(letter if letter.isprintable() else "?" for letter in name) + "”"

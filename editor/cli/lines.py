"""``python main.py lines``: the straight lines around a mask, and how they go on in it."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from editor.cli.errors import DONE, Parser, UsageError, complain, guarded
from editor.cli.kept import Loader, kept
from editor.cli.remove import open_with_mask
from editor.document.files.atomic import replacing
from editor.jobs import lines, remove
from engines import ladder, registry
from engines.base import Progress
from engines.device import DEVICES
from engines.installed import command
from engines.lines.results import LinesResult

VERSION = 1  # of the file


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} lines",
        description="Find the straight lines around what a mask covers and continue them into it.",
        epilog="The file is JSON that remove --lines reads: the segments that were seen, then the lines "
        "through the mask, with how likely each is, 0 to 1, and whether a removal is to follow it. Points "
        "are x, y in pixels, the centre of the first one at (0.5, 0.5). "
        "Exit code: 0 done, 2 bad usage or unreadable input, 3 weights missing or damaged, 4 out of memory, "
        "130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="INPUT", help="picture")
    out.add_argument(
        "--mask",
        type=Path,
        required=True,
        help="picture of the same size: white is what will be removed",
    )
    out.add_argument(
        "-o", "--output", type=Path, help="file to write (.json); without it the lines are printed"
    )
    out.add_argument(
        "--device", choices=DEVICES, default="auto", help="where to compute (default %(default)s)"
    )
    out.add_argument("--json", action="store_true", help="print one JSON object for the file written")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(
        lambda: _run(parser().parse_args(arguments)),
        "Interrupted. No file was written.",
        remove.NothingMasked,
    )


def _run(options: argparse.Namespace) -> int:
    kept()
    if options.output is not None and options.output.suffix.lower() != ".json":
        raise UsageError(f"{options.output.name} is no name for the lines. Use one that ends in .json")
    for what, path in (("picture", options.input), ("mask", options.mask)):
        if not path.is_file():
            raise UsageError(f"There is no {what} {path}")
    document = open_with_mask(options.input, options.mask)
    request = lines.request(document)
    result = ladder.run(Loader(registry.LINE_FINDER, options.device), request, Progress(), complain)
    report = to_dict(result, document.width, document.height)
    if options.output is None:
        print(json.dumps(report), flush=True)
        return DONE
    with replacing(options.output) as temporary:
        temporary.write_text(json.dumps(report) + "\n", encoding="utf-8")
    facts = {
        "input": str(options.input),
        "output": str(options.output),
        "detected": len(result.detected),
        "completed": len(result.completed),
        "enabled": sum(line.enabled for line in result.completed),
    }
    if options.json:
        print(json.dumps(facts), flush=True)
    else:
        print(
            f"{options.output}: {facts['completed']} lines through the mask, {facts['enabled']} of them to "
            f"follow; {facts['detected']} segments around it",
            flush=True,
        )
    return DONE


def to_dict(result: LinesResult, width: int, height: int) -> dict:
    """The lines of a picture of this size for JSON, to a hundredth of a pixel."""
    return {
        "version": VERSION,
        "width": width,
        "height": height,
        "detected": [
            {"points": _points(ends.reshape(2, 2)), "score": round(float(score), 3)}
            for ends, score in zip(result.detected, result.scores, strict=True)
        ],
        "completed": [
            {
                "points": _points(line.points),
                "score": round(line.score, 3),
                "kind": line.kind,
                "enabled": line.enabled,
            }
            for line in result.completed
        ],
        "vanishing_points": _points(result.vanishing_points),
    }


def _points(points) -> list[list[float]]:
    return [[round(float(value), 2) for value in point] for point in points]

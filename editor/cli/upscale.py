"""``python main.py upscale``: enlarge a picture with detail, without opening a window."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from editor.cli.errors import DONE, Parser, UsageError, complain, guarded, writable
from editor.cli.kept import Loader, kept
from editor.cli.remove import bar
from editor.document import storage
from editor.document.model import Document
from editor.jobs import upscale
from editor.jobs.upscale import FACTORS, Enlarging
from engines import ladder, registry, store
from engines.base import WeightsMissing
from engines.device import DEVICES
from engines.installed import command
from engines.machine import machine
from engines.upscale import models
from engines.upscale.requests import UpscaleRequest, UpscaleResult


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} upscale",
        description="Enlarge a picture and add the detail that a larger one would have had, by a network on "
        "this machine. Layers stay layers, and nothing is fetched.",
        epilog="Exit code: 0 done, 2 bad usage or unreadable input, 3 model missing or damaged, 4 out of "
        "memory, 130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="INPUT", help="picture")
    out.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    size = out.add_mutually_exclusive_group()
    size.add_argument(
        "--factor", type=int, choices=FACTORS, help=f"times that it grows (default {FACTORS[0]})"
    )
    size.add_argument("--size", metavar="WxH", help="pixels that it is to have")
    out.add_argument(
        "--model",
        default="",
        metavar="ID_OR_PATH",
        help="a .safetensors, .pth or .onnx file, or one of: "
        f"{', '.join(models.of_catalogue())}; by default the first that is installed",
    )
    for name, usual, what in (
        ("detail", 1.0, "how much of what the network adds; 0 is a smooth enlargement"),
        ("grain", 0.5, "how much of the noise and finest lines that the network takes away is given back"),
    ):
        out.add_argument(
            f"--{name}", type=float, default=usual, metavar="0..1", help=f"{what} (default %(default)s)"
        )
    out.add_argument(
        "--device", choices=DEVICES, default="auto", help="where to compute (default %(default)s)"
    )
    out.add_argument(
        "--estimate",
        action="store_true",
        help="tell how long it would take and how much memory; write nothing",
    )
    out.add_argument("--json", action="store_true", help="print one JSON object")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(lambda: _run(parser().parse_args(arguments)), "Interrupted. Nothing was written.")


def _run(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    kept()
    output = writable(options.output)
    for name in ("detail", "grain"):
        if not 0 <= getattr(options, name) <= 1:
            raise UsageError(f"--{name} is a number from 0 to 1")
    model = models.locate(options.model) if options.model else _first_model()
    if not options.input.is_file():
        raise UsageError(f"There is no file {options.input}")
    document = storage.open_document(options.input)
    wanted = _wanted(options, document, model.model)
    if options.estimate:
        return _estimate(options, document, wanted, model.path.stat().st_size)
    request = upscale.request(document, wanted)
    result = ladder.run(Loader(registry.UPSCALER, options.device), request, bar(0, 1), complain)
    upscale.apply(document, request, result)
    storage.save(document, output)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    for note in result.notes:
        complain(note)
    if options.json:
        _print_report(options, request, result, document, time.perf_counter() - started)
    return DONE


def _first_model() -> models.Upscaler:
    found = models.installed()
    if not found:
        starter = registry.spec(registry.UPSCALER).starter
        raise WeightsMissing(
            f"No model for enlarging is installed. Get one with: {command()} models install {starter}"
        )
    return found[0]


def _wanted(options: argparse.Namespace, document: Document, model: str) -> Enlarging:
    """Raises UsageError for a size that makes no sense."""
    factor = options.factor or FACTORS[0]
    width, height = document.width * factor, document.height * factor
    if options.size is not None:
        sides = options.size.lower().replace("×", "x").split("x")
        if len(sides) != 2 or not all(each.isascii() and each.isdecimal() for each in sides):
            raise UsageError("--size is width and height in pixels, such as 6000x4000")
        width, height = map(int, sides)
    try:
        upscale.check(document, width, height)
    except ValueError as refusal:
        raise UsageError(f"--size: {refusal}") from None
    return Enlarging(model, width, height, options.detail, options.grain)


def _estimate(options: argparse.Namespace, document: Document, wanted: Enlarging, size: int) -> int:
    here = machine(store.packs_folder())
    if options.device == "cpu":
        here = replace(here, card="")
    found = upscale.estimate(document, wanted, size, here)
    if options.json:
        facts = {"input": str(options.input), "seconds": round(found.seconds, 1), "memory": found.memory}
        print(json.dumps(facts | {"fit": found.fit.verdict, "why": found.fit.reason}), flush=True)
    else:
        print(
            f"{options.input.name}: about {found.seconds:.0f} s and {found.memory / 1e6:.0f} MB, "
            f"{found.fit.verdict}. {found.fit.reason}",
            flush=True,
        )
    return DONE


def _print_report(
    options: argparse.Namespace,
    request: UpscaleRequest,
    result: UpscaleResult,
    document: Document,
    seconds: float,
) -> None:
    report = {
        "input": str(options.input),
        "output": str(options.output),
        "engine": result.engine,
        "model": result.model,
        "device": result.device,
        "weights_sha256": result.weights_sha256,
        "width": document.width,
        "height": document.height,
        "detail": request.detail,
        "grain": request.grain,
        "layers": len(request.planes),
        "notes": list(result.notes),
        "seconds": round(seconds, 3),
    }
    print(json.dumps(report), flush=True)

"""``python main.py portrait``: change a face by its sketch, without opening a window."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from editor.cli.errors import DONE, Parser, UsageError, complain, guarded, writable
from editor.cli.kept import Loader, kept
from editor.cli.remove import bar, mask_values
from editor.document import storage
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.document.model import Document
from editor.jobs import faces, portrait
from editor.jobs.portrait import Portrait
from editor.jobs.remove import NewLayer
from engines import ladder, registry
from engines.base import EngineError, Progress
from engines.device import DEVICES
from engines.installed import command
from engines.portrait.requests import PortraitRequest, PortraitResult


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} portrait",
        description="Change a face by its sketch: draw the sketch with the command sketch, erase lines of it "
        "and draw others in any program, and the face follows. Nothing outside of what was drawn and its "
        "surroundings changes. The face model is for research, not for commercial use.",
        epilog="Exit code: 0 done, 2 bad usage, unreadable input, no such face or nothing drawn, 3 model "
        "missing or damaged, 4 out of memory, 130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="INPUT", help="picture")
    out.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    out.add_argument(
        "--face", type=int, default=1, metavar="N", help="which one; 1, the default, is the largest"
    )
    out.add_argument("--sketch", type=Path, metavar="FILE", help="what the face's sketch is to become")
    out.add_argument("--mask", type=Path, help="picture of the same size: nothing changes where it is black")
    out.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="move a slider, -1 to 1, of a face model that has any; may be repeated",
    )
    for name, usual, help_ in (
        ("steps", portrait.STEPS, "steps towards the sketch"),
        ("inversion-steps", portrait.INVERSION_STEPS, "steps by which the face is found in the model"),
        ("tuning-steps", portrait.TUNING_STEPS, "steps by which the model is tuned to the face"),
    ):
        out.add_argument(
            f"--{name}", type=int, default=usual, metavar="N", help=f"{help_} (default %(default)s)"
        )
    out.add_argument(
        "--invert-only", action="store_true", help="write the face as the model has it, and change nothing"
    )
    out.add_argument("--seed", type=int, default=0, help="for models that use chance (default %(default)s)")
    out.add_argument(
        "--device", choices=DEVICES, default="auto", help="where to compute (default %(default)s)"
    )
    out.add_argument("--json", action="store_true", help="print one JSON object")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(
        lambda: _run(parser().parse_args(arguments)),
        "Interrupted. Nothing was written.",
        portrait.NothingDrawn,
        faces.NoFace,
    )


def _run(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    kept()
    output = writable(options.output)
    attributes, target = _attributes(options.set), _target(options.sketch)
    _check_steps(options)
    if not options.input.is_file():
        raise UsageError(f"There is no file {options.input}")
    if lacking := registry.lacks(registry.spec(registry.PORTRAIT)):
        raise EngineError(lacking)
    document = storage.open_document(options.input)
    within = _within(options.mask, document)
    found = ladder.run(
        Loader(registry.FACE_FINDER, options.device), faces.look(document), Progress(), complain
    )
    face = faces.choose(faces.found(document, found), options.face)
    asked = Portrait(
        tuple(map(tuple, face.square.tolist())),
        attributes,
        options.steps,
        options.inversion_steps,
        options.tuning_steps,
        seed=options.seed,
    )
    request = asked.inversion(document) if options.invert_only else asked.drawn(document, target)
    if within is not None:
        request = replace(request, zone=request.zone * within[request.box.slices])
    result = ladder.run(Loader(registry.PORTRAIT, options.device), request, bar(0, 1), complain)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if options.invert_only:
        _write(output, result.face)
    else:
        made = asked.fill(request, result, document.dtype, grey=document.grey)
        NewLayer("Face changed", "Change face").put(document, made)
        storage.save(document, output)
    if options.json:
        _print_report(options, request, result, time.perf_counter() - started)
    return DONE


def _check_steps(options: argparse.Namespace) -> None:
    for name, least in (("steps", 1), ("inversion_steps", 0), ("tuning_steps", 0)):
        if not least <= getattr(options, name) <= portrait.MOST_STEPS:
            told = name.replace("_", "-")
            raise UsageError(f"--{told} is a number from {least} to {portrait.MOST_STEPS}")


def _attributes(given: list[str]) -> tuple[tuple[str, float], ...]:
    out = []
    for each in given:
        name, _, value = each.partition("=")
        try:
            strength = float(value)
        except ValueError:
            strength = np.nan
        if not name or not -1 <= strength <= 1:
            raise UsageError(f"--set {each}: write NAME=VALUE, VALUE a number from -1 to 1")
        out.append((name, strength))
    return tuple(out)


def _target(path: Path | None) -> np.ndarray | None:
    """The sketch in a file, (SIDE, SIDE) float32, 1 = paper; what is clear is paper. Raises FileError."""
    import cv2

    if path is None:
        return None
    if not path.is_file():
        raise UsageError(f"There is no sketch {path}")
    pixels = raster.read(path).pixels
    if pixels.shape[0] != pixels.shape[1]:
        raise UsageError(
            f"The sketch {path.name} is no square. Get one to change with: {command()} sketch INPUT -o SKETCH"
        )
    pixels = pixels.astype(np.float32) / np.iinfo(pixels.dtype).max
    drawn = 1 - (1 - pixels[..., :3].mean(axis=-1)) * pixels[..., 3]
    return cv2.resize(drawn, (portrait.SIDE, portrait.SIDE), interpolation=cv2.INTER_AREA)


def _within(path: Path | None, document: Document) -> np.ndarray | None:
    """Where a mask lets the picture change, (h, w) float32 [0, 1]. Raises FileError."""
    if path is None:
        return None
    if not path.is_file():
        raise UsageError(f"There is no mask {path}")
    values = mask_values(raster.read(path))
    if values.shape != (document.height, document.width):
        height, width = values.shape
        raise UsageError(
            f"The mask {path.name} is {width} x {height} pixels, the picture {document.width} x "
            f"{document.height}. Make them the same size."
        )
    return values.astype(np.float32) / 255


def _write(output: Path, face: np.ndarray) -> None:
    pixels = np.full((*face.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = np.rint(face * 255)
    raster.write(output, raster.Raster(pixels, grey=False, has_alpha=False, metadata=Metadata()))


def _print_report(
    options: argparse.Namespace, request: PortraitRequest, result: PortraitResult, seconds: float
) -> None:
    patch = result.patch
    report = {
        "input": str(options.input),
        "output": str(options.output),
        "engine": result.engine,
        "device": result.device,
        "weights_sha256": result.weights_sha256,
        "face": options.face,
        "square": np.round(request.square + np.array([request.box.x, request.box.y]), 2).tolist(),
        "steps": request.steps,
        "inversion_steps": request.inversion_steps,
        "tuning_steps": request.tuning_steps,
        "identity": None if result.identity is None else round(result.identity, 3),
        "changed_pixels": 0 if patch is None else int((patch.alpha > 0).sum()),
        "seconds": round(seconds, 3),
    }
    print(json.dumps(report), flush=True)

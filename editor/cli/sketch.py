"""``python main.py sketch``: the faces of a picture, and the sketch of one of them."""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from editor.cli.errors import DONE, Parser, UsageError, complain, guarded
from editor.cli.kept import Loader, kept
from editor.document import storage
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.jobs import faces as finding
from engines import ladder, registry
from engines.base import Progress
from engines.device import DEVICES
from engines.installed import command
from engines.portrait.requests import Face

SIZE = 512  # pixels of the sketch
_ROUGH = 100  # pixels of a face's side, below which its sketch is rough


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} sketch",
        description="Find the faces of a picture and draw the sketch of one: its lines, dark on white, of "
        f"the face turned upright and cut out as a square of {SIZE} pixels. Without -o they are listed only.",
        epilog="Exit code: 0 done, 2 bad usage, unreadable input or no such face, 3 model missing or "
        "damaged, 4 out of memory, 130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="INPUT", help="picture")
    out.add_argument("-o", "--output", type=Path, help="picture to write (.png)")
    out.add_argument(
        "--face", type=int, default=1, metavar="N", help="which one; 1, the default, is the largest"
    )
    out.add_argument(
        "--device", choices=DEVICES, default="auto", help="where to compute (default %(default)s)"
    )
    out.add_argument("--json", action="store_true", help="print one JSON object that lists all faces")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(lambda: _run(parser().parse_args(arguments)), "Interrupted. Nothing was written.")


def _run(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    kept()
    output: Path | None = options.output
    if output is not None and output.suffix.lower() not in raster.WRITE_SUFFIXES:
        raise UsageError(f"{output.name} has no known suffix. Use one of: {', '.join(raster.WRITE_SUFFIXES)}")
    if not options.input.is_file():
        raise UsageError(f"There is no file {options.input}")
    document = storage.open_document(options.input)
    result = ladder.run(
        Loader(registry.FACE_FINDER, options.device), finding.look(document), Progress(), complain
    )
    faces = finding.found(document, result)
    if output is not None:
        face = finding.choose(faces, options.face)
        _write(output, finding.aligned(document, face, SIZE))
        side = float(np.hypot(*(face.square[1] - face.square[0])))
        if side < _ROUGH:
            complain(f"The face is small ({side:.0f} pixels with its hair): its sketch is rough.")
    _tell(options, faces, time.perf_counter() - started)
    return DONE


def _write(output: Path, face: np.ndarray) -> None:
    from engines.portrait import sketch

    pixels = np.full((SIZE, SIZE, 4), 255, np.uint8)
    pixels[..., :3] = np.rint(sketch.drawn(face) * 255)[..., None]
    raster.write(output, raster.Raster(pixels, grey=True, has_alpha=False, metadata=Metadata()))


def _tell(options: argparse.Namespace, faces: tuple[Face, ...], seconds: float) -> None:
    if options.json:
        report = {
            "input": str(options.input),
            "output": str(options.output) if options.output else None,
            "face": options.face if options.output else None,
            "size": SIZE,
            "faces": [_facts(face) for face in faces],
            "seconds": round(seconds, 3),
        }
        print(json.dumps(report), flush=True)
    elif options.output is None:
        for number, face in enumerate(faces, 1):
            box = face.box
            print(f"{number}: {box.width} x {box.height} pixels at {box.x}, {box.y}; score {face.score:.2f}")
        if not faces:
            print(f"{options.input.name}: no faces", flush=True)


def _facts(face: Face) -> dict:
    """A face for JSON: its box, how sure it is one, and the corners of the square, to a hundredth."""
    return {
        "box": [face.box.x, face.box.y, face.box.width, face.box.height],
        "score": round(face.score, 3),
        "square": [[round(float(value), 2) for value in corner] for corner in face.square],
    }

"""``python main.py remove``: take masked objects out of pictures without opening a window."""

import argparse
import json
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import numpy as np

from editor.cli import lines_file
from editor.cli.errors import DONE, Parser, UsageError, complain, exit_code, guarded, line, writable
from editor.cli.kept import Loader, kept
from editor.document import guides, masks, storage
from editor.document.files import raster
from editor.document.files.errors import FileError
from editor.document.model import Document
from editor.jobs import lines as lines_job
from editor.jobs import remove
from engines import fit, ladder, plugins, registry, store
from engines.base import (
    OutOfMemory,
    Progress,
    RemoveRequest,
    RemoveResult,
)
from engines.device import DEVICES
from engines.machine import machine

AUTO = Path("auto")  # in the place of a file of lines


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog="main.py remove",
        description="Remove what a mask covers from a picture. Nothing outside the mask changes.",
        epilog="INPUT, MASK and OUTPUT may be folders; pictures and masks are matched by their names. "
        "Exit code: 0 done, 2 bad usage or unreadable input, 3 weights missing or damaged, 4 out of memory, "
        "130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="INPUT", help="picture, or a folder of pictures")
    out.add_argument(
        "--mask",
        type=Path,
        required=True,
        help="picture of the same size: white is removed, black is kept; or a folder of such",
    )
    out.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        help="file to write (.png, .jpg, .tif, .webp), or a folder",
    )
    out.add_argument(
        "--lines",
        type=Path,
        metavar="FILE",
        help="lines that the fill follows: JSON of main.py lines, or a picture of the same size with white "
        "lines on black or on nothing; or a folder of such; or “auto”: those that main.py lines would find",
    )
    engines = [entry.id for entry in registry.ENGINES if entry.task == "remove"]
    out.add_argument(
        "--engine",
        default=registry.DEFAULT_REMOVER,
        help=f"one of: {', '.join(engines)}, or that of a plug-in (default %(default)s)",
    )
    out.add_argument(
        "--device", choices=DEVICES, default="auto", help="where to compute (default %(default)s)"
    )
    out.add_argument(
        "--seed", type=int, default=0, help="which of an engine's possible fills (default %(default)s)"
    )
    out.add_argument(
        "--candidates",
        type=int,
        metavar="N",
        help="make N fills, of this seed and those after it, and write them as OUTPUT-1, OUTPUT-2 ...",
    )
    out.add_argument(
        "--grain",
        type=float,
        default=1.0,
        metavar="0..1",
        help="how much of the surroundings' noise a fill is given, 0 for none (default %(default)s)",
    )
    out.add_argument(
        "--estimate",
        action="store_true",
        help="tell how long it would take and how much memory; write nothing",
    )
    out.add_argument("--json", action="store_true", help="print one JSON object for each file written")
    return out


MOST_CANDIDATES = 100
LINE_SUFFIXES = (".json", *raster.READ_SUFFIXES)


@dataclass(frozen=True)
class Work:
    """One picture to do."""

    picture: Path
    mask: Path
    lines: Path | None
    outputs: tuple[Path, ...]  # one for each seed


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(
        lambda: _run(parser().parse_args(arguments)),
        "Interrupted. The file in progress was not written.",
        remove.NothingMasked,
    )


def _run(options: argparse.Namespace) -> int:
    chosen = kept()
    if options.candidates is not None and not 1 <= options.candidates <= MOST_CANDIDATES:
        raise UsageError(f"--candidates is a number from 1 to {MOST_CANDIDATES}")
    if not 0 <= options.grain <= 1:
        raise UsageError("--grain is a number from 0 to 1")
    if chosen.plugins and options.engine not in [entry.id for entry in registry.ENGINES]:
        plugins.look()
    registry.spec(options.engine, "remove")
    work = list(_work(options))
    if options.estimate:
        return _estimate(options, work)
    batch = options.input.is_dir()
    engines = Loader(options.engine, options.device)
    finders = Loader(registry.LINE_FINDER, options.device)
    code = DONE
    for number, item in enumerate(work):
        try:
            started = time.perf_counter()
            document = open_with_mask(item.picture, item.mask)
            if item.lines == AUTO:
                found = ladder.run(finders, lines_job.request(document), Progress(), complain)
                lines_job.apply(document, found)
            elif item.lines is not None:
                guides.add(document, *lines_file.read(item.lines, document.width, document.height))
            for place, output in enumerate(item.outputs):
                request = remove.request(
                    document, engine=options.engine, seed=options.seed + place, grain=options.grain
                )
                count = len(item.outputs)
                progress = bar(number * count + place, len(work) * count)
                result = ladder.run(engines, request, progress, complain)
                _save(document.snapshot(), request, result, output)
                if options.json:
                    _print_report(item.picture, output, request, result, time.perf_counter() - started)
                started = time.perf_counter()
        except (FileError, UsageError, MemoryError, remove.NothingMasked, OutOfMemory) as error:
            if not batch:
                raise
            complain(f"{item.picture.name}: {line(error)}")
            code = code or exit_code(error)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    return code


def _estimate(options: argparse.Namespace, work: Sequence[Work]) -> int:
    """Say what each picture would take; no model is loaded."""
    entry, here = registry.spec(options.engine), machine(store.packs_folder())
    if options.device == "cpu":
        here = replace(here, card="")
    for item in work:
        request = remove.request(open_with_mask(item.picture, item.mask), engine=entry.id)
        found = fit.estimate(entry, request.regions, here)
        seconds, memory = found.seconds * len(item.outputs), found.memory
        if options.json:
            facts = {"input": str(item.picture), "seconds": round(seconds, 1), "memory": memory}
            print(json.dumps(facts | {"fit": found.fit.verdict, "why": found.fit.reason}), flush=True)
        else:
            print(
                f"{item.picture.name}: about {seconds:.0f} s and {memory / 1e6:.0f} MB, {found.fit.verdict}. "
                f"{found.fit.reason}",
                flush=True,
            )
    return DONE


def _save(document: Document, request: RemoveRequest, result: RemoveResult, output: Path) -> None:
    remove.apply(document, request, result)
    storage.save(document, output)


def _work(options: argparse.Namespace) -> Iterator[Work]:
    """The pictures to do. Raises UsageError if the paths do not fit each other."""
    picture, mask, lines, output = options.input, options.mask, options.lines, options.output
    candidates = options.candidates
    if not picture.exists():
        raise UsageError(f"There is no file or folder {picture}")
    if not mask.exists():
        raise UsageError(f"There is no mask {mask}")
    if lines is not None and lines != AUTO and not lines.exists():
        raise UsageError(f"There is no file of lines {lines}")
    if not picture.is_dir():
        if mask.is_dir():
            mask = _by_stem(mask).get(picture.stem) or _no_mask(picture, mask)
        target = output / picture.name if output.is_dir() else output
        if lines is not None and lines.is_dir():
            lines = _by_stem(lines, LINE_SUFFIXES).get(picture.stem)
        yield Work(picture, mask, lines, _outputs(writable(target), candidates, picture))
        return
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file; INPUT is a folder, so OUTPUT must be one too")
    pictures = _by_stem(picture)
    if not pictures:
        raise UsageError(f"There is no picture in {picture}")
    drawn = _by_stem(lines, LINE_SUFFIXES) if lines is not None and lines.is_dir() else None
    chosen = _by_stem(mask) if mask.is_dir() else dict.fromkeys(pictures, mask)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder {output} cannot be made: {error.strerror}") from None
    for stem, path in pictures.items():
        suffix = path.suffix if path.suffix.lower() in raster.WRITE_SUFFIXES else ".png"
        outputs = _outputs(output / (stem + suffix), candidates, *pictures.values())
        followed = lines if drawn is None else drawn.get(stem)  # a picture without lines is done without
        yield Work(path, chosen.get(stem) or _no_mask(path, mask), followed, outputs)


def _outputs(output: Path, candidates: int | None, *pictures: Path) -> tuple[Path, ...]:
    """The files to write. Raises UsageError if a numbered one is among ``pictures``, which are to be read."""
    if candidates is None:
        return (output,)
    numbered = tuple(output.with_stem(f"{output.stem}-{number}") for number in range(1, candidates + 1))
    for path in numbered:
        if path.resolve() in {picture.resolve() for picture in pictures}:
            raise UsageError(f"{path} would be written over by a candidate. Choose another OUTPUT")
    return numbered


def _no_mask(picture: Path, folder: Path) -> NoReturn:
    raise UsageError(f"There is no mask named {picture.stem} in {folder} for {picture.name}")


def _by_stem(folder: Path, suffixes: Collection[str] = raster.READ_SUFFIXES) -> dict[str, Path]:
    """The files of a folder that have one of the suffixes.

    Raises UsageError for two of one name: neither may be left out silently.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in suffixes and path.is_file():
            if path.stem in found:
                raise UsageError(
                    f"{found[path.stem].name} and {path.name} in {folder} differ only in suffix. Move one"
                )
            found[path.stem] = path
    return found


def open_with_mask(picture: Path, mask: Path) -> Document:
    """A document whose mask is read from a file: white is removed. Raises FileError."""
    document = storage.open_document(picture)
    drawn = raster.read(mask)
    height, width = drawn.pixels.shape[:2]
    if (width, height) != (document.width, document.height):
        raise FileError(
            f"The mask {mask.name} is {width} x {height} pixels, the picture {picture.name} "
            f"{document.width} x {document.height}. They must be the same size."
        )
    masks.replace(document.selection, mask_values(drawn)).swap()
    return document


def mask_values(drawn: raster.Raster) -> np.ndarray:
    """(H, W) uint8 of a mask picture: its brightness times its opacity.

    A lossy file is cut at one half: its black is rarely quite black, and the least grey would count.
    """
    out = np.empty(drawn.pixels.shape[:2], np.uint8)
    maximum = np.iinfo(drawn.pixels.dtype).max
    lossy = drawn.metadata.format == "JPEG" or (
        drawn.metadata.format == "WEBP" and not drawn.metadata.lossless
    )
    for top in range(0, len(out), 256):  # a few rows at a time: floats take four times the memory
        values = drawn.pixels[top : top + 256] * np.float32(1 / maximum)
        grey = values[..., :3].mean(axis=-1) * values[..., 3]
        out[top : top + 256] = (grey >= 0.5) * 255 if lossy else np.ceil(grey * 255 - 1e-3).clip(0, 255)
    return out


def bar(number: int, count: int) -> Progress:
    """A progress bar, on a terminal only."""
    if not sys.stderr.isatty():
        return Progress()

    def show(fraction: float) -> None:
        done = round((number + fraction) / count * 30)
        sys.stderr.write(f"\r[{'=' * done:<30}] {number + 1}/{count}")
        sys.stderr.flush()

    return Progress(show)


def _print_report(
    picture: Path, output: Path, request: RemoveRequest, result: RemoveResult, seconds: float
) -> None:
    report = {
        "input": str(picture),
        "output": str(output),
        "engine": result.engine,
        "device": result.device,
        "weights_sha256": result.weights_sha256,
        "seed": request.seed,
        "lines": len(request.guides),
        "grain": request.grain,
        "parts": len(request.regions),
        "changed_pixels": int(sum((patch.alpha > 0).sum() for patch in result.patches)),
        "seconds": round(seconds, 3),
    }
    print(json.dumps(report), flush=True)

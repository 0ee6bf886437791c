"""Open files that are made to burst: larger than they look, in pixels or in what describes these.

python tests/fuzz/fuzz_bombs.py [--format png ...]

Each must be refused with the limit in one line, or opened without the part that is too large and with a note
on it; in 2 GiB of memory and 10 seconds of processor time. The script ends with 1 if one is not.
"""

import argparse
import json
import os
import re
import resource
import select
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from editor.document import storage  # noqa: E402
from editor.document.files.errors import FileError  # noqa: E402
from tests.fuzz import bombs_boxes, bombs_flat, bombs_layered  # noqa: E402
from tests.fuzz.forging import Bomb  # noqa: E402

SECONDS, MEMORY, PATIENCE = 10, 2 << 30, 120
MAKERS: dict[str, Callable[[], list[Bomb]]] = {
    "png": bombs_flat.png,
    "jpg": bombs_flat.jpg,
    "tif": bombs_flat.tif,
    "webp": bombs_flat.webp,
    "bmp": bombs_flat.bmp,
    "dng": bombs_flat.dng_bombs,
    "avif": bombs_boxes.avif,
    "heic": bombs_boxes.heic,
    "jxl": bombs_boxes.jxl,
    "ora": bombs_layered.ora,
    "psd": bombs_layered.psd,
    "psb": bombs_layered.psb,
}
FORMATS = tuple(MAKERS)


@dataclass(frozen=True)
class Result:
    """What came of a file: ``line`` is the error's, None if it opened; ``peak`` is in MiB."""

    line: str | None
    notes: tuple[str, ...]
    seconds: float
    peak: int


def wrong(bomb: Bomb, result: Result) -> str | None:
    """What is not as it should be; None if all is."""
    if result.seconds > SECONDS and not bomb.slow:
        return f"took {result.seconds:.1f} s"
    if result.peak > MEMORY >> 20:
        return f"took {result.peak} MiB"
    said = result.notes if result.line is None else (result.line,)
    if any(len(each.splitlines()) != 1 for each in said):
        return f"not one line: {said}"
    opened = result.line is None
    right = {
        "refused": not opened and re.search(bomb.words, result.line or "") is not None,
        "noted": opened and any(re.search(bomb.words, note) for note in said),
        "kept": opened and not said,
        "within": (opened and not said) or (not opened and "limit" not in result.line),
    }
    return None if right[bomb.outcome] else f"{bomb.outcome} was expected: {'; '.join(said) or 'opened'}"


def _opened(path: Path) -> Result:
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    started = time.process_time()
    line, notes = None, ()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            notes = storage.open_document(path).notes
        except FileError as error:
            line = str(error)
        except BaseException as error:
            line = f"not an error of files\n{type(error).__name__}: {error}"
    if caught:
        line = f"a warning\n{caught[0].message}"
    peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    return Result(line, notes, time.process_time() - started, peak)


def run(bombs: Iterable[Bomb], suffix: str, folder: Path) -> Iterator[Result]:
    """Open each in a process that has so much memory and no more; another one after one that ended it."""
    path, process = folder / f"bomb.{suffix}", None
    try:
        for bomb in bombs:
            path.write_bytes(bomb.make())
            process = process or _start(path)
            process.stdin.write(b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            answer = process.stdout.readline() if ready else b""
            if answer:
                plain = json.loads(answer)
                yield Result(**plain | {"notes": tuple(plain["notes"])})
                continue
            _end(process)
            what = f"crash\nexit code {process.returncode}" if ready else f"hang\n{PATIENCE} s"
            process = None
            yield Result(what, (), 0, 0)
    finally:
        if process:
            _end(process)
        path.unlink(missing_ok=True)  # it may have tens of megabytes


def _start(path: Path) -> subprocess.Popen:
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    command = [sys.executable, __file__, "--open", str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, **pipes)


def _end(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def main() -> int:
    """The whole run; 1 if anything was wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--format", nargs="+", choices=FORMATS, default=FORMATS)
    options.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.open:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for _ in sys.stdin:
            print(json.dumps(asdict(_opened(given.open))), flush=True)
        return 0
    violations = 0
    print("format  bombs  violations  worst (s)  peak MiB")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in given.format:
            bombs = MAKERS[suffix]()
            results = list(run(bombs, suffix, Path(folder)))
            faults = [
                (bomb, fault)
                for bomb, each in zip(bombs, results, strict=True)
                if (fault := wrong(bomb, each))
            ]
            violations += len(faults)
            worst, peak = max(each.seconds for each in results), max(each.peak for each in results)
            print(f"{suffix:6}{len(bombs):7}{len(faults):12}{worst:11.2f}{peak:10}", flush=True)
            for bomb, fault in faults:
                print(f"  {bomb.name}: {fault}", flush=True)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())

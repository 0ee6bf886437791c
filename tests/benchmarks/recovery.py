"""What does keeping a document for recovery cost? Prints a table.

    python tests/benchmarks/recovery.py [--megapixels 50] [--layers 10] [--folder DISK]

Every layer holds noise over the whole canvas, so nothing is cheap by chance. ``GUI`` is the time that an edit
takes in the thread that makes it for its being kept, ``CPU`` what that thread works of it (the rest others
do meanwhile), ``disk`` the time until it is in the file, all in milliseconds as median and 99th percentile;
``bytes`` is what an entry takes there.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from editor.document import masks, recovery  # noqa: E402
from editor.document.geometry import Rect  # noqa: E402
from editor.document.history import Part, TileSwap  # noqa: E402
from editor.document.layers import PixelLayer  # noqa: E402
from editor.document.model import Document  # noqa: E402
from editor.document.tiles import TILE, TiledImage, TileWriter  # noqa: E402


def made_up(megapixels: float, layers: int) -> Document:
    width = int((megapixels * 1e6 * 3 / 2) ** 0.5)
    height = int(megapixels * 1e6 / width)
    random = np.random.default_rng(0)
    stack = []
    for number in range(layers):
        image = TiledImage(4, np.uint8)
        for key, _ in image.boxes(Rect(0, 0, width, height)):
            tile = random.integers(0, 256, (TILE, TILE, 4), np.uint8)
            tile.flags.writeable = False
            image.tiles[key] = tile
        stack.append(PixelLayer(f"Layer {number}", image, opacity=0.5))
    return Document(width, height, np.uint8, stack)


LOAD = """
import time
from editor.document import recovery
start = time.perf_counter()
(found,) = recovery.pending()
listed = time.perf_counter()
document = found.load()
print(f"list {(listed - start) * 1000:.0f} ms, load {time.perf_counter() - listed:.1f} s")
document.history.close()
"""


class Measured:
    """Times what the journal does in the thread that edits."""

    def __init__(self, document: Document, journal, folder: Path) -> None:
        self.document, self.journal, self.folder = document, journal, folder
        (self._keep,) = document.observers
        document.observers[:] = [self._observe]
        self.gui: list[float] = []
        self.cpu: list[float] = []

    def _observe(self, change) -> None:
        start, worked = time.perf_counter(), time.thread_time()
        self._keep(change)
        self.gui.append((time.perf_counter() - start) * 1000)
        self.cpu.append((time.thread_time() - worked) * 1000)

    def stop(self) -> None:
        self.document.observers[:] = [self._keep]

    def size(self) -> int:
        return sum(file.stat().st_size for file in self.folder.glob("recovery/*/journal-*"))

    def run(self, name: str, count: int, edit: Callable[[int], None], pause: float = 0.0) -> None:
        """``pause`` is from one edit to the next; without one each waits for the one before to be written."""
        self.gui.clear()
        self.cpu.clear()
        lags = []
        before = self.size()
        for number in range(count):
            edit(number)
            start = time.perf_counter()
            if pause:
                time.sleep(pause)
            else:
                self.journal.wait()
                lags.append((time.perf_counter() - start) * 1000)
        self.journal.wait()
        each = (self.size() - before) / count
        disk = percentiles(lags) if lags else f"{'':17}"
        print(
            f"{name:34} {count:5} {percentiles(self.gui)}   {percentiles(self.cpu)}   {disk} {each:14,.0f}",
            flush=True,
        )


def percentiles(times: list[float]) -> str:
    return f"{statistics.median(times):8.2f} {np.percentile(times, 99):8.2f}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megapixels", type=float, default=50)
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--folder", type=Path, help="where the journal goes; a temporary folder by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        os.environ["LACUNA_STATE_DIR"] = folder
        measure(made_up(options.megapixels, options.layers), Path(folder))


def measure(document: Document, folder: Path) -> None:
    megapixels = document.width * document.height / 1e6
    print(f"{megapixels:.0f} megapixels, {len(document.layers)} layers")
    start = time.perf_counter()
    journal = recovery.begin(document, None, print)
    begun = time.perf_counter() - start
    journal.wait()
    measured = Measured(document, journal, folder)
    written = time.perf_counter() - start
    print(f"begin {begun * 1000:.1f} ms; a snapshot of {measured.size() / 1e6:,.0f} MB in {written:.1f} s")
    columns = "".join(f"   {name + ' p50':>8} {'p99':>8}" for name in ("GUI", "CPU", "disk"))
    print(f"{'':34} {'count':>5}{columns[2:]} {'bytes':>14}")
    random = np.random.default_rng(1)

    def place() -> tuple[int, int]:
        x, y = random.integers(100, (document.width - 300, document.height - 300))
        return int(x), int(y)

    def dab(number: int) -> None:
        image = document.layers[number % len(document.layers)].image
        x, y = place()
        brush = TileWriter(image)
        brush.write(Rect(x, y, 200, 200), random.integers(0, 256, (200, 200, 4), np.uint8))
        document.record("Paint", TileSwap(image, brush.before, Part.PIXELS))

    def select(number: int) -> None:
        x, y = place()
        brush = TileWriter(document.selection)
        masks.draw_segment(brush, (x, y), (x + 99, y + 99), (100, 100), 0.5, document.rect)
        document.record("Brush", TileSwap(document.selection, brush.before, Part.SELECTION))

    def opacity(number: int) -> None:
        document.set_layer(document.layers[0], "opacity", number / 1000, "Opacity")

    def whole_layer(number: int) -> None:
        image = document.layers[number % len(document.layers)].image
        tiles = {key: 255 - tile for key, tile in image.tiles.items()}
        document.edit("Invert", TileSwap(image, tiles, Part.PIXELS))

    def duplicate(number: int) -> None:
        document.set_layers([*document.layers, document.layers[0].snapshot()], "Duplicate")

    def stroke(number: int) -> None:
        document.notify(document.rect, Part.SELECTION)

    measured.run("dab of 200 px on a layer", 300, dab)
    measured.run("the same, 50 a second", 300, dab, pause=0.02)
    measured.run("dab of 200 px on the selection", 300, select)
    measured.run("opacity", 300, opacity)
    measured.run("a move of a stroke in progress", 300, stroke)
    measured.run("duplicate a layer", 5, duplicate)
    measured.run("invert a whole layer", 8, whole_layer)
    measured.run("undo", 100, lambda _: document.undo())
    measured.run("redo", 100, lambda _: document.redo())
    entries, size = len(document.history.entries), measured.size()
    crashed = folder / "crashed"  # links to the same files, and a lock that nobody holds
    shutil.copytree(folder / "recovery", crashed / "recovery", copy_function=os.link)
    for lock in crashed.glob("recovery/*/lock"):
        lock.unlink()
    environment = os.environ | {"LACUNA_STATE_DIR": str(crashed), "PYTHONPATH": str(ROOT)}
    print(f"{entries} entries, {size / 1e6:,.0f} MB: ", end="", flush=True)
    subprocess.run([sys.executable, "-c", LOAD], env=environment, check=True)
    measured.stop()
    journal.close()
    journal.join()


if __name__ == "__main__":
    main()

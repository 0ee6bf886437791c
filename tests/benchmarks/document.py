"""How fast is the document, and how large? Prints a table of ratios against baselines of the same run.

    python tests/benchmarks/document.py           all of it
    python tests/benchmarks/document.py --check   fails if a limit is passed

A picture of 50 megapixels with 10 layers: a photograph, seven layers of pixels with soft alpha in five blend
modes, and two adjustment layers.

dab       a 200-pixel brush dab and the recompositing of what it touched, in milliseconds
flatten   megapixels a second for each layer, and how often that is what plain numpy makes of the same tiles
memory    what the process grew by, over the bytes of the tiles
open      a 24-megapixel JPEG as a document, over Pillow's own decoding
"""

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "samples" / "desert-hike.jpg"
sys.path.insert(0, str(ROOT))

from editor.document.adjustments import Curves, HueSaturation  # noqa: E402
from editor.document.geometry import Rect  # noqa: E402
from editor.document.layers import AdjustmentLayer, PixelLayer  # noqa: E402
from editor.document.model import Document  # noqa: E402
from editor.document.paint import Stroke  # noqa: E402
from editor.document.storage import open_document  # noqa: E402
from editor.document.tiles import TILE, TiledImage  # noqa: E402

WIDTH, HEIGHT = 8660, 5774
MODES = ("normal", "multiply", "normal", "screen", "soft-light", "normal", "overlay")
DAB = 200

LIMITS = {"dab p99 ms": 12.0, "memory ratio": 1.3, "open ratio": 1.5}
LEAST = {"flatten MP/s": 40.0}


def resident() -> int:
    """Bytes of memory that this process occupies."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmRSS")


def build() -> Document:
    """The picture. Each layer's tiles are views of one array, as those of an opened file are."""
    photograph = Image.open(SAMPLE).convert("RGB").resize((WIDTH, HEIGHT))
    document = Document.from_pixels(np.dstack([photograph, np.full((HEIGHT, WIDTH), 255, np.uint8)]))
    layers = list(document.layers)
    across = np.linspace(0, 3 * np.pi, WIDTH, dtype=np.float32)
    down = np.linspace(0, 2 * np.pi, HEIGHT, dtype=np.float32)[:, None]
    for index, mode in enumerate(MODES):
        pixels = np.empty((HEIGHT, WIDTH, 4), np.uint8)
        pixels[..., :3] = np.roll(photograph, 500 * (index + 1), axis=1)
        for top in range(0, HEIGHT, 512):
            wave = np.sin(across + index) * np.cos(down[top : top + 512] - index)
            pixels[top : top + 512, :, 3] = 127.5 + 127.4 * wave
        layers.append(PixelLayer(mode, TiledImage.from_array(pixels), blend_mode=mode, opacity=0.8))
    layers.insert(3, AdjustmentLayer("Curves", Curves(rgb=((0, 0), (110, 130), (255, 255)))))
    layers.insert(7, AdjustmentLayer("Saturation", HueSaturation(saturation=15)))
    document.set_layers(layers, "Build")
    document.history.close()
    return document


def dabs(document: Document, count: int) -> dict[str, float]:
    """One stroke of many dabs on a layer in the middle of the stack; each is composited at once."""
    random = np.random.default_rng(1)
    layer = document.layers[5]
    stroke = Stroke(document, layer, (200, 40, 40), size=DAB, hardness=0.5, opacity=0.9)
    dirty: list[Rect] = []
    document.observers.append(lambda change: dirty.append(change.area))
    seconds = []
    for _ in range(count):
        x, y = random.uniform(DAB, WIDTH - DAB), random.uniform(DAB, HEIGHT - DAB)
        dirty.clear()
        started = time.perf_counter()
        stroke.dab(x, y)
        for area in dirty:
            document.composite(area.intersected(document.rect))
        seconds.append(time.perf_counter() - started)
    stroke.commit()
    document.observers.clear()
    low, high = np.percentile(seconds, [50, 99]) * 1000
    return {"dab p50 ms": float(low), "dab p99 ms": float(high)}


def flatten(document: Document) -> dict[str, float]:
    """The whole picture, and plain numpy on tiles of the same data in one thread."""
    passes = len(document.layers)
    started = time.perf_counter()
    document.composite(document.rect)
    seconds = time.perf_counter() - started
    below = document.layers[0].image.tiles
    above = document.layers[1].image.tiles
    keys = [key for key in list(below) if below[key].shape == (TILE, TILE, 4)][:60]
    started = time.perf_counter()
    for key in keys:
        plain_over(below[key], above[key])
    plain = len(keys) * TILE * TILE / (time.perf_counter() - started) / 1e6
    rate = WIDTH * HEIGHT * passes / seconds / 1e6
    return {"flatten MP/s": rate, "plain numpy MP/s": plain, "flatten / plain": rate / plain}


def plain_over(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    """One layer over another as one would write it down (Porter and Duff 1984), normal mode."""
    backdrop, source = below.astype(np.float32) / 255, above.astype(np.float32) / 255
    alpha = source[..., 3:]
    covered = alpha + backdrop[..., 3:] * (1 - alpha)
    colour = source[..., :3] * alpha + backdrop[..., :3] * backdrop[..., 3:] * (1 - alpha)
    colour = np.divide(colour, covered, out=np.zeros_like(colour), where=covered > 0)
    return np.rint(np.concatenate([colour, covered], axis=2) * 255).astype(np.uint8)


def opening(runs: int) -> dict[str, float]:
    """Seconds to open 24 megapixels, ours and Pillow's in turn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.jpg"
        Image.open(SAMPLE).convert("RGB").resize((6000, 4000)).save(path, quality=92)

        def pillow() -> None:
            Image.open(path).load()

        ours, theirs = [], []
        for _ in range(runs):
            theirs.append(timed(pillow))
            ours.append(timed(lambda: open_document(path)))
    mine, base = statistics.median(ours), statistics.median(theirs)
    return {"open s": mine, "Pillow s": base, "open ratio": mine / base}


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a limit is passed")
    parser.add_argument("--runs", type=int, default=7, help="openings of the JPEG (default %(default)s)")
    parser.add_argument("--dabs", type=int, default=500, help="(default %(default)s)")
    options = parser.parse_args()
    found = opening(options.runs)
    gc.collect()
    before = resident()
    document = build()
    gc.collect()
    tiles = sum(plane.nbytes for plane in document.planes())
    found["memory ratio"] = (resident() - before) / tiles
    found["tiles MB"] = tiles / 1e6
    dabs(document, 20)  # what is loaded with the first dab is not its cost
    found |= dabs(document, options.dabs)
    found |= flatten(document)
    failed = False
    for name, value in found.items():
        limit = LIMITS.get(name) or LEAST.get(name)
        bad = value > LIMITS[name] if name in LIMITS else value < LEAST.get(name, value)
        failed |= bad
        sign = "<=" if name in LIMITS else ">="
        print(
            f"{name:<18}{value:>10.2f}" + (f"   {sign} {limit:g}{'  MISSED' if bad else ''}" if limit else "")
        )
    return int(failed and options.check)


if __name__ == "__main__":
    sys.exit(main())

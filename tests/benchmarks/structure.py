"""How well do fills go on with straight lines, without lines to follow and with them?

    python tests/benchmarks/structure.py                  the table, on held-out 256-pixel photographs
    python tests/benchmarks/structure.py --check          fails if a target is missed
    python tests/benchmarks/structure.py --sheet look.png truth, hole with its lines, and the fills
    python tests/benchmarks/structure.py --tune           on photographs to choose constants by, not held out

Holes lie across straight lines, as `lines` of removal.py. Compared are the default engine alone; with the
true lines, which are the segments of the truth that the score counts; with these as a hand draws them, each
end 1.5 px off; and with the lines that the program finds by itself. `lines` is the share of true straight
line inside the holes that a segment of the fill meets within 3 px and 5 degrees; LPIPS (AlexNet) is taken on
the hole's crop, PSNR in the hole. Columns but `lines` and LPIPS only inform.
"""

import argparse
import sys
import time
import zlib
from importlib.util import find_spec
from pathlib import Path

import cv2
import masks
import numpy as np
import removal
from lpips import Lpips

from editor.document import guides
from editor.document import masks as masks_of
from editor.document.guide import LINE, Guide
from editor.document.model import Document
from editor.jobs import remove
from engines import registry
from engines.base import Progress

HAND = 1.5  # pixels, the deviation of each end of a line that a hand drew
TARGETS = {"true": 0.75, "hand": 0.75, "auto": 0.50}  # of `lines`; each one's LPIPS is to be below `without`
TITLES = {"without": "without", "true": "true lines", "hand": "by hand", "auto": "found"}


def true_lines(truth: np.ndarray, hole: np.ndarray) -> list[np.ndarray]:
    """The segments that `masks.line_recall` counts, each (2, 2) in a document's coordinates."""
    out = []
    for segment in masks.segments(truth):
        length = float(np.hypot(*(segment[2:] - segment[:2])))
        if length < 24:
            break
        points = segment[:2] + np.linspace(0, 1, int(length) + 1)[:, None] * (segment[2:] - segment[:2])
        x, y = np.rint(points).astype(int).clip(0, np.array(hole.shape[::-1]) - 1).T
        if hole[y, x].sum() >= 8:
            out.append(segment.reshape(2, 2).astype(float) + 0.5)
    return out


def by_hand(lines: list[np.ndarray], name: str) -> list[np.ndarray]:
    """The lines with their ends a little off, the same on every run."""
    rng = np.random.default_rng([zlib.crc32(f"hand {name}".encode())])
    return [line + rng.normal(0, HAND, line.shape) for line in lines]


def document_of(rgb: np.ndarray, hole: np.ndarray) -> Document:
    document = Document.from_pixels(np.dstack([rgb, np.full(hole.shape, 255, np.uint8)]))
    masks_of.replace(document.selection, hole * np.uint8(255)).swap()
    return document


class Finder:
    """What the program finds by itself around the hole and would follow."""

    def __init__(self) -> None:
        self._engine = registry.load(registry.LINE_FINDER)

    def __call__(self, rgb: np.ndarray, hole: np.ndarray) -> list[np.ndarray]:
        from editor.jobs import lines

        result = self._engine.run(lines.request(document_of(rgb, hole)), Progress())
        return [line.points for line in result.completed if line.enabled]


class Fill:
    """The way of a removal in the program, the lines as guides of the document."""

    def __init__(self, engine: str) -> None:
        self._id, self._engine = engine, registry.load(engine)

    def __call__(self, rgb: np.ndarray, hole: np.ndarray, lines: list[np.ndarray]) -> np.ndarray:
        document = document_of(rgb, hole)
        guides.add(document, *(Guide(LINE, tuple(map(tuple, line.tolist()))) for line in lines))
        request = remove.request(document, engine=self._id)
        remove.apply(document, request, self._engine.run(request, Progress()))
        return document.composite(document.rect)[..., :3]


def lined(truth: np.ndarray, hole: np.ndarray, lines: list[np.ndarray]) -> np.ndarray:
    """The hole in magenta with the lines over it, for the sheet."""
    out = truth.copy()
    out[hole] = (255, 0, 160)
    for line in lines:
        ends = np.rint((line - 0.5) * 16).astype(int)
        cv2.line(out, ends[0].tolist(), ends[1].tolist(), (255, 255, 0), 1, cv2.LINE_AA, shift=4)
    return out


def measure(args: argparse.Namespace, ways: list[str]) -> tuple[dict, list[np.ndarray]]:
    """The scores of each way, hole by hole, and the strips of the sheet."""
    fill, metric = Fill(args.engine), Lpips()
    found = Finder() if "auto" in ways else None
    pictures = list(removal.photographs(args.data, args.photos))
    rows: dict[str, list[dict]] = {way: [] for way in ways}
    strips = []
    for number, (name, truth, hole) in enumerate(
        removal.cases(pictures, "lines", args.count, args.scale, args.per_photo)
    ):
        seen = removal.covered(truth, hole, "mean", pictures)
        lines = true_lines(truth, hole)
        results = []
        for way in ways:
            start = time.perf_counter()
            if way == "auto":
                chosen = found(seen, hole)
            else:
                chosen = {"without": [], "true": lines, "hand": by_hand(lines, name)}[way]
            result = fill(seen, hole, chosen)
            seconds = time.perf_counter() - start
            results.append(result)
            rows[way].append(removal.score(metric, truth, result, hole, "lines") | {"seconds": seconds})
        if args.sheet and number < args.rows:
            strips.append(np.concatenate([truth, lined(truth, hole, lines), *results], axis=1))
    return rows, strips


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    data = removal.ROOT.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=data, help="folder of the tars")
    parser.add_argument("--photos", type=Path, help="a folder of photographs to use instead")
    parser.add_argument("--engine", default=registry.DEFAULT_REMOVER)
    parser.add_argument("--count", type=int, default=40, help="holes")
    parser.add_argument("--per-photo", type=int, default=1, help="holes in one photograph")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the holes, 1 is the usual")
    parser.add_argument("--skip", nargs="+", choices=tuple(TARGETS), default=())
    parser.add_argument("--tune", action="store_true", help="photographs that are not held out")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet")
    parser.add_argument("--rows", type=int, default=12, help="holes on the contact sheet")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    if args.tune:
        removal.held_out = lambda member: zlib.crc32(member.encode()) % 97 in (7, 41)
    ways = [way for way in TITLES if way not in args.skip]
    if "auto" in ways and find_spec("engines.lines") is None:
        ways.remove("auto")
        print("Lines found by the program are left out: there is no engines.lines yet.")
    rows, strips = measure(args, ways)
    if args.sheet:
        cv2.imwrite(str(args.sheet), cv2.cvtColor(removal.sheet(strips), cv2.COLOR_RGB2BGR))
    means = {way: removal.summary(scores) for way, scores in rows.items()}
    missed = False
    print(f"{'':11} {'lines':>6} {'LPIPS':>7} {'PSNR':>6} {'s':>6}   {len(rows['without'])} holes")
    for way, mean in means.items():
        words = ""
        if way in TARGETS:
            met = mean["recall"] >= TARGETS[way] and mean["lpips"] < means["without"]["lpips"]
            words = f"target {TARGETS[way]:.2f} and LPIPS below without: {'met' if met else 'MISSED'}"
            missed |= not met
        print(
            f"{TITLES[way]:11} {mean['recall']:6.3f} {mean['lpips']:7.4f} {mean['psnr']:6.2f}"
            f" {mean['seconds']:6.2f}   {words}"
        )
    return 1 if args.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())

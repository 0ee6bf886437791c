"""How well does object removal recover what a hole hides? Holes are cut where the truth is known.

    python tests/benchmarks/removal.py                    the table, on held-out 256-pixel photographs
    python tests/benchmarks/removal.py --check            fails if a target is missed
    python tests/benchmarks/removal.py --photos FOLDER --scale 0.3 --sheet look.png
    python tests/benchmarks/removal.py --ours FILE.py     another fill(rgb, hole) in place of the editor's

Compared are OpenCV's Telea, MI-GAN's published pipeline model as it is, and ours. LPIPS (AlexNet) is taken on
the hole's crop, PSNR in the hole; `seam` is the gradient across the hole's border over that 6 px outside;
`lines` is the share of true straight lines met again inside the hole. Columns but LPIPS only inform.
"""

import argparse
import importlib.util
import json
import sys
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import masks
import numpy as np
from lpips import Lpips
from published import Pipeline

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from editor.document import masks as masks_of  # noqa: E402
from editor.document.model import Document  # noqa: E402
from editor.jobs import remove  # noqa: E402
from engines import registry  # noqa: E402
from engines.base import Progress  # noqa: E402

TARGETS = {"strokes": 0.45, "blobs": 0.78, "lines": 0.85}
TARS = ("scenes256-01.tar", "scenes256-02.tar", "scenes256-03.tar")
Method = Callable[[np.ndarray, np.ndarray], np.ndarray]


def held_out(member: str) -> bool:
    """Whether a photograph of the tars is kept for this benchmark: training leaves these out."""
    return zlib.crc32(member.encode()) % 97 == 0


def telea(rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
    return cv2.inpaint(rgb, hole.astype(np.uint8), 3, cv2.INPAINT_TELEA)


class Ours:
    """The way a removal takes in the program: document, request, engine, new layer."""

    def __init__(self) -> None:
        self._engine = registry.load(registry.DEFAULT_REMOVER)

    def __call__(self, rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
        opaque = np.full(hole.shape, 255, np.uint8)
        document = Document.from_pixels(np.dstack([rgb, opaque]))
        masks_of.replace(document.selection, hole * np.uint8(255)).swap()
        request = remove.request(document)
        remove.apply(document, request, self._engine.run(request, Progress()))
        return document.composite(document.rect)[..., :3]


def method_of(file: Path) -> Method:
    spec = importlib.util.spec_from_file_location("other_fill", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.fill


def photographs(data: Path, folder: Path | None) -> Iterator[tuple[str, np.ndarray]]:
    """Named RGB pictures in a fixed order, nearly flat ones left out."""
    if folder is not None:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}:
                yield path.name, _decode(path.read_bytes())
        return
    found = []
    for name in TARS:
        with tarfile.open(data / name) as tar:
            chosen = [one for one in tar if one.isfile() and held_out(one.name)]
            found += [(one.name, tar.extractfile(one).read()) for one in chosen]
    # By hash rather than by number, so that any first N are a sample of all three tars.
    for name, data in sorted(found, key=lambda one: zlib.crc32(one[0].encode())):
        rgb = _decode(data)
        if cv2.Laplacian(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std() > 6:
            yield name, rgb


def _decode(data: bytes) -> np.ndarray:
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def cases(pictures, kind: str, count: int, scale: float, per_photo: int = 1):
    """(name, truth, hole): `count` of them, the same on every run and every machine."""
    made = 0
    for name, rgb in pictures:
        for turn in range(per_photo):
            if made == count:
                return
            rng = np.random.default_rng([zlib.crc32(f"{kind} {name} {turn}".encode())])
            hole = masks.draw(kind, rgb, rng, scale)
            if hole is None or hole.sum() < 16 or hole.mean() > 0.5:
                continue
            if kind == "lines" and masks.line_recall(rgb, rgb, hole)[1] == 0:
                continue
            made += 1
            yield name, rgb, hole


def covered(truth: np.ndarray, hole: np.ndarray, cover: str, others: list) -> np.ndarray:
    """The photograph with something else in the hole, so that the truth helps nobody.

    The mean colour is the kindest cover: it leaks least. Another photograph is what a removed object is like.
    """
    seen = truth.copy()
    if cover == "mean":
        seen[hole] = truth[~hole].mean(0)
        return seen
    first = zlib.crc32(hole.tobytes()) % len(others)
    other = next(rgb for _, rgb in others[first:] + others if rgb is not truth)
    seen[hole] = cv2.resize(other, hole.shape[::-1], interpolation=cv2.INTER_AREA)[hole]
    return seen


def crop_of(hole: np.ndarray) -> tuple[slice, slice]:
    """A square around the hole, a fifth as big again, inside the picture where that can be."""
    y, x = np.nonzero(hole)
    side = round(1.2 * max(np.ptp(y) + 1, np.ptp(x) + 1)) + 8
    spans = []
    for middle, full in (((y.min() + y.max()) / 2, hole.shape[0]), ((x.min() + x.max()) / 2, hole.shape[1])):
        length = min(side, full)
        start = int(min(max(0, middle - length / 2), full - length))
        spans.append(slice(start, start + length))
    return spans[0], spans[1]


def at_least_64(rgb: np.ndarray) -> np.ndarray:
    factor = 64 / min(rgb.shape[:2])
    if factor <= 1:
        return rgb
    return cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)


def seam(result: np.ndarray, hole: np.ndarray) -> float:
    """The mean step across the hole's border over the mean step across an outline 6 px outside."""
    luma = cv2.cvtColor(result, cv2.COLOR_RGB2GRAY).astype(np.float32)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13))
    wider = cv2.dilate(hole.astype(np.uint8), disc) > 0

    def step(inside: np.ndarray) -> float:
        down, right = inside[1:] != inside[:-1], inside[:, 1:] != inside[:, :-1]
        steps = [np.abs(np.diff(luma, axis=0))[down], np.abs(np.diff(luma, axis=1))[right]]
        return float(np.concatenate(steps).mean()) if down.any() or right.any() else np.nan

    return step(hole) / max(step(wider), 0.5)


def score(metric: Lpips, truth: np.ndarray, result: np.ndarray, hole: np.ndarray, kind: str) -> dict:
    crop = crop_of(hole)
    error = (truth[hole].astype(np.float64) - result[hole]) ** 2
    scores = {
        "lpips": metric(at_least_64(truth[crop]), at_least_64(result[crop])),
        "psnr": float(10 * np.log10(255**2 / max(error.mean(), 0.1))),
        "seam": seam(result[crop], hole[crop]),
    }
    if kind == "lines":
        scores["met"], scores["wanted"] = masks.line_recall(truth[crop], result[crop], hole[crop])
    return scores


def summary(rows: list[dict]) -> dict:
    means = {
        name: float(np.nanmean([row[name] for row in rows])) for name in ("lpips", "psnr", "seam", "seconds")
    }
    if "wanted" in rows[0]:
        means["recall"] = sum(row["met"] for row in rows) / max(1, sum(row["wanted"] for row in rows))
    return means


def strip(pictures: list[np.ndarray], hole: np.ndarray) -> np.ndarray:
    """Original, masked and the results side by side: the crop on big photographs, at 100 %."""
    crop = crop_of(hole) if max(hole.shape) > 640 else (slice(None), slice(None))
    masked = pictures[0].copy()
    masked[hole] = (255, 0, 160)
    return np.concatenate([p[crop] for p in (pictures[0], masked, *pictures[1:])], axis=1)


def sheet(strips: list[np.ndarray]) -> np.ndarray:
    width = max(s.shape[1] for s in strips)
    return np.concatenate(
        [np.pad(s, ((0, 6), (0, width - s.shape[1]), (0, 0)), constant_values=255) for s in strips]
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the tars"
    )
    parser.add_argument("--photos", type=Path, help="a folder of photographs to use instead")
    parser.add_argument("--count", type=int, default=40, help="holes of each kind")
    parser.add_argument("--per-photo", type=int, default=1, help="holes of each kind in one photograph")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the holes, 1 is the usual")
    parser.add_argument(
        "--cover", choices=("mean", "other"), default="mean", help="what the hole shows at first"
    )
    parser.add_argument("--kinds", nargs="+", choices=masks.KINDS, default=masks.KINDS)
    parser.add_argument("--skip", nargs="+", choices=("telea", "pipeline", "ours"), default=())
    parser.add_argument("--ours", type=Path, help="a Python file whose fill(rgb, hole) is used instead")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet")
    parser.add_argument("--rows", type=int, default=12, help="holes of each kind on the contact sheet")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    methods: dict[str, Method] = {
        "telea": telea,
        "pipeline": Pipeline() if "pipeline" not in args.skip else None,
        "ours": method_of(args.ours) if args.ours else Ours(),
    }
    methods = {name: method for name, method in methods.items() if name not in args.skip}
    metric = Lpips()
    pictures = list(photographs(args.data, args.photos))
    report, strips = {}, []
    for kind in args.kinds:
        rows = {name: [] for name in methods}
        for index, (_, truth, hole) in enumerate(
            cases(pictures, kind, args.count, args.scale, args.per_photo)
        ):
            seen = covered(truth, hole, args.cover, pictures)
            results = []
            for name, method in methods.items():
                start = time.perf_counter()
                result = method(seen.copy(), hole.copy())
                seconds = time.perf_counter() - start
                results.append(result)
                rows[name].append(score(metric, truth, result, hole, kind) | {"seconds": seconds})
            if index < args.rows and args.sheet:
                strips.append(strip([truth, *results], hole))
        count = len(next(iter(rows.values())))
        if count:
            report[kind] = {"count": count} | {name: summary(scores) for name, scores in rows.items()}
    missed = compare(report)
    if args.sheet and strips:
        cv2.imwrite(str(args.sheet), cv2.cvtColor(sheet(strips), cv2.COLOR_RGB2BGR))
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        show(report)
    return 1 if args.check and (missed or set(report) != set(args.kinds)) else 0


def compare(report: dict) -> list[str]:
    """Adds the ratio ours/pipeline to each kind; returns the kinds that miss their target."""
    missed = []
    for kind, row in report.items():
        if "ours" in row and "pipeline" in row:
            row["ratio"] = row["ours"]["lpips"] / row["pipeline"]["lpips"]
            row["target"] = TARGETS[kind]
            if row["ratio"] > row["target"]:
                missed.append(kind)
        else:
            missed.append(kind)
    return missed


def show(report: dict) -> None:
    print(f"{'kind':8} {'method':9} {'LPIPS':>7} {'PSNR':>6} {'seam':>5} {'lines':>5} {'s':>6}")
    for kind, row in report.items():
        for name in ("telea", "pipeline", "ours"):
            if name not in row:
                continue
            means = row[name]
            recall = f"{means['recall']:5.2f}" if "recall" in means else "     "
            print(
                f"{kind:8} {name:9} {means['lpips']:7.4f} {means['psnr']:6.2f} {means['seam']:5.2f} {recall}"
                f" {means['seconds']:6.2f}"
            )
        if "ratio" in row:
            word = "met" if row["ratio"] <= row["target"] else "MISSED"
            ratio = f"ours/pipeline {row['ratio']:.3f}, target {row['target']:.2f} {word}"
            print(f"{'':8} {ratio}, {row['count']} holes")


if __name__ == "__main__":
    sys.exit(main())

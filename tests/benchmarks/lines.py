"""How many of the lines that a hole hides are found again, and how many of those drawn were there?

    python tests/benchmarks/lines.py                  the table, on held-out 256-pixel photographs
    python tests/benchmarks/lines.py --check          fails if a target is missed
    python tests/benchmarks/lines.py --sheet look.png
    python tests/benchmarks/lines.py --fit            the weights of engines/lines/scoring.py, from others

Truth are LSD's segments of the photograph itself. `recall` is the share of their pixels in the hole (segments
of 24 pixels or more, 8 of them in the hole) that a line which would be followed passes within 3 px and 5
degrees; `precision` the share of the length in the hole of the lines that would be followed that lies so near
a segment of any length. `offered` is the recall with the lines that are shown but not followed.
"""

import argparse
import json
import sys
import tarfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import masks
import numpy as np
import removal

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from editor.document import masks as masks_of  # noqa: E402
from editor.document.model import Document  # noqa: E402
from editor.jobs import lines as job  # noqa: E402
from engines import registry  # noqa: E402
from engines.base import Progress  # noqa: E402
from engines.lines import candidates, completion, results, scoring, vanishing  # noqa: E402
from engines.lines.detector import Segments, detect  # noqa: E402
from engines.lines.geometry import sampled, ways  # noqa: E402
from engines.lines.network import MLsd  # noqa: E402
from engines.lines.profiles import profiles  # noqa: E402
from engines.lines.stubs import stubs  # noqa: E402

TARGETS = {"recall": 0.6, "precision": 0.6}
WITHIN, DEGREES = 3.0, 5.0
TUNING = (7, 41)  # of crc32 % 97: photographs that the weights are fitted on; 0 is held out


def truth(rgb: np.ndarray) -> np.ndarray:
    """The segments of a photograph, first centre at (0.5, 0.5)."""
    return masks.segments(rgb) + np.float32(0.5)


def inside(segment: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The pixels of a segment that lie in the hole, (n, 2)."""
    points = sampled(segment)
    columns, rows = points.astype(int).T
    height, width = hole.shape
    within = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    return points[within][hole[rows[within], columns[within]]]


def near(points: np.ndarray, segment: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n,) bool: which points of a segment pass one of ``others`` (m, 4) closely."""
    if not len(others):
        return np.zeros(len(points), bool)
    along = ways(others)
    length = np.hypot(*(others[:, 2:] - others[:, :2]).T)
    parallel = np.abs(along @ ways(segment[None])[0]) > np.cos(np.radians(DEGREES))
    to = points[:, None] - others[None, :, :2]
    position = (to * along).sum(-1)
    off = np.abs(to[..., 0] * along[:, 1] - to[..., 1] * along[:, 0])
    return ((off <= WITHIN) & (position >= -WITHIN) & (position <= length + WITHIN) & parallel).any(axis=1)


def recall(real: np.ndarray, drawn: np.ndarray, hole: np.ndarray) -> tuple[int, int]:
    """(met, wanted) pixels of the segments ``real`` (n, 4) in the hole."""
    met = wanted = 0
    for segment in real:
        points = inside(segment, hole)
        if np.hypot(*(segment[2:] - segment[:2])) >= 24 and len(points) >= 8:
            wanted += len(points)
            met += int(near(points, segment, drawn).sum())
    return met, wanted


def precision(real: np.ndarray, drawn: np.ndarray, hole: np.ndarray) -> tuple[int, int]:
    """(right, all) pixels of the lines ``drawn`` (n, 4) in the hole."""
    right = count = 0
    for segment in drawn:
        points = inside(segment, hole)
        count += len(points)
        right += int(near(points, segment, real).sum())
    return right, count


class Finder:
    """The way it takes in the program: document, request, engine."""

    def __init__(self) -> None:
        self._engine = registry.load(registry.LINE_FINDER, "cpu")

    def __call__(self, rgb: np.ndarray, hole: np.ndarray) -> tuple[results.CompletedLine, ...]:
        opaque = np.full(hole.shape, 255, np.uint8)
        document = Document.from_pixels(np.dstack([rgb, opaque]))
        masks_of.replace(document.selection, hole * np.uint8(255)).swap()
        return self._engine.run(job.request(document), Progress()).completed


def ends_of(found: tuple[results.CompletedLine, ...], *, enabled_only: bool = True) -> np.ndarray:
    chosen = [line.points.ravel() for line in found if line.enabled or not enabled_only]
    return np.array(chosen, np.float64).reshape(-1, 4)


def measure(cases: Iterator, finder: Finder) -> tuple[dict, list[np.ndarray]]:
    """The row of one kind of hole, and a picture of each case."""
    sums = np.zeros(6)
    seconds, pictures, drawn = [], [], 0
    for _, rgb, hole in cases:
        seen = removal.covered(rgb, hole, "mean", [])
        started = time.perf_counter()
        found = finder(seen, hole)
        seconds.append(time.perf_counter() - started)
        real, followed = truth(rgb), ends_of(found)
        offered = ends_of(found, enabled_only=False)
        sums += [
            *recall(real, followed, hole),
            *precision(real, followed, hole),
            *recall(real, offered, hole),
        ]
        drawn += len(followed)
        pictures.append(picture(rgb, hole, real, found))
    met, wanted, right, count, met_offered, _ = sums
    row = {
        "count": len(seconds),
        "recall": met / max(wanted, 1),
        "precision": right / max(count, 1),
        "recall_offered": met_offered / max(wanted, 1),
        "lines": drawn / max(len(seconds), 1),
        "seconds": float(np.mean(seconds)) if seconds else 0.0,
    }
    return row, pictures


COLOURS = {
    results.JOINED: (0, 200, 0),
    results.VANISHING: (0, 200, 220),
    results.CROSSING: (255, 160, 0),
    results.EXTENDED: (220, 0, 220),
}


def picture(
    rgb: np.ndarray, hole: np.ndarray, real: np.ndarray, found: tuple[results.CompletedLine, ...]
) -> np.ndarray:
    """The truth, and what was found: thick what would be followed, thin what is only offered."""
    zoom = 3 if max(rgb.shape) <= 320 else 1
    large = cv2.resize(rgb, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    shown, masked = large.copy(), large.copy()
    veil = cv2.resize(hole.astype(np.uint8), large.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
    masked[veil] = masked[veil] // 4 + 150
    for segment in real:
        if len(inside(segment, hole)):
            _draw(shown, segment * zoom, (255, 0, 0), 2)
    for line in found[::-1]:
        _draw(masked, line.points.ravel() * zoom, COLOURS[line.kind], 3 if line.enabled else 1)
    return np.concatenate([shown, masked], axis=1)


def _draw(canvas: np.ndarray, segment: np.ndarray, colour: tuple[int, int, int], width: int) -> None:
    ends = [tuple(int(value) for value in np.rint(end * 8 - 4)) for end in (segment[:2], segment[2:])]
    cv2.line(canvas, *ends, colour, width, cv2.LINE_AA, 3)


def tuning_photographs(data: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Named RGB pictures that neither this table nor any other is made of."""
    for name in removal.TARS:
        with tarfile.open(data / name) as tar:
            for member in tar:
                if member.isfile() and zlib.crc32(member.name.encode()) % 97 in TUNING:
                    content = np.frombuffer(tar.extractfile(member).read(), np.uint8)
                    yield (
                        member.name,
                        cv2.cvtColor(cv2.imdecode(content, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB),
                    )


def fit(cases: list) -> None:
    """Print the weights for both kinds of candidate. ``cases`` are (rgb, hole, Segments)."""
    gathered = {"JOINED": ([], []), "ONE_SIDED": ([], [])}
    for rgb, hole, seen in cases:
        real = truth(rgb)
        image = removal.covered(rgb, hole, "mean", []).astype(np.float32) / 255
        points = vanishing.vanishing_points(seen.ends)
        found = stubs(seen.ends, hole)
        profile = profiles(image, hole, found.end, found.way, found.length)
        across = candidates.pairs(seen, hole, found, profile, points)
        scores = scoring.likelihood(across.features, scoring.JOINED_WEIGHTS)
        joined, free = completion.sure(across, scores, found)
        alone = candidates.one_sided(seen, found, free, profile, points, joined, float(np.sqrt(hole.sum())))
        for name, some in (("JOINED", across), ("ONE_SIDED", alone)):
            for line, features in zip(some.ends, some.features, strict=True):
                right, count = precision(real, line[None], hole)
                if count >= 4:
                    gathered[name][0].append(features)
                    gathered[name][1].append(right / count)
    for name, (features, target) in gathered.items():
        weights, loss = logistic(np.array(features), np.array(target))
        names = (*getattr(candidates, f"{name}_FEATURES"), "constant")
        named = dict(zip(names, np.round(weights, 4).tolist(), strict=True))
        print(f"{name}_WEIGHTS = {named}  # {len(target)} candidates, cross entropy {loss:.4f}")


def logistic(features: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and constant of least cross entropy, by Newton's method on scaled features, and that."""
    mean, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-6)
    x = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    weights = np.zeros(x.shape[1])
    ridge = np.eye(len(weights)) * 1.0
    ridge[-1, -1] = 0
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - target) + ridge @ weights
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge, gradient)
    p = 1 / (1 + np.exp(-x @ weights))
    loss = -(target * np.log(p + 1e-9) + (1 - target) * np.log(1 - p + 1e-9)).mean()
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - (plain * mean).sum()), float(loss)


def tuning_cases(data: Path, per_photo: int) -> Iterator[tuple[np.ndarray, np.ndarray, Segments]]:
    """(rgb, hole, segments seen around it) of the tuning photographs, holes across lines and others."""
    network = MLsd("cpu")
    for name, rgb in tuning_photographs(data):
        for turn in range(per_photo):
            kind = "blobs" if (turn + zlib.crc32(name.encode())) % 3 == 2 else "lines"
            hole = masks.draw(
                kind, rgb, np.random.default_rng([zlib.crc32(f"{kind} {name} {turn}".encode())])
            )
            if hole is None or hole.sum() < 16 or hole.mean() > 0.5:
                continue
            image = removal.covered(rgb, hole, "mean", []).astype(np.float32) / 255
            yield rgb, hole, detect(image, hole, network, Progress())


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the tars"
    )
    parser.add_argument("--photos", type=Path, help="a folder of photographs to use instead")
    parser.add_argument("--count", type=int, default=40, help="holes of each kind")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the holes, 1 is the usual")
    parser.add_argument("--kinds", nargs="+", choices=("blobs", "lines"), default=("blobs", "lines"))
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet")
    parser.add_argument("--rows", type=int, default=8, help="holes of each kind on the contact sheet")
    parser.add_argument("--fit", action="store_true", help="print weights fitted on other photographs")
    parser.add_argument("--per-photo", type=int, default=1, help="holes in one photograph for --fit")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    if args.fit:
        fit(list(tuning_cases(args.data, args.per_photo)))
        return 0
    finder, report, strips = Finder(), {}, []
    pictures = list(removal.photographs(args.data, args.photos))
    for kind in args.kinds:
        report[kind], looks = measure(removal.cases(pictures, kind, args.count, args.scale), finder)
        strips += looks[: args.rows]
    if args.sheet and strips:
        cv2.imwrite(str(args.sheet), cv2.cvtColor(removal.sheet(strips), cv2.COLOR_RGB2BGR))
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        print(f"{'kind':6} {'holes':>5} {'recall':>6} {'offered':>7} {'precision':>9} {'lines':>5} {'s':>5}")
        for kind, row in report.items():
            print(
                f"{kind:6} {row['count']:5} {row['recall']:6.2f} {row['recall_offered']:7.2f} "
                f"{row['precision']:9.2f} {row['lines']:5.1f} {row['seconds']:5.2f}"
            )
    missed = any(report.get("lines", {}).get(name, 0) < least for name, least in TARGETS.items())
    return 1 if args.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Teach MI-GAN to follow lines: a branch that sees edges, lines and hole, added to its encoder.

    python packaging/train_lines.py RUN --minutes 9              start; RUN is a folder that is made
    python packaging/train_lines.py RUN --minutes 9 --resume     go on with the settings it was started with
    python packaging/train_lines.py RUN --export OUT             what it has learnt, as files with a card
    python packaging/train_lines.py --pack PHOTOS.tar --mib 16   fewer photographs, to be carried elsewhere

Recipe. The branch enters MI-GAN through gates that are zero at first (engines/removal/networks/migan.py), so
the first step's network is the published one. Photographs of the data tars, none that is held out or that
constants were chosen on, come to 512 pixels as engines/context.py brings them; 7 of 10 holes lie across a
line. The lines given are LSD's of the truth as a hand would draw them: some left out, some broken, all a
little off; 15 of 100 samples have none, so that the network stays what it was without them. The loss is
L1 + 2 LPIPS + 0.05 adversarial + 1 line consistency; Adam at 1e-3 for the branch; a running average is what
is shown and exported. MI-GAN itself stays as it is unless --base-rate is given (1e-5 is a start): the
photographs are enlarged to twice their size, and a synthesis that learns from them may learn to be soft.

RUN holds `state.json` and `state-*.safetensors` (under 16 MB each: one of 15 MB with MI-GAN left alone, five
of together 75 MB otherwise), `curve.csv`, and `sheet.png`: truth, hole with lines, MI-GAN, ours without
lines, ours with. Needs the ``tools`` extra; with CUDA it runs in bfloat16 there.

On a machine to which only the working tree is carried (64 MiB with this repository's 36), from its root:

    mkdir -p .train && echo /.train/ >> .git/info/exclude
    python packaging/train_lines.py --pack .train/photos.tar --mib 16
    cp -r ~/.cache/lacuna-bench .train/ && pip install --target .train/lib platformdirs

then there, with `.train` carried. For the next piece $OUT's folder goes to .train/run, and as that is 15 MB
the photographs are packed anew, fewer and others (--mib 3 --seed 1):

    export PYTHONPATH=.train/lib XDG_CACHE_HOME=$PWD/.train PYTHONUNBUFFERED=1
    if [ -d .train/run ]; then cp -r .train/run $OUT/run; more=--resume; fi
    python3 packaging/train_lines.py $OUT/run --photos .train/photos.tar --workers 14 --minutes 8.5 $more
"""

import argparse
import csv
import json
import sys
import time
from dataclasses import fields
from pathlib import Path

import cv2
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.append(str(ROOT / "tests" / "benchmarks"))  # last: it has an engines.py too

from lpips import Lpips  # noqa: E402
from train_structure import data, export, losses, pretrained, state  # noqa: E402
from train_structure.sheet import Sheet, cases  # noqa: E402
from train_structure.training import Settings, Training  # noqa: E402

from engines.base import EngineError  # noqa: E402

TARS = ("scenes256-01.tar", "scenes256-02.tar", "scenes256-03.tar")
SAVED = 500  # steps between two savings; the last step of a piece is saved as well
COLUMNS = ("step", "seconds", "l1", "lpips", "adversarial", "line", "critic", "gate")


class Curve:
    """`curve.csv`: the means of every so many steps. Rows after ``step``, of a piece cut off, are dropped."""

    def __init__(self, path: Path, step: int, every: int) -> None:
        self._path, self._every = path, every
        self._rows: list[dict[str, str]] = []
        if step and path.is_file():
            with path.open(newline="") as file:
                self._rows = [row for row in csv.DictReader(file) if int(row["step"]) <= step]
        self._seen: list[dict[str, float]] = []
        self._start = time.monotonic()

    def add(self, step: int, numbers: dict[str, float]) -> None:
        self._seen.append(numbers)
        if len(self._seen) >= self._every:
            self.write(step)

    def write(self, step: int) -> None:
        """Add the mean of what has come since the last row."""
        if self._seen:
            count = len(self._seen)
            means = {name: sum(one[name] for one in self._seen) / count for name in self._seen[0]}
            seconds = (time.monotonic() - self._start) / count
            row = {name: f"{value:.5f}" for name, value in means.items()}
            self._rows.append({"step": str(step), "seconds": f"{seconds:.3f}"} | row)
            print(" ".join(f"{name} {self._rows[-1][name]}" for name in COLUMNS))
            self._seen, self._start = [], time.monotonic()
        with self._path.open("w", newline="") as file:
            out = csv.DictWriter(file, COLUMNS)
            out.writeheader()
            out.writerows(self._rows)


def run(training: Training, samples, folder: Path, until: float, steps: int, every: int) -> None:
    """Learn until the clock says ``until`` or ``steps`` more are made; save now and then and at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    curve = Curve(folder / "curve.csv", training.step, every)
    last = training.step + steps
    for batch in samples:
        numbers = training.learn(batch)
        curve.add(training.step, numbers)
        done = time.monotonic() >= until or training.step >= last
        if done or training.step % SAVED == 0:
            training.save(folder)
        if done:
            curve.write(training.step)
            return


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path, nargs="?", help="folder of the training")
    parser.add_argument(
        "--photos", type=Path, nargs="+", help="tars of photographs instead of the shared ones"
    )
    parser.add_argument(
        "--minutes", type=float, default=9, help="of learning; loading and the sheet add to it"
    )
    parser.add_argument("--steps", type=int, default=10**9, help="at most so many in this piece")
    parser.add_argument("--resume", action="store_true", help="go on with RUN and its settings")
    parser.add_argument("--workers", type=int, default=0, help="processes that make samples")
    parser.add_argument("--every", type=int, default=20, help="steps in a row of the curve")
    parser.add_argument("--shown", type=int, default=12, help="photographs on the sheet")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--export", type=Path, help="write the network and its card to this folder; learn nothing"
    )
    parser.add_argument("--pack", type=Path, help="write photographs with strong lines to this tar")
    parser.add_argument("--mib", type=float, default=16, help="the largest size of that tar")
    for one in fields(Settings):
        name = "--" + one.name.replace("_", "-")
        parser.add_argument(name, type=one.type, default=one.default, help=f"default {one.default:g}")
    args = parser.parse_args()
    if (args.run is None) == (args.pack is None):
        parser.error("give the folder of a training, or --pack")
    return args


def main() -> int:
    args = arguments()
    tars = args.photos or [ROOT.parent / "shared" / "data" / name for name in TARS]
    if args.pack:
        args.pack.parent.mkdir(parents=True, exist_ok=True)
        count = data.pack(tars, args.pack, int(args.mib * 2**20), args.seed)
        print(f"{args.pack}: {count} photographs to learn from, {args.pack.stat().st_size} bytes")
        return 0
    going_on = args.resume or args.export is not None
    exists = (args.run / state.MANIFEST).is_file()
    if exists != going_on:
        word = "there is no training yet; leave out --resume" if going_on else "there is one; add --resume"
        raise SystemExit(f"{args.run}: {word}")
    if going_on:
        kept = json.loads((args.run / state.MANIFEST).read_text())
        settings = Settings(**kept["facts"]["settings"])
    else:
        settings = Settings(**{one.name: getattr(args, one.name) for one in fields(Settings)})
    device = torch.device(args.device)
    metric = Lpips()  # on the CPU; the loss has one of its own on the device
    shown = cases(data.photographs(tars, data.shown), args.shown)
    if not shown:
        raise SystemExit("None of the photographs may be shown on the sheet: pack some anew.")
    network = pretrained.network(settings.seed).to(device)
    sheet = Sheet(network, shown, metric, settings.side)
    training = Training(network, settings, losses.Look(Lpips()).to(device), device)
    if going_on:
        try:
            training.load(args.run)
        except (EngineError, OSError, KeyError) as error:
            raise SystemExit(f"{args.run}: the training cannot be read ({error}).") from None
    if args.export is None:
        pictures = data.photographs(tars, data.trainable)
        print(f"{len(pictures)} photographs, from step {training.step} on {device}")
        holes = data.Holes(pictures, settings.seed, settings.side)
        samples = data.batches(holes, settings.batch, training.step, args.workers)
        run(training, samples, args.run, time.monotonic() + 60 * args.minutes, args.steps, args.every)
    with training.averaged() as averaged:
        picture, scores = sheet(averaged)
    for way, score in scores.items():
        print(f"{way:10} LPIPS {score['lpips']:.4f}, true line met {score['lines']:.2f}")
    if args.export is None:
        cv2.imwrite(str(args.run / "sheet.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    else:
        for path in export.write(training, args.export, scores):
            print(f"{path}: {path.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

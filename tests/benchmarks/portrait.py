"""How well faces are inverted and how well they follow a changed sketch, on photographs seen by no fit.

    python tests/benchmarks/portrait.py FACES.tar [--faces 10] [--steps 40] [--tuning 0] [--edits 0]
        [--skip 0] [--sheet SHEET.png]

Prints LPIPS (VGG16, aligned face of 256 pixels, without the reflected border), the cosine of identity by
MobileFaceNet and seconds, for the mean face, the guess, after the steps and after the tuning. With
``--edits N`` each of the first N faces gets six edits: its sketch bent at mouth, brows, eyes, nose, jaw and
hairline. For these it prints by how much the error of the sketch falls inside, by how much LPIPS rises
outside, the identity, the bytes that changed outside the zone, and seconds to the first preview and to the
end. The sheet shows photograph, mean, guess, inversion and tuned face, then for each edit the photograph,
the wished sketch, and the photograph changed.
"""

import argparse
import io
import resource
import sys
import tarfile
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))

from engines import registry
from engines.base import Progress
from engines.portrait import alignment, edit, inversion
from engines.portrait.engine import inside, use
from engines.portrait.faces import FaceFinder
from engines.portrait.judging import target_of
from engines.portrait.requests import FindFaces, PortraitRequest

SKETCH, SIDE = 512, 256
SEED = 7  # of the order in which photographs are taken
# What is bent: points of the face mesh, how far they move in pixels of 512 (x outwards from the middle of the
# face, y down), and how far around them the sketch follows.
EDITS = {
    "smile": ((61, 291), (5, -12), 30),
    "brows": ((105, 334, 66, 296, 63, 293), (0, -14), 26),
    "eyes": ((159, 386), (0, -6), 18),
    "nose": ((98, 327), (7, 0), 18),
    "jaw": ((172, 397, 150, 379), (-12, -4), 40),
    "hairline": ((10, 109, 338), (0, -16), 40),
}


def photographs(archive: Path, skip: int):
    """Photographs (h, w, 3) float32 of a tar, white bars cut off, in the same order each time."""
    with tarfile.open(archive) as packed:
        names = sorted(member.name for member in packed.getmembers() if member.isfile())
        np.random.default_rng(SEED).shuffle(names)
        for name in names[skip:]:
            picture = np.asarray(Image.open(io.BytesIO(packed.extractfile(name).read())).convert("RGB"))
            filled = picture.min(axis=2) < 245
            columns, rows = (np.flatnonzero(filled.mean(axis=axis) > 0.15) for axis in (0, 1))
            if not len(columns) or not len(rows):
                continue
            picture = picture[rows[0] : rows[-1] + 1, columns[0] + 2 : columns[-1] - 1]
            ends = slice(20), slice(-20, None)
            corners = [picture[down, across] for down in ends for across in ends]
            if min(picture.shape[:2]) >= 250 and min(part.min() for part in corners) <= 240:
                yield name, picture.astype(np.float32) / 255


def bent(drawing: np.ndarray, points: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """A sketch with one part of the face moved, and where it changed. ``points`` are the face mesh's."""
    which, (x, y), around = EDITS[name]
    rows, columns = np.mgrid[: len(drawing), : len(drawing)].astype(np.float32) + 0.5
    move, most = np.zeros((2, *drawing.shape), np.float32), np.zeros(drawing.shape, np.float32)
    middle = points[[1, 10, 152], 0].mean()
    for place in points[list(which)]:
        share = np.exp(-((columns - place[0]) ** 2 + (rows - place[1]) ** 2) / (2 * around**2))
        move += share * np.array([np.sign(place[0] - middle) * x, y], np.float32)[:, None, None]
        most += share
    move /= np.maximum(most, 1)
    where = columns - 0.5 - move[0], rows - 0.5 - move[1]
    new = cv2.remap(drawing, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    touched = cv2.dilate((np.abs(new - drawing) > 0.25).astype(np.uint8), np.ones((5, 5), np.uint8))
    return new, touched.astype(bool)


class Bench:
    """The engine, and what its answers are measured with."""

    def __init__(self, threads: int) -> None:
        if threads:
            torch.set_num_threads(threads)
        self.engine = registry.load(registry.PORTRAIT)
        self.tools = self.engine._tools

    @torch.no_grad()
    def measured(self, face: np.ndarray, made: np.ndarray, counts=None) -> tuple[float, float]:
        """LPIPS, where that counts, and identity of two aligned faces of 256."""
        one, two = (torch.from_numpy(each.transpose(2, 0, 1).copy())[None] for each in (face, made))
        look, whose = self.tools.lpips, self.tools.identity
        lpips = look.distance(look.features(one), look.features(two), counts)
        return float(lpips), float((whose.of(one) * whose.of(two)).sum())

    def answer(self, photo: np.ndarray, square: np.ndarray, show=None, **more):
        box = alignment.around(square, photo.shape[1], photo.shape[0])
        request = PortraitRequest(
            engine="portrait",
            box=box,
            image=photo[box.slices],
            square=square - [box.x, box.y],
            zone=more.pop("zone", np.ones(photo.shape[:2], np.float32))[box.slices],
            **more,
        )
        begun = time.monotonic()
        result = self.engine.run(request, Progress(show=show))
        return result, time.monotonic() - begun

    @torch.no_grad()
    def mean(self) -> np.ndarray:
        return self.made(inversion.mean(self.tools))

    @torch.no_grad()
    def made(self, coordinates: torch.Tensor) -> np.ndarray:
        latent = self.tools.space.styles(coordinates)[None]
        return small(self.tools.generator.half(latent)[0].permute(1, 2, 0).numpy())


def small(face: np.ndarray) -> np.ndarray:
    return np.clip(cv2.resize(face, (SIDE, SIDE), interpolation=cv2.INTER_AREA), 0, 1)


def inverted(bench: Bench, photo: np.ndarray, square: np.ndarray, args) -> tuple[list, dict, object]:
    """The pictures, the numbers (LPIPS, identity, seconds) by the way they were made, and the last result."""
    face = small(alignment.cut(photo, square, SKETCH))
    counts = inside(square, photo.shape[:2], SIDE)
    pictures, numbers = [face, bench.mean()], {"mean": (*bench.measured(face, bench.mean(), counts), 0.0)}
    if bench.engine._encoder is not None:
        begun = time.monotonic()
        guess = bench.engine._encoder.guess(face)
        seconds = time.monotonic() - begun
        made = bench.made(bench.tools.space.coordinates(torch.from_numpy(guess)))
        numbers["encoder"] = (*bench.measured(face, made, counts), seconds)
        pictures.append(made)
    result, seconds = bench.answer(photo, square, inversion_steps=args.steps)
    pictures.append(small(result.face))
    numbers["steps"] = (*bench.measured(face, pictures[-1], counts), seconds)
    if args.tuning:
        start = bench.tools.space.coordinates(torch.from_numpy(result.inversion.latent))
        target = target_of(bench.tools, torch.from_numpy(face.transpose(2, 0, 1).copy())[None], counts)
        begun = time.monotonic()
        tuned = inversion.tune(bench.tools, target, start, args.tuning, lambda *_: None)
        more = time.monotonic() - begun
        kept = dict(bench.tools.generator.weights)
        use(bench.tools.generator, tuned)
        pictures.append(bench.made(start))
        bench.tools.generator.weights = kept
        numbers["tuned"] = (*bench.measured(face, pictures[-1], counts), seconds + more)
    return pictures, numbers, result


def edited(bench: Bench, photo: np.ndarray, face, begun, name: str, steps: int) -> tuple[list, dict]:
    """The pictures and numbers of one edit."""
    square = face.square
    drawing = begun.sketch
    points = alignment.to_aligned(face.landmarks, square, SKETCH)
    wanted, touched = bent(drawing, points, name)
    near = cv2.dilate(touched.astype(np.uint8), np.ones((61, 61), np.uint8)).astype(np.float32)
    near = cv2.GaussianBlur(near, (0, 0), 8) * cv2.dilate(near, np.ones((3, 3)))
    inverse = alignment._inverse(alignment._matrix(square, SKETCH))
    height, width = photo.shape[:2]
    zone = np.clip(alignment._sampled(near, inverse, (width, height)), 0, 1)
    zone[zone < 1e-3] = 0
    first = []
    started = time.monotonic()
    result, seconds = bench.answer(
        photo,
        square,
        show=lambda patch: first.append(time.monotonic() - started),
        start=begun.inversion,
        sketch=wanted,
        touched=touched,
        steps=steps,
        zone=zone,
    )
    out = photo.copy()
    patch = result.patch
    alpha = patch.alpha[..., None]
    out[patch.box.slices] += alpha * (patch.rgb - out[patch.box.slices])
    before, after = np.rint(photo * 255), np.rint(out * 255)
    generated = bench.answer(photo, square, start=begun.inversion)[0]
    wished = edit.wish(wanted, touched, SKETCH, "cpu")
    error = []
    for picture in (generated.face, result.face):
        plane = torch.from_numpy(
            cv2.resize(picture, (SKETCH, SKETCH), interpolation=cv2.INTER_AREA).transpose(2, 0, 1)
        )
        error.append(float(edit.obedience(plane[None], wished, edit._SHARP)))
    kept = cv2.resize(1 - near, (SIDE, SIDE), interpolation=cv2.INTER_AREA)[..., None]
    aligned = [alignment.cut(each, square, SIDE) for each in (photo, out)]
    rise = bench.measured(aligned[0] * kept, aligned[1] * kept)[0]
    whose = bench.measured(*aligned)[1]
    numbers = {
        "falls": 1 - error[1] / max(error[0], 1e-6),
        "outside": rise,
        "identity": whose,
        "bytes": float((before != after)[zone == 0].sum()),
        "first": first[0] if first else seconds,
        "seconds": seconds,
    }
    paper = np.repeat(wanted[..., None], 3, 2)
    paper[touched] *= np.array([1, 0.85, 0.85])
    shown = [
        alignment.cut(photo, square, SKETCH),
        paper.astype(np.float32),
        alignment.cut(out, square, SKETCH),
    ]
    return [small(each) for each in shown], numbers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--faces", type=int, default=10)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--tuning", type=int, default=0)
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--edit-steps", type=int, default=60)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--sheet", type=Path)
    args = parser.parse_args()
    bench, finder = Bench(args.threads), FaceFinder("cpu")
    ways: dict[str, list] = {}
    edits: dict[str, list] = {}
    rows, count = [], 0
    for name, photo in photographs(args.archive, args.skip):
        if count == args.faces:
            break
        found = finder.run(FindFaces(photo), Progress()).faces
        if not found:
            continue
        pictures, numbers, result = inverted(bench, photo, found[0].square, args)
        for way, each in numbers.items():
            ways.setdefault(way, []).append(each)
        last = " ".join(f"{way} {a:.3f} {b:.3f} {c:.1f}s" for way, (a, b, c) in numbers.items())
        print(f"{name}: {last}", flush=True)
        if count < args.edits:
            for which in EDITS:
                more, told = edited(bench, photo, found[0], result, which, args.edit_steps)
                edits.setdefault(which, []).append(list(told.values()))
                print("  ", which, " ".join(f"{key} {value:.3f}" for key, value in told.items()), flush=True)
                pictures += more
        rows.append(np.hstack(pictures))
        count += 1
    print("| | LPIPS | identity | seconds |\n|---|---|---|---|")
    for way, each in ways.items():
        lpips, whose, seconds = np.mean(each, axis=0)
        print(f"| {way} | {lpips:.3f} | {whose:.3f} | {seconds:.1f} |")
    if edits:
        print("| edit | sketch error falls | LPIPS outside | identity | bytes outside | first, s | all, s |")
        print("|---|---|---|---|---|---|---|")
        for which, each in [*edits.items(), ("all", [one for many in edits.values() for one in many])]:
            print(f"| {which} | " + " | ".join(f"{value:.3f}" for value in np.mean(each, axis=0)) + " |")
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    if args.sheet:
        width = max(row.shape[1] for row in rows)
        rows = [np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows]
        Image.fromarray((np.vstack(rows) * 255).round().astype(np.uint8)).save(args.sheet)
    return 0


if __name__ == "__main__":
    sys.exit(main())

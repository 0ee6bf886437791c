"""What the network learns from: photographs with holes across their lines, and lines as a hand gives them.

A sample depends on its number and the seed alone, so that training goes on where it stopped.
"""

import io
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "benchmarks"))  # last: it has an engines.py too

import masks  # noqa: E402

from engines.context import to_square  # noqa: E402
from engines.removal.maps import drawing, structure_maps  # noqa: E402

# Of crc32 % 97 of a member's name: 0 is held out by tests/benchmarks/removal.py; on 7 and 41 constants and
# weights of the line finder and of the strips were chosen, and here the sheet is made of some of 41.
HELD_OUT, SHOWN = 0, 41
KEPT_AWAY = (HELD_OUT, 7, SHOWN)

KINDS = (("lines", 0.7), ("blobs", 0.2), ("strokes", 0.1))
SHORTEST = 24.0  # pixels; the shortest segment that tests/benchmarks/masks.py counts as a line
LEAST_INSIDE = 8  # pixels of it in the hole

NO_LINES = 0.15  # of samples: without any line the network is to do what it did
DROPPED = 0.25  # of the lines of the other samples
BROKEN = 0.15  # of lines are given in two pieces
HAND = 1.5  # pixels of the photograph, the deviation of a hand-drawn line's points
LENGTHS = (-0.15, 0.1)  # parts of a line by which its ends may lie too far in or out
BAND = 7  # pixels of the network across a line, in which the loss looks along it


def trainable(member: str) -> bool:
    """Whether a photograph of the tars may be learnt from."""
    return zlib.crc32(member.encode()) % 97 not in KEPT_AWAY


def shown(member: str) -> bool:
    """Whether a photograph may be on the sheet: never learnt from, and not held out either."""
    return zlib.crc32(member.encode()) % 97 == SHOWN


def photographs(tars: list[Path], wanted: Callable[[str], bool]) -> list[tuple[str, bytes]]:
    """Names and files of the photographs in the tars whose name is ``wanted``, in the tars' order."""
    found = []
    for path in tars:
        with tarfile.open(path) as tar:
            found += [
                (one.name, tar.extractfile(one).read())
                for one in tar
                if one.isfile() and one.name.endswith(".webp") and wanted(one.name)
            ]
    return found


def pack(tars: list[Path], target: Path, size: int, seed: int) -> int:
    """Write photographs with strong lines to one tar of at most ``size`` bytes; how many to learn from.

    First come up to 24 to show, then as many to learn from as fit, in an order that ``seed`` stands for.
    """
    ways = ((shown, 24), (trainable, None))
    count = 0
    with tarfile.open(target, "w") as out:
        for wanted, most in ways:
            count = 0
            found = photographs(tars, wanted)
            for index in np.random.default_rng(seed).permutation(len(found)):
                name, content = found[index]
                blocks = 512 + -(-len(content) // 512) * 512
                if count == most or out.offset + blocks + 10240 > size:
                    break
                if has_strong_line(decoded(content)):
                    entry = tarfile.TarInfo(name)
                    entry.size = len(content)
                    out.addfile(entry, io.BytesIO(content))
                    count += 1
    return count


def decoded(content: bytes) -> np.ndarray:
    """(h, w, 3) uint8 RGB."""
    return cv2.cvtColor(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def has_strong_line(rgb: np.ndarray) -> bool:
    """Whether masks.draw could lay a hole across a line of it."""
    found = masks.segments(rgb)
    return len(found) > 0 and float(np.hypot(*(found[0, 2:] - found[0, :2]))) >= 0.3 * min(rgb.shape[:2])


def crossing(rgb: np.ndarray, hole: np.ndarray) -> list[np.ndarray]:
    """The straight segments of a picture that go through the hole, (2, 2) with the first centre at 0.5.

    The same that tests/benchmarks/structure.py gives as the true lines.
    """
    out = []
    limit = np.array(hole.shape[::-1]) - 1
    for segment in masks.segments(rgb):
        ends = segment.reshape(2, 2)
        length = float(np.hypot(*(ends[1] - ends[0])))
        if length < SHORTEST:
            break
        points = ends[0] + np.linspace(0, 1, int(length) + 1)[:, None] * (ends[1] - ends[0])
        x, y = np.rint(points).astype(int).clip(0, limit).T
        if hole[y, x].sum() >= LEAST_INSIDE:
            out.append(ends.astype(np.float32) + np.float32(0.5))
    return out


def by_hand(line: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """A line (2, 2) as a hand or a detector gives it: a little off, too short or long, at times broken."""
    at = np.linspace(0, 1, 5)
    at[[0, -1]] += rng.uniform(*LENGTHS, 2) * (-1, 1)
    points = line[0] + at[:, None] * (line[1] - line[0])
    unsure = HAND * rng.random()
    points += rng.normal(0, unsure, 2) + rng.normal(0, unsure / 2, points.shape)
    points = points.astype(np.float32)
    if rng.random() < BROKEN:
        return [points[:2], points[3:]] if rng.random() < 0.5 else [points[:3], points[3:]]
    return [points]


@dataclass(frozen=True)
class Lines:
    """What a sample's network is given, and what of it the loss looks along."""

    given: list[np.ndarray]  # polylines (n, 2), pixels of the photograph
    true: list[np.ndarray]  # the segments (2, 2) that these stand for


def choose(lines: list[np.ndarray], rng: np.random.Generator) -> Lines:
    """Some of the lines, drawn anew: the network must neither need all of them nor trust each one's place."""
    kept = [] if rng.random() < NO_LINES else [line for line in lines if rng.random() >= DROPPED]
    return Lines([piece for line in kept for piece in by_hand(line, rng)], kept)


def along(shape: tuple[int, int], lines: list[np.ndarray], hole: np.ndarray) -> np.ndarray:
    """(2, h, w) float32, the direction x, y of the line at each pixel near one in the hole, 0 elsewhere."""
    out = np.zeros((2, *shape), np.float32)
    for line in lines:
        direction = (line[1] - line[0]) / max(float(np.hypot(*(line[1] - line[0]))), 1e-6)
        band = (drawing(shape, [line], BAND) > 127) & hole
        out[:, band] = direction[:, None]
    return out


def tensors(rgb: np.ndarray, hole: np.ndarray, lines: Lines, side: int) -> dict[str, np.ndarray]:
    """A photograph (h, w, 3) uint8, its hole (h, w) bool and lines as the network of ``side`` s sees them.

    `picture` (3, s, s) [-1, 1] is the truth, `maps` (3, s, s) as engines.removal.maps draws them (the third
    is the hole), `along` (2, s, s) the directions for the loss; all float32.
    """
    image = rgb.astype(np.float32) / 255
    truth = to_square(image, np.zeros_like(hole), side)
    square = to_square(image, hole, side)
    return {
        "picture": np.ascontiguousarray((truth.image * 2 - 1).transpose(2, 0, 1), np.float32),
        "maps": structure_maps(square.image, square.known, square.brought(lines.given)),
        "along": along(square.known.shape, list(square.brought(lines.true)), ~square.known),
    }


class Holes(torch.utils.data.Dataset):
    """Samples by their number, as `tensors` makes them."""

    def __init__(self, pictures: list[tuple[str, bytes]], seed: int, side: int) -> None:
        if not pictures:
            raise ValueError("There is no photograph to learn from.")
        self._pictures, self._seed, self._side = pictures, seed, side

    def __getitem__(self, number: int) -> dict[str, np.ndarray]:
        turn, place = divmod(number, len(self._pictures))
        order = np.random.default_rng([self._seed, turn]).permutation(len(self._pictures))
        rng = np.random.default_rng([self._seed, number, 1])
        rgb = decoded(self._pictures[order[place]][1])
        if rng.random() < 0.5:
            rgb = np.ascontiguousarray(rgb[:, ::-1])
        hole = _hole(rgb, rng)
        return tensors(rgb, hole, choose(crossing(rgb, hole), rng), self._side)


def _hole(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A hole of a kind drawn by `KINDS`; where the picture has no line for it, of one that always is."""
    names, shares = zip(*KINDS, strict=True)
    hole = masks.draw(rng.choice(names, p=shares), rgb, rng)
    while hole is None or not 16 <= hole.sum() <= 0.5 * hole.size:
        hole = masks.draw(rng.choice(("blobs", "strokes")), rgb, rng)
    return hole


def _one_thread(worker: int) -> None:
    cv2.setNumThreads(1)


def batches(dataset: Holes, size: int, first: int, workers: int) -> Iterator[dict[str, torch.Tensor]]:
    """Batches of ``size`` samples from the ``first`` batch on, without end."""

    def numbers() -> Iterator[list[int]]:
        number = first * size
        while True:
            yield list(range(number, number + size))
            number += size

    return iter(
        torch.utils.data.DataLoader(
            dataset,
            batch_sampler=numbers(),
            num_workers=workers,
            pin_memory=torch.cuda.is_available(),
            worker_init_fn=_one_thread,
        )
    )

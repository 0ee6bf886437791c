"""One click on each of ten objects that were outlined by hand, and how long each step takes.

    python tests/benchmarks/clicks.py [--overlays FOLDER]

Needs the pack (``python main.py models install mobile-sam``). The outlines are in
tests/references/clicks.json; photographs that are not in
resources/samples are looked for in ../shared/samples and skipped if absent.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402

import engines  # noqa: E402, F401 - before any runtime
from editor.document import storage  # noqa: E402
from editor.jobs import select  # noqa: E402
from engines.base import Progress  # noqa: E402
from engines.select.mobilesam import MobileSam  # noqa: E402
from engines.select.requests import Click  # noqa: E402

FOLDERS = (ROOT / "resources" / "samples", ROOT.parent / "shared" / "samples", Path("/work/shared/samples"))
ENOUGH = 0.8  # IoU
REPEATS = 7


def photograph(name: str) -> Path | None:
    return next((folder / name for folder in FOLDERS if (folder / name).is_file()), None)


def truth_of(entry: dict, width: int, height: int) -> np.ndarray:
    """(height, width) bool: inside the outline. Corners are rounded to the pixel."""
    out = np.zeros((height, width), np.uint8)
    cv2.fillPoly(out, [np.round(np.array(entry["outline"]) - 0.5).astype(np.int32)], 1)
    return out > 0


def iou(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / max((one | other).sum(), 1))


def seconds(work) -> tuple[float, object]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def full_mask(chosen: select.Selected) -> np.ndarray:
    area, values = select.coverage(chosen.logits, chosen.region, chosen.width, chosen.height, chosen.margin)
    out = np.zeros((chosen.height, chosen.width), bool)
    out[area.slices] = values >= 128
    return out


def overlay(document, chosen, truth, entry) -> np.ndarray:
    """The object at up to 900 pixels: found in green, its margin in yellow, drawn by hand in magenta."""
    picture = document.composite(document.rect)[..., 2::-1].copy()
    rows, columns = (np.flatnonzero(truth.any(axis=axis)) for axis in (1, 0))
    pad = max(np.ptp(rows), np.ptp(columns)) // 4
    top, left = max(rows[0] - pad, 0), max(columns[0] - pad, 0)
    part = picture[top : rows[-1] + pad, left : columns[-1] + pad]
    scale = 900 / max(part.shape[:2])
    part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    bare = select.outlines(chosen.logits, chosen.region, chosen.width, chosen.height, 0.0)
    hand = [np.array(entry["outline"])]
    for drawn, colour in ((hand, (255, 0, 255)), (chosen.outlines, (0, 220, 255)), (bare, (0, 255, 0))):
        for line in drawn:
            points = np.round((line - (left, top)) * scale).astype(np.int32)
            cv2.polylines(part, [points], True, colour, 1, cv2.LINE_AA)
    at = tuple(
        int((place - corner) * scale) for place, corner in zip(entry["click"], (left, top), strict=True)
    )
    cv2.circle(part, at, 5, (0, 0, 255), -1)
    return part


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--overlays", type=Path, help="folder for a picture of each object")
    options = parser.parse_args()
    loading, engine = seconds(lambda: MobileSam("cpu"))
    entries = json.loads((ROOT / "tests" / "references" / "clicks.json").read_text())["objects"]
    pictures: dict[str, tuple] = {}
    hits = tried = 0
    looking, first, later, work = [], [], [], []
    print(f"{'object':16} {'IoU':>5} {'with its margin':>16} {'expected':>9} {'looked closer':>14}")
    for entry in entries:
        name = entry["photograph"]
        path = photograph(name) or photograph("extreme-" + name)
        if path is None:
            print(f"{entry['name']:16} {name} is not here")
            continue
        if name not in pictures:
            document = storage.open_document(path)
            time_taken, seen = seconds(lambda d=document: engine.run(select.look(d), Progress()))
            looking.append(time_taken)
            pictures[name] = document, seen
        document, seen = pictures[name]
        click = select.click(seen, document.rect, [tuple(entry["click"])])

        def answer(click=click, document=document):
            return select.selected(engine.run(click, Progress()), document.width, document.height)

        time_taken, chosen = seconds(answer)
        first.append(time_taken)
        x, y = click.wanted[0]
        more = Click(seen, wanted=((x, y), (x + 4, y + 4)), before=chosen.found.logits)
        for _ in range(REPEATS):
            begun = time.process_time()
            later.append(seconds(lambda more=more, d=document: answer(more, d))[0])
            work.append(time.process_time() - begun)
        truth = truth_of(entry, document.width, document.height)
        region = select.closer(chosen)
        if region is not None:
            close = engine.run(select.look(document, region), Progress())
            question = select.click_closer(close, region, chosen, [tuple(entry["click"])], [])
            chosen = select.refined(chosen, engine.run(question, Progress()), region)
        reached = iou(full_mask(replace(chosen, margin=0.0)), truth)
        hits += reached >= ENOUGH
        tried += 1
        with_margin = iou(full_mask(chosen), truth)
        again = "yes" if chosen.region != document.rect else ""
        print(
            f"{entry['name']:16} {reached:5.2f} {with_margin:16.2f} {chosen.found.quality:9.2f} {again:>14}"
        )
        if options.overlays:
            options.overlays.mkdir(parents=True, exist_ok=True)
            drawn = overlay(document, chosen, truth, entry)
            cv2.imwrite(str(options.overlays / f"{entry['name'].replace(' ', '-')}.png"), drawn)
    print(f"\n{hits} of {tried} objects with an IoU of {ENOUGH} or more (wanted: 8 of 10)")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"loading {loading:.2f} s, looking at a photograph {np.median(looking):.2f} s (median)")
    print(f"from the engine to the outline: first click {np.median(first) * 1e3:.0f} ms, ", end="")
    print(f"a later one {np.median(later) * 1e3:.0f} ms (median), {min(later) * 1e3:.0f} ms (least)")
    print(
        f"work of a later click on one core: {np.median(work) * 1e3:.0f} ms (median); load average {load:.1f}"
    )
    return 0 if hits >= 0.8 * tried else 1


if __name__ == "__main__":
    sys.exit(main())

"""Is a large fill as sharp and as grainy as what is around it? Holes of up to 2,000 pixels are filled.

    python tests/benchmarks/sharpness.py                    the table
    python tests/benchmarks/sharpness.py --check            fails if an aim is missed
    python tests/benchmarks/sharpness.py --only leaves sky  some of the holes, by their names
    python tests/benchmarks/sharpness.py --sheet FOLDER     fills beside the original at 100 %

The photographs have 8 megapixels and are not enlarged, which would take away the very detail that is
measured: their holes are as large as they allow, 800 to 1,300 pixels. The holes of 2,000 pixels lie in drawn
pictures of 6000 x 4000: dead leaves (discs of all sizes over each other, Cao et al. 2009, which have
photographs' statistics down to the pixel) and a wall with film grain.

energy   power above a quarter of Nyquist's frequency, of tiles in the fill over those in a ring around it;
         `truth` is that of what the hole hid: a ring need not be like what it surrounds
bands    the same for 1/4 to 1/2, and for 1/2 to 1, of Nyquist's frequency
repeats  share of patches of the fill's fine detail that are found again in the fill, or mirrored in the fill
         or in the ring; after the stroke the share in the photograph
sigma    in flat places: standard deviation of the noise in the fill over that in the ring, the channel
         farthest from 1, from the median deviation of all pixels
by tone  the same from the deviations of small tiles, each over that of the ring's tiles as bright as it:
         noise differs with brightness, and a fill need not be as bright as its ring. Where JPEG has left
         most of the noise in a few blocks the two differ; both are to be met
spread   the noise's lag-1 correlation, fill minus ring, over tiles without edges: the roofs at the rim of the
         dusk's ring once made its correlation 0.65, where its sky has 0.37 and so has the sky that the hole
         hid
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from removal import Ours

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"

LEAST_ENERGY = 0.8
MOST_ENERGY = 1.5  # as much too sharp is as wrong
SIGMA = 0.15  # how far the noise's standard deviation may be from the surround's
SPREAD = 0.1
MORE_REPEATS = 0.1  # share of patches beyond the photograph's own
RING = 260  # pixels around the hole that it is compared with
TILE = 64
SMALL = 16
TONES = 12  # levels of 255 that count as one brightness
EDGE = 4.0  # times the median energy that a tile has if there is more than noise in it
PATCH = 40
FOUND = 0.6  # correlation from which a patch is the same as another: unlike ones of this size reach 0.35

Make = Callable[[], np.ndarray]


@dataclass(frozen=True)
class Case:
    """A hole in a picture."""

    name: str
    make: Make  # (H, W, 3) uint8
    centre: tuple[int, int]
    diameter: int
    flat: bool = False  # its noise is measured rather than its detail


def photograph(name: str) -> np.ndarray:
    bgr = cv2.imread(str(SAMPLES / name))
    if bgr is None:
        sys.exit(f"There is no photograph {SAMPLES / name}. Name their folder with --photos.")
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def with_gaussian(rgb: np.ndarray, sigma: float) -> np.ndarray:
    """With white noise of ``sigma`` levels, each channel its own."""
    noise = np.random.default_rng(1).standard_normal(rgb.shape, np.float32)
    return np.rint(rgb + sigma * noise).clip(0, 255).astype(np.uint8)


def with_film(rgb: np.ndarray, sigma: float) -> np.ndarray:
    """With grain as of film: soft, shared by the channels in part, strongest in the middle tones."""
    noise = np.random.default_rng(2).standard_normal(rgb.shape, np.float32)
    noise = 0.7 * noise + 0.7 * noise.mean(axis=2, keepdims=True) * np.sqrt(np.float32(3))
    noise = cv2.GaussianBlur(noise, (0, 0), 0.8)
    noise /= noise.std()
    grey = rgb.mean(axis=2, keepdims=True, dtype=np.float32) / 255
    strength = sigma * np.sqrt(4 * grey * (1 - grey) + 0.1)
    return np.rint(rgb + strength * noise).clip(0, 255).astype(np.uint8)


def leaves() -> np.ndarray:
    """6000 x 4000 of dead leaves, radii from 1.5 to 400 pixels by the cube law, and a little sensor noise."""
    rng = np.random.default_rng(3)
    picture = np.full((4000, 6000, 3), 128, np.uint8)
    count = 220_000
    radii = 1 / np.sqrt(rng.uniform(400.0**-2, 1.5**-2, count))
    # The small ones last: drawn at random, most would be covered at once.
    radii = np.concatenate([np.sort(radii)[::-1], 1 / np.sqrt(rng.uniform(400.0**-2, 6.0**-2, 20_000))])
    places = rng.uniform((0, 0), (6000, 4000), (len(radii), 2))
    base = np.array([120, 105, 80])
    for (x, y), radius in zip(places, radii, strict=True):
        colour = (base + rng.normal(0, 42) + rng.normal(0, 12, 3)).clip(5, 250)
        centre = round(x * 16), round(y * 16)
        cv2.circle(picture, centre, round(radius * 16), colour.tolist(), -1, cv2.LINE_AA, 4)
    return with_gaussian(picture, 2.0)


def wall() -> np.ndarray:
    """6000 x 4000 of a wall in falling light, with film grain."""
    y, x = np.mgrid[0:4000, 0:6000].astype(np.float32)
    light = 0.35 + 0.4 * np.exp(-(((x - 2000) / 3500) ** 2) - ((y - 1200) / 2600) ** 2)
    return with_film((light[..., None] * np.array([235, 222, 200], np.float32)), 7.0)


def sky(name: str, grain: Callable[[np.ndarray], np.ndarray] | None = None) -> Make:
    return lambda: photograph(name) if grain is None else grain(photograph(name))


CASES = (
    Case("leaves", leaves, (2900, 1950), 2000),
    Case("spices", sky("the-spices-of-life.jpg"), (2205, 1500), 1200),
    Case("foliage", sky("perched-osprey.jpg"), (640, 900), 1100),
    Case("stones", sky("roman-colosseum.jpg"), (1235, 970), 1300),
    Case("roofs", sky("beacon-street-sunset.jpg"), (1400, 1500), 1100),
    Case("rock", sky("oakland-zoo-otters.jpg"), (700, 1790), 800),
    Case("dune", sky("extreme-desert-hike.jpg"), (1456, 1950), 1000),
    Case("wall-film", wall, (2900, 1950), 2000, flat=True),
    Case("sky", sky("extreme-desert-hike.jpg"), (1100, 560), 1000, flat=True),
    Case(
        "sky-gauss",
        sky("extreme-desert-hike.jpg", lambda rgb: with_gaussian(rgb, 5)),
        (1100, 560),
        1000,
        True,
    ),
    Case("dusk", sky("beacon-street-sunset.jpg"), (1050, 400), 800, flat=True),
    Case("dusk-film", sky("beacon-street-sunset.jpg", lambda rgb: with_film(rgb, 7)), (1050, 400), 800, True),
    Case("small-film", sky("beacon-street-sunset.jpg", lambda rgb: with_film(rgb, 7)), (880, 480), 170, True),
    Case(
        "small-gauss",
        sky("extreme-desert-hike.jpg", lambda rgb: with_gaussian(rgb, 5)),
        (900, 560),
        300,
        True,
    ),
)


def blob(shape: tuple[int, int], case: Case) -> np.ndarray:
    """A round hole with a wavy edge, about ``case.diameter`` wide: (H, W) bool."""
    rng = np.random.default_rng(len(case.name) * 7919 + case.diameter)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    dx, dy = x - case.centre[0], y - case.centre[1]
    angle = np.arctan2(dy, dx)
    radius = np.full(shape, case.diameter / 2 * 0.93, np.float32)
    for waves in range(2, 7):
        phase = np.float32(rng.uniform(0, 2 * np.pi))
        radius *= 1 + np.float32(0.12 / waves) * np.cos(waves * angle + phase)
    return dx**2 + dy**2 < radius**2


def around(hole: np.ndarray) -> np.ndarray:
    """The ring outside a hole, some pixels from its edge: (H, W) bool."""
    distance = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 5)
    return (distance > 8) & (distance < RING)


def within(hole: np.ndarray, margin: float) -> np.ndarray:
    return cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 5) > margin


def luma(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)


def powers(grey: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Mean power of the tiles that lie in ``where``: above 1/4 of Nyquist's frequency, to 1/2, and above."""
    window = np.outer(np.hanning(TILE), np.hanning(TILE)).astype(np.float32)
    across = np.fft.rfftfreq(TILE)[None] * 2
    frequency = np.hypot(np.fft.fftfreq(TILE)[:, None] * 2, across)
    bands = (frequency >= 0.25, (frequency >= 0.25) & (frequency < 0.5), frequency >= 0.5)
    rows = []
    for y in range(0, grey.shape[0] - TILE, TILE // 2):
        for x in range(0, grey.shape[1] - TILE, TILE // 2):
            place = np.s_[y : y + TILE, x : x + TILE]
            if where[place].mean() > 0.98:
                tile = grey[place] - grey[place].mean()
                power = np.abs(np.fft.rfft2(tile * window)) ** 2
                rows.append([float(power[band].sum()) for band in bands])
    return np.mean(rows, axis=0)


def fine(grey: np.ndarray) -> np.ndarray:
    return grey - cv2.GaussianBlur(grey, (0, 0), 1.5)


def repeats(rgb: np.ndarray, hole: np.ndarray, of: np.ndarray) -> float:
    """Share of patches of ``of`` found again in the hole, by fine detail, or mirrored there or beside it."""
    detail = fine(luma(rgb))
    reach = within(~hole, 0) & ~within(~hole, RING) | hole
    middle = cv2.erode(of.astype(np.uint8), np.ones((PATCH, PATCH)), borderValue=0)
    places = np.argwhere(middle)
    rng = np.random.default_rng(0)
    found = 0
    count = 32
    for y, x in places[rng.choice(len(places), count)]:
        top, left = y - PATCH // 2, x - PATCH // 2
        patch = detail[top : top + PATCH, left : left + PATCH]
        y0, x0 = max(y - 700, 0), max(x - 700, 0)
        near = np.s_[y0 : y + 700, x0 : x + 700]
        peak = 0.0
        for flip in (None, 0, 1, -1):
            turned = patch if flip is None else cv2.flip(patch, flip)
            match = cv2.matchTemplate(detail[near], np.ascontiguousarray(turned), cv2.TM_CCOEFF_NORMED)
            allowed = (of if flip is None else reach)[near]
            allowed = allowed[PATCH // 2 :, PATCH // 2 :][: match.shape[0], : match.shape[1]].copy()
            if flip is None:
                cv2.circle(allowed.view(np.uint8), (int(left - x0), int(top - y0)), PATCH // 2, 0, -1)
            else:  # a few pixels around its own middle, any patch is like its mirror image
                cv2.circle(allowed.view(np.uint8), (int(left - x0), int(top - y0)), 8, 0, -1)
            peak = max(peak, float(match[allowed].max(initial=0)))
        found += peak > FOUND
    return found / count


def sigmas(rgb: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Standard deviation of the noise of each channel, from the median deviation, which edges do not move."""
    rgb = rgb.astype(np.float32)
    high = (rgb - cv2.GaussianBlur(rgb, (0, 0), 2))[where]
    return 1.4826 * np.median(np.abs(high - np.median(high, axis=0)), axis=0)


def noise_tiles(rgb: np.ndarray, where: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n, 3), and standard deviation (n, 3) of the noise, of the small tiles in ``where``."""
    rgb = rgb.astype(np.float32)
    high = rgb - cv2.GaussianBlur(rgb, (0, 0), 2)
    rows, columns = (each // SMALL for each in where.shape)

    def mean(picture: np.ndarray) -> np.ndarray:
        whole = picture[: rows * SMALL, : columns * SMALL]
        return cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)

    chosen = mean(where.astype(np.float32)) > 1 - 1e-4
    return mean(rgb)[chosen], np.sqrt(mean(high * high)[chosen])


def by_tone(truth: np.ndarray, ring: np.ndarray, result: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """(3,): deviation of the noise in tiles of the fill over the median of the ring's tiles as bright."""
    (level, own), (ring_level, beside) = noise_tiles(result, inside), noise_tiles(truth, ring)
    out = []
    for channel in range(3):
        ratios = []
        for tone in range(0, 256, TONES):
            mine, theirs = (np.abs(each[:, channel] - tone) <= TONES / 2 for each in (level, ring_level))
            if theirs.sum() >= 12:
                ratios.append(own[mine, channel] / np.median(beside[theirs, channel]))
        out.append(np.median(np.concatenate(ratios)))
    return np.array(out)


def lag_one(rgb: np.ndarray, where: np.ndarray) -> float:
    """Correlation of the noise of neighbouring pixels, over the tiles in ``where`` that show no edge."""
    grey = luma(rgb)
    high = grey - cv2.GaussianBlur(grey, (0, 0), 3)
    rows = []
    side = TILE // 2
    for y in range(0, grey.shape[0] - side, side):
        for x in range(0, grey.shape[1] - side, side):
            place = np.s_[y : y + side, x : x + side]
            if where[place].all():
                tile = high[place]
                rows.append((float((tile * tile).mean()), float((tile[:, 1:] * tile[:, :-1]).mean())))
    energy, product = np.array(rows).T
    noise = energy <= EDGE * np.median(energy)
    return float(product[noise].sum() / energy[noise].sum())


def farthest(ratios: np.ndarray) -> float:
    return float(ratios[np.argmax(np.abs(np.log(ratios)))])


def measure(case: Case, truth: np.ndarray, result: np.ndarray, hole: np.ndarray) -> dict:
    ring = around(hole)
    if case.flat:
        inside = within(hole, min(16, case.diameter / 8))
        ratios = sigmas(result, inside) / sigmas(truth, ring)
        tones = by_tone(truth, ring, result, inside)
        return {
            "sigma": farthest(ratios),
            "by tone": farthest(tones),
            "ring sigma": float(sigmas(truth, ring).mean()),
            "spread": lag_one(result, inside) - lag_one(truth, ring),
            "repeats": repeats(result, hole, hole),
            "own": repeats(truth, hole, ring),
        }
    outside = powers(luma(truth), ring)
    bands = powers(luma(result), hole) / outside
    return {
        "energy": bands[0],
        "low": bands[1],
        "high": bands[2],
        "truth": (powers(luma(truth), hole) / outside)[0],
        "repeats": repeats(result, hole, hole),
        "own": repeats(truth, hole, ring),
    }


def missed(row: dict) -> list[str]:
    out = []
    if "energy" in row and not LEAST_ENERGY <= row["energy"] <= MOST_ENERGY:
        out.append("energy")
    if "sigma" in row and abs(row["sigma"] - 1) > SIGMA:
        out.append("sigma")
    if "by tone" in row and abs(row["by tone"] - 1) > SIGMA:
        out.append("by tone")
    if "spread" in row and abs(row["spread"]) > SPREAD:
        out.append("spread")
    if row["repeats"] > row["own"] + MORE_REPEATS:
        out.append("repeats")
    return out


def save_sheet(folder: Path, case: Case, truth: np.ndarray, result: np.ndarray, hole: np.ndarray) -> None:
    """The whole, small, and three views of the hole at 100 %: its edge, between, its middle."""
    folder.mkdir(parents=True, exist_ok=True)
    x, y = case.centre
    reach = case.diameter // 2
    parts = []
    for offset in (reach, reach // 2, 0):
        spot = np.s_[max(y - 240, 0) : y + 240, max(x - offset - 240, 0) : x - offset + 240]
        parts.append(np.concatenate([truth[spot], result[spot]]))
    height = parts[0].shape[0]
    around_it = np.s_[max(y - 2 * reach, 0) : y + 2 * reach, max(x - 2 * reach, 0) : x + 2 * reach]
    small = [
        cv2.resize(each[around_it], (480, 480), interpolation=cv2.INTER_AREA) for each in (truth, result)
    ]
    parts.insert(0, np.concatenate(small)[:height])
    parts = [np.pad(each, ((0, height - len(each)), (0, 4), (0, 0))) for each in parts]
    cv2.imwrite(
        str(folder / f"{case.name}.png"), cv2.cvtColor(np.concatenate(parts, axis=1), cv2.COLOR_RGB2BGR)
    )


def main() -> int:
    global SAMPLES
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, default=SAMPLES, help="folder of the sample photographs")
    parser.add_argument("--only", nargs="+", choices=[case.name for case in CASES])
    parser.add_argument("--check", action="store_true", help="exit with 1 if an aim is missed")
    parser.add_argument("--sheet", type=Path, metavar="FOLDER", help="write pictures to look at")
    options = parser.parse_args()
    SAMPLES = options.photos
    ours = Ours()
    print(f"{'hole':12} {'px':>5} {'s':>6}  measured")
    any_missed = False
    for case in CASES:
        if options.only and case.name not in options.only:
            continue
        truth = case.make()
        hole = blob(truth.shape[:2], case)
        seen = truth.copy()
        seen[hole] = truth[~hole].mean(axis=0)
        started = time.perf_counter()
        result = ours(seen, hole)
        seconds = time.perf_counter() - started
        row = measure(case, truth, result, hole)
        short = missed(row)
        any_missed |= bool(short)
        if case.flat:
            words = (
                f"sigma {row['sigma']:.2f} (ring {row['ring sigma']:.2f})  by tone {row['by tone']:.2f}  "
                f"spread {row['spread']:+.2f}"
            )
        else:
            words = (
                f"energy {row['energy']:.2f} (truth {row['truth']:.2f})  "
                f"bands {row['low']:.2f} {row['high']:.2f}"
            )
        words += f"  repeats {row['repeats']:.2f}/{row['own']:.2f}"
        words += f"  MISSED {', '.join(short)}" if short else "  met"
        print(f"{case.name:12} {case.diameter:5} {seconds:6.1f}  {words}", flush=True)
        if options.sheet:
            save_sheet(options.sheet, case, truth, result, hole)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 1 if options.check and any_missed else 0


if __name__ == "__main__":
    sys.exit(main())

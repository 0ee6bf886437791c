"""How close enlarging comes to the photograph: samples made 4 times smaller, enlarged again, and compared.

    python tests/benchmarks/upscale.py                         the table, of the first model that is installed
    python tests/benchmarks/upscale.py --model ID_OR_PATH --sheet FOLDER    crops beside each other at 100 %

1024-pixel crops are averaged over 4 x 4 pixels, once kept clean and once saved as JPEG of quality 75, which
adds the noise that pictures from the web have. LPIPS (AlexNet) is how different people find two pictures,
PSNR how far pixels are off: what is invented has a better LPIPS and a worse PSNR than what is blurred.
`raw` is the network as it is, without what `engines.upscale.detail` does.
"""

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from lpips import Lpips

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engines.base import Progress  # noqa: E402
from engines.upscale import models, networks  # noqa: E402
from engines.upscale.detail import enlarged  # noqa: E402

SAMPLES = ROOT.parent / "shared" / "samples"
SIDE, FACTOR, QUALITY = 1024, 4, 75
# Where something is to be seen, top and left.
PLACES = {
    "beacon-street-sunset": (1100, 1500),
    "extreme-desert-hike": (1000, 1400),
    "oakland-zoo-otters": (700, 1500),
    "perched-osprey": (500, 1500),
    "roman-colosseum": (900, 1400),
    "the-spices-of-life": (900, 1400),
}
SETTINGS = ((1.0, 0.0), (1.0, 0.25), (1.0, 0.5), (1.0, 1.0), (0.75, 0.5), (0.5, 0.5))


def small(truth: np.ndarray, *, is_jpeg: bool) -> np.ndarray:
    """A crop made smaller, float32 [0, 1]."""
    side = SIDE // FACTOR
    out = np.rint(truth.reshape(side, FACTOR, side, FACTOR, 3).astype(np.float32).mean(axis=(1, 3)))
    out = out.astype(np.uint8)
    if is_jpeg:
        coded = cv2.imencode(".jpg", out[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
        out = cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1]
    return np.ascontiguousarray(out.astype(np.float32) / 255)


def candidates(image: np.ndarray, network: networks.Network) -> tuple[dict[str, np.ndarray], float]:
    """What it is enlarged to, by name, and the seconds that the network took."""
    started = time.perf_counter()
    raw = network(image, Progress())
    seconds = time.perf_counter() - started
    out = {"lanczos": cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_LANCZOS4), "raw": raw}
    for detail, grain in SETTINGS:
        name = f"detail {detail:g} grain {grain:g}"
        out[name] = enlarged(image, FACTOR, lambda _: raw, detail, grain)
    return {name: np.rint(np.clip(each, 0, 1) * 255).astype(np.uint8) for name, each in out.items()}, seconds


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other.astype(float)) ** 2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="")
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    found = [models.locate(options.model)] if options.model else models.installed()
    if not found:
        sys.exit("No model is installed. Get one with: python main.py models install realesrgan-x4plus")
    network, metric = networks.load(found[0], "auto"), Lpips()
    if network.scale != FACTOR:
        sys.exit(f"The model enlarges {network.scale} times; this compares at {FACTOR}.")
    scores: dict[tuple[str, str], list[tuple[float, float]]] = {}
    times = []
    for name, (top, left) in PLACES.items():
        photograph = cv2.imread(str(SAMPLES / f"{name}.jpg"))[..., ::-1]
        top, left = min(top, photograph.shape[0] - SIDE), min(left, photograph.shape[1] - SIDE)
        truth = np.ascontiguousarray(photograph[top : top + SIDE, left : left + SIDE])
        for kind in ("clean", "jpeg"):
            made, seconds = candidates(small(truth, is_jpeg=kind == "jpeg"), network)
            times.append(seconds)
            for each, picture in made.items():
                scores.setdefault((kind, each), []).append((metric(truth, picture), psnr(truth, picture)))
            if options.sheet is not None:
                options.sheet.mkdir(parents=True, exist_ok=True)
                row = [truth, made["lanczos"], made["raw"], made["detail 1 grain 0.5"]]
                middle = slice(SIDE // 2 - 200, SIDE // 2 + 200)
                sheet = np.hstack([each[middle, middle] for each in row])[..., ::-1]
                cv2.imwrite(str(options.sheet / f"{name}-{kind}.png"), sheet)
    print(f"{found[0].title}, {np.median(times):.1f} s for {(SIDE // FACTOR) ** 2 / 1e6:.3f} MP")
    for (kind, each), values in scores.items():
        lpips, noise = np.mean(values, axis=0)
        print(f"{kind:6} {each:24} LPIPS {lpips:.3f}  PSNR {noise:.2f}")


if __name__ == "__main__":
    main()

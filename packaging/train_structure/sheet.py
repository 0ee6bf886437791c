"""How far the network has come: fills of photographs it never learnt from, side by side, and their scores."""

import zlib
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from engines.base import Box
from engines.context import from_square, to_square
from engines.removal.maps import structure_maps
from engines.removal.networks.migan import GuidedMiGan

from .data import crossing, decoded, masks
from .training import seen_of

WAYS = ("MI-GAN", "no lines", "true lines")
_PINK, _YELLOW = (255, 0, 160), (255, 255, 0)


@dataclass(frozen=True)
class Case:
    rgb: np.ndarray
    hole: np.ndarray
    lines: list[np.ndarray]


def cases(pictures: list[tuple[str, bytes]], count: int) -> list[Case]:
    """Holes across lines, the same on every run."""
    made = []
    for name, content in pictures:
        if len(made) == count:
            break
        rgb = decoded(content)
        hole = masks.draw("lines", rgb, np.random.default_rng([zlib.crc32(name.encode())]))
        if hole is not None and 16 <= hole.sum() <= 0.5 * hole.size and (lines := crossing(rgb, hole)):
            made.append(Case(rgb, hole, lines))
    return made


@torch.inference_mode()
def fill(network: GuidedMiGan, case: Case, lines: list[np.ndarray] | None, side: int) -> np.ndarray:
    """The photograph with its hole filled; without the branch where ``lines`` is None."""
    device = next(network.parameters()).device
    square = to_square(case.rgb.astype(np.float32) / 255, case.hole, side)
    maps = structure_maps(square.image, square.known, square.brought(lines or []))
    picture = torch.from_numpy(square.image * 2 - 1).permute(2, 0, 1)[None].float().to(device)
    given = torch.from_numpy(maps)[None].to(device)
    seen = seen_of(picture, given)
    out = network.model(seen) if lines is None else network(seen, given)
    height, width = case.hole.shape
    filled = (out[0].float().permute(1, 2, 0).cpu().numpy() * 0.5 + 0.5).clip(0, 1)
    back = from_square(filled, square, Box(0, 0, width, height))
    result = case.rgb.copy()
    result[case.hole] = np.rint(back * 255).astype(np.uint8)[case.hole]
    return result


class Sheet:
    """``before`` is the published network, whose fills are made once."""

    def __init__(self, before: GuidedMiGan, shown: list[Case], metric, side: int) -> None:
        self._cases, self._metric, self._side = shown, metric, side
        self._before = [fill(before, case, None, side) for case in shown]

    def __call__(self, network: GuidedMiGan) -> tuple[np.ndarray, dict[str, dict[str, float]]]:
        """Rows of the truth, its hole with the lines and each of `WAYS`; mean LPIPS of the photograph and
        share of true line met, of each way."""
        rows = []
        scores = {way: [0.0, 0.0, 0.0] for way in WAYS}
        for case, before in zip(self._cases, self._before, strict=True):
            fills = (before, *(fill(network, case, lines, self._side) for lines in ([], case.lines)))
            for way, result in zip(WAYS, fills, strict=True):
                met, wanted = masks.line_recall(case.rgb, result, case.hole)
                scores[way][0] += self._metric(case.rgb, result)
                scores[way][1] += met
                scores[way][2] += wanted
            rows.append(np.concatenate([case.rgb, lined(case), *fills], axis=1))
        return np.concatenate(rows), {
            way: {"lpips": lpips / len(rows), "lines": met / max(wanted, 1)}
            for way, (lpips, met, wanted) in scores.items()
        }


def lined(case: Case) -> np.ndarray:
    out = case.rgb.copy()
    out[case.hole] = _PINK
    for line in case.lines:
        ends = np.rint((line - 0.5) * 16).astype(int)
        cv2.line(out, ends[0].tolist(), ends[1].tolist(), _YELLOW, 1, cv2.LINE_AA, shift=4)
    return out

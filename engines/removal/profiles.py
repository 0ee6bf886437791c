"""The colours across a line: taken where it meets the hole, or from what a first fill has on its two sides.

Pictures are float32 RGB [0, 1], (h, w, 3), with the hole (h, w) bool; lengths are in their pixels, those
across a line positive to its right.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from engines.removal.paths import Path

STRETCH = 10.0  # pixels along the line from which a profile is taken ...
GAP = 1.0  # ... and how far from the hole they begin: its very edge may hold the object's blur
STEP = 0.5  # from sample to sample
FEWEST = 3  # samples along the line that a profile is made of

SNAP = 3.0  # pixels of the photograph that an end of a line is moved at most to lie on an edge there
SNAP_GAIN = 1.15  # how much stronger than where the line was drawn that edge is at least

# Of a line that no photograph tells anything about, the sides are seen this far off it in the first fill ...
SIDES = (2.0, 7.0)
SMOOTHING = 8.0  # ... evened out along it with this deviation
LEAST_STEP = 0.05  # between its two sides: a line that was drawn is there to be seen


@dataclass(frozen=True)
class End:
    """Where the photograph begins on one side of the hole, and what the line looks like there."""

    place: float  # on the path
    shift: float  # pixels that the line is to be moved here
    offsets: np.ndarray  # (m,) float32 off the moved line, rising
    profile: np.ndarray  # (m, 3) float32 colours there

    def colours(self, off: np.ndarray) -> np.ndarray:
        """(..., 3) colours at offsets (...) from the moved line; beyond the profile those at its rims."""
        return np.stack([np.interp(off, self.offsets, channel) for channel in self.profile.T], axis=-1)

    @property
    def step(self) -> np.ndarray:
        """(3,) what the right side has more than the left one."""
        left, right = (self.profile[one].mean(axis=0) for one in self._sides())
        return right - left

    def _sides(self) -> tuple[np.ndarray, np.ndarray]:
        near = (np.abs(self.offsets) >= 1) & (np.abs(self.offsets) <= 3)
        return near & (self.offsets < 0), near & (self.offsets > 0)


def ends_of(
    image: np.ndarray,
    hole: np.ndarray,
    path: Path,
    places: tuple[float | None, float | None],
    half: float,
    pixel: float,
) -> tuple[End | None, End | None]:
    """What the path looks like at the ``places`` before and after the hole, up to ``half`` pixels off it.

    A line drawn by hand lies a little beside the edge that it stands for; it is moved there at both ends, by
    at most SNAP times ``pixel``, one of the photograph's. None where nothing is known.
    """
    seen = tuple(
        None if place is None else _end(image, hole, path, place, side, half, 0.0, 0.0)
        for place, side in zip(places, (-1, 1), strict=True)
    )
    there = [number for number in (0, 1) if seen[number] is not None]
    if not there:
        return None, None
    sought = np.linspace(-SNAP, SNAP, 13) * pixel
    if len(there) == 2:
        before, after = (grid.ravel() for grid in np.meshgrid(sought, sought, indexing="ij"))
        tilts = (after - before) / max(places[1] - places[0], pixel)
    else:
        before = after = sought
        tilts = np.zeros_like(sought)
    shifts = (before, after)
    # As a sum of both ends, so that it is not the left edge of a bar at one and the right edge at the other.
    step = sum(
        _step(image, hole, path, places[number], number * 2 - 1, shifts[number], tilts, pixel)
        for number in there
    )
    # The nearer edge wins over one that is a little stronger.
    squares = sum(shifts[number] ** 2 for number in there)
    strength = np.linalg.norm(step, axis=-1) * np.exp(-squares / (8 * len(there) * pixel**2))
    best, drawn = int(np.argmax(strength)), len(tilts) // 2
    if strength[best] < SNAP_GAIN * strength[drawn]:
        return seen
    out: list[End | None] = [None, None]
    for number in there:
        shift, tilt = float(shifts[number][best]), float(tilts[best])
        moved = _end(image, hole, path, places[number], number * 2 - 1, half, shift, tilt)
        out[number] = moved or seen[number]
    return out[0], out[1]


def _end(
    image: np.ndarray,
    hole: np.ndarray,
    path: Path,
    place: float,
    side: int,
    half: float,
    shift: float,
    tilt: float,
) -> End | None:
    """The profile on one ``side`` of ``place``, of the path moved by ``shift`` there and by ``tilt`` more
    with each pixel along it. None if too little of it is photograph."""
    places = place + side * np.arange(GAP, STRETCH + GAP, STEP)
    offsets = np.arange(-half, half + STEP / 2, STEP)
    moved = shift + tilt * (places - place)
    samples, known = _sampled(image, hole, path, places, offsets + moved[:, None])
    # What lies beyond another hole or the picture's border is not the line's neighbourhood any more.
    middle = known[:, len(offsets) // 2]
    if not middle.all():
        known[int(np.argmin(middle)) :] = False
    good = known.sum(axis=0) >= FEWEST
    if not good[len(offsets) // 2]:
        return None
    samples = np.where(known[..., None], samples, np.nan)
    medians = np.nanmedian(samples[:, good], axis=0)
    profile = np.stack([np.interp(offsets, offsets[good], channel) for channel in medians.T], axis=-1)
    return End(place, shift, offsets.astype(np.float32), profile.astype(np.float32))


def _step(
    image: np.ndarray,
    hole: np.ndarray,
    path: Path,
    place: float,
    side: int,
    shifts: np.ndarray,
    tilts: np.ndarray,
    pixel: float,
) -> np.ndarray:
    """How much more there is to the right of the path than to its left, (n, 3) for n shifts and tilts."""
    places = place + side * np.arange(GAP, STRETCH + GAP, 2 * STEP)
    moved = shifts + tilts * (places[:, None] - place)
    (left, left_known), (right, right_known) = (
        _sampled(image, hole, path, places, moved + aside) for aside in (-0.75 * pixel, 0.75 * pixel)
    )
    known = left_known & right_known
    return ((right - left) * known[..., None]).sum(axis=0) / np.maximum(known.sum(axis=0), 1)[:, None]


def _sampled(
    image: np.ndarray, hole: np.ndarray, path: Path, places: np.ndarray, off: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Colours (n, m, 3) at ``off`` (n, m) pixels beside places (n,), and which are photograph alone."""
    points, along = path.at(places)
    x = points[:, 0, None] - off * along[:, 1, None] - 0.5
    y = points[:, 1, None] + off * along[:, 0, None] - 0.5
    height, width = hole.shape
    known = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for rows in (top, top + 1):
        for columns in (left, left + 1):
            known &= ~hole[rows.clip(0, height - 1), columns.clip(0, width - 1)]
    colours = cv2.remap(
        image, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return colours, known


def sides_of(
    fill: np.ndarray, path: Path, start: float, stop: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a filled picture has to the left and to the right of the path: places (n,), colours (n, 3) twice.

    Where they are much alike, what difference there is is made larger, so that it can be seen.
    """
    places = np.linspace(start, stop, max(int(stop - start), 2))
    nothing = np.zeros(fill.shape[:2], bool)
    aside = np.arange(SIDES[0], SIDES[1] + 0.5)
    left, right = (
        cv2.GaussianBlur(
            np.median(_sampled(fill, nothing, path, places, np.tile(off, (len(places), 1)))[0], axis=1)[
                :, None
            ],
            (1, 0x7F),
            sigmaX=0.1,
            sigmaY=SMOOTHING,
            borderType=cv2.BORDER_REPLICATE,
        )[:, 0]
        for off in (-aside, aside)
    )
    middle, half = (left + right) / 2, (right - left) / 2
    overall = np.abs(half).max(axis=1)
    # The sign is the line's own as a whole: it must not change on the way.
    mean = half.mean(axis=0)
    towards = mean / max(float(np.abs(mean).max()), 1e-6)
    if not towards.any():
        towards = np.ones(3, np.float32)
    agrees = (half * towards).sum(axis=1) > 0
    half = np.where((agrees & (overall >= LEAST_STEP / 2))[:, None], half, towards * LEAST_STEP / 2)
    return places, (middle - half).clip(0, 1), (middle + half).clip(0, 1)

"""Selections as arrays: uint8 of shape (H, W), 0 = not selected, 255 = selected, between them in part.

Every function returns a new array and leaves what it is given as it was. Coordinates are in pixels, x to the
right and y down, the centre of the first pixel at (0.5, 0.5).
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from editor.document.parallel import in_threads

Box = tuple[float, float, float, float]  # left, top, width, height

STRIP_PIXELS = 1 << 18  # work that makes floats of pixels takes this many at a time, to stay in the cache
MAX_SMOOTH = 127  # OpenCV counts the pixels of a median in 16 bits
SCANLINES = 32  # per row of pixels, for polygons

# Where one tone gives way to the next, in L* (0..100). The three add up to a full selection everywhere.
SHADOWS_END = (25.0, 45.0)
HIGHLIGHTS_START = (55.0, 75.0)


# --- Shapes ---


def rectangle(height: int, width: int, box: Box, antialias: bool = True) -> np.ndarray:
    """A rectangle, in a picture of ``height`` x ``width``; a pixel has the share of its area that is covered.

    Without ``antialias`` the sides go to the nearest borders between pixels. Raises ValueError for a box
    with a number that is not finite.
    """
    left, top, right, bottom = _sides(box)
    if not antialias:
        left, top, right, bottom = (math.floor(side + 0.5) for side in (left, top, right, bottom))
    rows, columns = _span(height, top, bottom), _span(width, left, right)
    covered = np.outer(np.float32(255) * rows, columns)
    return np.rint(covered, out=covered).astype(np.uint8)


def _sides(box: Box) -> Box:
    if not all(map(math.isfinite, box)):
        raise ValueError("the box has a number that is not finite")
    left, top, width, height = box
    return left, top, left + width, top + height


def _span(length: int, start: float, end: float) -> np.ndarray:
    """The share of each of ``length`` unit intervals that lies between ``start`` and ``end``."""
    edges = np.arange(length + 1.0)
    shares = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
    return np.maximum(shares, 0).astype(np.float32)


def ellipse(height: int, width: int, box: Box, antialias: bool = True) -> np.ndarray:
    """The ellipse that touches the sides of ``box``; a pixel has the share of its area that is covered.

    Without ``antialias`` a pixel is selected if half of it is covered. Raises ValueError for a box with a
    number that is not finite.
    """
    left, top, right, bottom = _sides(box)
    out = np.zeros((height, width), np.uint8)
    if right <= left or bottom <= top:
        return out
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    radius_x, radius_y = (right - left) / 2, (bottom - top) / 2

    # Half the ellipse's width at both borders of each row, and the most that it has between them.
    edges = (np.arange(height + 1) - centre_y) / radius_y
    half = radius_x * np.sqrt(np.maximum(1 - edges**2, 0))
    inner = np.minimum(half[:-1], half[1:])
    outer = np.where((edges[:-1] < 0) & (edges[1:] > 0), radius_x, np.maximum(half[:-1], half[1:]))
    columns = np.stack(
        [
            np.floor(centre_x - outer),
            np.ceil(centre_x - inner),
            np.floor(centre_x + inner),
            np.ceil(centre_x + outer),
        ]
    )
    columns[1:3, columns[1] > columns[2]] = np.rint(centre_x)  # a row that has no pixel wholly inside
    starts, inside, end_inside, ends = columns.clip(0, width).astype(np.intp)
    rows = np.flatnonzero(ends > starts)
    for y in rows:
        out[y, inside[y] : end_inside[y]] = 255
        for part in (slice(starts[y], inside[y]), slice(end_inside[y], ends[y])):
            if part.start < part.stop:
                x = (np.arange(part.start, part.stop + 1) - centre_x) / radius_x
                area = np.diff(_disc_area(x, edges[y + 1]) - _disc_area(x, edges[y]))
                out[y, part] = np.rint(255 * (area * radius_x * radius_y).clip(0, 1))
    return out if antialias else _hard(out)


def _disc_area(x: np.ndarray, y: float) -> np.ndarray:
    """The area of that part of the unit disc which lies left of ``x`` and above ``y``, by integration."""
    x, y = x.clip(-1, 1), min(max(y, -1.0), 1.0)
    segment_x = x * np.sqrt(1 - x**2) + np.arcsin(x)  # twice the area between the centre and x, above 0
    segment_y = y * math.sqrt(1 - y**2) + math.asin(y)
    corner = x * y + (segment_x + segment_y) / 2 + math.pi / 4
    left, above = segment_x + math.pi / 2, segment_y + math.pi / 2  # all that is left of x; all above y
    # Outside the disc the corner cuts off one segment, two, or all.
    outside = np.where(x >= 0, left + above - math.pi if y >= 0 else above, left if y >= 0 else 0.0 * x)
    return np.where(x**2 + y**2 < 1, corner, outside)


def polygon(
    height: int, width: int, points: Sequence[tuple[float, float]], antialias: bool = True
) -> np.ndarray:
    """A closed polygon by the even-odd rule: what lies inside twice is not selected.

    A pixel has the share of its area that is covered, measured along 32 lines through it and exactly on
    each. Without ``antialias`` a pixel is selected if half of it is covered. Fewer than three points make an
    empty selection. Raises ValueError for a point that is not finite.
    """
    corners = np.asarray(points, np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all():
        raise ValueError("the polygon has a point that is not finite")
    out = np.zeros((height, width), np.uint8)
    if len(corners) < 3:
        return out
    low = np.floor(corners.min(axis=0)).clip(0, (width, height)).astype(int)
    high = np.ceil(corners.max(axis=0)).clip(0, (width, height)).astype(int)
    columns = high[0] - low[0]
    if columns <= 0:
        return out
    band = max(STRIP_PIXELS // columns, 1)
    for top in range(low[1], high[1], band):
        rows = min(band, high[1] - top)
        part = _polygon_coverage(rows, columns, corners - (low[0], top))
        out[top : top + rows, low[0] : high[0]] = np.rint(255 * part)
    return out if antialias else _hard(out)


def _polygon_coverage(height: int, width: int, corners: np.ndarray) -> np.ndarray:
    starts, ends = corners, np.roll(corners, -1, axis=0)
    downwards = (starts[:, 1] < ends[:, 1])[:, None]
    upper, lower = np.where(downwards, starts, ends), np.where(downwards, ends, starts)
    # The scan lines that each edge crosses: its upper end counts and its lower one does not, so every line
    # crosses a closed polygon an even number of times.
    first = np.ceil(upper[:, 1] * SCANLINES - 0.5).clip(0, height * SCANLINES).astype(np.intp)
    last = np.ceil(lower[:, 1] * SCANLINES - 0.5).clip(0, height * SCANLINES).astype(np.intp)
    counts = last - first
    edge = np.repeat(np.arange(len(corners)), counts)
    if not edge.size:
        return np.zeros((height, width))
    line = np.arange(edge.size) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    along = ((line + 0.5) / SCANLINES - upper[edge, 1]) / (lower[edge, 1] - upper[edge, 1])
    x = (upper[edge, 0] + along * (lower[edge, 0] - upper[edge, 0])).clip(0, width)
    order = np.lexsort((x, line))
    x, row = x[order], line[order] // SCANLINES
    sign = np.tile([1.0, -1.0], edge.size // 2)  # entering, leaving

    # A crossing changes its own pixel by what of it lies to the right, and all pixels after that by 1.
    column = np.floor(x)
    share = column + 1 - x
    cell = row * (width + 2) + column.astype(np.intp)
    size = height * (width + 2)
    change = np.bincount(cell, sign * share, size) + np.bincount(cell + 1, sign * (1 - share), size)
    covered = change.reshape(height, width + 2).cumsum(axis=1)[:, :width]
    return (covered / SCANLINES).clip(0, 1)


def _hard(selection: np.ndarray) -> np.ndarray:
    return np.where(selection >= 128, np.uint8(255), np.uint8(0))


# --- Two selections ---


def combine(old: np.ndarray, new: np.ndarray, how: str) -> np.ndarray:
    """``old`` with ``new`` put to it; ``how`` is "replace", "add", "subtract" or "intersect".

    The operations of fuzzy sets (Zadeh, "Fuzzy Sets", 1965): the larger value, the smaller value with the
    inverse, the smaller value. So adding or taking away twice is the same as once. Raises ValueError for
    another ``how`` and for selections of different sizes.
    """
    if old.shape != new.shape:
        raise ValueError(f"selections of different sizes: {old.shape} and {new.shape}")
    if how == "replace":
        return new.copy()
    if how == "add":
        return np.maximum(old, new)
    if how == "subtract":
        return np.minimum(old, invert(new))
    if how == "intersect":
        return np.minimum(old, new)
    raise ValueError(f"no way to combine selections is called {how!r}")


def invert(selection: np.ndarray) -> np.ndarray:
    """Selected and not selected exchanged."""
    return np.bitwise_not(selection)


# --- By colour ---


def wand(
    pixels: np.ndarray,
    point: tuple[int, int],
    tolerance: float,
    contiguous: bool = True,
    antialias: bool = True,
) -> np.ndarray:
    """What is coloured like the pixel at ``point``, (column, row), in straight RGBA of shape (H, W, 4).

    A pixel belongs if each channel, alpha too, is within ``tolerance`` (0..255 whatever the depth) of the
    pixel at ``point``; a fully transparent pixel has no colour, so only alpha is compared with it.
    ``contiguous`` takes only what hangs together with ``point`` over the sides of pixels. ``antialias``
    softens stairs along the edge by one pixel and leaves straight edges sharp. Raises ValueError for a point
    outside the picture.
    """
    import cv2

    x, y = point
    height, width = pixels.shape[:2]
    if not (0 <= x < width and 0 <= y < height):
        raise ValueError(f"the point {x}, {y} lies outside the picture")
    mask = _within(pixels, *_extent(pixels[y : y + 1, x : x + 1], np.ones((1, 1), np.uint8)), tolerance)
    if contiguous:
        _, labels = cv2.connectedComponents(mask, connectivity=4)
        mask = (labels == labels[y, x]).view(np.uint8) * np.uint8(255)
    return _soften(mask) if antialias else mask


def similar(
    pixels: np.ndarray, selection: np.ndarray, tolerance: float, contiguous: bool, antialias: bool = True
) -> np.ndarray:
    """``selection`` and what is coloured like it: Photoshop's Grow if ``contiguous``, else its Similar.

    A pixel of ``pixels``, straight RGBA of shape (H, W, 4), belongs if no channel is farther than
    ``tolerance`` (0..255 whatever the depth) from the range which that channel has in the selection, where
    it is at least half. ``contiguous`` takes only what touches the selection.
    """
    import cv2

    chosen = selection >= 128
    if not chosen.any():
        return selection.copy()
    inside = chosen.view(np.uint8)
    mask = _within(pixels, *_extent(pixels, inside), tolerance)
    if contiguous:
        count, labels = cv2.connectedComponents(mask | inside, connectivity=4)
        touching = np.zeros(count, np.uint8)
        touching[labels[chosen]] = 255
        mask = touching[labels]
    return np.maximum(selection, _soften(mask) if antialias else mask)


def _extent(pixels: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of each channel where ``inside`` is not 0: two arrays of 4 floats."""
    import cv2

    alpha = cv2.extractChannel(pixels, 3)
    least, greatest = cv2.minMaxLoc(alpha, inside)[:2]
    if greatest == 0:  # only transparent pixels: any colour will do
        return np.zeros(4), np.array([np.iinfo(pixels.dtype).max] * 3 + [0.0])
    coloured = inside if least > 0 else inside & (alpha > 0).view(np.uint8)
    ranges = [cv2.minMaxLoc(cv2.extractChannel(pixels, channel), coloured)[:2] for channel in range(3)]
    low, high = np.array([*ranges, (least, greatest)]).T
    return low, high


def _within(pixels: np.ndarray, low: np.ndarray, high: np.ndarray, tolerance: float) -> np.ndarray:
    """255 where every channel is between ``low`` and ``high``, give or take the tolerance; else 0."""
    import cv2

    full = float(np.iinfo(pixels.dtype).max)
    reach = tolerance * full / 255
    low, high = np.ceil(low - reach).clip(0, full), np.floor(high + reach).clip(0, full)
    mask = cv2.inRange(pixels, low, high)
    if low[3] == 0:
        mask[pixels[..., 3] == 0] = 255  # there is no colour to compare
    return mask


def _soften(mask: np.ndarray) -> np.ndarray:
    """Smooth the stairs of a mask of 0 and 255; what was selected stays at half or above.

    A binomial filter with its contrast doubled: it gives the covered area of edges that run level, upright
    or at 45 degrees, and so does not blur the first two.
    """
    import cv2

    blurred = cv2.GaussianBlur(mask, (3, 3), 0, borderType=cv2.BORDER_REPLICATE)
    contrast = np.rint(((np.arange(256) - 64) * (255 / 127)).clip(0, 255)).astype(np.uint8)  # of 64..191
    soft = cv2.LUT(blurred, contrast)
    return np.minimum(np.maximum(soft, mask & 128), mask | 127)


def colour_range(pixels: np.ndarray, colours: Sequence[Sequence[int]], fuzziness: float) -> np.ndarray:
    """How near the pixels, straight RGBA of shape (H, W, 4), come to the nearest of ``colours``.

    ``colours`` are RGB in the range of the pixels. The distance is CIE 1976 dE*ab in CIELAB, the pixels
    taken as sRGB: full up to ``fuzziness`` / 4, from there falling evenly to nothing at ``fuzziness`` / 2,
    for a ``fuzziness`` of 0..200; 0 takes the colours themselves. Fully transparent pixels are not selected.
    """
    wanted = np.asarray(colours, pixels.dtype).reshape(-1, 1, 3)
    if not len(wanted):
        return np.zeros(pixels.shape[:2], np.uint8)
    centres = _lab(wanted)[:, 0]
    limit = max(fuzziness / 2, 0.05)  # less than one step of 8 bits, more than the conversion's error

    def nearness(lab: np.ndarray) -> np.ndarray:
        squared = None
        for centre in centres:
            offset = lab - centre
            distance = np.einsum("...c,...c->...", offset, offset)
            squared = distance if squared is None else np.minimum(squared, distance)
        return (limit - np.sqrt(squared)) / (limit / 2)

    return _by_lab(pixels, nearness)


def tonal_range(pixels: np.ndarray, tone: str) -> np.ndarray:
    """The "shadows", "midtones" or "highlights" of pixels in straight RGBA of shape (H, W, 4), by CIE L*.

    Shadows are full below L* 25 and end at 45, highlights begin at 55 and are full above 75; the midtones
    are what is left, so the three add up to a full selection. Fully transparent pixels are not selected.
    Raises ValueError for another ``tone``.
    """

    def ramp(values: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
        return (values - bounds[0]) / (bounds[1] - bounds[0])

    tones = {
        "shadows": lambda lab: 1 - ramp(lab[..., 0], SHADOWS_END),
        "midtones": lambda lab: np.minimum(
            ramp(lab[..., 0], SHADOWS_END), 1 - ramp(lab[..., 0], HIGHLIGHTS_START)
        ),
        "highlights": lambda lab: ramp(lab[..., 0], HIGHLIGHTS_START),
    }
    if tone not in tones:
        raise ValueError(f"no tone is called {tone!r}")
    return _by_lab(pixels, tones[tone])


def _by_lab(pixels: np.ndarray, membership: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A selection from a function of CIELAB values, whose result counts from 0 to 1."""
    out = np.zeros(pixels.shape[:2], np.uint8)

    def fill(rows: slice) -> None:
        import cv2

        part = pixels[rows]
        values = membership(_lab(cv2.cvtColor(part, cv2.COLOR_RGBA2RGB)))
        values[part[..., 3] == 0] = 0
        out[rows] = np.rint(values.clip(0, 1) * 255)

    in_threads(fill, _strips(*out.shape))
    return out


def _lab(colours: np.ndarray) -> np.ndarray:
    """CIELAB (D65) as float32 of sRGB, shape (H, W, 3) uint8 or uint16.

    The transfer function of IEC 61966-2-1 is applied from a table: OpenCV's own conversion from gamma-coded
    floats interpolates coarsely and is off by up to half a unit.
    """
    import cv2

    coded = np.linspace(0, 1, np.iinfo(colours.dtype).max + 1)
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return cv2.cvtColor(cv2.LUT(colours, linear.astype(np.float32)), cv2.COLOR_LRGB2LAB)


# --- The edge of a selection ---


def grow(selection: np.ndarray, radius: float) -> np.ndarray:
    """Move the edge outwards by ``radius`` pixels, in fractions too; a soft edge keeps its slope.

    The grey dilation (Serra, "Image Analysis and Mathematical Morphology") by a disc with a skirt that falls
    over one pixel: what is ``d`` pixels from a selected one has 1 + ``radius`` - d, within 0..1. Takes time
    in proportion to ``radius`` where pixels are selected in part. Raises ValueError for a negative radius.
    """
    _check(radius)
    if radius == 0 or not selection.any():
        return selection.copy()
    rows, columns = _around(selection, math.ceil(radius) + 1)
    part = selection[rows, columns]
    out = np.zeros_like(selection)
    if ((part == 0) | (part == 255)).all():
        out[rows, columns] = _dilated_hard(part, radius)
    else:
        out[rows, columns] = _dilated_soft(part, radius)
    return out


def shrink(selection: np.ndarray, radius: float, from_bounds: bool = False) -> np.ndarray:
    """Move the edge inwards by ``radius`` pixels; the inverse of `grow` for what is not selected.

    A selection that reaches the picture's border is taken to go on beyond it, unless ``from_bounds``. Raises
    ValueError for a negative radius.
    """
    _check(radius)
    if from_bounds:
        margin = math.ceil(radius) + 1
        inner = slice(margin, -margin)
        return shrink(np.pad(selection, margin), radius)[inner, inner].copy()
    return invert(grow(invert(selection), radius))


def border(selection: np.ndarray, width: float) -> np.ndarray:
    """A band ``width`` pixels wide along the edge, half of it inside; a width of 0 selects nothing.

    Beyond the picture nothing is selected, so all of a picture has its frame as border. Raises ValueError
    for a negative width.
    """
    _check(width)
    if width == 0:
        return np.zeros_like(selection)
    return np.minimum(grow(selection, width / 2), invert(shrink(selection, width / 2, from_bounds=True)))


def feather(selection: np.ndarray, radius: float) -> np.ndarray:
    """Soften the edge with a Gaussian whose standard deviation is ``radius`` pixels.

    What is at the picture's border is taken to go on beyond it. Raises ValueError for a negative radius.
    """
    import cv2

    _check(radius)
    if radius == 0:
        return selection.copy()
    step = int(radius // 5)
    if step <= 1:
        return cv2.GaussianBlur(selection, (0, 0), radius, borderType=cv2.BORDER_REPLICATE)
    # A wide Gaussian leaves nothing fine, so the work is done on blocks of step x step. Their means and the
    # way back between them blur too, with variances of (step^2 - 1) / 12 and step^2 / 6.
    height, width = selection.shape
    margin = math.ceil(3 * radius / step) * step  # blocks beyond the border repeat single pixels, not blocks
    padded = cv2.copyMakeBorder(
        selection,
        margin,
        margin + -height % step,
        margin,
        margin + -width % step,
        borderType=cv2.BORDER_REPLICATE,
    )
    size = padded.shape[1] // step, padded.shape[0] // step
    blocks = cv2.resize(padded, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    sigma = math.sqrt(radius**2 - (step**2 - 1) / 12 - step**2 / 6) / step
    blocks = cv2.GaussianBlur(blocks, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    spread = cv2.resize(blocks, padded.shape[::-1], interpolation=cv2.INTER_LINEAR)
    whole = spread[margin : margin + height, margin : margin + width]
    return np.rint(whole, out=whole).astype(np.uint8)


def smooth(selection: np.ndarray, radius: int) -> np.ndarray:
    """Take what most of the square of 2 ``radius`` + 1 pixels around each pixel has: the median.

    Specks, holes and teeth narrower than ``radius`` go, straight edges stay where they are and as soft as
    they are. What is at the picture's border is taken to go on beyond it. Raises ValueError for a negative
    radius and for one above `MAX_SMOOTH`.
    """
    import cv2

    _check(radius)
    if radius > MAX_SMOOTH:
        raise ValueError(f"a selection can be smoothed by up to {MAX_SMOOTH} pixels, not {radius}")
    return cv2.medianBlur(selection, 2 * radius + 1)


def _check(radius: float) -> None:
    if not (radius >= 0 and math.isfinite(radius)):
        raise ValueError(f"a selection cannot be changed by {radius} pixels")


def _around(selection: np.ndarray, margin: int = 0) -> tuple[slice, slice]:
    """Index of the smallest rectangle that holds all that is not 0, and a margin as far as there is room."""
    found = []
    for axis in (1, 0):
        places = np.flatnonzero(selection.any(axis=axis))
        first, last = (int(places[0]), int(places[-1]) + 1) if places.size else (0, 0)
        found.append(slice(max(first - margin, 0), min(last + margin, selection.shape[1 - axis])))
    return found[0], found[1]


def _dilated_hard(selection: np.ndarray, radius: float) -> np.ndarray:
    """The dilation of a selection that has only 0 and 255: a function of the distance to the nearest 255."""
    import cv2

    distance = cv2.distanceTransform(invert(selection), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    values = np.subtract(np.float32(radius + 1), distance, out=distance)
    values *= 255
    return np.rint(np.clip(values, 0, 255, out=values), out=values).astype(np.uint8)


def _dilated_soft(selection: np.ndarray, radius: float) -> np.ndarray:
    import cv2

    whole, fraction = int(radius), radius - int(radius)
    smaller = _dilated_by_disc(selection, whole)
    if fraction == 0:
        return smaller
    return cv2.addWeighted(smaller, 1 - fraction, _dilated_by_disc(selection, whole + 1), fraction, 0)


def _dilated_by_disc(selection: np.ndarray, radius: int) -> np.ndarray:
    """The dilation of any selection: the largest of the values around a pixel, lowered where on the skirt.

    The disc is taken as upright chords. The running maximum over a chord grows by one pixel at each end from
    one chord to the next longer one, so that the work is in proportion to the radius, not to its square.
    """
    import cv2

    height, width = selection.shape
    margin = radius + 1
    padded = np.pad(selection, margin)
    # For each half length of a chord: (distance from the middle, how much its values are lowered).
    chords: list[list[tuple[int, int]]] = [[] for _ in range(radius + 1)]
    for dx in range(radius + 1):
        half = math.isqrt(radius**2 - dx**2)
        chords[half].append((dx, 0))
        for dy in range(half + 1, math.isqrt((radius + 1) ** 2 - dx**2) + 1):
            beyond = math.hypot(dx, dy) - radius
            if dy <= radius and beyond < 1:
                chords[dy].append((dx, round(255 * beyond)))
    out = np.empty_like(selection)

    def fill(rows: slice) -> None:
        def shifted(dy: int) -> np.ndarray:
            return padded[rows.start + margin + dy : rows.stop + margin + dy]

        target = out[rows]
        target[:] = selection[rows]
        highest = shifted(0).copy()
        lowered = np.empty_like(highest)
        for half, steps in enumerate(chords):
            if half:
                np.maximum(highest, shifted(-half), out=highest)
                np.maximum(highest, shifted(half), out=highest)
            for dx, loss in steps:
                values = cv2.subtract(highest, (loss,), dst=lowered) if loss else highest
                for start in {margin - dx, margin + dx}:
                    np.maximum(target, values[:, start : start + width], out=target)

    in_threads(fill, _strips(height, width))
    return out


def _strips(height: int, width: int) -> Iterator[slice]:
    rows = max(STRIP_PIXELS // max(width, 1), 1)
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))

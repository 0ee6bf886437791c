"""Gradients."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.painting.areas import everywhere
from editor.document.painting.blending import NEAREST
from editor.document.painting.target import Target
from editor.document.tiles import TileKey

KINDS = ("linear", "radial", "angle", "reflected", "diamond")
_SAFE = 1 / 512  # dithering stays clear of whole numbers by more than rounding errors

Point = tuple[float, float]
Stop = tuple[float, Sequence[float]]  # position 0..1; red, green, blue and perhaps alpha, 0..1


def gradient(
    document: Document,
    layer: Layer,
    start: Point,
    end: Point,
    stops: Sequence[Stop],
    kind: str = "linear",
    *,
    opacity: float = 1,
    reverse: bool = False,
    dither: bool = True,
    on_mask: bool = False,
) -> None:
    """Paint a gradient over the selection, or the canvas.

    Colours run straight from stop to stop, alpha (1 if not given) apart from the rest, and stay as they are
    before the first and after the last. ``start``, in pixels of the picture, is where the first stop is and
    ``end`` where the last: on a line (``kind`` "linear"), on circles around the start ("radial"), on rays
    from the start, once around counter-clockwise from where the end is ("angle"), to both sides
    ("reflected"), on squares with a corner at the end ("diamond"). ``reverse`` turns the stops around.

    With ``dither`` a pixel of 8 bits takes one of the two values next to the exact one as often as is right,
    so that no bands show; the pattern is interleaved gradient noise (Jimenez, "Next generation post
    processing in Call of Duty: Advanced Warfare", SIGGRAPH 2014).

    Raises ValueError for fewer than two stops, for a start where the end is, and for what is not finite.
    """
    target = Target(document, layer, on_mask=on_mask)
    if kind not in KINDS:
        raise ValueError(f"no gradient is called {kind!r}")
    places, colours, alphas = _sorted(stops, reverse)
    if not all(map(math.isfinite, (*start, *end, opacity))) or tuple(start) == tuple(end):
        raise ValueError("the gradient needs a start and an end")
    values = [target.colour(colour) for colour in colours]
    strengths = [alpha * min(max(opacity, 0), 1) for alpha in alphas]
    is_dithered = dither and target.image.dtype == np.uint8

    def painted(key: TileKey, box: Rect, before: np.ndarray | None) -> np.ndarray | None:
        area = box.intersected(document.rect)
        inside = area.moved(-box.x, -box.y).slices
        shares = _shares(_position(area, start, end, kind), places)
        colour = [_mixed(shares, channel) for channel in zip(*values, strict=True)]
        tile = target.blank() if before is None else before.copy()
        rounding = _noise(area) if is_dithered else NEAREST
        tile[inside] = target.painted(key, before, colour, _mixed(shares, strengths), inside, rounding)
        return target.image.kept(tile)

    everywhere(target, document.rect, painted, "Gradient")


def _sorted(
    stops: Sequence[Stop], reverse: bool
) -> tuple[list[float], list[tuple[float, float, float]], list[float]]:
    """Positions, colours and alphas, from the start to the end."""
    if len(stops) < 2 or any(len(colour) not in (3, 4) for _, colour in stops):
        raise ValueError("a gradient needs two colours or more")
    if not all(math.isfinite(value) for place, colour in stops for value in (place, *colour)):
        raise ValueError("the gradient has a number that is not finite")
    ordered = sorted(stops, key=lambda stop: stop[0])
    if reverse:
        ordered = [(1 - place, colour) for place, colour in reversed(ordered)]
    colours = [(colour[0], colour[1], colour[2]) for _, colour in ordered]
    alphas = [min(max(colour[3], 0), 1) if len(colour) == 4 else 1.0 for _, colour in ordered]
    return [place for place, _ in ordered], colours, alphas


def _position(area: Rect, start: Point, end: Point, kind: str) -> np.ndarray:
    """Where each pixel of ``area`` is between the start (0) and the end (1): (h, w) float32."""
    import cv2

    length = math.dist(start, end)
    cos, sin = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    x = (np.arange(area.x, area.right) + 0.5 - start[0]) / length
    y = (np.arange(area.y, area.bottom)[:, None] + 0.5 - start[1]) / length
    along = (x * cos).astype(np.float32) + (y * sin).astype(np.float32)
    if kind == "linear":
        return along
    if kind == "reflected":
        return np.abs(along)
    across = (y * cos).astype(np.float32) - (x * sin).astype(np.float32)  # to the right of the way
    if kind == "radial":
        return cv2.sqrt(along * along + across * across)
    if kind == "diamond":
        return np.abs(along) + np.abs(across)
    return np.arctan2(-across, along) * np.float32(1 / (2 * math.pi)) % 1


def _shares(position: np.ndarray, places: Sequence[float]) -> list[np.ndarray]:
    """How far each pixel is from each stop to the next one, 0..1: (h, w) float32."""
    shares = []
    for here, following in pairwise(places):
        if following > here:
            share = position - np.float32(here)
            share *= np.float32(1 / (following - here))
            shares.append(np.clip(share, 0, 1, out=share))
        else:  # a hard edge
            shares.append((position >= here).astype(np.float32))
    return shares


def _mixed(shares: Sequence[np.ndarray], values: Sequence[float]) -> np.ndarray:
    """What runs through ``values``, one for each stop: (h, w) float32."""
    out = np.full_like(shares[0], values[0])
    for share, one, other in zip(shares, values, values[1:], strict=False):
        if other != one:
            out += share * np.float32(other - one)
    return out


def _noise(area: Rect) -> np.ndarray:
    """What is added before rounding down, evenly spread over 0..1: (h, w) float32."""
    x = 0.06711056 * np.arange(area.x, area.right) % 1
    y = 0.00583715 * np.arange(area.y, area.bottom)[:, None] % 1
    noise = ((x + y) % 1 * 52.9829189 % 1).astype(np.float32)
    return np.clip(noise, _SAFE, 1 - _SAFE, out=noise)

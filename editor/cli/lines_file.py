"""Lines for a removal to follow, from a file: JSON as ``main.py lines`` writes it, or drawn in a picture."""

import json
from pathlib import Path

import numpy as np

from editor.cli.errors import UsageError
from editor.document import tracing
from editor.document.files import raster
from editor.document.guide import INK, LINE, MAX_GUIDES, Guide, check_count
from engines.installed import command

VERSION = 1
LARGEST = 64 * 2**20  # bytes of JSON
OFF = 3.0  # times the picture's longer side that a point may lie beyond the picture
BRIGHT = 0.5  # from which a pixel of a picture is a stroke's
MOST_DRAWN = 0.2  # of a picture: more than that are no strokes


def read(path: Path, width: int, height: int) -> tuple[Guide, ...]:
    """The lines of a file for a picture of ``width`` x ``height``. Raises UsageError, FileError."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}")
    if path.suffix.lower() == ".json":
        return _from_json(path, width, height)
    return _from_picture(path, width, height)


def _from_picture(path: Path, width: int, height: int) -> tuple[Guide, ...]:
    drawn = raster.read(path)
    _check_size(path, drawn.pixels.shape[1], drawn.pixels.shape[0], width, height)
    values = drawn.pixels * np.float32(1 / np.iinfo(drawn.pixels.dtype).max)
    strokes = values[..., :3].max(axis=-1) * values[..., 3] >= BRIGHT
    if strokes.mean() > MOST_DRAWN:
        raise UsageError(
            f"More than {MOST_DRAWN:.0%} of {path.name} is bright. Draw thin white lines on black"
        )
    lines = tracing.polylines(strokes)
    if not lines:
        raise UsageError(f"There is no line in {path.name}. Draw white lines on black or on nothing")
    return _guides(path, [(line.tolist(), True) for line in lines])


def _from_json(path: Path, width: int, height: int) -> tuple[Guide, ...]:
    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path.name} is larger than {LARGEST >> 20} MiB: it is no file of lines")
    try:
        plain = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UsageError(f"{path.name} is no JSON. Make it with: {command()} lines") from None
    if not isinstance(plain, dict) or not isinstance(plain.get("completed"), list):
        raise UsageError(f'{path.name} has no list "completed" of lines. Make it with: {command()} lines')
    if plain.get("version") != VERSION:
        raise UsageError(f"{path.name} is not of version {VERSION}. Make it anew with: {command()} lines")
    _check_size(path, plain.get("width"), plain.get("height"), width, height)
    if len(plain["completed"]) > MAX_GUIDES:
        raise UsageError(f"{path.name} has more than {MAX_GUIDES:,} lines. Leave some out")
    farthest = OFF * max(width, height)
    lines = []
    for number, line in enumerate(plain["completed"], 1):
        points = line.get("points") if isinstance(line, dict) else None
        enabled = line.get("enabled", True) if isinstance(line, dict) else None
        if not _are_points(points) or type(enabled) is not bool:
            raise UsageError(f"Line {number} of {path.name} is damaged: it needs points, two or more (x, y)")
        for x, y in points:  # NaN is in no range
            if not (-farthest <= x <= width + farthest and -farthest <= y <= height + farthest):
                raise UsageError(f"Line {number} of {path.name} has a point far off the picture, or nowhere")
        lines.append((points, enabled))
    return _guides(path, lines)


def _guides(path: Path, lines: list[tuple[list, bool]]) -> tuple[Guide, ...]:
    try:
        guides = tuple(
            Guide(LINE if len(points) == 2 else INK, tuple(map(tuple, points)), enabled=enabled)
            for points, enabled in lines
        )
        check_count(guides)
    except ValueError as error:
        raise UsageError(f"{path.name}: {error}") from None
    return guides


def _check_size(path: Path, width: object, height: object, wanted_width: int, wanted_height: int) -> None:
    if (width, height) != (wanted_width, wanted_height):
        raise UsageError(
            f"The lines {path.name} are for a picture of {width} x {height} pixels, this one is "
            f"{wanted_width} x {wanted_height}. They must be the same size"
        )


def _are_points(points: object) -> bool:
    return (
        isinstance(points, list)
        and len(points) >= 2
        and all(
            isinstance(point, list)
            and len(point) == 2
            and all(type(number) in (int, float) for number in point)
            for point in points
        )
    )

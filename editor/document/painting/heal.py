"""Healing: strokes that copy a texture and take over the colours around them."""

import math

import numpy as np

from editor.document.geometry import Rect
from editor.document.layers import Layer
from editor.document.model import Document
from editor.document.painting import spot
from editor.document.painting.clone import Offset, area_of, copied
from editor.document.painting.membrane import membrane
from editor.document.painting.source import Source
from editor.document.painting.stroke import BrushStroke
from editor.document.painting.target import WHOLE, Inside, Target
from editor.document.painting.tip import Sample, Tip
from editor.document.tiles import TILE, TileKey

_SEARCHED = 4e6  # pixels that are looked through for a source; of a larger area some are left out
_BAND = 128  # rows of those that are read at a time
_VEIL = np.float32(0.5)  # opacity of what marks the way of a stroke whose source is not known yet


class HealStroke(BrushStroke):
    """A stroke whose zone ends up with the texture at ``offset`` and the colours around the zone.

    While it is drawn it copies like `CloneStroke`, which says what ``offset`` and ``sample`` mean. With
    ``offset`` None (spot healing) it darkens, and the source is found at the end: see `spot.find_source`.
    If there is no room for one, colours are blended smoothly from all sides.

    ``solve`` blends: copied is what lies at the offset plus the `membrane` that spans the differences along
    the zone's border, so that no seam is left. The soft edge, the opacity and the selection weigh the result
    as they do paint. Outside the zone no byte changes.
    """

    def __init__(
        self,
        document: Document,
        layer: Layer,
        offset: Offset | None,
        size: float = 20,
        *,
        sample: str = "layer",
        ignore_adjustments: bool = False,
        opacity: float = 1,
        **tip,
    ) -> None:
        super().__init__(Target(document, layer), Tip(size, **tip), opacity)
        self.name = "Spot healing" if offset is None else "Healing brush"
        self.offset = None if offset is None else (round(offset[0]), round(offset[1]))
        self._source = Source(document, layer, sample, ignore_adjustments=ignore_adjustments)
        self._maximum = np.float32(document.maximum)
        self._canvas = document.rect
        self._healed: dict[TileKey, np.ndarray] | None = None

    def _prepare(self, area: Rect) -> None:
        if self.offset is not None:
            self._source.prepare(area.moved(*self.offset))

    def _paint(
        self, key: TileKey, before: np.ndarray | None, strength: np.ndarray, inside: Inside
    ) -> np.ndarray:
        if self.offset is None:
            return self._target.painted(key, before, self._target.colour((0, 0, 0)), strength * _VEIL, inside)
        pixels = self._source.read(area_of(key, inside).moved(*self.offset))
        return copied(self._target, key, before, pixels, strength, inside)

    def solve(self) -> None:
        """Work out what ``commit`` will put in place: most of its work, which may be done in another thread
        once ``catch_up`` was called and while nothing is drawn."""
        zones = self._zones()
        points = _listed(zones)
        if not len(points):
            self._healed = {}
            return
        offset = self._found(points) if self.offset is None else self.offset
        ring = _around(points, self._canvas)
        there = self._gathered(ring, (0, 0))
        copy = np.array([0, 0, 0, 1], np.float32) if offset is None else self._gathered(ring, offset)
        known = (there[:, 3] > 0) & (copy[..., 3] > 0)
        if offset is None and not known.any():
            self._healed = {}
            return
        spanned = membrane(points, ring[known], (there - copy)[known, :3])
        spanned *= self._maximum
        counts = [int(np.count_nonzero(zone)) for zone in zones.values()]
        parts = np.split(spanned, np.cumsum(counts)[:-1])
        self._healed = {
            key: self._blended(key, zone, part, offset)
            for (key, zone), part in zip(zones.items(), parts, strict=True)
        }

    def commit(self, name: str | None = None) -> None:
        self.catch_up()
        if self._healed is None:
            self.solve()
        for key, before in self._writer.before.items():
            self._writer.replace(key, self._healed.get(key, before))
        super().commit(name)

    def _cover(self, sample: Sample, dirty: dict[TileKey, Rect]) -> None:
        self._healed = None
        super()._cover(sample, dirty)

    def _zones(self) -> dict[TileKey, np.ndarray]:
        """Which pixels of each tile are painted at all, (TILE, TILE) bool."""
        zones = {}
        for key, coverage in self._coverage.items():
            strength = coverage * np.float32(self.opacity)
            self._target.restrict(key, WHOLE, strength)
            zone = strength > 0
            if zone.any():
                zones[key] = zone
        return zones

    def _blended(
        self, key: TileKey, zone: np.ndarray, spanned: np.ndarray, offset: tuple[int, int] | None
    ) -> np.ndarray:
        """A tile with what is copied and ``spanned``, (n, 3) in the range of the pixels, in its ``zone``."""
        import cv2

        before = self._writer.before[key]
        strength = self._coverage[key] * np.float32(self.opacity)
        colour = [np.zeros((TILE, TILE), np.float32) for _ in range(3)]
        if offset is not None:
            *planes, alpha = cv2.split(self._source.read(area_of(key, WHOLE).moved(*offset)))
            strength *= alpha / self._maximum
            colour = [plane.astype(np.float32) for plane in planes]
        for plane, values in zip(colour, spanned.T, strict=True):
            plane[zone] += values
            np.clip(plane, 0, self._maximum, out=plane)
        tile = self._target.painted(key, before, colour, strength, WHOLE)
        tile.flags.writeable = False
        return tile

    def _found(self, points: np.ndarray) -> tuple[int, int] | None:
        """Where to copy from, looked for around the zone ``points``."""
        import cv2

        low = points.min(axis=0)
        height, width = (int(side) for side in points.max(axis=0) - low + 1)
        reach = spot.margin(spot.thickness((width, height, len(points))))
        window = Rect(int(low[1]), int(low[0]), width, height).grown(reach).intersected(self._canvas)
        zone = np.zeros((window.height, window.width), np.uint8)
        zone[tuple((points - (window.y, window.x)).T)] = 1
        stride = math.ceil(math.sqrt(window.width * window.height / _SEARCHED))
        if stride > 1:  # a sample is in the zone if anything of it is nearer than the next one
            zone = cv2.dilate(zone, np.ones((2 * stride - 1,) * 2, np.uint8))[::stride, ::stride]
        rows = range(window.y, window.bottom, stride * _BAND)
        pixels = np.concatenate(
            [
                self._source.read(Rect(window.x, row, window.width, stride * _BAND).intersected(window))[
                    ::stride, ::stride
                ]
                for row in rows
            ]
        )
        found = spot.find_source(
            pixels[..., :3] / self._maximum, np.ascontiguousarray(zone).view(bool), pixels[..., 3] > 0
        )
        return None if found is None else (found[0] * stride, found[1] * stride)

    def _gathered(self, points: np.ndarray, offset: tuple[int, int]) -> np.ndarray:
        """What the source has at ``points``, (n, 2) rows and columns, moved: (n, 4) float32, 0..1."""
        out = np.empty((len(points), 4), np.float32)
        if not len(points):
            return out
        tiles = points // TILE
        order = np.lexsort((tiles[:, 1], tiles[:, 0]))
        ends = np.flatnonzero(np.diff(tiles[order], axis=0).any(axis=1)) + 1
        for group in np.split(order, ends):
            low, high = points[group].min(axis=0), points[group].max(axis=0) + 1
            area = Rect(int(low[1]), int(low[0]), int(high[1] - low[1]), int(high[0] - low[0]))
            out[group] = self._source.read(area.moved(*offset))[tuple((points[group] - low).T)]
        out /= self._maximum
        return out


def _listed(zones: dict[TileKey, np.ndarray]) -> np.ndarray:
    """All pixels of the zones, tile by tile: (n, 2) rows and columns."""
    parts = [np.argwhere(zone) + np.array(key) * TILE for key, zone in zones.items()]
    return np.concatenate(parts) if parts else np.zeros((0, 2), np.intp)


def _around(points: np.ndarray, canvas: Rect) -> np.ndarray:
    """The pixels of the canvas that lie beside ``points`` and are none of them, (m, 2) rows and columns."""
    width = canvas.width + 2
    codes = np.sort((points + 1) @ (width, 1))
    beside = []
    for step in (1, -1, width, -width):
        wanted = codes + step
        places = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
        beside.append(wanted[codes[places] != wanted])
    ring = np.stack(np.divmod(np.unique(np.concatenate(beside)), width), axis=1) - 1
    return ring[((ring >= 0) & (ring < (canvas.height, canvas.width))).all(axis=1)]

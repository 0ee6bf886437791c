"""Outside the mask every byte stays, at any size and depth, in memory and in the file that is saved.

Forty seeded pictures and masks go the whole way: file, document, request, engine, layer, undo, redo, PNG and
TIFF and back. Some with the real network, the others with noise in its place, which is quick and would show
wherever it got to.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from editor.document import masks, storage
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.document.history import Part, TileSwap
from editor.document.tiles import TileWriter
from editor.jobs import remove
from engines.base import Progress
from engines.removal.migan import MiGan


@dataclass(frozen=True)
class Case:
    """One picture and its mask."""

    width: int
    height: int
    mask: str
    bits: int = 8
    kind: str = "RGB"  # "L", "LA", "RGB", "RGBA"
    real: bool = False  # the real network

    def __str__(self):
        network = "-real" if self.real else ""
        return f"{self.width}x{self.height}-{self.kind}{self.bits}-{self.mask}{network}"


CASES = [
    Case(1, 1, "whole", real=True),
    Case(1, 1, "soft", 16, "RGBA"),
    Case(1, 60, "box"),
    Case(60, 1, "strokes", 16, "L"),
    Case(2, 2, "pixel", kind="LA"),
    Case(3, 300, "border", 16),
    Case(5, 5, "whole", 16, "RGBA"),
    Case(30, 20, "parts", real=True),
    Case(30, 20, "faint", 16, "L", real=True),
    Case(40, 33, "all but one"),
    Case(100, 700, "strokes", kind="LA"),
    Case(255, 257, "border", kind="RGBA"),
    Case(256, 256, "whole", 16),
    Case(257, 255, "soft", 16, "RGBA", real=True),
    Case(300, 300, "box", kind="L"),
    Case(320, 240, "noise"),
    Case(320, 240, "noise", 16, "RGBA", real=True),
    Case(400, 300, "strokes", 16, "LA", real=True),
    Case(511, 513, "border", 16, "L"),
    Case(512, 512, "box", 16, real=True),
    Case(512, 512, "whole", kind="RGBA"),
    Case(513, 511, "soft"),
    Case(512, 900, "parts", 16),
    Case(600, 500, "polygon", kind="RGBA", real=True),
    Case(640, 480, "border", real=True),
    Case(640, 480, "strokes", 16, "L"),
    Case(700, 700, "faint", kind="RGBA"),
    Case(768, 100, "box", 16, "RGBA"),
    Case(800, 600, "parts", kind="L", real=True),
    Case(801, 601, "all but one", 16),
    Case(900, 900, "whole"),
    Case(1000, 30, "whole", 16, "LA"),
    Case(1023, 1025, "strokes", kind="RGBA"),
    Case(1024, 768, "soft", 16, "L", real=True),
    Case(1200, 1000, "parts", 16, "RGBA"),
    Case(1280, 960, "polygon"),
    Case(1500, 1100, "border", kind="LA"),
    Case(1600, 900, "box", 16, real=True),
    Case(2500, 1700, "parts", kind="RGBA"),
    Case(6000, 4000, "border"),
]


def picture_of(case, random):
    """(height, width, 4) noise, cheap to make also where it is large."""
    dtype, tall = (np.uint8 if case.bits == 8 else np.uint16), min(case.height, 500)
    shape = (case.height, case.width, 4)
    pixels = random.integers(0, np.iinfo(dtype).max, (tall, case.width, 4), dtype, endpoint=True)
    pixels = np.resize(pixels, shape)
    if case.kind in ("L", "LA"):
        pixels[..., 1:3] = pixels[..., :1]
    if case.kind in ("LA", "RGBA"):
        clear = random.random(shape[:2]) < 0.3
        pixels[clear, 3] = 0
    else:
        pixels[..., 3] = np.iinfo(dtype).max
    return pixels


def draw(document, case, random):
    """Put the mask that the case names into the document."""
    width, height = case.width, case.height
    values = np.zeros((height, width), np.uint8)

    def box(x, y, w, h, value=255):
        values[y : y + max(h, 1), x : x + max(w, 1)] = value

    if case.mask == "whole":
        values[...] = 255
    elif case.mask == "pixel":
        values[height // 2, width // 2] = 255
    elif case.mask == "all but one":
        values[...] = 255
        values[height // 2, width // 3] = 0
    elif case.mask == "box":
        box(width // 4, height // 3, width // 4, height // 4)
    elif case.mask == "faint":
        box(width // 4, height // 3, width // 4, height // 4, value=1)
    elif case.mask == "soft":
        values[...] = random.integers(0, 256, values.shape)
        values[: height // 2] = 0 if height > 1 else 128
    elif case.mask == "noise":
        values[random.random(values.shape) < 0.01] = 255
    elif case.mask == "border":
        short = min(height, 300)
        box(0, height // 2, width // 8, short // 3)
        box(width - 2, 0, 2, short)
        box(width // 3, height - 1, width // 5, 1)
    elif case.mask == "parts":
        for _ in range(6):
            x, y = random.integers(0, (width, height))
            box(int(x), int(y), width // 12, height // 10)
    if values.any():
        document.edit("Mask", masks.replace(document.selection, values))
        return
    writer = TileWriter(document.selection)
    if case.mask == "polygon":
        corners = random.uniform(0, (width, height), (7, 2))
        masks.draw_polygon(writer, [tuple(corner) for corner in corners], document.rect)
    else:
        for _ in range(4):
            start, end = random.uniform(-5, (width + 5, height + 5), (2, 2))
            radii = tuple(random.uniform(0.5, 25, 2))
            masks.draw_segment(writer, tuple(start), tuple(end), radii, float(random.random()), document.rect)
    document.record("Brush", TileSwap(document.selection, writer.before, Part.SELECTION))


class Noise:
    """In the network's place: noise over its whole range."""

    device = "fake"
    answer = np.random.default_rng(0).uniform(-1.2, 1.2, (1, 3, 512, 512)).astype(np.float32)

    def run(self, batch, progress):
        return self.answer


@pytest.fixture(scope="module")
def real():
    return MiGan("cpu")


@pytest.fixture(scope="module")
def fake():
    engine = MiGan.__new__(MiGan)
    engine._network = Noise()
    return engine


def same_outside(before, after, outside):
    """Compare bytes, a band of rows at a time: these are large."""
    for top in range(0, len(before), 512):
        rows = np.s_[top : top + 512]
        different = (before[rows] != after[rows]).any(axis=-1) & outside[rows]
        assert not different.any(), f"{different.sum()} pixels beyond the mask changed, rows from {top}"


def test_the_zone_is_the_mask():
    assert remove.MARGIN == 0


def test_there_are_forty_and_ten_are_real():
    assert len(CASES) == len(set(CASES)) == 40
    assert sum(case.real for case in CASES) >= 10


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_changes_beyond_the_mask(tmp_path, case, real, fake):
    random = np.random.default_rng([case.width, case.height, case.bits])
    source = tmp_path / ("source.png" if case.width < 3000 else "source.tif")
    grey, alpha = case.kind in ("L", "LA"), case.kind in ("LA", "RGBA")
    raster.write(source, raster.Raster(picture_of(case, random), grey, alpha, Metadata()))
    document = storage.open_document(source)
    assert (document.bits, document.grey, document.has_alpha) == (case.bits, grey, alpha)
    draw(document, case, random)

    original = document.composite(document.rect)
    mask = document.selection.read(document.rect)[..., 0]
    outside = mask == 0
    assert mask.any()

    place = CASES.index(case)
    request = remove.request(document, seed=place if place % 2 else 0)  # and so with every view there is
    result = (real if case.real else fake).run(request, Progress())
    layer = remove.apply(document, request, result)
    after = document.composite(document.rect)
    same_outside(original, after, outside)
    same_outside(layer.image.read(document.rect), np.zeros_like(after), outside)
    assert not document.selection.read(document.rect).any()
    if case.mask not in ("faint", "pixel") and min(case.width, case.height) > 2:
        changed = (original != after).any(axis=-1)
        assert changed[mask == 255].mean() > 0.5 if (mask == 255).any() else changed.any()

    snapshot = document.snapshot()
    for suffix in (".png", ".tif"):
        storage.save(snapshot, tmp_path / f"saved{suffix}")
        saved = raster.read(tmp_path / f"saved{suffix}")
        assert saved.pixels.dtype == original.dtype
        assert (saved.grey, saved.has_alpha) == (grey, alpha)
        same_outside(original, saved.pixels, outside)
        np.testing.assert_array_equal(saved.pixels, after)

    document.undo()
    np.testing.assert_array_equal(document.composite(document.rect), original)
    np.testing.assert_array_equal(document.selection.read(document.rect)[..., 0], mask)
    document.redo()
    np.testing.assert_array_equal(document.composite(document.rect), after)
    assert not document.selection.read(document.rect).any()


@pytest.mark.parametrize("bits", [8, 16])
def test_an_empty_mask_changes_nothing(make_document, whole, bits):
    document = make_document(bits=bits, alpha=True)
    before = whole(document)
    with pytest.raises(remove.NothingMasked):
        remove.request(document)
    assert whole(document) == before
    assert not document.history.modified


def test_ten_removals_one_after_the_other(fake, make_document):
    """Every removal keeps to its own mask, over all the earlier ones, and all of them can be undone."""
    document = make_document(600, 500, alpha=True)
    random = np.random.default_rng(9)
    states = [document.composite(document.rect)]
    for _ in range(10):
        values = np.zeros((500, 600), np.uint8)
        x, y = random.integers(0, (560, 460))
        values[y : y + 60, x : x + 60] = random.integers(1, 256)
        document.edit("Mask", masks.replace(document.selection, values))
        request = remove.request(document)
        remove.apply(document, request, fake.run(request, Progress()))
        states.append(document.composite(document.rect))
        same_outside(states[-2], states[-1], values == 0)
    for state in reversed(states):
        np.testing.assert_array_equal(document.composite(document.rect), state)
        document.undo()
        document.undo()

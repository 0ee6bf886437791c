"""Levels are means of the source; only what changed and is looked at is ever asked of it."""

import threading

import numpy as np
import pytest
import shiboken6
from PySide6.QtGui import QImage

from editor.document import progress
from editor.document.geometry import Rect
from editor.document.tiles import TILE
from editor.ui import rendering
from editor.ui.pyramid import Pyramid, as_qimage


def as_array(image: QImage) -> np.ndarray:
    """(h, w, 4) premultiplied RGBA."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


class Source:
    """A picture that remembers what was asked of it."""

    def __init__(self, width: int, height: int, *, alpha: bool = False, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self.pixels = random.integers(0, 256, (height, width, 4), np.uint8)
        self.pixels[..., 3] = np.maximum(self.pixels.max(axis=-1), 1) if alpha else 255
        self.asked: list[Rect] = []
        self.empty = False

    def __call__(self, area: Rect) -> np.ndarray | None:
        self.asked.append(area)
        return None if self.empty else self.pixels[area.slices]

    def pyramid(self, **options) -> Pyramid:
        return Pyramid(self.pixels.shape[1], self.pixels.shape[0], self, **options)


def box_means(pixels: np.ndarray, step: int) -> np.ndarray:
    height, width = (-(-side // step) for side in pixels.shape[:2])
    out = np.empty((height, width, 4))
    for row in range(height):
        for column in range(width):
            block = pixels[row * step : (row + 1) * step, column * step : (column + 1) * step]
            out[row, column] = block.mean(axis=(0, 1))
    return out


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("level", [0, 1, 2, 3, 6])
def test_levels_are_box_means(level, alpha):
    source = Source(333, 211, alpha=alpha)
    pyramid = source.pyramid()
    shown = as_array(pyramid.read(level, pyramid.size(level)))
    out = np.abs(shown - box_means(source.pixels, 1 << level))
    assert out[:-1, :-1].max() <= (0.51 if level else 0)
    assert out.max() <= 1  # at the right and the bottom Pillow rounds means of fewer pixels less well


def test_an_area_is_that_part_of_the_whole():
    source = Source(700, 300)
    pyramid = source.pyramid()
    area = Rect(200, 100, 150, 90)
    assert np.array_equal(as_array(pyramid.read(0, area)), source.pixels[area.slices])
    assert pyramid.read(0, Rect(700, 0, 10, 10)) is None
    clipped = pyramid.read(0, Rect(-50, -50, 60, 60))
    assert (clipped.width(), clipped.height()) == (10, 10)


def test_a_dab_where_tiles_meet_is_looked_at_once():
    source = Source(4 * TILE, 4 * TILE)
    pyramid = source.pyramid()
    pyramid.read(0, pyramid.size(0))
    dab = Rect(2 * TILE - 90, TILE - 60, 200, 200)
    source.pixels[dab.slices] ^= 0x55
    source.asked.clear()
    pyramid.invalidate(dab)
    shown = as_array(pyramid.read(0, pyramid.size(0)))
    assert source.asked == [dab]
    assert np.array_equal(shown, source.pixels)


def test_two_dabs_far_apart_are_looked_at_apart():
    source = Source(4 * TILE, 4 * TILE)
    pyramid = source.pyramid()
    pyramid.read(0, pyramid.size(0))
    dabs = [Rect(10, 10, 50, 50), Rect(3 * TILE + 10, 3 * TILE + 10, 50, 50)]
    source.asked.clear()
    for dab in dabs:
        pyramid.invalidate(dab)
    pyramid.read(0, pyramid.size(0))
    assert sorted(source.asked) == dabs


def test_only_tiles_that_are_read_are_made_and_only_once():
    source = Source(4 * TILE, 4 * TILE)
    pyramid = source.pyramid()
    for _ in range(2):
        pyramid.read(0, Rect(TILE + 5, TILE + 5, 10, 10))
        assert source.asked == [Rect(TILE, TILE, TILE, TILE)]


@pytest.mark.parametrize("level", [0, 1, 3])
def test_only_what_changed_is_made_again(level):
    source = Source(1000, 800)
    pyramid = source.pyramid()
    whole = pyramid.size(level)
    pyramid.read(level, whole)
    source.asked.clear()
    area = Rect(301, 99, 40, 31)
    source.pixels[area.slices] = (1, 2, 3, 255)
    pyramid.invalidate(area)
    assert source.asked == []  # not before it is looked at
    shown = as_array(pyramid.read(level, whole))
    step = 1 << level
    assert np.abs(shown - box_means(source.pixels, step)).max() <= (1 if level else 0)
    asked = source.asked[0]
    for other in source.asked[1:]:
        asked = asked.united(other)
    assert asked.intersected(area) == area
    assert asked.width < area.width + 2 * step and asked.height < area.height + 2 * step


def test_a_change_elsewhere_costs_nothing():
    source = Source(1000, 800)
    pyramid = source.pyramid()
    pyramid.read(0, Rect(0, 0, 100, 100))
    source.asked.clear()
    pyramid.invalidate(Rect(700, 700, 20, 20))
    pyramid.read(0, Rect(0, 0, 100, 100))
    assert source.asked == []


def test_two_changes_in_one_tile_are_both_seen():
    source = Source(200, 200)
    pyramid = source.pyramid()
    pyramid.read(0, pyramid.size(0))
    for x in (10, 150):
        area = Rect(x, x, 5, 5)
        source.pixels[area.slices] = 255
        pyramid.invalidate(area)
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)


def test_a_ready_half_serves_until_the_first_change():
    source = Source(301, 203)
    half = np.rint(box_means(source.pixels, 2)).astype(np.uint8)
    pyramid = source.pyramid(halves=(half,))
    assert np.array_equal(as_array(pyramid.read(1, pyramid.size(1))), half)
    # Means of rounded means are within one step of the means.
    shown = as_array(pyramid.read(2, pyramid.size(2)))
    assert np.abs(shown[:50, :75] - box_means(source.pixels, 4)[:50, :75]).max() <= 1.01
    assert source.asked == []
    source.pixels[:10, :10] = 255
    pyramid.invalidate(Rect(0, 0, 10, 10))
    shown = as_array(pyramid.read(1, pyramid.size(1)))
    assert np.abs(shown - box_means(source.pixels, 2)).max() <= 1
    assert source.asked


def test_nothing_to_show():
    source = Source(600, 100)
    source.empty = True
    pyramid = source.pyramid()
    assert pyramid.read(0, pyramid.size(0)) is None
    assert pyramid.read(2, pyramid.size(2)) is None


def test_what_was_there_goes_when_there_is_nothing_any_more():
    source = Source(100, 100)
    pyramid = source.pyramid()
    pyramid.read(0, pyramid.size(0))
    source.empty = True
    pyramid.invalidate(Rect(20, 30, 10, 10))
    shown = as_array(pyramid.read(0, pyramid.size(0)))
    expected = source.pixels.copy()
    expected[30:40, 20:30] = 0
    assert np.array_equal(shown, expected)


def test_part_of_an_empty_tile_is_filled_later():
    source = Source(100, 100)
    source.empty = True
    pyramid = source.pyramid()
    assert pyramid.read(0, pyramid.size(0)) is None
    source.empty = False
    pyramid.invalidate(Rect(20, 30, 10, 10))
    shown = as_array(pyramid.read(0, pyramid.size(0)))
    expected = np.zeros_like(source.pixels)
    expected[30:40, 20:30] = source.pixels[30:40, 20:30]
    assert np.array_equal(shown, expected)


def test_least_recently_read_tiles_are_let_go():
    source = Source(20 * TILE, TILE)
    pyramid = source.pyramid(budget=16 * TILE * TILE * 4)

    def read(column: int) -> int:
        source.asked.clear()
        pyramid.read(0, Rect(column * TILE, 0, 10, 10))
        return len(source.asked)

    for column in range(16):
        assert read(column) == 1
    assert read(0) == 0  # still there, and now the newest
    assert read(16) == 1  # pushes out 1
    assert read(0) == 0
    assert read(1) == 1
    assert len(pyramid._tiles) == 16


def test_more_than_the_budget_can_still_be_read():
    source = Source(20 * TILE, TILE)
    pyramid = source.pyramid(budget=1)
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)
    assert len(pyramid._tiles) == 16


def test_images_do_not_borrow_memory():
    pixels = np.full((3, 5, 4), 200, np.uint8)
    image = as_qimage(pixels[:, ::-1])
    pixels[:] = 0
    assert (as_array(image) == 200).all()


# -- in the background ---------------------------------------------------------------------------------


class Slow(Source):
    """One that is made in the background; ``gate`` holds that thread up."""

    def __init__(self, *arguments, layers: float = 1000, **options) -> None:
        super().__init__(*arguments, **options)
        self.layers = layers
        self.gate = threading.Event()
        self.gate.set()
        self.looks: list[str] = []

    def cost(self, area: Rect) -> float:
        return area.width * area.height * self.layers

    def _look(self, name: str, pixels: np.ndarray):
        def look(area: Rect) -> np.ndarray:
            assert threading.current_thread() is not threading.main_thread()
            assert self.gate.wait(10)
            progress.check()
            self.looks.append(name)
            return pixels[area.slices]

        return look

    def frozen(self):
        return self._look("exact", self.pixels.copy())

    def rough(self, step: int):
        return self._look("rough", self.pixels[step // 2 :: step, step // 2 :: step].copy())

    def pyramid(self, qtbot, **options) -> Pyramid:
        made = Pyramid(self.pixels.shape[1], self.pixels.shape[0], self, in_background=True, **options)
        self.told = []
        made.made.connect(lambda: self.told.append(1))
        self.qtbot = qtbot
        return made

    def wait(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.told) >= count)


@pytest.fixture(autouse=True)
def no_rest(monkeypatch):
    monkeypatch.setattr(rendering, "REST", 0.0)


def test_what_takes_long_is_made_roughly_and_then_exactly(qtbot):
    source = Slow(1000, 800)
    pyramid = source.pyramid(qtbot)
    whole = pyramid.size(1)
    shown = []
    pyramid.made.connect(lambda: shown.append(as_array(pyramid.read(1, whole))))
    assert not as_array(pyramid.read(1, whole)).any()  # nothing yet
    source.wait(2)
    assert source.looks[0] == "rough"
    assert np.array_equal(shown[0], source.pixels[1::2, 1::2])
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    assert np.abs(as_array(pyramid.read(1, whole)) - box_means(source.pixels, 2)).max() <= 1
    assert source.asked == [] and pyramid._rendering._batch is None


def test_at_full_size_there_is_no_rough_look(qtbot):
    source = Slow(600, 300)
    pyramid = source.pyramid(qtbot)
    pyramid.read(0, pyramid.size(0))
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    assert set(source.looks) == {"exact"}
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)


def test_what_is_quick_is_there_at_once(qtbot):
    source = Slow(600, 300, layers=1)
    pyramid = source.pyramid(qtbot)
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)
    source.layers = 1000
    source.pixels[10:20, 30:50] = 9
    pyramid.invalidate(Rect(30, 10, 20, 10))  # a small part of it is, too
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)
    assert source.looks == []


def test_what_there_was_is_shown_until_it_is_made(qtbot):
    source = Slow(600, 300)
    pyramid = source.pyramid(qtbot)
    pyramid.read(0, pyramid.size(0))
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    before = source.pixels.copy()
    source.pixels[:] = source.pixels[::-1]
    source.gate.clear()
    pyramid.invalidate(pyramid.size(0))
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), before)
    source.gate.set()
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)


@pytest.mark.parametrize("layers", [40, 1000])
def test_a_change_while_it_is_made_is_not_lost(qtbot, layers):
    """A small one, made at once, and a large one, for which what is being made is given up."""
    source = Slow(1000, 800, layers=layers)
    pyramid = source.pyramid(qtbot)
    source.gate.clear()
    pyramid.read(0, pyramid.size(0))
    for area in (Rect(10, 10, 30, 30), Rect(0, 0, 700, 500), Rect(500, 20, 30, 9)):
        source.pixels[area.slices] = 255 - source.pixels[area.slices]
        pyramid.invalidate(area)
        pyramid.read(0, pyramid.size(0))
    source.gate.set()
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    assert np.array_equal(as_array(pyramid.read(0, pyramid.size(0))), source.pixels)


def test_random_changes_and_looks_end_in_the_picture_as_it_is(qtbot):
    random = np.random.default_rng(1)
    source = Slow(900, 700, layers=30)
    pyramid = source.pyramid(qtbot, budget=20 * TILE * TILE * 4)
    for _ in range(60):
        x, y = int(random.integers(0, 850)), int(random.integers(0, 650))
        side = int(random.choice([5, 40, 600]))
        area = Rect(x, y, side, side).intersected(pyramid.size(0))
        source.pixels[area.slices] = random.integers(0, 256, 4)
        pyramid.invalidate(area)
        pyramid.read(int(random.integers(0, 3)), Rect(*random.integers(0, 500, 2).tolist(), 300, 300))
        qtbot.wait(int(random.integers(0, 4)))
    for level in (0, 1, 2):
        pyramid.read(level, pyramid.size(level))
        qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
        shown = as_array(pyramid.read(level, pyramid.size(level)))
        assert np.abs(shown - box_means(source.pixels, 1 << level)).max() <= (1 if level else 0)


def test_the_rough_look_comes_again_while_the_picture_keeps_changing(qtbot, monkeypatch):
    monkeypatch.setattr(rendering, "REST", 60.0)
    source = Slow(1000, 800)
    pyramid = source.pyramid(qtbot)
    for count in range(1, 4):
        source.pixels[:] = 50 * count
        pyramid.invalidate(pyramid.size(0))
        pyramid.read(1, pyramid.size(1))
        source.wait(count)
        assert (as_array(pyramid.read(1, pyramid.size(1))) == 50 * count).all()
    assert set(source.looks) == {"rough"}
    monkeypatch.setattr(rendering, "REST", 0.0)
    pyramid.invalidate(pyramid.size(0))
    pyramid.read(1, pyramid.size(1))
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    assert "exact" in source.looks


@pytest.mark.parametrize(("there", "level"), [(2, 0), (0, 1)])
def test_other_levels_stand_in_for_what_is_not_made_yet(qtbot, there, level):
    source = Slow(1000, 800)
    source.pixels[:, :500], source.pixels[:, 500:] = (200, 0, 0, 255), (0, 0, 200, 255)
    pyramid = source.pyramid(qtbot)
    pyramid.read(there, pyramid.size(there))
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    source.gate.clear()
    shown = as_array(pyramid.read(level, pyramid.size(level)))
    middle = shown.shape[1] // 2
    assert (shown[:, : middle - 8] == (200, 0, 0, 255)).all()
    assert (shown[:, middle + 8 :] == (0, 0, 200, 255)).all()
    source.gate.set()
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)


def test_what_is_looked_at_now_comes_first(qtbot):
    source = Slow(40 * TILE, TILE)
    pyramid = source.pyramid(qtbot)
    source.gate.clear()
    for column in range(0, 40, 2):
        pyramid.read(0, Rect(column * TILE, 0, 10, 10))
    made = []
    pyramid.made.connect(
        lambda: made.extend(
            key[2] for key, tile in pyramid._tiles.items() if not tile.stale and key[2] not in made
        )
    )
    source.gate.set()
    qtbot.waitUntil(lambda: not pyramid._rendering._wanted)
    assert made == [0, *range(38, 0, -2)]  # the first had been begun


def test_a_closed_pyramid_makes_nothing_any_more(qtbot):
    source = Slow(1000, 800)
    pyramid = source.pyramid(qtbot)
    source.gate.clear()
    pyramid.read(0, pyramid.size(0))
    pyramid.close()
    source.gate.set()
    assert rendering._background.wait(10)
    qtbot.wait(20)
    assert source.looks == [] and source.told == []


def test_one_that_is_gone_harms_nobody(qtbot):
    source = Slow(1000, 800)
    pyramid = source.pyramid(qtbot)
    source.gate.clear()
    pyramid.read(0, pyramid.size(0))
    shiboken6.delete(pyramid)
    source.gate.set()
    assert rendering._background.wait(10)

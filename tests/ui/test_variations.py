"""Several results for one hole: made one after the other, compared in the picture, one of them kept."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from windows import NO_KEYS, WAIT, FakeEngine, open_pictures, press_key, toasts, wait_for_toast

from editor.document import canvas as canvas_edits
from editor.document import masks
from editor.document.geometry import Rect
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage, TileWriter
from editor.jobs.remove import Removal
from editor.ui import fill_preview
from editor.ui.candidate_tile import SIDE
from editor.ui.candidates import CandidateStrip
from engines import registry
from engines.base import EngineError, Patch, RemoveResult

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HOLE = Rect(300, 90, 60, 50)


class Shades(FakeEngine):
    """Fills with a grey that says which seed it was; ``faulty`` seeds fail."""

    def __init__(self) -> None:
        super().__init__()
        self.seeds: list[int] = []
        self.faulty: set[int] = set()

    def run(self, request, progress) -> RemoveResult:
        self.seeds.append(request.seed)
        if request.seed in self.faulty:
            raise EngineError("The engine is out of paint.")
        made = super().run(request, progress)
        patches = [
            Patch(each.box, np.full_like(each.rgb, shade(request.seed) / 255), each.alpha)
            for each in made.patches
        ]
        return RemoveResult(tuple(patches), made.engine, made.weights_sha256, made.device)


def shade(seed: int) -> int:
    return 30 + 20 * seed


@pytest.fixture
def engine() -> Shades:
    return Shades()


@pytest.fixture
def document(window, qtbot, picture) -> Document:
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels.are_filled)
    _select(window.document)
    window.canvas.zoom_to(1.0)
    return window.document


def _select(document, area: Rect = HOLE) -> None:
    values = np.zeros((document.height, document.width), np.uint8)
    values[area.slices] = 255
    document.edit("Mask", masks.replace(document.selection, values))


def _strip(window) -> CandidateStrip | None:
    strips = window.canvas.findChildren(CandidateStrip)
    return next((each for each in strips if each.isVisible()), None)


def _make(qtbot, window, count: int = 4) -> CandidateStrip:
    press_key(window, KEYS.Key_Return, CTRL)
    return _wait_for(qtbot, window, count)


def _wait_for(qtbot, window, count: int) -> CandidateStrip:
    qtbot.waitUntil(lambda: len(_strip(window).tiles) == count, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.removing.is_running(window.document), timeout=WAIT)
    return _strip(window)


def _shown(strip: CandidateStrip) -> list[int]:
    return [place for place, tile in enumerate(strip.tiles) if tile.isChecked()]


def _shot(canvas) -> np.ndarray:
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    image = QImage(canvas.size(), QImage.Format.Format_RGB888)
    canvas.render(image, QPoint(), canvas.rect(), canvas.RenderFlag.DrawWindowBackground)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def _in_hole(canvas) -> set[tuple[int, ...]]:
    """The colours that the canvas shows of the hole."""
    corner = canvas.view.to_widget(HOLE.x, HOLE.y).toPoint()
    shot = _shot(canvas)[corner.y() : corner.y() + HOLE.height, corner.x() : corner.x() + HOLE.width]
    return {tuple(int(value) for value in colour) for colour in shot.reshape(-1, 3)}


def _grey(seed: int) -> set[tuple[int, ...]]:
    return {(shade(seed),) * 3}


def _entries(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


# --- Making and keeping ---


def test_four_results_are_made_and_nothing_is_in_the_history(window, qtbot, document, engine, whole):
    before, entries = whole(document), _entries(document)
    strip = _make(qtbot, window)
    assert engine.seeds == [0, 1, 2, 3]
    assert whole(document) == before
    assert _entries(document) == entries
    assert len(document.layers) == 1
    assert _shown(strip) == [0]
    assert _in_hole(window.canvas) == _grey(0)  # live in the picture, without the veil
    for place, tile in enumerate(strip.tiles):
        assert tile.isEnabled()
        assert tile.toolTip() == tile.accessibleName() == f"Result {place + 1}: MI-GAN, seed {place}"
    assert window.focusWidget() is window.canvas


@pytest.mark.parametrize("how", ["key", "button"])
@pytest.mark.parametrize("place", [0, 2])
def test_keeping_one_is_one_entry(window, qtbot, document, whole, how, place):
    before, entries = whole(document), _entries(document)
    strip = _make(qtbot, window)
    press_key(window, KEYS.Key_1 + place)
    assert _in_hole(window.canvas) == _grey(place)
    if how == "key":
        press_key(window, KEYS.Key_Return)
    else:
        QTest.mouseClick(strip.keep_button, LEFT)
    assert _strip(window) is None
    assert window.canvas.covering is None
    assert _entries(document) == [*entries, "Remove"]
    layer = document.layers[-1]
    assert (layer.name, layer.recipe.seed, layer.recipe.engine) == ("Removed", place, "migan")
    assert not document.selection.read(document.rect).any()
    qtbot.waitUntil(lambda: not window.canvas._zone_timer.isActive())
    assert _in_hole(window.canvas) == _grey(place)
    outside = np.ones((document.height, document.width), bool)
    outside[HOLE.slices] = False
    pixels = np.frombuffer(before[0], np.uint8).reshape(document.height, document.width, 4)
    np.testing.assert_array_equal(document.composite(document.rect)[outside], pixels[outside])
    wait_for_toast(qtbot, window, "info", "Removed with MI-GAN")
    press_key(window, KEYS.Key_Z, CTRL)
    assert whole(document) == before


@pytest.mark.parametrize("how", ["key", "button"])
def test_discarding_leaves_the_picture_as_it_was(window, qtbot, document, whole, how):
    before, entries = whole(document), _entries(document)
    canvas = window.canvas
    _make(qtbot, window)
    if how == "key":
        press_key(window, KEYS.Key_Escape)
    else:
        _strip(window).discarded.emit()
    assert _strip(window) is None
    assert canvas.covering is None
    assert whole(document) == before
    assert _entries(document) == entries
    assert toasts(window) == []
    assert window.actions_by_id["removing.start"].isEnabled()


def test_a_kept_result_is_what_remove_with_its_seed_gives(make_window, qtbot, document, window, engine):
    _make(qtbot, window)
    press_key(window, KEYS.Key_4)
    press_key(window, KEYS.Key_Return)
    kept = document.layers[-1]
    document.undo()
    window.removing._removals.start(document, Removal("migan", seed=3))
    qtbot.waitUntil(lambda: len(document.layers) == 2, timeout=WAIT)
    again = document.layers[-1]
    assert again is not kept
    assert again.image.read(document.rect).tobytes() == kept.image.read(document.rect).tobytes()
    assert again.recipe == kept.recipe


def test_nothing_selected_is_a_hint(window, qtbot, document, engine):
    document.edit("Deselect", masks.clear(document.selection))
    press_key(window, KEYS.Key_Return, CTRL)
    wait_for_toast(qtbot, window, "warning", "Nothing is masked yet")
    assert _strip(window) is None
    assert engine.runs == 0
    assert not window.removing.is_busy(document)


def test_the_number_is_chosen_in_the_options(make_window, qtbot, window, document, engine):
    menu = window.options.vary_button.menu()
    menu.aboutToShow.emit()
    assert [action.isChecked() for action in menu.actions()] == [False, False, True, False, False]
    next(action for action in menu.actions() if action.text() == "2 results").trigger()
    strip = _make(qtbot, window, 2)
    assert engine.seeds == [0, 1]
    assert strip.more_button.toolTip() == "Make 2 more results"
    assert window.settings.variations == 2


def test_more(window, qtbot, document, engine):
    strip = _make(qtbot, window)
    width = strip.width()
    QTest.mouseClick(strip.more_button, LEFT)
    _wait_for(qtbot, window, 8)
    assert strip.width() > width + 3 * SIDE  # as wide as the canvas has room for
    assert engine.seeds == list(range(8))
    assert _shown(strip) == [0]  # what is looked at stays
    press_key(window, KEYS.Key_7)
    assert _in_hole(window.canvas) == _grey(6)


def test_another_engine_makes_more(window, qtbot, document, engine, monkeypatch):
    import dataclasses

    other = dataclasses.replace(registry.ENGINES[0], id="other", title="Other")
    monkeypatch.setattr(registry, "ENGINES", (registry.ENGINES[0], other))
    strip = _make(qtbot, window)
    menu = strip.more_button.menu()
    assert [action.text() for action in menu.actions()] == ["MI-GAN", "Other"]
    menu.actions()[1].trigger()
    _wait_for(qtbot, window, 8)
    assert engine.seeds == [0, 1, 2, 3, 0, 1, 2, 3]
    assert strip.tiles[5].toolTip() == "Result 6: Other, seed 1"
    QTest.mouseClick(strip.more_button, LEFT)  # of the same
    _wait_for(qtbot, window, 12)
    assert engine.seeds[8:] == [4, 5, 6, 7]
    assert strip.tiles[8].toolTip() == "Result 9: Other, seed 4"
    press_key(window, KEYS.Key_6)
    press_key(window, KEYS.Key_Return)
    assert document.layers[-1].recipe.engine == "other"


# --- Looking ---


def test_arrows_go_round_and_digits_choose(window, qtbot, document):
    strip = _make(qtbot, window)
    for key, place in (
        (KEYS.Key_Right, 1),
        (KEYS.Key_Right, 2),
        (KEYS.Key_Left, 1),
        (KEYS.Key_4, 3),
        (KEYS.Key_Right, 0),
        (KEYS.Key_Left, 3),
        (KEYS.Key_9, 3),  # there is none
    ):
        press_key(window, key)
        assert _shown(strip) == [place]
        assert _in_hole(window.canvas) == _grey(place)
    QTest.mouseClick(strip.tiles[1], LEFT)
    assert _shown(strip) == [1]
    QTest.mouseClick(strip.tiles[1], LEFT)  # a second click does not take the mark away
    assert _shown(strip) == [1]


def test_the_keys_are_the_strip_s_and_not_the_tool_s(window, qtbot, document):
    """Arrows would nudge with the move tool, and digits are a layer's opacity."""
    hits = []
    window.actions_by_id["layers.type_digit.2"].triggered.connect(lambda: hits.append(1))
    _make(qtbot, window)
    window.tools.use("move")
    entries = _entries(document)
    press_key(window, KEYS.Key_2)
    press_key(window, KEYS.Key_Right)
    assert hits == [] and _entries(document) == entries
    assert _shown(_strip(window)) == [2]
    press_key(window, KEYS.Key_Escape)
    press_key(window, KEYS.Key_2)
    assert hits == [1]


def test_the_picture_without_is_seen_while_the_key_is_held(window, qtbot, document):
    canvas = window.canvas
    original = {tuple(int(v) for v in each) for each in document.composite(HOLE)[..., :3].reshape(-1, 3)}
    _make(qtbot, window)
    QTest.keyPress(canvas, KEYS.Key_Backslash)
    assert _in_hole(canvas) == original
    QTest.keyRelease(canvas, KEYS.Key_Backslash)
    assert _in_hole(canvas) == _grey(0)


@pytest.mark.parametrize("zoom", [1.0, 0.4, 0.1, 3.0])
def test_beyond_the_hole_the_picture_is_as_it_is(window, qtbot, document, zoom):
    """No veil and no dashes over a result, and no pixel of the picture around it different."""
    canvas = window.canvas
    canvas.zoom_to(zoom)
    _make(qtbot, window)
    shot = _shot(canvas)
    press_key(window, KEYS.Key_Return)
    qtbot.waitUntil(lambda: not canvas._zone_timer.isActive())
    # What is drawn from afar before the first change is a mean of means, which were rounded.
    assert np.abs(shot.astype(int) - _shot(canvas)).max() <= (1 if zoom < 0.25 else 0)


def test_a_result_beside_the_picture_and_beside_another(window, qtbot, document):
    canvas = window.canvas
    strip = _make(qtbot, window)
    plain = {tuple(int(v) for v in each) for each in document.composite(HOLE)[..., :3].reshape(-1, 3)}
    QTest.mouseClick(strip.split_button, LEFT)
    assert strip.split_button.isChecked()
    assert window.actions_by_id["comparing.toggle_columns"].isChecked()
    handle = canvas.comparison._handle
    middle = canvas.view.to_widget(HOLE.x + HOLE.width / 2, 0).x()
    handle.move_to(middle / canvas.width())
    press_key(window, KEYS.Key_2)
    assert _in_hole(canvas) - plain == _grey(1)
    assert len(_in_hole(canvas) & plain) > 100

    press_key(window, KEYS.Key_Right, SHIFT)  # the one on the left
    assert _in_hole(canvas) == _grey(0) | _grey(1)
    press_key(window, KEYS.Key_Left, SHIFT)
    assert len(_in_hole(canvas) & plain) > 100
    QTest.mouseClick(strip.tiles[3], LEFT, SHIFT)
    assert _in_hole(canvas) == _grey(3) | _grey(1)
    QTest.keyPress(canvas, KEYS.Key_Backslash)  # before is the picture without any
    assert _in_hole(canvas) == plain
    QTest.keyRelease(canvas, KEYS.Key_Backslash)
    QTest.mouseClick(strip.tiles[3], LEFT, SHIFT)
    assert len(_in_hole(canvas) & plain) > 100

    press_key(window, KEYS.Key_Escape)  # the split first, then the results
    assert canvas.comparison.split == "" and _strip(window) is not None
    assert _in_hole(canvas) == _grey(1)
    press_key(window, KEYS.Key_Escape)
    assert _strip(window) is None


def test_clicking_a_tile_with_shift_splits_the_view(window, qtbot, document):
    strip = _make(qtbot, window)
    QTest.mouseClick(strip.tiles[2], LEFT, SHIFT)
    assert window.canvas.comparison.split == "columns"
    assert _shown(strip) == [0]


def test_what_is_edited_meanwhile_shows_with_the_results(window, qtbot, document, whole):
    """An adjustment over everything, a stroke beside the hole, a layer that is hidden: all of it at once."""
    canvas = window.canvas
    _make(qtbot, window)
    writer = TileWriter(document.layers[0].image)
    area = Rect(HOLE.right, HOLE.y, 20, 20)
    writer.write(area, np.full((20, 20, 4), 255, np.uint8))
    from editor.document.history import Part, TileSwap

    document.record("Paint", TileSwap(document.layers[0].image, writer.before, Part.PIXELS))
    veil = np.zeros((document.height, document.width, 4), np.uint8)
    veil[..., 3] = 128
    document.set_layers((*document.layers, PixelLayer("Dark", TiledImage.from_array(veil))), "Add")
    shot = _shot(canvas)
    press_key(window, KEYS.Key_Return)
    qtbot.waitUntil(lambda: not canvas._zone_timer.isActive())
    np.testing.assert_array_equal(shot, _shot(canvas))


def test_the_mask_that_was_drawn_on_meanwhile_does_not_count(window, qtbot, document, engine):
    """All results are for the same hole, also those that are asked for later; what is drawn stays."""
    canvas = window.canvas
    strip = _make(qtbot, window)
    _select(document, Rect(10, 10, 200, 150))
    QTest.mouseClick(strip.more_button, LEFT)
    _wait_for(qtbot, window, 8)
    press_key(window, KEYS.Key_8)
    press_key(window, KEYS.Key_Return)
    alpha = document.layers[-1].image.read(document.rect)[..., 3]
    expected = np.zeros_like(alpha)
    expected[HOLE.slices] = 255
    np.testing.assert_array_equal(alpha, expected)
    left = document.selection.read(document.rect)[..., 0]
    assert left[20, 20] == 255
    assert canvas.covering is None


# --- While they are made ---


def _start_held(qtbot, window, engine) -> CandidateStrip:
    engine.gate.clear()
    press_key(window, KEYS.Key_Return, CTRL)
    qtbot.waitUntil(engine.begun.is_set, timeout=WAIT)
    return _strip(window)


def test_progress_and_nothing_else_can_be_begun(window, qtbot, document, engine):
    strip = _start_held(qtbot, window, engine)
    qtbot.waitUntil(lambda: strip.tiles[0]._progress == 0.5, timeout=WAIT)
    assert [tile._progress for tile in strip.tiles[1:]] == [0, 0, 0]
    assert not any(tile.isEnabled() for tile in strip.tiles)
    assert not strip.keep_button.isEnabled()
    assert window.status._bar.value() == 125  # an eighth of all
    for name in ("start", "vary"):
        assert not window.actions_by_id[f"removing.{name}"].isEnabled()
    press_key(window, KEYS.Key_Return)  # there is nothing to keep yet
    press_key(window, KEYS.Key_Return, CTRL)
    press_key(window, KEYS.Key_1)
    assert _shown(strip) == [] and len(engine.seeds) == 1
    engine.gate.set()
    _wait_for(qtbot, window, 4)
    assert not window.status._bar.isVisible()
    assert not window.actions_by_id["removing.start"].isEnabled()  # there is something to choose from


def test_keeping_the_first_calls_off_the_others(window, qtbot, document, engine):
    _start_held(qtbot, window, engine)
    engine.gate.set()
    qtbot.waitUntil(lambda: _shown(_strip(window)) == [0], timeout=WAIT)
    engine.gate.clear()
    press_key(window, KEYS.Key_Return)
    assert document.layers[-1].recipe.seed == 0
    qtbot.waitUntil(lambda: engine.ended == engine.runs and not window.removing.manager.jobs, timeout=WAIT)
    assert len(engine.seeds) <= 3  # not all of them
    assert len(document.layers) == 2
    assert window.actions_by_id["removing.start"].isEnabled()
    assert not window.status._bar.isVisible()


def test_escape_before_the_first_is_there(window, qtbot, document, engine, whole):
    before = whole(document)
    _start_held(qtbot, window, engine)
    press_key(window, KEYS.Key_Escape)
    assert _strip(window) is None
    qtbot.waitUntil(lambda: engine.ended == 1 and not window.removing.manager.jobs, timeout=WAIT)
    assert whole(document) == before
    assert window.canvas.covering is None
    engine.gate.set()
    _make(qtbot, window)  # and once more
    assert engine.seeds == [0, 0, 1, 2, 3]


def test_cancel_in_the_status_bar_keeps_what_is_there(window, qtbot, document, engine):
    engine.gate.clear()
    strip = _start_held(qtbot, window, engine)
    engine.gate.set()
    qtbot.waitUntil(lambda: _shown(strip) == [0], timeout=WAIT)
    window.removing.cancel()
    qtbot.waitUntil(lambda: not window.removing.is_running(document), timeout=WAIT)
    ready = len(strip.tiles)
    assert 1 <= ready < 4
    assert all(tile.isEnabled() for tile in strip.tiles)
    assert not window.status._bar.isVisible()
    QTest.mouseClick(strip.more_button, LEFT)  # it can go on
    _wait_for(qtbot, window, ready + 4)
    press_key(window, KEYS.Key_Return)
    assert document.layers[-1].recipe.seed == 0


def test_cancel_before_the_first_is_there(window, qtbot, document, engine):
    _start_held(qtbot, window, engine)
    window.removing.cancel()
    assert _strip(window) is None
    wait_for_toast(qtbot, window, "info", "Cancelled")
    qtbot.waitUntil(lambda: not window.removing.manager.jobs, timeout=WAIT)


def test_one_that_fails_leaves_the_others(window, qtbot, document, engine):
    engine.faulty = {1, 3}
    strip = _make(qtbot, window)
    assert [tile.isEnabled() for tile in strip.tiles] == [True, False, True, False]
    assert strip.tiles[1].toolTip() == "The engine is out of paint."
    press_key(window, KEYS.Key_2)
    assert _shown(strip) == [0]
    press_key(window, KEYS.Key_Right)
    assert _shown(strip) == [2]
    assert toasts(window) == []


def test_if_the_first_fails_there_is_one_line(window, qtbot, document, engine, whole):
    before = whole(document)
    engine.faulty = {0}
    press_key(window, KEYS.Key_Return, CTRL)
    wait_for_toast(qtbot, window, "error", "The engine is out of paint.")
    assert _strip(window) is None
    assert engine.seeds == [0]
    assert whole(document) == before
    assert not window.removing.is_busy(document)


def test_another_canvas_discards_them_with_a_line(window, qtbot, document):
    _make(qtbot, window)
    canvas_edits.rotate(document, 90)
    assert _strip(window) is None
    assert window.canvas.covering is None
    wait_for_toast(qtbot, window, "warning", "changed its shape")


def test_another_canvas_while_they_are_made(window, qtbot, document, engine):
    _start_held(qtbot, window, engine)
    canvas_edits.crop(document, Rect(0, 0, 400, 300))
    assert _strip(window) is None
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.removing.manager.jobs, timeout=WAIT)
    assert [layer.name for layer in document.layers] == ["Background"]


@pytest.mark.parametrize("running", [True, False])
def test_closing_the_tab(window, qtbot, document, engine, questions, running):
    from PySide6.QtWidgets import QMessageBox

    questions.answer = QMessageBox.StandardButton.Discard
    if running:
        _start_held(qtbot, window, engine)
    else:
        _make(qtbot, window)
    window.close_tab(0)
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.removing.manager.jobs, timeout=WAIT)
    assert window.canvas is None
    assert len(document.layers) == 1


def test_closing_the_window_during_a_run(window, qtbot, document, engine, questions):
    from PySide6.QtWidgets import QMessageBox

    _start_held(qtbot, window, engine)
    questions.answer = QMessageBox.StandardButton.Discard
    assert window.close()
    assert engine.ended == engine.runs == 1


def test_each_picture_has_its_own(window, qtbot, tmp_path, document, engine):
    from windows import make_picture

    first = window.canvas
    _make(qtbot, window)
    open_pictures(qtbot, window, make_picture(tmp_path / "two.png", seed=3))
    assert _strip(window) is None
    assert window.actions_by_id["removing.vary"].isEnabled()
    press_key(window, KEYS.Key_Return)  # there is nothing to keep here
    wait_for_toast(qtbot, window, "warning", "Nothing is masked yet")
    window.tabs.setCurrentIndex(0)
    assert window.canvas is first and _shown(_strip(window)) == [0]


# --- The strip itself ---


def test_the_strip_leaves_the_hole_in_sight(window, qtbot, document):
    canvas = window.canvas
    strip = _make(qtbot, window)
    assert not strip.at_top
    assert strip.geometry().bottom() < canvas.height()
    press_key(window, KEYS.Key_Escape)
    low = Rect(300, document.height - 40, 60, 40)
    canvas.fit()
    canvas.zoom_to(1.0)
    canvas.centre_on(320, document.height - canvas.height() / 2 + 20)
    _select(document, low)
    strip = _make(qtbot, window)
    zone = canvas.view.widget_rect(low)
    assert strip.at_top
    assert not strip.geometry().intersects(zone)


def test_messages_come_up_above_the_strip(window, qtbot, tmp_path, document):
    from windows import make_picture

    from editor.ui.toast import Toast

    strip = _make(qtbot, window)
    window.tell("Saved.", "info")
    (toast,) = window.findChildren(Toast)
    assert toast.geometry().bottom() < strip.geometry().top()
    open_pictures(qtbot, window, make_picture(tmp_path / "two.png", seed=3))
    window.tell("Saved as well.", "info")
    lowest = max(each.geometry().bottom() for each in window.findChildren(Toast))
    assert lowest > strip.geometry().top()  # there is no strip here


@pytest.mark.parametrize("width", [300, 480, 1000])
def test_the_strip_fits_a_small_canvas(window, qtbot, document, width):
    canvas = window.canvas
    strip = _make(qtbot, window)
    QTest.mouseClick(strip.more_button, LEFT)
    _wait_for(qtbot, window, 8)
    canvas.resize(width, 400)
    strip.arrange()
    QApplication.processEvents()
    assert canvas.rect().contains(strip.geometry())
    button = strip.keep_button
    place = QRect(button.mapTo(strip, QPoint(0, 0)), button.size())
    assert strip.rect().contains(place)
    press_key(window, KEYS.Key_8)
    tile = strip.tiles[7]
    place = QRect(tile.mapTo(strip, QPoint(0, 0)), tile.size())
    assert strip.rect().contains(place)  # what is chosen is scrolled to


def test_the_pointer_over_the_strip_does_not_draw(window, qtbot, document):
    canvas = window.canvas
    strip = _make(qtbot, window)
    entries, mask = _entries(document), document.selection.read(document.rect).tobytes()
    QTest.mouseMove(canvas, QPoint(10, 10))
    QTest.mouseClick(strip, LEFT, NO_KEYS, QPoint(3, 3))
    QTest.mousePress(strip, LEFT, NO_KEYS, QPoint(3, 3))
    QTest.mouseMove(strip, QPoint(3, -200))
    QTest.mouseRelease(strip, LEFT, NO_KEYS, QPoint(3, -200))
    assert _entries(document) == entries
    assert document.selection.read(document.rect).tobytes() == mask
    assert strip.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_every_control_has_a_name(window, qtbot, document):
    from PySide6.QtWidgets import QAbstractButton

    strip = _make(qtbot, window)
    for button in strip.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text(), button
        assert button.toolTip(), button
    assert strip.accessibleName()


@pytest.mark.parametrize("side", [40, 168])
def test_a_thumbnail_is_of_its_area(make_document, side):
    """Any scale: below the picture's own pixels, and far above."""
    pixels = np.zeros((3000, 4000, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[1000:2000, 1000:2000, 0] = 250  # left half of the area red, right half green
    pixels[1000:2000, 2000:3000, 1] = 250
    document = make_document(pixels=pixels)
    for area in (Rect(1500, 1000, 1000, 1000), Rect(1980, 1200, 40, 40)):
        image = fill_preview.thumbnail(document, area, side)
        assert min(image.width(), image.height()) == side
        left = image.pixelColor(side // 4, side // 2)
        right = image.pixelColor(side * 3 // 4, side // 2)
        assert (left.red(), left.green(), left.blue()) == (250, 0, 0)
        assert (right.red(), right.green(), right.blue()) == (0, 250, 0)
    assert SIDE > 40

"""A fill that is changed: opened from the layers panel, run again with another selection, engine or seed."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QPushButton
from windows import WAIT, FakeEngine, make_picture, open_pictures, press_key, toasts, wait_for_toast

from editor.document import canvas as canvas_edits
from editor.document import masks, stack
from editor.document.geometry import Rect
from editor.document.layers import Group, Lock, PixelLayer
from editor.document.model import Document
from editor.ui.candidates import CandidateStrip
from editor.ui.refill_bar import RefillBar
from engines.base import Patch, RemoveResult

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
HOLE = Rect(300, 90, 60, 50)


class Shades(FakeEngine):
    """Fills with a grey that says which seed it was."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list = []

    def run(self, request, progress) -> RemoveResult:
        self.requests.append(request)
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
def document(window, qtbot, picture, engine) -> Document:
    """A picture with a fill of seed 0 over it."""
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels.are_filled)
    document = window.document
    _select(document, HOLE)
    window.canvas.zoom_to(1.0)
    press_key(window, KEYS.Key_Return)
    qtbot.waitUntil(lambda: len(document.layers) == 2, timeout=WAIT)
    window.dismiss("info")
    engine.requests.clear()
    return document


def _select(document, *areas: Rect) -> None:
    values = np.zeros((document.height, document.width), np.uint8)
    for area in areas:
        values[area.slices] = 255
    document.edit("Mask", masks.replace(document.selection, values))


def _selected(document) -> Rect:
    return document.selection.bounds()


def _bar(window) -> RefillBar | None:
    bars = window.canvas.findChildren(RefillBar)
    return next((each for each in bars if each.isVisible()), None)


def _open(qtbot, window, layer: PixelLayer | None = None) -> RefillBar:
    window.panels.recipe_opened.emit(layer or window.document.layers[1])
    qtbot.waitUntil(lambda: bool(_selected(window.document)), timeout=WAIT)
    return _bar(window)


def _button(bar: RefillBar, text: str) -> QPushButton:
    return next(each for each in bar.findChildren(QPushButton) if each.text() == text)


def _run(qtbot, window, bar: RefillBar, engine: Shades) -> None:
    runs = len(engine.requests)
    QTest.mouseClick(_button(bar, "Run again"), LEFT)
    qtbot.waitUntil(lambda: len(engine.requests) == runs + 1, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.removing.is_busy(window.document), timeout=WAIT)


def _set_seed(bar: RefillBar, seed: int) -> None:
    bar.findChild(QAbstractSpinBox).setValue(seed)


def _entries(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def _in_hole(canvas) -> set[tuple[int, ...]]:
    """The colours that the canvas shows of the hole."""
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    image = QImage(canvas.size(), QImage.Format.Format_RGB888)
    canvas.render(image, QPoint(), canvas.rect(), canvas.RenderFlag.DrawWindowBackground)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    shot = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    corner = canvas.view.to_widget(HOLE.x + 5, HOLE.y + 5).toPoint()
    inside = shot[corner.y() : corner.y() + HOLE.height - 10, corner.x() : corner.x() + HOLE.width - 10]
    return {tuple(int(value) for value in colour) for colour in inside.reshape(-1, 3)}


def _grey(seed: int) -> set[tuple[int, ...]]:
    return {(shade(seed),) * 3}


# --- Opening ---


@pytest.mark.parametrize("how", ["panel", "menu"])
def test_the_fill_is_opened_with_its_selection_engine_and_seed(window, qtbot, document, whole, how):
    layer = document.layers[1]
    layer.recipe = dataclasses.replace(layer.recipe, seed=7)
    pixels = document.composite(document.rect)
    window.panels._layers.select(layer)
    if how == "panel":
        window.panels.recipe_opened.emit(layer)
    else:
        window.actions_by_id["removing.change"].trigger()
    qtbot.waitUntil(lambda: _selected(document) == HOLE, timeout=WAIT)
    bar = _bar(window)
    assert "Changing the fill “Removed”" in bar.accessibleName()
    assert (bar.what.engine, bar.what.seed) == ("migan", 7)
    assert _entries(document)[-1] == "Selection from layer"
    np.testing.assert_array_equal(document.composite(document.rect), pixels)
    assert _in_hole(window.canvas) != _grey(0)  # under the veil
    assert window.canvas.rect().contains(bar.geometry())


def test_a_layer_that_no_engine_made_has_nothing_to_change(window, qtbot, document):
    action = window.actions_by_id["removing.change"]
    window.panels._layers.select(document.layers[1])
    assert action.isEnabled()
    window.panels._layers.select(document.layers[0])
    assert not action.isEnabled()
    window.removing.change_layer(document.layers[0])
    assert _bar(window) is None


@pytest.mark.parametrize("lock", [Lock.ALL, Lock.PIXELS])
def test_a_locked_fill_is_refused_with_a_line(window, qtbot, document, lock):
    document.layers[1].lock = lock
    entries = _entries(document)
    window.panels.recipe_opened.emit(document.layers[1])
    wait_for_toast(qtbot, window, "warning", "is locked")
    assert _bar(window) is None
    assert _entries(document) == entries


def test_an_engine_that_this_version_has_not(window, qtbot, document):
    layer = document.layers[1]
    layer.recipe = dataclasses.replace(layer.recipe, engine="zits-9000")
    bar = _open(qtbot, window)
    wait_for_toast(qtbot, window, "warning", "no engine “zits-9000”")
    assert bar.what.engine == "migan"


def test_a_tool_that_selects_comes_to_hand(window, qtbot, document):
    window.tools.use("hand")
    _open(qtbot, window)
    assert window.tools.current.selects
    press_key(window, KEYS.Key_Escape)
    window.tools.use("lasso")
    _open(qtbot, window)
    assert window.tools.current.id == "lasso"


def test_opening_it_twice_is_once_and_another_one_takes_its_place(window, qtbot, document, engine):
    first = _open(qtbot, window)
    window.panels.recipe_opened.emit(document.layers[1])
    assert _bar(window) is first
    twin = stack.duplicate(document, document.layers[1])
    window.panels.recipe_opened.emit(twin)
    bars = [each for each in window.canvas.findChildren(RefillBar) if each.isVisible()]
    assert len(bars) == 1 and "Removed copy" in bars[0].accessibleName()


# --- Running ---


@pytest.mark.parametrize("how", ["button", "enter", "remove"])
def test_run_again_with_another_seed(window, qtbot, document, engine, whole, how):
    layer, below = document.layers[1], document.layers[0]
    layer.name, layer.opacity, layer.blend_mode = "Gone", 0.8, "darken"
    bar = _open(qtbot, window)
    before, entries = whole(document), _entries(document)
    _set_seed(bar, 2)
    if how == "button":
        QTest.mouseClick(_button(bar, "Run again"), LEFT)
    elif how == "enter":
        press_key(window, KEYS.Key_Return)
    else:
        window.actions_by_id["removing.start"].trigger()
    qtbot.waitUntil(lambda: layer.recipe.seed == 2, timeout=WAIT)
    assert _entries(document) == [*entries, "Change fill"]
    assert document.layers == (below, layer)
    assert (layer.name, layer.opacity, layer.blend_mode) == ("Gone", 0.8, "darken")
    pixels = layer.image.read(HOLE)
    assert (pixels == [shade(2)] * 3 + [255]).all()
    assert _selected(document) == HOLE  # to be changed again
    assert _bar(window) is bar
    wait_for_toast(qtbot, window, "info", "Filled anew")
    press_key(window, KEYS.Key_Z, CTRL)
    assert whole(document) == before
    assert (layer.recipe.seed, bar.what.seed) == (0, 0)  # the bar tells of the fill that is there
    assert _bar(window) is bar


def test_the_engine_sees_what_lies_below_and_not_the_fill(window, qtbot, document, engine):
    layer, background = document.layers[1], document.layers[0]
    loud = np.full((document.height, document.width, 4), 255, np.uint8)
    from editor.document.tiles import TiledImage

    above = PixelLayer("Above", TiledImage.from_array(loud))
    document.set_layers((background, Group("Group", [layer, above])), "Group")
    bar = _open(qtbot, window, layer)
    _run(qtbot, window, bar, engine)
    (region,) = engine.requests[0].regions
    shown = background.image.read(document.rect)[region.box.slices][..., :3]
    np.testing.assert_allclose(region.image * 255, shown, atol=1e-3)


def test_another_selection(window, qtbot, document, engine):
    layer = document.layers[1]
    bar = _open(qtbot, window)
    wider = Rect(HOLE.x - 20, HOLE.y, HOLE.width + 20, HOLE.height)
    _select(document, wider)
    _run(qtbot, window, bar, engine)
    assert layer.image.bounds() == wider
    assert _selected(document) == wider


def test_nothing_selected_is_a_hint(window, qtbot, document, engine):
    bar = _open(qtbot, window)
    document.edit("Deselect", masks.clear(document.selection))
    QTest.mouseClick(_button(bar, "Run again"), LEFT)
    wait_for_toast(qtbot, window, "warning", "Nothing is masked yet")
    QTest.mouseClick(_button(bar, "Variations"), LEFT)
    assert engine.requests == []
    assert _bar(window) is bar
    assert not window.removing.is_busy(document)


def test_nothing_below_is_told(window, qtbot, document, engine):
    bar = _open(qtbot, window)
    layer = document.layers[1]
    document.set_layers((layer,), "Only the fill")
    for text in ("Run again", "Variations"):
        window.dismiss("warning")
        QTest.mouseClick(_button(bar, text), LEFT)
        wait_for_toast(qtbot, window, "warning", "Nothing lies below")
    assert engine.requests == []


def test_the_result_is_seen_without_the_veil_until_something_else_is_selected(
    window, qtbot, document, engine
):
    canvas = window.canvas
    bar = _open(qtbot, window)
    _set_seed(bar, 4)
    _run(qtbot, window, bar, engine)
    assert _in_hole(canvas) == _grey(4)
    QTest.keyPress(canvas, KEYS.Key_Backslash)  # beside the fill that it was
    assert _in_hole(canvas) == _grey(0)
    QTest.keyRelease(canvas, KEYS.Key_Backslash)
    _set_seed(bar, 5)
    _run(qtbot, window, bar, engine)
    assert _in_hole(canvas) == _grey(5)
    QTest.keyPress(canvas, KEYS.Key_Backslash)
    assert _in_hole(canvas) == _grey(0)
    QTest.keyRelease(canvas, KEYS.Key_Backslash)
    _select(document, HOLE, Rect(10, 10, 20, 20))
    assert canvas.covering is None
    assert _in_hole(canvas) not in (_grey(5), _grey(0))


def test_variations_of_the_fill(window, qtbot, document, engine):
    layer = document.layers[1]
    bar = _open(qtbot, window)
    _set_seed(bar, 3)
    _run(qtbot, window, bar, engine)
    entries = _entries(document)
    QTest.mouseClick(_button(bar, "Variations"), LEFT)
    qtbot.waitUntil(lambda: len(engine.requests) == 5, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.removing.is_running(document), timeout=WAIT)
    assert [request.seed for request in engine.requests] == [3, 3, 4, 5, 6]
    assert _entries(document) == entries and layer.recipe.seed == 3
    assert not _button(bar, "Run again").isEnabled()
    (strip,) = window.canvas.findChildren(CandidateStrip)
    assert not strip.geometry().intersects(bar.geometry())
    press_key(window, KEYS.Key_3)
    assert _in_hole(window.canvas) == _grey(5)
    _select(document, HOLE, Rect(10, 10, 20, 20))  # which the strip does not mind
    assert _in_hole(window.canvas) == _grey(5)
    document.undo()
    press_key(window, KEYS.Key_Return)
    assert _entries(document) == [*entries, "Change fill"]
    assert layer.recipe.seed == bar.what.seed == 5
    assert document.layers[1] is layer
    assert _in_hole(window.canvas) == _grey(5)
    assert _button(bar, "Run again").isEnabled()
    press_key(window, KEYS.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(engine.requests) == 9, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.removing.is_running(document), timeout=WAIT)
    press_key(window, KEYS.Key_Escape)
    assert layer.recipe.seed == 5 and _bar(window) is bar


def test_the_strip_and_the_bar_do_not_hide_each_other(window, qtbot, document, engine):
    """The hole lies where the strip would be, so that it goes to the upper edge as well."""
    canvas = window.canvas
    bar = _open(qtbot, window)
    canvas.zoom_to(3.0)
    canvas.centre_on(HOLE.x + HOLE.width / 2, HOLE.y - canvas.height() / 6 + HOLE.height)
    QTest.mouseClick(_button(bar, "Variations"), LEFT)
    (strip,) = canvas.findChildren(CandidateStrip)
    assert strip.at_top
    assert strip.geometry().top() > bar.geometry().bottom()
    qtbot.waitUntil(lambda: not window.removing.is_running(document), timeout=WAIT)
    QTest.mouseClick(_button(bar, "Done"), LEFT)
    assert strip.isVisible()  # there still is something to choose from


# --- Being done ---


@pytest.mark.parametrize("how", ["button", "escape"])
def test_done(window, qtbot, document, engine, how):
    bar = _open(qtbot, window)
    _set_seed(bar, 1)
    _run(qtbot, window, bar, engine)
    if how == "button":
        QTest.mouseClick(_button(bar, "Done"), LEFT)
    else:
        press_key(window, KEYS.Key_Escape)
    assert _bar(window) is None
    assert window.canvas.covering is None
    qtbot.waitUntil(lambda: not _selected(document), timeout=WAIT)
    assert _in_hole(window.canvas) == _grey(1)
    _select(document, Rect(20, 20, 30, 30))  # Remove is Remove again
    press_key(window, KEYS.Key_Return)
    qtbot.waitUntil(lambda: len(document.layers) == 3, timeout=WAIT)


def test_escape_calls_off_the_run_before_it_closes_the_bar(window, qtbot, document, engine, whole):
    bar = _open(qtbot, window)
    before = whole(document)
    engine.begun.clear()
    engine.gate.clear()
    QTest.mouseClick(_button(bar, "Run again"), LEFT)
    qtbot.waitUntil(engine.begun.is_set, timeout=WAIT)
    assert not _button(bar, "Run again").isEnabled()
    assert _button(bar, "Done").isEnabled()
    press_key(window, KEYS.Key_Escape)
    qtbot.waitUntil(lambda: not window.removing.is_busy(document), timeout=WAIT)
    assert whole(document) == before
    assert _bar(window) is bar and _button(bar, "Run again").isEnabled()
    press_key(window, KEYS.Key_Escape)
    assert _bar(window) is None


@pytest.mark.parametrize("way", ["delete", "undo"])
def test_a_fill_that_goes_takes_the_bar_along(window, qtbot, document, way):
    layer = document.layers[1]
    _open(qtbot, window)
    if way == "delete":
        stack.delete(document, [layer])
    else:
        while layer in document.layers:
            document.undo()
    assert _bar(window) is None
    wait_for_toast(qtbot, window, "info", "“Removed” is no longer in the picture")
    assert window.canvas.covering is None
    (document.undo if way == "delete" else document.redo)()
    assert layer in document.layers and _bar(window) is None
    assert window.actions_by_id["removing.start"].isEnabled()


def test_a_fill_that_goes_while_its_engine_runs(window, qtbot, document, engine, whole):
    layer = document.layers[1]
    bar = _open(qtbot, window)
    engine.begun.clear()
    engine.gate.clear()
    QTest.mouseClick(_button(bar, "Run again"), LEFT)
    qtbot.waitUntil(engine.begun.is_set, timeout=WAIT)
    stack.delete(document, [layer])
    after, entries = whole(document), _entries(document)
    engine.gate.set()
    wait_for_toast(qtbot, window, "warning", "The fill was deleted meanwhile")
    assert whole(document) == after and _entries(document) == entries
    document.undo()
    assert layer.recipe.seed == 0 and document.layers[1] is layer


def test_a_fill_that_is_locked_while_its_engine_runs(window, qtbot, document, engine, whole):
    layer = document.layers[1]
    bar = _open(qtbot, window)
    engine.begun.clear()
    engine.gate.clear()
    QTest.mouseClick(_button(bar, "Run again"), LEFT)
    qtbot.waitUntil(engine.begun.is_set, timeout=WAIT)
    document.set_layer(layer, "lock", Lock.ALL, "Lock layer")
    after, entries = whole(document), _entries(document)
    engine.gate.set()
    wait_for_toast(qtbot, window, "warning", "is locked")
    assert whole(document) == after and _entries(document) == entries


def test_a_fill_that_goes_while_its_results_are_looked_at(window, qtbot, document, engine):
    layer = document.layers[1]
    bar = _open(qtbot, window)
    QTest.mouseClick(_button(bar, "Variations"), LEFT)
    qtbot.waitUntil(lambda: len(engine.requests) == 4, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.removing.is_running(document), timeout=WAIT)
    stack.delete(document, [layer])
    assert _bar(window) is None and window.canvas.covering is None
    assert not [each for each in window.canvas.findChildren(CandidateStrip) if each.isVisible()]
    wait_for_toast(qtbot, window, "warning", "no longer in the picture")
    assert not window.removing.is_busy(document)


def test_the_canvas_turned_meanwhile(window, qtbot, document, engine):
    """The fill and the selection turn with it; the next run is of the turned picture."""
    layer = document.layers[1]
    bar = _open(qtbot, window)
    _run(qtbot, window, bar, engine)
    canvas_edits.rotate(document, 90)
    assert window.canvas.covering is None and _bar(window) is bar
    _set_seed(bar, 6)
    _run(qtbot, window, bar, engine)
    assert layer.recipe.seed == 6
    assert layer.image.bounds() == _selected(document) != HOLE


def test_renaming_shows_in_the_bar(window, qtbot, document):
    bar = _open(qtbot, window)
    document.set_layer(document.layers[1], "name", "No hikers", "Rename layer")
    assert "“No hikers”" in bar.accessibleName()


def test_each_picture_has_its_own_bar(window, qtbot, tmp_path, document, engine):
    bar = _open(qtbot, window)
    open_pictures(qtbot, window, make_picture(tmp_path / "two.png", seed=3))
    assert _bar(window) is None
    other = window.document
    _select(other, Rect(20, 20, 30, 30))
    press_key(window, KEYS.Key_Return)
    qtbot.waitUntil(lambda: len(other.layers) == 2, timeout=WAIT)  # a removal of its own
    window.tabs.setCurrentIndex(0)
    assert _bar(window) is bar
    assert len(document.layers) == 2


def test_closing_the_tab_with_the_bar_open(window, qtbot, document, engine, questions):
    from PySide6.QtWidgets import QMessageBox

    questions.answer = QMessageBox.StandardButton.Discard
    bar = _open(qtbot, window)
    _run(qtbot, window, bar, engine)
    entries = _entries(document)
    window.close_tab(0)
    assert _entries(document) == entries
    assert all(level == "info" for level, _ in toasts(window))


def test_a_fill_cannot_be_opened_while_results_are_looked_at(window, qtbot, document, engine):
    _select(document, Rect(20, 20, 30, 30))
    press_key(window, KEYS.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(engine.requests) == 4, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.removing.is_running(document), timeout=WAIT)
    window.panels.recipe_opened.emit(document.layers[1])
    wait_for_toast(qtbot, window, "warning", "keep or discard them first")
    assert _bar(window) is None


# --- The bar itself ---


@pytest.mark.parametrize("width", [420, 700, 1000])
def test_the_bar_fits_the_canvas(window, qtbot, document, width):
    bar = _open(qtbot, window)
    window.canvas.resize(width, 400)
    bar.arrange()
    QApplication.processEvents()
    assert window.canvas.rect().contains(bar.geometry())
    for each in bar.findChildren(QAbstractButton):
        corner = each.mapTo(bar, QPoint(each.width(), each.height()))
        assert bar.rect().adjusted(0, 0, 1, 1).contains(corner), each.text()


def test_every_control_has_a_name(window, qtbot, document):
    bar = _open(qtbot, window)
    for kind in (QPushButton, QComboBox, QAbstractSpinBox):
        for control in bar.findChildren(kind):
            assert control.accessibleName() or control.text(), control
    for button in bar.findChildren(QPushButton):
        assert button.toolTip()


def test_typing_a_seed_does_not_choose_a_tool(window, qtbot, document, engine):
    bar = _open(qtbot, window)
    box = bar.findChild(QAbstractSpinBox)
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "17")
    assert bar.what.seed == 17
    QTest.keyClick(box, KEYS.Key_Return)
    qtbot.waitUntil(lambda: document.layers[1].recipe.seed == 17, timeout=WAIT)
    assert document.layers[1].opacity == 1.0

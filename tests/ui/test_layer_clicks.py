"""What clicks and keys on the parts of a layer's row do: eyes, pictures, masks, locks, modes, digits."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from windows import WAIT, open_pictures, press_key

from editor.document import stack
from editor.document.adjustments import Levels
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage
from editor.ui import theme
from editor.ui.panels.layer_row import places
from editor.ui.panels.layers import LayersPanel
from editor.ui.window import Window

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
WIDTH, HEIGHT = 600, 400
RECIPE = Recipe("remove", "migan", "0" * 64, "cpu", 0)


def _pixels(name: str, **options) -> PixelLayer:
    pixels = np.full((HEIGHT, WIDTH, 4), (200, 0, 0, 255), np.uint8)
    return PixelLayer(name, TiledImage.from_array(pixels), **options)


def _half() -> LayerMask:
    values = np.zeros((HEIGHT, WIDTH, 1), np.uint8)
    values[:, WIDTH // 2 :] = 255
    return LayerMask(TiledImage.from_array(values))


@pytest.fixture
def document() -> Document:
    light = AdjustmentLayer("Light", Levels(), mask=_half())
    group = Group("Group", [_pixels("Inner"), _pixels("Upper")])
    filled = _pixels("Filled", recipe=RECIPE)
    masked = _pixels("Masked", mask=_half())
    return Document(WIDTH, HEIGHT, np.uint8, [_pixels("Base"), group, filled, masked, light])


@pytest.fixture
def panel(qtbot, document) -> LayersPanel:
    panel = LayersPanel()
    qtbot.addWidget(panel)
    panel.set_document(document)
    panel.resize(300, 600)
    panel.show()
    panel.select(_layer(panel, "Base"))
    return panel


def _layer(panel: LayersPanel, name: str):
    return next(row.layer for row in panel._model.rows if row.layer.name == name)


def _rect(panel: LayersPanel, name: str):
    row = panel._model.row_of(_layer(panel, name))
    return panel._list.visualRect(panel._model.index(row)), panel._model.rows[row]


def _at(panel: LayersPanel, name: str, part: str) -> QPoint:
    return getattr(places(*_rect(panel, name)), part).center()


def _click(panel: LayersPanel, name: str, part: str, keys=NONE) -> None:
    QTest.mouseClick(panel._list.viewport(), LEFT, keys, _at(panel, name, part))


def _entries(document: Document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def _hidden(panel: LayersPanel) -> set[str]:
    return {row.layer.name for row in panel._model.rows if not row.layer.visible}


# --- pictures and masks ---


def test_a_click_on_the_mask_means_it_from_then_on(panel, qtbot):
    with qtbot.waitSignal(panel.chosen_changed):
        _click(panel, "Masked", "mask")
    assert panel.current_layer.name == "Masked" and panel.on_mask
    with qtbot.waitSignal(panel.chosen_changed):
        _click(panel, "Masked", "picture")
    assert not panel.on_mask
    _click(panel, "Masked", "mask")
    _click(panel, "Base", "words")
    assert not panel.on_mask


def test_a_frame_is_around_what_is_meant(panel):
    accent = theme.now.accent
    _click(panel, "Masked", "mask")
    at = places(*_rect(panel, "Masked"))

    def framed(rect) -> bool:
        picture = panel._list.viewport().grab().toImage()
        return picture.pixelColor(rect.left() - 3, rect.center().y()).name() == accent

    assert framed(at.mask) and not framed(at.picture)
    _click(panel, "Masked", "picture")
    assert framed(at.picture) and not framed(at.mask)


def test_what_has_no_pixels_is_meant_by_its_mask(panel):
    panel.select(_layer(panel, "Light"))
    assert panel.on_mask
    panel.select(_layer(panel, "Group"))
    assert not panel.on_mask  # it has none


def test_a_new_mask_is_meant_and_one_that_goes_is_not(panel, document):
    base = _layer(panel, "Base")
    stack.add_mask(document, base)
    assert panel.current_layer is base and panel.on_mask
    document.undo()
    assert not panel.on_mask


@pytest.mark.parametrize(
    ("keys", "how"),
    [
        (CTRL, "replace"),
        (CTRL | SHIFT, "add"),
        (CTRL | ALT, "subtract"),
        (CTRL | SHIFT | ALT, "intersect"),
    ],
)
@pytest.mark.parametrize("part", ["picture", "mask"])
def test_ctrl_and_a_click_picks_what_is_there(panel, keys, how, part):
    picked = []
    panel.picked.connect(lambda *values: picked.append(values))
    _click(panel, "Masked", part, keys)
    assert picked == [(_layer(panel, "Masked"), part == "mask", how)]
    assert panel.chosen == [_layer(panel, "Base")]


def test_ctrl_and_a_click_on_the_name_chooses_another_one_too(panel):
    _click(panel, "Masked", "words", CTRL)
    assert {layer.name for layer in panel.chosen} == {"Masked", "Base"}


def test_alt_and_a_click_on_the_mask_shows_it(panel, qtbot):
    with qtbot.waitSignal(panel.mask_viewed) as viewed:
        _click(panel, "Masked", "mask", ALT)
    assert viewed.args == [_layer(panel, "Masked")]


def test_a_double_click_on_the_picture_opens_what_made_it(panel, qtbot):
    def double_click(name: str) -> None:
        _click(panel, name, "picture")
        QTest.mouseDClick(panel._list.viewport(), LEFT, NONE, _at(panel, name, "picture"))

    with qtbot.waitSignal(panel.recipe_opened) as opened:
        double_click("Filled")
    assert opened.args == [_layer(panel, "Filled")]
    with qtbot.waitSignal(panel.adjustment_opened):
        double_click("Light")
    with qtbot.assertNotEmitted(panel.recipe_opened):
        double_click("Base")
    assert panel._list.state() != panel._list.State.EditingState


def test_what_an_engine_made_has_a_badge(panel):
    def corner(name: str) -> int:
        rect = places(*_rect(panel, name)).picture
        return panel._list.viewport().grab().toImage().pixelColor(rect.right(), rect.center().y() + 8).red()

    assert corner("Base") == 200 and corner("Filled") != 200


def test_alt_and_a_click_between_two_rows_clips_the_upper(panel, document):
    rect, _ = _rect(panel, "Filled")
    between = QPoint(_at(panel, "Filled", "words").x(), rect.bottom() - 1)
    QTest.mouseClick(panel._list.viewport(), LEFT, ALT, between)
    assert _layer(panel, "Filled").clipping
    between.setY(_rect(panel, "Group")[0].top() + 1)
    QTest.mouseClick(panel._list.viewport(), LEFT, ALT, between)
    assert not _layer(panel, "Filled").clipping
    assert _entries(document) == ["Clip to layer below", "Release clipping"]


# --- eyes ---


def _drag_eyes(panel: LayersPanel, first: str, *others: str) -> None:
    viewport = panel._list.viewport()
    QTest.mousePress(viewport, LEFT, NONE, _at(panel, first, "eye"))
    for name in others:
        QTest.mouseMove(viewport, _at(panel, name, "eye"))
    QTest.mouseRelease(viewport, LEFT, NONE, _at(panel, others[-1] if others else first, "eye"))


def test_a_drag_over_eyes_is_one_entry(panel, document):
    _drag_eyes(panel, "Light", "Masked", "Filled", "Masked")
    assert _hidden(panel) == {"Light", "Masked", "Filled"}
    assert _entries(document) == ["Hide layers"]
    document.undo()
    assert _hidden(panel) == set()
    document.redo()
    _drag_eyes(panel, "Masked", "Filled")
    assert _hidden(panel) == {"Light"}
    assert _entries(document) == ["Hide layers", "Show layers"]
    assert panel.chosen == [_layer(panel, "Base")]


def test_what_is_hidden_is_seen_at_once(panel, document):
    seen = []
    document.observers.append(lambda change: seen.append((change.area, len(document.history.entries))))
    QTest.mousePress(panel._list.viewport(), LEFT, NONE, _at(panel, "Masked", "eye"))
    assert not _layer(panel, "Masked").visible
    assert seen == [(document.rect, 0)]
    QTest.mouseRelease(panel._list.viewport(), LEFT, NONE, _at(panel, "Masked", "eye"))
    assert _entries(document) == ["Hide layer"]


def test_an_undo_in_the_middle_of_a_drag_over_eyes_takes_it_back(panel, document):
    document.set_layer(_layer(panel, "Base"), "name", "Ground", "Rename layer")
    viewport = panel._list.viewport()
    QTest.mousePress(viewport, LEFT, NONE, _at(panel, "Masked", "eye"))
    document.undo()
    assert _hidden(panel) == set()
    QTest.mouseRelease(viewport, LEFT, NONE, _at(panel, "Masked", "eye"))
    assert document.history.can_redo


def test_alt_and_an_eye_shows_one_alone_and_all_again(panel, document):
    document.set_layer(_layer(panel, "Filled"), "visible", False, "Hide layer")
    _click(panel, "Inner", "eye", ALT)
    assert _hidden(panel) == {"Base", "Filled", "Masked", "Light", "Upper"}
    _click(panel, "Inner", "eye", ALT)
    assert _hidden(panel) == {"Filled"}
    assert _entries(document) == ["Hide layer", "Show this layer alone", "Show all layers again"]


def test_alone_after_a_change_is_alone_anew(panel, document):
    _click(panel, "Base", "eye", ALT)
    _click(panel, "Masked", "eye")
    _click(panel, "Base", "eye", ALT)
    assert _hidden(panel) == {"Group", "Filled", "Masked", "Light"}
    assert _entries(document)[-1] == "Show this layer alone"


def test_alone_shows_the_layer_and_the_groups_around_it(panel, document):
    for name in ("Inner", "Group"):
        document.set_layer(_layer(panel, name), "visible", False, "Hide layer")
    _click(panel, "Inner", "eye", ALT)
    assert _hidden(panel) == {"Base", "Filled", "Masked", "Light", "Upper"}


# --- locks and modes ---


def test_three_locks(panel, document, qtbot):
    locks = panel._header.locks
    for lock in (Lock.ALPHA, Lock.PIXELS):
        qtbot.mouseClick(locks[lock], LEFT)
    assert _layer(panel, "Base").lock == Lock.ALPHA | Lock.PIXELS
    qtbot.mouseClick(locks[Lock.ALPHA], LEFT)
    assert _layer(panel, "Base").lock == Lock.PIXELS
    assert locks[Lock.PIXELS].toolTip() == "Unlock pixels"
    assert _entries(document) == ["Lock transparent pixels", "Lock pixels", "Unlock transparent pixels"]
    qtbot.mouseClick(locks[Lock.ALL], LEFT)
    assert not locks[Lock.PIXELS].isEnabled() and locks[Lock.ALL].isEnabled()
    assert not panel._header.opacity.isEnabled()
    panel.select(_layer(panel, "Light"))
    assert not locks[Lock.ALPHA].isEnabled()


def _open_modes(panel: LayersPanel) -> None:
    """As if the list were open; the offscreen platform warns of each that opens."""
    panel._header.mode._is_open = True


def test_a_mode_is_seen_while_the_pointer_is_over_it(panel, document):
    mode, base = panel._header.mode, _layer(panel, "Base")
    _open_modes(panel)
    mode.highlighted.emit(mode.findData("multiply"))
    mode.highlighted.emit(mode.findData("screen"))
    assert base.blend_mode == "screen" and _entries(document) == []
    mode.hidePopup()
    assert base.blend_mode == "normal" and _entries(document) == []


def test_a_mode_that_is_chosen_is_one_entry(panel, document):
    mode, base = panel._header.mode, _layer(panel, "Base")
    _open_modes(panel)
    mode.highlighted.emit(mode.findData("multiply"))
    mode.hidePopup()
    mode.setCurrentIndex(mode.findData("multiply"))
    mode.activated.emit(mode.currentIndex())
    assert base.blend_mode == "multiply" and _entries(document) == ["Blend mode"]
    document.undo()
    assert base.blend_mode == "normal"


def test_an_undo_while_a_mode_is_tried_keeps_the_history_whole(panel, document):
    base = _layer(panel, "Base")
    document.set_layer(base, "name", "Ground", "Rename layer")
    _open_modes(panel)
    panel._header.mode.highlighted.emit(panel._header.mode.findData("multiply"))
    document.undo()
    assert base.blend_mode == "normal" and base.name == "Base" and document.history.can_redo


def test_the_modes_highlighted_by_keys_alone_try_nothing(panel, document):
    panel._header.mode.highlighted.emit(panel._header.mode.findData("multiply"))
    assert _layer(panel, "Base").blend_mode == "normal"


# --- in the window ---


@pytest.fixture
def window_with_layers(qtbot, window, picture) -> Window:
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._layers is not None, timeout=WAIT)
    window.layers.new_layer()
    return window


def _top(window: Window):
    return window.document.layers[-1]


def _settled(qtbot, window: Window, opacity: float) -> None:
    slider = window.panels._layers._header.opacity
    qtbot.waitUntil(lambda: not slider.adjusting, timeout=WAIT)
    assert _top(window).opacity == opacity


def test_digits_set_the_opacity_of_the_layer(window_with_layers, qtbot):
    window = window_with_layers
    window.tools.use("hand")
    press_key(window, Qt.Key.Key_4)
    _settled(qtbot, window, 0.4)
    QTest.qWait(850)
    press_key(window, Qt.Key.Key_0)
    _settled(qtbot, window, 1.0)
    QTest.qWait(850)
    press_key(window, Qt.Key.Key_2)
    press_key(window, Qt.Key.Key_2)
    _settled(qtbot, window, 0.22)
    entries = [entry.name for entry in window.document.history.entries]
    assert entries == ["New layer", "Layer opacity", "Layer opacity", "Layer opacity"]


def test_digits_with_a_brush_in_hand_are_for_the_brush(window_with_layers):
    window = window_with_layers
    window.tools.use("brush")
    press_key(window, Qt.Key.Key_0)
    press_key(window, Qt.Key.Key_5)
    assert window.tools.current.opacity == 0.05
    assert _top(window).opacity == 1.0
    assert window.options.control("opacity").value == 5


def test_digits_leave_a_locked_layer_alone(window_with_layers):
    window = window_with_layers
    window.tools.use("hand")
    window.layers.toggle_lock()
    press_key(window, Qt.Key.Key_4)
    assert _top(window).opacity == 1.0


def test_the_mask_that_is_meant_is_the_tools(window_with_layers):
    window = window_with_layers
    window.layers.add_mask()
    assert window.bench.on_mask
    action = window.actions_by_id["layers.edit_mask"]
    assert action.isChecked()
    action.trigger()
    assert not window.bench.on_mask and not action.isChecked()


def test_selecting_by_a_layer_and_by_its_mask(window_with_layers):
    from editor.document import select

    window = window_with_layers
    document = window.document
    select.rectangle(document, (10, 10, 100, 100))
    window.layers.add_black_mask()
    select.nothing(document)
    window.layers.select_mask()
    assert document.selection.read(document.rect)[50, 50, 0] == 0
    assert document.selection.read(document.rect)[300, 300, 0] == 255
    window.layers.invert_mask()
    window.layers.select(_top(window), True, "add")
    assert (document.selection.read(document.rect) == 255).all()
    window.layers.select(document.layers[0], False, "subtract")
    assert not document.selection.tiles


def test_the_mask_is_seen_alone_until_something_else_is_in_hand(window_with_layers):
    window = window_with_layers
    window.layers.add_mask()
    action = window.actions_by_id["panels.mask_view.toggle"]
    pixel = window.canvas.grab().toImage().pixelColor(window.canvas.rect().center())
    assert pixel.name() != "#ffffff"
    action.trigger()
    assert action.isChecked()
    assert window.canvas.grab().toImage().pixelColor(window.canvas.rect().center()).name() == "#ffffff"
    window.layers.invert_mask()
    assert window.canvas.grab().toImage().pixelColor(window.canvas.rect().center()).name() == "#000000"
    window.panels.choose(window.document.layers[0])
    assert window.canvas.grab().toImage().pixelColor(window.canvas.rect().center()) == pixel
    assert not action.isChecked()


def test_layers_are_brought_to_the_front_and_back(window_with_layers):
    window = window_with_layers
    document = window.document
    window.layers.duplicate()
    names = [layer.name for layer in document.layers]
    press_key(window, Qt.Key.Key_BracketLeft, CTRL | SHIFT)
    assert [layer.name for layer in document.layers] == [names[2], names[0], names[1]]
    press_key(window, Qt.Key.Key_BracketRight, CTRL)
    assert [layer.name for layer in document.layers] == [names[0], names[2], names[1]]
    press_key(window, Qt.Key.Key_BracketRight, CTRL | SHIFT)
    assert [layer.name for layer in document.layers] == names
    assert not window.actions_by_id["layers.forward"].isEnabled()
    press_key(window, Qt.Key.Key_BracketLeft, ALT)
    assert window.panels.current_layer.name == names[1]
    press_key(window, Qt.Key.Key_BracketRight, ALT)
    assert window.panels.current_layer.name == names[2]


def test_several_layers_are_hidden_together(window_with_layers):
    window = window_with_layers
    panel = window.panels._layers
    panel._list.selectAll()
    window.layers.toggle_visible()
    assert not any(layer.visible for layer in window.document.layers)
    assert window.document.history.entries[-1].name == "Hide layers"


def test_renaming_from_the_menu(window_with_layers, qtbot):
    window = window_with_layers
    window.actions_by_id["layers.rename"].trigger()
    editor = QApplication.focusWidget()
    assert editor.accessibleName() == "Layer name"
    QTest.keyClicks(editor, "Sky")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _top(window).name == "Sky", timeout=WAIT)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_over_a_row_and_over_a_mask(window_with_layers):
    window = window_with_layers
    window.layers.add_mask()
    panel = window.panels._layers

    def texts(part: str) -> list[str]:
        at = _at(panel, "Layer 1", part)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel._list.viewport().mapToGlobal(at))
        QApplication.sendEvent(panel._list.viewport(), event)
        menu = next(each for each in panel.findChildren(QMenu) if each.isVisible())
        names = [action.objectName().removeprefix("layers.") for action in menu.actions()]
        menu.close()
        QApplication.processEvents()
        return [name for name in names if name]

    row = texts("words")
    assert row[:3] == ["rename", "duplicate", "delete"] and row[-1] == "flatten"
    assert "ungroup" not in row and "make_again" not in row
    assert "delete_mask" in texts("mask") and window.bench.on_mask


def test_an_engine_s_layer_is_made_again_from_the_menu(window_with_layers, qtbot):
    window = window_with_layers
    action = window.actions_by_id["layers.make_again"]
    assert not action.isEnabled()
    stack.add(window.document, PixelLayer("Removed", TiledImage(4, np.uint8), recipe=RECIPE))
    assert action.isEnabled()
    window.panels.recipe_opened.disconnect()  # what opens it has tests of its own
    with qtbot.waitSignal(window.panels.recipe_opened) as opened:
        action.trigger()
    assert opened.args == [_top(window)]


def test_a_mask_is_feathered_by_what_is_asked_for(window, qtbot, picture, monkeypatch):
    document = open_pictures(qtbot, window, picture).document
    qtbot.waitUntil(lambda: window.panels.are_filled, timeout=WAIT)
    action = window.actions_by_id["layers.feather_mask"]
    assert not action.isEnabled()
    values = np.zeros((480, 640, 1), np.uint8)
    values[:, 320:] = 255
    layer = document.layers[0]
    stack.set_mask(document, layer, LayerMask(TiledImage.from_array(values)), "Add layer mask")
    qtbot.waitUntil(action.isEnabled, timeout=WAIT)
    answers, asked = [None, 12.0], []
    monkeypatch.setattr(
        "editor.ui.value_dialog.ask", lambda *_, value, **__: asked.append(value) or answers.pop(0)
    )
    action.trigger()
    assert [entry.name for entry in document.history.entries] == ["Add layer mask"]
    action.trigger()
    qtbot.waitUntil(lambda: len(document.history.entries) == 2, timeout=WAIT)
    assert document.history.entries[-1].name == "Feather layer mask"
    row = layer.mask.image.read(document.rect)[240, :, 0].astype(int)
    assert row[320] - row[308] == pytest.approx(255 * 0.34, abs=6)  # one standard deviation
    answers.append(None)
    action.trigger()
    assert asked == [8.0, 8.0, 12.0]

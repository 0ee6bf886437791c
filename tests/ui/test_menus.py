"""The Layer, Select and Image menus: each entry is one step of the history, and refusals are told."""

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from windows import open_pictures, press_key, toasts

from editor.document.adjustments import Levels
from editor.document.layers import AdjustmentLayer, Group, Lock, PixelLayer
from editor.document.tiles import TiledImage
from editor.ui import value_dialog

KEYS = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def document(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._layers is not None)
    return window.document


def _pixels(document, name: str, value: int = 200, **options) -> PixelLayer:
    pixels = np.full((document.height, document.width, 4), value, document.dtype)
    return PixelLayer(name, TiledImage.from_array(pixels), **options)


def _add(document, *layers) -> None:
    document.set_layers((*document.layers, *layers), "Set up")


def _trigger(window, slot: str) -> None:
    action = window.actions_by_id[slot]
    assert action.isEnabled(), slot
    action.trigger()


def _entries(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def _names(layers) -> list[str]:
    return [layer.name for layer in layers]


def _select(document, x: int, y: int, width: int, height: int) -> None:
    from editor.document import select

    select.rectangle(document, (x, y, width, height))


# --- Layer ---


def test_a_new_layer_lies_over_the_chosen_one(window, document):
    _add(document, _pixels(document, "Top"))
    window.panels._layers.select(document.layers[0])
    press_key(window, KEYS.Key_N, CTRL | SHIFT)
    assert _names(document.layers) == ["Background", "Layer 1", "Top"]
    assert window.chosen_layers == [document.layers[1]]
    press_key(window, KEYS.Key_N, CTRL | SHIFT)
    assert _names(document.layers) == ["Background", "Layer 1", "Layer 2", "Top"]
    press_key(window, KEYS.Key_Z, CTRL)
    press_key(window, KEYS.Key_Z, CTRL)
    assert _names(document.layers) == ["Background", "Top"]


def test_group_and_ungroup(window, document):
    _add(document, _pixels(document, "A"), _pixels(document, "B"))
    panel = window.panels._layers
    panel._list.choose([document.layers[1], document.layers[2]], document.layers[2])
    press_key(window, KEYS.Key_G, CTRL)
    assert _names(document.layers) == ["Background", "Group"]
    assert _names(document.layers[1].children) == ["A", "B"]
    assert window.chosen_layers == [document.layers[1]]
    press_key(window, KEYS.Key_G, CTRL | SHIFT)
    assert _names(document.layers) == ["Background", "A", "B"]
    assert _entries(document)[1:] == ["Group layers", "Ungroup layers"]


def test_duplicate_and_delete(window, document):
    press_key(window, KEYS.Key_J, CTRL)
    assert _names(document.layers) == ["Background", "Background copy"]
    assert window.chosen_layers == [document.layers[1]]
    _trigger(window, "layers.delete")
    assert _names(document.layers) == ["Background"]
    assert not window.actions_by_id["layers.delete"].isEnabled()


def test_merge_down_and_merge_a_group(window, document, whole):
    _add(document, _pixels(document, "A", 90), Group("G", [_pixels(document, "B", 60)]))
    before = whole(document)
    window.panels._layers.select(document.layers[2])
    assert window.actions_by_id["layers.merge_down"].text() == "M&erge group"
    press_key(window, KEYS.Key_E, CTRL)
    assert isinstance(document.layers[2], PixelLayer)
    assert window.actions_by_id["layers.merge_down"].text() == "M&erge down"
    press_key(window, KEYS.Key_E, CTRL)
    assert _names(document.layers) == ["Background", "A"]
    assert _entries(document)[1:] == ["Merge group", "Merge down"]
    now = document.composite(document.rect).astype(int)
    assert np.abs(now - np.frombuffer(before[0], np.uint8).reshape(now.shape)).max() <= 1


def test_merge_visible_and_flatten(window, document):
    _add(document, _pixels(document, "A"), _pixels(document, "Hidden", visible=False))
    press_key(window, KEYS.Key_E, CTRL | SHIFT)
    assert _names(document.layers) == ["Background", "Hidden"]
    _trigger(window, "layers.flatten")
    assert _names(document.layers) == ["Background"]
    assert not window.actions_by_id["layers.flatten"].isEnabled()


def test_what_cannot_be_merged_is_told(window, document):
    _add(document, AdjustmentLayer("Levels", Levels()), _pixels(document, "A"))
    window.panels._layers.select(document.layers[2])
    press_key(window, KEYS.Key_E, CTRL)
    assert _entries(document) == ["Set up"]
    assert [level for level, _ in toasts(window)] == ["warning"]
    assert "no pixels of its own" in toasts(window)[0][1]


def test_masks(window, document):
    _select(document, 100, 50, 200, 100)
    layer = document.layers[0]
    _trigger(window, "layers.add_mask")
    assert layer.mask.image.read(document.rect)[60, 150, 0] == 255
    assert layer.mask.image.read(document.rect)[10, 10, 0] == 0
    assert not window.actions_by_id["layers.add_mask"].isEnabled()
    _trigger(window, "layers.toggle_mask")
    assert not layer.mask.enabled
    assert window.actions_by_id["layers.toggle_mask"].text() == "Enabl&e layer mask"
    _trigger(window, "layers.toggle_mask")
    _trigger(window, "layers.apply_mask")
    assert layer.mask is None and layer.image.read(document.rect)[10, 10, 3] == 0
    document.undo()
    _trigger(window, "layers.delete_mask")
    assert layer.mask is None and layer.image.read(document.rect)[10, 10, 3] == 255
    assert not window.actions_by_id["layers.delete_mask"].isEnabled()


def test_clipping_both_ways(window, document):
    assert not window.actions_by_id["layers.toggle_clipping"].isEnabled()  # nothing lies below
    _add(document, _pixels(document, "A"))
    press_key(window, KEYS.Key_G, CTRL | ALT)
    assert document.layers[1].clipping
    assert window.actions_by_id["layers.toggle_clipping"].text() == "Release &clipping"
    press_key(window, KEYS.Key_G, CTRL | ALT)
    assert not document.layers[1].clipping
    assert _entries(document)[1:] == ["Clip to layer below", "Release clipping"]


def test_locking(window, document):
    press_key(window, KEYS.Key_Slash, CTRL)
    assert document.layers[0].lock == Lock.ALL
    _trigger(window, "layers.add_mask")
    assert toasts(window) == [
        ("warning", "The layer “Background” is locked. Unlock it in the Layers panel first.")
    ]
    press_key(window, KEYS.Key_Slash, CTRL)
    assert document.layers[0].lock == Lock.NONE


def test_hiding(window, document):
    press_key(window, KEYS.Key_Comma, CTRL | ALT)
    assert not document.layers[0].visible
    assert window.actions_by_id["layers.toggle_visible"].text() == "S&how layer"
    press_key(window, KEYS.Key_Comma, CTRL | ALT)
    assert _entries(document) == ["Hide layer", "Show layer"]


def test_a_new_adjustment_takes_the_selection_as_its_mask(window, document):
    _select(document, 0, 0, 100, 100)
    menu = window.adjustment_menu
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.data() == "levels")
    action.trigger()
    layer = document.layers[1]
    assert isinstance(layer.adjustment, Levels) and layer.name == "Levels"
    assert layer.mask.image.read(document.rect)[50, 50, 0] == 255
    assert layer.mask.image.read(document.rect)[200, 200, 0] == 0
    assert window.chosen_layers == [layer]
    assert _entries(document)[-1] == "Add Levels"


def test_the_adjustments_stand_in_their_order(window):
    from editor.document.adjustments import ADJUSTMENTS

    window.adjustment_menu.fill()
    window.adjustment_menu.fill()
    actions = window.adjustment_menu.actions()
    assert [action.data() for action in actions] == list(ADJUSTMENTS)
    assert [action.text().replace("&&", "&") for action in actions] == [
        each.title for each in ADJUSTMENTS.values()
    ]


def test_a_gesture_comes_before_a_command(window, document):
    _add(document, _pixels(document, "A"))
    QTest.keyClick(window.panels._layers._header.opacity, KEYS.Key_Down)
    press_key(window, KEYS.Key_J, CTRL)
    assert _entries(document) == ["Set up", "Layer opacity", "Duplicate layer"]


# --- Select ---


def test_select_all_invert_and_nothing(window, document):
    press_key(window, KEYS.Key_A, CTRL)
    assert document.selection.read(document.rect).min() == 255
    press_key(window, KEYS.Key_I, CTRL | SHIFT)
    assert not document.selection.tiles
    press_key(window, KEYS.Key_Z, CTRL)
    press_key(window, KEYS.Key_D, CTRL)
    assert not document.selection.tiles
    assert _entries(document) == ["Select all", "Deselect"]


@pytest.mark.parametrize(("slot", "inside"), [("grow", 110 * 110), ("shrink", 90 * 90)])
def test_grow_and_shrink_by_what_is_asked(window, document, monkeypatch, slot, inside):
    _select(document, 200, 200, 100, 100)
    asked = []

    def ask(parent, title, label, **options):
        asked.append((title, options["value"]))
        return 5.0

    monkeypatch.setattr(value_dialog, "ask", ask)
    _trigger(window, f"selecting.{slot}")
    _trigger(window, f"selecting.{slot}")
    assert asked == [(f"{slot.capitalize()} selection", 4.0), (f"{slot.capitalize()} selection", 5.0)]
    document.undo()
    area = int((document.selection.read(document.rect) > 127).sum())
    assert area == pytest.approx(inside, rel=0.01)


def test_feather_can_be_left(window, document, monkeypatch):
    _select(document, 200, 200, 100, 100)
    monkeypatch.setattr(value_dialog, "ask", lambda *_, **__: None)
    press_key(window, KEYS.Key_F6, SHIFT)
    assert _entries(document) == ["Rectangular selection"]


def test_without_a_selection_nothing_is_asked(window, document, monkeypatch):
    monkeypatch.setattr(value_dialog, "ask", lambda *_, **__: pytest.fail("asked"))
    _trigger(window, "selecting.feather")
    assert toasts(window) == [("warning", "Nothing is selected yet.")]


@pytest.mark.parametrize(("press", "answer"), [(KEYS.Key_Return, 12.0), (KEYS.Key_Escape, None)])
def test_the_value_dialog(window, press, answer):
    def act() -> None:
        dialog = QApplication.activeModalWidget()
        dialog._slider._edit()
        dialog._slider._editor.setText("12")
        QTest.keyClick(dialog._slider._editor, KEYS.Key_Return)
        QTest.keyClick(dialog, press)

    QTimer.singleShot(50, act)
    value = value_dialog.ask(window, "Grow selection", "Grow by", value=4, low=1, high=500, step=1)
    assert value == answer


# --- Image ---


def test_turning_and_flipping(window, document):
    pixels = document.composite(document.rect).copy()
    _trigger(window, "image.rotate_right")
    assert np.array_equal(document.composite(document.rect), np.rot90(pixels, -1))
    assert window.canvas.view.width == document.width == pixels.shape[0]
    _trigger(window, "image.rotate_left")
    _trigger(window, "image.rotate_half")
    assert np.array_equal(document.composite(document.rect), pixels[::-1, ::-1])
    _trigger(window, "image.flip_horizontally")
    _trigger(window, "image.flip_vertically")
    assert np.array_equal(document.composite(document.rect), pixels)
    document.go_to(1)
    assert window.status._facts.text().startswith(f"{pixels.shape[0]} × {pixels.shape[1]}")
    document.go_to(0)
    assert np.array_equal(document.composite(document.rect), pixels)


def test_depth(window, document):
    assert window.actions_by_id["image.to_8_bits"].isChecked()
    _trigger(window, "image.to_16_bits")
    assert document.bits == 16 and window.actions_by_id["image.to_16_bits"].isChecked()
    assert not window.actions_by_id["image.to_8_bits"].isChecked()
    assert "16 bit" in window.status._facts.text()
    _trigger(window, "image.to_16_bits")  # once more changes nothing, and the mark stays
    assert window.actions_by_id["image.to_16_bits"].isChecked()
    assert _entries(document) == ["16 bits per channel"]


def test_the_canvas_shows_another_depth_and_profile(window, document, qtbot):
    before = window.canvas.grab().toImage()
    _trigger(window, "image.to_16_bits")
    after = window.canvas.grab().toImage()
    middle = window.canvas.rect().center()
    for dx in range(-100, 100, 7):
        one = before.pixelColor(middle.x() + dx, middle.y())
        other = after.pixelColor(middle.x() + dx, middle.y())
        assert abs(one.red() - other.red()) <= 1


def test_every_command_is_refused_without_a_picture(window):
    for slot, action in window.actions_by_id.items():
        if slot.split(".")[0] in ("layers", "image", "selecting"):
            assert not action.isEnabled(), slot
    assert not window.adjustment_menu.isEnabled()


def test_turning_waits_for_a_removal(window, document, monkeypatch):
    monkeypatch.setattr(window.removing, "is_running", lambda _: True)
    _trigger(window, "image.rotate_right")
    assert _entries(document) == []
    assert "removal" in toasts(window)[0][1]

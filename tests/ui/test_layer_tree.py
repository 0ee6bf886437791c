"""The layers panel with groups, clipped layers, adjustments, masks and locks, and layers dragged about."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from editor.document.adjustments import Curves, Levels
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.ui import theme
from editor.ui.layer_commands import toggle_mask
from editor.ui.panels.layer_row import places
from editor.ui.panels.layers import LayersPanel

WIDTH, HEIGHT = 600, 400
LEFT = Qt.MouseButton.LeftButton


def _pixels(name: str, **options) -> PixelLayer:
    pixels = np.full((HEIGHT, WIDTH, 4), (200, 0, 0, 255), np.uint8)
    return PixelLayer(name, TiledImage.from_array(pixels), **options)


def _half_mask(enabled: bool = True) -> LayerMask:
    values = np.zeros((HEIGHT, WIDTH, 1), np.uint8)
    values[:, WIDTH // 2 :] = 255
    return LayerMask(TiledImage.from_array(values), enabled)


@pytest.fixture
def document() -> Document:
    glow = _pixels("Glow", mask=_half_mask())
    clipped = _pixels("Tint", clipping=True)
    curves = AdjustmentLayer("Sky", Curves())
    inner = Group("Inner", [_pixels("Deep")])
    group = Group("Light", [glow, clipped, curves, inner], opacity=0.5)
    return Document(WIDTH, HEIGHT, np.uint8, [_pixels("Photograph"), group, _pixels("Top", lock=Lock.ALL)])


@pytest.fixture
def panel(qtbot, document) -> LayersPanel:
    panel = LayersPanel()
    qtbot.addWidget(panel)
    panel.set_document(document)
    panel.resize(272, 600)
    panel.show()
    return panel


def _layer(document: Document, name: str):
    from editor.document.layers import walk

    return next(layer for layer in walk(document.layers) if layer.name == name)


def _rows(panel: LayersPanel) -> list[tuple[str, int]]:
    return [(row.layer.name, row.depth) for row in panel._model.rows]


def _index(panel: LayersPanel, name: str):
    row = next(place for place, row in enumerate(panel._model.rows) if row.layer.name == name)
    return panel._model.index(row)


def _places(panel: LayersPanel, name: str):
    index = _index(panel, name)
    return places(panel._list.visualRect(index), panel._model.rows[index.row()])


def _spoken(panel: LayersPanel, name: str) -> str:
    return _index(panel, name).data(Qt.ItemDataRole.AccessibleTextRole)


def _click(panel: LayersPanel, point: QPoint, keys=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(panel._list.viewport(), LEFT, keys, point)


def _drag(panel: LayersPanel, qtbot, name: str, target: QPoint) -> None:
    viewport, start = panel._list.viewport(), _places(panel, name).words.center()
    qtbot.mousePress(viewport, LEFT, pos=start)
    qtbot.mouseMove(viewport, start + QPoint(0, 12 if target.y() > start.y() else -12))
    qtbot.mouseMove(viewport, target)
    qtbot.mouseRelease(viewport, LEFT, pos=target)


def _names(container) -> list[str]:
    layers = container.layers if isinstance(container, Document) else container.children
    return [layer.name for layer in layers]


def _entries(document: Document) -> list[str]:
    return [entry.name for entry in document.history.entries]


# --- what is shown ---


def test_groups_open_downwards_from_the_top(panel):
    assert _rows(panel) == [
        ("Top", 0),
        ("Light", 0),
        ("Inner", 1),
        ("Deep", 2),
        ("Sky", 1),
        ("Tint", 1),
        ("Glow", 1),
        ("Photograph", 0),
    ]


def test_the_chevron_closes_and_opens(panel, document):
    _click(panel, _places(panel, "Light").chevron.center())
    assert _rows(panel) == [("Top", 0), ("Light", 0), ("Photograph", 0)]
    _click(panel, _places(panel, "Light").chevron.center())
    assert len(_rows(panel)) == 8
    assert _entries(document) == []


def test_arrow_keys_close_open_and_go_out(panel, document, qtbot):
    panel.select(_layer(document, "Deep"))
    qtbot.keyClick(panel._list, Qt.Key.Key_Left)
    assert panel.current_layer.name == "Inner"
    qtbot.keyClick(panel._list, Qt.Key.Key_Left)
    assert ("Deep", 2) not in _rows(panel)
    assert panel.current_layer.name == "Inner"
    qtbot.keyClick(panel._list, Qt.Key.Key_Right)
    assert ("Deep", 2) in _rows(panel)


def test_closing_a_group_around_the_chosen_layer_chooses_the_group(panel, document):
    panel.select(_layer(document, "Deep"))
    _click(panel, _places(panel, "Light").chevron.center())
    assert panel.current_layer.name == "Light"


def test_choosing_a_layer_in_a_closed_group_opens_it(panel, document):
    panel._set_closed(_layer(document, "Light"), True)
    panel.select(_layer(document, "Deep"))
    assert panel.current_layer.name == "Deep"


def test_everything_can_be_heard(panel, document):
    assert _spoken(panel, "Top") == "Top, locked"
    assert _spoken(panel, "Light") == "Light, open group"
    panel._set_closed(_layer(document, "Inner"), True)
    assert _spoken(panel, "Inner") == "Inner, closed group, level 2"
    assert _spoken(panel, "Sky") == "Sky, Curves, level 2"
    assert _spoken(panel, "Tint") == "Tint, level 2, clipped to the layer below"
    assert _spoken(panel, "Glow") == "Glow, level 2, mask"
    toggle_mask(document, _layer(document, "Glow"))
    assert _spoken(panel, "Glow") == "Glow, level 2, mask, disabled"
    document.set_layer(_layer(document, "Glow"), "visible", False, "Hide layer")
    assert _spoken(panel, "Glow") == "Glow, level 2, mask, disabled, hidden"


def test_a_layer_in_a_hidden_group_looks_hidden(panel, document):
    shown = panel.grab().toImage()
    document.set_layer(_layer(document, "Light"), "visible", False, "Hide layer")
    rows = {row.layer.name: row.shown for row in panel._model.rows}
    assert not rows["Deep"] and not rows["Glow"] and rows["Photograph"]
    place = panel._list.mapTo(panel, _places(panel, "Deep").picture.center())
    faded = panel.grab().toImage().pixelColor(place)
    assert abs(faded.green() - shown.pixelColor(place).green()) > 20  # what is behind shows through


def test_the_masks_thumbnail_is_its_values_and_is_crossed_out_when_disabled(panel, document):
    mask = _places(panel, "Glow").mask
    image = panel._list.viewport().grab().toImage()
    left = image.pixelColor(mask.left() + 5, mask.center().y())
    right = image.pixelColor(mask.right() - 5, mask.center().y())
    assert (left.value(), right.value()) == (0, 255)
    _click(panel, mask.center(), Qt.KeyboardModifier.ShiftModifier)
    assert not _layer(document, "Glow").mask.enabled
    crossed = panel._list.viewport().grab().toImage().pixelColor(mask.center())
    assert abs(crossed.red() - QColor(theme.now.red).red()) < 40 and crossed.red() > crossed.blue() + 60
    assert _entries(document) == ["Disable layer mask"]
    document.undo()
    assert _layer(document, "Glow").mask.enabled


def test_a_plain_click_on_the_mask_only_chooses(panel, document):
    _click(panel, _places(panel, "Glow").mask.center())
    assert panel.current_layer.name == "Glow"
    assert _entries(document) == []


def test_the_masks_thumbnail_follows_the_mask(panel, document):
    from editor.document import stack

    layer = _layer(document, "Glow")
    panel.grab()
    stack.set_mask(document, layer, LayerMask.revealing(), "Reveal")
    panel._model.refresh_thumbnails()
    thumbnail = panel._model.thumbnail(layer, "mask", 1.0).toImage()
    assert thumbnail.pixelColor(2, 2).value() == 255


# --- modes, locks, deleting ---


def test_pass_through_is_for_groups_only(panel, document):
    panel.select(_layer(document, "Light"))
    assert panel._header.mode.currentText() == "Pass through"
    panel._header.mode.setCurrentIndex(panel._header.mode.findText("Normal"))
    panel._header.mode.activated.emit(panel._header.mode.currentIndex())
    assert _layer(document, "Light").blend_mode == "normal"
    panel.select(_layer(document, "Glow"))
    assert panel._header.mode.findText("Pass through") < 0
    assert panel._header.mode.currentText() == "Normal"


def test_a_locked_layer_can_only_be_unlocked(panel, document, qtbot):
    panel.select(_layer(document, "Top"))
    assert not panel._header.mode.isEnabled() and not panel._header.opacity.isEnabled()
    assert panel._header.locks[Lock.ALL].isChecked()
    with qtbot.waitSignal(panel.refused) as refused:
        panel.delete_current()
    assert refused.args == ["The layer “Top” is locked. Unlock it in the Layers panel first."]
    assert "Top" in _names(document)
    qtbot.mouseClick(panel._header.locks[Lock.ALL], LEFT)
    assert panel._header.opacity.isEnabled()
    assert _entries(document) == ["Unlock layer"]


def test_a_layer_in_a_locked_group_is_locked(panel, document):
    document.set_layer(_layer(document, "Light"), "lock", Lock.ALL, "Lock layer")
    panel.select(_layer(document, "Deep"))
    assert not panel._header.opacity.isEnabled() and not panel._header.locks[Lock.ALL].isChecked()


def test_several_layers_are_deleted_at_once(panel, document, qtbot):
    _click(panel, _places(panel, "Tint").words.center())
    _click(panel, _places(panel, "Sky").words.center(), Qt.KeyboardModifier.ControlModifier)
    assert [layer.name for layer in panel.chosen] == ["Sky", "Tint"]
    qtbot.keyClick(panel._list, Qt.Key.Key_Delete)
    assert _names(_layer(document, "Light")) == ["Glow", "Inner"]
    assert _entries(document) == ["Delete layers"]
    document.undo()
    assert _names(_layer(document, "Light")) == ["Glow", "Tint", "Sky", "Inner"]


def test_a_group_goes_with_what_is_in_it(panel, document, qtbot):
    panel._list.choose([_layer(document, "Light"), _layer(document, "Deep")], _layer(document, "Light"))
    qtbot.keyClick(panel._list, Qt.Key.Key_Delete)
    assert _names(document) == ["Photograph", "Top"]
    document.undo()
    assert _names(_layer(document, "Inner")) == ["Deep"]
    assert panel.current_layer.name == "Light"


# --- dragging ---


def test_dragging_above_another(panel, document, qtbot):
    target = panel._list.visualRect(_index(panel, "Sky")).topLeft() + QPoint(100, 3)
    _drag(panel, qtbot, "Glow", target)
    assert _names(_layer(document, "Light")) == ["Tint", "Sky", "Glow", "Inner"]
    assert _entries(document) == ["Move layer"]
    assert panel.current_layer.name == "Glow"
    document.undo()
    assert _names(_layer(document, "Light")) == ["Glow", "Tint", "Sky", "Inner"]


def test_dragging_below_another(panel, document, qtbot):
    _drag(panel, qtbot, "Sky", panel._list.visualRect(_index(panel, "Glow")).bottomLeft() + QPoint(100, -3))
    assert _names(_layer(document, "Light")) == ["Sky", "Glow", "Tint", "Inner"]


def test_dragging_into_a_group_and_out_of_it(panel, document, qtbot):
    _drag(panel, qtbot, "Photograph", panel._list.visualRect(_index(panel, "Inner")).center())
    assert _names(_layer(document, "Inner")) == ["Deep", "Photograph"]
    assert _names(document) == ["Light", "Top"]
    _drag(panel, qtbot, "Deep", panel._list.visualRect(_index(panel, "Light")).topLeft() + QPoint(90, 2))
    assert _names(document) == ["Light", "Deep", "Top"]


def test_dragging_into_a_closed_group(panel, document, qtbot):
    panel._set_closed(_layer(document, "Inner"), True)
    _drag(panel, qtbot, "Glow", panel._list.visualRect(_index(panel, "Inner")).center())
    assert _names(_layer(document, "Inner")) == ["Deep", "Glow"]


def test_dragging_below_everything(panel, document, qtbot):
    last = panel._list.visualRect(_index(panel, "Photograph"))
    _drag(panel, qtbot, "Deep", QPoint(100, last.bottom() + 30))
    assert _names(document) == ["Deep", "Photograph", "Light", "Top"]


def test_a_group_cannot_be_dragged_into_itself(panel, document, qtbot):
    _drag(panel, qtbot, "Light", panel._list.visualRect(_index(panel, "Inner")).center())
    assert _names(document) == ["Photograph", "Light", "Top"]
    assert _entries(document) == []


def test_dragged_back_to_its_place_nothing_happens(panel, document, qtbot):
    rect = panel._list.visualRect(_index(panel, "Sky"))
    _drag(panel, qtbot, "Sky", QPoint(100, rect.bottom() + 5))
    assert _entries(document) == []


def test_no_line_shows_where_a_layer_is_already(panel, document, qtbot):
    viewport, start = panel._list.viewport(), _places(panel, "Sky").words.center()
    rect = panel._list.visualRect(_index(panel, "Sky"))
    qtbot.mousePress(viewport, LEFT, pos=start)
    qtbot.mouseMove(viewport, QPoint(100, rect.bottom() + 5))
    line = viewport.grab().toImage().pixelColor(120, rect.bottom() + 1)
    assert line != QColor(theme.now.accent)
    qtbot.mouseRelease(viewport, LEFT, pos=start)


def test_escape_ends_a_drag(panel, document, qtbot):
    viewport, start = panel._list.viewport(), _places(panel, "Glow").words.center()
    target = panel._list.visualRect(_index(panel, "Sky")).topLeft() + QPoint(100, 3)
    qtbot.mousePress(viewport, LEFT, pos=start)
    qtbot.mouseMove(viewport, start - QPoint(0, 12))
    qtbot.mouseMove(viewport, target)
    qtbot.keyClick(panel._list, Qt.Key.Key_Escape)
    qtbot.mouseRelease(viewport, LEFT, pos=target)
    assert _entries(document) == []


def test_a_locked_layer_is_not_dragged(panel, document, qtbot):
    with qtbot.waitSignal(panel.refused) as refused:
        _drag(panel, qtbot, "Top", panel._list.visualRect(_index(panel, "Inner")).center())
    assert "locked" in refused.args[0]
    assert _entries(document) == []


def test_a_drag_shows_where_the_layer_would_go(panel, document, qtbot):
    viewport, start = panel._list.viewport(), _places(panel, "Glow").words.center()
    rect = panel._list.visualRect(_index(panel, "Sky"))
    qtbot.mousePress(viewport, LEFT, pos=start)
    qtbot.mouseMove(viewport, start - QPoint(0, 12))
    qtbot.mouseMove(viewport, rect.topLeft() + QPoint(100, 3))
    line = viewport.grab().toImage().pixelColor(120, rect.top())
    assert line == QColor(theme.now.accent)
    qtbot.mouseRelease(viewport, LEFT, pos=start)
    assert viewport.grab().toImage().pixelColor(120, rect.top()) != QColor(theme.now.accent)


def test_scrolling_in_the_middle_of_a_drag_aims_anew(panel, document, qtbot):
    panel.resize(272, 280)
    qtbot.waitUntil(lambda: panel._list.verticalScrollBar().maximum() >= 44 * 4)
    panel._list.verticalScrollBar().setValue(0)
    viewport, start = panel._list.viewport(), _places(panel, "Inner").words.center()
    qtbot.mousePress(viewport, LEFT, pos=start)
    qtbot.mouseMove(viewport, start - QPoint(0, 12))
    place = panel._list.visualRect(_index(panel, "Light")).topLeft() + QPoint(100, 4)
    qtbot.mouseMove(viewport, place)
    assert panel._list._target == (document, 2)
    panel._list.verticalScrollBar().setValue(44 * 4)
    row = panel._model.rows[panel._list.indexAt(place).row()]
    assert row.layer.name == "Tint"
    assert panel._list._target == (_layer(document, "Light"), 2)
    qtbot.mouseRelease(viewport, LEFT, pos=place)


def test_a_layer_that_arrives_in_a_group_is_chosen(panel, document):
    from editor.document import stack

    made = AdjustmentLayer("Levels", Levels())
    stack.add(document, made, above=_layer(document, "Deep"))
    assert panel.current_layer is made
    document.undo()
    assert panel.current_layer is not None


def test_held_near_the_end_the_list_scrolls_on(panel, document, qtbot):
    panel.resize(272, 280)
    bar = panel._list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() >= 44 * 4)
    bar.setValue(0)
    viewport, start = panel._list.viewport(), _places(panel, "Top").words.center()
    qtbot.mousePress(viewport, LEFT, pos=start)
    qtbot.mouseMove(viewport, start + QPoint(0, 12))
    qtbot.mouseMove(viewport, QPoint(100, viewport.height() - 6))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    assert panel._list._target[0] is document
    qtbot.mouseMove(viewport, QPoint(100, viewport.height() // 2))
    qtbot.mouseRelease(viewport, LEFT, pos=start)

"""Every change made in the panels is one entry that can be undone, and the panels follow the document."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from editor.document.blend import MODES
from editor.document.geometry import Rect
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage, TileWriter
from editor.ui import theme
from editor.ui.panels import thumbnails as thumbnails_module
from editor.ui.panels.history import HistoryPanel
from editor.ui.panels.layer_model import how_made
from editor.ui.panels.layers import LayersPanel
from editor.ui.panels.thumbnails import Thumbnails, samples

WIDTH, HEIGHT = 600, 400
CANVAS = Rect(0, 0, WIDTH, HEIGHT)


def _layer(name: str, colour: tuple[int, ...], **options) -> PixelLayer:
    pixels = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    pixels[:] = colour
    return PixelLayer(name, TiledImage.from_array(pixels), **options)


def _document(*layers: PixelLayer) -> Document:
    return Document(WIDTH, HEIGHT, np.uint8, layers)


@pytest.fixture
def document() -> Document:
    return _document(_layer("Photograph", (200, 0, 0, 255)), _layer("Retouch", (0, 200, 0, 255)))


@pytest.fixture
def panel(qtbot, document) -> LayersPanel:
    panel = LayersPanel()
    qtbot.addWidget(panel)
    panel.set_document(document)
    panel.resize(264, 320)
    panel.show()
    return panel


@pytest.fixture
def history(qtbot, document) -> HistoryPanel:
    panel = HistoryPanel()
    qtbot.addWidget(panel)
    panel.wanted.connect(document.go_to)
    panel.set_document(document)
    panel.resize(264, 240)
    panel.show()
    return panel


def _names(view) -> list[str]:
    model = view._list.model()
    return [model.index(row).data() for row in range(model.rowCount())]


def _entries(document: Document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def _row(view, row: int) -> QPoint:
    return view._list.visualRect(view._list.model().index(row)).center()


def _eye(panel: LayersPanel, row: int) -> QPoint:
    rect = panel._list.visualRect(panel._list.model().index(row))
    return QPoint(rect.left() + 20, rect.center().y())


def _knob(panel: LayersPanel) -> QPoint:
    slider = panel._header.opacity
    track = slider._track_rect()
    return QPoint(round(track.left() + 5 + (track.width() - 10) * slider.value / 100), 14)


# --- layers ---


def test_lists_the_top_layer_first_and_chooses_it(panel, document):
    assert _names(panel) == ["Retouch", "Photograph"]
    assert panel.current_layer is document.layers[1]


def test_eye_hides_and_undo_shows_again(panel, document, qtbot):
    top = document.layers[1]
    qtbot.mouseClick(panel._list.viewport(), Qt.MouseButton.LeftButton, pos=_eye(panel, 0))
    assert not top.visible
    assert _entries(document) == ["Hide layer"]
    document.undo()
    assert top.visible
    document.redo()
    qtbot.mouseClick(panel._list.viewport(), Qt.MouseButton.LeftButton, pos=_eye(panel, 0))
    assert top.visible
    assert _entries(document) == ["Hide layer", "Show layer"]


def test_space_in_the_list_hides(panel, document, qtbot):
    qtbot.keyClick(panel._list, Qt.Key.Key_Space)
    assert not document.layers[1].visible


def test_one_entry_for_a_drag_of_the_opacity(panel, document, qtbot):
    layer, seen = document.layers[1], []
    document.observers.append(lambda change: seen.append((layer.opacity, len(document.history.entries))))
    slider, start = panel._header.opacity, _knob(panel)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for distance in (-20, -40, -60):
        qtbot.mouseMove(slider, start + QPoint(distance, 0))
    assert layer.opacity < 0.8
    assert len(seen) == 3
    assert _entries(document) == []
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(-60, 0))
    assert _entries(document) == ["Layer opacity"]
    chosen = layer.opacity
    document.undo()
    assert layer.opacity == 1.0
    assert slider.value == 100
    document.redo()
    assert layer.opacity == chosen


def test_a_drag_back_to_where_it_was_leaves_no_entry_and_the_exact_value(panel, document, qtbot):
    layer = document.layers[1]
    document.set_layer(layer, "opacity", 0.503, "Set up")
    slider, start = panel._header.opacity, _knob(panel)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(slider, start + QPoint(40, 0))
    assert layer.opacity > 0.6
    qtbot.mouseMove(slider, start)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start)
    assert layer.opacity == 0.503
    assert _entries(document) == ["Set up"]


def test_undo_in_the_middle_of_a_gesture_keeps_the_history_whole(panel, document, qtbot):
    layer, other = document.layers[1], document.layers[0]
    document.set_layer(other, "name", "Sea", "Rename layer")
    qtbot.keyClick(panel._header.opacity, Qt.Key.Key_Down)
    assert layer.opacity == 0.99
    document.undo()  # from elsewhere, before the gesture has settled
    assert other.name == "Photograph"
    assert layer.opacity == 1.0
    assert panel._header.opacity.value == 100
    assert document.history.can_redo
    document.redo()
    assert _entries(document) == ["Rename layer"]


def test_an_edit_in_the_middle_of_a_gesture_comes_with_it(panel, document, qtbot):
    layer = document.layers[1]
    qtbot.keyClick(panel._header.opacity, Qt.Key.Key_Down)
    document.set_layer(document.layers[0], "visible", False, "Hide layer")
    assert _entries(document) == ["Hide layer", "Layer opacity"]
    document.go_to(0)
    assert layer.opacity == 1.0
    document.go_to(2)
    assert layer.opacity == 0.99


def test_choosing_another_layer_records_what_was_shown(panel, document, qtbot):
    top, bottom = document.layers[1], document.layers[0]
    qtbot.keyClick(panel._header.opacity, Qt.Key.Key_Down)
    panel.select(bottom)
    assert _entries(document) == ["Layer opacity"]
    assert (top.opacity, bottom.opacity) == (0.99, 1.0)
    assert panel._header.opacity.value == 100


def _pick_mode(panel: LayersPanel, title: str) -> None:
    """What a choice in the box's list does; the offscreen platform warns of each list that opens."""
    panel._header.mode.setCurrentIndex(panel._header.mode.findText(title))
    panel._header.mode.activated.emit(panel._header.mode.currentIndex())


def test_the_blend_mode_is_one_entry_and_follows_undo(panel, document):
    layer = document.layers[1]
    assert panel._header.mode.currentText() == "Normal"
    _pick_mode(panel, "Linear dodge (add)")
    assert layer.blend_mode == "linear-dodge"
    assert _entries(document) == ["Blend mode"]
    _pick_mode(panel, "Linear dodge (add)")
    assert _entries(document) == ["Blend mode"]
    document.undo()
    assert layer.blend_mode == "normal"
    assert panel._header.mode.currentText() == "Normal"
    document.redo()
    assert panel._header.mode.currentText() == "Linear dodge (add)"


def test_the_blend_mode_by_keys(panel, document, qtbot):
    for key, mode in (
        (Qt.Key.Key_Down, "darken"),
        (Qt.Key.Key_End, "luminosity"),
        (Qt.Key.Key_Home, "normal"),
    ):
        qtbot.keyClick(panel._header.mode, key)
        assert document.layers[1].blend_mode == mode
    assert _entries(document) == ["Blend mode"] * 3


def test_the_blend_mode_shown_is_that_of_the_chosen_layer(panel, document):
    _pick_mode(panel, "Multiply")
    panel.select(document.layers[0])
    assert panel._header.mode.currentText() == "Normal"
    panel.select(document.layers[1])
    assert panel._header.mode.currentText() == "Multiply"
    panel.set_document(_document(_layer("Only", (0, 0, 0, 255), blend_mode="screen")))
    assert panel._header.mode.currentText() == "Screen"
    assert _entries(document) == ["Blend mode"]


def test_an_opacity_gesture_comes_before_the_blend_mode(panel, document, qtbot):
    qtbot.keyClick(panel._header.opacity, Qt.Key.Key_Down)
    _pick_mode(panel, "Screen")
    assert _entries(document) == ["Layer opacity", "Blend mode"]
    assert (document.layers[1].opacity, document.layers[1].blend_mode) == (0.99, "screen")


def test_the_blend_modes_stand_in_the_groups_of_photoshop(panel):
    groups = [[]]
    for row in range(panel._header.mode.count()):
        mode = panel._header.mode.itemData(row)
        if mode is None:
            groups.append([])
        else:
            groups[-1].append(mode)
    assert [mode for group in groups for mode in group] == list(MODES)
    assert [len(group) for group in groups] == [1, 5, 5, 7, 4, 4]


def test_f2_renames_in_place(panel, document, qtbot):
    panel._list.setFocus()
    qtbot.keyClick(panel._list, Qt.Key.Key_F2)
    editor = panel._list.findChild(QLineEdit)
    assert editor.text() == "Retouch"
    qtbot.keyClicks(editor, "No more bin")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.layers[1].name == "No more bin")
    assert _entries(document) == ["Rename layer"]
    document.undo()
    assert _names(panel) == ["Retouch", "Photograph"]


def test_double_click_renames_but_not_on_the_eye(panel, document, qtbot):
    viewport = panel._list.viewport()
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=_eye(panel, 1))
    assert panel._list.findChild(QLineEdit) is None
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=_row(panel, 1))
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=_row(panel, 1))
    assert panel._list.findChild(QLineEdit).text() == "Photograph"


@pytest.mark.parametrize("name", ["Retouch", "  ", ""])
def test_same_or_no_name_is_no_entry(panel, document, name):
    panel._list.model().setData(panel._list.model().index(0), name)
    assert document.layers[1].name == "Retouch"
    assert _entries(document) == []


def test_delete_key_deletes_and_undo_brings_back(panel, document, qtbot):
    bottom, top = document.layers
    qtbot.keyClick(panel._list, Qt.Key.Key_Delete)
    assert document.layers == (bottom,)
    assert panel.current_layer is bottom
    document.undo()
    assert document.layers == (bottom, top)
    assert panel.current_layer is top


def test_the_last_layer_stays(panel, document, qtbot):
    qtbot.mouseClick(panel._delete, Qt.MouseButton.LeftButton)
    assert len(document.layers) == 1
    assert not panel._delete.isEnabled()
    qtbot.keyClick(panel._list, Qt.Key.Key_Delete)
    assert len(document.layers) == 1
    assert _entries(document) == ["Delete layer"]


def test_delete_elsewhere_in_the_panel_deletes_nothing(panel, document, qtbot):
    qtbot.keyClick(panel._header.opacity, Qt.Key.Key_Delete)
    qtbot.keyClick(panel, Qt.Key.Key_Delete)
    assert len(document.layers) == 2


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Space, Qt.Key.Key_F2])
def test_the_list_keeps_its_keys_from_the_windows_shortcuts(panel, key):
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(panel._list, event)
    assert event.isAccepted()


def test_a_new_layer_is_chosen_and_says_how_it_was_made(panel, document):
    made = _layer("Removed", (0, 0, 0, 0), recipe=Recipe("remove", "migan", "", "cpu", 1))
    document.set_layers((*document.layers, made), "Remove")
    assert panel.current_layer is made
    spoken = panel._list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Removed, MI-GAN"
    made.name = "The bin"
    spoken = panel._list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "The bin, Removed · MI-GAN"


def test_how_made_with_an_engine_that_is_not_known_here():
    assert how_made(Recipe("remove", "future", "", "cpu", 1)) == "Removed · future"
    assert how_made(None) == ""


def test_says_which_layer_is_chosen(panel, document, qtbot):
    with qtbot.waitSignals([panel.chosen_changed, panel.followed]):
        panel.select(document.layers[0])
    assert panel.chosen == [document.layers[0]] == [panel.current_layer]


def test_another_document_and_none(panel, document, qtbot):
    other = _document(_layer("Only", (0, 0, 0, 255)))
    panel.set_document(other)
    assert document.observers == []
    assert _names(panel) == ["Only"]
    assert panel.current_layer is other.layers[0]
    with qtbot.waitSignal(panel.followed):
        panel.set_document(None)
    assert panel.current_layer is None
    assert other.observers == []
    assert panel._body.currentWidget().text() == "Open a picture to see its layers."
    assert panel._delete.isHidden()


def test_names_for_assistive_technology(panel, history):
    assert panel._list.accessibleName() == "Layers"
    assert panel._header.mode.accessibleName() == "Blend mode"
    assert panel._header.opacity.accessibleName() == "Layer opacity"
    assert panel._delete.accessibleName() == "Delete layer"
    assert history._list.accessibleName() == "History"


# --- thumbnails ---


def test_thumbnail_shows_the_layer_and_follows_a_stroke(panel, document, qtbot):
    layer = document.layers[1]
    thumbnails = panel._model._thumbnails
    panel.grab()
    assert thumbnails.pixmap(layer, 1.0).toImage().pixelColor(20, 13) == QColor(0, 200, 0)
    writer = TileWriter(layer.image)
    writer.write(document.rect, np.full((HEIGHT, WIDTH, 4), (0, 0, 250, 255), np.uint8))
    document.set_layer(layer, "opacity", 0.5, "Stands for the stroke's notice")
    qtbot.waitUntil(lambda: thumbnails.pixmap(layer, 1.0).toImage().pixelColor(20, 13) == QColor(0, 0, 250))


def test_thumbnails_of_large_layers_are_made_in_the_background(qtbot, document, monkeypatch):
    monkeypatch.setattr(thumbnails_module, "_AT_ONCE", 0)
    layer = document.layers[0]
    thumbnails, made = Thumbnails(40), []
    thumbnails.canvas = document.rect
    thumbnails.made.connect(made.append)

    def middle() -> QColor:
        return thumbnails.pixmap(layer, 1.0).toImage().pixelColor(20, 13)

    assert middle().name() in theme.now.checker
    qtbot.waitUntil(lambda: made == [layer])
    assert middle() == QColor(200, 0, 0)
    TileWriter(layer.image).write(document.rect, np.full((HEIGHT, WIDTH, 4), (0, 0, 250, 255), np.uint8))
    assert thumbnails.refresh(document.layers) == []
    assert middle() == QColor(200, 0, 0)  # until the new one is there
    qtbot.waitUntil(lambda: len(made) == 2)
    assert middle() == QColor(0, 0, 250)
    thumbnails.clear()
    thumbnails.pixmap(layer, 1.0)
    thumbnails.clear()  # another document, say, and what is being made is not wanted any more
    assert thumbnails_module._background.wait(10)
    qtbot.wait(20)
    assert len(made) == 2


def test_thumbnails_are_made_again_only_where_tiles_changed(qapp):
    first, second = _layer("a", (1, 2, 3, 255)), _layer("b", (1, 2, 3, 255))
    thumbnails = Thumbnails(40)
    thumbnails.canvas = CANVAS
    for layer in (first, second):
        thumbnails.pixmap(layer, 2.0)
    assert thumbnails.refresh((first, second)) == []
    TileWriter(second.image).write(Rect(0, 0, 5, 5), np.full((5, 5, 4), 9, np.uint8))
    assert thumbnails.refresh((first, second)) == [second]


def test_thumbnail_has_the_pictures_shape_and_a_checkerboard(qapp):
    empty = PixelLayer("empty", TiledImage(4, np.uint8))
    thumbnails = Thumbnails(40)
    thumbnails.canvas = CANVAS
    pixmap = thumbnails.pixmap(empty, 2.0)
    assert (pixmap.width(), pixmap.height()) == (80, 53)
    image = pixmap.toImage()
    colours = {image.pixelColor(x, y).name() for x in range(80) for y in range(53)}
    assert colours == set(theme.now.checker)


@pytest.mark.parametrize(("width", "height"), [(1000, 700), (257, 256), (3, 900), (1, 1)])
def test_samples_are_the_pictures_own_pixels(width, height):
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (height, width, 4), np.uint8)
    step = max(max(width, height) // 160, 1)
    assert np.array_equal(
        samples(TiledImage.from_array(pixels), Rect(0, 0, *pixels.shape[1::-1]), 160), pixels[::step, ::step]
    )


def test_samples_of_16_bits(qapp):
    pixels = np.full((300, 300, 4), 0xAB12, np.uint16)
    assert (samples(TiledImage.from_array(pixels), Rect(0, 0, *pixels.shape[1::-1]), 100) == 0xAB).all()


# --- history ---


def test_history_lists_opened_and_entries(history, document):
    document.set_layer(document.layers[0], "visible", False, "Hide layer")
    document.set_layer(document.layers[0], "name", "Sea", "Rename layer")
    assert _names(history) == ["Opened", "Hide layer", "Rename layer"]
    assert history._list.currentIndex().row() == 2


def test_history_click_jumps_back_and_forward(history, document, qtbot):
    layer = document.layers[0]
    document.set_layer(layer, "visible", False, "Hide layer")
    document.set_layer(layer, "name", "Sea", "Rename layer")
    viewport = history._list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=_row(history, 0))
    assert (layer.visible, layer.name) == (True, "Photograph")
    assert document.history.position == 0
    spoken = history._list.model().index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Rename layer, undone"
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=_row(history, 2))
    assert (layer.visible, layer.name) == (False, "Sea")


def test_history_arrow_keys_jump(history, document, qtbot):
    document.set_layer(document.layers[0], "name", "Sea", "Rename layer")
    qtbot.keyClick(history._list, Qt.Key.Key_Up)
    assert document.layers[0].name == "Photograph"
    qtbot.keyClick(history._list, Qt.Key.Key_Down)
    assert document.layers[0].name == "Sea"


def test_history_follows_undo_and_a_new_branch(history, document):
    layer = document.layers[0]
    document.set_layer(layer, "name", "Sea", "Rename layer")
    document.undo()
    assert history._list.currentIndex().row() == 0
    document.set_layer(layer, "visible", False, "Hide layer")
    assert _names(history) == ["Opened", "Hide layer"]
    assert history._list.currentIndex().row() == 1


def test_history_jump_ends_an_opacity_gesture_first(panel, history, document, qtbot):
    history.wanted.disconnect()
    history.wanted.connect(lambda position: (panel.finish(), document.go_to(position)))
    document.set_layer(document.layers[0], "name", "Sea", "Rename layer")
    qtbot.keyClick(panel._header.opacity, Qt.Key.Key_Down)
    qtbot.mouseClick(history._list.viewport(), Qt.MouseButton.LeftButton, pos=_row(history, 0))
    assert _entries(document) == ["Rename layer", "Layer opacity"]
    assert document.history.position == 0
    assert document.layers[1].opacity == 1.0


def test_history_without_a_document(history, document):
    history.set_document(None)
    assert document.observers == []
    assert isinstance(history._body.currentWidget(), QLabel)

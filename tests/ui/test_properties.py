"""Adjustments' parameters: shown while they are dragged, one entry of the history for each gesture."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QWidget

from editor.document.adjustments import (
    ADJUSTMENTS,
    BrightnessContrast,
    ChannelMixer,
    ColourBalance,
    Curves,
    HueSaturation,
    Invert,
    Levels,
    LevelsChannel,
    WhiteBalance,
)
from editor.document.layers import AdjustmentLayer, Lock
from editor.document.model import Document
from editor.ui.panels.adjustments import AdjustmentsPanel
from editor.ui.panels.layers import LayersPanel
from editor.ui.panels.parameters import groups
from editor.ui.panels.properties import AdjustmentProperties

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document() -> Document:
    document = Document.from_pixels(np.full((64, 64, 4), (120, 90, 60, 255), np.uint8))
    document.layers = (
        *document.layers,
        AdjustmentLayer("Brightness/Contrast", BrightnessContrast()),
        AdjustmentLayer("Hue/Saturation", HueSaturation()),
    )
    return document


class Both(QWidget):
    """The two panels side by side, as the window has them."""

    def __init__(self, executor) -> None:
        super().__init__()
        self.layers = LayersPanel()
        self.adjustments = AdjustmentsPanel(executor, QMenu(self))
        self.properties = self.adjustments.properties
        self.refused = self.adjustments.refused
        self.layers.followed.connect(self._follow)
        self.layers.finishing.connect(self.adjustments.finish)
        line = QHBoxLayout(self)
        line.addWidget(self.layers)
        line.addWidget(self.adjustments)

    def _follow(self) -> None:
        layers = self.layers
        self.adjustments.set_layer(layers.document, layers.current_layer, enabled=layers.is_free)

    def set_document(self, document) -> None:
        self.layers.set_document(document)
        self.adjustments.set_document(document)
        self._follow()

    def select(self, layer) -> None:
        self.layers.select(layer)

    def finish(self) -> None:
        self.layers.finish()


@pytest.fixture
def make_panel(qtbot):
    with ThreadPoolExecutor(1) as executor:

        def make(document: Document, layer) -> Both:
            panel = Both(executor)
            qtbot.addWidget(panel)
            panel.set_document(document)
            panel.select(layer)
            panel.resize(600, 700)
            panel.show()
            return panel

        yield make


@pytest.fixture
def panel(make_panel, document) -> Both:
    return make_panel(document, document.layers[1])


def _properties(panel: Both) -> AdjustmentProperties:
    return panel.properties


def _slider(panel: Both, name: str):
    return _properties(panel)._sliders[name]


def _editor(panel: Both, name: str):
    return _properties(panel)._editors[name]


def _entries(document: Document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def _knob(slider) -> QPoint:
    track = slider._track_rect()
    return QPoint(round(track.left() + 5 + (track.width() - 10) * slider._position(slider.value)), 14)


def test_controls_come_from_the_rules(panel, document):
    assert set(_properties(panel)._sliders) == {"brightness", "contrast"}
    assert set(_properties(panel)._boxes) == {"legacy"}
    slider = _slider(panel, "brightness")
    assert (slider._low, slider._high, slider.value, slider.accessibleName()) == (-150, 150, 0, "Brightness")
    panel.select(document.layers[2])
    assert "colorize_hue" in _properties(panel)._sliders and "ranges" not in _properties(panel)._sliders
    panel.select(document.layers[0])
    assert not _properties(panel).isVisible()


def test_a_drag_is_seen_at_once_and_is_one_entry(panel, document, qtbot):
    layer, slider = document.layers[1], _slider(panel, "brightness")
    before = document.composite(document.rect).copy()
    start = _knob(slider)
    qtbot.mousePress(slider, LEFT, pos=start)
    for distance in (10, 20, 30):
        qtbot.mouseMove(slider, start + QPoint(distance, 0))
    shown = document.composite(document.rect)
    assert (shown[..., :3] > before[..., :3]).all()
    assert _entries(document) == []
    qtbot.mouseRelease(slider, LEFT, pos=start + QPoint(30, 0))
    assert _entries(document) == ["Brightness/Contrast"]
    chosen = layer.adjustment.brightness
    assert chosen == slider.value > 20
    document.undo()
    assert layer.adjustment.brightness == 0 and slider.value == 0
    assert np.array_equal(document.composite(document.rect), before)
    document.redo()
    assert layer.adjustment.brightness == chosen == slider.value


def test_a_drag_back_leaves_no_entry(panel, document, qtbot):
    slider = _slider(panel, "brightness")
    start = _knob(slider)
    qtbot.mousePress(slider, LEFT, pos=start)
    qtbot.mouseMove(slider, start + QPoint(30, 0))
    qtbot.mouseMove(slider, start)
    qtbot.mouseRelease(slider, LEFT, pos=start)
    assert _entries(document) == []
    assert document.layers[1].adjustment == BrightnessContrast()


def test_a_switch_is_one_entry(panel, document, qtbot):
    box = _properties(panel)._boxes["legacy"]
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert document.layers[1].adjustment == BrightnessContrast(legacy=True)
    assert _entries(document) == ["Brightness/Contrast"]
    document.undo()
    assert not box.isChecked()


def test_what_the_others_do_not_allow_is_refused_and_taken_back(panel, document, qtbot):
    document.set_layer(document.layers[1], "adjustment", BrightnessContrast(brightness=140), "Set up")
    box = _properties(panel)._boxes["legacy"]
    with qtbot.waitSignal(panel.refused) as refused:
        qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert "brightness" in refused.args[0]
    assert not box.isChecked()
    assert _entries(document) == ["Set up"]


def test_a_slider_stops_where_the_others_end(panel, document, qtbot):
    layer = document.layers[1]
    document.set_layer(layer, "adjustment", Levels(rgb=LevelsChannel(input_white=20)), "Set up")
    refused = []
    panel.refused.connect(refused.append)
    slider = _slider(panel, "rgb.input_black")
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    panel.finish()
    assert layer.adjustment.rgb.input_black == 10 == slider.value
    assert _entries(document) == ["Set up", "Levels"] and refused == []


def test_what_a_switch_decides_waits_for_it(panel, document, qtbot):
    panel.select(document.layers[2])
    assert not _slider(panel, "colorize_hue").isEnabled()
    box = _properties(panel)._boxes["colorize"]
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert _slider(panel, "colorize_hue").isEnabled()
    assert document.layers[2].adjustment.colorize


def test_undo_in_the_middle_of_a_gesture_keeps_the_history_whole(panel, document, qtbot):
    document.set_layer(document.layers[0], "name", "Sea", "Rename layer")
    slider = _slider(panel, "brightness")
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    assert document.layers[1].adjustment.brightness == 1
    document.undo()
    assert document.layers[1].adjustment.brightness == 0 and slider.value == 0
    assert document.history.can_redo


def test_another_layer_gets_what_was_shown_recorded_first(panel, document, qtbot):
    qtbot.keyClick(_slider(panel, "brightness"), Qt.Key.Key_Up)
    panel.select(document.layers[2])
    assert _entries(document) == ["Brightness/Contrast"]
    assert document.layers[1].adjustment.brightness == 1


def test_an_opacity_gesture_and_a_parameter_come_in_their_order(panel, document, qtbot):
    qtbot.keyClick(panel.layers._header.opacity, Qt.Key.Key_Down)
    qtbot.keyClick(_slider(panel, "brightness"), Qt.Key.Key_Up)
    panel.finish()
    assert _entries(document) == ["Layer opacity", "Brightness/Contrast"]
    document.go_to(0)
    assert (document.layers[1].opacity, document.layers[1].adjustment) == (1.0, BrightnessContrast())


def test_a_locked_adjustment_cannot_be_set(panel, document):
    document.set_layer(document.layers[1], "lock", Lock.ALL, "Lock layer")
    assert not _properties(panel).isEnabled()


@pytest.mark.parametrize("kind", list(ADJUSTMENTS))
def test_every_kind_has_a_page(make_panel, kind):
    layer = AdjustmentLayer("A", ADJUSTMENTS[kind]())
    document = Document.from_pixels(np.full((8, 8, 4), 255, np.uint8))
    document.layers = (*document.layers, layer)
    panel = make_panel(document, layer)
    panel.resize(532, 800)
    properties = _properties(panel)
    assert panel.adjustments._title.text() == ADJUSTMENTS[kind].title
    assert properties._entries or properties.findChild(QLabel).text() == "Nothing to set here."
    for group in groups(ADJUSTMENTS[kind]) or [""]:
        properties._choose(group)
        assert properties._entries or kind == "invert"
        for control in (*properties._sliders.values(), *properties._editors.values()):
            assert control.accessibleName()
            assert control.minimumSizeHint().width() <= 250
    panel.set_document(None)


def _choose(panel: Both, name: str) -> None:
    box = _properties(panel).findChild(QComboBox)
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def test_levels_show_one_channel_at_a_time(panel, document, qtbot):
    layer = document.layers[1]
    document.set_layer(layer, "adjustment", Levels(), "Set up")
    assert list(_properties(panel)._sliders) == [
        f"rgb.{name}" for name in ("input_black", "input_white", "gamma", "output_black", "output_white")
    ]
    _choose(panel, "blue")
    qtbot.keyClick(_slider(panel, "blue.gamma"), Qt.Key.Key_Up)
    _choose(panel, "rgb")
    assert layer.adjustment == Levels(blue=LevelsChannel(gamma=1.1))
    assert _slider(panel, "rgb.gamma").value == 1
    assert _entries(document) == ["Set up", "Levels"]
    qtbot.keyClick(_slider(panel, "rgb.input_white"), Qt.Key.Key_Home)
    panel.finish()
    assert layer.adjustment.rgb.input_white == 2


def test_colour_balance_begins_with_the_midtones(panel, document, qtbot):
    layer = document.layers[1]
    document.set_layer(layer, "adjustment", ColourBalance(), "Set up")
    qtbot.keyClick(_slider(panel, "midtones.2"), Qt.Key.Key_PageDown)
    assert layer.adjustment == ColourBalance(midtones=(0, 0, -10))
    _choose(panel, "shadows")
    qtbot.keyClick(_slider(panel, "shadows.0"), Qt.Key.Key_Up)
    panel.finish()
    assert layer.adjustment == ColourBalance(midtones=(0, 0, -10), shadows=(1, 0, 0))
    assert _slider(panel, "shadows.0").accessibleName() == "Cyan – red"
    assert "preserve_luminosity" in _properties(panel)._boxes


def test_the_channel_mixers_weights(panel, document, qtbot):
    layer = document.layers[1]
    document.set_layer(layer, "adjustment", ChannelMixer(), "Set up")
    _choose(panel, "green")
    assert [slider.value for slider in _properties(panel)._sliders.values()] == [0, 100, 0, 0]
    qtbot.keyClick(_slider(panel, "green.3"), Qt.Key.Key_Down)
    panel.finish()
    assert layer.adjustment == ChannelMixer(green=(0, 100, 0, -1))


def test_a_fraction_stays_one_and_a_whole_number_whole(panel, document, qtbot):
    layer = document.layers[1]
    document.set_layer(layer, "adjustment", WhiteBalance(), "Set up")
    qtbot.keyClick(_slider(panel, "temperature"), Qt.Key.Key_Up)
    panel.finish()
    assert layer.adjustment == WhiteBalance(temperature=1.0)
    document.set_layer(layer, "adjustment", Invert(), "Set up")
    assert not _properties(panel)._sliders
    document.set_layer(layer, "adjustment", Curves(), "Set up")
    assert not _properties(panel)._sliders

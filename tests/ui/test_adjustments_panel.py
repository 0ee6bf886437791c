"""The histogram counts what shows, off the GUI thread; the grid adds adjustments, the page sets them."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from windows import WAIT, open_pictures

from editor.document.adjustments import (
    ADJUSTMENTS,
    BlackAndWhite,
    BrightnessContrast,
    Curves,
    GradientMap,
    HueSaturation,
    Invert,
    Levels,
    PhotoFilter,
)
from editor.document.layers import AdjustmentLayer, Group, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.ui.panels import histogram
from editor.ui.panels.adjustments import AdjustmentsPanel
from editor.ui.panels.histogram import count, twin_of
from editor.ui.panels.latest import Latest

LEFT = Qt.MouseButton.LeftButton


def _plain(colour, size=(64, 48)) -> np.ndarray:
    return np.full((size[1], size[0], 4), colour, np.uint8)


# --- counting ---


def test_every_pixel_is_counted_in_its_channel():
    pixels = _plain((200, 100, 50, 255))
    pixels[:12] = (0, 0, 0, 255)
    counts = count(Document.from_pixels(pixels)).values
    assert counts.shape == (4, 256)
    assert np.allclose(counts.sum(axis=1), 1)
    assert counts[0, 200] == counts[1, 100] == counts[2, 50] == 0.75
    assert counts[3, 0] == 0.25 and counts[3, (77 * 200 + 151 * 100 + 28 * 50) >> 8] == 0.75


def test_what_is_clear_does_not_count():
    pixels = _plain((10, 10, 10, 255))
    pixels[:, :32] = 0
    assert count(Document.from_pixels(pixels)).values[0, 10] == 1
    assert not count(Document.from_pixels(_plain((0, 0, 0, 0)))).values.any()


def test_16_bits_count_as_8():
    pixels = np.full((8, 8, 4), (65535, 32896, 256, 65535), np.uint16)
    counts = count(Document.from_pixels(pixels)).values
    assert counts[0, 255] == counts[1, 128] == counts[2, 1] == 1


def test_a_large_picture_is_counted_from_a_few_of_its_pixels(monkeypatch):
    monkeypatch.setattr(histogram, "_ENOUGH", 1000)
    pixels = _plain((0, 0, 0, 255), (700, 500))
    pixels[:, 350:] = (255, 255, 255, 255)
    counts = count(Document.from_pixels(pixels)).values
    assert abs(counts[3, 0] - 0.5) < 0.05 and counts[3, 0] + counts[3, 255] == 1


def test_below_an_adjustment_is_what_it_is_given():
    base = PixelLayer("Base", TiledImage.from_array(_plain((40, 40, 40, 255))))
    inner = AdjustmentLayer("Inner", Invert())
    inside = PixelLayer("Inside", TiledImage.from_array(_plain((90, 90, 90, 255))))
    top = AdjustmentLayer("Top", Invert())
    document = Document(64, 48, np.uint8, [base, Group("G", [inside, inner]), top])

    def level(layer) -> int:
        snapshot = document.snapshot()
        return int(count(snapshot, twin_of(document, snapshot, layer)).values[3].argmax())

    assert level(document.layers[2]) == 255 - 90
    assert level(inner) == 90
    assert count(document.snapshot()).values[3].argmax() == 90
    assert document.layers[1].children == (inside, inner)  # the document itself stays whole


# --- one after the other ---


def test_only_the_newest_of_those_that_wait_is_done(qtbot):
    gate, done, ran = threading.Event(), [], []
    parent = QObject()
    with ThreadPoolExecutor(1) as executor:
        latest = Latest(executor, parent)
        latest.done.connect(done.append)

        def work(number: int):
            def run() -> int:
                gate.wait(10)
                ran.append((number, threading.current_thread() is not threading.main_thread()))
                return number

            return run

        for number in range(4):
            latest.ask(work(number))
        gate.set()
        qtbot.waitUntil(lambda: done == [0, 3])
    assert ran == [(0, True), (3, True)]


def test_what_was_forgotten_or_failed_is_not_told(qtbot):
    class Later:
        def submit(self, work) -> Future:
            self.future, self.work = Future(), work
            return self.future

    executor, done, parent = Later(), [], QObject()
    latest = Latest(executor, parent)
    latest.done.connect(done.append)
    latest.ask(lambda: 1)
    first = executor.future
    latest.forget()
    first.set_result(1)
    qtbot.wait(20)
    latest.ask(lambda: 2)
    executor.future.set_exception(ValueError("no"))
    qtbot.wait(20)
    latest.ask(lambda: 3)
    executor.future.set_result(3)
    qtbot.waitUntil(lambda: done == [3])


# --- the panel ---


@pytest.fixture
def document() -> Document:
    return Document.from_pixels(_plain((120, 90, 60, 255)))


@pytest.fixture
def panel(qtbot, document):
    with ThreadPoolExecutor(1) as executor:
        panel = AdjustmentsPanel(executor, QMenu())
        qtbot.addWidget(panel)
        panel.resize(280, 600)
        panel.set_document(document)
        panel.set_layer(document, document.layers[0], enabled=True)
        panel.show()
        yield panel
        panel.set_document(None)


def _counted(panel, qtbot, level: int) -> None:
    def counted() -> bool:
        counts = panel.histogram._counts
        return counts is not None and counts.values[0].argmax() == level

    qtbot.waitUntil(counted, timeout=WAIT)


def _add(panel, document, adjustment) -> AdjustmentLayer:
    layer = AdjustmentLayer(adjustment.title, adjustment)
    document.set_layers((*document.layers, layer), "Add")
    panel.set_layer(document, layer, enabled=True)
    return layer


def test_the_histogram_follows_the_picture(panel, document, qtbot):
    _counted(panel, qtbot, 120)
    assert panel.histogram.accessibleDescription().startswith("Mean ")
    _add(panel, document, Invert())
    _counted(panel, qtbot, 135)
    document.undo()
    _counted(panel, qtbot, 120)


def test_the_histogram_follows_a_slider_that_is_dragged(panel, document, qtbot):
    _add(panel, document, BrightnessContrast(legacy=True))
    _counted(panel, qtbot, 120)
    slider = panel.properties._sliders["brightness"]
    QTest.mousePress(slider, LEFT, pos=slider._track_rect().center())
    slider._change(60)
    _counted(panel, qtbot, 180)
    assert document.history.entries[-1].name == "Add"
    QTest.mouseRelease(slider, LEFT)


def test_what_is_not_seen_is_not_counted(panel, document, qtbot):
    _counted(panel, qtbot, 120)
    panel.hide()
    asked = []
    panel.histogram.wanted.connect(lambda: asked.append(1))
    document.set_layer(document.layers[0], "visible", False, "Hide layer")
    qtbot.wait(400)
    assert asked == []
    panel.show()
    qtbot.waitUntil(lambda: bool(asked), timeout=WAIT)


def test_a_button_for_every_kind(panel, qtbot):
    picked = []
    panel.picked.connect(picked.append)
    buttons = [each for each in panel._pages.widget(0).findChildren(QToolButton) if each.text()]
    assert len(buttons) == len(ADJUSTMENTS)
    for button in buttons:
        qtbot.mouseClick(button, LEFT)
        title = ADJUSTMENTS[picked[-1]].title
        assert button.toolTip() == f"Add {title} as a layer"
    assert set(picked) == set(ADJUSTMENTS)
    assert {"Black && White", "Brightness"} <= {button.text() for button in buttons}


def test_an_adjustment_has_its_page(panel, document, qtbot):
    layer = _add(panel, document, Curves())
    assert panel._pages.currentIndex() == 1 and panel._title.text() == "Curves"
    qtbot.mouseClick(panel._shown, LEFT)
    assert not layer.visible
    panel.set_layer(document, layer, enabled=True)
    qtbot.mouseClick(panel._clip, LEFT)
    assert layer.clipping
    panel.set_layer(document, document.layers[0], enabled=True)
    assert panel._pages.currentIndex() == 0


def test_reset_is_one_entry_and_undone(panel, document, qtbot):
    bent = Curves(rgb=((0, 0), (100, 150), (255, 255)))
    layer = _add(panel, document, bent)
    qtbot.mouseClick(panel._reset, LEFT)
    assert layer.adjustment == Curves()
    assert document.history.entries[-1].name == "Reset adjustment"
    qtbot.mouseClick(panel._reset, LEFT)
    assert len(document.history.entries) == 2
    document.undo()
    assert layer.adjustment == bent


def test_a_curve_is_bent_on_the_histogram_of_what_is_below(panel, document, qtbot):
    layer = _add(panel, document, Curves())
    editor = panel.properties._editors["rgb"]
    qtbot.waitUntil(lambda: editor.field.counts is not None, timeout=WAIT)
    assert editor.field.counts.values[0].argmax() == 120
    field = editor.field
    QTest.mousePress(field, LEFT, pos=field._place((120, 120)).toPoint())
    QTest.mouseMove(field, field._place((120, 200)).toPoint())
    assert document.composite(document.rect)[0, 0, 0] > 190
    assert [entry.name for entry in document.history.entries] == ["Add"]
    QTest.mouseRelease(field, LEFT, pos=field._place((120, 200)).toPoint())
    assert [entry.name for entry in document.history.entries] == ["Add", "Curves"]
    assert len(layer.adjustment.rgb) == 3
    document.undo()
    assert layer.adjustment == Curves() == Curves(rgb=editor.value)


def test_each_channel_has_its_own_curve(panel, document):
    layer = _add(panel, document, Curves())
    panel.properties._choose("blue")
    editor = panel.properties._editors["blue"]
    editor.field.insert(QPointF(editor.field._place((128, 60))))
    editor.finish()
    assert layer.adjustment.rgb == Curves().rgb and len(layer.adjustment.blue) == 3


def test_the_handles_and_the_sliders_of_levels_say_the_same(panel, document):
    layer = _add(panel, document, Levels())
    editor, sliders = panel.properties._editors["rgb"], panel.properties._sliders
    QTest.keyClick(editor, Qt.Key.Key_Right)
    assert layer.adjustment.rgb.input_black == 1 == sliders["rgb.input_black"].value
    QTest.keyClick(sliders["rgb.gamma"], Qt.Key.Key_Up)
    assert editor.value == layer.adjustment.rgb and editor.value.gamma > 1
    panel.finish()
    assert [entry.name for entry in document.history.entries] == ["Add", "Levels"]


def test_a_range_of_hues(panel, document):
    layer = _add(panel, document, HueSaturation())
    panel.properties._choose("ranges.1")
    assert set(panel.properties._sliders) == {
        f"ranges.1.{name}" for name in ("hue", "saturation", "lightness")
    }
    QTest.keyClick(panel.properties._sliders["ranges.1.hue"], Qt.Key.Key_PageUp)
    QTest.keyClick(panel.properties._editors["ranges.1.edges"], Qt.Key.Key_Left)
    panel.finish()
    changed, before = layer.adjustment.ranges, HueSaturation().ranges
    assert changed[1].hue == 10 and changed[1].edges[0] == before[1].edges[0] - 1
    assert changed[0] == before[0] and layer.adjustment.hue == 0


def test_colours_and_stops_are_set(panel, document):
    layer = _add(panel, document, PhotoFilter())
    panel.properties._editors["colour"].change((0.0, 0.0, 1.0))
    panel.finish()
    assert layer.adjustment.colour == (0.0, 0.0, 1.0)
    layer = _add(panel, document, GradientMap())
    panel.properties._editors["stops"].strip.insert(None)
    panel.finish()
    assert len(layer.adjustment.stops) == 3
    assert document.history.entries[-1].name == "Gradient Map"


def test_the_wheel_turns_only_what_has_the_keyboard(panel, document):
    layer = _add(panel, document, BlackAndWhite())
    slider = panel.properties._sliders["reds"]

    def turn() -> bool:
        middle = QPointF(slider.rect().center())
        event = QWheelEvent(
            middle,
            slider.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(slider, event)
        panel.finish()
        return event.isAccepted()

    assert not turn()  # and so it scrolls the page
    assert layer.adjustment == BlackAndWhite()
    slider.setFocus()
    assert turn() and layer.adjustment.reds == 39


def test_where_there_is_little_room_one_histogram_is_enough(panel, document):
    _add(panel, document, Curves())
    assert panel.histogram.isVisible()
    panel.resize(280, 320)
    assert not panel.histogram.isVisible()
    panel.set_layer(document, document.layers[0], enabled=True)
    assert panel.histogram.isVisible()


def test_in_the_window(qtbot, window, picture):
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._adjustments is not None, timeout=WAIT)
    panel = window.panels._adjustments
    panel.picked.emit("levels")
    layer = window.document.layers[-1]
    assert layer.adjustment.kind == "levels" and panel._title.text() == "Levels"
    QTest.keyClick(panel.properties._sliders["rgb.input_black"], Qt.Key.Key_Up)
    window.undo()  # what is under way is recorded first, and taken back
    assert layer.adjustment.rgb.input_black == 0
    assert window.document.history.can_redo
    window.panels.docks["history"].come_forward()
    window.panels._layers.adjustment_opened.emit()
    qtbot.waitUntil(lambda: window.panels.docks["adjustments"].is_seen)

"""Move, crop and the selection tools with the mouse and the keys of the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from windows import make_picture, open_pictures, press_key

from editor.document import select, stack
from editor.document.layers import PixelLayer
from editor.document.tiles import TiledImage

KEYS = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def canvas(window, qtbot, picture):
    made = open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels._layers is not None)
    return made


@pytest.fixture
def document(canvas):
    return canvas.document


def at(canvas, x: float, y: float) -> QPoint:
    return canvas.view.to_widget(x, y).toPoint()


def drag(canvas, start, end, modifiers=PLAIN) -> None:
    first, last = at(canvas, *start), at(canvas, *end)
    QTest.mouseMove(canvas, first)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifiers, first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifiers, last)


def entries(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def test_letters_take_the_tools_in_hand(window, canvas):
    seen = []
    for key, modifiers in (
        *((key, PLAIN) for key in (KEYS.Key_V, KEYS.Key_M, KEYS.Key_W, KEYS.Key_C, KEYS.Key_L)),
        (KEYS.Key_M, SHIFT),
        (KEYS.Key_M, SHIFT),
    ):
        press_key(window, key, modifiers)
        seen.append(window.tools.current.id)
    assert seen[:5] == ["move", "select-rectangle", "wand", "crop", "lasso"]
    assert seen[5:] == ["select-rectangle", "select-ellipse"]


def test_a_rectangle_is_selected_moved_and_deselected(window, canvas, document):
    press_key(window, KEYS.Key_M)
    drag(canvas, (100, 100), (300, 200))
    assert document.selection.bounds() == pytest.approx((100, 100, 200, 100), abs=2)
    drag(canvas, (200, 150), (250, 150))
    assert document.selection.bounds()[0] == pytest.approx(150, abs=2)
    press_key(window, KEYS.Key_Right, SHIFT)
    assert document.selection.bounds()[0] == pytest.approx(160, abs=2)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, PLAIN, at(canvas, 20, 20))
    assert not document.selection.tiles
    assert entries(document) == ["Rectangular selection", "Move selection", "Move selection", "Deselect"]


@pytest.mark.parametrize("angle", [0.0, 30.0])
def test_the_selection_is_seen_where_it_is_being_moved_to(window, canvas, document, qtbot, angle):
    canvas.turn_to(angle)
    select.rectangle(document, (100, 100, 100, 80))
    press_key(window, KEYS.Key_M)
    qtbot.waitUntil(lambda: not canvas._zone.isEmpty())
    still = canvas.grab().toImage()
    canvas.shows_extras = False
    bare = canvas.grab().toImage()
    canvas.shows_extras = True
    first, last = at(canvas, 150, 140), at(canvas, 350, 240)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, PLAIN, first)
    QTest.mouseMove(canvas, last)
    moved = canvas.grab().toImage()

    def dashes(image, left: float, top: float) -> int:
        """Places along the upper edge of a rectangle where something lies over the picture."""
        points = [at(canvas, left + step * 2, top) for step in range(5, 45)]
        return sum(image.pixelColor(point) != bare.pixelColor(point) for point in points)

    assert dashes(still, 100, 100) > 20 and dashes(still, 300, 200) < 5
    assert dashes(moved, 300, 200) > 20 and dashes(moved, 100, 100) < 5
    assert document.selection.bounds()[:2] == (100, 100)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, PLAIN, last)
    assert document.selection.bounds()[:2] == pytest.approx((300, 200), abs=2)


def test_the_move_tool_picks_the_layer_in_the_panel(window, canvas, document):
    layer = PixelLayer("Patch", TiledImage.from_array(np.full((100, 200, 4), 255, np.uint8), 200, 150))
    stack.add(document, layer)
    press_key(window, KEYS.Key_V)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, CTRL, at(canvas, 30, 30))
    assert window.chosen_layers == [document.layers[0]]
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, CTRL, at(canvas, 250, 200))
    assert window.chosen_layers == [layer] and window.bench.layer is layer
    drag(canvas, (250, 200), (310, 220))
    assert layer.image.bounds()[:2] == pytest.approx((260, 170), abs=2)
    press_key(window, KEYS.Key_Left)
    assert entries(document)[1:] == ["Move", "Move"]


def test_transform_controls_become_a_transform(window, canvas, document):
    layer = PixelLayer("Patch", TiledImage.from_array(np.full((100, 200, 4), 255, np.uint8), 200, 150))
    stack.add(document, layer)
    press_key(window, KEYS.Key_V)
    window.tools.current.controls = True
    drag(canvas, (400, 250), (500, 300))
    assert window.tools.current.id == "transform"
    press_key(window, KEYS.Key_Return)
    assert layer.image.bounds() == pytest.approx((200, 150, 300, 150), abs=4)
    assert window.tools.current.id == "move"


def test_crop_in_the_window(window, canvas, document, qtbot):
    press_key(window, KEYS.Key_C)
    assert window.options.control("width").value == 640
    drag(canvas, (100, 100), (400, 300))
    assert window.options.control("width").value == pytest.approx(300, abs=3)
    image = canvas.grab().toImage()
    outside, inside = (image.pixelColor(at(canvas, *place)) for place in ((30, 30), (150, 150)))
    before = document.composite(document.rect)[..., :3]
    assert outside.lightness() < before.mean() and outside.lightness() < inside.lightness() + 80
    press_key(window, KEYS.Key_Return)
    assert (document.width, document.height) == pytest.approx((300, 200), abs=3)
    press_key(window, KEYS.Key_Z, CTRL)
    assert (document.width, document.height) == (640, 480)
    assert window.tools.current.id == "crop"


def test_undo_goes_through_the_frames_first(window, canvas, document):
    press_key(window, KEYS.Key_C)
    drag(canvas, (100, 100), (400, 300))
    left = window.tools.current.frame_of(document).corners[0][0]
    press_key(window, KEYS.Key_Right)
    assert window.tools.current.frame_of(document).corners[0][0] == left + 1
    press_key(window, KEYS.Key_Z, CTRL)
    assert window.tools.current.frame_of(document).corners[0][0] == left
    press_key(window, KEYS.Key_Z, CTRL)
    assert window.tools.current.frame_of(document).width == 640 and entries(document) == []


def test_what_is_open_stays_with_its_picture(window, canvas, document, qtbot, tmp_path):
    layer = PixelLayer("Patch", TiledImage.from_array(np.full((100, 200, 4), 255, np.uint8), 200, 150))
    stack.add(document, layer)
    press_key(window, KEYS.Key_T, CTRL)
    drag(canvas, (250, 170), (300, 220))
    other = open_pictures(qtbot, window, make_picture(tmp_path / "two.png"))
    assert entries(document)[1:] == ["Free transform"]
    assert other.document.history.entries == [] and window.tools.current.id != "transform"


def test_a_style_shows_its_numbers(window, canvas):
    press_key(window, KEYS.Key_M)
    visible = {}
    for style in ("free", "ratio", "size"):
        window.tools.current.style = style
        window.options.refresh()
        visible[style] = [
            name
            for name in ("ratio_width", "fixed_width")
            if window.options.control(name).isVisibleTo(window.options)
        ]
    assert visible == {"free": [], "ratio": ["ratio_width"], "size": ["fixed_width"]}


def test_the_bar_does_not_hold_the_window_open(window, canvas):
    window.resize(700, 600)
    for key in (KEYS.Key_C, KEYS.Key_M, KEYS.Key_V):
        press_key(window, key)
    assert window.width() <= 760 and window.options.minimumSizeHint().width() == 0

"""The keyboard goes to what is being typed into, and to the picture as soon as that is done."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from windows import NO_KEYS, open_pictures, press_key

from editor.document.blank import blank
from editor.tools.bench import Bench
from editor.ui.forms.canvas_size import CanvasSizeForm
from editor.ui.forms.channels import SaveSelectionForm
from editor.ui.forms.fill import FillForm
from editor.ui.forms.rotate import RotateForm
from editor.ui.slider import NumberSlider
from editor.ui.value_dialog import ValueDialog

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton
POPUPS = ("does not support (raise|grabbing)",)  # the offscreen platform
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(window, qtbot, picture):
    canvas = open_pictures(qtbot, window, picture)
    window.resize(1500, 800)  # there is room for all options
    window.activateWindow()
    qtbot.waitUntil(canvas.hasFocus)
    return canvas


def _number(slider: NumberSlider) -> QPoint:
    return slider._number_rect().center()


def _field(slider: NumberSlider) -> QLineEdit:
    """The field that a click on the number opens."""
    QTest.mouseClick(slider, LEFT, NO_KEYS, _number(slider))
    return slider.findChild(QLineEdit)


# -- numbers in the options bar ------------------------------------------------------------------------


def test_a_double_click_on_the_track_brings_the_tools_own_default(window, canvas):
    wand = window.tools.use("wand")
    slider = window.options.control("tolerance")
    wand.tolerance = 90.0
    window.options.refresh()
    knob = QPoint(round(slider._track_rect().left() + 5), 14)
    QTest.mouseDClick(slider, LEFT, NO_KEYS, knob)
    assert wand.tolerance == 32 and slider.value == 32


def test_typing_after_a_double_click_on_the_number_stays_in_its_field(window, canvas, engine):
    wand = window.tools.use("wand")
    slider = window.options.control("tolerance")
    field = _field(slider)
    QTest.mouseDClick(field, LEFT)
    assert wand.tolerance == 32 and field.hasFocus() and field.selectedText() == "32"
    for key, modifiers in ((KEYS.Key_7, NO_KEYS), (KEYS.Key_A, CTRL), (KEYS.Key_4, NO_KEYS)):
        QTest.keyClick(window.focusWidget(), key, modifiers)
    QTest.keyClick(window.focusWidget(), KEYS.Key_0)
    assert field.text() == "40" and not canvas.document.selection.tiles
    QTest.keyClick(window.focusWidget(), KEYS.Key_Return)
    assert wand.tolerance == 40 and canvas.hasFocus()
    assert engine.runs == 0 and window.tools.current is wand


def test_escape_in_a_number_gives_it_up_and_the_keyboard_to_the_picture(window, canvas):
    field = _field(window.options.control("size"))
    QTest.keyClicks(field, "5")
    QTest.keyClick(field, KEYS.Key_Escape)
    assert window.tools.current.size == 80 and canvas.hasFocus()


def test_who_came_by_tab_stays_at_the_number(window, canvas):
    slider = window.options.control("size")
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(slider, KEYS.Key_F2)
    QTest.keyClick(slider.findChild(QLineEdit), KEYS.Key_Return)
    assert slider.hasFocus()


def test_a_number_is_for_the_tool_it_was_typed_for(window, canvas):
    field = _field(window.options.control("size"))
    field.selectAll()
    QTest.keyClicks(field, "33")
    window.tools.use("brush")
    assert window.tools.tool("remove-brush").size == 33 and window.tools.tool("brush").size != 33
    assert canvas.hasFocus()


def test_a_number_half_typed_is_taken_before_a_button_acts(window, canvas):
    window.tools.use("crop")
    field = _field(window.options.control("width"))
    field.selectAll()
    QTest.keyClicks(field, "300")
    crop = next(
        button for button in window.options.findChildren(QToolButton) if button.accessibleName() == "Crop"
    )
    QTest.mouseClick(crop, LEFT)
    assert canvas.document.width == 300


def test_a_drag_of_the_frames_number_is_one_step(window, canvas):
    crop = window.tools.use("crop")
    slider = window.options.control("width")
    QTest.mousePress(slider, LEFT, NO_KEYS, _number(slider))
    for distance in (-20, -40, -60):
        QTest.mouseMove(slider, _number(slider) + QPoint(distance, 0))
    QTest.mouseRelease(slider, LEFT, NO_KEYS, _number(slider) + QPoint(-60, 0))
    assert crop.frame_of(canvas.document).width == 580
    window.undo()
    assert crop.frame_of(canvas.document).width == 640


# -- dialogs -------------------------------------------------------------------------------------------


def _heard(form) -> list:
    heard = []
    form.chosen.connect(lambda *values: heard.append(values))
    return heard


def test_one_enter_takes_the_number_and_accepts(window, qtbot):
    document = blank(640, 480, bits=8, colour=None, dpi=96)
    rotate = RotateForm(window)
    canvas_size = CanvasSizeForm(document, "px", window)
    for form, field, typed, expected in (
        (rotate, rotate.angle, "12", (12.0, "grow")),
        (canvas_size, canvas_size.sides.width, "700", (700, 480, (0.5, 0.5))),
    ):
        heard = _heard(form)
        with qtbot.waitExposed(form):
            form.show()
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, KEYS.Key_Return)
        assert heard == [expected]


def test_one_enter_takes_a_sliders_number_and_accepts(window, qtbot):
    form = FillForm(Bench(lambda *_: None), window)
    heard = _heard(form)
    with qtbot.waitExposed(form):
        form.show()
    field = _field(form.opacity)
    QTest.keyClicks(field, "40")
    QTest.keyClick(field, KEYS.Key_Return)
    assert [opacity for _, opacity in heard] == [0.4]
    dialog = ValueDialog(window, "Grow", "By", value=4, low=1, high=100, step=1)
    with qtbot.waitExposed(dialog):
        dialog.show()
    QTest.keyClick(dialog._slider, KEYS.Key_2)
    QTest.keyClick(dialog._slider.findChild(QLineEdit), KEYS.Key_Return)
    assert dialog.value == 2 and dialog.result() == dialog.DialogCode.Accepted


def test_escape_in_a_sliders_number_leaves_the_dialog_open(window, qtbot):
    form = FillForm(Bench(lambda *_: None), window)
    with qtbot.waitExposed(form):
        form.show()
    QTest.keyClick(_field(form.opacity), KEYS.Key_Escape)
    assert form.isVisible() and form.opacity.hasFocus()
    form.reject()


def test_enter_in_a_name_accepts(window, qtbot):
    form = SaveSelectionForm(blank(8, 8, bits=8, colour=None, dpi=96), window)
    heard = _heard(form)
    with qtbot.waitExposed(form):
        form.show()
    form.name.setFocus()
    QTest.keyClick(form.name, KEYS.Key_Return)
    assert heard == [("Selection 1",)]


# -- what is clicked on --------------------------------------------------------------------------------


def test_clicks_leave_the_keyboard_to_the_picture(window, canvas):
    window.resize(1600, 900)  # or some of it is behind "…"
    window.tools.use("wand")
    buttons = [
        window.tools.button("lasso"),
        window.tools.button("wand"),
        window.options.control("contiguous"),
        window.options.control("antialias"),
    ]
    for button in buttons:
        QTest.mouseClick(button, LEFT)
        assert canvas.hasFocus(), button.accessibleName()
    QApplication.processEvents()  # the bar finds its places
    slider = window.options.control("tolerance")
    QTest.mouseClick(slider, LEFT, NO_KEYS, slider._track_rect().center())
    assert canvas.hasFocus()
    window.tools.use("gradient")
    window.options.control("dither").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.focusWidget(), KEYS.Key_Space)
    assert not window.tools.current.dither and window.options.control("dither").hasFocus()  # came by Tab


def test_what_is_hidden_gives_the_keyboard_to_the_picture(window, canvas):
    window.status.set_progress(0.5, "Removing")
    cancel = window.status._cancel
    cancel.setFocus()
    window.status.set_progress(None)
    assert canvas.hasFocus()
    window.options.remove_button.setEnabled(True)
    window.options.remove_button.setFocus()
    window.options.remove_button.setEnabled(False)
    assert canvas.hasFocus()


@pytest.mark.qt_log_ignore(*POPUPS, extend=True)
def test_escape_in_a_menu_leaves_none_lit(window, canvas, qtbot):
    bar = window.menuBar()
    view = next(action for action in bar.actions() if action.text() == "&View")
    QTest.mouseClick(bar, LEFT, NO_KEYS, bar.actionGeometry(view).center())
    assert QApplication.activePopupWidget() is view.menu()
    QTest.keyClick(view.menu(), KEYS.Key_Escape)
    qtbot.waitUntil(lambda: bar.activeAction() is None and window.focusWidget() is canvas)


# -- the bars ------------------------------------------------------------------------------------------


def test_a_tools_button_says_what_it_is_and_what_it_does(window):
    words = window.tools.button("remove-brush").words
    assert words == "Remove brush (J)\nBrush over what should go"
    assert window.tools.button("crop").words.startswith("Crop (C)\n")


def test_a_switch_is_called_by_its_name(window, canvas):
    for tool in ("wand", "bucket"):
        window.tools.use(tool)
        for attribute, name in (
            ("antialias", "Anti-alias"),
            ("contiguous", "Contiguous"),
            ("sample_all", "Sample all layers"),
        ):
            control = window.options.control(attribute)
            assert control.toolTip().startswith(f"{name}\n") and control.accessibleName() == name


def test_a_button_of_several_tools_has_a_marked_corner(window):
    def corner(tool: str) -> str:
        button = window.tools.button(tool)
        image = button.grab().toImage()
        ratio = image.devicePixelRatio()
        point = QPoint(round((button.width() - 5) * ratio), round((button.height() - 5) * ratio))
        return image.pixelColor(point).name()

    assert corner("lasso") == corner("wand") != corner("crop") == corner("eyedropper")


def test_while_a_transform_is_open_no_other_tool_is_in_hand(window, canvas):
    window.tools.use("transform")
    in_hand = [name for name, action in window.actions_by_id.items() if action.isChecked()]
    assert not [name for name in in_hand if name.startswith("tools.use.")]
    window.tools.use("wand")
    assert window.actions_by_id["tools.use.wand"].isChecked()


def test_without_a_picture_there_is_no_hint(window, qtbot, picture):
    assert not window.status._hint.isVisible()
    open_pictures(qtbot, window, picture)
    assert window.status._hint.isVisible() and window.status._hint.text()
    window.close_tab(0)
    assert not window.status._hint.isVisible()


@pytest.mark.qt_log_ignore(*POPUPS, extend=True)
@pytest.mark.parametrize(
    ("tool", "needed"), [("crop", "Crop"), ("remove-brush", "Remove"), ("select-rectangle", "Remove")]
)
def test_a_narrow_bar_keeps_what_ends_a_thing(window, canvas, qtbot, tool, needed):
    window.tools.use(tool)
    bar = window.options
    window.resize(700, 600)

    def button():
        found = [each for each in bar.findChildren(QToolButton) if each.accessibleName() == needed]
        return found[0] if found else bar.remove_button

    qtbot.waitUntil(lambda: bar.width() < 700 and bar.more.isVisible())
    right = button().mapTo(bar, button().rect().bottomRight()).x()
    assert button().isVisible() and right <= bar.width()
    attribute = {"crop": "deletes", "remove-brush": "hardness", "select-rectangle": "style"}[tool]
    assert bar.more.list.isAncestorOf(bar.control(attribute))
    bar.more.click()
    assert bar.more.list.isVisible() and bar.control(attribute).isVisible()
    bar.more.list.close()
    window.resize(1500, 600)
    qtbot.waitUntil(lambda: not bar.more.isVisible())
    order = [control.widget for control in bar._rows[tool][1]]
    row = bar._rows[tool][0].layout()
    assert [row.itemAt(place).widget() for place in range(row.count())] == order
    assert bar.control(attribute).isVisible()


def test_another_tool_takes_its_own_options_out_of_the_list(window, canvas, qtbot):
    window.resize(700, 600)
    window.tools.use("crop")
    bar = window.options
    qtbot.waitUntil(bar.more.isVisible)
    deletes = bar.control("deletes")
    window.tools.use("hand")
    assert not bar.more.isVisible() and not bar.more.list.isAncestorOf(deletes)
    press_key(window, KEYS.Key_C)
    assert bar.more.isVisible() and bar.control("deletes") is deletes

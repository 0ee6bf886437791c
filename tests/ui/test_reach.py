"""Every control has a name and every word is in the user's language, all over the window."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from walking import HIDDEN, Walk, dialog_commands, menus, shown, speaking, texts
from windows import make_picture, open_pictures

from editor.document.adjustments import ADJUSTMENTS
from editor.tools import shelf
from editor.ui import theme
from editor.ui.commands import all_commands, plain
from editor.ui.menus.bar import MENUS
from editor.ui.palette.entries import collect
from editor.ui.shortcuts import title_of
from editor.ui.slider import NumberSlider

CHINESE = "zh_CN"

# Names of formats, engines, keys, units and makers are the same everywhere.
SAME = set(
    re.findall(
        r"\S+",
        """
        Lacuna MI-GAN LaMa ZITS MIT Apache Apache- BSD CreativeML OpenRAIL-M OpenRaster Photoshop PNG JPEG
        JPG TIFF WebP AVIF HEIF XL ORA PSD PSB BMP RAW DNG ICC sRGB RGB CMYK Adobe ProPhoto Display Apple
        NVIDIA CUDA DirectML Lanczos Esc M-LSD LSD MobileSAM Net Stable Diffusion Inpainting SD SDXL
        diffusers safetensors LACUNA DATA DIR Enter Ctrl Shift Alt Tab Delete Backspace Del px mm cm kB MB
        pth onnx gguf GB EV English Real-ESRGAN x4plus plus anime animevideo BSD- Clause MobileStyleGAN LoRA
        """,
    )
)
NAMES = re.compile(
    r"#[0-9a-fA-F]{6}|\S*/\S*\.png|1\.(?:png|dng)|\bF\d+\b|<[^>]*>|FLUX Fill|FLUX\.2 klein|"
    r"Stable Diffusion|^/\S*/models$"
)
OF_OTHERS = {"QTextBrowser", "QTextEdit"}  # the guide has tests of its own, licences are as they are


class Findings:
    """What is wrong in the states of the window, by state."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.nameless: set[str] = set()
        self.foreign: set[str] = set()
        self.cut_off: set[str] = set()

    def inspect(self, state: str, root: QWidget) -> None:
        self.states.append(state)
        self.nameless |= {f"{state}: {each}" for each in nameless(root)}
        self.foreign |= {f"{state}: {each}" for each in foreign(root)}
        self.cut_off |= {f"{state}: {each}" for each in cut_off(root)}


_found: dict[str, Findings] = {}  # one walk through the window does for all tests


@pytest.fixture
def styled(qapp: QApplication) -> Iterator[None]:
    """As the program looks: what has room depends on it."""
    before = qapp.palette(), qapp.font(), qapp.styleSheet(), qapp.style().name()
    theme.apply(qapp)
    yield
    palette, font, sheet, style = before
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)
    qapp.styleHints().unsetColorScheme()


@pytest.fixture(params=("en", CHINESE))
def spoken(request, styled) -> Iterator[str]:
    with speaking(request.param):
        yield request.param


@pytest.fixture
def opened(spoken, make_window, qtbot, tmp_path):
    window = make_window()
    window.settings.language = spoken
    window.settings.tour_seen = True
    open_pictures(qtbot, window, make_picture(tmp_path / "1.png"))
    qtbot.waitUntil(lambda: window.panels.are_filled)
    return window


@pytest.fixture
def found(spoken, opened, qtbot, monkeypatch) -> Findings:
    if spoken not in _found:
        findings = _found[spoken] = Findings()
        Walk(opened, qtbot, monkeypatch, findings.inspect).everything()
    return _found[spoken]


def nameless(root: QWidget) -> Iterator[str]:
    """What can get the keyboard and is not called anything for those who do not see it."""
    for widget in shown(root):
        part = (
            isinstance(widget, QScrollBar)
            or widget.objectName().startswith("qt_")
            or (isinstance(widget, QLineEdit) and isinstance(widget.parent(), QAbstractSpinBox | QComboBox))
        )
        if part or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            yield described(widget)


def described(widget: QWidget) -> str:
    """Where a widget is to be looked for."""
    around = []
    while widget is not None and len(around) < 4:
        around.append(f"{type(widget).__name__} {widget.objectName()}".strip())
        widget = widget.parentWidget()
    return " in ".join(around)


def foreign(root: QWidget) -> Iterator[str]:
    """Words in Latin letters, which are English in a Chinese window."""
    for widget, text in texts(root):
        words = re.findall(r"[A-Za-z][A-Za-z-]+", NAMES.sub(" ", text))
        left = [word for word in words if word not in SAME]
        if left and type(widget).__name__ not in OF_OTHERS:
            yield f"{' '.join(left)} | {text} | {described(widget)}"


def cut_off(root: QWidget) -> Iterator[str]:
    """Words that have less room than they need."""
    for widget in shown(root):
        gives_way = widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored
        if widget.visibleRegion().isEmpty() or gives_way:
            continue
        if isinstance(widget, QLabel) and widget.text():
            if widget.wordWrap():
                fits = widget.heightForWidth(widget.width()) <= widget.height()
            else:
                fits = widget.minimumSizeHint().width() <= widget.width()
        elif isinstance(widget, QAbstractSpinBox):
            field = widget.lineEdit()
            fits = field.fontMetrics().horizontalAdvance(widget.text()) <= field.contentsRect().width()
        elif isinstance(widget, QPushButton | QCheckBox | NumberSlider | QComboBox):
            fits = widget.minimumSizeHint().width() <= widget.width()
        else:
            continue
        if not fits:
            words = widget.text if isinstance(widget, NumberSlider) else ""
            words = widget.text() if hasattr(widget, "text") and not words else words
            room = f"{widget.minimumSizeHint().toTuple()} in {widget.size().toTuple()}"
            yield f"{words} {room} {described(widget)}"


# --- all over the window ---


def test_the_walk_comes_everywhere(found):
    states = set(found.states)
    assert {f"options of {tool_id}" for tool_id in shelf.TOOLS} <= states
    assert {f"adjustment {kind}" for kind in ADJUSTMENTS} <= states
    assert {command.id for command in dialog_commands()} <= states
    assert {"window", "palette", "start page", "colour picker", "recovery", "RAW"} <= states
    assert {"tour", "refill", "prompt bar", "results"} <= states


def test_every_control_has_a_name(found):
    assert not found.nameless


@pytest.mark.parametrize("spoken", [CHINESE], indirect=True)
def test_every_word_is_chinese(found):
    assert not found.foreign, "\n".join(sorted(found.foreign))


def test_no_word_is_cut_off(found):
    assert not found.cut_off


def test_every_entry_of_the_menus_can_be_reached(opened, spoken):
    """By a shortcut, or in the palette, which has all that is in a menu."""
    offered = {entry.id for entry in collect(opened)}
    for command in all_commands(MENUS):
        action = opened.actions_by_id[command.id]
        assert command.id in offered or action.shortcuts(), command.id
    in_menus = [action for _, action in menus(opened)]
    assert len(in_menus) > 100
    for action in in_menus:
        assert action.text(), action.objectName()
        assert action.toolTip(), action.text()


@pytest.mark.parametrize("spoken", [CHINESE], indirect=True)
def test_every_command_is_called_something_else_in_chinese(opened):
    for command in all_commands(MENUS):
        english, title = plain(command.text), title_of(command)
        same = set(re.findall(r"[A-Za-z-]+", english)) <= SAME  # "100 %"
        assert title and (same or title != english), command.id
        if command.id not in HIDDEN:
            action = opened.actions_by_id[command.id]
            assert same or action.property("tip") not in ("", english, command.tip), command.id


@pytest.mark.parametrize("spoken", [CHINESE], indirect=True)
def test_new_layers_have_chinese_names(opened, qtbot):
    document, layers = opened.document, opened.layers
    for make, name in (
        (layers.duplicate, "背景 拷贝"),
        (layers.new_layer, "图层 1"),
        (lambda: layers.add_adjustment("levels"), "色阶"),
        (layers.new_group, "组"),
        (layers.flatten, "背景"),
    ):
        opened.panels.choose(document.layers[-1])
        before = document.history.state
        make()
        qtbot.waitUntil(lambda before=before: document.history.state is not before)
        assert document.layers[-1].name == name


@pytest.mark.parametrize("spoken", ["en"], indirect=True)
def test_from_right_to_left_nothing_is_cut_off(opened, qapp, qtbot, monkeypatch):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    findings = Findings()
    walk = Walk(opened, qtbot, monkeypatch, findings.inspect)
    walk.tools()
    walk.panels()
    assert len(findings.states) > len(shelf.TOOLS)
    assert not findings.cut_off


@pytest.mark.parametrize("spoken", ["en"], indirect=True)
def test_no_two_entries_of_a_menu_have_the_same_letter(opened):
    """In Chinese they have the same letters, which test_translations sees to."""
    letters: dict[QMenu, list[str]] = {}
    for menu, action in menus(opened):
        letters.setdefault(menu, []).extend(
            each.lower() for each in re.findall(r"(?<!&)&(\w)", action.text())
        )
    for menu, found in letters.items():
        assert len(found) == len(set(found)), menu.title()


# --- what finds it ---


@pytest.fixture
def holder(qtbot) -> QWidget:
    """A window with a column of room."""
    widget = QWidget()
    QVBoxLayout(widget)
    qtbot.addWidget(widget)
    return widget


def _put(holder: QWidget, *widgets: QWidget) -> None:
    for widget in widgets:
        holder.layout().addWidget(widget)
    holder.show()


def test_a_control_without_a_name_is_found(holder):
    named, icon, field = QPushButton("Name"), QToolButton(), QLineEdit()
    icon.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    _put(holder, named, icon, field)
    assert [line.partition(" ")[0] for line in nameless(holder)] == ["QToolButton", "QLineEdit"]
    icon.setAccessibleName("Icon")
    field.setAccessibleName("Field")
    assert not list(nameless(holder))


def test_an_english_word_is_found(holder):
    label, button, box = QLabel("图层 PNG"), QPushButton("移除"), QComboBox()
    _put(holder, label, button, box)
    assert not list(foreign(holder))
    label.setText("图层 layer")
    button.setToolTip("Remove")
    box.addItem("Normal")
    assert [line.partition(" |")[0] for line in foreign(holder)] == ["layer", "Remove", "Normal"]


def test_a_word_that_is_cut_off_is_found(holder):
    button, label, slider = QPushButton("Remove"), QLabel("Layers"), NumberSlider("Size", 1, 9, value=1)
    _put(holder, button, label, slider)
    assert not list(cut_off(holder))
    for widget in (button, label, slider):
        widget.setFixedWidth(20)
    holder.adjustSize()
    assert len(list(cut_off(holder))) == 3

"""The look: contrast, crisp icons, nothing drawn before it is shown, and a theme that changes meanwhile."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from string import Template

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget

from editor.document.adjustments import Curves
from editor.document.layers import AdjustmentLayer, Group, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage
from editor.ui import colours, theme
from editor.ui.painting import checkerboard
from editor.ui.panels.layers import LayersPanel
from editor.ui.recovery_bar import RecoveryBar
from editor.ui.slider import NumberSlider
from editor.ui.start_page import StartPage
from editor.ui.toast import Level, show_message

ICONS = sorted(path.stem for path in (theme.RESOURCES / "icons").glob("*.svg") if path.stem != "lacuna")
THEMES = {"dark": colours.DARK, "light": colours.LIGHT}
both = pytest.mark.parametrize("name", THEMES)

SURFACES = ("surround", "well", "panel", "raised", "hover", "selected")
INKS = ("text", "dim", "accent", "amber", "red")
WORDS = [
    *((ink, surface) for ink in INKS for surface in SURFACES),
    ("text", "lit"),
    *(("on_accent", surface) for surface in ("accent", "accent_hover", "accent_pressed")),
]


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """In the dark theme; any may be applied."""
    before = qapp.palette(), qapp.font(), qapp.styleSheet(), qapp.style().name()
    theme.apply(qapp)
    yield qapp
    theme.apply(qapp)
    palette, font, sheet, style = before
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)
    qapp.styleHints().unsetColorScheme()


# -- colours -------------------------------------------------------------------------------------------


def _luminance(colour: str) -> float:
    values = QColor(colour).getRgbF()[:3]
    parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@both
@pytest.mark.parametrize(("ink", "surface"), WORDS)
def test_words_can_be_read_on_every_surface(name, ink, surface):
    values = THEMES[name]
    assert _contrast(getattr(values, ink), getattr(values, surface)) >= 4.5


@both
def test_an_icon_that_is_switched_on_is_seen(name):
    assert _contrast(THEMES[name].accent, THEMES[name].lit) >= 3


@both
@pytest.mark.parametrize("grey", [*SURFACES, "lit", "line", "scroll", "disabled", "dim", "text"])
def test_greys_have_no_tint(name, grey):
    red, green, blue, _ = QColor(getattr(THEMES[name], grey)).getRgb()
    assert red == green == blue


def test_light_is_the_mirror_of_dark():
    """What stands out from a surface in one theme does so in the other; the picture's surround recedes."""
    for values, sign in ((colours.DARK, 1), (colours.LIGHT, -1)):
        light = {
            name: _luminance(getattr(values, name)) for name in (*SURFACES, "lit", "line", "dim", "text")
        }
        assert light["surround"] < light["panel"] < light["raised"]
        order = ["panel", "hover", "selected", "line", "dim", "text"]
        steps = np.diff([light[name] for name in order])
        assert (sign * steps > 0).all()


# -- the style sheet -----------------------------------------------------------------------------------


@both
def test_apply_sets_palette_font_and_every_name_in_the_sheet(app, name):
    theme.apply(app, name)
    values = THEMES[name]
    assert theme.now is values
    assert app.font().pixelSize() == 13
    palette = app.palette()
    assert palette.window().color() == QColor(values.panel)
    assert palette.text().color() == QColor(values.text)
    assert palette.highlight().color() == QColor(values.accent)
    sheet = app.styleSheet().partition("*/")[2]
    assert "$" not in sheet
    # Nothing but the theme's own colours.
    own = {value for value in vars(values).values() if isinstance(value, str)}
    assert set(re.findall(r"#[0-9a-f]{6}\b", sheet)) <= own


@both
def test_every_picture_of_the_sheet_is_there_in_the_colours_of_the_theme(app, name):
    theme.apply(app, name)
    paths = set(re.findall(r'url\("([^"]+)"\)', app.styleSheet()))
    assert {Path(path) for path in paths} == set((theme.RESOURCES / "style" / name).iterdir())
    assert len(paths) > 3
    for path in paths:
        assert QIcon(path).actualSize(QSize(20, 20)) == QSize(20, 20), path
        inks = set(re.findall("#[0-9a-f]{6}", Path(path).read_text()))
        assert inks in ({THEMES[name].text}, {THEMES[name].dim}), path


def test_both_themes_have_the_same_pictures():
    drawn = []
    for name in THEMES:
        files = sorted((theme.RESOURCES / "style" / name).iterdir())
        drawn.append([(file.name, re.sub("#[0-9a-f]{6}", "", file.read_text())) for file in files])
    assert drawn[0] == drawn[1]


def test_every_name_in_the_sheet_is_a_colour_of_both_themes():
    text = (theme.RESOURCES / "style" / "studio.qss").read_text()
    names = set(Template(text).get_identifiers()) - {"pictures"}
    assert len(names) > 10
    for values in THEMES.values():
        assert all(isinstance(getattr(values, name), str) for name in names)


# -- icons ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_one_set(name):
    """One grid, one stroke, no colour of their own."""
    root = ElementTree.parse(theme.RESOURCES / "icons" / f"{name}.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    asked = {
        "viewBox": "0 0 20 20",
        "width": "20",
        "height": "20",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "1.5",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    assert root.attrib == asked
    parts = list(root.iter())[1:]
    assert parts
    for part in parts:
        assert part.get("fill", "currentColor") == "currentColor"
        assert part.get("stroke", "none") in ("none", "currentColor")
        assert not {"style", "class", "opacity"} & part.attrib.keys()


@pytest.mark.parametrize("name", ICONS)
def test_icons_draw_something_and_stay_clear_of_the_edge(qapp, name):
    image = theme.icon(name).pixmap(QSize(20, 20), 1.0).toImage()
    inside = [image.pixelColor(x, y).alpha() for x in range(20) for y in range(20)]
    assert max(inside) > 150
    border = [image.pixelColor(x, y).alpha() for x in range(20) for y in range(20) if {x, y} & {0, 19}]
    assert max(border) == 0


def test_no_two_icons_are_the_same(qapp):
    seen: dict[bytes, str] = {}
    for name in ICONS:
        image = theme.icon(name).pixmap(QSize(20, 20), 2.0).toImage()
        other = seen.setdefault(bytes(image.constBits()), name)
        assert other == name


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_icons_have_a_pixel_for_every_pixel_of_the_screen(qapp, ratio):
    pixmap = theme.icon("brush").pixmap(QSize(20, 20), ratio)
    assert pixmap.size() == QSize(20, 20) * ratio
    assert pixmap.devicePixelRatio() == ratio


def _most_opaque(image: QImage) -> str:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=QColor.alpha).name()


def _ink(icon: QIcon, mode: QIcon.Mode, state: QIcon.State) -> str:
    return _most_opaque(icon.pixmap(QSize(40, 40), 1.0, mode, state).toImage())


def test_icons_take_the_colour_of_their_state(qapp):
    mode, state = QIcon.Mode, QIcon.State
    icon = theme.icon("plus")
    assert _ink(icon, mode.Normal, state.Off) == theme.now.text
    assert _ink(icon, mode.Normal, state.On) == theme.now.accent
    assert _ink(icon, mode.Disabled, state.On) == theme.now.disabled
    quiet = theme.icon("plus", quiet=True)
    assert _ink(quiet, mode.Normal, state.Off) == theme.now.dim
    assert _ink(quiet, mode.Active, state.Off) == theme.now.text
    primary = theme.icon("plus", on_accent=True)
    assert _ink(primary, mode.Normal, state.Off) == theme.now.on_accent
    assert _ink(primary, mode.Disabled, state.Off) == theme.now.disabled


def test_an_icon_is_read_only_when_it_is_drawn(qapp):
    icon = theme.icon("no-such-icon-file")
    assert icon is theme.icon("no-such-icon-file")
    with pytest.raises(FileNotFoundError):
        theme.pixmap("no-such-icon-file", 20, 1.0)


def test_app_icon_is_there(qapp):
    assert not theme.app_icon().pixmap(64, 64).isNull()


# -- another theme while the window is open ------------------------------------------------------------


class _Board(QWidget):
    """Transparency as the canvas shows it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), checkerboard())


def _button() -> QWidget:
    button = QToolButton()
    button.setIcon(theme.icon("remove-brush"))
    button.setCheckable(True)
    button.setChecked(True)
    return button


def _controls() -> QWidget:
    """What is drawn by the style sheet and the palette."""
    widget = QWidget()
    line = QHBoxLayout(widget)
    primary = QPushButton("Remove")
    primary.setProperty("primary", True)
    for each in (QPushButton("Cancel"), primary, QLineEdit("48")):
        line.addWidget(each)
    return widget


def _message(level: Level) -> QWidget:
    widget = QWidget()
    widget.resize(400, 120)
    toast = show_message(widget, "The picture was kept.", level)
    toast._fade.setCurrentTime(theme.FADE_MS)
    return widget


def _recovery() -> QWidget:
    return RecoveryBar([])


def _layers() -> QWidget:
    empty = PixelLayer("Empty", TiledImage(4, np.uint8))
    layers = [empty, Group("Light", [AdjustmentLayer("Sky", Curves())])]
    panel = LayersPanel()
    panel.set_document(Document(300, 200, np.uint8, layers))
    panel.resize(272, 400)
    return panel


# What is shown, and colours that are certain to be in it.
PAINTED = {
    "an icon": (_button, ("lit",)),
    "buttons": (_controls, ("raised", "accent", "well", "line")),
    "slider": (lambda: NumberSlider("Size", 1, 100, value=40), ("text", "dim", "scroll")),
    "checkerboard": (_Board, ("checker",)),
    "start page": (StartPage, ("surround", "accent", "raised")),
    "info": (lambda: _message(Level.INFO), ("raised", "line")),
    "warning": (lambda: _message(Level.WARNING), ("raised", "line")),
    "error": (lambda: _message(Level.ERROR), ("raised", "line")),
    "recovery": (_recovery, ("raised",)),
    "layers": (_layers, ("selected", "accent", "checker")),
}


class _Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def _shown(qtbot, make) -> QWidget:
    widget = make()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.setFocus()  # the same in every picture
    return widget


def _missing(image: QImage, names: tuple[str, ...], values: colours.Colours) -> set[str]:
    """Those of the colours ``names`` that no pixel has."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    wanted = np.hstack([getattr(values, name) for name in names])
    return {colour for colour in wanted if int(colour[1:], 16) not in pixels}


@pytest.mark.parametrize("what", PAINTED)
def test_what_is_open_takes_the_other_theme(app, qtbot, what):
    """It is painted again, and then looks exactly like one that was made in that theme."""
    make, names = PAINTED[what]
    widget = _shown(qtbot, make)
    dark = widget.grab().toImage()
    assert not _missing(dark, names, colours.DARK)
    paints = _Paints(widget)
    theme.apply(app, "light")
    qtbot.waitUntil(lambda: paints.count > 0)
    light = widget.grab().toImage()
    assert not _missing(light, names, colours.LIGHT)
    theme.apply(app, "dark")
    assert widget.grab().toImage() == dark
    theme.apply(app, "light")
    fresh = _shown(qtbot, make)
    fresh.resize(widget.size())
    assert light == fresh.grab().toImage()


@pytest.mark.parametrize("colour", ["amber", "red", "dim"])
def test_a_sign_has_the_colour_of_the_theme_in_use(app, qtbot, colour):
    sign = theme.Sign("warning", colour)
    qtbot.addWidget(sign)
    for name, values in THEMES.items():
        theme.apply(app, name)
        image = QImage(60, 60, QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(3.0)
        image.fill(Qt.GlobalColor.transparent)
        sign.render(image, QPoint(), QRegion(), QWidget.RenderFlag(0))
        assert _most_opaque(image) == getattr(values, colour)


def test_an_icon_has_the_colours_of_the_theme_in_use(app):
    icon = theme.icon("plus")
    mode, state = QIcon.Mode, QIcon.State
    for name, values in THEMES.items():
        theme.apply(app, name)
        assert _ink(icon, mode.Normal, state.Off) == values.text
        assert _ink(icon, mode.Normal, state.On) == values.accent
        assert _ink(icon, mode.Disabled, state.Off) == values.disabled


def test_the_system_is_followed_where_that_is_asked_for(app):
    changed = app.styleHints().colorSchemeChanged
    theme.apply(app, "system")
    for scheme, values in ((Qt.ColorScheme.Light, colours.LIGHT), (Qt.ColorScheme.Dark, colours.DARK)):
        changed.emit(scheme)
        assert theme.now is values
        assert app.palette().window().color() == QColor(values.panel)
    theme.apply(app, "dark")
    changed.emit(Qt.ColorScheme.Light)
    assert theme.now is colours.DARK


def test_a_system_that_does_not_say_is_taken_for_dark(app):
    theme.apply(app, "light")
    assert app.styleHints().colorScheme() == Qt.ColorScheme.Unknown  # the offscreen platform
    theme.apply(app, "system")
    assert theme.now is colours.DARK


def test_a_theme_that_there_is_not_changes_nothing(app):
    theme.apply(app, "light")
    with pytest.raises(ValueError, match="sepia"):
        theme.apply(app, "sepia")
    assert theme.now is colours.LIGHT

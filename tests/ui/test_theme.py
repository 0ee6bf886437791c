"""The look: contrast, crisp icons, nothing drawn before it is shown."""

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from editor.ui import theme

ICONS = sorted(path.stem for path in (theme.RESOURCES / "icons").glob("*.svg") if path.stem != "lacuna")


@pytest.fixture
def applied(qapp: QApplication):
    before = qapp.palette(), qapp.font(), qapp.styleSheet(), qapp.style().name()
    theme.apply(qapp)
    yield qapp
    palette, font, sheet, style = before
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)


def _luminance(colour: str) -> float:
    values = QColor(colour).getRgbF()[:3]
    parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [theme.SURROUND, theme.PANEL, theme.RAISED, theme.SELECTED])
@pytest.mark.parametrize("ink", [theme.TEXT, theme.DIM, theme.ACCENT, theme.AMBER, theme.RED])
def test_words_can_be_read_on_every_ground(ground, ink):
    least = 4.5 if ink in (theme.TEXT, theme.DIM) else 3  # icons and lines
    assert _contrast(ink, ground) >= least


def test_words_on_the_accent_can_be_read():
    for ground in (theme.ACCENT, theme.ACCENT_HOVER, theme.ACCENT_PRESSED):
        assert _contrast(theme.ON_ACCENT, ground) >= 4.5


@pytest.mark.parametrize("name", ["SURROUND", "PANEL", "RAISED", "SELECTED", "LINE", "TEXT", "DIM"])
def test_greys_have_no_tint(name):
    red, green, blue, _ = QColor(getattr(theme, name)).getRgb()
    assert red == green == blue


def test_apply_sets_style_font_and_every_name_in_the_sheet(applied):
    # Under a style sheet Qt wraps the style; Fusion is the base below it.
    assert applied.font().pixelSize() == 13
    assert applied.palette().window().color() == QColor(theme.PANEL)
    assert "$" not in applied.styleSheet().partition("*/")[2]
    for path in re.findall(r'url\("([^"]+)"\)', applied.styleSheet()):
        assert QSize(20, 20) == QIcon(path).actualSize(QSize(20, 20)), path


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_one_set_and_draw_something(qapp, name):
    svg = (theme.RESOURCES / "icons" / f"{name}.svg").read_text()
    assert 'viewBox="0 0 20 20"' in svg
    assert 'stroke="currentColor"' in svg
    assert 'stroke-width="1.5"' in svg
    assert "#" not in svg
    image = theme.icon(name).pixmap(QSize(20, 20), 1.0).toImage()
    inside = [image.pixelColor(x, y).alpha() for x in range(20) for y in range(20)]
    assert max(inside) > 150
    # The rounded ends of the strokes stay clear of the edge.
    border = [image.pixelColor(x, y).alpha() for x in range(20) for y in range(20) if {x, y} & {0, 19}]
    assert max(border) == 0


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_icons_have_a_pixel_for_every_pixel_of_the_screen(qapp, ratio):
    pixmap = theme.icon("brush").pixmap(QSize(20, 20), ratio)
    assert pixmap.size() == QSize(20, 20) * ratio
    assert pixmap.devicePixelRatio() == ratio


def _ink(icon: QIcon, mode: QIcon.Mode, state: QIcon.State) -> str:
    """The colour of the most opaque pixel."""
    image = icon.pixmap(QSize(40, 40), 1.0, mode, state).toImage()
    colours = (image.pixelColor(x, y) for x in range(40) for y in range(40))
    return max(colours, key=QColor.alpha).name()


def test_icons_take_the_colour_of_their_state(qapp):
    mode, state = QIcon.Mode, QIcon.State
    icon = theme.icon("plus")
    assert _ink(icon, mode.Normal, state.Off) == theme.TEXT
    assert _ink(icon, mode.Normal, state.On) == theme.ACCENT
    assert _ink(icon, mode.Disabled, state.On) == theme.DISABLED
    quiet = theme.icon("plus", quiet=True)
    assert _ink(quiet, mode.Normal, state.Off) == theme.DIM
    assert _ink(quiet, mode.Active, state.Off) == theme.TEXT


def test_an_icon_is_read_only_when_it_is_drawn(qapp):
    icon = theme.icon("no-such-icon-file")
    assert icon is theme.icon("no-such-icon-file")
    with pytest.raises(FileNotFoundError):
        theme.pixmap("no-such-icon-file", 20, 1.0)


def test_app_icon_is_there(qapp):
    assert not theme.app_icon().pixmap(64, 64).isNull()

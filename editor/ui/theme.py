"""Colours, fonts, the style sheet and the icons: everything that decides how the window looks.

Surfaces are greys without tint, so that the colours of the picture are judged right. The names of the
colours are also the ``$names`` in ``resources/style/dark.qss``.
"""

from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

RESOURCES = Path(__file__).parents[2] / "resources"

SURROUND = "#1b1b1b"  # around the picture, and wells such as text fields
PANEL = "#252525"
RAISED = "#2e2e2e"
HOVER = "#2a2a2a"
SELECTED = "#323232"  # a chosen row: as light as quiet text at 4.5:1 allows
LINE = "#3a3a3a"
SCROLL = "#484848"
DISABLED = "#5f5f5f"
DIM = "#9a9a9a"
TEXT = "#d6d6d6"
ACCENT = "#4c9be8"
ACCENT_HOVER = "#62a8ec"
ACCENT_PRESSED = "#3f8ad2"
ON_ACCENT = "#0e1419"
AMBER = "#e2a33c"  # warnings
RED = "#ea6a60"  # loss

CHECKER = ("#4a4a4a", "#565656")  # what shows through transparency
CHECKER_SIZE = 8

ICON = 20
FADE_MS = 120

_FONT_PIXELS = 13
_QUIET_FONT_PIXELS = 12


def apply(app: QApplication) -> None:
    """Give the whole application the dark look; call it once, before the first widget is made."""
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)  # words are quicker to read there
    app.setStyle("Fusion")
    app.setPalette(_palette())
    font = app.font()
    font.setPixelSize(_FONT_PIXELS)
    app.setFont(font)
    app.setStyleSheet(_style_sheet())


def _palette() -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(PANEL))
    colours = {
        role.Window: PANEL,
        role.WindowText: TEXT,
        role.Base: SURROUND,
        role.AlternateBase: PANEL,
        role.Text: TEXT,
        role.PlaceholderText: DIM,
        role.Button: RAISED,
        role.ButtonText: TEXT,
        role.BrightText: TEXT,
        role.ToolTipBase: RAISED,
        role.ToolTipText: TEXT,
        role.Light: LINE,
        role.Midlight: LINE,
        role.Mid: LINE,
        role.Dark: SURROUND,
        role.Shadow: SURROUND,
        role.Highlight: ACCENT,
        role.HighlightedText: ON_ACCENT,
        role.Accent: ACCENT,
        role.Link: ACCENT,
        role.LinkVisited: ACCENT,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(DISABLED))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(LINE))
    return palette


def _style_sheet() -> str:
    colours = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
    style = RESOURCES / "style"
    text = (style / "dark.qss").read_text(encoding="utf-8")
    return Template(text).substitute(colours, STYLE=style.as_posix())


def tabular(font: QFont) -> QFont:
    """``font`` with figures of one width, for numbers that change."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def make_quiet(widget: QWidget) -> None:
    """Small and grey: captions, hints and whatever else must not compete with the picture."""
    widget.setProperty("quiet", True)
    widget.setFont(quiet_font(widget.font()))


def quiet_font(font: QFont) -> QFont:
    """``font`` in the size of captions and second lines."""
    font = QFont(font)
    font.setPixelSize(_QUIET_FONT_PIXELS)
    return font


@cache
def icon(name: str, *, quiet: bool = False) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the colours of the theme; drawn when first shown.

    ``quiet`` ones are grey until the pointer is over them: for what stands in captions.
    """
    return QIcon(_IconEngine(name, quiet))


@cache
def app_icon() -> QIcon:
    """Lacuna's own mark, in its own colours."""
    return QIcon(str(RESOURCES / "icons" / "lacuna.svg"))


def pixmap(name: str, size: int, ratio: float, colour: str = TEXT) -> QPixmap:
    """An icon ``size`` logical pixels wide, sharp at the device pixel ratio ``ratio``."""
    image = QPixmap(_pixmap(name, round(size * ratio), colour))  # a copy: the ratio is not the cached one's
    image.setDevicePixelRatio(ratio)
    return image


def paint_icon(painter: QPainter, name: str, rect: QRect, colour: str = TEXT) -> None:
    """Draw an icon in the middle of ``rect``, ``ICON`` pixels large."""
    corner = rect.center() - QPoint(ICON // 2 - 1, ICON // 2 - 1)
    painter.drawPixmap(corner, pixmap(name, ICON, painter.device().devicePixelRatioF(), colour))


@cache
def _pixmap(name: str, side: int, colour: str) -> QPixmap:
    renderer = _renderer(name, colour)
    image = QPixmap(side, side)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return image


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = (RESOURCES / "icons" / f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(svg.replace(b"currentColor", colour.encode())))


class _IconEngine(QIconEngine):
    """Draws an SVG in the colour that mode and state ask for, at the pixels that are asked for."""

    def __init__(self, name: str, quiet: bool) -> None:
        super().__init__()
        self._name, self._quiet = name, quiet

    def clone(self) -> QIconEngine:
        return _IconEngine(self._name, self._quiet)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        _renderer(self._name, self._colour(mode, state)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return pixmap(self._name, min(size.width(), size.height()), scale, self._colour(mode, state))

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return DISABLED
        if state == QIcon.State.On:
            return ACCENT
        return DIM if self._quiet and mode == QIcon.Mode.Normal else TEXT

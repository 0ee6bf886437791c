"""How the window looks: the theme in use, fonts, the style sheet and the icons.

Colours are read when something is painted, as ``theme.now.text``, and not kept: the theme may change while
the window is open, and every widget is then painted again.
"""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from editor.ui.colours import DARK, LIGHT, Colours

RESOURCES = Path(__file__).parents[2] / "resources"

CHECKER_SIZE = 8
ICON = 20
FADE_MS = 120

_FONT_PIXELS = 13
_QUIET_FONT_PIXELS = 12

_SCHEMES = {
    "dark": Qt.ColorScheme.Dark,
    "light": Qt.ColorScheme.Light,
    "system": Qt.ColorScheme.Unknown,  # to ask for none is to have the system's
}

now: Colours = DARK  # the theme in use
_choice: str | None = None


def apply(app: QApplication, choice: str = "dark") -> None:
    """Give the whole application its look: "dark", "light", or what the "system" has, now and later.

    Before the first widget is made, or at any time after. A system that does not say is taken for a dark one.
    Raises ValueError for another choice.
    """
    global _choice
    if choice not in _SCHEMES:
        raise ValueError(f"There is no theme {choice!r}.")
    hints = app.styleHints()
    if _choice is None:
        hints.colorSchemeChanged.connect(_follow)
    hints.setColorScheme(_SCHEMES[choice])  # title bars and the system's own dialogs too
    _choice = choice
    _show(app, hints.colorScheme() if choice == "system" else _SCHEMES[choice])


def _follow(scheme: Qt.ColorScheme) -> None:
    if _choice == "system":
        _show(QApplication.instance(), scheme)


def _show(app: QApplication, scheme: Qt.ColorScheme) -> None:
    global now
    now = LIGHT if scheme == Qt.ColorScheme.Light else DARK
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)  # words are quicker to read there
    app.setStyle("Fusion")
    app.setPalette(_palette())
    font = app.font()
    font.setPixelSize(_FONT_PIXELS)
    app.setFont(font)
    app.setStyleSheet(_style_sheet())


def _palette() -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(now.panel))
    colours = {
        role.Window: now.panel,
        role.WindowText: now.text,
        role.Base: now.well,
        role.AlternateBase: now.panel,
        role.Text: now.text,
        role.PlaceholderText: now.dim,
        role.Button: now.raised,
        role.ButtonText: now.text,
        role.BrightText: now.text,
        role.ToolTipBase: now.raised,
        role.ToolTipText: now.text,
        role.Light: now.line,
        role.Midlight: now.line,
        role.Mid: now.line,
        role.Dark: now.surround,
        role.Shadow: now.surround,
        role.Highlight: now.accent,
        role.HighlightedText: now.on_accent,
        role.Accent: now.accent,
        role.Link: now.accent,
        role.LinkVisited: now.accent,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(now.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(now.line))
    return palette


def _style_sheet() -> str:
    style = RESOURCES / "style"
    pictures = style / ("light" if now is LIGHT else "dark")  # a style sheet cannot recolour what it shows
    text = (style / "studio.qss").read_text(encoding="utf-8")
    return Template(text).substitute(asdict(now), pictures=pictures.as_posix())


def tabular(font: QFont) -> QFont:
    """``font`` with figures of one width, for numbers that change."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def make_quiet(widget: QWidget) -> None:
    """Small and grey: captions, hints and whatever else must not compete with the picture."""
    widget.setProperty("quiet", True)
    widget.setFont(quiet_font(widget.font()))


def make_primary(button: QWidget) -> None:
    """Give a button that Qt has made and styled already the accent of what is done most."""
    button.setProperty("primary", True)
    button.style().unpolish(button)
    button.style().polish(button)


def quiet_font(font: QFont) -> QFont:
    """``font`` in the size of captions and second lines."""
    font = QFont(font)
    font.setPixelSize(_QUIET_FONT_PIXELS)
    return font


@cache
def icon(name: str, *, quiet: bool = False, on_accent: bool = False) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the colours of the theme; drawn when first shown.

    ``quiet`` ones are grey until the pointer is over them: for what stands in captions. ``on_accent`` is for
    the primary button.
    """
    if on_accent:
        return QIcon(_IconEngine(name, "on_accent", "on_accent"))
    return QIcon(_IconEngine(name, "dim" if quiet else "text", "text"))


@cache
def app_icon() -> QIcon:
    """Lacuna's own mark, in its own colours."""
    return QIcon(str(RESOURCES / "icons" / "lacuna.svg"))


def pixmap(name: str, size: int, ratio: float, colour: str = "") -> QPixmap:
    """An icon ``size`` logical pixels wide, sharp at the device pixel ratio ``ratio``.

    ``colour`` is ``#rrggbb``, the text's if empty.
    """
    cached = _pixmap(name, round(size * ratio), colour or now.text)
    image = QPixmap(cached)  # which keeps its own ratio
    image.setDevicePixelRatio(ratio)
    return image


def paint_icon(painter: QPainter, name: str, rect: QRect, colour: str = "") -> None:
    """Draw an icon in the middle of ``rect``, ``ICON`` pixels large; in the text's colour if empty."""
    corner = rect.center() - QPoint(ICON // 2 - 1, ICON // 2 - 1)
    painter.drawPixmap(corner, pixmap(name, ICON, painter.device().devicePixelRatioF(), colour))


class Sign(QWidget):
    """An icon that is no button; ``colour`` is the name of one of the theme's, such as "amber"."""

    def __init__(self, name: str, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour = name, colour
        self.setFixedSize(ICON, ICON)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._name, self.rect(), getattr(now, self._colour))


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
    """Draws an SVG in the colour that mode and state ask for, at the pixels that are asked for.

    ``resting`` and ``active``, when the pointer is over it, are names of the theme's colours.
    """

    def __init__(self, name: str, resting: str, active: str) -> None:
        super().__init__()
        self._name, self._resting, self._active = name, resting, active

    def clone(self) -> QIconEngine:
        return _IconEngine(self._name, self._resting, self._active)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        _renderer(self._name, self._colour(mode, state)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return pixmap(self._name, min(size.width(), size.height()), scale, self._colour(mode, state))

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return now.disabled
        if state == QIcon.State.On:
            return now.accent
        return getattr(now, self._resting if mode == QIcon.Mode.Normal else self._active)

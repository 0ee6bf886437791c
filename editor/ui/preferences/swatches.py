"""A row of colours to choose from, the last of them one's own."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from editor.settings import Settings
from editor.ui import theme
from editor.ui.words import tr

_SIDE = 28


def _colours() -> tuple[tuple[str, str], ...]:
    """The first is Lacuna's own. The others are of M. Okabe and K. Ito, "Color universal design" (2008), who
    chose them to be told apart with every kind of colour vision."""
    return (
        (Settings.overlay_colour, tr("Rose")),
        ("#d55e00", tr("Vermilion")),
        ("#e69f00", tr("Orange")),
        ("#f0e442", tr("Yellow")),
        ("#009e73", tr("Bluish green")),
        ("#56b4e9", tr("Sky blue")),
        ("#0072b2", tr("Blue")),
    )


class OverlayColours(QWidget):
    """``chosen`` carries a colour as ``#rrggbb``."""

    chosen = Signal(str)

    def __init__(self, colour: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self._group = QButtonGroup(self)
        self._swatches = {}
        for value, name in _colours():
            swatch = _Swatch(value, name)
            swatch.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            self._group.addButton(swatch)
            self._swatches[value] = swatch
            line.addWidget(swatch)
        own = colour if colour not in self._swatches else ""
        self._own = _Swatch(own, tr("A colour of your own…"))
        self._own.clicked.connect(self._ask)
        self._group.addButton(self._own)
        line.addSpacing(8)
        line.addWidget(self._own)
        self._swatches.get(colour, self._own).setChecked(True)

    def _ask(self) -> None:
        from editor.ui.colour_picker import ColourPopup, as_hex, from_hex

        begin = from_hex(self._own.colour or Settings.overlay_colour)
        popup = ColourPopup(begin, self)
        popup.picker.changed.connect(lambda colour: self._take(as_hex(colour)))
        popup.show_beside(self._own)
        self._take(as_hex(begin))

    def _take(self, colour: str) -> None:
        self._own.colour = colour
        self._own.update()
        self.chosen.emit(colour)


class _Swatch(QAbstractButton):
    """A round patch of ``colour``; one without a colour shows a plus."""

    def __init__(self, colour: str, name: str) -> None:
        super().__init__()
        self.colour = colour
        self.setCheckable(True)
        self.setFixedSize(_SIDE, _SIDE)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.now
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        if self.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.colour))
            painter.drawEllipse(inner)
        else:
            theme.paint_icon(painter, "plus", self.rect(), now.dim)
        if self.isChecked() or self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(now.accent if self.hasFocus() else now.text), 1.5))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))

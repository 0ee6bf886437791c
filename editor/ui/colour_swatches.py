"""The foreground and the background colour, at the foot of the tool bar."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from editor.tools.bench import Bench
from editor.ui import theme
from editor.ui.option_controls import icon_button
from editor.ui.words import tr


class _Swatch(QAbstractButton):
    def __init__(self, colour: Callable[[], tuple[float, float, float]], name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        from editor.ui.colour_picker import as_qcolor

        painter = QPainter(self)
        painter.fillRect(self.rect(), as_qcolor(self._colour()))
        painter.setPen(QPen(QColor(theme.now.surround), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        inner = theme.now.accent if self.hasFocus() else theme.now.text
        painter.setPen(QPen(QColor(inner), 1))
        painter.drawRect(self.rect().adjusted(1, 1, -2, -2))


class ColourSwatches(QWidget):
    """Two colours over each other, and under them what exchanges and resets them."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        both = QWidget()
        both.setFixedSize(QSize(34, 34))
        self.background = _Swatch(lambda: bench.background, tr("Background colour"), both)
        self.background.setGeometry(QRect(14, 14, 20, 20))
        self.foreground = _Swatch(lambda: bench.foreground, tr("Foreground colour"), both)
        self.foreground.setGeometry(QRect(0, 0, 20, 20))
        self.foreground.clicked.connect(lambda: self._choose("foreground", self.foreground))
        self.background.clicked.connect(lambda: self._choose("background", self.background))
        swap = icon_button("swap-colours", tr("Exchange the colours (X)"))
        reset = icon_button("default-colours", tr("Black and white (D)"))
        swap.clicked.connect(bench.swap_colours)
        reset.clicked.connect(bench.reset_colours)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(both, 0, Qt.AlignmentFlag.AlignHCenter)
        line = QHBoxLayout()
        line.setSpacing(0)
        for button in (swap, reset):
            button.setFixedSize(18, 22)
            button.setIconSize(QSize(14, 14))
            line.addWidget(button)
        column.addLayout(line)
        bench.observers.append(self._follow)

    def _follow(self) -> None:
        self.foreground.update()
        self.background.update()

    def _choose(self, which: str, beside: QWidget) -> None:
        from editor.ui.colour_picker import ColourPopup

        popup = ColourPopup(getattr(self._bench, which), self)
        popup.picker.changed.connect(lambda colour: setattr(self._bench, which, colour))
        popup.show_beside(beside)

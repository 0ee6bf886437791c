"""How well a model fits the machine: three bars and a word, told apart without colour."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from editor.ui import theme
from engines.fit import Verdict

_BARS = {"comfortable": 3, "tight": 2, "slow": 1, "no": 0}
_HEIGHTS = (5, 9, 13)
_WIDE, _GAP = 4, 2


class Gauge(QWidget):
    """Three bars, as many of them lit as there is ease."""

    def __init__(self) -> None:
        super().__init__()
        self._verdict: Verdict = "comfortable"
        self.setFixedSize(QSize(3 * _WIDE + 2 * _GAP, _HEIGHTS[-1]))

    def set_verdict(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = theme.now.dim if self._verdict == "comfortable" else theme.now.amber
        for place, height in enumerate(_HEIGHTS):
            painter.setBrush(QColor(lit if place < _BARS[self._verdict] else theme.now.line))
            left = place * (_WIDE + _GAP)
            painter.drawRoundedRect(QRectF(left, self.height() - height, _WIDE, height), 1, 1)

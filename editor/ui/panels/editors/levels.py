"""Levels: the histogram over black, middle and white of the input, and the ends of the output."""

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from editor.document.adjustments.tone import LevelsChannel
from editor.ui import theme
from editor.ui.panels.editors.base import HANDLE, HandlesEditor, draw_focus, draw_pointer
from editor.ui.panels.histogram import Counts, draw_counts
from editor.ui.words import tr

_FIELD = 80  # height of the histogram
_RAMP = 12  # of the output's ramp
_HOUSE = round(HANDLE * 2.2) + 4  # of a handle below
_BLACK, _MIDDLE, _WHITE, _LOW, _HIGH = range(5)
_NAMES = ("Input black", "Gamma", "Input white", "Output black", "Output white")
_SHADES = ("#000000", "#808080", "#ffffff", "#000000", "#ffffff")


class LevelsEditor(HandlesEditor):
    """Five handles for one channel; ``channel``: 0, 1, 2 for red, green and blue, None for all of them."""

    def __init__(
        self, label: str, value: LevelsChannel, channel: int | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(label, value, parent)
        self._counts: Counts | None = None
        self._channel = channel
        self.setFixedHeight(_FIELD + _HOUSE + _RAMP + _HOUSE + 4)
        self.follow()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def set_counts(self, counts: Counts | None) -> None:
        """The histogram of what the levels are given."""
        self._counts = counts
        self.update()

    def _field(self) -> QRectF:
        return QRectF(8, 0, self.width() - 16, _FIELD)

    def _ramp(self) -> QRectF:
        return QRectF(8, _FIELD + _HOUSE, self.width() - 16, _RAMP)

    # -- handles --------------------------------------------------------------------------------------

    def places(self) -> Sequence[QPointF]:
        levels = self.value
        middle = levels.input_black + (levels.input_white - levels.input_black) * 0.5**levels.gamma
        upper = (levels.input_black, middle, levels.input_white)
        lower = (levels.output_black, levels.output_white)
        return [
            *(_on(self._field(), value) for value in upper),
            *(_on(self._ramp(), value) for value in lower),
        ]

    def nearest(self, point: QPointF) -> int | None:
        # A handle is taken by its house, which hangs below its tip.
        return super().nearest(point - QPointF(0, HANDLE))

    def describe(self, handle: int) -> str:
        levels = self.value
        number = (
            levels.input_black,
            levels.gamma,
            levels.input_white,
            levels.output_black,
            levels.output_white,
        )[handle]
        return f"{tr(_NAMES[handle])}: {number}"

    def drag(self, handle: int, point: QPointF) -> None:
        rect = self._field()
        at = min(max((point.x() - rect.left()) / rect.width(), 0), 1) * 255
        levels = self.value
        if handle == _MIDDLE:
            part = (at - levels.input_black) / (levels.input_white - levels.input_black)
            self._set(handle, math.log(min(max(part, 1e-4), 0.9999)) / math.log(0.5))
        else:
            self._set(handle, at)

    def step(self, handle: int, dx: int, dy: int) -> None:
        levels = self.value
        if handle == _MIDDLE:  # to the right it darkens, as the handle does; upwards the number grows
            self._set(handle, levels.gamma + (dy - dx) * 0.01)
        else:
            now = (levels.input_black, 0, levels.input_white, levels.output_black, levels.output_white)
            self._set(handle, now[handle] + dx + dy)
        self._settle.start()

    def _set(self, handle: int, value: float) -> None:
        levels = self.value
        whole = round(value)
        if handle == _BLACK:
            changes = {"input_black": min(max(whole, 0), levels.input_white - 2)}
        elif handle == _MIDDLE:
            changes = {"gamma": min(max(round(value, 2), 0.01), 9.99)}
        elif handle == _WHITE:
            changes = {"input_white": max(min(whole, 255), levels.input_black + 2)}
        else:
            name = "output_black" if handle == _LOW else "output_white"
            changes = {name: min(max(whole, 0), 255)}
        self.change(replace(levels, **changes))

    # -- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field, ramp = self._field(), self._ramp()
        painter.fillRect(field, QColor(theme.now.well))
        draw_counts(painter, field.adjusted(0, 4, 0, 0), self._counts, self._channel)
        painter.setPen(QPen(QColor(theme.now.line), 1))
        for handle in (_BLACK, _WHITE):
            x = self.places()[handle].x()
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
        shades = QLinearGradient(ramp.topLeft(), ramp.topRight())
        shades.setColorAt(0, QColor("#000000"))
        shades.setColorAt(1, QColor("#ffffff"))
        painter.fillRect(ramp, shades)
        for handle, place in enumerate(self.places()):
            is_current = handle == self.current and (self.hasFocus() or self.is_held)
            draw_pointer(painter, place, QColor(_SHADES[handle]), current=is_current)
        draw_focus(painter, self, field)


def _on(rect: QRectF, value: float) -> QPointF:
    return QPointF(rect.left() + value / 255 * rect.width(), rect.bottom() + 1)

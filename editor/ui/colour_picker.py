"""Choosing a colour: a field of saturation and value, a strip of hues, and numbers."""

import re

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from editor.ui import theme
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

Colour = tuple[float, float, float]

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def as_qcolor(colour: Colour) -> QColor:
    return QColor.fromRgbF(*(min(max(float(value), 0.0), 1.0) for value in colour))


def as_hex(colour: Colour) -> str:
    return as_qcolor(colour).name()


def from_hex(text: str) -> Colour | None:
    """The colour that ``#rgb`` or ``#rrggbb`` means; None if it means none."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


class _Area(QWidget):
    """Something a point of which is chosen by pointer or arrow keys; ``moved`` carries 0..1 twice."""

    moved = Signal(float, float)

    def __init__(self, size: QSize, name: str) -> None:
        super().__init__()
        self.setFixedSize(size)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.place = (0.0, 0.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._take(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._take(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        dx, dy = steps[Qt.Key(event.key())]
        step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
        self._put(self.place[0] + dx * step, self.place[1] + dy * step)

    def _take(self, point: QPointF) -> None:
        self._put(point.x() / max(self.width() - 1, 1), point.y() / max(self.height() - 1, 1))

    def _put(self, x: float, y: float) -> None:
        self.moved.emit(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def _draw_focus(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.now.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


class _Field(_Area):
    """Saturation to the right, value upwards."""

    hue = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        across = QLinearGradient(0, 0, self.width(), 0)
        across.setColorAt(0, QColor("#ffffff"))
        across.setColorAt(1, QColor.fromHsvF(self.hue, 1, 1))
        painter.fillRect(self.rect(), across)
        down = QLinearGradient(0, 0, 0, self.height())
        down.setColorAt(0, QColor(0, 0, 0, 0))
        down.setColorAt(1, QColor(0, 0, 0, 255))
        painter.fillRect(self.rect(), down)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.place[0] * (self.width() - 1), self.place[1] * (self.height() - 1))
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor("#ffffff"), 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(middle, 6, 6)
        self._draw_focus(painter)


class _Hues(_Area):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        across = QLinearGradient(0, 0, self.width(), 0)
        for step in range(7):
            across.setColorAt(step / 6, QColor.fromHsvF(step / 6 % 1, 1, 1))
        painter.fillRect(self.rect(), across)
        x = self.place[0] * (self.width() - 1)
        for colour, width in ((QColor(0, 0, 0, 160), 4.0), (QColor("#ffffff"), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        self._draw_focus(painter)


class _Patches(QWidget):
    """The colour from before beside the new one; a click on the old one takes it back."""

    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(28)
        self.setMinimumWidth(64)
        self.setToolTip(tr("New colour, and the one from before: click on that to have it back"))
        self.before: Colour = (0.0, 0.0, 0.0)
        self.now: Colour = (0.0, 0.0, 0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        half = self.width() // 2
        painter.fillRect(0, 0, half, self.height(), as_qcolor(self.now))
        painter.fillRect(half, 0, self.width() - half, self.height(), as_qcolor(self.before))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self.width() // 2:
            self.back.emit()


class ColourPicker(QWidget):
    """``changed`` follows every movement and carries red, green and blue, 0..1."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hsv = (0.0, 0.0, 0.0)  # kept apart: grey and black have no hue of their own
        self._colour: Colour = (0.0, 0.0, 0.0)
        self._field = _Field(QSize(232, 160), tr("Saturation and value"))
        self._hues = _Hues(QSize(232, 16), tr("Hue"))
        self._field.moved.connect(lambda x, y: self._take_hsv(self._hsv[0], x, 1 - y))
        self._hues.moved.connect(lambda x, _: self._take_hsv(min(x, 0.9999), *self._hsv[1:]))
        self._patches = _Patches()
        self._patches.back.connect(lambda: self._take(self._patches.before))
        self._hex = QLineEdit()
        self._hex.setAccessibleName(tr("Colour as hexadecimal number"))
        self._hex.setMaxLength(7)
        self._hex.editingFinished.connect(self._take_hex)
        self._numbers = [
            NumberSlider(label, 0, 255, value=0, step=1) for label in (tr("Red"), tr("Green"), tr("Blue"))
        ]
        for number in self._numbers:
            number.changed.connect(lambda _: self._take_numbers())
        NumberSlider.align(self._numbers)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self._field)
        column.addWidget(self._hues)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._patches)
        caption = QLabel(tr("Hex"))
        caption.setProperty("quiet", True)
        caption.setBuddy(self._hex)
        line.addWidget(caption)
        line.addWidget(self._hex, 1)
        column.addLayout(line)
        for number in self._numbers:
            column.addWidget(number)

    @property
    def colour(self) -> Colour:
        return self._colour

    def begin_with(self, colour: Colour) -> None:
        """Show a colour, which also is the one that can be had back."""
        self._patches.before = colour
        self._put(colour)

    def _take(self, colour: Colour) -> None:
        self._put(colour)
        self.changed.emit(self._colour)

    def _put(self, colour: Colour) -> None:
        qcolor = as_qcolor(colour)
        hue = qcolor.hsvHueF()
        saturation, value = qcolor.hsvSaturationF(), qcolor.valueF()
        self._colour = colour
        self._hsv = (
            hue if hue >= 0 and saturation > 0 else self._hsv[0],
            saturation if value > 0 else self._hsv[1],
            value,
        )
        self._follow()

    def _take_hsv(self, hue: float, saturation: float, value: float) -> None:
        self._hsv = hue, saturation, value
        colour = QColor.fromHsvF(hue, saturation, value)
        self._colour = colour.redF(), colour.greenF(), colour.blueF()
        self._follow()
        self.changed.emit(self._colour)

    def _take_hex(self) -> None:
        colour = from_hex(self._hex.text())
        if colour is None or as_hex(colour) == as_hex(self._colour):
            self._follow()
        else:
            self._take(colour)

    def _take_numbers(self) -> None:
        red, green, blue = (number.value / 255 for number in self._numbers)
        self._take((red, green, blue))

    def _follow(self) -> None:
        hue, saturation, value = self._hsv
        self._field.hue, self._field.place = hue, (saturation, 1 - value)
        self._hues.place = (hue, 0.5)
        self._patches.now = self._colour
        self._hex.setText(as_hex(self._colour))
        for number, part in zip(self._numbers, self._colour, strict=True):
            if not number.adjusting:
                number.set_value(round(part * 255))
        for widget in (self._field, self._hues, self._patches):
            widget.update()


class ColourPopup(QFrame):
    """A picker that stands beside what it belongs to until something else is clicked."""

    def __init__(self, colour: Colour, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("colourPopup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.picker = ColourPicker()
        self.picker.begin_with(colour)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picker)

    def show_beside(self, widget: QWidget) -> None:
        """Open to the right of ``widget``, or where there is room on its screen."""
        self.adjustSize()
        room = widget.screen().availableGeometry()
        corner = widget.mapToGlobal(QPoint(widget.width() + 8, 0))
        if corner.x() + self.width() > room.right():
            corner = widget.mapToGlobal(QPoint(-self.width() - 8, 0))
        corner.setY(min(corner.y(), room.bottom() - self.height()))
        self.move(max(corner.x(), room.left()), max(corner.y(), room.top()))
        self.show()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
            return True
        return super().event(event)

"""How large the canvas is to be, and where on it the picture stays."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from editor.document import planes
from editor.document.model import Document
from editor.ui import theme
from editor.ui.forms.form import Form
from editor.ui.forms.image_size import NO_DPI
from editor.ui.forms.sides import Sides
from editor.ui.words import tr, tr_composed


class CanvasSizeForm(Form):
    """``chosen`` carries width, height, and the anchor: which part of the old canvas, 0..1 across and down,
    stays in its place."""

    chosen = Signal(int, int, object)

    def __init__(self, document: Document, unit: str, parent: QWidget) -> None:
        super().__init__(parent, tr("Canvas size"), tr("Change"))
        dpi = document.metadata.dpi[0] if document.metadata.dpi is not None else NO_DPI
        self.sides = Sides(document.width, document.height, unit, dpi, self)
        self.relative = QCheckBox(tr("Relative"))
        self.relative.setToolTip(tr("Give what is added; less than nothing takes away"))
        self.anchor = AnchorBox()
        self.add_row(tr("Width"), self.sides.width, self.sides.unit)
        self.add_row(tr("Height"), self.sides.height, self.relative)
        self.add_row(tr("Anchor"), self.anchor)
        self.relative.toggled.connect(self._on_relative)
        self.sides.changed.connect(self._check)
        self._check()
        self.sides.width.selectAll()

    def _on_relative(self, relative: bool) -> None:
        self.sides.relative = relative

    def _check(self) -> None:
        width, height = self.sides.whole
        try:
            planes.check_size(width, height)
        except ValueError as refusal:
            self.say(tr_composed(str(refusal)), possible=False)
        else:
            self.say(tr("{width} × {height} pixels").format(width=width, height=height))

    def accept(self) -> None:
        self.chosen.emit(*self.sides.whole, self.anchor.anchor)
        super().accept()


class AnchorBox(QWidget):
    """Nine places, one of which is chosen, by a click or the arrow keys."""

    _CELL = 28

    def __init__(self) -> None:
        super().__init__()
        self._column = self._row = 1
        self.setFixedSize(self.sizeHint())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tell()

    @property
    def anchor(self) -> tuple[float, float]:
        return self._column / 2, self._row / 2

    def sizeHint(self) -> QSize:
        return QSize(3 * self._CELL + 1, 3 * self._CELL + 1)

    def choose(self, column: int, row: int) -> None:
        """0, 1 or 2 from the left and from the top."""
        self._column, self._row = min(max(column, 0), 2), min(max(row, 0), 2)
        self._tell()
        self.update()

    def _tell(self) -> None:
        across = (tr("left"), tr("middle"), tr("right"))[self._column]
        down = (tr("top"), tr("middle"), tr("bottom"))[self._row]
        self.setAccessibleDescription(f"{down}, {across}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint() / self._CELL
        self.choose(place.x(), place.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if event.key() in steps:
            across, down = steps[Qt.Key(event.key())]
            self.choose(self._column + across, self._row + down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0.5, 0.5)  # lines lie on pixels
        side = self._CELL
        for row in range(3):
            for column in range(3):
                cell = QRect(column * side, row * side, side, side)
                chosen = (column, row) == (self._column, self._row)
                painter.setPen(QPen(QColor(theme.now.line), 1))
                painter.setBrush(QColor(theme.now.lit if chosen else theme.now.well))
                painter.drawRect(cell)
                if chosen:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(QColor(theme.now.accent))
                    painter.drawEllipse(QRectF(cell).center(), 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.now.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

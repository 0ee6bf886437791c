"""The box in which a layer's blend mode is chosen."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from editor.document.layers import PASS_THROUGH, Group, Layer
from editor.ui import theme
from editor.ui.words import tr

_MODE = Qt.ItemDataRole.UserRole
_ROW, _LINE = 24, 9  # heights in the list
_INSET = 8

# In Photoshop's order; None is a line.
MODES: tuple[tuple[str, str] | None, ...] = (
    ("normal", "Normal"),
    None,
    ("darken", "Darken"),
    ("multiply", "Multiply"),
    ("color-burn", "Colour burn"),
    ("linear-burn", "Linear burn"),
    ("darker-color", "Darker colour"),
    None,
    ("lighten", "Lighten"),
    ("screen", "Screen"),
    ("color-dodge", "Colour dodge"),
    ("linear-dodge", "Linear dodge (add)"),
    ("lighter-color", "Lighter colour"),
    None,
    ("overlay", "Overlay"),
    ("soft-light", "Soft light"),
    ("hard-light", "Hard light"),
    ("vivid-light", "Vivid light"),
    ("linear-light", "Linear light"),
    ("pin-light", "Pin light"),
    ("hard-mix", "Hard mix"),
    None,
    ("difference", "Difference"),
    ("exclusion", "Exclusion"),
    ("subtract", "Subtract"),
    ("divide", "Divide"),
    None,
    ("hue", "Hue"),
    ("saturation", "Saturation"),
    ("color", "Colour"),
    ("luminosity", "Luminosity"),
)


class _ModeDelegate(QStyledItemDelegate):
    """Close rows, for the list is long, and the one under the pointer marked; Qt's own marks none here."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        words = option.fontMetrics.horizontalAdvance(index.data() or "")
        return QSize(words + 2 * _INSET, _LINE if index.data(_MODE) is None else _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        rect = option.rect
        painter.save()
        if index.data(_MODE) is None:
            painter.setPen(QColor(theme.now.line))
            painter.drawLine(rect.left() + 4, rect.center().y(), rect.right() - 4, rect.center().y())
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.now.lit))
                painter.drawRoundedRect(rect, 4, 4)
            painter.setPen(QColor(theme.now.text))
            words = rect.adjusted(_INSET, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, index.data())
        painter.restore()


class BlendBox(QComboBox):
    """All modes; the data of an entry is the mode's id.

    ``tried`` carries the mode under the pointer, or reached by the arrow keys, while the list is open;
    ``trying_ended`` comes when the list closes, before ``activated`` says what was chosen.
    """

    tried = Signal(str)
    trying_ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_open = False
        self.setItemDelegate(_ModeDelegate(self))
        for mode in MODES:
            if mode is None:
                self.insertSeparator(self.count())
            else:
                self.addItem(tr(mode[1]), mode[0])
        self.setMaxVisibleItems(self.count() + 1)
        self.setAccessibleName(tr("Blend mode"))
        self.setToolTip(tr("Blend mode"))
        self.highlighted.connect(self._on_highlighted)

    def show_mode_of(self, layer: Layer | None) -> None:
        """Show a layer's mode; groups may also let their layers blend with what is below."""
        place = self.findData(PASS_THROUGH)
        if isinstance(layer, Group) and place < 0:
            self.insertItem(0, tr("Pass through"), PASS_THROUGH)
        elif not isinstance(layer, Group) and place >= 0:
            self.removeItem(place)
        self.setCurrentIndex(self.findData("normal" if layer is None else layer.blend_mode))

    def showPopup(self) -> None:
        self._is_open = True
        self.view().installEventFilter(self)
        super().showPopup()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:  # not every way to close the list goes through hidePopup
            self._end_trying()
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():  # it is too easily turned in passing
            super().wheelEvent(event)
        else:
            event.ignore()

    def hidePopup(self) -> None:
        super().hidePopup()
        self._end_trying()  # before ``activated``

    def _end_trying(self) -> None:
        if self._is_open:
            self._is_open = False
            self.trying_ended.emit()

    def _on_highlighted(self, place: int) -> None:
        mode = self.itemData(place)
        if self._is_open and mode is not None:
            self.tried.emit(mode)

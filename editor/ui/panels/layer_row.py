"""How a row of the layers panel looks, and what a click on its parts does."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from editor.document.layers import AdjustmentLayer, Group, Lock
from editor.ui import theme
from editor.ui.panels.layer_model import THUMBNAIL, Index, LayersModel, Row, second_line
from editor.ui.panels.parts import elided, paint_row

HEIGHT = 44
INDENT = 14  # for each group around a layer
_EYE = 32  # width of the part of a row that hides and shows
_ARROW = 16  # of a clipped layer
_CHEVRON = 16
_GAP = 8
_LOCK = 20
_FADED = 0.35


@dataclass(frozen=True)
class Places:
    """Where the parts of a row are; None what it does not have."""

    eye: QRect
    arrow: QRect | None
    chevron: QRect | None
    picture: QRect
    mask: QRect | None
    words: QRect
    lock: QRect | None


def places(rect: QRect, row: Row) -> Places:
    """The parts of ``row``, which takes up ``rect``."""
    layer = row.layer
    top = rect.top() + (HEIGHT - THUMBNAIL) // 2
    left = rect.left() + 2 + _EYE + row.depth * INDENT
    arrow = chevron = mask = lock = None
    if layer.clipping:
        arrow = QRect(left, rect.top(), _ARROW, HEIGHT)
        left += _ARROW
    picture = QRect(left, top, THUMBNAIL, THUMBNAIL)
    if isinstance(layer, Group):
        chevron = QRect(left, rect.top(), _CHEVRON, HEIGHT)
        picture = QRect(left + _CHEVRON, top, THUMBNAIL - _CHEVRON, THUMBNAIL)
    left += THUMBNAIL
    if layer.mask is not None:
        mask = QRect(left + _GAP // 2, top, THUMBNAIL, THUMBNAIL)
        left += _GAP // 2 + THUMBNAIL
    right = rect.right() - 6
    if layer.lock != Lock.NONE:
        lock = QRect(right - _LOCK, rect.top(), _LOCK, HEIGHT)
        right -= _LOCK
    words = QRect(left + _GAP, rect.top(), right - left - _GAP, HEIGHT)
    return Places(
        QRect(rect.left() + 2, rect.top(), _EYE, HEIGHT), arrow, chevron, picture, mask, words, lock
    )


class LayerDelegate(QStyledItemDelegate):
    """A row: eye, picture, mask, name, what it is, and its lock.

    ``opened_or_closed`` and ``mask_toggled`` carry the layer that was clicked.
    """

    opened_or_closed = Signal(object)
    mask_toggled = Signal(object)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, HEIGHT)

    # -- painting -------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model: LayersModel = index.model()
        row = model.rows[index.row()]
        layer, at = row.layer, places(option.rect, row)
        painter.save()
        paint_row(painter, option)
        eye_colour = theme.DISABLED if not layer.visible else theme.DIM if row.shown else theme.DISABLED
        theme.paint_icon(painter, "eye" if layer.visible else "eye-off", at.eye, eye_colour)
        painter.setOpacity(1.0 if row.shown else _FADED)
        if at.arrow is not None:
            theme.paint_icon(painter, "clip", at.arrow, theme.DIM)
        ratio = painter.device().devicePixelRatioF()
        if isinstance(layer, Group):
            closed = model.is_closed(layer)
            theme.paint_icon(painter, "chevron-right" if closed else "chevron-down", at.chevron, theme.DIM)
            theme.paint_icon(painter, "folder", at.picture, theme.DIM)
        elif isinstance(layer, AdjustmentLayer):
            theme.paint_icon(painter, "adjustment", at.picture, theme.TEXT)
        else:
            _draw_centred(painter, at.picture, model.thumbnail(layer, "image", ratio))
        if at.mask is not None:
            shown = _draw_centred(painter, at.mask, model.thumbnail(layer, "mask", ratio))
            if not layer.mask.enabled:
                _cross_out(painter, shown)
        painter.setOpacity(1.0)
        if at.lock is not None:
            theme.paint_icon(painter, "lock", at.lock, theme.DIM)
        if not option.state & QStyle.StateFlag.State_Editing:
            self._paint_words(painter, option, row, at.words)
        painter.restore()

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, rect: QRect) -> None:
        below = second_line(row.layer)
        upper = QRect(rect.left(), rect.top() + 4, rect.width(), 18) if below else rect
        painter.setPen(QColor(theme.TEXT if row.shown else theme.DIM))
        painter.setFont(option.font)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, centre, elided(option, row.layer.name, rect.width()))
        if below:
            painter.setPen(QColor(theme.DIM))
            painter.setFont(theme.quiet_font(option.font))
            painter.drawText(upper.translated(0, 18), centre, elided(option, below, rect.width()))

    # -- clicks and keys ------------------------------------------------------------------------------

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        row = model.rows[index.row()]
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            return self._clicked(event, model, places(option.rect, row), index)
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            _toggle(model, index)
            return True
        return False

    def _clicked(self, event: QMouseEvent, model: LayersModel, at: Places, index: Index) -> bool:
        """Whether the click was for a part of the row: it then chooses nothing, nor starts to rename."""
        point = event.position().toPoint()
        pressed = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        layer = model.rows[index.row()].layer
        if at.eye.contains(point):
            if pressed:
                _toggle(model, index)
        elif at.chevron is not None and at.chevron.contains(point):
            if pressed:
                self.opened_or_closed.emit(layer)
        elif at.mask is not None and at.mask.contains(point):
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                return event.type() == QEvent.Type.MouseButtonDblClick
            if pressed:
                self.mask_toggled.emit(layer)
        else:
            return False
        return True

    def is_part(self, rect: QRect, row: Row, point: QPoint) -> bool:
        """Whether a press at ``point`` is for the eye or the chevron, and begins no drag."""
        at = places(rect, row)
        return any(part is not None and part.contains(point) for part in (at.eye, at.chevron))

    # -- renaming -------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName("Layer name")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        # Its text begins where the name stood.
        words = places(option.rect, index.model().rows[index.row()]).words.adjusted(-8, 0, 0, 0)
        editor.setGeometry(words.left(), words.center().y() - 13, words.width(), 28)


def _toggle(model: QAbstractItemModel, index: Index) -> None:
    state = Qt.CheckState
    shown = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == state.Checked
    model.setData(index, state.Unchecked if shown else state.Checked, Qt.ItemDataRole.CheckStateRole)


def _draw_centred(painter: QPainter, rect: QRect, pixmap: QPixmap) -> QRect:
    """Draw in the middle of ``rect``; where it then is."""
    size = pixmap.deviceIndependentSize().toSize()
    corner = rect.center() - QRect(0, 0, size.width(), size.height()).center()
    painter.drawPixmap(corner, pixmap)
    return QRect(corner, size)


def _cross_out(painter: QPainter, rect: QRect) -> None:
    """A cross that is seen on black and on white."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    inner = rect.adjusted(3, 3, -3, -3)
    for one, other in (
        (inner.topLeft(), inner.bottomRight()),
        (inner.topRight(), inner.bottomLeft()),
    ):
        path.moveTo(QPointF(one))
        path.lineTo(QPointF(other))
    for colour, width in ((QColor(theme.SURROUND), 4.0), (QColor(theme.RED), 2.0)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(path, pen)
    painter.restore()

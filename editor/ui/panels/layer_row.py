"""How a row of the layers panel looks, and what a click on its parts does."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from editor.document.layers import AdjustmentLayer, Group, Layer, Lock
from editor.ui import theme
from editor.ui.panels.layer_model import THUMBNAIL, Index, LayersModel, Row, recipe_of, second_line
from editor.ui.panels.parts import adjustment_icon, elided, paint_row
from editor.ui.words import tr

HEIGHT = 44
INDENT = 14  # for each group around a layer
_EYE = 32  # width of the part of a row that hides and shows
_ARROW = 16  # of a clipped layer
_CHEVRON = 16
_GAP = 8
_LOCK = 20
_BADGE = 16
_FADED = 0.35

_Keys = Qt.KeyboardModifier


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

    def part_at(self, point: QPoint) -> str:
        """The name of the part under a point, "words" if it is none of the others."""
        for name in ("eye", "chevron", "picture", "mask"):
            rect = getattr(self, name)
            if rect is not None and rect.contains(point):
                return name
        return "words"


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
        mask = QRect(left + _GAP, top, THUMBNAIL, THUMBNAIL)
        left += _GAP + THUMBNAIL
    right = rect.right() - 6
    if layer.lock != Lock.NONE:
        lock = QRect(right - _LOCK, rect.top(), _LOCK, HEIGHT)
        right -= _LOCK
    words = QRect(left + _GAP, rect.top(), right - left - _GAP, HEIGHT)
    return Places(
        QRect(rect.left() + 2, rect.top(), _EYE, HEIGHT), arrow, chevron, picture, mask, words, lock
    )


class LayerDelegate(QStyledItemDelegate):
    """A row: eye, picture, mask, name, what it is, and its lock. The signals carry the layer clicked on.

    ``picked``: select where its picture (False) or its mask (True) is not empty, and how. ``opened``: a
    double click on its picture. ``mask_viewed``: see its mask alone.
    """

    opened_or_closed = Signal(object)
    mask_toggled = Signal(object)
    mask_viewed = Signal(object)
    picked = Signal(object, bool, str)
    opened = Signal(object)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, HEIGHT)

    # -- painting -------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model: LayersModel = index.model()
        row = model.rows[index.row()]
        layer, at = row.layer, places(option.rect, row)
        painter.save()
        paint_row(painter, option)
        eye_colour = theme.now.dim if layer.visible and row.shown else theme.now.disabled
        theme.paint_icon(painter, "eye" if layer.visible else "eye-off", at.eye, eye_colour)
        painter.setOpacity(1.0 if row.shown else _FADED)
        if at.arrow is not None:
            theme.paint_icon(painter, "clip", at.arrow, theme.now.dim)
        picture = self._paint_picture(painter, model, layer, at)
        mask = None
        if at.mask is not None:
            ratio = painter.device().devicePixelRatioF()
            mask = _draw_centred(painter, at.mask, model.thumbnail(layer, "mask", ratio))
            if not layer.mask.enabled:
                _cross_out(painter, mask)
        painter.setOpacity(1.0)
        view = option.widget
        if mask is not None and view is not None and index.row() == view.currentIndex().row():
            _frame(painter, mask if view.on_mask else picture)
        if at.lock is not None:
            theme.paint_icon(painter, _lock_icon(layer.lock), at.lock, theme.now.dim)
        if not option.state & QStyle.StateFlag.State_Editing:
            self._paint_words(painter, option, row, at.words)
        painter.restore()

    def _paint_picture(self, painter: QPainter, model: LayersModel, layer: Layer, at: Places) -> QRect:
        """Draw what stands for the layer; where that is."""
        if isinstance(layer, Group):
            chevron = "chevron-right" if model.is_closed(layer) else "chevron-down"
            theme.paint_icon(painter, chevron, at.chevron, theme.now.dim)
            theme.paint_icon(painter, "folder", at.picture, theme.now.dim)
            return at.picture
        if isinstance(layer, AdjustmentLayer):
            theme.paint_icon(painter, adjustment_icon(layer.adjustment.kind), at.picture, theme.now.text)
            return at.picture
        ratio = painter.device().devicePixelRatioF()
        shown = _draw_centred(painter, at.picture, model.thumbnail(layer, "image", ratio))
        if recipe_of(layer) is not None:
            _badge(painter, shown)
        return shown

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, rect: QRect) -> None:
        below = second_line(row.layer)
        upper = QRect(rect.left(), rect.top() + 4, rect.width(), 18) if below else rect
        painter.setPen(QColor(theme.now.text if row.shown else theme.now.dim))
        painter.setFont(option.font)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, centre, elided(option, row.layer.name, rect.width()))
        if below:
            painter.setPen(QColor(theme.now.dim))
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
            return self._clicked(event, row.layer, places(option.rect, row))
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            state = Qt.CheckState.Unchecked if row.layer.visible else Qt.CheckState.Checked
            model.setData(index, state, Qt.ItemDataRole.CheckStateRole)
            return True
        return False

    def _clicked(self, event: QMouseEvent, layer: Layer, at: Places) -> bool:
        """Whether the click was for a part of the row: it then chooses nothing, nor starts to rename."""
        twice = event.type() == QEvent.Type.MouseButtonDblClick
        pressed = twice or event.type() == QEvent.Type.MouseButtonPress
        keys, part = event.modifiers(), at.part_at(event.position().toPoint())
        if part == "words":
            return False
        if part == "eye":
            return True  # the list's own: it may become a drag over many
        if part == "chevron":
            if pressed:
                self.opened_or_closed.emit(layer)
            return True
        if keys & _Keys.ControlModifier:
            if pressed:
                self.picked.emit(layer, part == "mask", _how(keys))
            return True
        if part == "mask" and keys & _Keys.ShiftModifier:
            if pressed:
                self.mask_toggled.emit(layer)
            return True
        if part == "mask" and keys & _Keys.AltModifier:
            if pressed:
                self.mask_viewed.emit(layer)
            return True
        if twice and part == "picture":
            self.opened.emit(layer)
        return twice

    # -- renaming -------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName(tr("Layer name"))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        # Its text begins where the name stood.
        words = places(option.rect, index.model().rows[index.row()]).words.adjusted(-8, 0, 0, 0)
        editor.setGeometry(words.left(), words.center().y() - 13, words.width(), 28)


def _how(keys: Qt.KeyboardModifier) -> str:
    """How a selection joins the one there is, by the keys that are held beside Ctrl."""
    shift, alt = bool(keys & _Keys.ShiftModifier), bool(keys & _Keys.AltModifier)
    return {(True, False): "add", (False, True): "subtract", (True, True): "intersect"}.get(
        (shift, alt), "replace"
    )


def _lock_icon(lock: Lock) -> str:
    if lock & Lock.ALL:
        return "lock"
    return "lock-pixels" if lock & Lock.PIXELS else "lock-alpha"


def _draw_centred(painter: QPainter, rect: QRect, pixmap: QPixmap) -> QRect:
    """Draw in the middle of ``rect``; where it then is."""
    size = pixmap.deviceIndependentSize().toSize()
    corner = rect.center() - QRect(0, 0, size.width(), size.height()).center()
    painter.drawPixmap(corner, pixmap)
    return QRect(corner, size)


def _frame(painter: QPainter, rect: QRect) -> None:
    """Around the one of two pictures that is painted on."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.now.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(-3, -3, 3, 3), 3, 3)
    painter.restore()


def _badge(painter: QPainter, rect: QRect) -> None:
    """In a corner of the picture of what an engine made."""
    place = QRect(rect.right() - _BADGE + 4, rect.bottom() - _BADGE + 4, _BADGE, _BADGE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.now.panel))
    painter.drawEllipse(place)
    ratio = painter.device().devicePixelRatioF()
    side = _BADGE - 4
    painter.drawPixmap(place.topLeft().x() + 2, place.topLeft().y() + 2, theme.pixmap("remove", side, ratio))
    painter.restore()


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
    for colour, width in ((QColor(theme.now.surround), 4.0), (QColor(theme.now.red), 2.0)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(path, pen)
    painter.restore()
